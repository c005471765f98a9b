"""Changes of a pack, each by its name: plain ones, and those of a forger who hashes everything anew.

The tests and the long trials (``nox -s faults``) make the same ones. A change says which tools see it: ``sha256sum -c`` over both lists,
``bagit.py --validate``.
"""

import hashlib
import os
import re
import shutil
import stat
from collections.abc import Callable, Mapping
from pathlib import Path

from attrs import frozen

DAY = "data/04-日管控/daily_check-M1-2024-01-0"
MANIFEST, TAGS, INFO = "manifest-sha256.txt", "tagmanifest-sha256.txt", "bag-info.txt"
INDEX, CHAIN, VERSIONS = "data/00-目录", "data/90-链/chain.tsv", "data/90-链/versions"
Change = Callable[[Path], object]


class Undone:
    """A pack that is changed and put right again, without a copy for each change."""

    def __init__(self, pack: Path) -> None:
        self.pack = pack
        self._kept = {path: path.read_bytes() for path in pack.rglob("*") if path.is_file()}
        self._folders = {path for path in pack.rglob("*") if path.is_dir()}
        self._states = {path: _state(path) for path in self._kept}

    def undo(self) -> None:
        """Everything as it was."""
        for path in sorted(self.pack.rglob("*"), reverse=True):
            right = stat.S_ISREG if path in self._kept else stat.S_ISDIR if path in self._folders else None
            if right is None or not right(path.lstat().st_mode):
                shutil.rmtree(path) if path.is_dir() and not path.is_symlink() else path.unlink()
        for folder in sorted(self._folders):
            folder.mkdir(exist_ok=True)
        for path, content in self._kept.items():
            if not path.exists() or _state(path) != self._states[path]:
                path.unlink(missing_ok=True)
                path.write_bytes(content)
                self._states[path] = _state(path)


def _state(path: Path) -> tuple[int, ...]:
    state = path.lstat()
    return state.st_ino, state.st_size, state.st_mtime_ns, state.st_nlink


def rehash(pack: Path) -> None:
    """What a forger does who knows BagIt: every digest and the size anew."""
    files = sorted((p.relative_to(pack).as_posix(), p) for p in (pack / "data").rglob("*") if p.is_file())
    bodies = {name: path.read_bytes() for name, path in files}
    _lines(pack / MANIFEST, bodies, "sha256")
    if (pack / "metadata/manifest-sm3.txt").exists():
        _lines(pack / "metadata/manifest-sm3.txt", bodies, "sm3")
    oxum = f"Payload-Oxum: {sum(map(len, bodies.values()))}.{len(bodies)}"
    (pack / INFO).write_text(re.sub(r"Payload-Oxum: \S+", oxum, (pack / INFO).read_text("utf-8")), encoding="utf-8")
    reseal(pack)


def reseal(pack: Path) -> None:
    """The tag manifest anew."""
    tags = ("bag-info.txt", "bagit.txt", MANIFEST, "metadata/manifest-sm3.txt")
    _lines(pack / TAGS, {name: (pack / name).read_bytes() for name in tags if (pack / name).exists()}, "sha256")


def _lines(path: Path, bodies: Mapping[str, bytes], algorithm: str) -> None:
    path.write_text(
        "".join(f"{hashlib.new(algorithm, bodies[name]).hexdigest()}  {name}\n" for name in sorted(bodies)),
        encoding="utf-8",
    )


def relink(pack: Path) -> None:
    """Every number and link of the chain anew, and its head in ``bag-info.txt``."""
    prev, lines = "", []
    for number, line in enumerate((pack / CHAIN).read_text("utf-8").splitlines(), 1):
        cells = line.split("\t")[1:7]
        prev = hashlib.sha256("\t".join((prev, *cells)).encode()).hexdigest()
        lines.append("\t".join((str(number), *cells, prev)))
    (pack / CHAIN).write_text("".join(f"{line}\n" for line in lines), encoding="utf-8")
    info = re.sub(r"QSafety-Chain-Head: \S+", f"QSafety-Chain-Head: {prev}", (pack / INFO).read_text("utf-8"))
    (pack / INFO).write_text(info, encoding="utf-8")


def edit(path: Path, old: bytes, new: bytes) -> None:
    content = path.read_bytes()
    assert old in content, (path, old)
    path.write_bytes(content.replace(old, new, 1))


