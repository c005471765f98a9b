"""Article 11: weekly screening. The cases stand in ``tests/scenarios/article-11.md``."""

import pytest

from tests.rules.shop import base
from tests.rules.tables import Row, check, rows


@pytest.mark.parametrize("row", rows("article-11.md", "认定"), ids=lambda row: row.id)
def test_the_table_of_article_11_holds(row: Row) -> None:
    check(row, base())
