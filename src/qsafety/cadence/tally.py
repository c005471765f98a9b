"""What became of a window's slots, counted: the figures that weekly reports and monthly minutes begin with."""

from collections.abc import Sequence
from datetime import date

import attrs

from qsafety.cadence.plan import Plan, Slot
from qsafety.dossier import DailyCheck
from qsafety.law.vocabulary import Cadence, CheckOutcome, DailyConclusion, SlotStatus
from qsafety.periods import Period


@attrs.frozen(kw_only=True)
class Tally:
    """The slots of one cadence and outlet in a window. ``done`` counts those with a record, in time or not.

    ``zero_risk`` and ``failed`` are of daily checks: the zero-risk reports, and the items found wanting; ``failed`` is None where a check
    says that everything failed and no list in force says how much that is.
    """

    outlet: str | None
    due: int
    done: int
    late: Sequence[Period] = ()
    incomplete: Sequence[Period] = ()
    missed: Sequence[Period] = ()
    zero_risk: int = 0
    failed: int | None = 0


def tallies(plan: Plan, cadence: Cadence, since: date, until: date) -> tuple[Tally, ...]:
    """One tally for each outlet (for the seller: one) of the slots of ``[since, until]``; none where no such records are given."""
    found: dict[str | None, list[Slot]] = {}
    for slot in plan.slots(since, until):
        if slot.cadence is cadence and slot.status is not SlotStatus.NOT_REQUIRED:
            found.setdefault(slot.outlet, []).append(slot)
    checks = {c.id: c for c in plan.dossier.daily_checks or ()} if cadence is Cadence.DAILY_CONTROL else {}
    return tuple(_tally(plan, outlet, slots, checks) for outlet, slots in found.items())


def _tally(plan: Plan, outlet: str | None, slots: Sequence[Slot], checks: dict[str, DailyCheck]) -> Tally:
    counted = [checks[s.record] for s in slots if s.record in checks]
    failures = [_failed(plan, check) for check in counted]
    return Tally(
        outlet=outlet,
        due=len(slots),
        done=sum(s.record is not None for s in slots),
        late=tuple(s.period for s in slots if s.late),
        incomplete=tuple(s.period for s in slots if s.status is SlotStatus.INCOMPLETE),
        missed=tuple(s.period for s in slots if s.status is SlotStatus.MISSED),
        zero_risk=sum(c.conclusion is DailyConclusion.ZERO_RISK for c in counted),
        failed=None if None in failures else sum(n or 0 for n in failures),
    )


def _failed(plan: Plan, check: DailyCheck) -> int | None:
    if check.all_items is not CheckOutcome.FAIL:
        return len(check.failed)
    in_force = plan.list_on(check.day)
    return len(check.failed) + len(in_force.daily_codes - {r.code for r in check.results}) if in_force else None
