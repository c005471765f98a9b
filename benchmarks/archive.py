"""An archive pack: its check against bagit.py, with and without papers, and how making and checking grow

Equal verdicts come first: of a pack as it was made, and of one with a byte changed, a file added, a file away. bagit.py looks at
digests and names. *Digests* is that work of ours alone, with SM3 where the platform has it, which bagit.py does not read; *everything*
also reads each record strictly, makes the index anew and compares it: what it costs to know that no slot was taken out. bagit.py has no
such check: what stands there is a floor. Growth: time of each file in a large pack beside that in a small one; 1 is proportional.
"""

import logging
import os
import sys
from collections.abc import Callable, Iterator
from datetime import date
from pathlib import Path
from tempfile import TemporaryDirectory

import attrs
import bagit  # type: ignore[import-untyped]  # it has no types
from measure import Row, compare, interleaved, main
from shops import _check as check
from shops import shop

from qsafety.archive import pack, verify_pack
from qsafety.archive.form import lists
from qsafety.archive.found import Found
from qsafety.archive.tree import summed, tree
from qsafety.archive.unfinished import HAS_SM3
from qsafety.dossier import Dossier, Outlet
from qsafety.periods import days

SINCE, UNTIL, ON = date(2024, 1, 1), date(2024, 12, 31), date(2025, 2, 1)
FLOOR = 0.25
LONG = 273
"""So many outlets have 100,000 daily checks in a year."""


def chain(outlets: int) -> Dossier:
    """A seller with so many outlets, each checked on every day of the year."""
    names = [f"M{number}" for number in range(1, outlets + 1)]
    checks = [check(day, name) for name in names for day in days(SINCE, UNTIL)]
    return attrs.evolve(shop(SINCE, UNTIL), outlets=[Outlet(id=name, name=name) for name in names], daily_checks=checks)


def packed(dossier: Dossier, to: Path, *, papers: bool) -> Path:
    return pack(dossier, since=SINCE, until=UNTIL, on=ON, to=to, papers=papers)


def digests(folder: Path) -> bool:
    """The part of our check that bagit.py has too: names, lists, every digest, nothing unlisted."""
    found, root = Found(), os.path.realpath(folder)
    there = tree(root)
    listed = lists(root, there, found)
    told = listed.all()
    told_sm3 = listed.sm3 if HAS_SM3 else {}
    for file in summed(
        root, [path for path in told if path in there.files], sm3=bool(told_sm3), wanted=lambda _: False
    ):
        if file.why or file.sha256 != told[file.path] or file.sm3 != told_sm3.get(file.path, file.sm3):
            return False
    return not found.problems and told.keys() | {"tagmanifest-sha256.txt"} == there.files.keys() and not there.odd


def by_bagit(folder: Path) -> bool:
    try:
        return bool(bagit.Bag(str(folder)).validate())
    except bagit.BagError:
        return False


def everything(folder: Path) -> bool:
    return verify_pack(folder).ok


def same_verdicts(folder: Path, *checks: Callable[[Path], bool]) -> None:
    """Each check accepts the pack, and refuses it with a byte changed, a file added, and a file away."""
    record = next(folder.glob("data/04-*/*.json"))
    content, more = record.read_bytes(), folder / "data" / "more"
    for work in checks:
        assert work(folder), work
    for change, undo in (
        (lambda: record.write_bytes(content[:-1] + b"]"), lambda: record.write_bytes(content)),
        (lambda: more.write_bytes(b"x"), more.unlink),
        (record.unlink, lambda: record.write_bytes(content)),
    ):
        change()
        for work in checks:
            assert not work(folder), work
        undo()


def rows(outlets: int = 0) -> Iterator[Row]:
    logging.getLogger("bagit").setLevel(logging.CRITICAL)
    with TemporaryDirectory() as name:
        place = Path(name)
        year = shop(SINCE, UNTIL)
        plain, full = packed(year, place / "plain", papers=False), packed(year, place / "full", papers=True)
        wide = packed(chain(27), place / "wide", papers=False)
        many = packed(chain(13), place / "many", papers=True)
        for what, folder in (
            ("one shop-year, records", plain),
            ("one shop-year with papers", full),
            ("records", wide),
            ("records and papers", many),
        ):
            same_verdicts(folder, digests, everything, by_bagit)
            said = f"{what}, {sum(path.is_file() for path in folder.rglob('*')):,} files"
            goal = 4 if folder in (wide, many) else 2
            yield compare(
                f"{said}: digests (peer: bagit.py validate)",
                lambda f=folder: digests(f),
                lambda f=folder: by_bagit(f),
                goal=goal,
            )
            yield compare(
                f"{said}: everything (peer: bagit.py validate)",
                lambda f=folder: everything(f),
                lambda f=folder: by_bagit(f),
                goal=FLOOR,
            )
        yield growth("checking", wide, plain, everything)
        if outlets:
            large = packed(chain(outlets), place / "large", papers=False)
            assert everything(large)
            yield growth("checking", large, wide, everything)


def growth(what: str, large: Path, small: Path, work: Callable[[Path], object]) -> Row:
    """The time of a file in a large pack beside that of a file in a small one."""
    counts = [sum(path.is_file() for path in folder.rglob("*")) for folder in (large, small)]
    ours, peer = interleaved(lambda: work(large), lambda: work(small), seconds=5)
    return Row(f"{what} {counts[0]:,} files, of each (peer: of {counts[1]:,})", ours / counts[0], peer / counts[1], 0.5)


if __name__ == "__main__":
    outlets = LONG if "long" in sys.argv[1:] else 0
    sys.exit(main(__doc__, lambda: rows(outlets), "bagit"))
