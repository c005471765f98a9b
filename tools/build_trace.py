"""Write ``law/data/trace.json``: obligation → provision → rule → the scenarios that test it.

The rules stand above the law, and the scenarios outside the wheel; so the matrix is made here and shipped as data. A test makes it
again and compares.
"""

import json
import re
from pathlib import Path

from qsafety import law
from qsafety.rules import ANSWERS, RULES

ROOT = Path(__file__).parents[1]
TARGET = ROOT / "src" / "qsafety" / "law" / "data" / "trace.json"
_ROW = re.compile(r"^\| *(A\d\d[\w.]*)-(\d+)", re.MULTILINE)


def scenarios() -> dict[str, list[str]]:
    """The scenario rows of each obligation, by file: ``article-10.md (24)``."""
    found: dict[str, dict[str, int]] = {}
    for path in sorted((ROOT / "tests" / "scenarios").glob("*.md")):
        for obligation, _ in _ROW.findall(path.read_text("utf-8")):
            files = found.setdefault(obligation, {})
            files[path.name] = files.get(path.name, 0) + 1
    return {obligation: [f"{name} ({n})" for name, n in files.items()] for obligation, files in found.items()}


def matrix() -> list[dict[str, object]]:
    """A row for each obligation."""
    rules = {**RULES, **ANSWERS}
    gaps = {gap.obligation: gap for gap in law.gaps() if gap.obligation}
    tested = scenarios()
    return [
        {
            "obligation": duty.id,
            "provision": duty.provision,
            "rule": f"{rules[duty.id].__module__}.{rules[duty.id].__name__}" if duty.id in rules else None,
            "tests": tested.get(duty.id, []),
            "gap": str(gaps[duty.id].kind) if duty.id in gaps else None,
        }
        for duty in law.obligations()
    ]


def text() -> str:
    """The file's text: a line an obligation."""
    rows = ",\n".join(json.dumps(row, ensure_ascii=False) for row in matrix())
    return f"[\n{rows}\n]\n"


if __name__ == "__main__":
    TARGET.write_text(text(), "utf-8")
