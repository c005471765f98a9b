"""Backends that break one promise each, in a few lines: the kit must find every one, and for the reason it is broken."""

import os
from collections.abc import Callable, Iterator, Mapping, Set
from contextlib import suppress
from types import TracebackType
from typing import Any, ClassVar, Self, TypeVar

import attrs
from attrs import frozen

from qsafety.errors import ConflictError, StoreError
from qsafety.storage.backend import Capabilities, RawEvent, RawQuery, RawRecord, StoreUrl, Transaction
from tests.testing.plain import Data, Sheet, Shelf, Shelved

Made = TypeVar("Made", bound=type[Shelf] | type[Transaction])


@frozen
class Row:
    """A broken backend: the promise that it breaks, the test that must fail, and what its message says.

    ``also``: the promises whose tests may fail as well, because what is broken is used in them. None other may.
    """

    backend: type[Shelf]
    promise: int
    test: str
    says: str
    also: Set[int]


BROKEN: dict[str, Row] = {}
"""Each by its name, in lower case."""


def breaks(promise: int, test: str, says: str, *, also: Set[int] = frozenset()) -> Callable[[Made], Made]:
    """A backend, or a transaction in :class:`Shelf`, that breaks this promise."""

    def register(cls: Made) -> Made:
        made: Any = cls
        if issubclass(cls, Transaction):
            made = type(f"{cls.__name__}Backend", (Shelf,), {"transaction": cls, "__module__": __name__})
            globals()[made.__name__] = made
        BROKEN[cls.__name__.lower()] = Row(made, promise, test, says, also)
        return cls

    return register


# The fifteen of the design.


@breaks(4, "test_4_of_two_at_once_one_conflicts", "both put version 2", also={1, 6, 7})
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


@breaks(4, "test_4_another_handle_brought_the_next_version", "was taken, and", also={1, 2, 5})
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


@breaks(11, "test_11_commit_returns_when_it_is_on_the_disk", "nothing was put on the disk")
class NoFsync(Sheet):
    """The file is replaced, and the disk never told."""

    def replace(self, text: str) -> None:
        with open(f"{self.path}.new", "w", encoding="utf-8") as file:
            file.write(text)
        os.replace(f"{self.path}.new", self.path)


@breaks(11, "test_11_what_was_there_is_not_written_over", "written over in place", also={7, 10})
class InPlace(Sheet):
    """The file itself is written over."""

    def replace(self, text: str) -> None:
        with open(self.path, "w", encoding="utf-8") as file:
            file.write(text)
            file.flush()
            os.fsync(file.fileno())


@breaks(1, "test_1_of_others_only_what_is_committed_is_seen", "what is not committed was seen", also={2, 7})
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


@breaks(2, "test_2_what_is_not_committed_leaves_nothing", "what was not committed is there", also={1, 3, 4, 5, 6, 7, 9})
class LeakingRollback(Shelved):
    """What is rolled back is kept all the same."""

    def rollback(self) -> None:
        if self.live and self.write:
            self.store.keep(self.data)
        super().rollback()


@breaks(3, "test_3_a_scan_goes_page_by_page_to_the_last", "with pages of", also={2})
class LosesTheLastPage(Shelved):
    """A page that is not full is taken for none."""

    def scan(self, query: RawQuery) -> Iterator[RawRecord]:
        page = list(super().scan(query))
        return iter(page if query.after is None or len(page) == query.limit else [])


@breaks(3, "test_3_a_scan_is_ordered_by_code_points", "not in code-point order", also={1, 2, 8, 9})
class Unordered(Shelved):
    """A scan yields records as they came."""

    def scan(self, query: RawQuery) -> Iterator[RawRecord]:
        self.check()
        found = [versions[-1] for versions in self.data.records.values() if query.matches(versions[-1])]
        return iter(found[: query.limit])


@breaks(5, "test_5_append_takes_the_last_seq_plus_one", "was taken, and", also={2})
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


