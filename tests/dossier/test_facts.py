"""A fact holds what its annotation says, in one spelling, and has an id that follows from it."""

import typing
from collections.abc import Sequence
from datetime import UTC, date, datetime, timedelta, timezone, tzinfo
from decimal import Decimal, localcontext
from enum import StrEnum
from typing import Any

import attrs
import pytest
from hypothesis import given
from hypothesis import strategies as st

from qsafety.dossier import (
    KINDS,
    Answer,
    Appointment,
    Attachment,
    CheckResult,
    Closure,
    Competence,
    DailyCheck,
    Decision,
    Defect,
    DutyMeasure,
    Exam,
    Explanation,
    ExternalRef,
    Fact,
    GoverningLaw,
    Hazard,
    Inspection,
    Judgement,
    MonthlyCoordination,
    NonconformingLot,
    Opinion,
    Order,
    Outlet,
    Performance,
    Person,
    PostHolding,
    Priority,
    ProductLine,
    RiskItem,
    RiskList,
    Seller,
    SpotCheck,
    Support,
    Text,
    Training,
    WeeklyScreening,
)
from qsafety.dossier.facts import MOST, money, without_none
from qsafety.errors import FactError, PeriodError, UnknownWordError
from qsafety.law.vocabulary import CheckOutcome, Frequency, Regime, Topic, Trade
from qsafety.periods import IsoWeek, Month
from qsafety.testing.strategies import any_facts

BEIJING = timezone(timedelta(hours=8))
DAY = date(2024, 1, 31)
NOON = datetime(2024, 1, 31, 12, tzinfo=BEIJING)

EXAMPLES: Sequence[Any] = (
    Seller(id="hz01", name="示例店"),
    Outlet(id="M1", name="一店"),
    Closure(start=DAY, end=DAY),
    ProductLine(id="ebike", name="电动自行车"),
    Person(id="P1", name="张三"),
    Appointment(person="P1", role="principal", start=DAY),
    PostHolding(person="P3", post="验收员"),
    Competence(person="P3", role="officer", item="other", met=True),
    Training(on=DAY),
    Exam(person="P3", role="officer", on=DAY, passed=True),
    SpotCheck(person="P3", role="officer", on=DAY, passed=False),
    Text(kind="quality_rules", status="approved", version="1"),
    RiskList(version="1"),
    DailyCheck(day=DAY, outlet="M1", officer="P3"),
    Hazard(source="daily", found_on=DAY),
    WeeklyScreening(week="2024-W05", organiser="P2"),
    MonthlyCoordination(month="2024-01", chair="P1"),
    Opinion(raised_by="P2", kind="veto", raised_at=NOON),
    Decision(decided_on=DAY),
    Defect(product="ebike", found_on=DAY),
    NonconformingLot(product="ebike", on=DAY),
    Performance(person="P2", period="2024-W05", summary="已排查"),
    Support(on=DAY, kind="education"),
    Inspection(on=DAY),
    Order(number="7号", issued_on=DAY),
    Explanation(cadence="daily_control", period="2024-01-31", reason="closed"),
    Judgement(obligation="A03.1c", verdict="satisfied", reason="人手够", judged_by="P1", on=DAY),
    GoverningLaw(level="law", title="产品质量法"),
    ExternalRef(system="erp", type="invoice", id="4711"),
    Attachment(filename="一.jpg", media_type="image/jpeg", size=1, sha256="0" * 64),
    RiskItem(code="R01"),
    CheckResult(code="R01", outcome="pass"),
    Priority(content="整改"),
    DutyMeasure(item=1, measure="每日检查"),
    Answer(outcome="adopted"),
)
FIELDS = [
    pytest.param(fact, field, id=f"{type(fact).__name__}.{field.name}")
    for fact in EXAMPLES
    for field in attrs.fields(type(fact))
]


class Zoneless(tzinfo):
    """A time zone that does not say how far it is from UTC: no time zone."""

    def utcoffset(self, moment: datetime | None) -> None:
        return None

    def dst(self, moment: datetime | None) -> None:
        return None

    def tzname(self, moment: datetime | None) -> str:
        return "?"


def test_the_examples_below_are_of_every_kind() -> None:
    assert set(KINDS.values()) <= {type(fact) for fact in EXAMPLES}


