"""A Word file from outside, looked at before anything opens it.

What is written in the file about itself is not believed: entries are counted, parts are inflated to a limit and measured, DTDs are looked
for by a parser in every encoding it knows, and an encoding that it does not know is refused. Nothing is written to the disk. A refusal says
what is wrong and where.
"""

import io
import os
import posixpath
import re
import stat
import struct
import zipfile
import zlib
from collections.abc import Iterator, Mapping
from pathlib import Path
from xml.parsers import expat

import attrs

from qsafety.bilingual import Bilingual
from qsafety.errors import PaperError

MEBI = 1 << 20
LARGEST_FILE = 16 * MEBI
MOST_ENTRIES = 1000
LARGEST_PART = 16 * MEBI
LARGEST_TOTAL = 32 * MEBI
LARGEST_RATIO = 200  # of a part over 1 MiB; a long table of a real paper reaches about 60
LARGEST_DIRECTORY = MOST_ENTRIES * 512
LARGEST_INDEX = MEBI  # of [Content_Types].xml, of a .rels, and of what may stand before the root element
_STEP = 1 << 14

_TYPES = "[Content_Types].xml"
_HYPERLINKS = frozenset(
    {
        "http://schemas.openxmlformats.org/officeDocument/2006/relationships/hyperlink",
        "http://purl.oclc.org/ooxml/officeDocument/relationships/hyperlink",
    }
)
_XML_NAMES = (".xml", ".rels", ".vml")
_MACRO_NAME = re.compile(r"vbaproject|vbadata|(^|/)(activex|embeddings|customui)/", re.IGNORECASE)
_MACRO_TYPE = re.compile(r"macroenabled|vbaproject|vbadata|activex|oleobject", re.IGNORECASE)
# fmt: off
_FIELDS = frozenset({
    "AUTHOR", "CREATEDATE", "DATE", "DOCPROPERTY", "EDITTIME", "EQ", "FILENAME", "FORMCHECKBOX", "FORMDROPDOWN",
    "FORMTEXT", "HYPERLINK", "KEYWORDS", "LASTSAVEDBY", "NOTEREF", "NUMCHARS", "NUMPAGES", "NUMWORDS", "PAGE",
    "PAGEREF", "PRINTDATE", "REF", "REVNUM", "SAVEDATE", "SECTION", "SECTIONPAGES", "SEQ", "STYLEREF", "SUBJECT",
    "SYMBOL", "TIME", "TITLE", "TOC",
})
# fmt: on
"""What a field of a template may do: count, name, refer. None fetches a file or runs a program."""
_BRINGING = frozenset({"altChunk", "control", "frameset", "object", "OLEObject", "subDoc"})
_MARKS = tuple(
    word.encode(code) for word in ("instr", "fldChar", *_BRINGING) for code in ("utf-8", "utf-16-le", "utf-16-be")
)
_ENCODING = re.compile(rb"""<\?xml[^>]*?encoding\s*=\s*["']([\w.:-]+)""")
_ENCODINGS = (b"utf-8", b"utf-16", b"us-ascii", b"ascii")
_LINKED = re.compile(r"https?://|mailto:|#", re.IGNORECASE)
_ARCHIVES = (b"PK\x03\x04", b"PK\x05\x06", b"\xd0\xcf\x11\xe0", b"Rar!", b"7z\xbc\xaf", b"\x1f\x8b")


def read(path: str | os.PathLike[str]) -> bytes:
    """A Word file from outside, scanned; one that is too large, damaged or hostile is a :class:`PaperError`."""
    name = os.path.basename(os.fspath(path))
    try:
        about = os.stat(path)
        if not stat.S_ISREG(about.st_mode):
            raise _refused(name, "", "不是文件", "it is no file")
        if about.st_size > LARGEST_FILE:
            raise _too_large(name, "", LARGEST_FILE)
        with Path(path).open("rb") as file:
            content = file.read(LARGEST_FILE + 1)
    except OSError as error:
        why = error.strerror or str(error)
        raise PaperError(Bilingual(f"无法读取模板 {path}：{why}", f"cannot read template {path}: {why}")) from None
    scan(content, name=name)
    return content


