"""How an answer is given: a finding cites its obligation by construction, points at the facts behind it, and never guesses.

A rule (``rules/``) looks at a :class:`Case` and yields findings. Where a duty is asked about many times (each day, each
hazard), it collects :class:`Point` values, and :meth:`Case.conclude` makes one finding for each outcome of them.
"""

from collections.abc import Callable, Iterable, Iterator, Mapping, Sequence
from datetime import date
from functools import cached_property
from typing import Any, TypeVar

import attrs

from qsafety import law
from qsafety.bilingual import Bilingual, join, listed, same
from qsafety.cadence import Plan, Slot
from qsafety.dossier import LABELS, Competence, Dossier, Exam, Fact, Hazard, Judgement, Performance, Training, either
from qsafety.law.editions import Citation as Citation
from qsafety.law.editions import Edition
from qsafety.law.obligations import Obligation
from qsafety.law.readings import Readings
from qsafety.law.vocabulary import Cadence, HazardSource, Outcome, Severity, SlotStatus
from qsafety.periods import Period, parse

T = TypeVar("T")

SELLER = "seller"
"""The subject of a finding about the seller itself."""

_WEIGHTY = (Outcome.VIOLATED, Outcome.UNKNOWN, Outcome.NEEDS_JUDGEMENT)


@attrs.frozen
class Reason:
    """A fact behind a finding: what it says, the record that shows it (None: there is no record), and where that stands in the input."""

    text: Bilingual
    record: str | None = None
    source: str | None = None

    def to_dict(self) -> dict[str, Any]:
        """Plain data: text, record, source."""
        return {"text": self.text.to_dict(), "record": self.record, "source": self.source}


@attrs.frozen(kw_only=True)
class Finding:
    """One answer about one obligation and one subject (``seller``, ``outlet:M2``, a person's or a record's id)."""

    obligation: Obligation
    outcome: Outcome
    severity: Severity
    subject: str
    message: Bilingual
    because: tuple[Reason, ...] = ()
    citation: Citation
    slots: tuple[str, ...] = ()
    readings: tuple[str, ...] = ()
    advice: Bilingual | None = None

    def to_dict(self) -> dict[str, Any]:
        """Plain data, as the JSON report has it."""
        return {
            "obligation": self.obligation.id,
            "outcome": str(self.outcome),
            "severity": str(self.severity),
            "subject": self.subject,
            "message": self.message.to_dict(),
            "because": [r.to_dict() for r in self.because],
            "citation": self.citation.to_dict(),
            "slots": list(self.slots),
            "readings": list(self.readings),
            "advice": self.advice.to_dict() if self.advice else None,
        }

    def __repr__(self) -> str:
        return f"<Finding {self.obligation.id} {self.outcome} {self.subject}: {self.message.en}>"


@attrs.frozen(kw_only=True)
class Point:
    """What one period or one record says about a duty.

    ``reason`` names the template of the message; ``remark`` marks what is worth saying but changes no outcome.
    ``certain`` is False where it is not known whether the duty bound at all: a violation is then unknown. ``needs`` names
    the collections whose absence leaves the answer open.
    """

    outcome: Outcome
    reason: str
    period: str | None = None
    because: tuple[Reason, ...] = ()
    readings: tuple[str, ...] = ()
    remark: bool = False
    certain: bool = True
    needs: tuple[str, ...] = ()
    fields: Mapping[str, Any] = attrs.field(factory=dict)


def as_reason(finding: Finding) -> Reason:
    """A finding as a fact behind another one, with the record and the place of its own first fact that has them."""
    shown = next((r for r in finding.because if r.record is not None), None)
    return Reason(finding.message, shown.record if shown else None, shown.source if shown else None)


