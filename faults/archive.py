"""Archive: faults while a pack is written, changes of every kind, hostile members, bits turned over, large packs

A pack is written by a process that meets one fault at one system call, in turn at each of its calls. Afterwards the folder is *absent or
valid*: it is not there, or every byte of it is that of an undisturbed run; after an error that could be told nothing is left. Then the
same command is given again: it must make the same pack, whatever the killed run has left in ``….partial`` (same files are kept, others
written anew, strangers taken away). Calls of threads are counted in each thread.

*Seen by* says which tools refuse the changed pack: ``qsafety verify``, the ``verify.sh`` that lies in it, ``bagit.py --validate`` and
``sha256sum -c`` over both lists. A forger who hashes everything anew is seen by no tool that only hashes; the script also follows the
chain. Two things nobody sees in a pack alone, and they are tested as such: a pack made anew as a whole (only ``verify --head`` and a
seal show it), and a *paper* exchanged and hashed anew (only a seal shows it: the chain is of records; a paper is printed from them).
"""

import hashlib
import os
import re
import shutil
import subprocess
import sys
import tempfile
from collections.abc import Callable, Iterator, Mapping
from datetime import date
from pathlib import Path
from typing import Any

import attrs
import bagit  # type: ignore[import-untyped]  # it has no types
from disks import CannotMountError, mounted, room
from injecting import BROKEN, CRASHED, FULL, KILL, life
from outcome import Outcome

import qsafety as qs
from qsafety.archive import DamagedPackError, TargetError
from tests.archive.changes import CHANGED, FORGED, MANIFEST, TAGS, Kind, Undone, rehash, reseal
from tests.archive.hostile import MEMBERS, NAMES
from tests.archive.test_changes import made
from tests.archive.test_verifying import flips
from tests.conftest import lacking

LIBRARIES = ("bagit",)
CALLS = ("write", "fsync", "rename", "mkdir", "openat")
WINDOW: dict[str, Any] = {"since": date(2024, 1, 1), "until": date(2024, 1, 7), "on": date(2024, 2, 5)}


def outcomes(short: bool) -> Iterator[Outcome]:
    """All trials; with ``short`` a few of each."""
    shop = qs.read_ledger(Path(qs.__file__).parent / "testing" / "data" / "ebike-shop.xlsx")
    yield from _injected(shop, short)
    yield _targets(shop)
    if short:
        return  # tests/archive has some of the rest
    with tempfile.TemporaryDirectory() as place:
        kept = Undone(made(shop, Path(place) / "in"))
        yield _flipped(kept)
        yield from _changed(kept)
        yield _hostile(kept)
        yield _giant(kept)
    yield _many()


def _small(shop: qs.Dossier) -> qs.Dossier:
    """A few records of each kind: a pack of some forty files."""
    checks = [check for check in shop.daily_checks or () if WINDOW["since"] <= check.day <= WINDOW["until"]][:4]
    few = qs.Dossier(seller=shop.seller, people=shop.people, risk_lists=shop.risk_lists, hazards=shop.hazards)
    return attrs.evolve(few, daily_checks=checks)


def _injected(shop: qs.Dossier, short: bool) -> Iterator[Outcome]:
    if reason := lacking("strace"):
        yield Outcome("a pack is written: a fault", None, reason)
        return
    few = _small(shop)
    every = 41 if short else 1
    with tempfile.TemporaryDirectory() as name:
        folder = Path(name)
        right = _bytes(qs.pack(few, to=folder / "right", papers=False, **WINDOW))
        for fault in (KILL, FULL, BROKEN):
            trials = bad = there = left = 0
            for call in CALLS:
                number = 1
                while found := _trial(few, folder / "trial", f"{call}:{fault}:when={number}", right, fault is KILL):
                    trials += 1
                    bad += found == "bad"
                    there += found == "there"
                    left += found == "left"
                    number += every
            what = fault.partition("=")[2]
            said = f"absent or valid each time, {bad} otherwise; {there} times there and valid; the next run made the same pack"
            more = f", {left} of them from what was left" if fault is KILL else ", nothing was left behind"
            yield Outcome(f"a pack is written: {what} at a system call", trials, said + more, not bad and trials > 0)


