"""《每月工业产品质量安全调度会议纪要》: the meeting, the month's figures, what is arranged."""

from datetime import UTC, date, datetime
from typing import Any

import attrs
import pytest

from qsafety.dossier import Dossier, Hazard, MonthlyCoordination
from qsafety.errors import PaperError
from qsafety.papers import context, render

KIND = "monthly_minutes"


def with_meeting(dossier: Dossier, **changes: Any) -> Dossier:
    given: dict[str, Any] = {"month": "2024-01", "chair": "P1", **changes}
    return attrs.evolve(dossier, monthly_coordinations=[MonthlyCoordination(**given)])


def test_the_meeting_and_the_month_s_figures(ebike: Dossier) -> None:
    variables = context(KIND, ebike, period="2024-01")
    said = ("month", "held", "place", "chair", "recorder", "participants")
    assert [variables[name] for name in said] == [
        "2024年1月",
        "2024年1月31日",
        "总店会议室",
        "林拟之",
        "王样成",
        "林拟之、陈示安、王样成、周例清",
    ]
    assert variables["summary"] == ["日检查有漏检与迟报，已约谈"]
    assert [(d["due"], d["done"], d["late"], d["missed"]) for d in variables["days"]] == [
        ("31", "31", "1（1月12日）", "0"),
        ("28", "27", "0", "1（1月7日）"),
    ]
    assert [variables[f"weeks_{name}"] for name in ("due", "done", "late", "missed")] == ["4", "3", "0", "1（第4周）"]
    figures = ("new", "serious", "closed", "open", "overdue")
    assert [variables[f"hazards_{name}"] for name in figures] == ["3", "1", "3", "0", "0"]
    assert [row["content"] for row in variables["earlier"]] == ["元旦值守", "电池库存盘点"]
    assert [(row["content"], row["owner"], row["due"]) for row in variables["priorities"]] == [
        ("春节前安全检查", "陈示安", "2024-02-08"),
        ("召回收尾", "王样成", "2024-02-29"),
    ]
    assert [(row["on"], row["sort"]) for row in variables["events"]] == [
        ("2024-01-10", "召回"),
        ("2024-01-19", "监督检查"),
    ]
    assert len(variables["opinions"]) == 5


def test_trainings_and_exams_of_the_month_are_events(ebike: Dossier) -> None:
    dossier = attrs.evolve(
        ebike, monthly_coordinations=[MonthlyCoordination(month="2023-07", chair="P1", priorities=[])]
    )
    events = context(KIND, dossier, period="2023-07")["events"]
    assert [(row["sort"], row["content"]) for row in events] == [
        ("培训", "法律法规、标准、专业知识；参加：陈示安、王样成、周例清"),
        ("考核", "陈示安（质量安全总监）合格"),
        ("考核", "王样成（质量安全员）合格"),
    ]


def test_hazards_are_counted_as_they_stood_at_the_end_of_the_month(shop: Dossier) -> None:
    hazards = [
        Hazard(id="A", source="daily", found_on=date(2023, 12, 30), due_on=date(2024, 1, 20)),
        Hazard(id="B", source="daily", found_on=date(2024, 1, 5), severity="major", done_on=date(2024, 2, 1)),
        Hazard(
            id="C", source="complaint", found_on=date(2024, 1, 6), done_on=date(2024, 1, 7), description="投诉充电慢"
        ),
        Hazard(id="D", source="daily", found_on=date(2024, 2, 1)),
    ]
    variables = context(KIND, with_meeting(attrs.evolve(shop, hazards=hazards)), period="2024-01")
    figures = ("new", "serious", "closed", "open", "overdue")
    assert [variables[f"hazards_{name}"] for name in figures] == ["2", "1", "1", "2", "1（A）"]
    assert [row["hazard"] for row in variables["hazards"]] == ["A", "B", "C"]
    assert [row["content"] for row in variables["events"]] == ["投诉充电慢"]


def test_what_is_not_known_is_not_counted(shop: Dossier) -> None:
    bare = attrs.evolve(shop, hazards=None, daily_checks=None, weekly_screenings=None)
    variables = context(KIND, with_meeting(bare), period="2024-01")
    figures = [name for name in variables if name.startswith(("hazards_", "weeks_"))]
    assert {variables[name] for name in figures} == {""}
    assert variables["days"] == []


def test_what_the_record_does_not_hold_stays_to_be_filled(shop: Dossier, read: Any) -> None:
    dossier = with_meeting(shop, chair="P1")
    paper = read(render(KIND, dossier, period="2024-01").bytes)
    assert "____年__月__日，林拟之主持召开2024年1月质量安全调度会议，纪要如下。" in paper.paragraphs
    assert "地　　点：\t" in paper.paragraphs
    assert "补录" not in paper.text


def test_minutes_recorded_after_the_month_are_marked(shop: Dossier, read: Any) -> None:
    late = with_meeting(shop, recorded_at=datetime(2024, 1, 31, 16, 0, tzinfo=UTC))
    assert "补录　录入时间 2024-02-01 00:00" in read(render(KIND, late, period="2024-01").bytes).paragraphs


def test_paragraphs_are_kept_apart(shop: Dossier, read: Any) -> None:
    dossier = with_meeting(shop, summary="第一段\n\n第二段")
    paragraphs = read(render(KIND, dossier, period="2024-01").bytes).paragraphs
    assert paragraphs.index("第二段") == paragraphs.index("第一段") + 1


def test_who_signed(shop: Dossier) -> None:
    dossier = with_meeting(shop, recorder="P3", signed_by=["P1", "P2", "P3"])
    variables = context(KIND, dossier, period="2024-01")
    assert [variables[f"{who}_signed"] for who in ("principal", "director", "recorder")] == [
        "林拟之",
        "陈示安",
        "王样成",
    ]


def test_a_draft_is_made_from_the_weeks(ebike: Dossier) -> None:
    variables = context(KIND, ebike, period="2024-01", draft=True)
    assert variables["draft"] is True
    assert variables["director_report"][1].startswith("第 2 周（1月8日至1月14日）：排查发现 1 起隐患")
    assert variables["late"] is False


def test_minutes_are_about_a_month(ebike: Dossier) -> None:
    with pytest.raises(PaperError, match="monthly minutes are about a month, got '2024-W05'"):
        render(KIND, ebike, period="2024-W05")
    with pytest.raises(PaperError, match="a period is needed"):
        render(KIND, ebike)
