"""When a periodic duty is due, and what became of it: Articles 10 to 12; the cases stand in ``tests/scenarios/cadence.md``.

Below the table: the edges of calendars and clocks, and what holds for every shop.
"""

from datetime import UTC, date, datetime, timedelta

import attrs
import pytest
from hypothesis import given
from hypothesis import strategies as st

import qsafety as qs
from qsafety.errors import DuplicateRecordError
from qsafety.periods import IsoWeek, Month
from tests.rules.changes import apply
from tests.rules.shop import Case, base, days, hour
from tests.rules.tables import Row, assess, check, rows

DAILY, WEEKLY, MONTHLY = "daily_control", "weekly_screening", "monthly_coordination"


@pytest.mark.parametrize("row", rows("cadence.md", "状态"), ids=lambda row: row.id)
def test_the_table_of_slots_holds(row: Row) -> None:
    check(row, base())


def plain(found) -> dict[tuple[str, str | None, str], str]:
    """Slots as cadence, outlet and period, with their status; none comes twice."""
    listed = [slot.to_dict() for slot in found]
    result = {(str(s["cadence"]), s["outlet"], str(s["period"])): str(s["status"]) for s in listed}
    assert len(result) == len(listed)
    return result


def slots(case: Case, since: date, until: date, on: date | None = None):
    return plain(qs.slots(case.dossier(), since=since, until=until, on=on or case.on))


def of(found, cadence: str) -> dict[str, str]:
    return {period: status for (kind, _, period), status in found.items() if kind == cadence}


# --- edges ---


def test_the_last_days_of_2024_are_in_the_first_week_of_2025() -> None:
    assert str(IsoWeek.of(date(2024, 12, 30))) == "2025-W01"
    found = of(slots(base(), date(2024, 12, 29), date(2025, 1, 5), date(2025, 1, 6)), WEEKLY)
    assert found == {"2024-W52": "missed", "2025-W01": "missed"}


def test_a_screening_held_on_30_december_2024_is_that_of_2025_W01() -> None:
    case = base()
    case.screening("2025-W01", "P2", date(2024, 12, 30))
    found = of(slots(case, date(2025, 1, 1), date(2025, 1, 5), date(2025, 1, 6)), WEEKLY)
    assert found == {"2025-W01": "done"}


def test_new_year_2027_is_in_week_53_of_2026() -> None:
    assert str(IsoWeek.of(date(2027, 1, 1))) == "2026-W53"
    case = base()
    case.screening("2026-W53", "P2", date(2027, 1, 1))
    found = of(slots(case, date(2026, 12, 28), date(2027, 1, 10), date(2027, 1, 11)), WEEKLY)
    assert found == {"2026-W53": "done", "2027-W01": "missed"}


@pytest.mark.parametrize(("about", "status"), [(date(2024, 1, 31), "late"), (date(2024, 2, 1), "done")])
def test_half_past_four_pm_utc_is_the_next_day_in_shanghai(about: date, status: str) -> None:
    case = base()
    moment = datetime(2024, 1, 31, 16, 30, tzinfo=UTC)
    case.alter("daily_checks", lambda c: c.day == about, recorded_at=moment)
    assert of(slots(case, about, about), DAILY) == {str(about): status}


def test_what_is_recorded_at_half_past_four_pm_utc_is_not_seen_on_that_day_in_shanghai() -> None:
    case = base()
    last = date(2024, 1, 31)
    case.alter("daily_checks", lambda c: c.day == last, recorded_at=datetime(2024, 1, 31, 16, 30, tzinfo=UTC))
    assert of(slots(case, last, last, on=last), DAILY) == {str(last): "due"}
    assert of(slots(case, last, last, on=last + timedelta(1)), DAILY) == {str(last): "late"}


def test_a_leap_day_is_a_day_like_any_other() -> None:
    leap = of(slots(base(), date(2024, 2, 1), date(2024, 2, 29), date(2024, 3, 1)), DAILY)
    assert len(leap) == 29
    assert leap["2024-02-29"] == "missed"
    assert str(Month.of(date(2024, 2, 29))) == "2024-02"
    assert len(of(slots(base(), date(2023, 2, 1), date(2023, 2, 28), date(2023, 3, 1)), DAILY)) == 28


def test_february_ends_on_its_leap_day() -> None:
    assert of(slots(base(), date(2024, 2, 1), date(2024, 2, 28), date(2024, 3, 1)), MONTHLY) == {}
    assert of(slots(base(), date(2024, 2, 1), date(2024, 2, 29), date(2024, 3, 1)), MONTHLY) == {"2024-02": "missed"}
    assert of(slots(base(), date(2024, 2, 1), date(2024, 2, 29), date(2024, 2, 29)), MONTHLY) == {"2024-02": "due"}


