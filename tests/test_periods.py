"""Days, weeks, months, and the sets of them that are integers: against models that count day by day."""

from datetime import date, timedelta
from typing import Any

import pytest
from hypothesis import example, given
from hypothesis import strategies as st

from qsafety.errors import PeriodError
from qsafety.periods import (
    EVERY_DAY,
    Day,
    IsoWeek,
    Month,
    OperatingCalendar,
    Period,
    Range,
    days,
    marked,
    mask,
    parse,
    periods,
    span,
    weekdays_mask,
)

ONE = timedelta(days=1)
KINDS: list[type[Period]] = [Day, IsoWeek, Month]

any_day = st.dates(date(2019, 1, 1), date(2028, 12, 31))
windows = st.tuples(any_day, st.integers(-3, 800)).map(lambda w: (w[0], w[0] + timedelta(days=w[1])))
ranges = st.tuples(any_day, st.integers(0, 60)).map(lambda r: Range(r[0], r[0] + timedelta(days=r[1])))
weekdays = st.frozensets(st.integers(0, 6))


def each_day(since: date, until: date) -> list[date]:
    """The days of a window, counted one by one."""
    found = []
    while since <= until:
        found.append(since)
        since += ONE
    return found


@pytest.mark.parametrize(
    ("day", "week"),
    [
        (date(2024, 12, 29), "2024-W52"),
        (date(2024, 12, 30), "2025-W01"),
        (date(2025, 1, 1), "2025-W01"),
        (date(2026, 12, 31), "2026-W53"),
        (date(2027, 1, 1), "2026-W53"),
        (date(2027, 1, 3), "2026-W53"),
        (date(2027, 1, 4), "2027-W01"),
        (date(2024, 2, 29), "2024-W09"),
    ],
)
def test_a_week_belongs_to_the_year_of_iso_8601(day: date, week: str) -> None:
    assert str(IsoWeek.of(day)) == week
    assert day in parse(week)


@pytest.mark.parametrize(
    ("month", "length"), [("2024-02", 29), ("2023-02", 28), ("2100-02", 28), ("2000-02", 29), ("2024-12", 31)]
)
def test_a_month_has_its_days_leap_years_included(month: str, length: int) -> None:
    assert len([*parse(month).days()]) == length


@pytest.mark.parametrize("kind", KINDS)
@given(day=any_day)
@example(day=date(2024, 2, 29))
@example(day=date(2024, 12, 30))
def test_a_period_holds_the_days_from_its_start_to_its_end_and_no_others(kind: type[Period], day: date) -> None:
    period = kind.of(day)
    assert period.start <= day <= period.end
    assert [*period.days()] == each_day(period.start, period.end)
    assert period.start - ONE not in period
    assert period.end + ONE not in period
    assert all(kind.of(other) == period for other in period.days())


@pytest.mark.parametrize("kind", KINDS)
@given(day=any_day)
def test_the_next_period_begins_where_this_one_ends(kind: type[Period], day: date) -> None:
    period = kind.of(day)
    assert period.next().start == period.end + ONE
    assert period.next().previous() == period
    assert period.previous() < period < period.next()
    assert period <= period
    assert hash(period) == hash(kind.of(period.end))


def test_periods_of_different_kinds_have_no_order() -> None:
    month: Any = Month(2024, 1)
    with pytest.raises(TypeError):
        assert month < IsoWeek(2024, 5)
    assert month != Day(date(2024, 1, 1))


@pytest.mark.parametrize("kind", KINDS)
@given(day=any_day)
def test_a_period_is_read_back_from_its_text(kind: type[Period], day: date) -> None:
    assert parse(str(kind.of(day))) == kind.of(day)


