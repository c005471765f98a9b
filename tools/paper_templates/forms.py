"""The pieces of a form: head and foot, ruled tables that repeat their head and loop over rows, boxes, places to sign."""

import re
from collections.abc import Sequence
from typing import Any

from docx import Document
from docx.document import Document as DocumentObject
from docx.oxml import parse_xml
from docx.oxml.ns import nsdecls, qn
from docx.shared import Twips
from docx.table import Table, _Cell, _Row
from docx.text.paragraph import Paragraph

from paper_templates.package import PORTRAIT, Look, clean_package

BY_HAND = Twips(567)
"""One centimetre: a row that somebody fills or signs by hand."""
DATE = "　　年　　月　　日"

Column = tuple[str, str, str]
"""The head of a column, what stands in its cells, and their style."""


class Form:
    """A template in the making."""

    def __init__(self, look: Look, *, lying: bool = False) -> None:
        page = look.landscape if lying else look.portrait
        self.document: DocumentObject = Document(clean_package(page, look))
        self.width = page.width

    def _scaled(self, widths: Sequence[int]) -> list[int]:
        """The widths of columns, which are given for the look ``office``, on this page."""
        if sum(widths) == self.width:
            return list(widths)
        assert sum(widths) == PORTRAIT.width, sum(widths)
        ends = [round(sum(widths[: i + 1]) * self.width / PORTRAIT.width) for i in range(len(widths))]
        return [end - begin for begin, end in zip([0, *ends], ends, strict=False)]

    def write(self, text: str, style_id: str) -> Paragraph:
        """A paragraph in a named style."""
        return write(self.document, text, style_id)

    def gap(self) -> None:
        """A little space between two tables."""
        self.write("", "Gap")

    def head(self, *, late: bool = False, draft: bool = False) -> None:
        """Whose paper it is, its title, its marks, its number."""
        self.write("{{ seller }}", "SellerName")
        self.write("{{ title }}", "PaperTitle")
        if late:
            self._mark("late", "补录", "　录入时间 {{ recorded_at }}")
        if draft:
            self._mark("draft", "草稿", "　尚未定稿，不作为记录")
        self.write("编号：{{ number }}{% if not number %}________________{% endif %}", "PaperNumber")

    def _mark(self, flag: str, word: str, said: str) -> None:
        self.write(f"{{%p if {flag} %}}", "LateMark")
        mark = self.write(word, "LateMark")
        mark.runs[0]._r.style = "LateBox"
        mark.add_run(said)
        self.write("{%p endif %}", "LateMark")

    def foot(self, *, recorded: bool = False) -> None:
        """Edition line and page number; below it, small, the record, its digest and when it was ``recorded``."""
        self.write("", "End")
        footer = self.document.sections[0].footer
        footer.is_linked_to_previous = False
        first = footer.paragraphs[0]
        first._p.style = "FootText"
        first.add_run("{{ basis }}")
        first.add_run("\t第 ")
        field(first, "PAGE")
        first.add_run(" 页  共 ")
        field(first, "NUMPAGES")
        first.add_run(" 页")
        at = "{% if recorded_at %}　录入时间 {{ recorded_at }}{% endif %}" if recorded else ""
        write(footer, "{% if record %}记录 {{ record }}　摘要 {{ digest }}" + at + "{% endif %}", "FootText")

    def grid(self, widths: Sequence[int], rows: int, *, split: bool = False) -> Table:
        """A ruled table of fixed column widths; its rows do not break across pages unless they may be ``split``."""
        widths = self._scaled(widths)
        table: Table = self.document.add_table(rows=rows, cols=len(widths))
        table.style = self.document.styles["框线表"]
        properties = table._tbl.tblPr
        properties.find(qn("w:tblW")).attrib.update({qn("w:w"): str(self.width), qn("w:type"): "dxa"})
        table.autofit = False
        for column, width in zip(table._tbl.tblGrid.findall(qn("w:gridCol")), widths, strict=True):
            column.set(qn("w:w"), str(width))
        for row in table.rows:
            if not split:
                row._tr.get_or_add_trPr().append(parse_xml(f"<w:cantSplit {nsdecls('w')}/>"))
            for cell, width in zip(row.cells, widths, strict=True):
                cell.width = Twips(width)
        return table

    def pairs(self, widths: Sequence[int], rows: Sequence[Sequence[str]]) -> Table:
        """Names of fields, each with its content beside it; a row that is short lets its last content run to the edge."""
        table = self.grid(widths, len(rows))
        for row, texts in zip(table.rows, rows, strict=True):
            cells = list(row.cells)
            if len(texts) < len(cells):
                cells[len(texts) - 1].merge(cells[-1])
            for i, text in enumerate(texts):
                put(cells[i], text, "FieldText" if i % 2 else "FieldName")
        return table

    def rows(
        self, widths: Sequence[int], columns: Sequence[Column], over: str, *, of: str = "row", empty: int = 0
    ) -> Table:
        """A table with a row for each member of a variable; one row to fill where there is none, ``empty`` more in an empty form."""
        table = self.grid(widths, 9 if empty else 6)
        repeat_head(table.rows[0])
        for i, (name, text, style_id) in enumerate(columns):
            put(table.rows[0].cells[i], name, "CellHead")
            put(table.rows[2].cells[i], text, style_id)
            put(table.rows[4].cells[i], "", style_id)
            if empty:
                put(table.rows[7].cells[i], "", style_id)
        table.rows[4].height = BY_HAND
        tag(table.rows[1], f"{{%tr for {of} in {over} %}}")
        tag(table.rows[3], "{%tr else %}")
        tag(table.rows[5], "{%tr endfor %}")
        if empty:
            table.rows[7].height = BY_HAND
            tag(table.rows[6], f"{{%tr if blank and not {over} %}}")
            tag(table.rows[8], "{%tr endif %}")
            copies(table.rows[7], empty - 1)
        return table

    def box(self, text: str, *, height: int = 620) -> Table:
        """A box for a text of any length, which may break across pages; its height is the least."""
        table = self.grid((self.width,), 1, split=True)
        table.rows[0].height = Twips(height)
        write_in(table.rows[0].cells[0], text, "BoxText")
        return table

    def section(self, title: str) -> None:
        """The heading of a section."""
        self.write(title, "SectionHead")

    def keep(self, table: Table) -> None:
        """Keep a table on the page of what comes after it: no page holds signatures alone.

        LibreOffice does not heed it for a table of a single row.
        """
        for cell in (cell for row in table.rows for cell in row.cells):
            for paragraph in cell.paragraphs:
                paragraph.paragraph_format.keep_with_next = True
        self.gap()

    def signatures(self, places: Sequence[tuple[str, str]], *, name_width: int = 2835) -> Table:
        """Places to sign, each with its date."""
        rest = self.width - name_width
        table = self.grid((name_width, rest - 1134 - 2265, 1134, 2265), len(places))
        for row, (name, signed) in zip(table.rows, places, strict=True):
            for cell, text, style_id in zip(
                row.cells,
                (name, signed, "日期", DATE),
                ("FieldName", "FieldText", "FieldName", "FieldText"),
                strict=True,
            ):
                put(cell, text, style_id)
            row.height = BY_HAND
        return table

    def revisions(self, widths: Sequence[int]) -> Table:
        """The revision table of a controlled document."""
        return self.rows(
            widths,
            [
                ("版本", "{{ row.version }}", "CellCentred"),
                ("状态", "{{ row.status }}", "CellCentred"),
                ("生效日期", "{{ row.effective }}", "CellCentred"),
                ("编制人", "{{ row.compiled_by }}", "CellCentred"),
                ("批准人", "{{ row.approved_by }}", "CellCentred"),
                ("批准日期", "{{ row.approved_on }}", "CellCentred"),
            ],
            "revisions",
            empty=1,
        )


