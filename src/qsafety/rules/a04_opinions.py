"""Article 4: the principal supports and hears; a safety-endangering defect is vetoed, analysed, dealt with, recalled."""

from collections.abc import Iterator
from datetime import date
from functools import partial

import attrs

from qsafety.bilingual import listed
from qsafety.dossier import Decision, Defect, Opinion, either
from qsafety.dossier.known import local_day
from qsafety.findings import SELLER, Case, Finding, Point, Reason
from qsafety.law.vocabulary import OpinionKind, Outcome, Role, Severity
from qsafety.rules.a16_support import support
from qsafety.rules.events import conclude, in_window, slow
from qsafety.rules.slots import by_id

_STAFF = (Role.DIRECTOR, Role.OFFICER)
_HEADS = (Role.DIRECTOR, Role.OFFICER, Role.PRINCIPAL)


def supports(case: Case) -> Iterator[Finding]:
    """A04.1a: 应当支持和保障质量安全总监、质量安全员依法开展产品质量安全管理工作 — as Article 16 has it."""
    for finding in case.once(support):
        if finding.outcome is Outcome.NEEDS_JUDGEMENT and case.judgement("A04.1a", SELLER) is not None:
            yield case.finding("A04.1a", Outcome.NEEDS_JUDGEMENT, "judged", because=finding.because)
        else:
            yield case.repeated(finding, "A04.1a")


def hears(case: Case) -> Iterator[Finding]:
    """A04.1b: 在作出涉及产品质量安全的重大决策前，应当充分听取质量安全总监和质量安全员的意见或建议."""
    opinions = by_id(case.dossier.opinions)
    decisions = [d for d in case.dossier.decisions or () if in_window(case, d.decided_on)]
    points = [p for d in decisions if d.quality_related is not False for p in _heard(case, d, dict(opinions))]
    findings = list(conclude(case, "A04.1b", ["decisions"], points))
    for finding in findings:
        # whether they were heard "fully" is for a person to judge, and no breach by itself
        judged = finding.outcome is Outcome.NEEDS_JUDGEMENT
        yield attrs.evolve(finding, severity=Severity.ADVISORY) if judged else finding


def _heard(case: Case, decision: Decision, opinions: dict[str, Opinion]) -> Iterator[Point]:
    point = partial(Point, certain=case.in_scope is True, fields={"record": decision.id})
    what = case.because(
        decision,
        f"{decision.id} {decision.subject}（{decision.decided_on}）",
        f"{decision.id} {decision.subject} (decided {decision.decided_on})",
    )
    if decision.quality_related is None:
        yield point(outcome=Outcome.UNKNOWN, reason="kind_unknown", because=(what,))
        return
    heard = {
        o.raised_by: o
        for o in (opinions[i] for i in decision.heard if i in opinions)
        if local_day(o.raised_at, case.plan.zone) <= (decision.hearing_on or decision.decided_on)
    }
    late = decision.hearing_on is not None and decision.hearing_on > decision.decided_on
    in_post = {role: case.plan.posts.holders(role, decision.decided_on) for role in _STAFF}
    if not any(in_post.values()):
        if not case.dossier.complete("appointments"):
            yield point(outcome=Outcome.UNKNOWN, reason="staff_unknown", because=(what,))
        else:
            yield point(outcome=Outcome.NOT_DUE, reason="nobody_to_hear", because=(what,))
        return
    everyone = case.readings.hearing_all == "all"
    left_out = [
        role.label
        for role, people in in_post.items()
        if people and (late or not (all if everyone else any)(p in heard for p in people))
    ]
    shown = tuple(
        case.because(o, f"{o.raised_by} 意见 {o.id}", f"opinion {o.id} of {o.raised_by}") for o in heard.values()
    )
    if case.dossier.opinions is None and decision.heard and not late:
        yield point(outcome=Outcome.UNKNOWN, reason="opinions_unknown", because=(what,))
    elif left_out:
        roles = listed(left_out)
        yield point(
            outcome=Outcome.VIOLATED,
            reason="not_heard",
            because=(what, *shown),
            readings=("hearing_all",),
            fields={"record": decision.id, "roles": roles},
        )
    else:
        yield point(
            outcome=Outcome.NEEDS_JUDGEMENT, reason="fully_heard", because=(what, *shown), readings=("hearing_all",)
        )


