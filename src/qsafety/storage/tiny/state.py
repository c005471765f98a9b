"""What a file holds: its tables, as TinyDB reads them, and where in them each record and event is.

``records`` has the current version of each record, ``versions`` those before it, ``events`` the journals; a document's
fields are those of :class:`~qsafety.storage.backend.RawRecord` and ``RawEvent``. A body is text; one that is no UTF-8
is kept in Base64 under ``body64``.
"""

from base64 import b64decode, b64encode
from bisect import bisect_right
from collections.abc import Iterator
from typing import Any, Self

import msgspec
from attrs import asdict, frozen

from qsafety.bilingual import Bilingual
from qsafety.errors import StoreCorruptError
from qsafety.storage.backend import RawEvent, RawQuery, RawRecord
from qsafety.storage.tiny.safe import META, Tables

RECORDS, VERSIONS, EVENTS = "records", "versions", "events"
Place = tuple[str, str, str]
Document = dict[str, Any]


def record_document(record: RawRecord) -> Document:
    """A record as TinyDB keeps it."""
    return _with_body(asdict(record), record.body)


def event_document(event: RawEvent) -> Document:
    """An event as TinyDB keeps it."""
    return _with_body(asdict(event), event.body)


def record_of(document: Document) -> RawRecord:
    """A record as it was kept."""
    return RawRecord(**_with_bytes(document))


def event_of(document: Document) -> RawEvent:
    """An event as it was kept."""
    return RawEvent(**_with_bytes(document))


def _with_body(document: Document, body: bytes) -> Document:
    try:
        document["body"] = body.decode()
    except UnicodeDecodeError:
        del document["body"]
        document["body64"] = b64encode(body).decode()
    return document


def _with_bytes(document: Document) -> Document:
    found = dict(document)
    found["body"] = b64decode(found.pop("body64")) if "body64" in found else found["body"].encode()
    return found


@frozen
class State:
    """The tables at one commit. A writer changes a copy of its own; documents themselves are never changed, only replaced."""

    tables: Tables
    current: dict[Place, str]
    older: dict[Place, list[str]]
    journals: dict[str, list[str]]
    pieces: dict[str, dict[str, bytes]]
    """Documents as they stand in the file: of ten thousand only those that are new are encoded."""

    @classmethod
    def of(cls, tables: Tables) -> Self:
        """Look through the tables; what is not as we write it is StoreCorruptError."""
        for name in (RECORDS, VERSIONS, EVENTS):
            tables.setdefault(name, {})
        try:
            current = {_place(row): number for number, row in tables[RECORDS].items()}
            older: dict[Place, list[str]] = {}
            for number, row in sorted(tables[VERSIONS].items(), key=lambda item: item[1]["version"]):
                older.setdefault(_place(row), []).append(number)
            journals: dict[str, list[str]] = {}
            for number, row in sorted(tables[EVENTS].items(), key=lambda item: item[1]["seq"]):
                journals.setdefault(row["seller"], []).append(number)
        except (KeyError, TypeError, AttributeError) as error:
            raise StoreCorruptError(
                Bilingual(f"文件中的记录无法识别：{error!r}", f"a record in the file cannot be understood: {error!r}")
            ) from error
        return cls(tables, current, older, journals, {name: {} for name in (RECORDS, VERSIONS, EVENTS)})

    def copy(self) -> "State":
        """For a writer."""
        tables = {name: dict(table) for name, table in self.tables.items()}
        pieces = {name: dict(known) for name, known in self.pieces.items()}
        return State(tables, dict(self.current), dict(self.older), dict(self.journals), pieces)

    def encoded(self) -> bytes:
        """The tables as JSON."""
        tables = (_encode(name) + b":" + self._table(name) for name in self.tables if name != META)
        return b"{" + b",".join(tables) + b"}"

    def _table(self, name: str) -> bytes:
        rows, known = self.tables[name], self.pieces.get(name)
        if known is None:  # a table of others'
            return _encode(rows)
        if len(known) < len(rows):
            known.update((number, _piece(number, row)) for number, row in rows.items() if number not in known)
        return b"{" + b",".join(known.values()) + b"}"

    def _set(self, table: str, number: str, row: Document) -> None:
        self.tables[table][number] = row
        self.pieces[table][number] = _piece(number, row)

    def get(self, place: Place) -> RawRecord | None:
        """The current version of a record."""
        number = self.current.get(place)
        return None if number is None else record_of(self.tables[RECORDS][number])

    def latest(self, query: RawQuery) -> Iterator[RawRecord]:
        """The current version of the records that a query may want."""
        rows, seller, kind, after = self.tables[RECORDS], query.seller, query.kind, query.after
        for place, number in self.current.items():
            if (
                (seller is None or place[0] == seller)
                and (kind is None or place[1] == kind)
                and (after is None or place > after)
            ):
                yield record_of(rows[number])

    def history(self, place: Place) -> Iterator[RawRecord]:
        """Every version, oldest first."""
        for number in self.older.get(place, ()):
            yield record_of(self.tables[VERSIONS][number])
        current = self.get(place)
        if current is not None:
            yield current

    def put(self, record: RawRecord) -> None:
        """Make a record the current version."""
        number = self.current.get(record.place)
        if number is None:
            number = self.current[record.place] = _free(self.tables[RECORDS])
        else:
            old = _free(self.tables[VERSIONS])
            self._set(VERSIONS, old, self.tables[RECORDS][number])
            self.older[record.place] = [*self.older.get(record.place, ()), old]
        self._set(RECORDS, number, record_document(record))

    def append(self, event: RawEvent) -> None:
        """Add to a journal."""
        number = _free(self.tables[EVENTS])
        self._set(EVENTS, number, event_document(event))
        journal = self.journals.get(event.seller)
        self.journals[event.seller] = [number] if journal is None else [*journal, number]

    def head(self, seller: str) -> tuple[int, str]:
        """Seq and link of a journal's last event."""
        journal = self.journals.get(seller)
        if not journal:
            return (0, "")
        last = self.tables[EVENTS][journal[-1]]
        return last["seq"], last["link"]

    def events(self, seller: str, after: int, limit: int) -> list[RawEvent]:
        """A page of a journal."""
        rows, journal = self.tables[EVENTS], self.journals.get(seller, [])
        first = bisect_right(journal, after, key=lambda number: rows[number]["seq"])
        return [event_of(rows[number]) for number in journal[first : first + limit]]

    def forget(self, place: Place) -> int:
        """Empty the body of every version."""
        numbers = [(VERSIONS, number) for number in self.older.get(place, ())]
        if place in self.current:
            numbers.append((RECORDS, self.current[place]))
        for table, number in numbers:
            row = dict(self.tables[table][number], body="")
            row.pop("body64", None)
            self._set(table, number, row)
        return len(numbers)


_encode = msgspec.json.Encoder().encode


def _piece(number: str, row: Document) -> bytes:
    return _encode(number) + b":" + _encode(row)


def _place(row: Document) -> Place:
    return (row["seller"], row["kind"], row["key"])


def _free(table: dict[str, Any]) -> str:
    """The number after the last: nothing is ever taken out of our tables, unless by hand."""
    number = len(table) + 1
    while str(number) in table:
        number += 1
    return str(number)
