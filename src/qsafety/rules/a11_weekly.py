"""Article 11: 周排查 — at least once a week the director organises a screening, analyses, and reports."""

from bisect import bisect_left
from collections.abc import Iterator, Sequence
from datetime import date, timedelta
from functools import partial
from itertools import pairwise

from qsafety.cadence import Slot
from qsafety.dossier import Hazard, WeeklyScreening
from qsafety.findings import SELLER, Case, Finding, Point
from qsafety.law.vocabulary import Cadence, Outcome, Role, RuleKind, SlotStatus
from qsafety.periods import IsoWeek, days, parse
from qsafety.rules.a05_director import required
from qsafety.rules.a10_daily import nothing_due
from qsafety.rules.house_rules import established
from qsafety.rules.slots import best_act, by_id, missed_point, record_points

_WEEK = timedelta(days=6)


def rules_established(case: Case) -> Iterator[Finding]:
    """A11.1: 应当建立工业产品质量安全周排查制度."""
    yield from established(case, "A11.1", RuleKind.WEEKLY_SCREENING)


def day_held(screening: WeeklyScreening) -> date:
    """The day of a screening; where it is not known, the last day of its week."""
    return screening.held_on or parse(screening.week).end


def _slots(case: Case) -> list[tuple[Slot, WeeklyScreening | None]]:
    """The weekly slots that findings are about, each with the screening that counts."""
    screenings = by_id(case.dossier.weekly_screenings)
    return [(s, screenings[s.record] if s.record else None) for s in case.judged_slots(Cadence.WEEKLY_SCREENING)]


def binds_nobody(case: Case, day: date) -> bool:
    """Under ``no_director=not_applicable``: no director required and none in post, so nobody screens or reports."""
    return (
        case.readings.no_director == "not_applicable"
        and required(case, day) is False
        and case.dossier.complete("appointments")
        and not case.plan.posts.holders(Role.DIRECTOR, day)
    )


def nobody(slot: Slot) -> Point:
    """A period in which the duty binds nobody."""
    return Point(
        outcome=Outcome.NOT_APPLICABLE, reason="no_director", period=str(slot.period), readings=("no_director",)
    )


def _conclude(case: Case, obligation: str, points: Sequence[Point]) -> Iterator[Finding]:
    if any(not p.remark for p in points):
        yield from case.conclude(obligation, SELLER, points)
    else:
        yield nothing_due(case, obligation)


def screened_every_week(case: Case) -> Iterator[Finding]:
    """A11.2: 质量安全总监每周至少组织1次风险隐患排查."""
    if case.dossier.weekly_screenings is None:
        yield case.not_given("A11.2", "weekly_screenings")
        return
    points: list[Point] = []
    for slot, screening in _slots(case):
        if binds_nobody(case, day_held(screening) if screening else slot.period.end):
            points.append(nobody(slot))
        elif screening is not None:
            screenings = case.plan.screenings[str(slot.period)]
            points.extend(best_act(screenings, slot.record, partial(_act, case, slot)))
        elif case.readings.week == "iso":
            points.append(missed_point(case, slot, "weekly_screenings"))
    if case.readings.week == "rolling7":
        points.extend(_gaps(case))
    yield from _conclude(case, "A11.2", points)


def _act(case: Case, slot: Slot, screening: WeeklyScreening) -> Iterator[Point]:
    point = partial(Point, period=str(slot.period), certain=slot.certain)
    held = screening.held_on
    bad = list(_organiser(case, slot, screening))
    if held is not None and not slot.period.start <= held <= slot.period.end and case.readings.week == "iso":
        outside = case.because(
            screening, f"{slot.period} 的排查开展于 {held}", f"the screening of {slot.period} was held on {held}"
        )
        bad.append(
            point(outcome=Outcome(case.readings.held), reason="held_outside", because=(outside,), readings=("held",))
        )
    worst = min((p.outcome for p in bad), key=list(Outcome).index)
    yield from (p for p in bad if p.outcome is worst)


def _organiser(case: Case, slot: Slot, screening: WeeklyScreening) -> Iterator[Point]:
    """Organised by a director in post that day; where none is required and none in post, the reading ``no_director``."""
    day = day_held(screening)
    who = screening.organiser
    posts = case.plan.posts
    directors = posts.holders(Role.DIRECTOR, day)
    need = required(case, day)
    by = case.because(screening, f"{slot.period} 由 {who} 于 {day} 组织", f"{slot.period} organised by {who} on {day}")
    point = partial(Point, period=str(slot.period), certain=slot.certain, because=(by,))
    if who in directors:
        undated = "" if screening.held_on else "_undated"
        yield point(outcome=Outcome.SATISFIED, reason=f"screened{undated}", because=())
    elif not case.dossier.complete("appointments"):
        yield point(outcome=Outcome.UNKNOWN, reason="organiser_unknown", needs=("appointments",))
    elif directors:
        yield point(outcome=Outcome.VIOLATED, reason="not_director")
    elif need:
        yield point(outcome=Outcome.VIOLATED, reason="no_director_in_post")
    elif need is None:
        yield point(outcome=Outcome.UNKNOWN, reason="need_unknown", needs=("products",))
    elif case.readings.no_director == "substitute":
        allowed = (*posts.holders(Role.PRINCIPAL, day), *posts.holders(Role.OFFICER, day))
        stands_in = who in allowed
        yield point(
            outcome=Outcome.SATISFIED if stands_in else Outcome.VIOLATED,
            reason="substituted" if stands_in else "not_substitute",
            readings=("no_director",),
        )
    else:
        yield point(outcome=Outcome.VIOLATED, reason="no_director_strict", readings=("no_director",))