def _defects(case: Case) -> list[Defect]:
    """The defects of the window."""
    return [d for d in case.dossier.defects or () if in_window(case, d.found_on)]


def _vetoes(case: Case, defect: Defect) -> list[Opinion]:
    """The vetoes of directors and officers in post that name a defect."""
    found = []
    for opinion in case.dossier.opinions or ():
        day = local_day(opinion.raised_at, case.plan.zone)
        staff = any(case.plan.posts.of_person(role, opinion.raised_by, day) for role in _STAFF)
        if opinion.kind is OpinionKind.VETO and opinion.about == defect.id and staff:
            found.append(opinion)
    return sorted(found, key=lambda o: (o.raised_at, o.id))


def _dealt_with(case: Case, defect: Defect) -> bool:
    """Whether somebody acted as if the defect endangered safety."""
    steps = (defect.analysed_on, defect.measures, defect.stopped_on, defect.eliminated_on, defect.recall_started_on)
    return any(step is not None for step in steps) or bool(_vetoes(case, defect))


def _dangerous(case: Case, defect: Defect) -> bool | None:
    if defect.endangers_safety is None and _dealt_with(case, defect):
        return True
    return defect.endangers_safety


def _what(case: Case, defect: Defect) -> Reason:
    return case.because(
        defect,
        f"缺陷 {defect.id}：{defect.product}，{defect.found_on} 由 {defect.found_by or '（未知）'} 发现",
        f"defect {defect.id}: {defect.product}, found {defect.found_on} by {defect.found_by or 'unknown'}",
    )


def vetoes(case: Case) -> Iterator[Finding]:
    """A04.2a: 发现产品存在危及安全的缺陷时，应当提出停止相应产品销售等否决建议."""
    points: list[Point] = []
    for defect in _defects(case):
        points.extend(_veto(case, defect))
    yield from conclude(case, "A04.2a", ["defects"], points)


def _veto(case: Case, defect: Defect) -> Iterator[Point]:
    point = partial(Point, certain=case.in_scope is True, because=(_what(case, defect),), fields={"record": defect.id})
    danger = _dangerous(case, defect)
    if danger is False:
        return
    if danger is None:
        yield point(outcome=Outcome.UNKNOWN, reason="danger_unknown")
    elif defect.found_by is None:
        yield point(outcome=Outcome.UNKNOWN, reason="finder_unknown")
    elif not any(case.plan.posts.of_person(role, defect.found_by, defect.found_on) for role in _STAFF):
        if not case.dossier.complete("appointments"):
            yield point(outcome=Outcome.UNKNOWN, reason="finder_unknown")
    else:
        raised = [v for v in _vetoes(case, defect) if local_day(v.raised_at, case.plan.zone) >= defect.found_on]
        if raised:
            first = raised[0]
            shown = case.because(
                first, f"{first.raised_by} 提出否决（{first.id}）", f"veto {first.id} by {first.raised_by}"
            )
            yield point(outcome=Outcome.SATISFIED, reason="vetoed", because=(_what(case, defect), shown), fields={})
            yield from slow(case, defect.found_on, first.raised_at, "veto_slow", defect.id)
        elif case.dossier.complete("opinions"):
            yield point(outcome=Outcome.VIOLATED, reason="not_vetoed")
        else:
            yield point(outcome=Outcome.UNKNOWN, reason="opinions_unknown")


def disposes(case: Case) -> Iterator[Finding]:
    """A04.2b: 应当立即组织分析研判，采取处置措施，消除风险隐患 — the seller's duty; the principal's under Order 76."""
    points: list[Point] = []
    for defect in _defects(case):
        points.extend(_disposition(case, defect))
    yield from conclude(case, "A04.2b", ["defects"], points)


def _disposition(case: Case, defect: Defect) -> Iterator[Point]:
    point = partial(Point, certain=case.in_scope is True, because=(_what(case, defect),), fields={"record": defect.id})
    danger = _dangerous(case, defect)
    if danger is False:
        return
    if danger is None:
        yield point(outcome=Outcome.UNKNOWN, reason="danger_unknown")
        return
    begun = _known_since(case, defect)
    if begun is None:
        if defect.found_by is None or not case.dossier.complete("appointments"):
            yield point(outcome=Outcome.UNKNOWN, reason="finder_unknown")
        else:
            yield point(outcome=Outcome.NOT_DUE, reason="known_to_nobody")
    elif defect.analysed_on is None or not (defect.measures or defect.stopped_on):
        yield point(outcome=Outcome.VIOLATED, reason="not_disposed")
    else:
        if defect.eliminated_on is None:
            yield point(outcome=Outcome.NEEDS_JUDGEMENT, reason="not_eliminated")
        else:
            yield point(outcome=Outcome.SATISFIED, reason="eliminated", fields={})
        yield from slow(case, begun, defect.analysed_on, "analysis_slow", defect.id)