def _trial(few: qs.Dossier, place: Path, fault: str, right: dict[str, bytes], killed: bool) -> str:
    """One export with one fault: "absent", "there", "left" (a folder to go on from), or "bad"; empty where no such call comes."""
    place.mkdir()

    def lived(tell: Callable[[int], None]) -> None:
        try:
            qs.pack(few, to=place / "to", papers=False, **WINDOW)
            tell(1)
        except TargetError:
            tell(2)

    told, hit, status = life(lived, place, fault)
    result = ""
    if hit:
        result = _after(place / "to", told, right, killed)
        if status == CRASHED:
            result = "bad"
        if result == "bad":
            print(f"    {fault}: told {told}, status {status}, {os.listdir(place)}", flush=True)
        try:
            if result != "there" and _bytes(qs.pack(few, to=place / "to", papers=False, **WINDOW)) != right:
                result = "bad"
        except qs.QSafetyError as error:
            print(f"    {fault}: the next run: {error}", flush=True)
            result = "bad"
    shutil.rmtree(place)
    return result


def _after(to: Path, told: list[int], right: dict[str, bytes], killed: bool) -> str:
    there = [path for path in to.iterdir() if not path.name.endswith(".partial")] if to.exists() else []
    if there:
        return "there" if len(os.listdir(to)) == 1 and _bytes(there[0]) == right else "bad"
    if told == [1]:
        return "bad"  # it was said to be there
    if to.exists() and not killed:
        return "bad"  # something was left
    return "left" if to.exists() else "absent"


def _bytes(pack: Path) -> dict[str, bytes]:
    return {path.relative_to(pack).as_posix(): path.read_bytes() for path in pack.rglob("*") if path.is_file()}


def _targets(shop: qs.Dossier) -> Outcome:
    """Disks of too few KiB, a read-only disk, a target that is a file, lies below one, or is there."""
    what, few = "targets that cannot take the pack", _small(shop)
    tried, bad = 0, list[str]()

    def refused(name: str, to: Path, said: str) -> None:
        nonlocal tried
        tried += 1
        before = sorted(path for path in to.parent.rglob("*"))
        try:
            qs.pack(few, to=to, papers=False, **WINDOW)
            bad.append(f"{name}: it was taken")
        except TargetError as error:
            if said not in str(error):
                bad.append(f"{name}: {error}")
        if sorted(path for path in to.parent.rglob("*")) != before:
            bad.append(f"{name}: something was left")

    with tempfile.TemporaryDirectory() as name:
        folder = Path(name)
        (folder / "file").write_text("x")
        refused("a file", folder / "file", "a file, not a folder")
        refused("below a file", folder / "file" / "x", "no folder")
        qs.pack(few, to=folder / "there", papers=False, **WINDOW)
        refused("there already", folder / "there", "is there already")
        refused("a name too long", folder / ("x" * 300), "too long")
        if (reason := room()) is None:
            try:
                for size in (8, 40, 100):
                    with mounted(folder / "small", "-t", "tmpfs", "-o", f"size={size}k", "none") as place:
                        refused(f"a disk of {size} KiB", place / "to", "no room is left")
                with mounted(folder / "still", "-t", "tmpfs", "-o", "ro", "none") as place:
                    refused("a read-only disk", place / "to", "read-only")
            except CannotMountError as error:
                reason = str(error)
    found = f"{tried - len(bad)} with one clear error each, nothing left" + "".join(f"; {text}" for text in bad)
    return Outcome(what, tried, found + (f"; no small disks: {reason}" if reason else ""), not bad)


