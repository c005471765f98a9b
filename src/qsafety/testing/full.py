"""Promise 10: a disk that is full or read-only, and a server whose connection is cut."""

import os
import socket
from collections.abc import Callable
from contextlib import suppress
from pathlib import Path

import pytest

from qsafety.errors import StoreError
from qsafety.storage import Backend, StoreUrl
from qsafety.testing.contract import Contract, everything, found, keep, reading, record, unclaimed, versions, writing
from qsafety.testing.faults import connections, read_only, small_disk

MOST = 3 * 2**20
"""Characters after which a disk of 600 KiB must be full, though they are compressed to half: they are random hex digits."""


class DiskFull(Contract):
    """Promise 10."""

    def test_10_a_full_disk_is_an_error_and_leaves_what_was_committed(self, backend: Backend, url: str) -> None:
        self._on_a_small_disk(backend, url, _fill)

    def test_10_a_read_only_disk_is_an_error_and_leaves_what_was_committed(self, backend: Backend, url: str) -> None:
        self._on_a_small_disk(backend, url, _write_protected)

    def _on_a_small_disk(
        self, backend: Backend, url: str, trial: "Callable[[Callable[[], Backend], Path], None]"
    ) -> None:
        keep(backend, record())
        place = StoreUrl.parse(url)
        path = Path(place.path).absolute()
        beside = [each for each in path.parent.glob(f"{path.name}*")] if place.path and not place.host else []
        backend.close()
        if not beside:
            unclaimed("file of its own")
        try:
            with small_disk() as disk:
                moved = url.replace(place.path, str(disk / path.name), 1)
                trial(lambda: self.open(moved), disk)
        except OSError as error:
            if not str(error).startswith("no tmpfs"):
                raise
            pytest.skip(str(error))

    def test_10_a_lost_server_is_an_error_and_leaves_what_was_committed(self, backend: Backend, url: str) -> None:
        keep(backend, record())
        if not _cut(reads=True):
            unclaimed("server")
        for version in (2, 3):
            keep_anew(backend, version)
            raised: list[BaseException] = []
            try:
                with writing(backend) as tx:
                    tx.put(record(version=version + 1))
                    _cut()
                    tx.put(record("B"))
                    tx.commit()
            except StoreError as error:
                raised.append(error)
            assert raised, "the connection was cut within a transaction, and commit said nothing"
            assert found_anew(backend) == list(range(1, version + 1))


def keep_anew(backend: Backend, version: int) -> None:
    """Put a version, where the first attempt may meet connections that are no more."""
    for attempt in range(5):
        try:
            return keep(backend, record(version=version))
        except StoreError:
            if attempt == 4:
                raise


def found_anew(backend: Backend) -> list[int]:
    """The versions of the record, where the first attempt may meet a connection that is no more."""
    with suppress(StoreError):
        return found(backend, versions)
    return found(backend, versions)


def _cut(*, reads: bool = False) -> int:
    """Cut every connection of this process (or only count them); how many there were."""
    count = 0
    for connection in connections():
        count += 1
        if not reads:
            with suppress(OSError):
                connection.shutdown(socket.SHUT_RDWR)
    return count


def _fill(opened: Callable[[], Backend], disk: Path) -> None:
    filler = disk / "filler"
    filler.write_bytes(b"\0" * 100_000)
    store = opened()
    keep(store, record(body='{"kept":"before"}'), record("other"))
    acknowledged, given, full = 0, 0, False
    most = store.capabilities.max_body_bytes or MOST
    while given < MOST:
        number, size = acknowledged, min(500 + 100 * acknowledged, most - 50) // 2
        given += size * 2
        try:
            with writing(store) as tx:
                tx.put(record(f"{number:05d}-a", body=f'{{"long":"{os.urandom(size).hex()}"}}'))
                tx.put(record(f"{number:05d}-b", body="{}"))
                tx.commit()
            acknowledged += 1
        except StoreError:
            full = True
            break
        except Exception as error:
            raise AssertionError(f"a full disk is {type(error).__name__}, not a StoreError: {error}") from error
    assert full, f"{given} random characters on a disk of 600 KiB, and none was refused"
    with suppress(StoreError):
        store.close()
    filler.unlink()  # there is space again
    store = opened()
    kept = [each.key for each in found(store, everything)]
    expected = ["A", "other"] + [f"{number:05d}-{mark}" for number in range(acknowledged) for mark in "ab"]
    assert sorted(set(expected) - set(kept)) == [], "acknowledged records are gone"
    assert sorted(kept) == sorted(expected), "what was refused is there, whole or in part"
    keep(store, record(version=2))
    assert found(store, versions) == [1, 2], "with space again it does not write"
    store.close()


def _write_protected(opened: Callable[[], Backend], disk: Path) -> None:
    store = opened()
    keep(store, record())
    store.close()
    if not read_only(disk, True):
        pytest.skip("no tmpfs here that can be made read-only")
    try:
        try:
            store = opened()
            with writing(store, 2) as tx:
                tx.put(record(version=2))
                tx.commit()
        except StoreError:
            pass
        except Exception as error:
            raise AssertionError(f"a read-only disk is {type(error).__name__}, not a StoreError: {error}") from error
        else:
            raise AssertionError("a read-only disk took a transaction")
        finally:
            with suppress(StoreError):
                store.close()
    finally:
        assert read_only(disk, False)
    store = opened()
    with reading(store) as tx:
        assert versions(tx) == [1]
    keep(store, record(version=2))
    store.close()


class DiskFullContract(DiskFull):
    """Full and read-only disks and lost servers; :class:`BackendContract` has these tests too."""
