"""A dossier becomes a workbook that reads back as the same dossier; what a workbook cannot hold is told."""

import zipfile
from datetime import UTC, date, datetime
from decimal import Decimal
from pathlib import Path
from typing import Any, get_origin

import attrs
import openpyxl
import pytest
from hypothesis import HealthCheck, given, settings
from hypothesis import strategies as st

from qsafety.dossier import (
    COLLECTIONS,
    Answer,
    DailyCheck,
    Dossier,
    Explanation,
    Fact,
    Hazard,
    Inspection,
    Judgement,
    MonthlyCoordination,
    NonconformingLot,
    Opinion,
    Outlet,
    Performance,
    Person,
    Priority,
    ProductLine,
    RiskList,
    Seller,
    SpotCheck,
    Text,
    Training,
)
from qsafety.exchange import LedgerErrors, LedgerWriteError, read_ledger, write_ledger
from qsafety.exchange.flattening import WITHOUT_COLUMN, WITHOUT_SHEET
from qsafety.law.vocabulary import Cadence, CheckOutcome, Level, TextStatus
from qsafety.testing.strategies import dossiers, facts

SHOP = Seller(id="s1", name="示例店")
SLOW = settings(max_examples=6, suppress_health_check=[HealthCheck.function_scoped_fixture, HealthCheck.too_slow])

# Neither blanks at an end nor full-width signs nor separators: those a ledger folds, trims or splits.
PLAIN = st.one_of(
    st.sampled_from(["=1+1", "+86", "-", "@SUM(A1)", "#N/A", "TRUE", "0012", "1e5", "110101190001010110", "𠮷野家🛵"]),
    st.text("甲乙丙Aab01=+-@'#.!<&>\"", min_size=1, max_size=8).map(lambda t: t.strip("'") or "甲"),
)
PERIODS = {Cadence.DAILY_CONTROL: "2024-01-31", Cadence.WEEKLY_SCREENING: "2024-W05"}


def test_what_has_no_column_is_listed() -> None:
    everywhere = {"refs", "note", "recorded_by", "attachments"}
    assert WITHOUT_SHEET == ("governing_laws",)
    assert {
        kind.__name__: rest for kind, fields in WITHOUT_COLUMN.items() if (rest := sorted(set(fields) - everywhere))
    } == {
        "Seller": ["closed_on"],
        "Outlet": ["open_weekdays"],
        "Appointment": ["recorded_at"],
        "PostHolding": ["related_to"],
        "Competence": ["recorded_at"],
        "Training": ["recorded_at"],
        "Exam": ["recorded_at"],
        "SpotCheck": ["recorded_at"],
        "Text": ["measures", "recorded_at"],
        "RiskList": ["approved_on", "recorded_at", "status"],
        "DailyCheck": ["draft", "finished_at", "signed_by", "started_at"],
        "Hazard": ["recorded_at"],
        "WeeklyScreening": ["draft", "signed_by"],
        "MonthlyCoordination": ["draft", "signed_by"],
        "Decision": ["recorded_at"],
        "Defect": ["recorded_at"],
        "NonconformingLot": ["recorded_at"],
        "Performance": ["recorded_at"],
        "Support": ["recorded_at"],
        "Inspection": ["recorded_at"],
        "Order": ["basis", "recorded_at"],
        "Explanation": ["recorded_at"],
        "Judgement": ["recorded_at"],
    }


@pytest.mark.parametrize("name", ["ebike-shop.xlsx", "hardware-wholesaler.xlsx"])
def test_the_samples_come_back_whole(sample, tmp_path: Path, name: str) -> None:
    dossier = read_ledger(sample(name))
    assert write_ledger(dossier, tmp_path / name) == ()
    assert read_ledger(tmp_path / name) == dossier


