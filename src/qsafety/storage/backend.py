"""The author's side of storage: what a backend is, and the twelve promises it keeps.

A backend sees opaque, already validated bytes and never a fact. To bring one: subclass :class:`Backend` and
:class:`Transaction`, and name the class in the entry-point group ``qsafety.backends`` under the scheme of its URLs.
"""

import heapq
from abc import ABC, abstractmethod
from collections.abc import Iterable, Iterator, Mapping, Sequence
from types import TracebackType
from typing import Literal, Self

from attrs import field, frozen
from attrs.validators import ge, in_

from qsafety.bilingual import Bilingual
from qsafety.errors import ConflictError
from qsafety.storage.url import StoreUrl

__all__ = [
    "KEY_BYTES",
    "KIND_BYTES",
    "PROTOCOL",
    "SELLER_BYTES",
    "Backend",
    "Capabilities",
    "Durability",
    "Isolation",
    "RawEvent",
    "RawQuery",
    "RawRecord",
    "StoreUrl",
    "Transaction",
    "Writers",
    "append_conflict",
    "put_conflict",
]

PROTOCOL = (1, 0)
"""The version of this protocol. A minor version adds only concrete methods and fields with defaults."""

SELLER_BYTES, KIND_BYTES, KEY_BYTES = 255, 64, 1024
"""How long a seller, a kind and a key may be, in bytes of UTF-8. No tab, line break or NUL is ever among them."""

Durability = Literal["none", "process-crash", "power-loss"]
Writers = Literal["one-process", "many-processes", "many-hosts"]
Isolation = Literal["read-committed", "snapshot", "serializable"]


@frozen
class Capabilities:
    """What a backend claims beyond atomic transactions and read-committed; each claim turns tests on.

    ``durability``: ``process-crash``, what was committed is there after the process is killed; ``power-loss``, also after the power
    fails: the file, and its entry in the folder, are on the disk before ``commit`` returns, and a torn end is passed over when the
    store is opened. ``writers``: who may write at the same time. ``isolation``: ``snapshot``, a transaction sees one state from its
    first read on; ``serializable``, the outcome is that of some order one after the other (one writer at a time is that).
    ``erasure``: :meth:`Transaction.forget` physically removes bytes. ``max_body_bytes``: the longest body it takes,
    None for no limit.
    """

    durability: Durability = field(default="none", validator=in_(("none", "process-crash", "power-loss")))
    writers: Writers = field(default="one-process", validator=in_(("one-process", "many-processes", "many-hosts")))
    isolation: Isolation = field(
        default="read-committed", validator=in_(("read-committed", "snapshot", "serializable"))
    )
    erasure: bool = False
    max_body_bytes: int | None = None


def _size(body: object) -> str:
    return f"<{len(body)} bytes>" if isinstance(body, bytes) else repr(type(body))  # what is in it is nobody's business


@frozen
class RawRecord:
    """One version of one record. Keys lead with the seller, so that a store can be split by seller.

    ``version`` counts from 1; ``day`` (``2024-01-31``, None for a standing fact) is the only other thing worth an
    index; ``body`` is canonical JSON in UTF-8 and ``digest`` its SHA-256 in hex, both made by the store; ``at`` is
    the instant at which the store witnessed the version (empty: see the journal).
    """

    seller: str
    kind: str
    key: str
    version: int
    day: str | None
    schema: int
    body: bytes = field(repr=_size)
    digest: str
    at: str = ""

    @property
    def place(self) -> tuple[str, str, str]:
        """Seller, kind and key: what the versions of one record share, and the order of a scan."""
        return (self.seller, self.kind, self.key)


@frozen
class RawEvent:
    """One event of a seller's journal: ``seq`` counts from 1, ``prev`` is the link before (empty for the first)."""

    seller: str
    seq: int
    prev: str
    link: str
    at: str
    body: bytes = field(repr=_size)


