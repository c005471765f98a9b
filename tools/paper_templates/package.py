"""The package that a template begins with, made by hand: styles, settings, fonts by name, nothing that Word repairs."""

import io
import zipfile

import attrs

from qsafety.papers.packages import Properties

W = 'xmlns:w="http://schemas.openxmlformats.org/wordprocessingml/2006/main"'
R = "http://schemas.openxmlformats.org/officeDocument/2006/relationships"
TYPE = "application/vnd.openxmlformats-officedocument.wordprocessingml"

FANGSONG, HEITI, XIAOBIAOSONG, SONGTI = "仿宋_GB2312", "黑体", "方正小标宋简体", "宋体"
# The same face under the name that other systems know it by: Word takes it where the first is not installed.
OTHER_NAMES = {FANGSONG: "仿宋", HEITI: "SimHei", XIAOBIAOSONG: "宋体", SONGTI: "SimSun"}

SIZES = {"二号": 44, "三号": 32, "四号": 28, "小四": 24, "五号": 21, "小五": 18, "六号": 15}  # in half points


def style(
    name: str, id_: str, size: str, font: str = FANGSONG, *, run: str = "", paragraph: str = "", western: str = ""
) -> str:
    """A paragraph style; fonts and sizes stand in styles only, so that an edited copy keeps them."""
    half = SIZES[size]
    ascii_, hansi = (f' w:ascii="{western}"', f' w:hAnsi="{western}"') if western else ("", "")
    return f"""<w:style w:type="paragraph" w:customStyle="1" w:styleId="{id_}"><w:name w:val="{name}"/>\
<w:basedOn w:val="Normal"/><w:qFormat/><w:pPr>{paragraph}</w:pPr><w:rPr><w:rFonts{ascii_} w:eastAsia="{font}"{hansi}/>{run}\
<w:sz w:val="{half}"/><w:szCs w:val="{half}"/></w:rPr></w:style>"""


SINGLE = '<w:spacing w:before="{}" w:after="{}" w:line="{}" w:lineRule="auto"/>'
CENTRED = '<w:jc w:val="center"/>'
_RULE = 'w:val="single" w:sz="4" w:space="0" w:color="7F7F7F"'
RULE = f"<w:pBdr><w:bottom {_RULE}/><w:between {_RULE}/></w:pBdr>"
FIXED = '<w:spacing w:before="0" w:after="0" w:line="140" w:lineRule="exact"/>'

