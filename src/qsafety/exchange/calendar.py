"""What is to be done, as a calendar that others subscribe to (iCalendar, RFC 5545).

Each duty is one all-day event: a ``DATE``, not a time. The text and the records name days, not hours, and a date is the same
day in every calendar, wherever its reader is; a time with a zone would move to the day before or after for whoever travels.
So there is no ``VTIMEZONE``; ``X-WR-TIMEZONE`` names the seller's zone for calendars that ask.
"""

import hashlib
from collections import Counter
from collections.abc import Iterable, Mapping
from datetime import UTC, date, datetime, time, timedelta
from typing import Any

from qsafety import law
from qsafety.assessment import Todo
from qsafety.assessment.lines import clean
from qsafety.assessment.names import article
from qsafety.bilingual import Bilingual, Lang
from qsafety.dossier import Seller
from qsafety.errors import MissingExtraError
from qsafety.law.vocabulary import Cadence

_KINDS = {str(cadence): cadence.label for cadence in Cadence} | {
    "rectification": Bilingual("整改", "rectification"),
    "priority": Bilingual("重点工作", "priority work"),
    "order": Bilingual("责令改正", "order to correct"),
    "finding": Bilingual("补正", "to put right"),
}
_NAMED_BY_ITS_RECORD = ("rectification", "order")


def to_ics(
    todos: Iterable[Todo],
    seller: Seller,
    *,
    on: date,
    names: Mapping[str, str] | None = None,
    lang: Lang = "zh",
    alarm: time | None = None,
) -> bytes:
    """A calendar with one event for each thing to do, as bytes in UTF-8.

    ``on`` is the day asked about: what is overdue, or has no day, stands there, and says so. ``names`` gives persons' names by
    their id; without it the ids are written. ``alarm``: remind at this time of the day; None, the default, never reminds.

    An event keeps its UID as long as the duty is the same, whatever its day, its person or its wording after the record's number; so a
    feed that is fetched again replaces and does not double. The same arguments give the same bytes. Without icalendar:
    :class:`~qsafety.errors.MissingExtraError`.

    >>> from qsafety.assessment import due
    >>> from qsafety.dossier import Dossier, ProductLine
    >>> shop = Dossier(seller=Seller(id="s", name="店"), products=[ProductLine(id="c", name="车", regimes={"ccc"})])
    >>> feed = to_ics(due(shop, on=date(2024, 2, 1)), shop.seller, on=date(2024, 2, 1)).decode()
    >>> feed.count("BEGIN:VEVENT"), "DTSTART;VALUE=DATE:20240201" in feed, "VALARM" in feed
    (3, True, False)
    """
    try:
        from icalendar import Calendar
    except ImportError:
        raise MissingExtraError("calendar", "icalendar") from None
    calendar = Calendar()
    calendar.add("prodid", "-//qsafety//due//ZH")
    calendar.add("version", "2.0")
    calendar.add("calscale", "GREGORIAN")
    calendar.add("method", "PUBLISH")
    title = Bilingual("质量安全待办", "Quality safety duties").to(lang)
    calendar.add("x-wr-calname", clean(f"{seller.name} {title}"))
    calendar.add("x-wr-timezone", seller.tz)
    seen = Counter[str]()
    for todo in todos:
        key = _key(seller, todo)
        seen[key] += 1
        uid = hashlib.sha256(f"{key}\n{seen[key]}".encode("utf-8", "surrogatepass")).hexdigest()[:40]
        calendar.add_component(_event(todo, f"{uid}@qsafety", on, names or {}, lang, alarm))
    feed: bytes = calendar.to_ical()
    return feed


def _key(seller: Seller, todo: Todo) -> str:
    """What makes a duty the same duty: not its day nor its person, which may change."""
    what = todo.what.zh
    if todo.kind in _NAMED_BY_ITS_RECORD:
        what = what.partition("：")[0]  # 整改隐患 H1：the rest describes it
    return "\n".join([seller.id, todo.kind, todo.obligation, what])


def _event(todo: Todo, uid: str, on: date, names: Mapping[str, str], lang: Lang, alarm: time | None) -> Any:
    from icalendar import Alarm, Event

    day = max(todo.by or on, on)
    event = Event()
    event.add("uid", uid)
    # of the day asked about, not of this moment: equal questions have equal answers
    event.add("dtstamp", datetime.combine(on, time(), UTC))
    event.add("dtstart", day)
    event.add("dtend", day + timedelta(days=1))
    event.add("summary", clean(_summary(todo, on, lang)))
    event.add("description", "\n".join(map(clean, _description(todo, names, lang))))
    event.add("categories", [_KINDS[todo.kind].to(lang) if todo.kind in _KINDS else todo.kind])
    event.add("transp", "TRANSPARENT")
    if alarm is not None:
        reminder = Alarm()
        reminder.add("action", "DISPLAY")
        reminder.add("description", clean(todo.what.to(lang)))
        reminder.add("trigger", timedelta(hours=alarm.hour, minutes=alarm.minute))
        event.add_component(reminder)
    return event


def _summary(todo: Todo, on: date, lang: Lang) -> str:
    what = todo.what.to(lang)
    if todo.by is not None and todo.by < on:
        late = Bilingual(f"【逾期，期限 {todo.by}】", f"[overdue since {todo.by}] ")
        return late.to(lang) + what
    return what


def _description(todo: Todo, names: Mapping[str, str], lang: Lang) -> list[str]:
    provision = law.obligation(todo.obligation).provision
    cited = article(law.edition(), provision, heading=True).to(lang)
    who = "、".join(_person(id_, names) for id_ in (todo.who or "").split("、") if id_)
    by = str(todo.by) if todo.by else Bilingual("未定", "not set").to(lang)
    lines = [
        Bilingual(f"义务：{todo.obligation}（{cited}）", f"Duty: {todo.obligation} ({cited})"),
        Bilingual(f"责任人：{who or '未定'}", f"Who: {who or 'not set'}"),
        Bilingual(f"期限：{by}", f"By: {by}"),
    ]
    return [line.to(lang) for line in lines]


def _person(id_: str, names: Mapping[str, str]) -> str:
    return f"{names[id_]}（{id_}）" if id_ in names else id_
