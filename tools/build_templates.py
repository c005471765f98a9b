"""Build the Word templates of the papers: python tools/build_templates.py [FOLDER].

The templates are committed; this script is how they came to be, and how they are changed. python-docx adds the content to a package that is
made here by hand, because the one that python-docx brings holds a part that Word repairs. Chinese fonts are named, never bundled.
"""

import io
import sys
import zipfile
from collections.abc import Sequence
from pathlib import Path
from typing import Any

from docx import Document
from docx.document import Document as DocumentObject
from docx.oxml import parse_xml
from docx.oxml.ns import nsdecls, qn
from docx.shared import Twips
from docx.table import Table, _Cell
from docx.text.paragraph import Paragraph

from qsafety.papers.packages import Properties, settle

FOLDER = Path(__file__).parents[1] / "src" / "qsafety" / "papers" / "templates"

W = 'xmlns:w="http://schemas.openxmlformats.org/wordprocessingml/2006/main"'
R = "http://schemas.openxmlformats.org/officeDocument/2006/relationships"
TYPE = "application/vnd.openxmlformats-officedocument.wordprocessingml"

FANGSONG, HEITI, XIAOBIAOSONG, SONGTI = "仿宋_GB2312", "黑体", "方正小标宋简体", "宋体"
# The same face under the name that other systems know it by: Word takes it where the first is not installed.
OTHER_NAMES = {FANGSONG: "仿宋", HEITI: "SimHei", XIAOBIAOSONG: "宋体", SONGTI: "SimSun"}

SIZES = {"二号": 44, "四号": 28, "小四": 24, "五号": 21, "小五": 18, "六号": 15}  # in half points


def style(name: str, id_: str, size: str, font: str = FANGSONG, *, run: str = "", paragraph: str = "") -> str:
    """A paragraph style; fonts and sizes stand in styles only, so that an edited copy keeps them."""
    half = SIZES[size]
    return f"""<w:style w:type="paragraph" w:customStyle="1" w:styleId="{id_}"><w:name w:val="{name}"/>\
<w:basedOn w:val="Normal"/><w:qFormat/><w:pPr>{paragraph}</w:pPr><w:rPr><w:rFonts w:eastAsia="{font}"/>{run}\
<w:sz w:val="{half}"/><w:szCs w:val="{half}"/></w:rPr></w:style>"""


SINGLE = '<w:spacing w:before="{}" w:after="{}" w:line="{}" w:lineRule="auto"/>'
CENTRED = '<w:jc w:val="center"/>'
FIXED = '<w:spacing w:before="0" w:after="0" w:line="140" w:lineRule="exact"/>'

STYLES = "".join(
    [
        style("单位名称", "SellerName", "四号", HEITI, paragraph=SINGLE.format(0, 60, 240) + CENTRED),
        style("文书标题", "PaperTitle", "二号", XIAOBIAOSONG, paragraph=SINGLE.format(0, 120, 240) + CENTRED),
        style("文书编号", "PaperNumber", "五号", paragraph=SINGLE.format(0, 60, 240) + '<w:jc w:val="right"/>'),
        style(
            "期后标记",
            "LateMark",
            "小四",
            HEITI,
            run='<w:color w:val="C00000"/>',
            paragraph=SINGLE.format(0, 100, 240) + CENTRED,
        ),
        '<w:style w:type="character" w:customStyle="1" w:styleId="LateBox"><w:name w:val="期后印记"/><w:rPr>'
        '<w:bdr w:val="single" w:sz="8" w:space="0" w:color="C00000"/></w:rPr></w:style>',
        style("表头", "CellHead", "小五", HEITI, paragraph=SINGLE.format(20, 20, 240) + CENTRED),
        style("表格文字", "CellText", "小五", paragraph=SINGLE.format(20, 20, 240)),
        style("表格居中", "CellCentred", "小五", paragraph=SINGLE.format(20, 20, 240) + CENTRED),
        style("依据小字", "CellNote", "六号", run='<w:color w:val="404040"/>', paragraph=SINGLE.format(0, 20, 240)),
        style("栏目名", "FieldName", "五号", HEITI, paragraph="<w:keepNext/>" + SINGLE.format(40, 40, 240) + CENTRED),
        style("栏目内容", "FieldText", "五号", paragraph=SINGLE.format(40, 40, 240)),
        style("小字", "Small", "小五", paragraph=SINGLE.format(40, 0, 240)),
        style("间隔", "Gap", "六号", paragraph=FIXED),
        style(
            "页脚文字",
            "FootText",
            "小五",
            SONGTI,
            paragraph='<w:tabs><w:tab w:val="right" w:pos="{width}"/></w:tabs>' + SINGLE.format(0, 0, 240),
        ),
    ]
)