def spell(periods: Sequence[str]) -> Bilingual:
    """Periods as a person lists them: runs of three and more as a range.

    >>> spell(["2024-01-07", "2024-01-08", "2024-01-09", "2024-01-20"]).en
    '2024-01-07 to 2024-01-09, 2024-01-20'
    """
    runs: list[list[Period]] = []
    for period in (parse(p) for p in periods):
        if runs and type(runs[-1][-1]) is type(period) and runs[-1][-1].next() == period:
            runs[-1].append(period)
        else:
            runs.append([period])
    texts: list[Bilingual] = []
    for run in runs:
        if len(run) > 2:
            texts.append(Bilingual(f"{run[0]} 至 {run[-1]}", f"{run[0]} to {run[-1]}"))
        else:
            texts.extend(same(p) for p in run)
    return join(texts, zh="、", en=", ")


@attrs.frozen
class PersonFile:
    """One person's assessments, trainings, exams, and what the person recorded of his performance."""

    competences: list[Competence] = attrs.field(factory=list)
    trainings: list[Training] = attrs.field(factory=list)
    exams: list[Exam] = attrs.field(factory=list)
    performance: list[Performance] = attrs.field(factory=list)


@attrs.frozen(slots=False)
class Case:
    """All that a rule may look at: the dossier as known on ``on``, the window, the edition, the readings, and indexes built once."""

    dossier: Dossier
    on: date
    since: date
    edition: Edition
    readings: Readings = attrs.field(factory=Readings)

    @cached_property
    def plan(self) -> Plan:
        """What was owed and done."""
        return Plan(self.dossier, self.on, self.readings, self.edition.effective_on)

    @cached_property
    def slots(self) -> tuple[Slot, ...]:
        """The slots of the window, and the periods in progress."""
        return self.plan.slots(self.since, self.on, in_progress=True)

    def judged_slots(self, cadence: Cadence) -> Iterator[Slot]:
        """The slots of a cadence that are over or have a record: those that findings are about."""
        for slot in self.slots:
            counts = slot.status not in (SlotStatus.NOT_REQUIRED, SlotStatus.NOT_DUE, SlotStatus.DUE)
            if slot.cadence is cadence and counts:
                yield slot

    @property
    def in_scope(self) -> bool | None:
        """Whether the regulation applies to the seller on ``on`` (Article 2); None: a fact is missing."""
        return self.scope_on(None, self.on)

    @cached_property
    def _scopes(self) -> dict[tuple[str | None, date], bool | None]:
        return {}

    def open_on(self, day: date) -> bool:
        """Whether the seller's life has begun and not ended: no duty before it opened, or after it closed for good."""
        seller = self.dossier.seller
        return (seller.opened_on is None or seller.opened_on <= day) and (
            seller.closed_on is None or day < seller.closed_on
        )

    def scope_on(self, outlet: str | None, day: date) -> bool | None:
        """Whether an outlet (None: any) sold goods in scope on a day; None: a fact is missing."""
        key = (outlet, day)
        if key not in self._scopes:
            sold: bool | None = False if self.dossier.complete("products") or not self.open_on(day) else None
            for line in self.dossier.products or ():
                if (
                    self.open_on(day)
                    and line.active_on(day)
                    and (outlet is None or not line.outlets or outlet in line.outlets)
                ):
                    sold = either(sold, line.in_scope)
            self._scopes[key] = sold
        return self._scopes[key]

    @cached_property
    def of_person(self) -> "Mapping[str, PersonFile]":
        """What speaks for or against each person: assessments, trainings attended, the unit's exams."""
        found: dict[str, PersonFile] = {}
        for competence in self.dossier.competences or ():
            found.setdefault(competence.person, PersonFile()).competences.append(competence)
        for training in self.dossier.trainings or ():
            for person in training.attendees:
                found.setdefault(person, PersonFile()).trainings.append(training)
        for exam in self.dossier.exams or ():
            found.setdefault(exam.person, PersonFile()).exams.append(exam)
        for record in self.dossier.performance or ():
            found.setdefault(record.person, PersonFile()).performance.append(record)
        return found

    @cached_property
    def daily_hazards(self) -> Sequence[Hazard]:
        """The hazards that the daily control found, by day."""
        rows = (h for h in self.dossier.hazards or () if h.source is HazardSource.DAILY)
        return sorted(rows, key=lambda h: (h.found_on, h.id))

    @cached_property
    def _judgements(self) -> Mapping[str, Sequence[Judgement]]:
        found: dict[str, list[Judgement]] = {}
        for judgement in self.dossier.judgements or ():
            if judgement.valid_until is None or self.on <= judgement.valid_until:
                found.setdefault(judgement.obligation, []).append(judgement)
        return found

    def judgement(self, obligation: str, subject: str, period: str | None = None) -> Judgement | None:
        """What a person decided on an obligation and subject (and period), the latest that holds on ``on``."""
        rows = [
            j
            for j in self._judgements.get(obligation, ())
            if subject in (j.subject or SELLER, f"outlet:{j.subject}") and (j.period is None or j.period == period)
        ]
        return max(rows, key=lambda j: (j.on, j.id), default=None)

    @cached_property
    def _answers(self) -> dict[Any, tuple[Any, ...]]:
        return {}

    def once(self, question: "Callable[[Case], Iterable[T]]") -> tuple[T, ...]:
        """What a rule (or another question about the case) answers, asked only once however many rows repeat it."""
        if question not in self._answers:
            self._answers[question] = tuple(question(self))
        return self._answers[question]

    def because(self, fact: Fact, zh: str, en: str) -> Reason:
        """A fact behind a finding, with its place in the input."""
        return Reason(Bilingual(zh, en), fact.id, self.dossier.source(fact))

    def no_record(self, zh: str, en: str) -> Reason:
        """That there is no record."""
        return Reason(Bilingual(zh, en))

    def finding(
        self,
        obligation: str,
        outcome: Outcome,
        reason: str,
        *,
        subject: str = SELLER,
        severity: Severity | None = None,
        because: Iterable[Reason] = (),
        readings: Iterable[str] = (),
        **fields: Any,
    ) -> Finding:
        """A finding about a standing duty.

        Where scope is not known, what would be violated is unknown; a person's judgement settles what needs one.
        """
        point = Point(
            outcome=outcome,
            reason=reason,
            because=tuple(because),
            readings=tuple(readings),
            certain=self.in_scope is not None,
            fields=fields,
        )
        found = self._settled(obligation, subject, point)
        return self._finding(obligation, subject, [found], (), severity)

    def repeated(self, finding: Finding, obligation: str) -> Finding:
        """The answer to one duty as the answer to another that asks the same."""
        if obligation in self.edition.dropped:
            return self.finding(obligation, Outcome.NOT_APPLICABLE, "dropped", subject=finding.subject)
        duty = self.edition.obligation(obligation)
        return attrs.evolve(finding, obligation=duty, citation=self.edition.cite(duty.provision))

    def out_of_scope(self, obligation: str) -> Finding:
        """Nothing that the seller sells on ``on`` falls under the regulation."""
        return self._finding(
            obligation, SELLER, [Point(outcome=Outcome.NOT_APPLICABLE, reason="out_of_scope")], (), None
        )

    def not_given(self, obligation: str, *names: str, subject: str = SELLER) -> Finding:
        """A collection that the answer needs was not given, or may lack records; out of scope, that goes first."""
        if self.in_scope is False:
            return self.out_of_scope(obligation)
        missing = listed(LABELS[n] for n in names)
        because = [self.lacking(n) for n in names]
        return self.finding(obligation, Outcome.UNKNOWN, "not_given", subject=subject, because=because, missing=missing)

    def lacking(self, name: str) -> Reason:
        """That a collection was not given, or may lack records."""
        label = LABELS[name]
        if self.dossier.given(name):
            return Reason(Bilingual(f"可能不全：{label.zh}", f"may lack records: {label.en}"))
        return Reason(Bilingual(f"未提供：{label.zh}", f"not given: {label.en}"))

    def conclude(self, obligation: str, subject: str, points: Iterable[Point]) -> Iterator[Finding]:
        """One finding for each outcome of the points; satisfied only where nothing else is. Remarks go with the worst finding."""
        settled = [self._settled(obligation, subject, p) for p in points]
        remarks = [p for p in settled if p.remark]
        groups: dict[Outcome, list[Point]] = {}
        for point in settled:
            if not point.remark:
                groups.setdefault(point.outcome, []).append(point)
        if len(groups) > 1:
            groups.pop(Outcome.SATISFIED, None)
        for i, outcome in enumerate(o for o in Outcome if o in groups):
            yield self._finding(obligation, subject, groups[outcome], remarks if i == 0 else (), None)

    def _settled(self, obligation: str, subject: str, point: Point) -> Point:
        if obligation in self.edition.dropped:
            return Point(outcome=Outcome.NOT_APPLICABLE, reason="dropped")
        if point.remark:
            return point
        if point.outcome is Outcome.VIOLATED and not point.certain:
            unsure = Reason(Bilingual("是否属于适用范围尚不清楚", "it is not known whether the regulation applies"))
            return attrs.evolve(point, outcome=Outcome.UNKNOWN, because=(*point.because, unsure))
        if point.outcome is Outcome.UNKNOWN and point.needs:
            missing = [self.lacking(n) for n in point.needs if not self.dossier.complete(n)]
            return attrs.evolve(point, because=(*point.because, *missing))
        if point.outcome is Outcome.NEEDS_JUDGEMENT:
            judged = self.judgement(obligation, subject, point.period)
            if judged is not None:
                quoted = self.because(
                    judged,
                    f"人工判断（{judged.judged_by}，{judged.on}）：{judged.verdict.zh}。{judged.reason}",
                    f"judged by {judged.judged_by} on {judged.on}: {judged.verdict}. {judged.reason}",
                )
                return attrs.evolve(
                    point, outcome=Outcome(judged.verdict), reason="judged", because=(quoted, *point.because)
                )
        return point

    def _finding(
        self,
        obligation: str,
        subject: str,
        points: Sequence[Point],
        remarks: Sequence[Point],
        severity: Severity | None,
    ) -> Finding:
        outcome = points[0].outcome
        if severity is None:
            severity = Severity.BREACH if outcome in _WEIGHTY else Severity.ADVISORY if remarks else Severity.INFO
        duty = self.edition.obligation(obligation)
        texts = [*_texts(obligation, points), *(_remark(t) for t in _texts(obligation, remarks))]
        asked = points if outcome in _WEIGHTY else ()
        advices = dict.fromkeys(
            advice for p in asked if (advice := law.advice(obligation, p.reason, **_fields([p], p.fields))) is not None
        )
        return Finding(
            obligation=duty,
            outcome=outcome,
            severity=severity,
            subject=subject,
            message=join(texts),
            because=tuple(dict.fromkeys(r for p in (*points, *remarks) for r in p.because)),
            citation=self.edition.cite(duty.provision),
            slots=tuple(dict.fromkeys(p.period for p in points if p.period is not None)),
            readings=tuple(dict.fromkeys(r for p in (*points, *remarks) for r in p.readings)),
            advice=join(list(advices), zh="", en=" ") if advices else None,
        )


def _texts(obligation: str, points: Sequence[Point]) -> list[Bilingual]:
    """One sentence for each reason, with the periods that share it."""
    groups: dict[tuple[str, tuple[tuple[str, Any], ...]], list[Point]] = {}
    for point in points:
        groups.setdefault((point.reason, tuple(sorted(point.fields.items()))), []).append(point)
    texts = []
    for (reason, fields), members in groups.items():
        texts.append(law.message(obligation, reason, **_fields(members, dict(fields))))
    return texts


def _remark(text: Bilingual) -> Bilingual:
    """What is worth saying but changes no outcome, marked as such."""
    return Bilingual(f"（提示）{text.zh}", f"(remark) {text.en}")


def _fields(points: Sequence[Point], fields: Mapping[str, Any]) -> dict[str, Any]:
    """What a template may name: the periods, their number, and the point's own fields."""
    periods = list(dict.fromkeys(p.period for p in points if p.period is not None))
    return {"periods": spell(periods), "n": len(periods) or len(points), **fields}