@pytest.mark.parametrize(
    ("text", "zh", "en"),
    [
        ("2024-02-30", "“2024-02-30”不是存在的日期、周或月", "'2024-02-30' is no day, week or month that exists"),
        ("2023-02-29", "“2023-02-29”不是存在的日期、周或月", "'2023-02-29' is no day, week or month that exists"),
        ("2024-13", "没有 13 月", "there is no month 13"),
        ("2024-00", "没有 0 月", "there is no month 0"),
        ("2024-W53", "2024 年没有第 53 周（共 52 周）", "2024 has no week 53 (it has 52)"),
        ("2026-W54", "2026 年没有第 54 周（共 53 周）", "2026 has no week 54 (it has 53)"),
        ("2024-W00", "2024 年没有第 0 周（共 52 周）", "2024 has no week 0 (it has 52)"),
        ("0000-01", "年份 0 不在 1 至 9998 之间", "year 0 is not between 1 and 9998"),
        ("9999-W01", "年份 9999 不在 1 至 9998 之间", "year 9999 is not between 1 and 9998"),
        ("２０２４-01", "“２０２４-01”不是存在的日期、周或月", "'２０２４-01' is no day, week or month that exists"),
    ],
)
def test_a_period_that_does_not_exist_is_refused(text: str, zh: str, en: str) -> None:
    with pytest.raises(PeriodError) as refused:
        parse(text)
    assert refused.value.message.zh == zh
    assert refused.value.message.en == en


@pytest.mark.parametrize(
    "text",
    [
        "",
        "2024",
        "2024-1",
        "2024-1-1",
        "24-01-01",
        "2024-W5",
        "2024W05",
        "2024-01\n",
        " 2024-01",
        "2024/01/01",
        "2024-w05",
    ],
)
def test_a_period_has_one_spelling(text: str) -> None:
    with pytest.raises(PeriodError) as refused:
        parse(text)
    assert refused.value.to("en").endswith("Write 2024-01-31, 2024-W05 or 2024-01.")
    assert refused.value.to("zh").endswith("请写作 2024-01-31、2024-W05 或 2024-01。")


@given(window=windows)
def test_days_counts_both_ends(window: tuple[date, date]) -> None:
    assert [*days(*window)] == each_day(*window)


@pytest.mark.parametrize("kind", KINDS)
@given(window=windows, cut=st.integers(0, 800))
def test_windows_that_partition_time_partition_periods(kind: type[Period], window: tuple[date, date], cut: int) -> None:
    since, until = window
    middle = min(since + timedelta(days=cut), until)
    whole = [*periods(kind, since, until)]
    assert [*periods(kind, since, middle), *periods(kind, middle + ONE, until)] == whole
    assert whole == sorted({kind.of(day) for day in each_day(since, until) if kind.of(day).end <= until})


@given(window=windows, some=st.lists(any_day, max_size=20))
def test_a_mask_is_the_set_of_its_days(window: tuple[date, date], some: list[date]) -> None:
    inside = sorted(set(some) & set(each_day(*window)))
    assert [*marked(window[0], mask(*window, some))] == inside


@given(window=windows, start=st.none() | any_day, end=st.none() | any_day)
def test_a_span_is_the_days_of_the_window_between_two_days(
    window: tuple[date, date], start: date | None, end: date | None
) -> None:
    wanted = [day for day in each_day(*window) if (start is None or start <= day) and (end is None or day <= end)]
    assert [*marked(window[0], span(*window, start, end))] == wanted


@given(window=windows, on=weekdays)
def test_weekdays_are_counted_from_monday(window: tuple[date, date], on: frozenset[int]) -> None:
    wanted = [day for day in each_day(*window) if day.weekday() in on]
    assert [*marked(window[0], weekdays_mask(*window, on))] == wanted


def operates(calendar: OperatingCalendar, day: date) -> bool:
    """Whether a calendar says open, rule by rule: the outlet's own row before one for all, a closure before an opening."""

    def within(rows: tuple[Range, ...]) -> bool:
        return any(row.start <= day <= row.end for row in rows)

    if calendar.opened_on is not None and day < calendar.opened_on:
        return False
    if calendar.closed_on is not None and day >= calendar.closed_on:
        return False
    for closed, opened in ((calendar.own_closed, calendar.own_open), (calendar.all_closed, calendar.all_open)):
        if within(closed):
            return False
        if within(opened):
            return True
    return day.weekday() in calendar.weekdays


