"""Slots and their status: what was owed in each period, and what the records show."""

from collections.abc import Iterable, Iterator, Mapping, Sequence
from datetime import date, timedelta
from functools import cached_property
from zoneinfo import ZoneInfo

import attrs

from qsafety.cadence.days import OutletDays, outlet_days
from qsafety.dossier import (
    DailyCheck,
    Dossier,
    Explanation,
    MonthlyCoordination,
    Posts,
    RiskList,
    WeeklyScreening,
    as_known_on,
)
from qsafety.dossier.known import local_day
from qsafety.law.readings import Readings
from qsafety.law.vocabulary import Cadence, ExplanationReason, Role, SlotStatus, TextStatus
from qsafety.periods import Day, IsoWeek, Month, Period, asked_day, asked_window, marked, parse, periods, span

CadenceRecord = DailyCheck | WeeklyScreening | MonthlyCoordination

_RANK = {SlotStatus.DONE: 0, SlotStatus.LATE: 1, SlotStatus.INCOMPLETE: 2}


@attrs.frozen
class Slot:
    """One period in which a periodic duty was due, and what became of it.

    ``outlet`` is None for the seller; ``record`` is the id of the record that counts. ``late`` says that this record came after the period
    (also of an incomplete one); ``certain`` is False where it is not known whether goods in scope were sold.
    """

    cadence: Cadence
    outlet: str | None
    period: Period
    status: SlotStatus
    record: str | None = None
    late: bool = False
    certain: bool = True

    def to_dict(self) -> dict[str, str | None]:
        """Plain data: cadence, outlet, period, status, record."""
        return {
            "cadence": str(self.cadence),
            "outlet": self.outlet,
            "period": str(self.period),
            "status": str(self.status),
            "record": self.record,
        }


