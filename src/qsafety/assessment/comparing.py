"""Which verdicts change under which reading, or under another edition: the same facts, judged twice."""

from collections.abc import Iterable, Iterator, Mapping
from datetime import date
from typing import Any

import attrs

from qsafety import law
from qsafety.assessment import assess
from qsafety.assessment.report import Change, Report
from qsafety.dossier import Dossier
from qsafety.findings import Finding
from qsafety.law.editions import Difference, Edition
from qsafety.law.provisions import touches
from qsafety.law.readings import Reading, Readings
from qsafety.law.vocabulary import Outcome, Severity

_NUMBERS = (0, 1, 3, 6, 12, 24)
_REPEATS = {"A03.2b": ("7", "8"), "A04.1a": ("16.1",), "A08.1.2": ("10",)}
"""Duties that repeat the answers of others, with the provisions of these."""
_HEAVY = (Outcome.VIOLATED, Outcome.NEEDS_JUDGEMENT, Outcome.UNKNOWN)


@attrs.frozen(kw_only=True)
class ReadingChange:
    """What one option of one reading would change in a report; no changes: the reading does not bear on these facts."""

    reading: str
    option: str
    changes: tuple[Change, ...]

    def to_dict(self) -> dict[str, Any]:
        """Plain data: reading, option, changes."""
        return {"reading": self.reading, "option": self.option, "changes": [c.to_dict() for c in self.changes]}


def compare_readings(report: Report) -> tuple[ReadingChange, ...]:
    """For every reading each option that the report did not use, with the verdicts that it would change.

    A number is tried at a few values within its bounds; the mapping ``limbs``, which changes no verdict, is left out. Findings that
    differ in words only are no change.

    >>> from datetime import date
    >>> from qsafety.dossier import Dossier, ProductLine, Seller
    >>> line = ProductLine(id="x", name="锁", regimes=["mandatory_gb"], affects_safety=True)
    >>> seller = Seller(id="s", name="店", trade="retail", headcount=60, revenue=1)
    >>> changed = compare_readings(assess(Dossier(seller=seller, products=[line]), on=date(2024, 2, 1)))
    >>> [f"{c.reading}={c.option}" for c in changed if any(d.obligation == "A05.1.3" for d in c.changes)]
    ['size_class=both']
    """
    return tuple(_tried(report))


def _tried(report: Report) -> Iterator[ReadingChange]:
    used = report.readings.to_dict()
    for reading in law.readings():
        for option in _options(reading):
            if str(used[reading.name]) == option or reading.name == "limbs":
                continue
            chosen = law.Readings.of({**used, reading.name: option})
            other = assess(report.dossier, on=report.on, since=report.since, edition=report.edition, readings=chosen)
            changes = tuple(c for c in report.diff(other) if _verdict(c.before) != _verdict(c.after))
            yield ReadingChange(reading=reading.name, option=option, changes=changes)


@attrs.frozen(kw_only=True)
class EditionChange:
    """A verdict that differs between two editions, and the differences of their texts that bear on it."""

    change: Change
    why: tuple[Difference, ...]

    def to_dict(self) -> dict[str, Any]:
        """Plain data: obligation, subject, before, after, why."""
        return self.change.to_dict() | {"why": [d.to_dict() for d in self.why]}


@attrs.frozen(kw_only=True)
class EditionsCompared:
    """One seller under two editions: both reports, the differences of the texts, and the verdicts that change with them."""

    before: Report
    after: Report
    differences: tuple[Difference, ...]
    changes: tuple[EditionChange, ...]

    def to_dict(self) -> dict[str, Any]:
        """Plain data: both editions, the window, differences, changes, and the exposure under each."""
        one, two = self.before, self.after
        return {
            "editions": [one.edition.id, two.edition.id],
            "on": one.on.isoformat(),
            "since": [one.since.isoformat(), two.since.isoformat()],
            "differences": [d.to_dict() for d in self.differences],
            "changes": [c.to_dict() for c in self.changes],
            "exposure": [r.exposure.to_dict() for r in (one, two)],
            "receipts": [r.receipt.to_dict() for r in (one, two)],
        }


def compare_editions(
    dossier: Dossier,
    one: str | Edition,
    other: str | Edition,
    *,
    on: date,
    since: date | None = None,
    readings: Readings | Mapping[str, object] | Iterable[str] | None = None,
) -> EditionsCompared:
    """Which verdicts on a seller change from one edition to another, each with the differences of the text behind it.

    Findings that differ in words only are no change; a change of the duty-bearer stands among the differences. Errors as for
    :func:`~qsafety.assessment.assess`; a day on which one of them was not in force is :class:`~qsafety.errors.NotInForceError`.

    >>> from qsafety.dossier import Appointment, Person, ProductLine, Seller
    >>> posts = [Appointment(person="p", role=role, start=date(2024, 1, 1)) for role in ("director", "officer")]
    >>> line = ProductLine(id="c", name="车", regimes={"ccc"})
    >>> shop = Dossier(seller=Seller(id="s", name="店"), products=[line], appointments=posts, people=[Person(id="p", name="某")])
    >>> found = compare_editions(shop, "cn-seller-2023-draft", "cn-seller-2023-order76", on=date(2024, 2, 1))
    >>> [(c.change.obligation, c.why[0].provision, str(c.why[0].certainty)) for c in found.changes]
    [('A06.2a', '6.2', 'unverified')]
    """
    chosen = Readings.of(readings)
    before, after = (assess(dossier, on=on, since=since, edition=e, readings=chosen) for e in (one, other))
    differences = law.diff(before.edition, after.edition)
    changes = tuple(
        EditionChange(change=change, why=tuple(_why(change, before, after, differences)))
        for change in before.diff(after)
        if _weighed(change.before) != _weighed(change.after)
    )
    return EditionsCompared(before=before, after=after, differences=differences, changes=changes)


def _weighed(finding: Finding | None) -> object:
    return finding and (_verdict(finding), finding.severity if finding.outcome in _HEAVY else Severity.INFO)


def _why(change: Change, one: Report, other: Report, differences: Iterable[Difference]) -> Iterator[Difference]:
    """The differences in the provision of a duty, in those whose answers it repeats, and in the window."""
    rests_on = [one.edition.obligation(change.obligation).provision, *_REPEATS.get(change.obligation, ())]
    if one.since != other.since:
        rests_on.append(str(one.edition.provisions[-1].article))
    for difference in differences:
        if any(touches(difference.provision, provision) for provision in rests_on):
            yield difference


def _verdict(finding: Finding | None) -> tuple[Outcome, tuple[str, ...]] | None:
    """What counts as a change: the outcome and, but for what is well, the periods."""
    if finding is None:
        return None
    return finding.outcome, () if finding.outcome is Outcome.SATISFIED else finding.slots


def _options(reading: Reading) -> Iterator[str]:
    for option in reading.options:
        if option != "n":
            yield option
            continue
        least, most = reading.least or 0, reading.most
        yield from (str(n) for n in _NUMBERS if n >= least and (most is None or n <= most))
