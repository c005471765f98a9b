"""Article 6: what directors and officers must be able to do. The cases stand in ``tests/scenarios/article-06.md``."""

import pytest

from tests.scenarios.standing import situation
from tests.scenarios.standing_tables import check, rows, uncovered

PAGE = "article-06.md"


@pytest.mark.parametrize("row", rows(PAGE), ids=lambda row: row["编号"])
def test_each_case_is_judged_as_the_table_says(row):
    check(row)


def test_each_duty_has_a_row_for_each_outcome_it_can_have():
    assert uncovered(PAGE, "A06") == []


def test_only_the_two_posts_that_exclude_each_other_are_shown():
    cell = "任职 P2b：人员 P2，角色 质量安全员；任职 P2c：人员 P2，角色 主要负责人，依据 法定代表委托人"
    (found,) = situation(cell).report["A06.2a"]
    assert sorted(reason.record or "" for reason in found.because) == ["P2", "P2b"]
