"""Stores in SQL databases, through SQLAlchemy Core: ``sqlite:///shop.db``, ``postgresql+psycopg://host/database``.

The tables are those of :mod:`qsafety.storage.tables`; what differs between databases is in a
:class:`~qsafety.storage.dialect.Dialect`.
"""

import os
from collections.abc import Callable, Mapping, Sequence
from typing import Self, TypeVar

try:
    import sqlalchemy as sa
except ImportError as error:
    from qsafety.errors import MissingExtraError

    raise MissingExtraError("sql", "SQLAlchemy") from error

from sqlalchemy.exc import DBAPIError, SQLAlchemyError

from qsafety.bilingual import Bilingual
from qsafety.errors import (
    NotFoundError,
    SchemaTooNewError,
    SchemaTooOldError,
    StoreCorruptError,
    StoreError,
)
from qsafety.storage.backend import Backend, StoreUrl, Transaction
from qsafety.storage.dialect import TIMEOUT, WRITE, Dialect
from qsafety.storage.migrations import migrate
from qsafety.storage.mysql import MySql
from qsafety.storage.postgresql import PostgreSql
from qsafety.storage.refusals import closed, forked
from qsafety.storage.server import Other
from qsafety.storage.sql_transaction import SqlTransaction
from qsafety.storage.sqlite import OPENING, Sqlite
from qsafety.storage.statements import Statements
from qsafety.storage.tables import PREFIX, SCHEMA, Tables, tables

__all__ = ["SqlBackend", "Tables", "tables"]

T = TypeVar("T")
DIALECTS: Mapping[str, Callable[[], Dialect]] = {
    "sqlite": Sqlite,
    "postgresql+psycopg": PostgreSql,
    "mysql+pymysql": MySql,
    "mariadb+pymysql": MySql,
}
"""The databases of the house by the scheme of their URLs; ``sql+`` before any other scheme of SQLAlchemy's is :class:`Other`."""


class SqlBackend(Backend):
    """A store in a database. Errors of the driver come as :class:`~qsafety.errors.StoreError`."""

    def __init__(self, engine: sa.Engine, dialect: Dialect, place: str, known: Tables) -> None:
        self._engine = engine
        self._place = place
        self._process = os.getpid()
        self._open = True
        self.dialect = dialect
        self.capabilities = dialect.capabilities
        self.statements = Statements(known, engine.dialect)

    @classmethod
    def open(cls, url: StoreUrl, options: Mapping[str, str]) -> Self:
        """Open the database, and make the tables where they are absent unless ``create`` is ``"false"``.

        ``schema`` and ``prefix`` say where the tables are, as in :func:`tables`.
        """
        dialect = DIALECTS.get(url.scheme, Other)()
        known = tables(sa.MetaData(), schema=options.get("schema"), prefix=options.get("prefix", PREFIX))
        store = cls(dialect.engine(url, options), dialect, str(url), known)
        try:
            with store._connect(write=False, timeout=OPENING) as connection:
                store.capabilities = store.guard(lambda: dialect.claims(connection))
                found = store.guard(lambda: made(connection, known, store._place))
            if not found and options.get("create") == "false":
                raise no_tables(str(url))
            if not found:
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
            self.guard(lambda: check_layout(connection, self.statements, self._place))
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
            return self.guard(lambda: self.dialect.integrity(connection, self.statements.tables))

    def schema_version(self) -> int:
        """The version of the tables, 0 where there are none."""
        with self._connect(write=False, timeout=OPENING) as connection:
            return self.guard(lambda: layout_of(connection, self.statements.tables, self._place)) or 0

    def upgrade(self) -> None:
        """Make the tables where they are absent, and bring older ones to the present layout."""
        with self._connect(write=True, timeout=OPENING) as connection:
            self.guard(lambda: self._upgrade(connection))

    def _upgrade(self, connection: sa.Connection) -> None:
        with self.dialect.alone(connection):
            migrate(connection, self.statements.tables, layout_of(connection, self.statements.tables, self._place))
            connection.commit()

    def compact(self) -> None:
        """Leave no byte of what was emptied in any file."""
        self.guard(lambda: self.dialect.compact(self._engine, self.statements.tables))

    def guard(self, work: Callable[[], T]) -> T:
        """Do something with the driver; its errors come as ours."""
        return guarded(self.dialect, work)

    def _connect(self, *, write: bool, timeout: float) -> sa.Connection:
        if self._process != os.getpid():
            raise forked()
        if not self._open:
            raise closed()
        return self._begun(write, timeout, again=True)

    def _begun(self, write: bool, timeout: float, *, again: bool) -> sa.Connection:
        connection = self.guard(self._engine.connect).execution_options(**{WRITE: write, TIMEOUT: timeout})
        try:
            self.guard(connection.begin)
        except BaseException:
            gone = connection.invalidated
            connection.close()
            if gone and again:  # it was kept from before the server was restarted; all such are dropped now
                return self._begun(write, timeout, again=False)
            raise
        return connection


