"""Every reason that a rule can give has its words: a missing template would only be seen when that case comes up."""

import ast
from collections.abc import Iterator
from pathlib import Path

import qsafety.rules
from qsafety import law

FOLDER = Path(qsafety.rules.__file__).parent
BY_FIELD = {"archive_", "_items"}
"""Beginnings and ends of reasons that a rule puts together from a status or a frequency."""


def reasons(tree: ast.AST) -> Iterator[str]:
    """The texts given as ``reason=``, or as the third argument of ``case.finding``."""
    for node in ast.walk(tree):
        if not isinstance(node, ast.Call):
            continue
        values = [k.value for k in node.keywords if k.arg == "reason"]
        if isinstance(node.func, ast.Attribute) and node.func.attr == "finding":
            values += node.args[2:3]
        for value in values:
            yield from (c.value for c in ast.walk(value) if isinstance(c, ast.Constant) and isinstance(c.value, str))


def test_every_reason_in_the_rules_has_a_template():
    known = {template.reason for template in law.templates()} | BY_FIELD
    used = {
        f"{path.name}: {reason}"
        for path in FOLDER.glob("a*.py")
        for reason in reasons(ast.parse(path.read_text("utf-8")))
        if path.name != "a16_harbour.py"  # its reasons are the words of Article 16.4, looked up as such
    }
    assert len(used) > 150
    assert sorted(u for u in used if u.partition(": ")[2] not in known) == []


def test_every_answer_of_the_safe_harbour_has_its_words():
    tree = ast.parse((FOLDER / "a16_harbour.py").read_text("utf-8"))
    pairs = [n for n in ast.walk(tree) if isinstance(n, ast.Tuple) and len(n.elts) == 2]
    answers = {"applies", "not_applicable", "needs_judgement", "unknown"}
    found = {
        e.elts[1].value
        for e in pairs
        if isinstance(e.elts[0], ast.Constant) and e.elts[0].value in answers and isinstance(e.elts[1], ast.Constant)
    }
    assert len(found) > 10
    assert found == {t.reason for t in law.templates() if t.obligation == "A16.4"}
