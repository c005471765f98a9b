"""What a paper is asked to be about, and what was found to print."""

from collections.abc import Mapping
from datetime import date, datetime
from typing import Generic, TypeVar

import attrs

from qsafety.bilingual import Bilingual
from qsafety.dossier import Fact
from qsafety.errors import PaperError, nearest
from qsafety.periods import Day, IsoWeek, Month, P, Period, parse

F = TypeVar("F", bound=Fact)

_PAPERS: Mapping[type[Period], tuple[Bilingual, Bilingual, str]] = {
    Day: (
        Bilingual("每日检查记录按日出具", "a daily record is about a day"),
        Bilingual("日期", "a date"),
        "2024-01-31",
    ),
    IsoWeek: (Bilingual("每周报告按周出具", "a weekly report is about a week"), Bilingual("周", "a week"), "2024-W05"),
    Month: (Bilingual("每月纪要按月出具", "monthly minutes are about a month"), Bilingual("月", "a month"), "2024-01"),
}


@attrs.frozen(kw_only=True)
class Window:
    """The days that an archive index is about, both included, as known on ``on``; ``files``: where each record was put, by its id."""

    since: date
    until: date
    on: date
    files: Mapping[str, str] = attrs.field(factory=dict)


@attrs.frozen(kw_only=True)
class Asked:
    """What a paper is asked to be about; see :func:`qsafety.papers.render` for each."""

    period: Period | date | str | None = None
    outlet: str | None = None
    record: str | None = None
    blank: bool = False
    draft: bool = False
    window: Window | None = None


@attrs.frozen(kw_only=True)
class Chosen(Generic[F]):
    """What a paper prints: a record, or None for an empty form.

    ``issue`` is the version or period of the document number, ``period`` that of the file name, ``outlet`` the place where the seller has
    several, ``day`` the day that an empty form, or a controlled document, is about, ``window`` the days of an archive index.
    """

    fact: F | None
    issue: str = ""
    period: str = ""
    outlet: str | None = None
    day: date | None = None
    window: Window | None = None


def a_period(kind: type[P], given: Period | date | str | None) -> P | None:
    """The period of a paper. A day stands for itself only: a week or a month is asked for by its name, and other periods are refused."""
    if given is None or isinstance(given, kind):
        return given
    if kind is Day and isinstance(given, date) and not isinstance(given, datetime):
        return kind.of(given)
    found: object = given if isinstance(given, datetime) else any_period(given)
    if isinstance(found, kind):
        return found
    said, word, example = _PAPERS[kind]
    raise PaperError(
        Bilingual(f"{said.zh}，收到“{found}”", f"{said.en}, got {str(found)!r}"),
        advice=Bilingual(f"请写{word.zh}，例如 {example}。", f"Write {word.en} such as {example}."),
    )


def any_period(given: object) -> Period:
    """A period, from itself, a date or its text; whatever else is given is a :class:`PaperError`."""
    if isinstance(given, Period):
        return given
    if isinstance(given, datetime):
        return Day(given.date())
    if isinstance(given, date):
        return Day(given)
    if isinstance(given, str):
        return parse(given)
    raise PaperError(
        Bilingual(
            f"期间应为日期、周或月，收到 {type(given).__name__}：{given!r}"[:200],
            f"a period is a day, a week or a month, got {type(given).__name__}: {given!r}"[:200],
        ),
        advice=Bilingual("请写作 2024-01-31、2024-W05 或 2024-01。", "Write 2024-01-31, 2024-W05 or 2024-01."),
    )


def as_of(given: Period | date | str | None) -> date:
    """The day as of which a controlled document is asked for: the last day of the period; without one, the latest."""
    return date.max if given is None else any_period(given).end


def meant(word: str, known: Mapping[str, object], *, none: Bilingual) -> Bilingual:
    """Advice about an id that is not there: the nearest, else those that are, else ``none``."""
    near = nearest(word, known)
    if near:
        return Bilingual(f"是否为“{near}”？", f"Did you mean {near!r}?")
    listed = list(known)[:12]
    return Bilingual(f"现有：{'、'.join(listed)}。", f"Known: {', '.join(listed)}.") if listed else none


def of_seller(asked: Asked, title: str) -> None:
    """Refuse an outlet where a paper is the whole seller's."""
    if asked.outlet is not None:
        raise PaperError(
            Bilingual(
                f"《{title}》由单位出具，不分门店", f"{title} is the seller's, not an outlet's: got {asked.outlet!r}"
            ),
            advice=Bilingual("请不要给出 outlet。", "Leave outlet out."),
        )


def no_draft(asked: Asked, title: str) -> None:
    """Refuse a draft of a paper that has none."""
    if asked.draft:
        raise PaperError(
            Bilingual(f"《{title}》没有草稿", f"there are no drafts of {title}"),
            advice=Bilingual("只有周报告和月纪要可出草稿。", "Only weekly reports and monthly minutes have drafts."),
        )
