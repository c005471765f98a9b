"""Faults that a plain Linux machine can make: a process killed at a system call, a disk that is full, a connection that is cut.

Nothing here needs pytest. :func:`strace` says whether calls can be traced; :func:`small_disk` mounts a tmpfs, for
which one must be root.
"""

import os
import re
import shutil
import signal
import socket
import stat
import struct
import subprocess
import tempfile
import time
from collections import Counter
from collections.abc import Generator, Iterator, Sequence
from contextlib import contextmanager, suppress
from functools import cache
from pathlib import Path

from attrs import field, frozen, mutable

CHANGING = (
    "openat", "open", "creat", "write", "pwrite64", "pwritev", "pwritev2", "fsync", "fdatasync", "sync_file_range", "rename", "renameat",
    "renameat2", "link", "linkat", "unlink", "unlinkat", "ftruncate",
    "fallocate", "mkdir", "mkdirat", "rmdir", "msync", "sendto", "recvfrom",
)  # fmt: skip
"""Calls at which a process is killed: those that change files, and those that talk to a server."""

WATCHED = (
    "openat", "open", "creat", "write", "pwrite64", "writev", "pwritev", "pwritev2", "copy_file_range", "sendfile", "ftruncate",
    "rename", "renameat", "renameat2", "link", "linkat", "unlink", "unlinkat", "fsync", "fdatasync", "sync", "syncfs", "msync", "lseek",
)  # fmt: skip


@cache
def strace() -> bool:
    """Whether another process can be traced here."""
    program = shutil.which("strace")
    if program is None:
        return False
    run = subprocess.run([program, "-o", os.devnull, "-f", "true"], capture_output=True)
    return run.returncode == 0


@contextmanager
def traced(pids: Sequence[int], *options: str) -> Generator[list[str]]:
    """Trace running processes; when the block has ended the list that it gives holds the log."""
    with tempfile.TemporaryDirectory(prefix="qsafety-") as folder:
        log = Path(folder, "log")
        attach = [option for pid in pids for option in ("-p", str(pid))]
        tracer = subprocess.Popen(
            ["strace", "-f", "-qq", "-o", str(log), *options, *attach], stderr=subprocess.PIPE, encoding="utf-8"
        )
        until = time.monotonic() + 10
        while time.monotonic() < until and tracer.poll() is None and not all(map(_is_traced, pids)):
            time.sleep(0.002)
        told: list[str] = []
        try:
            yield told
        finally:
            if any(_is_traced(pid) for pid in pids):
                tracer.send_signal(signal.SIGINT)  # it lets go of those that live on
            tracer.wait(20)
            assert tracer.stderr
            tracer.stderr.close()
            told.append(log.read_text("utf-8", "replace") if log.exists() else "")


def _is_traced(pid: int) -> bool:
    try:
        status = Path(f"/proc/{pid}/status").read_text()
    except OSError:
        return False
    return "TracerPid:\t0\n" not in status and not re.search(r"^State:\s+[ZX]", status, re.MULTILINE)


def injection(call: str, number: int, fault: str = "signal=SIGKILL") -> tuple[str, ...]:
    """The options of :func:`traced` for a fault at the so-manieth time that a call is made (``error=ENOSPC`` for a full disk)."""
    return ("-e", f"trace={call}", "-e", f"inject={call}:{fault}:when={number}")


def calls(log: str) -> Counter[str]:
    """How often each call was made, of one process with one thread or many: of each, by the thread that made it most."""
    counted: dict[str, Counter[str]] = {}
    for line in log.splitlines():
        found = re.match(r"(\d+) +(\w+)\(", line)
        if found and found[2] in CHANGING:
            counted.setdefault(found[1], Counter())[found[2]] += 1
    return Counter(
        {
            call: max(each[call] for each in counted.values())
            for call in CHANGING
            if any(each[call] for each in counted.values())
        }
    )


@contextmanager
def small_disk(size: str = "600k") -> Generator[Path]:
    """A disk that is soon full; OSError where none can be mounted."""
    folder = Path(tempfile.mkdtemp(prefix="qsafety-disk-"))
    try:
        run = subprocess.run(
            ["mount", "-t", "tmpfs", "-o", f"size={size}", "tmpfs", str(folder)], capture_output=True, encoding="utf-8"
        )
        if run.returncode:
            raise OSError(f"no tmpfs can be mounted here: {run.stderr.strip() or run.returncode}")
        try:
            yield folder
        finally:
            subprocess.run(["umount", "-l", str(folder)], capture_output=True)
    except FileNotFoundError as error:
        raise OSError("no tmpfs can be mounted here: no mount") from error
    finally:
        with suppress(OSError):
            folder.rmdir()


