"""From a dossier to a ledger workbook that reads back as the same dossier; what a workbook cannot hold is told.

Each value is read back as it is written, so that a loss is found where it happens and not by whoever opens the file.
"""

import os
import re
from collections.abc import Iterable, Iterator, Sequence
from datetime import date, datetime
from typing import Any
from zoneinfo import ZoneInfo

from attrs import Factory, define, frozen

from qsafety.bilingual import Bilingual, Lang
from qsafety.dossier import COLLECTIONS, LABELS, Answer, CheckResult, Dossier, Fact, RiskItem
from qsafety.exchange.cells import BadValue, Cell, Setting
from qsafety.exchange.columns import Column, Sheet
from qsafety.exchange.flattening import WHEN_EMPTY, WITHOUT_COLUMN, WITHOUT_SHEET, left_out, rows_of
from qsafety.exchange.kinds import DATE, TIME
from qsafety.exchange.layout import add_format, add_sheet, new_book, pick_list, text_cell
from qsafety.exchange.saving import replacing
from qsafety.exchange.sheets import SHEETS

_EPOCH = datetime(1899, 12, 30)
_UNWRITABLE = re.compile("[\x00-\x08\x0b\x0c\x0e-\x1f\ud800-\udfff\ufffe\uffff]")
_LONGEST = 32_767  # characters in a cell
_REMEMBERED = 50_000
_PARTS = {"items": RiskItem, "results": CheckResult, "answer": Answer}

_NO_SHEET = Bilingual("台账没有这张表", "a ledger has no such sheet")
_NO_COLUMN = Bilingual("台账没有这一列", "a ledger has no such column")
_DIFFERS = Bilingual("单元格中的值与原值不同", "the cell does not say exactly the same")
_REFUSED = Bilingual("单元格装不下这个值", "a cell cannot hold this value")
_SAME = Bilingual("与另一条记录无法区分", "nothing in a ledger tells it from another record")
_RENUMBERED = Bilingual("读回时编号按内容重新得出", "its id will follow from its content")
_LONE = Bilingual("只有一个门店：读回时即为该门店", "with one outlet, it will be that outlet's")
_WHICH = Bilingual("有多个门店，未写是哪一个", "there are several outlets, and it names none")
_HALF = Bilingual(
    "与另一类合为一张表，读回时为“可能不全”", "it shares a sheet, and will be given but perhaps incomplete"
)


@frozen(kw_only=True)
class Loss:
    """Something of a dossier that the workbook does not hold, or not exactly.

    ``field`` None: the records themselves are not in it. ``records`` are their ids.
    """

    collection: str
    field: str | None
    records: Sequence[str]
    why: Bilingual

    def to(self, lang: Lang) -> str:
        """One line: what, of how many records, and why."""
        label = LABELS[self.collection] if self.collection in LABELS else Bilingual("单位", "seller")
        what = label.to(lang) + (f" {self.field}" if self.field else "")
        if lang == "zh":
            return f"{what}（{len(self.records)} 条）：{self.why.zh}"
        return f"{what} ({len(self.records)} record{'' if len(self.records) == 1 else 's'}): {self.why.en}"


