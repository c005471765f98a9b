"""A transaction of a store in a database: statements on one connection."""

from collections.abc import Callable, Iterator, Sequence
from operator import attrgetter
from typing import Any, Protocol, TypeVar

import sqlalchemy as sa
from sqlalchemy.exc import IntegrityError

from qsafety.storage.backend import (
    Capabilities,
    RawEvent,
    RawQuery,
    RawRecord,
    Transaction,
    append_conflict,
    put_conflict,
)
from qsafety.storage.dialect import Dialect
from qsafety.storage.refusals import cannot_erase, ended, not_for_writing
from qsafety.storage.statements import EVENT, RECORD, Insert, Statements

__all__ = ["Desk"]

T = TypeVar("T")
record_row = attrgetter(*RECORD)
event_row = attrgetter(*EVENT)


class Desk(Protocol):
    """What a transaction needs of the store that began it."""

    capabilities: Capabilities
    statements: Statements
    dialect: Dialect

    def guard(self, work: Callable[[], T]) -> T:
        """Do something with the driver; its errors come as ours."""
        ...

    def compact(self) -> None:
        """Leave no byte of what was emptied in any file."""
        ...


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

    def __init__(self, store: Desk, connection: sa.Connection, write: bool) -> None:
        self._store = store
        self._connection = connection
        self._write = write
        self._live = True
        self._forgot = False
        self._sql = store.statements
        self._fresh = False

    def _check(self, *, write: bool = False) -> None:
        if not self._live:
            raise ended()
        if write and not self._write:
            raise not_for_writing()

    def _rows(self, statement: sa.Executable, **parameters: Any) -> Sequence[Any]:
        self._check()
        return self._store.guard(lambda: self._connection.execute(statement, parameters).all())

    def _as_of_now(self, statement: "sa.Select[*tuple[Any, ...]]") -> "sa.Select[*tuple[Any, ...]]":
        return statement.with_for_update(read=True) if self._fresh else statement

    def _change(self, statement: sa.Executable, **parameters: Any) -> int:
        self._check(write=True)
        return self._store.guard(lambda: self._connection.execute(statement, parameters).rowcount)

    def get(self, seller: str, kind: str, key: str) -> RawRecord | None:
        rows = self._rows(self._as_of_now(self._sql.get), p_seller=seller, p_kind=kind, p_key=key)
        return _record(rows[0]) if rows else None

    def put(self, record: RawRecord) -> None:
        self._check(write=True)
        rows = self._rows(self._sql.version, p_seller=record.seller, p_kind=record.kind, p_key=record.key)
        current = rows[0][0] if rows else 0
        if record.version != current + 1:
            raise put_conflict(record, current)
        if current == 0:
            if not self._insert(self._sql.insert, [record_row(record)]):
                rows = self._rows(self._sql.version, p_seller=record.seller, p_kind=record.kind, p_key=record.key)
                raise put_conflict(record, rows[0][0] if rows else 0)
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

    def _insert(self, insert: Insert, rows: Sequence[tuple[Any, ...]]) -> bool:
        """False where one of the rows is there already, brought by another who writes at the same time."""
        if not self._store.dialect.shared:
            self._store.guard(lambda: insert.run(self._connection, rows))
            return True
        return self._store.guard(lambda: self._try(lambda: insert.run(self._connection, rows)))

    def _try(self, work: Callable[[], object]) -> bool:
        # without a savepoint the refusal of one row would be the end of the whole transaction
        savepoint = self._connection.begin_nested()
        try:
            work()
        except IntegrityError:
            savepoint.rollback()
            return False
        savepoint.commit()
        return True

    def scan(self, query: RawQuery) -> Iterator[RawRecord]:
        return (_record(row) for row in self._rows(self._as_of_now(self._sql.scan(query))))

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
        for event in events:
            seq, link = heads[event.seller] if event.seller in heads else self.head(event.seller)
            if event.seq != seq + 1 or event.prev != link:
                raise append_conflict(event, seq)
            heads[event.seller] = (event.seq, event.link)
        if events and not self._insert(self._sql.append, [event_row(event) for event in events]):
            raise append_conflict(events[0], self.head(events[0].seller)[0])
        for seller, (seq, link) in heads.items():
            self._change(self._sql.next_head, p_seller=seller, p_seq=seq, p_link=link)

    def head(self, seller: str) -> tuple[int, str]:
        """The seller's row in the table of heads; who writes keeps it locked until the end, where the database locks rows."""
        if not self._write:
            rows = self._rows(self._sql.head, p_seller=seller)
            return (rows[0][0], rows[0][1]) if rows else (0, "")
        rows = self._rows(self._sql.head_to_write, p_seller=seller)
        if not rows:
            seat = {"p_seller": seller}
            self._store.guard(lambda: self._try(lambda: self._connection.execute(self._sql.seat, seat)))
            rows = self._rows(self._sql.head_to_write, p_seller=seller)
        return rows[0][0], rows[0][1]

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
