"""The marked copy: each mistake at its cell, all of them on the first sheet, the ledger itself untouched."""

import zipfile
from pathlib import Path
from typing import Any

import openpyxl
import pytest
from openpyxl.comments import Comment

from qsafety.exchange import LedgerErrors, LedgerFileError, LedgerWriteError, Problem, mark_ledger, read_ledger


def problems(path: Path) -> tuple[Problem, ...]:
    with pytest.raises(LedgerErrors) as caught:
        read_ledger(path)
    return caught.value.problems


@pytest.fixture
def bad(shop) -> Path:
    shop.put("隐患", 2, "发现日期", "2024-02-30")
    shop.put("日检查", 5, "安全员", "P33")
    shop.put("日检查", 6, "安全员", "P33")
    shop.put("人员", 3, "身份证号", "110101190001010128")
    shop.put("产品", 1, "风险等级", "风险级别")
    shop.sheets["风险清担"] = [["空"]]
    path: Path = shop.save()
    return path


def test_every_bad_cell_is_coloured_and_says_why(bad: Path, tmp_path: Path) -> None:
    before = bad.read_bytes()
    found = problems(bad)
    mark_ledger(bad, found, tmp_path / "marked.xlsx")
    assert bad.read_bytes() == before
    book = openpyxl.load_workbook(tmp_path / "marked.xlsx")
    marked = {
        f"{sheet.title}!{cell.coordinate}": cell.comment.text
        for sheet in book.worksheets
        for row in sheet.iter_rows()
        for cell in row
        if cell.comment and cell.fill.fgColor.rgb == "00FFC7CE"
    }
    assert [*marked] == ["产品!G1", "人员!C3", "日检查!C5", "日检查!C6", "隐患!B2"]
    assert marked["隐患!B2"] == "应为存在的日期。是否为 2024-02-29？"
    assert marked["日检查!C6"] == "应为“人员”表中的编号。是否为“P3”？共 2 处使用。"
    assert book["隐患"]["B2"].value == "2024-02-30"


def test_the_first_sheet_lists_them_with_links(bad: Path, tmp_path: Path) -> None:
    found = problems(bad)
    mark_ledger(bad, found, tmp_path / "marked.xlsx")
    book = openpyxl.load_workbook(tmp_path / "marked.xlsx")
    first = book.worksheets[0]
    assert (first.title, book.active) == ("问题清单", first)
    assert first["A1"].value.startswith("共有 5 处问题。")
    places: list[Any] = [first.cell(row, 2) for row in range(4, 9)]
    assert [cell.value for cell in places] == ["风险清担", "产品!G1", "人员!C3", "日检查!C5", "隐患!B2"]
    assert [cell.hyperlink.location for cell in places] == [
        "'风险清担'!A1",
        "'产品'!G1",
        "'人员'!C3",
        "'日检查'!C5",
        "'隐患'!B2",
    ]
    assert "01012" not in str([cell.value for row in first.iter_rows() for cell in row])  # personal, and shortened


def test_the_marked_copy_has_the_same_mistakes_and_no_more(bad: Path, tmp_path: Path) -> None:
    found = problems(bad)
    mark_ledger(bad, found, tmp_path / "marked.xlsx")
    assert problems(tmp_path / "marked.xlsx") == found


def test_what_has_been_mended_loses_its_mark(bad: Path, tmp_path: Path) -> None:
    mark_ledger(bad, problems(bad), tmp_path / "marked.xlsx")
    book = openpyxl.load_workbook(tmp_path / "marked.xlsx")
    book["隐患"]["B2"] = "2024-01-10"
    book.save(tmp_path / "mended.xlsx")
    mark_ledger(tmp_path / "mended.xlsx", problems(tmp_path / "mended.xlsx"), tmp_path / "again.xlsx")
    again = openpyxl.load_workbook(tmp_path / "again.xlsx")
    assert again["隐患"]["B2"].comment is None
    assert again["隐患"]["B2"].fill.fill_type is None
    assert again["人员"]["C3"].comment.text.count("应为") == 1
    assert again.sheetnames.count("问题清单") == 1