@breaks(4, "test_4_put_takes_the_current_version_plus_one", "was taken, and", also={2})
class ReusesAVersion(Shelved):
    """A version may be put again in place of itself."""

    def put(self, record: RawRecord) -> None:
        versions = self.data.records.get((record.seller, record.kind, record.key), [])
        if self.live and self.write and versions and record.version == len(versions):
            versions[-1] = record
        else:
            super().put(record)


@breaks(8, "test_8_what_was_returned_does_not_change", "what history returned changed", also={1, 4})
class LiveReferences(Shelved):
    """What is handed out is what is kept."""

    def history(self, seller: str, kind: str, key: str) -> Iterator[RawRecord]:
        self.check()
        return iter(self.data.records.get((seller, kind, key), ()))


@breaks(4, "test_4_put_takes_the_current_version_plus_one", "version 1 was taken", also={2, 9})
class TakesVersionOneAgain(Shelved):
    """Version 1 begins a record anew."""

    def put(self, record: RawRecord) -> None:
        self.check(write=True)
        if record.version == 1:
            self.data.records.pop((record.seller, record.kind, record.key), None)
        super().put(record)


@breaks(9, "test_9_keys_that_look_alike_stay_apart", "is taken for", also={1, 2, 3, 4})
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


@breaks(9, "test_9_long_bodies_come_back_whole", "65535 came back")
class CutsLongText(Shelved):
    """Bodies end after 65,535 bytes."""

    def put(self, record: RawRecord) -> None:
        super().put(attrs.evolve(record, body=record.body[:65535]))


@breaks(10, "test_10_a_full_disk_is_an_error", "none was refused")
class SwallowsFull(Sheet):
    """A full disk is no matter."""

    def keep(self, data: Data) -> None:
        with suppress(StoreError):
            super().keep(data)


# Others.


@breaks(2, "test_2_what_is_not_committed_leaves_nothing", "what was not committed is there", also={3, 4, 5, 6, 7, 9})
class CommitsOnLeaving(Shelved):
    """Leaving the block commits."""

    def __exit__(
        self, kind: type[BaseException] | None, error: BaseException | None, trace: TracebackType | None
    ) -> None:
        self.commit()


@breaks(3, "test_3_a_scan_goes_page_by_page_to_the_last", "does not come after", also={2})
class InclusiveAfter(Shelved):
    """A page begins with the last record of the one before."""

    def scan(self, query: RawQuery) -> Iterator[RawRecord]:
        first = super().get(*query.after) if query.after else None
        rest = list(super().scan(query))
        wanted = first is not None and attrs.evolve(query, after=None).matches(first)
        return iter(([first, *rest] if first and wanted else rest)[: query.limit])


@breaks(3, "test_3_a_scan_finds_by_seller_and_kind", "kind", also={2})
class IgnoresKind(Shelved):
    """All kinds are found."""

    def scan(self, query: RawQuery) -> Iterator[RawRecord]:
        return super().scan(attrs.evolve(query, kind=None))


@breaks(3, "test_3_days_are_inclusive", "days from", also={2})
class DayToIsExclusive(Shelved):
    """The last day is left out."""

    def scan(self, query: RawQuery) -> Iterator[RawRecord]:
        last = query.day_to
        return (each for each in super().scan(query) if last is None or each.day is None or each.day < last)


@breaks(3, "test_3_days_are_inclusive", "days from", also={2})
class NoDayMatches(Shelved):
    """What has no day is found within any window."""

    def scan(self, query: RawQuery) -> Iterator[RawRecord]:
        self.check()
        free = attrs.evolve(query, day_from=None, day_to=None)
        latest = (versions[-1] for versions in self.data.records.values())
        return iter(free.page(each for each in latest if query.matches(each) or each.day is None))


@breaks(4, "test_4_history_keeps_every_version_as_it_was", "", also={1, 2, 6, 7, 8, 9})
class HistoryWithoutTheCurrent(Shelved):
    """The current version is missing from its history."""

    def history(self, seller: str, kind: str, key: str) -> Iterator[RawRecord]:
        return iter(list(super().history(seller, kind, key))[:-1])