def wrong(kind: Any) -> list[Any]:
    """Values that a field of a type must not take."""
    if typing.get_origin(kind) is Sequence:
        return [5, "text", b"bytes", {"a": 1}, [object()], [None]]
    if typing.get_origin(kind) is frozenset:
        return [5, [None], ["no such word"], [7], [True], {"a": 1}]
    if attrs.has(kind):
        return [5, "text", {}]
    if issubclass(kind, StrEnum):
        return [5, "no such word", ["pass"], True]
    plain: dict[type, list[Any]] = {
        str: [5, b"bytes", True, ["text"], Regime.CCC],
        bool: [0, 1, "true", "否"],
        int: [True, 1.0, "1", -1, MOST + 1, Decimal(1)],
        Decimal: [1.5, True, "一", "NaN", "Infinity", -1, Decimal("-0.01"), 10**31, Decimal("1E-31"), 10**5000],
        date: ["2024-01-31", NOON, 5],
        datetime: ["2024-01-31T12:00:00Z", DAY, datetime(2024, 1, 31, 12), NOON.replace(tzinfo=Zoneless())],
    }
    return plain[kind]


@pytest.mark.parametrize(("fact", "field"), FIELDS)
def test_a_field_refuses_what_it_is_not_annotated_as(fact: Any, field: "attrs.Attribute[Any]") -> None:
    kind, optional = without_none(field.type)
    for value in wrong(kind) + ([] if optional else [None]):
        with pytest.raises((FactError, UnknownWordError, PeriodError)) as refused:
            attrs.evolve(fact, **{field.name: value})
        named = getattr(refused.value, "field", field.name)
        assert named == field.name, f"{value!r} is said to be wrong at {named}"


@pytest.mark.parametrize(("fact", "field"), FIELDS)
def test_what_may_be_unknown_may_be_none(fact: Any, field: "attrs.Attribute[Any]") -> None:
    if without_none(field.type)[1]:
        assert getattr(attrs.evolve(fact, **{field.name: None}), field.name) is None


@pytest.mark.parametrize("fact", EXAMPLES, ids=lambda fact: type(fact).__name__)
def test_a_fact_is_frozen_and_hashable(fact: Any) -> None:
    again = attrs.evolve(fact)
    assert again == fact
    assert hash(again) == hash(fact)
    with pytest.raises(attrs.exceptions.FrozenInstanceError):
        fact.id = "other"
    assert not hasattr(fact, "__dict__")


@given(any_facts())
def test_collections_are_kept_as_tuples_and_sets(fact: Fact) -> None:
    for field in attrs.fields(type(fact)):
        value = getattr(fact, field.name)
        origin = typing.get_origin(without_none(field.type)[0])
        if value is not None and origin is not None:
            assert type(value) is (frozenset if origin is frozenset else tuple)


@pytest.mark.parametrize(
    ("value", "zh", "en"),
    [
        (
            {"headcount": "12"},
            "收到 '12'，应为整数（0 至 9007199254740991）",
            "got '12', expected an integer from 0 to",
        ),
        ({"headcount": -1}, "收到 -1，应为整数（0 至", "got -1, expected an integer from 0 to 9007199254740991"),
        ({"name": 5}, "name：收到 5，应为文本", "name: got 5, expected text"),
        ({"opened_on": "2024-01-31"}, "应为日期 (datetime.date)", "expected a datetime.date"),
        ({"revenue": 1.5}, "revenue：收到 1.5，应为整数、Decimal 或数字文本（不接受浮点数）", "(no float)"),
        ({"revenue": "-1"}, "应为不小于 0 的数", "expected a number of at least 0"),
        ({"open_weekdays": [7]}, "每周营业日应为 0（星期一）至 6（星期日）", "weekdays are 0 (Monday) to 6 (Sunday)"),
        ({"open_weekdays": 5}, "open_weekdays：收到 5，应为一个列表", "open_weekdays: got 5, expected a list"),
        ({"tz": "Asia/Shangha"}, "没有名为“Asia/Shangha”的时区", "Write an IANA name such as Asia/Shanghai."),
        ({"uscc": "123"}, "请对照营业执照核对 18 位代码。", "Compare the 18 characters with the business licence."),
        ({"trade": "retial"}, "是否为“retail”？", "Did you mean 'retail'?"),
        ({"closed_on": date(2023, 1, 1)}, "closed_on（2023-01-01）早于 opened_on（2024-01-31）", "is before opened_on"),
    ],
)
def test_a_refusal_says_what_came_and_what_was_expected(value: dict[str, Any], zh: str, en: str) -> None:
    with pytest.raises((FactError, UnknownWordError)) as refused:
        attrs.evolve(Seller(id="hz01", name="示例店", opened_on=DAY), **value)
    assert zh in refused.value.to("zh")
    assert en in refused.value.to("en")


