"""收到存档包的人：只用摘要算法，没有一行 qsafety。 Who is handed a pack: SHA-256 alone, and not a line of qsafety.

    python examples/verify_without_qsafety.py [en]

下半部分可以原样搬走：它只用标准库，与 ``sha256sum -c`` 和包里的 ``verify.sh`` 做同一件事。
The lower half can be taken as it is: the standard library, doing what ``sha256sum -c`` and the ``verify.sh`` in the pack do.
"""

import sys
import tempfile
from collections.abc import Iterator
from datetime import date
from hashlib import sha256
from importlib.resources import files
from pathlib import Path

LANG = "en" if "en" in sys.argv else "zh"


def handed_over(to: str) -> Path:
    """A pack as its maker makes it; the only use of qsafety."""
    import qsafety as qs

    with qs.open_store("memory://") as store:
        store.save(qs.read_ledger(str(files("qsafety") / "testing" / "data" / "ebike-shop.xlsx")))
        window = {"since": date(2024, 1, 1), "until": date(2024, 1, 31), "on": date(2024, 2, 5)}
        return qs.pack(store, to=to, papers=False, **window)


def listed(pack: Path, manifest: str) -> dict[str, str]:
    """The digest of each file that a manifest lists."""
    lines = (pack / manifest).read_text("utf-8").splitlines()
    return {name: digest for digest, _, name in (line.partition("  ") for line in lines)}


def changed(pack: Path) -> Iterator[str]:
    """What is missing, other than listed, or listed nowhere."""
    known = {**listed(pack, "manifest-sha256.txt"), **listed(pack, "tagmanifest-sha256.txt")}
    there = {path.relative_to(pack).as_posix() for path in pack.rglob("*") if path.is_file()}
    for name, digest in known.items():
        if name not in there:
            yield f"- {name}"
        elif sha256((pack / name).read_bytes()).hexdigest() != digest:
            yield f"≠ {name}"
    yield from (f"+ {name}" for name in sorted(there - known.keys() - {"tagmanifest-sha256.txt"}))


def head_of(pack: Path) -> str:
    """The last link of the chain, every link computed anew."""
    link = ""
    for line in (pack / "data/90-链/chain.tsv").read_text("utf-8").splitlines():
        _, *fields, told = line.split("\t")
        link = sha256("\t".join([link, *fields]).encode()).hexdigest()
        if link != told:
            raise SystemExit(f"链断了 the chain is broken: {line}")
    return link


SOUND, HEAD, AFTER = {
    "zh": ("与做成时相同", "链首", "动过之后"),
    "en": ("as it was made", "head", "after it was touched"),
}[LANG]
with tempfile.TemporaryDirectory() as folder:
    pack = handed_over(folder)
    assert not [*changed(pack)]
    print(f"√ {SOUND}  {pack.name}")
    print(f"  {HEAD} {head_of(pack)}")

    first, second, *_ = sorted(pack.glob("data/04-日管控/*.json"))
    first.write_bytes(first.read_bytes().replace(b"M1", b"M2"))
    second.unlink()
    (first.parent / "more.json").write_text("{}", encoding="utf-8")
    print(f"{AFTER}:")
    for told in changed(pack):
        print(f"  {told}")
