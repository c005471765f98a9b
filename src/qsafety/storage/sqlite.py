"""SQLite: one file, many processes of one host, no commit lost to a power cut.

The settings were measured: write-ahead log with ``synchronous=FULL``, because anything less loses acknowledged
commits or costs fifteen times as much; ``BEGIN IMMEDIATE`` for what writes, because a deferred begin loses updates;
pages of 16 KiB.
"""

import os
import sqlite3
import time
from collections.abc import Mapping, Sequence
from pathlib import Path
from typing import Any

from sqlalchemy import URL, Connection, Engine, event

from qsafety.bilingual import Bilingual
from qsafety.errors import (
    ReadOnlyError,
    StoreCorruptError,
    StoreError,
    StoreFullError,
    TransientError,
)
from qsafety.storage.backend import Capabilities
from qsafety.storage.dialect import OWN_OPTIONS, TIMEOUT, WRITE, Dialect, discreet_engine
from qsafety.storage.files import check_file
from qsafety.storage.refusals import WHAT_TO_DO, unknown_option
from qsafety.storage.tables import Tables
from qsafety.storage.url import StoreUrl

OPENING = 30.0
"""Seconds to wait for others while a file is opened or compacted."""

PRAGMAS = {
    "journal_mode": ("WAL", "wal"),
    "synchronous": ("FULL", 2),
    "fullfsync": ("ON", 1),  # on a Mac fsync alone does not reach the disk; elsewhere it says nothing
    "checkpoint_fullfsync": ("ON", 1),
    "foreign_keys": ("ON", 1),
}
PAGE = 16384


