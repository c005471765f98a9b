"""自己写一个存储后端（纯文件夹），用它存一家店，再由检验套件逐条证明。 Write a backend (a plain folder), keep a shop in it, have it proven.

python examples/custom_backend.py [en]
"""

import fcntl
import json
import os
import subprocess
import sys
import tempfile
import time
from datetime import date
from pathlib import Path

from attrs import asdict

import qsafety as qs
from qsafety.errors import CapabilityError, ConflictError, StoreError, TransientError
from qsafety.storage import Backend, Capabilities, RawEvent, RawRecord, Transaction


class FolderBackend(Backend):
    """Each commit is a file in a folder; together they are what is kept."""

    capabilities = Capabilities()  # nothing beyond transactions is claimed

    def __init__(self, folder: Path):
        self.folder = folder

    @classmethod
    def open(cls, url, options):
        try:
            os.makedirs(url.path, exist_ok=True)
        except OSError as error:
            raise StoreError(f"{url}: {error}") from error
        return cls(Path(url.path))

    def begin(self, *, write, timeout):
        return FolderTransaction(self.folder, self._lock(timeout) if write else None)

    def _lock(self, timeout):
        until = time.monotonic() + timeout
        try:
            lock = os.open(self.folder / "lock", os.O_RDWR | os.O_CREAT)
        except OSError as error:
            raise StoreError(f"{self.folder}: {error}") from error
        while True:
            try:
                fcntl.flock(lock, fcntl.LOCK_EX | fcntl.LOCK_NB)
                return lock
            except BlockingIOError:
                if time.monotonic() >= until:
                    os.close(lock)
                    raise TransientError("another transaction is writing") from None
                time.sleep(0.005)

    def close(self):
        pass


class FolderTransaction(Transaction):
    """Everything is read when it begins; what is new is written when it commits."""

    def __init__(self, folder, lock):
        self.folder, self.lock, self.writes, self.live = folder, lock, lock is not None, True
        self.records, self.journal, self.new = {}, {}, []
        files = sorted(folder.glob("*.json"))
        self.next = folder / f"{len(files) + 1:08}.json"
        for file in files:
            for row in json.loads(file.read_text("utf-8")):
                kind = RawEvent if "seq" in row else RawRecord
                self._take(kind(**{**row, "body": row["body"].encode()}))

    def _take(self, what):
        kept = self.journal.setdefault(what.seller, []) if isinstance(what, RawEvent) else self._versions(what.place)
        kept.append(what)

    def _versions(self, place):
        return self.records.setdefault(place, [])

    def _new(self, what, number, last, follows):
        if number != last + 1 or not follows:
            raise ConflictError(f"{last} is the last, not {number - 1}", expected=number - 1, actual=last)
        self._take(what)
        self.new.append({**asdict(what), "body": what.body.decode()})

    def _use(self, *, write=False):
        if not self.live or (write and not self.writes):
            raise StoreError("this transaction has ended, or only reads")
        return {place: versions for place, versions in self.records.items() if versions}

    def get(self, seller, kind, key):
        return next(iter(self._use().get((seller, kind, key), [])[-1:]), None)

    def put(self, record):
        self._use(write=True)
        self._new(record, record.version, len(self._versions(record.place)), True)

    def scan(self, query):
        return iter(query.page(versions[-1] for versions in self._use().values()))

    def history(self, seller, kind, key):
        return iter(list(self._use().get((seller, kind, key), [])))

    def append(self, event):
        self._use(write=True)
        seq, link = self.head(event.seller)
        self._new(event, event.seq, seq, event.prev == link)

    def events(self, seller, *, after, limit):
        self._use()
        return iter(self.journal.get(seller, [])[after:][:limit])

    def sellers(self, *, after, limit):
        names = {seller for seller, _, _ in self._use()}
        return iter(sorted(name for name in names if after is None or name > after)[:limit])

    def forget(self, seller, kind, key):
        self._use(write=True)
        raise CapabilityError("this folder keeps all it was ever given")

    def commit(self):
        try:
            if self.live and self.new:
                made = self.folder / "next"
                made.write_text(json.dumps(self.new, ensure_ascii=False), "utf-8")
                made.rename(self.next)
        except OSError as error:
            raise StoreError(f"{self.folder}: {error}") from error
        finally:
            self.rollback()

    def rollback(self):
        self.live = False
        if self.lock is not None:
            os.close(self.lock)  # which gives back the lock
            self.lock = None


def installed(site: Path) -> None:
    """What ``pip install`` would do: name the backend under the scheme of its URLs, on the path."""
    info = site / "my_folder-1.0.dist-info"
    info.mkdir()
    (info / "METADATA").write_text("Metadata-Version: 2.1\nName: my-folder\nVersion: 1.0\n", "utf-8")
    (info / "entry_points.txt").write_text("[qsafety.backends]\nmyfolder = custom_backend:FolderBackend\n", "utf-8")
    sys.path[:0] = [str(site), str(Path(__file__).parent)]


def main() -> None:
    """Install it, keep a hazard in it, certify it."""
    with tempfile.TemporaryDirectory() as place:
        installed(Path(place))
        url = f"myfolder:///{place}/shop"
        with qs.open_store(url) as store:
            store.put("hz01", qs.Hazard(id="H1", source="daily", found_on=date(2024, 1, 31)))
            print(store.get("hz01", qs.Hazard, "H1").version, store.check().ok)
        line = [sys.executable, "-m", "qsafety.testing", "certify", url, "--lang", "en" if "en" in sys.argv else "zh"]
        environment = os.environ | {"PYTHONPATH": os.pathsep.join(sys.path)}
        run = subprocess.run(line, env=environment, capture_output=True, encoding="utf-8")
        print(run.stdout + run.stderr)
        sys.exit(run.returncode)


if __name__ == "__main__":
    main()
