"""An empty ledger: it opens, it says how to fill it in, and it reads as soon as the seller has a name."""

import shutil
import subprocess
from pathlib import Path

import openpyxl
import pytest
from openpyxl.utils import get_column_letter

from qsafety.dossier import COLLECTIONS
from qsafety.exchange import LedgerErrors, LedgerWriteError, read_ledger, read_workbook, write_ledger, write_template
from qsafety.exchange.flattening import WITHOUT_SHEET
from qsafety.exchange.sheets import SHEETS
from qsafety.exchange.template import example


@pytest.fixture
def template(tmp_path: Path) -> Path:
    write_template(tmp_path / "台账.xlsx")
    return tmp_path / "台账.xlsx"


def filled(template: Path) -> Path:
    book = openpyxl.load_workbook(template)
    book["单位"]["B2"], book["单位"]["B3"] = "S01", "示例店"
    book.save(template)
    return template


def test_it_asks_for_the_seller_and_nothing_else(template: Path) -> None:
    with pytest.raises(LedgerErrors) as caught:
        read_ledger(template)
    assert [(p.code, p.cell) for p in caught.value.problems] == [
        ("missing_value", "单位!B2"),
        ("missing_value", "单位!B3"),
    ]


def test_with_a_seller_it_is_an_empty_ledger(template: Path) -> None:
    ledger = read_workbook(filled(template))
    assert (ledger.unread, ledger.notes) == ((), ())
    assert all(getattr(ledger.dossier, name) == () for name in COLLECTIONS if name not in WITHOUT_SHEET)


def test_it_has_every_sheet_and_column_with_a_note_on_each(template: Path) -> None:
    book = openpyxl.load_workbook(template)
    assert book.sheetnames == ["填写说明", *(sheet.title for sheet in SHEETS), "填写示例", "格式"]
    assert [s.title for s in book.worksheets if s.sheet_state != "visible"] == ["格式"]
    for sheet in SHEETS[1:]:
        heads = list(next(book[sheet.title].iter_rows()))
        assert [cell.value for cell in heads] == [*sheet.columns]
        assert all(cell.comment and "应填" in cell.comment.text for cell in heads)


def test_a_choice_is_picked_from_a_list(template: Path) -> None:
    book = openpyxl.load_workbook(template)
    for sheet in SHEETS[1:]:
        lists = {
            str(rule.sqref).partition("2:")[0]: rule.formula1
            for rule in book[sheet.title].data_validations.dataValidation
        }
        for number, column in enumerate(sheet.columns.values(), start=1):
            letter = get_column_letter(number)
            if column.kind.choices and not column.kind.several:
                assert lists[letter] == f'"{",".join(column.kind.choices)}"'
    assert "人员" in {
        r.formula1.split("'")[1] for r in book["日检查"].data_validations.dataValidation if "!" in r.formula1
    }


def test_every_list_is_short_enough_for_excel() -> None:
    for sheet in SHEETS:
        for column in sheet.columns.values():
            assert len(",".join(column.kind.choices)) <= 255
            assert not any("," in word for word in column.kind.choices)


def test_codes_of_18_digits_can_be_typed(template: Path) -> None:
    book = openpyxl.load_workbook(template)
    assert book["人员"].column_dimensions["C"].number_format == "@"
    assert book["单位"]["B4"].number_format == "@"


def test_the_example_is_a_ledger_itself(tmp_path: Path) -> None:
    shop = example()
    assert write_ledger(shop, tmp_path / "example.xlsx") == ()
    assert read_ledger(tmp_path / "example.xlsx") == shop
    assert all(getattr(shop, name) for name in COLLECTIONS if name not in WITHOUT_SHEET)


def test_the_example_is_shown_sheet_by_sheet(template: Path) -> None:
    said = [row[0].value for row in openpyxl.load_workbook(template)["填写示例"].iter_rows()]
    assert [f"{sheet.title}（示例）" for sheet in SHEETS] == [word for word in said if str(word).endswith("（示例）")]


def test_a_place_that_cannot_be_written(tmp_path: Path) -> None:
    with pytest.raises(LedgerWriteError, match="cannot write"):
        write_template(tmp_path / "nowhere" / "台账.xlsx")


@pytest.mark.needs("soffice")
def test_libreoffice_opens_it_and_what_it_saves_reads_the_same(template: Path, tmp_path: Path) -> None:
    soffice = shutil.which("soffice")
    assert soffice
    profile = f"-env:UserInstallation={(tmp_path / 'profile').as_uri()}"
    filled(template)
    out = tmp_path / "saved"
    command = [soffice, profile, "--headless", "--convert-to", "xlsx:Calc MS Excel 2007 XML", "--outdir", str(out)]
    run = subprocess.run([*command, str(template)], capture_output=True, encoding="utf-8", timeout=240)
    if "could not be loaded" in run.stderr + run.stdout and not (out / template.name).exists():
        pytest.skip("LibreOffice is here without Calc: the package libreoffice-calc")
    assert read_ledger(out / template.name) == read_ledger(template)
    heads = next(openpyxl.load_workbook(out / template.name)["日检查"].iter_rows())
    assert all(cell.comment for cell in heads)
