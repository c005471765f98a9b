"""From a ledger workbook to a dossier: everything that is wrong is told at once, and then nothing is imported."""

import os
from collections.abc import Iterable, Iterator
from typing import Any, cast
from zoneinfo import ZoneInfo

from attrs import Factory, define, frozen

from qsafety.bilingual import Bilingual
from qsafety.codec.own import without_collector
from qsafety.dossier import COLLECTIONS, Dossier, Fact, Seller
from qsafety.errors import QSafetyError
from qsafety.exchange.book import Book, open_book
from qsafety.exchange.cells import Cell, Setting
from qsafety.exchange.columns import INCOMPLETE, Sheet
from qsafety.exchange.facts import build, distinct, one_each, together
from qsafety.exchange.headers import UPRIGHT, Headers, find_sheets, upright
from qsafety.exchange.problems import LedgerErrors, Problem, place
from qsafety.exchange.references import References
from qsafety.exchange.rows import Row, RowReader
from qsafety.exchange.sheets import SHEETS

LOCAL = "Asia/Shanghai"
"""The time zone of a seller that names none, as in :class:`~qsafety.dossier.Seller`."""


@frozen
class Ledger:
    """What a workbook gave: the dossier, the names of the sheets that were not read, and notes (macros not run)."""

    dossier: Dossier
    unread: tuple[str, ...] = ()
    notes: tuple[Bilingual, ...] = ()


def read_ledger(path: str | os.PathLike[str]) -> Dossier:
    """The dossier in a ledger workbook (质量安全台账).

    A sheet that is there is complete, even when it is empty; a sheet or a column that is not there is not known.
    :class:`LedgerErrors` tells everything that is wrong with the ledger, cell by cell; :class:`LedgerFileError` that the file is
    no workbook. Without openpyxl: :class:`~qsafety.errors.MissingExtraError`.
    """
    return read_workbook(path).dossier


def read_workbook(path: str | os.PathLike[str]) -> Ledger:
    """As :func:`read_ledger`, with the names of the sheets that are the user's own and were not read."""
    with open_book(path) as book, without_collector():
        return _Reading(book).ledger()


@define
class _Reading:
    book: Book
    problems: list[Problem] = Factory(list)
    references: References = Factory(References)
    collections: dict[str, list[Fact]] = Factory(dict)
    sources: dict[str, str] = Factory(dict)

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
        facts = (fact for facts in self.collections.values() for fact in facts)
        self.problems += self.references.problems(facts)
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
        rows = self.book.rows(title)
        headers.read(rows)
        outlets = len(self.references.known.get("outlets", ()))
        headers.demand([c for c in sheet.columns.values() if c.needed or (c.lone and outlets > 1)])
        reader = RowReader(sheet, headers.letters, setting, self.references, self.problems)
        reader.announce()
        gather = together if sheet.together else one_each
        placed = distinct(reader, gather(reader, _rows(reader, headers, rows)))
        self.problems += headers.problems
        for name in sheet.collections:
            self.collections[name] = [fact for fact, _ in placed if type(fact) is COLLECTIONS[name]]
        for fact, where in placed:
            self._locate(fact, where)

    def _seller(self, sheet: Sheet, title: str, setting: Setting) -> tuple[Seller | None, Setting]:
        """单位 stands upright: each row is a field and its value."""
        headers = Headers(sheet.title, UPRIGHT)
        rows = self.book.rows(title)
        headers.read(rows)
        headers.demand([*UPRIGHT.values()])
        cells = upright(sheet, headers, rows) if headers.row else {}
        self.problems += headers.problems
        value = headers.letters.get("值", "B")
        reader = RowReader(sheet, dict.fromkeys(cells, value), setting, self.references, self.problems, headed="值")
        row = reader.read(headers.row, cells)
        row.number = cells["单位编号"].row if "单位编号" in cells else headers.row
        seller = build(reader, row, row.fields, row.bad)
        zone = row.fields.get("tz", LOCAL)
        if isinstance(seller, Seller):
            self._locate(seller, place(sheet.title, headers.letters["字段"], row.number))
            return seller, Setting(ZoneInfo(zone), setting.epoch)
        return None, Setting(ZoneInfo(zone), setting.epoch)

    def _locate(self, fact: Fact, where: str) -> None:
        if self.sources.setdefault(fact.id, where) != where:
            self.sources[f"{fact.KIND}:{fact.id}"] = where


def _rows(reader: RowReader, headers: Headers, rows: Iterator[tuple[int, dict[int, Cell]]]) -> Iterator[Row]:
    for number, cells in rows if headers.row else ():
        ours = headers.under(cells)
        if ours:
            yield reader.read(number, ours)


def _in_order(problems: Iterable[Problem]) -> list[Problem]:
    order = {sheet.title: number for number, sheet in enumerate(SHEETS)}

    def where(problem: Problem) -> tuple[int, int, int, str]:
        letter = problem.letter or ""
        return order.get(problem.sheet or "", -1), problem.row or 0, len(letter), letter

    return sorted(problems, key=where)
