"""A workbook as rows of cells: values that Excel kept, dates as dates, merged cells filled downwards; nothing is calculated."""

import os
import warnings
from collections.abc import Generator, Iterator, Sequence
from contextlib import contextmanager
from datetime import date, datetime
from typing import Any, BinaryIO

from attrs import evolve, frozen

from qsafety.bilingual import Bilingual
from qsafety.errors import MissingExtraError
from qsafety.exchange.cells import Broken, Cell, ErrorValue, is_blank
from qsafety.exchange.opening import Package, Part, inspect, not_readable, open_file

_MOST_COLUMNS = 256

Row = dict[int, Cell]
"""The cells of a row that are not empty, by column (A is 1)."""


@frozen
class Book:
    """An open workbook."""

    name: str
    package: Package
    values: Any
    formulas: Any

    @property
    def titles(self) -> Sequence[str]:
        """The names of its sheets, in order."""
        return [str(sheet.title) for sheet in self.values.worksheets] + [str(s.title) for s in self.values.chartsheets]

    @property
    def epoch(self) -> datetime:
        """The day that its dates count from."""
        epoch: datetime = self.values.epoch
        return epoch

    def notes(self) -> Iterator[Bilingual]:
        """What the workbook carries that is not looked at."""
        if self.package.macros:
            yield Bilingual("工作簿含有宏，未运行。", "The workbook has macros; they were not run.")
        if self.package.links:
            yield Bilingual("工作簿含有外部链接，未访问。", "The workbook has external links; they were not followed.")

    def rows(self, title: str) -> Iterator[tuple[int, Row]]:
        """The rows of a sheet that hold anything, with their numbers."""
        part = self.package.part(title)
        rows = _rows(self.name, self.values[title], self.formulas[title] if part.formulas else None)
        return _filled(rows, part) if part.merged else rows


@contextmanager
def open_book(path: str | os.PathLike[str]) -> Generator[Book]:
    """Open a workbook that passes all checks; :class:`~qsafety.exchange.problems.LedgerFileError` for anything else."""
    load = _loader()
    name = os.fsdecode(path)
    with open_file(path) as file, warnings.catch_warnings():
        # openpyxl warns of what it leaves out (drop-downs, themes); nothing of that is read here
        warnings.simplefilter("ignore")
        package = inspect(file, name)
        values = _load(load, file, name, data_only=True)
        formulas = None
        if any(part.formulas for part in package.parts.values()):
            formulas = _load(load, file, name, data_only=False)
        yield Book(name, package, values, formulas)


def _loader() -> Any:
    try:
        from openpyxl import load_workbook
    except ImportError:
        raise MissingExtraError("excel", "openpyxl") from None
    return load_workbook


def _load(load: Any, file: BinaryIO, name: str, *, data_only: bool) -> Any:
    try:
        return load(file, read_only=True, data_only=data_only, keep_links=False)
    except Exception as error:  # whatever openpyxl trips over: the archive is whole, its content is not a workbook's
        raise not_readable(name) from error


def _rows(name: str, values: Any, formulas: Any) -> Iterator[tuple[int, Row]]:
    # The size that a sheet claims is often wrong, and then rows would be lost.
    values.reset_dimensions()
    if formulas is not None:
        formulas.reset_dimensions()
    plain = _guarded(name, values.iter_rows())
    if formulas is None:
        for cells in plain:
            yield from _row([_cell(c) for c in cells[:_MOST_COLUMNS] if c.value is not None])
        return
    for cells, others in zip(plain, _guarded(name, formulas.iter_rows()), strict=False):
        yield from _row([_calculated(c, o) for c, o in zip(cells[:_MOST_COLUMNS], others, strict=False)])


def _guarded(name: str, rows: Iterator[Any]) -> Iterator[Any]:
    while True:
        try:
            row = next(rows)
        except StopIteration:
            return
        except Exception as error:  # see _load
            raise not_readable(name) from error
        yield row


def _row(cells: list[Cell | None]) -> Iterator[tuple[int, Row]]:
    row = {cell.column: cell for cell in cells if cell is not None and not is_blank(cell.value)}
    if row:
        yield next(iter(row.values())).row, row


def _cell(found: Any) -> Cell:
    value = found.value
    if found.data_type == "e":
        return Cell(ErrorValue(str(value)), found.row, found.column)
    return Cell(value, found.row, found.column, _shown(found) if isinstance(value, int | float | date) else "")


def _shown(found: Any) -> str:
    try:
        return str(found.number_format or "")
    except IndexError:  # a style that the workbook does not have
        return ""


def _calculated(found: Any, formula: Any) -> Cell | None:
    if found.value is not None:
        return _cell(found)
    # An empty text that was calculated has the type "str"; a formula that nothing has calculated has none.
    if formula.data_type == "f" and found.data_type != "str":
        return Cell(Broken.UNCALCULATED, formula.row, formula.column)
    return None


def _filled(rows: Iterator[tuple[int, Row]], part: Part) -> Iterator[tuple[int, Row]]:
    """A cell merged over several rows says the same of each of them."""
    spans = [(_column(letters), first, last) for letters, first, last in part.merged]
    spans.sort(key=lambda span: span[1])
    held: dict[int, tuple[int, Cell]] = {}
    upcoming = iter([*spans, (0, 2**31, 0)])
    column, first, last = next(upcoming)
    for number, row in rows:
        while first <= number:
            if first == number and column in row:
                held[column] = (last, row[column])
            column, first, last = next(upcoming)
        for where, (until, cell) in [*held.items()]:
            if number > until:
                del held[where]
            elif where not in row:
                row[where] = evolve(cell, row=number)
        yield number, row


def _column(letters: str) -> int:
    number = 0
    for sign in letters:
        number = number * 26 + ord(sign) - 64
    return number