@pytest.mark.parametrize("field", ["name", "resident_id", "phone"])
def test_what_is_personal_stays_out_of_messages_and_reprs(field: str) -> None:
    person: Any = Person(id="P1", name="王小明", resident_id="11010519491231002X", phone="13800000000")
    assert "王小明" not in repr(person)
    assert "1101" not in repr(person)
    assert "1380" not in repr(person)
    for value in (13800000000, "110105194912310021"):
        if field == "resident_id" or not isinstance(value, str):
            with pytest.raises(FactError) as refused:
                attrs.evolve(person, **{field: value})
            assert not any(str(value) in text for text in (str(refused.value), refused.value.to("zh")))
            assert refused.value.value != value


@pytest.mark.parametrize(
    "number",
    [
        "11010519491231002x",  # a small letter
        "110105194912310020",  # a wrong check character
        "１１010519491231002X",  # full-width digits
        "11010519491231002",
        "",
    ],
)
def test_a_resident_id_has_its_form_and_check_character(number: str) -> None:
    with pytest.raises(FactError, match="wrong form or check character"):
        Person(id="P1", name="张三", resident_id=number)


@pytest.mark.parametrize(
    "code", ["91110000600037341l", "9111 0000600037341L", "91110000600037341M", "", "９1110000600037341L"]
)
def test_a_credit_code_has_one_spelling(code: str) -> None:
    with pytest.raises(FactError, match="no valid credit code"):
        Seller(id="hz01", name="示例店", uscc=code)


@pytest.mark.parametrize(
    ("given_as", "kept"),
    [
        (5000, "5000"),
        ("5000.00", "5000"),
        (Decimal("5E+3"), "5000"),
        ("0.50", "0.5"),
        ("-0", "0"),
        ("0.000", "0"),
        ("0e-10", "0"),
        (Decimal("1E-9"), "1E-9"),
        (10**30, "1" + "0" * 30),
        (
            "123456789012345678901234567890.123456789012345678901234567891",
            "123456789012345678901234567890.123456789012345678901234567891",
        ),
    ],
)
def test_a_number_has_one_spelling_whatever_the_host_rounds_to(given_as: Any, kept: str) -> None:
    with localcontext(prec=3):
        number = money(given_as)
    assert number == Decimal(given_as)
    assert str(number) == kept


@given(st.decimals(0, 10**20, places=4))
def test_equal_numbers_print_equally(number: Decimal) -> None:
    assert str(money(number)) == str(money(str(number))) == str(money(number * 1))


def test_an_instant_is_kept_in_utc() -> None:
    opinion = Opinion(raised_by="P2", kind="veto", raised_at=datetime(2024, 2, 1, 0, 30, tzinfo=BEIJING))
    assert opinion.raised_at == datetime(2024, 1, 31, 16, 30, tzinfo=UTC)
    assert opinion.raised_at.tzinfo is UTC


def test_another_librarys_datetime_becomes_a_plain_one() -> None:
    class Moment(datetime):
        """What pandas and others have."""

    kept = Opinion(raised_by="P2", kind="veto", raised_at=Moment(2024, 1, 31, 12, 0, 0, 5, tzinfo=BEIJING)).raised_at
    assert type(kept) is datetime
    assert kept == NOON.replace(microsecond=5)


@pytest.mark.parametrize("zone", [timezone(timedelta(hours=8)), timezone(timedelta(hours=-8))])
def test_an_instant_outside_the_calendar_is_refused(zone: timezone) -> None:
    edge = (
        datetime(1, 1, 1, tzinfo=zone)
        if zone.utcoffset(None) > timedelta(0)
        else datetime(9999, 12, 31, 23, tzinfo=zone)
    )
    with pytest.raises(FactError, match="in the years 2 to 9998"):
        Opinion(raised_by="P2", kind="veto", raised_at=edge)


