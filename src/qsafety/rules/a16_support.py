"""Article 16, first and second paragraphs: working conditions, education, post benefits; incentives are only encouraged."""

from collections.abc import Iterator
from functools import partial

import attrs

from qsafety.findings import Case, Finding, Point
from qsafety.law.vocabulary import Outcome, Severity, SupportKind
from qsafety.rules.a07_director_duties import recently

_NECESSARY = (SupportKind.WORK_CONDITION, SupportKind.EDUCATION, SupportKind.POST_BENEFIT)
_INCENTIVES = (SupportKind.COMMEND, SupportKind.REWARD, SupportKind.DISCIPLINE)


def support(case: Case) -> Iterator[Finding]:
    """A16.1: 应当为质量安全总监和质量安全员提供必要的工作条件、教育培训和岗位待遇."""
    if case.in_scope is False:
        yield case.out_of_scope("A16.1")
        return
    if case.dossier.support is None:
        finding = case.not_given("A16.1", "support")
        yield attrs.evolve(finding, severity=Severity.ADVISORY)
        return
    points = []
    for kind in _NECESSARY:
        rows = [s for s in case.dossier.support if s.kind is kind]
        recent = recently(case, [s.on for s in rows])
        because = tuple(case.because(s, f"{s.on} {kind.zh}：{s.detail}", f"{s.on} {kind.en}") for s in rows)
        point = partial(Point, because=because, readings=("training_months",), fields={"kind": kind.label})
        if recent is None:
            complete = case.dossier.complete("support")
            outcome = Outcome.NEEDS_JUDGEMENT if complete else Outcome.UNKNOWN
            points.append(point(outcome=outcome, reason="never"))
            continue
        points.append(point(outcome=Outcome.SATISFIED, reason="provided", fields={}))
        if not recent:
            points.append(point(outcome=Outcome.SATISFIED, reason="long_ago", remark=True, because=()))
    for finding in case.conclude("A16.1", "seller", points):
        heavy = finding.outcome in (Outcome.NEEDS_JUDGEMENT, Outcome.UNKNOWN)
        yield attrs.evolve(finding, severity=Severity.ADVISORY) if heavy else finding


def incentives(case: Case) -> Iterator[Finding]:
    """A16.2: 鼓励销售单位建立激励约束机制 — encouraged; never a breach."""
    if case.in_scope is False:
        yield case.out_of_scope("A16.2")
        return
    rows = [s for s in case.dossier.support or () if s.kind in _INCENTIVES]
    because = [case.because(s, f"{s.on} {s.kind.zh}：{s.detail}", f"{s.on} {s.kind.en}") for s in rows]
    if rows:
        yield case.finding("A16.2", Outcome.SATISFIED, "recorded_incentives", because=because)
    else:
        yield case.finding("A16.2", Outcome.NOT_APPLICABLE, "only_encouraged")
