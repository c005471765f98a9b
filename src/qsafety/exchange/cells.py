"""A cell as it came, and the folding of form that never touches meaning."""

import re
from datetime import date, datetime
from enum import Enum
from typing import Final
from zoneinfo import ZoneInfo

from attrs import frozen

from qsafety.bilingual import Bilingual

_BLANKS = " \t\r\n\v\f\u00a0\u2002\u2003\u2009\u200b\u3000\ufeff"
_FOLD: Final = {code: code - 0xFEE0 for code in range(0xFF01, 0xFF5F)} | {0x3000: 0x20}
_NO_FORM = re.compile(r"\[[^\]]*\]|\"[^\"]*\"|\\.")


class Broken(Enum):
    """A cell that has no value to read."""

    UNCALCULATED = "uncalculated"  # a formula that no program has calculated yet
    TOO_LONG = "too_long"  # a text longer than any that Excel can hold
    DAMAGED = "damaged"  # what no program writes


@frozen
class ErrorValue:
    """What a formula gave that failed: ``#REF!``, ``#N/A``."""

    text: str


@frozen(eq=False)
class Cell:
    """What stands in a cell: its value, and the number format that says how Excel shows it.

    Cells that say the same may be one object; each is equal to itself only, so that it is cheap to look up.
    """

    value: object
    number_format: str = ""

    @property
    def shown(self) -> str:
        """The value as text, for messages."""
        value = self.value
        if value is Broken.UNCALCULATED:
            return "="
        if isinstance(value, Broken):
            return "…"
        if isinstance(value, ErrorValue):
            return value.text
        return plain(value)

    @property
    def shows_day(self) -> bool:
        """Whether Excel shows the day of the date in it (``2024-01-31``), and not just month and year (``Jan-24``)."""
        return "d" in _NO_FORM.sub("", self.number_format.lower()) if self.number_format else True


@frozen
class Setting:
    """What reading a cell depends on: the seller's time zone, and the day that Excel counts from."""

    zone: ZoneInfo
    epoch: datetime


class BadValue(Exception):
    """A cell that does not say what its column asks for; it becomes a Problem and never leaves this package."""

    def __init__(
        self,
        code: str,
        *,
        expected: Bilingual | None = None,
        hint: Bilingual | None = None,
        value: str | None = None,
    ) -> None:
        super().__init__(code)
        self.code = code
        self.expected = expected
        self.hint = hint
        self.value = value


def letter(column: int) -> str:
    """A column's letter: 1 is A, 27 is AA."""
    name = ""
    while column:
        column, rest = divmod(column - 1, 26)
        name = chr(65 + rest) + name
    return name


def clean(text: str) -> str:
    """Without blanks around it, with one kind of line end."""
    return text.replace("_x000D_", "\r").replace("\r\n", "\n").replace("\r", "\n").strip(_BLANKS)


def fold(text: str) -> str:
    """Full-width digits, letters and signs (U+FF01–FF5E, U+3000) as half-width ones, without blanks around them.

    >>> fold("　Ｒ０１ ")
    'R01'
    """
    return clean(text.translate(_FOLD))


def header(value: object) -> str:
    """A header or a sheet's name: folded, without any blanks inside, and without the star of what must be filled in.

    >>> header("上年营业收入（万元）\\n")
    '上年营业收入(万元)'
    """
    return "".join(fold(plain(value)).split()).strip("*")


def plain(value: object) -> str:
    """Any value of a cell as the text that a person would type."""
    if isinstance(value, str):
        return clean(value)
    if isinstance(value, bool):
        return str(value).upper()
    if isinstance(value, float):
        return format(value, ".15g")
    if isinstance(value, datetime):
        if value.hour == value.minute == value.second == 0:
            return value.date().isoformat()
        return value.isoformat(" ", "seconds" if value.second else "minutes")
    if isinstance(value, date):
        return value.isoformat()
    return "" if value is None else str(value)


def is_blank(value: object) -> bool:
    """Whether a cell holds nothing but blanks."""
    return value is None or (isinstance(value, str) and not clean(value))
