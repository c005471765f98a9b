"""Before a workbook is parsed: is it one, is it whole, is it small enough, does it carry no document type?

Everything here is counted in the raw parts of the archive, which are read once, piece by piece.
"""

import io
import os
import re
import stat
import zipfile
import zlib
from collections.abc import Generator, Iterator, Mapping, Sequence
from contextlib import ExitStack, contextmanager
from pathlib import Path
from tempfile import SpooledTemporaryFile
from typing import IO, Any, BinaryIO, TypeAlias, cast
from xml.etree import ElementTree

from attrs import Factory, frozen

from qsafety.bilingual import Bilingual
from qsafety.exchange.problems import LedgerFileError, LedgerTypeError

Source: TypeAlias = str | os.PathLike[str] | IO[bytes]
"""A workbook: its path, or a file opened to read bytes."""

MOST_BYTES = 200 * 2**20
"""Unpacked, all parts together."""
MOST_ROWS = 500_000
"""In one sheet."""
MOST_PARTS = 10_000

_MOST_OF_FRAME = 4 * 2**20
_MOST_TEXTS = 1_000_000
_MOST_MERGED = 100_000
_MOST_CELLS = 8_000_000
_FRAME = frozenset({"[Content_Types].xml", "xl/workbook.xml", "xl/_rels/workbook.xml.rels", "xl/styles.xml"})
"""The parts that are read whole before any sheet is; what is written by hand or by Excel keeps them small."""

_USUAL_TEXTS = "xl/sharedStrings.xml"

_PIECE = 2**20
_ROW = re.compile(rb"<row[\s/>]")
_PREFIXED_ROW = re.compile(rb"<\w+:row[\s/>]")
_FAR_CELL = re.compile(rb""" r=["'][A-Z]{4}""")
_MERGED = re.compile(rb"""<(?:\w+:)?mergeCell\s+ref=["']([A-Z]{1,3})(\d{1,7}):[A-Z]{1,3}(\d{1,7})["']""")
_RELATION = "{http://schemas.openxmlformats.org/officeDocument/2006/relationships}id"


@frozen
class Part:
    """What was seen in a sheet: how many rows, and which columns are merged downwards."""

    rows: int = 0
    merged: Sequence[tuple[str, int, int]] = ()
    """Column letter, first row, last row."""


@frozen
class Package:
    """A workbook that may be parsed."""

    sheets: Mapping[str, str]
    """The part of each sheet, by the sheet's name."""
    texts: str | None
    """The part of the shared texts."""
    counts_from_1904: bool
    """Whether the days are counted as Excel once did on a Mac."""
    macros: bool
    links: bool
    drawings: bool
    parts: dict[str, Part] = Factory(dict)
    """What was seen in each sheet, by the sheet's name."""

    def part(self, sheet: str) -> Part:
        """What was seen in a sheet."""
        return self.parts.get(sheet, Part())


_SAVE_AS = Bilingual("请在 Excel 或 WPS 中另存为 .xlsx。", "Save it as .xlsx in Excel or WPS.")
_AGAIN = Bilingual("请重新导出或复制该文件。", "Export or copy the file again.")
_EMPTY = Bilingual("文件是空的。", "The file is empty.")
_BOOK = Bilingual("Excel 工作簿（.xlsx）", "an Excel workbook (.xlsx)")


@contextmanager
def open_file(source: Source) -> Generator[tuple[BinaryIO, str]]:
    """The file, open and at its beginning, and what to call it; :class:`LedgerFileError` for one that cannot be read.

    What came open stays open. What cannot be searched (a pipe) is taken whole, up to the size that is read at all.
    """
    if isinstance(source, str | os.PathLike):
        with _opened(name := os.fsdecode(source)) as file:
            yield file, name
        return
    _demand_binary(source)
    given = getattr(source, "name", None)
    name = given if isinstance(given, str) else "<file>"
    with ExitStack() as stack:
        try:
            file = cast(BinaryIO, source) if source.seekable() else stack.enter_context(_whole(source, name))
            file.seek(0)
            empty = not file.read(1)
            file.seek(0)
        except (OSError, ValueError) as error:  # closed, or gone
            hint = Bilingual(f"文件无法读取：{error}。", f"The file cannot be read: {error}.")
            raise LedgerFileError("no_file", name, _BOOK, hint) from None
        if empty:
            raise LedgerFileError("empty_file", name, _BOOK, _EMPTY)
        yield file, name