class Sqlite(Dialect):
    """A file of SQLite."""

    capabilities = Capabilities(
        durability="power-loss",
        writers="many-processes",
        isolation="serializable",
        erasure=True,
        max_body_bytes=512 * 1024 * 1024,
    )

    def __init__(self) -> None:
        self._file = ""

    def engine(self, url: StoreUrl, options: Mapping[str, str]) -> Engine:
        """An engine for the file; the file is made unless ``create`` is ``"false"``."""
        for name in options:
            if name not in OWN_OPTIONS:
                raise unknown_option(url, name, OWN_OPTIONS)
        self._file = url.path
        check_file(url, create=options.get("create") != "false")
        engine = discreet_engine(
            URL.create("sqlite", database=url.path),
            # the driver must not begin transactions of its own: "begin" below does
            connect_args={"isolation_level": None, "check_same_thread": False, "timeout": OPENING},
            max_overflow=-1,
        )
        event.listen(engine, "connect", self._connected)
        event.listen(engine, "begin", _begin)
        return engine

    def _connected(self, connection: sqlite3.Connection, _: object) -> None:
        until = time.monotonic() + OPENING
        while True:
            try:
                self._set(connection)
                return
            except sqlite3.Error as error:
                refused = self.translate(error)
                # switching a new file to its log is refused at once while another process does the same
                if not isinstance(refused, TransientError) or time.monotonic() > until:
                    connection.close()
                    raise refused from error
            except StoreError:
                connection.close()
                raise
            time.sleep(0.02)

    def _set(self, connection: sqlite3.Connection) -> None:
        new = _value(connection, "page_count") == 0
        if new:
            connection.execute(f"PRAGMA page_size = {PAGE}")  # before the log, which fixes it
        for name, (word, expected) in PRAGMAS.items():
            if name != "journal_mode" or _value(connection, name) != expected:
                connection.execute(f"PRAGMA {name} = {word}")
            self._took(name, expected, _value(connection, name))
        if new and _value(connection, "page_count") == 0:
            self._took("page_size", PAGE, _value(connection, "page_size"))

    def _took(self, name: str, expected: object, found: object) -> None:
        if found != expected:
            raise StoreError(
                Bilingual(
                    f"{self._file}：SQLite 设置 {name} 应为 {expected}，实为 {found}",
                    f"{self._file}: SQLite's {name} should be {expected} and stayed {found}",
                ),
                advice=Bilingual(
                    "请将文件放在本机磁盘上（网络盘不支持预写日志）。",
                    "Keep the file on a local disk (a network drive cannot hold a write-ahead log).",
                ),
            )

    def translate(self, error: BaseException) -> StoreError:
        """What SQLite's result code means."""
        code = getattr(error, "sqlite_errorcode", None)
        if code == CANTOPEN and os.path.exists(self._file) and not os.access(Path(self._file).parent, os.W_OK):
            code = READONLY  # the log beside the file cannot be made, which SQLite says in these words
        for primary, (kind, zh, en) in _MEANING.items():
            if code is not None and code & 0xFF == primary:
                said = Bilingual(f"{self._file}：{zh}（{error}）", f"{self._file}: {en} ({error})")
                return kind(said, advice=WHAT_TO_DO.get(kind))
        return StoreError(Bilingual(f"{self._file}：SQLite 报告：{error}", f"{self._file}: SQLite says: {error}"))

    def join(self, connection: Connection, *, write: bool) -> None:
        """Python's driver begins a transaction only at the first change: a savepoint before it would be one, and its release a commit."""
        driver = connection.connection.driver_connection
        if driver is not None and not driver.in_transaction:
            connection.exec_driver_sql("BEGIN IMMEDIATE" if write else "BEGIN")

    def integrity(self, connection: Connection, tables: Tables) -> Sequence[Bilingual]:
        """The findings of ``PRAGMA integrity_check``."""
        found = [row[0] for row in connection.exec_driver_sql("PRAGMA integrity_check")]
        return [Bilingual(f"SQLite：{line}", f"SQLite: {line}") for line in found if line != "ok"]

    def compact(self, engine: Engine, tables: Tables) -> None:
        """Write the file anew and empty its log, so that no freed page keeps an old byte."""
        connection = engine.raw_connection()
        try:
            cursor = connection.cursor()
            cursor.execute(f"PRAGMA busy_timeout = {int(OPENING * 1000)}")
            cursor.execute("VACUUM")
            cursor.execute("PRAGMA wal_checkpoint(TRUNCATE)")
            busy = (cursor.fetchone() or [1])[0]
        except sqlite3.Error as error:
            raise self.translate(error) from error
        finally:
            connection.close()
        if busy:
            raise TransientError(
                Bilingual(
                    f"{self._file}：内容已清除，但另有读者在使用，旧字节仍在日志文件中",
                    f"{self._file}: the contents were emptied, but a reader keeps old bytes in the log file",
                ),
                advice=Bilingual("请在其结束后重试。", "Try again when it has ended."),
            )


READONLY, CANTOPEN = 8, 14
_MEANING: dict[int, tuple[type[StoreError], str, str]] = {
    5: (TransientError, "文件被占用", "the file is busy"),  # BUSY
    6: (TransientError, "文件被占用", "the file is busy"),  # LOCKED
    READONLY: (
        ReadOnlyError,
        "文件或文件夹只读，或没有权限",
        "the file or its folder is read-only, or permission was refused",
    ),
    11: (StoreCorruptError, "文件已损坏", "the file is damaged"),  # CORRUPT
    13: (StoreFullError, "磁盘已满，未写入任何内容", "the disk is full; nothing was written"),  # FULL
    CANTOPEN: (StoreError, "无法打开文件", "the file cannot be opened"),
    26: (StoreCorruptError, "不是 SQLite 数据库", "this is no SQLite database"),  # NOTADB
}


def _begin(connection: Connection) -> None:
    options = connection.get_execution_options()
    milliseconds = max(0, int(options.get(TIMEOUT, OPENING) * 1000))
    connection.exec_driver_sql(f"PRAGMA busy_timeout = {milliseconds}")
    connection.exec_driver_sql("BEGIN IMMEDIATE" if options.get(WRITE) else "BEGIN")


def _value(connection: sqlite3.Connection, name: str) -> Any:
    return connection.execute(f"PRAGMA {name}").fetchone()[0]
