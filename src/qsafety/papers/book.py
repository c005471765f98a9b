"""The records of one seller as papers look them up: the plan, with what every paper asks for found once."""

from collections.abc import Mapping, Sequence
from datetime import date
from functools import cached_property

import attrs

from qsafety.cadence import Plan
from qsafety.dossier import Hazard, NonconformingLot


@attrs.frozen(slots=False)
class Book(Plan):
    """A plan with the names of persons, outlets and products, and the hazards and nonconforming lots of each day."""

    @cached_property
    def names(self) -> Mapping[str, str]:
        """The name of each person by id. Names only: resident ids and telephone numbers are on no paper."""
        return {person.id: person.name for person in self.dossier.people or ()}

    @cached_property
    def outlet_names(self) -> Mapping[str, str]:
        """The outlets that records may be about, with their names: those given, else those that the checks name."""
        if self.dossier.outlets:
            return {o.id: o.name for o in self.dossier.outlets}
        return dict.fromkeys(sorted({c.outlet for c in self.dossier.daily_checks or () if c.outlet}), "")

    @cached_property
    def product_names(self) -> Mapping[str, str]:
        """The name of each product line by id."""
        return {product.id: product.name for product in self.dossier.products or ()}

    @cached_property
    def hazards_on(self) -> Mapping[date, Sequence[Hazard]]:
        """The hazards by the day on which they were found."""
        found: dict[date, list[Hazard]] = {}
        for hazard in self.dossier.hazards or ():
            found.setdefault(hazard.found_on, []).append(hazard)
        return found

    @cached_property
    def lots_on(self) -> Mapping[date, Sequence[NonconformingLot]]:
        """The nonconforming lots by day."""
        found: dict[date, list[NonconformingLot]] = {}
        for lot in self.dossier.nonconforming or ():
            found.setdefault(lot.on, []).append(lot)
        return found

    def outlet_name(self, outlet: str | None) -> str:
        """The name of an outlet, else its id; empty for none."""
        return (self.outlet_names.get(outlet) or outlet) if outlet else ""

    def place_of(self, outlet: str | None) -> str | None:
        """The outlet that a record belongs to: the one it names, or the seller's only one."""
        return self.outlet_of(outlet) or outlet
