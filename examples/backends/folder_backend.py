"""存储后端示例：一个文件夹，每次提交一个文件。A backend in a plain folder: one file for each commit.

A commit is one file, made whole under another name, put on the disk, and linked to the next number: that either succeeds
or finds the number taken. Reading is reading all files in order. Every process of one host may write.
"""

import fcntl
import json
import os
import time
from collections.abc import Iterator, Mapping
from pathlib import Path
from typing import Any, Self

from qsafety.errors import CapabilityError, ConflictError, NotFoundError, StoreError, StoreFullError, TransientError
from qsafety.storage import Backend, Capabilities, RawEvent, RawQuery, RawRecord, StoreUrl, Transaction


class FolderBackend(Backend):
    capabilities = Capabilities(durability="power-loss", writers="many-processes", isolation="serializable")

    def __init__(self, folder: Path) -> None:
        self.folder = folder

    @classmethod
    def open(cls, url: StoreUrl, options: Mapping[str, str]) -> Self:
        folder = Path(url.path)
        if options.get("create") == "false" and not folder.is_dir():
            raise NotFoundError(f"there is no folder {folder}")
        try:
            folder.mkdir(exist_ok=True)
        except OSError as error:
            raise StoreError(f"{folder}: {error}") from error
        return cls(folder)

    def begin(self, *, write: bool, timeout: float) -> Transaction:
        return FolderTransaction(self, self.lock(timeout) if write else None)

    def lock(self, timeout: float) -> int:
        """The folder's lock; the system takes it back from a process that dies."""
        try:
            held = os.open(self.folder / "lock", os.O_RDWR | os.O_CREAT)
        except OSError as error:
            raise StoreError(f"{self.folder}: {error}") from error
        until = time.monotonic() + timeout
        while True:
            try:
                fcntl.flock(held, fcntl.LOCK_EX | fcntl.LOCK_NB)
                return held
            except BlockingIOError:
                if time.monotonic() >= until:
                    os.close(held)
                    raise TransientError(f"{self.folder}: after {timeout} s another is still writing") from None
                time.sleep(0.005)

    def close(self) -> None:
        pass


class FolderTransaction(Transaction):
    def __init__(self, store: FolderBackend, held: int | None) -> None:
        self.store, self.held, self.live = store, held, True
        self.records: dict[tuple[str, str, str], list[RawRecord]] = {}
        self.journal: dict[str, list[RawEvent]] = {}
        self.new: list[list[Any]] = []
        commits = sorted(store.folder.glob("*.json"))
        self.number = len(commits)
        for commit in commits:
            for line in json.loads(commit.read_text("utf-8")):
                self.take(line)

    def take(self, line: list[Any]) -> None:
        if len(line) == 6:
            event = RawEvent(*line[:5], line[5].encode())
            self.journal.setdefault(event.seller, []).append(event)
        else:
            record = RawRecord(*line[:6], line[6].encode(), *line[7:])
            self.records.setdefault(record.place, []).append(record)

    def check(self, *, write: bool = False) -> None:
        if not self.live:
            raise StoreError("this transaction has ended")
        if write and self.held is None:
            raise StoreError("this transaction only reads")

    def get(self, seller: str, kind: str, key: str) -> RawRecord | None:
        self.check()
        versions = self.records.get((seller, kind, key))
        return versions[-1] if versions else None

    def put(self, record: RawRecord) -> None:
        self.check(write=True)
        current = len(self.records.get(record.place, ()))
        if record.version != current + 1:
            raise ConflictError(f"{record.place}: {current} is current", expected=record.version - 1, actual=current)
        line = [
            *record.place,
            record.version,
            record.day,
            record.schema,
            record.body.decode(),
            record.digest,
            record.at,
        ]
        self.new.append(line)
        self.take(line)

    def scan(self, query: RawQuery) -> Iterator[RawRecord]:
        self.check()
        return iter(query.page(versions[-1] for versions in self.records.values()))

    def history(self, seller: str, kind: str, key: str) -> Iterator[RawRecord]:
        self.check()
        return iter(list(self.records.get((seller, kind, key), ())))

    def append(self, event: RawEvent) -> None:
        self.check(write=True)
        seq, link = self.head(event.seller)
        if (event.seq, event.prev) != (seq + 1, link):
            raise ConflictError(f"{event.seller}: {seq} is the last", expected=event.seq - 1, actual=seq)
        line = [event.seller, event.seq, event.prev, event.link, event.at, event.body.decode()]
        self.new.append(line)
        self.take(line)

    def events(self, seller: str, *, after: int, limit: int) -> Iterator[RawEvent]:
        self.check()
        return iter(self.journal.get(seller, [])[max(after, 0) :][:limit])

    def sellers(self, *, after: str | None, limit: int) -> Iterator[str]:
        self.check()
        names = sorted({place[0] for place in self.records})
        return iter([name for name in names if after is None or name > after][:limit])

    def forget(self, seller: str, kind: str, key: str) -> int:
        self.check(write=True)
        raise CapabilityError("this store keeps every byte it was ever given")

    def commit(self) -> None:
        try:
            if self.live and self.new:
                self.keep()
        finally:
            self.rollback()

    def keep(self) -> None:
        made, named = self.store.folder / "next", self.store.folder / f"{self.number + 1:08d}.json"
        try:
            with open(made, "w", encoding="utf-8") as file:
                json.dump(self.new, file, ensure_ascii=False)
                file.flush()
                os.fsync(file.fileno())
            os.rename(made, named)
            folder = os.open(self.store.folder, os.O_RDONLY)
            try:
                os.fsync(folder)
            finally:
                os.close(folder)
        except OSError as error:
            raise StoreFullError(f"{self.store.folder}: {error}") from error

    def rollback(self) -> None:
        self.live = False
        if self.held is not None:
            os.close(self.held)
            self.held = None
