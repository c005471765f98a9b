"""``assess`` of a shop-month, and how it grows with outlets and months.

Every collection is given, so that every rule has work to do. Growth is linear when the time for each record stays the same.
"""

import sys
from collections.abc import Iterator
from datetime import date
from importlib.resources import as_file, files

import attrs
from chains import ON, chain, window
from limits import Limit, timed
from measure import environment

import qsafety as qs
from qsafety.dossier import Dossier

OUTLETS, MONTHS = (1, 10, 100, 200), (1, 12, 60)


@attrs.frozen
class Growth:
    """One size: outlets, months, facts, and the median seconds of one assessment."""

    outlets: int
    months: int
    facts: int
    seconds: float

    @property
    def each(self) -> float:
        """Seconds for each fact."""
        return self.seconds / self.facts

    def __str__(self) -> str:
        size = f"{self.outlets} outlet(s), {self.months} month(s), {self.facts:,} facts"
        return f"{size}: {self.seconds * 1e3:.3g} ms, {self.each * 1e6:.3g} µs a fact"


def sample() -> Dossier:
    """The e-bike shop that ships with qsafety: two outlets, all sheets."""
    with as_file(files("qsafety.testing") / "data" / "ebike-shop.xlsx") as ledger:
        return qs.read_ledger(ledger)


def limits() -> Iterator[Limit]:
    shop, ebike = chain(2, 1), sample()
    since, _ = window(1)
    yield Limit("assess a shop-month, 2 outlets, made up", timed(lambda: qs.assess(shop, on=ON, since=since)), 0.010)
    first = date(2024, 1, 1)
    yield Limit(
        "assess a shop-month, 2 outlets, the sample", timed(lambda: qs.assess(ebike, on=ON, since=first)), 0.010
    )


def measured(outlets: int, months: int) -> Growth:
    """One size."""
    shop = chain(outlets, months)
    since, _ = window(months)
    return Growth(outlets, months, sum(1 for _ in shop.facts()), timed(lambda: qs.assess(shop, on=ON, since=since)))


def growth() -> Iterator[Growth]:
    """With outlets over one month and over a year, and with months at two outlets and at ten."""
    sizes = [(n, 1) for n in OUTLETS] + [(n, 12) for n in OUTLETS] + [(2, m) for m in MONTHS] + [(10, 60)]
    for outlets, months in sizes:
        yield measured(outlets, months)


if __name__ == "__main__":
    print(__doc__.splitlines()[0])
    print(environment())
    found = []
    for limit in limits():
        found.append(limit)
        print(limit, flush=True)
    for size in growth():
        print(size, flush=True)
    sys.exit(not all(limit.kept for limit in found))
