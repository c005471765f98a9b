"""A store of SQLite that grows: one record, and a page of a hundred at the end, in a small store and in a large one

``python benchmarks/store_growth.py long`` goes to 1,000,000 records. A ratio of 1 is: as fast in the large store as in the small.
"""

import sys
from collections.abc import Iterator
from datetime import date
from tempfile import TemporaryDirectory

import attrs
from measure import Row, compare, main

from qsafety.codec import canonical
from qsafety.dossier import Hazard
from qsafety.storage import Backend, RawEvent, RawQuery, RawRecord, StoreUrl, open_store
from qsafety.storage.discovery import backend
from qsafety.storage.journal import event
from qsafety.storage.records import SCHEMA, digest_of

HAZARD = Hazard(
    id="H", source="daily", found_on=date(2024, 1, 31), outlet="M1", description="电池无合格证，已下架", owner="P3"
)
AT, PAGE = "2024-02-01T10:00:00.000000Z", 100
SMALL, LARGE, LONG = 1_000, 100_000, 1_000_000


def filled(folder: str, size: int) -> str:
    """A store with so many records and events of one seller, as ``put`` would have left it."""
    url = f"sqlite:///{folder}/{size}.db"
    place, seq, prev = StoreUrl.parse(url), 0, ""
    opened = backend(place.scheme).open(place, place.query)
    body = canonical(HAZARD)
    digest = digest_of(body)
    for start in range(0, size, 20_000):
        records: list[RawRecord] = []
        events: list[RawEvent] = []
        for number in range(start, min(start + 20_000, size)):
            key = f"H{number:07d}"
            records.append(RawRecord("hz01", "hazard", key, 1, "2024-01-31", SCHEMA, body, digest, AT))
            seq += 1
            events.append(event("hz01", seq, prev, kind="hazard", key=key, version=1, digest=digest, at=AT, by=""))
            prev = events[-1].link
        with opened.begin(write=True, timeout=5) as tx:
            tx.put_many(records)
            tx.append_many(events)
            tx.commit()
    opened.close()
    return url


def rows(large: int = LARGE) -> Iterator[Row]:
    with TemporaryDirectory() as folder:
        stores = {size: open_at(filled(folder, size)) for size in (SMALL, large)}
        few, many = stores[SMALL], stores[large]
        for what, work in (
            ("one record", one),
            ("a page of 100, the last", last_page),
            ("the journal's last 100", last_events),
        ):
            yield compare(
                f"{what}, of {large:,} records (peer: of {SMALL:,})",
                lambda work=work: work(many, large),  # type: ignore[misc] # bound now
                lambda work=work: work(few, SMALL),  # type: ignore[misc] # the same
                goal=0.5,
                seconds=2,
            )
        new = attrs.evolve(HAZARD, id="new")
        with (
            open_store(f"sqlite:///{folder}/{large}.db") as grown,
            open_store(f"sqlite:///{folder}/{SMALL}.db") as small,
        ):
            yield compare(
                f"one more version put, to {large:,} records (peer: to {SMALL:,})",
                lambda: grown.put("hz01", new) > 0,
                lambda: small.put("hz01", new) > 0,
                goal=0.5,
                seconds=3,
            )
        few.close()
        many.close()


def open_at(url: str) -> Backend:
    place = StoreUrl.parse(url)
    return backend(place.scheme).open(place, place.query)


def one(store: Backend, size: int) -> int:
    with store.begin(write=False, timeout=5) as tx:
        record = tx.get("hz01", "hazard", f"H{size * 2 // 3:07d}")
        assert record
        return record.version


def last_page(store: Backend, size: int) -> int:
    query = RawQuery(limit=PAGE, seller="hz01", after=("hz01", "hazard", f"H{size - PAGE - 1:07d}"))
    with store.begin(write=False, timeout=5) as tx:
        return len(list(tx.scan(query)))


def last_events(store: Backend, size: int) -> int:
    with store.begin(write=False, timeout=5) as tx:
        return len(list(tx.events("hz01", after=size - PAGE, limit=PAGE)))


if __name__ == "__main__":
    size = LONG if "long" in sys.argv[1:] else LARGE
    sys.exit(main(__doc__, lambda: rows(size), "SQLAlchemy"))
