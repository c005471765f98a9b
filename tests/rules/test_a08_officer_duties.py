"""Article 8: the duties of the quality safety officer. The cases stand in ``tests/scenarios/article-08.md``."""

import pytest

from tests.scenarios.standing_tables import check, rows, uncovered

PAGE = "article-08.md"


@pytest.mark.parametrize("row", rows(PAGE), ids=lambda row: row["编号"])
def test_each_case_is_judged_as_the_table_says(row):
    check(row)


def test_each_duty_has_a_row_for_each_outcome_it_can_have():
    assert uncovered(PAGE, "A08") == []
