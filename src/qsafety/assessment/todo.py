"""What is to be done, by whom, by when: due slots, open rectifications, priority work, orders; and what findings ask for."""

from collections.abc import Iterable, Iterator, Mapping, Sequence
from datetime import date
from typing import Any

import attrs

from qsafety import law
from qsafety.assessment.window import default_since
from qsafety.bilingual import Bilingual
from qsafety.cadence import Plan, Slot
from qsafety.dossier import Dossier, as_known_on
from qsafety.findings import Case, Finding
from qsafety.law.readings import Readings
from qsafety.law.vocabulary import Actor, Cadence, HazardSource, Outcome, PaperKind, Role, Severity, SlotStatus
from qsafety.periods import Month, asked_day, parse
from qsafety.rules.a06_eligibility import against
from qsafety.rules.a13_archive import PAPERS

_DUTY = {
    Cadence.DAILY_CONTROL: "A10.2",
    Cadence.WEEKLY_SCREENING: "A11.2",
    Cadence.MONTHLY_COORDINATION: "A12.2",
}
_STAFF = ("A03.2b", "A04.2a")
"""Duties of the director and the officers alike."""
_RECORDS = ("daily_checks", "weekly_screenings", "monthly_coordinations")


@attrs.frozen(kw_only=True)
class Todo:
    """One thing to do.

    ``who``: the person, several joined by 、, or None; ``by``: the last day, or None where neither text nor record has
    one; ``kind``: a cadence, ``rectification``, ``priority``, ``order``, or ``finding``. ``papers``: which of the six mandated
    papers the duty is put on record in.
    """

    who: str | None
    what: Bilingual
    by: date | None
    obligation: str
    kind: str
    papers: Sequence[PaperKind] = ()

    def to_dict(self) -> dict[str, Any]:
        """Plain data: who, what, by, obligation, kind, papers."""
        return {
            "who": self.who,
            "what": self.what.to_dict(),
            "by": self.by.isoformat() if self.by else None,
            "obligation": self.obligation,
            "kind": self.kind,
            "papers": [str(paper) for paper in self.papers],
        }


def _who(people: Iterable[str]) -> str | None:
    return "、".join(dict.fromkeys(people)) or None


def _soonest(items: Iterable[Todo]) -> list[Todo]:
    return sorted(items, key=lambda t: (t.by or date.max, t.obligation, t.kind, t.what.zh))


def due(
    dossier: Dossier, *, on: date, readings: Readings | Mapping[str, object] | Iterable[str] | None = None
) -> tuple[Todo, ...]:
    """What is to be done, soonest first: periods in progress, open rectifications, priority work, orders.

    Cadences whose records were not given count as not yet done. Raises :class:`~qsafety.errors.PeriodError` where ``on`` is no day.
    """
    asked_day("on", on)
    known = as_known_on(dossier, on)
    blank: dict[str, Any] = {name: () for name in _RECORDS if getattr(known, name) is None}
    whole = attrs.evolve(known, **blank) if blank else known
    since = default_since(dossier.seller, on)
    case = Case(whole, on, since, law.edition(), Readings.of(readings))
    return tuple(_with_papers(case, _soonest(_open(case))))


def of_report(case: Case, findings: Iterable[Finding]) -> tuple[Todo, ...]:
    """The to-do list of a report: what is due, soonest first; then what its findings ask for, the gravest first."""
    ranked = sorted(findings, key=lambda f: (f.severity is not Severity.BREACH, [*Outcome].index(f.outcome)))
    items = sorted([*_soonest(_open(case)), *_steps(case.plan, ranked)], key=lambda t: t.by or date.max)
    return tuple(_with_papers(case, items))


def _with_papers(case: Case, items: Iterable[Todo]) -> Iterator[Todo]:
    for item in items:
        slots = case.edition.obligation(item.obligation).archive_slots
        yield attrs.evolve(item, papers=tuple(PAPERS[slot] for slot in slots if slot in PAPERS))


def _open(case: Case) -> Iterator[Todo]:
    yield from _slots(case)
    yield from _rectifications(case.plan)
    yield from _priorities(case.plan)
    yield from _orders(case.plan)


def _slots(case: Case) -> Iterator[Todo]:
    for slot in case.slots:
        if slot.status is not SlotStatus.DUE:
            continue
        what = {
            Cadence.DAILY_CONTROL: Bilingual("日检查", "daily check"),
            Cadence.WEEKLY_SCREENING: Bilingual("周排查并形成报告", "weekly screening and report"),
            Cadence.MONTHLY_COORDINATION: Bilingual("月调度会议并形成纪要", "monthly coordination and minutes"),
        }[slot.cadence]
        place = Bilingual(f"门店 {slot.outlet} ", f" at outlet {slot.outlet}") if slot.outlet else Bilingual("", "")
        yield Todo(
            who=_who(responsible(case, slot)),
            what=Bilingual(f"{place.zh}{slot.period} {what.zh}", f"{what.en}{place.en}, {slot.period}"),
            by=case.plan.last_day(slot.period),
            obligation=_DUTY[slot.cadence],
            kind=str(slot.cadence),
        )