several = st.lists(ranges, max_size=3).map(tuple)
calendars = st.builds(
    OperatingCalendar,
    weekdays=weekdays,
    opened_on=st.none() | any_day,
    closed_on=st.none() | any_day,
    own_closed=several,
    own_open=several,
    all_closed=several,
    all_open=several,
)


@given(calendar=calendars, window=windows)
def test_an_operating_calendar_is_open_on_the_days_that_its_rules_say(
    calendar: OperatingCalendar, window: tuple[date, date]
) -> None:
    wanted = [day for day in each_day(*window) if operates(calendar, day)]
    assert [*marked(window[0], calendar.mask(*window))] == wanted
    assert all(calendar.operates(day) for day in wanted[:3])


@given(calendar=calendars, window=windows, cut=st.integers(1, 800))
def test_a_calendars_mask_does_not_depend_on_where_the_window_begins(
    calendar: OperatingCalendar, window: tuple[date, date], cut: int
) -> None:
    since, until = window
    later = since + timedelta(days=cut)
    assert calendar.mask(since, until) >> cut == (calendar.mask(later, until) if later <= until else 0)


NEW_YEAR = Range(date(2024, 2, 10), date(2024, 2, 16))


@pytest.mark.parametrize(
    ("calendar", "day", "is_open"),
    [
        (OperatingCalendar(), date(2024, 10, 1), True),  # public holidays are no closures
        (OperatingCalendar(opened_on=date(2024, 1, 3)), date(2024, 1, 2), False),  # opened on a Wednesday
        (OperatingCalendar(opened_on=date(2024, 1, 3)), date(2024, 1, 3), True),
        (OperatingCalendar(closed_on=date(2024, 3, 1)), date(2024, 2, 29), True),
        (OperatingCalendar(closed_on=date(2024, 3, 1)), date(2024, 3, 1), False),
        (OperatingCalendar(weekdays=EVERY_DAY - {6}), date(2024, 1, 7), False),
        (OperatingCalendar(all_closed=(NEW_YEAR,)), date(2024, 2, 10), False),
        (OperatingCalendar(all_closed=(NEW_YEAR,)), date(2024, 2, 16), False),
        (OperatingCalendar(all_closed=(NEW_YEAR,)), date(2024, 2, 17), True),
        (OperatingCalendar(all_closed=(NEW_YEAR,), own_open=(NEW_YEAR,)), date(2024, 2, 12), True),
        (OperatingCalendar(all_open=(NEW_YEAR,), own_closed=(NEW_YEAR,)), date(2024, 2, 12), False),
        (OperatingCalendar(own_open=(NEW_YEAR,), own_closed=(NEW_YEAR,)), date(2024, 2, 12), False),
        (OperatingCalendar(all_open=(NEW_YEAR,), all_closed=(NEW_YEAR,)), date(2024, 2, 12), False),
        (OperatingCalendar(weekdays=frozenset(), all_open=(NEW_YEAR,)), date(2024, 2, 12), True),
        (OperatingCalendar(opened_on=date(2024, 3, 1), own_open=(NEW_YEAR,)), date(2024, 2, 12), False),
    ],
)
def test_the_edges_of_an_operating_calendar(calendar: OperatingCalendar, day: date, is_open: bool) -> None:
    assert calendar.operates(day) is is_open


def test_a_week_closed_altogether_has_no_open_day() -> None:
    week = IsoWeek(2024, 7)
    calendar = OperatingCalendar(all_closed=(Range(week.start, week.end),))
    assert calendar.mask(week.start, week.end) == 0
    assert calendar.operates(week.start - ONE)
    assert calendar.operates(week.end + ONE)
