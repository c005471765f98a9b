"""Article 5: officers, and who must have a quality safety director. The cases stand in ``tests/scenarios/article-05.md``."""

import pytest

from tests.rules.shop import base
from tests.rules.tables import Row, check, rows


@pytest.mark.parametrize("row", rows("article-05.md", "认定"), ids=lambda row: row.id)
def test_the_table_of_article_05_holds(row: Row) -> None:
    check(row, base())
