"""Files that are no ledger are refused at once, each with a sentence that says why and what to do."""

import os
import re
import sys
import zipfile
from collections.abc import Callable
from contextlib import suppress
from pathlib import Path

import pytest

from qsafety.errors import MissingExtraError
from qsafety.exchange import LedgerErrors, LedgerFileError, opening, read_ledger, read_workbook

Sample = Callable[[str], Path]


@pytest.fixture
def good(sample: Sample) -> Path:
    return sample("ebike-shop.xlsx")


def refusal(path: str | Path) -> LedgerFileError:
    with pytest.raises(LedgerFileError) as caught:
        read_ledger(path)
    assert isinstance(caught.value, LedgerErrors)
    (problem,) = caught.value.problems
    assert problem.value == str(path)
    assert problem.hint.zh
    assert problem.hint.en
    return caught.value


def code(path: str | Path) -> str:
    return refusal(path).problems[0].code


def rewritten(good: Path, to: Path, change: dict[str, Callable[[bytes], bytes] | bytes | None]) -> Path:
    """A copy of a workbook with some parts changed, added (bytes) or left out (None)."""
    with zipfile.ZipFile(good) as old, zipfile.ZipFile(to, "w", zipfile.ZIP_DEFLATED) as new:
        for name in old.namelist():
            part = change.get(name, lambda data: data)
            if callable(part):
                new.writestr(name, part(old.read(name)))
            elif part is not None:
                new.writestr(name, part)
        for name in change.keys() - set(old.namelist()):
            added = change[name]
            assert isinstance(added, bytes)
            new.writestr(name, added)
    return to


def test_no_file(tmp_path: Path) -> None:
    assert code(tmp_path / "nothing.xlsx") == "no_file"
    assert "nothing.xlsx', expected an Excel workbook (.xlsx). There is no such file" in str(
        refusal(tmp_path / "nothing.xlsx")
    )
    assert code(tmp_path / "a\0b.xlsx") == "no_file"


def test_a_folder(tmp_path: Path) -> None:
    assert code(tmp_path) == "is_a_folder"


@pytest.mark.skipif(sys.platform == "win32" or os.geteuid() == 0, reason="permissions bind neither here")
def test_a_file_that_may_not_be_read(tmp_path: Path, good: Path) -> None:
    locked = tmp_path / "locked.xlsx"
    locked.write_bytes(good.read_bytes())
    locked.chmod(0)
    assert code(locked) == "not_permitted"


@pytest.mark.skipif(sys.platform == "win32", reason="no named pipes there")
def test_a_pipe_is_not_waited_for(tmp_path: Path) -> None:
    os.mkfifo(tmp_path / "pipe.xlsx")
    assert code(tmp_path / "pipe.xlsx") == "no_file"


@pytest.mark.parametrize(
    ("content", "why", "told"),
    [
        (b"", "empty_file", "空"),
        ("日期,安全员\n".encode("gbk"), "not_a_workbook", "CSV"),
        (b"\xff\xfe" + "日期\t安全员".encode("utf-16-le"), "not_a_workbook", "CSV"),
        (b"<html><table></table></html>", "not_a_workbook", "网页"),
        (b"\xef\xbb\xbf<?xml version='1.0'?><a/>", "not_a_workbook", "XML"),
        (b"%PDF-1.7\0\1\2", "not_a_workbook", ".xlsx"),
        (b"\xd0\xcf\x11\xe0\xa1\xb1\x1a\xe1" + b"\0" * 4096 + "Workbook".encode("utf-16-le"), "old_format", ".xls"),
        (
            b"\xd0\xcf\x11\xe0\xa1\xb1\x1a\xe1" + b"\0" * 4096 + "EncryptedPackage".encode("utf-16-le"),
            "encrypted",
            "密码",
        ),
        (b"PK\x05\x06" + b"\0" * 18, "not_a_workbook", "空"),
        (b"PK\x03\x04 and nothing more", "damaged", "损坏"),
    ],
)
def test_a_file_that_is_no_workbook(tmp_path: Path, content: bytes, why: str, told: str) -> None:
    path = tmp_path / "ledger.xlsx"
    path.write_bytes(content)
    assert code(path) == why
    assert told in refusal(path).to("zh")


def test_a_workbook_cut_short(tmp_path: Path, good: Path) -> None:
    path = tmp_path / "ledger.xlsx"
    for length in range(100, good.stat().st_size, 5000):
        path.write_bytes(good.read_bytes()[:length])
        assert code(path) == "damaged"


def test_a_workbook_with_a_byte_changed(tmp_path: Path, good: Path) -> None:
    whole = read_ledger(good)
    path = tmp_path / "ledger.xlsx"
    for at in range(60, good.stat().st_size, 1500):
        content = bytearray(good.read_bytes())
        content[at] ^= 0xFF
        path.write_bytes(content)
        with suppress(LedgerErrors):
            assert read_ledger(path) == whole


def test_an_archive_that_is_no_workbook(tmp_path: Path) -> None:
    path = tmp_path / "ledger.xlsx"
    with zipfile.ZipFile(path, "w") as archive:
        archive.writestr("readme.txt", "nothing")
    assert code(path) == "not_a_workbook"


@pytest.mark.parametrize(
    "part", ["[Content_Types].xml", "xl/workbook.xml", "xl/_rels/workbook.xml.rels", "xl/styles.xml"]
)
@pytest.mark.parametrize("content", [None, b"", b"<a>", b"<a/>", b"\xff\xfe<\0a\0/\0>\0"])
def test_a_workbook_without_its_parts(tmp_path: Path, good: Path, part: str, content: bytes | None) -> None:
    path = rewritten(good, tmp_path / "ledger.xlsx", {part: content})
    try:
        read_ledger(path)
    except LedgerErrors as error:
        assert error.problems[0].hint.zh


