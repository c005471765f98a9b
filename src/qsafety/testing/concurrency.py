"""Processes that change one record at once, and a look at its history: what was stored is what was acknowledged."""

import os
from collections.abc import Generator
from contextlib import contextmanager, suppress

import pytest

from qsafety.errors import ConflictError, TransientError
from qsafety.storage import Backend
from qsafety.testing.contract import Contract, found, keep, record, versions, writing
from qsafety.testing.worker import Worker

PROCESSES, TIMES = 3, int(os.environ.get("QSAFETY_KIT_TIMES", "12"))
"""How many processes change one record, and how often each; ``QSAFETY_KIT_TIMES`` makes it longer."""


@contextmanager
def workers(backend: Backend, url: str, count: int) -> Generator[list[Worker]]:
    """So many processes on the same store."""
    started = [Worker(backend, url) for _ in range(count)]
    try:
        yield started
    finally:
        for worker in started:
            worker.close()


class Concurrency(Contract):
    """Promise 4, with processes."""

    def _claims_processes(self, backend: Backend) -> None:
        if backend.capabilities.writers == "one-process":
            pytest.skip("claims no other processes")

    def test_4_another_process_brought_the_next_version(self, backend: Backend, url: str) -> None:
        self._claims_processes(backend)
        keep(backend, record())
        with workers(backend, url, 1) as [other]:
            for version in (1, 3):
                with writing(backend) as tx:
                    current = tx.get("s1", "k", "A")
                    assert current is not None
                    assert current.version == version, "a version that another process put is not seen"
                other.ask(do="once", seller="s1", timeout=20)
                assert other.told() == {"seen": version, "done": True}
                with writing(backend) as tx, pytest.raises(ConflictError) as refused:
                    tx.put(record(version=version + 1, body='{"is":"wrong"}'))
                assert refused.value.actual == version + 1
                keep(backend, record(version=version + 2))
        assert found(backend, versions) == [1, 2, 3, 4, 5]

    def test_4_of_two_processes_at_once_one_conflicts(self, backend: Backend, url: str) -> None:
        self._claims_processes(backend)
        keep(backend, record())
        with workers(backend, url, 1) as [other]:
            done = 0
            with suppress(ConflictError, TransientError), writing(backend) as tx:
                assert tx.get("s1", "k", "A") == record()
                other.ask(do="once", seller="s1", timeout=1)
                done += bool(other.told()["done"])
                tx.put(record(version=2))
                tx.commit()
                done += 1
        assert done == 1, f"{done} processes that read version 1 both put version 2"
        assert found(backend, versions) == [1, 2]

    @pytest.mark.parametrize("journal", [False, True], ids=["records", "records and events"])
    def test_4_what_processes_were_told_is_what_is_stored(self, backend: Backend, url: str, journal: bool) -> None:
        self._claims_processes(backend)
        keep(backend, record())
        with workers(backend, url, PROCESSES) as others:
            for number, other in enumerate(others):
                other.ask(do="count", seller="s1", mark=f"process {number}", times=TIMES, seconds=60, journal=journal)
            told = [other.told() for other in others]
        assert [error for each in told for error in each["errors"]] == []
        acknowledged = {version: mark for each in told for version, mark in each["done"]}
        history = found(backend, lambda tx: list(tx.history("s1", "k", "A")))
        assert len(acknowledged) == sum(len(each["done"]) for each in told), (
            "two were told that they put the same version"
        )
        assert len(acknowledged) == PROCESSES * TIMES, "not every process got its turn within a minute"
        assert {each.version: each.body.decode() for each in history[1:]} == acknowledged, (
            "stored is not what was acknowledged"
        )
        if journal:
            events = found(backend, lambda tx: list(tx.events("s1", after=0, limit=9999)))
            assert [each.seq for each in events] == list(range(1, len(acknowledged) + 1))
            assert [each.prev for each in events] == ["", *(each.link for each in events[:-1])]


class ConcurrencyContract(Concurrency):
    """Several processes on one store, for a backend that claims more than one; :class:`BackendContract` has these tests too."""
