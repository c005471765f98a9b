"""Another process that uses the same store: it counts, or lives a life that is cut short.

It is asked by lines of JSON on its standard input, and answers each with a line. Nothing here needs pytest.
"""

import ctypes
import json
import os
import random
import subprocess
import sys
import threading
import time
from collections.abc import Callable
from importlib import import_module
from importlib.util import module_from_spec, spec_from_file_location
from typing import Any

from qsafety.errors import ConflictError, StoreError, TransientError
from qsafety.storage import Backend, RawEvent, RawRecord, StoreUrl

BOOT = (
    "import json, sys; ask = json.loads(sys.argv[1]); sys.path[:] = ask['path']; "
    "from qsafety.testing.worker import answer; answer(ask)"
)
PR_SET_PTRACER, ANYBODY = 0x59616D61, -1
MARK = len("+00001")
SALT_BYTES = 40_000
"""How many random bytes a body holds whose way to the disk is watched: they cannot be compressed."""


class Worker:
    """A process of its own, started afresh, that opens the same store."""

    def __init__(self, backend: Backend, url: str) -> None:
        kind = type(backend)
        module = sys.modules.get(kind.__module__)
        ask = {
            "path": sys.path,
            "module": kind.__module__,
            "file": getattr(module, "__file__", None),
            "name": kind.__qualname__,
            "url": url,
        }
        self._process = subprocess.Popen(
            [sys.executable, "-c", BOOT, json.dumps(ask)],
            stdin=subprocess.PIPE,
            stdout=subprocess.PIPE,
            stderr=subprocess.PIPE,
            encoding="utf-8",
        )

    def ask(self, **what: Any) -> None:
        """Ask for something; the answer is had from :meth:`told`."""
        assert self._process.stdin
        try:
            self._process.stdin.write(json.dumps(what) + "\n")
            self._process.stdin.flush()
        except BrokenPipeError:
            pass  # told() says why it has ended

    def told(self, within: float = 90) -> dict[str, Any]:
        """The next answer; a process that has ended, or says nothing, is RuntimeError."""
        watch = threading.Timer(within, self._process.kill)
        watch.start()
        try:
            assert self._process.stdout
            line = self._process.stdout.readline()
        finally:
            watch.cancel()
        if not line:
            self._process.kill()
            assert self._process.stderr
            said = self._process.stderr.read().strip().splitlines()
            raise RuntimeError(f"another process that used the store ended: {said[-1] if said else 'it said nothing'}")
        answer: dict[str, Any] = json.loads(line)
        return answer

    def close(self) -> None:
        """End it."""
        self._process.kill()
        self._process.wait()
        for stream in (self._process.stdin, self._process.stdout, self._process.stderr):
            if stream:
                stream.close()


def answer(ask: dict[str, Any]) -> None:
    """The other process: from its beginning to its end."""
    kind = _kind(ask)
    place = StoreUrl.parse(ask["url"])

    def opened() -> Backend:
        return kind.open(place, place.query)

    kept: list[Backend] = []
    for line in sys.stdin:
        what = json.loads(line)
        if what["do"] in ("live", "upgrade"):
            _cradle(opened, what)
            continue
        if not kept:
            kept.append(opened())
        result = _count(kept[0], what) if what["do"] == "count" else _once(kept[0], what)
        print(json.dumps(result), flush=True)


def _kind(ask: dict[str, Any]) -> type[Backend]:
    try:
        module = import_module(ask["module"])
    except ImportError:
        spec = spec_from_file_location(ask["module"], ask["file"] or "")
        if spec is None or spec.loader is None:
            raise
        module = module_from_spec(spec)
        sys.modules[ask["module"]] = module
        spec.loader.exec_module(module)
    found: Any = module
    for name in ask["name"].split("."):
        found = getattr(found, name)
    kind: type[Backend] = found
    return kind


def _record(seller: str, key: str, version: int, body: str) -> RawRecord:
    import hashlib

    data = body.encode()
    return RawRecord(seller, "k", key, version, None, 1, data, hashlib.sha256(data).hexdigest())


def next_event(backend_tx: Any, seller: str) -> RawEvent:
    """The event that comes next in a seller's journal."""
    seq, link = backend_tx.head(seller)
    return RawEvent(seller, seq + 1, link, f"{seq + 1:064x}", "2024-01-31T00:00:00.000000Z", b"{}")