def test_a_note_that_was_there_stays(stall, tmp_path: Path) -> None:
    stall.sheets["单位"].append(["从业人员", "十二"])
    path = stall.save()
    book = openpyxl.load_workbook(path)
    book["单位"]["B4"].comment = Comment("会计填", "王")
    book.save(path)
    mark_ledger(path, problems(path), tmp_path / "marked.xlsx")
    said = openpyxl.load_workbook(tmp_path / "marked.xlsx")["单位"]["B4"].comment.text
    assert said.startswith("会计填\n应为不小于 0 的整数。")


def test_nothing_in_a_mark_is_a_formula(stall, tmp_path: Path) -> None:
    stall.sheets["单位"].append(["从业人员", None])
    stall.sheets["单位"].append(["规模", "'=1+1"])
    path = stall.save()
    mark_ledger(path, problems(path), tmp_path / "marked.xlsx")
    cells = [c for row in openpyxl.load_workbook(tmp_path / "marked.xlsx").worksheets[0].iter_rows() for c in row]
    assert not any(cell.data_type == "f" for cell in cells)


def test_a_cell_inside_a_merged_one_is_marked_where_it_begins(shop, tmp_path: Path) -> None:
    for row in shop.sheets["风险清单"][2:5]:
        row[2] = None
    shop.put("风险清单", 2, "批准人", "P77")
    shop.merged["风险清单"] = ["C2:C5"]
    path = shop.save()
    mark_ledger(path, problems(path), tmp_path / "marked.xlsx")
    assert "人员" in openpyxl.load_workbook(tmp_path / "marked.xlsx")["风险清单"]["C2"].comment.text


def test_without_problems_the_copy_says_so(sample, tmp_path: Path) -> None:
    mark_ledger(sample("ebike-shop.xlsx"), (), tmp_path / "marked.xlsx")
    assert openpyxl.load_workbook(tmp_path / "marked.xlsx").worksheets[0]["A1"].value == "没有发现问题。"
    assert read_ledger(tmp_path / "marked.xlsx") == read_ledger(sample("ebike-shop.xlsx"))


def test_what_is_no_workbook_is_refused_and_nothing_written(tmp_path: Path, sample) -> None:
    (tmp_path / "bad.xlsx").write_text("日期,门店", encoding="utf-8")
    with pytest.raises(LedgerFileError):
        mark_ledger(tmp_path / "bad.xlsx", (), tmp_path / "marked.xlsx")
    with pytest.raises(LedgerWriteError):
        mark_ledger(sample("ebike-shop.xlsx"), (), tmp_path / "nowhere" / "marked.xlsx")
    assert [p.name for p in tmp_path.iterdir()] == ["bad.xlsx"]


def test_what_the_copy_lacks_is_said(shop, tmp_path: Path) -> None:
    assert mark_ledger(shop.save(), (), tmp_path / "marked.xlsx") == ()
    shop.put("隐患", 2, "描述", '="甲"&"乙"')
    path = shop.save()
    with zipfile.ZipFile(path, "a") as archive:
        archive.writestr("xl/vbaProject.bin", b"\xd0\xcf\x11\xe0")
        archive.writestr("xl/charts/chart1.xml", b"<c/>")
        archive.writestr("xl/externalLinks/externalLink1.xml", b"<e/>")
    said = mark_ledger(path, problems(path), tmp_path / "marked.xlsx")
    assert [words.en.split()[3] for words in said[:3]] == ["no", "no", "no"]
    assert "save it once" in said[3].en and len(said) == 4
    assert openpyxl.load_workbook(tmp_path / "marked.xlsx")["隐患"]["F2"].value == '="甲"&"乙"'
