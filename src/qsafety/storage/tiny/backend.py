"""The store in a file of TinyDB: one locked reading, changes in memory, one whole file at commit.

A reader keeps the file as it was when it began, and is in nobody's way.
"""

import os
import threading
from collections.abc import Iterator, Mapping, Sequence
from typing import Self

from attrs import frozen
from filelock import FileLock

from qsafety.bilingual import Bilingual
from qsafety.errors import NotFoundError, SchemaTooNewError
from qsafety.storage.backend import (
    Backend,
    Capabilities,
    RawEvent,
    RawQuery,
    RawRecord,
    StoreUrl,
    Transaction,
    append_conflict,
    put_conflict,
)
from qsafety.storage.files import check_file
from qsafety.storage.refusals import closed, ended, forked, not_for_writing, unknown_option
from qsafety.storage.tiny.safe import LAYOUT, META, WAIT, SafeStorage
from qsafety.storage.tiny.state import EVENTS, RECORDS, VERSIONS, State

__all__ = ["TinyBackend"]


@frozen
class _Seen:
    """The file as it was last read or written, and what is in it: equal bytes need not be looked through again."""

    data: bytes
    state: State


class TinyBackend(Backend):
    """A store in a file of TinyDB. Tables of others in the same file are left as they are."""

    # putting a folder's entry onto the disk has no counterpart on Windows
    capabilities = Capabilities(
        durability="power-loss" if os.name == "posix" else "process-crash",
        writers="many-processes",
        isolation="serializable",
        erasure=True,
        max_body_bytes=16 * 2**20,
    )

    def __init__(self, storage: SafeStorage) -> None:
        self._process = os.getpid()
        self._open = True
        self._warned = False
        self._seen: _Seen | None = None
        self._guard = threading.Lock()
        self.storage = storage

    @classmethod
    def open(cls, url: StoreUrl, options: Mapping[str, str]) -> Self:
        """Open the file, and make it where it is absent unless ``create`` is ``"false"``."""
        for name in options:
            if name != "create":
                raise unknown_option(url, name, ["create"])
        create = options.get("create") != "false"
        check_file(url, create=create)
        store = cls(SafeStorage(url.path))
        if store.schema_version() == 0:
            if not create:
                raise NotFoundError(
                    Bilingual(f"{url} 中没有 qsafety 的数据表", f"{url} has no tables of qsafety"),
                    advice=Bilingual(f"请运行：qsafety store upgrade {url}", f"Run: qsafety store upgrade {url}"),
                )
            store.upgrade()
        return store

    def begin(self, *, write: bool, timeout: float) -> Transaction:
        """A transaction; one that writes has the file's lock until it ends."""
        if self._process != os.getpid():
            raise forked()
        if not self._open:
            raise closed()
        lock = self.storage.acquire(timeout) if write else None
        try:
            state = self._read()
        except BaseException:
            if lock is not None:
                self.storage.release(lock)
            raise
        return TinyTransaction(self, state, lock)

    def close(self) -> None:
        """Let go of what was read."""
        self._open = False
        self._seen = None

    def schema_version(self) -> int:
        """The layout of the file, 0 where there is none. A file that is none of TinyDB's is StoreCorruptError."""
        data = self.storage.read_bytes()
        tables = self.storage.parse(data) if data else {}
        if META not in tables and {RECORDS, VERSIONS, EVENTS} <= tables.keys():
            raise self.storage.damaged()  # ours, and without its checksum: not to be taken for a new one
        try:
            return int(tables["qsafety"]["1"]["layout"])
        except (KeyError, TypeError, ValueError):
            return 0

    def upgrade(self) -> None:
        """Make the tables where they are absent."""
        with self.storage.lock(WAIT):
            if self.schema_version() == 0:
                data = self.storage.read_bytes()
                self.storage.write_bytes(State.of(self.storage.parse(data) if data else {}).encoded())

    def keep(self, state: State, *, forgot: bool) -> None:
        """Put a writer's state on the disk."""
        rest = state.encoded()
        if not self._warned:
            size = len(state.tables[RECORDS])
            self._warned = self.storage.warn(size, len(rest))
        data = self.storage.write_bytes(rest, keep=not forgot)
        with self._guard:
            self._seen = _Seen(data, state)

    def _read(self) -> State:
        data = self.storage.read_bytes()
        with self._guard:
            if self._seen is not None and self._seen.data == data:
                return self._seen.state
        layout = self.storage.verify(data)
        if layout is not None and layout > LAYOUT:
            raise SchemaTooNewError(
                Bilingual(
                    f"{self.storage.path} 由更新版本的 qsafety 写成（结构 {layout}，此处只识 {LAYOUT}）",
                    f"{self.storage.path} was written by a newer qsafety (layout {layout}, known here: {LAYOUT})",
                ),
                advice=Bilingual("请运行：pip install --upgrade qsafety", "Run: pip install --upgrade qsafety"),
            )
        state = State.of(self.storage.parse(data) if data else {})
        with self._guard:
            self._seen = _Seen(data, state)
        return state


class TinyTransaction(Transaction):
    """A transaction over the tables as they were when it began."""

    def __init__(self, store: TinyBackend, state: State, lock: FileLock | None) -> None:
        self._store = store
        self._state = state
        self._lock = lock
        self._live = True
        self._changed = False
        self._forgot = False

    def _reading(self) -> State:
        if not self._live:
            raise ended()
        return self._state

    def _writing(self) -> State:
        self._reading()
        if self._lock is None:
            raise not_for_writing()
        if not self._changed:
            self._state, self._changed = self._state.copy(), True
        return self._state

    def get(self, seller: str, kind: str, key: str) -> RawRecord | None:
        return self._reading().get((seller, kind, key))

    def put(self, record: RawRecord) -> None:
        state = self._writing()
        number = state.current.get(record.place)
        current = 0 if number is None else state.tables[RECORDS][number]["version"]
        if record.version != current + 1:
            raise put_conflict(record, current)
        state.put(record)

    def scan(self, query: RawQuery) -> Iterator[RawRecord]:
        return iter(query.page(self._reading().latest(query)))

    def history(self, seller: str, kind: str, key: str) -> Iterator[RawRecord]:
        return iter(list(self._reading().history((seller, kind, key))))

    def append(self, event: RawEvent) -> None:
        self.append_many([event])

    def append_many(self, events: Sequence[RawEvent]) -> None:
        state = self._writing()
        for event in events:
            seq, link = state.head(event.seller)
            if event.seq != seq + 1 or event.prev != link:
                raise append_conflict(event, seq)
            state.append(event)

    def head(self, seller: str) -> tuple[int, str]:
        return self._reading().head(seller)

    def events(self, seller: str, *, after: int, limit: int) -> Iterator[RawEvent]:
        return iter(self._reading().events(seller, after, limit))

    def sellers(self, *, after: str | None, limit: int) -> Iterator[str]:
        names = sorted({place[0] for place in self._reading().current})
        return iter([name for name in names if after is None or name > after][:limit])

    def forget(self, seller: str, kind: str, key: str) -> int:
        count = self._writing().forget((seller, kind, key))
        self._forgot = self._forgot or count > 0
        return count

    def commit(self) -> None:
        if not self._live:
            return
        try:
            if self._changed:
                self._store.keep(self._state, forgot=self._forgot)
        finally:
            self.rollback()

    def rollback(self) -> None:
        if self._live:
            self._live = False
            if self._lock is not None:
                self._store.storage.release(self._lock)
