"""Article 9: a dynamic mechanism, the risk control list, and the three working rules."""

from collections.abc import Iterator
from datetime import date

from dateutil.relativedelta import relativedelta

from qsafety.bilingual import listed
from qsafety.findings import Case, Finding, Point
from qsafety.law.vocabulary import Frequency, Outcome, RuleKind
from qsafety.rules.house_rules import approved, list_undated

_WORKING_RULES = (RuleKind.DAILY_CONTROL, RuleKind.WEEKLY_SCREENING, RuleKind.MONTHLY_COORDINATION)


def kept_current(case: Case) -> Iterator[Finding]:
    """A09.1: 应当建立基于工业产品质量安全风险防控的动态管理机制，结合单位实际，落实自查要求."""
    if case.in_scope is False:
        yield case.out_of_scope("A09.1")
        return
    dated: list[tuple[date, str]] = []
    for row in case.dossier.risk_lists or ():
        days = [d for d in (row.effective_on, row.approved_on, row.reviewed_on) if d is not None and d <= case.on]
        dated.extend((day, row.id) for day in days if row.approved_by)
    if not dated:
        if case.dossier.complete("risk_lists"):
            yield case.finding("A09.1", Outcome.VIOLATED, "no_list")
        else:
            yield case.not_given("A09.1", "risk_lists")
        return
    last, record = max(dated)
    months = case.readings.review_months
    lists = {r.id: r for r in case.dossier.risk_lists or ()}
    because = (case.because(lists[record], f"最近一次换版或复核 {last}", f"last version or review on {last}"),)
    points = [Point(outcome=Outcome.SATISFIED, reason="current", because=because, readings=("review_months",))]
    if months is not None and last < case.on - relativedelta(months=months):
        points.append(Point(outcome=Outcome.SATISFIED, reason="long_ago", remark=True, fields={"day": str(last)}))
    yield from case.conclude("A09.1", "seller", points)


def list_made(case: Case) -> Iterator[Finding]:
    """A09.2: 制定《工业产品质量安全风险管控清单》."""
    if case.in_scope is False:
        yield case.out_of_scope("A09.2")
        return
    in_force = case.plan.list_on(case.on)
    if in_force is None:
        if list_undated(case):
            yield case.finding("A09.2", Outcome.UNKNOWN, "list_undated")
        elif case.dossier.complete("risk_lists"):
            yield case.finding("A09.2", Outcome.VIOLATED, "no_list")
        else:
            yield case.not_given("A09.2", "risk_lists")
        return
    shown = case.because(in_force, f"清单 {in_force.version}，{len(in_force.items)} 项", f"list {in_force.version}")
    if not in_force.items:
        yield case.finding("A09.2", Outcome.VIOLATED, "empty_list", because=[shown])
        return
    covered = {code for item in in_force.items for code in item.products}
    for_all = any(not item.products for item in in_force.items)
    lines = [p for p in case.dossier.products or () if p.active_on(case.on) and not for_all and p.id not in covered]
    sure = [p.id for p in lines if p.in_scope]
    unsure = [p.id for p in lines if p.in_scope is None]
    if sure:
        yield case.finding("A09.2", Outcome.NEEDS_JUDGEMENT, "uncovered", because=[shown], lines=listed(sure))
    elif not any(item.frequency is Frequency.DAILY for item in in_force.items):
        yield case.finding("A09.2", Outcome.NEEDS_JUDGEMENT, "no_daily_item", because=[shown])
    elif unsure:
        yield case.finding("A09.2", Outcome.UNKNOWN, "perhaps_uncovered", because=[shown], lines=listed(unsure))
    elif not for_all and not case.dossier.complete("products"):
        yield case.not_given("A09.2", "products")
    else:
        yield case.finding("A09.2", Outcome.SATISFIED, "list_made", because=[shown])


def working_rules(case: Case) -> Iterator[Finding]:
    """A09.3: 建立健全日管控、周排查、月调度工作制度."""
    if case.in_scope is False:
        yield case.out_of_scope("A09.3")
        return
    states = {kind: approved(case, kind) for kind in _WORKING_RULES}
    because = [
        case.because(text, f"{text.quoted}：{text.status.zh}", f"{text.title!r}: {text.status.en}")
        for _, text in states.values()
        if text is not None
    ]
    missing = [kind.label for kind, (holds, _) in states.items() if holds is False]
    if missing:
        yield case.finding("A09.3", Outcome.VIOLATED, "rules_missing", because=because, kinds=listed(missing))
    elif any(holds is None for holds, _ in states.values()):
        if case.dossier.texts is None:
            yield case.not_given("A09.3", "texts")
        else:
            yield case.finding("A09.3", Outcome.UNKNOWN, "undated", because=because)
    else:
        yield case.finding("A09.3", Outcome.SATISFIED, "approved", because=because)