def test_a_shop_opened_on_a_wednesday_owes_that_day_and_that_week() -> None:
    case = apply(base(), "单位于 2024-01-24 开业")
    found = slots(case, date(2024, 1, 15), date(2024, 1, 28))
    assert of(found, DAILY) == {f"2024-01-{n}": "done" for n in range(24, 29)}
    assert of(found, WEEKLY) == {"2024-W04": "done"}


def test_a_shop_closed_for_a_whole_week_owes_nothing_in_it() -> None:
    case = apply(base(), "单位 2024-01-29 至 2024-02-04 歇业；2024-01-29 至 2024-02-04 没有检查；W05 没有周排查")
    found = slots(case, date(2024, 1, 29), date(2024, 2, 4))
    assert of(found, DAILY) == dict.fromkeys(map(str, days(date(2024, 1, 29), date(2024, 2, 4))), "not_required")
    assert of(found, WEEKLY) == {"2024-W05": "not_required"}


def test_a_period_that_has_not_begun_is_not_due_and_one_that_is_not_over_is_due() -> None:
    found = slots(base(), date(2024, 2, 4), date(2024, 2, 29))
    assert of(found, DAILY)["2024-02-05"] == "due"
    assert of(found, DAILY)["2024-02-06"] == "not_due"
    assert of(found, WEEKLY) == {
        "2024-W05": "done",
        "2024-W06": "due",
        "2024-W07": "not_due",
        "2024-W08": "not_due",
    }
    assert of(found, MONTHLY) == {"2024-02": "due"}


def test_a_year_is_the_disjoint_union_of_its_months() -> None:
    case, on = base(), date(2025, 1, 6)
    months = list(Month.of(date(2024, 1, 1)).start.replace(month=n) for n in range(1, 13))
    parts = [slots(case, first, Month.of(first).end, on) for first in months]
    whole = slots(case, date(2024, 1, 1), date(2024, 12, 31), on)
    assert sum(map(len, parts)) == len(whole)
    assert {key: status for part in parts for key, status in part.items()} == whole
    assert len(of(whole, DAILY)) == 366
    assert len(of(whole, WEEKLY)) == 52
    assert len(of(whole, MONTHLY)) == 12


@pytest.mark.parametrize(("partial", "status"), [("due", "missed"), ("skip", "not_required")])
def test_the_edition_that_began_on_a_friday_owes_nothing_before(partial: str, status: str) -> None:
    case = base()
    report = qs.assess(
        case.dossier(),
        on=date(2023, 5, 9),
        since=date(2023, 4, 24),
        edition="cn-seller-2023-order76",
        readings={"partial_periods": partial},
    )
    assert report.since == date(2023, 5, 5)
    found = plain(report.slots)
    assert sorted(of(found, DAILY)) == [f"2023-05-0{n}" for n in range(5, 10)]
    assert of(found, WEEKLY) == {"2023-W18": status, "2023-W19": "due"}


def test_two_records_equal_in_every_field_are_refused_with_both_places() -> None:
    case = base()
    case.check(date(2024, 1, 30), "M1", "P3")
    with pytest.raises(DuplicateRecordError) as refused:
        case.dossier()
    assert len(refused.value.places) == 2


# 2024-03-10: the clocks of New York went from UTC-5 to UTC-4 at two in the morning; that day's last moment is 03:59 UTC.
@pytest.mark.parametrize(("recorded", "status"), [("03:59", "done"), ("04:00", "late")])
def test_the_day_on_which_summer_time_begins_ends_at_its_own_midnight(recorded: str, status: str) -> None:
    case = base()
    case.seller = attrs.evolve(case.seller, tz="America/New_York")
    moment = datetime.fromisoformat(f"2024-03-11T{recorded}+00:00")
    case.check(date(2024, 3, 10), "M1", "P3", recorded_at=moment)
    found = slots(case, date(2024, 3, 10), date(2024, 3, 10), date(2024, 3, 12))
    assert of(found, DAILY) == {"2024-03-10": status}


# 2024-11-03: back to UTC-5; the day has 25 hours, and a day counted as 24 hours would end an hour too soon.
@pytest.mark.parametrize(("recorded", "status"), [("04:59", "done"), ("05:00", "late")])
def test_the_day_on_which_summer_time_ends_has_25_hours(recorded: str, status: str) -> None:
    case = base()
    case.seller = attrs.evolve(case.seller, tz="America/New_York")
    moment = datetime.fromisoformat(f"2024-11-04T{recorded}+00:00")
    case.check(date(2024, 11, 3), "M1", "P3", recorded_at=moment)
    found = slots(case, date(2024, 11, 3), date(2024, 11, 3), date(2024, 11, 5))
    assert of(found, DAILY) == {"2024-11-03": status}


# --- what holds for every shop ---

