"""结果.xlsx: what the report says, in sheets that one can sort, filter, print and follow back into the ledger."""

import shutil
import subprocess
import zipfile
from datetime import date, datetime
from pathlib import Path
from typing import Any

import openpyxl
import pytest

from qsafety.assessment import Report, assess
from qsafety.assessment.marks import COLOURS, LETTERS
from qsafety.dossier import DailyCheck, Dossier, Outlet, Person, ProductLine, Seller
from qsafety.exchange import LedgerWriteError, read_ledger, write_result
from qsafety.law.vocabulary import Outcome, SlotStatus

SHEETS = ["热力图", "认定", "依据", "待办", "时段", "条文", "说明"]


@pytest.fixture(scope="module")
def report(sample) -> Report:
    return assess(read_ledger(sample("ebike-shop.xlsx")), on=date(2024, 2, 1), since=date(2024, 1, 1))


@pytest.fixture(scope="module")
def folder(tmp_path_factory: pytest.TempPathFactory) -> Path:
    return tmp_path_factory.mktemp("result")


@pytest.fixture(scope="module")
def book(report: Report, sample, folder: Path) -> Any:
    """Read, never changed, by every test."""
    write_result(report, folder / "结果.xlsx", ledger=sample("ebike-shop.xlsx"))
    return openpyxl.load_workbook(folder / "结果.xlsx")


def table(sheet: Any, head: str) -> list[dict[str, Any]]:
    """The rows under the headers, by header."""
    rows = [[cell.value for cell in row] for row in sheet.iter_rows()]
    at = next(number for number, row in enumerate(rows) if row[0] == head)
    return [dict(zip(rows[at], row, strict=True)) for row in rows[at + 1 :]]


def test_every_sheet_begins_with_what_must_be_said(book: Any, report: Report) -> None:
    assert book.sheetnames == SHEETS
    for sheet in book.worksheets:
        assert sheet["A1"].value.startswith("杭州拟行电动自行车销售有限公司")
        assert sheet["A2"].value == report.notices[0].zh


def test_the_heatmap_has_a_letter_and_a_colour_for_every_slot(book: Any, report: Report) -> None:
    rows = [row for row in book["热力图"].iter_rows() if isinstance(row[0].value, datetime)]
    drawn = {(row[0].value.date(), column): row[column] for row in rows for column in (2, 3)}
    found = 0
    for slot in report.slots:
        if slot.outlet is not None:
            cell = drawn[slot.period.start, 2 if slot.outlet == "M1" else 3]
            assert cell.value == LETTERS[slot.status].zh
            assert cell.fill.fgColor.rgb == "00" + COLOURS[slot.status][0]
            found += 1
    weeks = {row[4].value: row[5].value for row in rows if row[4].value}
    months = {row[6].value: row[7].value for row in rows if row[6].value}
    for slot in report.slots:
        if slot.outlet is None:
            marks = weeks if "W" in str(slot.period) else months
            if str(slot.period) in marks:
                assert marks[str(slot.period)] == LETTERS[slot.status].zh
    assert found == 64
    assert weeks["2024-W04"] == "漏"


def test_no_two_statuses_share_a_letter_or_a_colour() -> None:
    assert len({letter.zh for letter in LETTERS.values()}) == len({letter.en for letter in LETTERS.values()})
    assert set(LETTERS) == set(COLOURS) == set(SlotStatus)
    assert len({*COLOURS.values()}) == len(SlotStatus)


def test_every_finding_is_there_with_article_words_and_cells(book: Any, report: Report) -> None:
    rows = table(book["认定"], "义务")
    assert len(rows) == len(report.findings)
    assert [row["认定"] for row in rows][:2] == ["不符合", "不符合"]
    row = next(r for r in rows if r["义务"] == "A10.6" and r["认定"] == "不符合")
    assert row["条款"] == "第十条【日管控】"
    assert (row["对象"], row["时段"], row["台账位置"]) == ("门店 样本街分店（M2）", "2024-01-29", "日检查!A87")


def test_each_finding_links_to_the_words_of_its_article(book: Any, report: Report) -> None:
    sheet = book["认定"]
    rows = [row for row in sheet.iter_rows() if row[7].hyperlink]
    assert len(rows) == len(report.findings)
    for row, finding in zip(rows, (f for o in Outcome for f in report.of(o)), strict=True):
        at, cell = row[7].hyperlink.location.split("!")
        assert (row[7].hyperlink.target, at, row[0].value) == (None, "'条文'", finding.obligation.id)
        words = book["条文"][cell.replace("A", "B")].value
        assert words == finding.citation.text


