"""Article 8: what the quality safety officer answers for, and the paper that says so."""

from collections.abc import Callable, Iterator
from functools import partial

import attrs

from qsafety.dossier import NonconformingLot
from qsafety.dossier.known import local_day
from qsafety.findings import Case, Finding, Point
from qsafety.law.vocabulary import LotDisposition, Outcome, Role, RuleKind, Severity
from qsafety.rules.a07_director_duties import duty_paper, performed, reports_to
from qsafety.rules.a10_daily import checked_each_day
from qsafety.rules.events import conclude, in_window, slow

_FIVE = range(1, 6)


def _nobody(case: Case, obligation: str) -> Finding | None:
    """Why there is no officer to judge; None: there is one."""
    if case.in_scope is False:
        return case.out_of_scope(obligation)
    if case.plan.posts.holders(Role.OFFICER, case.on):
        return None
    if not case.dossier.complete("appointments"):
        return case.not_given(obligation, "appointments")
    return case.finding(obligation, Outcome.NOT_DUE, "nobody_in_post")


def answers_to_head(case: Case) -> Iterator[Finding]:
    """A08.0: 质量安全员按照职责要求对质量安全总监或单位主要负责人负责."""
    nobody = _nobody(case, "A08.0")
    if nobody:
        yield nobody
    else:
        yield from reports_to(case, "A08.0", Role.OFFICER, [Role.DIRECTOR, Role.PRINCIPAL])


def guides_staff(case: Case) -> Iterator[Finding]:
    """A08.1.1: 督促指导员工落实岗位质量安全规范."""
    nobody = _nobody(case, "A08.1.1")
    if nobody:
        yield nobody
        return
    checks = {c.officer: c for c in case.dossier.daily_checks or () if not c.draft and case.since <= c.day <= case.on}
    for person in case.plan.posts.holders(Role.OFFICER, case.on):
        because = list(performed(case, person))
        if person in checks:
            last = checks[person]
            because.append(case.because(last, f"{person} 于 {last.day} 检查", f"{person} checked on {last.day}"))
        if because:
            yield case.finding("A08.1.1", Outcome.SATISFIED, "performed", subject=person, because=because)
        else:
            yield case.finding("A08.1.1", Outcome.UNKNOWN, "no_performance", subject=person, severity=Severity.ADVISORY)


def checks_rules(case: Case) -> Iterator[Finding]:
    """A08.1.2: 检查销售过程质量控制等制度落实情况 — by the daily check, as Article 10 has it."""
    for finding in case.once(checked_each_day):
        yield case.repeated(finding, "A08.1.2")


def controls_nonconforming(case: Case) -> Iterator[Finding]:
    """A08.1.3: 实施对不合格品的控制，督促问题处置并及时报告质量安全总监."""
    lots = [lot for lot in case.dossier.nonconforming or () if in_window(case, lot.on)]
    points = [p for lot in lots for p in (_disposed(case, lot), *_reported(case, lot))]
    yield from conclude(case, "A08.1.3", ["nonconforming"], points)


def _disposed(case: Case, lot: NonconformingLot) -> Point:
    point = partial(Point, certain=case.in_scope is True, fields={"record": lot.id})
    if lot.disposition is None:
        none = case.because(lot, f"{lot.id} 没有处置", f"{lot.id} has no disposition")
        return point(outcome=Outcome.VIOLATED, reason="not_disposed", because=(none,))
    what = case.because(lot, f"{lot.id} 处置：{lot.disposition.zh}", f"{lot.id}: {lot.disposition.en}")
    if lot.disposition is LotDisposition.RELEASE:
        return point(outcome=Outcome.NEEDS_JUDGEMENT, reason="released", because=(what,))
    return point(outcome=Outcome.SATISFIED, reason="disposed", because=(what,), fields={})