def scan(content: bytes, *, name: str) -> None:
    """Refuse what is no harmless Word file: a :class:`PaperError` that says what is wrong with which part."""
    if len(content) > LARGEST_FILE:
        raise _too_large(name, "", LARGEST_FILE)
    entries = _entries(content, name)
    for entry in entries:
        _see_name(entry, name)
    _see_duplicates(entries, name)
    files = {entry.filename: entry for entry in entries if not entry.is_dir()}
    if _TYPES not in files:
        raise _refused(
            name, "", "没有 [Content_Types].xml，不是 Word 文件", "it has no [Content_Types].xml: no Word file"
        )
    types = _types(_inflated(content, files[_TYPES], name, LARGEST_INDEX).start, name)
    total = 0
    for part, entry in files.items():
        kind = types(part)
        if _MACRO_NAME.search(part) or _MACRO_TYPE.search(kind):
            raise _refused(name, part, "带有宏、控件或嵌入对象", "it brings a macro, a control or an embedded object")
        is_index = part == _TYPES or part.endswith(".rels")
        is_xml = part.lower().endswith(_XML_NAMES) or "xml" in kind
        most = min(LARGEST_INDEX if is_index else LARGEST_PART, LARGEST_TOTAL - total)
        data = _inflated(content, entry, name, most, keep=most if is_xml else LARGEST_INDEX)
        total += data.length
        if data.start.startswith(_ARCHIVES):
            raise _refused(name, part, "压缩包内还有压缩包", "it is an archive within the archive")
        if is_xml:
            _see_xml(data, name, part)
            _see_fields(data.start, name, part)
        if part.endswith(".rels"):
            _see_relations(data.start, name, part)


def _entries(content: bytes, name: str) -> list[zipfile.ZipInfo]:
    end = len(content) - 22
    if (
        end < 0
        or not content.startswith(b"PK\x03\x04")
        or content[end : end + 4] != b"PK\x05\x06"
        or content[-2:] != b"\0\0"
    ):
        raise _damaged(name, "不是完整的压缩包（可能被截断）", "it is no whole archive; it may be truncated")
    directory = struct.unpack_from("<L", content, end + 12)[0]
    if content[max(end - 20, 0) :].startswith(b"PK\x06\x07") or directory > LARGEST_DIRECTORY:
        raise _too_many(name)
    try:
        with zipfile.ZipFile(io.BytesIO(content)) as file:
            entries = file.infolist()
    except (zipfile.BadZipFile, ValueError, NotImplementedError, struct.error, IndexError) as error:
        raise _damaged(name, f"压缩包已损坏：{error}", f"the archive is damaged: {error}") from None
    if len(entries) > MOST_ENTRIES:
        raise _too_many(name)
    return entries


def _see_name(entry: zipfile.ZipInfo, name: str) -> None:
    given = entry.orig_filename
    parts = given.removesuffix("/").split("/")
    if "\\" in given or ":" in given or given.startswith("/") or any(p in ("", ".", "..") for p in parts):
        raise _refused(name, given, "部件名指向包外", "its name points out of the package")
    if any(ord(sign) < 32 for sign in given):
        raise _refused(name, given, "部件名含控制字符", "its name has a control character")
    if entry.flag_bits & 0x41:
        raise _refused(name, given, "已加密", "it is encrypted")
    if entry.compress_type not in (zipfile.ZIP_STORED, zipfile.ZIP_DEFLATED):
        raise _refused(name, given, "压缩方法不是 Word 所用的", "it is compressed in a way that Word does not use")


def _see_duplicates(entries: list[zipfile.ZipInfo], name: str) -> None:
    seen: set[str] = set()
    for entry in entries:
        key = posixpath.normpath(entry.filename).casefold()  # names of parts differ in more than their case
        if key in seen:
            raise _refused(name, entry.filename, "同名部件出现两次", "it is there twice")
        seen.add(key)


@attrs.frozen
class _Content:
    """What an entry holds: its beginning, 1 MiB of what is no XML, and how long it is."""

    start: bytes
    length: int


