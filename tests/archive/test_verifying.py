"""No change of a pack goes unseen."""

import os
import random
import re
import subprocess
from pathlib import Path

import bagit  # type: ignore[import-untyped]  # it has no types
import pytest

import qsafety as qs
from qsafety.archive import DamagedPackError, NoPackError, PackTooNewError
from qsafety.archive.layout import unfit


def test_a_pack_as_it_was_made_is_well(packed):
    found = qs.verify_pack(packed)
    assert found.ok, [p.to("en") for p in found.problems]
    assert qs.verify_pack(packed, head=found.head).ok
    assert not qs.verify_pack(packed, head="0" * 64).ok


DAY = "data/04-日管控/daily_check-M1-2024-01-"


def _swap(a: Path, b: Path) -> None:
    one, two = a.read_bytes(), b.read_bytes()
    a.write_bytes(two)
    b.write_bytes(one)


def _edit(path: Path, old: bytes, new: bytes) -> None:
    content = path.read_bytes()
    assert old in content
    path.write_bytes(content.replace(old, new, 1))


CHANGES = {
    "delete a record": lambda p: (p / f"{DAY}10.json").unlink(),
    "delete a paper": lambda p: (p / f"{DAY}10.docx").unlink(),
    "delete the chain": lambda p: (p / "data/90-链/chain.tsv").unlink(),
    "delete bagit.txt": lambda p: (p / "bagit.txt").unlink(),
    "delete bag-info.txt": lambda p: (p / "bag-info.txt").unlink(),
    "delete the manifest": lambda p: (p / "manifest-sha256.txt").unlink(),
    "delete the tag manifest": lambda p: (p / "tagmanifest-sha256.txt").unlink(),
    "delete the index": lambda p: (p / "data/00-目录/manifest.json").unlink(),
    "add a file to the payload": lambda p: (p / "data/04-日管控/extra.json").write_text("{}"),
    "add a tag file": lambda p: (p / "note.txt").write_text("x"),
    "add an empty folder": lambda p: (p / "data/10-新").mkdir(),
    "add a hidden file": lambda p: (p / "data/.hidden").write_text("x"),
    "add a signature of nobody": lambda p: ((p / "signatures").mkdir(), (p / "signatures/x.p7s").write_text("x")),
    "swap two records": lambda p: _swap(p / f"{DAY}10.json", p / f"{DAY}11.json"),
    "rename a record": lambda p: (p / f"{DAY}10.json").rename(p / f"{DAY}99.json"),
    "truncate a paper": lambda p: os.truncate(p / f"{DAY}10.docx", 100),
    "empty a record": lambda p: (p / f"{DAY}10.json").write_bytes(b""),
    "reorder the manifest": lambda p: (p / "manifest-sha256.txt").write_bytes(
        b"".join(reversed((p / "manifest-sha256.txt").read_bytes().splitlines(keepends=True)))
    ),
    "upper-case hex": lambda p: (p / "manifest-sha256.txt").write_bytes(
        (p / "manifest-sha256.txt").read_bytes().upper()
    ),
    "CRLF": lambda p: (p / "manifest-sha256.txt").write_bytes(
        (p / "manifest-sha256.txt").read_bytes().replace(b"\n", b"\r\n")
    ),
    "another oxum": lambda p: _edit(p / "bag-info.txt", b"Payload-Oxum: 8", b"Payload-Oxum: 9"),
    "a link in place of a file": lambda p: (
        (p / f"{DAY}10.json").rename(p.parent / "away"),
        (p / f"{DAY}10.json").symlink_to(p.parent / "away"),
    ),
    "a folder in place of a file": lambda p: ((p / f"{DAY}10.json").unlink(), (p / f"{DAY}10.json").mkdir()),
    "a pipe": lambda p: os.mkfifo(p / "data/pipe"),
}


@pytest.mark.parametrize("change", CHANGES)
def test_a_change_is_seen_and_nothing_is_read(copy, change):
    pack = copy()
    CHANGES[change](pack)
    assert not qs.verify_pack(pack).ok
    with pytest.raises(DamagedPackError):
        qs.read_pack(pack)


