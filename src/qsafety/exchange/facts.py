"""From rows to facts: one row, or the rows that belong together; ids that follow from the facts; where each stands."""

from collections.abc import Iterable, Iterator
from typing import Any

from attrs import Factory, define

from qsafety.bilingual import Bilingual
from qsafety.dossier import Fact, numbered
from qsafety.errors import FactError, UnknownNameError
from qsafety.exchange.cells import Cell
from qsafety.exchange.columns import Column
from qsafety.exchange.rows import Row, RowReader
from qsafety.exchange.shapes import BadFields, Fields

Placed = tuple[Fact, Row]
"""A fact, and its first row."""

_CHECKED = {"uscc", "resident_id"}


@define
class _Group:
    row: Row
    fields: Fields = Factory(dict)
    first: dict[str, tuple[int, Cell | None]] = Factory(dict)
    parts: list[Fields] = Factory(list)
    codes: dict[str, int] = Factory(dict)
    bad: bool = False


def one_each(reader: RowReader, rows: Iterator[Row]) -> Iterator[Placed]:
    """The facts of a sheet where each row is one."""
    for row in rows:
        whole = not row.bad
        fact = build(reader, row, row.fields, row.bad)
        if fact is not None and whole:
            yield fact, row


def together(reader: RowReader, rows: Iterator[Row]) -> Iterator[Placed]:
    """The facts of a sheet where the rows that are equal in some fields are one."""
    gathering = _Gathering(reader)
    by = reader.sheet.together
    for row in rows:
        if not row.bad or row.bad.isdisjoint(by):
            gathering.add(tuple(map(row.fields.get, by)), row)
    groups = gathering.groups
    for key in [*groups]:
        group = groups.pop(key)  # a year of a chain: what is done with goes at once
        fields = {**group.fields, gathering.name: group.parts}
        if not group.bad and (fact := build(reader, group.row, fields, set())) is not None:
            yield fact, group.row


@define(eq=False)
class _Gathering:
    """Rows on their way to the fact that they belong to. Parts of which every cell is the same are one object."""

    reader: RowReader
    name: str = ""
    """Of the field that the parts make up."""
    parts: list[tuple[Column, str]] = Factory(list)
    wholes: list[Column] = Factory(list)
    code: Column | None = None
    groups: dict[tuple[Any, ...], _Group] = Factory(dict)
    alike: dict[tuple[Any, ...], Fields] = Factory(dict)

    def __attrs_post_init__(self) -> None:
        for column in self.reader.sheet.columns.values():
            name, _, field = column.field.partition(".")
            if field:
                self.name = name
                self.parts.append((column, field))
                self.code = column if field == "code" else self.code
            else:
                self.wholes.append(column)

    def add(self, key: tuple[Any, ...], row: Row) -> None:
        """One more row, of the fact with this key."""
        group = self.groups.get(key)
        if group is None:
            group = self.groups[key] = _Group(Row(row.number, row.cells))
        for column in self.wholes:
            if column.field in row.fields:
                _agree(self.reader, group, row, column)
        part = self._part(row)
        if row.bad:
            group.bad = True
        code = part.get("code")
        if code is not None and self.code is not None:
            if code in group.codes:
                self._twice(group, row, self.code, code)
            else:
                group.codes[code] = row.number
        if not row.bad:
            group.parts.append(part)

    def _part(self, row: Row) -> Fields:
        part = {field: row.fields[column.field] for column, field in self.parts if column.field in row.fields}
        return self.alike.setdefault((*part, *part.values()), part)

    def _twice(self, group: _Group, row: Row, column: Column, code: str) -> None:
        first = self.reader.place_of(group.codes[code], column)
        once = Bilingual("不重复的编码", "a code that comes once")
        hint = Bilingual(f"已见于 {first}。", f"It is also in {first}.")
        self.reader.problem("duplicate_code", row, column, once, hint)
        group.bad = True


def _agree(reader: RowReader, group: _Group, row: Row, column: Column) -> None:
    value = row.fields[column.field]
    if column.field not in group.fields:
        group.fields[column.field] = value
        if row.number != group.row.number:
            group.first[column.field] = row.number, reader.cell(row, column)
    elif group.fields[column.field] != value:
        number, cell = group.first.get(column.field) or (group.row.number, reader.cell(group.row, column))
        said, where = cell.shown if cell else "", reader.place_of(number, column)
        expected = Bilingual(f"与 {where} 相同：{said}", f"the same as in {where}: {said}")
        hint = Bilingual(
            "这些行属于同一记录，此项只能有一个值。", "These rows are one record, which has one value here."
        )
        reader.problem("contradiction", row, column, expected, hint)
        group.bad = True


def build(reader: RowReader, row: Row, given: Fields, bad: set[str]) -> Fact | None:
    """The fact, if its fields allow one; what it refuses is told, and set aside to see what else it refuses."""
    fields = {name: value for name, value in given.items() if name not in bad}
    while reader.needed.isdisjoint(bad):
        try:
            kind, arguments = reader.sheet.shaped(dict(fields))
            return kind(**arguments)
        except BadFields as error:
            field, code, expected, hint = error.field, error.code, error.expected, error.hint
        except FactError as error:
            if isinstance(error.__cause__, UnknownNameError):
                return None  # an obligation that is not there is told of with the references
            field, code, expected, hint = _explained(error)
        if field in bad:
            return None  # told of already
        column = reader.sheet.titled(field) or next(iter(reader.sheet.columns.values()))
        reader.problem(code, row, column, expected, hint)
        if field not in fields or field in reader.needed:
            return None
        bad = {*bad, field}
        del fields[field]
    return None


def _explained(error: FactError) -> tuple[str, str, Bilingual, Bilingual]:
    correct = Bilingual("请改正该单元格。", "Correct the cell.")
    if error.field in _CHECKED:
        right = Bilingual("校验码正确的 18 位代码", "18 characters with the right check character")
        return error.field, "bad_check_character", right, error.advice or correct
    return error.field, "bad_fact", error.message, error.advice or correct


def distinct(reader: RowReader, placed: Iterable[Placed]) -> list[tuple[Fact, str]]:
    """The facts with ids of their own, each with its place; two that are equal in every field are a problem."""
    first: dict[Fact, str] = {}
    for fact, row in placed:
        where = reader.place(row)
        if fact not in first:
            first[fact] = where
            continue
        column = next(c for c in reader.sheet.columns.values() if c.title in reader.at)
        expected = Bilingual("每条记录只登记一次", "each record once")
        hint = Bilingual(f"与 {first[fact]} 完全相同。", f"It equals {first[fact]} in every field.")
        reader.problem("duplicate_record", row, column, expected, hint)
    return [*zip(numbered([*first], [*first.values()]), first.values(), strict=True)]