STYLES_XML = """<?xml version="1.0" encoding="UTF-8" standalone="yes"?>
<w:styles {w}><w:docDefaults><w:rPrDefault><w:rPr><w:rFonts w:ascii="Times New Roman" w:eastAsia="{body}" \
w:hAnsi="Times New Roman" w:cs="Times New Roman"/><w:kern w:val="2"/><w:sz w:val="21"/><w:szCs w:val="21"/>\
<w:lang w:val="en-US" w:eastAsia="zh-CN" w:bidi="ar-SA"/></w:rPr></w:rPrDefault><w:pPrDefault><w:pPr/></w:pPrDefault>\
</w:docDefaults>\
<w:style w:type="paragraph" w:default="1" w:styleId="Normal"><w:name w:val="Normal"/><w:qFormat/></w:style>\
<w:style w:type="table" w:default="1" w:styleId="TableNormal"><w:name w:val="Normal Table"/><w:uiPriority w:val="99"/>\
<w:semiHidden/><w:unhideWhenUsed/><w:tblPr><w:tblInd w:w="0" w:type="dxa"/><w:tblCellMar>\
<w:top w:w="0" w:type="dxa"/><w:left w:w="60" w:type="dxa"/><w:bottom w:w="0" w:type="dxa"/><w:right w:w="60" w:type="dxa"/>\
</w:tblCellMar></w:tblPr></w:style>\
<w:style w:type="table" w:customStyle="1" w:styleId="Ruled"><w:name w:val="框线表"/><w:basedOn w:val="TableNormal"/>\
<w:tblPr><w:tblBorders>{borders}</w:tblBorders></w:tblPr></w:style>{styles}</w:styles>"""

SETTINGS_XML = f"""<?xml version="1.0" encoding="UTF-8" standalone="yes"?>
<w:settings {W}><w:zoom w:percent="100"/><w:defaultTabStop w:val="420"/>\
<w:characterSpacingControl w:val="compressPunctuation"/><w:compat><w:useFELayout/>\
<w:compatSetting w:name="compatibilityMode" w:uri="http://schemas.microsoft.com/office/word" w:val="15"/></w:compat>\
<w:themeFontLang w:val="en-US" w:eastAsia="zh-CN"/></w:settings>"""

FONTS_XML = (
    f'<?xml version="1.0" encoding="UTF-8" standalone="yes"?>\n<w:fonts {W}>'
    + "".join(
        f'<w:font w:name="{name}"><w:altName w:val="{other}"/><w:charset w:val="86"/><w:family w:val="auto"/>'
        f'<w:pitch w:val="variable"/></w:font>'
        for name, other in OTHER_NAMES.items()
    )
    + '<w:font w:name="Times New Roman"><w:charset w:val="00"/><w:family w:val="roman"/><w:pitch w:val="variable"/></w:font>'
    + "</w:fonts>"
)

_COLOURS = {
    "dk1": "000000", "lt1": "FFFFFF", "dk2": "404040", "lt2": "F2F2F2", "accent1": "1F3864", "accent2": "C00000",
    "accent3": "7F7F7F", "accent4": "BF8F00", "accent5": "2E75B6", "accent6": "538135", "hlink": "0563C1", "folHlink": "954F72",
}  # fmt: skip
_FACE = '<a:latin typeface="Times New Roman"/><a:ea typeface=""/><a:cs typeface=""/>'
_FILL = '<a:solidFill><a:schemeClr val="phClr"/></a:solidFill>'
_LINE = f'<a:ln w="6350" cap="flat" cmpd="sng" algn="ctr">{_FILL}<a:prstDash val="solid"/></a:ln>'

# No style uses the theme; a document without one is incomplete all the same.
THEME_XML = (
    '<?xml version="1.0" encoding="UTF-8" standalone="yes"?>\n'
    '<a:theme xmlns:a="http://schemas.openxmlformats.org/drawingml/2006/main" name="qsafety"><a:themeElements>'
    '<a:clrScheme name="qsafety">'
    + "".join(f'<a:{name}><a:srgbClr val="{rgb}"/></a:{name}>' for name, rgb in _COLOURS.items())
    + f'</a:clrScheme><a:fontScheme name="qsafety"><a:majorFont>{_FACE}</a:majorFont><a:minorFont>{_FACE}</a:minorFont>'
    f'</a:fontScheme><a:fmtScheme name="qsafety"><a:fillStyleLst>{_FILL * 3}</a:fillStyleLst><a:lnStyleLst>{_LINE * 3}'
    f"</a:lnStyleLst><a:effectStyleLst>{'<a:effectStyle><a:effectLst/></a:effectStyle>' * 3}</a:effectStyleLst>"
    f"<a:bgFillStyleLst>{_FILL * 3}</a:bgFillStyleLst></a:fmtScheme></a:themeElements></a:theme>"
)

