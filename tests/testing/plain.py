"""Two backends that keep every promise, written from the contract alone: ``Shelf`` in memory, ``Sheet`` in one JSON file.

They are here to be broken: see ``broken.py``.
"""

import copy
import fcntl
import json
import os
import threading
import time
from collections.abc import Iterator, Mapping
from typing import Any, ClassVar, Self

from qsafety.errors import CapabilityError, ConflictError, StoreError, StoreFullError, TransientError
from qsafety.storage.backend import Backend, Capabilities, RawEvent, RawQuery, RawRecord, StoreUrl, Transaction

Place = tuple[str, str, str]


class Data:
    """What is kept: the versions of each record, the events of each seller."""

    def __init__(self) -> None:
        self.records: dict[Place, list[RawRecord]] = {}
        self.events: dict[str, list[RawEvent]] = {}


class Shelf(Backend):
    """In memory, for one process; handles on one URL share what is in it."""

    capabilities = Capabilities(isolation="serializable", erasure=True)
    transaction: ClassVar[Any]
    """Which kind of transaction is begun: for a broken backend to change."""
    shelves: ClassVar[dict[str, tuple[list[Data], threading.Lock]]] = {}

    def __init__(self, name: str) -> None:
        self.name = name
        self.kept, self.lock = self.shelves.setdefault(name, ([Data()], threading.Lock()))

    @classmethod
    def open(cls, url: StoreUrl, options: Mapping[str, str]) -> Self:
        return cls(f"{cls.__name__} {url.host} {url.path}")

    def begin(self, *, write: bool, timeout: float) -> Transaction:
        if write and not self.lock.acquire(timeout=max(timeout, 0)):
            raise TransientError("another transaction is writing")
        begun: Transaction = self.transaction(self, write)
        return begun

    def close(self) -> None:
        pass

    def read(self) -> Data:
        return copy.deepcopy(self.kept[0])

    def keep(self, data: Data) -> None:
        self.kept[0] = data


class Shelved(Transaction):
    """A copy of everything, which takes the place of what was there at commit."""

    def __init__(self, store: Shelf, write: bool) -> None:
        self.store, self.write, self.live = store, write, True
        self.data = store.read()

    def check(self, *, write: bool = False) -> None:
        if not self.live or (write and not self.write):
            raise StoreError("the transaction has ended, or only reads")

    def get(self, seller: str, kind: str, key: str) -> RawRecord | None:
        self.check()
        versions = self.data.records.get((seller, kind, key))
        return versions[-1] if versions else None

    def put(self, record: RawRecord) -> None:
        self.check(write=True)
        place = (record.seller, record.kind, record.key)
        current = len(self.data.records.get(place, ()))
        if record.version != current + 1:
            raise ConflictError("another version is current", expected=record.version - 1, actual=current)
        self.data.records.setdefault(place, []).append(record)

    def scan(self, query: RawQuery) -> Iterator[RawRecord]:
        self.check()
        yield from query.page(versions[-1] for versions in self.data.records.values())

    def history(self, seller: str, kind: str, key: str) -> Iterator[RawRecord]:
        self.check()
        return iter(list(self.data.records.get((seller, kind, key), ())))

    def append(self, event: RawEvent) -> None:
        self.check(write=True)
        events = self.data.events.get(event.seller, [])
        if event.seq != len(events) + 1 or event.prev != (events[-1].link if events else ""):
            raise ConflictError("another event is the last", expected=event.seq - 1, actual=len(events))
        self.data.events.setdefault(event.seller, []).append(event)

    def events(self, seller: str, *, after: int, limit: int) -> Iterator[RawEvent]:
        self.check()
        return iter(self.data.events.get(seller, [])[after:][:limit])

    def sellers(self, *, after: str | None, limit: int) -> Iterator[str]:
        self.check()
        names = sorted({place[0] for place in self.data.records})
        return iter([name for name in names if after is None or name > after][:limit])

    def forget(self, seller: str, kind: str, key: str) -> int:
        self.check(write=True)
        if not self.store.capabilities.erasure:
            raise CapabilityError("this store cannot erase")
        versions = self.data.records.get((seller, kind, key), [])
        versions[:] = [RawRecord(r.seller, r.kind, r.key, r.version, r.day, r.schema, b"", r.digest) for r in versions]
        return len(versions)

    def commit(self) -> None:
        try:
            if self.live and self.write:
                self.store.keep(self.data)
        finally:
            self.rollback()

    def rollback(self) -> None:
        if self.live and self.write:
            self.release()
        self.live = False

    def release(self) -> None:
        self.store.lock.release()


Shelf.transaction = Shelved


class Sheet(Shelf):
    """In one JSON file that is replaced as a whole, for many processes of one host."""

    capabilities = Capabilities(
        durability="power-loss", writers="many-processes", isolation="serializable", erasure=True
    )

    def __init__(self, path: str) -> None:
        self.path = path

    @classmethod
    def open(cls, url: StoreUrl, options: Mapping[str, str]) -> Self:
        return cls(url.path)

    def begin(self, *, write: bool, timeout: float) -> Transaction:
        held = self.hold(timeout) if write else -1
        try:
            tx: Filed = self.transaction(self, write)
        except BaseException:
            if write:
                os.close(held)
            raise
        tx.held = held
        return tx

    def hold(self, timeout: float) -> int:
        try:
            held = os.open(f"{self.path}.lock", os.O_RDWR | os.O_CREAT)
        except OSError as error:
            raise StoreError(f"{self.path}: {error.strerror}") from error
        until = time.monotonic() + timeout
        while True:
            try:
                fcntl.flock(held, fcntl.LOCK_EX | fcntl.LOCK_NB)
                return held
            except BlockingIOError:
                if time.monotonic() >= until:
                    os.close(held)
                    raise TransientError("another transaction is writing") from None
                time.sleep(0.005)

    def read(self) -> Data:
        data = Data()
        try:
            with open(self.path, encoding="utf-8") as file:
                rows = json.load(file)
        except FileNotFoundError:
            return data
        for row in rows["records"]:
            made = RawRecord(*row[:6], row[6].encode(), row[7])  # type: ignore[call-arg] # a row, however long
            data.records.setdefault((made.seller, made.kind, made.key), []).append(made)
        for *row, body in rows["events"]:
            data.events.setdefault(row[0], []).append(RawEvent(*row, body.encode()))  # type: ignore[call-arg] # a row, however long
        return data

    def rows(self, data: Data) -> str:
        records = [
            [r.seller, r.kind, r.key, r.version, r.day, r.schema, r.body.decode(), r.digest]
            for versions in data.records.values()
            for r in versions
        ]
        events = [
            [e.seller, e.seq, e.prev, e.link, e.at, e.body.decode()] for each in data.events.values() for e in each
        ]
        return json.dumps({"records": records, "events": events}, ensure_ascii=False)

    def keep(self, data: Data) -> None:
        try:
            self.replace(self.rows(data))
        except OSError as error:
            raise StoreFullError(f"{self.path}: {error.strerror}") from error

    def replace(self, text: str) -> None:
        with open(f"{self.path}.new", "w", encoding="utf-8") as file:
            file.write(text)
            file.flush()
            os.fsync(file.fileno())
        os.replace(f"{self.path}.new", self.path)
        folder = os.open(os.path.dirname(self.path) or ".", os.O_RDONLY)
        os.fsync(folder)
        os.close(folder)


class Filed(Shelved):
    """A transaction that has the lock of the file."""

    held = -1

    def release(self) -> None:
        os.close(self.held)


Sheet.transaction = Filed