def _gaps(case: Case) -> Iterator[Point]:
    """Under ``week=rolling7``: every seven days on end, all of them in the window and one of them due, hold a screening."""
    held = {day_held(s) for rows in case.plan.screenings.values() for s in rows}
    due = {s.period for s in case.slots if s.status is not SlotStatus.NOT_REQUIRED}
    for last in days(case.since + _WEEK, case.on - timedelta(days=1)):
        week = set(days(last - _WEEK, last))
        if not week & held and IsoWeek.of(last) in due:
            none = case.no_record(f"{last - _WEEK} 至 {last} 无排查", f"no screening from {last - _WEEK} to {last}")
            complete = case.dossier.complete("weekly_screenings")
            yield Point(
                outcome=Outcome.VIOLATED if complete else Outcome.UNKNOWN,
                reason="gap" if complete else "perhaps_missed",
                period=str(IsoWeek.of(last)),
                because=(none,),
                readings=("week",),
            )


def analysed(case: Case) -> Iterator[Finding]:
    """A11.3: 根据日管控中发现的问题，分析研判产品质量安全状况."""
    if case.dossier.weekly_screenings is None:
        yield case.not_given("A11.3", "weekly_screenings")
        return
    rows = sorted((s for rows in case.plan.screenings.values() for s in rows), key=lambda s: (day_held(s), s.id))
    earlier = {later.id: before for before, later in pairwise(rows)}
    points: list[Point] = []
    first = True
    for slot in sorted(case.judged_slots(Cadence.WEEKLY_SCREENING), key=lambda s: s.period.start):
        for screening in sorted(case.plan.screenings.get(str(slot.period), ()), key=lambda s: (day_held(s), s.id)):
            if binds_nobody(case, day_held(screening)):
                points.append(nobody(slot))
                continue
            before = None if first else earlier.get(screening.id)
            first = False
            points.extend(_analysis(case, slot, screening, before))
    yield from _conclude(case, "A11.3", points)


def _analysis(case: Case, slot: Slot, screening: WeeklyScreening, before: WeeklyScreening | None) -> Iterator[Point]:
    """The analysis is there, and names each daily hazard found since the screening before; the first answers for its own week."""
    point = partial(Point, period=str(slot.period), certain=slot.certain)
    bad: list[Point] = []
    if not screening.analysis:
        none = case.because(screening, f"{slot.period} 没有分析研判", f"{slot.period} has no analysis")
        bad.append(point(outcome=Outcome.VIOLATED, reason="no_analysis", because=(none,)))
    since = day_held(before) if before else slot.period.start
    first = bisect_left(case.daily_hazards, since, key=lambda h: h.found_on)
    last = bisect_left(case.daily_hazards, day_held(screening), key=lambda h: h.found_on)
    left_out = [h for h in case.daily_hazards[first:last] if not _named(h, screening, before)]
    if left_out:
        because = tuple(
            case.because(h, f"{h.id}（{h.found_on}）未列入", f"{h.id} ({h.found_on}) is not in its findings")
            for h in left_out
        )
        bad.append(point(outcome=Outcome.VIOLATED, reason="left_out", because=because))
    if bad:
        yield from bad
    elif not case.dossier.complete("hazards"):
        yield point(outcome=Outcome.UNKNOWN, reason="hazards_unknown", needs=("hazards",))
    else:
        yield point(outcome=Outcome.SATISFIED, reason="analysed")


def _named(hazard: Hazard, screening: WeeklyScreening, before: WeeklyScreening | None) -> bool:
    """Whether a screening names a hazard; one found on the day of the screening before may be in that one."""
    if before is not None and hazard.found_on == day_held(before) and hazard.id in before.findings:
        return True
    return hazard.id in screening.findings


def reported_every_week(case: Case) -> Iterator[Finding]:
    """A11.4: 形成《每周工业产品质量安全排查治理报告》 — a report for each due week, made in that week."""
    if case.dossier.weekly_screenings is None:
        yield case.not_given("A11.4", "weekly_screenings")
        return
    points: list[Point] = []
    for slot, screening in _slots(case):
        if binds_nobody(case, day_held(screening) if screening else slot.period.end):
            points.append(nobody(slot))
        elif screening is None:
            points.append(missed_point(case, slot, "weekly_screenings"))
        else:
            points.extend(record_points(case, slot, screening, screening.held_on))
    yield from _conclude(case, "A11.4", points)
