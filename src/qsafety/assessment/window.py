"""The window that an assessment looks at."""

from datetime import date

from qsafety.bilingual import Bilingual
from qsafety.dossier import Seller
from qsafety.errors import NotInForceError, PeriodError
from qsafety.law.editions import Edition
from qsafety.periods import Month, asked_day


def default_since(seller: Seller, on: date) -> date:
    """The first day of the month before ``on``'s, never before the seller opened."""
    first = Month.of(on).previous().start
    return min(max(first, seller.opened_on), on) if seller.opened_on else first


def clipped(edition: Edition, seller: Seller, since: date | None, on: date) -> tuple[date, Bilingual | None]:
    """The first day looked at, and what is to be said where it was moved.

    Raises :class:`NotInForceError` for a day before the edition's entry into force, :class:`PeriodError` for what is no day and for a
    window that ends before it begins.
    """
    asked_day("on", on)
    if since is not None:
        asked_day("since", since)
    began = edition.effective_on
    if began is not None and on < began:
        raise NotInForceError(
            Bilingual(
                f"版本 {edition.id} 自 {began} 起施行，{on} 尚未生效",
                f"edition {edition.id} is in force from {began}, not on {on}",
            ),
            advice=Bilingual("请改用较晚的日期或其他版本。", "Ask about a later day, or use another edition."),
        )
    if since is None:
        first = default_since(seller, on)
        return (max(first, began) if began else first), None
    if since > on:
        raise PeriodError(
            Bilingual(f"起始日 {since} 晚于判断日 {on}", f"since {since} is after on {on}"),
            advice=Bilingual("请让 --since 不晚于 --on。", "Let since be no later than on."),
        )
    if began is not None and since < began:
        return began, Bilingual(
            f"起始日 {since} 早于施行日，按 {began} 计算",
            f"since {since} lies before entry into force and was moved to {began}",
        )
    return since, None
