"""What ``import qsafety`` costs beside bare Python with attrs, in fresh processes.

The whole face is lazy, so the import alone costs next to nothing and the first use pays; the last line says how much.
"""

import subprocess
import sys
from collections.abc import Iterator

from limits import Limit
from measure import environment, interleaved

BARE = "import attrs"
FIRST_USE = """
from datetime import date
import attrs
import qsafety as qs
shop = qs.Dossier(seller=qs.Seller(id="s", name="s"), products=[qs.ProductLine(id="c", name="c", regimes={"ccc"})])
qs.assess(shop, on=date(2024, 2, 1))
"""


def fresh(program: str) -> None:
    """Run a program in a process of its own."""
    subprocess.run([sys.executable, "-c", program], check=True)


def more(program: str, *, seconds: float) -> float:
    """How much longer a program takes than bare Python with attrs."""
    ours, bare = interleaved(lambda: fresh(program), lambda: fresh(BARE), seconds=seconds)
    return ours - bare


def limits() -> Iterator[Limit]:
    yield Limit("import qsafety, beside Python with attrs", more("import attrs, qsafety", seconds=6), 0.005)
    yield Limit("the first assessment, everything imported", more(FIRST_USE, seconds=6), 0.6)


if __name__ == "__main__":
    print(__doc__.splitlines()[0])
    print(environment("attrs"))
    found = []
    for limit in limits():
        found.append(limit)
        print(limit, flush=True)
    sys.exit(not all(limit.kept for limit in found))
