"""Keeping and reading ten thousand records in SQLite, against SQLAlchemy's ORM with a JSON column and cattrs

Both sides keep the same: every record with its digest, and a chain of events; both are as durable (write-ahead log,
``synchronous=FULL``).
"""

import hashlib
import sys
from collections.abc import Callable, Iterator
from contextlib import contextmanager
from datetime import date
from itertools import count
from pathlib import Path
from tempfile import TemporaryDirectory
from typing import Any

import orjson
import sqlalchemy as sa
from codec import peer_converter_for_text
from measure import Row, compare, main
from shops import shop
from sqlalchemy.orm import DeclarativeBase, Mapped, Session, mapped_column
from store_sustained import Maria, Postgres, prefixed, server

from qsafety.dossier import KINDS, Dossier, Fact
from qsafety.exchange import read_ledger
from qsafety.storage import open_store

LEDGER = Path(__file__).parents[1] / "src" / "qsafety" / "testing" / "data" / "ebike-shop.xlsx"
SELLER = "hz01"
Kept = dict[tuple[str, str], Fact]


class Base(DeclarativeBase):
    pass


class Record(Base):
    __tablename__ = "records"
    seller: Mapped[str] = mapped_column(primary_key=True)
    kind: Mapped[str] = mapped_column(primary_key=True)
    key: Mapped[str] = mapped_column(primary_key=True)
    version: Mapped[int]
    day: Mapped[str | None]
    digest: Mapped[str]
    at: Mapped[str]
    body: Mapped[dict[str, Any]] = mapped_column(sa.JSON)


class Event(Base):
    __tablename__ = "events"
    seller: Mapped[str] = mapped_column(primary_key=True)
    seq: Mapped[int] = mapped_column(primary_key=True)
    prev: Mapped[str]
    link: Mapped[str]
    at: Mapped[str]
    body: Mapped[dict[str, Any]] = mapped_column(sa.JSON)


def peer_engine(path: Path) -> sa.Engine:
    engine = sa.create_engine(f"sqlite:///{path}")

    @sa.event.listens_for(engine, "connect")
    def durable(connection: Any, _: object) -> None:
        connection.execute("PRAGMA journal_mode = WAL")
        connection.execute("PRAGMA synchronous = FULL")

    return engine


converter = peer_converter_for_text()


def peer_save(engine: sa.Engine, facts: list[Fact]) -> None:
    """Every record, its digest, and the chain, in one transaction, as the ORM's documentation adds many objects."""
    prev, at = "", "2024-02-01T10:00:00.000000Z"
    with Session(engine) as session:
        for seq, fact in enumerate(facts, 1):
            body = converter.unstructure(fact)
            digest = hashlib.sha256(orjson.dumps(body, option=orjson.OPT_SORT_KEYS)).hexdigest()
            link = hashlib.sha256("\t".join((prev, fact.KIND, fact.id, "1", digest, at, "")).encode()).hexdigest()
            what = {"kind": fact.KIND, "key": fact.id, "version": 1, "digest": digest, "by": ""}
            session.add(
                Record(seller=SELLER, kind=fact.KIND, key=fact.id, version=1, day=None, digest=digest, at=at, body=body)
            )
            session.add(Event(seller=SELLER, seq=seq, prev=prev, link=link, at=at, body=what))
            prev = link
        session.commit()


def peer_read(engine: sa.Engine) -> Kept:
    with Session(engine) as session:
        records = session.scalars(sa.select(Record).where(Record.seller == SELLER)).all()
        return {(record.kind, record.key): converter.structure(record.body, KINDS[record.kind]) for record in records}


def ours_read(url: str) -> Dossier:
    with open_store(url) as store:
        return store.dossier(SELLER)


def as_kept(read: "Dossier | Kept") -> Kept:
    return read if isinstance(read, dict) else {(fact.KIND, fact.id): fact for fact in read.facts()}


@contextmanager
def folder() -> Iterator[Path]:
    with TemporaryDirectory() as name:
        yield Path(name)


def rows() -> Iterator[Row]:
    dossier = shop(date(2014, 1, 1), date(2024, 12, 31))
    facts: list[Fact] = [*dossier.facts()]
    numbers = count()
    with folder() as place:

        def ours() -> str:
            path = place / f"ours-{next(numbers)}.db"
            with open_store(f"sqlite:///{path}") as store:
                store.save(dossier)
            return str(path)

        def peer() -> sa.Engine:
            engine = peer_engine(place / f"peer-{next(numbers)}.db")
            Base.metadata.create_all(engine)
            peer_save(engine, facts)
            engine.dispose()
            return engine

        yield compare(
            f"{len(facts):,} records into SQLite, with history and chain",
            ours,
            peer,
            goal=10,
            view=lambda made: as_kept(ours_read(f"sqlite:///{made}") if isinstance(made, str) else peer_read(made)),
            seconds=10,
        )
        kept, engine = f"sqlite:///{ours()}", peer()
        yield compare(
            f"{len(facts):,} records from SQLite",
            lambda: ours_read(kept),
            lambda: peer_read(engine),
            goal=3,
            view=as_kept,
            seconds=6,
        )
    yield from ledgers()


def ledgers() -> Iterator[Row]:
    """A ledger into a new store of each kind; reading the ledger itself is the other side."""
    # a new file of SQLite is eight waits for the disk, whatever goes into it; a server makes the tables first
    yield _ledger("memory", lambda: "memory://", 1)
    for scheme, goal in (("tinydb", 0.5), ("sqlite", 0.25)):
        with folder() as place:
            numbers = count()
            yield _ledger(scheme, lambda: f"{scheme}:///{place}/{next(numbers)}", goal)  # noqa: B023 (used within its turn)
    for name, kind in (("PostgreSQL", Postgres), ("MariaDB", Maria)):
        with server(kind) as running:
            yield _ledger(name, prefixed(running), 0.1)


def _ledger(name: str, url: Callable[[], str], goal: float) -> Row:
    dossier = read_ledger(LEDGER)

    def kept() -> Dossier:
        with open_store(url()) as store:
            store.save(dossier)
            return store.dossier(dossier.seller.id)

    what = f"ebike-shop.xlsx into {name} and out again (peer: reading the workbook)"
    return compare(what, kept, lambda: read_ledger(LEDGER), goal=goal)


if __name__ == "__main__":
    sys.exit(main(__doc__, rows, "SQLAlchemy", "cattrs", "orjson"))