def _flipped(kept: Undone) -> Outcome:
    unseen = flips(kept, 1_000)
    return Outcome(
        "one bit turned over", 1_000, f"{1_000 - len(unseen)} seen" + "".join(f"; {u}" for u in unseen), not unseen
    )


def _changed(kept: Undone) -> Iterator[Outcome]:
    for what, changes in (("changes", CHANGED), ("changes by a forger who hashes everything anew", FORGED)):
        yield _by_all(what, kept, changes)


def _by_all(what: str, kept: Undone, changes: Mapping[str, Kind]) -> Outcome:
    """How many changes each tool sees, and which the others do not."""
    seen: dict[str, list[str]] = {tool: [] for tool in _TOOLS}
    for name, kind in changes.items():
        kind.make(kept.pack)
        for tool, accepts in _TOOLS.items():
            if not accepts(kept.pack):
                seen[tool].append(name)
        kept.undo()
    missed = [name for name in changes if name not in seen["qsafety verify"]]
    found = "seen by " + ", ".join(f"{tool} {len(names)}" for tool, names in seen.items())
    others = [name for name in changes if not any(name in seen[tool] for tool in _TOOLS if tool != "qsafety verify")]
    if others and len(others) < len(changes):
        found += f"; by `qsafety verify` alone: {', '.join(others)}"
    by_sums = [name for name in changes if name not in seen["sha256sum -c"] and name not in others]
    if by_sums:
        found += f"; not by `sha256sum -c`, but by others: {', '.join(by_sums)}"
    return Outcome(what, len(changes), found + "".join(f"; not seen: {m}" for m in missed), not missed)


def _qsafety(pack: Path) -> bool:
    return qs.verify_pack(pack).ok


def _script(pack: Path) -> bool:
    script = pack / "data/99-说明/verify.sh"
    return script.exists() and _run("sh", script, cwd=pack)


def _bagit(pack: Path) -> bool:
    try:
        return bool(bagit.Bag(str(pack)).is_valid())
    except bagit.BagError:
        return False


def _sums(pack: Path) -> bool:
    return all(_run("sha256sum", "--strict", "-c", "--quiet", name, cwd=pack) for name in (TAGS, MANIFEST))


def _run(*command: "str | Path", cwd: Path) -> bool:
    return subprocess.run(command, cwd=cwd, capture_output=True, timeout=60).returncode == 0


_TOOLS: dict[str, Callable[[Path], bool]] = {
    "qsafety verify": _qsafety,
    "verify.sh": _script,
    "bagit.py": _bagit,
    "sha256sum -c": _sums,
}


def _hostile(kept: Undone) -> Outcome:
    """Each name, listed with the digest of an empty file; each member; read by ``read_pack``."""
    passed = []
    for name in NAMES:
        with open(kept.pack / MANIFEST, "ab") as file:
            file.write(f"{hashlib.sha256(b'').hexdigest()}  {name}\n".encode("utf-8", "surrogatepass"))
        passed += [ascii(name)] * _taken(kept.pack)
        kept.undo()
    for name, change in MEMBERS.items():
        change(kept.pack)
        passed += [name] * _taken(kept.pack)
        away = kept.pack.parent / "outside"
        if away.is_dir():
            shutil.rmtree(away)
        away.unlink(missing_ok=True)
        kept.undo()
    found = f"{len(NAMES)} names and {len(MEMBERS)} members: {len(passed)} taken; nothing outside opened (shown by the tests)"
    return Outcome(
        "hostile names and members on import", len(NAMES) + len(MEMBERS), found + "".join(passed), not passed
    )


def _taken(pack: Path) -> bool:
    try:
        qs.read_pack(pack)
    except DamagedPackError:
        return False
    return True


_VERIFY = """
import sys
from qsafety.archive import verify_pack
def most():  # of this program alone; getrusage would count what its parent had
    with open("/proc/self/status") as status:
        return next(int(line.split()[1]) for line in status if line.startswith("VmHWM"))
verify_pack(sys.argv[1])  # everything imported
before = most()
found = verify_pack(sys.argv[2])
print(int(found.ok), found.files, most() - before)
"""