@frozen(kw_only=True)
class RawQuery:
    """Which records to scan: a page of at most ``limit``, after the place last seen.

    Days are inclusive, and ``day=None`` never matches one.

    >>> record = RawRecord("hz01", "hazard", "H1", 1, "2024-01-31", 1, b"{}", "44136fa3")
    >>> RawQuery(limit=10, kind="hazard", day_from="2024-02-01").page([record])
    []
    """

    limit: int = field(validator=ge(1))
    after: tuple[str, str, str] | None = None
    seller: str | None = None
    kind: str | None = None
    day_from: str | None = None
    day_to: str | None = None

    def matches(self, record: RawRecord) -> bool:
        """Whether a record is one that is asked for."""
        return (
            (self.seller is None or record.seller == self.seller)
            and (self.kind is None or record.kind == self.kind)
            and (self.day_from is None or (record.day is not None and record.day >= self.day_from))
            and (self.day_to is None or (record.day is not None and record.day <= self.day_to))
            and (self.after is None or record.place > self.after)
        )

    def page(self, records: Iterable[RawRecord]) -> list[RawRecord]:
        """The page out of the latest versions of all records, for a backend without indexes: filters, orders and cuts."""
        return heapq.nsmallest(self.limit, filter(self.matches, records), key=lambda record: record.place)


def put_conflict(record: RawRecord, actual: int) -> ConflictError:
    """The error of promise 4: the version put is not the current one plus one."""
    place = "/".join(record.place)
    return ConflictError(
        Bilingual(
            f"{place}：写入第 {record.version} 版，而当前为第 {actual} 版",
            f"{place}: version {record.version} was put, and {actual} is current",
        ),
        expected=record.version - 1,
        actual=actual,
        advice=Bilingual("请重新读取当前版本后再写。", "Read the current version and try again."),
    )


def append_conflict(event: RawEvent, actual: int) -> ConflictError:
    """The error of promise 5: the event does not follow the last one."""
    return ConflictError(
        Bilingual(
            f"{event.seller} 的日志：追加第 {event.seq} 条，而最后一条为第 {actual} 条，或前链不符",
            f"the journal of {event.seller}: event {event.seq} was appended, and {actual} is the last, or its link is another",
        ),
        expected=event.seq - 1,
        actual=actual,
    )


class Transaction(ABC):
    """All or nothing. A context manager: leaving it without :meth:`commit` rolls back. Used by one thread.

    After commit or rollback, both are no-ops, and everything else is :class:`~qsafety.errors.StoreError`; so is
    writing in a ``write=False`` transaction (promise 6).
    """

    @abstractmethod
    def get(self, seller: str, kind: str, key: str) -> RawRecord | None:
        """The current version, or None. What is returned is a copy (promise 8), text and bytes exactly as put (promise 9)."""

    @abstractmethod
    def put(self, record: RawRecord) -> None:
        """Keep the next version. ``record.version`` must be the current one plus one.

        Else :class:`~qsafety.errors.ConflictError`, with ``expected = record.version - 1`` and the current version (0
        when absent) as ``actual``, whatever other handles or processes do (promise 4).
        """

    @abstractmethod
    def scan(self, query: RawQuery) -> Iterator[RawRecord]:
        """The latest version of each key that the query asks for, by (seller, kind, key) in code-point order (promise 3)."""

    @abstractmethod
    def history(self, seller: str, kind: str, key: str) -> Iterator[RawRecord]:
        """Versions 1, 2, 3 …, the current one included (promise 4)."""

    @abstractmethod
    def append(self, event: RawEvent) -> None:
        """Add to the seller's journal: the last seq plus one, with the last link as ``prev``.

        The first seq is 1, its prev empty. Else :class:`~qsafety.errors.ConflictError`, with ``event.seq - 1`` and
        the last seq (promise 5).
        """

    @abstractmethod
    def events(self, seller: str, *, after: int, limit: int) -> Iterator[RawEvent]:
        """At most ``limit`` events of the journal with a seq greater than ``after``; ``after=0`` begins at the first."""

    @abstractmethod
    def sellers(self, *, after: str | None, limit: int) -> Iterator[str]:
        """Each seller with a record once, in code-point order, at most ``limit`` of those greater than ``after``."""

    @abstractmethod
    def forget(self, seller: str, kind: str, key: str) -> int:
        """Empty the body of every version and return how many there are (0 when absent); version and digest stay.

        Without the claim: :class:`~qsafety.errors.CapabilityError`.
        """

    @abstractmethod
    def commit(self) -> None:
        """Make it so; returns only after the claimed durability (promise 11)."""

    @abstractmethod
    def rollback(self) -> None:
        """Undo everything since the beginning."""

    # What follows works as it stands; a backend overrides it where it can do better.

    def head(self, seller: str) -> tuple[int, str]:
        """Seq and link of the last event, ``(0, "")`` without one.

        A backend that lets several write at once overrides this to keep other writers of this seller waiting until
        the transaction ends: then a concurrent writer waits and never fails. As it stands it halves its way to the
        end of a journal without gaps.
        """
        low, step, last = 0, 1, RawEvent(seller, 0, "", "", "", b"")
        while (found := next(iter(self.events(seller, after=low + step - 1, limit=1)), None)) is not None:
            if found.seq < low + step:  # ``after`` taken as inclusive: it would never end
                break
            low, step, last = found.seq, step * 2, found
        high = low + step  # seq ``low`` is there (or 0), ``high`` is not
        while high - low > 1:
            middle = (low + high) // 2
            found = next(iter(self.events(seller, after=middle - 1, limit=1)), None)
            if found is None:
                high = middle
            else:
                low, last = found.seq, found
        return last.seq, last.link

    def put_many(self, records: Sequence[RawRecord]) -> None:
        """Put several, in order; after an error the transaction can only be rolled back."""
        for record in records:
            self.put(record)

    def append_many(self, events: Sequence[RawEvent]) -> None:
        """Append several, in order; after an error the transaction can only be rolled back."""
        for event in events:
            self.append(event)

    def __enter__(self) -> Self:
        return self

    def __exit__(
        self, kind: type[BaseException] | None, error: BaseException | None, trace: TracebackType | None
    ) -> None:
        self.rollback()