def held(fact: Any) -> Any:
    """The fact as a ledger can hold it: without what has no column, times to the second, numbers that Excel knows."""
    kind = type(fact)
    changes: dict[str, Any] = {}
    usual = {f.name: f.default for f in attrs.fields(kind)}
    for field in attrs.fields(kind):
        value = getattr(fact, field.name)
        if field.name in WITHOUT_COLUMN.get(kind, ()):
            changes[field.name] = usual[field.name]
        elif isinstance(value, datetime):
            changes[field.name] = value.replace(microsecond=0)
        elif isinstance(value, int | Decimal) and value >= 10**15:
            changes[field.name] = 7
        elif get_origin(field.type) is not None and isinstance(value, tuple):
            members = (held(v) if attrs.has(type(v)) else 7 if isinstance(v, int) and v >= 10**15 else v for v in value)
            changes[field.name] = tuple(dict.fromkeys(members))
    if isinstance(fact, Fact) and kind.NATURAL and kind not in (Hazard, Opinion) and kind.KIND not in WITH_IDS:
        changes["id"] = ""
    return attrs.evolve(fact, **changes | _special(fact))


WITH_IDS = ("decision", "defect")


def _special(fact: Any) -> dict[str, Any]:
    match fact:
        case Seller():
            return {"open_weekdays": fact.open_weekdays or {0}, "tz": "Asia/Urumqi"}
        case ProductLine() if fact.risk_level is Level.MAJOR:
            return {"risk_level": "high"}
        case RiskList():
            return {"status": "approved", "items": [held(i) for i in fact.items] or [{"code": "R1"}]}
        case DailyCheck() if not fact.results:
            return {"all_items": "pass"}
        case Explanation():
            return {"period": PERIODS.get(fact.cadence, "2024-01")}
        case Judgement():
            return {"obligation": "A03.1c", "period": "2024-W05" if fact.period else None}
        case Hazard():
            return {"precaution_at": None, "reported_at": None}
        case NonconformingLot():
            return {"reported_at": None}
        case Priority():
            return {"owner": "P2"}
        case Opinion() if fact.answer:
            raised = fact.raised_at.replace(microsecond=0)
            return {"raised_at": raised, "answer": attrs.evolve(fact.answer, at=raised if fact.answer.at else None)}
    return {}


def same(fact: Fact) -> Any:
    """What tells a record from another in a ledger."""
    if isinstance(fact, DailyCheck):
        return fact.day, fact.outlet, fact.officer, fact.recorded_at
    return fact.version if isinstance(fact, RiskList) else fact


@pytest.mark.parametrize("name", [name for name in COLLECTIONS if name not in WITHOUT_SHEET])
@SLOW
@given(data=st.data())
def test_whatever_a_ledger_can_hold_comes_back(tmp_path: Path, name: str, data: st.DataObject) -> None:
    kind: type[Fact] = COLLECTIONS[name]
    drawn = data.draw(st.lists(facts(kind, text=PLAIN), max_size=4, unique_by=lambda fact: fact.id))
    if kind is RiskList:
        drawn = [fact for fact in drawn if isinstance(fact, RiskList) and fact.items]
    members = {same(fact): fact for fact in map(held, drawn)}
    both: dict[str, Any] = {"exams": (), "spot_checks": ()} if name in ("exams", "spot_checks") else {}
    dossier = Dossier(seller=held(data.draw(facts(Seller, text=PLAIN))), **both | {name: [*members.values()]})
    assert write_ledger(dossier, tmp_path / "out.xlsx") == ()
    assert read_ledger(tmp_path / "out.xlsx") == dossier


@SLOW
@given(dossier=dossiers())
def test_any_dossier_can_be_written_and_what_is_lost_is_told(tmp_path: Path, dossier: Dossier) -> None:
    losses = write_ledger(dossier, tmp_path / "out.xlsx")
    assert all(loss.to("zh") and loss.to("en") and loss.records for loss in losses)
    try:
        back = read_ledger(tmp_path / "out.xlsx")
    except LedgerErrors:
        return  # it refers to what is not there, or its seller has no name
    if not losses:
        assert back == dossier