@attrs.frozen(slots=False)
class Plan:
    """What a seller owed, and did, as known on a day; the slots of any window follow from it.

    ``dossier`` must be as known on ``on`` (:func:`qsafety.dossier.as_known_on`). ``effective_on`` is the edition's: no duty before it.
    """

    dossier: Dossier
    on: date
    readings: Readings = attrs.field(factory=Readings)
    effective_on: date | None = None

    @cached_property
    def zone(self) -> ZoneInfo:
        """The seller's time zone."""
        return ZoneInfo(self.dossier.seller.tz)

    @cached_property
    def posts(self) -> Posts:
        """Who is in post when."""
        return Posts.of(self.dossier.appointments)

    @cached_property
    def outlets(self) -> tuple[str | None, ...]:
        """The outlets that owe a daily check; ``(None,)`` where that is the seller."""
        if self.readings.daily_scope == "seller":
            return (None,)
        return tuple(o.id for o in self.dossier.outlets or ()) or (None,)

    @cached_property
    def checks(self) -> Mapping[tuple[str | None, date], Sequence[DailyCheck]]:
        """The daily checks by outlet and day; drafts are none."""
        found: dict[tuple[str | None, date], list[DailyCheck]] = {}
        for check in self.dossier.daily_checks or ():
            if not check.draft:
                found.setdefault((self.outlet_of(check.outlet), check.day), []).append(check)
        return found

    def outlet_of(self, outlet: str | None) -> str | None:
        """The outlet a record belongs to: the seller itself, or the only outlet, where nothing else is possible."""
        if len(self.outlets) == 1 and (outlet is None or self.outlets[0] is None):
            return self.outlets[0]
        return outlet

    @cached_property
    def screenings(self) -> Mapping[str, Sequence[WeeklyScreening]]:
        """The weekly screenings by week; drafts are none."""
        found: dict[str, list[WeeklyScreening]] = {}
        for screening in self.dossier.weekly_screenings or ():
            if not screening.draft:
                found.setdefault(screening.week, []).append(screening)
        return found

    @cached_property
    def meetings(self) -> Mapping[str, Sequence[MonthlyCoordination]]:
        """The monthly coordinations by month; drafts are none."""
        found: dict[str, list[MonthlyCoordination]] = {}
        for meeting in self.dossier.monthly_coordinations or ():
            if not meeting.draft:
                found.setdefault(meeting.month, []).append(meeting)
        return found

    @cached_property
    def explanations(self) -> Mapping[tuple[Cadence, str], Sequence[Explanation]]:
        """Why duties were not performed, by cadence and period."""
        found: dict[tuple[Cadence, str], list[Explanation]] = {}
        for explanation in self.dossier.explanations or ():
            found.setdefault((explanation.cadence, explanation.period), []).append(explanation)
        return found

    @cached_property
    def _lists(self) -> Sequence[tuple[date, RiskList]]:
        rows = [
            (start, r)
            for r in self.dossier.risk_lists or ()
            if r.status is TextStatus.APPROVED and r.approved_by and (start := r.effective_on or r.approved_on)
        ]
        return sorted(rows, key=lambda row: (row[0], row[1].id))

    def list_on(self, day: date) -> RiskList | None:
        """The risk control list in force on a day: approved, with an approver, and the latest to take effect."""
        found = None
        for start, risk_list in self._lists:
            if start > day:
                break
            found = risk_list
        return found

    def last_day(self, period: Period) -> date:
        """The last day on which the duty of a period can be done: its end, and for months the grace of the reading."""
        grace = self.readings.monthly_grace
        return period.end + timedelta(days=grace) if grace and isinstance(period, Month) else period.end

    def over(self, period: Period) -> bool:
        """Whether a period is over on ``on``."""
        return self.last_day(period) < self.on

    def recorded_on(self, record: CadenceRecord) -> date | None:
        """The local day on which a record was recorded; None: not known."""
        return record.recorded_at.astimezone(self.zone).date() if record.recorded_at else None

    def record_late(self, record: CadenceRecord, period: Period) -> bool:
        """Whether a record was recorded after its period."""
        recorded = self.recorded_on(record)
        return recorded is not None and recorded > self.last_day(period)

    def _late(self, record: CadenceRecord, period: Period) -> bool:
        if self.record_late(record, period):
            return True
        held = None if isinstance(record, DailyCheck) else record.held_on
        return held is not None and held > self.last_day(period)

    def unanswered(self, check: DailyCheck) -> Sequence[str]:
        """The daily items of the list in force that a check leaves unanswered."""
        in_force = self.list_on(check.day)
        return check.unanswered(in_force.daily_codes) if in_force else ()

    def _by_right_person(self, record: CadenceRecord) -> bool:
        if isinstance(record, DailyCheck):
            return bool(self.posts.of_person(Role.OFFICER, record.officer, record.day))
        if isinstance(record, WeeklyScreening):
            day = record.held_on or parse(record.week).end
            return bool(self.posts.of_person(Role.DIRECTOR, record.organiser, day))
        day = record.held_on or parse(record.month).end
        return bool(self.posts.of_person(Role.PRINCIPAL, record.chair, day))

    def _rated(self, record: CadenceRecord, period: Period) -> tuple[CadenceRecord, SlotStatus, bool]:
        """A record, the status that it gives its slot, and whether it came late."""
        late = self._late(record, period)
        if isinstance(record, DailyCheck) and self.unanswered(record):
            return record, SlotStatus.INCOMPLETE, late
        return record, SlotStatus.LATE if late else SlotStatus.DONE, late

    def best(self, records: Sequence[CadenceRecord], period: Period) -> tuple[CadenceRecord, SlotStatus] | None:
        """Of several records of one slot the one that counts: done before late before incomplete, then by whom, then by id."""
        found = self._best(records, period)
        return found[:2] if found else None

    def _best(self, records: Sequence[CadenceRecord], period: Period) -> tuple[CadenceRecord, SlotStatus, bool] | None:
        if not records:
            return None
        if len(records) == 1:
            return self._rated(records[0], period)
        rated = [self._rated(record, period) for record in records]
        return min(rated, key=lambda r: (_RANK[r[1]], r[2], not self._by_right_person(r[0]), r[0].id))

    def explained(self, cadence: Cadence, outlet: str | None, period: Period) -> Explanation | None:
        """The explanation for a slot, if any; one that names no outlet is for all. A closure goes before other reasons."""
        one = len(self.dossier.outlets or ()) <= 1
        rows = [
            e
            for e in self.explanations.get((cadence, str(period)), ())
            if e.outlet is None or e.outlet == outlet or (outlet is None and one)
        ]
        rows.sort(key=lambda e: (e.reason is not ExplanationReason.CLOSED, not self.declared_in_time(e, period), e.id))
        return rows[0] if rows else None

    def declared_in_time(self, explanation: Explanation, period: Period) -> bool:
        """Whether an explanation was declared on or before the (last) day of its period; no time given is "later"."""
        at = explanation.declared_at
        return at is not None and local_day(at, self.zone) <= period.end

    def _slot(
        self,
        cadence: Cadence,
        outlet: str | None,
        period: Period,
        records: Sequence[CadenceRecord],
        *,
        due: bool,
        certain: bool,
    ) -> Slot:
        found = self._best(records, period)
        if not due:
            return Slot(cadence, outlet, period, SlotStatus.NOT_REQUIRED, found[0].id if found else None)
        if found:
            record, status, late = found
            return Slot(cadence, outlet, period, status, record.id, late, certain)
        reason = self.explained(cadence, outlet, period)
        if reason and reason.reason is ExplanationReason.CLOSED and self.declared_in_time(reason, period):
            return Slot(cadence, outlet, period, SlotStatus.NOT_REQUIRED)
        unfinished = SlotStatus.DUE if period.start <= self.on else SlotStatus.NOT_DUE
        status = SlotStatus.MISSED if self.over(period) else unfinished
        return Slot(cadence, outlet, period, status, certain=certain)

    def slots(self, since: date, until: date, *, in_progress: bool = False) -> tuple[Slot, ...]:
        """The slots of the window: days of each outlet's life, weeks and months of the seller's whose last day lies in it.

        ``in_progress`` adds the week and the month in which ``on`` lies, where they end after the window.
        """
        if until < since:
            return ()
        weeks = list(_ending(IsoWeek, since, until, self.on if in_progress else None))
        months = list(_ending(Month, since, until, self.on if in_progress else None))
        first = min([since, *(p.start for p in (*weeks[:1], *months[:1]))])
        last = max([until, *(p.end for p in (*weeks[-1:], *months[-1:]))])
        days = outlet_days(self.dossier, first, last, self.readings, effective_on=self.effective_on)
        found: list[Slot] = []
        if self.dossier.daily_checks is not None:
            for one in days:
                found.extend(self._daily(one, since, until))
        for cadence, ending, given in (
            (Cadence.WEEKLY_SCREENING, weeks, self.dossier.weekly_screenings is not None),
            (Cadence.MONTHLY_COORDINATION, months, self.dossier.monthly_coordinations is not None),
        ):
            if given:
                found.extend(self._of_seller(cadence, ending, days))
        return tuple(found)

    def _daily(self, days: OutletDays, since: date, until: date) -> Iterator[Slot]:
        offset = days.since.toordinal()
        for day in marked(days.since, days.life & span(days.since, until, since, None)):
            bit = 1 << (day.toordinal() - offset)
            records = self.checks.get((days.outlet, day), ())
            yield self._slot(
                Cadence.DAILY_CONTROL,
                days.outlet,
                Day(day),
                records,
                due=bool(days.due & bit),
                certain=bool(days.certain & bit),
            )

    def _of_seller(self, cadence: Cadence, periods: Sequence[Period], days: Sequence[OutletDays]) -> Iterator[Slot]:
        life = due = certain = 0
        for one in days:
            life, due, certain = life | one.life, due | one.due, certain | one.certain
        weekly = cadence is Cadence.WEEKLY_SCREENING
        for period in periods:
            bits = span(days[0].since, period.end, period.start, None)
            if not life & bits:
                continue
            skipped = self.readings.partial_periods == "skip" and self._partial(period)
            records: Sequence[CadenceRecord] = (self.screenings if weekly else self.meetings).get(str(period), ())
            yield self._slot(
                cadence, None, period, records, due=bool(due & bits) and not skipped, certain=bool(certain & bits)
            )

    def _partial(self, period: Period) -> bool:
        seller = self.dossier.seller
        turns = (seller.opened_on, seller.closed_on, self.effective_on)
        return any(turn is not None and period.start < turn <= period.end for turn in turns)


def _ending(kind: type[Period], since: date, until: date, on: date | None) -> Iterator[Period]:
    yield from periods(kind, since, until)
    running = kind.of(until)
    if on is not None and on in running and until < running.end:
        yield running


def slots(
    dossier: Dossier,
    *,
    since: date,
    until: date,
    on: date,
    readings: Readings | Mapping[str, object] | Iterable[str] | None = None,
) -> tuple[Slot, ...]:
    """The slots of ``[since, until]`` as known on ``on``: windows that partition time partition slots.

    Raises :class:`~qsafety.errors.PeriodError` for what is no day, and for a window that ends before it begins.

    >>> from qsafety.dossier import Dossier, ProductLine, Seller
    >>> shop = Dossier(seller=Seller(id="s", name="店"), products=[ProductLine(id="c", name="车", regimes={"ccc"})], daily_checks=[])
    >>> [str(s.status) for s in slots(shop, since=date(2024, 1, 1), until=date(2024, 1, 2), on=date(2024, 1, 2))]
    ['missed', 'due']
    """
    day = asked_day("on", on)
    first, last = asked_window(since, until)
    return Plan(as_known_on(dossier, day), day, Readings.of(readings)).slots(first, last)
