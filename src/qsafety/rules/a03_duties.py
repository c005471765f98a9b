"""Article 3: the seller's rules, responsibility system and staff; the principal answers for all of it."""

from collections.abc import Iterator, Sequence
from functools import partial

import attrs

from qsafety.bilingual import listed
from qsafety.dossier import Text, either
from qsafety.findings import Case, Finding, Point, Reason, as_reason
from qsafety.law.vocabulary import Outcome, Role, RuleKind, Severity
from qsafety.rules import a07_director_duties, a08_officer_duties
from qsafety.rules.a05_director import required
from qsafety.rules.house_rules import approved, established


def quality_rules(case: Case) -> Iterator[Finding]:
    """A03.1a: 应当建立健全产品质量管理制度."""
    yield from established(case, "A03.1a", RuleKind.QUALITY_RULES)


def responsibility_system(case: Case) -> Iterator[Finding]:
    """A03.1b: 落实产品质量安全责任制 — whether it is carried out is for a person to judge."""
    for finding in established(case, "A03.1b", RuleKind.RESPONSIBILITY_SYSTEM):
        if finding.outcome is not Outcome.SATISFIED:
            yield finding
            continue
        records = [
            case.because(p, f"{p.person} {p.period}：{p.summary}", f"{p.person} {p.period}: {p.summary}")
            for p in case.dossier.performance or ()
        ]
        because = [*finding.because, *records]
        yield _standing(case.finding("A03.1b", Outcome.NEEDS_JUDGEMENT, "carried_out", because=because))


def _standing(finding: Finding) -> Finding:
    """A standing judgement weighs little until somebody has judged."""
    waiting = finding.outcome is Outcome.NEEDS_JUDGEMENT
    return attrs.evolve(finding, severity=Severity.ADVISORY) if waiting else finding


def commensurate_staff(case: Case) -> Iterator[Finding]:
    """A03.1c: 依法配备与单位规模、产品类别、风险等级相适应的质量安全总监和质量安全员."""
    if case.in_scope is False:
        yield case.out_of_scope("A03.1c")
        return
    posts = case.plan.posts
    officers = posts.holders(Role.OFFICER, case.on)
    directors = posts.holders(Role.DIRECTOR, case.on)
    complete = case.dossier.complete("appointments")
    need = required(case, case.on)
    managing = _managing(case, directors)
    if need and managing is None:
        yield case.not_given("A03.1c", "people")
    elif not officers or (need and not managing):
        if not complete:
            yield case.not_given("A03.1c", "appointments")
            return
        reason = "no_officer" if not officers else "not_in_management" if directors else "no_director"
        yield case.finding("A03.1c", Outcome.VIOLATED, reason)
    elif need is None and not managing:
        yield case.finding("A03.1c", Outcome.UNKNOWN, "need_unknown")
    else:
        minimum = case.edition.parameter("min_officers_per_outlet")
        short = [
            outlet.id
            for outlet in case.dossier.outlets or ()
            if minimum is not None and len(posts.officers_of(outlet.id, case.on)) < minimum
        ]
        if short:
            yield case.finding("A03.1c", Outcome.VIOLATED, "too_few", outlets=listed(short))
            return
        because = list(_staffing(case))
        yield _standing(case.finding("A03.1c", Outcome.NEEDS_JUDGEMENT, "commensurate", because=because))


def _managing(case: Case, directors: Sequence[str]) -> bool | None:
    """Whether a director in post is of the management (Article 18(4)); None: that is not known of any who may be."""
    people = {p.id: p.in_management for p in case.dossier.people or ()}
    found: bool | None = False
    for person in directors:
        found = either(found, people.get(person))
    return found


def _staffing(case: Case) -> Iterator[Reason]:
    """The facts that a person needs: officers for each outlet, and the lines by risk level."""
    posts = case.plan.posts
    for outlet in case.dossier.outlets or ():
        officers = posts.officers_of(outlet.id, case.on)
        yield case.because(
            outlet,
            f"门店 {outlet.id}：质量安全员 {len(officers)} 名（{'、'.join(officers) or '无'}）",
            f"outlet {outlet.id}: {len(officers)} officer(s) ({', '.join(officers) or 'none'})",
        )
    for line in case.dossier.products or ():
        if line.active_on(case.on) and line.in_scope and line.risk_level is not None:
            level = line.risk_level
            yield case.because(line, f"{line.name}（{line.id}）风险等级{level.zh}", f"{line.name}: risk {level.en}")


