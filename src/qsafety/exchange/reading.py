"""From a ledger workbook to a dossier: everything that is wrong is told at once, and then nothing is imported."""

from collections.abc import Callable, Iterable, Iterator
from typing import Any, cast
from zoneinfo import ZoneInfo

from attrs import Factory, define, frozen

from qsafety.bilingual import Bilingual
from qsafety.codec.own import without_collector
from qsafety.dossier import COLLECTIONS, Dossier, Fact, Seller
from qsafety.errors import QSafetyError
from qsafety.exchange.book import Book, open_book
from qsafety.exchange.cells import Setting
from qsafety.exchange.cellstream import Row as Cells
from qsafety.exchange.columns import INCOMPLETE, Sheet
from qsafety.exchange.facts import build, distinct, one_each, together
from qsafety.exchange.headers import UPRIGHT, Headers, find_sheets, upright
from qsafety.exchange.opening import Source
from qsafety.exchange.problems import LedgerErrors, Problem, place
from qsafety.exchange.references import References
from qsafety.exchange.rows import Row, RowReader
from qsafety.exchange.sheets import SHEETS

LOCAL = "Asia/Shanghai"
"""The time zone of a seller that names none, as in :class:`~qsafety.dossier.Seller`."""

Progress = Callable[[int, int], object]
"""Called with how many rows are done, of how many."""

MOST_PROBLEMS = 10_000
"""With so many the reading ends: what is wrong is then wrong with a whole column."""

_TOLD_EVERY = 2_000
_MANY = Problem(
    code="too_many_problems",
    expected=Bilingual(f"少于 {MOST_PROBLEMS} 处问题的台账", f"a ledger with fewer than {MOST_PROBLEMS} problems"),
    hint=Bilingual(
        "其后未再检查：请先改正整列写错的地方。",
        "What follows was not checked: mend the columns that are wrong throughout first.",
    ),
)


@frozen
class Ledger:
    """What a workbook gave: the dossier, the names of the sheets that were not read, and notes (macros not run)."""

    dossier: Dossier
    unread: tuple[str, ...] = ()
    notes: tuple[Bilingual, ...] = ()


def read_ledger(source: Source, *, progress: Progress | None = None) -> Dossier:
    """The dossier in a ledger workbook (质量安全台账): its path, or a file opened to read bytes.

    A sheet that is there is complete, even when it is empty; a sheet or a column that is not there is not known.
    ``progress`` is called now and then with how many rows are done, of how many. An open file is read from its beginning and not closed.

    :class:`LedgerErrors` tells everything that is wrong with the ledger, cell by cell; :class:`LedgerFileError` that the file is
    no workbook; :class:`LedgerTypeError` that it is no file. Without openpyxl: :class:`~qsafety.errors.MissingExtraError`.

    >>> from io import BytesIO
    >>> from importlib.resources import files
    >>> content = (files("qsafety.testing") / "data" / "ebike-shop.xlsx").read_bytes()
    >>> read_ledger(BytesIO(content)).seller.id
    'hz-ebike'
    """
    return read_workbook(source, progress=progress).dossier


def read_workbook(source: Source, *, progress: Progress | None = None) -> Ledger:
    """As :func:`read_ledger`, with the names of the sheets that are the user's own and were not read."""
    with open_book(source) as book, without_collector():
        return _Reading(book, progress).ledger()


