"""Article 17: an order to correct and a warning; a fine only on refusal. Never an amount, never a decision.

For each limb the first line of the table that fits gives the stage; the case has the gravest stage of its limbs.
"""

from collections.abc import Iterator, Sequence
from datetime import date
from decimal import Decimal
from typing import Any

import attrs

from qsafety import law
from qsafety.bilingual import Bilingual, listed
from qsafety.dossier import GoverningLaw, Order
from qsafety.findings import Case, Citation, Finding, Reason, as_reason
from qsafety.law.vocabulary import NormLevel, Outcome, PenaltyLimb, Severity
from qsafety.periods import ONE_DAY
from qsafety.rules.a16_considerations import Consideration, considerations

GRAVITY = ("refused", "overdue", "ordered", "exposed", "deferred", "undetermined", "corrected", "none")
"""The stages, gravest first."""
_DEFERRING = (NormLevel.LAW, NormLevel.ADMIN_REGULATION)


@attrs.frozen(kw_only=True)
class Limb:
    """One limb of the article: its stage, the obligations it rests on, and the facts."""

    limb: PenaltyLimb
    stage: str
    obligations: tuple[str, ...]
    because: tuple[Reason, ...]

    def to_dict(self) -> dict[str, Any]:
        """Plain data."""
        return {
            "limb": self.limb.number,
            "stage": self.stage,
            "obligations": list(self.obligations),
            "because": [r.to_dict() for r in self.because],
        }


@attrs.frozen(kw_only=True)
class Exposure:
    """What Article 17 could lead to: the stage, the limbs whose stage it is, and the range of a fine where there is one.

    It is an automatic comparison and carries the disclaimer; it never names an amount.
    """

    stage: str
    limbs: tuple[str, ...]
    by_limb: tuple[Limb, ...]
    range: tuple[Decimal, Decimal] | None
    citation: Citation
    considerations: tuple[Consideration, ...]
    notes: tuple[Bilingual, ...]

    @property
    def context(self) -> tuple[law.Cited, ...]:
        """What the Administrative Penalty Law says of any penalty, as citations; nothing where nothing is at stake."""
        return law.cited("行政处罚法", 28, 32, 33, 36, 37, 51) if self.stage not in ("none", "corrected") else ()

    @property
    def disclaimer(self) -> Bilingual:
        """What every output about penalties carries."""
        return law.message("general", "disclaimer")

    def to_dict(self) -> dict[str, Any]:
        """Plain data: stage, limbs, range, and what they rest on."""
        low_high = self.range
        return {
            "stage": self.stage,
            "limbs": list(self.limbs),
            "range": {"min": str(low_high[0]), "max": str(low_high[1])} if low_high else None,
            "by_limb": [limb.to_dict() for limb in self.by_limb],
            "citation": self.citation.to_dict(),
            "considerations": [c.to_dict() for c in self.considerations],
            "notes": [n.to_dict() for n in self.notes],
            "context": [c.to_dict() for c in self.context],
            "disclaimer": self.disclaimer.to_dict(),
        }


def exposure(case: Case, findings: Sequence[Finding]) -> Exposure:
    """The exposure that follows from the findings, the orders, and other statutes that govern."""
    by_limb = tuple(_known(case, _limb(case, limb, findings)) for limb in PenaltyLimb)
    stage = min((one.stage for one in by_limb), key=GRAVITY.index)
    limbs = tuple(one.limb.number for one in by_limb if one.stage == stage and stage != "none")
    notes = list(_notes(case, findings))
    if any(_unverified(case, one.limb) and one.stage == "undetermined" for one in by_limb):
        notes.append(law.message("A17.1", "order76_l3"))
    fine_min, fine_max = case.edition.parameter("fine_min"), case.edition.parameter("fine_max")
    fine = (fine_min, fine_max) if stage == "refused" and fine_min is not None and fine_max is not None else None
    return Exposure(
        stage=stage,
        limbs=limbs,
        by_limb=by_limb,
        range=fine,
        citation=case.edition.cite("17"),
        considerations=tuple(considerations(case, findings)),
        notes=tuple(notes),
    )


def _unverified(case: Case, limb: PenaltyLimb) -> bool:
    """Whether it is not known whom the edition fines for a limb: Order 76, for responsibility not carried out."""
    return case.edition.doubtful("17") and limb is PenaltyLimb.RESPONSIBILITY


