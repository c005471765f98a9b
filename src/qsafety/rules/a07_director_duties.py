"""Article 7: what the quality safety director answers for, and the paper that says so."""

from collections.abc import Callable, Iterator, Sequence
from datetime import date
from functools import partial

import attrs
from dateutil.relativedelta import relativedelta

from qsafety.bilingual import listed
from qsafety.cadence import Slot
from qsafety.dossier import Appointment, Hazard, Text
from qsafety.dossier.known import local_day
from qsafety.findings import Case, Finding, PersonFile, Point, Reason
from qsafety.law.vocabulary import Cadence, HazardSource, OpinionKind, Outcome, Role, RuleKind, Severity
from qsafety.periods import parse
from qsafety.rules.a05_director import required
from qsafety.rules.a11_weekly import day_held
from qsafety.rules.events import in_window
from qsafety.rules.house_rules import approved, undated
from qsafety.rules.slots import by_id, missed_point

_SIX = range(1, 7)


def _unbound(case: Case, obligation: str, *, vacant: bool = False) -> Finding | None:
    """Why a director's duty binds nobody, or cannot be told to; None: it binds.

    ``vacant``: the row speaks of a person, so a vacant post, though required, leaves nobody to judge (the breach is Article 5's).
    """
    if case.in_scope is False:
        return case.out_of_scope(obligation)
    if case.plan.posts.holders(Role.DIRECTOR, case.on):
        return None
    need = required(case, case.on)
    if need and not vacant:
        return None
    if need is None:
        return case.finding(obligation, Outcome.UNKNOWN, "need_unknown")
    if not case.dossier.complete("appointments"):
        return case.not_given(obligation, "appointments")
    return case.finding(obligation, Outcome.NOT_APPLICABLE, "vacant" if need else "no_director_needed")


def reports_to(case: Case, obligation: str, role: Role, heads: Sequence[Role]) -> Iterator[Finding]:
    """Each person in post answers to somebody who holds one of the given roles."""
    allowed = {p for head in heads for p in case.plan.posts.holders(head, case.on)}
    rows: dict[str, list[Appointment]] = {}
    for tenure in case.plan.posts.on(role, case.on):
        rows.setdefault(tenure.appointment.person, []).append(tenure.appointment)
    for person, appointments in rows.items():
        named = [a for a in appointments if a.reports_to]
        because = [
            case.because(
                a,
                f"{person} 向 {a.reports_to or '（未登记）'} 汇报",
                f"{person} answers to {a.reports_to or 'nobody stated'}",
            )
            for a in named or appointments
        ]
        if not named:
            yield case.finding(
                obligation,
                Outcome.UNKNOWN,
                "reports_to_unknown",
                subject=person,
                severity=Severity.ADVISORY,
                because=because,
            )
        elif all(a.reports_to in allowed for a in named):
            yield case.finding(obligation, Outcome.SATISFIED, "reports_to", subject=person, because=because)
        elif not case.dossier.complete("appointments"):
            yield case.not_given(obligation, "appointments", subject=person)
        else:
            yield case.finding(obligation, Outcome.VIOLATED, "reports_elsewhere", subject=person, because=because)


def answers_to_principal(case: Case) -> Iterator[Finding]:
    """A07.0: 质量安全总监按照职责要求直接对本单位主要负责人负责."""
    unbound = _unbound(case, "A07.0", vacant=True)
    if unbound:
        yield unbound
    else:
        yield from reports_to(case, "A07.0", Role.DIRECTOR, [Role.PRINCIPAL])


def performed(case: Case, person: str) -> Iterator[Reason]:
    """What a person recorded in the window: performance of duties, screenings, minutes."""
    for record in case.of_person.get(person, PersonFile()).performance:
        period = parse(record.period)
        if period.start <= case.on and period.end >= case.since:
            yield case.because(record, f"{person} {record.period}：{record.summary}", f"{person} {record.period}")
    for screening in case.dossier.weekly_screenings or ():
        if screening.organiser == person and not screening.draft and in_window(case, day_held(screening)):
            yield case.because(
                screening, f"{person} 组织 {screening.week} 周排查", f"{person} screened {screening.week}"
            )
    for meeting in case.dossier.monthly_coordinations or ():
        held = meeting.held_on or parse(meeting.month).end
        if person in (meeting.chair, meeting.recorder) and not meeting.draft and in_window(case, held):
            yield case.because(
                meeting, f"{person} 主持或记录 {meeting.month} 月调度", f"{person} minuted {meeting.month}"
            )