def read_only(disk: Path, yes: bool) -> bool:
    """Make a mounted disk read-only, or writable again; whether that could be done (files open for writing forbid it)."""
    run = subprocess.run(["mount", "-o", f"remount,{'ro' if yes else 'rw'}", str(disk)], capture_output=True)
    return run.returncode == 0


def connections() -> Iterator[socket.socket]:
    """Every connected socket of this process, as a second handle on it."""
    for name in os.listdir("/proc/self/fd") if os.path.isdir("/proc/self/fd") else ():
        with suppress(OSError):
            if stat.S_ISSOCK(os.fstat(int(name)).st_mode):
                found = socket.socket(fileno=os.dup(int(name)))
                with found, suppress(OSError):
                    if (
                        found.family in (socket.AF_INET, socket.AF_INET6, socket.AF_UNIX)
                        and found.getpeername() is not None
                    ):
                        yield found


def server_of(connection: socket.socket) -> int | None:
    """The process at the other end, where it is on this machine and may be looked at."""
    if connection.family == socket.AF_UNIX and hasattr(socket, "SO_PEERCRED"):
        pid = struct.unpack("3i", connection.getsockopt(socket.SOL_SOCKET, socket.SO_PEERCRED, 12))[0]
    elif connection.family in (socket.AF_INET, socket.AF_INET6):
        host, port = connection.getpeername()[:2]
        pid = _listener(port) if host.startswith(("127.", "::1", "::ffff:127.")) else 0
    else:
        return None
    return pid if pid not in (0, os.getpid()) and os.path.exists(f"/proc/{pid}") else None


def family(pid: int) -> list[int]:
    """A process and its children: another of a server's processes may write its log for the one that commits."""
    found = [pid]
    for name in filter(str.isdigit, os.listdir("/proc")):
        with suppress(OSError):
            if int(Path("/proc", name, "stat").read_text("utf-8", "replace").rpartition(")")[2].split()[1]) == pid:
                found.append(int(name))
    return found


def _listener(port: int) -> int:
    """The process of this machine that listens at a port, the oldest of them; 0 where it may not be seen."""
    sockets = set[str]()
    for table in ("tcp", "tcp6"):
        with suppress(OSError):
            for row in map(str.split, Path("/proc/net", table).read_text().splitlines()[1:]):
                if row[3] == "0A" and int(row[1].rpartition(":")[2], 16) == port:
                    sockets.add(f"socket:[{row[9]}]")
    for pid in sorted(int(name) for name in os.listdir("/proc") if name.isdigit()):
        with suppress(OSError):
            if any(os.readlink(each.path) in sockets for each in os.scandir(f"/proc/{pid}/fd")):
                return pid
    return 0


@mutable
class _File:
    written: int = 0
    unsynced: bool = False
    entry_unsynced: bool = False
    overwritten: bool = False


@frozen
class Commit:
    """What went to the disk between the beginning of a transaction and the return of its ``commit``."""

    data: tuple[str, ...]
    """The files into which at least all that is random in the transaction was written."""
    unsynced: tuple[str, ...]
    """Those of them of which some was not yet on the disk when ``commit`` returned."""
    unnamed: tuple[str, ...]
    """Those of them that were made or renamed, and whose folder was not put on the disk after."""
    in_place: tuple[str, ...]
    """Those whose old contents were written over while nothing else was on the disk yet."""
    synced: bool = field(default=False)
    """Whether anything at all was put on the disk."""


_NO_FILE = re.compile("/proc/|/dev/(?!shm/)")
_LINE = re.compile(r"(?P<pid>\d+) +(?P<rest>.*)")
_CALL = re.compile(r"(?P<name>\w+)\((?P<given>.*)\)\s+= (?P<result>-?\d+)")
_PATH = re.compile(r"\d+<(?P<path>[^>]*)>")
_QUOTED = re.compile(r'(?:AT_FDCWD<(?P<cwd>[^>]*)>, |\d+<(?P<at>[^>]*)>, )?"(?P<name>(?:[^"\\]|\\.)*)"')


def commits(log: str, tell: str, sizes: dict[str, int], least: int) -> list[Commit]:
    """The commits in a trace made with ``-y`` and :data:`WATCHED`; ``tell`` is the pipe through which they were told.

    ``sizes`` are the files that were there before, by path.
    """
    watch = _Watch(dict(sizes), least)
    begun: dict[str, str] = {}
    found: list[Commit] = []
    for line in log.splitlines():
        parts = _LINE.fullmatch(line)
        if parts is None:
            continue
        pid, rest = parts["pid"], parts["rest"]
        if rest.endswith("<unfinished ...>"):
            begun[pid] = rest.removesuffix("<unfinished ...>").rstrip()
            continue
        if resumed := re.match(r"<\.\.\. \w+ resumed>(.*)", rest):
            rest = begun.pop(pid, "") + resumed[1]
        call = _CALL.match(rest)
        if call is None or int(call["result"]) < 0:
            continue
        if call["name"] == "writev" and tell in call["given"]:
            number = _told(call["given"])
            if number < 0:
                watch.begin()
            elif number > 0:
                found.append(watch.commit())
            continue
        watch.see(call["name"], call["given"], int(call["result"]))
    return found