@pytest.mark.parametrize("part", ["xl/workbook.xml", "xl/worksheets/sheet1.xml", "xl/styles.xml", "docProps/core.xml"])
@pytest.mark.parametrize("mark", [b'<!DOCTYPE a [<!ENTITY b "c">]>', b"<!DOCTYPE a SYSTEM 'file:///etc/hostname'>"])
def test_a_document_type_is_never_read(tmp_path: Path, good: Path, part: str, mark: bytes) -> None:
    def with_type(data: bytes) -> bytes:
        head, sign, rest = data.partition(b"?>")
        return head + sign + mark + rest if sign else mark + data

    path = rewritten(good, tmp_path / "ledger.xlsx", {part: with_type})
    assert code(path) == "dtd"
    assert part in refusal(path).to("en")


def test_a_workbook_that_unpacks_to_too_much(tmp_path: Path, good: Path) -> None:
    path = rewritten(good, tmp_path / "ledger.xlsx", {"xl/media/image1.png": bytes(opening.MOST_BYTES)})
    assert path.stat().st_size < 10**6
    assert code(path) == "too_large"


def test_a_sheet_of_too_many_rows(tmp_path: Path, good: Path) -> None:
    def rows(data: bytes) -> bytes:
        return data.replace(b"</sheetData>", b"<row/>" * opening.MOST_ROWS + b"</sheetData>")

    path = rewritten(good, tmp_path / "ledger.xlsx", {"xl/worksheets/sheet1.xml": rows})
    assert code(path) == "too_many_rows"


def test_a_row_far_down_costs_nothing(tmp_path: Path, good: Path) -> None:
    def far(data: bytes) -> bytes:
        return data.replace(b"</sheetData>", b'<row r="1048576"><c r="A1048576"/></row></sheetData>')

    assert read_ledger(rewritten(good, tmp_path / "ledger.xlsx", {"xl/worksheets/sheet1.xml": far})) == read_ledger(
        good
    )


@pytest.mark.parametrize(
    ("cell", "why"),
    [
        (b'<c r="ZZZZZZ2"><v>1</v></c>', "not_a_workbook"),
        (b'<c r="A2" t="s"><v>99999</v></c>', "damaged_cell"),
        (b'<c r="A2"><v>x</v></c>', "damaged_cell"),
    ],
)
def test_a_cell_that_cannot_be(tmp_path: Path, good: Path, cell: bytes, why: str) -> None:
    def broken(data: bytes) -> bytes:
        return data.replace(b"</sheetData>", b'<row r="900">' + cell + b"</row></sheetData>")

    path = rewritten(good, tmp_path / "ledger.xlsx", {"xl/worksheets/sheet2.xml": broken})
    with pytest.raises(LedgerErrors) as caught:
        read_ledger(path)
    assert [problem.code for problem in caught.value.problems] == [why]


def test_a_wrong_claim_about_the_size_of_a_sheet_loses_no_row(tmp_path: Path, good: Path) -> None:
    def small(data: bytes) -> bytes:
        assert b'<dimension ref="A1:H107"' in data
        return data.replace(b'<dimension ref="A1:H107"', b'<dimension ref="A1:B2"')

    sheet = next(name for name in zipfile.ZipFile(good).namelist() if b"A1:H107" in zipfile.ZipFile(good).read(name))
    assert read_ledger(rewritten(good, tmp_path / "ledger.xlsx", {sheet: small})) == read_ledger(good)


def test_macros_and_links_are_read_past_and_said(tmp_path: Path, good: Path) -> None:
    added = {"xl/vbaProject.bin": b"\xd0\xcf\x11\xe0", "xl/externalLinks/externalLink1.xml": b"<externalLink/>"}
    ledger = read_workbook(rewritten(good, tmp_path / "ledger.xlsm", {**added}))
    assert ledger.dossier == read_ledger(good)
    assert [note.to("en") for note in ledger.notes] == [
        "The workbook has macros; they were not run.",
        "The workbook has external links; they were not followed.",
    ]


def test_the_name_of_the_file_does_not_matter(tmp_path: Path, good: Path) -> None:
    path = tmp_path / "台账"
    path.write_bytes(good.read_bytes())
    assert read_ledger(path) == read_ledger(good)


def test_calculated_values_are_read_as_they_were_kept(tmp_path: Path, shop) -> None:
    shop.put("隐患", 2, "描述", '="甲"&"乙"')
    shop.put("隐患", 2, "防范措施", '=""')

    def calculated(data: bytes) -> bytes:
        for cell, value in ((b"F2", "甲乙".encode()), (b"H2", b"")):
            form = rb'<c r="%b"([^>]*)>(<f>[^<]*</f>)<v ?/?>(</v>)?</c>' % cell
            data, count = re.subn(form, rb'<c r="%b"\1 t="str">\2<v>%b</v></c>' % (cell, value), data)
            assert count == 1
        return data

    path = shop.save()
    with zipfile.ZipFile(path) as archive:
        sheet = next(name for name in archive.namelist() if b"<f>" in archive.read(name))
    hazards = read_ledger(rewritten(path, tmp_path / "kept.xlsx", {sheet: calculated})).hazards
    assert hazards is not None
    assert (hazards[0].description, hazards[0].precaution) == ("甲乙", None)


def test_without_openpyxl_the_line_that_installs_it(monkeypatch: pytest.MonkeyPatch, good: Path) -> None:
    monkeypatch.setitem(sys.modules, "openpyxl", None)
    with pytest.raises(MissingExtraError, match=r"qsafety\[excel\]"):
        read_ledger(good)
