"""A transaction of a store, typed: facts in, facts out, each version with its place in the journal."""

from collections.abc import Callable, Iterator
from datetime import date, datetime
from typing import Any, Generic, TypeVar, cast
from zoneinfo import ZoneInfo

from attrs import evolve, field, frozen

from qsafety.bilingual import Bilingual
from qsafety.codec import without_collector
from qsafety.dossier import COLLECTIONS, KINDS, Dossier, Fact, Person, Seller
from qsafety.errors import CapabilityError, ConflictError, NotFoundError, StoreError
from qsafety.periods import asked_day, asked_window
from qsafety.storage.backend import Capabilities, RawEvent, RawQuery, RawRecord, Transaction
from qsafety.storage.given import COLLECTIONS_KEY, COLLECTIONS_KIND, Given
from qsafety.storage.journal import ERASURE, Entry, entry, event, instant, moment
from qsafety.storage.keys import check_author, check_number, check_own, check_place, check_text, kind_of
from qsafety.storage.records import (
    PERIODIC,
    SCHEMA,
    body_of,
    content,
    content_of,
    day_of,
    digest_of,
    fact_of,
    place_of,
)
from qsafety.storage.refusals import cannot_erase

T = TypeVar("T", bound=Fact)
PAGE = 1000
_COLLECTION = {kind.KIND: name for name, kind in COLLECTIONS.items()}


@frozen
class Stored(Generic[T]):
    """A version of a fact as it is kept: the fact, its version, and the instant at which the store witnessed it.

    ``fact.recorded_at`` is what the host declares, ``recorded_at`` here what the store saw.
    """

    fact: T
    version: int
    recorded_at: datetime


