"""存储后端示例：只用标准库 sqlite3。A backend on the standard library's sqlite3, without SQLAlchemy.

Each transaction has a connection of its own: one that writes begins with ``BEGIN IMMEDIATE``, one that reads sees the file
as it was when it first looked. Text is compared by its bytes in UTF-8, which is the order of code points.
"""

import sqlite3
from collections.abc import Iterator, Mapping
from pathlib import Path
from typing import Any, Self

from qsafety.errors import (
    CapabilityError,
    ConflictError,
    NotFoundError,
    ReadOnlyError,
    StoreError,
    StoreFullError,
    TransientError,
)
from qsafety.storage import Backend, Capabilities, RawEvent, RawQuery, RawRecord, StoreUrl, Transaction

TABLES = """
CREATE TABLE IF NOT EXISTS record (seller TEXT, kind TEXT, key TEXT, version INT, day TEXT, schema INT, body BLOB, digest TEXT,
    at TEXT, PRIMARY KEY (seller, kind, key, version)) WITHOUT ROWID;
CREATE TABLE IF NOT EXISTS event (seller TEXT, seq INT, prev TEXT, link TEXT, at TEXT, body BLOB, PRIMARY KEY (seller, seq)) WITHOUT ROWID;
"""
ERRORS = {
    sqlite3.SQLITE_BUSY: TransientError,
    sqlite3.SQLITE_FULL: StoreFullError,
    sqlite3.SQLITE_READONLY: ReadOnlyError,
}
LATEST = "version = (SELECT max(version) FROM record AS r WHERE (r.seller, r.kind, r.key) = (record.seller, record.kind, record.key))"


def translated(error: sqlite3.Error) -> StoreError:
    kind = ERRORS.get(getattr(error, "sqlite_errorcode", 0) & 0xFF, StoreError)
    return kind(f"SQLite says: {error}")


class Sqlite3Backend(Backend):
    capabilities = Capabilities(durability="power-loss", writers="many-processes", isolation="serializable")

    def __init__(self, path: str) -> None:
        self.path = path

    @classmethod
    def open(cls, url: StoreUrl, options: Mapping[str, str]) -> Self:
        if options.get("create") == "false" and not Path(url.path).exists():
            raise NotFoundError(f"there is no file {url.path}")
        store = cls(url.path)
        connection = store.connect(10)
        try:
            connection.execute("PRAGMA journal_mode = WAL")
            connection.executescript(TABLES)
        except sqlite3.Error as error:
            raise translated(error) from error
        finally:
            connection.close()
        return store

    def connect(self, timeout: float) -> sqlite3.Connection:
        try:
            connection = sqlite3.connect(self.path, timeout=timeout, isolation_level=None)
            connection.execute("PRAGMA synchronous = FULL")
        except sqlite3.Error as error:
            raise translated(error) from error
        return connection

    def begin(self, *, write: bool, timeout: float) -> Transaction:
        connection = self.connect(timeout)
        try:
            connection.execute("BEGIN IMMEDIATE" if write else "BEGIN")
            connection.execute("SELECT count(*) FROM sqlite_schema").fetchone()  # what a reader sees is fixed here
        except sqlite3.Error as error:
            connection.close()
            raise translated(error) from error
        return Sqlite3Transaction(connection, write)

    def close(self) -> None:
        pass  # connections belong to transactions


class Sqlite3Transaction(Transaction):
    def __init__(self, connection: sqlite3.Connection, write: bool) -> None:
        self.connection, self.write, self.live = connection, write, True

    def rows(self, sql: str, *values: Any) -> list[Any]:
        if not self.live:
            raise StoreError("this transaction has ended")
        try:
            return self.connection.execute(sql, values).fetchall()
        except sqlite3.Error as error:
            raise translated(error) from error

    def change(self, sql: str, *values: Any) -> None:
        if not self.write:
            raise StoreError("this transaction only reads")
        self.rows(sql, *values)

    def get(self, seller: str, kind: str, key: str) -> RawRecord | None:
        versions = list(self.history(seller, kind, key))
        return versions[-1] if versions else None

    def put(self, record: RawRecord) -> None:
        place = record.place
        [(current,)] = self.rows(
            "SELECT coalesce(max(version), 0) FROM record WHERE (seller, kind, key) = (?, ?, ?)", *place
        )
        if self.write and record.version != current + 1:
            raise ConflictError(f"{place}: {current} is current", expected=record.version - 1, actual=current)
        row = (record.version, record.day, record.schema, record.body, record.digest, record.at)
        self.change("INSERT INTO record VALUES (?, ?, ?, ?, ?, ?, ?, ?, ?)", *place, *row)

    def scan(self, query: RawQuery) -> Iterator[RawRecord]:
        asked = [
            ("seller = ?", query.seller),
            ("kind = ?", query.kind),
            ("day >= ?", query.day_from),
            ("day <= ?", query.day_to),
        ]
        given = [(sql, value) for sql, value in asked if value is not None]
        where = [LATEST, *(sql for sql, _ in given)]
        values: list[Any] = [value for _, value in given]
        if query.after is not None:
            where.append("(seller, kind, key) > (?, ?, ?)")
            values += query.after
        sql = f"SELECT * FROM record WHERE {' AND '.join(where)} ORDER BY seller, kind, key LIMIT ?"
        return iter([RawRecord(*row) for row in self.rows(sql, *values, query.limit)])

    def history(self, seller: str, kind: str, key: str) -> Iterator[RawRecord]:
        sql = "SELECT * FROM record WHERE (seller, kind, key) = (?, ?, ?) ORDER BY version"
        return iter([RawRecord(*row) for row in self.rows(sql, seller, kind, key)])

    def append(self, event: RawEvent) -> None:
        seq, link = self.head(event.seller)
        if self.write and (event.seq, event.prev) != (seq + 1, link):
            raise ConflictError(f"{event.seller}: {seq} is the last", expected=event.seq - 1, actual=seq)
        row = (event.seller, event.seq, event.prev, event.link, event.at, event.body)
        self.change("INSERT INTO event VALUES (?, ?, ?, ?, ?, ?)", *row)

    def events(self, seller: str, *, after: int, limit: int) -> Iterator[RawEvent]:
        sql = "SELECT * FROM event WHERE seller = ? AND seq > ? ORDER BY seq LIMIT ?"
        return iter([RawEvent(*row) for row in self.rows(sql, seller, after, limit)])

    def sellers(self, *, after: str | None, limit: int) -> Iterator[str]:
        sql = "SELECT DISTINCT seller FROM record WHERE ? IS NULL OR seller > ? ORDER BY seller LIMIT ?"
        return iter([row[0] for row in self.rows(sql, after, after, limit)])

    def forget(self, seller: str, kind: str, key: str) -> int:
        self.rows("SELECT 1")
        raise CapabilityError("this store does not wipe the pages that a body leaves behind")

    def commit(self) -> None:
        if self.live:
            try:
                self.connection.execute("COMMIT")
            except sqlite3.Error as error:
                raise translated(error) from error
            finally:
                self.rollback()

    def rollback(self) -> None:
        if self.live:
            self.live = False
            self.connection.close()  # which undoes what is not committed