def _memory(small: Path, large: Path) -> tuple[bool, int, int]:
    """Whether a pack is well, its files, and how many MiB more its check took than that of a small one."""
    run = subprocess.run(
        [sys.executable, "-c", _VERIFY, small, large], capture_output=True, encoding="utf-8", check=True
    )
    ok, files, more = map(int, run.stdout.split())
    return bool(ok), files, more >> 10


def _giant(kept: Undone) -> Outcome:
    small = kept.pack.parent / "small"
    shutil.copytree(kept.pack, small / kept.pack.name)
    paper = next(kept.pack.glob("data/04-日管控/*.docx"))
    os.truncate(paper, 2 << 30)
    _rehash_large(kept.pack, paper)
    ok, _, more = _memory(small / kept.pack.name, kept.pack)
    kept.undo()
    return Outcome(
        "a file of 2 GiB in a pack: memory of its check", 1, f"+{more} MiB, digests right: {ok}", ok and more < 64
    )


def _rehash_large(pack: Path, paper: Path) -> None:
    """All digests anew; those of the large file by ``sha256sum`` and in pieces."""
    size, name = paper.stat().st_size, paper.relative_to(pack).as_posix()
    os.truncate(paper, 0)
    rehash(pack)
    os.truncate(paper, size)
    for path, algorithm in ((MANIFEST, "sha256"), ("metadata/manifest-sm3.txt", "sm3")):
        if (pack / path).exists():
            with open(paper, "rb") as file:
                digest = hashlib.file_digest(file, algorithm).hexdigest()
            text = (pack / path).read_text("utf-8")
            (pack / path).write_text(re.sub(rf"(?m)^[0-9a-f]+  {re.escape(name)}$", f"{digest}  {name}", text), "utf-8")
    info = (pack / "bag-info.txt").read_text("utf-8")
    total = sum(path.stat().st_size for path in (pack / "data").rglob("*") if path.is_file())
    (pack / "bag-info.txt").write_text(re.sub(r"Oxum: \d+", f"Oxum: {total}", info), "utf-8")
    reseal(pack)


_PACK = """
import attrs, resource, sys
from datetime import date
from shops import _check as check, shop
from qsafety.dossier import Outlet
from qsafety.periods import days
import qsafety as qs
since, until, names = date(2024, 1, 1), date(2024, 12, 31), [f"M{n}" for n in range(1, int(sys.argv[2]) + 1)]
checks = [check(day, name) for name in names for day in days(since, until)]
chain = attrs.evolve(shop(since, until), outlets=[Outlet(id=name, name=name) for name in names], daily_checks=checks)
print(qs.pack(chain, since=since, until=until, on=date(2025, 2, 1), to=sys.argv[1], papers=False))
"""


def _many() -> Outcome:
    """Memory against the number of files: it grows with the records, which a dossier holds, and so little each."""
    root = Path(__file__).parents[1]
    env = {**os.environ, "PYTHONPATH": os.pathsep.join(map(str, (root / "src", root / "benchmarks")))}
    with tempfile.TemporaryDirectory() as folder:
        packs = []
        for outlets in (1, 27, 273):
            command = [sys.executable, "-c", _PACK, f"{folder}/{outlets}", str(outlets)]
            packs.append(
                Path(subprocess.run(command, env=env, capture_output=True, encoding="utf-8", check=True).stdout.strip())
            )
        results = [_memory(packs[0], pack) for pack in packs[1:]]
    each = [more * 1024 / files for _, files, more in results]
    found = "; ".join(f"{files:,} files +{more} MiB" for _, files, more in results)
    well = all(ok for ok, _, _ in results) and each[-1] < 10
    return Outcome(
        "packs of many files: memory of their check", len(results), f"{found}: {each[-1]:.1f} KiB a file", well
    )
