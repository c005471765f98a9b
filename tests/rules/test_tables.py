"""The scenario tables themselves: complete, and free of rows and words that nothing needs."""

from collections import Counter

import pytest

from qsafety.law.vocabulary import Outcome
from tests.rules.changes import CHANGES, USED, apply
from tests.rules.shop import base
from tests.rules.tables import possible, rows, verdicts

ARTICLES = ["article-02.md", "article-05.md", "article-10.md", "article-11.md", "article-12.md"]
LEDGERS = ["ebike-shop.md", "hardware-wholesaler.md"]


def every_row():
    return [row for name in [*ARTICLES, "cadence.md"] for row in rows(name)]


def test_there_are_at_least_150_rows():
    assert len(every_row()) >= 150


def test_no_row_stands_twice():
    assert [id_ for id_, n in Counter(row.id for row in every_row()).items() if n > 1] == []
    said = Counter((row.duty, row.cells["情形"], row.cells["对象"], row.cells.get("时段")) for row in every_row())
    assert [case for case, n in said.items() if n > 1] == []


@pytest.mark.parametrize("name", ARTICLES)
def test_each_duty_has_a_row_for_each_outcome_it_can_have(name):
    shown: dict[str, set[Outcome]] = {}
    for table in ARTICLES:
        for row in rows(table, "认定"):
            if row.duty != "总监":
                shown.setdefault(row.duty, set()).update(v.outcome for v in verdicts(row.cells["认定"]))
    assert {duty: shown[duty] for duty in possible(name)} == possible(name)


def test_every_row_says_why():
    assert [row.id for row in every_row() if not row.cells["理由与依据"]] == []


def test_every_word_that_is_defined_is_used():
    for row in every_row():
        apply(base(), row.cells["情形"])
    assert [pattern.pattern for pattern, _ in CHANGES if pattern.pattern not in USED] == []