def swap(a: Path, b: Path) -> None:
    one, two = a.read_bytes(), b.read_bytes()
    assert one != two
    a.write_bytes(two)
    b.write_bytes(one)


def lines(path: Path, change: Callable[[list[bytes]], list[bytes]]) -> None:
    before = path.read_bytes()
    path.write_bytes(b"".join(change(before.splitlines(keepends=True))))
    assert path.read_bytes() != before


def cell(pack: Path, at: int, new: str) -> None:
    """One cell of the chain's fifth line."""
    rows = [line.split("\t") for line in (pack / CHAIN).read_text("utf-8").splitlines()]
    rows[4][at] = new
    (pack / CHAIN).write_text("".join("\t".join(row) + "\n" for row in rows), encoding="utf-8")


def versions(pack: Path) -> list[Path]:
    return sorted((pack / VERSIONS).glob("hazard-*.json"))


def add(path: Path, content: str = "{}") -> None:
    path.parent.mkdir(exist_ok=True)
    path.write_text(content, encoding="utf-8")


def linked(path: Path) -> None:
    away = path.parents[2] / "away"
    path.rename(away)
    path.symlink_to(away)


def then(*changes: Change) -> Change:
    """One change after the other."""

    def make(pack: Path) -> None:
        for change in changes:
            change(pack)

    return make


@frozen
class Kind:
    """A change, and which of other people's tools see it."""

    make: Change
    sums: bool = True
    bagit: bool = True


def _upper(path: Path) -> None:
    lines(path, lambda rows: [row[:64].upper() + row[64:] for row in rows])


CHANGED: Mapping[str, Kind] = {
    "delete a record": Kind(lambda p: (p / f"{DAY}5.json").unlink()),
    "delete a paper": Kind(lambda p: (p / f"{DAY}5.docx").unlink()),
    "delete the chain": Kind(lambda p: (p / CHAIN).unlink()),
    "delete an earlier version": Kind(lambda p: versions(p)[0].unlink()),
    "delete the index": Kind(lambda p: (p / INDEX / "manifest.json").unlink()),
    "delete bagit.txt": Kind(lambda p: (p / "bagit.txt").unlink()),
    "delete bag-info.txt": Kind(lambda p: (p / INFO).unlink()),
    "delete the manifest": Kind(lambda p: (p / MANIFEST).unlink()),
    "delete the tag manifest": Kind(lambda p: (p / TAGS).unlink(), bagit=False),
    "delete the instructions": Kind(lambda p: shutil.rmtree(p / "data/99-说明")),
    "add a file to the payload": Kind(lambda p: add(p / "data/04-日管控/extra.json"), sums=False),
    "add a hidden file": Kind(lambda p: add(p / "data/.hidden"), sums=False),
    "add a folder with a file": Kind(lambda p: add(p / "data/10-其他/x.txt"), sums=False),
    "add a tag file": Kind(lambda p: add(p / "note.txt"), sums=False, bagit=False),
    "add an empty folder": Kind(lambda p: (p / "data/10-新").mkdir(), sums=False, bagit=False),
    "add a signature of nobody": Kind(lambda p: add(p / "signatures/x.p7s"), sums=False, bagit=False),
    "add a second manifest": Kind(lambda p: add(p / "manifest-md5.txt", ""), sums=False, bagit=False),
    "swap two records": Kind(lambda p: swap(p / f"{DAY}5.json", p / f"{DAY}6.json")),
    "swap two papers": Kind(lambda p: swap(p / f"{DAY}5.docx", p / f"{DAY}6.docx")),
    "rename a record": Kind(lambda p: (p / f"{DAY}5.json").rename(p / f"{DAY}9x.json")),
    "rename in other capitals": Kind(
        lambda p: (p / f"{DAY}5.json").rename(p / "data/04-日管控/Daily_check-M1-2024-01-05.json")
    ),
    "rename a folder": Kind(lambda p: (p / "data/04-日管控").rename(p / "data/04-日管控x")),
    "truncate a paper": Kind(lambda p: os.truncate(p / f"{DAY}5.docx", 100)),
    "empty a record": Kind(lambda p: (p / f"{DAY}5.json").write_bytes(b"")),
    "a blank at the end of a record": Kind(lambda p: lines(p / f"{DAY}5.json", lambda rows: [*rows, b" "])),
    "CRLF in the cover page": Kind(
        lambda p: lines(p / INDEX / "检查要点.txt", lambda rows: [row.replace(b"\n", b"\r\n") for row in rows])
    ),
    "reorder the manifest": Kind(lambda p: lines(p / MANIFEST, lambda rows: rows[::-1])),
    "a line of the manifest twice": Kind(lambda p: lines(p / MANIFEST, lambda rows: [*rows, rows[-1]])),
    "a line of the manifest away": Kind(lambda p: lines(p / MANIFEST, lambda rows: rows[1:])),
    "capitals in the manifest": Kind(lambda p: _upper(p / MANIFEST)),
    "CRLF in the manifest": Kind(lambda p: lines(p / MANIFEST, lambda r: [row.replace(b"\n", b"\r\n") for row in r])),
    "a blank line in the manifest": Kind(lambda p: lines(p / MANIFEST, lambda rows: [*rows, b"\n"])),
    "no newline at the end of the manifest": Kind(lambda p: lines(p / MANIFEST, lambda r: [*r[:-1], r[-1][:-1]])),
    "capitals in the tag manifest": Kind(lambda p: _upper(p / TAGS), sums=False, bagit=False),
    "reorder the tag manifest": Kind(lambda p: lines(p / TAGS, lambda r: r[::-1]), sums=False, bagit=False),
    "a line of the tag manifest away": Kind(lambda p: lines(p / TAGS, lambda r: r[1:]), sums=False, bagit=False),
    "another size in bag-info.txt": Kind(lambda p: edit(p / INFO, b"Payload-Oxum: ", b"Payload-Oxum: 9")),
    "a field of bag-info.txt twice": Kind(lambda p: lines(p / INFO, lambda rows: [*rows, rows[-1]])),
    "a byte-order mark in bagit.txt": Kind(lambda p: lines(p / "bagit.txt", lambda r: [b"\xef\xbb\xbf", *r])),
    "a link in place of a file": Kind(lambda p: linked(p / f"{DAY}5.json"), sums=False, bagit=False),
    "a folder in place of a file": Kind(
        then(lambda p: (p / f"{DAY}5.json").unlink(), lambda p: (p / f"{DAY}5.json").mkdir())
    ),
    "a pipe": Kind(lambda p: os.mkfifo(p / "data/pipe"), sums=False),
}
"""Changes that leave the digests as they were."""


