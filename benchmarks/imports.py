"""What ``import qsafety`` costs beside bare Python with attrs, in fresh processes.

Measured in processor time, which other programs disturb less. The whole face is lazy, so the import alone costs next to nothing and the
first use pays; the last line says how much.
"""

import subprocess
import sys
from collections.abc import Iterator
from statistics import median
from time import perf_counter

from limits import Limit
from measure import environment

BARE = "import attrs"
FIRST_USE = """
from datetime import date
import attrs
import qsafety as qs
shop = qs.Dossier(seller=qs.Seller(id="s", name="s"), products=[qs.ProductLine(id="c", name="c", regimes={"ccc"})])
qs.assess(shop, on=date(2024, 2, 1))
"""


def spent(program: str) -> float:
    """The processor time of a program in a process of its own; its duration where the system does not tell."""
    start = used()
    subprocess.run([sys.executable, "-c", program], check=True)
    return used() - start


def used() -> float:
    """The processor time of all children so far, in seconds."""
    try:
        from resource import RUSAGE_CHILDREN, getrusage
    except ImportError:  # Windows
        return perf_counter()
    children = getrusage(RUSAGE_CHILDREN)
    return children.ru_utime + children.ru_stime


def more(program: str, *, rounds: int) -> float:
    """How much longer a program takes than bare Python with attrs, measured in turn."""
    pairs = [(spent(program), spent(BARE)) for _ in range(rounds)]
    return median(ours for ours, _ in pairs) - median(bare for _, bare in pairs)


def limits() -> Iterator[Limit]:
    yield Limit("import qsafety, beside Python with attrs", more("import attrs, qsafety", rounds=60), 0.005)
    yield Limit("the first assessment, everything imported", more(FIRST_USE, rounds=15), 0.6)


if __name__ == "__main__":
    print(__doc__.splitlines()[0])
    print(environment("attrs"))
    found = []
    for limit in limits():
        found.append(limit)
        print(limit, flush=True)
    sys.exit(not all(limit.kept for limit in found))