def rehash(pack: Path) -> None:
    """What a forger does who knows BagIt."""
    for manifest in ("manifest-sha256.txt", "metadata/manifest-sm3.txt"):
        if (pack / manifest).exists():
            tool = ["sha256sum"] if "sha256" in manifest else ["openssl", "dgst", "-sm3", "-r"]
            files = sorted(p.relative_to(pack).as_posix() for p in (pack / "data").rglob("*") if p.is_file())
            said = subprocess.run([*tool, *files], cwd=pack, capture_output=True, text=True, check=True).stdout
            (pack / manifest).write_text(
                "".join(re.sub(r" \*", "  ", f"{line}\n", count=1) for line in said.splitlines())
            )
    size = sum(p.stat().st_size for p in (pack / "data").rglob("*") if p.is_file())
    count = sum(p.is_file() for p in (pack / "data").rglob("*"))
    info = (pack / "bag-info.txt").read_text("utf-8")
    (pack / "bag-info.txt").write_text(re.sub(r"Payload-Oxum: \S+", f"Payload-Oxum: {size}.{count}", info))
    tags = sorted(line[66:] for line in (pack / "tagmanifest-sha256.txt").read_text().splitlines())
    said = subprocess.run(["sha256sum", *tags], cwd=pack, capture_output=True, text=True, check=True).stdout
    (pack / "tagmanifest-sha256.txt").write_text(said)


FORGERIES = {
    "a record is taken out": lambda p: ((p / f"{DAY}10.json").unlink(), (p / f"{DAY}10.docx").unlink()),
    "a record is changed": lambda p: _edit(p / f"{DAY}10.json", b"P3", b"P9"),
    "a slot is taken out of the index": lambda p: _edit(p / "data/00-目录/manifest.json", b'"S7"', b'"S8"'),
    "the CSV says otherwise": lambda p: _edit(p / "data/00-目录/目录.csv", "缺".encode(), "有".encode()),
    "the chain is cut": lambda p: (p / "data/90-链/chain.tsv").write_bytes(
        b"".join((p / "data/90-链/chain.tsv").read_bytes().splitlines(keepends=True)[:-1])
    ),
    "a record is renamed": lambda p: (p / f"{DAY}10.json").rename(p / f"{DAY}99.json"),
}


@pytest.mark.parametrize("forgery", FORGERIES)
def test_a_forger_who_hashes_anew_is_still_seen(copy, forgery):
    pack = copy()
    FORGERIES[forgery](pack)
    rehash(pack)
    bagit.Bag(str(pack)).validate()  # other tools accept it
    assert not qs.verify_pack(pack).ok


def test_random_bit_flips_are_seen(copy):
    pack = copy()
    files = sorted(p for p in pack.rglob("*") if p.is_file())
    lots = random.Random(20241124)
    for _ in range(25):
        path = lots.choice(files)
        before = path.read_bytes()
        at = lots.randrange(len(before))
        path.write_bytes(before[:at] + bytes([before[at] ^ 1 << lots.randrange(8)]) + before[at + 1 :])
        assert not qs.verify_pack(pack).ok, path
        path.write_bytes(before)
    assert qs.verify_pack(pack).ok


HOSTILE = [
    "data/../../evil", "/etc/passwd", "//server/share", "C:/x", "c:x", "data\\..\\x", "data/\0x", "data/a\x01", "../bag-evil/x",
    "data/./x", "data//x", "data/", "data/CON", "data/nul.txt", "data/com1.json", "data/x.", "data/x ", "data/ x", "data/a:b",
    "data/e\u0301", "data/\u202egnp.exe", "data/\u200bx", "data/x\ud800", "data/%2e%2e/x", "data/a?b", "data/*", "data/<x>",
    "data/" + "x" * 300, "\\\\?\\C:\\x", "data/CONIN$", "data/lpt¹", "data/x\ny", "data/\u2028", "",
]  # fmt: skip


@pytest.mark.parametrize("name", HOSTILE, ids=ascii)
def test_a_hostile_name_is_never_opened(copy, name):
    assert unfit(name) is not None
    pack = copy()
    with open(pack / "manifest-sha256.txt", "ab") as file:
        file.write(f"{'0' * 64}  {name}\n".encode("utf-8", "surrogatepass"))
    assert not qs.verify_pack(pack).ok


@pytest.mark.parametrize("name", ["data-evil/x", "bagit.txt", "signatures/x"])
def test_a_listed_path_beside_data_is_refused(copy, name):
    pack = copy()
    with open(pack / "manifest-sha256.txt", "a") as file:
        file.write(f"{'0' * 64}  {name}\n")
    assert any(p.property == "security" for p in qs.verify_pack(pack).problems)


def test_what_is_no_pack_is_told_apart_from_a_damaged_one(tmp_path, packed):
    for path in (tmp_path, tmp_path / "nothing", packed / "bagit.txt"):
        with pytest.raises(NoPackError):
            qs.verify_pack(path)


def test_a_pack_of_a_newer_format_is_refused(copy):
    pack = copy()
    _edit(pack / "bag-info.txt", b"QSafety-Format: 1", b"QSafety-Format: 2")
    assert not qs.verify_pack(pack).ok  # only changed
    rehash(pack)
    with pytest.raises(PackTooNewError, match="pip install --upgrade qsafety"):
        qs.verify_pack(pack)
