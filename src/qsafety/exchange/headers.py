"""The sheets of a workbook and their headers, matched with the sheets and columns that a ledger has."""

import difflib
from collections.abc import Iterable, Iterator, Mapping, Sequence

from attrs import Factory, define

from qsafety.bilingual import Bilingual
from qsafety.exchange.cells import Cell, header, letter
from qsafety.exchange.cellstream import MOST_COLUMNS
from qsafety.exchange.cellstream import Row as Cells
from qsafety.exchange.columns import EXAMPLE, FORMAT_SHEET, HELP, MISTAKES, Column, Sheet, must
from qsafety.exchange.kinds import text
from qsafety.exchange.problems import Problem, did_you_mean
from qsafety.exchange.sheets import SHEETS

_TITLE_ROWS = 10
_TOTALS = frozenset({"合计", "总计", "小计", "共计", "合计：", "合计:"})


@define
class Found:
    """Which sheet of the workbook is which sheet of a ledger, and which are none."""

    sheets: dict[str, str] = Factory(dict)
    unread: list[str] = Factory(list)
    format: str | None = None


def find_sheets(titles: Sequence[str], problems: list[Problem]) -> Found:
    """Match the sheets by name. A name that is nearly one of ours is a problem; any other sheet is the user's own."""
    found = Found()
    known = {sheet.title for sheet in SHEETS}
    folded = [(title, header(title)) for title in titles]
    there = {name for _, name in folded}
    for title, name in folded:
        if name in found.sheets:
            once = Bilingual("每个工作表只出现一次", "each sheet once")
            hint = Bilingual(f"与“{found.sheets[name]}”重名。", f"It has the name of {found.sheets[name]!r}.")
            problems.append(Problem(code="duplicate_sheet", sheet=title, value=title, expected=once, hint=hint))
        elif name in known:
            found.sheets[name] = title
        elif name == FORMAT_SHEET:
            found.format = title
        elif name in (HELP, EXAMPLE, MISTAKES):
            continue
        elif near := _near(name, known, there):
            of = Bilingual("台账的工作表名", "the name of a sheet of the ledger")
            hint = Bilingual(
                f"是否为“{near}”？若是自用的表，请换一个名称。", f"Did you mean {near!r}? Else rename your own sheet."
            )
            problems.append(Problem(code="unknown_sheet", sheet=title, value=title, expected=of, hint=hint))
        else:
            found.unread.append(title)
    if SHEETS[0].title not in found.sheets and not any(p.code == "unknown_sheet" for p in problems):
        first = SHEETS[0].title
        expected = Bilingual(f"工作表“{first}”", f"a sheet {first!r}")
        hint = Bilingual("请添加，至少填写单位编号和单位名称。", "Add it, with 单位编号 and 单位名称 at least.")
        problems.append(Problem(code="missing_sheet", sheet=first, expected=expected, hint=hint))
    return found


def _near(name: str, known: Iterable[str], there: set[str]) -> str | None:
    """The name that was probably meant: much of it is the same, or, of one that is not there, all but one character."""
    best = max(known, key=lambda word: difflib.SequenceMatcher(None, name, word).ratio())
    if difflib.SequenceMatcher(None, name, best).ratio() >= 0.6:
        return best
    for word in known:
        differ = sum(a != b for a, b in zip(word, name, strict=False))
        if word not in there and len(word) == len(name) and differ == 1:
            return word
    return None


