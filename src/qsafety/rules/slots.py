"""What the three cadences have in common: a slot that was missed, and a record that came late (the two clocks)."""

from collections.abc import Callable, Iterable, Iterator, Mapping, Sequence
from datetime import date
from functools import partial
from typing import TypeVar

from qsafety.cadence import CadenceRecord, Slot
from qsafety.dossier import Fact, WeeklyScreening
from qsafety.findings import Case, Point
from qsafety.law.vocabulary import ExplanationReason, Outcome

F = TypeVar("F", bound=Fact)


def by_id(facts: Sequence[F] | None) -> Mapping[str, F]:
    """Facts by their ids."""
    return {f.id: f for f in facts or ()}


def missed_point(case: Case, slot: Slot, collection: str) -> Point:
    """A slot without a record: violated, with the reason given for it.

    A closure declared too late needs a person's judgement; from a partial collection absence is unknown.
    """
    place = f"门店 {slot.outlet} " if slot.outlet else ""
    at = f" at outlet {slot.outlet}" if slot.outlet else ""
    because = [case.no_record(f"{place}{slot.period} 没有记录", f"no record for {slot.period}{at}")]
    point = partial(Point, period=str(slot.period), certain=slot.certain)
    if not case.dossier.complete(collection):
        return point(outcome=Outcome.UNKNOWN, reason="perhaps_missed", because=tuple(because), needs=(collection,))
    said = case.plan.explained(slot.cadence, slot.outlet, slot.period)
    if said is not None:
        text = f"：{said.text}" if said.text else ""
        note = f": {said.text}" if said.text else ""
        because.append(
            case.because(said, f"未履行说明（{said.reason.zh}）{text}", f"explained ({said.reason.en}){note}")
        )
        if said.reason is ExplanationReason.CLOSED:
            return point(outcome=Outcome.NEEDS_JUDGEMENT, reason="closed_late", because=tuple(because))
        return point(outcome=Outcome.VIOLATED, reason="missed_explained", because=tuple(because))
    return point(outcome=Outcome.VIOLATED, reason="missed", because=tuple(because))


R = TypeVar("R", bound=CadenceRecord)


def best_act(records: Sequence[R], counts: str | None, judge: Callable[[R], Iterable[Point]]) -> list[Point]:
    """What the record says that fulfils the duty best: one act is enough ("at least once"), however many others there are."""

    def worst(points: Sequence[Point]) -> int:
        return min((list(Outcome).index(p.outcome) for p in points if not p.remark), default=len(Outcome))

    judged = [(list(judge(record)), record.id) for record in records]
    return max(judged, key=lambda row: (worst(row[0]), row[1] == counts, row[1]))[0]


def record_points(case: Case, slot: Slot, record: CadenceRecord, acted: date | None) -> Iterator[Point]:
    """The second clock: a record made after its period is late; made before the act, it needs a person; unsigned, a remark."""
    plan = case.plan
    when = plan.recorded_on(record)
    point = partial(Point, period=str(slot.period), certain=slot.certain)
    if when is None:
        yield point(outcome=Outcome.SATISFIED, reason="recorded_undated")
    elif acted is not None and when < acted:
        early = case.because(
            record, f"{slot.period} 录入于 {when}，早于 {acted}", f"{slot.period} recorded {when}, before {acted}"
        )
        yield point(outcome=Outcome.NEEDS_JUDGEMENT, reason="recorded_before", because=(early,))
    elif plan.record_late(record, slot.period):
        late = case.because(record, f"{slot.period} 录入于 {when}", f"{slot.period} recorded on {when}")
        yield point(
            outcome=Outcome(case.readings.late_record), reason="late", because=(late,), readings=("late_record",)
        )
    else:
        yield point(outcome=Outcome.SATISFIED, reason="recorded")
    if record.signed_by == () and not isinstance(record, WeeklyScreening):
        unsigned = case.because(record, f"{slot.period} 的记录未签字", f"the record of {slot.period} is unsigned")
        yield point(outcome=Outcome.SATISFIED, reason="unsigned", because=(unsigned,), remark=True)
