"""What was due, and what became of it: the slots of Articles 10 (every day), 11 (every week) and 12 (every month).

Duties are derived, never stored: a slot is due because the outlet operated that day and sold goods in scope; its status follows from the
records. Two clocks run: the day or period a record is *about* (or was *held*), and the instant at which it was *recorded*, so that late
never turns into on time. Drafts of the weekly report and of the monthly minutes are filled from the same slots.
"""

from qsafety.cadence.days import OutletDays, calendar, outlet_days
from qsafety.cadence.drafts import monthly_draft, weekly_draft
from qsafety.cadence.plan import CadenceRecord, Plan, Slot, slots
from qsafety.cadence.tally import Tally, tallies

__all__ = [
    "CadenceRecord",
    "OutletDays",
    "Plan",
    "Slot",
    "Tally",
    "calendar",
    "monthly_draft",
    "outlet_days",
    "slots",
    "tallies",
    "weekly_draft",
]
