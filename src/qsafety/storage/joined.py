"""A store in a host's own transaction: its records are committed with the host's, or not at all.

What is written stands behind a savepoint of ours; the transaction around it is the host's to commit or to roll back.
On a database that locks rows, the seller's head stays locked until then: another who writes to the same seller waits.
"""

from collections.abc import Callable, Mapping, Sequence
from contextlib import suppress
from typing import Self, TypeVar

import sqlalchemy as sa
from attrs import evolve
from sqlalchemy.exc import DBAPIError
from sqlalchemy.orm import Session, scoped_session

from qsafety.bilingual import Bilingual
from qsafety.errors import StoreError
from qsafety.storage.backend import Backend, StoreUrl, Transaction
from qsafety.storage.columns import MYSQL
from qsafety.storage.dialect import Dialect
from qsafety.storage.mysql import MySql
from qsafety.storage.postgresql import PostgreSql
from qsafety.storage.refusals import closed
from qsafety.storage.server import Other
from qsafety.storage.sql import check_layout, guarded, made, no_tables
from qsafety.storage.sql_transaction import SqlTransaction
from qsafety.storage.sqlite import Sqlite
from qsafety.storage.statements import Statements
from qsafety.storage.tables import PREFIX, tables

__all__ = ["JoinedBackend", "join"]

T = TypeVar("T")
_DIALECTS: dict[str, Callable[[], Dialect]] = {
    "sqlite": Sqlite,
    "postgresql": PostgreSql,
    "mysql": MySql,
    "mariadb": MySql,
}


class JoinedBackend(Backend):
    """The tables of a store, seen through a host's session or connection."""

    def __init__(
        self, host: "Session | scoped_session[Session] | sa.Connection", *, schema: str | None, prefix: str | None
    ) -> None:
        self._host = host
        self._open = True
        connection = self._connection()
        self.dialect = _DIALECTS.get(connection.dialect.name, Other)()
        # when it is on the disk, and who sees what, is for the host to say; files cannot be compacted within a transaction
        self.capabilities = evolve(
            self.dialect.capabilities, durability="none", isolation="read-committed", erasure=False
        )
        known = tables(sa.MetaData(), schema=schema, prefix=PREFIX if prefix is None else prefix)
        self.statements = Statements(known, connection.dialect)
        self.place = connection.engine.url.render_as_string(hide_password=True)
        if not self.guard(lambda: made(connection, known, self.place)):
            raise no_tables(self.place + _where(schema, prefix, "&" if "?" in self.place else "?"))

    @classmethod
    def open(cls, url: StoreUrl, options: Mapping[str, str]) -> Self:
        """Only :func:`~qsafety.storage.open_store` with ``session=`` or ``connection=`` makes one."""
        raise StoreError(Bilingual("请用 open_store(session=…)", "use open_store(session=…)"))

    def begin(self, *, write: bool, timeout: float) -> Transaction:
        """A savepoint in the host's transaction, or only reading in it; how long to wait is the host's setting."""
        if not self._open:
            raise closed()
        connection = self.guard(self._connection)
        self.guard(lambda: check_layout(connection, self.statements, self.place))
        if not write:
            return JoinedTransaction(self, connection, None)

        def savepoint() -> sa.NestedTransaction:
            self.dialect.join(connection, write=True)
            return connection.begin_nested()

        return JoinedTransaction(self, connection, self.guard(savepoint))

    def close(self) -> None:
        """The session or connection stays open: it is the host's."""
        self._open = False

    def check(self) -> Sequence[Bilingual]:
        """What the database says of its own structure is for its owner to ask."""
        return ()

    def upgrade(self) -> None:
        """Refused: making tables ends a transaction on some databases."""
        raise StoreError(
            Bilingual("不能在宿主的事务中建表", "tables are not made within a host's transaction"),
            advice=Bilingual(f"请运行：qsafety store upgrade {self.place}", f"Run: qsafety store upgrade {self.place}"),
        )

    def guard(self, work: Callable[[], T]) -> T:
        """Do something with the driver; its errors come as ours."""
        return guarded(self.dialect, work)

    def compact(self) -> None:
        """Nothing: erasure is not claimed."""

    def _connection(self) -> sa.Connection:
        return self._host if isinstance(self._host, sa.Connection) else self._host.connection()


class JoinedTransaction(SqlTransaction):
    """A savepoint: its commit leaves what was written in the host's transaction, its rollback takes it out again."""

    def __init__(self, store: JoinedBackend, connection: sa.Connection, savepoint: sa.NestedTransaction | None) -> None:
        super().__init__(store, connection, savepoint is not None)
        # MySQL's default (REPEATABLE READ) shows a host what was when it first read, though it waited for another since
        self._fresh = self._write and connection.dialect.name in MYSQL
        self._savepoint = savepoint

    def commit(self) -> None:
        if self._live:
            self._live = False
            if self._savepoint is not None:
                self._store.guard(self._savepoint.commit)

    def rollback(self) -> None:
        if self._live:
            self._live = False
            if self._savepoint is not None and self._savepoint.is_active:
                # a deadlock or a lost server has already undone everything, the savepoint too: that error is the one to tell
                with suppress(DBAPIError):
                    self._savepoint.rollback()


def join(session: object, connection: object, *, schema: str | None, prefix: str | None) -> JoinedBackend:
    """The backend over what a host gave; what is neither session nor connection is a StoreError."""
    host = connection if session is None else session
    wanted = (sa.Connection,) if session is None else (Session, scoped_session)
    if not isinstance(host, wanted):
        raise StoreError(
            Bilingual(
                f"应为 SQLAlchemy 的 Session 或 Connection，而非 {type(host).__name__}",
                f"a Session or a Connection of SQLAlchemy was expected, and {type(host).__name__} came",
            ),
            advice=Bilingual(
                "异步会话：await session.run_sync(lambda s: …open_store(session=s)…)",
                "In an AsyncSession: await session.run_sync(lambda s: … open_store(session=s) …)",
            ),
        )
    return JoinedBackend(host, schema=schema, prefix=prefix)


def _where(schema: str | None, prefix: str | None, sign: str) -> str:
    given = {"schema": schema, "prefix": prefix}
    options = "&".join(f"{name}={value}" for name, value in given.items() if value is not None)
    return sign + options if options else ""
