"""What duties upon events have in common: the events of the window, gaps between two steps, and "nothing happened"."""

from collections.abc import Iterable, Iterator, Sequence
from datetime import date, datetime

from qsafety.dossier.known import local_day
from qsafety.findings import SELLER, Case, Finding, Point
from qsafety.law.vocabulary import Outcome


def in_window(case: Case, day: date | datetime) -> bool:
    """Whether an event lies in [since, on], in the seller's days."""
    return case.since <= local_day(day, case.plan.zone) <= case.on


def slow(case: Case, begun: date | datetime, done: date | datetime | None, reason: str, record: str) -> Iterator[Point]:
    """A remark where a step came later than the reading ``promptly`` allows."""
    if done is None:
        return
    gap = (local_day(done, case.plan.zone) - local_day(begun, case.plan.zone)).days
    if gap > case.readings.promptly:
        yield Point(
            outcome=Outcome.SATISFIED,
            reason=reason,
            remark=True,
            readings=("promptly",),
            fields={"record": record, "days": gap},
        )


def conclude(case: Case, obligation: str, collections: Sequence[str], points: Iterable[Point]) -> Iterator[Finding]:
    """The findings of an event duty: none where nothing is in scope; without an event not due from complete records, else unknown."""
    found = list(points)
    missing = [name for name in collections if not case.dossier.complete(name)]
    if case.in_scope is False:
        yield case.out_of_scope(obligation)
    elif any(not p.remark for p in found):
        yield from case.conclude(obligation, SELLER, found)
    elif missing:
        yield case.not_given(obligation, *missing)
    else:
        yield case.finding(obligation, Outcome.NOT_DUE, "no_event")