CONTENT_TYPES_XML = f"""<?xml version="1.0" encoding="UTF-8" standalone="yes"?>
<Types xmlns="http://schemas.openxmlformats.org/package/2006/content-types">\
<Default Extension="rels" ContentType="application/vnd.openxmlformats-package.relationships+xml"/>\
<Default Extension="xml" ContentType="application/xml"/>\
<Override PartName="/word/document.xml" ContentType="{TYPE}.document.main+xml"/>\
<Override PartName="/word/styles.xml" ContentType="{TYPE}.styles+xml"/>\
<Override PartName="/word/settings.xml" ContentType="{TYPE}.settings+xml"/>\
<Override PartName="/word/fontTable.xml" ContentType="{TYPE}.fontTable+xml"/>\
<Override PartName="/word/theme/theme1.xml" ContentType="application/vnd.openxmlformats-officedocument.theme+xml"/>\
<Override PartName="/docProps/core.xml" ContentType="application/vnd.openxmlformats-package.core-properties+xml"/></Types>"""

RELS = '<?xml version="1.0" encoding="UTF-8" standalone="yes"?>\n<Relationships \
xmlns="http://schemas.openxmlformats.org/package/2006/relationships">{}</Relationships>'

PACKAGE_RELS_XML = RELS.format(
    f'<Relationship Id="rId1" Type="{R}/officeDocument" Target="word/document.xml"/>'
    '<Relationship Id="rId2" Type="http://schemas.openxmlformats.org/package/2006/relationships/metadata/core-properties" '
    'Target="docProps/core.xml"/>'
)
DOCUMENT_RELS_XML = RELS.format(
    f'<Relationship Id="rId1" Type="{R}/styles" Target="styles.xml"/>'
    f'<Relationship Id="rId2" Type="{R}/settings" Target="settings.xml"/>'
    f'<Relationship Id="rId3" Type="{R}/fontTable" Target="fontTable.xml"/>'
    f'<Relationship Id="rId4" Type="{R}/theme" Target="theme/theme1.xml"/>'
)

A4 = (11906, 16838)
TOP, BOTTOM, LEFT, RIGHT = 1134, 1247, 1361, 1021
"""In twentieths of a point. A form in a table needs more room than the 156 × 225 mm of a letter; the left margin is for binding."""
WIDTH = A4[0] - LEFT - RIGHT
BY_HAND = Twips(567)
"""One centimetre: a row that somebody fills or signs by hand."""

DOCUMENT_XML = f"""<?xml version="1.0" encoding="UTF-8" standalone="yes"?>
<w:document {W} xmlns:r="{R}"><w:body><w:sectPr><w:pgSz w:w="{A4[0]}" w:h="{A4[1]}"/>\
<w:pgMar w:top="{TOP}" w:right="{RIGHT}" w:bottom="{BOTTOM}" w:left="{LEFT}" w:header="567" w:footer="567" w:gutter="0"/>\
</w:sectPr></w:body></w:document>"""


def clean_package() -> io.BytesIO:
    """An empty document with our styles and nothing else."""
    edges = ("top", "left", "bottom", "right", "insideH", "insideV")
    borders = "".join(f'<w:{edge} w:val="single" w:sz="4" w:space="0" w:color="000000"/>' for edge in edges)
    styles = STYLES_XML.format(w=W, body=FANGSONG, borders=borders, styles=STYLES.replace("{width}", str(WIDTH)))
    parts = {
        "[Content_Types].xml": CONTENT_TYPES_XML,
        "_rels/.rels": PACKAGE_RELS_XML,
        "docProps/core.xml": Properties(title="", subject="", author="", keywords="").xml().decode(),
        "word/_rels/document.xml.rels": DOCUMENT_RELS_XML,
        "word/document.xml": DOCUMENT_XML,
        "word/fontTable.xml": FONTS_XML,
        "word/settings.xml": SETTINGS_XML,
        "word/styles.xml": styles,
        "word/theme/theme1.xml": THEME_XML,
    }
    package = io.BytesIO()
    with zipfile.ZipFile(package, "w") as file:
        for name, xml in parts.items():
            file.writestr(name, xml)
    package.seek(0)
    return package


