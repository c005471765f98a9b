"""Four processes that commit one small transaction after another, against SQLAlchemy Core by hand on the same database

A transaction of ours checks the version and the chain, and keeps a record and its event; the peer locks the seller's row, and inserts the
same two rows without checking anything. Both wait for the disk at every commit.
"""

import subprocess
import sys
from collections.abc import Callable, Iterator
from contextlib import contextmanager
from itertools import count
from pathlib import Path
from tempfile import TemporaryDirectory
from time import perf_counter

from measure import Row, main

from qsafety.storage import open_store

sys.path.append(str(Path(__file__).parents[1]))
from tests.storage.servers import Maria, Postgres, folder

TIMES, PROCESSES, ROUNDS = 150, 4, 3

BEGIN = """
import sys
from datetime import date
from qsafety.dossier import Hazard
from qsafety.storage import open_store
url, who = sys.argv[1], sys.argv[2]
def begin():
    print("ready", flush=True)
    sys.stdin.readline()
"""
OURS = """
with open_store(url) as store:
    store.put(who, Hazard(id="first", source="daily", found_on=date(2024, 1, 31)))
    begin()
    for number in range({times}):
        store.put(who, Hazard(id=f"H{number}", source="daily", found_on=date(2024, 1, 31)))
"""
PEER = """
import hashlib
import sqlalchemy as sa
from qsafety.storage import StoreUrl
from qsafety.storage.discovery import backend
place = StoreUrl.parse(url)
opened = backend(place.scheme).open(place, place.query)
engine, known = opened._engine, opened.statements.tables  # the same settings, the same tables
records, events, heads = known.records, known.events, known.heads
def write(seq, key):
    body = b'{"id": "%s"}' % key.encode() * 6
    link = hashlib.sha256(body).hexdigest()
    with engine.connect().execution_options(qsafety_write=True) as connection, connection.begin():
        if connection.execute(sa.select(heads.c.seq).where(heads.c.seller == who).with_for_update()).first() is None:
            connection.execute(heads.insert().values(seller=who, seq=0, link=""))
        row = dict(seller=who, kind="hazard", key=key, version=1, day="2024-01-31", schema=1, body=body, digest=link, at="")
        connection.execute(records.insert().values(row))
        connection.execute(events.insert().values(seller=who, seq=seq, prev="", link=link, at="", body=body))
        connection.execute(heads.update().where(heads.c.seller == who).values(seq=seq, link=link))
write(1, "first")
begin()
for number in range({times}):
    write(number + 2, f"H{number}")
"""


def rows() -> Iterator[Row]:
    with TemporaryDirectory() as place:
        numbers = count()
        yield _row("SQLite", lambda: f"sqlite:///{place}/{next(numbers)}.db")
    for name, kind in (("PostgreSQL", Postgres), ("MariaDB", Maria)):
        with server(kind) as running:
            yield _row(name, prefixed(running))


def prefixed(running: Postgres | Maria) -> Callable[[], str]:
    prefixes = count()
    return lambda: running.url(prefix=f"b{next(prefixes)}_")


@contextmanager
def server(kind: "type[Postgres | Maria]") -> Iterator[Postgres | Maria]:
    with folder() as place:
        running = Postgres(place / "pg") if kind is Postgres else Maria(place)
        try:
            yield running
        finally:
            running.stop()


def _row(name: str, url: Callable[[], str]) -> Row:
    times: dict[str, list[float]] = {OURS: [], PEER: []}
    for _ in range(ROUNDS):
        for program, took in times.items():
            took.append(_together(url(), program))
    ours, peer = (sorted(took)[len(took) // 2] for took in times.values())
    return Row(f"{name}: {PROCESSES} × {TIMES} transactions", ours, peer, 0.5)


def _together(url: str, program: str) -> float:
    open_store(url).close()
    text = BEGIN + program.replace("{times}", str(TIMES))
    started = [
        subprocess.Popen(
            [sys.executable, "-c", text, url, f"s{number}"],
            stdin=subprocess.PIPE,
            stdout=subprocess.PIPE,
            encoding="utf-8",
        )
        for number in range(PROCESSES)
    ]
    for process in started:
        assert process.stdout and process.stdout.readline() == "ready\n"
    start = perf_counter()
    for process in started:
        assert process.stdin
        process.stdin.write("\n")
        process.stdin.flush()
    for process in started:
        assert process.wait() == 0
    took = perf_counter() - start
    with open_store(url) as store, store._backend.begin(write=False, timeout=5) as tx:  # both sides left the same
        for number in range(PROCESSES):
            assert tx.head(f"s{number}")[0] == TIMES + 1, tx.head(f"s{number}")
    return took


if __name__ == "__main__":
    sys.exit(main(__doc__, rows, "SQLAlchemy", "psycopg", "PyMySQL"))
