"""The statements of a store in a database: built once, used many times."""

from collections.abc import Sequence
from typing import Any

import attrs
import sqlalchemy as sa
from sqlalchemy.dialects import mysql, postgresql, sqlite

from qsafety.storage.backend import RawEvent, RawQuery, RawRecord
from qsafety.storage.columns import MYSQL
from qsafety.storage.tables import Tables

RECORD = tuple(field.name for field in attrs.fields(RawRecord))
EVENT = tuple(field.name for field in attrs.fields(RawEvent))
"""The columns of a record and of an event, in the order of their values."""


class Insert:
    """An insert of whole rows as tuples, compiled once: binding them name by name costs more than the insert itself."""

    def __init__(self, table: sa.Table, names: Sequence[str], dialect: sa.Dialect) -> None:
        self._names = names
        self._statement = table.insert()
        compiled = self._statement.compile(dialect=dialect, column_keys=list(names))
        self._text = str(compiled)
        # only where values go to the driver as they are; positions are absent where parameters go by name
        order: Sequence[str] = (dialect.name == "sqlite" and getattr(compiled, "positiontup", None)) or ()
        self._order = [names.index(name) for name in order]

    def run(self, connection: sa.Connection, rows: Sequence[tuple[Any, ...]]) -> None:
        """Insert the rows; their values stand in the order of the names."""
        if not rows:
            return
        if not self._order:
            connection.execute(self._statement, [dict(zip(self._names, row, strict=True)) for row in rows])
        elif self._order == list(range(len(self._names))):
            connection.exec_driver_sql(self._text, list(rows))
        else:
            connection.exec_driver_sql(self._text, [tuple(row[i] for i in self._order) for row in rows])


class Statements:
    """All statements over one set of tables."""

    def __init__(self, known: Tables, dialect: sa.Dialect) -> None:
        self.tables = known
        self._mysql = dialect.name in MYSQL
        records, versions, events, heads = known.records, known.versions, known.events, known.heads
        self.layout = sa.select(known.schema.c.version_num)

        self._records = sa.select(*(records.c[name] for name in RECORD))
        self.get = self._records.where(*_place(records))
        self.version = sa.select(records.c.version).where(*_place(records)).with_for_update()
        older = sa.select(*(versions.c[name] for name in RECORD))
        self.older = older.where(*_place(versions)).order_by(versions.c.version)
        self.insert = Insert(records, RECORD, dialect)
        current = (*_place(records), records.c.version == sa.bindparam("p_old"))
        self.supersede = versions.insert().from_select(list(RECORD), self._records.where(*current))
        changed: dict[str, Any] = {name: sa.bindparam(f"new_{name}") for name in RECORD[3:]}
        self.update = records.update().where(*current).values(changed)
        self.forget = [table.update().where(*_place(table)).values(body=b"") for table in (records, versions)]

        of_seller = events.c.seller == sa.bindparam("p_seller")
        self.append = Insert(events, EVENT, dialect)
        self.events = (
            sa.select(*(events.c[name] for name in EVENT))
            .where(of_seller, events.c.seq > sa.bindparam("p_after"))
            .order_by(events.c.seq)
            .limit(sa.bindparam("p_limit", type_=sa.Integer))
        )
        whose = heads.c.seller == sa.bindparam("p_seller")
        self.head = sa.select(heads.c.seq, heads.c.link).where(whose)
        self.head_to_write = self.head.with_for_update()
        self.seat = _seat(heads, dialect.name)
        self.next_head = heads.update().where(whose).values(seq=sa.bindparam("p_seq"), link=sa.bindparam("p_link"))

        self.sellers = _leap(records, sa.select(sa.func.min(records.c.seller).label("seller")))
        beyond = records.c.seller > sa.bindparam("p_after")
        self.sellers_after = _leap(records, sa.select(sa.func.min(records.c.seller).label("seller")).where(beyond))

    def scan(self, query: RawQuery) -> "sa.Select[*tuple[Any, ...]]":
        """The page that a query asks for."""
        c = self.tables.records.c
        place = (c.seller, c.kind, c.key)
        statement = self._records.order_by(*place).limit(query.limit)
        if query.seller is not None:
            statement = statement.where(c.seller == query.seller)
        if query.kind is not None:
            statement = statement.where(c.kind == query.kind)
        if query.day_from is not None:
            statement = statement.where(c.day >= query.day_from)
        if query.day_to is not None:
            statement = statement.where(c.day <= query.day_to)
        if query.after is not None:
            statement = statement.where(self._beyond(place, query.after, query))
        return statement

    def _beyond(
        self, place: Sequence[sa.ColumnElement[str]], after: Sequence[str], query: RawQuery
    ) -> sa.ColumnElement[bool]:
        """After a place; only what the query leaves open is compared."""
        fixed = 0
        for asked in (query.seller, query.kind):
            if asked is None or asked != after[fixed]:
                break
            fixed += 1
        columns, values = place[fixed:], after[fixed:]
        if not self._mysql:
            return sa.tuple_(*columns) > sa.tuple_(*values)
        # MySQL looks up no row of values in an index, only its parts
        beyond = columns[-1] > values[-1]
        for column, value in reversed(list(zip(columns[:-1], values[:-1], strict=True))):
            beyond = sa.or_(column > value, sa.and_(column == value, beyond))
        return beyond


def _place(table: sa.Table) -> list[sa.ColumnElement[bool]]:
    return [table.c[name] == sa.bindparam(f"p_{name}") for name in ("seller", "kind", "key")]


def _seat(heads: sa.Table, name: str) -> sa.Insert:
    """Put a seller's head where there is none. Whoever comes second waits for the first, and finds it there."""
    values = {"seller": sa.bindparam("p_seller"), "seq": 0, "link": ""}
    if name in MYSQL:
        # the usual "ignore" locks the row only to read it, and two who do so are each other's deadlock
        return mysql.insert(heads).values(values).on_duplicate_key_update(seq=heads.c.seq)
    if name == "sqlite":
        return sqlite.insert(heads).values(values).on_conflict_do_nothing()
    if name == "postgresql":
        return postgresql.insert(heads).values(values).on_conflict_do_nothing()
    return heads.insert().values(values)


def _leap(records: sa.Table, first: sa.Select[Any]) -> sa.Executable:
    """From seller to seller with one look into the index each, however many records lie between."""
    leap = first.cte("leap", recursive=True)
    step = sa.select(sa.func.min(records.c.seller)).where(records.c.seller > leap.c.seller).scalar_subquery()
    leap = leap.union_all(sa.select(step).where(leap.c.seller.is_not(None)))
    found = sa.select(leap.c.seller).where(leap.c.seller.is_not(None))
    return found.limit(sa.bindparam("p_limit", type_=sa.Integer))
