"""An empty ledger to be filled in: headers with notes and drop-downs, how to fill it in, and an example of every sheet.

The example stands in a sheet of its own, which is never read: nobody's first ledger holds the records of a shop that does not exist.
"""

import os
from importlib.resources import files
from typing import Any
from zoneinfo import ZoneInfo

from qsafety.codec import from_json
from qsafety.dossier import COLLECTIONS, Dossier
from qsafety.exchange.cells import plain
from qsafety.exchange.columns import EXAMPLE, HELP, Column, Sheet
from qsafety.exchange.flattening import rows_of
from qsafety.exchange.kinds import DATE, TIME
from qsafety.exchange.layout import (
    FONT,
    HEAD,
    add_format,
    add_sheet,
    for_print,
    head_cell,
    new_book,
    pick_list,
    text_cell,
)
from qsafety.exchange.saving import replacing
from qsafety.exchange.sheets import SHEETS

_ROWS_OF_EXAMPLE = 3
_INTRO = (
    "1. 先填“单位”表：单位编号自定（例如 S01），单位名称必填；其他各表按需填写。",
    "2. 一张表保留，即表示其中已登记全部记录，空表即“没有”；没有资料、说不清的表请整张删除，即为“不清楚”。",
    "3. 表头不要改名；黄色表头的列每行必填，灰色表头的列可以删除；鼠标停在表头上可看填写要求。",
    "4. 有下拉列表的单元格请从列表中选择；一格填多个时用、分隔。",
    "5. 日期写作 2024-01-31，时间写作 2024-01-31 18:05，周写作 2024-W05，月份写作 2024-01。",
    "6. 人员、门店、产品等先在各自的表中登记编号，其他表只填编号。",
    "7. “填写说明”“填写示例”两张表仅供参考，不会被读取，可以删除。",
    "8. 填好后运行：qsafety assess 台账.xlsx；有错时运行：qsafety ledger mark 台账.xlsx 标记.xlsx，错处会标红并加批注。",
)


def write_template(path: str | os.PathLike[str]) -> None:
    """Write an empty ledger workbook: it reads as an empty ledger once 单位编号 and 单位名称 are filled in.

    The file is there whole or not at all: :class:`~qsafety.exchange.saving.LedgerWriteError` where it cannot be written.

    >>> from tempfile import TemporaryDirectory
    >>> from qsafety.exchange import LedgerErrors, read_ledger
    >>> with TemporaryDirectory() as folder:
    ...     write_template(f"{folder}/台账.xlsx")
    ...     try:
    ...         read_ledger(f"{folder}/台账.xlsx")
    ...     except LedgerErrors as error:
    ...         print([problem.cell for problem in error.problems])
    ['单位!B2', '单位!B3']
    """
    book = new_book()
    with replacing(path) as beside:
        _help(book)
        _seller(book, SHEETS[0])
        for sheet in SHEETS[1:]:
            add_sheet(book, sheet, COLLECTIONS)
        _example(book, example())
        add_format(book)
        book.save(beside)


def example() -> Dossier:
    """A few records of a shop that does not exist, one or more of every sheet."""
    return from_json((files("qsafety.exchange") / "example.json").read_bytes())


def _seller(book: Any, sheet: Sheet) -> None:
    drawn = add_sheet(book, sheet)
    for number, column in enumerate(sheet.columns.values(), start=2):
        if column.kind.choices:
            pick_list(drawn, column.kind.choices, f"B{number}")
    for column in sheet.columns.values():
        value = text_cell(drawn, "", column.kind.form) if column.kind.form != "General" else None
        drawn.append([head_cell(drawn, column.title, colour="FFFFFF", note=_meaning(column)), value])


def _help(book: Any) -> None:
    drawn = book.create_sheet(HELP)
    for letter, width in zip("ABCDE", (13, 20, 10, 46, 60), strict=True):
        drawn.column_dimensions[letter].width = width
    for_print(drawn)
    drawn.sheet_properties.tabColor = HEAD
    drawn.sheet_view.showGridLines = False
    drawn.row_dimensions[1].height = 26
    drawn.append([_styled(drawn, "质量安全台账", size=16, bold=True)])
    for line in _INTRO:
        drawn.append([_styled(drawn, line)])
    drawn.append([])
    drawn.append([head_cell(drawn, title) for title in ("工作表", "列", "必填", "应填", "可选的值")])
    for sheet in SHEETS:
        for number, column in enumerate(sheet.columns.values()):
            drawn.append(
                [
                    _styled(drawn, sheet.title, bold=True) if number == 0 else None,
                    _styled(drawn, column.title),
                    _styled(drawn, "必填" if column.needed else "有则填" if column.extra else ""),
                    _styled(drawn, _expected(column), wrap=True),
                    _styled(drawn, "、".join(column.kind.choices), wrap=True),
                ]
            )


def _expected(column: Column) -> str:
    kind = column.kind
    words = "从右边选一个" if kind.choices and not kind.several else kind.expected.zh
    if kind.choices and kind.several:
        words = "从右边选一个或几个，以、分隔"
    tells_how = kind.form in (DATE, TIME) or "写" in kind.hint.zh[:3]
    return f"{words}。{kind.hint.zh}" if tells_how and not kind.choices else words


def _meaning(column: Column) -> str:
    return f"应填：{column.kind.expected.zh}。" + ("必填。" if column.needed else "可以不填：即为不清楚。")


def _example(book: Any, dossier: Dossier) -> None:
    drawn = book.create_sheet(EXAMPLE)
    for_print(drawn)
    drawn.sheet_properties.tabColor = HEAD
    drawn.sheet_view.showGridLines = False
    for number in range(1, 22):
        drawn.column_dimensions[chr(64 + number)].width = 21
    note = "以下各表的内容均为虚构，仅示意写法；本表不会被读取。"
    drawn.append([_styled(drawn, note, bold=True)])
    zone = ZoneInfo(dossier.seller.tz)
    for sheet in SHEETS:
        facts = [fact for name in sheet.collections for fact in getattr(dossier, name) or ()]
        rows = [cells for fact in facts or [dossier.seller] for cells in rows_of(fact)][:_ROWS_OF_EXAMPLE]
        drawn.append([])
        drawn.append([_styled(drawn, f"{sheet.title}（示例）", size=12, bold=True)])
        if sheet is SHEETS[0]:
            drawn.append([head_cell(drawn, title) for title in ("字段", "值")])
            for column in sheet.columns.values():
                drawn.append([_styled(drawn, column.title), _typed(drawn, column, rows[0].get(column.field), zone)])
            continue
        drawn.append([head_cell(drawn, title) for title in sheet.columns])
        for cells in rows:
            drawn.append([_typed(drawn, column, cells.get(column.field), zone) for column in sheet.columns.values()])


def _typed(drawn: Any, column: Column, value: Any, zone: ZoneInfo) -> Any:
    """A value as one would type it."""
    if value is None or value == ():
        return None
    written = column.kind.write(value, zone)
    return _styled(drawn, plain(written), wrap=True)


def _styled(drawn: Any, text: str, *, size: int = 11, bold: bool = False, wrap: bool = False) -> Any:
    from openpyxl.styles import Alignment, Font

    cell = head_cell(drawn, text, colour="FFFFFF")
    cell.font = Font(name=FONT, size=size, bold=bold)
    cell.alignment = Alignment(vertical="top", wrap_text=wrap)
    return cell
