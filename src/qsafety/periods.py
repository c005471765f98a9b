"""When: days, ISO weeks, months, windows, and the operating calendar of a seller or an outlet.

Articles 10, 11 and 12 set one duty for each day, each week, each month. A week is Monday to Sunday and belongs to the year
of ISO 8601; days are local days of the seller. Nothing here knows a record or reads a clock.

Sets of days are kept as integers: bit ``i`` of a mask over a window is its day number ``i``. That makes a seller's year
one number, and a missed day one subtraction.
"""

import re
from abc import ABC, abstractmethod
from calendar import monthrange
from collections.abc import Callable, Iterable, Iterator
from datetime import date, datetime, timedelta
from functools import lru_cache, total_ordering
from typing import Any, Self, TypeVar

import attrs

from qsafety.bilingual import Bilingual
from qsafety.errors import PeriodError

ONE_DAY = timedelta(days=1)
EVERY_DAY: frozenset[int] = frozenset(range(7))
"""All seven weekdays; Monday is 0."""

_FIRST_YEAR, _LAST_YEAR = 2, 9997


@total_ordering
class Period(ABC):
    """A day, a week or a month: ``start`` and ``end`` (both included), ``days()``, and an order within its kind."""

    __slots__ = ()

    @property
    @abstractmethod
    def start(self) -> date:
        """The first day."""

    @property
    @abstractmethod
    def end(self) -> date:
        """The last day."""

    def days(self) -> Iterator[date]:
        """Every day, first to last."""
        return days(self.start, self.end)

    def __contains__(self, day: date) -> bool:
        return self.start <= day <= self.end

    def __lt__(self, other: Any) -> bool:
        return self.start < other.start if type(other) is type(self) else NotImplemented

    def next(self) -> Self:
        """The period after this one."""
        return self.of(self.end + ONE_DAY)

    def previous(self) -> Self:
        """The period before this one."""
        return self.of(self.start - ONE_DAY)

    @classmethod
    @abstractmethod
    def of(cls, day: date) -> Self:
        """The period of this kind in which a day lies."""


P = TypeVar("P", bound=Period)


@attrs.frozen
class Day(Period):
    """One local day.

    >>> str(Day(date(2024, 1, 31)))
    '2024-01-31'
    """

    day: date

    @property
    def start(self) -> date:
        """The day itself."""
        return self.day

    @property
    def end(self) -> date:
        """The day itself."""
        return self.day

    @classmethod
    def of(cls, day: date) -> Self:
        """The day."""
        return cls(day)

    def __str__(self) -> str:
        return self.day.isoformat()


def _weeks_in(year: int) -> int:
    return date(year, 12, 28).isocalendar().week


def _check_year(year: int) -> None:
    if not 1 <= year <= 9998:
        raise PeriodError(Bilingual(f"年份 {year} 不在 1 至 9998 之间", f"year {year} is not between 1 and 9998"))


@attrs.frozen
class IsoWeek(Period):
    """A week, Monday to Sunday, of an ISO 8601 year.

    >>> str(IsoWeek.of(date(2024, 12, 30))), str(IsoWeek.of(date(2027, 1, 1)))
    ('2025-W01', '2026-W53')
    """

    year: int
    week: int

    def __attrs_post_init__(self) -> None:
        _check_year(self.year)
        if not 1 <= self.week <= _weeks_in(self.year):
            raise PeriodError(
                Bilingual(
                    f"{self.year} 年没有第 {self.week} 周（共 {_weeks_in(self.year)} 周）",
                    f"{self.year} has no week {self.week} (it has {_weeks_in(self.year)})",
                )
            )

    @property
    def start(self) -> date:
        """Monday."""
        return date.fromisocalendar(self.year, self.week, 1)

    @property
    def end(self) -> date:
        """Sunday."""
        return date.fromisocalendar(self.year, self.week, 7)

    @classmethod
    def of(cls, day: date) -> Self:
        """The ISO week of a day."""
        year, week, _ = day.isocalendar()
        return cls(year, week)

    def __str__(self) -> str:
        return f"{self.year:04d}-W{self.week:02d}"


@attrs.frozen
class Month(Period):
    """A calendar month.

    >>> Month(2024, 2).end
    datetime.date(2024, 2, 29)
    """

    year: int
    month: int

    def __attrs_post_init__(self) -> None:
        _check_year(self.year)
        if not 1 <= self.month <= 12:
            raise PeriodError(Bilingual(f"没有 {self.month} 月", f"there is no month {self.month}"))

    @property
    def start(self) -> date:
        """The first."""
        return date(self.year, self.month, 1)

    @property
    def end(self) -> date:
        """The last day of the month."""
        return date(self.year, self.month, monthrange(self.year, self.month)[1])

    @classmethod
    def of(cls, day: date) -> Self:
        """The month of a day."""
        return cls(day.year, day.month)

    def __str__(self) -> str:
        return f"{self.year:04d}-{self.month:02d}"


_FORMS: tuple[tuple[re.Pattern[str], Callable[..., Period]], ...] = (
    (re.compile(r"([0-9]{4})-([0-9]{2})-([0-9]{2})"), lambda *numbers: Day(date(*numbers))),
    (re.compile(r"([0-9]{4})-W([0-9]{2})"), IsoWeek),
    (re.compile(r"([0-9]{4})-([0-9]{2})"), Month),
)


