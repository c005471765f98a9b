"""The whole answer: a report is a frozen value that says what it rests on."""

from collections.abc import Iterable, Iterator, Mapping, Sequence
from datetime import date
from typing import Any

import attrs

from qsafety import law
from qsafety.assessment.todo import Todo
from qsafety.bilingual import Bilingual, Lang
from qsafety.cadence import Slot
from qsafety.dossier import Dossier
from qsafety.errors import QSafetyError, UnknownNameError
from qsafety.findings import Finding
from qsafety.law.editions import Edition
from qsafety.law.readings import Readings
from qsafety.law.vocabulary import Outcome
from qsafety.rules import ANSWERS, RULES
from qsafety.rules.a05_director import DirectorNeed
from qsafety.rules.a16_harbour import SafeHarbour
from qsafety.rules.a17_penalty import Exposure


class NotComputedError(QSafetyError, LookupError):
    """An obligation that no rule computes; the message says why (``qsafety law gaps``)."""

    code = "not_computed"


class Findings(tuple[Finding, ...]):
    """The findings of one obligation; ``outcome`` is the worst of them."""

    __slots__ = ()

    @property
    def outcome(self) -> Outcome:
        """The worst outcome."""
        return min((f.outcome for f in self), key=list(Outcome).index)

    def __getnewargs__(self) -> tuple[tuple[Finding, ...]]:
        return (tuple(self),)


@attrs.frozen(kw_only=True)
class Receipt:
    """What an answer rests on: replayed with the same dossier it gives the same bytes."""

    version: str
    edition: str
    text_sha256: str
    readings: Mapping[str, Any] = attrs.field(hash=False)
    dossier_sha256: str
    on: date
    since: date

    def to_dict(self) -> dict[str, Any]:
        """Plain data, with these keys."""
        fields = attrs.asdict(self, recurse=False)
        return fields | {
            "readings": dict(self.readings),
            "on": self.on.isoformat(),
            "since": self.since.isoformat(),
        }


@attrs.frozen(kw_only=True)
class Change:
    """A finding that differs between two reports; None: not there."""

    obligation: str
    subject: str
    before: Finding | None
    after: Finding | None

    def to_dict(self) -> dict[str, Any]:
        """Plain data: obligation, subject, and the two findings."""
        return {
            "obligation": self.obligation,
            "subject": self.subject,
            "before": self.before.to_dict() if self.before else None,
            "after": self.after.to_dict() if self.after else None,
        }