def test_each_loss_says_of_which_records_and_why(tmp_path: Path) -> None:
    dossier = Dossier(
        seller=Seller(id="s1", name="示例店", closed_on=date(2030, 1, 1)),
        people=[Person(id="P1", name=" 甲 ", note="备注")],
        daily_checks=[
            DailyCheck(day=date(2024, 1, 1), officer="P1", all_items="pass", signed_by=["P1"]),
            DailyCheck(id="ERP-7", day=date(2024, 1, 2), officer="P1", all_items="pass"),
            DailyCheck(day=date(2024, 1, 3), officer="P1", all_items="pass", draft=True),
            DailyCheck(
                day=date(2024, 1, 4),
                officer="P1",
                all_items="pass",
                recorded_at=datetime(2024, 1, 4, 10, 0, 0, 5, tzinfo=UTC),
            ),
        ],
        spot_checks=[SpotCheck(on=date(2024, 1, 1), person="P1", role="officer", passed=True)],
    )
    said = {loss.to("en") for loss in write_ledger(dossier, tmp_path / "out.xlsx")}
    assert said == {
        "seller closed_on (1 record): a ledger has no such column",
        "people name (1 record): the cell does not say exactly the same",
        "people note (1 record): a ledger has no such column",
        "daily checks signed_by (1 record): a ledger has no such column",
        "daily checks id (1 record): its id will follow from its content",
        "daily checks (1 record): a draft, and a row of a ledger is no draft",
        "daily checks recorded_at (1 record): the cell does not say exactly the same",
        "exams (1 record): it shares a sheet, and will be given but perhaps incomplete",
    }
    back = read_ledger(tmp_path / "out.xlsx")
    assert [str(check.day) for check in back.daily_checks or ()] == ["2024-01-01", "2024-01-02", "2024-01-04"]
    assert back.partial == {"exams"}


def test_what_reads_as_something_else_is_left_out(tmp_path: Path) -> None:
    outlets = [Outlet(id="M1", name="一"), Outlet(id="M2", name="二")]
    twice = [
        DailyCheck(day=date(2024, 1, 1), outlet="M1", officer="P1", all_items=outcome, note=str(outcome))
        for outcome in (CheckOutcome.PASS, CheckOutcome.FAIL)
    ]
    dossier = Dossier(
        seller=SHOP,
        outlets=outlets,
        daily_checks=[*twice, DailyCheck(day=date(2024, 1, 1), officer="P1", all_items="pass")],
        risk_lists=[RiskList(version="1", status=TextStatus.DRAFT, items=()), RiskList(version="2", items=())],
        inspections=[Inspection(on=date(2024, 1, 1), note="上午"), Inspection(on=date(2024, 1, 1), note="下午")],
    )
    losses = write_ledger(dossier, tmp_path / "out.xlsx")
    assert {(loss.collection, loss.why.en) for loss in losses if loss.field is None} == {
        ("daily_checks", "nothing in a ledger tells it from another record"),
        ("daily_checks", "there are several outlets, and it names none"),
        ("risk_lists", "not approved, and a list of a ledger is"),
        ("risk_lists", "without items it has no row"),
        ("inspections", "nothing in a ledger tells it from another record"),
    }
    assert read_ledger(tmp_path / "out.xlsx").risk_lists == ()


def test_equal_days_keep_their_numbers_beyond_ten(tmp_path: Path) -> None:
    trainings = [Training(on=date(2024, 1, 1), trainer=f"讲师{n}") for n in range(12)]
    dossier = Dossier(seller=SHOP, trainings=trainings)
    assert write_ledger(dossier, tmp_path / "out.xlsx") == ()
    assert read_ledger(tmp_path / "out.xlsx") == dossier


