"""Days, weeks and months at a glance: a line for each week, a mark for each day, the months where they end (Articles 10 to 12)."""

from collections import Counter
from collections.abc import Iterable, Iterator, Mapping, Sequence
from datetime import date

from qsafety.assessment.lines import Line, Page, Span, apart, columns, padded
from qsafety.bilingual import Bilingual, Lang
from qsafety.cadence import Slot
from qsafety.law.vocabulary import Cadence, SlotStatus
from qsafety.periods import Day, IsoWeek, Month

MARKS: Mapping[SlotStatus, Span] = {
    SlotStatus.DONE: ("■", "good"),
    SlotStatus.LATE: ("▲", "warn"),
    SlotStatus.INCOMPLETE: ("□", "warn"),
    SlotStatus.MISSED: ("×", "bad"),
    SlotStatus.DUE: ("○", "open"),
    SlotStatus.NOT_DUE: ("-", "faint"),
    SlotStatus.NOT_REQUIRED: ("·", "faint"),
}
"""The mark of each status, and its style: all of them are in GBK."""

_ABREAST = 3
"""Outlets that stand side by side in 80 columns."""
_OUTLETS = 12
_WEEKS = 53
_DAYS = Bilingual("一二三四五六日", "MTWTFSS")
_TROUBLE = (SlotStatus.LATE, SlotStatus.INCOMPLETE, SlotStatus.MISSED, SlotStatus.DUE)

_Days = Mapping[date, SlotStatus]
_Tail = Mapping[date, Sequence[Span]]
"""What stands at the end of the line of a week (by its Monday): its mark, and those of the months that end in it."""


def heatmap(slots: Sequence[Slot], names: Mapping[str, str], lang: Lang) -> list[Line]:
    """The picture, its legend, and the counts of each row; ``names`` are those of the outlets, by id.

    Of more than twelve outlets only those with something to see are drawn; of more than a year its last weeks. What is left out is
    counted, and that is said.
    """
    if not slots:
        return []
    page = Page(lang)
    days: dict[str | None, dict[date, SlotStatus]] = {}
    for slot in slots:
        if isinstance(slot.period, Day):
            days.setdefault(slot.outlet, {})[slot.period.day] = slot.status
    drawn = [*days]
    if len(drawn) > _OUTLETS:
        drawn = [outlet for outlet, marks in days.items() if any(status in _TROUBLE for status in marks.values())]
    weeks = sorted({IsoWeek.of(s.period.end) for s in slots if not isinstance(s.period, Month)})
    shown = weeks[-_WEEKS:]
    tail = _tail(slots)
    open_months = [marks for day, marks in tail.items() if not shown or day > shown[-1].start]
    for first in range(0, max(len(drawn), 1), _ABREAST):
        abreast = drawn[first : first + _ABREAST]
        page.add(_head(abreast, names, tail, page))
        page.add(_week(week, [days[outlet] for outlet in abreast], tail) for week in shown)
        page.add(Line(((" " * (17 + 16 * len(abreast)), ""), *marks)) for marks in open_months)
        page.blank()
    if len(weeks) > len(shown):
        page.put(
            Bilingual(
                f"  （只画最近 {len(shown)} 周；此前 {len(weeks) - len(shown)} 周计入下面的数字）",
                f"  (the last {len(shown)} weeks are drawn; the {len(weeks) - len(shown)} before are counted below)",
            ),
            hang=2,
        )
    _legend(page, {slot.status for slot in slots})
    _counts(page, slots, names, drawn)
    return page.lines


def outlet_name(outlet: str | None, names: Mapping[str, str], lang: Lang) -> str:
    """``M2 样本街分店``, or the daily control as such where the seller has no outlets."""
    if outlet is None:
        return Cadence.DAILY_CONTROL.label.to(lang)
    return f"{outlet} {names.get(outlet, '')}".rstrip()


def _tail(slots: Iterable[Slot]) -> dict[date, list[Span]]:
    weeks: dict[date, Span] = {}
    months: dict[date, list[Span]] = {}
    for slot in slots:
        if isinstance(slot.period, IsoWeek):
            weeks[slot.period.start] = MARKS[slot.status]
        elif isinstance(slot.period, Month):
            ends_in = IsoWeek.of(slot.period.end).start
            months.setdefault(ends_in, []).extend([(f"{slot.period} ", ""), MARKS[slot.status]])
    return {day: [weeks.get(day, (" ", "")), (" " * 6, ""), *months.get(day, [])] for day in sorted({*weeks, *months})}


def _head(outlets: Sequence[str | None], names: Mapping[str, str], tail: _Tail, page: Page) -> Iterator[Line]:
    titles = "".join(padded(page.text(outlet_name(outlet, names, page.lang)), 14) + "  " for outlet in outlets)
    ends = ""
    if tail:
        week, month = Bilingual("周排查", "weekly"), Bilingual("月调度", "monthly")
        ends = padded(page.text(week), 7) + page.text(month)
    yield Line(((f"{'':17}{titles}{ends}", "head"),))
    if outlets:
        signs = _DAYS.to(page.lang)
        row = "".join(padded(sign, 2) for sign in signs)
        yield Line(((" " * 17 + "  ".join([row] * len(outlets)), "faint"),))


def _week(week: IsoWeek, outlets: Sequence[_Days], tail: _Tail) -> Line:
    spans: list[Span] = [(f"  {week}", ""), (f" {week.start:%m-%d} ", "faint")]
    for marks in outlets:
        for day in week.days():
            sign, style = MARKS[marks[day]] if day in marks else (" ", "")
            spans.append((f"{sign} ", style))
        spans.append(("  ", ""))
    return Line((*spans, *tail.get(week.start, ())))


def _legend(page: Page, there: Iterable[SlotStatus]) -> None:
    shown = [(mark, status.label.to(page.lang)) for status, mark in MARKS.items() if status in there]
    pairs = [[mark, (f"\xa0{label}  ", "faint")] for mark, label in shown]
    page.add([Line((("  ", ""), *(span for pair in pairs for span in pair)), hang=2)])


def _counts(page: Page, slots: Iterable[Slot], names: Mapping[str, str], drawn: Sequence[str | None]) -> None:
    rows: dict[tuple[Cadence, str | None], Counter[SlotStatus]] = {}
    for slot in slots:
        rows.setdefault((slot.cadence, slot.outlet), Counter())[slot.status] += 1
    titles = {key: _title(key, names, page.lang) for key in rows}
    hidden = [key for key in rows if key[0] is Cadence.DAILY_CONTROL and key[1] not in drawn]
    others = page.text(Bilingual(f"其余 {len(hidden)} 个门店", f"{len(hidden)} other outlets")) if hidden else ""
    seen = [key for key in rows if key not in hidden]
    width = min(max(columns(title) for title in (others, *(titles[key] for key in seen))), 30) + 2
    for key in seen:
        page.entry(titles[key], *_numbers(rows[key], page.lang), width=width)
    if hidden:
        page.entry(others, *_numbers(sum((rows[key] for key in hidden), Counter()), page.lang), width=width)


def _title(key: tuple[Cadence, str | None], names: Mapping[str, str], lang: Lang) -> str:
    cadence, outlet = key
    return cadence.label.to(lang) if outlet is None else outlet_name(outlet, names, lang)


def _numbers(found: Mapping[SlotStatus, int], lang: Lang) -> list[Span]:
    statuses = [(status, style) for status, (_, style) in MARKS.items() if found.get(status)]
    return apart([(f"{status.label.to(lang)} {found[status]}", style) for status, style in statuses])