def test_words_are_taken_as_words_by_value_and_by_chinese_label() -> None:
    for given_as in (Trade.RETAIL, "retail", "零售"):
        assert Seller(id="hz01", name="示例店", trade=given_as).trade is Trade.RETAIL
    topics: Any = ["法律法规", "standard"]
    assert Training(on=DAY, topics=topics).topics == (Topic.LAW, Topic.STANDARD)
    assert ProductLine(id="ebike", name="电动自行车", regimes="ccc").regimes == frozenset({Regime.CCC})


def test_results_may_be_given_as_a_mapping() -> None:
    check = DailyCheck(
        day=DAY, officer="P3", results={"R01": "pass", "R02": CheckResult(code="?", outcome="fail", observation="破损")}
    )
    assert [(r.code, r.outcome, r.observation) for r in check.results] == [
        ("R01", CheckOutcome.PASS, None),
        ("R02", CheckOutcome.FAIL, "破损"),
    ]
    assert [r.code for r in check.failed] == ["R02"]


def test_items_not_answered_are_those_without_a_result_or_not_checked() -> None:
    check = DailyCheck(day=DAY, officer="P3", results={"R01": "pass", "R02": "not_checked"})
    assert check.unanswered(["R03", "R02", "R01"]) == ("R02", "R03")
    assert attrs.evolve(check, all_items="pass").unanswered(["R03", "R02", "R01"]) == ("R02",)


def test_the_daily_codes_of_a_risk_list_are_those_checked_every_day() -> None:
    items = [
        RiskItem(code="R01"),
        RiskItem(code="R02", frequency="weekly"),
        RiskItem(code="R03", frequency=Frequency.DAILY),
    ]
    assert RiskList(version="1", items=items).daily_codes == {"R01", "R03"}


@pytest.mark.parametrize("codes", [["R01", "R01"], ["R01", "", "R02"]])
def test_a_code_that_is_empty_or_comes_twice_is_refused(codes: list[str]) -> None:
    with pytest.raises(FactError, match="is empty or comes twice") as in_list:
        RiskList(version="1", items=[RiskItem(code=code) for code in codes])
    with pytest.raises(FactError, match="is empty or comes twice") as in_check:
        DailyCheck(day=DAY, officer="P3", results=[CheckResult(code=code, outcome="pass") for code in codes])
    assert (in_list.value.field, in_check.value.field) == ("items", "results")


@pytest.mark.parametrize(
    ("fact", "id_"),
    [
        (DailyCheck(day=DAY, outlet="M1", officer="P3"), "daily_check:M1:2024-01-31"),
        (DailyCheck(day=DAY, officer="P3"), "daily_check:2024-01-31"),
        (Exam(person="P2", role="director", on=date(2023, 7, 28), passed=True), "exam:P2:director:2023-07-28"),
        (WeeklyScreening(week=IsoWeek(2024, 5), organiser="P2"), "weekly_screening:2024-W05"),
        (MonthlyCoordination(month=Month(2024, 1), chair="P1"), "monthly_coordination:2024-01"),
        (Closure(start=DAY, end=DAY), "closure:2024-01-31"),
        (Support(on=DAY, kind="education"), "support:education:2024-01-31"),
        (
            Explanation(cadence="daily_control", period="2024-01-31", outlet="M2", reason="closed"),
            "explanation:daily_control:M2:2024-01-31",
        ),
        (Opinion(raised_by="P2", kind="veto", raised_at=NOON), "opinion:P2:veto:2024-01-31 04:00:00+00:00"),
        (Order(number="7号", issued_on=DAY), "order:7号"),
        (GoverningLaw(level="law", title="产品质量法", article="49"), "governing_law:产品质量法:49"),
        (Hazard(id="H1", source="daily", found_on=DAY), "H1"),
    ],
)
def test_an_id_is_the_callers_or_follows_from_the_fact(fact: Fact, id_: str) -> None:
    assert fact.id == id_


@pytest.mark.parametrize("cls", [Seller, Outlet, ProductLine, Person])
def test_what_has_no_natural_key_needs_an_id(cls: Any) -> None:
    with pytest.raises(FactError, match=f"{cls.__name__} needs an id") as refused:
        cls(name="无编号")
    assert refused.value.field == "id"


