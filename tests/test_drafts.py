"""Drafts: the weekly report from its days, the monthly minutes from its weeks; only what the records show."""

from datetime import UTC, date, datetime
from importlib.resources import files
from pathlib import Path
from typing import Any

import attrs
import pytest

from qsafety.cadence import monthly_draft, weekly_draft
from qsafety.dossier import (
    Appointment,
    DailyCheck,
    Dossier,
    Hazard,
    MonthlyCoordination,
    Outlet,
    ProductLine,
    Seller,
    WeeklyScreening,
)
from qsafety.errors import PeriodError
from qsafety.exchange import read_ledger
from qsafety.law.readings import Readings
from qsafety.periods import IsoWeek


@pytest.fixture(scope="module")
def ebike() -> Dossier:
    return read_ledger(Path(str(files("qsafety.testing") / "data" / "ebike-shop.xlsx")))


def shop(**given: Any) -> Dossier:
    """One outlet that sells certified goods; the first week of 2024 is 1 to 7 January."""
    return Dossier(
        seller=Seller(id="s", name="店"),
        outlets=[Outlet(id="M1", name="总店")],
        products=[ProductLine(id="c", name="车", regimes={"ccc"})],
        appointments=[
            Appointment(person="P1", role="principal", start=date(2020, 1, 1)),
            Appointment(person="P2", role="director", start=date(2020, 1, 1)),
        ],
        **given,
    )


def check(day: int, **changes: Any) -> DailyCheck:
    given: dict[str, Any] = {"all_items": "pass", "conclusion": "zero_risk", **changes}
    return DailyCheck(day=date(2024, 1, day), outlet="M1", officer="P3", **given)


def hazard(name: str, day: int, **changes: Any) -> Hazard:
    return Hazard(id=name, source="daily", found_on=date(2024, 1, day), description="鼓包", **changes)


def test_a_draft_is_a_draft_and_leaves_judgement_to_the_director(ebike: Dossier) -> None:
    draft = weekly_draft(ebike, "2024-W02")
    assert isinstance(draft, WeeklyScreening)
    assert (draft.draft, draft.week, draft.organiser) == (True, "2024-W02", "P2")
    assert (draft.rating, draft.next_focus, draft.held_on, draft.participants) == (None, None, None, ())
    assert (draft.recorded_at, draft.signed_by) == (None, None)


def test_the_days_are_counted_for_each_outlet(ebike: Dossier) -> None:
    assert (weekly_draft(ebike, "2024-W02").analysis or "").splitlines() == [
        "日管控（示例路总店）：应检查 7 次，已检查 7 次，迟录 1 次（1月12日）；零风险报告 6 次，不合格 1 项。",
        "日管控（样本街分店）：应检查 7 次，已检查 7 次；零风险报告 7 次，不合格 0 项。",
    ]
    assert "漏检 1 次（1月7日）" in (weekly_draft(ebike, "2024-W01").analysis or "")


def test_a_week_may_be_named_in_three_ways(ebike: Dossier) -> None:
    assert weekly_draft(ebike, "2024-W02") == weekly_draft(ebike, IsoWeek(2024, 2))
    assert weekly_draft(ebike, date(2024, 1, 10)) == weekly_draft(ebike, "2024-W02")
    for wrong in ("2024-01", "2024-01-10"):
        with pytest.raises(PeriodError, match=r"expected a week, got .* Write 2024-W05"):
            weekly_draft(ebike, wrong)
    with pytest.raises(PeriodError, match="expected a month"):
        monthly_draft(ebike, "2024-W05")


@pytest.mark.parametrize(
    ("days", "named", "findings"),
    [
        pytest.param((1, 7), (), ("H1", "H7"), id="without a screening before: the week's own"),
        pytest.param((7, 8, 14, 15), ((7, ()),), ("H7", "H8", "H14"), id="from the day of the screening before"),
        pytest.param((7, 8), ((7, ("H7",)),), ("H8",), id="but not what that one named"),
        pytest.param((3, 9), ((3, ("H3",)),), ("H9",), id="over a week without a screening"),
    ],
)
def test_the_hazards_since_the_screening_before(
    days: tuple[int, ...], named: tuple[tuple[int, tuple[str, ...]], ...], findings: tuple[str, ...]
) -> None:
    screenings = [
        WeeklyScreening(week=str(IsoWeek.of(date(2024, 1, d))), organiser="P2", held_on=date(2024, 1, d), findings=ids)
        for d, ids in named
    ]
    dossier = shop(hazards=[hazard(f"H{d}", d) for d in days], weekly_screenings=screenings)
    week = "2024-W02" if screenings else "2024-W01"
    assert weekly_draft(dossier, week).findings == findings


def test_a_draft_of_an_earlier_week_is_no_screening_before() -> None:
    earlier = WeeklyScreening(week="2024-W01", organiser="P2", findings=["H9"], draft=True)
    dossier = shop(hazards=[hazard("H9", 9)], weekly_screenings=[earlier])
    assert weekly_draft(dossier, "2024-W02").findings == ("H9",)


