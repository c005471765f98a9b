"""Article 16, third paragraph: the facts that the authority weighs — fault, circumstances, conduct. Never a weight, never a sum."""

from collections.abc import Iterator, Sequence
from itertools import groupby

import attrs

from qsafety.bilingual import Bilingual
from qsafety.cadence import Slot
from qsafety.dossier import Hazard
from qsafety.findings import Case, Finding, spell
from qsafety.law import message
from qsafety.law.vocabulary import Cadence, HazardSeverity, Outcome, SlotStatus


@attrs.frozen(kw_only=True)
class Consideration:
    """A fact that Article 16 lets the authority weigh: ``fault``, ``circumstances`` or ``conduct``; unweighted."""

    kind: str
    text: Bilingual
    records: tuple[str, ...] = ()

    def to_dict(self) -> dict[str, object]:
        """Plain data."""
        return {"kind": self.kind, "text": self.text.to_dict(), "records": list(self.records)}


def considerations(case: Case, findings: Sequence[Finding]) -> Iterator[Consideration]:
    """A16.3: 应当将……情况作为判断其主观过错、违法情节、处罚幅度等考量的重要因素 — in the order of the text, with record ids."""
    yield from _fault(case, findings)
    yield from _circumstances(case)
    yield from _conduct(case)


def _fault(case: Case, findings: Sequence[Finding]) -> Iterator[Consideration]:
    texts = [t for t in case.dossier.texts or () if t.approved_on is not None and t.approved_on <= case.on]
    if texts:
        yield _consider("fault", "rules_existed", [t.id for t in texts], count=len(texts))
    warned = list(case.dossier.opinions or ())
    if warned:
        yield _consider("fault", "staff_warned", [o.id for o in warned], count=len(warned))
    contradictions = [f for f in findings if f.obligation.id == "A10.6" and f.outcome is Outcome.VIOLATED]
    if contradictions:
        records = [r.record for f in contradictions for r in f.because if r.record]
        yield _consider("fault", "contradictions", records, count=sum(len(f.slots) for f in contradictions))


def _circumstances(case: Case) -> Iterator[Consideration]:
    for cadence in Cadence:
        slots = list(case.judged_slots(cadence))
        missed = [s for s in slots if s.status is SlotStatus.MISSED]
        if missed:
            longest = max(_runs(slots), key=len)
            yield _consider(
                "circumstances",
                f"missed_{cadence}",
                [],
                count=len(missed),
                longest=len(longest),
                periods=spell([str(s.period) for s in longest]),
            )
    serious = [h for h in case.dossier.hazards or () if h.severity is HazardSeverity.MAJOR and not _done(h)]
    if serious:
        yield _consider("circumstances", "serious_hazards_open", [h.id for h in serious], count=len(serious))
    recalled = [d for d in case.dossier.defects or () if d.recall_started_on or d.cooperated_on]
    if recalled:
        yield _consider("circumstances", "recalls", [d.id for d in recalled], count=len(recalled))


def _runs(slots: Sequence[Slot]) -> Iterator[list[Slot]]:
    """The slots missed one after another at one outlet; days on which nothing was due do not interrupt them."""
    ordered = sorted(slots, key=lambda s: (s.outlet or "", s.period.start))
    for (_, missed), run in groupby(ordered, key=lambda s: (s.outlet, s.status is SlotStatus.MISSED)):
        if missed:
            yield list(run)


def _conduct(case: Case) -> Iterator[Consideration]:
    hazards = list(case.dossier.hazards or ())
    done = [h for h in hazards if _done(h)]
    if hazards:
        yield _consider("conduct", "rectified", [h.id for h in done], done=len(done), count=len(hazards))
    first = min((o.issued_on for o in case.dossier.orders or ()), default=None)
    before = [h for h in done if first is not None and h.done_on is not None and h.done_on < first]
    if before:
        yield _consider("conduct", "before_the_order", [h.id for h in before], count=len(before), day=first)
    corrected = [
        o
        for o in case.dossier.orders or ()
        if o.corrected_on is not None and (o.deadline is None or o.corrected_on <= o.deadline)
    ]
    if corrected:
        yield _consider("conduct", "corrected_in_time", [o.id for o in corrected], count=len(corrected))
    for cadence in Cadence:
        slots = list(case.judged_slots(cadence))
        if slots:
            kept = sum(s.record is not None for s in slots)
            share = 100 * kept // len(slots)
            yield _consider("conduct", f"kept_{cadence}", [], done=kept, count=len(slots), share=share)
    trainings = list(case.dossier.trainings or ())
    if trainings:
        yield _consider("conduct", "trainings", [t.id for t in trainings], count=len(trainings))


def _done(hazard: Hazard) -> bool:
    return hazard.state in ("rectified", "verified")


def _consider(kind: str, reason: str, records: Sequence[str], **fields: object) -> Consideration:
    return Consideration(kind=kind, text=message("A16.3", reason, **fields), records=tuple(records))
