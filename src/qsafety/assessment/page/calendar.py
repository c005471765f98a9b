"""Days, weeks and months at a glance (Articles 10 to 12): a calendar for each outlet, one for the weeks and months, as SVG.

Neighbours with the same status are one rectangle with one title, under a grid: a year of two hundred outlets stays a page.
"""

from collections import Counter
from collections.abc import Iterable, Iterator, Mapping, Sequence
from datetime import date

from attrs import frozen

from qsafety.assessment.heatmap import outlet_name
from qsafety.assessment.lines import columns, padded
from qsafety.assessment.marks import LETTERS, WORST_FIRST
from qsafety.assessment.names import Names
from qsafety.assessment.page.elements import Html, Tags
from qsafety.bilingual import Bilingual
from qsafety.cadence import Slot
from qsafety.law.vocabulary import Cadence, SlotStatus
from qsafety.periods import Day, IsoWeek, Month

FOLDED_FROM = 13
"""So many outlets are folded, under a picture of all of them."""

_CELL = 16
_WEEKDAYS = Bilingual("一二三四五六日", "MTWTFSS")
_NAME_COLUMNS = 22

_Cell = tuple[int, SlotStatus, object]
"""The column, what to draw in it, and the period it stands for."""


@frozen
class Grid:
    """Cells in rows, to the right of a margin with the rows' labels."""

    tags: Tags
    margin: int
    across: int

    def row(self, y: int, label: str | Html, cells: Iterable[_Cell]) -> Html:
        """A row: its label, and its cells."""
        tags = self.tags
        drawn = [self._run(y, run) for run in _runs(cells)]
        words = label if isinstance(label, Html) else tags.text(label, x=0, y=y + 12)
        return tags.join([words, *drawn])

    def _run(self, y: int, run: Sequence[_Cell]) -> Html:
        tags, (column, status, period) = self.tags, run[0]
        left = self.margin + column * _CELL
        letters = tags.words(LETTERS[status]) * len(run)
        places = " ".join(str(left + _CELL // 2 + n * _CELL) for n in range(len(run)))
        return tags.g(
            tags.title(_span(period, run[-1][2], status)),
            tags.rect(x=left, y=y, width=_CELL * len(run), height=_CELL),
            tags.text(letters, x=places, y=y + 12),
            class_=style_of(status),
        )

    def picture(
        self, rows: Sequence[Html], title: str, *, top: Sequence[Html] = (), right: int = 0, role: str = "img"
    ) -> Html:
        """The whole, ``top`` above it; lines between the cells."""
        tags = self.tags
        head = _CELL if top else 0
        wide, high = self.margin + self.across * _CELL + right, head + len(rows) * _CELL
        edge = self.margin + self.across * _CELL
        lines = [f"M{self.margin} {y}H{edge}" for y in range(head, high + 1, _CELL)]
        lines += [f"M{x} {head}V{high}" for x in range(self.margin, edge + 1, _CELL)]
        return tags.svg(
            tags.title(title),
            top,
            rows,
            tags.path(d="".join(lines), class_="grid"),
            class_="cells",
            role=role,
            aria_label=title,
            viewBox=f"0 0 {wide} {high + 1}",
            width=wide,
            height=high + 1,
        )

    def y(self, row: int, *, head: bool = True) -> int:
        """Where a row begins."""
        return (row + head) * _CELL


def _runs(cells: Iterable[_Cell]) -> Iterator[list[_Cell]]:
    """Neighbours with one status and one kind of period."""
    run: list[_Cell] = []
    for cell in cells:
        if run and (cell[0], cell[1], type(cell[2])) != (run[-1][0] + 1, run[-1][1], type(run[-1][2])):
            yield run
            run = []
        run.append(cell)
    if run:
        yield run


def style_of(status: SlotStatus) -> str:
    """The class of a cell in the style sheet."""
    return f"is-{status.value.replace('_', '-')}"


def calendars(tags: Tags, slots: Sequence[Slot], names: Names) -> Html:
    """The legend, the calendar of the weeks and months, and one for each outlet; many outlets are folded under one picture of all."""
    days: dict[str | None, dict[date, SlotStatus]] = {}
    for slot in slots:
        if isinstance(slot.period, Day):
            days.setdefault(slot.outlet, {})[slot.period.day] = slot.status
    weeks = sorted({IsoWeek.of(day) for marks in days.values() for day in marks})
    seller = _weeks_and_months(tags, slots)
    legend = _legend(tags, {slot.status for slot in slots})
    cards = [_outlet(tags, outlet, marks, weeks, names) for outlet, marks in days.items()]
    if len(cards) < FOLDED_FROM:
        return tags.join([legend, tags.div(cards, seller, class_="cards")])
    fold = [
        tags.details(
            tags.summary(outlet_name(outlet, names.outlets, tags.lang), " ", _trouble(tags, Counter(marks.values()))),
            card,
            class_="outlet",
            id=_id(n),
        )
        for n, ((outlet, marks), card) in enumerate(zip(days.items(), cards, strict=True))
    ]
    each = Bilingual(f"逐店逐日（{len(cards)} 个门店）", f"Each outlet, each day ({len(cards)} outlets)")
    return tags.join(
        [
            legend,
            tags.h3(Bilingual("各门店每周", "Each outlet, each week")),
            tags.p(
                Bilingual(
                    "每格一周，取该周中最差的一天；问题最多的门店在前。",
                    "A cell is a week and shows the worst of its days; the outlets with the most trouble come first.",
                ),
                class_="faint",
            ),
            tags.div(_overview(tags, days, weeks, names), class_="wide", tabindex=0, role="region", aria_label=each),
            tags.details(tags.summary(each), fold, class_="outlets"),
            tags.div(seller, class_="cards"),
        ]
    )


def _id(number: int) -> str:
    return f"outlet-{number + 1}"


def _legend(tags: Tags, there: Iterable[SlotStatus]) -> Html | None:
    seen = [status for status in LETTERS if status in set(there)]
    entries = [
        tags.li(
            tags.span(LETTERS[status], class_=f"mark {style_of(status)}", aria_hidden="true"),
            " ",
            status.label,
        )
        for status in seen
    ]
    return tags.ul(entries, class_="legend", aria_label=Bilingual("图例", "Legend")) if entries else None


def _outlet(
    tags: Tags, outlet: str | None, marks: Mapping[date, SlotStatus], weeks: Sequence[IsoWeek], names: Names
) -> Html:
    """A row for each week, a column for each weekday."""
    name = outlet_name(outlet, names.outlets, tags.lang)
    years = weeks[0].start.year != weeks[-1].end.year
    grid = Grid(tags, 56 if years else 38, 7)
    head = [
        tags.text(sign, x=grid.margin + n * _CELL + _CELL // 2, y=12, class_="day")
        for n, sign in enumerate(tags.words(_WEEKDAYS))
    ]
    rows = [
        grid.row(
            grid.y(n),
            week.start.strftime("%y-%m-%d" if years else "%m-%d"),
            [(day.weekday(), marks[day], day) for day in week.days() if day in marks],
        )
        for n, week in enumerate(weeks)
    ]
    counts = Counter(marks.values())
    return _card(tags, name, counts, grid.picture(rows, _said(tags, name, counts), top=head))


def _span(first: object, last: object, status: SlotStatus) -> Bilingual:
    if first == last:
        return Bilingual(f"{first} {status.zh}", f"{first}: {status.en}")
    return Bilingual(f"{first} 至 {last} {status.zh}", f"{first} to {last}: {status.en}")


def _weeks_and_months(tags: Tags, slots: Iterable[Slot]) -> Html | None:
    """A row for each week; a month stands in the week in which it ends."""
    rows: dict[IsoWeek, list[_Cell]] = {}
    months: dict[IsoWeek, list[Month]] = {}
    counts: dict[Cadence, Counter[SlotStatus]] = {}
    for slot in slots:
        if isinstance(slot.period, Day):
            continue
        week = IsoWeek.of(slot.period.end)
        monthly = isinstance(slot.period, Month)
        rows.setdefault(week, []).append((1 if monthly else 0, slot.status, slot.period))
        if isinstance(slot.period, Month):
            months.setdefault(week, []).append(slot.period)
        counts.setdefault(slot.cadence, Counter())[slot.status] += 1
    if not rows:
        return None
    grid = Grid(tags, 60, 2)
    short = Bilingual("周月", "WM")
    head = [
        tags.text(sign, x=grid.margin + n * _CELL + _CELL // 2, y=12, class_="day")
        for n, sign in enumerate(tags.words(short))
    ]
    drawn = [
        tags.join(
            [
                grid.row(grid.y(n), str(week), sorted(rows[week], key=lambda cell: cell[0])),
                tags.text(", ".join(map(str, months[week])), x=grid.margin + 2 * _CELL + 6, y=grid.y(n) + 12)
                if week in months
                else None,
            ]
        )
        for n, week in enumerate(sorted(rows))
    ]
    title = Bilingual("周排查、月调度", "Weeks and months")
    total = sum(counts.values(), Counter[SlotStatus]())
    picture = grid.picture(drawn, _said(tags, tags.words(title), total), top=head, right=54)
    return _card(tags, tags.words(title), total, picture)


def _card(tags: Tags, name: str, counts: Mapping[SlotStatus, int], picture: Html) -> Html:
    return tags.figure(
        tags.figcaption(tags.strong(name), tags.br(), tags.span(_numbers(tags, counts), class_="faint")), picture
    )


def _numbers(tags: Tags, counts: Mapping[SlotStatus, int]) -> str:
    return " · ".join(f"{status.label.to(tags.lang)} {counts[status]}" for status in LETTERS if counts.get(status))


def _said(tags: Tags, name: str, counts: Mapping[SlotStatus, int]) -> str:
    return f"{name}: {_numbers(tags, counts)}"


def _trouble(tags: Tags, counts: Mapping[SlotStatus, int]) -> Html:
    """How much of what went wrong, each with its letter."""
    marks: list[Html] = []
    for status in (SlotStatus.MISSED, SlotStatus.INCOMPLETE, SlotStatus.LATE):
        if counts.get(status):
            marks.append(tags.span(f"{status.label.to(tags.lang)} {counts[status]}", class_=f"mark {style_of(status)}"))
    return tags.join([[mark, " "] for mark in marks])


def _overview(
    tags: Tags, days: Mapping[str | None, Mapping[date, SlotStatus]], weeks: Sequence[IsoWeek], names: Names
) -> Html:
    """A row for each outlet, a cell for each week, with the worst of its days."""
    grid = Grid(tags, 154, len(weeks))
    columns_of = {week: n for n, week in enumerate(weeks)}
    numbers = {outlet: n for n, outlet in enumerate(days)}
    rows: list[Html] = []
    for row, outlet in enumerate(sorted(days, key=lambda outlet: _behind(days[outlet]))):
        worst: dict[IsoWeek, SlotStatus] = {}
        for day, status in days[outlet].items():
            week = IsoWeek.of(day)
            worst[week] = min(worst.get(week, status), status, key=WORST_FIRST.index)
        name = outlet_name(outlet, names.outlets, tags.lang)
        if columns(name) > _NAME_COLUMNS:
            name = padded(name, _NAME_COLUMNS).rstrip()
        y = grid.y(row)
        label = tags.a(tags.text(name, x=0, y=y + 12), href=f"#{_id(numbers[outlet])}")
        cells = [(columns_of[week], worst[week], week) for week in sorted(worst)]
        rows.append(grid.row(y, label, cells))
    head = [
        tags.text(str(week.start.strftime("%y-%m-%d")), x=grid.margin + n * _CELL, y=12)
        for n, week in enumerate(weeks)
        if n % 4 == 0 and n + 3 < max(len(weeks), 4)
    ]
    title = tags.words(Bilingual(f"{len(days)} 个门店，{len(weeks)} 周", f"{len(days)} outlets, {len(weeks)} weeks"))
    # not an image: its rows are links
    return grid.picture(rows, title, top=head, right=6, role="group")


def _behind(marks: Mapping[date, SlotStatus]) -> tuple[int, ...]:
    """Sorts the outlets with the most missed, incomplete, late days to the front."""
    counts = Counter(marks.values())
    return tuple(-counts[status] for status in WORST_FIRST[:3])
