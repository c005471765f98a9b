"""How papers word days, times, numbers and persons."""

from collections.abc import Iterable, Mapping, Sequence
from datetime import date, datetime
from decimal import Decimal
from zoneinfo import ZoneInfo

from qsafety.dossier import Attachment
from qsafety.periods import IsoWeek, Month

WEEKDAYS = "一二三四五六日"


def chinese_day(day: date) -> str:
    """A day as minutes and records write it.

    >>> chinese_day(date(2024, 1, 31))
    '2024年1月31日 星期三'
    """
    return f"{day.year}年{day.month}月{day.day}日 星期{WEEKDAYS[day.weekday()]}"


def plain_day(day: date | None) -> str:
    """A day in the head of a document; empty where it is not known.

    >>> plain_day(date(2024, 1, 31)), plain_day(None)
    ('2024年1月31日', '')
    """
    return f"{day.year}年{day.month}月{day.day}日" if day else ""


def short_day(day: date | None) -> str:
    """A day in the cell of a table."""
    return day.isoformat() if day else ""


def chinese_week(week: IsoWeek) -> str:
    """A week with its days.

    >>> chinese_week(IsoWeek(2024, 5))
    '2024年第5周（1月29日至2月4日）'
    """
    first, last = week.start, week.end
    year = "" if first.year == last.year == week.year else f"{first.year}年"
    until = "" if first.year == last.year else f"{last.year}年"
    return f"{week.year}年第{week.week}周（{year}{first.month}月{first.day}日至{until}{last.month}月{last.day}日）"


def chinese_month(month: Month) -> str:
    """A month.

    >>> chinese_month(Month(2024, 1))
    '2024年1月'
    """
    return f"{month.year}年{month.month}月"


def stamp(at: datetime | None, zone: ZoneInfo) -> str:
    """Day and time of an instant at the seller; empty where it is not known.

    >>> from datetime import UTC
    >>> stamp(datetime(2024, 1, 31, 16, 30, tzinfo=UTC), ZoneInfo("Asia/Shanghai"))
    '2024-02-01 00:30'
    """
    return f"{at.astimezone(zone):%Y-%m-%d %H:%M}" if at else ""


def clock(at: datetime | None, zone: ZoneInfo, day: date) -> str:
    """The time of an instant, with its date where that is not the day of the paper; empty where it is not known."""
    if at is None:
        return ""
    local = at.astimezone(zone)
    return f"{local:%H:%M}" if local.date() == day else f"{local:%Y-%m-%d %H:%M}"


def figure(number: Decimal | None) -> str:
    """A number as it is written by hand; empty where it is not known.

    >>> figure(Decimal("1E+1")), figure(None)
    ('10', '')
    """
    return "" if number is None else f"{number:f}"


def named(names: Mapping[str, str], person: str | None) -> str:
    """The name of a person; the id where no name is known."""
    return names.get(person, person) if person else ""


def all_named(names: Mapping[str, str], people: Iterable[str] | None) -> str:
    """The names of several persons."""
    return "、".join(names.get(p, p) for p in people or ())


def files_of(attachments: Sequence[Attachment]) -> str:
    """The names of attached files."""
    return "、".join(a.filename for a in attachments)


def paragraphs(text: str | None) -> Sequence[str]:
    """The lines of a text, without the empty ones."""
    return tuple(line for line in (text or "").splitlines() if line.strip())


def lines(texts: Iterable[str]) -> str:
    """Several texts in one cell, each on its line, without the empty ones."""
    return "\n".join(filter(None, texts))


def in_order(texts: Iterable[str]) -> str:
    """What is said of each of several things, marked ①, ②, so that the cells of a row can be read together.

    >>> in_order(["H1"]), in_order(["H1", "", "H3"])
    ('H1', '①H1\\n③H3')
    """
    said = list(texts)
    if not said:
        return ""
    if len(said) == 1:
        return said[0]
    return lines((chr(0x2460 + i) if i < 20 else f"({i + 1})") + text if text else "" for i, text in enumerate(said))
