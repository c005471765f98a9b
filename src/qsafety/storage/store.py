"""The store: what users hold. It keeps facts with their history, their witnesses and their chain."""

import time
from collections.abc import Callable, Generator, Iterator, Sequence
from contextlib import contextmanager
from datetime import UTC, date, datetime
from types import TracebackType
from typing import TYPE_CHECKING, Any, Self, TypeVar, get_args

from qsafety.bilingual import Bilingual
from qsafety.dossier import Dossier, Fact
from qsafety.errors import CapabilityError, MissingExtraError, StoreError, TransientError
from qsafety.storage.backend import Backend, Capabilities, Durability, StoreUrl, Writers
from qsafety.storage.check import StoreCheck, check
from qsafety.storage.copying import copy
from qsafety.storage.discovery import backend
from qsafety.storage.journal import Entry
from qsafety.storage.keys import check_author
from qsafety.storage.transaction import Stored, StoreTransaction

if TYPE_CHECKING:
    from sqlalchemy import Connection
    from sqlalchemy.orm import Session, scoped_session

T = TypeVar("T", bound=Fact)
R = TypeVar("R")


def _now() -> datetime:
    return datetime.now(UTC)


class Store:
    """Facts of many sellers, each with every version it ever had. Shared by threads; after a fork, open anew.

    Made by :func:`open_store`; a context manager that closes itself. Each method below is a transaction of its own;
    :meth:`transaction` makes one of several.
    """

    def __init__(
        self,
        backend: Backend,
        *,
        name: str = "",
        journal: bool = True,
        timeout: float = 30.0,
        clock: Callable[[], datetime] = _now,
    ) -> None:
        self._backend = backend
        self._name = name
        self._journal = journal
        self._timeout = timeout
        self._clock = clock

    @property
    def capabilities(self) -> Capabilities:
        """What the backend claims."""
        return self._backend.capabilities

    @contextmanager
    def transaction(self, *, write: bool = True, by: str | None = None) -> Generator[StoreTransaction]:
        """Several reads and writes as one: committed when the block ends normally, rolled back on an exception.

        ``by`` is who writes, for the journal; without it a record's own ``recorded_by``. Another writer is waited
        for, at most the store's ``timeout``; then :class:`~qsafety.errors.TransientError`.
        """
        if by is not None:
            check_author(by)
        with self._backend.begin(write=write, timeout=self._timeout) as raw:
            yield StoreTransaction(raw, self._backend.capabilities, self._clock, self._journal, by)
            if write:
                raw.commit()

    def save(self, dossier: Dossier, *, by: str | None = None) -> int:
        """Keep a whole dossier in one transaction; how many facts were new or changed. See :meth:`StoreTransaction.save`."""
        with self.transaction(by=by) as tx:
            return tx.save(dossier)

    def dossier(self, seller: str, *, since: date | None = None, until: date | None = None) -> Dossier:
        """All that is kept of a seller, equal to what was saved. See :meth:`StoreTransaction.dossier`."""
        with self.transaction(write=False) as tx:
            return tx.dossier(seller, since=since, until=until)

    def put(self, seller: str, fact: Fact, *, expected: int | None = None, by: str | None = None) -> int:
        """Keep a fact as the next version of its id; returns that version. See :meth:`StoreTransaction.put`."""
        with self.transaction(by=by) as tx:
            return tx.put(seller, fact, expected=expected)

    def get(self, seller: str, kind: type[T], key: str) -> Stored[T] | None:
        """The current version of a record, or None."""
        with self.transaction(write=False) as tx:
            return tx.get(seller, kind, key)

    def scan(
        self, seller: str, kind: type[T], *, since: date | None = None, until: date | None = None
    ) -> Iterator[Stored[T]]:
        """The current version of each record of a kind, by id, as one moment saw them."""
        with self.transaction(write=False) as tx:
            yield from tx.scan(seller, kind, since=since, until=until)

    def history(self, seller: str, kind: type[T], key: str) -> list[Stored[T]]:
        """Every version of a record, oldest first."""
        with self.transaction(write=False) as tx:
            return tx.history(seller, kind, key)

    def journal(self, seller: str, *, after: int = 0) -> Iterator[Entry]:
        """The entries of a seller's journal after a given number, first to last."""
        with self.transaction(write=False) as tx:
            yield from tx.journal(seller, after=after)

    def sellers(self) -> list[str]:
        """The id of every seller, in order."""
        with self.transaction(write=False) as tx:
            return tx.sellers()

    def erase(self, seller: str, person: str, *, by: str | None = None) -> int:
        """Remove a person's data physically; how many versions were emptied. See :meth:`StoreTransaction.erase`."""
        with self.transaction(by=by) as tx:
            return tx.erase(seller, person)

    def check(self) -> StoreCheck:
        """Compare records, histories and journals; ``.ok``, ``.problems``, ``.notes``. Damage is reported, never raised."""
        return check(self._backend, self._timeout)

    def copy_to(self, target: "Store") -> int:
        """Write everything into another store: every version, its instant, and the journals; how many sellers were written.

        Each seller is one transaction. A seller that is there already, to the last event, is left, so that a copy which was
        broken off can be run again; one that is there with anything else is :class:`~qsafety.errors.ConflictError`.
        """
        if not isinstance(target, Store):
            raise StoreError(
                Bilingual(
                    f"应为 Store，而非 {type(target).__name__}",
                    f"a Store was expected, and {type(target).__name__} came",
                ),
                advice=Bilingual("请先 open_store(地址)。", "Open it first: open_store(url)."),
            )
        return copy(self._backend, target._backend, self._timeout)

    def upgrade(self) -> None:
        """Bring the layout of the store to the newest version."""
        self._backend.upgrade()

    def close(self) -> None:
        """Let go of it. Twice is fine."""
        self._backend.close()

    def __enter__(self) -> Self:
        return self

    def __exit__(
        self, kind: type[BaseException] | None, error: BaseException | None, trace: TracebackType | None
    ) -> None:
        self.close()

    def __repr__(self) -> str:
        return f"Store({self._name})"