def organises_compliance(case: Case) -> Iterator[Finding]:
    """A07.1.1: 组织本单位严格落实工业产品质量安全相关法律法规责任义务及标准要求."""
    unbound = _unbound(case, "A07.1.1", vacant=True)
    if unbound:
        yield unbound
        return
    for person in case.plan.posts.holders(Role.DIRECTOR, case.on):
        because = list(performed(case, person))
        if because:
            yield case.finding("A07.1.1", Outcome.SATISFIED, "performed", subject=person, because=because)
        else:
            yield case.finding("A07.1.1", Outcome.UNKNOWN, "no_performance", subject=person, severity=Severity.ADVISORY)


def organises_rules(case: Case) -> Iterator[Finding]:
    """A07.1.2: 组织制定本单位质量管理制度，建立岗位质量安全规范、质量安全责任以及相应的考核办法."""
    unbound = _unbound(case, "A07.1.2")
    if unbound:
        yield unbound
        return
    found = {kind: approved(case, kind) for kind in (RuleKind.QUALITY_RULES, RuleKind.RESPONSIBILITY_SYSTEM)}
    other = {kind: approved(case, kind) for kind in (RuleKind.POST_NORMS, RuleKind.APPRAISAL_METHOD)}
    missing = [kind for kind, (holds, _) in found.items() if holds is False]
    unclear = [kind for kind, (holds, _) in found.items() if holds is None]
    elsewhere = [kind for kind, (holds, _) in other.items() if not holds]
    texts = [text for holds, text in (*found.values(), *other.values()) if holds and text is not None]
    because = [_text(case, t) for t in texts]
    advisory = Severity.ADVISORY
    if missing:
        kinds = listed(k.label for k in missing)
        yield case.finding("A07.1.2", Outcome.VIOLATED, "rules_missing", because=because, kinds=kinds)
    elif unclear:
        yield case.finding("A07.1.2", Outcome.UNKNOWN, "rules_unknown", severity=advisory, because=because)
    elif elsewhere:
        kinds = listed(k.label for k in elsewhere)
        found_elsewhere = case.finding(
            "A07.1.2", Outcome.NEEDS_JUDGEMENT, "norms_elsewhere", because=because, kinds=kinds
        )
        waiting = found_elsewhere.outcome is Outcome.NEEDS_JUDGEMENT
        yield attrs.evolve(found_elsewhere, severity=advisory) if waiting else found_elsewhere
    else:
        directors = {t.appointment.person for t in case.plan.posts.tenures if t.appointment.role is Role.DIRECTOR}
        points = [Point(outcome=Outcome.SATISFIED, reason="rules_there", because=tuple(because))]
        if any(t.compiled_by is not None and t.compiled_by not in directors for t in texts):
            points.append(Point(outcome=Outcome.SATISFIED, reason="other_compiler", remark=True))
        yield from case.conclude("A07.1.2", "seller", points)


def _text(case: Case, text: Text) -> Reason:
    return case.because(text, f"{text.quoted}已批准", f"{text.title!r} approved")


def _director_weeks(case: Case) -> Iterator[tuple[Slot, bool]]:
    """The weekly slots with a director required or in post, or perhaps so; True: certainly."""
    for slot in case.judged_slots(Cadence.WEEKLY_SCREENING):
        day = min(slot.period.end, case.on)
        bound = True if case.plan.posts.holders(Role.DIRECTOR, day) else required(case, day)
        if bound is not False:
            yield slot, bound is True and slot.certain


def _recorded(case: Case) -> Iterator[Point]:
    """For each of these weeks: missed, or recorded."""
    for slot, certain in _director_weeks(case):
        if slot.record is None:
            missed = missed_point(case, slot, "weekly_screenings")
            yield attrs.evolve(missed, certain=missed.certain and certain)
        else:
            yield Point(outcome=Outcome.SATISFIED, reason="week_recorded", period=str(slot.period), certain=certain)


def supervises(case: Case) -> Iterator[Finding]:
    """A07.1.3: 督促指导质量安全员落实岗位职责，检查本单位各岗位质量安全责任制落实情况."""
    unbound = _unbound(case, "A07.1.3")
    if unbound:
        yield unbound
    elif case.dossier.weekly_screenings is None:
        yield case.not_given("A07.1.3", "weekly_screenings")
    elif points := list(_recorded(case)):
        yield from case.conclude("A07.1.3", "seller", points)
    else:
        yield case.finding("A07.1.3", Outcome.NOT_DUE, "not_due")


