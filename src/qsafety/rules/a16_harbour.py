"""Article 16, last paragraph: whose opinion under Article 4 was not adopted without justified reason is deemed to have performed.

"Safe harbour" is our label. Article 17 of the draft fines the unit; the harbour protects against penalties on persons.
"""

from collections.abc import Iterator
from typing import Any

import attrs

from qsafety.bilingual import Bilingual
from qsafety.dossier import Decision, Opinion
from qsafety.dossier.known import local_day
from qsafety.findings import Case, Citation, Reason
from qsafety.law import message
from qsafety.law.vocabulary import AnswerOutcome, Role
from qsafety.rules.a04_opinions import under_article_4
from qsafety.rules.slots import by_id


@attrs.frozen(kw_only=True)
class SafeHarbour:
    """Whether Article 16 protects a person in a matter: ``applies``, ``not_applicable``, ``needs_judgement`` or ``unknown``, and why."""

    person: str
    matter: str
    outcome: str
    reason: Bilingual
    because: tuple[Reason, ...]
    citation: Citation

    def to_dict(self) -> dict[str, Any]:
        """Plain data: person, matter, outcome, why, and the disclaimer."""
        return {
            "person": self.person,
            "matter": self.matter,
            "outcome": self.outcome,
            "reason": self.reason.to_dict(),
            "because": [r.to_dict() for r in self.because],
            "citation": self.citation.to_dict(),
            "disclaimer": message("general", "disclaimer").to_dict(),
        }


def safe_harbours(case: Case) -> Iterator[SafeHarbour]:
    """The answer for each opinion, by who raised it."""
    decisions = dict(by_id(case.dossier.decisions))
    for opinion in case.dossier.opinions or ():
        outcome, reason = _answer(case, opinion, decisions)
        yield SafeHarbour(
            person=opinion.raised_by,
            matter=opinion.id,
            outcome=outcome,
            reason=message("A16.4", reason),
            because=tuple(_because(case, opinion, decisions)),
            citation=case.edition.cite("16.4"),
        )


def _because(case: Case, opinion: Opinion, decisions: dict[str, Decision]) -> Iterator[Reason]:
    day = local_day(opinion.raised_at, case.plan.zone)
    yield case.because(
        opinion,
        f"{opinion.raised_by} 于 {day} 提出{opinion.kind.zh}：{opinion.subject}",
        f"{opinion.raised_by} raised: {opinion.kind.en}, on {day}: {opinion.subject}",
    )
    if opinion.answer is not None:
        why = opinion.answer.justification
        yield case.because(
            opinion,
            f"答复：{opinion.answer.outcome.zh}{'，理由：' + why if why else '，未记录理由'}",
            f"answered: {opinion.answer.outcome.en}{', because: ' + why if why else ', no reason recorded'}",
        )
    decision = decisions.get(opinion.about or "")
    if decision is not None:
        yield case.because(
            decision,
            f"决策 {decision.id}：{decision.subject}（{decision.decided_on}）",
            f"decision {decision.id}: {decision.subject} ({decision.decided_on})",
        )


def _answer(case: Case, opinion: Opinion, decisions: dict[str, Decision]) -> tuple[str, str]:
    """The table: first who raised it, then how it was answered, then whether it was under Article 4, then the reason given."""
    posts = case.plan.posts
    raised = local_day(opinion.raised_at, case.plan.zone)
    if not any(posts.of_person(role, opinion.raised_by, raised) for role in (Role.DIRECTOR, Role.OFFICER)):
        return (
            ("not_applicable", "not_staff") if case.dossier.complete("appointments") else ("unknown", "staff_unknown")
        )
    answer = opinion.answer
    if answer is not None and answer.outcome is AnswerOutcome.ADOPTED:
        return "not_applicable", "adopted"
    if answer is not None and answer.by == opinion.raised_by:
        return "not_applicable", "own_decision"
    under = under_article_4(case, opinion, decisions)
    if under is None or (under is False and _about_unknown(case, opinion)):
        return "unknown", "matter_unknown"
    if under is False:
        return "needs_judgement", "not_article_4"
    if answer is None:
        return "needs_judgement", "pending"
    if answer.outcome is AnswerOutcome.PARTLY_ADOPTED:
        return "needs_judgement", "partly_adopted"
    if answer.by is not None:
        day = local_day(answer.at, case.plan.zone) if answer.at else raised
        if not posts.of_person(Role.PRINCIPAL, answer.by, day):
            complete = case.dossier.complete("appointments")
            return ("needs_judgement", "refused_by_other") if complete else ("unknown", "staff_unknown")
    afterwards = _recorded_afterwards(case, opinion, decisions)
    if afterwards is None:
        return "unknown", "matter_unknown"
    if afterwards:
        return "needs_judgement", "recorded_afterwards"
    if not answer.justification:
        return "applies", "no_reason"
    if answer.accepted is None:
        return "needs_judgement", "reason_not_judged"
    return ("not_applicable", "reason_accepted") if answer.accepted else ("applies", "reason_not_accepted")


def _about_unknown(case: Case, opinion: Opinion) -> bool:
    """Whether what the opinion is about stands on a sheet that was not given."""
    return opinion.about is not None and not (case.dossier.given("decisions") and case.dossier.given("defects"))


def _recorded_afterwards(case: Case, opinion: Opinion, decisions: dict[str, Decision]) -> bool | None:
    """Recorded after the decision, or after an inspection or order that came after it was raised.

    None: recorded on a later day, and an inspection or order in between may not be known.
    """
    if opinion.recorded_at is None:
        return False
    recorded = local_day(opinion.recorded_at, case.plan.zone)
    raised = local_day(opinion.raised_at, case.plan.zone)
    decision = decisions.get(opinion.about or "")
    if decision is not None and recorded > decision.decided_on:
        return True
    acts = [i.on for i in case.dossier.inspections or ()] + [o.issued_on for o in case.dossier.orders or ()]
    if any(raised <= day < recorded for day in acts):
        return True
    return None if raised < recorded and not all(map(case.dossier.complete, ("inspections", "orders"))) else False
