"""Article 12: 月调度 — at least once a month the principal hears the director, sums up, and arranges the next month's work."""

from collections.abc import Callable, Iterator
from datetime import date, timedelta
from functools import partial

from qsafety.cadence import Slot
from qsafety.dossier import MonthlyCoordination
from qsafety.findings import SELLER, Case, Finding, Point
from qsafety.law.vocabulary import Cadence, Outcome, Role, RuleKind
from qsafety.periods import parse
from qsafety.rules.a05_director import required
from qsafety.rules.a10_daily import nothing_due
from qsafety.rules.a11_weekly import binds_nobody, nobody
from qsafety.rules.house_rules import established
from qsafety.rules.slots import best_act, by_id, missed_point, record_points

_LAST_TEN_DAYS = timedelta(days=9)


def rules_established(case: Case) -> Iterator[Finding]:
    """A12.1: 应当建立工业产品质量安全月调度制度."""
    yield from established(case, "A12.1", RuleKind.MONTHLY_COORDINATION)


def day_held(meeting: MonthlyCoordination) -> date:
    """The day of a meeting; where it is not known, the last day of its month."""
    return meeting.held_on or parse(meeting.month).end


def _each(
    case: Case,
    obligation: str,
    of_meeting: Callable[[Case, Slot, MonthlyCoordination], Iterator[Point]],
    of_missed: Callable[[Case, Slot], Iterator[Point]] | None = None,
) -> Iterator[Finding]:
    """The findings of a monthly duty: what it says of each meeting that counts, and of each month without one."""
    if case.dossier.monthly_coordinations is None:
        yield case.not_given(obligation, "monthly_coordinations")
        return
    meetings = by_id(case.dossier.monthly_coordinations)
    points: list[Point] = []
    for slot in case.judged_slots(Cadence.MONTHLY_COORDINATION):
        if slot.record is not None:
            points.extend(of_meeting(case, slot, meetings[slot.record]))
        elif of_missed is not None:
            points.extend(of_missed(case, slot))
    if any(not p.remark for p in points):
        yield from case.conclude(obligation, SELLER, points)
    else:
        yield nothing_due(case, obligation)


def _missed(case: Case, slot: Slot) -> Iterator[Point]:
    yield missed_point(case, slot, "monthly_coordinations")


def heard_every_month(case: Case) -> Iterator[Finding]:
    """A12.2: 单位主要负责人每月至少听取1次质量安全总监管理工作情况汇报."""

    def best(case: Case, slot: Slot, _: MonthlyCoordination) -> Iterator[Point]:
        yield from best_act(case.plan.meetings[str(slot.period)], slot.record, partial(_act, case, slot))

    yield from _each(case, "A12.2", best, _missed_unless_nobody)


def _missed_unless_nobody(case: Case, slot: Slot) -> Iterator[Point]:
    if binds_nobody(case, slot.period.end):
        yield nobody(slot)
    else:
        yield missed_point(case, slot, "monthly_coordinations")


def _act(case: Case, slot: Slot, meeting: MonthlyCoordination) -> Iterator[Point]:
    """Held in the month, a principal in the chair or present, and the director's report heard."""
    if binds_nobody(case, day_held(meeting)):
        yield nobody(slot)
        return
    point = partial(Point, period=str(slot.period), certain=slot.certain)
    bad = [*_principal(case, slot, meeting), *_report(case, slot, meeting)]
    held = meeting.held_on
    if held is not None and not slot.period.start <= held <= case.plan.last_day(slot.period):
        outside = case.because(
            meeting, f"{slot.period} 的会议召开于 {held}", f"the meeting of {slot.period} was held on {held}"
        )
        readings = ("held", "monthly_grace")
        bad.append(
            point(outcome=Outcome(case.readings.held), reason="held_outside", because=(outside,), readings=readings)
        )
    worst = min((p.outcome for p in bad), key=list(Outcome).index)
    yield from (p for p in bad if p.outcome is worst)


def _principal(case: Case, slot: Slot, meeting: MonthlyCoordination) -> Iterator[Point]:
    day = day_held(meeting)
    chaired = case.because(
        meeting,
        f"{slot.period} 的会议由 {meeting.chair} 主持（{day}）",
        f"{slot.period}: {meeting.chair} in the chair, {day}",
    )
    point = partial(Point, period=str(slot.period), certain=slot.certain, because=(chaired,))
    principals = case.plan.posts.holders(Role.PRINCIPAL, day)
    there = [p for p in principals if p == meeting.chair or p in meeting.participants]
    if case.readings.principal_absent == "delegate" and not there:
        yield point(outcome=Outcome.SATISFIED, reason="delegated", readings=("principal_absent",))
    elif there:
        directors = case.plan.posts.holders(Role.DIRECTOR, day)
        one_person = directors and len({*there, *directors}) == 1
        if one_person and case.readings.principal_director != "allow":
            yield point(outcome=Outcome.NEEDS_JUDGEMENT, reason="one_person", readings=("principal_director",))
        else:
            undated = "" if meeting.held_on else "_undated"
            yield point(outcome=Outcome.SATISFIED, reason=f"held{undated}", because=())
    elif not case.dossier.complete("appointments"):
        yield point(outcome=Outcome.UNKNOWN, reason="principal_unknown", needs=("appointments",))
    else:
        yield point(outcome=Outcome.VIOLATED, reason="no_principal", readings=("principal_absent",))