def controls_risks(case: Case) -> Iterator[Finding]:
    """A07.1.4: 定期开展质量安全风险分析研判，评估质量安全状况，行使质量安全一票否决权，并采取处置措施."""
    unbound = _unbound(case, "A07.1.4")
    if unbound:
        yield unbound
        return
    if case.dossier.weekly_screenings is None:
        yield case.not_given("A07.1.4", "weekly_screenings")
        return
    points = [*_analysed(case), *_overdue(case), *_vetoes(case)]
    violated = any(p.outcome is Outcome.VIOLATED for p in points)
    if not case.dossier.complete("hazards") and not violated:
        yield case.not_given("A07.1.4", "hazards")
    elif points:
        yield from case.conclude("A07.1.4", "seller", points)
    else:
        yield case.finding("A07.1.4", Outcome.NOT_DUE, "not_due")


def _analysed(case: Case) -> Iterator[Point]:
    screenings = by_id(case.dossier.weekly_screenings)
    for slot, certain in _director_weeks(case):
        if slot.record is None:
            continue
        screening = screenings[slot.record]
        point = partial(Point, period=str(slot.period), certain=certain)
        if screening.analysis and screening.rating:
            yield point(outcome=Outcome.SATISFIED, reason="rated")
        else:
            lacks = case.because(
                screening, f"{slot.period} 缺少分析研判或评价", f"{slot.period} lacks analysis or rating"
            )
            yield point(outcome=Outcome.VIOLATED, reason="not_rated", because=(lacks,))


def _overdue(case: Case) -> Iterator[Point]:
    for hazard in case.dossier.hazards or ():
        if is_open(hazard) and hazard.due_on is not None and hazard.due_on < case.on:
            because = case.because(
                hazard,
                f"{hazard.id} 整改期限 {hazard.due_on}，未完成",
                f"{hazard.id} was due {hazard.due_on} and is not done",
            )
            yield Point(
                outcome=Outcome.NEEDS_JUDGEMENT, reason="overdue", because=(because,), fields={"record": hazard.id}
            )


def _vetoes(case: Case) -> Iterator[Point]:
    """Sale that goes on after the director's veto: no day on which it was stopped."""
    defects = by_id(case.dossier.defects)
    for opinion in case.dossier.opinions or ():
        day = local_day(opinion.raised_at, case.plan.zone)
        by_director = case.plan.posts.of_person(Role.DIRECTOR, opinion.raised_by, day)
        defect = defects.get(opinion.about or "")
        if opinion.kind is OpinionKind.VETO and by_director and defect is not None and defect.stopped_on is None:
            because = (
                case.because(
                    opinion, f"{opinion.raised_by} 于 {day} 提出否决", f"veto by {opinion.raised_by} on {day}"
                ),
                case.because(
                    defect, f"缺陷 {defect.id} 没有停售日期", f"defect {defect.id}: no day on which sale stopped"
                ),
            )
            yield Point(
                outcome=Outcome(case.readings.veto_effect),
                reason="sale_goes_on",
                certain=case.in_scope is True,
                because=because,
                readings=("veto_effect",),
                fields={"record": defect.id},
            )


def is_open(hazard: Hazard) -> bool:
    """Whether a hazard is not yet put right."""
    return hazard.state in ("open", "contained")


def recently(case: Case, days: Sequence[date]) -> bool | None:
    """Whether the latest of some days lies within ``training_months`` of ``on``; None: there is none."""
    if not days:
        return None
    months = case.readings.training_months
    return months is None or max(days) >= case.on - relativedelta(months=months)


def trains_employees(case: Case) -> Iterator[Finding]:
    """A07.1.5: 对员工组织开展质量安全教育、培训和考核."""
    unbound = _unbound(case, "A07.1.5")
    if unbound:
        yield unbound
        return
    trainings = case.dossier.trainings or ()
    recent = recently(case, [t.on for t in trainings])
    if recent is None:
        if case.dossier.complete("trainings"):
            yield case.finding("A07.1.5", Outcome.VIOLATED, "no_training")
        else:
            yield case.not_given("A07.1.5", "trainings")
        return
    last = max(trainings, key=lambda t: t.on)
    because = (case.because(last, f"最近一次培训 {last.on}", f"last training on {last.on}"),)
    points = [Point(outcome=Outcome.SATISFIED, reason="trained", because=because, readings=("training_months",))]
    if not recent:
        points.append(Point(outcome=Outcome.SATISFIED, reason="long_ago", remark=True, fields={"day": str(last.on)}))
    yield from case.conclude("A07.1.5", "seller", points)