def _forged(change: Change, *, links: bool = False) -> Kind:
    def make(pack: Path) -> None:
        change(pack)
        if links:
            relink(pack)
        rehash(pack)

    return Kind(make, sums=False, bagit=False)


def _info(pack: Path, change: Callable[[str], str]) -> None:
    before = (pack / INFO).read_text("utf-8")
    after = change(before)
    assert after != before
    (pack / INFO).write_text(after, encoding="utf-8")


def _no_chain(pack: Path) -> None:
    shutil.rmtree(pack / "data/90-链")
    _info(pack, lambda text: re.sub(r"QSafety-Chain-Head: \S+\n", "", text))


def _another_seller(pack: Path) -> None:
    edit(pack / "data/01-机构与人员/seller-hz-ebike.json", "示例".encode(), "他人".encode())


FORGED: Mapping[str, Kind] = {
    "a record taken out": _forged(
        then(lambda p: (p / f"{DAY}5.json").unlink(), lambda p: (p / f"{DAY}5.docx").unlink())
    ),
    "a record and its line of the chain taken out": _forged(
        then(
            lambda p: (p / f"{DAY}5.json").unlink(),
            lambda p: (p / f"{DAY}5.docx").unlink(),
            lambda p: lines(p / CHAIN, lambda rows: [row for row in rows if b"M1:2024-01-05" not in row]),
        ),
        links=True,
    ),
    "a record changed": _forged(lambda p: edit(p / f"{DAY}5.json", b"P3", b"P9")),
    "a record from another seller": _forged(_another_seller),
    "a record added": _forged(
        lambda p: (p / f"{DAY}9x.json").write_bytes(
            (p / f"{DAY}5.json").read_bytes().replace(b"2024-01-05", b"2024-01-29")
        )
    ),
    "a record renamed": _forged(lambda p: (p / f"{DAY}5.json").rename(p / f"{DAY}9x.json")),
    "a record in another folder": _forged(
        lambda p: (p / f"{DAY}5.json").rename(p / "data/05-周排查/daily_check-M1-2024-01-05.json")
    ),
    "two records exchanged": _forged(lambda p: swap(p / f"{DAY}5.json", p / f"{DAY}6.json")),
    "a record laid out otherwise": _forged(lambda p: edit(p / f"{DAY}5.json", b'","', b'", "')),
    "a key twice in a record": _forged(lambda p: edit(p / f"{DAY}5.json", b'{"', b'{"day":"2024-01-04","')),
    "a paper taken out": _forged(lambda p: (p / f"{DAY}5.docx").unlink()),
    "a paper without a record": _forged(lambda p: shutil.copy(p / f"{DAY}5.docx", p / "data/04-日管控/补.docx")),
    "a program added": _forged(lambda p: add(p / "data/99-说明/verify.exe")),
    "the script exchanged": _forged(lambda p: add(p / "data/99-说明/verify.sh", "echo √\n")),
    "a file beside the records": _forged(lambda p: add(p / "data/说明.txt")),
    "a slot taken out of the index": _forged(
        lambda p: edit(p / INDEX / "manifest.json", b'"slot": "S7"', b'"slot": "S8"')
    ),
    "the CSV says otherwise": _forged(lambda p: edit(p / INDEX / "目录.csv", "缺".encode(), "有".encode())),
    "the cover page says otherwise": _forged(lambda p: edit(p / INDEX / "检查要点.txt", b"1", b"2")),
    "the index taken out": _forged(lambda p: shutil.rmtree(p / INDEX)),
    "the last line of the chain away": _forged(lambda p: lines(p / CHAIN, lambda rows: rows[:-1])),
    "the last line away, linked anew": _forged(lambda p: lines(p / CHAIN, lambda rows: rows[:-1]), links=True),
    "a line in the middle away": _forged(lambda p: lines(p / CHAIN, lambda rows: rows[:4] + rows[5:])),
    "two lines of the chain exchanged": _forged(lambda p: lines(p / CHAIN, lambda r: [r[1], r[0], *r[2:]])),
    "a line of the chain twice": _forged(lambda p: lines(p / CHAIN, lambda r: [*r, r[-1]])),
    "a line of the chain twice, linked anew": _forged(lambda p: lines(p / CHAIN, lambda r: [*r, r[-1]]), links=True),
    "a number of the chain": _forged(lambda p: cell(p, 0, "7")),
    "a key of the chain": _forged(lambda p: cell(p, 2, "P99"), links=True),
    "a version of the chain": _forged(lambda p: cell(p, 3, "2"), links=True),
    "a digest of the chain": _forged(lambda p: cell(p, 4, "0" * 64), links=True),
    "a time of the chain": _forged(lambda p: cell(p, 5, "2020-01-01T00:00:00.000000Z")),
    "a person of the chain": _forged(lambda p: cell(p, 6, "P9")),
    "a link of the chain": _forged(lambda p: cell(p, 7, "0" * 64)),
    "CRLF in the chain": _forged(lambda p: lines(p / CHAIN, lambda r: [row.replace(b"\n", b"\r\n") for row in r])),
    "the chain taken out": _forged(_no_chain),
    "an earlier version taken out": _forged(lambda p: versions(p)[0].unlink()),
    "an earlier version changed": _forged(lambda p: edit(versions(p)[0], b"P", b"Q")),
    "two earlier versions exchanged": _forged(lambda p: swap(*versions(p)[:2])),
    "an earlier version renamed": _forged(lambda p: versions(p)[0].rename(versions(p)[0].with_suffix(".old"))),
    "another window": _forged(lambda p: _info(p, lambda text: text.replace("QSafety-Until: 2024", "QSafety-Until: 2025"))),
    "another day": _forged(lambda p: _info(p, lambda text: text.replace("Bagging-Date: 2024-02", "Bagging-Date: 2024-03"))),
    "another head": _forged(lambda p: _info(p, lambda text: re.sub("Chain-Head: .", "Chain-Head: x", text))),
    "another redaction": _forged(lambda p: _info(p, lambda text: text.replace("Redaction: none", "Redaction: full"))),
    "a field away": _forged(lambda p: _info(p, lambda text: re.sub(r"QSafety-Version: \S+\n", "", text))),
    "bag-info.txt beyond all bounds": _forged(lambda p: _info(p, lambda text: text + "X: " + "x" * (1 << 20) + "\n")),
    "the list of collections": _forged(
        lambda p: edit(p / "data/09-其他/dossier-collections.json", b'"hazards",', b"")
    ),
}  # fmt: skip
"""Changes of a forger who then hashes everything anew: other tools accept them all."""