def test_each_fact_links_into_the_ledger(book: Any, report: Report, sample, folder: Path) -> None:
    sheet = book["依据"]
    cells = [row[5] for row in sheet.iter_rows() if row[5].hyperlink]
    linked = next(cell for cell in cells if cell.value == "日检查!A87")
    assert linked.hyperlink.location == "'日检查'!A87"
    assert (folder / linked.hyperlink.target).resolve() == sample("ebike-shop.xlsx").resolve()
    assert len(table(sheet, "义务")) == sum(len(finding.because) for finding in report.findings)


def test_without_the_ledgers_path_the_cells_are_named(report: Report, tmp_path: Path) -> None:
    write_result(report, tmp_path / "结果.xlsx")
    sheet = openpyxl.load_workbook(tmp_path / "结果.xlsx")["依据"]
    assert not any(cell.hyperlink for row in sheet.iter_rows() for cell in row)
    assert "日检查!A87" in [row["台账位置"] for row in table(sheet, "义务")]


def test_what_to_do_and_every_slot(book: Any, report: Report) -> None:
    todo = table(book["待办"], "期限")
    assert [row["事项"] for row in todo] == [item.what.zh for item in report.todo]
    assert (todo[0]["期限"], todo[0]["责任人"]) == ("2024-02-04", "陈示安（P2）")
    slots = table(book["时段"], "类别")
    assert len(slots) == len(report.slots)
    missed = next(row for row in slots if row["时段"] == "2024-01-07" and row["状态"] == "漏 未履行")
    assert (missed["起"], missed["记录"]) == (datetime(2024, 1, 7), None)


def test_what_it_rests_on_is_on_the_last_sheet(book: Any, report: Report) -> None:
    said = {row[0].value: row[1].value for row in book["说明"].iter_rows()}
    assert report.disclaimer.zh in said
    assert said["dossier_sha256"] == report.receipt.dossier_sha256
    assert set(report.readings.to_dict()) <= set(said) and said["size_class"] == "either（默认）"


def test_in_english(report: Report, tmp_path: Path) -> None:
    write_result(report, tmp_path / "result.xlsx", lang="en")
    book = openpyxl.load_workbook(tmp_path / "result.xlsx")
    assert book.sheetnames == ["Heatmap", "Findings", "Facts", "To do", "Periods", "Text of the law", "About"]
    assert "Outcome" in [cell.value for row in book["Findings"].iter_rows(max_row=3) for cell in row]


def test_no_text_is_ever_a_formula(tmp_path: Path) -> None:
    shop = Dossier(
        seller=Seller(id="=1", name="=HYPERLINK(1)\x01"),
        outlets=[Outlet(id="@M", name="-1+1")],
        products=[ProductLine(id="=C", name="+cmd", regimes={"ccc"})],
        people=[Person(id="=P", name="=1+1")],
        daily_checks=[DailyCheck(day=date(2024, 1, 5), outlet="@M", officer="=P", results={"=R": "fail"})],
        sources={"daily_check:@M:2024-01-05": "'日'检查!A1"},
    )
    write_result(assess(shop, on=date(2024, 2, 1)), tmp_path / "结果.xlsx", ledger=tmp_path / "台 账#1.xlsx")
    with zipfile.ZipFile(tmp_path / "结果.xlsx") as archive:
        sheets = [archive.read(name) for name in archive.namelist() if name.startswith("xl/worksheets/sheet")]
    assert len(sheets) == 7
    assert not any(b"<f>" in sheet or b'"e"' in sheet for sheet in sheets)
    assert openpyxl.load_workbook(tmp_path / "结果.xlsx")["热力图"]["A1"].value.startswith("=HYPERLINK(1)　")


def test_a_seller_of_whom_nothing_is_known(tmp_path: Path) -> None:
    write_result(assess(Dossier(seller=Seller(id="s", name="店")), on=date(2024, 2, 1)), tmp_path / "结果.xlsx")
    assert openpyxl.load_workbook(tmp_path / "结果.xlsx").sheetnames == SHEETS
    with pytest.raises(LedgerWriteError):
        write_result(assess(Dossier(seller=Seller(id="s", name="店")), on=date(2024, 2, 1)), tmp_path)


@pytest.mark.needs("soffice")
def test_libreoffice_opens_it(report: Report, tmp_path: Path) -> None:
    soffice = shutil.which("soffice")
    assert soffice
    write_result(report, tmp_path / "result.xlsx")
    profile = f"-env:UserInstallation={(tmp_path / 'profile').as_uri()}"
    command = [soffice, profile, "--headless", "--convert-to", "pdf", "--outdir", str(tmp_path)]
    run = subprocess.run([*command, str(tmp_path / "result.xlsx")], capture_output=True, encoding="utf-8", timeout=240)
    if "could not be loaded" in run.stderr + run.stdout:
        pytest.skip("LibreOffice is here without Calc: the package libreoffice-calc")
    assert (tmp_path / "result.pdf").stat().st_size > 10_000
