"""Article 7: the duties of the quality safety director. The cases stand in ``tests/scenarios/article-07.md``."""

import pytest

from tests.scenarios.standing import situation
from tests.scenarios.standing_tables import check, rows, uncovered

PAGE = "article-07.md"


@pytest.mark.parametrize("row", rows(PAGE), ids=lambda row: row["编号"])
def test_each_case_is_judged_as_the_table_says(row):
    check(row)


def test_each_duty_has_a_row_for_each_outcome_it_can_have():
    assert uncovered(PAGE, "A07") == []


def test_only_the_appointments_that_name_somebody_are_shown():
    (found,) = situation("任职 P2b：人员 P2，角色 质量安全总监").report["A07.0"]
    assert [reason.record for reason in found.because] == ["P2"]
