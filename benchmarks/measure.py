"""Two callables measured side by side: alternately, in one process, by the median. Only their ratio means anything.

What only computes is measured by the processor's time (``clock=process_time``), so that other programs do not matter; what
waits for a disk, by the time that passes (the default).

A benchmark is a script with ``rows()``, which yields a :class:`Row` for each comparison, and
``main(__doc__, rows, …)`` at its end, which also names the distributions that are compared.
"""

import gc
import platform
from collections.abc import Callable, Iterable, Iterator
from datetime import date
from importlib.metadata import version
from statistics import median
from time import perf_counter
from typing import Any

import attrs


@attrs.frozen
class Row:
    """One comparison: median seconds of each side, and how many times faster ours should be."""

    what: str
    ours: float
    peer: float
    goal: float

    @property
    def ratio(self) -> float:
        """How many times faster ours is."""
        return self.peer / self.ours

    def __str__(self) -> str:
        sides = f"{_seconds(self.ours)} / {_seconds(self.peer)}"
        missed = "" if self.ratio >= self.goal else "  MISSED"
        return f"{self.what}: {sides} = {self.ratio:.1f}× (goal {self.goal:g}×){missed}"


def _seconds(seconds: float) -> str:
    for unit, size in (("s", 1.0), ("ms", 1e-3)):
        if seconds >= size:
            return f"{seconds / size:.3g} {unit}"
    return f"{seconds / 1e-6:.3g} µs"


def interleaved(
    ours: Callable[[], Any],
    peer: Callable[[], Any],
    *,
    seconds: float = 3.0,
    clock: Callable[[], float] = perf_counter,
) -> tuple[float, float]:
    """The median time of each, called in turn for about as long as is said, at least seven times each."""
    times: tuple[list[float], list[float]] = ([], [])
    until = perf_counter() + seconds
    gc.collect()
    while len(times[1]) < 7 or perf_counter() < until:
        for side, call in zip(times, (ours, peer), strict=True):
            start = clock()
            result = call()
            side.append(clock() - start)
            del result  # what is thrown away is not measured
    return median(times[0]), median(times[1])


def compare(
    what: str,
    ours: Callable[[], Any],
    peer: Callable[[], Any],
    *,
    goal: float,
    view: Callable[[Any], Any] = lambda result: result,
    seconds: float = 3.0,
    clock: Callable[[], float] = perf_counter,
) -> Row:
    """A row, once both sides have given equal results; ``view`` brings results of different form to one."""
    if view(ours()) != view(peer()):
        raise AssertionError(f"{what}: the two sides do not give equal results")
    return Row(what, *interleaved(ours, peer, seconds=seconds, clock=clock), goal)


def environment(*distributions: str) -> str:
    """The machine, the versions and the date, for the head of a report."""
    libraries = ", ".join(f"{name} {version(name)}" for name in ("qsafety", *distributions))
    return (
        f"{platform.machine()} {platform.system()}, {_processor()}, "
        f"Python {platform.python_version()}, {libraries}, {date.today()}"
    )


def _processor() -> str:
    try:
        with open("/proc/cpuinfo", encoding="utf-8") as file:
            models = [line.partition(":")[2].strip() for line in file if line.startswith("model name")]
    except OSError:
        models = []
    return f"{len(models)} × {models[0]}" if models else platform.processor() or "processor not known"


def table(rows: Iterable[Row]) -> Iterator[str]:
    """The rows as lines of a Markdown table."""
    yield "| what | ours | peer | ratio | goal |"
    yield "|---|---|---|---|---|"
    for row in rows:
        ratio = f"{row.ratio:.1f}×" if row.ratio >= row.goal else f"**{row.ratio:.1f}×**"
        yield f"| {row.what} | {_seconds(row.ours)} | {_seconds(row.peer)} | {ratio} | {row.goal:g}× |"


def main(title: str | None, rows: Callable[[], Iterator[Row]], *distributions: str) -> int:
    """Print the title, the environment, and each row as soon as it is there; 1 where a goal was missed."""
    print((title or "").strip().partition("\n")[0])
    print(environment(*distributions))
    missed = False
    for row in rows():
        print(row, flush=True)
        missed |= row.ratio < row.goal
    return int(missed)
