"""Promises 1, 2, 6, 7 and 12: what a transaction sees, what becomes of it, how it ends, and who may share what."""

import os
import threading
import time
import warnings
from collections.abc import Callable
from contextlib import suppress

import pytest

from qsafety.errors import ConflictError, StoreError, TransientError
from qsafety.storage import Backend, RawQuery, Transaction
from qsafety.testing.contract import (
    SHORT,
    WAIT,
    Contract,
    event,
    everything,
    found,
    keep,
    link,
    reading,
    record,
    refused,
    shares,
    unclaimed,
    versions,
    writing,
)

ISOLATIONS = ("read-committed", "snapshot", "serializable")


def _seen(tx: Transaction) -> tuple[object, ...]:
    """Everything there is to see of the records A and B, through every method."""
    return (
        [(each.place, each.version, each.body) for each in tx.scan(RawQuery(limit=99))],
        [tx.get("s1", "k", key) for key in "AB"],
        [versions(tx, key) for key in "AB"],
        [each.seq for each in tx.events("s1", after=0, limit=9)],
        list(tx.sellers(after=None, limit=9)),
    )


class Transactions(Contract):
    """Promises 1, 2, 6, 7 and 12."""

    def test_1_a_transaction_sees_its_own_writes(self, backend: Backend) -> None:
        keep(backend, record())
        with writing(backend) as tx:
            tx.put(record(version=2))
            tx.put(record("B", seller="s0"))
            tx.append(event(1))
            assert tx.get("s1", "k", "A") == record(version=2)
            assert list(tx.scan(RawQuery(limit=9))) == [record("B", seller="s0"), record(version=2)]
            assert list(tx.history("s1", "k", "A")) == [record(), record(version=2)]
            assert list(tx.events("s1", after=0, limit=9)) == [event(1)]
            assert list(tx.sellers(after=None, limit=9)) == ["s0", "s1"]

    @pytest.mark.parametrize("end", ["commit", "rollback"])
    def test_1_of_others_only_what_is_committed_is_seen(self, backend: Backend, end: str) -> None:
        keep(backend, record())
        before = found(backend, _seen)
        with writing(backend) as mine:
            mine.put(record(version=2))
            mine.put(record("B", seller="s0"))
            mine.put(record("B"))
            mine.append(event(1))
            during: list[object] = []
            # whoever lets nobody read meanwhile shows nothing too early either
            refused(lambda: during.append(_look(backend)), TransientError)
            getattr(mine, end)()
        assert during in ([], [before]), "what is not committed was seen"
        after = found(backend, _seen)
        assert (after == before) == (end == "rollback"), "what was committed is not seen, or what was rolled back is"

    def test_1_another_handle_sees_only_what_is_committed(self, backend: Backend, url: str) -> None:
        with _closing(shares(self, url, backend)) as other:
            keep(backend, record())
            before = found(other, _seen)
            with writing(backend) as mine:
                mine.put(record(version=2))
                during: list[object] = []
                refused(lambda: during.append(_look(other)), TransientError)
                mine.commit()
            assert during in ([], [before]), "what is not committed was seen"
            assert found(other, versions) == [1, 2], "what was committed is not seen: is it remembered from before?"

    def test_1_a_claimed_snapshot_stays_as_it_was(self, backend: Backend) -> None:
        if backend.capabilities.isolation == "read-committed":
            unclaimed("snapshot")
        keep(backend, record(), events=[event(1)])
        with reading(backend) as tx:
            before = _seen(tx)
            later = (record(version=2), record("B"), record("B", seller="s0"))
            if not refused(lambda: _write(backend, *later), TransientError):
                assert _seen(tx) == before, "what was committed since it began is seen"

    def test_1_claimed_serializable_transactions_do_not_cross(self, backend: Backend) -> None:
        if backend.capabilities.isolation != "serializable":
            unclaimed("serializable isolation")
        keep(backend, record("A"), record("B"))
        done = 0
        with suppress(ConflictError, TransientError), writing(backend) as mine:
            assert mine.get("s1", "k", "B") == record("B")
            with suppress(ConflictError, TransientError), writing(backend, SHORT) as other:
                assert other.get("s1", "k", "A") == record("A")
                other.put(record("B", 2))
                other.commit()
                done += 1
            mine.put(record("A", 2))
            mine.commit()
            done += 1
        assert done == 1, "each read what the other wrote, and both were committed"

    @pytest.mark.parametrize("how", ["rollback", "leaving", "an exception", "an exit"])
    def test_2_what_is_not_committed_leaves_nothing(self, backend: Backend, url: str, how: str) -> None:
        keep(backend, record(), events=[event(1)])
        before = found(backend, _seen)
        with suppress(ZeroDivisionError, SystemExit), writing(backend) as tx:
            tx.put(record(version=2))
            tx.put(record("B"))
            tx.put(record("B", 2))
            tx.put(record(seller="s2"))
            tx.append(event(2))
            if backend.capabilities.erasure:
                tx.forget("s1", "k", "A")
            if how == "rollback":
                tx.rollback()
            if how == "an exception":
                raise ZeroDivisionError
            if how == "an exit":
                raise SystemExit
        assert found(backend, _seen) == before, "what was not committed is there"
        assert found(backend, lambda tx: tx.get("s2", "k", "A")) is None
        with writing(backend, 2) as tx:  # the lock is free again, and the versions are too
            tx.put(record(version=2))
            tx.put(record("B"))
            tx.append(event(2))
            tx.commit()
        assert found(backend, lambda tx: (versions(tx), versions(tx, "B"))) == ([1, 2], [1])
        self._peeked(url, backend)

    def test_2_what_is_committed_is_there_whole(self, backend: Backend, url: str) -> None:
        records = [record(f"{key}", seller=seller) for seller in ("s1", "s2", "店") for key in range(5)]
        keep(backend, *records, record("0", 2), events=[event(1), event(2), event(1, "s2")])
        kept = found(backend, everything)
        assert kept == sorted([*records[1:], record("0", 2)], key=lambda each: each.place)
        assert found(backend, lambda tx: list(tx.events("s1", after=0, limit=9))) == [event(1), event(2)]
        assert found(backend, lambda tx: list(tx.events("s2", after=0, limit=9))) == [event(1, "s2")]
        self._peeked(url, backend)

    def test_2_a_refused_put_leaves_nothing_of_itself(self, backend: Backend) -> None:
        keep(backend, record(), events=[event(1)])
        for wrong in (lambda tx: tx.put(record(version=3)), lambda tx: tx.append(event(3))):
            with writing(backend) as tx:
                tx.put(record("B"))
                with pytest.raises(ConflictError):
                    wrong(tx)  # type: ignore[no-untyped-call] # a list of them
        assert found(backend, _seen)[2] == [[1], []]

    def _peeked(self, url: str, backend: Backend) -> None:
        """What is stored is what is told, nothing else."""
        expected = found(backend, everything)
        older = [v for each in expected for v in found(backend, lambda tx, p=each.place: list(tx.history(*p)))]  # type: ignore[misc] # mypy infers no lambda that binds a loop's variable
        backend.close()
        peeked = self.peek(url)
        if peeked is not None:
            stored = set(peeked)
            assert {(*each.place, each.version, each.digest) for each in expected} <= stored, "not all is stored"
            assert stored <= {(*each.place, each.version, each.digest) for each in older}, "more is stored than is told"

    @pytest.mark.parametrize("end", ["commit", "rollback"])
    @pytest.mark.parametrize("write", [True, False])
    def test_6_after_its_end_a_transaction_does_nothing_more(self, backend: Backend, end: str, write: bool) -> None:
        keep(backend, record(), events=[event(1)])
        tx = backend.begin(write=write, timeout=WAIT)
        if write:
            tx.put(record(version=2))
        getattr(tx, end)()
        for again in (tx.commit, tx.rollback, tx.commit):
            again()
        uses: list[Callable[[], object]] = [
            lambda: tx.get("s1", "k", "A"),
            lambda: list(tx.scan(RawQuery(limit=1))),
            lambda: list(tx.history("s1", "k", "A")),
            lambda: list(tx.events("s1", after=0, limit=1)),
            lambda: list(tx.sellers(after=None, limit=1)),
            lambda: tx.put(record("C")),
            lambda: tx.append(event(2)),
            lambda: tx.forget("s1", "k", "A"),
        ]
        for number, use in enumerate(uses):
            assert refused(use, StoreError), f"use {number} of an ended transaction is no error"
        tx.commit()
        assert found(backend, lambda tx: (versions(tx), versions(tx, "C"))) == (
            [1, 2] if write and end == "commit" else [1],
            [],
        )

    def test_6_a_reading_transaction_does_not_write(self, backend: Backend) -> None:
        keep(backend, record())
        before = found(backend, _seen)
        uses: list[Callable[[Transaction], object]] = [
            lambda tx: tx.put(record(version=2)),
            lambda tx: tx.put(record("B")),
            lambda tx: tx.append(event(1)),
            lambda tx: tx.forget("s1", "k", "A"),
        ]
        for number, use in enumerate(uses):
            with reading(backend) as tx:
                assert refused(lambda tx=tx, use=use: use(tx), StoreError), (  # type: ignore[misc] # mypy infers no lambda that binds a loop's variable
                    f"write {number} in a reading transaction is no error"
                )
                tx.commit()
        assert found(backend, _seen) == before

    def test_6_closing_twice_is_fine(self, backend: Backend) -> None:
        keep(backend, record())
        backend.close()
        backend.close()

    def test_6_waiting_ends_after_the_timeout(self, backend: Backend) -> None:
        keep(backend, record(), events=[event(1)])
        for timeout in (0, SHORT):
            with writing(backend) as first:
                first.head("s1")  # where several may write at once, from here on it is the seller's writer
                first.put(record(version=2 + (timeout > 0)))
                began = time.monotonic()
                with pytest.raises(TransientError), writing(backend, timeout) as second:
                    second.head("s1")
                    second.put(record(version=2 + (timeout > 0)))
                    second.commit()
                assert time.monotonic() - began < WAIT, f"it waited {time.monotonic() - began:.0f} s, not {timeout}"
                first.commit()  # the other's giving up is no matter to it
        with writing(backend, 5) as tx:
            tx.put(record(version=4))
            tx.commit()
        assert found(backend, versions) == [1, 2, 3, 4]

    def test_7_threads_share_a_backend(self, backend: Backend) -> None:
        keep(backend, record())
        acknowledged: list[int] = []
        failures: list[BaseException] = []

        def count() -> None:
            mine, until = 0, time.monotonic() + 60
            while mine < 8 and time.monotonic() < until and not failures:
                try:
                    with writing(backend) as tx:
                        seq = tx.head("s1")[0]
                        current = tx.get("s1", "k", "A")
                        assert current is not None
                        tx.put(record(version=current.version + 1))
                        tx.append(event(seq + 1))
                        tx.commit()
                    mine += 1
                    acknowledged.append(current.version + 1)
                except (ConflictError, TransientError):
                    time.sleep(0.002)
                except BaseException as error:
                    failures.append(error)

        threads = [threading.Thread(target=count, daemon=True) for _ in range(4)]
        for thread in threads:
            thread.start()
        for thread in threads:
            thread.join(90)
        assert failures == []
        assert sorted(acknowledged) == list(range(2, 34)), (
            "not every thread got its turn, or two were told the same version"
        )
        assert found(backend, versions) == list(range(1, 34)), "what was acknowledged is not what is stored"
        assert found(backend, lambda tx: [e.link for e in tx.events("s1", after=0, limit=99)]) == [
            link("s1", n) for n in range(1, 33)
        ]

    def test_7_readers_in_threads_see_whole_transactions(self, backend: Backend) -> None:
        keep(backend, record("left"), record("right"))
        stop, torn, failures = threading.Event(), list[object](), list[BaseException]()

        def look() -> None:
            while not stop.is_set():
                try:
                    pair = found(backend, lambda tx: [each.version for each in tx.scan(RawQuery(limit=9))])
                    torn.extend([pair] if len(set(pair)) != 1 or len(pair) != 2 else [])
                except TransientError:
                    continue
                except BaseException as error:
                    failures.append(error)
                    return

        reader = threading.Thread(target=look, daemon=True)
        reader.start()
        for version in range(2, 12):
            keep(backend, record("left", version), record("right", version))
        stop.set()
        reader.join(WAIT)
        assert (torn, failures) == ([], []), "half a transaction was seen, or reading failed"

    def test_7_transactions_are_not_shared(self, backend: Backend) -> None:
        keep(backend, record())
        with reading(backend) as mine:
            others: list[object] = []

            def end_another() -> None:
                with suppress(TransientError), reading(backend, SHORT) as other:
                    others.append(other.get("s1", "k", "A"))
                    other.rollback()

            thread = threading.Thread(target=end_another, daemon=True)
            thread.start()
            thread.join(WAIT)
            assert others in ([], [record()])
            assert mine.get("s1", "k", "A") == record(), "another's end was its end too"

    def test_7_after_a_fork_the_store_is_opened_anew(self, backend: Backend, url: str) -> None:
        if not hasattr(os, "fork"):
            pytest.skip("no fork on this system")
        claims = backend.capabilities
        keep(backend, record())
        if claims.writers == "one-process":
            backend.close()
        with warnings.catch_warnings():
            warnings.simplefilter("ignore", DeprecationWarning)  # other threads run; the child uses none of theirs
            child = os.fork()
        if child == 0:
            self._forked(url)
        until, status = time.monotonic() + 60, (0, 0)
        while status[0] == 0 and time.monotonic() < until:
            status = os.waitpid(child, os.WNOHANG)
            time.sleep(0.01)
        if status[0] == 0:
            os.kill(child, 9)
            os.waitpid(child, 0)
        assert status[0] and os.waitstatus_to_exitcode(status[1]) == 0, "a child could not open the store and write"
        if claims.writers == "one-process":
            backend = self.open(url)
        if claims.durability != "none":
            assert found(backend, lambda tx: versions(tx, "child")) == [1], "what the child wrote is not seen"
        if claims.durability != "none" or claims.writers != "one-process":
            keep(backend, record(version=2))
            assert found(backend, versions) == [1, 2]
        backend.close()

    def _forked(self, url: str) -> None:
        status = 1
        try:
            opened = self.open(url)
            keep(opened, record("child"))
            opened.close()
            status = 0
        finally:
            os._exit(status)

    def test_12_in_a_hosts_transaction_commit_only_flushes(self, url: str) -> None:
        for end, expected in (("rollback", []), ("commit", [1])):
            joined = self.join(url)
            if joined is None:
                unclaimed("host to join")
            with joined as host:
                keep(host.backend, record(), events=[event(1)])
                assert found(host.backend, versions) == [1]
                with writing(host.backend) as tx:
                    tx.put(record("B"))
                assert found(host.backend, lambda tx: versions(tx, "B")) == []
                getattr(host, end)()
            opened = self.open(url)
            assert found(opened, versions) == expected
            opened.close()


class _closing:
    def __init__(self, backend: Backend) -> None:
        self.backend = backend

    def __enter__(self) -> Backend:
        return self.backend

    def __exit__(self, *_: object) -> None:
        self.backend.close()


def _look(backend: Backend) -> object:
    with reading(backend, SHORT) as tx:
        return _seen(tx)


def _write(backend: Backend, *records: object) -> None:
    with writing(backend, SHORT) as tx:
        for each in records:
            tx.put(each)  # type: ignore[arg-type] # records, whatever their number
        tx.commit()
