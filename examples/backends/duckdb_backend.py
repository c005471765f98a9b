"""存储后端示例：DuckDB。A backend on DuckDB: one process, whose threads share it.

DuckDB lets one process open a file for writing, and compares text by its bytes in UTF-8. Two transactions that change one
row do not wait for each other: the later fails. So writers take turns here, behind a lock.
"""

import threading
from collections.abc import Iterator, Mapping
from pathlib import Path
from typing import Any, Self

import duckdb

from qsafety.errors import CapabilityError, ConflictError, NotFoundError, StoreError, TransientError
from qsafety.storage import Backend, Capabilities, RawEvent, RawQuery, RawRecord, StoreUrl, Transaction

TABLES = """
CREATE TABLE IF NOT EXISTS record (seller TEXT, kind TEXT, key TEXT, version INT, day TEXT, schema INT, body BLOB,
    digest TEXT, witnessed TEXT);
CREATE TABLE IF NOT EXISTS event (seller TEXT, seq INT, prev TEXT, link TEXT, witnessed TEXT, body BLOB);
"""
LATEST = "SELECT * FROM record QUALIFY row_number() OVER (PARTITION BY seller, kind, key ORDER BY version DESC) = 1"


class DuckdbBackend(Backend):
    capabilities = Capabilities(durability="process-crash", isolation="serializable")

    def __init__(self, database: duckdb.DuckDBPyConnection) -> None:
        self.database, self.lock = database, threading.Lock()

    @classmethod
    def open(cls, url: StoreUrl, options: Mapping[str, str]) -> Self:
        if options.get("create") == "false" and not Path(url.path).exists():
            raise NotFoundError(f"there is no file {url.path}")
        try:
            database = duckdb.connect(url.path)
            database.execute(TABLES)
        except duckdb.Error as error:
            raise StoreError(f"DuckDB says: {error}") from error
        return cls(database)

    def begin(self, *, write: bool, timeout: float) -> Transaction:
        if write and not self.lock.acquire(timeout=max(timeout, 0)):
            raise TransientError(f"after {timeout} s another transaction is still writing")
        try:
            cursor = self.database.cursor()  # a connection of its own
            cursor.execute("BEGIN")
            cursor.execute("SELECT count(*) FROM record").fetchone()  # what it sees is fixed here
        except duckdb.Error as error:
            if write:
                self.lock.release()
            raise StoreError(f"DuckDB says: {error}") from error
        return DuckdbTransaction(self, cursor, write)

    def close(self) -> None:
        self.database.close()


class DuckdbTransaction(Transaction):
    def __init__(self, store: DuckdbBackend, cursor: duckdb.DuckDBPyConnection, write: bool) -> None:
        self.store, self.cursor, self.write, self.live = store, cursor, write, True

    def rows(self, sql: str, *values: Any) -> list[Any]:
        if not self.live:
            raise StoreError("this transaction has ended")
        try:
            return self.cursor.execute(sql, values).fetchall()
        except duckdb.Error as error:
            raise StoreError(f"DuckDB says: {error}") from error

    def change(self, sql: str, *values: Any) -> None:
        if not self.write:
            raise StoreError("this transaction only reads")
        self.rows(sql, *values)

    def get(self, seller: str, kind: str, key: str) -> RawRecord | None:
        versions = list(self.history(seller, kind, key))
        return versions[-1] if versions else None

    def put(self, record: RawRecord) -> None:
        kept = self.get(*record.place)
        current = kept.version if kept else 0
        if self.write and record.version != current + 1:
            raise ConflictError(f"{record.place}: {current} is current", expected=record.version - 1, actual=current)
        row = (record.version, record.day, record.schema, record.body, record.digest, record.at)
        self.change("INSERT INTO record VALUES (?, ?, ?, ?, ?, ?, ?, ?, ?)", *record.place, *row)

    def scan(self, query: RawQuery) -> Iterator[RawRecord]:
        asked = [
            ("seller = ?", query.seller),
            ("kind = ?", query.kind),
            ("day >= ?", query.day_from),
            ("day <= ?", query.day_to),
        ]
        given = [(sql, value) for sql, value in asked if value is not None]
        values: list[Any] = [value for _, value in given]
        where = ["true", *(sql for sql, _ in given)]
        if query.after is not None:
            where.append("(seller, kind, key) > (?, ?, ?)")
            values += query.after
        sql = f"FROM ({LATEST}) WHERE {' AND '.join(where)} ORDER BY seller, kind, key LIMIT ?"
        return iter([RawRecord(*row) for row in self.rows(sql, *values, query.limit)])

    def history(self, seller: str, kind: str, key: str) -> Iterator[RawRecord]:
        sql = "FROM record WHERE seller = ? AND kind = ? AND key = ? ORDER BY version"
        return iter([RawRecord(*row) for row in self.rows(sql, seller, kind, key)])

    def append(self, event: RawEvent) -> None:
        seq, link = self.head(event.seller)
        if self.write and (event.seq, event.prev) != (seq + 1, link):
            raise ConflictError(f"{event.seller}: {seq} is the last", expected=event.seq - 1, actual=seq)
        row = (event.seller, event.seq, event.prev, event.link, event.at, event.body)
        self.change("INSERT INTO event VALUES (?, ?, ?, ?, ?, ?)", *row)

    def events(self, seller: str, *, after: int, limit: int) -> Iterator[RawEvent]:
        rows = self.rows("FROM event WHERE seller = ? AND seq > ? ORDER BY seq LIMIT ?", seller, after, limit)
        return iter([RawEvent(*row) for row in rows])

    def sellers(self, *, after: str | None, limit: int) -> Iterator[str]:
        sql = "SELECT DISTINCT seller FROM record WHERE seller > ? OR ? ORDER BY seller LIMIT ?"
        return iter([row[0] for row in self.rows(sql, after or "", after is None, limit)])

    def forget(self, seller: str, kind: str, key: str) -> int:
        self.rows("SELECT 1")
        raise CapabilityError("this store does not wipe what a body leaves behind")

    def commit(self) -> None:
        if self.live:
            try:
                self.cursor.execute("COMMIT")
            except duckdb.Error as error:
                raise StoreError(f"DuckDB says: {error}") from error
            finally:
                self.rollback()

    def rollback(self) -> None:
        if self.live:
            self.live = False
            self.cursor.close()  # which undoes what is not committed
            if self.write:
                self.store.lock.release()