def write(place: Any, text: str, style_id: str) -> Paragraph:
    """A paragraph in a named style; ``place`` is a document, a footer or a cell. ＿＿ becomes a place to fill."""
    paragraph: Paragraph = place.add_paragraph()
    paragraph._p.style = style_id
    fill(paragraph, text)
    return paragraph


def fill(paragraph: Paragraph, text: str) -> None:
    """Add a text to a paragraph: ＿＿ becomes an underlined space to write on, **word** a label, @@x@@ a sign such as √ or ★."""
    for piece in re.findall(r"＿+|\*\*.+?\*\*|@@.+?@@|(?:(?!＿|\*\*|@@).)+", text, re.DOTALL):
        run = paragraph.add_run("　" * len(piece) if piece[0] == "＿" else piece.strip("*@"))
        if piece[0] == "＿":
            run._r.style = "ToFill"
        elif piece.startswith("**"):
            run._r.style = "Label"
        elif piece.startswith("@@"):
            run._r.style = "Sign"


def field(paragraph: Paragraph, code: str) -> None:
    """A field that Word fills: PAGE, NUMPAGES."""
    paragraph._p.append(
        parse_xml(f'<w:fldSimple {nsdecls("w")} w:instr=" {code} "><w:r><w:t>1</w:t></w:r></w:fldSimple>')
    )


def write_in(cell: _Cell, text: str, style_id: str) -> _Cell:
    """Set the text of an empty cell."""
    first = cell.paragraphs[0]
    first._p.style = style_id
    if text:
        fill(first, text)
    return cell


def put(cell: _Cell, text: str, style_id: str) -> _Cell:
    """Set the text of an empty cell, centred from top to bottom."""
    write_in(cell, text, style_id)
    cell._tc.get_or_add_tcPr().append(parse_xml(f'<w:vAlign {nsdecls("w")} w:val="center"/>'))
    return cell


def repeat_head(row: _Row) -> None:
    """The row comes again on each page."""
    row._tr.get_or_add_trPr().append(parse_xml(f"<w:tblHeader {nsdecls('w')}/>"))


def tag(row: _Row, text: str) -> None:
    """A row that holds one tag only, and is not printed."""
    put(row.cells[0], text, "CellText")


def copies(row: _Row, count: int) -> None:
    """The row again, below itself."""
    from copy import deepcopy

    for _ in range(count):
        row._tr.addnext(deepcopy(row._tr))


def merged(cell: _Cell, how: str) -> None:
    """A cell that is one with those above (``continue``), or the first of them (``restart``)."""
    properties = cell._tc.get_or_add_tcPr()
    mark = parse_xml(f'<w:vMerge {nsdecls("w")} w:val="{how}"/>')
    centred = properties.find(qn("w:vAlign"))
    if centred is None:
        properties.append(mark)
    else:
        centred.addprevious(mark)
