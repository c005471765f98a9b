"""Days and outlets at a glance, in Excel: a row for each day, a column for each outlet, weeks and months beside them.

Each status has a letter as well as a colour, and the colours differ for those who see no red or green.
"""

from collections.abc import Iterable
from datetime import date
from typing import Any

from qsafety.assessment import Report
from qsafety.assessment.marks import COLOURS, LETTERS
from qsafety.assessment.names import Names
from qsafety.bilingual import Bilingual
from qsafety.cadence import Slot
from qsafety.exchange.pages import Page
from qsafety.law.vocabulary import Cadence, SlotStatus
from qsafety.periods import Day, IsoWeek, Month

_WEEKDAYS = Bilingual("一二三四五六日", "MTWTFSS")


def draw_heatmap(book: Any, report: Report, lang: Any, title: str) -> Page:
    """The first sheet of a result."""
    names = Names.of(report.dossier, lang)
    outlets = list(dict.fromkeys(slot.outlet for slot in report.slots if isinstance(slot.period, Day)))
    head = _head(report)
    last = Bilingual("9", "14").to(lang)
    widths = [12, 5, *[_width(names, o) for o in outlets], 11, float(last), 10, float(last)]
    page = Page.of(book, title, lang, widths, frozen_rows=len(head) + 3)
    page.heading(head[0])
    for notice in head[1:]:
        page.heading(notice, size=10, colour="9C0006")
    _legend(page)
    page.put(None)
    daily = Cadence.DAILY_CONTROL.label
    columns = [page.words(daily) if o is None else f"{o}\n{names.outlets.get(o, '')}".strip() for o in outlets]
    week, month = Cadence.WEEKLY_SCREENING.label, Cadence.MONTHLY_COORDINATION.label
    page.drawn.row_dimensions[page.row + 1].height = 34
    page.head(Bilingual("日期", "Day"), "", *columns, Bilingual("周", "Week"), week, Bilingual("月", "Month"), month)
    page.drawn.auto_filter.ref, page.ruled = None, False
    _rows(page, report.slots, outlets)
    return page


def _head(report: Report) -> list[Bilingual]:
    seller = report.dossier.seller
    title = Bilingual(
        f"{seller.name}　{report.since} 至 {report.on} 日管控、周排查、月调度",
        f"{seller.name}: daily control, weekly screening, monthly coordination, {report.since} to {report.on}",
    )
    return [title, *report.notices]


def _width(names: Names, outlet: str | None) -> float:
    name = names.outlets.get(outlet or "", "")
    return min(max(8, 1.1 * len(name) + 4), 18)


def _legend(page: Page) -> None:
    for_all = [mark(page, status, page.words(status.label)) for status in LETTERS]
    page.put(page.cell(Bilingual("图例", "Legend"), bold=True), None, *for_all)


def mark(page: Page, status: SlotStatus, words: str = "") -> Any:
    """The letter of a status on its colour, with words after it."""
    ground, colour = COLOURS[status]
    text = f"{page.words(LETTERS[status])} {words}".strip()
    return page.cell(text, fill=ground, colour=colour, bold=status is SlotStatus.MISSED, centre=True, wrap=False)


def _rows(page: Page, slots: Iterable[Slot], outlets: list[str | None]) -> None:
    days: dict[tuple[str | None, date], SlotStatus] = {}
    weeks: dict[IsoWeek, SlotStatus] = {}
    months: dict[Month, SlotStatus] = {}
    first, last = date.max, date.min
    for slot in slots:
        period = slot.period
        if isinstance(period, Day):
            days[slot.outlet, period.day] = slot.status
        elif isinstance(period, IsoWeek):
            weeks[period] = slot.status
        else:
            assert isinstance(period, Month)
            months[period] = slot.status
            continue
        first, last = min(first, period.start), max(last, period.end)
    if not days and not weeks:
        for period in months:
            first, last = min(first, period.start), max(last, period.end)
    marks = {status: mark(page, status) for status in LETTERS}
    grounds = {status: page.cell(" ", fill=COLOURS[status][0]) for status in LETTERS}
    for day in _days(first, last):
        week, month = IsoWeek.of(day), Month.of(day)
        new_week, new_month = day in (week.start, first), day in (month.start, first)
        row: list[Any] = [day, page.words(_WEEKDAYS)[day.weekday()]]
        row += [marks[days[o, day]] if (o, day) in days else None for o in outlets]
        row += [str(week) if new_week else None]
        row += [(marks if new_week else grounds)[weeks[week]] if week in weeks else None]
        row += [str(month) if new_month else None]
        row += [(marks if new_month else grounds)[months[month]] if month in months else None]
        page.put(*row)


def _days(first: date, last: date) -> Iterable[date]:
    return () if last < first else map(date.fromordinal, range(first.toordinal(), last.toordinal() + 1))
