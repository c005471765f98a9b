"""Migrations that are killed before each of their statements: the old layout is there, or the new one, never one between."""

import os
import signal

import sqlalchemy as sa
from shop_work import SELLER, hazard

from qsafety.dossier import Hazard
from qsafety.errors import NotFoundError, SchemaTooOldError
from qsafety.storage import open_store
from qsafety.storage.migrations import migrate
from qsafety.storage.sql import tables

TABLES = ("records", "versions", "events", "heads", "schema")


def engine(url: str) -> sa.Engine:
    """As SQLAlchemy itself would open it; on SQLite with transactions that hold tables too, as the store's own."""
    head, _, query = url.partition("?")
    made = sa.create_engine(head + "?" + "&".join(q for q in query.split("&") if not q.startswith("prefix=")))
    if made.dialect.name == "sqlite":
        sa.event.listen(made, "connect", lambda driver, _: setattr(driver, "isolation_level", None))
        sa.event.listen(made, "begin", lambda connection: connection.exec_driver_sql("BEGIN IMMEDIATE"))
    return made


def interrupted(url: str, prefix: str, layout: int | None) -> tuple[int, int]:
    """How many statements a migration from a layout (None: from nothing) has, and after how many kills something was between."""
    between = count = 0
    while True:
        _before(url, prefix, layout)
        killed = _migrate(url, prefix, layout, count)
        between += not _old_or_new(url, prefix, layout, killed)
        if not killed:
            return count, between
        count += 1


def _before(url: str, prefix: str, layout: int | None) -> None:
    host = engine(url)
    with host.begin() as connection:
        for table in TABLES:
            connection.exec_driver_sql(f"DROP TABLE IF EXISTS {prefix}{table}")
        if layout is not None:
            connection.exec_driver_sql(f"CREATE TABLE {prefix}schema (version_num VARCHAR(32) PRIMARY KEY)")
            connection.exec_driver_sql(f"INSERT INTO {prefix}schema VALUES ('{layout:04d}')")
    host.dispose()


def _migrate(url: str, prefix: str, layout: int | None, after: int) -> bool:
    """In a process of its own that is killed before a statement; whether it was."""
    child = os.fork()
    if child == 0:
        status = 1
        try:
            host, done = engine(url), 0

            def stop(*_: object) -> None:
                nonlocal done
                if done == after:
                    os.kill(os.getpid(), signal.SIGKILL)
                done += 1

            with host.connect() as connection:
                connection.begin()
                sa.event.listen(host, "before_cursor_execute", stop)
                migrate(connection, tables(sa.MetaData(), prefix=prefix), layout)
                connection.commit()
            status = 0
        finally:
            os._exit(status)
    _, status = os.waitpid(child, 0)
    ended = os.waitstatus_to_exitcode(status)
    if ended not in (0, -signal.SIGKILL):
        raise RuntimeError("a migration failed by itself")
    return ended != 0


def _old_or_new(url: str, prefix: str, layout: int | None, killed: bool) -> bool:
    """What a store says of it: nothing is there, or it is old, or it works; and after ``upgrade`` it works."""
    try:
        with open_store(url, create=False) as store:
            if store.put(SELLER, hazard("first")) != 1 or not store.check().ok:
                return False
    except (NotFoundError, SchemaTooOldError):
        if not killed:
            return False
    with open_store(url) as store:
        store.upgrade()
        store.put(SELLER, hazard("last"))
        kept = store.get(SELLER, Hazard, "last")
        return kept is not None and kept.version == 1 and store.check().ok
