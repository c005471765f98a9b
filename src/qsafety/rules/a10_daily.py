"""Article 10: 日管控 — every day the officer checks against the risk control list, and records it, also when nothing is found."""

from collections.abc import Iterator, Sequence, Set
from datetime import date, timedelta
from functools import partial

from qsafety.bilingual import listed
from qsafety.cadence import Slot
from qsafety.dossier import DailyCheck, Hazard
from qsafety.dossier.known import local_day
from qsafety.findings import SELLER, Case, Finding, Point, Reason
from qsafety.law.vocabulary import (
    Cadence,
    CheckOutcome,
    DailyConclusion,
    Frequency,
    HazardSource,
    Outcome,
    Role,
    RuleKind,
    SlotStatus,
)
from qsafety.periods import IsoWeek, Month, periods
from qsafety.rules.a06_eligibility import against
from qsafety.rules.events import slow
from qsafety.rules.failures import Failure, Failures
from qsafety.rules.house_rules import established, list_undated
from qsafety.rules.slots import best_act, by_id, missed_point, record_points

_BULK = timedelta(minutes=10)


def rules_established(case: Case) -> Iterator[Finding]:
    """A10.1: 应当建立工业产品质量安全日管控制度."""
    yield from established(case, "A10.1", RuleKind.DAILY_CONTROL)


def subject_of(outlet: str | None) -> str:
    """The subject of a finding about an outlet, or about the seller itself."""
    return SELLER if outlet is None else f"outlet:{outlet}"


def _per_outlet(case: Case, obligation: str, points: dict[str | None, list[Point]]) -> Iterator[Finding]:
    """The findings of each outlet; where nothing was due, that."""
    for outlet in case.plan.outlets:
        found = points.get(outlet, [])
        if any(not p.remark for p in found):
            yield from case.conclude(obligation, subject_of(outlet), found)
        else:
            yield nothing_due(case, obligation, subject_of(outlet))


def nothing_due(case: Case, obligation: str, subject: str = SELLER) -> Finding:
    """No slot, no trigger: not due; out of scope, where that is so."""
    if case.in_scope is False:
        return case.out_of_scope(obligation)
    return case.finding(obligation, Outcome.NOT_DUE, "not_due", subject=subject)


def checked_every_day(case: Case) -> Iterator[Finding]:
    """A10.2: 质量安全员每日根据《工业产品质量安全风险管控清单》进行检查."""
    if case.dossier.daily_checks is None:
        yield case.not_given("A10.2", "daily_checks")
        return
    points = {outlet: list(found) for outlet, found in case.once(_acts)}
    due = {(s.outlet, s.period.start) for s in case.slots if s.status is not SlotStatus.NOT_REQUIRED}
    for outlet, found in points.items():
        found.extend(_weekly_and_monthly_items(case, outlet, due))
    yield from _per_outlet(case, "A10.2", points)


def checked_each_day(case: Case) -> Iterator[Finding]:
    """A10.2 day by day, without its remarks on the list's weekly and monthly items: what Article 8 repeats."""
    if case.dossier.daily_checks is None:
        yield case.not_given("A10.2", "daily_checks")
    else:
        yield from _per_outlet(case, "A10.2", dict(case.once(_acts)))


def _acts(case: Case) -> Iterator[tuple[str | None, list[Point]]]:
    """What each due day says, by outlet."""
    points: dict[str | None, list[Point]] = {}
    for slot in case.judged_slots(Cadence.DAILY_CONTROL):
        found = points.setdefault(slot.outlet, [])
        checks = case.plan.checks.get((slot.outlet, slot.period.start), ())
        if checks:
            found.extend(best_act(checks, slot.record, partial(_act, case, slot)))
        else:
            found.append(missed_point(case, slot, "daily_checks"))
    yield from points.items()


