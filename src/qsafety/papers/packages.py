"""The package around a document: the same data gives the same parts on every machine, and the same bytes on one."""

import hashlib
import io
import zipfile
from xml.sax.saxutils import escape

import attrs

EPOCH = (1980, 1, 1, 0, 0, 0)  # the earliest time a ZIP can hold
CORE = "docProps/core.xml"
_FIRST = ("[Content_Types].xml", "_rels/.rels")  # where readers look first
_CORE_XML = """<?xml version="1.0" encoding="UTF-8" standalone="yes"?>
<cp:coreProperties xmlns:cp="http://schemas.openxmlformats.org/package/2006/metadata/core-properties" \
xmlns:dc="http://purl.org/dc/elements/1.1/" xmlns:dcterms="http://purl.org/dc/terms/" \
xmlns:xsi="http://www.w3.org/2001/XMLSchema-instance"><dc:title>{title}</dc:title><dc:subject>{subject}</dc:subject>\
<dc:creator>{author}</dc:creator><cp:keywords>{keywords}</cp:keywords><cp:lastModifiedBy>{author}</cp:lastModifiedBy>\
<cp:revision>1</cp:revision><dcterms:created xsi:type="dcterms:W3CDTF">1980-01-01T00:00:00Z</dcterms:created>\
<dcterms:modified xsi:type="dcterms:W3CDTF">1980-01-01T00:00:00Z</dcterms:modified><dc:language>zh-CN</dc:language>\
</cp:coreProperties>"""


@attrs.frozen(kw_only=True)
class Properties:
    """What a file manager shows of a document. Its times are fixed: when a record was made is in the record."""

    title: str
    subject: str
    author: str
    keywords: str

    def xml(self) -> bytes:
        """The part ``docProps/core.xml``."""
        texts = {name: escape(value) for name, value in attrs.asdict(self).items()}
        return _CORE_XML.format_map(texts).encode()


def settle(package: bytes, properties: Properties) -> bytes:
    """The package with fixed times, order, attributes and properties."""
    with zipfile.ZipFile(io.BytesIO(package)) as given:
        parts = {name: given.read(name) for name in given.namelist()}
    parts[CORE] = properties.xml()
    settled = io.BytesIO()
    with zipfile.ZipFile(settled, "w") as file:
        for name in sorted(parts, key=lambda name: (name not in _FIRST, name)):
            entry = zipfile.ZipInfo(name, EPOCH)
            entry.create_system = 3  # else the system that writes it
            entry.external_attr = 0o600 << 16
            entry.compress_type = zipfile.ZIP_DEFLATED
            file.writestr(entry, parts[name], compresslevel=1)
    return settled.getvalue()


def digest(package: bytes) -> str:
    """The SHA-256 of the lines ``part name TAB hex of its content's SHA-256 LF``, sorted: the same however it was compressed."""
    with zipfile.ZipFile(io.BytesIO(package)) as file:
        lines = sorted(f"{name}\t{hashlib.sha256(file.read(name)).hexdigest()}\n" for name in file.namelist())
    return hashlib.sha256("".join(lines).encode()).hexdigest()