@define
class _Reading:
    book: Book
    progress: Progress | None = None
    problems: list[Problem] = Factory(list)
    references: References = Factory(References)
    collections: dict[str, list[Fact]] = Factory(dict)
    sources: dict[str, str] = Factory(dict)
    done: int = 0

    def ledger(self) -> Ledger:
        found = find_sheets(self.book.titles, self.problems)
        setting = Setting(ZoneInfo(LOCAL), self.book.epoch)
        seller: Seller | None = None
        for sheet in SHEETS:
            title = found.sheets.get(sheet.title)
            if title is None:
                continue
            if sheet.facts == (Seller,):
                seller, setting = self._seller(sheet, title, setting)
            else:
                self._sheet(sheet, title, setting)
        facts = [fact for facts in self.collections.values() for fact in facts]
        if len(self.problems) < MOST_PROBLEMS:
            self.problems += self.references.problems(facts)
        else:  # the rest was not read, so that nothing can be said of ids
            self.problems.append(_MANY)
        if self.problems or seller is None:
            raise LedgerErrors(_in_order(self.problems))
        try:
            dossier = Dossier(
                seller=seller,
                partial=self._partial(found.format),
                sources=self.sources,
                **cast(dict[str, Any], self.collections),
            )
        except QSafetyError as error:
            hint = error.advice or Bilingual("请核对台账。", "Check the ledger.")
            raise LedgerErrors([Problem(code=error.code, expected=error.message, hint=hint)]) from None
        return Ledger(dossier, tuple(found.unread), tuple(self.book.notes()))

    def _partial(self, title: str | None) -> frozenset[str]:
        """What a workbook that qsafety wrote says may lack records."""
        for _, cells in self.book.rows(title) if title else ():
            first, *names = (cell.shown for _, cell in sorted(cells.items()))
            if first == INCOMPLETE:
                return frozenset(name for name in names if name in COLLECTIONS)
        return frozenset()

    def _sheet(self, sheet: Sheet, title: str, setting: Setting) -> None:
        headers = Headers(sheet.title, sheet.columns)
        rows = self._counted(title)
        headers.read(rows)
        outlets = len(self.references.known.get("outlets", ()))
        headers.demand([c for c in sheet.columns.values() if c.needed or (c.lone and outlets > 1)])
        at = {name: number for number, name in headers.titles.items()}
        reader = RowReader(sheet, at, setting, self.references, self.problems)
        reader.announce()
        gather = together if sheet.together else one_each
        placed = distinct(reader, gather(reader, _rows(reader, headers, rows)))
        self.problems += headers.problems
        for name in sheet.collections:
            self.collections[name] = [fact for fact, _ in placed if type(fact) is COLLECTIONS[name]]
        for fact, where in placed:
            self._locate(fact, where)

    def _counted(self, title: str) -> Iterator[tuple[int, Cells]]:
        """The rows of a sheet; how many there have been is told now and then."""
        total = sum(part.rows for part in self.book.package.parts.values())
        before, self.done = self.done, self.done + self.book.package.part(title).rows
        for count, row in enumerate(self.book.rows(title), start=1):
            if len(self.problems) >= MOST_PROBLEMS:
                return
            yield row
            if self.progress and count % _TOLD_EVERY == 0:
                self.progress(before + count, total)
        if self.progress:
            self.progress(self.done, total)

    def _seller(self, sheet: Sheet, title: str, setting: Setting) -> tuple[Seller | None, Setting]:
        """单位 stands upright: each row is a field and its value."""
        headers = Headers(sheet.title, UPRIGHT)
        rows = self.book.rows(title)
        headers.read(rows)
        headers.demand([*UPRIGHT.values()])
        at, cells = upright(sheet, headers, rows) if headers.row else ({}, {})
        self.problems += headers.problems
        letters = headers.letters
        reader = RowReader(sheet, at, setting, self.references, self.problems, upright=letters.get("值", "B"))
        row = reader.read(at.get("单位编号", headers.row), cells)
        seller = build(reader, row, row.fields, row.bad)
        zone = row.fields.get("tz", LOCAL)
        if isinstance(seller, Seller):
            self._locate(seller, place(sheet.title, letters["字段"], row.number))
            return seller, Setting(ZoneInfo(zone), setting.epoch)
        return None, Setting(ZoneInfo(zone), setting.epoch)

    def _locate(self, fact: Fact, where: str) -> None:
        if self.sources.setdefault(fact.id, where) != where:
            self.sources[f"{fact.KIND}:{fact.id}"] = where


def _rows(reader: RowReader, headers: Headers, rows: Iterator[tuple[int, Cells]]) -> Iterator[Row]:
    for number, cells in rows if headers.row else ():
        if headers.ours(number, cells):
            yield reader.read(number, cells)


def _in_order(problems: Iterable[Problem]) -> list[Problem]:
    order = {sheet.title: number for number, sheet in enumerate(SHEETS)}

    def where(problem: Problem) -> tuple[int, int, int, str]:
        letter = problem.letter or ""
        return order.get(problem.sheet or "", -1), problem.row or 0, len(letter), letter

    return sorted(problems, key=where)