def _known_since(case: Case, defect: Defect) -> date | None:
    """The day of the veto, or on which a director, officer or principal found the defect, whichever is first."""
    days = [local_day(v.raised_at, case.plan.zone) for v in _vetoes(case, defect)]
    finder = defect.found_by
    if finder and any(case.plan.posts.of_person(role, finder, defect.found_on) for role in _HEADS):
        days.append(defect.found_on)
    return min(days, default=None)


def recalls(case: Case) -> Iterator[Finding]:
    """A04.2c: 对已经销售的产品发现存在设计制造等同一性缺陷的，销售单位应当依法及时召回."""
    points = [p for defect in _defects(case) if (p := _recall(case, defect)) is not None]
    yield from conclude(case, "A04.2c", ["defects"], points)


def _recall(case: Case, defect: Defect) -> Point | None:
    point = partial(Point, certain=case.in_scope is True, because=(_what(case, defect),), fields={"record": defect.id})
    if defect.recall_started_on is not None:
        return point(outcome=Outcome.SATISFIED, reason="recalled", fields={})
    if defect.common is False or defect.sold == 0:
        return None
    if defect.common is None or defect.sold is None:
        return point(outcome=Outcome.UNKNOWN, reason="recall_unknown")
    return point(outcome=Outcome.VIOLATED, reason="not_recalled")


def reports_recall(case: Case) -> Iterator[Finding]:
    """A04.2d: 并按有关规定报市场监督管理部门."""
    days = case.edition.parameter("recall_report_deadline")
    points = []
    for defect in _defects(case):
        started = defect.recall_started_on
        if started is None:
            continue
        point = partial(
            Point, certain=case.in_scope is True, because=(_what(case, defect),), fields={"record": defect.id}
        )
        overdue = days is not None and (case.on - started).days > days
        if defect.recall_reported_on is not None:
            points.append(point(outcome=Outcome.SATISFIED, reason="recall_reported", fields={}))
        elif overdue or defect.closed_on is not None:
            points.append(point(outcome=Outcome.VIOLATED, reason="recall_not_reported"))
        else:
            points.append(point(outcome=Outcome.NEEDS_JUDGEMENT, reason="recall_report_open"))
    yield from conclude(case, "A04.2d", ["defects"], points)


def cooperates(case: Case) -> Iterator[Finding]:
    """A04.2e: 收到生产单位发布的召回通知后，应当配合生产单位及时召回相应产品."""
    points = []
    for defect in case.dossier.defects or ():
        notice = defect.producer_notice_on
        if notice is None or not in_window(case, notice):
            continue
        point = partial(
            Point, certain=case.in_scope is True, because=(_what(case, defect),), fields={"record": defect.id}
        )
        if defect.cooperated_on is None:
            points.append(point(outcome=Outcome.VIOLATED, reason="not_cooperated"))
            continue
        points.append(point(outcome=Outcome.SATISFIED, reason="cooperated", fields={}))
        points.extend(slow(case, notice, defect.cooperated_on, "cooperation_slow", defect.id))
        if defect.stopped_on is None:
            points.append(point(outcome=Outcome.SATISFIED, reason="sale_not_stopped", remark=True, because=()))
    yield from conclude(case, "A04.2e", ["defects"], points)


def under_article_4(case: Case, opinion: Opinion, decisions: dict[str, Decision]) -> bool | None:
    """Whether an opinion is one of Article 4: a veto on a safety-endangering defect, or heard before a quality-related decision."""
    defects = by_id(case.dossier.defects)
    defect = defects.get(opinion.about or "")
    veto = _dangerous(case, defect) if opinion.kind is OpinionKind.VETO and defect is not None else False
    decision = decisions.get(opinion.about or "")
    before: bool | None = False
    if decision is not None:
        in_time = local_day(opinion.raised_at, case.plan.zone) <= decision.decided_on
        before = decision.quality_related if in_time else False
    return either(veto, before)
