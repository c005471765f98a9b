"""MariaDB and MySQL: many hosts write at once, as on PostgreSQL.

Keys are kept as bytes, because their collations take 'a ' for 'a'; the strict mode is asked for, because without it
long text is cut in silence.
"""

from collections.abc import Generator, Mapping, Sequence
from contextlib import contextmanager
from typing import Any, ClassVar

from attrs import evolve
from sqlalchemy import Connection, Engine, event

from qsafety.bilingual import Bilingual
from qsafety.errors import (
    NotFoundError,
    ReadOnlyError,
    StoreCorruptError,
    StoreError,
    StoreFullError,
    TransientError,
)
from qsafety.storage.backend import Capabilities, Durability, StoreUrl
from qsafety.storage.server import CONNECTING, Server, whole_seconds
from qsafety.storage.tables import Tables

_BUSY = (TransientError, "另一事务占用", "another transaction is in the way")
_LOST = (TransientError, "无法连接服务器", "the server cannot be reached")
_FULL = (StoreFullError, "服务器空间已满，未写入任何内容", "the server is full; nothing was written")
_LOGIN = (StoreError, "登录被拒绝", "the login was refused")
_DENIED = (ReadOnlyError, "没有权限", "permission was refused")
_READ_ONLY = (ReadOnlyError, "服务器只读", "the server is read-only")
_DAMAGED = (StoreCorruptError, "数据表已损坏", "a table is damaged")
_LONG = (StoreFullError, "内容超过 max_allowed_packet，未写入", "beyond max_allowed_packet; nothing was written")
_MEANING: Mapping[int, tuple[type[StoreError], str, str]] = {
    1020: _BUSY,  # the record has changed since it was read
    1205: _BUSY,  # waited too long for a lock
    1213: _BUSY,  # deadlock
    1040: (TransientError, "连接数已满", "there are too many connections"),
    1053: _LOST,  # the server is shutting down
    1927: _LOST,  # the connection was killed
    2003: _LOST,
    2002: _LOST,
    2006: _LOST,
    2013: _LOST,
    1021: _FULL,
    1114: _FULL,
    1153: _LONG,
    1045: _LOGIN,
    1698: _LOGIN,
    1044: _DENIED,
    1142: _DENIED,
    1227: _DENIED,
    1290: _READ_ONLY,
    1836: _READ_ONLY,
    1792: _READ_ONLY,
    1049: (NotFoundError, "没有此数据库", "there is no such database"),
    1034: _DAMAGED,
    1194: _DAMAGED,
    1712: _DAMAGED,
}
_SETTINGS = ("innodb_flush_log_at_trx_commit", "log_bin", "sync_binlog", "max_allowed_packet")


class MySql(Server):
    """A database of MariaDB or MySQL, through PyMySQL."""

    capabilities = Capabilities(durability="power-loss", writers="many-hosts", erasure=True, max_body_bytes=2**23)
    extra: ClassVar[tuple[str, str]] = ("mysql", "PyMySQL")
    arguments: ClassVar[Mapping[str, object]] = {"connect_timeout": CONNECTING, "charset": "utf8mb4"}

    def engine(self, url: StoreUrl, options: Mapping[str, str]) -> Engine:
        """An engine whose connections are strict."""
        engine = super().engine(url, options)
        event.listen(engine, "connect", _strict)
        return engine

    def claims(self, connection: Connection) -> Capabilities:
        """Durability and the longest body as the server is configured."""
        rows = connection.exec_driver_sql(f"SELECT {', '.join(f'@@{name}' for name in _SETTINGS)}").one()
        flush, log, sync, packet = (int(value) for value in rows)
        durability: Durability = "power-loss"
        if flush != 1 or (log and sync != 1):  # after a power cut a server with a binary log keeps what stands in it
            durability = "process-crash" if flush in (1, 2) else "none"
        # in a statement a byte may take two
        return evolve(self.capabilities, durability=durability, max_body_bytes=max(packet // 2 - 2**16, 2**16))

    @contextmanager
    def alone(self, connection: Connection) -> Generator[None]:
        """A named lock: here every statement that makes a table ends the transaction, and its locks."""
        if connection.exec_driver_sql(f"SELECT GET_LOCK('qsafety', {CONNECTING * 3})").scalar() != 1:
            raise self._say(TransientError, "另一进程正在建表", "another process is making the tables", "GET_LOCK")
        try:
            yield
        finally:
            connection.exec_driver_sql("SELECT RELEASE_LOCK('qsafety')")

    def integrity(self, connection: Connection, tables: Tables) -> Sequence[Bilingual]:
        """The findings of ``CHECK TABLE``."""
        quote = connection.dialect.identifier_preparer.format_table
        rows = connection.exec_driver_sql(f"CHECK TABLE {', '.join(quote(table) for table in tables.all)}").all()
        found = [f"{table}: {text}" for table, _, kind, text in rows if kind == "error" or text not in ("OK", "")]
        return [Bilingual(f"MariaDB/MySQL：{line}", f"MariaDB/MySQL: {line}") for line in found]

    def compact(self, engine: Engine, tables: Tables) -> None:
        """Write the tables anew. What the server's own logs hold, it lets go of in its own time."""
        quote = engine.dialect.identifier_preparer.format_table
        with engine.connect() as connection:
            for table in (tables.records, tables.versions):
                connection.exec_driver_sql(f"ALTER TABLE {quote(table)} ENGINE=InnoDB, ALGORITHM=COPY")
            connection.commit()

    def translate(self, error: BaseException) -> StoreError:
        """What the error's number means."""
        number = error.args[0] if error.args else 0
        said = error.args[1] if len(error.args) > 1 else str(error)
        if number in _MEANING:
            return self._say(*_MEANING[number], said)
        if type(error).__name__ == "InterfaceError":  # what PyMySQL says of a connection that was lost before
            return self._say(*_LOST, said or "InterfaceError")
        return self._say(StoreError, "MariaDB/MySQL 报告", "MariaDB/MySQL says", said)

    def _waiting(self, seconds: float) -> str:
        return f"SET innodb_lock_wait_timeout = {whole_seconds(seconds)}"


def _strict(connection: Any, _: object) -> None:
    with connection.cursor() as cursor:
        cursor.execute("SET SESSION sql_mode = CONCAT_WS(',', NULLIF(@@sql_mode, ''), 'STRICT_ALL_TABLES')")
