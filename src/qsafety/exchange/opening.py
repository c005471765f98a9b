"""Before a workbook is parsed: is it one, is it whole, is it small enough, does it carry no document type?

Everything here is counted in the raw parts of the archive, which are read once, piece by piece.
"""

import os
import re
import stat
import zipfile
import zlib
from collections.abc import Iterator, Mapping, Sequence
from pathlib import Path
from typing import BinaryIO
from xml.etree import ElementTree

from attrs import field, frozen

from qsafety.bilingual import Bilingual
from qsafety.exchange.problems import LedgerFileError

MOST_BYTES = 200 * 2**20
"""Unpacked, all parts together."""
MOST_ROWS = 500_000
"""In one sheet."""
MOST_PARTS = 10_000

_PIECE = 2**20
_ROW = re.compile(rb"<row[\s/>]")
_PREFIXED_ROW = re.compile(rb"<\w+:row[\s/>]")
_FORMULA = re.compile(rb"<(?:\w+:)?f[\s/>]")
_FAR_CELL = re.compile(rb""" r=["'][A-Z]{4}""")
_MERGED = re.compile(rb"""mergeCell\s[^>]*?ref=["']([A-Z]{1,3})(\d{1,7}):[A-Z]{1,3}(\d{1,7})["']""")
_RELATION = "{http://schemas.openxmlformats.org/officeDocument/2006/relationships}id"


@frozen
class Part:
    """What was seen in one part: how many rows, whether there are formulas, which columns are merged downwards."""

    rows: int = 0
    formulas: bool = False
    merged: Sequence[tuple[str, int, int]] = ()
    """Column letter, first row, last row."""


@frozen
class Package:
    """A workbook that may be parsed."""

    parts: Mapping[str, Part]
    sheets: Mapping[str, str] = field(factory=dict)
    """The part of each sheet, by the sheet's name."""
    macros: bool = False
    links: bool = False

    def part(self, sheet: str) -> Part:
        """What was seen in the part of a sheet."""
        return self.parts.get(self.sheets.get(sheet, ""), Part())


_SAVE_AS = Bilingual("请在 Excel 或 WPS 中另存为 .xlsx。", "Save it as .xlsx in Excel or WPS.")
_AGAIN = Bilingual("请重新导出或复制该文件。", "Export or copy the file again.")
_BOOK = Bilingual("Excel 工作簿（.xlsx）", "an Excel workbook (.xlsx)")


def open_file(path: str | os.PathLike[str]) -> BinaryIO:
    """The file, opened, if it is a file that can be read; else :class:`LedgerFileError`."""
    name = os.fsdecode(path)
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
            code, hint = "empty_file", Bilingual("文件是空的。", "The file is empty.")
        else:
            code, hint = "no_file", Bilingual("这不是普通文件。", "This is no regular file.")
    raise LedgerFileError(code, name, _BOOK, hint)


def inspect(file: BinaryIO, name: str) -> Package:
    """What the archive holds; :class:`LedgerFileError` for what is no workbook, is damaged, encrypted, or too large."""
    _check_form(file, name)
    try:
        with zipfile.ZipFile(file) as archive:
            _check_entries(archive, name)
            parts = {i.filename: _scan(archive, i, name) for i in archive.infolist() if not i.is_dir()}
            sheets = _sheets(archive)
    except (zipfile.BadZipFile, zlib.error, EOFError, OSError, NotImplementedError, RuntimeError):
        hint = Bilingual("文件不完整或已损坏。" + _AGAIN.zh, "The file is cut short or damaged. " + _AGAIN.en)
        raise LedgerFileError("damaged", name, _BOOK, hint) from None
    except (ElementTree.ParseError, KeyError, UnicodeError):
        raise not_readable(name) from None
    names = [n.lower() for n in parts]
    return Package(
        parts,
        sheets,
        macros=any(n.endswith("vbaproject.bin") or n.startswith("xl/macrosheets/") for n in names),
        links=any(n.startswith("xl/externallinks/") for n in names),
    )


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
    unpacked = sum(entry.file_size for entry in entries)
    if unpacked > MOST_BYTES or len(entries) > MOST_PARTS:
        expected = Bilingual("解压后不超过 200 MB 的工作簿", "a workbook of at most 200 MB unpacked")
        hint = Bilingual(
            f"解压后有 {unpacked >> 20} MB、{len(entries)} 个部分。",
            f"Unpacked it has {unpacked >> 20} MB in {len(entries)} parts.",
        )
        raise LedgerFileError("too_large", name, expected, hint)


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


def _scan(archive: zipfile.ZipFile, entry: zipfile.ZipInfo, name: str) -> Part:
    if entry.filename.startswith("xl/media/"):
        return Part()
    rows, formulas, merged = 0, False, list[tuple[str, int, int]]()
    sheet = entry.filename.startswith("xl/worksheets/")
    for piece in _pieces(archive, entry, name):
        if b"<!DOCTYPE" in piece or b"<!ENTITY" in piece:
            expected = Bilingual("不含 DTD 的工作簿", "a workbook without a document type (DTD)")
            hint = Bilingual(f"{entry.filename} 含有 DTD，已拒绝读取。", f"{entry.filename} has one; it was not read.")
            raise LedgerFileError("dtd", name, expected, hint)
        if not sheet:
            continue
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
        if not formulas and (b"<f" in piece or b":f" in piece):
            formulas = bool(_FORMULA.search(piece))
        if b"mergeCell" in piece:
            merged += [(m[1].decode(), int(m[2]), int(m[3])) for m in _MERGED.finditer(piece) if m[2] != m[3]]
    return Part(rows, formulas, merged)


def _sheets(archive: zipfile.ZipFile) -> dict[str, str]:
    relations = ElementTree.fromstring(archive.read("xl/_rels/workbook.xml.rels"))
    targets = {str(r.get("Id")): str(r.get("Target")) for r in relations}
    workbook = ElementTree.fromstring(archive.read("xl/workbook.xml"))
    found: dict[str, str] = {}
    for element in workbook.iter():
        if element.tag.endswith("}sheet") and element.get(_RELATION) in targets:
            target = targets[str(element.get(_RELATION))]
            found[str(element.get("name"))] = target.lstrip("/") if target.startswith("/") else f"xl/{target}"
    return found
