"""Article 18(4) and (5): a director belongs to the management, an officer checks the process."""

from collections.abc import Iterator

from qsafety.findings import Case, Finding, Point
from qsafety.law.vocabulary import Outcome, Role
from qsafety.rules.a05_director import required
from qsafety.rules.a06_eligibility import in_post, per_person


def director_in_management(case: Case) -> Iterator[Finding]:
    """A18.4: 质量安全总监是指本单位管理层中负责产品质量安全工作的管理人员."""
    if case.in_scope is False:
        yield case.out_of_scope("A18.4")
        return
    directors = in_post(case, [Role.DIRECTOR])
    if not directors:
        if not case.dossier.complete("appointments"):
            yield case.not_given("A18.4", "appointments")
        elif required(case, case.on) is False:
            yield case.finding("A18.4", Outcome.NOT_APPLICABLE, "no_director_needed")
        else:
            yield case.finding("A18.4", Outcome.NOT_DUE, "nobody_in_post")
    people = {p.id: p for p in case.dossier.people or ()}
    points: dict[str, list[Point]] = {}
    for one in directors:
        person = people.get(one.person)
        state = person.in_management if person else None
        said = "是" if state else "否" if state is False else "未知"
        english = "yes" if state else "no" if state is False else "not known"
        because = (
            (case.because(person, f"{one.person} 管理层：{said}", f"{one.person} in management: {english}"),)
            if person
            else ()
        )
        outcome, reason = {
            True: (Outcome.SATISFIED, "in_management"),
            False: (Outcome.VIOLATED, "not_in_management"),
            None: (Outcome.UNKNOWN, "management_unknown"),
        }[state]
        points[one.person] = [Point(outcome=outcome, reason=reason, certain=case.in_scope is True, because=because)]
    yield from per_person(case, "A18.4", points)


def officer_has_post(case: Case) -> Iterator[Finding]:
    """A18.5: 质量安全员是指本单位负责产品质量安全过程控制的检查人员."""
    if case.in_scope is False:
        yield case.out_of_scope("A18.5")
        return
    officers = case.plan.posts.holders(Role.OFFICER, case.on)
    if not officers:
        if case.dossier.complete("appointments"):
            yield case.finding("A18.5", Outcome.NOT_DUE, "nobody_in_post")
        else:
            yield case.not_given("A18.5", "appointments")
        return
    points: dict[str, list[Point]] = {}
    for person in officers:
        held = [p for p in case.dossier.posts or () if p.person == person]
        because = tuple(case.because(p, f"{person} 任{p.post}", f"{person}: {p.post}") for p in held)
        found = (
            Point(outcome=Outcome.SATISFIED, reason="has_post", because=because)
            if held
            else Point(outcome=Outcome.UNKNOWN, reason="no_post_recorded")
        )
        points[person] = [found]
    yield from per_person(case, "A18.5", points)
