"""Backends that break one promise each, in a few lines: the kit must find every one, and for the reason it is broken."""

import os
from collections.abc import Iterator, Mapping
from contextlib import suppress
from types import TracebackType
from typing import Any, ClassVar, Self

import attrs

from qsafety.errors import ConflictError, StoreError
from qsafety.storage.backend import Capabilities, RawEvent, RawQuery, RawRecord, StoreUrl, Transaction
from tests.testing.plain import Data, Sheet, Shelf, Shelved

BROKEN: dict[str, tuple[type[Shelf], set[int]]] = {}
"""Each broken backend by its name, with the promises of which at least one must fail, and none other may."""


def breaks(*promises: int, base: type[Shelf] = Shelf, claims: Capabilities | None = None) -> Any:
    """A transaction (or a backend) that breaks these promises."""

    def register(cls: Any) -> Any:
        made: Any = cls
        if issubclass(cls, Transaction):
            made = type(f"{cls.__name__}Backend", (base,), {"transaction": cls, "__module__": __name__})
            globals()[made.__name__] = made
        if claims is not None:
            made.capabilities = claims
        BROKEN[cls.__name__.lower()] = (made, set(promises))
        return cls

    return register


# The fifteen of the design.


@breaks(1, 4, 6, 7)
class LostUpdate(Shelf):
    """Writers are not kept apart: the last one wins."""

    def begin(self, *, write: bool, timeout: float) -> Transaction:
        self.lock.acquire(blocking=False)
        tx: Transaction = _Unlocked(self, write)
        return tx


class _Unlocked(Shelved):
    def release(self) -> None:
        if self.store.lock.locked():
            self.store.lock.release()


@breaks(1, 2, 4, 5)
class CachedVersion(Shelf):
    """Each handle remembers versions from when it last saw them."""

    def __init__(self, name: str) -> None:
        super().__init__(name)
        self.cache: dict[tuple[str, str, str], int] = {}


class _Cached(Shelved):
    def put(self, record: RawRecord) -> None:
        self.check(write=True)
        cache: dict[Any, int] = self.store.cache  # type: ignore[attr-defined] # of CachedVersion
        place = (record.seller, record.kind, record.key)
        current = cache.setdefault(place, len(self.data.records.get(place, ())))
        if record.version != current + 1:
            raise ConflictError("another version is current", expected=record.version - 1, actual=current)
        self.data.records.setdefault(place, []).append(record)
        cache[place] = record.version


CachedVersion.transaction = _Cached


@breaks(11)
class NoFsync(Sheet):
    """The file is replaced, and the disk never told."""

    def replace(self, text: str) -> None:
        with open(f"{self.path}.new", "w", encoding="utf-8") as file:
            file.write(text)
        os.replace(f"{self.path}.new", self.path)


@breaks(7, 10, 11)
class InPlace(Sheet):
    """The file itself is written over."""

    def replace(self, text: str) -> None:
        with open(self.path, "w", encoding="utf-8") as file:
            file.write(text)
            file.flush()
            os.fsync(file.fileno())


@breaks(1, 2, 7)
class DirtyRead(Shelved):
    """Readers see what others have not committed."""

    def __init__(self, store: Shelf, write: bool) -> None:
        super().__init__(store, write)
        self.data = store.kept[0]
        self.before = store.read()

    def rollback(self) -> None:
        if self.live and self.write and not self.done:
            self.store.kept[0] = self.before
        super().rollback()

    done = False

    def commit(self) -> None:
        self.done = True
        super().commit()


@breaks(1, 2, 3, 4, 5, 6, 7, 9)
class LeakingRollback(Shelved):
    """What is rolled back is kept all the same."""

    def rollback(self) -> None:
        if self.live and self.write:
            self.store.keep(self.data)
        super().rollback()


@breaks(2, 3)
class LosesTheLastPage(Shelved):
    """A page that is not full is taken for none."""

    def scan(self, query: RawQuery) -> Iterator[RawRecord]:
        page = list(super().scan(query))
        return iter(page if query.after is None or len(page) == query.limit else [])


@breaks(1, 2, 3, 8, 9)
class Unordered(Shelved):
    """A scan yields records as they came."""

    def scan(self, query: RawQuery) -> Iterator[RawRecord]:
        self.check()
        found = [versions[-1] for versions in self.data.records.values() if query.matches(versions[-1])]
        return iter(found[: query.limit])