def write(place: Any, text: str, style_id: str) -> Paragraph:
    """A paragraph with one run in a named style; ``place`` is a document or a cell."""
    paragraph: Paragraph = place.add_paragraph()
    paragraph._p.style = style_id
    if text:
        paragraph.add_run(text)
    return paragraph


def field(paragraph: Paragraph, code: str) -> None:
    """A field that Word fills: PAGE, NUMPAGES."""
    paragraph._p.append(
        parse_xml(f'<w:fldSimple {nsdecls("w")} w:instr=" {code} "><w:r><w:t>1</w:t></w:r></w:fldSimple>')
    )


def grid(document: DocumentObject, widths: Sequence[int], rows: int) -> Table:
    """A ruled table of fixed column widths whose rows do not break across pages."""
    assert sum(widths) == WIDTH, sum(widths)
    table: Table = document.add_table(rows=rows, cols=len(widths))
    table.style = document.styles["框线表"]
    properties = table._tbl.tblPr
    properties.find(qn("w:tblW")).attrib.update({qn("w:w"): str(WIDTH), qn("w:type"): "dxa"})
    table.autofit = False
    for column, width in zip(table._tbl.tblGrid.findall(qn("w:gridCol")), widths, strict=True):
        column.set(qn("w:w"), str(width))
    for row in table.rows:
        row._tr.get_or_add_trPr().append(parse_xml(f"<w:cantSplit {nsdecls('w')}/>"))
        for cell, width in zip(row.cells, widths, strict=True):
            cell.width = Twips(width)
    return table


def put(cell: _Cell, text: str, style_id: str) -> _Cell:
    """Set the text of an empty cell, centred from top to bottom."""
    first = cell.paragraphs[0]
    first._p.style = style_id
    if text:
        first.add_run(text)
    cell._tc.get_or_add_tcPr().append(parse_xml(f'<w:vAlign {nsdecls("w")} w:val="center"/>'))
    return cell


def repeat_head(table: Table) -> None:
    """The first row comes again on each page."""
    table.rows[0]._tr.get_or_add_trPr().append(parse_xml(f"<w:tblHeader {nsdecls('w')}/>"))


def tag_row(table: Table, row: int, tag: str) -> None:
    """A row that holds one tag only, and is not printed."""
    put(table.rows[row].cells[0], tag, "CellText")


def foot(document: DocumentObject) -> None:
    """Edition line and page number; below it, small, the record and its digest."""
    footer = document.sections[0].footer
    footer.is_linked_to_previous = False
    first = footer.paragraphs[0]
    first._p.style = "FootText"
    first.add_run("{{ basis }}")
    first.add_run("\t第 ")
    field(first, "PAGE")
    first.add_run(" 页  共 ")
    field(first, "NUMPAGES")
    first.add_run(" 页")
    write(footer, "记录 {{ record }}　摘要 {{ digest }}", "FootText")


