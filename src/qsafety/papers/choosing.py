"""Which daily check a paper prints: the one that the slot counts, or the one asked for."""

from collections.abc import Mapping
from datetime import date

from qsafety.bilingual import Bilingual
from qsafety.dossier import DailyCheck
from qsafety.errors import PaperError
from qsafety.law.vocabulary import PaperKind
from qsafety.papers.asking import Asked, Chosen, a_period, meant, no_draft
from qsafety.papers.book import Book
from qsafety.periods import Day

_NO_OUTLETS = Bilingual("档案中没有门店，请不要给出 outlet。", "The dossier has no outlets: leave outlet out.")


def choose_check(plan: Book, asked: Asked) -> Chosen[DailyCheck]:
    """The daily check of a day and outlet, as the slot counts it (done, late, incomplete), or the one of the given id.

    A :class:`PaperError` says what is missing: the period, the outlet where there are several, or the record itself.
    """
    no_draft(asked, PaperKind.DAILY_RECORD.zh.strip("《》"))
    day = a_period(Day, asked.period)
    outlets = plan.outlet_names
    if asked.blank:
        _known_outlet(asked.outlet, outlets)
        at = str(day) if day else ""
        place = asked.outlet if len(outlets) > 1 else None
        return Chosen(fact=None, issue=at, period=at, outlet=place, day=day.start if day else None)
    check = _check(plan, day, asked.outlet, asked.record)
    place = check.outlet if len(outlets) > 1 else None
    return Chosen(fact=check, issue=str(check.day), period=str(check.day), outlet=place, day=check.day)


def _check(plan: Book, day: Day | None, outlet: str | None, record: str | None) -> DailyCheck:
    dossier = plan.dossier
    if not dossier.daily_checks:
        raise PaperError(
            Bilingual("档案中没有日检查记录", "the dossier holds no daily checks"),
            advice=Bilingual(
                "请先录入日检查；或以 blank=True 出具空白表。",
                "Give daily_checks first, or ask for the empty form with blank=True.",
            ),
        )
    outlets = plan.outlet_names
    _known_outlet(outlet, outlets)
    if record is not None:
        return _asked_for(plan, record, day, outlet)
    if day is None:
        raise PaperError(
            Bilingual("未指明哪一天的每日检查记录", "a daily record needs a period"),
            advice=Bilingual("请给出 period，例如 2024-01-31。", 'Give period, such as "2024-01-31".'),
        )
    if outlet is None and len(outlets) > 1:
        listed = [f"{number} {name}".strip() for number, name in outlets.items()]
        raise PaperError(
            Bilingual("单位有多个门店，未指明哪一个", "the seller has several outlets, and none is named"),
            advice=Bilingual(f"请给出 outlet：{'、'.join(listed)}。", f"Give outlet, one of: {', '.join(listed)}."),
        )
    own = outlet if outlet is not None else next(iter(outlets), None)
    checks = [
        c for c in plan.checks.get((plan.outlet_of(own), day.start), ()) if own is None or c.outlet in (None, own)
    ]
    best = plan.best(checks, day)
    if best is None or not isinstance(best[0], DailyCheck):
        raise _no_record(plan, day.start, own)
    return best[0]


def _known_outlet(outlet: str | None, outlets: Mapping[str, str]) -> None:
    if outlet is not None and outlet not in outlets:
        raise PaperError(
            Bilingual(f"没有编号为“{outlet}”的门店", f"there is no outlet {outlet!r}"),
            advice=meant(outlet, outlets, none=_NO_OUTLETS),
        )


def _asked_for(plan: Book, record: str, day: Day | None, outlet: str | None) -> DailyCheck:
    checks = {c.id: c for c in plan.dossier.daily_checks or ()}
    found = checks.get(record)
    if found is None:
        raise PaperError(
            Bilingual(f"没有编号为“{record}”的日检查记录", f"there is no daily check {record!r}"),
            advice=meant(record, checks, none=_NO_OUTLETS),
        )
    if found.draft:
        raise PaperError(
            Bilingual(f"日检查“{record}”还是草稿，不算记录", f"daily check {record!r} is a draft, which is no record"),
            advice=Bilingual("请先定稿。", "Finish it first."),
        )
    at = plan.place_of(found.outlet)
    if (day is not None and found.day != day.start) or (outlet is not None and at not in (None, outlet)):
        asked = " ".join(str(part) for part in (outlet, day) if part is not None)
        of = " ".join(filter(None, (at, str(found.day))))
        raise PaperError(
            Bilingual(
                f"日检查“{record}”是 {of} 的，不是 {asked} 的", f"daily check {record!r} is of {of}, not of {asked}"
            )
        )
    return found


def _no_record(plan: Book, day: date, outlet: str | None) -> PaperError:
    recorded = sorted(
        c.day
        for c in plan.dossier.daily_checks or ()
        if not c.draft and (outlet is None or plan.place_of(c.outlet) in (None, outlet))
    )
    near = min(recorded, key=lambda d: (abs((d - day).days), d), default=None)
    where = Bilingual(f"门店 {outlet} ", f" at outlet {outlet}") if outlet else Bilingual("", "")
    return PaperError(
        Bilingual(f"{where.zh}{day} 没有每日检查记录", f"there is no daily check of {day}{where.en}"),
        advice=Bilingual(
            (f"离它最近的记录是 {near} 的" if near else "那里没有任何日检查记录") + "；blank=True 出具空白表。",
            (f"The nearest one is of {near}" if near else "There is none at all there")
            + "; blank=True gives the empty form.",
        ),
    )
