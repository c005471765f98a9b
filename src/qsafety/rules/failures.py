"""Failed items of daily checks, and the hazards that belong to them (Article 10)."""

from collections.abc import Sequence
from datetime import date

import attrs

from qsafety.dossier import DailyCheck, Hazard
from qsafety.findings import Case
from qsafety.law.vocabulary import CheckOutcome, HazardSource


@attrs.frozen
class Failure:
    """An item that a check found wanting."""

    outlet: str | None
    check: DailyCheck
    code: str


class Failures:
    """The checks of the window on days on which goods in scope were sold (or may have been), their failed items, and the hazards.

    Item and hazard belong together by day and code, and by outlet where the hazard names one; a hazard that names none belongs to the
    outlet whose check failed its item. ``hazards``: each with the day of the failed check (None: of no failed item) and its outlet;
    those of a failed item, and those that the daily control found otherwise.
    """

    def __init__(self, case: Case) -> None:
        self.case = case
        self.checks: list[tuple[str | None, DailyCheck]] = [
            (outlet, check)
            for (outlet, day), checks in case.plan.checks.items()
            if case.since <= day <= case.on and case.scope_on(outlet, day) is not False
            for check in checks
        ]
        by_item: dict[tuple[date, str | None, str | None], list[Hazard]] = {}
        anywhere: dict[tuple[date, str | None], list[Hazard]] = {}
        for hazard in case.dossier.hazards or ():
            if hazard.outlet is None:
                anywhere.setdefault((hazard.found_on, hazard.item), []).append(hazard)
            else:
                place = case.plan.outlet_of(hazard.outlet)
                by_item.setdefault((hazard.found_on, hazard.item, place), []).append(hazard)
        self.hazards: list[tuple[Hazard, date | None, str | None]] = []
        self.without_hazard: list[Failure] = []
        matched: set[str] = set()
        for outlet, check in self.checks:
            for code in self.codes(check):
                rows = [*by_item.get((check.day, code, outlet), ()), *anywhere.get((check.day, code), ())]
                if not rows:
                    self.without_hazard.append(Failure(outlet, check, code))
                self.hazards.extend((h, check.day, outlet) for h in rows if h.id not in matched)
                matched.update(h.id for h in rows)
        for hazard in case.dossier.hazards or ():
            outlet = case.plan.outlet_of(hazard.outlet)
            within = case.since <= hazard.found_on <= case.on and case.scope_on(outlet, hazard.found_on) is not False
            if hazard.source is HazardSource.DAILY and hazard.id not in matched and within:
                self.hazards.append((hazard, None, outlet))

    def codes(self, check: DailyCheck) -> Sequence[str]:
        """The codes that a check found wanting; 全部 不合格 fails every daily item that has no answer of its own."""
        codes = [r.code for r in check.failed]
        if check.all_items is CheckOutcome.FAIL:
            in_force = self.case.plan.list_on(check.day)
            answered = {r.code for r in check.results}
            codes.extend(sorted(in_force.daily_codes - answered) if in_force else ["全部"])
        return codes
