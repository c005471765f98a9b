"""The whole answer: a report is a frozen value that says what it rests on."""

from collections.abc import Iterable, Iterator, Mapping, Sequence
from datetime import date
from typing import Any

import attrs

from qsafety import law
from qsafety.assessment.receipts import Receipt
from qsafety.assessment.todo import Todo
from qsafety.bilingual import Bilingual, Lang
from qsafety.cadence import Slot
from qsafety.dossier import Dossier
from qsafety.errors import QSafetyError, UnknownNameError
from qsafety.findings import Finding, Reason
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
class Change:
    """A finding that differs between two reports; None: not there."""

    obligation: str
    subject: str
    before: Finding | None
    after: Finding | None

    @property
    def because(self) -> tuple[Reason, ...]:
        """Why it changed: the facts that the later finding rests on, and the earlier did not."""
        return _only(self.after, self.before)

    @property
    def no_longer(self) -> tuple[Reason, ...]:
        """The facts that the earlier finding rested on, and the later does not."""
        return _only(self.before, self.after)

    def to_dict(self) -> dict[str, Any]:
        """Plain data: obligation, subject, the two findings, and the facts that came and went."""
        return {
            "obligation": self.obligation,
            "subject": self.subject,
            "before": self.before.to_dict() if self.before else None,
            "after": self.after.to_dict() if self.after else None,
            "because": [reason.to_dict() for reason in self.because],
            "no_longer": [reason.to_dict() for reason in self.no_longer],
        }


def _only(one: Finding | None, other: Finding | None) -> tuple[Reason, ...]:
    """The facts behind one finding that are not behind another, wherever they stand."""
    there = {(reason.text, reason.record) for reason in other.because} if other else set[object]()
    return tuple(reason for reason in one.because if (reason.text, reason.record) not in there) if one else ()


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

    def to_dict(self, *, sources: bool = True) -> dict[str, Any]:
        """The JSON report, format 1.

        Without ``sources`` the places of records in a ledger are left out: then equal receipts give equal data.
        """
        seller = self.dossier.seller
        plain = {
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
        return plain if sources else _placeless(plain)

    def explain(self, lang: Lang = "zh") -> str:
        """The report as plain text, complete, in one language."""
        from qsafety.assessment.text import explain

        return explain(self, lang)

    def to_html(
        self,
        lang: Lang = "zh",
        *,
        ledger: str | None = None,
        today: bool = False,
        unread: Sequence[str] = (),
        notes: Sequence[Bilingual] = (),
    ) -> str:
        """The report as one self-contained HTML page in one language; see :func:`qsafety.assessment.page.page`.

        ``ledger`` is where the ledger workbook lies, seen from the page: the cells that findings rest on are then links into it.
        """
        from qsafety.assessment.page import page

        return page(self, lang, ledger=ledger, today=today, unread=unread, notes=notes)

    def _repr_html_(self) -> str:
        from qsafety.assessment.page.notebook import extract

        return extract(self)

    def __repr__(self) -> str:
        counts = ", ".join(f"{o}={n}" for o in Outcome if (n := len(self.of(o))))
        return f"<Report {self.dossier.seller.id} on {self.on} since {self.since}: {counts}>"


def _placeless(plain: Any) -> Any:
    """Plain data in which no fact says where it stands in a source."""
    if isinstance(plain, list):
        return [_placeless(member) for member in plain]
    if isinstance(plain, dict):
        return {name: None if name == "source" else _placeless(value) for name, value in plain.items()}
    return plain


def _differ(one: Finding, other: Finding | None) -> bool:
    """Whether two findings differ in more than the places of their records in a ledger."""
    if other is None or one == other:
        return other is None
    bare = (attrs.evolve(f, because=tuple(attrs.evolve(r, source=None) for r in f.because)) for f in (one, other))
    return next(bare) != next(bare)


def _changes(
    before: Mapping[tuple[str, str, Outcome], Finding], after: Mapping[tuple[str, str, Outcome], Finding]
) -> Iterator[Change]:
    gone = [k for k in before if _differ(before[k], after.get(k))]
    new = [k for k in after if _differ(after[k], before.get(k))]
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