def responsible(case: Case, slot: Slot) -> tuple[str, ...]:
    """Who is to perform a slot: the outlet's officers, the director (or who stands in), the principal.

    Officers against whom a record speaks (Articles 6 and 15) are left out as long as another can do it.
    """
    day = min(case.on, slot.period.end)
    posts = case.plan.posts
    if slot.cadence is Cadence.MONTHLY_COORDINATION:
        return posts.holders(Role.PRINCIPAL, day)
    if slot.cadence is Cadence.WEEKLY_SCREENING:
        return posts.holders(Role.DIRECTOR, day) or posts.holders(Role.PRINCIPAL, day)
    here = posts.officers_of(slot.outlet, day)
    able = tuple(p for p in here if not any(against(case, p, Role.OFFICER, day)))
    return able or case.once(_able_officers) or here or posts.holders(Role.OFFICER, day)


def _able_officers(case: Case) -> Iterator[str]:
    """The officers in post on the day against whom no record speaks."""
    officers = case.plan.posts.holders(Role.OFFICER, case.on)
    return (p for p in officers if not any(against(case, p, Role.OFFICER, case.on)))


def _rectifications(plan: Plan) -> Iterator[Todo]:
    for hazard in plan.dossier.hazards or ():
        if hazard.state in ("rectified", "verified"):
            continue
        owner = [hazard.owner] if hazard.owner else plan.posts.holders(Role.DIRECTOR, plan.on)
        yield Todo(
            who=_who(owner),
            what=Bilingual(
                f"整改隐患 {hazard.id}：{hazard.description}", f"rectify hazard {hazard.id}: {hazard.description}"
            ),
            by=hazard.due_on,
            obligation="A07.1.6" if hazard.source is HazardSource.INSPECTION else "A07.1.4",
            kind="rectification",
        )


def _priorities(plan: Plan) -> Iterator[Todo]:
    """The priority work of the minutes, unless its day has passed: the record says no more of it."""
    this_month = Month.of(plan.on)
    for meetings in plan.meetings.values():
        for meeting in meetings:
            for item in meeting.priorities:
                month = parse(meeting.month)
                open_ended = item.due_on is None and month in (this_month, this_month.previous())
                if open_ended or (item.due_on is not None and item.due_on >= plan.on):
                    yield Todo(
                        who=item.owner,
                        what=Bilingual(f"重点工作：{item.content}", f"priority work: {item.content}"),
                        by=item.due_on,
                        obligation="A12.4",
                        kind="priority",
                    )


def _orders(plan: Plan) -> Iterator[Todo]:
    for order in plan.dossier.orders or ():
        if order.corrected_on is None:
            limbs = "、".join(limb.zh for limb in order.limbs)
            english = ", ".join(limb.en for limb in order.limbs)
            yield Todo(
                who=_who(plan.posts.holders(Role.PRINCIPAL, plan.on)),
                what=Bilingual(
                    f"改正责令事项 {order.number}：{limbs}", f"correct as ordered, {order.number}: {english}"
                ),
                by=order.deadline,
                obligation="A17.1",
                kind="order",
            )


def _steps(plan: Plan, findings: Iterable[Finding]) -> Iterator[Todo]:
    for finding in findings:
        if finding.advice is None or finding.outcome not in (
            Outcome.VIOLATED,
            Outcome.NEEDS_JUDGEMENT,
            Outcome.UNKNOWN,
        ):
            continue
        yield Todo(
            who=_who(_actor(plan, finding)),
            what=finding.advice,
            by=None,
            obligation=finding.obligation.id,
            kind="finding",
        )


def _actor(plan: Plan, finding: Finding) -> tuple[str, ...]:
    posts, on = plan.posts, plan.on
    principals = posts.holders(Role.PRINCIPAL, on)
    outlet = finding.subject.removeprefix("outlet:") if finding.subject.startswith("outlet:") else None
    if finding.obligation.actor is Actor.OFFICER:
        return posts.officers_of(outlet, on) or posts.holders(Role.OFFICER, on) or principals
    if finding.obligation.actor is Actor.DIRECTOR:
        return posts.holders(Role.DIRECTOR, on) or principals
    if finding.obligation.id in _STAFF:
        return posts.holders(Role.DIRECTOR, on) or posts.holders(Role.OFFICER, on) or principals
    return principals