def _act(case: Case, slot: Slot, check: DailyCheck) -> Iterator[Point]:
    """One day's check: by an officer in post, and every daily item of the list in force answered."""
    point = partial(Point, period=str(slot.period), certain=slot.certain)
    bad: list[Point] = []
    remarks: list[Point] = []
    posts = case.plan.posts
    where = posts.of_person(Role.OFFICER, check.officer, check.day)
    here = [a for a in where if a.outlet is None or slot.outlet is None or a.outlet == slot.outlet]
    by = case.because(check, f"{check.day} 由 {check.officer} 检查", f"checked by {check.officer} on {check.day}")
    if not where:
        if case.dossier.complete("appointments"):
            bad.append(point(outcome=Outcome.VIOLATED, reason="not_officer", because=(by,)))
        else:
            bad.append(point(outcome=Outcome.UNKNOWN, reason="officer_unknown", because=(by,), needs=("appointments",)))
    elif not here and case.readings.officer_outlet == "appointed_outlet":
        bad.append(point(outcome=Outcome.VIOLATED, reason="other_outlet", because=(by,), readings=("officer_outlet",)))
    elif reasons := tuple(against(case, check.officer, Role.OFFICER, check.day)):
        strict = case.readings.ineligible_record == "violated"
        ineligible = point(
            outcome=Outcome.VIOLATED if strict else Outcome.SATISFIED,
            reason="ineligible",
            because=(by, *reasons),
            readings=("ineligible_record",),
            remark=not strict,
        )
        (bad if strict else remarks).append(ineligible)
    in_force = case.plan.list_on(check.day)
    if in_force is None:
        unknown = not case.dossier.complete("risk_lists") or list_undated(case)
        outcome, reason = (Outcome.UNKNOWN, "list_unknown") if unknown else (Outcome.VIOLATED, "no_list")
        none = case.no_record(f"{check.day} 没有生效的风险管控清单", f"no risk control list in force on {check.day}")
        bad.append(point(outcome=outcome, reason=reason, because=(by, none), needs=("risk_lists",)))
    elif unanswered := case.plan.unanswered(check):
        items = listed(unanswered)
        left = case.because(
            check,
            f"{check.day} 未答复清单项目 {items.zh}"
            + (f"，录入于 {case.plan.recorded_on(check)}" if slot.late else ""),
            f"items {items.en} left unanswered on {check.day}"
            + (f", recorded on {case.plan.recorded_on(check)}" if slot.late else ""),
        )
        bad.append(point(outcome=Outcome.VIOLATED, reason="incomplete", because=(left,)))
    worst = min((p.outcome for p in bad), key=list(Outcome).index, default=None)
    if worst is None:
        yield point(outcome=Outcome.SATISFIED, reason="checked", readings=("daily_days", "daily_scope"))
    yield from (p for p in bad if p.outcome is worst)
    yield from remarks


def _weekly_and_monthly_items(case: Case, outlet: str | None, due: Set[tuple[str | None, date]]) -> Iterator[Point]:
    """Items of the list to be looked at weekly or monthly that no check of a whole week or month answers: a remark."""
    for kind, frequency in ((IsoWeek, Frequency.WEEKLY), (Month, Frequency.MONTHLY)):
        missing: dict[str, None] = {}
        for period in periods(kind, case.since, case.on):
            in_force = case.plan.list_on(period.end)
            items = [i.code for i in in_force.items if i.frequency is frequency] if in_force else []
            days = [(outlet, day) for day in period.days()] if items else []
            if not due.isdisjoint(days) and case.plan.over(period):
                answered = {
                    result.code
                    for day in days
                    for check in case.plan.checks.get(day, ())
                    for result in check.results
                    if result.outcome is not CheckOutcome.NOT_CHECKED
                }
                missing |= dict.fromkeys(code for code in items if code not in answered)
        if missing:
            yield Point(
                outcome=Outcome.SATISFIED,
                reason=f"{frequency}_items",
                remark=True,
                fields={"items": listed(sorted(missing))},
            )


def recorded(case: Case) -> Iterator[Finding]:
    """A10.3: 形成《每日工业产品质量安全检查记录》 — a record of each due day, made that day."""
    if case.dossier.daily_checks is None:
        yield case.not_given("A10.3", "daily_checks")
        return
    checks = by_id(case.dossier.daily_checks)
    points: dict[str | None, list[Point]] = {}
    for slot in case.judged_slots(Cadence.DAILY_CONTROL):
        found = points.setdefault(slot.outlet, [])
        if slot.record is None:
            found.append(missed_point(case, slot, "daily_checks"))
        else:
            found.extend(record_points(case, slot, checks[slot.record], slot.period.start))
    checks_of: dict[str | None, list[DailyCheck]] = {}
    for (outlet, day), rows in case.plan.checks.items():
        if case.since <= day <= case.on:
            checks_of.setdefault(outlet, []).extend(rows)
    for outlet, found in points.items():
        found.extend(_filled_in_at_once(case, checks_of.get(outlet, ())))
    yield from _per_outlet(case, "A10.3", points)


