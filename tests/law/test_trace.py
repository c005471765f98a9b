"""The matrix obligation → provision → rule → tests has no hole, and is the one that the tree gives."""

import runpy
from pathlib import Path

from qsafety import law

ROOT = Path(__file__).parents[2]


def test_the_shipped_matrix_is_the_one_the_tree_gives():
    built = runpy.run_path(str(ROOT / "tools" / "build_trace.py"))
    shipped = (ROOT / "src" / "qsafety" / "law" / "data" / "trace.json").read_text("utf-8")
    assert shipped == built["text"](), "run: python tools/build_trace.py"


def test_every_obligation_has_a_rule_or_a_gap():
    for row in law.trace():
        assert (row.rule is None) != (row.gap is None), row


def test_every_rule_is_tested_by_scenarios_that_a_lawyer_can_read():
    untested = [row.obligation for row in law.trace() if row.rule and not row.tests]
    assert untested == []
