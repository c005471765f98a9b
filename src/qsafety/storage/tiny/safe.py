"""A storage and a table for TinyDB that lose nothing: whole files that take each other's place, and one writer at a time.

>>> from tempfile import TemporaryDirectory
>>> from tinydb import where
>>> with TemporaryDirectory() as folder, SafeTinyDB(f"{folder}/mine.json") as db:
...     number = db.table("orders").insert({"item": "头盔"})
...     db.table("orders").search(where("item") == "头盔")
[{'item': '头盔'}]
"""

import errno
import hashlib
import os
import re
import shutil
import sys
import threading
import warnings
from collections.abc import Callable, Generator, Mapping
from contextlib import contextmanager, suppress
from pathlib import Path
from typing import Any

import msgspec
from filelock import FileLock, Timeout
from tinydb import TinyDB
from tinydb.storages import Storage
from tinydb.table import Table

from qsafety.bilingual import Bilingual
from qsafety.errors import ReadOnlyError, StoreCorruptError, StoreError, StoreFullError, TransientError
from qsafety.storage.refusals import WHAT_TO_DO

META = "qsafety"
"""The table that stands first in the file: its one document has the layout and the checksum of all that follows."""

WARN_RECORDS, WARN_BYTES, MOST_BYTES = 10_000, 5 * 2**20, 32 * 2**20
LAYOUT = 1
WAIT = 30.0
POLL = 0.005

_HEAD = re.compile(rb'\{"qsafety":\{"1":\{"layout":([0-9]{1,9}),"sha256":"([0-9a-f]{64})"\}\},?')
_FULL = (errno.ENOSPC, errno.EDQUOT, errno.EFBIG)
_DENIED = (errno.EACCES, errno.EPERM, errno.EROFS)

Tables = dict[str, dict[str, Any]]


class LargeFileWarning(UserWarning):
    """A file that is rewritten whole at every commit has grown so large that it is slow."""