def write_ledger(dossier: Dossier, path: str | os.PathLike[str]) -> tuple[Loss, ...]:
    """Write a dossier as a ledger workbook; returns what the workbook does not hold, nothing where it holds all.

    A collection that is not given has no sheet, one that is given and empty a sheet with headers only. Where nothing is returned,
    :func:`read_ledger` gives an equal dossier (if what it refers to is there). A ledger has no place for ``refs``, ``note``,
    ``attachments``, ``recorded_by`` and ``signed_by``, nor for ``recorded_at`` but of daily checks, weekly screenings,
    monthly coordinations and opinions; nor for ``closed_on`` of a seller, ``open_weekdays`` of an outlet, ``related_to`` of a post,
    ``measures`` of a text, ``status`` and ``approved_on`` of a risk list, ``started_at`` and ``finished_at`` of a check,
    ``basis`` of an order, and ``governing_laws``. Drafts, and risk lists not in force, are left out: a row says that a thing
    was done. Texts are never taken for formulas.

    The file is there whole or not at all: :class:`~qsafety.exchange.saving.LedgerWriteError` where it cannot be written.

    >>> from tempfile import TemporaryDirectory
    >>> from qsafety.dossier import Person, Seller
    >>> from qsafety.exchange import read_ledger
    >>> shop = Dossier(seller=Seller(id="s1", name="示例店"), people=[Person(id="P1", name="=甲")])
    >>> with TemporaryDirectory() as folder:
    ...     losses = write_ledger(shop, f"{folder}/台账.xlsx")
    ...     read_ledger(f"{folder}/台账.xlsx") == shop, losses
    (True, ())
    """
    book = new_book()
    writing = _Writing(book, Setting(ZoneInfo(dossier.seller.tz), _EPOCH), dossier)
    with replacing(path) as beside:
        writing.all()
        book.save(beside)
    return tuple(
        Loss(collection=collection, field=field, records=tuple(ids), why=why)
        for (collection, field, why), ids in writing.losses.items()
    )


@define
class _Writing:
    book: Any
    setting: Setting
    dossier: Dossier
    losses: dict[tuple[str, str | None, Bilingual], list[str]] = Factory(dict)

    def all(self) -> None:
        given = [name for name in COLLECTIONS if self.dossier.given(name)]
        self._seller()
        partial = set(self.dossier.partial)
        for sheet in SHEETS[1:]:
            of = [name for name in sheet.collections if name in given]
            if not of:
                continue
            for name in set(sheet.collections) - set(of):
                self.lose(name, None, "", _HALF)
                partial.add(name)
            _Sheet(self, sheet, add_sheet(self.book, sheet, given)).write(of)
        for name in WITHOUT_SHEET:
            for fact in getattr(self.dossier, name) or ():
                self.lose(name, None, fact.id, _NO_SHEET)
        add_format(self.book, sorted(partial))

    def lose(self, collection: str, field: str | None, id_: str, why: Bilingual) -> None:
        self.losses.setdefault((collection, field, why), []).append(id_)

    def _seller(self) -> None:
        sheet = SHEETS[0]
        drawn = add_sheet(self.book, sheet)
        for number, column in enumerate(sheet.columns.values(), start=2):
            if column.kind.choices:
                pick_list(drawn, column.kind.choices, f"B{number}")
        table = _Sheet(self, sheet, drawn)
        seller = self.dossier.seller
        for column in sheet.columns.values():
            cell = table.cell(column, getattr(seller, column.field), seller, "seller")
            drawn.append([text_cell(drawn, column.title), cell])
        table.tell_of_fields(seller, "seller")


