"""``memory://``: a store that lives as long as its object does. Every opening is a store of its own, whatever its name.

Writers come one after another; a reader sees the store as it was when it began.
"""

import os
import threading
from collections.abc import Iterator, Mapping
from typing import Self

import attrs

from qsafety.bilingual import Bilingual
from qsafety.errors import TransientError
from qsafety.storage.backend import (
    Backend,
    Capabilities,
    RawEvent,
    RawQuery,
    RawRecord,
    StoreUrl,
    Transaction,
    append_conflict,
    put_conflict,
)
from qsafety.storage.refusals import closed, ended, forked, not_for_writing, unknown_option

Place = tuple[str, str, str]


class _Shelf:
    """What all transactions of one store share: each record and event with the number of the commit that brought it."""

    def __init__(self) -> None:
        self.lock = threading.RLock()
        self.writing = threading.Lock()
        self.open = True
        self.commits = 0
        self.records: dict[str, dict[Place, list[tuple[int, RawRecord]]]] = {}
        self.events: dict[str, list[tuple[int, RawEvent]]] = {}


class MemoryBackend(Backend):
    """A store in memory, for one process."""

    capabilities = Capabilities(isolation="serializable", erasure=True)

    def __init__(self) -> None:
        self._process = os.getpid()
        self._shelf = _Shelf()

    @classmethod
    def open(cls, url: StoreUrl, options: Mapping[str, str]) -> Self:
        """A new, empty store."""
        for name in options:
            if name != "create":  # there is nothing to make, so there is nothing to refuse
                raise unknown_option(url, name, ["create"])
        return cls()

    def begin(self, *, write: bool, timeout: float) -> Transaction:
        """A transaction; of those that write one at a time."""
        if self._process != os.getpid():
            raise forked()
        if not self._shelf.open:
            raise closed()
        if write and not self._shelf.writing.acquire(timeout=max(timeout, 0)):
            raise TransientError(
                Bilingual(
                    f"等待 {timeout} 秒后，另一事务仍在写入", f"after {timeout} s another transaction is still writing"
                )
            )
        with self._shelf.lock:
            return _MemoryTransaction(self._shelf, write, self._shelf.commits)

    def close(self) -> None:
        """Forget everything."""
        with self._shelf.lock:
            self._shelf.open = False
            self._shelf.records, self._shelf.events = {}, {}


class _MemoryTransaction(Transaction):
    def __init__(self, shelf: _Shelf, write: bool, seen: int) -> None:
        self._shelf = shelf
        self._write = write
        self._seen = seen
        self._live = True
        self._put: dict[Place, list[RawRecord]] = {}
        self._appended: dict[str, list[RawEvent]] = {}
        self._forgotten: set[Place] = set()

    def _check(self, *, write: bool = False) -> None:
        if not self._live:
            raise ended()
        if not self._shelf.open:
            raise closed()
        if write and not self._write:
            raise not_for_writing()

    def _versions(self, place: Place) -> list[RawRecord]:
        kept = self._shelf.records.get(place[0], {}).get(place, [])
        versions = [record for commit, record in kept if commit <= self._seen]
        if place in self._forgotten:
            versions = [attrs.evolve(record, body=b"") for record in versions]
        return versions + self._put.get(place, [])

    def get(self, seller: str, kind: str, key: str) -> RawRecord | None:
        self._check()
        with self._shelf.lock:
            versions = self._versions((seller, kind, key))
        return versions[-1] if versions else None

    def put(self, record: RawRecord) -> None:
        self._check(write=True)
        with self._shelf.lock:
            current = len(self._versions(record.place))
        if record.version != current + 1:
            raise put_conflict(record, current)
        self._put.setdefault(record.place, []).append(record)

    def scan(self, query: RawQuery) -> Iterator[RawRecord]:
        self._check()
        with self._shelf.lock:
            return iter(query.page(self._latest(query.seller)))

    def _latest(self, seller: str | None) -> Iterator[RawRecord]:
        kept = self._shelf.records
        sellers = kept if seller is None else [seller]
        places = {place: None for name in sellers for place in kept.get(name, ())} | dict.fromkeys(self._put)
        return (versions[-1] for place in places if (versions := self._versions(place)))

    def history(self, seller: str, kind: str, key: str) -> Iterator[RawRecord]:
        self._check()
        with self._shelf.lock:
            return iter(self._versions((seller, kind, key)))

    def append(self, event: RawEvent) -> None:
        self._check(write=True)
        seq, link = self.head(event.seller)
        if event.seq != seq + 1 or event.prev != link:
            raise append_conflict(event, seq)
        self._appended.setdefault(event.seller, []).append(event)

    def head(self, seller: str) -> tuple[int, str]:
        self._check()
        with self._shelf.lock:
            own = self._appended.get(seller)
            kept = self._shelf.events.get(seller, ())
            last = own[-1] if own else next((e for commit, e in reversed(kept) if commit <= self._seen), None)
        return (last.seq, last.link) if last else (0, "")

    def events(self, seller: str, *, after: int, limit: int) -> Iterator[RawEvent]:
        self._check()
        with self._shelf.lock:
            kept, after = self._shelf.events.get(seller, []), max(after, 0)  # seq counts from 1 without gaps
            page = [event for commit, event in kept[after : after + limit] if commit <= self._seen]
        page += [event for event in self._appended.get(seller, ()) if event.seq > after]
        return iter(page[:limit])

    def sellers(self, *, after: str | None, limit: int) -> Iterator[str]:
        self._check()
        with self._shelf.lock:
            names = sorted({record.seller for record in self._latest(None)})
        return iter([name for name in names if after is None or name > after][:limit])

    def forget(self, seller: str, kind: str, key: str) -> int:
        self._check(write=True)
        place = (seller, kind, key)
        with self._shelf.lock:
            count = len(self._versions(place))
        if count:
            self._forgotten.add(place)
            if place in self._put:
                self._put[place] = [attrs.evolve(record, body=b"") for record in self._put[place]]
        return count

    def commit(self) -> None:
        if not self._live:
            return
        shelf = self._shelf
        with shelf.lock:
            self._check()
            number = shelf.commits + 1
            for place in self._forgotten:
                versions = shelf.records.get(place[0], {}).get(place, [])
                versions[:] = [(commit, attrs.evolve(record, body=b"")) for commit, record in versions]
            for place, records in self._put.items():
                versions = shelf.records.setdefault(place[0], {}).setdefault(place, [])
                versions += [(number, record) for record in records]
            for seller, events in self._appended.items():
                shelf.events.setdefault(seller, []).extend((number, event) for event in events)
            shelf.commits = number
        self._end()

    def rollback(self) -> None:
        if self._live:
            self._end()

    def _end(self) -> None:
        self._live = False
        self._put, self._appended, self._forgotten = {}, {}, set()
        if self._write:
            self._shelf.writing.release()
