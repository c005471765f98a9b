"""What has no peer but a limit: a time that should not be passed on an ordinary machine.

Work inside the process is measured in its own processor time, which other programs on the machine disturb less.
"""

from collections.abc import Callable
from statistics import median
from time import perf_counter, process_time
from typing import Any

import attrs


@attrs.frozen
class Limit:
    """A median, in seconds, and what it should not pass."""

    what: str
    seconds: float
    limit: float

    @property
    def kept(self) -> bool:
        """Whether it stays within."""
        return self.seconds <= self.limit

    @property
    def measured(self) -> str:
        """The time, to two figures."""
        return f"{float(f'{self.seconds * 1e3:.2g}'):g} ms"

    def __str__(self) -> str:
        missed = "" if self.kept else "  MISSED"
        return f"{self.what}: {self.measured} (goal at most {self.limit * 1e3:g} ms){missed}"


def timed(call: Callable[[], Any], *, seconds: float = 2.0) -> float:
    """The median processor time of a call, made for about as long as is said, at least five times."""
    times: list[float] = []
    until = perf_counter() + seconds
    while len(times) < 5 or perf_counter() < until:
        start = process_time()
        result = call()
        times.append(process_time() - start)
        del result  # what is thrown away is not measured
    return median(times)