@frozen
class StoreTransaction:
    """What ``store.transaction()`` gives: it commits when the block ends normally, and rolls back on an exception."""

    _raw: Transaction
    _capabilities: Capabilities = field(repr=False)
    _clock: Callable[[], datetime] = field(repr=False)
    _journal: bool = True
    _by: str | None = None

    def get(self, seller: str, kind: type[T], key: str) -> Stored[T] | None:
        """The current version of a record; None when there is none, or when it was erased."""
        check_text("seller", seller)
        check_text("id", key)
        record = self._raw.get(seller, kind_of(kind), key)
        return self._stored(record, kind) if record is not None else None

    def put(self, seller: str, fact: Fact, *, expected: int | None = None) -> int:
        """Keep a fact as the next version of its id, and return that version.

        ``expected`` is the version that must be current (0: the record must not exist yet), else
        :class:`~qsafety.errors.ConflictError`. Without it the current version, whatever it is, gets a successor.
        """
        plain = content(fact)
        check_place(seller, fact.id)
        check_own(seller, fact)
        if expected is not None:
            check_number("expected", expected)
        seq, prev = self._raw.head(seller)  # first: from here on other writers of this seller wait
        current = self._raw.get(seller, fact.KIND, fact.id)
        actual = current.version if current else 0
        if expected is not None and expected != actual:
            raise ConflictError(
                Bilingual(
                    f"{seller}/{fact.KIND}/{fact.id}：预期第 {expected} 版，当前为第 {actual} 版（0 为不存在）",
                    f"{seller}/{fact.KIND}/{fact.id}: version {expected} was expected, {actual} is current (0: absent)",
                ),
                expected=expected,
                actual=actual,
                advice=Bilingual("请重新读取后再改。", "Read it again, then change it."),
            )
        at = instant(self._clock())
        record = self._record(seller, fact.KIND, fact.id, actual + 1, _day(fact), plain, at)
        self._raw.put(record)
        if self._journal:
            self._raw.append(_event(record, seq + 1, prev, self._who(fact)))
        return record.version

    def save(self, dossier: Dossier) -> int:
        """Keep what is new or changed in a dossier; how many facts that were.

        Equal content writes nothing, changed content the next version; records that the dossier does not have are
        left. Which collections are given, and which of them are partial, is kept too.
        """
        _check_dossier(dossier)
        with without_collector():  # a bulk of new records holds no garbage
            return self._save(dossier)

    def _save(self, dossier: Dossier) -> int:
        seller = dossier.seller.id
        check_place(seller, seller)
        seq, prev = self._raw.head(seller)
        kept = {(record.kind, record.key): record for record in self._records(seller)}
        at = instant(self._clock())
        records: list[RawRecord] = []
        authors: list[str] = []
        for fact in dossier.facts():
            check_place(seller, fact.id)
            plain, current = content(fact), kept.get((fact.KIND, fact.id))
            if current is None or not _equal(current, plain):
                version = current.version + 1 if current else 1
                records.append(self._record(seller, fact.KIND, fact.id, version, _day(fact), plain, at))
                authors.append(self._who(fact))
        count = len(records)
        current = kept.get((COLLECTIONS_KIND, COLLECTIONS_KEY))
        plain = Given.read(current).after(dossier).content()
        if current is None or not _equal(current, plain):
            version = current.version + 1 if current else 1
            records.append(self._record(seller, COLLECTIONS_KIND, COLLECTIONS_KEY, version, None, plain, at))
            authors.append(self._who(None))
        self._raw.put_many(records)
        if self._journal:
            events: list[RawEvent] = []
            for record, by in zip(records, authors, strict=True):
                seq += 1
                events.append(_event(record, seq, prev, by))
                prev = events[-1].link
            self._raw.append_many(events)
        return count

    def dossier(self, seller: str, *, since: date | None = None, until: date | None = None) -> Dossier:
        """All that is kept of a seller, as a dossier equal to the one that was saved.

        ``until`` leaves out every record about a later day. ``since`` leaves out earlier daily checks, weekly
        screenings, monthly coordinations, performance and explanations: what is made anew each day, week or month, a
        period belonging to the day on which it ends. All else stays, for an exam passed, an order issued or a hazard
        left open years ago still counts. Collections that hold records but never came with a saved dossier are
        partial. An unknown seller is :class:`~qsafety.errors.NotFoundError`, a window that is none
        :class:`~qsafety.errors.PeriodError`.
        """
        check_text("seller", seller)
        _check_window(since, until)
        kept = self._raw.get(seller, Seller.KIND, seller)
        unit = None if kept is None else fact_of(kept)
        if not isinstance(unit, Seller):
            raise NotFoundError(
                Bilingual(f"存储中没有销售单位“{seller}”", f"there is no seller {seller!r} in this store")
            )
        given = Given.read(self._raw.get(seller, COLLECTIONS_KIND, COLLECTIONS_KEY))
        found: dict[str, list[Fact]] = {name: [] for name in given.given}
        partial = set(given.partial)
        zone = ZoneInfo(unit.tz)
        with without_collector():
            for record in self._window(seller, since, until):
                name = _COLLECTION.get(record.kind)
                if name is None:
                    continue
                fact = fact_of(record)
                if name not in given.given or fact is None:
                    partial.add(name)
                if fact is not None and (until is None or _by(until, day_of(fact, zone))):
                    found.setdefault(name, []).append(fact)
        collections: dict[str, Any] = {name: tuple(facts) for name, facts in found.items()}
        return Dossier(seller=unit, partial=frozenset(partial), **collections)

    def scan(
        self, seller: str, kind: type[T], *, since: date | None = None, until: date | None = None
    ) -> Iterator[Stored[T]]:
        """The current version of each record of a kind, by id; with ``since`` or ``until`` those about a day between them."""
        check_text("seller", seller)
        _check_window(since, until)
        for record in self._records(seller, kind_of(kind), since, until):
            stored = self._stored(record, kind)
            if stored is not None:
                yield stored

    def history(self, seller: str, kind: type[T], key: str) -> list[Stored[T]]:
        """Every version of a record, oldest first; empty where there is none. Erased versions are left out."""
        check_text("seller", seller)
        check_text("id", key)
        versions = (self._stored(record, kind) for record in self._raw.history(seller, kind_of(kind), key))
        return [version for version in versions if version is not None]

    def sellers(self) -> list[str]:
        """The id of every seller with a record, in order."""
        names: list[str] = []
        while page := list(self._raw.sellers(after=names[-1] if names else None, limit=PAGE)):
            names += page
        return names

    def journal(self, seller: str, *, after: int = 0) -> Iterator[Entry]:
        """The entries of a seller's journal, first to last."""
        check_text("seller", seller)
        check_number("after", after)
        while page := list(self._raw.events(seller, after=after, limit=PAGE)):
            yield from map(entry, page)
            after = page[-1].seq

    def kept(self, seller: str) -> Iterator[RawRecord]:
        """Every version of every record of a seller, as it is kept: by kind and id, oldest first."""
        for record in self._records(seller):
            yield from (record,) if record.version == 1 else self._raw.history(seller, record.kind, record.key)

    def erase(self, seller: str, person: str) -> int:
        """Empty every version of a person; how many there are (0: no such person). Digests, and with them the journal, stay valid.

        A store that cannot remove bytes is :class:`~qsafety.errors.CapabilityError`.
        """
        if not self._capabilities.erasure:
            raise cannot_erase()
        check_text("seller", seller)
        check_text("person", person)
        seq, prev = self._raw.head(seller)
        record = self._raw.get(seller, Person.KIND, person)
        if record is None:
            return 0
        count = self._raw.forget(seller, Person.KIND, person)
        if self._journal and record.body:
            gone = evolve(record, kind=ERASURE, at=instant(self._clock()))
            self._raw.append(_event(gone, seq + 1, prev, self._who(None)))
        return count

    def _record(
        self, seller: str, kind: str, key: str, version: int, day: str | None, plain: bytes, at: str
    ) -> RawRecord:
        body = body_of(kind, plain)
        most = self._capabilities.max_body_bytes
        if most is not None and len(body) > most:
            raise CapabilityError(
                Bilingual(
                    f"{seller}/{kind}/{key} 有 {len(body)} 字节，此存储最多 {most} 字节",
                    f"{seller}/{kind}/{key} has {len(body)} bytes; this store takes at most {most}",
                )
            )
        return RawRecord(seller, kind, key, version, day, SCHEMA, body, digest_of(body), at)

    def _records(
        self, seller: str, kind: str | None = None, since: date | None = None, until: date | None = None
    ) -> Iterator[RawRecord]:
        query = RawQuery(
            limit=PAGE,
            seller=seller,
            kind=kind,
            day_from=since.isoformat() if since else None,
            day_to=until.isoformat() if until else None,
        )
        while page := list(self._raw.scan(query)):
            yield from page
            query = evolve(query, after=page[-1].place)

    def _window(self, seller: str, since: date | None, until: date | None) -> Iterator[RawRecord]:
        if since is None and until is None:
            yield from self._records(seller)
            return
        for kind in KINDS:
            window = (since, until) if kind in PERIODIC else (None, None)
            yield from self._records(seller, kind, *window)

    def _stored(self, record: RawRecord, kind: type[T]) -> Stored[T] | None:
        fact = fact_of(record)
        if fact is None:
            return None
        return Stored(cast(T, fact), record.version, self._witnessed(record))

    def _witnessed(self, record: RawRecord) -> datetime:
        if record.at:
            return moment(record.at)
        # a backend that keeps no instants with its records: the journal has them
        for line in self.journal(record.seller):
            if (line.kind, line.key, line.version) == (record.kind, record.key, record.version):
                return moment(line.at)
        raise StoreError(
            Bilingual(f"{place_of(record)} 没有写入时间", f"{place_of(record)} has no instant at which it was recorded")
        )

    def _who(self, fact: Fact | None) -> str:
        by: str = self._by if self._by is not None else getattr(fact, "recorded_by", None) or ""
        check_author(by)
        return by


