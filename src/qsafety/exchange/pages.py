"""The sheets of a result: a heading, a table under it, cells that are texts and never formulas."""

import re
from collections.abc import Sequence
from datetime import date
from math import ceil
from typing import Any

from attrs import Factory, define

from qsafety.assessment.lines import columns
from qsafety.bilingual import Bilingual, Lang
from qsafety.exchange.cells import letter
from qsafety.exchange.kinds import DATE
from qsafety.exchange.layout import FONT, for_print, head_cell

_UNWRITABLE = re.compile("[\x00-\x08\x0b\x0c\x0e-\x1f\ud800-\udfff\ufffe\uffff]")
_LONGEST = 32_000
_CALCULATED = frozenset("=+-@'")
LINK = "0563C1"
_LINE, _TALLEST = 14, 409  # points
_DIGIT = 10 / 11
"""The width of a column is told in digits of 11 points; texts are of 10."""


@define
class Page:
    """A sheet being written from the top."""

    drawn: Any
    lang: Lang
    widths: Sequence[float]
    row: int = 0
    ruled: bool = False
    days: dict[date, Any] = Factory(dict)

    @classmethod
    def of(cls, book: Any, title: str, lang: Lang, widths: Sequence[float], *, frozen_rows: int) -> "Page":
        """A new sheet, with the widths of its columns; the first rows stay in view."""
        drawn = book.create_sheet(title)
        for number, width in enumerate(widths, start=1):
            drawn.column_dimensions[letter(number)].width = width
        drawn.freeze_panes = f"A{frozen_rows + 1}"
        drawn.sheet_view.showGridLines = False
        drawn.print_title_rows = f"{frozen_rows}:{frozen_rows}"
        for_print(drawn)
        return cls(drawn, lang, widths)

    def words(self, words: Bilingual | str) -> str:
        """Words in the language of the workbook."""
        return words.to(self.lang) if isinstance(words, Bilingual) else words

    def put(self, *cells: Any) -> None:
        """A row: texts, numbers, dates, or cells made by :meth:`cell`."""
        self.row += 1
        made = [self._made(cell) for cell in cells]
        lines = max(map(self._lines, made, self.widths), default=1)
        if lines > 1:
            self.drawn.row_dimensions[self.row].height = min(3 + _LINE * lines, _TALLEST)
        self.drawn.append([self._ruled(cell) for cell in made] if self.ruled else made)

    def _ruled(self, cell: Any) -> Any:
        """A fine line under the row, on screen and paper."""
        from openpyxl.cell import WriteOnlyCell
        from openpyxl.styles import Border, Side

        cell = WriteOnlyCell(self.drawn) if cell is None else cell
        cell.border = Border(bottom=Side("hair", color="A0A0A0"))
        return cell

    def _made(self, cell: Any) -> Any:
        if isinstance(cell, Bilingual | str):
            return self.cell(cell) if cell else None
        return self.day(cell) if isinstance(cell, date) else cell

    def day(self, day: date) -> Any:
        """A date that sorts as one."""
        from openpyxl.cell import WriteOnlyCell
        from openpyxl.styles import Alignment, Font

        if day not in self.days:
            cell = self.days[day] = WriteOnlyCell(self.drawn)
            cell.value = day
            cell.number_format = DATE
            cell.font = Font(name=FONT, size=10)
            cell.alignment = Alignment(horizontal="left", vertical="top")
        return self.days[day]

    @staticmethod
    def _lines(cell: Any, width: float) -> int:
        """How many lines a text takes in its column; not every program works that out when it opens a file."""
        if cell is None or not cell.alignment.wrap_text or not isinstance(cell.value, str):
            return 1
        return sum(max(1, ceil(columns(line) * _DIGIT / max(width - 1, 1))) for line in cell.value.split("\n"))

    def head(self, *titles: Bilingual | str) -> None:
        """The headers of the table, which can then be filtered by; its rows have lines."""
        self.row += 1
        self.ruled = True
        self.drawn.append([head_cell(self.drawn, self.words(title)) for title in titles])
        self.drawn.auto_filter.ref = f"A{self.row}:{letter(len(titles))}{self.row}"

    def heading(self, words: Bilingual | str, *, size: int = 14, colour: str = "000000") -> None:
        """A line across the page."""
        self.drawn.row_dimensions[self.row + 1].height = size * 1.6
        self.put(self.cell(words, bold=size > 11, size=size, colour=colour, wrap=False))

    def end(self, columns: int) -> None:
        """The table ends here."""
        ref = self.drawn.auto_filter.ref
        if ref:
            first = ref.partition(":")[0]
            self.drawn.auto_filter.ref = f"{first}:{letter(columns)}{self.row}"

    def cell(
        self,
        words: Bilingual | str,
        *,
        bold: bool = False,
        size: int = 10,
        fill: str | None = None,
        colour: str = "000000",
        wrap: bool = True,
        centre: bool = False,
        link: str | None = None,
    ) -> Any:
        """A text that is never calculated; ``link`` is a place to go to."""
        from openpyxl.cell import WriteOnlyCell
        from openpyxl.styles import Alignment, Font, PatternFill

        text = _UNWRITABLE.sub("", self.words(words))[:_LONGEST]
        cell = WriteOnlyCell(self.drawn, text)
        cell.data_type = "s"
        cell.quotePrefix = text[:1] in _CALCULATED
        cell.font = Font(name=FONT, bold=bold, size=size, color=colour, underline="single" if link else None)
        cell.alignment = Alignment(
            vertical="center" if centre else "top", horizontal="center" if centre else None, wrap_text=wrap
        )
        if fill:
            cell.fill = PatternFill("solid", fgColor=fill)
        if link:
            target, _, location = link.rpartition("#")
            cell.hyperlink = _to(target, location)
        return cell


def _to(target: str, location: str) -> Any:
    from openpyxl.worksheet.hyperlink import Hyperlink

    return Hyperlink(ref="", target=target or None, location=location)
