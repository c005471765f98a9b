"""One row of a sheet: its cells read as what their columns ask for; everything wrong with it is told, none of it guessed."""

from collections.abc import Mapping
from datetime import date, datetime
from typing import Any

from attrs import Factory, define

from qsafety.bilingual import Bilingual
from qsafety.exchange.cells import BadValue, Broken, Cell, ErrorValue, Setting
from qsafety.exchange.columns import Column, Sheet
from qsafety.exchange.problems import Problem, place
from qsafety.exchange.references import References, Use
from qsafety.exchange.shapes import Fields

_REMEMBERED = 50_000
_CODES_OF = {"items.code": "risk_items"}
_FILL_IN = Bilingual("请填写该单元格。", "Fill in the cell.")
_OPEN_AND_SAVE = Bilingual("请在 Excel 中打开并保存，再读取。", "Open the file in Excel, save it, and read it again.")


@define
class Row:
    """A row as far as it could be read. ``bad`` names the fields that it should have and has not."""

    number: int
    cells: Mapping[str, Cell]
    fields: Fields = Factory(dict)
    bad: set[str] = Factory(set)


@define
class RowReader:
    """Reads the rows of one sheet. ``letters`` says where its columns are; ``headed`` is the header to name, if not the column's own."""

    sheet: Sheet
    letters: Mapping[str, str]
    setting: Setting
    references: References
    problems: list[Problem]
    headed: str | None = None
    known: dict[tuple[str, type, object, str], Any] = Factory(dict)
    """What was read already: the same day, person and answer come again and again."""

    def announce(self) -> None:
        """Tell that the sheet is there, and that its ids are not where its column of ids is not."""
        for collection in self.sheet.collections:
            self.references.given(collection)
        for column in self.sheet.columns.values():
            if ids := self._ids(column):
                self.references.given(ids)
                if column.title not in self.letters:
                    self.references.unsure.add(ids)

    def read(self, number: int, cells: Mapping[str, Cell]) -> Row:
        """The fields of a row, from its cells by the title of their column."""
        row = Row(number, cells)
        for column in self.sheet.columns.values():
            self._read_cell(row, column)
        self._check_order(row)
        return row

    def problem(
        self, code: str, row: Row, column: Column, expected: Bilingual, hint: Bilingual, value: str | None = None
    ) -> None:
        """Something is wrong with a cell of a row."""
        cell = row.cells.get(column.title)
        shown = value or (cell.shown if cell else None)
        if column.personal and shown:
            shown = shown[:2] + "…"
        letter = cell.letter if cell else self.letters.get(column.title)
        self.problems.append(
            Problem(
                code=code,
                sheet=self.sheet.title,
                row=cell.row if cell else row.number,
                column=self.headed or column.title,
                letter=letter,
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
        letter = self.letters.get(column.title) if column else None
        return place(self.sheet.title, letter or min(self.letters.values(), key=lambda x: (len(x), x)), number)

    def _read_cell(self, row: Row, column: Column) -> None:
        cell = row.cells.get(column.title)
        if cell is None:
            self._read_nothing(row, column)
            return
        try:
            value = self._value(cell, column)
        except BadValue as bad:
            expected, hint = bad.expected or column.kind.expected, bad.hint or column.kind.hint
            self.problem(bad.code, row, column, expected, hint, bad.value)
            self._lose(row, column)
            return
        row.fields[column.field] = value
        self._register(row, column, cell, value)

    def _value(self, cell: Cell, column: Column) -> Any:
        if isinstance(cell.value, ErrorValue):
            hint = Bilingual("公式出错，请改正公式或直接填写。", "The formula failed; correct it or type the value.")
            raise BadValue("error_cell", hint=hint)
        if cell.value is Broken.UNCALCULATED:
            calculated = Bilingual("公式已算出的值", "the calculated value of the formula")
            raise BadValue("formula_without_value", expected=calculated, hint=_OPEN_AND_SAVE)
        key = column.title, type(cell.value), cell.value, cell.number_format
        if key in self.known:
            return self.known[key]
        value = column.kind.read(cell, self.setting)
        if len(self.known) > _REMEMBERED:
            self.known.clear()
        self.known[key] = value
        return value

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
        if column.title in self.letters:
            self.problem("missing_value", row, column, column.kind.expected, _FILL_IN)
        self._lose(row, column)

    def _lose(self, row: Row, column: Column) -> None:
        row.bad.add(column.field)
        if (ids := self._ids(column)) and column.title in self.letters:
            self.references.lost[ids] += 1

    def _ids(self, column: Column) -> str | None:
        """The collection whose ids a column holds."""
        if column.field == "id":
            return next(iter(self.sheet.collections), None)
        return _CODES_OF.get(column.field)

    def _register(self, row: Row, column: Column, cell: Cell, value: Any) -> None:
        if value is None:
            return
        for id_ in column.kind.ids(value) if column.kind.refers else ():
            uses = self.references.used.get((column.kind.refers, id_))
            if uses is not None and uses.full:
                uses.count += 1
                continue
            use = Use(self.sheet.title, row.number, column.title, cell.letter, column.kind.expected)
            self.references.use(column.kind.refers, id_, use)
        if column.field == "id" and (ids := self._ids(column)):
            before = self.references.add(ids, value, self.place(row, column))
            if before:
                once = Bilingual("不重复的编号", "an id that comes once")
                hint = Bilingual(f"已见于 {before}。", f"It is also in {before}.")
                self.problem("duplicate_id", row, column, once, hint)
                row.bad.add("id")
        elif ids := self._ids(column):
            self.references.known.setdefault(ids, {}).setdefault(value, self.place(row, column))

    def _check_order(self, row: Row) -> None:
        for column in self.sheet.columns.values():
            for name in column.not_before:
                earlier, later = row.fields.get(name), row.fields.get(column.field)
                if earlier is None or later is None or not self._backwards(earlier, later):
                    continue
                titled = self.sheet.titled(name)
                title = titled.title if titled else name
                shown = row.cells[title].shown
                expected = Bilingual(f"不早于 {title}（{shown}）的日期", f"not before {title} ({shown})")
                hint = Bilingual("请核对两个日期。", "Check the two dates.")
                self.problem("runs_backwards", row, column, expected, hint)
                row.bad.add(column.field)
                break

    def _backwards(self, earlier: date | datetime, later: date | datetime) -> bool:
        if isinstance(earlier, datetime) and isinstance(later, datetime):
            return later < earlier
        return self._day(later) < self._day(earlier)

    def _day(self, moment: date | datetime) -> date:
        return moment.astimezone(self.setting.zone).date() if isinstance(moment, datetime) else moment
