"""What an empty sheet of the ledger looks like: its headers with their notes, drop-downs, widths and number formats.

The template is made of such sheets, and a dossier is written into such sheets.
"""

from collections.abc import Iterable
from typing import Any

from qsafety.errors import MissingExtraError
from qsafety.exchange.cells import letter
from qsafety.exchange.columns import FORMAT_SHEET, INCOMPLETE, Column, Sheet
from qsafety.exchange.headers import UPRIGHT
from qsafety.exchange.kinds import DATE, TEXT, TIME
from qsafety.exchange.sheets import SHEETS

FORMAT = 1
"""The number of the ledger's format, kept in the hidden sheet 格式."""
NOTES = "填表说明"
"""Who speaks in the notes of the headers."""

FONT = "等线"
HEAD, OPTIONAL, NEEDED = "DCE6F1", "F2F2F2", "FFE699"
_LAST = 10_000
"""The last row that a drop-down reaches."""
_LONGEST_LIST = 255
_PICKED_FROM = {"people": "人员", "outlets": "门店", "products": "产品"}
_WIDTHS = {DATE: 12, TIME: 18}


def new_book() -> Any:
    """A workbook that is written row by row, whatever its size."""
    try:
        from openpyxl import Workbook
    except ImportError:
        raise MissingExtraError("excel", "openpyxl") from None
    return Workbook(write_only=True)


def text_cell(sheet: Any, text: str, form: str = "General") -> Any:
    """What to append for a text, so that it is never calculated, not even after someone has edited it."""
    typed = text[:1] in _CALCULATED
    if form == "General" and not typed:
        return text
    cell = _text(sheet, text)
    cell.number_format = TEXT if typed else form
    cell.quotePrefix = typed
    return cell


_CALCULATED = frozenset("=+-@'#＝＋－＠")


def _text(sheet: Any, text: str) -> Any:
    from openpyxl.cell import WriteOnlyCell

    cell = WriteOnlyCell(sheet, text)
    cell.data_type = "s"  # a formula, or an error such as #N/A, where openpyxl takes it for one
    return cell


def head_cell(sheet: Any, title: str, *, colour: str = HEAD, note: str = "") -> Any:
    """A header, with a note that is shown where one points at it."""
    from openpyxl.comments import Comment
    from openpyxl.styles import Alignment, Font, PatternFill

    cell = _text(sheet, title)
    cell.font = Font(name=FONT, bold=True)
    cell.fill = PatternFill("solid", fgColor=colour)
    cell.alignment = Alignment(vertical="center", wrap_text=True)
    if note:
        cell.comment = Comment(note, NOTES, width=280, height=30 + 20 * (note.count("\n") + len(note) // 20 + 1))
    return cell


def add_sheet(book: Any, sheet: Sheet, among: Iterable[str] = ()) -> Any:
    """A sheet with headers and no rows; ``among``: the collections of the workbook, whose ids can be picked."""
    drawn = book.create_sheet(sheet.title)
    upright = sheet is SHEETS[0]
    columns = [*(UPRIGHT if upright else sheet.columns).values()]
    for number, column in enumerate(columns, start=1):
        size = drawn.column_dimensions[letter(number)]
        size.width = (22, 44)[number - 1] if upright else _width(column)
        if not upright and column.kind.form != "General":
            size.number_format = column.kind.form
    drawn.freeze_panes = "A2"
    for_print(drawn)
    if not upright:
        for number, column in enumerate(columns, start=1):
            _pick(drawn, column, f"{letter(number)}2:{letter(number)}{_LAST}", set(among))
    drawn.append([head_cell(drawn, c.title, colour=_colour(c), note="" if upright else note_of(c)) for c in columns])
    return drawn


def for_print(drawn: Any) -> None:
    """Across the page, as wide as the page, with narrow margins."""
    from openpyxl.worksheet.page import PageMargins
    from openpyxl.worksheet.properties import PageSetupProperties

    drawn.page_setup.orientation, drawn.page_setup.paperSize = "landscape", 9  # A4
    drawn.page_setup.fitToWidth, drawn.page_setup.fitToHeight = 1, 0
    drawn.sheet_properties.pageSetUpPr = PageSetupProperties(fitToPage=True)
    drawn.page_margins = PageMargins(left=0.4, right=0.4, top=0.5, bottom=0.6, header=0.3, footer=0.3)
    drawn.oddFooter.center.text = "&P / &N"


def note_of(column: Column) -> str:
    """What is to be said of a column where one fills it in."""
    lines = [f"应填：{column.kind.expected.zh}。"]
    if column.needed:
        lines.append("每行必填。")
    elif column.lone:
        lines.append("有多个门店时必填。")
    else:
        lines.append("可以不填：即为不清楚或没有。" if not column.extra else "有则填写；不用的列可以删除。")
    if column.kind.choices and column.kind.several:
        lines.append(f"可选：{'、'.join(column.kind.choices)}。")
    if column.not_before:
        lines.append("不能早于同行中在前的日期。")
    if "写" in column.kind.hint.zh[:3] and not column.kind.choices:
        lines.append(column.kind.hint.zh)
    return "\n".join(lines)


def pick_list(drawn: Any, choices: Iterable[str], cells: str) -> None:
    """A drop-down with these words."""
    from openpyxl.worksheet.datavalidation import DataValidation

    listed = ",".join(choices)
    if len(listed) > _LONGEST_LIST:
        return
    rule = DataValidation(type="list", formula1=f'"{listed}"', allow_blank=True)
    rule.showErrorMessage = True
    rule.errorTitle, rule.error = "请从列表中选择", f"可填：{listed.replace(',', '、')}"[:_LONGEST_LIST]
    rule.add(cells)
    drawn.data_validations.append(rule)


def _pick(drawn: Any, column: Column, cells: str, among: set[str]) -> None:
    from openpyxl.worksheet.datavalidation import DataValidation

    kind = column.kind
    if kind.several:
        return  # Excel's lists give one word only
    if kind.choices:
        pick_list(drawn, kind.choices, cells)
    elif len(kind.refers) == 1 and kind.refers[0] in among and (title := _PICKED_FROM.get(kind.refers[0])):
        # a help, not a fence: what is typed and not there is told of by the reader
        rule = DataValidation(type="list", formula1=f"'{title}'!$A$2:$A${_LAST}", allow_blank=True)
        rule.showErrorMessage = False
        rule.add(cells)
        drawn.data_validations.append(rule)


def _colour(column: Column) -> str:
    return NEEDED if column.needed else OPTIONAL if column.extra else HEAD


def _width(column: Column) -> float:
    kind = column.kind
    inside = _WIDTHS.get(kind.form, 13 if kind.form == TEXT and not kind.several else 26)
    if kind.choices and not kind.several:
        inside = 2 * max(map(len, kind.choices)) + 5
    elif kind.form == "General" and kind.expected.zh != "文字":
        inside = 10
    return max(inside, 2 * len(column.title) + 3)


def add_format(book: Any, partial: Iterable[str] = ()) -> None:
    """The hidden sheet with the number of the format, and the names of what may lack records."""
    drawn = book.create_sheet(FORMAT_SHEET)
    drawn.sheet_state = "hidden"
    drawn.append([FORMAT_SHEET, FORMAT])
    names = [*partial]
    if names:
        drawn.append([text_cell(drawn, INCOMPLETE), *[text_cell(drawn, name) for name in names]])
