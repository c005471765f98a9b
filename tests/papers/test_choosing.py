"""Which record is printed, and what is said where there is none."""

from datetime import date, datetime
from typing import Any

import attrs
import pytest

from qsafety.dossier import DailyCheck, Dossier
from qsafety.errors import PaperError, PeriodError, QSafetyError
from qsafety.papers import context, render
from qsafety.periods import Day, parse

NINTH = date(2024, 1, 9)


def refused(dossier: Dossier, kind: str = "daily_record", **asked: Any) -> QSafetyError:
    with pytest.raises(QSafetyError) as caught:
        render(kind, dossier, **asked)
    assert isinstance(caught.value, ValueError)
    return caught.value


def test_an_unknown_kind_gets_the_nearest(shop: Dossier) -> None:
    error = refused(shop, "daily_recrod", period="2024-01-10", outlet="M1")
    assert isinstance(error, PaperError)
    assert str(error) == "there is no paper named 'daily_recrod'. Did you mean 'daily_record'?"
    assert error.to("zh") == "没有名为“daily_recrod”的文书。是否为“daily_record”？"


def test_a_kind_may_be_named_in_chinese(shop: Dossier) -> None:
    paper = render("《每日工业产品质量安全检查记录》", shop, period="2024-01-10", outlet="M1")
    assert paper.sha256 == render("daily_record", shop, period="2024-01-10", outlet="M1").sha256


def test_a_period_that_does_not_exist_is_refused(shop: Dossier) -> None:
    for text in ("2024-02-30", "yesterday", "2024/01/10"):
        assert isinstance(refused(shop, period=text, outlet="M1"), PeriodError)


@pytest.mark.parametrize("period", ["2024-W02", "2024-01", parse("2024-W02"), datetime(2024, 1, 10, 9)])
def test_a_daily_record_is_about_a_day(shop: Dossier, period: Any) -> None:
    error = refused(shop, period=period, outlet="M1")
    assert str(error) == f"a daily record is about a day, got {str(period)!r}. Write a date such as 2024-01-31."


def test_a_day_may_be_given_as_text_date_or_period(shop: Dossier) -> None:
    day = date(2024, 1, 10)
    found = {render("daily_record", shop, period=p, outlet="M1").sha256 for p in ("2024-01-10", day, Day(day))}
    assert len(found) == 1


def test_a_paper_of_no_period_is_refused(shop: Dossier) -> None:
    assert str(refused(shop, outlet="M1")).startswith("a daily record needs a period")


def test_no_record_names_the_nearest_day(shop: Dossier) -> None:
    error = refused(shop, period="2024-01-13", outlet="M1")
    assert str(error) == (
        "there is no daily check of 2024-01-13 at outlet M1. The nearest one is of 2024-01-12; "
        "blank=True gives the empty form."
    )
    assert (
        error.to("zh") == "门店 M1 2024-01-13 没有每日检查记录。离它最近的记录是 2024-01-12 的；blank=True 出具空白表。"
    )
    error = refused(shop, period="2024-01-13", outlet="M2")
    assert "2024-01-10" in str(error)  # M2's own, not the nearer one of M1


def test_no_records_at_all(shop: Dossier) -> None:
    for dossier in (attrs.evolve(shop, daily_checks=None), attrs.evolve(shop, daily_checks=[])):
        error = refused(dossier, period="2024-01-10", outlet="M1")
        assert str(error) == (
            "the dossier holds no daily checks. Give daily_checks first, or ask for the empty form with blank=True."
        )


def test_several_outlets_and_none_named(shop: Dossier) -> None:
    error = refused(shop, period="2024-01-10")
    assert str(error) == (
        "the seller has several outlets, and none is named. Give outlet, one of: M1 示例路总店, M2 样本街分店."
    )
    unnamed = refused(attrs.evolve(shop, outlets=None), period="2024-01-10")
    assert str(unnamed).endswith("Give outlet, one of: M1, M2.")


def test_an_unknown_outlet_gets_the_nearest(shop: Dossier) -> None:
    assert str(refused(shop, period="2024-01-10", outlet="M1x")) == "there is no outlet 'M1x'. Did you mean 'M1'?"
    assert str(refused(shop, period="2024-01-10", outlet="北京")).endswith("Known: M1, M2.")


def test_outlets_that_only_the_checks_name_are_outlets_too(shop: Dossier) -> None:
    bare = attrs.evolve(shop, outlets=None)
    for outlet in ("M1", "M2"):
        variables = context("daily_record", bare, period="2024-01-10", outlet=outlet)
        assert (variables["outlet"], variables["record"]) == (outlet, f"daily_check:{outlet}:2024-01-10")
    assert context("daily_record", bare, period="2024-01-10", outlet="M2")["items"][2]["hazard"] == ""
    assert "2024-01-10" in str(refused(bare, period="2024-01-13", outlet="M2"))


class TestSeveralChecksOfOneSlot:
    @pytest.fixture
    def twice(self, shop: Dossier, facts: dict[str, Any]) -> Dossier:
        at = facts["at"]
        checks = [
            DailyCheck(id="a", day=NINTH, outlet="M1", officer="P3", results={"R01": "pass"}, recorded_at=at(9, 9)),
            DailyCheck(id="b", day=NINTH, outlet="M1", officer="P3", all_items="pass", recorded_at=at(10, 9)),
            DailyCheck(id="c", day=NINTH, outlet="M1", officer="P3", all_items="pass", recorded_at=at(9, 18)),
            DailyCheck(id="d", day=NINTH, outlet="M1", officer="P3", all_items="pass", recorded_at=at(9, 20)),
        ]
        return attrs.evolve(shop, daily_checks=checks)

    def printed(self, dossier: Dossier, **asked: Any) -> str:
        return render("daily_record", dossier, period=NINTH, outlet="M1", **asked).record

    def without(self, dossier: Dossier, *ids: str) -> Dossier:
        return attrs.evolve(dossier, daily_checks=[c for c in dossier.daily_checks or () if c.id not in ids])

    def test_done_goes_before_late_before_incomplete(self, twice: Dossier) -> None:
        assert self.printed(twice) == "c"
        assert self.printed(self.without(twice, "c")) == "d"
        assert self.printed(self.without(twice, "c", "d")) == "b"
        assert self.printed(self.without(twice, "b", "c", "d")) == "a"

    def test_the_one_asked_for_is_printed(self, twice: Dossier) -> None:
        assert self.printed(twice, record="a") == "a"
        assert render("daily_record", twice, record="b").record == "b"

    def test_one_that_is_not_there_gets_the_nearest(self, shop: Dossier) -> None:
        error = refused(shop, record="daily_check:M1:2024-01-11")
        assert str(error).startswith(
            "there is no daily check 'daily_check:M1:2024-01-11'. Did you mean 'daily_check:M1:"
        )

    def test_one_of_another_slot_is_refused(self, twice: Dossier, shop: Dossier) -> None:
        error = refused(twice, record="a", period="2024-01-10", outlet="M1")
        assert str(error) == "daily check 'a' is of M1 2024-01-09, not of M1 2024-01-10"
        assert "not of M2" in str(refused(twice, record="a", outlet="M2"))

    def test_a_draft_is_no_record(self, twice: Dossier) -> None:
        drafts = [attrs.evolve(c, draft=c.id != "a") for c in twice.daily_checks or ()]
        dossier = attrs.evolve(twice, daily_checks=drafts)
        assert self.printed(dossier) == "a"
        assert "is a draft" in str(refused(dossier, record="b"))
