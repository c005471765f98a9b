"""Which record a further paper prints: the one asked for by its id, or the only one there is."""

from collections.abc import Callable, Iterator, Sequence
from datetime import date
from typing import TypeVar

from qsafety.bilingual import Bilingual
from qsafety.dossier import Fact
from qsafety.errors import PaperError
from qsafety.law.vocabulary import FurtherPaper, Role
from qsafety.papers.asking import Asked, Chosen, Window, meant, no_draft, of_seller
from qsafety.papers.book import Book

F = TypeVar("F", bound=Fact)


def choose_record(
    paper: FurtherPaper, what: Bilingual, records: Sequence[F], asked: Asked, day: Callable[[F], date]
) -> Chosen[F]:
    """The record of the id asked for, or the only one; otherwise :class:`PaperError` lists those that there are.

    ``what`` is what the records are called, ``day`` the day that each is about.
    """
    title = paper.zh.strip("《》")
    of_seller(asked, title)
    no_draft(asked, title)
    if asked.period is not None and paper is not FurtherPaper.SAFE_HARBOUR_SHEET:
        raise PaperError(
            Bilingual(f"《{title}》按记录出具，不按期间", f"{paper.en} is of one record, not of a period"),
            advice=_which([r.id for r in records]),
        )
    if asked.blank:
        return Chosen(fact=None)
    known = {record.id: record for record in records}
    if asked.record is None and len(known) == 1:
        return _chosen(records[0], day)
    if asked.record is None:
        raise PaperError(
            Bilingual(f"《{title}》：未指明哪一条{what.zh}", f"{paper.en}: it is not said of which {what.en}")
            if known
            else Bilingual(f"《{title}》：档案中没有{what.zh}", f"{paper.en}: the dossier holds no {what.en}"),
            advice=_which(list(known)),
        )
    if asked.record not in known:
        raise PaperError(
            Bilingual(f"没有编号为“{asked.record}”的{what.zh}", f"there is no {what.en} {asked.record!r}"),
            advice=meant(asked.record, known, none=_which([])),
        )
    return _chosen(known[asked.record], day)


def _chosen(record: F, day: Callable[[F], date]) -> Chosen[F]:
    own = record.id.removeprefix(f"{record.KIND}:")
    return Chosen(fact=record, issue=own, period=own, day=day(record))


def _which(ids: Sequence[str]) -> Bilingual:
    if not ids:
        return Bilingual("blank=True 出具空白表。", "blank=True gives the empty form.")
    zh, en = ("……", " …") if len(ids) > 12 else ("", "")
    return Bilingual(f"请给出 record：{'、'.join(ids[:12])}{zh}。", f"Give record, one of: {', '.join(ids[:12])}{en}.")


def within(window: Window, records: Sequence[F], day: Callable[[F], date]) -> Iterator[Asked]:
    """The papers of the records of a window, in order."""
    for record in sorted(records, key=lambda r: (day(r), r.id)):
        if window.since <= day(record) <= window.until:
            yield Asked(record=record.id)


def posts_of(plan: Book, person: str, day: date) -> str:
    """The roles in which a person is on a day."""
    return "、".join(role.zh for role in Role if plan.posts.of_person(role, person, day))