def test_what_became_of_last_week_s_findings_is_said() -> None:
    before = WeeklyScreening(week="2024-W01", organiser="P2", held_on=date(2024, 1, 7), findings=["A", "B", "C"])
    dossier = shop(
        weekly_screenings=[before],
        hazards=[
            hazard("A", 2, done_on=date(2024, 1, 8), verified_on=date(2024, 1, 9)),
            hazard("B", 3, done_on=date(2024, 1, 10)),
            hazard("C", 4, due_on=date(2024, 1, 12)),
        ],
    )
    assert (weekly_draft(dossier, "2024-W02").followup or "").splitlines() == [
        "A 鼓包：已验收（1月9日）。",
        "B 鼓包：1月10日完成整改，尚未验收。",
        "C 鼓包：未完成整改，期限 1月12日。",
    ]


def test_open_hazards_have_their_measure_and_their_day() -> None:
    dossier = shop(
        hazards=[
            hazard("A", 2, precaution="隔离", due_on=date(2024, 1, 9)),
            hazard("B", 3),
            hazard("C", 3, done_on=date(2024, 1, 4)),
        ]
    )
    assert weekly_draft(dossier, "2024-W01").measures == "A：已采取：隔离；整改期限 1月9日。\nB：未定整改期限。"


def test_in_the_course_of_the_week_a_day_to_come_is_not_missed() -> None:
    dossier = shop(daily_checks=[check(1), check(2)])
    assert "漏检 1 次（1月3日）" in (weekly_draft(dossier, "2024-W01", on=date(2024, 1, 4)).analysis or "")
    assert "漏检 5 次" in (weekly_draft(dossier, "2024-W01").analysis or "")


def test_what_was_recorded_later_is_not_seen() -> None:
    late = check(3, recorded_at=datetime(2024, 1, 20, tzinfo=UTC))
    dossier = shop(daily_checks=[check(1), late], hazards=[hazard("A", 2, done_on=date(2024, 1, 30))])
    draft = weekly_draft(dossier, "2024-W01")
    assert "已检查 1 次" in (draft.analysis or "")
    assert "A：未定整改期限" in (draft.measures or "")
    assert "已检查 2 次，迟录 1 次（1月3日）" in (
        weekly_draft(dossier, "2024-W01", on=date(2024, 1, 31)).analysis or ""
    )


def test_what_is_not_given_is_not_said() -> None:
    bare = shop()
    week, month = weekly_draft(bare, "2024-W01"), monthly_draft(bare, "2024-01")
    assert (week.analysis, week.followup, week.measures, week.findings) == (None, None, None, ())
    assert (month.director_report, month.summary, month.hazard_summary, month.priorities) == (None, None, None, ())
    nobody = attrs.evolve(bare, appointments=None)
    assert (weekly_draft(nobody, "2024-W01").organiser, monthly_draft(nobody, "2024-01").chair) == ("", "")


def test_a_director_who_left_within_the_week_organises_it() -> None:
    appointments = [Appointment(person="P2", role="director", start=date(2020, 1, 1), end=date(2024, 1, 3))]
    assert weekly_draft(attrs.evolve(shop(), appointments=appointments), "2024-W01").organiser == "P2"
    assert weekly_draft(attrs.evolve(shop(), appointments=appointments), "2024-W02").organiser == ""


def test_the_month_is_told_from_its_weeks(ebike: Dossier) -> None:
    draft = monthly_draft(ebike, "2024-01")
    assert isinstance(draft, MonthlyCoordination)
    assert (draft.draft, draft.month, draft.chair) == (True, "2024-01", "P1")
    # week 5 ends in February and is February's
    assert [line[:5] for line in (draft.director_report or "").splitlines()] == ["第 1 周", "第 2 周", "第 3 周"]
    assert (draft.summary or "").splitlines()[-1] == "周排查：应排查 4 周，已排查 3 周，缺 1 周（1月22日至1月28日）。"
    assert draft.hazard_summary == (
        "新发现隐患 3 起（H1、H2、H3），其中重大 1 起（H1），本月完成整改 3 起（H1、H2、H3），"
        "月末未完成整改 0 起，其中逾期 0 起。"
    )


def test_open_hazards_are_proposed_as_priority_work() -> None:
    dossier = shop(
        hazards=[hazard("A", 2, owner="P3", due_on=date(2024, 2, 9)), hazard("B", 3, done_on=date(2024, 1, 4))]
    )
    (one,) = monthly_draft(dossier, "2024-01").priorities
    assert (one.content, one.owner, one.due_on) == ("整改隐患 A：鼓包", "P3", date(2024, 2, 9))


def test_the_grace_of_a_reading_moves_the_day_of_the_draft() -> None:
    dossier = shop(hazards=[hazard("A", 2, done_on=date(2024, 2, 3))])
    assert len(monthly_draft(dossier, "2024-01").priorities) == 1
    assert not monthly_draft(dossier, "2024-01", readings=Readings(monthly_grace=5)).priorities
