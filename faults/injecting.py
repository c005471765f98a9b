"""Faults at every system call: a process is killed there, or told that the disk is full or broken."""

import ctypes
import os
import struct
import subprocess
import sys
from collections.abc import Callable, Iterator
from pathlib import Path

from shop_work import Tally, work

WRITING = ("write", "pwrite64", "fsync", "fdatasync", "rename", "link", "unlink", "ftruncate", "openat", "chmod")
READING = ("read", "pread64", "lseek", "newfstatat", "fcntl", "flock", "close")
KILL, FULL, BROKEN = "signal=SIGKILL", "error=ENOSPC", "error=EIO"
TRANSACTIONS = 6
PR_SET_PTRACER, ANYBODY = 0x59616D61, -1
CRASHED = 70


def trials(scheme: str, folder: Path, *, short: bool = False) -> Iterator[tuple[str, Tally]]:
    """For each kind of fault what was found, over all calls of a store's life, from its making to its closing.

    With ``short`` every thirteenth of the calls that write.
    """
    _warm(scheme, folder)
    every, reading = (13, ()) if short else (1, READING)
    for fault, calls in ((KILL, WRITING + reading), (FULL, WRITING), (BROKEN, WRITING + reading)):
        tally = Tally()
        for call in calls:
            number = every // 2 + 1
            while _trial(scheme, folder / f"{fault[-6:]}-{call}-{number}", tally, f"{call}:{fault}:when={number}"):
                number += every
        yield fault.partition("=")[2], tally


def _url(scheme: str, folder: Path) -> str:
    return f"{scheme}:///{folder}/shop"


def _warm(scheme: str, folder: Path) -> None:
    """Import everything before the first fork, so that only the store's own calls are met."""
    place = folder / "warm"
    place.mkdir()
    work(_url(scheme, place), lambda number: None, 2)
    Tally().look(_url(scheme, place), ())


def _trial(scheme: str, place: Path, tally: Tally, fault: str) -> bool:
    """One life of a store with one fault; False where the call does not come that often."""
    place.mkdir(parents=True)
    url = _url(scheme, place)
    acknowledged, hit, status = life(lambda tell: work(url, tell, TRANSACTIONS), place, fault)
    if status == CRASHED:
        print(f"    {fault}: an error that is none of ours", flush=True)
        tally.unsound += 1
    if hit:
        tally.look(url, acknowledged)
    for file in place.iterdir():
        file.unlink()
    place.rmdir()
    return hit


def life(lived: Callable[[Callable[[int], None]], object], place: Path, fault: str) -> tuple[list[int], bool, int]:
    """What a process acknowledged that met one fault, whether it met it, and how it ended."""
    told, tell = os.pipe()
    begin, let = os.pipe()
    child = os.fork()
    if child == 0:
        _live(lived, begin, tell)
    os.close(tell)
    os.close(begin)
    log = place.parent / "strace.log"
    call = fault.partition(":")[0]
    tracer = subprocess.Popen(
        ["strace", "-f", "-p", str(child), "-o", str(log), "-e", f"trace={call}", "-e", f"inject={fault}"],
        stderr=subprocess.PIPE,
        encoding="utf-8",
    )
    assert tracer.stderr
    line = tracer.stderr.readline()
    if "attached" not in line:
        os.kill(child, 9)
        os.waitpid(child, 0)
        raise RuntimeError(f"strace cannot be used here: {line}")
    os.write(let, b"!")
    numbers = b""
    while part := os.read(told, 4096):
        numbers += part
    _, status = os.waitpid(child, 0)
    tracer.communicate()
    os.close(told)
    os.close(let)
    said = log.read_text("utf-8", "replace")
    acknowledged = [number for (number,) in struct.iter_unpack("i", numbers)]
    return acknowledged, "INJECTED" in said or "killed by SIGKILL" in said, os.waitstatus_to_exitcode(status)


def _live(lived: Callable[[Callable[[int], None]], object], begin: int, tell: int) -> None:
    """The process that meets the fault; what it acknowledges goes through a call that is never injected."""
    status = 0

    def acknowledge(number: int) -> None:
        os.writev(tell, [struct.pack("i", number)])

    try:
        ctypes.CDLL(None).prctl(PR_SET_PTRACER, ANYBODY, 0, 0, 0)
        os.readv(begin, [bytearray(1)])
        lived(acknowledge)
    except BaseException as error:
        os.writev(2, [f"    {type(error).__name__}: {error}\n".encode()])
        status = CRASHED
    finally:
        sys.stderr.flush()
        os._exit(status)
