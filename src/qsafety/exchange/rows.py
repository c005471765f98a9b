"""One row of a sheet: its cells read as what their columns ask for; everything wrong with it is told, none of it guessed."""

from collections.abc import Mapping, Sequence
from datetime import date, datetime
from typing import Any

from attrs import Factory, define, frozen

from qsafety.bilingual import Bilingual
from qsafety.exchange.cells import BadValue, Broken, Cell, ErrorValue, Setting, fold, letter
from qsafety.exchange.columns import Column, Sheet
from qsafety.exchange.problems import Problem, place
from qsafety.exchange.references import MOST_PLACES, References, Use, Uses
from qsafety.exchange.shapes import Fields

_REMEMBERED = 50_000
_SHOWN = 200  # characters of a value in a message
_CODES_OF = {"items.code": "risk_items"}
_NOTHING = {"-", "--", "—", "——", "/", "?", "N/A", "NA", "NONE", "NULL", "NIL", "TBD"} | {
    *("无", "暂无", "没有", "未知", "不详", "待定", "未定", "至今", "在任", "长期", "永久")
}
_LEAVE_EMPTY = Bilingual("没有或不清楚时请留空。", "Leave it empty where there is none, or where it is not known.")
_FILL_IN = Bilingual("请填写该单元格。", "Fill in the cell.")
_OPEN_AND_SAVE = Bilingual("请在 Excel 中打开并保存，再读取。", "Open the file in Excel, save it, and read it again.")


@define(eq=False)
class Row:
    """A row as far as it could be read. ``bad`` names the fields that it should have and has not."""

    number: int
    cells: Mapping[int, Cell]
    fields: Fields = Factory(dict)
    bad: set[str] = Factory(set)


@frozen(eq=False)
class _Said:
    """What a cell says: a value with the ids that it speaks of, or why it says nothing."""

    value: Any = None
    uses: Sequence[Uses] = ()
    bad: BadValue | None = None


@frozen(eq=False)
class _Reading:
    """A column that is there. ``ids`` is the collection whose ids it holds; ``known`` what was read already: the same comes again."""

    column: Column
    field: str
    at: int
    ids: str | None
    known: dict[Cell, _Said] = Factory(dict)


