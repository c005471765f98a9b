"""From each obligation to its provision, the rule that computes it, and the scenarios that test the rule."""

import json
from functools import cache
from typing import Any

import attrs

from qsafety.law.data import FOLDER


@attrs.frozen(kw_only=True)
class TraceRow:
    """One obligation: its provision, the function that computes it, the scenario tables that test it, or why it is a gap."""

    obligation: str
    provision: str
    rule: str | None
    tests: tuple[str, ...]
    gap: str | None

    def to_dict(self) -> dict[str, Any]:
        """Plain data: obligation, provision, rule, tests, gap."""
        return attrs.asdict(self) | {"tests": list(self.tests)}


@cache
def trace() -> tuple[TraceRow, ...]:
    """The matrix, in the order of the obligations; a computed one has a rule, any other a gap.

    >>> next(row.rule for row in trace() if row.obligation == "A10.2")
    'qsafety.rules.a10_daily.checked_every_day'
    """
    rows = json.loads((FOLDER / "trace.json").read_text("utf-8"))
    return tuple(TraceRow(**(row | {"tests": tuple(row["tests"])})) for row in rows)
