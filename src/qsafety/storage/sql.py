"""Stores in SQL databases, through SQLAlchemy Core: ``sqlite:///shop.db``.

The tables are those of :mod:`qsafety.storage.tables`; what differs between databases is in a
:class:`~qsafety.storage.dialect.Dialect`.
"""

import os
from collections.abc import Callable, Iterator, Mapping, Sequence
from operator import attrgetter
from typing import Any, Self, TypeVar

try:
    import sqlalchemy as sa
except ImportError as error:
    from qsafety.errors import MissingExtraError

    raise MissingExtraError("sql", "SQLAlchemy") from error

from sqlalchemy.exc import DBAPIError, IntegrityError

from qsafety.bilingual import Bilingual
from qsafety.errors import NotFoundError, SchemaTooNewError, StoreCorruptError
from qsafety.storage.backend import (
    Backend,
    RawEvent,
    RawQuery,
    RawRecord,
    StoreUrl,
    Transaction,
    append_conflict,
    put_conflict,
)
from qsafety.storage.dialect import TIMEOUT, WRITE, Dialect
from qsafety.storage.refusals import cannot_erase, closed, ended, forked, not_for_writing
from qsafety.storage.sqlite import OPENING, Sqlite
from qsafety.storage.statements import EVENT, RECORD, Insert, Statements
from qsafety.storage.tables import SCHEMA, Tables, tables

__all__ = ["SqlBackend", "Tables", "tables"]

T = TypeVar("T")
record_row = attrgetter(*RECORD)
event_row = attrgetter(*EVENT)
DIALECTS: Mapping[str, Callable[[], Dialect]] = {"sqlite": Sqlite}


class SqlBackend(Backend):
    """A store in a database. Errors of the driver come as :class:`~qsafety.errors.StoreError`."""

    def __init__(self, engine: sa.Engine, dialect: Dialect, place: str) -> None:
        self._engine = engine
        self._dialect = dialect
        self._place = place
        self._process = os.getpid()
        self._open = True
        self.capabilities = dialect.capabilities
        self.statements = Statements(tables(sa.MetaData()), engine)

    @classmethod
    def open(cls, url: StoreUrl, options: Mapping[str, str]) -> Self:
        """Open the database, and make the tables where they are absent unless ``create`` is ``"false"``."""
        dialect = DIALECTS[url.scheme]()
        store = cls(dialect.engine(url, options), dialect, str(url))
        try:
            found = store._layout()
            if found is None and options.get("create") == "false":
                raise NotFoundError(
                    Bilingual(f"{url} 中没有 qsafety 的数据表", f"{url} has no tables of qsafety"),
                    advice=Bilingual(f"请运行：qsafety store upgrade {url}", f"Run: qsafety store upgrade {url}"),
                )
            if found is None:
                store.upgrade()
        except BaseException:
            store.close()
            raise
        return store

    def begin(self, *, write: bool, timeout: float) -> Transaction:
        """A transaction on a connection of its own."""
        connection = self._connect(write=write, timeout=timeout)
        try:
            # the first read fixes what a reader sees; a layout that another process changed meanwhile is not touched
            self.guard(lambda: self._check_layout(connection))
        except BaseException:
            connection.close()
            raise
        return SqlTransaction(self, connection, write)

    def close(self) -> None:
        """Close all connections."""
        if self._open:
            self._open = False
            self._engine.dispose(close=self._process == os.getpid())

    def check(self) -> Sequence[Bilingual]:
        """What the database says of its own structure."""
        with self._connect(write=False, timeout=OPENING) as connection:
            return self.guard(lambda: self._dialect.integrity(connection))

    def schema_version(self) -> int:
        """The version of the tables, 0 where there are none."""
        return self._layout() or 0

    def upgrade(self) -> None:
        """Make the tables where they are absent."""
        known = self.statements.tables

        def make(connection: sa.Connection) -> None:
            known.schema.metadata.create_all(connection)
            if connection.execute(sa.select(known.schema)).first() is None:
                connection.execute(known.schema.insert().values(version_num=f"{SCHEMA:04d}"))
            connection.commit()

        with self._connect(write=True, timeout=OPENING) as connection:
            self.guard(lambda: make(connection))

    def compact(self) -> None:
        """Leave no byte of what was emptied in any file."""
        self.guard(lambda: self._dialect.compact(self._engine))

    def guard(self, work: Callable[[], T]) -> T:
        """Do something with the driver; its errors come as ours."""
        try:
            return work()
        except DBAPIError as error:
            raise self._dialect.translate(error.orig or error) from error

    def _connect(self, *, write: bool, timeout: float) -> sa.Connection:
        if self._process != os.getpid():
            raise forked()
        if not self._open:
            raise closed()
        connection = self.guard(self._engine.connect).execution_options(**{WRITE: write, TIMEOUT: timeout})
        try:
            self.guard(connection.begin)
        except BaseException:
            connection.close()
            raise
        return connection

    def _layout(self) -> int | None:
        with self._connect(write=False, timeout=OPENING) as connection:
            table = self.statements.tables.schema
            there = self.guard(lambda: sa.inspect(connection).has_table(table.name, schema=table.schema))
            return self.guard(lambda: self._check_layout(connection)) if there else None

    def _check_layout(self, connection: sa.Connection) -> int | None:
        number = connection.execute(self.statements.layout).scalar()
        if number is None:
            return None
        if not number.isdecimal():
            raise StoreCorruptError(
                Bilingual(
                    f"{self._place} 的表结构版本“{number}”无法识别", f"{self._place}: unknown layout version {number!r}"
                )
            )
        if int(number) > SCHEMA:
            raise SchemaTooNewError(
                Bilingual(
                    f"{self._place} 由更新版本的 qsafety 写成（结构 {int(number)}，此处只识 {SCHEMA}）",
                    f"{self._place} was written by a newer qsafety (layout {int(number)}, known here: {SCHEMA})",
                ),
                advice=Bilingual("请运行：pip install --upgrade qsafety", "Run: pip install --upgrade qsafety"),
            )
        return int(number)


