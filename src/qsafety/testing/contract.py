"""What all contracts share: the store under test, the hooks that an author may fill in, and the records to keep in it."""

import functools
import hashlib
import threading
from collections.abc import Callable, Generator, Iterable, Iterator
from contextlib import AbstractContextManager, suppress
from typing import Any, NoReturn, TypeVar

import attrs
import pytest

from qsafety.errors import StoreError, TransientError
from qsafety.storage import Backend, RawEvent, RawQuery, RawRecord, StoreUrl, Transaction
from qsafety.storage.discovery import backend as backend_of
from qsafety.testing.promises import LIMIT, PROMISES, UNCLAIMED, promise_of

T = TypeVar("T")
Place = tuple[str, str, str]
Peeked = tuple[str, str, str, int, str]

WAIT = 10.0
"""Seconds to wait for a writer that will soon have done."""
SHORT = 0.3
"""Seconds to wait where another transaction stays open: whoever must wait there gives up after them."""


@attrs.frozen
class Joined:
    """A backend within a host's transaction, and how the host ends it."""

    backend: Backend
    commit: Callable[[], object]
    rollback: Callable[[], object]


class Contract:
    """The base of all contracts. A subclass named ``Test…`` gives ``url``, a fixture: a fresh and empty store for each test."""

    def __init_subclass__(cls, **more: Any) -> None:
        super().__init_subclass__(**more)
        for name, test in list(vars(cls).items()):
            number = promise_of(name)
            if number is not None and test.__module__.startswith(__package__ or "qsafety.testing"):
                setattr(cls, name, _bounded(test, number))

    @pytest.fixture
    def url(self) -> str:
        """The URL of a fresh and empty store: to be overridden, mostly with ``tmp_path``."""
        pytest.fail(f"{type(self).__name__} must have a fixture `url`, the URL of a fresh store", pytrace=False)

    def open(self, url: str) -> Backend:
        """The backend at a URL: to be overridden by whoever has not installed the entry point yet."""
        place = StoreUrl.parse(url)
        return backend_of(place.scheme).open(place, place.query)

    def peek(self, url: str) -> Iterable[Peeked] | None:
        """Every (seller, kind, key, version, digest) that is stored, read NOT through the backend; None: not given."""
        return None

    def spoil(self, url: str) -> object:
        """Flip one byte of what is stored, behind the backend's back; ``NotImplemented``: not given."""
        return NotImplemented

    def join(self, url: str) -> AbstractContextManager[Joined] | None:
        """The store within a host's transaction, for a backend that joins one; None: it joins none."""
        return None

    @pytest.fixture
    def backend(self, url: str) -> Generator[Backend]:
        """The store under test, open."""
        opened = self.open(url)
        yield opened
        # a store whose test hangs may hang here too
        closing = threading.Thread(target=_quietly(opened.close), daemon=True)
        closing.start()
        closing.join(WAIT)


def _quietly(work: Callable[[], object]) -> Callable[[], None]:
    def quiet() -> None:
        with suppress(StoreError):
            work()

    return quiet


def _bounded(test: Callable[..., object], number: int) -> Callable[..., None]:
    """The same test in a thread of its own: a backend that never comes back fails it, and holds up nothing else."""

    @functools.wraps(test)
    def bounded(*args: Any, **kwargs: Any) -> None:
        raised: list[BaseException] = []

        def run() -> None:
            try:
                test(*args, **kwargs)
            except BaseException as error:
                raised.append(error)

        thread = threading.Thread(target=run, daemon=True)
        thread.start()
        thread.join(LIMIT)
        if thread.is_alive():
            pytest.fail(f"it hangs: no answer after {LIMIT:.0f} s (promise {number}: {PROMISES[number].en})")
        if raised:
            if not isinstance(raised[0], pytest.skip.Exception):
                raised[0].add_note(f"promise {number}: {PROMISES[number].en}")
            raise raised[0]

    bounded.__doc__ = f"{number}. {PROMISES[number].en} {test.__doc__ or ''}".strip()
    return bounded