def _report(case: Case, slot: Slot, meeting: MonthlyCoordination) -> Iterator[Point]:
    """A report was heard, and it was a director's; where none is required and none in post, the reading ``no_director``."""
    day = day_held(meeting)
    point = partial(Point, period=str(slot.period), certain=slot.certain)
    if not meeting.director_report:
        blank = case.because(meeting, f"{slot.period} 没有总监汇报", f"{slot.period}: no director's report")
        yield point(outcome=Outcome.VIOLATED, reason="no_report", because=(blank,))
    if case.plan.posts.holders(Role.DIRECTOR, day):
        return
    need = required(case, day)
    none = (case.no_record(f"{day} 无在任的质量安全总监", f"no director in post on {day}"),)
    if not case.dossier.complete("appointments"):
        yield point(outcome=Outcome.UNKNOWN, reason="director_unknown", needs=("appointments",))
    elif need:
        yield point(outcome=Outcome.VIOLATED, reason="no_director_in_post", because=none)
    elif need is None:
        yield point(outcome=Outcome.UNKNOWN, reason="need_unknown", because=none, needs=("products",))
    elif case.readings.no_director == "substitute":
        yield point(outcome=Outcome.SATISFIED, reason="substituted", because=none, readings=("no_director",))
    else:
        yield point(outcome=Outcome.VIOLATED, reason="no_director_strict", because=none, readings=("no_director",))


def summed_up(case: Case) -> Iterator[Finding]:
    """A12.3: 对当月销售的工业产品质量安全日常管理、风险隐患排查治理等情况进行总结."""
    yield from _each(case, "A12.3", _summary)


def _summary(case: Case, slot: Slot, meeting: MonthlyCoordination) -> Iterator[Point]:
    point = partial(Point, period=str(slot.period), certain=slot.certain)
    if meeting.summary and meeting.hazard_summary:
        yield point(outcome=Outcome.SATISFIED, reason="summed_up")
    else:
        none = case.because(
            meeting,
            f"{slot.period} 缺少{'日常管理' if not meeting.summary else '隐患治理'}总结",
            f"{slot.period} lacks the summary of {'daily management' if not meeting.summary else 'hazard remediation'}",
        )
        yield point(outcome=Outcome.VIOLATED, reason="no_summary", because=(none,))
    if meeting.held_on is not None and meeting.held_on < slot.period.end - _LAST_TEN_DAYS:
        early = case.because(
            meeting, f"{slot.period} 的会议早在 {meeting.held_on} 召开", f"held early, {meeting.held_on}"
        )
        yield point(outcome=Outcome.SATISFIED, reason="early", because=(early,), remark=True)


def next_month_arranged(case: Case) -> Iterator[Finding]:
    """A12.4: 对下个月重点工作作出调度安排."""
    yield from _each(case, "A12.4", _priorities)


def _priorities(case: Case, slot: Slot, meeting: MonthlyCoordination) -> Iterator[Point]:
    point = partial(Point, period=str(slot.period), certain=slot.certain)
    if not meeting.priorities:
        none = case.because(meeting, f"{slot.period} 没有下月重点工作", f"{slot.period}: no priority work arranged")
        yield point(outcome=Outcome.VIOLATED, reason="no_priorities", because=(none,))
        return
    yield point(outcome=Outcome.SATISFIED, reason="arranged")
    vague = [p.content for p in meeting.priorities if p.owner is None or p.due_on is None]
    if vague:
        because = case.because(
            meeting,
            f"{slot.period}：{'、'.join(vague)} 缺少责任人或期限",
            f"{slot.period}: {', '.join(vague)} lacks owner or date",
        )
        yield point(outcome=Outcome.SATISFIED, reason="vague", because=(because,), remark=True)


def minuted(case: Case) -> Iterator[Finding]:
    """A12.5: 形成《每月工业产品质量安全调度会议纪要》 — minutes for each due month."""

    def of_meeting(case: Case, slot: Slot, meeting: MonthlyCoordination) -> Iterator[Point]:
        yield from record_points(case, slot, meeting, meeting.held_on)

    yield from _each(case, "A12.5", of_meeting, _missed)
