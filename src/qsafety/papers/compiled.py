"""A template that was patched and compiled once, and is then filled many times: what docxtpl does, without doing it again.

docxtpl parses, patches, compiles, renders, parses and zips all parts for each paper. Here all but the rendering is done once: docxtpl's own
patching makes the source, the sandboxed jinja2 compiles it, and filling writes text. Parts that never change are kept compressed.

What makes that safe is checked beforehand (:mod:`qsafety.papers.structure`): each arm of each ``if`` and ``for`` is well-formed by
itself, so that every filled document is, without being parsed. The document equals docxtpl's after canonicalisation (C14N).
"""

import hashlib
import io
import re
import struct
import zipfile
import zlib
from collections.abc import Mapping, Sequence
from copy import deepcopy
from importlib import import_module
from itertools import islice
from typing import Any

import attrs
from jinja2 import Environment, Template

from qsafety.bilingual import Bilingual
from qsafety.papers.packages import CORE, Properties, settle
from qsafety.papers.sandbox import fill_properties, property_texts
from qsafety.papers.structure import EMPTY_TABLE as _EMPTY_TABLE
from qsafety.papers.structure import Structure, read_structure

etree: Any = import_module("lxml.etree")  # has no types

_FOOTNOTES = "application/vnd.openxmlformats-officedocument.wordprocessingml.footnotes+xml"
_NOTHING = Properties(title="", subject="", author="", keywords="")
_PIECE = 512  # of what jinja2 yields: about 50 KB
_BREAK = '</w:t><w:br/><w:t xml:space="preserve">'


@attrs.frozen
class Part:
    """One part of a template that is filled: ``head`` and ``tail`` stand around what jinja2 renders."""

    name: str
    template: Template
    structure: Structure
    head: bytes
    tail: bytes
    is_body: bool

    def render(self, variables: Mapping[str, Any], document: Any) -> list[bytes]:
        """The part filled, in pieces. ``document`` is any template of docxtpl, for its functions."""
        filled = self._in_pieces(variables) if self.in_pieces else None
        return [self.head, *(filled or [self._whole(variables, document).encode()]), self.tail]

    def _in_pieces(self, variables: Mapping[str, Any]) -> list[bytes] | None:
        """What is rendered in pieces that stay in the processor's cache: a long table takes half the time. None: a value has a tab."""
        filled: list[bytes] = []
        # not generate(): what it adds to errors, docxtpl says when it is asked after an error
        rendered = self.template.root_render_func(self.template.new_context(dict(variables)))
        while piece := "".join(islice(rendered, _PIECE)):
            if "\t" in piece:
                return None
            filled.append((piece.replace("\n", _BREAK) if "\n" in piece else piece).encode())
        return filled

    @property
    def in_pieces(self) -> bool:
        """Whether what follows the rendering, if anything, is to write line ends."""
        known = self.structure
        return known.plain_text and not known.braces and (not self.is_body or (known.settled and not known.may_empty))

    def _whole(self, variables: Mapping[str, Any], document: Any) -> str:
        # docxtpl puts a line end before each paragraph and takes it away again; structure.py sees that nothing else changes by it
        xml = self.template.render(variables)
        if self.structure.braces:
            xml = xml.replace("{_{", "{{").replace("}_}", "}}").replace("{_%", "{%").replace("%_}", "%}")
        xml = self._listed(xml, document)
        if self.is_body and (not self.structure.settled or (self.structure.may_empty and _EMPTY_TABLE in xml)):
            xml = _tables_mended(xml, document)
        return xml

    def _listed(self, xml: str, document: Any) -> str:
        """Line ends and tabs as Word writes them, by docxtpl where it is not plain."""
        ends, tabs = "\n" in xml, "\t" in xml
        if not ends and not tabs:
            return xml
        if not tabs and self.structure.plain_text:
            return xml.replace("\n", _BREAK)
        if not self.structure.plain_paragraphs:
            return str(document.resolve_listing(xml))
        paragraphs = xml.split("</w:p>")
        for i, piece in enumerate(paragraphs[:-1]):
            if "\n" in piece or "\t" in piece:
                at = max(piece.rfind("<w:p>"), piece.rfind("<w:p "))
                paragraphs[i] = piece[:at] + document.resolve_listing(piece[at:] + "</w:p>").removesuffix("</w:p>")
        return "</w:p>".join(paragraphs)


def _tables_mended(xml: str, document: Any) -> str:
    document.docx_ids_index = 1000
    tree = document.fix_tables(xml)
    document.fix_docpr_ids(tree)
    return str(etree.tostring(tree, encoding="unicode"))