def unclaimed(what: str) -> NoReturn:
    """Skip: there is no such claim to prove."""
    pytest.skip(UNCLAIMED + what)


def record(
    key: str = "A",
    version: int = 1,
    *,
    seller: str = "s1",
    kind: str = "k",
    day: str | None = None,
    schema: int = 1,
    body: str | None = None,
) -> RawRecord:
    """A version of a record, its body canonical JSON, its digest right; no two versions have equal bodies."""
    text = f'{{"is":"{seller} {kind} {len(key)}","version":{version}}}' if body is None else body
    data = text.encode("utf-8")
    return RawRecord(seller, kind, key, version, day, schema, data, hashlib.sha256(data).hexdigest())


def link(seller: str, seq: int) -> str:
    """The link of an event; before the first it is empty."""
    return hashlib.sha256(f"{seller} {seq}".encode()).hexdigest() if seq else ""


def event(seq: int, seller: str = "s1", body: str = '{"by":"李四"}') -> RawEvent:
    """An event that follows the one before."""
    at = f"2024-01-31T00:00:00.{seq:06d}Z"
    return RawEvent(seller, seq, link(seller, seq - 1), link(seller, seq), at, body.encode("utf-8"))


def writing(backend: Backend, timeout: float = WAIT) -> Transaction:
    """Begin to write."""
    return backend.begin(write=True, timeout=timeout)


def reading(backend: Backend, timeout: float = WAIT) -> Transaction:
    """Begin to read."""
    return backend.begin(write=False, timeout=timeout)


def keep(backend: Backend, *records: RawRecord, events: Iterable[RawEvent] = ()) -> None:
    """Put and append in one transaction."""
    with writing(backend) as tx:
        for each in records:
            tx.put(each)
        for each_event in events:
            tx.append(each_event)
        tx.commit()


def found(backend: Backend, look: Callable[[Transaction], T]) -> T:
    """What a new transaction sees."""
    with reading(backend) as tx:
        return look(tx)


def pages(tx: Transaction, query: RawQuery) -> Iterator[RawRecord]:
    """All records of a query, page by page to the last."""
    while page := list(tx.scan(query)):
        assert len(page) <= query.limit, f"a page of {len(page)} where {query.limit} was asked for"
        places = [each.place for each in page]
        assert query.after is None or places[0] > query.after, f"{places[0]} does not come after {query.after}"
        yield from page
        query = attrs.evolve(query, after=places[-1])


def everything(tx: Transaction, *, limit: int = 0) -> list[RawRecord]:
    """All records, latest versions; with a limit page by page."""
    return list(pages(tx, RawQuery(limit=limit)) if limit else tx.scan(RawQuery(limit=99_999)))


def versions(tx: Transaction, key: str = "A", *, seller: str = "s1", kind: str = "k") -> list[int]:
    """The versions in a record's history."""
    return [each.version for each in tx.history(seller, kind, key)]


def refused(work: Callable[[], object], *kinds: type[BaseException]) -> bool:
    """Whether it was refused with one of these; whatever else is raised comes through."""
    try:
        work()
    except Exception as error:
        if not isinstance(error, kinds or (TransientError,)):
            raise
        return True
    return False


def shares(contract: Contract, url: str, backend: Backend) -> Backend:
    """A second handle on the same store; where every opening is a store of its own there is nothing to prove."""
    keep(backend, record("probe", seller="probe"))
    try:
        other = contract.open(url)
    except StoreError:
        if backend.capabilities.writers == "one-process":
            unclaimed("second handle")
        raise
    if backend.capabilities.durability == "none" and backend.capabilities.writers == "one-process":
        there = found(other, lambda tx: tx.get("probe", "k", "probe"))
        if there is None:
            other.close()
            unclaimed("second handle")
    return other
