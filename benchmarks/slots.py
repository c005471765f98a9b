"""Slots and missed days of a seller's year, against dateutil's rrule and sets.

The seller is closed on Sundays and for a week; one day in 17 has no check, one in 29 is recorded a day late. For the missed days
both sides have the days with a record at hand, as a store of many sellers would keep them: the peer as a set, ours as an integer.
"""

import sys
from collections.abc import Iterator
from datetime import date, timedelta
from operator import itemgetter
from zoneinfo import ZoneInfo

from chains import check, minutes, screening
from dateutil.rrule import DAILY, FR, MO, MONTHLY, SA, SU, TH, TU, WE, WEEKLY, rrule
from measure import Row, compare, main

from qsafety.cadence import outlet_days, slots
from qsafety.cadence.days import missed_days
from qsafety.dossier import Closure, DailyCheck, Dossier, ProductLine, Seller
from qsafety.periods import IsoWeek, Month, days, marked, mask, periods

SINCE, UNTIL, ON = date(2024, 1, 1), date(2024, 12, 31), date(2025, 1, 1)
BEIJING = ZoneInfo("Asia/Shanghai")
OPEN = (MO, TU, WE, TH, FR, SA)
SHUT = (date(2024, 2, 9), date(2024, 2, 15))


def late(made: DailyCheck, by: int) -> DailyCheck:
    """The same check, recorded so many days later."""
    import attrs

    return attrs.evolve(made, recorded_at=made.recorded_at and made.recorded_at + timedelta(days=by))


def year() -> Dossier:
    """A seller without outlets, and its year."""
    checked = [d for d in days(SINCE, UNTIL) if d.weekday() < 6 and d.toordinal() % 17 and not SHUT[0] <= d <= SHUT[1]]
    return Dossier(
        seller=Seller(id="s", name="示例店", open_weekdays=range(6)),
        products=[ProductLine(id="C1", name="电动自行车", regimes={"ccc"})],
        closures=[Closure(kind="closed", start=SHUT[0], end=SHUT[1])],
        daily_checks=[late(check(d, "M1", "P3", failed=False), d.toordinal() % 29 == 0) for d in checked],
        weekly_screenings=[screening(w, []) for w in periods(IsoWeek, SINCE, UNTIL) if w.week % 17],
        monthly_coordinations=[minutes(m) for m in periods(Month, SINCE, UNTIL) if m.month != 8],
    )


def due_days() -> set[date]:
    """The days on which a check is due, by dateutil."""
    open_days = {moment.date() for moment in rrule(DAILY, dtstart=SINCE, until=UNTIL, byweekday=OPEN)}
    return open_days - {moment.date() for moment in rrule(DAILY, dtstart=SHUT[0], until=SHUT[1])}


def peer_slots(shop: Dossier) -> list[tuple[str, str, str, str | None]]:
    """Cadence, period, status and record of every slot, by dateutil, sets and dictionaries."""

    def status(record: object, end: date) -> str:
        if record is None:
            return "missed" if end < ON else "due"
        return "late" if record.recorded_at.astimezone(BEIJING).date() > end else "done"

    due = due_days()
    made = {c.day: c for c in shop.daily_checks or ()}
    held = {w.week: w for w in shop.weekly_screenings or ()}
    met = {m.month: m for m in shop.monthly_coordinations or ()}
    found = []
    for moment in rrule(DAILY, dtstart=SINCE, until=UNTIL):
        day = moment.date()
        record = made.get(day)
        state = status(record, day) if day in due else "not_required"
        found.append(("daily_control", day.isoformat(), state, record.id if record else None))
    for moment in rrule(WEEKLY, dtstart=SINCE, until=UNTIL, byweekday=SU):
        end = moment.date()
        number = end.strftime("%G-W%V")
        record = held.get(number)
        days_of_week = {end - timedelta(days=n) for n in range(7)}
        state = status(record, end) if days_of_week & due else "not_required"
        found.append(("weekly_screening", number, state, record.id if record else None))
    months_due = {(day.year, day.month) for day in due}
    for moment in rrule(MONTHLY, dtstart=SINCE, until=UNTIL, bymonthday=-1):
        end = moment.date()
        record = met.get(end.strftime("%Y-%m"))
        state = status(record, end) if (end.year, end.month) in months_due else "not_required"
        found.append(("monthly_coordination", end.strftime("%Y-%m"), state, record.id if record else None))
    return found


def our_slots(shop: Dossier) -> list[tuple[str, str, str, str | None]]:
    """The same by qsafety."""
    found = slots(shop, since=SINCE, until=UNTIL, on=ON)
    return [(slot.cadence, str(slot.period), slot.status, slot.record) for slot in found]


def rows() -> Iterator[Row]:
    shop = year()
    recorded = {c.day for c in shop.daily_checks or ()}

    def peer_missed() -> tuple[int, list[date]]:
        missed = {day for day in due_days() if day < ON} - recorded
        return len(missed), sorted(missed)

    (calendar,) = outlet_days(shop, SINCE, UNTIL)
    bits = mask(SINCE, UNTIL, recorded)

    def from_masks() -> tuple[int, list[date]]:
        missed = missed_days(calendar, bits, on=ON)
        return missed.bit_count(), list(marked(SINCE, missed))

    def from_the_dossier() -> tuple[int, list[date]]:
        (worked_out,) = outlet_days(shop, SINCE, UNTIL)
        missed = missed_days(worked_out, bits, on=ON)
        return missed.bit_count(), list(marked(SINCE, missed))

    yield compare("missed days of a seller-year, counted and listed, its calendar as a mask", from_masks, peer_missed, goal=250)
    yield compare("the same, the calendar worked out each time from the dossier", from_the_dossier, peer_missed, goal=10)
    yield compare(
        f"slots of a seller-year, all {len(our_slots(shop))} read",
        lambda: our_slots(shop),
        lambda: peer_slots(shop),
        goal=2,
        view=lambda found: sorted(found, key=itemgetter(0, 1)),
    )


if __name__ == "__main__":
    sys.exit(main(__doc__, rows, "python-dateutil"))
