"""Single questions: may this person hold that post, what could follow, who is protected, what is to be kept."""

from collections.abc import Iterable, Mapping
from datetime import date
from typing import Any

import attrs

from qsafety.assessment.report import Report
from qsafety.assessment.window import clipped
from qsafety.bilingual import Bilingual
from qsafety.dossier import Appointment, Dossier, Posts, as_known_on
from qsafety.errors import UnknownNameError
from qsafety.findings import Case, Finding
from qsafety.law.editions import Edition
from qsafety.law.editions import edition as edition_of
from qsafety.law.obligations import DRAFT
from qsafety.law.readings import Readings
from qsafety.law.vocabulary import Outcome, Role
from qsafety.periods import asked_day, asked_window
from qsafety.rules import RULES
from qsafety.rules import a13_archive as archive
from qsafety.rules.a16_harbour import SafeHarbour, safe_harbours
from qsafety.rules.a17_penalty import Exposure

_Choice = Readings | Mapping[str, object] | Iterable[str] | None
_CONDITIONS = ("A06.1.1", "A06.1.2", "A06.1.3", "A06.1.4", "A15.1c")


@attrs.frozen(kw_only=True)
class Eligibility:
    """Whether a person may be director or officer on a day: True, False, or None where a fact or a judgement is missing."""

    person: str
    role: Role
    on: date
    findings: tuple[Finding, ...]

    @property
    def outcome(self) -> Outcome:
        """The worst outcome of the conditions."""
        return min((f.outcome for f in self.findings), key=list(Outcome).index)

    @property
    def eligible(self) -> bool | None:
        """True, False, or None: not known, or for a person to judge."""
        if self.outcome is Outcome.VIOLATED:
            return False
        return None if self.outcome in (Outcome.NEEDS_JUDGEMENT, Outcome.UNKNOWN) else True

    def to_dict(self) -> dict[str, Any]:
        """Plain data."""
        return {
            "person": self.person,
            "role": str(self.role),
            "on": self.on.isoformat(),
            "eligible": self.eligible,
            "outcome": str(self.outcome),
            "findings": [f.to_dict() for f in self.findings],
        }


def eligible(
    dossier: Dossier,
    *,
    person: str,
    role: Role | str,
    on: date,
    readings: _Choice = None,
    edition: str | Edition = DRAFT,
) -> Eligibility:
    """Whether a person meets Articles 6 and 15 for a role on a day, appointed or not.

    The conditions of Article 6, first paragraph; no failed exam (15); not director and officer at once (6.2); for a
    director, a member of management (18.4); for an officer, at most two unrelated posts (6.2). An unknown person is an
    :class:`~qsafety.errors.UnknownNameError`, a day before the edition's entry into force :class:`~qsafety.errors.NotInForceError`.

    >>> from qsafety.dossier import Person, Seller
    >>> shop = Dossier(seller=Seller(id="s", name="店"), people=[Person(id="p2", name="某人")])
    >>> eligible(shop, person="p2", role="officer", on=date(2024, 2, 1)).eligible is None
    True
    """
    asked_day("on", on)
    wanted = Role(role)
    if dossier.people is not None and person not in (p.id for p in dossier.people):
        raise UnknownNameError(Bilingual("人员", "person"), person, [p.id for p in dossier.people])
    known = as_known_on(dossier, on)
    tried = known
    if not Posts.of(known.appointments).of_person(wanted, person, on):
        trial = Appointment(id=f"trial:{person}:{wanted}", person=person, role=wanted, start=on, end=on)
        tried = attrs.evolve(known, appointments=[*(known.appointments or ()), trial])
    case = Case(tried, on, on, _in_force(edition, dossier, on), Readings.of(readings))
    asked = [*_CONDITIONS, *(("A06.2a", "A18.4") if wanted is Role.DIRECTOR else ("A06.2a", "A06.2b"))]
    found = tuple(
        f for id_ in asked for f in RULES[id_](case) if f.subject == person or (id_ == "A06.2a" and _names(f, person))
    )
    return Eligibility(person=person, role=wanted, on=on, findings=found)


def _in_force(edition: str | Edition, dossier: Dossier, on: date) -> Edition:
    """The edition, unless it was not in force on that day."""
    chosen = edition_of(edition)
    clipped(chosen, dossier.seller, None, on)
    return chosen


def _names(finding: Finding, person: str) -> bool:
    return finding.outcome is not Outcome.VIOLATED or person in finding.message.en


def exposure(report: Report) -> Exposure:
    """What Article 17 could lead to, with its reasons; never an amount."""
    return report.exposure


def safe_harbour(
    dossier: Dossier, *, person: str, matter: str, on: date, readings: _Choice = None, edition: str | Edition = DRAFT
) -> SafeHarbour:
    """Whether Article 16, last paragraph, protects a person in a matter (the id of an opinion).

    Raises :class:`~qsafety.errors.UnknownNameError` for an opinion that is not there, or is not that person's.
    """
    asked_day("on", on)
    case = Case(as_known_on(dossier, on), on, on, _in_force(edition, dossier, on), Readings.of(readings))
    answers = {(h.person, h.matter): h for h in safe_harbours(case)}
    if (person, matter) not in answers:
        matters = [m for p, m in answers if p == person]
        raise UnknownNameError(Bilingual(f"{person} 的意见", f"opinion of {person}"), matter, matters)
    return answers[person, matter]


def manifest(
    dossier: Dossier, *, since: date, until: date, on: date, readings: _Choice = None, edition: str | Edition = DRAFT
) -> archive.Manifest:
    """What Article 13 asks to be kept of [since, until], and what of it is there, as known on ``on``."""
    asked_day("on", on)
    asked_window(since, until)
    case = Case(as_known_on(dossier, on), on, since, _in_force(edition, dossier, on), Readings.of(readings))
    return archive.manifest(case, until)