def rectifies_inspections(case: Case) -> Iterator[Finding]:
    """A07.1.6: 对检查发现的问题积极整改落实."""
    unbound = _unbound(case, "A07.1.6")
    if unbound:
        yield unbound
        return
    inspections = [i for i in case.dossier.inspections or () if in_window(case, i.on)]
    named = {h for i in inspections for h in i.findings}
    rows = [
        h
        for h in case.dossier.hazards or ()
        if h.id in named or (h.source is HazardSource.INSPECTION and in_window(case, h.found_on))
    ]
    missing = [n for n in ("inspections", "hazards") if not case.dossier.complete(n)]
    if rows:
        yield from case.conclude("A07.1.6", "seller", [_rectified(case, h) for h in rows])
    elif missing:
        yield case.not_given("A07.1.6", *missing)
    else:
        yield case.finding("A07.1.6", Outcome.NOT_DUE, "no_event")


def _rectified(case: Case, hazard: Hazard) -> Point:
    point = partial(Point, certain=case.in_scope is True, fields={"record": hazard.id})
    if not is_open(hazard):
        done = case.because(
            hazard, f"{hazard.id} 已整改（{hazard.done_on}）", f"{hazard.id} rectified ({hazard.done_on})"
        )
        return point(outcome=Outcome.SATISFIED, reason="rectified", because=(done,), fields={})
    left = case.because(
        hazard,
        f"{hazard.id} 未整改（期限 {hazard.due_on or '未定'}）",
        f"{hazard.id} open (due {hazard.due_on or 'not set'})",
    )
    if hazard.due_on is not None and hazard.due_on < case.on:
        return point(outcome=Outcome.VIOLATED, reason="not_rectified", because=(left,))
    return point(outcome=Outcome.NEEDS_JUDGEMENT, reason="rectification_open", because=(left,))


def duty_paper(case: Case, obligation: str, kind: RuleKind, items: Sequence[int]) -> Iterator[Finding]:
    """A duty paper that is approved, in force, and covers every item of its article."""
    holds, text = approved(case, kind)
    if holds and text is not None:
        because = [_text(case, text)]
        if text.covers is None:
            yield case.finding(obligation, Outcome.NEEDS_JUDGEMENT, "coverage_unknown", because=because)
            return
        left = [i for i in items if i not in text.covers]
        if left:
            numbers = listed(left)
            yield case.finding(obligation, Outcome.VIOLATED, "not_covered", because=because, items=numbers)
        else:
            yield case.finding(obligation, Outcome.SATISFIED, "covered", because=because)
    elif holds is None and text is not None:
        yield case.finding(obligation, Outcome.UNKNOWN, "undated", because=[undated(case, text)])
    elif holds is None:
        yield case.not_given(obligation, "texts")
    else:
        yield case.finding(obligation, Outcome.VIOLATED, "no_paper")


def director_duties_paper(case: Case) -> Iterator[Finding]:
    """A07.2: 销售单位应当按照前款规定，结合实际细化制定《质量安全总监职责》."""
    unbound = _unbound(case, "A07.2")
    if unbound is None:
        yield from duty_paper(case, "A07.2", RuleKind.DIRECTOR_DUTIES, _SIX)
        return
    holds, text = approved(case, RuleKind.DIRECTOR_DUTIES)
    whole = text is not None and text.covers is not None and set(_SIX) <= set(text.covers)
    if unbound.outcome is Outcome.UNKNOWN and holds and text is not None and whole:
        yield case.finding("A07.2", Outcome.SATISFIED, "covered", because=[_text(case, text)])
    else:
        yield unbound


ROWS: tuple[Callable[[Case], Iterator[Finding]], ...] = (
    answers_to_principal,
    organises_compliance,
    organises_rules,
    supervises,
    controls_risks,
    trains_employees,
    rectifies_inspections,
    director_duties_paper,
)
"""The rules of Article 7, in its order."""