FIRST, LAST = date(2023, 12, 1), date(2024, 3, 31)
any_day = st.dates(FIRST, LAST)
a_range = st.tuples(any_day, any_day).map(sorted)


@st.composite
def shops(draw: st.DrawFn) -> Case:
    """The base shop with closures, gaps, late records, a second outlet and a life of its own."""
    case = base()
    if draw(st.booleans()):
        apply(case, "另有门店 M2")
    if draw(st.booleans()):
        apply(case, "星期日不营业")
    for first, last in draw(st.lists(a_range, max_size=3, unique_by=lambda r: r[0])):
        who = draw(st.sampled_from(["单位", "M1"]))
        apply(case, f"{who} {first} 至 {last} {draw(st.sampled_from(['歇业', '加开']))}")
    if draw(st.booleans()):
        opened, closed = draw(a_range)
        case.alter("outlets", lambda o: o.id == "M1", opened_on=opened, closed_on=closed)
    if draw(st.booleans()):
        sold_from, sold_until = draw(a_range)
        case.alter("products", lambda p: True, sold_from=sold_from, sold_until=sold_until)
    gone = draw(st.frozensets(any_day, max_size=5))
    case.remove("daily_checks", lambda c: c.day in gone, required=False)
    for about, delay in draw(st.dictionaries(any_day, st.integers(-2, 9), max_size=4)).items():
        moment = hour(about, "18:00") + timedelta(delay)
        case.check(about, "M1", "P4", recorded_at=moment)
    for about in draw(st.lists(any_day, max_size=3, unique=True)):
        case.screening(str(IsoWeek.of(about)), "P1", about)
    return case


@given(shops(), st.lists(any_day, min_size=1, max_size=6), any_day)
def test_windows_that_partition_time_partition_slots(case: Case, cuts: list[date], on: date) -> None:
    firsts = sorted({FIRST, *cuts})
    lasts = [first - timedelta(1) for first in firsts[1:]] + [LAST]
    parts = [slots(case, first, last, on) for first, last in zip(firsts, lasts, strict=True)]
    whole = slots(case, FIRST, LAST, on)
    assert sum(map(len, parts)) == len(whole)
    assert {key: status for part in parts for key, status in part.items()} == whole


STATUSES = ["done", "late", "incomplete"]
RECORDS = {"daily_checks": "day", "weekly_screenings": "held_on", "monthly_coordinations": "held_on"}


@given(shops(), st.integers(0, 20), st.integers(0, 10**6))
def test_a_later_recording_never_improves_a_status(case: Case, which: int, seconds: int) -> None:
    on = LAST + timedelta(60)  # everything recorded is seen
    before = slots(case, FIRST, LAST, on)
    later = timedelta(seconds=seconds)
    changed = {
        name: [
            attrs.evolve(fact, recorded_at=fact.recorded_at + later) if i == which % max(1, len(facts)) else fact
            for i, fact in enumerate(facts)
        ]
        for name in RECORDS
        if (facts := case.facts[name])
    }
    case.facts |= changed
    after = slots(case, FIRST, LAST, on)
    assert before.keys() == after.keys()
    for key, status in before.items():
        if status in STATUSES:
            assert STATUSES.index(after[key]) >= STATUSES.index(status)
        else:
            assert after[key] == status


@given(shops(), any_day)
def test_what_happened_or_was_recorded_after_a_day_is_not_seen_on_it(case: Case, on: date) -> None:
    as_known = slots(case, FIRST, LAST, on)
    ends = hour(on + timedelta(1), "00:00")
    for name, happened in RECORDS.items():
        unseen = [r for r in case.facts[name] if r.recorded_at >= ends or getattr(r, happened) > on]
        case.facts[name] = [r for r in case.facts[name] if r not in unseen]
    assert slots(case, FIRST, LAST, on) == as_known


@given(shops(), any_day)
def test_a_report_lists_its_days_and_the_periods_in_progress(case: Case, on: date) -> None:
    case.on, case.since = on, FIRST
    found = plain(assess(case).slots)
    assert {k: v for k, v in found.items() if k[0] == DAILY} == {
        k: v for k, v in slots(case, FIRST, on).items() if k[0] == DAILY
    }
    expected = slots(case, FIRST, on)
    week, month = IsoWeek.of(on), Month.of(on)
    in_progress = slots(case, on, max(week.end, month.end), on)
    for cadence, period in ((WEEKLY, week), (MONTHLY, month)):
        key = (cadence, None, str(period))
        if key in in_progress:
            expected[key] = in_progress[key]
    assert found == expected


def test_every_day_of_a_life_has_one_slot() -> None:
    found = of(slots(base(), date(2024, 1, 1), date(2024, 3, 31), date(2024, 4, 1)), DAILY)
    assert sorted(found) == [str(d) for d in days(date(2024, 1, 1), date(2024, 3, 31))]