def _inflated(content: bytes, entry: zipfile.ZipInfo, name: str, limit: int, *, keep: int = LARGEST_INDEX) -> _Content:
    """The content of an entry, measured; its own words about its size and digest must be true."""
    part = entry.filename
    at = entry.header_offset
    head = content[at : at + 30]
    if len(head) < 30 or not head.startswith(b"PK\x03\x04"):
        raise _damaged(name, f"{part} 不在其所说之处", f"{part} is not where it is said to be")
    name_length, extra_length = struct.unpack_from("<HH", head, 26)
    start = at + 30 + name_length + extra_length
    coded = entry.orig_filename.encode("utf-8" if entry.flag_bits & 0x800 else "cp437")
    if content[at + 30 : at + 30 + name_length] != coded:
        raise _damaged(name, f"{part} 在包内另有其名", f"{part} has another name where it begins")
    raw = memoryview(content)[start : start + entry.compress_size]
    length = crc = 0
    kept: list[bytes] = []
    try:
        for piece in _pieces(raw, entry):
            length += len(piece)
            if length > limit:
                raise _too_large(name, part, limit)
            if length > MEBI and length > LARGEST_RATIO * len(raw):
                raise _refused(
                    name, part, f"压缩比超过 {LARGEST_RATIO}", f"it is compressed more than {LARGEST_RATIO} times"
                )
            crc = zlib.crc32(piece, crc)
            if length <= keep:
                kept.append(piece)
    except zlib.error as error:
        raise _damaged(name, f"{part} 无法解压", f"{part} cannot be inflated: {error}") from None
    if length != entry.file_size or crc != entry.CRC:
        raise _damaged(name, f"{part} 与目录所载不符", f"{part} is not what the archive says of it")
    return _Content(b"".join(kept), length)


def _pieces(raw: memoryview, entry: zipfile.ZipInfo) -> Iterator[bytes]:
    """What an entry holds, a little at a time, so that a bomb costs no more than the limit it meets."""
    inflate = zlib.decompressobj(-15)
    for at in range(0, len(raw), _STEP):
        given = bytes(raw[at : at + _STEP])
        if entry.compress_type == zipfile.ZIP_STORED:
            yield given
            continue
        while True:
            piece = inflate.decompress(given, 4 * _STEP)
            given = inflate.unconsumed_tail
            yield piece
            if not given and len(piece) < 4 * _STEP:
                break


class _Begun(Exception):
    """The root element: no DTD comes after it."""


def _see_xml(data: _Content, name: str, part: str) -> None:
    """Refuse a DTD, and an encoding in which none can be looked for."""
    found: list[str] = []

    def doctype(root: str, *_: object) -> None:
        found.append(root)
        raise _Begun

    def begun(*_: object) -> None:
        raise _Begun

    parser = expat.ParserCreate()
    parser.StartDoctypeDeclHandler = doctype
    parser.StartElementHandler = begun
    try:
        parser.Parse(data.start[:LARGEST_INDEX], data.length <= LARGEST_INDEX)
    except _Begun:
        if found:
            raise _refused(name, part, "含 DTD（文档类型声明）", "it has a DTD") from None
    except (expat.ExpatError, ValueError, LookupError) as error:
        raise _damaged(name, f"{part} 不是可读的 XML", f"{part} is no XML that can be read: {error}") from None
    else:
        raise _damaged(name, f"{part} 的开头过长", f"{part} has more than 1 MiB before its first element")


def _elements(data: bytes, name: str, part: str) -> Iterator[tuple[str, Mapping[str, str]]]:
    """The elements of a small index without their namespaces. Any DTD in it is refused first."""
    _see_xml(_Content(data, len(data)), name, part)
    found: list[tuple[str, Mapping[str, str]]] = []
    parser = expat.ParserCreate()
    parser.StartElementHandler = lambda tag, given: found.append((tag.rpartition(":")[2], given))
    try:
        parser.Parse(data, True)
    except (expat.ExpatError, ValueError, LookupError) as error:
        raise _damaged(name, f"{part} 不是可读的 XML", f"{part} is no XML that can be read: {error}") from None
    return iter(found)


class _types:
    """What kind each part is, as ``[Content_Types].xml`` says."""

    def __init__(self, data: bytes, name: str) -> None:
        self._parts: dict[str, str] = {}
        self._endings: dict[str, str] = {}
        for tag, given in _elements(data, name, _TYPES):
            kind = given.get("ContentType", "").lower()
            if tag == "Override":
                self._parts[given.get("PartName", "").lstrip("/").casefold()] = kind
            elif tag == "Default":
                self._endings[given.get("Extension", "").casefold()] = kind

    def __call__(self, part: str) -> str:
        ending = part.rpartition(".")[2].casefold()
        return self._parts.get(part.casefold(), self._endings.get(ending, ""))


