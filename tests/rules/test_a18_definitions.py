"""Article 18: directors are of the management, officers control processes. The cases stand in ``tests/scenarios/article-18.md``."""

import pytest

from tests.scenarios.standing import situation
from tests.scenarios.standing_tables import check, rows, situations, uncovered, worst

PAGE = "article-18.md"


@pytest.mark.parametrize("row", rows(PAGE), ids=lambda row: row["编号"])
def test_each_case_is_judged_as_the_table_says(row):
    check(row)


def test_each_duty_has_a_row_for_each_outcome_it_can_have():
    assert uncovered(PAGE, "A18") == []


def test_where_it_is_not_known_whether_goods_are_in_scope_nothing_is_violated():
    for cell in situations("不符合"):
        if "产品" not in cell and "人工判断" not in cell:
            found = worst(situation(f"{cell}；产品 C1：监管类别 不明").report)
            assert [id_ for id_, outcome in found.items() if outcome == "violated"] == [], cell


def test_goods_that_are_no_industrial_products_bring_no_duty():
    for cell in situations("不符合"):
        if "产品" not in cell and "未提供日检查" not in cell:  # what is not known of the days is said at Article 10
            found = worst(situation(f"{cell}；产品 C1：排除情形 非工业加工").report)
            assert set(found.values()) == {"not_applicable"}, cell
