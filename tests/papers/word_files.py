"""Small Word files made by hand, and their parts as canonical XML."""

import io
import zipfile
from collections.abc import Mapping
from xml.etree import ElementTree

from qsafety.papers.packages import Properties

RELATION = "http://schemas.openxmlformats.org/officeDocument/2006/relationships"
NS = f'xmlns:w="http://schemas.openxmlformats.org/wordprocessingml/2006/main" xmlns:r="{RELATION}"'
PACKAGE = "http://schemas.openxmlformats.org/package/2006"
XML = '<?xml version="1.0" encoding="UTF-8" standalone="yes"?>\n'
TYPE = "application/vnd.openxmlformats-officedocument.wordprocessingml"
PROPERTIES = Properties(title="标题", subject="s", author="a", keywords="k")


def run(text: str) -> str:
    return f'<w:r><w:rPr><w:b/></w:rPr><w:t xml:space="preserve">{text}</w:t></w:r>'


def paragraph(*texts: str) -> str:
    return '<w:p><w:pPr><w:jc w:val="center"/></w:pPr>' + "".join(map(run, texts)) + "</w:p>"


def cell(*inside: str, properties: str = "") -> str:
    content = "".join(inside) if "<" in "".join(inside) else paragraph(*inside)
    return f'<w:tc><w:tcPr><w:tcW w:w="9" w:type="dxa"/>{properties}</w:tcPr>{content}</w:tc>'


def row(*cells: str, properties: str = "") -> str:
    return f"<w:tr>{properties}" + "".join(c if c.startswith("<w:tc") else cell(c) for c in cells) + "</w:tr>"


def table(columns: int, *rows: str) -> str:
    grid = '<w:gridCol w:w="1000"/>' * columns
    return f"<w:tbl><w:tblPr/><w:tblGrid>{grid}</w:tblGrid>" + "".join(rows) + "</w:tbl>"


def docx(body: str, *, head: str = "", foot: str = "", title: str = "", notes: str = "") -> bytes:
    """A small Word file with this body, and what stands around it."""
    inside = {
        "header": f"<w:hdr {NS}>{head}</w:hdr>" if head else "",
        "footer": f"<w:ftr {NS}>{foot}</w:ftr>" if foot else "",
    }
    if notes:
        inside["footnotes"] = f'{XML}<w:footnotes {NS}><w:footnote w:id="1">{notes}</w:footnote></w:footnotes>'
    section = "".join(f'<w:{n}Reference w:type="default" r:id="{n}"/>' for n in ("header", "footer") if inside[n])
    inside = {name: xml for name, xml in inside.items() if xml}
    made = {
        "[Content_Types].xml": f'<Types xmlns="{PACKAGE}/content-types"><Default Extension="xml" ContentType="application/xml"/>'
        '<Default Extension="rels" ContentType="application/vnd.openxmlformats-package.relationships+xml"/>'
        '<Override PartName="/docProps/core.xml" ContentType="application/vnd.openxmlformats-package.core-properties+xml"/>'
        f'<Override PartName="/word/document.xml" ContentType="{TYPE}.document.main+xml"/>'
        + "".join(f'<Override PartName="/word/{n}.xml" ContentType="{TYPE}.{n}+xml"/>' for n in inside)
        + "</Types>",
        "_rels/.rels": f'<Relationships xmlns="{PACKAGE}/relationships">'
        f'<Relationship Id="a" Type="{RELATION}/officeDocument" Target="word/document.xml"/>'
        f'<Relationship Id="b" Type="{PACKAGE}/relationships/metadata/core-properties" Target="docProps/core.xml"/>'
        "</Relationships>",
        "docProps/core.xml": Properties(title=title, subject="s", author="作者", keywords="k").xml().decode(),
        "word/_rels/document.xml.rels": f'<Relationships xmlns="{PACKAGE}/relationships">'
        + "".join(f'<Relationship Id="{n}" Type="{RELATION}/{n}" Target="{n}.xml"/>' for n in inside)
        + "</Relationships>",
        "word/document.xml": f"<w:document {NS}><w:body>{body}<w:sectPr>{section}</w:sectPr></w:body></w:document>",
        **{f"word/{name}.xml": xml for name, xml in inside.items()},
    }
    return zipped({name: xml.encode() for name, xml in made.items()})


def zipped(parts: Mapping[str, bytes]) -> bytes:
    """These parts as a package."""
    file = io.BytesIO()
    with zipfile.ZipFile(file, "w", zipfile.ZIP_DEFLATED) as package:
        for name, content in parts.items():
            package.writestr(name, content)
    return file.getvalue()


def unzipped(package: bytes) -> dict[str, bytes]:
    """The parts of a package."""
    with zipfile.ZipFile(io.BytesIO(package)) as file:
        return {name: file.read(name) for name in file.namelist()}


def parts(content: bytes) -> dict[str, str]:
    """The XML parts, canonical; the others are equal by their digest elsewhere."""
    with zipfile.ZipFile(io.BytesIO(content)) as file:
        return {
            name: ElementTree.canonicalize(file.read(name).decode())
            for name in file.namelist()
            if name.endswith((".xml", ".rels"))
        }
