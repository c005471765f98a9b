"""Promise 11, and promise 2 when it matters most: a process that is killed, and a disk that is watched.

Where strace is present a process is killed at every system call that changes a file (of many, at some of each kind;
``QSAFETY_KIT_TRIALS`` says at how many), else at random moments. What a power cut would take is told by watching what was
put on the disk before ``commit`` returned.
"""

import os
import random
import signal
import threading
from collections.abc import Iterator
from pathlib import Path

import pytest

from qsafety.storage import Backend, RawQuery, StoreUrl
from qsafety.testing.concurrency import workers
from qsafety.testing.contract import Contract, event, everything, found, keep, record, unclaimed, versions, writing
from qsafety.testing.faults import (
    CHANGING,
    WATCHED,
    Commit,
    calls,
    commits,
    connections,
    family,
    injection,
    server_of,
    strace,
    traced,
)
from qsafety.testing.worker import SALT_BYTES, Worker, transact

TRIALS = int(os.environ.get("QSAFETY_KIT_TRIALS", "40"))
"""At how many system calls a process is killed."""
LIFE = 3
"""Transactions in a life that is cut short."""


def chosen(log: str) -> list[tuple[str, int]]:
    """The calls of a trace at which a process is killed: all, or so many, of each kind some, the same each time."""
    places = [(call, number) for call, count in calls(log).items() for number in range(1, count + 1)]
    if len(places) <= TRIALS:
        return places
    firsts = [place for place in places if place[1] in (1, 2)][: TRIALS // 2]
    rest = [place for place in places if place not in firsts]
    return firsts + random.Random(1).sample(rest, min(len(rest), TRIALS - len(firsts)))


class Crash(Contract):
    """Promise 11."""

    def _claims_durability(self, backend: Backend) -> None:
        if backend.capabilities.durability == "none":
            unclaimed("durability")

    def test_11_what_is_committed_is_there_after_closing(self, backend: Backend, url: str) -> None:
        self._claims_durability(backend)
        kept = [record(key, day="2024-01-31", schema=7) for key in ("A", "店", "𠮷")]
        keep(backend, *kept, record(version=2), events=[event(1), event(2)])
        with writing(backend) as tx:
            tx.put(record("rolled back"))
        open_ended = writing(backend)
        open_ended.put(record("never committed"))
        open_ended.append(event(3))
        open_ended.rollback()
        backend.close()
        for _ in range(2):
            again = self.open(url)
            expected = sorted([*kept[1:], record(version=2)], key=lambda each: each.place)
            assert found(again, everything) == expected, "what was committed is not there after closing"
            assert found(again, lambda tx: list(tx.history("s1", "k", "A"))) == [kept[0], record(version=2)]
            assert found(again, lambda tx: list(tx.events("s1", after=0, limit=9))) == [event(1), event(2)]
            again.close()
        again = self.open(url)
        keep(again, record(version=3), events=[event(3)])
        assert found(again, versions) == [1, 2, 3]
        again.close()
        stored = self.peek(url)
        if stored is not None:
            assert ("s1", "k", "A", 3, record(version=3).digest) in set(stored), (
                "it is not where the author looks for it"
            )

    def test_11_a_killed_process_leaves_all_it_acknowledged_and_nothing_half(self, backend: Backend, url: str) -> None:
        self._claims_durability(backend)
        keep(backend, record("before", seller="before"))
        backend.close()
        with workers(backend, url, 1) as [cradle]:
            trials = self._at_calls(cradle) if strace() else self._at_random(cradle)
            for number, (where, marks) in enumerate(trials):
                self._survived(url, f"t{number:04d}", where, marks)

    def _at_calls(self, cradle: Worker) -> Iterator[tuple[str, list[int]]]:
        """A life in peace that is counted, then one that ends at each of its calls."""
        log, marks = _life(cradle, "t0000", "-e", f"trace={','.join(CHANGING)}")
        yield "in peace", marks
        for number, (call, times) in enumerate(chosen(log), 1):
            _, marks = _life(cradle, f"t{number:04d}", *injection(call, times))
            yield f"killed at {call} number {times}", marks

    def _at_random(self, cradle: Worker) -> Iterator[tuple[str, list[int]]]:
        chance = random.Random(1)
        for number in range(min(TRIALS, 20)):
            seconds = chance.uniform(0, 0.1)
            cradle.ask(do="live", seller=f"t{number:04d}", times=20, salt=200)
            pid = cradle.told()["pid"]
            cradle.ask()
            killing = threading.Timer(seconds, os.kill, (pid, signal.SIGKILL))
            killing.start()
            marks = cradle.told()["marks"]
            killing.cancel()
            yield f"killed after {seconds:.3f} s", marks

    def _survived(self, url: str, seller: str, where: str, marks: list[int]) -> None:
        acknowledged = {number for number in marks if number > 0}
        try:
            opened = self.open(url)
            kept = found(opened, lambda tx: [each.key for each in tx.scan(RawQuery(limit=999, seller=seller))])
            last = found(opened, lambda tx: [each.body for each in tx.history(seller, "k", "last")])
            events = found(opened, lambda tx: len(list(tx.events(seller, after=0, limit=999))))
            before = found(opened, lambda tx: tx.get("before", "k", "before"))
            transact(opened, seller, 99999)
            opened.close()
        except Exception as error:
            raise AssertionError(
                f"{where}: the store cannot be used any more: {type(error).__name__}: {error}"
            ) from error
        left = {int(key[:5]) for key in kept if key.endswith("-a")}
        right = {int(key[:5]) for key in kept if key.endswith("-b")}
        numbers = {int(body[10:-1]) for body in last}
        assert before is not None, f"{where}: what another process had committed is lost"
        assert acknowledged <= left | right | numbers, f"{where}: acknowledged transactions are lost"
        assert left == right == numbers, f"{where}: half a transaction is there"
        assert events == len(left), f"{where}: half a transaction is there"

    def test_11_commit_returns_when_it_is_on_the_disk(self, backend: Backend, url: str) -> None:
        served, seen = self._watched(backend, url)
        for commit in seen:
            assert commit.synced, "nothing was put on the disk (fsync) before commit returned"
            if served and set(commit.data) - {*commit.unsynced, *commit.unnamed}:
                continue  # a server's log stands for its tables
            assert not commit.unsynced, f"not yet on the disk (fsync) when commit returned: {commit.unsynced}"
            assert not commit.unnamed, f"made or renamed, and its folder not put on the disk (fsync): {commit.unnamed}"

    def test_11_what_was_there_is_not_written_over(self, backend: Backend, url: str) -> None:
        for commit in self._watched(backend, url, own=True)[1]:
            assert not commit.in_place, f"written over in place, with nothing else on the disk yet: {commit.in_place}"

    def _watched(self, backend: Backend, url: str, *, own: bool = False) -> tuple[bool, list[Commit]]:
        """Whether a server keeps it, and what three commits put on the disk, here or in the server's process."""
        if backend.capabilities.durability != "power-loss":
            unclaimed("durability beyond the end of the process")
        if not strace():
            pytest.skip("no strace here, or it may not trace")
        keep(backend, record("before"), record("before", 2))
        served = {pid for each in connections() if (pid := server_of(each))}
        backend.close()
        if own and served:
            unclaimed("file of its own")  # a server's log may well be a ring
        servers = sorted({each for pid in served for each in family(pid)})
        path = StoreUrl.parse(url).path
        salt = min(SALT_BYTES, (backend.capabilities.max_body_bytes or SALT_BYTES * 4) // 4)
        with workers(backend, url, 1) as [cradle]:
            sizes = _sizes(path)
            options = ("-y", "-s", "300", "-e", f"trace={','.join(WATCHED)}")
            log, marks = _life(cradle, "watched", *options, salt=salt, servers=servers)
        seen = [each for each in commits(log, "pipe:", sizes, int(salt * 0.9)) if each.data]
        if sum(number > 0 for number in marks) < LIFE or not seen:
            pytest.skip(
                "what goes to the disk cannot be seen here: neither this process nor a server that can be traced writes it"
            )
        return bool(servers), seen


def _sizes(path: str) -> dict[str, int]:
    folder = Path(path).absolute().parent
    if not path or not folder.is_dir():
        return {}
    return {str(each): each.stat().st_size for each in folder.rglob("*") if each.is_file()}


def _life(
    cradle: Worker, seller: str, *options: str, salt: int = 20, servers: list[int] | None = None
) -> tuple[str, list[int]]:
    """A traced life of a process: the log of its calls, and what it told."""
    cradle.ask(do="live", seller=seller, times=LIFE, salt=salt)
    pid = cradle.told()["pid"]
    with traced([pid, *(servers or [])], *options) as log:
        cradle.ask()
        marks: list[int] = cradle.told()["marks"]
    return log[0], marks


class CrashContract(Crash):
    """A killed process and a power cut, for a backend that claims durability; :class:`BackendContract` has these tests too."""
