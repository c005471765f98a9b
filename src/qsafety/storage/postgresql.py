"""PostgreSQL: many hosts write at once; a seller's head row keeps them in line, and every put checks the version.

Writers read what is committed (READ COMMITTED), readers what was when they began. Text is compared byte by byte
(collation "C"), which in UTF-8 is the order of code points.
"""

from collections.abc import Mapping
from contextlib import AbstractContextManager, nullcontext
from typing import ClassVar

from attrs import evolve
from sqlalchemy import Connection, Engine

from qsafety.bilingual import Bilingual
from qsafety.errors import (
    NotFoundError,
    ReadOnlyError,
    StoreCorruptError,
    StoreError,
    StoreFullError,
    TransientError,
)
from qsafety.storage.backend import Capabilities, Durability
from qsafety.storage.server import CONNECTING, Server
from qsafety.storage.tables import Tables

LOCK = 0x7173616665747931
"""What whoever makes or changes tables holds; any number that nobody else would take."""

_BUSY = ("另一事务占用", "another transaction is in the way")
_LOST = ("无法连接服务器", "the server cannot be reached")
_DENIED = ("没有权限", "permission was refused")
_STATES: Mapping[str, tuple[type[StoreError], tuple[str, str]]] = {
    "40001": (TransientError, _BUSY),  # serialization_failure
    "40P01": (TransientError, _BUSY),  # deadlock_detected
    "55P03": (TransientError, _BUSY),  # lock_not_available
    "08": (TransientError, _LOST),
    "57P": (TransientError, _LOST),  # shut down, crashed, not yet up
    "53300": (TransientError, ("连接数已满", "there are too many connections")),
    "53": (StoreFullError, ("服务器空间已满，未写入任何内容", "the server is full; nothing was written")),
    "54": (StoreFullError, ("超出服务器限制，未写入任何内容", "beyond the server's limits; nothing was written")),
    "25006": (ReadOnlyError, ("服务器只读", "the server is read-only")),
    "42501": (ReadOnlyError, _DENIED),
    "28": (StoreError, ("登录被拒绝", "the login was refused")),
    "3D": (NotFoundError, ("没有此数据库", "there is no such database")),
    "3F": (NotFoundError, ("没有此 schema", "there is no such schema")),
    "XX": (StoreCorruptError, ("数据库已损坏", "the database is damaged")),
}
# while a connection is made libpq gives no state, only words
_WORDS: Mapping[str, str] = {"authentication failed": "28", 'role "': "28", 'database "': "3D", "no pg_hba": "28"}


class PostgreSql(Server):
    """A database of PostgreSQL, through psycopg 3."""

    capabilities = Capabilities(durability="power-loss", writers="many-hosts", erasure=True, max_body_bytes=2**28)
    extra: ClassVar[tuple[str, str]] = ("postgresql", "psycopg")
    arguments: ClassVar[Mapping[str, object]] = {"connect_timeout": CONNECTING}

    def claims(self, connection: Connection) -> Capabilities:
        """Durability as the server is configured; text that is not in UTF-8 could not be kept, and is refused."""

        def setting(name: str) -> str:
            return str(connection.exec_driver_sql(f"SHOW {name}").scalar())

        if setting("server_encoding") != "UTF8":
            raise StoreError(
                Bilingual(f"{self._place} 的编码不是 UTF8", f"the encoding of {self._place} is not UTF8"),
                advice=Bilingual(
                    "请新建数据库：CREATE DATABASE … ENCODING 'UTF8' TEMPLATE template0",
                    "Make one with: CREATE DATABASE … ENCODING 'UTF8' TEMPLATE template0",
                ),
            )
        durability: Durability = "power-loss"
        if setting("fsync") != "on" or setting("full_page_writes") != "on":
            durability = "process-crash"
        if setting("synchronous_commit") == "off":
            durability = "none"
        return evolve(self.capabilities, durability=durability)

    def alone(self, connection: Connection) -> AbstractContextManager[None]:
        """Whoever comes second waits until the first has committed."""
        connection.exec_driver_sql(f"SELECT pg_advisory_xact_lock({LOCK})")
        return nullcontext()

    def compact(self, engine: Engine, tables: Tables) -> None:
        """Write the tables anew. What the server's write-ahead log holds, it lets go of in its own time."""
        quote = engine.dialect.identifier_preparer.format_table
        with engine.connect().execution_options(isolation_level="AUTOCOMMIT") as connection:
            for table in (tables.records, tables.versions):
                connection.exec_driver_sql(f"VACUUM FULL {quote(table)}")

    def translate(self, error: BaseException) -> StoreError:
        """What PostgreSQL's state means, most exact first."""
        state = getattr(error, "sqlstate", None) or getattr(error, "pgcode", None)
        said = getattr(getattr(error, "diag", None), "message_primary", None) or str(error).strip()
        if state is None and type(error).__name__ == "OperationalError":
            state = next((state for words, state in _WORDS.items() if words in said), "08")
        for size in (5, 3, 2):
            if state is not None and state[:size] in _STATES:
                kind, words = _STATES[state[:size]]
                return self._say(kind, *words, said)
        return self._say(StoreError, "PostgreSQL 报告", "PostgreSQL says", said)

    def _waiting(self, seconds: float) -> str:
        return f"SET LOCAL lock_timeout = {max(1, int(seconds * 1000))}"