def post_duties(case: Case) -> Iterator[Finding]:
    """A03.1d: 明确销售单位主要负责人、质量安全总监和质量安全员的岗位职责."""
    if case.in_scope is False:
        yield case.out_of_scope("A03.1d")
        return
    if case.dossier.texts is None:
        yield case.not_given("A03.1d", "texts")
        return
    need = True if case.plan.posts.holders(Role.DIRECTOR, case.on) else required(case, case.on)
    if need is False and not case.dossier.complete("appointments"):
        need = None  # there may be a director
    kinds = [RuleKind.POST_DUTIES, RuleKind.OFFICER_CODE, *([RuleKind.DIRECTOR_DUTIES] if need is not False else [])]
    points = []
    for kind in kinds:
        holds, text = approved(case, kind)
        point = partial(Point, certain=case.in_scope is True, because=_shown(case, text), fields={"kind": kind.label})
        if holds:
            points.append(point(outcome=Outcome.SATISFIED, reason="text_there", fields={}))
        elif kind is RuleKind.DIRECTOR_DUTIES and need is None:
            points.append(point(outcome=Outcome.UNKNOWN, reason="need_unknown", fields={}))
        elif holds is None:
            points.append(point(outcome=Outcome.UNKNOWN, reason="text_unknown"))
        else:
            points.append(point(outcome=Outcome.VIOLATED, reason="text_missing"))
    if any(p.outcome is Outcome.VIOLATED for p in points):
        points = [p for p in points if p.outcome is Outcome.VIOLATED]
    yield from case.conclude("A03.1d", "seller", points)


def _shown(case: Case, text: Text | None) -> tuple[Reason, ...]:
    if text is None:
        return ()
    return (case.because(text, f"{text.quoted}：{text.status.zh}", f"{text.title!r}: {text.status.en}"),)


def principal(case: Case) -> Iterator[Finding]:
    """A03.2a: 主要负责人对本单位的产品质量安全工作全面负责，建立并落实产品质量安全的长效机制."""
    if case.in_scope is False:
        yield case.out_of_scope("A03.2a")
        return
    tenures = case.plan.posts.on(Role.PRINCIPAL, case.on)
    because = [
        case.because(
            t.appointment,
            f"{t.appointment.person} 任主要负责人（{t.appointment.basis.zh if t.appointment.basis else '依据未知'}）",
            f"{t.appointment.person} is principal ({t.appointment.basis.en if t.appointment.basis else 'basis not known'})",
        )
        for t in tenures
    ]
    if any(t.appointment.basis is not None for t in tenures):
        yield _standing(case.finding("A03.2a", Outcome.NEEDS_JUDGEMENT, "mechanism", because=because))
    elif tenures:
        yield case.finding("A03.2a", Outcome.UNKNOWN, "no_basis", because=because)
    elif not case.dossier.complete("appointments"):
        yield case.not_given("A03.2a", "appointments")
    else:
        yield case.finding("A03.2a", Outcome.VIOLATED, "no_principal")


def assisting(case: Case) -> Iterator[Finding]:
    """A03.2b: 质量安全总监、质量安全员应当按照岗位职责协助 — the worst of the rows of Articles 7 and 8."""
    if case.in_scope is False:
        yield case.out_of_scope("A03.2b")
        return
    rows = [f for rule in (*a07_director_duties.ROWS, *a08_officer_duties.ROWS) for f in case.once(rule)]
    neutral = (Outcome.NOT_DUE, Outcome.NOT_APPLICABLE)
    worst = min((Outcome.SATISFIED if f.outcome in neutral else f.outcome for f in rows), key=list(Outcome).index)
    repeated = [f for f in rows if f.outcome is worst]
    severity = min((f.severity for f in repeated), key=list(Severity).index, default=None)
    ids = dict.fromkeys(f.obligation.id for f in repeated)
    because = [as_reason(f) for f in repeated]
    if worst is Outcome.SATISFIED:
        yield case.finding("A03.2b", worst, "assisted")
    else:
        yield case.finding("A03.2b", worst, "as_rows", severity=severity, because=because, rows=listed(ids))
