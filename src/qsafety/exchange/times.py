"""Dates, times and periods as people write them in a ledger; times are local to the seller."""

import re
from datetime import UTC, date, datetime, timedelta

from attrs import evolve

from qsafety.bilingual import Bilingual
from qsafety.exchange.cells import BadValue, Cell, Setting, fold, plain
from qsafety.periods import Day, IsoWeek, Month

_DATE = re.compile(r"(\d{4})(?:([-/.])(\d{1,2})\2(\d{1,2})|\s*年\s*(\d{1,2})\s*月\s*(\d{1,2})\s*日)", re.ASCII)
_TIME = re.compile(r"(?:\s+|T)(\d{1,2}):(\d{2})(?::(\d{2}))?", re.ASCII)
_JOINED = re.compile(r"(\d{4})(\d{2})(\d{2})", re.ASCII)
_WEEK = re.compile(r"(\d{4})(?:-?[Ww](\d{1,2})|\s*年\s*第?\s*(\d{1,2})\s*周)", re.ASCII)
_MONTH = re.compile(r"(\d{4})(?:[-/.](\d{1,2})|\s*年\s*(\d{1,2})\s*月)", re.ASCII)

_YEARS = range(1900, 9999)
# A bare number in a column of dates is a day that Excel counted: believed only of these years, so that "2024" is no day of 1905.
_COUNTED_YEARS = range(1950, 2100)


def _mean(text: object) -> Bilingual:
    return Bilingual(f"是否为 {text}？", f"Did you mean {text}?")


def _nearest_day(year: int, month: int, day: int) -> date:
    last = Month(year, min(max(month, 1), 12)).end
    return last.replace(day=min(max(day, 1), last.day))


def _existing(year: int, month: int, day: int, code: str) -> date:
    if year not in _YEARS:
        raise BadValue(code, hint=Bilingual(f"请核对年份 {year}。", f"Check the year {year}."))
    try:
        return date(year, month, day)
    except ValueError:
        raise BadValue(code, hint=_mean(_nearest_day(year, month, day))) from None


def _written(typed: str, code: str) -> datetime | None:
    found = _DATE.match(typed)
    if found is None:
        if joined := _JOINED.fullmatch(typed):
            raise BadValue(code, hint=_mean(_existing(int(joined[1]), int(joined[2]), int(joined[3]), code)))
        return None
    year, _, *numbers = found.groups()
    month, day = (int(n) for n in numbers if n is not None)
    midnight = datetime.combine(_existing(int(year), month, day, code), datetime.min.time())
    if not (rest := typed[found.end() :]):
        return midnight
    if (clock := _TIME.fullmatch(rest)) is None:
        return None
    hour, minute, second = (int(n) for n in clock.groups(default="0"))
    if hour > 23 or minute > 59 or second > 59:
        raise BadValue(code, hint=Bilingual(f"没有 {rest.strip()} 这个时刻。", f"There is no time {rest.strip()}."))
    return midnight.replace(hour=hour, minute=minute, second=second)


def _counted(value: float, setting: Setting) -> datetime | None:
    try:
        when = setting.epoch + timedelta(days=value)
    except (OverflowError, ValueError):
        return None
    return when if when.year in _COUNTED_YEARS else None


def _local(cell: Cell, setting: Setting, code: str) -> datetime:
    value = cell.value
    when: datetime | None = None
    if isinstance(value, datetime):
        when = value.replace(tzinfo=None)
    elif isinstance(value, date):
        when = datetime(value.year, value.month, value.day)
    elif isinstance(value, int | float) and not isinstance(value, bool):
        when = _counted(value, setting)
    elif isinstance(value, str):
        when = _written(fold(value), code)
    if when is None or when.year not in _YEARS:
        raise BadValue(code)
    # Excel keeps a time as a fraction of a day, a little off the second
    return (when + timedelta(milliseconds=500)).replace(microsecond=0)


def read_date(cell: Cell, setting: Setting) -> date:
    """A day: a date cell, Excel's count of days, or text in one of the written forms. A time of day beside it is left aside."""
    return _local(cell, setting, "bad_date").date()


def read_moment(cell: Cell, setting: Setting) -> datetime:
    """A local time, made aware; a day alone is its first minute. A time of day that a change of the clocks skipped is refused."""
    local = _local(cell, setting, "bad_time")
    aware = local.replace(tzinfo=setting.zone)
    if aware.astimezone(UTC).astimezone(setting.zone).replace(tzinfo=None) != local:
        zone = setting.zone.key
        hint = Bilingual(f"{zone} 当天没有这个时刻（夏令时）。", f"{zone} skipped this time when the clocks changed.")
        raise BadValue("bad_time", hint=hint)
    return aware


def read_week(cell: Cell, _: Setting) -> str:
    """An ISO week as its text, ``2024-W05``."""
    found = _WEEK.fullmatch(fold(plain(cell.value)))
    if found is None or int(found[1]) not in _YEARS:
        raise BadValue("bad_week")
    year, number = int(found[1]), int(found[2] or found[3])
    last = IsoWeek.of(date(year, 12, 28))
    if not 1 <= number <= last.week:
        raise BadValue("bad_week", hint=_mean(last if number else IsoWeek(year, 1)))
    return str(IsoWeek(year, number))


def read_month(cell: Cell, _: Setting) -> str:
    """A month as its text, ``2024-01``; of one that is typed Excel makes the first of the month."""
    value = cell.value
    if isinstance(value, date) and value.day == 1 and value.year in _YEARS:
        return str(Month(value.year, value.month))
    found = _MONTH.fullmatch(fold(value)) if isinstance(value, str) else None
    if found is None or int(found[1]) not in _YEARS:
        raise BadValue("bad_month")
    year, number = int(found[1]), int(found[2] or found[3])
    if not 1 <= number <= 12:
        raise BadValue("bad_month", hint=_mean(Month(year, min(max(number, 1), 12))))
    return str(Month(year, number))


def read_period(cell: Cell, setting: Setting) -> str:
    """A day, week or month as its text; of a date cell, what Excel shows decides between day and month."""
    value = cell.value
    typed = fold(plain(value))
    try:
        if isinstance(value, date) and not cell.shows_day:
            return read_month(cell, setting)
        if isinstance(value, str) and _WEEK.fullmatch(typed):
            return read_week(cell, setting)
        if isinstance(value, str) and _MONTH.fullmatch(typed):
            return read_month(cell, setting)
        return str(Day(read_date(evolve(cell, value=typed) if isinstance(value, str) else cell, setting)))
    except BadValue as bad:
        raise BadValue("bad_period", hint=bad.hint) from None
