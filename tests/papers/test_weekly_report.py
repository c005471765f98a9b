"""《每周工业产品质量安全排查治理报告》: what the screening and the records say, late and drafts."""

from datetime import UTC, date, datetime
from typing import Any

import attrs
import pytest

from qsafety.dossier import Dossier, WeeklyScreening
from qsafety.errors import PaperError
from qsafety.papers import context, render

KIND = "weekly_report"


def with_screening(dossier: Dossier, **changes: Any) -> Dossier:
    """The shop with this one screening of week 3."""
    given: dict[str, Any] = {"week": "2024-W03", "organiser": "P2", **changes}
    return attrs.evolve(dossier, weekly_screenings=[WeeklyScreening(**given)])


def test_the_week_its_days_its_findings_and_its_opinions(ebike: Dossier) -> None:
    variables = context(KIND, ebike, period="2024-W02")
    assert variables["week"] == "2024年第2周（1月8日至1月14日）"
    assert (variables["held"], variables["organiser"]) == ("2024年1月14日", "陈示安")
    assert variables["participants"] == "陈示安、王样成、周例清"
    assert variables["days"][0] == {
        "outlet": "示例路总店",
        "due": "7",
        "done": "7",
        "late": "1（1月12日）",
        "incomplete": "0",
        "missed": "0",
        "zero_risk": "6",
        "failed": "1",
    }
    (found,) = variables["findings"]
    assert (found["hazard"], found["severity"], found["owner"]) == ("H1", "重大", "王样成")
    assert found["state"] == "完成 2024-01-11\n验收 2024-01-11 陈示安"
    assert [(o["by"], o["sort"], o["answer"]) for o in variables["opinions"]] == [("王样成", "否决", "采纳（林拟之）")]
    assert (variables["controlled_box"], variables["hazards_box"], variables["serious_box"]) == ("□", "□", "√")


def test_a_missed_day_is_named(ebike: Dossier) -> None:
    assert context(KIND, ebike, period="2024-W01")["days"][1]["missed"] == "1（1月7日）"


def test_what_the_screening_before_named_is_followed(ebike: Dossier) -> None:
    assert [row["hazard"] for row in context(KIND, ebike, period="2024-W03")["followed"]] == ["H1"]
    # there is none of week 4: the one of week 3 is the one before
    assert [row["hazard"] for row in context(KIND, ebike, period="2024-W05")["followed"]] == ["H2"]


def test_what_the_record_does_not_hold_stays_empty(shop: Dossier, read: Any) -> None:
    dossier = with_screening(shop, findings=["H7"])
    variables = context(KIND, dossier, period="2024-W03")
    empty = ("held", "participants", "followup", "analysis", "measures", "next_focus", "attachments", "recorded_at")
    assert {variables[name] for name in (*empty, "director_signed", "principal_signed")} == {""}
    assert {variables[name] for name in ("controlled_box", "hazards_box", "serious_box")} == {"□"}
    row = variables["findings"][0]  # of a hazard that nobody described, only the id is known
    assert {name: value for name, value in row.items() if value} == {"no": 1, "hazard": "H7"}
    assert "补录" not in read(render(KIND, dossier, period="2024-W03").bytes).text


@pytest.mark.parametrize(
    ("recorded_at", "late"),
    [
        pytest.param(datetime(2024, 1, 21, 15, 59, tzinfo=UTC), False, id="Sunday before midnight at the shop"),
        pytest.param(datetime(2024, 1, 21, 16, 0, tzinfo=UTC), True, id="Monday at the shop"),
        pytest.param(None, False, id="not known"),
    ],
)
def test_a_report_recorded_after_its_week_is_marked(
    shop: Dossier, read: Any, recorded_at: datetime | None, late: bool
) -> None:
    paper = read(render(KIND, with_screening(shop, recorded_at=recorded_at), period="2024-W03").bytes)
    assert ("补录　录入时间 2024-01-22 00:00" in paper.paragraphs) is late
    assert ("补录" in paper.text) is late


def test_who_signed_is_printed_in_the_right_place(shop: Dossier) -> None:
    variables = context(KIND, with_screening(shop, signed_by=["P1", "P2", "P3"]), period="2024-W03")
    assert (variables["director_signed"], variables["principal_signed"]) == ("陈示安", "林拟之")


def test_a_week_without_a_report_names_the_nearest_and_offers_a_draft(ebike: Dossier) -> None:
    with pytest.raises(PaperError) as caught:
        render(KIND, ebike, period="2024-W04")
    assert str(caught.value) == (
        "there is no record of 2024-W04 for the Weekly Screening and Remediation Report. The nearest one is of 2024-W03; "
        "draft=True for a draft from the records, blank=True for the empty form."
    )
    assert "draft=True 由记录生成草稿" in caught.value.to("zh")


@pytest.mark.parametrize("period", ["2024-01-20", "2024-01", date(2024, 1, 20)])
def test_a_weekly_report_is_about_a_week(ebike: Dossier, period: Any) -> None:
    with pytest.raises(PaperError, match="a weekly report is about a week, got"):
        render(KIND, ebike, period=period)


def test_a_draft_is_made_from_the_records_and_marked(ebike: Dossier, read: Any) -> None:
    paper = render(KIND, ebike, period="2024-W04", draft=True)
    said = read(paper.bytes)
    assert "草稿　尚未定稿，不作为记录" in said.paragraphs
    assert "补录" not in said.text
    assert "有漏项 1 次（1月24日）" in said.text
    assert paper.name == "weekly_report-2024-W04.docx"
    assert "草稿" not in read(render(KIND, ebike, period="2024-W05").bytes).text


def test_the_figures_of_a_draft_are_those_that_its_text_was_made_from(ebike: Dossier) -> None:
    later = datetime(2024, 1, 20, tzinfo=UTC)
    checks = [attrs.evolve(c, recorded_at=later) if c.day == date(2024, 1, 5) else c for c in ebike.daily_checks or ()]
    dossier = attrs.evolve(ebike, daily_checks=checks)
    draft = context(KIND, dossier, period="2024-W01", draft=True)
    assert "漏检 2 次（1月5日、1月7日）" in draft["analysis"]
    assert [row["missed"] for row in draft["days"]] == ["1（1月5日）", "2（1月5日、1月7日）"]
    assert [row["late"] for row in context(KIND, dossier, period="2024-W01")["days"]] == ["1（1月5日）"] * 2


def test_the_dossier_s_own_draft_goes_before_a_made_one(shop: Dossier) -> None:
    dossier = with_screening(shop, analysis="初稿", draft=True)
    assert context(KIND, dossier, period="2024-W03", draft=True)["analysis"] == "初稿"
    with pytest.raises(PaperError, match="there is no record of 2024-W03"):
        render(KIND, dossier, period="2024-W03")
    with pytest.raises(PaperError, match="is a draft, which is no record"):
        render(KIND, dossier, record="weekly_screening:2024-W03")


def test_a_record_of_another_week_is_refused(ebike: Dossier) -> None:
    with pytest.raises(PaperError, match="is of 2024-W02, not of 2024-W03"):
        render(KIND, ebike, record="weekly_screening:2024-W02", period="2024-W03")
    with pytest.raises(PaperError, match="Did you mean"):
        render(KIND, ebike, record="weekly_screening:2024-W22")


def test_a_week_of_two_years_names_both(shop: Dossier) -> None:
    dossier = with_screening(shop, week="2025-W01")
    assert context(KIND, dossier, period="2025-W01")["week"] == "2025年第1周（2024年12月30日至2025年1月5日）"
