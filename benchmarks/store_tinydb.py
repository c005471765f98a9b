"""TinyDB made safe against stock TinyDB, which is neither safe nor atomic; both rewrite their file whole

One more insert is a record and its event. Ours writes both at once, and waits until they are on the disk; stock TinyDB takes one insert for
each, and waits for nothing. So in a small file ours is slower: that is the disk.
"""

import sys
from collections.abc import Iterator
from datetime import date
from itertools import count
from pathlib import Path
from tempfile import TemporaryDirectory
from typing import Any

import attrs
import tinydb
from measure import Row, compare, main

from qsafety.dossier import Hazard
from qsafety.storage import open_store

HAZARD = Hazard(
    id="H", source="daily", found_on=date(2024, 1, 31), outlet="M1", description="电池无合格证，已下架", owner="P3"
)


def rows() -> Iterator[Row]:
    for size, goal in ((100, 0.2), (1_000, 1), (10_000, 5)):
        yield _inserts(size, 1, goal)
    yield _inserts(5_000, 40, 10)


def _inserts(size: int, at_once: int, goal: float) -> Row:
    """So many more records into a file that has so many."""
    with TemporaryDirectory() as folder:
        numbers = count(size)
        path = Path(folder) / "stock.json"
        first = [attrs.evolve(HAZARD, id=f"H{number:06d}") for number in range(size)]
        with open_store(f"tinydb:///{folder}/ours.json") as store, tinydb.TinyDB(path) as stock:
            with store.transaction() as tx:
                for hazard in first:
                    tx.put("hz01", hazard)
            # what both keep: a record with its place, version, day, digest, instant and body, and its event
            with tinydb.TinyDB(Path(folder) / "ours.json", access_mode="r") as mine:
                record: dict[str, Any] = next(iter(mine.table("records")))
                event: dict[str, Any] = next(iter(mine.table("events")))
            stock.table("records").insert_multiple([record | {"key": hazard.id} for hazard in first])
            stock.table("events").insert_multiple([event | {"seq": number} for number in range(1, size + 1)])

            def ours() -> int:
                with store.transaction() as tx:
                    for _ in range(at_once):
                        tx.put("hz01", attrs.evolve(HAZARD, id=f"H{next(numbers):06d}"))
                return at_once

            def peer() -> int:
                for _ in range(at_once):
                    number = next(numbers)
                    stock.table("records").insert(record | {"key": f"H{number:06d}"})
                    stock.table("events").insert(event | {"seq": number})
                return at_once

            what = "one more insert" if at_once == 1 else f"{at_once} inserts in one transaction"
            row = compare(f"TinyDB, {what} at {size:,} records", ours, peer, goal=goal, seconds=4)
            here = sum(1 for _ in store.scan("hz01", Hazard)) - size
            there = len(stock.table("records")) - size
            if not here == there == len(stock.table("events")) - size:
                raise AssertionError(f"{here} records came to ours, {there} to the peer")
            return row


if __name__ == "__main__":
    sys.exit(main(__doc__, rows, "tinydb"))