@breaks(5, "test_5_events_are_read_from_any_seq_on", "after", also={1, 2, 4, 6, 7, 8})
class EventsAfterIsInclusive(Shelved):
    """Events begin with the one already seen."""

    def events(self, seller: str, *, after: int, limit: int) -> Iterator[RawEvent]:
        return super().events(seller, after=max(after - 1, 0), limit=limit)


@breaks(6, "test_6_a_reading_transaction_does_not_write", "is no error")
class ReadersWrite(Shelved):
    """A reading transaction writes, and nothing comes of it."""

    def check(self, *, write: bool = False) -> None:
        super().check()


@breaks(9, "test_9_forget_empties_every_version", "takes more")
class ForgetsTheDigest(Shelved):
    """Forgetting empties the digest too."""

    def forget(self, seller: str, kind: str, key: str) -> int:
        count = super().forget(seller, kind, key)
        versions = self.data.records.get((seller, kind, key), [])
        versions[:] = [attrs.evolve(each, digest="") for each in versions]
        return count


@breaks(9, "test_9_forget_empties_every_version", "forget leaves a body")
class ForgetsOnlyTheCurrent(Shelved):
    """Older versions keep their bodies."""

    def forget(self, seller: str, kind: str, key: str) -> int:
        older = list(super().history(seller, kind, key))[:-1]
        count = super().forget(seller, kind, key)
        self.data.records.get((seller, kind, key), [])[: len(older)] = older
        return count


@breaks(9, "test_9_bodies_come_back_byte_for_byte", "other bytes", also={2})
class WritesJsonAnew(Shelved):
    """A body is read and written again."""

    def put(self, record: RawRecord) -> None:
        import json

        body = json.dumps(json.loads(record.body), ensure_ascii=False, separators=(",", ":")).encode("utf-8", "replace")
        super().put(attrs.evolve(record, body=body))


@breaks(9, "test_9_every_part_of_a_record_comes_back", "came back changed", also={3, 4})
class LosesTheSchema(Shelved):
    """Every schema is 1."""

    def put(self, record: RawRecord) -> None:
        super().put(attrs.evolve(record, schema=1))


@breaks(3, "test_3_a_scan_is_ordered_by_code_points", "not in code-point order", also={9})
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


@breaks(4, "test_4_of_two_processes_at_once_one_conflicts", "both put version 2")
class OnlyAThreadLock(Sheet):
    """Claims many processes, and locks threads only."""

    locks: ClassVar[dict[str, Any]] = {}

    def begin(self, *, write: bool, timeout: float) -> Transaction:
        import threading

        self.lock = self.locks.setdefault(self.path, threading.Lock())
        return Shelf.begin(self, write=write, timeout=timeout)


OnlyAThreadLock.transaction = Shelved


@breaks(2, "test_2_what_is_not_committed_leaves_nothing", "another transaction is writing", also={1, 4, 5, 6, 7, 8, 9})
class KeepsTheLock(Shelved):
    """What is rolled back does not give back the lock."""

    def rollback(self) -> None:
        if not self.write:
            self.live = False

    def commit(self) -> None:
        super().commit()
        super().rollback()


@breaks(6, "test_6_waiting_ends_after_the_timeout", "it hangs", also={1, 4})
class WaitsForever(Shelf):
    """No timeout is kept."""

    def begin(self, *, write: bool, timeout: float) -> Transaction:
        return super().begin(write=write, timeout=999)


@breaks(11, "test_11_what_is_committed_is_there_after_closing", "not there after closing")
class ForgetsAtClosing(Shelf):
    """Claims to survive, and is gone when it is closed."""

    capabilities = Capabilities(durability="process-crash", isolation="serializable", erasure=True)

    @classmethod
    def open(cls, url: StoreUrl, options: Mapping[str, str]) -> Self:
        return cls(f"{id(object())} {os.urandom(8).hex()}")
