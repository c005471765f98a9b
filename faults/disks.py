"""Disks that are full, and disks that lose their power."""

import os
import shutil
import sqlite3
import subprocess
import sys
import threading
import time
from collections.abc import Callable, Generator, Iterator
from contextlib import ExitStack, closing, contextmanager
from pathlib import Path

from shop_work import Tally, transact

from qsafety.errors import StoreFullError
from qsafety.storage import open_store

ROOM = 600  # KiB
IMAGE = 64 * 2**20

PROGRAM = """
import sys
sys.path.insert(0, sys.argv[1])
from shop_work import transact
from qsafety.storage import open_store
with open_store(sys.argv[2]) as store:
    number = 0
    while True:
        number += 1
        transact(store, number, "n" * 200)
        print(number, flush=True)
"""
CARELESS = """
import sqlite3, sys, time
db = sqlite3.connect(sys.argv[2], isolation_level=None)
db.execute("PRAGMA journal_mode = WAL")
db.execute("PRAGMA synchronous = OFF")
db.execute("CREATE TABLE t (n INTEGER PRIMARY KEY)")
number = 0
while True:
    number += 1
    db.execute("INSERT INTO t VALUES (?)", (number,))
    print(number, flush=True)
    time.sleep(0.002)
"""


class CannotMountError(Exception):
    """Mounting is not allowed here, or a tool for it is missing."""


def _run(*command: "str | Path") -> None:
    try:
        subprocess.run(command, check=True, capture_output=True, encoding="utf-8")
    except FileNotFoundError as error:
        raise CannotMountError(f"there is no {command[0]} here") from error
    except subprocess.CalledProcessError as error:
        raise CannotMountError(f"{command[0]}: {' '.join(error.stderr.split())}") from error


@contextmanager
def mounted(place: Path, *options: "str | Path") -> Generator[Path]:
    """Something mounted at a place, for as long as it is needed."""
    place.mkdir(exist_ok=True)
    _run("mount", *options, place)
    try:
        yield place
    finally:
        until = time.monotonic() + 10
        while subprocess.run(["umount", place], capture_output=True).returncode:
            if time.monotonic() > until:
                raise RuntimeError(f"{place} cannot be unmounted: something there is still open")
            time.sleep(0.1)


def full(scheme: str, folder: Path, times: int) -> tuple[Tally, int]:
    """A disk of 600 KiB that is written until it is full, and given room; how often writing went on in the same store."""
    tally, resumed = Tally(), 0
    for round_ in range(times):
        with mounted(folder / "small", "-t", "tmpfs", "-o", f"size={ROOM}k", "none") as place:
            url = f"{scheme}:///{place}/shop"
            ballast = place / "ballast"
            ballast.write_bytes(bytes(40 * 1024))
            acknowledged: list[int] = []
            with open_store(url) as store:
                try:
                    for number in range(1, 10_000):
                        transact(store, number, "好" * (37 * round_ % 1500))
                        acknowledged.append(number)
                except StoreFullError:
                    ballast.unlink()
                    _run("mount", "-o", f"remount,size={ROOM * 4}k", place)
                    transact(store, 10_000)
                    acknowledged.append(10_000)
                    resumed += 1
            tally.look(url, acknowledged)
    return tally, resumed


@contextmanager
def cut_disk(folder: Path) -> Generator[tuple[Path, Callable[[], Path]]]:
    """A disk, and what cuts its power: it gives a second disk with what had reached the first at that moment."""
    with ExitStack() as stack:
        outer = folder / "outer.img"
        with open(outer, "wb") as file:
            file.truncate(600 * 2**20)
        _run("mkfs.xfs", "-q", "-m", "reflink=1", outer)
        below = stack.enter_context(mounted(folder / "outer", "-o", "loop", outer))
        inner = below / "disk.img"
        with open(inner, "wb") as file:
            file.write(bytes(IMAGE))
        _run("mkfs.ext4", "-q", "-F", inner)
        disk = stack.enter_context(mounted(folder / "disk", "-o", "loop", inner))

        def cut() -> Path:
            after = below / "after.img"
            after.unlink(missing_ok=True)
            _run("cp", "--reflink=always", inner, after)  # one moment, for as long as it takes nothing is written
            return after

        yield disk, cut


class Writer:
    """A process that writes, and what it has acknowledged so far."""

    def __init__(self, program: str, where: str) -> None:
        command = [sys.executable, "-c", program, str(Path(__file__).parent), where]
        self._process = subprocess.Popen(command, stdout=subprocess.PIPE, encoding="utf-8")
        self.last = 0
        self._thread = threading.Thread(target=self._listen, daemon=True)
        self._thread.start()

    def _listen(self) -> None:
        assert self._process.stdout
        for line in self._process.stdout:
            self.last = int(line)

    def wait_for(self, number: int) -> None:
        """Until it has acknowledged so many."""
        while self.last < number:
            if self._process.poll() is not None:
                raise RuntimeError("the writer came to an end by itself")
            time.sleep(0.005)

    def stop(self) -> None:
        """With SIGKILL."""
        self._process.kill()
        self._process.wait()
        self._thread.join()


def power_cuts(scheme: str, folder: Path, times: int) -> Tally:
    """Cut the power while a process writes, and look at what is on the disk afterwards."""
    tally = Tally()
    for seen, place in _cuts(PROGRAM, lambda disk: f"{scheme}:///{disk}/shop", folder, times):
        tally.look(f"{scheme}:///{place}/shop", range(1, seen + 1))
    return tally


def careless_cuts(folder: Path, times: int) -> tuple[int, int]:
    """The same with SQLite's ``synchronous=OFF``: in how many of how many trials acknowledged commits are lost."""
    lost = 0
    for seen, place in _cuts(CARELESS, lambda disk: f"{disk}/shop", folder, times):
        with closing(sqlite3.connect(place / "shop")) as db:
            try:
                (kept,) = db.execute("SELECT count(*) FROM t").fetchone()
            except sqlite3.Error:
                kept = 0
        lost += kept < seen
    return lost, times


def _cuts(program: str, where: Callable[[Path], str], folder: Path, times: int) -> Iterator[tuple[int, Path]]:
    with cut_disk(folder) as (disk, cut):
        for number in range(times):
            for file in disk.iterdir():
                if file.is_file():
                    file.unlink()
            os.sync()
            writer = Writer(program, where(disk))
            writer.wait_for(5 + 17 * number % 60)
            seen = writer.last
            after = cut()
            writer.stop()
            with mounted(folder / "after", "-o", "loop", after) as place:
                yield seen, place


def room() -> str | None:
    """Why nothing can be mounted here; nothing where it can."""
    if shutil.which("mount") is None or os.geteuid() != 0:
        return "only root may mount"
    return None
