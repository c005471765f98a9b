"""Contradictory records are errors that name both places; what is merely unlawful or odd is none.

``contradictions/bad/*.json`` and ``good/*.json`` are tables that a reader can check: a fact, and for a bad one the field that is
blamed and the two places that the message names.
"""

import json
from datetime import date, datetime, timedelta, timezone
from importlib.resources import as_file, files
from pathlib import Path
from typing import Any

import pytest
from openpyxl import load_workbook

import qsafety as qs
from qsafety.codec import converter, from_json
from qsafety.dossier import COLLECTIONS
from qsafety.errors import CodecError, FactError, PeriodError

HERE = Path(__file__).parent / "contradictions"
BEIJING = timezone(timedelta(hours=8))


def rows(name: str) -> list[Any]:
    found = json.loads((HERE / f"{name}.json").read_text("utf-8"))
    return [pytest.param(row, id=f"{row['collection']}-{row['case']}") for row in found]


def dossier(row: dict[str, Any]) -> str:
    if row["collection"] == "seller":
        return json.dumps({"format": 1, "seller": {"id": "s", "name": "店", **row["fact"]}})
    return json.dumps({"format": 1, "seller": {"id": "s", "name": "店"}, row["collection"]: [row["fact"]]})


@pytest.mark.parametrize("row", rows("good"))
def test_what_is_merely_unlawful_or_odd_is_no_error(row):
    assert from_json(dossier(row)).seller.id == "s"
    report = qs.assess(from_json(dossier(row)), on=date(2024, 6, 1))
    assert report.findings


@pytest.mark.parametrize("row", rows("bad"))
def test_a_contradiction_names_both_places(row):
    with pytest.raises(CodecError) as caught:
        from_json(dossier(row))
    (problem,) = caught.value.problems
    where = "$.seller" if row["collection"] == "seller" else f"$.{row['collection']}[0]"
    assert problem.path == f"{where}.{row['blamed']}"
    for words in row["names"]:
        assert words in problem.message.en and words in problem.message.zh


@pytest.mark.parametrize("row", rows("bad"))
def test_python_refuses_the_same(row):
    kind = qs.Seller if row["collection"] == "seller" else COLLECTIONS[row["collection"]]
    extra = {"id": "s", "name": "店"} if row["collection"] == "seller" else {}
    with pytest.raises(CodecError):
        converter().structure({**extra, **row["fact"]}, kind)


def test_two_contradictions_of_one_record_are_told_at_once():
    hazard = {"id": "H1", "source": "daily", "found_on": "2024-01-10", "due_on": "2024-01-09", "done_on": "2024-01-08"}
    with pytest.raises(CodecError) as caught:
        from_json(json.dumps({"format": 1, "seller": {"id": "s", "name": "店"}, "hazards": [hazard]}))
    assert [p.path for p in caught.value.problems] == ["$.hazards[0].due_on", "$.hazards[0].done_on"]


def test_a_person_must_not_be_called_what_reports_call_something_else():
    for id_ in ("seller", "outlet:M1", "person:P1"):
        with pytest.raises(FactError, match="is what reports call something else") as caught:
            qs.Person(id=id_, name="某")
        assert caught.value.field == "id" and "请另取编号" in caught.value.to("zh")
    assert qs.Person(id="Seller", name="某").id == "Seller" and qs.Person(id="outlet", name="某").id == "outlet"


def test_a_judgement_is_about_an_obligation_that_is_there_and_a_period_that_is_one():
    given: dict[str, Any] = {"verdict": "satisfied", "reason": "够", "judged_by": "P1", "on": date(2024, 1, 31)}
    with pytest.raises(FactError, match=r"no obligation named 'A03\.1z'\. Did you mean 'A03\.1\w'") as caught:
        qs.Judgement(obligation="A03.1z", **given)
    assert caught.value.field == "obligation"
    with pytest.raises(PeriodError):
        qs.Judgement(obligation="A03.1c", period="Januar", **given)
    assert qs.Judgement(obligation="A03.1c", period="2024-W05", **given).period == "2024-W05"
    with pytest.raises(FactError, match=r"Did you mean 'A10\.2'"):
        qs.GoverningLaw(level="law", title="某法", obligations=["A10.22"])


def test_an_opinion_about_itself_and_an_answer_at_the_same_instant_are_fine():
    at = datetime(2024, 1, 10, 9, tzinfo=BEIJING)
    assert qs.Opinion(raised_by="P2", kind="veto", raised_at=at, answer=qs.Answer(outcome="adopted", at=at)).answer


# Sheet, the row that is changed, the columns that are typed over, and the column that is blamed with its partner.
EMPTY = dict.fromkeys(["整改期限", "验收日期", "防范时间", "上报时间"])
LEDGER: list[tuple[str, dict[str, str | None], str, str]] = [
    ("任职", {"起": "2024-02-01", "止": "2024-01-31"}, "止", "起"),
    ("隐患", {**EMPTY, "发现日期": "2024-01-10", "整改完成": "2024-01-09"}, "整改完成", "发现日期"),
    ("缺陷召回", {"研判日期": "2023-01-19"}, "研判日期", "发现日期"),
    ("意见建议", {"提出时间": "2024-01-20 10:00", "答复时间": "2024-01-20 09:59"}, "答复时间", "提出时间"),
]


@pytest.mark.parametrize(("sheet", "typed", "blamed", "partner"), LEDGER, ids=[f"{r[0]}-{r[2]}" for r in LEDGER])
def test_a_ledger_names_both_cells(tmp_path, sheet, typed, blamed, partner):
    with as_file(files("qsafety.testing") / "data" / "ebike-shop.xlsx") as ledger:
        book = load_workbook(ledger)
    page: Any = book[sheet]
    at = {cell.value: cell.column_letter for cell in page[1]}
    for column, value in typed.items():
        page[f"{at[column]}2"] = value
    book.save(tmp_path / "bad.xlsx")
    with pytest.raises(qs.LedgerErrors) as caught:
        qs.read_ledger(tmp_path / "bad.xlsx")
    (problem,) = caught.value.problems
    assert problem.cell == f"{sheet}!{at[blamed]}2"
    assert f"{at[partner]}2" in problem.to("zh") + problem.to("en") or partner in problem.to("zh")


def test_a_training_attended_by_a_person_who_is_not_there_is_told_at_its_cell(tmp_path):
    with as_file(files("qsafety.testing") / "data" / "ebike-shop.xlsx") as ledger:
        book = load_workbook(ledger)
    page: Any = book["培训"]
    at = {cell.value: cell.column_letter for cell in page[1]}
    page[f"{at['参加人员']}2"] = "P2、P99"
    book.save(tmp_path / "bad.xlsx")
    with pytest.raises(qs.LedgerErrors) as caught:
        qs.read_ledger(tmp_path / "bad.xlsx")
    assert [(p.code, p.value) for p in caught.value.problems] == [("unknown_reference", "P99")]
