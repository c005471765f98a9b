"""Failed items of daily checks, and the hazards that belong to them (Article 10)."""

from collections.abc import Sequence
from datetime import date

from qsafety.dossier import DailyCheck, Hazard
from qsafety.findings import Case
from qsafety.law.vocabulary import CheckOutcome


class Failures:
    """The failed items of the window, and the hazards that belong to them.

    They belong together by day and code, and by outlet where the hazard names one; a hazard that names none belongs to the outlet whose
    check failed its item.
    """

    def __init__(self, case: Case) -> None:
        self.case = case
        self.checks = [
            (outlet, check)
            for (outlet, day), checks in case.plan.checks.items()
            if case.since <= day <= case.on
            for check in checks
        ]
        self.failed = [(outlet, check, code) for outlet, check in self.checks for code in self.codes(check)]
        self.places: dict[tuple[date, str | None], set[str | None]] = {}
        for outlet, check, code in self.failed:
            self.places.setdefault((check.day, code), set()).add(outlet)
        self.by_item: dict[tuple[date, str | None], list[Hazard]] = {}
        for hazard in case.dossier.hazards or ():
            self.by_item.setdefault((hazard.found_on, hazard.item), []).append(hazard)

    def codes(self, check: DailyCheck) -> Sequence[str]:
        """The codes that a check found wanting; 全部 不合格 fails every daily item that has no answer of its own."""
        codes = [r.code for r in check.failed]
        if check.all_items is CheckOutcome.FAIL:
            in_force = self.case.plan.list_on(check.day)
            answered = {r.code for r in check.results}
            codes.extend(sorted(in_force.daily_codes - answered) if in_force else ["全部"])
        return codes

    def hazards_of(self, outlet: str | None, check: DailyCheck, code: str) -> Sequence[Hazard]:
        """The hazards of a failed item."""
        plan = self.case.plan
        return [
            h for h in self.by_item.get((check.day, code), ()) if h.outlet is None or plan.outlet_of(h.outlet) == outlet
        ]

    def outlet_of(self, hazard: Hazard) -> str | None:
        """The outlet a daily hazard belongs to; None: the seller, where nothing says more."""
        if hazard.outlet is not None:
            return self.case.plan.outlet_of(hazard.outlet)
        places = self.places.get((hazard.found_on, hazard.item), set())
        return next(iter(places)) if len(places) == 1 else self.case.plan.outlet_of(None)