@pytest.mark.parametrize(
    ("make", "field"),
    [
        (lambda: Closure(start=DAY, end=date(2024, 1, 30)), "end"),
        (lambda: Appointment(person="P1", role="officer", start=DAY, end=date(2024, 1, 30)), "end"),
        (lambda: Hazard(source="daily", found_on=DAY, done_on=date(2024, 1, 30)), "done_on"),
        (lambda: Hazard(source="daily", found_on=DAY, precaution_at=NOON - timedelta(days=3)), "precaution_at"),
        (
            lambda: Hazard(source="daily", found_on=DAY, done_on=date(2024, 2, 2), verified_on=date(2024, 2, 1)),
            "verified_on",
        ),
        (lambda: Order(number="7", issued_on=DAY, deadline=date(2024, 1, 30)), "deadline"),
        (
            lambda: DailyCheck(day=DAY, officer="P3", started_at=NOON, finished_at=NOON - timedelta(minutes=1)),
            "finished_at",
        ),
        (
            lambda: Opinion(
                raised_by="P2", kind="veto", raised_at=NOON, answer=Answer(outcome="adopted", at=NOON - timedelta(1))
            ),
            "answer.at",
        ),
        (
            lambda: Judgement(
                obligation="A03.1c",
                verdict="satisfied",
                reason="",
                judged_by="P1",
                on=DAY,
                valid_until=date(2024, 1, 1),
            ),
            "valid_until",
        ),
        (lambda: NonconformingLot(product="ebike", on=DAY, reported_at=NOON - timedelta(days=3)), "reported_at"),
        (lambda: Text(kind="recall", status="repealed", effective_on=DAY, repealed_on=date(2024, 1, 1)), "repealed_on"),
    ],
)
def test_dates_that_run_backwards_are_refused(make: Any, field: str) -> None:
    with pytest.raises(FactError) as refused:
        make()
    assert refused.value.field == field


def test_a_day_and_a_time_may_differ_by_a_time_zone() -> None:
    """At half past midnight in Beijing it is still the day before in UTC."""
    early = datetime(2024, 1, 31, 0, 30, tzinfo=BEIJING)
    assert Hazard(source="daily", found_on=DAY, precaution_at=early).precaution_at == early


@pytest.mark.parametrize(
    ("known", "state"),
    [
        ({}, "open"),
        ({"precaution": "下架"}, "contained"),
        ({"done_on": DAY}, "rectified"),
        ({"precaution": "下架", "done_on": DAY, "verified_on": DAY}, "verified"),
        ({"verified_by": "P2"}, "verified"),
    ],
)
def test_the_state_of_a_hazard_follows_from_its_facts(known: dict[str, Any], state: str) -> None:
    assert Hazard(source="daily", found_on=DAY, **known).state == state


@pytest.mark.parametrize(
    ("regimes", "standards", "needed"),
    [
        (None, [], None),
        (None, ["GB 17761-2018"], True),
        ({"mandatory_gb"}, [], True),
        ({"ccc"}, [], False),
        (set[str](), [], False),
        (set[str](), ["GB 17761-2018"], True),
    ],
)
def test_a_mandatory_standard_is_there_by_regime_or_by_being_listed(
    regimes: Any, standards: list[str], needed: bool | None
) -> None:
    assert ProductLine(id="x", name="x", regimes=regimes, standards=standards).mandatory_standard is needed


def test_a_line_is_sold_from_its_first_day_until_the_day_before_its_last() -> None:
    line = ProductLine(id="x", name="x", sold_from=date(2024, 1, 2), sold_until=date(2024, 1, 4))
    assert [line.active_on(date(2024, 1, day)) for day in range(1, 6)] == [False, True, True, False, False]
    assert ProductLine(id="x", name="x").active_on(DAY)


@pytest.mark.parametrize(
    ("make", "message"),
    [
        (lambda: WeeklyScreening(week="2024-01", organiser="P2"), "week: got '2024-01', expected an ISO week"),
        (lambda: MonthlyCoordination(month="2024-W01", chair="P1"), "month: got '2024-W01', expected a month"),
        (lambda: MonthlyCoordination(month=IsoWeek(2024, 1), chair="P1"), "expected a month"),
    ],
)
def test_a_week_is_no_month(make: Any, message: str) -> None:
    with pytest.raises(FactError, match=message.replace("(", r"\(")):
        make()
