"""Article 17: what the Administrative Penalty Law says besides. The stages stand in ``tests/scenarios/exposure.md``."""

import pytest

from tests.scenarios.standing import situation

CORRECTED = "责令改正 O1：事由 制度，期限 2024-02-04，改正日期 2024-02-01"


@pytest.mark.parametrize(
    ("cell", "cited"),
    [
        ("基本情形", []),
        (CORRECTED, []),
        ("没有制度 岗位职责", ["28", "32", "33", "36", "37", "51"]),
        ("未提供重大决策", ["28", "32", "33", "36", "37", "51"]),
    ],
)
def test_the_law_of_penalties_is_cited_where_something_is_at_stake(cell: str, cited: list[str]) -> None:
    context = situation(cell).report.exposure.context
    assert [one.article for one in context] == cited
    assert {one.statute for one in context} == ({"行政处罚法"} if cited else set())
