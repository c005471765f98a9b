"""A copy of a ledger in which everything that is wrong is coloured and said beside it, for the person who has to mend it."""

import os
import re
import warnings
from collections.abc import Iterable, Iterator, Sequence
from typing import Any

from attrs import frozen

from qsafety.bilingual import Bilingual
from qsafety.exchange.book import check
from qsafety.exchange.cells import header
from qsafety.exchange.columns import MISTAKES
from qsafety.exchange.layout import FONT, HEAD, for_print
from qsafety.exchange.opening import Source
from qsafety.exchange.problems import Problem
from qsafety.exchange.saving import replacing

MARKER = "qsafety 标记"
"""Who speaks in the notes of the marks; those of an earlier marking are taken away."""

_RED, _TAB = "FFC7CE", "C00000"
_PLACE = re.compile(r"(.+)!([A-Z]{1,3})(\d+)")
_MOST_MARKS = 20_000
_UNWRITABLE = re.compile("[\x00-\x08\x0b\x0c\x0e-\x1f\ud800-\udfff\ufffe\uffff]")


_NO_DRAWINGS = Bilingual("副本中没有图形和图表。", "The copy has no drawings and charts.")
_NO_MACROS = Bilingual("副本中没有宏。", "The copy has no macros.")
_NO_LINKS = Bilingual("副本中没有指向其他工作簿的链接。", "The copy has no links to other workbooks.")
_NO_VALUES = Bilingual(
    "副本中有公式：读取之前，请先在 Excel 中打开并保存一次。",
    "The copy has formulas: open it in Excel and save it once before it is read.",
)


@frozen
class _Mark:
    sheet: str
    cell: str
    problem: Problem


def mark_ledger(path: Source, problems: Sequence[Problem], out: str | os.PathLike[str]) -> tuple[Bilingual, ...]:
    """Write a copy of a ledger with its bad cells coloured, what is wrong in a note on each, and all of it on a sheet at the front.

    ``problems`` are those of :class:`LedgerErrors`. The ledger itself is not touched. The marked copy can be mended and read: its
    first sheet, 问题清单, is not part of the ledger. Returns what of the ledger the copy lacks: drawings, macros, links to other
    workbooks, and what its formulas gave, until Excel calculates them again.
    Raises :class:`LedgerFileError` for a file that is no workbook, :class:`LedgerWriteError` where the copy cannot be written.
    """
    package, book = check(path, _load)
    try:
        titles = {header(sheet.title): sheet.title for sheet in book.worksheets}
        _clear(book)
        formulas = any(cell.data_type == "f" for sheet in book.worksheets for row in sheet.iter_rows() for cell in row)
        marks = [mark for problem in problems for mark in _marks(problem, titles)]
        for mark in marks[:_MOST_MARKS]:
            _mark(book[mark.sheet][mark.cell], mark.problem)
        _list(book, problems, titles)
        with replacing(out) as beside:
            book.save(beside)
    finally:
        book.close()
    return tuple(
        words
        for words, lost in (
            (_NO_DRAWINGS, package.drawings),
            (_NO_MACROS, package.macros),
            (_NO_LINKS, package.links),
            (_NO_VALUES, formulas),
        )
        if lost
    )


def _load(file: Any) -> Any:
    from openpyxl import load_workbook

    with warnings.catch_warnings():
        warnings.simplefilter("ignore")  # of what is not copied; the docstring says so
        return load_workbook(file, keep_links=False)


def _marks(problem: Problem, titles: dict[str, str]) -> Iterator[_Mark]:
    places = dict[str, None].fromkeys(([problem.cell] if problem.cell else []) + [*problem.places])
    for place in places:
        found = _PLACE.fullmatch(place)
        if found and header(found[1]) in titles:
            yield _Mark(titles[header(found[1])], f"{found[2]}{found[3]}", problem)