def _demand_binary(source: Any) -> None:
    advice = Bilingual(
        "请给出路径，或以二进制方式打开的文件；内容已在内存中时用 io.BytesIO(内容)。",
        'Give a path or a file opened with "rb"; for content that is in memory, io.BytesIO(content).',
    )
    kind = type(source).__name__
    if not all(hasattr(source, method) for method in ("read", "seek", "seekable")):
        raise LedgerTypeError(
            Bilingual(f"收到 {kind}，应为台账文件", f"got {kind}, expected a ledger file"), advice=advice
        )
    if isinstance(source, io.TextIOBase):
        raise LedgerTypeError(
            Bilingual("文件以文本方式打开，应为二进制方式", "the file was opened as text, expected bytes"),
            advice=advice,
        )


@contextmanager
def _whole(source: IO[bytes], name: str) -> Generator[BinaryIO]:
    with SpooledTemporaryFile(max_size=_PIECE) as whole:
        while piece := source.read(_PIECE):
            whole.write(piece)
            if whole.tell() > MOST_BYTES:
                raise _too_large(name, whole.tell(), 1)
        yield cast(BinaryIO, whole)


def _opened(name: str) -> BinaryIO:
    try:
        found = os.stat(name)
        if stat.S_ISREG(found.st_mode) and found.st_size:
            return Path(name).open("rb")
    except FileNotFoundError:
        code, hint = "no_file", Bilingual("没有这个文件，请核对路径。", "There is no such file; check the path.")
    except PermissionError:
        code, hint = (
            "not_permitted",
            Bilingual("没有读取权限，或文件被其他程序占用。", "It may not be read, or is locked."),
        )
    except (OSError, ValueError) as error:
        code, hint = "no_file", Bilingual(f"文件无法打开：{error}。", f"The file cannot be opened: {error}.")
    else:
        if stat.S_ISDIR(found.st_mode):
            code, hint = "is_a_folder", Bilingual("这是一个文件夹。", "This is a folder.")
        elif stat.S_ISREG(found.st_mode):
            code, hint = "empty_file", _EMPTY
        else:
            code, hint = "no_file", Bilingual("这不是普通文件。", "This is no regular file.")
    raise LedgerFileError(code, name, _BOOK, hint)


def inspect(file: BinaryIO, name: str) -> Package:
    """What the archive holds; :class:`LedgerFileError` for what is no workbook, is damaged, encrypted, or too large."""
    _check_form(file, name)
    try:
        with zipfile.ZipFile(file) as archive:
            _check_entries(archive, name)
            entries = {entry.filename: entry for entry in archive.infolist() if not entry.is_dir()}
            for frame in _FRAME & entries.keys():
                _scan(archive, entries[frame], name)
            package = _frame(archive)
            for title, place in package.sheets.items():
                if place in entries:
                    package.parts[title] = _scan_sheet(archive, entries.pop(place), name)
            for place, entry in entries.items():
                if place not in _FRAME:
                    _scan(archive, entry, name, texts=place == package.texts)
    except (zipfile.BadZipFile, zlib.error, EOFError, OSError, NotImplementedError, RuntimeError):
        hint = Bilingual("文件不完整或已损坏。" + _AGAIN.zh, "The file is cut short or damaged. " + _AGAIN.en)
        raise LedgerFileError("damaged", name, _BOOK, hint) from None
    except (ElementTree.ParseError, KeyError, UnicodeError):
        raise not_readable(name) from None
    return package


def not_readable(name: str) -> LedgerFileError:
    """The archive is there, but what it holds is no workbook that can be read."""
    hint = Bilingual("其中没有可读取的工作簿。" + _SAVE_AS.zh, "There is no readable workbook in it. " + _SAVE_AS.en)
    return LedgerFileError("not_a_workbook", name, _BOOK, hint)


