"""Article 2: to whom the regulation applies, and what becomes of the other duties where it does not.

The cases stand in ``tests/scenarios/article-02.md``.
"""

import pytest

from tests.rules.shop import base
from tests.rules.tables import Row, check, rows


@pytest.mark.parametrize("row", rows("article-02.md", "认定"), ids=lambda row: row.id)
def test_the_table_of_article_02_holds(row: Row) -> None:
    check(row, base())