def _filled_in_at_once(case: Case, checks: Sequence[DailyCheck]) -> Iterator[Point]:
    """Three or more different days recorded within ten minutes: filled in afterwards? A remark."""
    rows = sorted((check.recorded_at, check.id, check) for check in checks if check.recorded_at is not None)
    found: dict[str, DailyCheck] = {}
    start = 0
    for end, (at, _, _) in enumerate(rows):
        while at - rows[start][0] > _BULK:
            start += 1
        burst = [check for _, _, check in rows[start : end + 1]]
        if len({c.day for c in burst}) >= 3:
            found |= {c.id: c for c in burst}
    because = tuple(
        case.because(
            c, f"{c.day} 的记录录入于 {c.recorded_at:%Y-%m-%d %H:%M} UTC", f"{c.day} recorded at {c.recorded_at}"
        )
        for c in found.values()
    )
    for day in sorted({str(c.day) for c in found.values()}):
        yield Point(outcome=Outcome.SATISFIED, reason="in_bulk", period=day, remark=True, because=because)


def precautions(case: Case) -> Iterator[Finding]:
    """A10.4: 对发现的质量安全风险隐患，应当立即采取防范措施 — each failed item has a hazard, each hazard a precaution."""
    if case.dossier.daily_checks is None and case.dossier.hazards is None:
        yield case.not_given("A10.4", "daily_checks", "hazards")
        return
    failures = Failures(case)
    points: dict[str | None, list[Point]] = {}
    for failure in failures.without_hazard:
        points.setdefault(failure.outlet, []).append(_unrecorded(case, failure))
    for hazard, failed_on, outlet in failures.hazards:
        points.setdefault(outlet, []).extend(_precaution(case, hazard, failed_on, outlet))
    yield from _events(case, "A10.4", points)


def _unrecorded(case: Case, failure: Failure) -> Point:
    """A failed item without a hazard: no precaution and no report can be shown."""
    check, code = failure.check, failure.code
    complete = case.dossier.complete("hazards")
    return Point(
        outcome=Outcome.VIOLATED if complete else Outcome.UNKNOWN,
        reason="no_hazard" if complete else "hazards_unknown",
        period=str(check.day),
        certain=case.scope_on(failure.outlet, check.day) is True,
        because=(case.because(check, f"{check.day} {code} 不合格", f"{code} failed on {check.day}"),),
        needs=("hazards",),
        fields={"item": code},
    )


def _precaution(case: Case, hazard: Hazard, failed_on: date | None, outlet: str | None) -> Iterator[Point]:
    point = partial(
        Point,
        period=str(failed_on) if failed_on else None,
        certain=case.scope_on(outlet, hazard.found_on) is True,
        fields={"record": hazard.id},
    )
    if not hazard.precaution:
        none = case.because(hazard, f"隐患 {hazard.id} 没有防范措施", f"hazard {hazard.id} has no precaution")
        yield point(outcome=Outcome.VIOLATED, reason="no_precaution", because=(none,))
    else:
        taken = case.because(hazard, f"{hazard.id} 防范措施：{hazard.precaution}", f"{hazard.id}: {hazard.precaution}")
        yield point(outcome=Outcome.SATISFIED, reason="contained", because=(taken,), fields={})
        yield from slow(case, hazard.found_on, hazard.precaution_at, "precaution_slow", hazard.id)


def _events(case: Case, obligation: str, points: dict[str | None, list[Point]]) -> Iterator[Finding]:
    """An event duty, by outlet; where nothing triggered it: not due from complete records, unknown else."""
    for outlet, found in points.items():
        yield from case.conclude(obligation, subject_of(outlet), found)
    if points:
        return
    if case.dossier.complete("daily_checks"):
        yield nothing_due(case, obligation)
    else:
        yield case.not_given(obligation, "daily_checks")