def daily_record() -> DocumentObject:
    """《每日工业产品质量安全检查记录》, Article 10."""
    document = Document(clean_package())
    write(document, "{{ seller }}", "SellerName")
    write(document, "{{ title }}", "PaperTitle")
    write(document, "{%p if late %}", "LateMark")
    mark = write(document, "补录", "LateMark")
    mark.runs[0]._r.style = "LateBox"
    mark.add_run("　录入时间 {{ recorded_at }}")
    write(document, "{%p endif %}", "LateMark")
    write(document, "编号：{{ number }}", "PaperNumber")

    head = grid(document, (1304, 2600, 1134, 2036, 1134, 1316), 2)
    words = [
        ("检查日期", "{{ day }}", "门店", "{{ outlet }}", "清单版本", "{{ list_version }}"),
        ("质量安全员", "{{ officer }}", "开始时间", "{{ started }}", "结束时间", "{{ finished }}"),
    ]
    for row, texts in zip(head.rows, words, strict=True):
        for i, text in enumerate(texts):
            put(row.cells[i], text, "FieldText" if i % 2 else "FieldName")
    write(document, "", "Gap")

    items = grid(document, (400, 620, 1150, 2140, 560, 1150, 1344, 860, 600, 700), 6)
    repeat_head(items)
    columns = [
        ("序号", "{{ item.no }}", "CellCentred"),
        ("编码", "{{ item.code }}", "CellCentred"),
        ("检查项目", "{{ item.point }}", "CellText"),
        ("检查内容及标准", "{{ item.content }}", "CellText"),
        ("结果", "{{ item.result }}", "CellCentred"),
        ("问题描述", "{{ item.problem }}", "CellText"),
        ("立即采取的防范措施", "{{ item.precaution }}", "CellText"),
        ("上报对象\n时间", "{{ item.report }}", "CellCentred"),
        ("隐患编号", "{{ item.hazard }}", "CellCentred"),
        ("证据", "{{ item.evidence }}", "CellText"),
    ]
    for i, (name, variable, style_id) in enumerate(columns):
        put(items.rows[0].cells[i], name, "CellHead")
        put(items.rows[2].cells[i], variable, style_id)
        put(items.rows[4].cells[i], "", style_id)
    items.rows[4].height = BY_HAND
    standard = items.rows[2].cells[3]
    write(standard, "{%p if item.method or item.standard %}", "CellNote")
    write(
        standard, "{{ item.method }}{% if item.method and item.standard %}：{% endif %}{{ item.standard }}", "CellNote"
    )
    write(standard, "{%p endif %}", "CellNote")
    tag_row(items, 1, "{%tr for item in items %}")
    tag_row(items, 3, "{%tr else %}")
    tag_row(items, 5, "{%tr endfor %}")
    write(document, "结果：√ 合格　× 不合格　/ 不适用", "Small")
    write(document, "", "Gap")

    summary = grid(document, (1304, WIDTH - 1304), 4)
    for row, (name, text) in zip(
        summary.rows,
        [
            (
                "检查小结",
                "共 {{ total }} 项：合格 {{ passed }} 项，不合格 {{ failed }} 项，不适用 {{ not_applicable }} 项，"
                "未检查 {{ unanswered }} 项",
            ),
            (
                "检查结论",
                "{{ zero_risk_box }} 未发现问题（零风险报告）　　　"
                "{{ problems_box }} 发现问题 {% if problems %}{{ problems }}{% else %}　　{% endif %} 项",
            ),
            ("附件", "{{ attachments }}"),
            ("备注", "{{ remark }}"),
        ],
        strict=True,
    ):
        put(row.cells[0], name, "FieldName")
        put(row.cells[1], text, "FieldText")
    write(document, "", "Gap")

    products = grid(document, (3024, 1800, 1100, 1200, 2400), 6)
    repeat_head(products)
    names = ("不合格品名称", "批次", "数量", "处置", "上报对象及时间")
    fields = ("product", "lot", "quantity", "disposition", "report")
    for i, (name, variable) in enumerate(zip(names, fields, strict=True)):
        put(products.rows[0].cells[i], name, "CellHead")
        put(products.rows[2].cells[i], f"{{{{ row.{variable} }}}}", "CellCentred" if i else "CellText")
        put(products.rows[4].cells[i], "", "CellText")
    products.rows[4].height = BY_HAND
    tag_row(products, 1, "{%tr for row in products %}")
    tag_row(products, 3, "{%tr else %}")
    tag_row(products, 5, "{%tr endfor %}")
    write(document, "", "Gap")

    signatures = grid(document, (2835, 3290, 1134, WIDTH - 2835 - 3290 - 1134), 4)
    for n, name, variable in (
        (0, "质量安全员（签字）", "{{ officer_signed }}"),
        (2, "接收人：质量安全总监或主要负责人（签字）", "{{ receiver_signed }}"),
    ):
        row = signatures.rows[n]
        for cell, text in zip(row.cells, (name, variable, "日期", "　　年　　月　　日"), strict=True):
            put(cell, text, "FieldText" if text == variable or "年" in text else "FieldName")
        row.height = BY_HAND
    tag_row(signatures, 1, "{%tr if receiver_wanted %}")
    tag_row(signatures, 3, "{%tr endif %}")
    write(document, "录入时间：{{ recorded_at }}", "Small")
    foot(document)
    return document


TEMPLATES = {"daily_record": daily_record}


def build(folder: Path) -> None:
    """Write every template; the same input gives the same bytes."""
    folder.mkdir(parents=True, exist_ok=True)
    for name, make in TEMPLATES.items():
        package = io.BytesIO()
        make().save(package)
        properties = Properties(title=name, subject="", author="qsafety", keywords="")
        (folder / f"{name}.docx").write_bytes(settle(package.getvalue(), properties))


if __name__ == "__main__":
    build(Path(sys.argv[1]) if len(sys.argv) > 1 else FOLDER)