def _check_form(file: BinaryIO, name: str) -> None:
    start = file.read(4096)
    file.seek(0)
    if start.startswith(b"PK\x03\x04"):
        return
    if start.startswith(b"\xd0\xcf\x11\xe0\xa1\xb1\x1a\xe1"):
        code, hint = _old_form(file)
    elif start.startswith(b"PK"):
        code, hint = "not_a_workbook", Bilingual("这是空的压缩包。", "This is an empty archive.")
    elif re.match(rb"(\xef\xbb\xbf)?\s*<", start):
        zh, en = "这是网页或 XML 文件，只是改了扩展名。", "This is a web page or XML file under another name. "
        code, hint = "not_a_workbook", Bilingual(zh + _SAVE_AS.zh, en + _SAVE_AS.en)
    elif b"\0" not in start or start.startswith((b"\xff\xfe", b"\xfe\xff")):
        zh, en = "这是文本或 CSV 文件，只是改了扩展名。", "This is a text or CSV file under another name. "
        code, hint = "not_a_workbook", Bilingual(zh + _SAVE_AS.zh, en + _SAVE_AS.en)
    else:
        code, hint = "not_a_workbook", _SAVE_AS
    raise LedgerFileError(code, name, _BOOK, hint)


def _old_form(file: BinaryIO) -> tuple[str, Bilingual]:
    # An encrypted .xlsx lies in the same kind of container as an .xls; the names of its streams tell them apart.
    mark = "EncryptedPackage".encode("utf-16-le")
    kept = b""
    while piece := file.read(_PIECE):
        if mark in kept + piece:
            zh, en = (
                "文件有打开密码。请在 Excel 中取消密码后保存。",
                "The file is encrypted. Remove the password in Excel.",
            )
            return "encrypted", Bilingual(zh, en)
        kept = piece[-len(mark) :]
    return "old_format", Bilingual(
        "这是旧格式（.xls）。" + _SAVE_AS.zh, "This is the old format (.xls). " + _SAVE_AS.en
    )


def _check_entries(archive: zipfile.ZipFile, name: str) -> None:
    entries = archive.infolist()
    names = {entry.filename for entry in entries}
    if any(entry.flag_bits & 1 for entry in entries):
        hint = Bilingual("压缩包有密码。", "The archive is encrypted.")
        raise LedgerFileError("encrypted", name, _BOOK, hint)
    if not {"[Content_Types].xml", "xl/workbook.xml", "xl/_rels/workbook.xml.rels"} <= names:
        raise not_readable(name)
    for entry in entries:
        if entry.file_size > _MOST_OF_FRAME and entry.filename in _FRAME:
            raise _part_too_large(name, entry)
    unpacked = sum(entry.file_size for entry in entries)
    if unpacked > MOST_BYTES or len(entries) > MOST_PARTS:
        raise _too_large(name, unpacked, len(entries))


def _too_large(name: str, size: int, parts: int) -> LedgerFileError:
    expected = Bilingual("解压后不超过 200 MB 的工作簿", "a workbook of at most 200 MB unpacked")
    hint = Bilingual(
        f"解压后有 {size >> 20} MB、{parts} 个部分。", f"Unpacked it has {size >> 20} MB in {parts} parts."
    )
    return LedgerFileError("too_large", name, expected, hint)


def _part_too_large(name: str, entry: zipfile.ZipInfo) -> LedgerFileError:
    expected = Bilingual("各部分大小寻常的工作簿", "a workbook whose parts are of an ordinary size")
    hint = Bilingual(
        f"{entry.filename} 有 {entry.file_size >> 20} MB，内容过多。请把数据复制到新的工作簿。",
        f"{entry.filename} has {entry.file_size >> 20} MB and holds too much. Copy the data to a new workbook.",
    )
    return LedgerFileError("too_large", name, expected, hint)


def _pieces(archive: zipfile.ZipFile, entry: zipfile.ZipInfo, name: str) -> Iterator[bytes]:
    """A part that is XML, piece by piece; each ends before a ``<``, so that no tag is cut in two."""
    with archive.open(entry) as part:
        piece = part.read(_PIECE)
        if piece.startswith((b"\xff\xfe", b"\xfe\xff", b"<\0", b"\0<")):
            raise not_readable(name)  # UTF-16, which no office program writes, and which would hide what is looked for
        if not re.match(rb"(\xef\xbb\xbf)?\s*<", piece):
            return
        while more := part.read(_PIECE):
            cut = piece.rfind(b"<")
            if len(piece) - cut > _PIECE:
                raise not_readable(name)
            yield piece[:cut]
            piece = piece[cut:] + more
        yield piece


