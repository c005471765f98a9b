"""A workbook as rows of cells: values that Excel kept, dates as dates, merged cells filled downwards; nothing is calculated."""

import warnings
import zipfile
from collections.abc import Callable, Generator, Iterator, Sequence
from contextlib import contextmanager
from datetime import datetime
from importlib import import_module
from typing import IO, Any, BinaryIO

from attrs import frozen

from qsafety.bilingual import Bilingual
from qsafety.errors import MissingExtraError
from qsafety.exchange.cells import Cell
from qsafety.exchange.cellstream import Meaning, Row, rows_of, texts_of
from qsafety.exchange.opening import Package, Part, Source, inspect, not_readable, open_file


@frozen
class Book:
    """An open workbook."""

    name: str
    package: Package
    archive: zipfile.ZipFile
    meaning: Meaning

    @property
    def titles(self) -> Sequence[str]:
        """The names of its sheets, in order."""
        return [*self.package.sheets]

    @property
    def epoch(self) -> datetime:
        """The day that its dates count from."""
        return self.meaning.epoch

    def notes(self) -> Iterator[Bilingual]:
        """What the workbook carries that is not looked at."""
        if self.package.macros:
            yield Bilingual("工作簿含有宏，未运行。", "The workbook has macros; they were not run.")
        if self.package.links:
            yield Bilingual("工作簿含有外部链接，未访问。", "The workbook has external links; they were not followed.")

    def rows(self, title: str) -> Iterator[tuple[int, Row]]:
        """The rows of a sheet that hold anything, with their numbers."""
        part = self.package.part(title)
        return _filled(self._rows(title), part) if part.merged else self._rows(title)

    def _rows(self, title: str) -> Iterator[tuple[int, Row]]:
        place = self.package.sheets.get(title)
        if place is None:  # a chart, or a sheet without a part
            return
        try:
            part = self.archive.open(place)
        except KeyError:
            raise not_readable(self.name) from None
        with part:
            yield from _rows(self.name, part, self.meaning)


@contextmanager
def open_book(source: Source) -> Generator[Book]:
    """Open a workbook that passes all checks; :class:`~qsafety.exchange.problems.LedgerFileError` for anything else."""
    _demand_openpyxl()
    with open_file(source) as (file, name):
        package = inspect(file, name)
        with zipfile.ZipFile(file) as archive:
            yield Book(name, package, archive, _meaning(archive, package, name))


def check(source: Source, load: Callable[[BinaryIO], Any]) -> tuple[Package, Any]:
    """What was seen in a workbook that passes all checks, and what is loaded from it.

    :class:`~qsafety.exchange.problems.LedgerFileError` for anything else.
    """
    _demand_openpyxl()
    with open_file(source) as (file, name):
        package = inspect(file, name)
        try:
            return package, load(file)
        except Exception as error:  # see _meaning
            raise not_readable(name) from error


def _demand_openpyxl() -> None:
    try:
        import_module("openpyxl")
    except ImportError:
        raise MissingExtraError("excel", "openpyxl") from None


def _meaning(archive: zipfile.ZipFile, package: Package, name: str) -> Meaning:
    """The shared texts, the styles and the calendar."""
    from openpyxl import Workbook
    from openpyxl.styles.stylesheet import apply_stylesheet
    from openpyxl.utils.datetime import MAC_EPOCH, WINDOWS_EPOCH

    try:
        texts: list[str] = []
        if package.texts is not None:
            with archive.open(package.texts) as part:
                texts = texts_of(part)
        with warnings.catch_warnings():
            # of what is left out (a default style); nothing of that is read here
            warnings.simplefilter("ignore")
            apply_stylesheet(archive, book := Workbook())
    except Exception as error:  # whatever openpyxl trips over: the archive is whole, its content is not a workbook's
        raise not_readable(name) from error
    return Meaning(texts, _Forms(book), MAC_EPOCH if package.counts_from_1904 else WINDOWS_EPOCH)


def _rows(name: str, part: IO[bytes], meaning: Meaning) -> Iterator[tuple[int, Row]]:
    try:
        yield from rows_of(part, meaning)
    except Exception as error:  # see _meaning
        raise not_readable(name) from error


class _Forms(dict[int, tuple[str, bool, bool]]):
    """Of each style: its number format, whether it is that of a date, and whether of a duration."""

    def __init__(self, book: Any) -> None:
        self._sheet: Any = _SheetOf(book)

    def __call__(self, style: int) -> tuple[str, bool, bool]:
        return self[style]

    def __missing__(self, style: int) -> tuple[str, bool, bool]:
        from openpyxl.cell.read_only import ReadOnlyCell
        from openpyxl.styles.numbers import is_date_format, is_timedelta_format

        try:
            form = str(ReadOnlyCell(self._sheet, 1, 1, 1, "n", style).number_format or "")
        except IndexError:  # a style that the workbook does not have
            form = ""
        self[style] = found = form, bool(is_date_format(form)), bool(is_timedelta_format(form))
        return found


@frozen
class _SheetOf:
    """All that a cell asks its sheet for: the workbook."""

    parent: Any


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
                row[where] = cell
        yield number, row


def _column(letters: str) -> int:
    number = 0
    for sign in letters:
        number = number * 26 + ord(sign) - 64
    return number
