"""A backend as another package would bring it: one JSON file that is replaced as a whole. It knows the contract only."""

import json
import os
import threading
from base64 import b64decode, b64encode
from collections.abc import Iterator, Mapping
from pathlib import Path
from typing import Any, Self

from qsafety.errors import CapabilityError, ConflictError, StoreError, TransientError
from qsafety.storage.backend import Backend, Capabilities, RawEvent, RawQuery, RawRecord, StoreUrl, Transaction

Rows = dict[str, list[list[Any]]]


def record(row: list[Any]) -> RawRecord:
    seller, kind, key, version, day, schema, body, digest = row
    return RawRecord(seller, kind, key, version, day, schema, b64decode(body), digest)


class FolderBackend(Backend):
    capabilities = Capabilities(durability="process-crash")

    def __init__(self, file: Path) -> None:
        self.file, self.lock = file, threading.Lock()

    @classmethod
    def open(cls, url: StoreUrl, options: Mapping[str, str]) -> Self:
        Path(url.path).mkdir(exist_ok=True)
        return cls(Path(url.path, "store.json"))

    def begin(self, *, write: bool, timeout: float) -> Transaction:
        if write and not self.lock.acquire(timeout=timeout):
            raise TransientError("another transaction is writing")
        return FolderTransaction(self, write)

    def close(self) -> None:
        pass


class FolderTransaction(Transaction):
    def __init__(self, store: FolderBackend, write: bool) -> None:
        self.store, self.write, self.live = store, write, True
        text = store.file.read_text("utf-8") if store.file.exists() else '{"records": {}, "events": {}}'
        self.data: dict[str, Rows] = json.loads(text)

    def rows(self, table: str, *name: str, write: bool = False) -> list[list[Any]]:
        if not self.live or (write and not self.write):
            raise StoreError("not in this transaction")
        kept = self.data[table]
        return kept.setdefault(json.dumps(name), []) if write else kept.get(json.dumps(name), [])

    def get(self, seller: str, kind: str, key: str) -> RawRecord | None:
        rows = self.rows("records", seller, kind, key)
        return record(rows[-1]) if rows else None

    def put(self, record: RawRecord) -> None:
        r, rows = record, self.rows("records", *record.place, write=True)
        if r.version != len(rows) + 1:
            raise ConflictError("another version is current", expected=r.version - 1, actual=len(rows))
        rows.append([*r.place, r.version, r.day, r.schema, b64encode(r.body).decode(), r.digest])

    def scan(self, query: RawQuery) -> Iterator[RawRecord]:
        self.rows("records")
        return iter(query.page(record(rows[-1]) for rows in self.data["records"].values() if rows))

    def history(self, seller: str, kind: str, key: str) -> Iterator[RawRecord]:
        return iter([record(row) for row in self.rows("records", seller, kind, key)])

    def append(self, event: RawEvent) -> None:
        e, rows = event, self.rows("events", event.seller, write=True)
        if e.seq != len(rows) + 1 or e.prev != (rows[-1][3] if rows else ""):
            raise ConflictError("another event is the last", expected=e.seq - 1, actual=len(rows))
        rows.append([e.seller, e.seq, e.prev, e.link, e.at, e.body.decode()])

    def events(self, seller: str, *, after: int, limit: int) -> Iterator[RawEvent]:
        rows = self.rows("events", seller)[after:][:limit]
        return iter([RawEvent(s, seq, prev, link, at, body.encode()) for s, seq, prev, link, at, body in rows])

    def sellers(self, *, after: str | None, limit: int) -> Iterator[str]:
        self.rows("records")
        names = sorted({rows[-1][0] for rows in self.data["records"].values() if rows})
        return iter([name for name in names if after is None or name > after][:limit])

    def forget(self, seller: str, kind: str, key: str) -> int:
        raise CapabilityError("this store cannot erase")

    def commit(self) -> None:
        if self.live and self.write:
            new = self.store.file.with_suffix(".new")
            with open(new, "w", encoding="utf-8") as file:
                json.dump(self.data, file)
            os.replace(new, self.store.file)
        self.rollback()

    def rollback(self) -> None:
        if self.live and self.write:
            self.store.lock.release()
        self.live = False