def test_what_may_lack_records_still_may(tmp_path: Path) -> None:
    dossier = Dossier(seller=SHOP, hazards=(), daily_checks=(), partial={"hazards", "people"})
    assert write_ledger(dossier, tmp_path / "out.xlsx") == ()
    assert read_ledger(tmp_path / "out.xlsx") == dossier


def test_times_are_the_sellers_own(tmp_path: Path) -> None:
    opinion = Opinion(
        id="Y1",
        raised_by="P1",
        kind="veto",
        raised_at=datetime(2024, 7, 1, 12, 0, 59, tzinfo=UTC),
        answer=Answer(outcome="adopted", at=datetime(2024, 7, 1, 13, 0, tzinfo=UTC)),
    )
    dossier = Dossier(seller=Seller(id="s1", name="店", tz="Europe/Berlin"), opinions=[opinion])
    assert write_ledger(dossier, tmp_path / "out.xlsx") == ()
    cell = openpyxl.load_workbook(tmp_path / "out.xlsx")["意见建议"]["F2"]
    assert (cell.value, cell.number_format) == (datetime(2024, 7, 1, 14, 0, 59), "yyyy-mm-dd hh:mm:ss")
    assert read_ledger(tmp_path / "out.xlsx") == dossier


def test_no_text_is_ever_a_formula(tmp_path: Path) -> None:
    texts = ["=1+1", '=HYPERLINK("http://x")', "+1", "-1", "@SUM(1)", "＝1+1", "#REF!", "'a", "TRUE", "0012"]
    dossier = Dossier(
        seller=Seller(id="=1", name="=cmd|' /C calc'!A0"),
        people=[Person(id=f"P{n}", name=text, phone=text) for n, text in enumerate(texts)],
        performance=[Performance(person="P1", period="2024-01", summary="=A1")],
        texts=[Text(kind="other", title="-2+3", version="=9", status="approved")],
        monthly_coordinations=[MonthlyCoordination(month="2024-01", chair="P1", priorities=[Priority(content="=1")])],
    )
    losses = write_ledger(dossier, tmp_path / "out.xlsx")
    assert [(loss.field, loss.records) for loss in losses] == [("phone", ("P5",))]  # ＝ is folded in a code
    with zipfile.ZipFile(tmp_path / "out.xlsx") as archive:
        sheets = [archive.read(name) for name in archive.namelist() if name.startswith("xl/worksheets/")]
    assert not any(b"<f>" in sheet or b'="e"' in sheet for sheet in sheets)
    back = read_ledger(tmp_path / "out.xlsx")
    assert [p.name for p in back.people or ()] == texts
    assert back.seller == dossier.seller


def test_long_codes_and_dates_look_right_in_excel(sample, tmp_path: Path) -> None:
    write_ledger(read_ledger(sample("ebike-shop.xlsx")), tmp_path / "out.xlsx")
    book = openpyxl.load_workbook(tmp_path / "out.xlsx")
    assert (book["人员"]["C2"].value, book["人员"]["C2"].number_format) == ("110101190001010110", "@")
    assert (book["隐患"]["B2"].value, book["隐患"]["B2"].number_format) == (datetime(2024, 1, 10), "yyyy-mm-dd")
    assert book["格式"].sheet_state == "hidden"
    assert book["格式"]["B1"].value == 1


def test_what_cannot_be_written_leaves_what_was_there(tmp_path: Path) -> None:
    dossier = Dossier(seller=SHOP)
    (tmp_path / "folder").mkdir()
    with pytest.raises(LedgerWriteError, match="cannot write"):
        write_ledger(dossier, tmp_path / "folder")
    with pytest.raises(LedgerWriteError, match="cannot write"):
        write_ledger(dossier, tmp_path / "nowhere" / "out.xlsx")
    with pytest.raises(LedgerWriteError):
        write_ledger(dossier, tmp_path / "a\0b.xlsx")
    assert [p.name for p in tmp_path.rglob("*")] == ["folder"]