def _see_fields(data: bytes, name: str, part: str) -> None:
    """Refuse fields that fetch or run something when Word opens the file, elements that bring in other files, and encodings that hide them.

    A field's code may be cut into any number of runs. What a value would change in it is refused too: a tag within a code.
    """
    head = data[:200].replace(b"\0", b"")
    said = _ENCODING.search(head)
    if said and said[1].lower() not in _ENCODINGS:
        raise _refused(
            name,
            part,
            f"编码 {said[1].decode()} 不是 Word 所用的",
            f"its encoding {said[1].decode()} is none that Word writes",
        )
    if not any(mark in data for mark in _MARKS):
        return
    fields: list[list[str]] = []
    loose: list[str] = []

    def see(code: str) -> None:
        word = code.split(maxsplit=1)[0].upper() if code.strip() else ""
        if word in _FIELDS and "{" not in code:
            return
        if word:
            shown = _printable(" ".join(code.split())[:80])
            raise _refused(name, part, f"域代码 {shown} 不被允许", f"the field {shown} is not allowed")

    def start(tag: str, given: Mapping[str, str]) -> None:
        local = tag.rpartition(":")[2]
        if local in _BRINGING:
            raise _refused(name, part, f"元素 {local} 引入其他内容", f"the element {local} brings in other content")
        for key, value in given.items():
            ending = key.rpartition(":")[2]
            if ending == "instr":
                see(value)
            elif local == "fldChar" and ending == "fldCharType":
                if value == "begin":
                    fields.append([])
                elif fields:
                    see("".join(fields[-1] if value == "separate" else fields.pop()))
        if local in ("instrText", "delInstrText"):
            reading.append(True)

    def end(tag: str) -> None:
        if tag.rpartition(":")[2] in ("instrText", "delInstrText"):
            reading.pop()

    def characters(text: str) -> None:
        if reading:
            (fields[-1] if fields else loose).append(text)

    reading: list[bool] = []
    parser = expat.ParserCreate()
    parser.StartElementHandler = start
    parser.EndElementHandler = end
    parser.CharacterDataHandler = characters
    try:
        parser.Parse(data, True)
    except (expat.ExpatError, ValueError, LookupError) as error:
        raise _damaged(name, f"{part} 不是可读的 XML", f"{part} is no XML that can be read: {error}") from None
    for code in ("".join(loose), *("".join(field) for field in fields)):
        see(code)


def _see_relations(data: bytes, name: str, part: str) -> None:
    for tag, given in _elements(data, name, part):
        if tag != "Relationship":
            continue
        target = given.get("Target", "")
        if given.get("Type") in _HYPERLINKS and _LINKED.match(target):
            continue
        is_outside = given.get("TargetMode", "Internal").lower() != "internal" or re.match(
            r"[\w+.-]+:|[/\\]{2}", target
        )
        if is_outside or "\\" in target:
            raise _refused(name, part, f"引用外部内容 {target[:80]}", f"it refers to something outside: {target[:80]}")


def _refused(name: str, part: str, zh: str, en: str) -> PaperError:
    at = _printable(part)
    where = Bilingual(f"{at} ", f"{at}: ") if part else Bilingual("", "")
    return PaperError(
        Bilingual(
            f"拒绝模板 {_printable(name)}：{where.zh}{zh}", f"template {_printable(name)} is refused: {where.en}{en}"
        ),
        advice=Bilingual(
            "请用 Word 或 WPS 打开您信任的来源的文件，另存为 .docx 后再试。",
            "Take the file from a source you trust, open it in Word or WPS and save it as .docx.",
        ),
    )


def _printable(text: str) -> str:
    return "".join(sign if sign.isprintable() else f"\\x{ord(sign):02x}" for sign in text[:120])


def _damaged(name: str, zh: str, en: str) -> PaperError:
    return _refused(name, "", zh, en)


def _too_large(name: str, part: str, limit: int) -> PaperError:
    size = f"{limit / MEBI:.3g} MiB"
    return _refused(name, part, f"超过 {size}", f"it is larger than {size}")


def _too_many(name: str) -> PaperError:
    return _refused(name, "", f"部件超过 {MOST_ENTRIES} 个", f"it has more than {MOST_ENTRIES} parts")