def _record(row: Sequence[Any]) -> RawRecord:
    seller, kind, key, version, day, schema, body, digest, at = row
    return RawRecord(seller, kind, key, version, day, schema, _bytes(body), digest, at)


def _event(row: Sequence[Any]) -> RawEvent:
    seller, seq, prev, link, at, body = row
    return RawEvent(seller, seq, prev, link, at, _bytes(body))


def _bytes(body: Any) -> bytes:
    # in SQLite whoever edits the file by hand may leave text where bytes were: that must be seen as damage, not as a crash
    return body if type(body) is bytes else str(body).encode("utf-8", "surrogatepass")


def _next(record: RawRecord) -> dict[str, Any]:
    """What takes the place of the version before: the parameters of superseding and updating."""
    place = {"p_seller": record.seller, "p_kind": record.kind, "p_key": record.key, "p_old": record.version - 1}
    return place | {f"new_{name}": getattr(record, name) for name in RECORD[3:]}


class SqlTransaction(Transaction):
    """A transaction on one connection, which it gives back when it ends."""

    def __init__(self, store: SqlBackend, connection: sa.Connection, write: bool) -> None:
        self._store = store
        self._connection = connection
        self._write = write
        self._live = True
        self._forgot = False
        self._sql = store.statements

    def _check(self, *, write: bool = False) -> None:
        if not self._live:
            raise ended()
        if write and not self._write:
            raise not_for_writing()

    def _rows(self, statement: sa.Executable, **parameters: Any) -> Sequence[Any]:
        self._check()
        return self._store.guard(lambda: self._connection.execute(statement, parameters).all())

    def _change(self, statement: sa.Executable, **parameters: Any) -> int:
        self._check(write=True)
        return self._store.guard(lambda: self._connection.execute(statement, parameters).rowcount)

    def get(self, seller: str, kind: str, key: str) -> RawRecord | None:
        rows = self._rows(self._sql.get, p_seller=seller, p_kind=kind, p_key=key)
        return _record(rows[0]) if rows else None

    def put(self, record: RawRecord) -> None:
        self._check(write=True)
        rows = self._rows(self._sql.version, p_seller=record.seller, p_kind=record.kind, p_key=record.key)
        current = rows[0][0] if rows else 0
        if record.version != current + 1:
            raise put_conflict(record, current)
        if current == 0:
            self._insert(self._sql.insert, [record_row(record)])
        else:
            self._change(self._sql.supersede, **_next(record))
            self._change(self._sql.update, **_next(record))

    def put_many(self, records: Sequence[RawRecord]) -> None:
        """All together where they fit, else one by one, so that the one which does not is named."""
        self._check(write=True)
        if len(records) < 2 or not self._store.guard(lambda: self._put_together(records)):
            for record in records:
                self.put(record)

    def _put_together(self, records: Sequence[RawRecord]) -> bool:
        new = [record_row(record) for record in records if record.version == 1]
        next_ones = [_next(record) for record in records if record.version != 1]
        savepoint = self._connection.begin_nested()
        try:
            self._sql.insert.run(self._connection, new)
            fit = not next_ones or all(
                self._connection.execute(statement, next_ones).rowcount == len(next_ones)
                for statement in (self._sql.supersede, self._sql.update)
            )
        except IntegrityError:
            fit = False
        if fit:
            savepoint.commit()
        else:
            savepoint.rollback()
        return fit

    def _insert(self, insert: Insert, rows: Sequence[tuple[Any, ...]]) -> None:
        def run() -> None:
            insert.run(self._connection, rows)

        self._store.guard(run)

    def scan(self, query: RawQuery) -> Iterator[RawRecord]:
        return (_record(row) for row in self._rows(self._sql.scan(query)))

    def history(self, seller: str, kind: str, key: str) -> Iterator[RawRecord]:
        place = {"p_seller": seller, "p_kind": kind, "p_key": key}
        rows = [*self._rows(self._sql.older, **place), *self._rows(self._sql.get, **place)]
        return (_record(row) for row in rows)

    def append(self, event: RawEvent) -> None:
        self.append_many([event])

    def append_many(self, events: Sequence[RawEvent]) -> None:
        """Checked one after another, written together."""
        self._check(write=True)
        heads: dict[str, tuple[int, str]] = {}
        began: dict[str, int] = {}
        for event in events:
            if event.seller not in heads:
                heads[event.seller] = self.head(event.seller)
                began[event.seller] = heads[event.seller][0]
            seq, link = heads[event.seller]
            if event.seq != seq + 1 or event.prev != link:
                raise append_conflict(event, seq)
            heads[event.seller] = (event.seq, event.link)
        self._insert(self._sql.append, [event_row(event) for event in events])
        for seller, (seq, link) in heads.items():
            if began[seller]:
                self._change(self._sql.next_head, p_seller=seller, p_seq=seq, p_link=link)
            else:
                self._change(self._sql.first_head, seller=seller, seq=seq, link=link)

    def head(self, seller: str) -> tuple[int, str]:
        """The seller's row in the table of heads, which stays locked until the end where the database locks rows."""
        rows = self._rows(self._sql.head, p_seller=seller)
        return (rows[0][0], rows[0][1]) if rows else (0, "")

    def events(self, seller: str, *, after: int, limit: int) -> Iterator[RawEvent]:
        rows = self._rows(self._sql.events, p_seller=seller, p_after=after, p_limit=limit)
        return (_event(row) for row in rows)

    def sellers(self, *, after: str | None, limit: int) -> Iterator[str]:
        if after is None:
            rows = self._rows(self._sql.sellers, p_limit=limit)
        else:
            rows = self._rows(self._sql.sellers_after, p_after=after, p_limit=limit)
        return iter(sorted(row[0] for row in rows))

    def forget(self, seller: str, kind: str, key: str) -> int:
        self._check(write=True)
        if not self._store.capabilities.erasure:
            raise cannot_erase()
        count = sum(self._change(update, p_seller=seller, p_kind=kind, p_key=key) for update in self._sql.forget)
        self._forgot = self._forgot or count > 0
        return count

    def commit(self) -> None:
        if not self._live:
            return
        try:
            self._store.guard(self._connection.commit)
        finally:
            self._end()
        if self._forgot:
            self._store.compact()

    def rollback(self) -> None:
        if self._live:
            try:
                self._store.guard(self._connection.rollback)
            finally:
                self._end()

    def _end(self) -> None:
        self._live = False
        self._connection.close()