def reported(case: Case) -> Iterator[Finding]:
    """A10.5: 及时上报质量安全总监或者单位主要负责人."""
    if case.dossier.daily_checks is None and case.dossier.hazards is None:
        yield case.not_given("A10.5", "daily_checks", "hazards")
        return
    failures = Failures(case)
    points: dict[str | None, list[Point]] = {}
    for failure in failures.without_hazard:
        points.setdefault(failure.outlet, []).append(_unrecorded(case, failure))
    for hazard, failed_on, outlet in failures.hazards:
        if hazard.source is HazardSource.DAILY:
            points.setdefault(outlet, []).extend(_report(case, hazard, failed_on, outlet))
    if points or case.dossier.complete("hazards"):
        yield from _events(case, "A10.5", points)
    else:
        yield case.not_given("A10.5", "hazards")


def _report(case: Case, hazard: Hazard, failed_on: date | None, outlet: str | None) -> Iterator[Point]:
    point = partial(
        Point,
        period=str(failed_on) if failed_on else None,
        certain=case.scope_on(outlet, hazard.found_on) is True,
        fields={"record": hazard.id},
    )
    posts = case.plan.posts
    if not hazard.reported_to:
        none = case.because(hazard, f"隐患 {hazard.id} 没有上报记录", f"hazard {hazard.id} was not reported")
        yield point(outcome=Outcome.VIOLATED, reason="not_reported", because=(none,))
        return
    day = local_day(hazard.reported_at, case.plan.zone) if hazard.reported_at else hazard.found_on
    to = case.because(
        hazard,
        f"{hazard.id} 于 {day} 上报 {hazard.reported_to}",
        f"{hazard.id} reported to {hazard.reported_to} on {day}",
    )
    if any(posts.of_person(role, hazard.reported_to, day) for role in (Role.DIRECTOR, Role.PRINCIPAL)):
        yield point(outcome=Outcome.SATISFIED, reason="reported", because=(to,), fields={})
        if hazard.reported_at is None:
            yield point(outcome=Outcome.SATISFIED, reason="report_undated", remark=True, period=None)
        yield from slow(case, hazard.found_on, hazard.reported_at, "report_slow", hazard.id)
    elif case.dossier.complete("appointments"):
        yield point(outcome=Outcome.VIOLATED, reason="reported_elsewhere", because=(to,))
    else:
        yield point(outcome=Outcome.UNKNOWN, reason="report_unknown", because=(to,), needs=("appointments",))


def zero_risk(case: Case) -> Iterator[Finding]:
    """A10.6: 未发现问题的，也应当予以记录，实行零风险报告."""
    failures = Failures(case)
    unmatched: dict[tuple[str | None, date], list[Hazard]] = {}
    for hazard, failed_on, outlet in failures.hazards:
        if failed_on is None:
            unmatched.setdefault((outlet, hazard.found_on), []).append(hazard)
    points: dict[str | None, list[Point]] = {}
    for outlet, check in failures.checks:
        others = unmatched.get((outlet, check.day), ())
        codes = failures.codes(check)
        points.setdefault(outlet, []).append(_conclusion(case, outlet, check, codes, others))
    yield from _events(case, "A10.6", points)


def _conclusion(
    case: Case, outlet: str | None, check: DailyCheck, codes: Sequence[str], others: Sequence[Hazard]
) -> Point:
    point = partial(Point, period=str(check.day), certain=case.scope_on(outlet, check.day) is True)
    problems = bool(codes or others)
    if check.conclusion is (DailyConclusion.PROBLEMS_FOUND if problems else DailyConclusion.ZERO_RISK):
        return point(outcome=Outcome.SATISFIED, reason="concluded")
    said = check.conclusion.label.zh if check.conclusion else "未填"
    because: tuple[Reason, ...] = (
        case.because(
            check,
            f"{check.day} 结论：{said}；不合格项：{'、'.join(codes) or '无'}",
            f"{check.day} conclusion: {check.conclusion.en if check.conclusion else 'none'}; failed items: {', '.join(codes) or 'none'}",
        ),
        *(case.because(h, f"当日发现隐患 {h.id}", f"hazard {h.id} found that day") for h in others),
    )
    if check.conclusion is None:
        return point(outcome=Outcome.VIOLATED, reason="no_conclusion", because=because)
    if problems:
        return point(outcome=Outcome.VIOLATED, reason="contradiction", because=because)
    if not case.dossier.complete("hazards"):
        return point(outcome=Outcome.UNKNOWN, reason="hazards_unknown", because=because, needs=("hazards",))
    return point(outcome=Outcome.VIOLATED, reason="nothing_found", because=because)