class Backend(ABC):
    """A place where records are kept. Twelve promises make it one:

    1. A transaction sees its own writes, and of others only what is committed.
    2. All of a transaction is kept, or nothing.
    3. ``scan`` yields the latest version of each key, by (seller, kind, key) in code-point order, to the last page;
       ``sellers`` each seller with a record once.
    4. ``put`` of any version but the current plus one is a conflict, whatever other handles or processes do; every
       version stays in ``history``.
    5. ``append`` takes the last seq plus one with the last link as prev, else it is a conflict; ``events(after=0)``
       begins at the first.
    6. After commit or rollback both are no-ops and the rest is an error; closing twice is fine; writing in a
       ``write=False`` transaction is a StoreError; ``begin`` raises TransientError after ``timeout`` seconds.
    7. A Backend is shared by threads, a Transaction is not; after a fork, open anew.
    8. What is returned is a copy.
    9. Text and bytes come back exactly, keys are compared by code point; ``forget`` empties every version's body and
       returns how many.
    10. A full disk, a lost server, a read-only file is a StoreError, and leaves the last commit.
    11. After ``commit`` the claimed durability holds.
    12. The ``commit`` of a transaction that joined a host's flushes; durability is the host's.
    """

    capabilities: Capabilities

    @classmethod
    @abstractmethod
    def open(cls, url: StoreUrl, options: Mapping[str, str]) -> Self:
        """Open the store. ``options`` are the URL's query; ``create`` is ``"false"`` there when nothing may be made.

        What cannot be opened is a :class:`~qsafety.errors.StoreError`, an option that is not known too.
        """

    @abstractmethod
    def begin(self, *, write: bool, timeout: float) -> Transaction:
        """Begin a transaction, waiting at most ``timeout`` seconds for others; then :class:`~qsafety.errors.TransientError`."""

    @abstractmethod
    def close(self) -> None:
        """Let go of everything; what is not committed is rolled back. Twice is fine."""

    def check(self) -> Sequence[Bilingual | str]:
        """What is damaged in the backend's own structure, one sentence each; records and chains are checked by the store."""
        return ()

    def schema_version(self) -> int:
        """The version of the backend's own layout, as it stands on disk."""
        return 1

    def upgrade(self) -> None:  # noqa: B027 # nothing to do is right for a backend without a layout of its own
        """Bring the layout to the newest version, and make it where it is absent. Running it twice is fine."""