class SafeStorage(Storage):
    """Reads and writes a whole file. What is on the disk is always one commit, entire; the one before is kept as ``.bak``.

    Each write makes a new file, waits until it is on the disk, and puts it in the old one's place. A checksum tells a
    file that was damaged or edited by hand. Use :meth:`lock` around reading and writing what depends on it.
    """

    def __init__(self, path: str | Path) -> None:
        self.path = Path(path)
        self._held = threading.local()

    @contextmanager
    def lock(self, timeout: float = WAIT) -> Generator[None]:
        """Be the only writer, among all threads and processes; in one thread it may be taken again."""
        depth: int = getattr(self._held, "depth", 0)
        lock = None if depth else self.acquire(timeout)
        self._held.depth = depth + 1
        try:
            yield
        finally:
            self._held.depth = depth
            if lock is not None:
                self.release(lock)

    def acquire(self, timeout: float) -> FileLock:
        """The lock of the file, to be released by whoever asked for it."""
        # a lock of its own each time: one that is shared would let a thread that has it in a second time
        lock = FileLock(self._beside(".lock"), timeout=max(timeout, 0), thread_local=False, poll_interval=POLL)
        try:
            with self._errors():
                lock.acquire()
        except Timeout as error:
            raise TransientError(
                Bilingual(
                    f"{self.path}：等待 {timeout} 秒后，另一程序仍在写入",
                    f"{self.path}: after {timeout} s another program is still writing (busy)",
                )
            ) from error
        return lock

    def release(self, lock: FileLock) -> None:
        """Let others write."""
        with self._errors():
            lock.release()

    def read(self) -> Tables | None:
        """All tables; None where there is no file. What does not match its checksum is StoreCorruptError."""
        data = self.read_bytes()
        if not data:
            return None
        tables = self.parse(data)
        self.verify(data)
        return tables

    def write(self, data: Mapping[str, Mapping[str, Any]]) -> None:
        """Put all tables in the place of what was there."""
        rest = msgspec.json.encode({name: table for name, table in data.items() if name != META})
        self.write_bytes(rest)

    def read_bytes(self) -> bytes:
        """The file as it is; nothing where there is none."""
        with self._errors():
            try:
                return self.path.read_bytes()
            except FileNotFoundError:
                return b""

    def parse(self, data: bytes) -> Tables:
        """The tables in a file."""
        try:
            return msgspec.json.decode(data, type=dict[str, dict[str, Any]])
        except (msgspec.MsgspecError, UnicodeDecodeError) as error:
            raise StoreCorruptError(
                Bilingual(f"{self.path} 不是 TinyDB 文件：{error}", f"{self.path} is no file of TinyDB: {error}"),
                advice=self._advice(),
            ) from error

    def verify(self, data: bytes) -> int | None:
        """The layout that a file says it has, None where we never wrote it; a wrong checksum is StoreCorruptError."""
        head = _HEAD.match(data)
        if head is None and META not in (self.parse(data) if data else {}):
            return None
        if head is None or hashlib.sha256(b"{" + data[head.end() :]).hexdigest().encode() != head[2]:
            raise self.damaged()
        return int(head[1])

    def damaged(self) -> StoreCorruptError:
        """The checksum is another, or gone."""
        return StoreCorruptError(
            Bilingual(
                f"{self.path} 与其校验和不符：已损坏，或被其他程序改动",
                f"{self.path} does not match its checksum: it was damaged, or changed by another program",
            ),
            advice=self._advice(),
        )

    def write_bytes(self, rest: bytes, *, keep: bool = True) -> bytes:
        """Write a file of encoded tables, and give back all of it. Without ``keep`` no older copy is left anywhere."""
        head = f'{{"{META}":{{"1":{{"layout":{LAYOUT},"sha256":"{hashlib.sha256(rest).hexdigest()}"}}}}'.encode()
        data = head + (b"," if rest != b"{}" else b"") + rest[1:]
        with self._errors():
            old = self.path.stat().st_size if self.path.exists() else 0
            if len(data) > MOST_BYTES and len(data) > old:
                raise self._too_large(len(data))
            if old:
                open(self.path, "r+b").close()  # what may not be written must not be replaced either
            self._replace(data, old > 0, keep)
        return data

    def warn(self, records: int, size: int) -> bool:
        """Say so when a file has become large for its kind, and whether it has."""
        large = records >= WARN_RECORDS or size >= WARN_BYTES
        if large:
            said = f"{self.path} has {records} records and {size / 2**20:.1f} MiB, all rewritten at every commit"
            warnings.warn(f"{said}: use sqlite:///", LargeFileWarning, stacklevel=2)
        return large

    def _replace(self, data: bytes, old: bool, keep: bool) -> None:
        new, backup = self._beside(".new"), self._beside(".bak")
        try:
            with open(new, "wb") as file:
                if old:
                    shutil.copymode(self.path, new)
                file.write(data)
                file.flush()
                _to_disk(file.fileno())
            if old and keep:
                self._keep(backup)
            os.replace(new, self.path)
        except OSError:
            with suppress(OSError):
                new.unlink(missing_ok=True)
            raise
        if not keep:
            backup.unlink(missing_ok=True)
            self._beside(".bak.new").unlink(missing_ok=True)
        if os.name == "posix":
            self._settle()

    def _settle(self) -> None:
        """Put the folder's entry onto the disk too."""
        try:
            folder = os.open(self.path.parent, os.O_RDONLY)
            try:
                os.fsync(folder)
            finally:
                os.close(folder)
        except OSError as error:
            raise StoreError(
                Bilingual(
                    f"{self.path}：已写入，但不能确定断电后仍在（{error}）",
                    f"{self.path}: it was written, but may not outlast a power cut ({error})",
                ),
                advice=Bilingual("请检查磁盘，再重新读取。", "Look at the disk, then read again what is there."),
            ) from error

    def _keep(self, backup: Path) -> None:
        """The file as it is, under a second name: no byte is copied where the disk can do that."""
        second = self._beside(".bak.new")
        second.unlink(missing_ok=True)
        try:
            os.link(self.path, second)
        except OSError:
            shutil.copy2(self.path, second)
        os.replace(second, backup)

    def _beside(self, suffix: str) -> Path:
        return self.path.with_name(self.path.name + suffix)

    @contextmanager
    def _errors(self) -> Generator[None]:
        try:
            yield
        except Timeout:  # an OSError too, and another's to explain
            raise
        except OSError as error:
            raise self._meaning(error) from error

    def _meaning(self, error: OSError) -> StoreError:
        if error.errno in _FULL:
            return StoreFullError(
                Bilingual(
                    f"{self.path}：磁盘已满，未写入任何内容", f"{self.path}: the disk is full; nothing was written"
                ),
                advice=WHAT_TO_DO[StoreFullError],
            )
        if error.errno in _DENIED:
            return ReadOnlyError(
                Bilingual(
                    f"{self.path}：文件或文件夹只读，或没有权限（{error.strerror}）",
                    f"{self.path}: the file or its folder is read-only, or permission was refused ({error.strerror})",
                ),
                advice=WHAT_TO_DO[ReadOnlyError],
            )
        return StoreError(Bilingual(f"{self.path}：{error}", f"{self.path}: {error}"))

    def _too_large(self, size: int) -> StoreFullError:
        return StoreFullError(
            Bilingual(
                f"{self.path} 将有 {size / 2**20:.1f} MiB，此类文件至多 32 MiB，未写入",
                f"{self.path} would have {size / 2**20:.1f} MiB, and 32 MiB is the most; nothing was written",
            ),
            advice=Bilingual("请改用 sqlite:///。", "Please use sqlite:///"),
        )

    def _advice(self) -> Bilingual:
        backup = self._beside(".bak")
        if backup.exists():
            return Bilingual(f"上一版保存在 {backup}。", f"The version before it is {backup}.")
        return Bilingual("请从备份恢复。", "Restore a backup.")


class SafeTable(Table):
    """A table of TinyDB on a :class:`SafeStorage`: reading, changing and writing are one, among all processes."""

    def __init__(self, storage: Storage, name: str, cache_size: int = 0) -> None:
        if not isinstance(storage, SafeStorage):
            raise StoreError(Bilingual("SafeTable 须与 SafeStorage 同用", "a SafeTable needs a SafeStorage"))
        super().__init__(storage, name, cache_size)  # answers that are remembered may be old: others write too
        self._safe = storage

    def insert(self, document: Mapping[str, Any]) -> int:
        """As TinyDB's; no other process gets the same number."""
        with self._safe.lock():
            self._next_id = None
            return super().insert(document)

    def upsert(self, document: Mapping[str, Any], cond: Any = None) -> list[int]:
        """As TinyDB's; updating and inserting are one."""
        with self._safe.lock():
            return super().upsert(document, cond)

    def _update_table(self, updater: Callable[[dict[int, Mapping[str, Any]]], None]) -> None:
        with self._safe.lock():
            self._next_id = None  # TinyDB remembers it, and another process may have used it meanwhile
            super()._update_table(updater)


class SafeTinyDB(TinyDB):
    """TinyDB with both."""

    default_storage_class = SafeStorage  # type: ignore[assignment] # TinyDB declares the class that it comes with
    table_class = SafeTable  # type: ignore[assignment] # the same


def _to_disk(file: int) -> None:
    os.fsync(file)
    if sys.platform == "darwin":  # there fsync alone does not reach the disk
        import fcntl

        fcntl.fcntl(file, fcntl.F_FULLFSYNC)