def _mark(cell: Any, problem: Problem) -> None:
    from openpyxl.cell import MergedCell
    from openpyxl.comments import Comment
    from openpyxl.styles import PatternFill

    if isinstance(cell, MergedCell):  # it has no looks of its own; what it belongs to begins above
        sheet: Any = cell.parent
        cell = next(span.start_cell for span in sheet.merged_cells.ranges if cell.coordinate in span)
    said = _said(problem)
    if cell.comment is not None and cell.comment.text not in ("", said):
        said = f"{cell.comment.text}\n{said}"
    cell.fill = PatternFill("solid", fgColor=_RED)
    cell.comment = Comment(said, MARKER, width=320, height=40 + 20 * (len(said) // 22 + said.count("\n") + 1))


def _said(problem: Problem) -> str:
    return _plain(f"应为{problem.expected.zh}。{problem.hint.zh}")


def _clear(book: Any) -> None:
    """Take away what an earlier marking left."""
    from openpyxl.styles import PatternFill

    if MISTAKES in book.sheetnames:
        del book[MISTAKES]
    for sheet in book.worksheets:
        for cell in [cell for row in sheet.iter_rows() for cell in row if cell.comment is not None]:
            if cell.comment.author == MARKER:
                cell.comment = None
                cell.fill = PatternFill()


def _list(book: Any, problems: Iterable[Problem], titles: dict[str, str]) -> None:
    from openpyxl.styles import Alignment, Font, PatternFill

    rows = [*problems]
    sheet = book.create_sheet(MISTAKES, 0)
    book.active = 0
    for other in book.worksheets[1:]:
        other.sheet_view.tabSelected = False
    sheet.sheet_properties.tabColor = _TAB
    for letter, width in zip("ABCDEF", (6, 20, 18, 26, 44, 52), strict=True):
        sheet.column_dimensions[letter].width = width
    say = f"共有 {len(rows)} 处问题。请按“位置”逐一改正（点击可跳转），改好后保存并重新读取；本表不会被读取。"
    _put(sheet["A1"], say if rows else "没有发现问题。")
    sheet["A1"].font = Font(name=FONT, size=12, bold=True)
    for at, title in zip("ABCDEF", ("序号", "位置", "列", "填写的内容", "应为", "提示"), strict=True):
        cell = sheet[f"{at}3"]
        cell.value = title
        cell.font = Font(name=FONT, bold=True)
        cell.fill = PatternFill("solid", fgColor=HEAD)
    for number, problem in enumerate(rows, start=1):
        row = 3 + number
        where = problem.cell or " ".join(filter(None, [problem.sheet, f"第 {problem.row} 行" if problem.row else None]))
        said = (where, problem.column or "", problem.value or "", problem.expected.zh, problem.hint.zh)
        sheet[f"A{row}"].value = number
        for at, text in zip("BCDEF", said, strict=True):
            _put(sheet[f"{at}{row}"], text)
            sheet[f"{at}{row}"].alignment = Alignment(vertical="top", wrap_text=True)
        _link(sheet[f"B{row}"], problem, titles)
    sheet.freeze_panes = "A4"
    for_print(sheet)


def _link(cell: Any, problem: Problem, titles: dict[str, str]) -> None:
    from openpyxl.styles import Font
    from openpyxl.worksheet.hyperlink import Hyperlink

    title = titles.get(header(problem.sheet or ""))
    if title is None:
        return
    quoted = title.replace("'", "''")
    at = f"{problem.letter or 'A'}{problem.row or 1}"
    cell.hyperlink = Hyperlink(ref=cell.coordinate, location=f"'{quoted}'!{at}")
    cell.font = Font(name=FONT, color="0563C1", underline="single")


def _put(cell: Any, text: str) -> None:
    cell.value = _plain(text)
    cell.data_type = "s"
    cell.quotePrefix = text[:1] in frozenset("=+-@")


def _plain(text: str) -> str:
    return _UNWRITABLE.sub("", text)[:32_000]
