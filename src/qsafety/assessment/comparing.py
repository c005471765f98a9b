"""Which verdicts change under which reading: the same facts, each reading's other options tried one by one."""

from collections.abc import Iterator
from typing import Any

import attrs

from qsafety import law
from qsafety.assessment import assess
from qsafety.assessment.report import Change, Report
from qsafety.findings import Finding
from qsafety.law.readings import Reading
from qsafety.law.vocabulary import Outcome

_NUMBERS = (0, 1, 3, 6, 12, 24)


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
