"""《存档目录》: Article 13. What is kept for inspection of a window, slot by slot, and what of it is there.

The entries are the manifest's (:func:`qsafety.manifest`); the index of an archive pack names the file of each besides.
"""

from collections.abc import Iterator, Mapping, Sequence
from datetime import date
from typing import Annotated, Any

import attrs

from qsafety.bilingual import Bilingual
from qsafety.dossier import Fact, as_known_on
from qsafety.errors import PaperError, PeriodError
from qsafety.findings import Case
from qsafety.law.editions import Edition
from qsafety.law.vocabulary import FurtherPaper
from qsafety.papers.asking import Asked, Chosen, Window, any_period, no_draft, of_seller
from qsafety.papers.book import Book
from qsafety.papers.sheets import Sheet, common, empty
from qsafety.papers.wording import plain_day
from qsafety.periods import ONE_DAY, Period
from qsafety.rules.a13_archive import STATUS, TITLES, Manifest, ManifestEntry, manifest


@attrs.frozen(kw_only=True)
class ArchiveSlot:
    """One row of the summary: a kind of thing to keep, and how many of it are there."""

    slot: Annotated[str, Bilingual("类号", "number of the kind")]
    title: Annotated[str, Bilingual("存档内容", "what is kept")]
    present: Annotated[str, Bilingual("已有份数", "how many are there")]
    late: Annotated[str, Bilingual("其中逾期补录", "of them recorded late")]
    missing: Annotated[str, Bilingual("缺", "how many are missing")]
    unknown: Annotated[str, Bilingual("资料不足", "how many are not known")]


@attrs.frozen(kw_only=True)
class ArchiveEntry:
    """One row of the index."""

    no: Annotated[int, Bilingual("序号", "number of the row")]
    slot: Annotated[str, Bilingual("类号", "number of the kind")]
    title: Annotated[str, Bilingual("存档内容", "what it is")]
    period: Annotated[str, Bilingual("期间；不分期的为空", "the period; empty: none")]
    outlet: Annotated[str, Bilingual("门店；不分门店的为空", "the outlet; empty: none")]
    state: Annotated[str, Bilingual("状态", "whether it is there")]
    source: Annotated[str, Bilingual("记录编号", "id of the record")]
    hash: Annotated[str, Bilingual("记录摘要的前 12 位", "the first 12 hex digits of the record's digest")]
    file: Annotated[str, Bilingual("文件；未存入存档包的为空", "the file in the pack; empty: in none")]


@attrs.frozen(kw_only=True)
class ArchiveIndex(Sheet):
    """The variables of ``archive_index.docx``."""

    since: Annotated[str, Bilingual("起始日", "the first day")]
    until: Annotated[str, Bilingual("截止日", "the last day")]
    known_on: Annotated[str, Bilingual("截至何日所知", "as known on which day")]
    total: Annotated[str, Bilingual("条目数", "number of entries")]
    slots: Annotated[Sequence[ArchiveSlot], Bilingual("汇总各行", "the rows of the summary")]
    entries: Annotated[Sequence[ArchiveEntry], Bilingual("目录各行", "the rows of the index")]


def window_of(
    since: Period | date | str | None,
    until: Period | date | str | None,
    on: date | None,
    files: Mapping[str, str] | None = None,
) -> Window | None:
    """The window asked for; None where none is. Without ``on`` it is what is known the day after its end."""
    if since is None and until is None:
        return None
    if since is None or until is None:
        raise PeriodError(Bilingual("存档目录需要 since 和 until 两端", "an archive index needs both since and until"))
    first, last = any_period(since).start, any_period(until).end
    if last < first:
        raise PeriodError(
            Bilingual(f"截止日 {last} 早于起始日 {first}", f"the window ends ({last}) before it begins ({first})")
        )
    return Window(since=first, until=last, on=on or last + ONE_DAY, files=files or {})


def choose_window(plan: Book, asked: Asked) -> Chosen[Fact]:
    """The window of an index: the one asked for, or the days of the period."""
    title = FurtherPaper.ARCHIVE_INDEX.zh.strip("《》")
    of_seller(asked, title)
    no_draft(asked, title)
    if asked.blank:
        return Chosen(fact=None)
    window = asked.window or window_of(asked.period, asked.period, None)
    if window is None:
        raise PaperError(
            Bilingual("存档目录：未指明期间", "an archive index needs a window"),
            advice=Bilingual(
                "请给出 since 和 until，或 period，例如 2024-01。",
                'Give since and until, or a period such as "2024-01".',
            ),
        )
    issue = f"{window.since}_{window.until}"
    return Chosen(fact=None, issue=issue, period=issue, window=window)


def archive_index(plan: Book, chosen: Chosen[Fact], sheet: Sheet, edition: Edition) -> ArchiveIndex:
    """The context of an index; without a window, of the empty form, which names what is to be kept."""
    window = chosen.window
    if window is None:
        nothing = empty(ArchiveSlot)
        slots = tuple(ArchiveSlot(**{**nothing, "slot": slot, "title": title.zh}) for slot, title in TITLES.items())
        form: dict[str, Any] = {**empty(ArchiveIndex), **common(sheet), "slots": slots}
        return ArchiveIndex(**form)
    known = as_known_on(plan.dossier, window.on)
    found = manifest(Case(known, window.on, window.since, edition), window.until)
    return ArchiveIndex(
        **common(sheet),
        since=plain_day(window.since),
        until=plain_day(window.until),
        known_on=plain_day(window.on),
        total=str(len(found.entries)),
        slots=tuple(_slots(found)),
        entries=tuple(_entry(plan, no, entry, window.files) for no, entry in enumerate(found.entries, 1)),
    )


def _slots(found: Manifest) -> Iterator[ArchiveSlot]:
    for slot, title in TITLES.items():
        counts = found.counts.get(slot, {})
        late = counts.get("late", 0)
        yield ArchiveSlot(
            slot=slot,
            title=title.zh,
            present=str(counts.get("present", 0) + late),
            late=str(late),
            missing=str(counts.get("missing", 0)),
            unknown=str(counts.get("unknown", 0)),
        )


def _entry(plan: Book, no: int, entry: ManifestEntry, files: Mapping[str, str]) -> ArchiveEntry:
    return ArchiveEntry(
        no=no,
        slot=entry.slot,
        title=TITLES[entry.slot].zh,
        period=entry.period or "",
        outlet=plan.outlet_name(entry.outlet),
        state=STATUS[entry.status].zh,
        source=entry.record or "",
        hash=(entry.digest or "")[:12],
        file=files.get(entry.record or "", ""),
    )