@define
class _Sheet:
    """One sheet being written."""

    writing: _Writing
    sheet: Sheet
    drawn: Any
    known: dict[tuple[str, object], tuple[Any, Bilingual | None]] = Factory(dict)
    keys: set[tuple[object, ...]] = Factory(set)

    def write(self, names: Iterable[str]) -> None:
        """The records of these collections."""
        for name in names:
            last, number = "", 0
            for fact in _in_order(getattr(self.writing.dossier, name), numbered=self.sheet.titled("id") is None):
                if not self._record(fact, name):
                    continue
                natural = fact.natural_key()
                number = number + 1 if natural == last else 1
                last = natural
                if self.sheet.titled("id") is None and fact.id != (natural if number == 1 else f"{natural}:{number}"):
                    self.writing.lose(name, "id", fact.id, _RENUMBERED)
                self.tell_of_fields(fact, name)

    def _record(self, fact: Fact, name: str) -> bool:
        why = left_out(fact) or self._outlet(fact, name)
        rows = [] if why else [self._row(cells, fact, name) for cells in rows_of(fact)]
        if why is None and any(row is None for row in rows):
            return False  # the cell has been told of
        said = [tuple(_said(cell) for cell in row or ()) for row in rows]
        if why is None and not self._new(said):
            why = _SAME
        if why is not None:
            self.writing.lose(name, None, fact.id, why)
            return False
        for row in rows:
            self.drawn.append(row or ())
        return True

    def _outlet(self, fact: Fact, name: str) -> Bilingual | None:
        lone = any(column.lone for column in self.sheet.columns.values())
        outlets = len(self.writing.dossier.outlets or ()) if lone and getattr(fact, "outlet", "") is None else 0
        if outlets == 1:
            self.writing.lose(name, "outlet", fact.id, _LONE)
        return _WHICH if outlets > 1 else None

    def _new(self, rows: Sequence[tuple[object, ...]]) -> bool:
        """Whether anything tells these rows from those before."""
        columns = [*self.sheet.columns.values()]
        by = [i for i, c in enumerate(columns) if c.field in (self.sheet.together or ("id",))]
        key = tuple(rows[0][i] for i in by) if by else tuple(rows)
        if key in self.keys:
            return False
        self.keys.add(key)
        return True

    def _row(self, cells: Any, fact: Fact, name: str) -> list[Any] | None:
        row = []
        for column in self.sheet.columns.values():
            cell = self.cell(column, cells.get(column.field), fact, name)
            if cell is None and column.needed:
                self.writing.lose(name, None, fact.id, _REFUSED)
                return None
            row.append(cell)
        return row

    def cell(self, column: Column, value: object, fact: Fact, name: str) -> Any:
        """What a value is written as; that it will not be read as the same is told."""
        key = (column.title, value)
        found = self.known.get(key)
        if found is None:
            if len(self.known) > _REMEMBERED:
                self.known.clear()
            found = self.known[key] = self._written(column, value, type(fact))
        cell, loss = found
        if loss is not None and not (cell is None and column.needed):
            self.writing.lose(name, column.field.removeprefix("results."), fact.id, loss)
        return cell

    def _written(self, column: Column, value: Any, kind: type[Fact]) -> tuple[Any, Bilingual | None]:
        part, _, name = column.field.rpartition(".")
        default = WHEN_EMPTY[_PARTS[part] if part else kind].get(name)
        if value is None or (value == () and default == ()):
            return None, None
        written = column.kind.write(value, self.writing.setting.zone)
        if isinstance(written, str):
            written = _UNWRITABLE.sub("", written)[:_LONGEST]
        try:
            blank = written is None or (isinstance(written, str) and not written.strip())
            read = default if blank else column.kind.read(Cell(written, column.kind.form), self.writing.setting)
        except BadValue:
            return None, _REFUSED
        return self._cell(column, written), None if read == value else _DIFFERS

    def _cell(self, column: Column, written: Any) -> Any:
        from openpyxl.cell import WriteOnlyCell

        if isinstance(written, str):
            return text_cell(self.drawn, written, column.kind.form) if written else None
        if not isinstance(written, date):
            return written
        cell = WriteOnlyCell(self.drawn)
        cell.value = written
        cell.number_format = DATE
        if isinstance(written, datetime):
            cell.number_format = f"{TIME}:ss" if written.second else TIME
        return cell

    def tell_of_fields(self, fact: Fact, name: str) -> None:
        """What of a record has no column."""
        usual = WHEN_EMPTY[type(fact)]
        for field in WITHOUT_COLUMN[type(fact)]:
            if getattr(fact, field) != usual.get(field):
                self.writing.lose(name, field, fact.id, _NO_COLUMN)


def _said(cell: Any) -> object:
    return getattr(cell, "value", cell)


def _in_order(facts: Iterable[Fact], *, numbered: bool) -> Iterator[Fact]:
    """By id; of equal natural keys the second, whose id ends in ``:2``, after the first, and before the tenth."""
    if not numbered:
        yield from facts
        return

    def place(fact: Fact) -> tuple[str, int, str]:
        natural = fact.natural_key()
        rest = fact.id.removeprefix(f"{natural}:")
        number = int(rest) if rest != fact.id and rest.isdecimal() and rest.isascii() and len(rest) < 9 else 0
        return natural, number, "" if number or fact.id == natural else fact.id

    yield from sorted(facts, key=place)