@attrs.frozen(kw_only=True, repr=False)
class Report:
    """What the regulation says of one seller on a day, about a window: findings, slots, what to do, and what it rests on.

    ``report["A10.2"]`` gives the findings of an obligation (unknown ids are refused with the nearest).
    """

    dossier: Dossier
    edition: Edition
    on: date
    since: date
    readings: Readings
    director: DirectorNeed
    findings: tuple[Finding, ...]
    slots: tuple[Slot, ...]
    exposure: Exposure
    safe_harbour: tuple[SafeHarbour, ...]
    todo: tuple[Todo, ...]
    receipt: Receipt
    notices: tuple[Bilingual, ...] = ()
    """What must be said at the head: that the edition is a draft, that the window was moved."""

    def __getitem__(self, obligation: str) -> Findings:
        found = Findings(f for f in self.findings if f.obligation.id == obligation)
        if not found:
            if obligation in ANSWERS:
                raise NotComputedError(
                    Bilingual(f"{obligation} 没有单独的认定", f"{obligation} has no finding of its own"),
                    advice=Bilingual(
                        "见 report.exposure 与 report.safe_harbour。", "See report.exposure and report.safe_harbour."
                    ),
                )
            if obligation in (o.id for o in law.obligations()):
                raise NotComputedError(
                    Bilingual(f"义务 {obligation} 未由规则计算", f"no rule computes obligation {obligation}"),
                    advice=Bilingual("理由见 qsafety law gaps。", "See `qsafety law gaps` for the reason."),
                )
            raise UnknownNameError(Bilingual("义务", "obligation"), obligation, RULES)
        return found

    def of(self, outcome: Outcome | str) -> tuple[Finding, ...]:
        """The findings with one outcome."""
        wanted = Outcome(outcome)
        return tuple(f for f in self.findings if f.outcome is wanted)

    @property
    def violated(self) -> tuple[Finding, ...]:
        """The facts show that the duty was not met."""
        return self.of(Outcome.VIOLATED)

    @property
    def needs_judgement(self) -> tuple[Finding, ...]:
        """All facts are there, and a person must decide."""
        return self.of(Outcome.NEEDS_JUDGEMENT)

    @property
    def unknown(self) -> tuple[Finding, ...]:
        """A fact is missing."""
        return self.of(Outcome.UNKNOWN)

    @property
    def satisfied(self) -> tuple[Finding, ...]:
        """The facts show that the duty was met."""
        return self.of(Outcome.SATISFIED)

    @property
    def disclaimer(self) -> Bilingual:
        """What every answer carries."""
        return law.message("general", "disclaimer")

    def rows(self) -> list[dict[str, Any]]:
        """A flat dict for each finding, for pandas."""
        return [
            {
                "seller": self.dossier.seller.id,
                "obligation": f.obligation.id,
                "provision": f.citation.provision,
                "outcome": str(f.outcome),
                "severity": str(f.severity),
                "subject": f.subject,
                "slots": " ".join(f.slots),
                "count": len(f.slots),
                "message_zh": f.message.zh,
                "message_en": f.message.en,
                "on": self.on.isoformat(),
                "since": self.since.isoformat(),
            }
            for f in self.findings
        ]

    def diff(self, other: "Report") -> tuple[Change, ...]:
        """What differs from here to another report: outcome, slots or words of a finding."""

        def keyed(findings: Iterable[Finding]) -> dict[tuple[str, str, Outcome], Finding]:
            return {(f.obligation.id, f.subject, f.outcome): f for f in findings}

        return tuple(_changes(keyed(self.findings), keyed(other.findings)))

    def to_dict(self) -> dict[str, Any]:
        """The JSON report, format 1."""
        seller = self.dossier.seller
        return {
            "format": 1,
            "edition": self.edition.id,
            "on": self.on.isoformat(),
            "since": self.since.isoformat(),
            "seller": {"id": seller.id, "name": seller.name},
            "director": self.director.to_dict(),
            "findings": [f.to_dict() for f in self.findings],
            "slots": [s.to_dict() for s in self.slots],
            "exposure": self.exposure.to_dict(),
            "safe_harbour": [h.to_dict() for h in self.safe_harbour],
            "todo": [t.to_dict() for t in self.todo],
            "readings": self.readings.to_dict(),
            "receipt": self.receipt.to_dict(),
            "notices": [n.to_dict() for n in self.notices],
            "disclaimer": self.disclaimer.to_dict(),
        }

    def explain(self, lang: Lang = "zh") -> str:
        """The report as plain text, complete, in one language."""
        from qsafety.assessment.text import explain

        return explain(self, lang)

    def _repr_html_(self) -> str:
        from qsafety.assessment.text import summary_html

        return summary_html(self)

    def __repr__(self) -> str:
        counts = ", ".join(f"{o}={n}" for o in Outcome if (n := len(self.of(o))))
        return f"<Report {self.dossier.seller.id} on {self.on} since {self.since}: {counts}>"


def _changes(
    before: Mapping[tuple[str, str, Outcome], Finding], after: Mapping[tuple[str, str, Outcome], Finding]
) -> Iterator[Change]:
    gone = [k for k in before if before[k] != after.get(k)]
    new = [k for k in after if after[k] != before.get(k)]
    pairs = dict.fromkeys((k[0], k[1]) for k in (*gone, *new))
    for obligation, subject in pairs:
        old: Sequence[Finding] = [before[k] for k in gone if k[:2] == (obligation, subject)]
        now: Sequence[Finding] = [after[k] for k in new if k[:2] == (obligation, subject)]
        for i in range(max(len(old), len(now))):
            yield Change(
                obligation=obligation,
                subject=subject,
                before=old[i] if i < len(old) else None,
                after=now[i] if i < len(now) else None,
            )