def _told(given: str) -> int:
    text = re.search(r'iov_base="([+-]\d{5})"', given)
    return int(text[1]) if text else 0


class _Watch:
    def __init__(self, sizes: dict[str, int], least: int) -> None:
        self.sizes, self.least = sizes, least
        self.durable: set[str] = set()
        self.offsets: dict[str, int] = {}
        self.begin()

    def begin(self) -> None:
        self.files: dict[str, _File] = {}
        self.synced = False
        self.before = dict(self.sizes)

    def commit(self) -> Commit:
        data = {path: file for path, file in self.files.items() if file.written >= self.least}
        return Commit(
            data=tuple(data),
            unsynced=tuple(path for path, file in data.items() if file.unsynced),
            unnamed=tuple(path for path, file in data.items() if file.entry_unsynced),
            in_place=tuple(path for path, file in data.items() if file.overwritten),
            synced=self.synced,
        )

    def see(self, name: str, given: str, result: int) -> None:
        paths = [found["path"] for found in _PATH.finditer(given)]
        path = paths[0] if paths else ""
        if name in ("sync", "syncfs"):
            self._sync(*self.files)
        elif name in ("open", "openat", "creat"):
            self._open(given, name == "creat")
        elif name in ("fsync", "fdatasync"):
            self._sync(path)
        elif name.startswith("unlink"):
            for each in _QUOTED.finditer(given):
                for known in (self.sizes, self.before, self.files):
                    known.pop(_whole(each), None)
        elif name == "msync":
            self.synced = True
        elif name.startswith(("rename", "link")):
            self._rename([_whole(each) for each in _QUOTED.finditer(given)], moved=name.startswith("rename"))
        elif name == "lseek":
            self.offsets[path] = result
        elif name == "ftruncate":
            size = int(given.rpartition(", ")[2])
            self._overwrites(path, size < self.before.get(path, 0))
            self.sizes[path] = size
        elif path.startswith("/") and not _NO_FILE.match(path):
            self._write(paths[-1] if name == "copy_file_range" else path, name, given, result)

    def _open(self, given: str, creates: bool) -> None:
        named = _QUOTED.search(given)
        if named is None:
            return
        path = _whole(named)
        if "O_SYNC" in given or "O_DSYNC" in given:
            self.durable.add(path)
        if "O_TRUNC" in given or creates:
            self._overwrites(path, self.before.get(path, 0) > 0)
            self.sizes[path] = 0
        if "O_CREAT" in given or creates:
            file = self.files.setdefault(path, _File())
            file.entry_unsynced = file.entry_unsynced or path not in self.before
        self.offsets[path] = self.sizes.get(path, 0) if "O_APPEND" in given else 0

    def _overwrites(self, path: str, does: bool) -> None:
        if does and not self.synced:
            self.files.setdefault(path, _File()).overwritten = True

    def _write(self, path: str, name: str, given: str, result: int) -> None:
        file = self.files.setdefault(path, _File())
        if name.startswith("pwrite"):
            number = re.search(r"\], \d+, (\d+)(?:, \w+)?$|, (\d+)$", given)
            offset = int(number[1] or number[2]) if number else 0
        else:
            offset = self.offsets.get(path, self.sizes.get(path, 0))
            self.offsets[path] = offset + result
        file.written += result
        file.unsynced = path not in self.durable
        self._overwrites(path, offset < min(self.before.get(path, 0), self.sizes.get(path, 0)))
        self.sizes[path] = max(self.sizes.get(path, 0), offset + result)
        self.synced = self.synced or path in self.durable

    def _sync(self, *paths: str) -> None:
        self.synced = True
        for path in paths:
            if path in self.files:
                self.files[path].unsynced = False
            for name, file in self.files.items():
                if os.path.dirname(name) == path:
                    file.entry_unsynced = False

    def _rename(self, names: list[str], *, moved: bool) -> None:
        if len(names) < 2:
            return
        old, new = names[:2]
        file = self.files.pop(old, None) if moved else self.files.get(old)
        if file is not None:
            self.files[new] = _File(file.written, file.unsynced, True, False)
        if old in self.sizes:
            self.sizes[new] = self.sizes.pop(old) if moved else self.sizes[old]


def _whole(found: "re.Match[str]") -> str:
    folder = found["cwd"] or found["at"] or os.getcwd()
    return os.path.normpath(os.path.join(folder, found["name"]))