def open_store(
    url: str | StoreUrl | None = None,
    *,
    session: "Session | scoped_session[Any] | None" = None,
    connection: "Connection | None" = None,
    durability: Durability | None = None,
    writers: Writers | None = None,
    create: bool = True,
    journal: bool = True,
    timeout: float = 30.0,
    schema: str | None = None,
    prefix: str | None = None,
    clock: Callable[[], datetime] = _now,
    override: bool = False,
) -> Store:
    """Open a store by its URL (``memory://``, ``sqlite:///shop.db``, ``postgresql+psycopg://host/database``), or in a host's transaction.

    ``durability`` and ``writers`` say what is needed at least: a store that claims less is refused
    (:class:`~qsafety.errors.CapabilityError`). Without ``create`` nothing is made where nothing is. Without
    ``journal`` no chain is kept. ``timeout``: seconds to wait for other writers. ``schema`` and ``prefix`` say where
    the tables are in a SQL database. ``clock`` gives the instant at which a version is witnessed. ``override`` lets
    an installed package serve a scheme of the house.

    With a host's SQLAlchemy ``session`` or ``connection`` in place of a URL the store writes in the host's own
    transaction, behind savepoints: it is for the host to commit or to roll back. Tables are never made there.

    >>> from qsafety.dossier import Dossier, ProductLine, Seller
    >>> shop = Dossier(seller=Seller(id="hz01", name="示例店"), products=[ProductLine(id="ebike", name="电动自行车")])
    >>> with open_store("memory://") as store:
    ...     store.save(shop), store.save(shop), store.dossier("hz01") == shop
    (2, 0, True)
    """
    if (url is not None) + (session is not None) + (connection is not None) != 1:
        raise StoreError(
            Bilingual(
                "应给出存储地址、session 或 connection 之一", "give a URL, a session or a connection: one of them"
            )
        )
    _check_seconds(timeout)
    name, opened = _opened(url, session, connection, schema, prefix, create=create, override=override)
    try:
        _demand(name, "durability", get_args(Durability), opened.capabilities.durability, durability)
        _demand(name, "writers", get_args(Writers), opened.capabilities.writers, writers)
    except BaseException:
        opened.close()
        raise
    return Store(opened, name=name, journal=journal, timeout=timeout, clock=clock)


def _opened(
    url: str | StoreUrl | None,
    session: object,
    connection: object,
    schema: str | None,
    prefix: str | None,
    *,
    create: bool,
    override: bool,
) -> tuple[str, Backend]:
    if url is None:
        try:
            from qsafety.storage.joined import join
        except ImportError as error:
            raise MissingExtraError("sql", "SQLAlchemy") from error

        joined = join(session, connection, schema=schema, prefix=prefix)
        return joined.place, joined
    where = url if isinstance(url, StoreUrl) else StoreUrl.parse(str(url))  # a path gets the advice that text gets
    options = dict(where.query)
    if not create:
        options["create"] = "false"
    options |= {name: value for name, value in (("schema", schema), ("prefix", prefix)) if value is not None}
    return str(where), backend(where.scheme, override=override).open(where, options)


def _check_seconds(timeout: object) -> None:
    if not (isinstance(timeout, int | float) and timeout >= 0):
        raise StoreError(
            Bilingual(
                f"timeout：应为秒数，而非 {timeout!r}", f"timeout: a number of seconds was expected, not {timeout!r}"
            )
        )


def _demand(url: str, name: str, ranks: Sequence[str], claimed: str, asked: str | None) -> None:
    if asked is None:
        return
    if asked not in ranks:
        raise StoreError(
            Bilingual(f"{name}：没有“{asked}”这一级", f"{name}: there is no {asked!r}"),
            advice=Bilingual(f"可用：{'、'.join(ranks)}。", f"Known: {', '.join(ranks)}."),
        )
    if ranks.index(claimed) < ranks.index(asked):
        raise CapabilityError(
            Bilingual(
                f"{url} 只承诺 {name}={claimed}，不及所要求的 {asked}",
                f"{url} claims {name}={claimed}, less than the {asked} that was asked for",
            ),
            advice=Bilingual(
                "请改用承诺更高的存储，例如 sqlite:///。", "Use a store that claims it, such as sqlite:///."
            ),
        )


def run_transaction(
    store: Store, fn: Callable[[StoreTransaction], R], *, attempts: int = 5, by: str | None = None
) -> R:
    """Call ``fn(tx)`` in a transaction and return what it returns; when the store is busy or lost for a moment, do all of it again.

    ``fn`` may run several times, so it should do nothing but read and write through ``tx``. After ``attempts`` the
    last :class:`~qsafety.errors.TransientError` is raised.
    """
    for attempt in range(1, attempts):
        try:
            with store.transaction(by=by) as tx:
                return fn(tx)
        except TransientError:
            time.sleep(0.05 * 2**attempt)
    with store.transaction(by=by) as tx:
        return fn(tx)