class Compiled:
    """A template ready to be filled. ``why`` says why only docxtpl can fill it, or is None."""

    def __init__(self, document: Any, sandbox: Environment) -> None:
        document.render_init()
        self._sandbox = sandbox
        self._new = type(document)
        self._core: Any = document.docx.core_properties._element  # as docxtpl, which makes one where there is none
        self.why = self._not_alone(document)
        self.parts = tuple(self._parts(document))
        self._properties = property_texts(document.docx.core_properties)
        self._fixed_core = None if "{" in "".join(self._properties) else self._core_filled({})
        saved = io.BytesIO()
        document.docx.save(saved)
        self._shell = Shell(settle(saved.getvalue(), _NOTHING), {CORE, *(part.name for part in self.parts)})

    def package(self, variables: Mapping[str, Any], properties: Properties | None) -> tuple[bytes, str]:
        """The settled package filled with variables, and the digest of its parts."""
        document = self._new(None)
        changed = {part.name: part.render(variables, document) for part in self.parts}
        core = self._fixed_core or self._core_filled(variables)
        changed[CORE] = [properties.xml() if properties else core]
        return self._shell.filled(changed)

    def _parts(self, document: Any) -> list[Part]:
        root = deepcopy(document.docx.element)
        for child in list(root.body):
            root.body.remove(child)
        root.body.text = None
        around = etree.tostring(root, encoding="unicode").split("<w:body/>")
        if len(around) != 2:
            self.why = Bilingual("正文元素不寻常", "its body is unusual")
            return []
        declaration = "<?xml version='1.0' encoding='UTF-8' standalone='yes'?>\n"
        main = document.docx.part
        parts = [self._part(document, main, document.get_xml(), declaration + around[0], around[1])]
        for uri in (document.HEADER_URI, document.FOOTER_URI):
            for _, part in document.get_headers_footers(uri):
                parts.append(self._part(document, part, document.get_part_xml(part), declaration, ""))
        for part in main.package.parts:
            if part.content_type == _FOOTNOTES:
                xml = part.blob.decode("utf-8")
                declared = re.match(r"\s*<\?xml[^>]*\?>\s*", xml)
                cut = declared.end() if declared else 0
                parts.append(self._part(document, part, xml[cut:], xml[:cut], ""))
        return parts

    def _part(self, document: Any, part: Any, xml: str, head: str, tail: str) -> Part:
        patched = str(document.patch_xml(xml))
        structure = read_structure(patched, self._sandbox)
        if self.why is None and structure.why is not None:
            where = str(part.partname)
            self.why = Bilingual(f"{where}：{structure.why.zh}", f"{where}: {structure.why.en}")
        return Part(
            name=str(part.partname).lstrip("/"),
            template=self._sandbox.from_string(patched),
            structure=structure,
            head=head.encode(),
            tail=tail.encode(),
            is_body=part is document.docx.part,
        )

    def _not_alone(self, document: Any) -> Bilingual | None:
        """What docxtpl does twice: a head or foot with two relations, the footnotes of several sections."""
        main = document.docx.part
        names = [
            str(p.partname)
            for uri in (document.HEADER_URI, document.FOOTER_URI)
            for _, p in document.get_headers_footers(uri)
        ]
        twice = {name for name in names if names.count(name) > 1}
        if len(document.docx.sections) != 1:
            twice.update(str(part.partname) for part in main.package.parts if part.content_type == _FOOTNOTES)
        if twice:
            listed = ", ".join(sorted(twice))
            return Bilingual(f"{listed} 被填写不止一次", f"{listed} is filled more than once")
        if str(main.package._core_properties_part.partname) != f"/{CORE}":
            return Bilingual("文档属性不在通常之处", "its properties are not in the usual place")
        return None

    def _core_filled(self, variables: Mapping[str, Any]) -> bytes:
        core = deepcopy(self._core)
        properties = import_module("docx.opc.coreprops").CoreProperties(core)
        fill_properties(properties, self._properties, variables)
        return bytes(etree.tostring(core, encoding="UTF-8", standalone=True))


class Shell:
    """A package of which some parts change: the others are copied as they were compressed."""

    def __init__(self, package: bytes, changing: set[str]) -> None:
        with zipfile.ZipFile(io.BytesIO(package)) as file:
            names = file.namelist()
            self._digests = {
                name: hashlib.sha256(file.read(name)).hexdigest() for name in names if name not in changing
            }
            entries = file.infolist()
            directory = file.start_dir
        self._entries: list[tuple[str, bytes, bytes, bytes]] = []
        for entry, end in zip(entries, [*(e.header_offset for e in entries[1:]), directory], strict=True):
            body = entry.header_offset + 30 + len(entry.filename.encode())
            central = 46 + len(entry.filename.encode())
            self._entries.append(
                (
                    entry.filename,
                    package[entry.header_offset : body],
                    package[body:end],
                    package[directory : directory + central],
                )
            )
            directory += central
        self._end = package[directory:]

    def filled(self, changed: Mapping[str, Sequence[bytes]]) -> tuple[bytes, str]:
        """The package with the changed parts, each in pieces, just as :func:`~qsafety.papers.packages.settle` writes it; its digest."""
        pieces: list[bytes] = []
        directory: list[bytes] = []
        digests = dict(self._digests)
        offset = 0
        for name, head, data, central in self._entries:
            if name not in changed:
                central = central[:42] + struct.pack("<L", offset) + central[46:]
            else:
                data, crc, length, digests[name] = _deflated(changed[name])
                sizes = struct.pack("<LLL", crc, len(data), length)
                head = head[:14] + sizes + head[26:]
                central = central[:16] + sizes + central[28:42] + struct.pack("<L", offset) + central[46:]
            pieces += (head, data)
            directory.append(central)
            offset += len(head) + len(data)
        size = sum(map(len, directory))
        end = self._end[:12] + struct.pack("<LL", size, offset) + self._end[20:]
        lines = "".join(sorted(f"{name}\t{digest}\n" for name, digest in digests.items()))
        return b"".join((*pieces, *directory, end)), hashlib.sha256(lines.encode()).hexdigest()


def _deflated(content: Sequence[bytes]) -> tuple[bytes, int, int, str]:
    """Compressed, with CRC, length and digest."""
    deflate = zlib.compressobj(1, zlib.DEFLATED, -15)
    sha256 = hashlib.sha256()
    crc = 0
    for piece in content:
        crc = zlib.crc32(piece, crc)
        sha256.update(piece)
    data = b"".join([*map(deflate.compress, content), deflate.flush()])
    return data, crc, sum(map(len, content)), sha256.hexdigest()
