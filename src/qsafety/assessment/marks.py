"""The letter and the colours of each status, in the result workbook and on the page.

Each status has a letter as well as a colour; the colours differ for those who see no red or green, and every letter stands out from its
ground (contrast 4.5 or more).
"""

from collections.abc import Mapping

from qsafety.bilingual import Bilingual
from qsafety.law.vocabulary import SlotStatus

LETTERS: Mapping[SlotStatus, Bilingual] = {
    SlotStatus.DONE: Bilingual("按", "D"),
    SlotStatus.LATE: Bilingual("迟", "L"),
    SlotStatus.INCOMPLETE: Bilingual("缺", "I"),
    SlotStatus.MISSED: Bilingual("漏", "M"),
    SlotStatus.DUE: Bilingual("待", "O"),
    SlotStatus.NOT_DUE: Bilingual("未", "-"),
    SlotStatus.NOT_REQUIRED: Bilingual("免", "·"),
}
COLOURS: Mapping[SlotStatus, tuple[str, str]] = {
    SlotStatus.DONE: ("BFE3F7", "1F4E79"),
    SlotStatus.LATE: ("FFE699", "5C4400"),
    SlotStatus.INCOMPLETE: ("F8B26A", "4A2600"),
    SlotStatus.MISSED: ("B3261E", "FFFFFF"),
    SlotStatus.DUE: ("FFFFFF", "1F4E79"),
    SlotStatus.NOT_DUE: ("F5F5F5", "6B6B6B"),
    SlotStatus.NOT_REQUIRED: ("E6E6E6", "595959"),
}
"""Ground and letter."""

WORST_FIRST = (
    SlotStatus.MISSED,
    SlotStatus.INCOMPLETE,
    SlotStatus.LATE,
    SlotStatus.DUE,
    SlotStatus.DONE,
    SlotStatus.NOT_DUE,
    SlotStatus.NOT_REQUIRED,
)
"""What a week of days is shown as: the first of these that is among them."""
