"""Who is in which post on a day, by appointment alone (Articles 3, 5, 13)."""

from collections.abc import Mapping, Sequence
from datetime import date
from functools import cached_property

import attrs

from qsafety.dossier.people import Appointment
from qsafety.law.vocabulary import ChangeKind, Role
from qsafety.periods import day_before


@attrs.frozen
class Tenure:
    """An appointment with the last day on which it holds: its own end, or the day before a removal or adjustment."""

    appointment: Appointment
    start: date
    end: date | None

    def holds(self, day: date) -> bool:
        """Whether the person is in post on a day."""
        return self.start <= day and (self.end is None or day <= self.end)


@attrs.frozen(slots=False)
class Posts:
    """The tenures of one seller, by role."""

    tenures: tuple[Tenure, ...]

    @classmethod
    def of(cls, appointments: Sequence[Appointment] | None) -> "Posts":
        """The posts that follow from the appointments.

        免去 ends earlier tenures of the same person and role from its start; 调整 replaces them from its start.
        """
        rows = sorted(appointments or (), key=lambda a: (a.start, a.id))
        endings: dict[tuple[str, Role], list[Appointment]] = {}
        for a in rows:
            if a.change in (ChangeKind.REMOVE, ChangeKind.ADJUST):
                endings.setdefault((a.person, a.role), []).append(a)
        return cls(
            tuple(
                Tenure(a, a.start, _last_day(a, endings.get((a.person, a.role), ())))
                for a in rows
                if a.change is not ChangeKind.REMOVE
            )
        )

    @cached_property
    def _by_role(self) -> Mapping[Role, Sequence[Tenure]]:
        found: dict[Role, list[Tenure]] = {role: [] for role in Role}
        for tenure in self.tenures:
            found[tenure.appointment.role].append(tenure)
        return found

    @cached_property
    def _by_person(self) -> Mapping[tuple[Role, str], Sequence[Tenure]]:
        found: dict[tuple[Role, str], list[Tenure]] = {}
        for tenure in self.tenures:
            found.setdefault((tenure.appointment.role, tenure.appointment.person), []).append(tenure)
        return found

    @cached_property
    def _officers(self) -> Mapping[str | None, Sequence[Tenure]]:
        found: dict[str | None, list[Tenure]] = {}
        for tenure in self._by_role[Role.OFFICER]:
            found.setdefault(tenure.appointment.outlet, []).append(tenure)
        return found

    def on(self, role: Role, day: date) -> tuple[Tenure, ...]:
        """The tenures of a role that hold on a day."""
        return tuple(t for t in self._by_role[role] if t.holds(day))

    def of_person(self, role: Role, person: str, day: date) -> tuple[Appointment, ...]:
        """The appointments by which a person is in a role on a day; empty: not in post."""
        return tuple(t.appointment for t in self._by_person.get((role, person), ()) if t.holds(day))

    def holders(self, role: Role, day: date) -> tuple[str, ...]:
        """The persons in post on a day, each once, by order of appointment."""
        return tuple(dict.fromkeys(t.appointment.person for t in self.on(role, day)))

    def officers_of(self, outlet: str | None, day: date) -> tuple[str, ...]:
        """The officers in post on a day who were appointed for an outlet, or for all."""
        if outlet is None:
            return self.holders(Role.OFFICER, day)
        here = [t.appointment for where in (None, outlet) for t in self._officers.get(where, ()) if t.holds(day)]
        return tuple(dict.fromkeys(a.person for a in sorted(here, key=lambda a: (a.start, a.id))))


def _last_day(appointment: Appointment, endings: Sequence[Appointment]) -> date | None:
    """The last day of a tenure: its own end, or the day before the first removal or adjustment that comes after it."""
    last = appointment.end
    for ending in endings:
        removal = ending.change is ChangeKind.REMOVE
        later = ending.start > appointment.start or (removal and ending.start == appointment.start)
        here = ending.outlet is None or not removal or ending.outlet == appointment.outlet
        if ending is not appointment and later and here:
            day = day_before(ending.start)
            last = day if last is None else min(last, day)
    return last
