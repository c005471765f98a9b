"""Article 15: training, examination, spot-checks. The cases stand in ``tests/scenarios/article-15.md``."""

import pytest

from tests.scenarios.standing import situation
from tests.scenarios.standing_tables import check, rows, uncovered

PAGE = "article-15.md"


@pytest.mark.parametrize("row", rows(PAGE), ids=lambda row: row["编号"])
def test_each_case_is_judged_as_the_table_says(row):
    check(row)


def test_each_duty_has_a_row_for_each_outcome_it_can_have():
    assert uncovered(PAGE, "A15") == []


def test_of_several_exams_the_last_is_shown():
    (found,) = (
        f for f in situation("考核 X：人员 P3，角色 质量安全员，日期 2024-01-25").report["A15.1b"] if f.subject == "P3"
    )
    assert [reason.record for reason in found.because] == ["X"]
