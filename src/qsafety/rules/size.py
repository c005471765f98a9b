"""How large a seller is (大中型, Article 5(3)), by headcount now and last year's revenue; every bound includes itself (民法典 1259).

``either``: one criterion is enough, as the regulator's own filing form words it. ``both``: the statistical classification of 2017
(国统字〔2017〕213号), which needs both lower limits, else one class down. The text itself defines no size: the choice is a reading.
"""

from collections.abc import Iterable, Iterator
from decimal import Decimal

from attrs import frozen

from qsafety.dossier import Seller
from qsafety.law.editions import Edition
from qsafety.law.vocabulary import SizeClass, Trade

_TRADES = (Trade.WHOLESALE, Trade.RETAIL)
_CLASSES = (SizeClass.LARGE, SizeClass.MEDIUM, SizeClass.SMALL)


def _limits(edition: Edition, trade: Trade) -> Iterator[tuple[SizeClass, Decimal, Decimal]]:
    """The lower limits of each class, largest first: persons, and yuan."""
    for size in _CLASSES:
        persons, yuan = (edition.parameter(f"size.{trade}.{size}.{figure}") for figure in ("persons", "revenue"))
        if persons is not None and yuan is not None:
            yield size, persons, yuan


def size_class(
    edition: Edition, trade: Trade, headcount: Decimal | int, revenue: Decimal | int, criterion: str
) -> SizeClass:
    """The class of a wholesaler or retailer; ``criterion`` is ``either`` or ``both``; revenue in yuan.

    >>> from qsafety.law import edition
    >>> [str(size_class(edition(), Trade.RETAIL, 10, 8_000_000, criterion)) for criterion in ("either", "both")]
    ['medium', 'small']
    """
    for size, persons, yuan in _limits(edition, trade):
        enough = (headcount >= persons, revenue >= yuan)
        if criterion == "both" and all(enough):
            return size
        if criterion == "either" and any(enough):
            return size
    return SizeClass.MICRO if criterion == "both" else SizeClass.SMALL


@frozen
class Size:
    """What is known of a seller's size.

    ``large_or_medium`` None: not known; ``contradicted``: the declared class contradicts the figures.
    """

    large_or_medium: bool | None
    contradicted: bool = False
    missing: tuple[str, ...] = ()


def size_of(edition: Edition, seller: Seller, criterion: str) -> Size:
    """Whether a seller is large or medium under a reading of ``size_class``; a declared class wins."""
    declared = seller.size_class.large_or_medium if seller.size_class else None
    if criterion == "declared":
        return Size(declared, missing=() if seller.size_class else ("seller.size_class",))
    sides = {c.large_or_medium for c in _possible(edition, seller, criterion)}
    if declared is not None:
        return Size(declared, contradicted=sides == {not declared})
    if len(sides) == 1:
        return Size(sides.pop())
    fields = ("trade", "headcount", "revenue")
    missing = tuple(f"seller.{name}" for name in fields if getattr(seller, name) is None)
    return Size(None, missing=missing or ("seller.size_class",))


def _possible(edition: Edition, seller: Seller, criterion: str) -> Iterable[SizeClass]:
    """Every class that the seller may have, given what is not known; mixed, online and unknown trade count as both."""
    trades = _TRADES if seller.trade is None or seller.trade not in _TRADES else (seller.trade,)
    for trade in trades:
        limits = list(_limits(edition, trade))
        persons = [Decimal(0), *(p for _, p, _ in limits)] if seller.headcount is None else [Decimal(seller.headcount)]
        yuan = [Decimal(0), *(y for _, _, y in limits)] if seller.revenue is None else [seller.revenue]
        for headcount in persons:
            for revenue in yuan:
                yield size_class(edition, trade, headcount, revenue, criterion)