def layout_of(connection: sa.Connection, known: Tables, place: str) -> int | None:
    """The version of the tables, None where there are none."""
    table = known.schema
    there = sa.inspect(connection).has_table(table.name, schema=table.schema)
    return _number(connection.execute(sa.select(table.c.version_num)).scalar(), place) if there else None


def made(connection: sa.Connection, known: Tables, place: str) -> bool:
    """Whether the tables are there; a host that makes and migrates them with its own keeps no version of ours."""
    if layout_of(connection, known, place) is not None:
        return True
    inspector = sa.inspect(connection)
    return all(inspector.has_table(table.name, schema=table.schema) for table in known.all)


def check_layout(connection: sa.Connection, statements: Statements, place: str) -> None:
    """Refuse tables that are not of the present layout."""
    number = _number(connection.execute(statements.layout).scalar(), place)
    if number is not None and number < SCHEMA:
        raise SchemaTooOldError(
            Bilingual(
                f"{place} 由较旧版本的 qsafety 写成（结构 {number}，现为 {SCHEMA}）",
                f"{place} was written by an older qsafety (layout {number}, now {SCHEMA})",
            ),
            advice=Bilingual(
                f"请先备份，再运行：qsafety store upgrade {place}",
                f"Make a backup, then run: qsafety store upgrade {place}",
            ),
        )


def _number(number: str | None, place: str) -> int | None:
    if number is None:
        return None
    if not number.isdecimal():
        raise StoreCorruptError(
            Bilingual(f"{place} 的表结构版本“{number}”无法识别", f"{place}: unknown layout version {number!r}")
        )
    if int(number) > SCHEMA:
        raise SchemaTooNewError(
            Bilingual(
                f"{place} 由更新版本的 qsafety 写成（结构 {int(number)}，此处只识 {SCHEMA}）",
                f"{place} was written by a newer qsafety (layout {int(number)}, known here: {SCHEMA})",
            ),
            advice=Bilingual("请运行：pip install --upgrade qsafety", "Run: pip install --upgrade qsafety"),
        )
    return int(number)


def no_tables(place: str) -> NotFoundError:
    """The database has no tables of ours, and none are to be made."""
    return NotFoundError(
        Bilingual(f"{place} 中没有 qsafety 的数据表", f"{place} has no tables of qsafety"),
        advice=Bilingual(f"请运行：qsafety store upgrade {place}", f"Run: qsafety store upgrade {place}"),
    )


def guarded(dialect: Dialect, work: Callable[[], T]) -> T:
    """Do something with a driver; its errors come as ours, and never with the values that were written."""
    try:
        return work()
    except DBAPIError as error:
        cause = error.orig or error
        raise dialect.translate(cause) from cause
    except SQLAlchemyError as error:
        raise StoreError(Bilingual(f"数据库报告：{error}", f"the database says: {error}")) from error
