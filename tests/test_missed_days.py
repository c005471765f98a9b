"""Missed days as masks say what the slots say one by one (Article 10)."""

from datetime import UTC, date, datetime

import attrs
from hypothesis import given
from hypothesis import strategies as st

from qsafety.cadence import outlet_days, slots
from qsafety.cadence.days import missed_days
from qsafety.dossier import Closure, DailyCheck, Dossier, Explanation, Outlet, ProductLine, Seller
from qsafety.law.vocabulary import Cadence, SlotStatus
from qsafety.periods import days, marked, mask

SINCE, UNTIL = date(2024, 2, 26), date(2024, 3, 10)
WINDOW = list(days(SINCE, UNTIL))

SHOP = Dossier(
    seller=Seller(id="s", name="店", open_weekdays=[0, 1, 2, 3, 4, 5]),
    outlets=[Outlet(id="M1", name="一店"), Outlet(id="M2", name="二店", open_weekdays=range(7))],
    products=[ProductLine(id="c", name="车", regimes={"ccc"})],
    closures=[Closure(outlet="M2", kind="closed", start=date(2024, 2, 28), end=date(2024, 3, 1))],
    daily_checks=[],
)


def missed_by_mask(shop: Dossier, on: date) -> list[tuple[str | None, date]]:
    found = []
    for one in outlet_days(shop, SINCE, UNTIL):
        records = [c.day for c in shop.daily_checks or () if c.outlet == one.outlet and c.day <= on]
        found += [(one.outlet, d) for d in marked(SINCE, missed_days(one, mask(SINCE, UNTIL, records), on=on))]
    return found


def missed_by_slot(shop: Dossier, on: date) -> list[tuple[str | None, date]]:
    return [
        (slot.outlet, slot.period.start)
        for slot in slots(shop, since=SINCE, until=UNTIL, on=on)
        if slot.cadence is Cadence.DAILY_CONTROL and slot.status is SlotStatus.MISSED
    ]


@given(checked=st.sets(st.tuples(st.sampled_from(["M1", "M2"]), st.sampled_from(WINDOW))), on=st.sampled_from(WINDOW))
def test_missed_days_are_the_missed_slots(checked: set[tuple[str, date]], on: date) -> None:
    shop = attrs.evolve(SHOP, daily_checks=[DailyCheck(outlet=m, day=d, officer="P3") for m, d in sorted(checked)])
    assert missed_by_mask(shop, on) == missed_by_slot(shop, on)


def test_the_day_itself_is_not_over() -> None:
    assert missed_by_mask(SHOP, SINCE) == []
    assert missed_by_mask(SHOP, date(2024, 2, 27)) == [("M1", SINCE), ("M2", SINCE)]


def test_a_day_before_the_window_misses_nothing() -> None:
    (first, _) = outlet_days(SHOP, SINCE, UNTIL)
    assert missed_days(first, 0, on=date(2020, 1, 1)) == 0


def test_a_day_after_the_window_misses_no_more_than_the_window() -> None:
    (first, _) = outlet_days(SHOP, SINCE, UNTIL)
    assert missed_days(first, 0, on=date(2030, 1, 1)).bit_count() == 12  # two weeks without their Sundays


def test_a_closure_declared_in_time_counts_like_a_record() -> None:
    day = date(2024, 3, 4)
    closed = Explanation(
        cadence="daily_control",
        period=str(day),
        outlet="M1",
        reason="closed",
        declared_at=datetime(2024, 3, 4, 1, tzinfo=UTC),
    )
    shop = attrs.evolve(SHOP, explanations=[closed])
    first = outlet_days(shop, SINCE, UNTIL)[0]
    missed = missed_days(first, mask(SINCE, UNTIL, [day]), on=UNTIL)
    assert list(marked(SINCE, missed)) == [d for m, d in missed_by_slot(shop, UNTIL) if m == "M1"]
