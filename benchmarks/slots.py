"""Slots and missed days of a seller's year, against dateutil's rrule, rruleset and sets.

A seller is closed on Sundays and for a week; one day in 61 (or in 17) has no check, one in 29 is recorded a day late. The missed days are
those of fifty sellers, one after the other, each with its own week of closure. Both sides have the days with a record at hand, as a
store of many sellers would keep them: the peer as a set, ours as an integer.
"""

import sys
from collections.abc import Iterator
from datetime import date, timedelta
from time import process_time
from typing import Any, NamedTuple
from zoneinfo import ZoneInfo

import attrs
from chains import check, minutes, screening
from dateutil.rrule import DAILY, FR, MO, MONTHLY, SA, SU, TH, TU, WE, WEEKLY, rrule, rruleset
from measure import Row, compare, main

from qsafety.cadence import OutletDays, Slot, outlet_days, slots
from qsafety.cadence.days import missed_days
from qsafety.dossier import Closure, DailyCheck, Dossier, ProductLine, Seller
from qsafety.periods import IsoWeek, Month, days, marked, mask, periods

SINCE, UNTIL, ON = date(2024, 1, 1), date(2024, 12, 31), date(2025, 1, 1)
BEIJING = ZoneInfo("Asia/Shanghai")
OPEN = (MO, TU, WE, TH, FR, SA)
SELLERS = 50


def late(made: DailyCheck, by: int) -> DailyCheck:
    """The same check, recorded so many days later."""
    return attrs.evolve(made, recorded_at=made.recorded_at and made.recorded_at + timedelta(days=by))


def shut(seller: int) -> tuple[date, date]:
    """The first and the last day of a seller's week of closure."""
    first = date(2024, 2, 9) + timedelta(days=seller)
    return first, first + timedelta(days=6)


def year(missing: int, seller: int = 0) -> Dossier:
    """A seller without outlets, and its year; one day in so many has no check."""
    first, last = shut(seller)
    open_days = [d for d in days(SINCE, UNTIL) if d.weekday() < 6 and not first <= d <= last]
    checked = [d for d in open_days if (d.toordinal() + seller) % missing]
    return Dossier(
        seller=Seller(id="s", name="示例店", open_weekdays=range(6)),
        products=[ProductLine(id="C1", name="电动自行车", regimes={"ccc"})],
        closures=[Closure(kind="closed", start=first, end=last)],
        daily_checks=[late(check(d, "M1", "P3", failed=False), d.toordinal() % 29 == 0) for d in checked],
        weekly_screenings=[screening(w, []) for w in periods(IsoWeek, SINCE, UNTIL) if w.week % 17],
        monthly_coordinations=[minutes(m) for m in periods(Month, SINCE, UNTIL) if m.month != 8],
    )


def due_days(seller: int = 0) -> set[date]:
    """The days on which a check is due, by a set of rules as dateutil's documentation builds it."""
    first, last = shut(seller)
    rules = rruleset()
    rules.rrule(rrule(DAILY, dtstart=SINCE, until=UNTIL, byweekday=OPEN))
    rules.exrule(rrule(DAILY, dtstart=first, until=last))
    return {moment.date() for moment in rules}


class PeerSlot(NamedTuple):
    """What a slot says."""

    cadence: str
    period: str
    status: str
    record: str | None


def peer_slots(shop: Dossier) -> list[PeerSlot]:
    """Cadence, period, status and record of every slot, by dateutil, sets and dictionaries."""

    def status(record: Any, end: date) -> str:
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
        found.append(PeerSlot("daily_control", day.isoformat(), state, record.id if record else None))
    for moment in rrule(WEEKLY, dtstart=SINCE, until=UNTIL, byweekday=SU):
        end = moment.date()
        number = end.strftime("%G-W%V")
        record = held.get(number)
        days_of_week = {end - timedelta(days=n) for n in range(7)}
        state = status(record, end) if days_of_week & due else "not_required"
        found.append(PeerSlot("weekly_screening", number, state, record.id if record else None))
    months_due = {(day.year, day.month) for day in due}
    for moment in rrule(MONTHLY, dtstart=SINCE, until=UNTIL, bymonthday=-1):
        end = moment.date()
        record = met.get(end.strftime("%Y-%m"))
        state = status(record, end) if (end.year, end.month) in months_due else "not_required"
        found.append(PeerSlot("monthly_coordination", end.strftime("%Y-%m"), state, record.id if record else None))
    return found


def our_slots(shop: Dossier) -> list[tuple[Slot, str]]:
    """The same by qsafety, each status read."""
    return [(slot, slot.status) for slot in slots(shop, since=SINCE, until=UNTIL, on=ON)]


def rows() -> Iterator[Row]:
    for missing, goal in ((61, 250), (17, 100)):
        yield missed(missing, goal)
    yield missed(61, 10, worked_out=True)
    shop = year(61)
    yield compare(
        f"slots of a seller-year, all {len(our_slots(shop))} read",
        lambda: our_slots(shop),
        lambda: peer_slots(shop),
        goal=2,
        view=plain,
        clock=process_time,
    )


def missed(missing: int, goal: float, *, worked_out: bool = False) -> Row:
    """The missed days of many sellers; the calendar as a mask at hand, or worked out of the dossier each time."""
    shops = [year(missing, n) for n in range(SELLERS)]
    recorded = [{c.day for c in shop.daily_checks or ()} for shop in shops]
    bits = [mask(SINCE, UNTIL, one) for one in recorded]
    calendars = [outlet_days(shop, SINCE, UNTIL)[0] for shop in shops]

    def ours() -> list[tuple[int, list[date]]]:
        known = [outlet_days(shop, SINCE, UNTIL)[0] for shop in shops] if worked_out else calendars
        return [listed(calendar, one) for calendar, one in zip(known, bits, strict=True)]

    def peer() -> list[tuple[int, list[date]]]:
        return [listed_by_peer(n, one) for n, one in enumerate(recorded)]

    each = round(sum(count for count, _ in ours()) / SELLERS)
    how = ", the calendar worked out of the dossier each time" if worked_out else ""
    return compare(
        f"missed days of {SELLERS} seller-years, counted and listed ({each} each){how}",
        ours,
        peer,
        goal=goal,
        clock=process_time,
    )


def listed(calendar: OutletDays, bits: int) -> tuple[int, list[date]]:
    """How many days are missed, and which, by masks."""
    missed = missed_days(calendar, bits, on=ON)
    return missed.bit_count(), list(marked(SINCE, missed))


def listed_by_peer(seller: int, recorded: set[date]) -> tuple[int, list[date]]:
    """How many days are missed, and which, by rules and sets."""
    missed = {day for day in due_days(seller) if day < ON} - recorded
    return len(missed), sorted(missed)


def plain(found: list[PeerSlot] | list[tuple[Slot, str]]) -> list[tuple[str, ...]]:
    """Either side's slots in one form and order."""
    return sorted(
        tuple(map(str, one))
        if isinstance(one, PeerSlot)
        else (str(one[0].cadence), str(one[0].period), str(one[1]), str(one[0].record))
        for one in found
    )


if __name__ == "__main__":
    sys.exit(main(__doc__, rows, "python-dateutil"))