STYLES = "".join(
    [
        style("框内文字", "BoxText", "五号", paragraph=SINGLE.format(40, 40, 270)),
        '<w:style w:type="character" w:customStyle="1" w:styleId="Label"><w:name w:val="栏目字"/><w:rPr>'
        f'<w:rFonts w:eastAsia="{HEITI}"/></w:rPr></w:style>',
        '<w:style w:type="character" w:customStyle="1" w:styleId="ToFill"><w:name w:val="填写处"/><w:rPr>'
        '<w:u w:val="single"/></w:rPr></w:style>',
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
        # a sign has one shape in Chinese and Western fonts alike only where one font is named for both
        style("表格符号", "CellSymbol", "小五", SONGTI, western=SONGTI, paragraph=SINGLE.format(20, 20, 240) + CENTRED),
        '<w:style w:type="character" w:customStyle="1" w:styleId="Sign"><w:name w:val="符号"/><w:rPr>'
        f'<w:rFonts w:ascii="{SONGTI}" w:eastAsia="{SONGTI}" w:hAnsi="{SONGTI}"/></w:rPr></w:style>',
        style("依据小字", "CellNote", "六号", run='<w:color w:val="404040"/>', paragraph=SINGLE.format(0, 20, 240)),
        style("栏目名", "FieldName", "五号", HEITI, paragraph="<w:keepNext/>" + SINGLE.format(40, 40, 240) + CENTRED),
        style("栏目内容", "FieldText", "五号", paragraph=SINGLE.format(40, 40, 240)),
        style("小字", "Small", "小五", paragraph="<w:keepNext/>" + SINGLE.format(20, 20, 240)),
        style("末尾", "End", "六号", paragraph='<w:spacing w:before="0" w:after="0" w:line="20" w:lineRule="exact"/>'),
        style("间隔", "Gap", "六号", paragraph="<w:keepNext/>" + FIXED),
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


@attrs.frozen
class Page:
    """A page and its margins, in twentieths of a point. The wider margin is for binding: left, and on a landscape page on top.

    A form in a table needs more room than the 156 × 225 mm of a letter.
    """

    size: tuple[int, int] = A4
    top: int = 1134
    right: int = 1021
    bottom: int = 1247
    left: int = 1361

    @property
    def width(self) -> int:
        """What is left for text."""
        return self.size[0] - self.left - self.right

    @property
    def xml(self) -> str:
        """An empty document of such pages."""
        turned = ' w:orient="landscape"' if self.size[0] > self.size[1] else ""
        return f'''<?xml version="1.0" encoding="UTF-8" standalone="yes"?>
<w:document {W} xmlns:r="{R}"><w:body><w:sectPr><w:pgSz w:w="{self.size[0]}" w:h="{self.size[1]}"{turned}/>\
<w:pgMar w:top="{self.top}" w:right="{self.right}" w:bottom="{self.bottom}" w:left="{self.left}" w:header="567" w:footer="567" \
w:gutter="0"/></w:sectPr></w:body></w:document>'''


PORTRAIT = Page()
LANDSCAPE = Page(size=A4[::-1], top=1361, right=1134, bottom=1134, left=1134)


@attrs.frozen(kw_only=True)
class Look:
    """How a paper looks: its pages, and the styles of what is written in paragraphs. Tables look alike in all."""

    portrait: Page
    landscape: Page
    size: str
    lines: str
    gaps: str
    run: str = ""

    @property
    def styles(self) -> str:
        """The styles of headings, paragraphs, the head of minutes, and lines to write on."""
        one = SIZES[self.size] * 10  # a character, in twentieths of a point
        indent = f'<w:ind w:firstLineChars="200" w:firstLine="{2 * one}"/>'
        hanging = f'<w:ind w:left="{6 * one}" w:hanging="{6 * one}"/>'
        return "".join(
            style(name, id_, self.size, font, run=self.run, paragraph=paragraph)
            for name, id_, font, paragraph in (
                ("节标题", "SectionHead", HEITI, "<w:keepNext/>" + self.gaps),
                ("正文", "Body", FANGSONG, self.lines + indent),
                ("致送", "Addressed", FANGSONG, self.lines),
                ("纪要栏", "MinutesLine", FANGSONG, self.lines + hanging),
                ("填写行", "FillLine", FANGSONG, RULE + self.lines),
            )
        )


OFFICE = Look(
    portrait=PORTRAIT,
    landscape=LANDSCAPE,
    size="小四",
    lines=SINGLE.format(0, 20, 290),
    gaps=SINGLE.format(100, 40, 240),
)
"""Compact: most papers fit on one or two pages."""

_PITCH = '<w:spacing w:before="0" w:after="0" w:line="579" w:lineRule="exact"/>'
GONGWEN = Look(
    portrait=Page(top=2098, right=1474, bottom=1985, left=1587),
    landscape=LANDSCAPE,
    size="三号",
    lines=_PITCH,
    gaps=_PITCH,
    run='<w:spacing w:val="-5"/>',
)
"""The look of official documents (GB/T 9704-2012): 156 × 225 mm of text, 22 lines of 28 characters.

The pitch of lines is exact. A grid of the page would do it too, and stretch the rows of tables with it.
"""

LOOKS = {"office": OFFICE, "gongwen": GONGWEN}


def clean_package(page: Page, look: Look) -> io.BytesIO:
    """An empty document with our styles and nothing else."""
    edges = ("top", "left", "bottom", "right", "insideH", "insideV")
    borders = "".join(f'<w:{edge} w:val="single" w:sz="4" w:space="0" w:color="000000"/>' for edge in edges)
    styles = STYLES_XML.format(
        w=W, body=FANGSONG, borders=borders, styles=look.styles + STYLES.replace("{width}", str(page.width))
    )
    parts = {
        "[Content_Types].xml": CONTENT_TYPES_XML,
        "_rels/.rels": PACKAGE_RELS_XML,
        "docProps/core.xml": Properties(title="", subject="", author="", keywords="").xml().decode(),
        "word/_rels/document.xml.rels": DOCUMENT_RELS_XML,
        "word/document.xml": page.xml,
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
