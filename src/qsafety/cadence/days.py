"""Which days are due: the operating calendar of each outlet, and the goods in scope that it sells.

Article 10 asks for a check every day; that is read as every day on which an outlet operates and sells a line in scope.
"""

from collections.abc import Iterable
from datetime import date

import attrs

from qsafety.bilingual import Bilingual
from qsafety.dossier import Dossier, Outlet, ProductLine
from qsafety.errors import UnknownNameError
from qsafety.law.readings import Readings
from qsafety.law.vocabulary import CalendarKind
from qsafety.periods import OperatingCalendar, Range, day_before, span


@attrs.frozen
class OutletDays:
    """The days of one outlet over a window, as masks: its life, the days that are due, and those that are due for certain."""

    outlet: str | None
    since: date
    life: int
    due: int
    certain: int


def calendar(dossier: Dossier, outlet: str | None = None) -> OperatingCalendar:
    """The operating calendar of an outlet, or of a seller without outlets; an unknown outlet is an error."""
    calendars = _calendars(dossier)
    if outlet not in calendars:
        raise UnknownNameError(Bilingual("门店", "outlet"), outlet, [o for o in calendars if o])
    return calendars[outlet]


def _calendars(dossier: Dossier) -> dict[str | None, OperatingCalendar]:
    """The calendar of every outlet, or of the seller when it has none."""
    seller = dossier.seller
    ranges: dict[tuple[str | None, CalendarKind], list[Range]] = {}
    for row in dossier.closures or ():
        ranges.setdefault((row.outlet, row.kind), []).append(Range(row.start, row.end))

    def rows(outlet: str | None, kind: CalendarKind) -> tuple[Range, ...]:
        return tuple(ranges.get((outlet, kind), ()))

    places: list[Outlet | None] = [*(dossier.outlets or ())]
    found: dict[str | None, OperatingCalendar] = {}
    for place in places or [None]:
        opened = [d for d in (seller.opened_on, place.opened_on if place else None) if d]
        closed = [d for d in (seller.closed_on, place.closed_on if place else None) if d]
        weekdays = place.open_weekdays if place and place.open_weekdays is not None else seller.open_weekdays
        found[place.id if place else None] = OperatingCalendar(
            weekdays=weekdays,
            opened_on=max(opened, default=None),
            closed_on=min(closed, default=None),
            own_closed=rows(place.id, CalendarKind.CLOSED) if place else (),
            own_open=rows(place.id, CalendarKind.OPEN) if place else (),
            all_closed=rows(None, CalendarKind.CLOSED),
            all_open=rows(None, CalendarKind.OPEN),
        )
    return found


def _selling(lines: Iterable[ProductLine], outlet: str | None, since: date, until: date) -> int:
    bits = 0
    for line in lines:
        if outlet is None or not line.outlets or outlet in line.outlets:
            bits |= span(since, until, line.sold_from, day_before(line.sold_until) if line.sold_until else None)
    return bits


def outlet_days(
    dossier: Dossier, since: date, until: date, readings: Readings | None = None, *, effective_on: date | None = None
) -> tuple[OutletDays, ...]:
    """For each outlet (or the seller, when it has none) the due days of a window.

    A day is due iff the outlet operates and sells a line in scope. Where scope is not known an operating day is due, but not for certain.
    """
    readings = readings or Readings()
    lines = dossier.products
    sure = [p for p in lines or () if p.in_scope is True]
    perhaps = [p for p in lines or () if p.in_scope is not False]
    whole = span(since, until, None, None)
    found = []
    for outlet, hours in _calendars(dossier).items():
        life = hours.life(since, until) & span(since, until, effective_on, None)
        open_days = life if readings.daily_days == "calendar" else hours.mask(since, until) & life
        possible = _selling(perhaps, outlet, since, until) if dossier.complete("products") else whole
        certain = _selling(sure, outlet, since, until)
        found.append(OutletDays(outlet, since, life, open_days & possible, open_days & certain))
    if readings.daily_scope == "outlet":
        return tuple(found)
    life = due = certain = 0
    for one in found:
        life, due, certain = life | one.life, due | one.due, certain | one.certain
    return (OutletDays(None, since, life, due, certain),)


def missed_days(days: OutletDays, recorded: int, *, on: date) -> int:
    """The due days of an outlet that are over on ``on`` and have no record, as a mask over the window of ``days``.

    ``recorded`` marks the days that have a daily check as known on ``on``, or a closure declared in time, over the same window
    (:func:`qsafety.periods.mask`). Count the answer with ``int.bit_count``, list it with :func:`qsafety.periods.marked`; no
    object is made for a day, so that a hundred thousand sellers can be asked. :func:`~qsafety.cadence.slots` says the same day by day.

    >>> from qsafety.dossier import ProductLine, Seller
    >>> from qsafety.periods import marked, mask
    >>> shop = Dossier(seller=Seller(id="s", name="店"), products=[ProductLine(id="c", name="车", regimes={"ccc"})])
    >>> since, until = date(2024, 1, 1), date(2024, 1, 31)
    >>> (month,) = outlet_days(shop, since, until)
    >>> missed = missed_days(month, mask(since, until, [date(2024, 1, 1), date(2024, 1, 3)]), on=date(2024, 1, 5))
    >>> missed.bit_count(), [str(day) for day in marked(since, missed)]
    (2, ['2024-01-02', '2024-01-04'])
    """
    length = on.toordinal() - days.since.toordinal()
    return days.due & ((1 << length) - 1) & ~recorded if length > 0 else 0