def _known(case: Case, limb: Limb) -> Limb:
    """A limb that may fine persons is undetermined: a fine on persons is not computed."""
    if _unverified(case, limb.limb) and limb.stage not in ("none", "corrected"):
        return attrs.evolve(limb, stage="undetermined")
    return limb


def _notes(case: Case, findings: Sequence[Finding]) -> Iterator[Bilingual]:
    violated = {f.obligation.id for f in findings if f.outcome is Outcome.VIOLATED}
    local = [
        f"《{g.title}》{g.article or ''}"
        for g in case.dossier.governing_laws or ()
        if g.level not in _DEFERRING and violated & set(g.obligations)
    ]
    if local:
        yield law.message("A17.1", "local_rule", titles=listed(local))
    if case.dossier.orders is None:
        yield law.message("A17.1", "orders_unknown")
    elif any(o.authority is None for o in case.dossier.orders):
        yield law.message("A17.1", "authority_assumed")


def _limb(case: Case, limb: PenaltyLimb, findings: Sequence[Finding]) -> Limb:
    mine = [f for f in findings if limb in case.readings.limbs_of(f.obligation)]
    violated = [f for f in mine if f.outcome is Outcome.VIOLATED]
    governed = {o for g in governing(case) for o in g.obligations}
    left = [f for f in violated if f.obligation.id not in governed]
    orders = [o for o in case.dossier.orders or () if limb in o.limbs]
    ids = tuple(dict.fromkeys(f.obligation.id for f in violated))
    if violated and not left:
        because = tuple(
            case.because(g, f"《{g.title}》{g.article or ''}另有规定", f"governed by {g.title} {g.article or ''}")
            for g in governing(case)
            if set(g.obligations) & set(ids)
        )
        return Limb(limb=limb, stage="deferred", obligations=ids, because=because)
    stages = [(stage, order) for order in orders if (stage := _ordered(case, order, limb, left)) is not None]
    if stages:
        stage, order = min(stages, key=lambda row: GRAVITY.index(row[0]))
        return Limb(limb=limb, stage=stage, obligations=ids, because=(_order(case, order),))
    because = tuple(as_reason(f) for f in left)
    if left:
        return Limb(limb=limb, stage="exposed", obligations=ids, because=because)
    unsettled = [f for f in mine if f.severity is Severity.BREACH]  # nothing is violated here
    return Limb(
        limb=limb,
        stage="undetermined" if unsettled else "none",
        obligations=tuple(dict.fromkeys(f.obligation.id for f in unsettled)),
        because=tuple(as_reason(f) for f in unsettled),
    )


def governing(case: Case) -> list[GoverningLaw]:
    """The laws and administrative regulations that defer Article 17; a local rule does not."""
    return [g for g in case.dossier.governing_laws or () if g.level in _DEFERRING]


def _ordered(case: Case, order: Order, limb: PenaltyLimb, violated: Sequence[Finding]) -> str | None:
    """The stage that an order gives a limb; None: corrected, and violated again since (which is a new exposure)."""
    if order.refused:
        return "refused"
    passed = order.deadline is not None and order.deadline < case.on
    if order.corrected_on is None:
        if order.found_uncorrected or passed:
            return "refused" if case.readings.refusal == "deadline" else "overdue"
        return "ordered"
    if order.deadline is not None and order.corrected_on > order.deadline:
        return "overdue"
    return None if violated and _again(case, order.corrected_on, limb) else "corrected"


def _again(case: Case, corrected: date, limb: PenaltyLimb) -> bool:
    """Whether a limb is violated on ``on``, or was after the correction: what the days since then show by themselves."""
    from qsafety.rules import RULES  # the list of all rules has this article in it

    later = attrs.evolve(case, since=max(case.since, min(corrected + ONE_DAY, case.on)))
    governed = {o for g in governing(case) for o in g.obligations}
    return any(
        f.outcome is Outcome.VIOLATED
        and limb in case.readings.limbs_of(f.obligation)
        and f.obligation.id not in governed
        for rule in RULES.values()
        for f in later.once(rule)
    )


def _order(case: Case, order: Order) -> Reason:
    deadline = order.deadline or "立即"
    return case.because(
        order,
        f"责令改正 {order.number}（{order.issued_on}，期限 {deadline}，改正 {order.corrected_on or '未见'}）",
        f"order {order.number} of {order.issued_on}, deadline {order.deadline or 'at once'}, corrected {order.corrected_on or 'no'}",
    )