def _scan(archive: zipfile.ZipFile, entry: zipfile.ZipInfo, name: str, *, texts: bool = False) -> None:
    """Refuse a part with a document type, and one with too many shared texts."""
    if entry.filename.startswith("xl/media/"):
        return
    count = 0
    for piece in _pieces(archive, entry, name):
        _no_document_type(piece, entry, name)
        if texts:
            count += piece.count(b"<si") + piece.count(b":si>")
            if count > _MOST_TEXTS:
                raise _part_too_large(name, entry)


def _no_document_type(piece: bytes, entry: zipfile.ZipInfo, name: str) -> None:
    if b"<!" in piece and (b"<!DOCTYPE" in piece or b"<!ENTITY" in piece):
        expected = Bilingual("不含 DTD 的工作簿", "a workbook without a document type (DTD)")
        hint = Bilingual(f"{entry.filename} 含有 DTD，已拒绝读取。", f"{entry.filename} has one; it was not read.")
        raise LedgerFileError("dtd", name, expected, hint)


def _scan_sheet(archive: zipfile.ZipFile, entry: zipfile.ZipInfo, name: str) -> Part:
    rows, cells, merged = 0, 0, list[tuple[str, int, int]]()
    for piece in _pieces(archive, entry, name):
        _no_document_type(piece, entry, name)
        if _FAR_CELL.search(piece):
            raise not_readable(name)
        # plain names are by far the most common, and much faster to find than prefixed ones
        rows += sum(1 for _ in _ROW.finditer(piece))
        if b":row" in piece:
            rows += sum(1 for _ in _PREFIXED_ROW.finditer(piece))
        if rows > MOST_ROWS:
            expected = Bilingual(
                f"每张表不超过 {MOST_ROWS} 行的工作簿", f"a workbook of at most {MOST_ROWS} rows a sheet"
            )
            hint = Bilingual("请按年份拆分。", "Split it by year.")
            raise LedgerFileError("too_many_rows", name, expected, hint)
        if b"mergeCell" in piece:
            merged += [(m[1].decode(), int(m[2]), int(m[3])) for m in _MERGED.finditer(piece) if m[2] != m[3]]
        cells += piece.count(b"<c ") + piece.count(b"<c/")
        if cells > _MOST_CELLS or len(merged) > _MOST_MERGED:
            raise _part_too_large(name, entry)
    return Part(rows, merged)


def _frame(archive: zipfile.ZipFile) -> Package:
    """What the workbook says of its parts."""
    targets: dict[str, str] = {}
    texts = _USUAL_TEXTS if _USUAL_TEXTS in archive.namelist() else None
    for relation in ElementTree.fromstring(archive.read("xl/_rels/workbook.xml.rels")):
        target = str(relation.get("Target"))
        part = target.lstrip("/") if target.startswith("/") else f"xl/{target}"
        targets[str(relation.get("Id"))] = part
        if str(relation.get("Type")).endswith("/sharedStrings"):
            texts = part
    sheets: dict[str, str] = {}
    counts_from_1904 = False
    for element in ElementTree.fromstring(archive.read("xl/workbook.xml")).iter():
        if element.tag.endswith("}sheet") and element.get(_RELATION) in targets:
            sheets[str(element.get("name"))] = targets[str(element.get(_RELATION))]
        elif element.tag.endswith("}workbookPr"):
            counts_from_1904 = element.get("date1904") in ("1", "true")
    names = [name.lower() for name in archive.namelist()]
    return Package(
        sheets,
        texts,
        counts_from_1904,
        macros=any(n.endswith("vbaproject.bin") or n.startswith("xl/macrosheets/") for n in names),
        links=any(n.startswith("xl/externallinks/") for n in names),
        drawings=any(n.startswith(("xl/drawings/drawing", "xl/charts/", "xl/media/")) for n in names),
    )