@breaks(2, 5)
class AppendsWithAGap(Shelved):
    """An event may leave out numbers."""

    def append(self, event: RawEvent) -> None:
        self.check(write=True)
        events = self.data.events.setdefault(event.seller, [])
        if event.seq <= (events[-1].seq if events else 0) or (
            event.prev != events[-1].link if events and event.seq == len(events) + 1 else 0
        ):
            raise ConflictError("an old event", expected=event.seq - 1, actual=len(events))
        events.append(event)


@breaks(2, 4)
class ReusesAVersion(Shelved):
    """A version may be put again in place of itself."""

    def put(self, record: RawRecord) -> None:
        versions = self.data.records.get((record.seller, record.kind, record.key), [])
        if self.live and self.write and versions and record.version == len(versions):
            versions[-1] = record
        else:
            super().put(record)


@breaks(1, 4, 8)
class LiveReferences(Shelved):
    """What is handed out is what is kept."""

    def history(self, seller: str, kind: str, key: str) -> Iterator[RawRecord]:
        self.check()
        return iter(self.data.records.get((seller, kind, key), ()))


@breaks(2, 4, 9)
class TakesVersionOneAgain(Shelved):
    """Version 1 begins a record anew."""

    def put(self, record: RawRecord) -> None:
        self.check(write=True)
        if record.version == 1:
            self.data.records.pop((record.seller, record.kind, record.key), None)
        super().put(record)


@breaks(1, 2, 3, 4, 9)
class FoldsCase(Shelved):
    """``a`` is ``A``."""

    def get(self, seller: str, kind: str, key: str) -> RawRecord | None:
        return super().get(seller, kind, self._kept(seller, kind, key))

    def history(self, seller: str, kind: str, key: str) -> Iterator[RawRecord]:
        return super().history(seller, kind, self._kept(seller, kind, key))

    def put(self, record: RawRecord) -> None:
        super().put(attrs.evolve(record, key=self._kept(record.seller, record.kind, record.key)))

    def _kept(self, seller: str, kind: str, key: str) -> str:
        return next((p[2] for p in self.data.records if p[:2] == (seller, kind) and p[2].lower() == key.lower()), key)


@breaks(9)
class CutsLongText(Shelved):
    """Bodies end after 65,535 bytes."""

    def put(self, record: RawRecord) -> None:
        super().put(attrs.evolve(record, body=record.body[:65535]))


@breaks(10)
class SwallowsFull(Sheet):
    """A full disk is no matter."""

    def keep(self, data: Data) -> None:
        with suppress(StoreError):
            super().keep(data)


# Others.


@breaks(2, 3, 4, 5, 6, 7, 9)
class CommitsOnLeaving(Shelved):
    """Leaving the block commits."""

    def __exit__(
        self, kind: type[BaseException] | None, error: BaseException | None, trace: TracebackType | None
    ) -> None:
        self.commit()


@breaks(2, 3)
class InclusiveAfter(Shelved):
    """A page begins with the last record of the one before."""

    def scan(self, query: RawQuery) -> Iterator[RawRecord]:
        first = super().get(*query.after) if query.after else None
        rest = list(super().scan(query))
        wanted = first is not None and attrs.evolve(query, after=None).matches(first)
        return iter(([first, *rest] if first and wanted else rest)[: query.limit])


@breaks(2, 3)
class IgnoresKind(Shelved):
    """All kinds are found."""

    def scan(self, query: RawQuery) -> Iterator[RawRecord]:
        return super().scan(attrs.evolve(query, kind=None))


@breaks(2, 3)
class DayToIsExclusive(Shelved):
    """The last day is left out."""

    def scan(self, query: RawQuery) -> Iterator[RawRecord]:
        last = query.day_to
        return (each for each in super().scan(query) if last is None or each.day is None or each.day < last)


@breaks(2, 3)
class NoDayMatches(Shelved):
    """What has no day is found within any window."""

    def scan(self, query: RawQuery) -> Iterator[RawRecord]:
        self.check()
        free = attrs.evolve(query, day_from=None, day_to=None)
        latest = (versions[-1] for versions in self.data.records.values())
        return iter(free.page(each for each in latest if query.matches(each) or each.day is None))