@lru_cache(maxsize=8192)
def parse(text: str) -> Period:
    """A period from its text: ``2024-01-31``, ``2024-W05`` or ``2024-01``. Anything else: :class:`PeriodError`.

    >>> parse("2024-W05").end
    datetime.date(2024, 2, 4)
    """
    for form, make in _FORMS:
        found = form.fullmatch(text)
        if found:
            try:
                return make(*map(int, found.groups()))
            except PeriodError:
                raise
            except ValueError:  # of date()
                break
    raise PeriodError(
        Bilingual(f"“{text}”不是存在的日期、周或月", f"{text!r} is no day, week or month that exists"),
        advice=Bilingual("请写作 2024-01-31、2024-W05 或 2024-01。", "Write 2024-01-31, 2024-W05 or 2024-01."),
    )


def days(since: date, until: date) -> Iterator[date]:
    """Every day from ``since`` to ``until``, both included."""
    return map(date.fromordinal, range(since.toordinal(), until.toordinal() + 1))


def periods(kind: type[P], since: date, until: date) -> Iterator[P]:
    """The periods of a kind whose last day lies in the window: windows that partition time partition periods."""
    period = kind.of(since)
    for _ in range((until - since).days + 1):  # no window holds more periods than days
        if until < period.end:
            return
        yield period
        period = period.next()


def mask(since: date, until: date, marked: Iterable[date]) -> int:
    """The marked days of a window as an integer."""
    first, last = since.toordinal(), until.toordinal()
    bits = 0
    for day in marked:
        if first <= (number := day.toordinal()) <= last:
            bits |= 1 << (number - first)
    return bits


def span(since: date, until: date, start: date | None, end: date | None) -> int:
    """The days of a window that lie in ``[start, end]``; None is open."""
    first = since if start is None or start < since else start
    last = until if end is None or end > until else end
    length = (last - first).days + 1
    return ((1 << length) - 1) << (first - since).days if length > 0 else 0


def marked(since: date, bits: int) -> Iterator[date]:
    """The days of a mask, in order."""
    first = since.toordinal()
    while bits:
        low = bits & -bits
        yield date.fromordinal(first + low.bit_length() - 1)
        bits ^= low


def weekdays_mask(since: date, until: date, weekdays: Iterable[int]) -> int:
    """The days of a window that fall on given weekdays (Monday is 0)."""
    length = (until - since).days + 1
    if length <= 0:
        return 0
    week = 0
    for weekday in weekdays:
        week |= 1 << ((weekday - since.weekday()) % 7)
    weeks = -(-length // 7)
    every_seventh = ((1 << (7 * weeks)) - 1) // 127
    return (week * every_seventh) & ((1 << length) - 1)


def day_before(day: date) -> date:
    """The day before; the first of the calendar has none, and is its own."""
    return day - ONE_DAY if day > date.min else day


def asked_day(name: str, value: object) -> date:
    """A day that was asked about, checked; ``name`` is what the caller calls it.

    A time is refused: to Python it is a date, but which day it falls on depends on the time zone. So is a text, and a day so near the
    end of the calendar that its month or week has no neighbour. All are a :class:`PeriodError`.

    >>> asked_day("on", date(2024, 2, 1))
    datetime.date(2024, 2, 1)
    """
    if not isinstance(value, date) or isinstance(value, datetime):
        raise PeriodError(
            Bilingual(
                f"{name}：收到 {value!r}，应为一天 (datetime.date)", f"{name}: got {value!r}, expected a datetime.date"
            ),
            advice=Bilingual("请写作 date(2024, 1, 31)。", "Write date(2024, 1, 31)."),
        )
    if not _FIRST_YEAR <= value.year <= _LAST_YEAR:
        raise PeriodError(
            Bilingual(
                f"{name}：{value} 不在 {_FIRST_YEAR} 至 {_LAST_YEAR} 年之间",
                f"{name}: {value} is not between the years {_FIRST_YEAR} and {_LAST_YEAR}",
            )
        )
    return value


def asked_window(since: object, until: object) -> tuple[date, date]:
    """The first and the last day asked about; a :class:`PeriodError` also where the window ends before it begins."""
    first, last = asked_day("since", since), asked_day("until", until)
    if last < first:
        raise PeriodError(Bilingual(f"截止日 {last} 早于起始日 {first}", f"until {last} is before since {first}"))
    return first, last


@attrs.frozen
class Range:
    """Days from ``start`` to ``end``, both included."""

    start: date
    end: date


@attrs.frozen(kw_only=True)
class OperatingCalendar:
    """On which days a seller or an outlet operates.

    ``opened_on`` is the first day, ``closed_on`` the first day no longer. Of a closure and an extra open day for the same day
    the outlet's own row wins, and of equals the closure; ``own_*`` are the outlet's rows, ``all_*`` those for every outlet.
    Public holidays are no closures.
    """

    weekdays: frozenset[int] = EVERY_DAY
    opened_on: date | None = None
    closed_on: date | None = None
    own_closed: tuple[Range, ...] = ()
    own_open: tuple[Range, ...] = ()
    all_closed: tuple[Range, ...] = ()
    all_open: tuple[Range, ...] = ()

    def life(self, since: date, until: date) -> int:
        """The days of a window between opening and closing for good, as a mask."""
        return span(since, until, self.opened_on, day_before(self.closed_on) if self.closed_on else None)

    def mask(self, since: date, until: date) -> int:
        """The days of a window on which it operates, as a mask."""

        def union(ranges: tuple[Range, ...]) -> int:
            bits = 0
            for r in ranges:
                bits |= span(since, until, r.start, r.end)
            return bits

        open_days = weekdays_mask(since, until, self.weekdays)
        open_days = (open_days | union(self.all_open)) & ~union(self.all_closed)
        open_days = (open_days | union(self.own_open)) & ~union(self.own_closed)
        return open_days & self.life(since, until)

    def operates(self, day: date) -> bool:
        """Whether it operates on a day."""
        return bool(self.mask(day, day))