@define(eq=False)
class RowReader:
    """Reads the rows of one sheet. ``at`` says in which column the cell of a title stands.

    ``upright``: the letter of the one column of values in a sheet whose rows are its fields; then ``at`` says in which row.
    """

    sheet: Sheet
    at: Mapping[str, int]
    setting: Setting
    references: References
    problems: list[Problem]
    upright: str | None = None
    there: list[_Reading] = Factory(list)
    missed: list[Column] = Factory(list)
    """Columns that are not there and without which a row is no record, or goes without saying."""
    needed: frozenset[str] = frozenset()
    ordered: list[tuple[Column, str]] = Factory(list)

    def __attrs_post_init__(self) -> None:
        columns = self.sheet.columns.values()
        self.there = [_Reading(c, c.field, self.at[c.title], self._ids(c)) for c in columns if c.title in self.at]
        self.missed = [c for c in columns if c.title not in self.at and (c.needed or c.lone)]
        self.needed = frozenset(c.field for c in columns if c.needed)
        self.ordered = [(column, name) for column in columns for name in column.not_before]

    def announce(self) -> None:
        """Tell that the sheet is there, and that its ids are not where its column of ids is not."""
        for collection in self.sheet.collections:
            self.references.given(collection)
        for column in self.sheet.columns.values():
            if ids := self._ids(column):
                self.references.given(ids)
                if column.title not in self.at:
                    self.references.unsure.add(ids)

    def read(self, number: int, cells: Mapping[int, Cell]) -> Row:
        """The fields of a row."""
        row = Row(number, cells)
        for reading in self.there:
            cell = cells.get(reading.at)
            if cell is None:
                if reading.column.needed or reading.column.lone:
                    self._read_nothing(row, reading.column)
                continue
            said = reading.known.get(cell) or self._read(cell, reading)
            if said.bad is not None:
                self._refuse(row, reading.column, said.bad)
                continue
            row.fields[reading.field] = said.value
            for uses in said.uses:
                uses.count += 1
                if uses.count <= MOST_PLACES:
                    uses.named.append(self._use(row, reading.column))
            if reading.ids:
                self._enter(row, reading, said.value)
        for column in self.missed:
            self._read_nothing(row, column)
        if self.ordered:
            self._check_order(row)
        return row

    def cell(self, row: Row, column: Column) -> Cell | None:
        """The cell of a column in a row, if there is one."""
        at = self.at.get(column.title)
        return None if at is None else row.cells.get(at)

    def problem(
        self, code: str, row: Row, column: Column, expected: Bilingual, hint: Bilingual, value: str | None = None
    ) -> None:
        """Something is wrong with a cell of a row."""
        cell = self.cell(row, column)
        shown = value or (cell.shown if cell else None)
        if column.personal and shown:
            shown = shown[:2] + "…"
        if shown and len(shown) > _SHOWN:
            shown = shown[:_SHOWN] + "…"
        self.problems.append(
            Problem(
                code=code,
                sheet=self.sheet.title,
                row=self.at.get(column.title, row.number) if self.upright else row.number,
                column="值" if self.upright else column.title,
                letter=self._letter(column),
                value=shown,
                expected=expected,
                hint=hint,
            )
        )

    def place(self, row: Row, column: Column | None = None) -> str:
        """Where a row stands, or one of its cells."""
        return self.place_of(row.number, column)

    def place_of(self, number: int, column: Column | None = None) -> str:
        """The same, by the number of the row."""
        return place(self.sheet.title, (self._letter(column) if column else None) or letter(self._first()), number)

    def _letter(self, column: Column) -> str | None:
        at = self.at.get(column.title)
        return self.upright or (letter(at) if at else None)

    def _first(self) -> int:
        return min(self.at.values())

    def _read(self, cell: Cell, reading: _Reading) -> _Said:
        if len(reading.known) > _REMEMBERED:
            reading.known.clear()
        try:
            said = self._said(cell, reading.column)
        except BadValue as bad:
            said = _Said(bad=bad)
        reading.known[cell] = said
        return said

    def _said(self, cell: Cell, column: Column) -> _Said:
        if isinstance(cell.value, ErrorValue):
            hint = Bilingual("公式出错，请改正公式或直接填写。", "The formula failed; correct it or type the value.")
            raise BadValue("error_cell", hint=hint)
        if cell.value is Broken.UNCALCULATED:
            calculated = Bilingual("公式已算出的值", "the calculated value of the formula")
            raise BadValue("formula_without_value", expected=calculated, hint=_OPEN_AND_SAVE)
        if cell.value is Broken.TOO_LONG:
            shorter = Bilingual("不超过 32767 个字符的文字", "a text of at most 32767 characters")
            raise BadValue("too_long", expected=shorter, hint=Bilingual("请缩短。", "Shorten it."))
        if cell.value is Broken.DAMAGED:
            raise BadValue(
                "damaged_cell", hint=Bilingual("该单元格已损坏，请重新填写。", "The cell is damaged; type it again.")
            )
        kind = column.kind
        value = kind.read(cell, self.setting)
        ids = kind.ids(value) if kind.refers and value is not None else ()
        return _Said(value, [self.references.uses(kind.refers, id_) for id_ in ids])

    def _use(self, row: Row, column: Column) -> Use:
        return Use(self.sheet.title, row.number, column.title, self._letter(column) or "", column.kind.expected)

    def _refuse(self, row: Row, column: Column, bad: BadValue) -> None:
        kind = column.kind
        hint = bad.hint or kind.hint
        cell = self.cell(row, column)
        if not column.needed and cell is not None and fold(cell.shown).upper() in _NOTHING:
            hint = Bilingual(hint.zh + _LEAVE_EMPTY.zh, f"{hint.en} {_LEAVE_EMPTY.en}")
        self.problem(bad.code, row, column, bad.expected or kind.expected, hint, bad.value)
        self._lose(row, column)

    def _read_nothing(self, row: Row, column: Column) -> None:
        if column.lone:
            outlets = [*self.references.known.get("outlets", ())]
            if len(outlets) == 1:
                row.fields[column.field] = outlets[0]
            elif outlets:
                self._miss(row, column)
        elif column.needed:
            self._miss(row, column)

    def _miss(self, row: Row, column: Column) -> None:
        # one that is not there at all was told of once, with the headers
        if column.title in self.at:
            self.problem("missing_value", row, column, column.kind.expected, _FILL_IN)
        self._lose(row, column)

    def _lose(self, row: Row, column: Column) -> None:
        row.bad.add(column.field)
        if (ids := self._ids(column)) and column.title in self.at:
            self.references.lost[ids] += 1

    def _ids(self, column: Column) -> str | None:
        """The collection whose ids a column holds."""
        if column.field == "id":
            return next(iter(self.sheet.collections), None)
        return _CODES_OF.get(column.field)

    def _enter(self, row: Row, reading: _Reading, value: Any) -> None:
        """An id that a row gives to what it tells of; the codes of a list come again with each version of it."""
        if value is None or reading.ids is None:
            return
        before = self.references.add(reading.ids, value, self.place(row, reading.column))
        if before and reading.field == "id":
            once = Bilingual("不重复的编号", "an id that comes once")
            hint = Bilingual(f"已见于 {before}。", f"It is also in {before}.")
            self.problem("duplicate_id", row, reading.column, once, hint)
            row.bad.add("id")

    def _check_order(self, row: Row) -> None:
        for column, name in self.ordered:
            earlier, later = row.fields.get(name), row.fields.get(column.field)
            if earlier is None or later is None or column.field in row.bad or not self._backwards(earlier, later):
                continue
            titled = self.sheet.titled(name)
            cell = self.cell(row, titled) if titled else None
            title, shown = (titled.title, cell.shown) if titled and cell else (name, str(earlier))
            expected = Bilingual(f"不早于 {title}（{shown}）的日期", f"not before {title} ({shown})")
            hint = Bilingual("请核对两个日期。", "Check the two dates.")
            self.problem("runs_backwards", row, column, expected, hint)
            row.bad.add(column.field)

    def _backwards(self, earlier: date | datetime, later: date | datetime) -> bool:
        if isinstance(earlier, datetime) and isinstance(later, datetime):
            return later < earlier
        return self._day(later) < self._day(earlier)

    def _day(self, moment: date | datetime) -> date:
        return moment.astimezone(self.setting.zone).date() if isinstance(moment, datetime) else moment