@breaks(1, 2, 4, 6, 7, 8, 9)
class HistoryWithoutTheCurrent(Shelved):
    """The current version is missing from its history."""

    def history(self, seller: str, kind: str, key: str) -> Iterator[RawRecord]:
        return iter(list(super().history(seller, kind, key))[:-1])


@breaks(1, 2, 4, 5, 6, 7, 8)
class EventsAfterIsInclusive(Shelved):
    """Events begin with the one already seen."""

    def events(self, seller: str, *, after: int, limit: int) -> Iterator[RawEvent]:
        return super().events(seller, after=max(after - 1, 0), limit=limit)


@breaks(6)
class ReadersWrite(Shelved):
    """A reading transaction writes, and nothing comes of it."""

    def check(self, *, write: bool = False) -> None:
        super().check()


@breaks(9)
class ForgetsTheDigest(Shelved):
    """Forgetting empties the digest too."""

    def forget(self, seller: str, kind: str, key: str) -> int:
        count = super().forget(seller, kind, key)
        versions = self.data.records.get((seller, kind, key), [])
        versions[:] = [attrs.evolve(each, digest="") for each in versions]
        return count


@breaks(9)
class ForgetsOnlyTheCurrent(Shelved):
    """Older versions keep their bodies."""

    def forget(self, seller: str, kind: str, key: str) -> int:
        older = list(super().history(seller, kind, key))[:-1]
        count = super().forget(seller, kind, key)
        self.data.records.get((seller, kind, key), [])[: len(older)] = older
        return count


@breaks(2, 9)
class WritesJsonAnew(Shelved):
    """A body is read and written again."""

    def put(self, record: RawRecord) -> None:
        import json

        body = json.dumps(json.loads(record.body), ensure_ascii=False, separators=(",", ":")).encode("utf-8", "replace")
        super().put(attrs.evolve(record, body=body))


@breaks(3, 4, 9)
class LosesTheSchema(Shelved):
    """Every schema is 1."""

    def put(self, record: RawRecord) -> None:
        super().put(attrs.evolve(record, schema=1))


@breaks(3, 9)
class SortsAsUtf16(Shelved):
    """As Java and JavaScript sort."""

    def scan(self, query: RawQuery) -> Iterator[RawRecord]:
        self.check()
        latest = (versions[-1] for versions in self.data.records.values())
        every = [each for each in latest if attrs.evolve(query, after=None).matches(each)]
        every.sort(key=self._units)
        after = query.after
        last = self._units(RawRecord(*after, 1, None, 1, b"", "")) if after else None
        return iter([each for each in every if last is None or self._units(each) > last][: query.limit])

    def _units(self, record: RawRecord) -> tuple[bytes, ...]:
        return tuple(text.encode("utf-16-be") for text in (record.seller, record.kind, record.key))


@breaks(4)
class OnlyAThreadLock(Sheet):
    """Claims many processes, and locks threads only."""

    locks: ClassVar[dict[str, Any]] = {}

    def begin(self, *, write: bool, timeout: float) -> Transaction:
        import threading

        self.lock = self.locks.setdefault(self.path, threading.Lock())
        return Shelf.begin(self, write=write, timeout=timeout)


OnlyAThreadLock.transaction = Shelved


@breaks(1, 2, 4, 5, 6, 7, 8, 9, 10, 11)
class WaitsForever(Shelf):
    """No timeout is kept; the lock of a rolled back transaction is not given back either."""

    def begin(self, *, write: bool, timeout: float) -> Transaction:
        return super().begin(write=write, timeout=timeout)


class _Holding(Shelved):
    def commit(self) -> None:
        if self.live and self.write:
            self.store.keep(self.data)
            self.store.lock.release()
        self.live = False

    def rollback(self) -> None:
        self.live = False


WaitsForever.transaction = _Holding


@breaks(11)
class ForgetsAtClosing(Shelf):
    """Claims to survive, and is gone when it is closed."""

    capabilities = Capabilities(durability="process-crash", isolation="serializable", erasure=True)

    @classmethod
    def open(cls, url: StoreUrl, options: Mapping[str, str]) -> Self:
        return cls(f"{id(object())} {os.urandom(8).hex()}")