def _check_window(since: object, until: object) -> None:
    if since is not None and until is not None:
        asked_window(since, until)
    elif since is not None or until is not None:
        asked_day(*(("until", until) if since is None else ("since", since)))


def _check_dossier(dossier: object) -> None:
    if not isinstance(dossier, Dossier):
        raise StoreError(
            Bilingual(
                f"应为 Dossier，而非 {type(dossier).__name__}",
                f"a Dossier was expected, and {type(dossier).__name__} came",
            ),
            advice=Bilingual(
                "台账：qs.read_ledger(文件)；JSON：qs.from_json(文本)；单条记录：store.put(…)。",
                "A ledger: qs.read_ledger(file); JSON: qs.from_json(text); a single record: store.put(…).",
            ),
        )


def _day(fact: Fact) -> str | None:
    day = day_of(fact)
    return None if day is None else day.isoformat()


def _by(until: date, day: date | None) -> bool:
    return day is None or day <= until


def _equal(kept: RawRecord, plain: bytes) -> bool:
    if kept.kind != Person.KIND:
        return kept.digest == digest_of(plain)
    return bool(kept.body) and content_of(kept) == plain


def _event(record: RawRecord, seq: int, prev: str, by: str) -> RawEvent:
    return event(
        record.seller,
        seq,
        prev,
        kind=record.kind,
        key=record.key,
        version=record.version,
        digest=record.digest,
        at=record.at,
        by=by,
    )