def _reported(case: Case, lot: NonconformingLot) -> Iterator[Point]:
    """Reported to the director, or to the principal where no director is in post."""
    point = partial(Point, certain=case.in_scope is True, fields={"record": lot.id})
    posts = case.plan.posts
    day = local_day(lot.reported_at or lot.on, case.plan.zone)
    heads = posts.holders(Role.DIRECTOR, day) or posts.holders(Role.PRINCIPAL, day)
    to = case.because(
        lot, f"{lot.id} 报告 {lot.reported_to or '（无）'}", f"{lot.id} reported to {lot.reported_to or 'nobody'}"
    )
    if lot.reported_to is None:
        yield point(outcome=Outcome.VIOLATED, reason="lot_not_reported", because=(to,))
    elif lot.reported_to in heads:
        yield point(outcome=Outcome.SATISFIED, reason="lot_reported", because=(to,), fields={})
        if lot.reported_at is None:
            yield point(outcome=Outcome.SATISFIED, reason="report_undated", remark=True)
        yield from slow(case, lot.on, lot.reported_at, "report_slow", lot.id)
    elif case.dossier.complete("appointments"):
        yield point(outcome=Outcome.VIOLATED, reason="lot_reported_elsewhere", because=(to,))
    else:
        yield point(outcome=Outcome.UNKNOWN, reason="lot_report_unknown", because=(to,))


def keeps_file(case: Case) -> Iterator[Finding]:
    """A08.1.4: 管理维护本单位销售产品质量安全档案，按要求保存相关资料 — a valid certificate for each line that needs one."""
    if case.in_scope is False:
        yield case.out_of_scope("A08.1.4")
        return
    if case.dossier.products is None:
        yield case.not_given("A08.1.4", "products")
        return
    points: list[Point] = []
    for line in case.dossier.products:
        if not line.active_on(case.on) or line.exclusion is not None or line.licensed_or_certified is False:
            continue
        point = partial(Point, fields={"line": line.id})
        number, until = line.certificate_number, line.certificate_valid_to
        shown = case.because(
            line,
            f"{line.name}（{line.id}）证书 {number or '（无）'}，有效期至 {until or '（未登记）'}",
            f"{line.name} ({line.id}): certificate {number or 'none'}, valid to {until or 'not recorded'}",
        )
        if line.licensed_or_certified is None:
            points.append(point(outcome=Outcome.UNKNOWN, reason="regimes_unknown", because=(shown,)))
        elif not number:
            points.append(point(outcome=Outcome.NEEDS_JUDGEMENT, reason="no_certificate", because=(shown,)))
        elif until is not None and until < case.on:
            points.append(point(outcome=Outcome.NEEDS_JUDGEMENT, reason="expired", because=(shown,)))
        else:
            points.append(point(outcome=Outcome.SATISFIED, reason="certified", because=(shown,), fields={}))
            if until is None:
                points.append(point(outcome=Outcome.SATISFIED, reason="no_expiry", remark=True))
    if not points:
        yield case.finding("A08.1.4", Outcome.NOT_DUE, "no_certificate_needed")
        return
    for finding in case.conclude("A08.1.4", "seller", points):
        heavy = finding.outcome in (Outcome.NEEDS_JUDGEMENT, Outcome.UNKNOWN)
        yield attrs.evolve(finding, severity=Severity.ADVISORY) if heavy else finding


def cooperates(case: Case) -> Iterator[Finding]:
    """A08.1.5: 接受和配合监督检查等工作，如实提供有关材料."""
    points = []
    for inspection in case.dossier.inspections or ():
        if not in_window(case, inspection.on):
            continue
        point = partial(Point, certain=case.in_scope is True, fields={"record": inspection.id})
        shown = case.because(
            inspection,
            f"{inspection.on} 提供材料：{inspection.materials or '（未登记）'}",
            f"{inspection.on}: material provided: {inspection.materials or 'not recorded'}",
        )
        if inspection.refused:
            points.append(point(outcome=Outcome.VIOLATED, reason="refused", because=(shown,)))
        elif inspection.materials:
            points.append(point(outcome=Outcome.SATISFIED, reason="provided", because=(shown,), fields={}))
        else:
            points.append(point(outcome=Outcome.UNKNOWN, reason="material_unknown", because=(shown,)))
    yield from conclude(case, "A08.1.5", ["inspections"], points)


def officer_code(case: Case) -> Iterator[Finding]:
    """A08.2: 销售单位应当按照前款规定，结合实际细化制定《质量安全员守则》."""
    if case.in_scope is False:
        yield case.out_of_scope("A08.2")
    else:
        yield from duty_paper(case, "A08.2", RuleKind.OFFICER_CODE, _FIVE)


ROWS: tuple[Callable[[Case], Iterator[Finding]], ...] = (
    answers_to_head,
    guides_staff,
    checks_rules,
    controls_nonconforming,
    keeps_file,
    cooperates,
    officer_code,
)
"""The rules of Article 8, in its order."""