@define
class Headers:
    """Where the columns of a sheet are, and what is wrong with its headers."""

    sheet: str
    columns: Mapping[str, Column]
    titles: dict[int, str] = Factory(dict)
    row: int = 0
    unknown: list[Problem] = Factory(list)
    other: list[Problem] = Factory(list)
    told: set[int] = Factory(set)
    seen: set[int] = Factory(set)
    """Columns of which there is nothing more to say."""
    beyond: bool = False

    @property
    def letters(self) -> dict[str, str]:
        """The letter of each column that is there."""
        return {title: letter(number) for number, title in self.titles.items()}

    @property
    def problems(self) -> list[Problem]:
        """Everything wrong with the headers."""
        return [*self.unknown, *self.other]

    def read(self, rows: Iterator[tuple[int, Cells]]) -> None:
        """Find the row of headers; a title above it is passed over."""
        for number, cells in rows:
            if any(header(cell.shown) in self.columns for cell in cells.values()):
                self.row = number
                for at, cell in cells.items():
                    self._read(at, cell, header(cell.shown))
                self.seen = {*self.titles} | self.told
                return
            if len(cells) > 1 or number > _TITLE_ROWS:
                break
        expected = Bilingual(f"一行表头：{'、'.join(self.columns)}", f"a row of headers: {', '.join(self.columns)}")
        hint = Bilingual("请补上表头；没有资料的表请删除。", "Add the headers, or delete the sheet if it has no data.")
        self.other.append(Problem(code="missing_header", sheet=self.sheet, expected=expected, hint=hint))

    def _read(self, at: int, cell: Cell, name: str) -> None:
        if at > MOST_COLUMNS:
            return  # told of with the values there
        if name in self.letters:
            expected = Bilingual("每列只出现一次", "each column once")
            first = self.letters[name]
            hint = Bilingual(f"与 {first} 列重名。", f"It has the name of column {first}.")
            self.other.append(
                _problem("duplicate_column", self.sheet, (self.row, at), cell, cell.shown, expected, hint)
            )
            self.told.add(at)
        elif name in self.columns:
            self.titles[at] = name
        else:
            expected = Bilingual(f"“{self.sheet}”表的列名", f"a column of sheet {self.sheet}")
            listed = Bilingual(f"可用：{'、'.join(self.columns)}。", f"Known: {', '.join(self.columns)}.")
            hint = did_you_mean(name, [*self.columns], listed)
            self.unknown.append(
                _problem("unknown_column", self.sheet, (self.row, at), cell, cell.shown, expected, hint)
            )
            self.told.add(at)

    def demand(self, needed: Sequence[Column]) -> None:
        """Tell of columns that must be there and are not; a misspelt header explains one of them."""
        absent = [column for column in needed if column.title not in self.letters]
        for column in absent if self.row and len(absent) > len(self.unknown) else ():
            expected = Bilingual(f"“{column.title}”列", f"a column {column.title!r}")
            self.other.append(
                Problem(
                    code="missing_column",
                    sheet=self.sheet,
                    row=self.row,
                    column=column.title,
                    expected=expected,
                    hint=Bilingual("请添加该列。", "Add this column."),
                )
            )

    def ours(self, number: int, cells: Cells) -> bool:
        """Whether a row is a record, or meant for one; of values without a header each column is told of once."""
        first = next(iter(cells.values()))
        if first.value in _TOTALS or first.value in self.columns:
            return self._tell_of_row(number, cells)
        if not cells.keys() <= self.seen:
            for at, cell in cells.items():
                if at not in self.seen:
                    self._tell_of_value(number, at, cell)
        return not self.titles.keys().isdisjoint(cells)

    def _tell_of_row(self, number: int, cells: Cells) -> bool:
        """False, and told, where a row is a total, or the headers once more."""
        at, first = next(iter(cells.items()))
        if first.value not in _TOTALS and any(self.titles.get(at) != header(cell.shown) for at, cell in cells.items()):
            return True
        expected = Bilingual("一条记录", "a record")
        hint = Bilingual("合计行、重复的表头请删除。", "Delete totals, and headers that come again.")
        self.other.append(_problem("no_record", self.sheet, (number, at), first, self.titles.get(at), expected, hint))
        return False

    def _tell_of_value(self, number: int, at: int, cell: Cell) -> None:
        if at > MOST_COLUMNS:
            if self.beyond:
                return
            self.beyond = True
            expected = Bilingual(f"前 {MOST_COLUMNS} 列中的值", f"values in the first {MOST_COLUMNS} columns")
            hint = Bilingual(
                "此列及其后不读取，请移到前面或清空。", "What stands here and beyond is not read: move or clear it."
            )
            self.other.append(_problem("too_far_right", self.sheet, (number, at), cell, None, expected, hint))
            return
        self.seen.add(at)
        expected = Bilingual("有表头的列", "a column with a header")
        hint = Bilingual("请写上表头，或把内容移到别的工作表。", "Give it a header, or move it to another sheet.")
        self.other.append(_problem("no_header", self.sheet, (number, at), cell, None, expected, hint))


UPRIGHT: Mapping[str, Column] = {title: must(title, title, text) for title in ("字段", "值")}
"""The columns of 单位."""


def upright(sheet: Sheet, headers: Headers, rows: Iterator[tuple[int, Cells]]) -> tuple[dict[str, int], Cells]:
    """Of 单位: the row of each field, and the values by their row; what is wrong with the fields is added to the headers' problems."""
    at = {title: number for number, title in headers.titles.items()}
    fields: dict[str, int] = {}
    values: Cells = {}
    unknown = 0

    def tell(code: str, row: int, column: str, cell: Cell | None, expected: Bilingual, hint: Bilingual) -> None:
        place = row, at.get(column, 1)
        headers.other.append(_problem(code, sheet.title, place, cell or Cell(None), column, expected, hint))

    for number, cells in rows:
        headers.ours(number, cells)
        field, value = cells.get(at.get("字段", 0)), cells.get(at.get("值", 0))
        if field is None:
            if value is not None:
                hint = Bilingual("请填写字段，或清空该行。", "Name the field, or clear the row.")
                tell("missing_value", number, "字段", None, Bilingual("字段名", "the name of a field"), hint)
            continue
        name = header(field.shown)
        if name not in sheet.columns:
            unknown += 1
            expected = Bilingual("单位的字段名", "the name of a field of the seller")
            listed = Bilingual(f"可用：{'、'.join(sheet.columns)}。", f"Known: {', '.join(sheet.columns)}.")
            tell("unknown_field", number, "字段", field, expected, did_you_mean(name, [*sheet.columns], listed))
        elif name in fields:
            hint = Bilingual(f"已见于第 {fields[name]} 行。", f"It is also in row {fields[name]}.")
            tell("duplicate_field", number, "字段", field, Bilingual("每个字段只出现一次", "each field once"), hint)
        else:
            fields[name] = number
            if value is not None:
                values[number] = value
    needed = [column for column in sheet.columns.values() if column.needed]
    absent = [column for column in needed if column.title not in fields]
    for column in absent if len(absent) > unknown else ():
        expected = Bilingual(f"字段“{column.title}”", f"the field {column.title!r}")
        hint = Bilingual("请添加该字段。", "Add this field.")
        problem = Problem(code="missing_value", sheet=sheet.title, column="字段", expected=expected, hint=hint)
        headers.other.append(problem)
    for column in needed if "值" in at else ():
        if column.title in fields and fields[column.title] not in values:
            hint = Bilingual(f"请填写{column.title}。", f"Fill in {column.title}.")
            tell("missing_value", fields[column.title], "值", None, column.kind.expected, hint)
    return {name: number for name, number in fields.items() if number in values}, values


def _problem(
    code: str,
    sheet: str,
    place: tuple[int, int],
    cell: Cell,
    column: str | None,
    expected: Bilingual,
    hint: Bilingual,
) -> Problem:
    return Problem(
        code=code,
        sheet=sheet,
        row=place[0],
        column=column,
        letter=letter(place[1]),
        value=cell.shown or None,
        expected=expected,
        hint=hint,
    )