def _count(backend: Backend, what: dict[str, Any]) -> dict[str, Any]:
    """Read a record and put its next version, so many times; what was acknowledged."""
    done: list[tuple[int, str]] = []
    errors: list[str] = []
    until = time.monotonic() + what["seconds"]
    while len(done) < what["times"] and time.monotonic() < until and not errors:
        mark = f'{{"by":"{what["mark"]}","number":{len(done)}}}'
        try:
            with backend.begin(write=True, timeout=20) as tx:
                if what["journal"]:
                    tx.append(next_event(tx, what["seller"]))
                current = tx.get(what["seller"], "k", "A")
                version = current.version + 1 if current else 1
                tx.put(_record(what["seller"], "A", version, mark))
                tx.commit()
            done.append((version, mark))
        except (ConflictError, TransientError):
            time.sleep(random.uniform(0.001, 0.01))
        except Exception as error:
            errors.append(f"{type(error).__name__}: {error}")
    return {"done": done, "errors": errors}


def _once(backend: Backend, what: dict[str, Any]) -> dict[str, Any]:
    """One read and put, and what came of it."""
    try:
        with backend.begin(write=True, timeout=what["timeout"]) as tx:
            current = tx.get(what["seller"], "k", "A")
            tx.put(_record(what["seller"], "A", current.version + 1 if current else 1, '{"by":"another process"}'))
            tx.commit()
    except (ConflictError, TransientError):
        return {"seen": None, "done": False}
    return {"seen": current.version if current else 0, "done": True}


def _cradle(opened: Callable[[], Backend], what: dict[str, Any]) -> None:
    """Bring a child to life and say its process id; begin when told; tell what it acknowledged, and how it ended."""
    told, tell = os.pipe()
    go, let = os.pipe()
    child = os.fork()
    if child == 0:
        os.close(told)
        os.close(let)
        _live(opened, what, go, tell)
    os.close(tell)
    os.close(go)
    print(json.dumps({"pid": child}), flush=True)
    sys.stdin.readline()
    os.write(let, b"!")
    os.close(let)
    marks = b""
    while part := os.read(told, 4096):
        marks += part
    os.close(told)
    _, status = os.waitpid(child, 0)
    numbers = [int(marks[start : start + MARK]) for start in range(0, len(marks), MARK)]
    print(json.dumps({"marks": numbers, "status": os.waitstatus_to_exitcode(status)}), flush=True)


def _live(opened: Callable[[], Backend], what: dict[str, Any], go: int, tell: int) -> None:
    """Transactions one after another, each acknowledged through a call that no fault is put into (``writev``).

    A negative number is written when a transaction begins, its positive when ``commit`` has returned.
    """
    status = 1
    try:
        if sys.platform == "linux":
            ctypes.CDLL(None).prctl(PR_SET_PTRACER, ANYBODY, 0, 0, 0)
        os.readv(go, [bytearray(1)])
        backend = opened()
        if what["do"] == "upgrade":
            backend.upgrade()
        for number in range(1, what.get("times", 0) + 1):
            os.writev(tell, [b"-%05d" % number])
            try:
                transact(backend, what["seller"], number, os.urandom(what["salt"]).hex())
            except StoreError:
                continue
            os.writev(tell, [b"+%05d" % number])
        backend.close()
        status = 0
    except StoreError:
        status = 2
    except BaseException as error:
        os.writev(2, [f"{type(error).__name__}: {error}\n".encode("utf-8", "backslashreplace")])
    finally:
        os._exit(status)


def transact(backend: Backend, seller: str, number: int, salt: str = "") -> None:
    """One transaction that leaves four marks: two records of its own, the next version of one that all change, an event."""
    with backend.begin(write=True, timeout=20) as tx:
        event = next_event(tx, seller)
        current = tx.get(seller, "k", "last")
        tx.put(_record(seller, f"{number:05d}-a", 1, f'{{"salt":"{salt}"}}'))
        tx.put(_record(seller, "last", current.version + 1 if current else 1, f'{{"number":{number}}}'))
        tx.put(_record(seller, f"{number:05d}-b", 1, "{}"))
        tx.append(event)
        tx.commit()
