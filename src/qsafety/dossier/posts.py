"""Who is in which post on a day, by appointment alone (Articles 3, 5, 13)."""

from collections.abc import Sequence
from datetime import date

import attrs

from qsafety.dossier.people import Appointment
from qsafety.law.vocabulary import ChangeKind, Role
from qsafety.periods import ONE_DAY


@attrs.frozen
class Tenure:
    """An appointment with the last day on which it holds: its own end, or the day before a removal or adjustment."""

    appointment: Appointment
    start: date
    end: date | None

    def holds(self, day: date) -> bool:
        """Whether the person is in post on a day."""
        return self.start <= day and (self.end is None or day <= self.end)


@attrs.frozen
class Posts:
    """The tenures of one seller, by role."""

    tenures: tuple[Tenure, ...]

    @classmethod
    def of(cls, appointments: Sequence[Appointment] | None) -> "Posts":
        """The posts that follow from the appointments.

        免去 ends earlier tenures of the same person and role from its start; 调整 replaces them from its start.
        """
        rows = sorted(appointments or (), key=lambda a: (a.start, a.id))
        ends = [a for a in rows if a.change in (ChangeKind.REMOVE, ChangeKind.ADJUST)]
        tenures = []
        for a in rows:
            if a.change is ChangeKind.REMOVE:
                continue
            last = a.end
            for e in ends:
                later = e.start > a.start or (e.change is ChangeKind.REMOVE and e.start == a.start)
                here = e.outlet is None or e.change is ChangeKind.ADJUST or e.outlet == a.outlet
                if e is not a and later and here and (e.person, e.role) == (a.person, a.role):
                    last = e.start - ONE_DAY if last is None else min(last, e.start - ONE_DAY)
            tenures.append(Tenure(a, a.start, last))
        return cls(tuple(tenures))

    def on(self, role: Role, day: date) -> tuple[Tenure, ...]:
        """The tenures of a role that hold on a day."""
        return tuple(t for t in self.tenures if t.appointment.role is role and t.holds(day))

    def holders(self, role: Role, day: date) -> tuple[str, ...]:
        """The persons in post on a day, each once, by order of appointment."""
        return tuple(dict.fromkeys(t.appointment.person for t in self.on(role, day)))

    def officers_of(self, outlet: str | None, day: date) -> tuple[str, ...]:
        """The officers in post on a day who were appointed for an outlet, or for all."""
        found = [t.appointment for t in self.on(Role.OFFICER, day)]
        return tuple(dict.fromkeys(a.person for a in found if outlet is None or a.outlet in (None, outlet)))
