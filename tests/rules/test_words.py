"""What the report says, word for word, stands in ``tests/scenarios/words.md``, which a reader can read."""

from itertools import groupby

import pytest

from tests.rules.words import Said, kept, say

BY_DUTY = {duty: list(rows) for duty, rows in groupby(sorted(kept(), key=lambda s: s.duty), key=lambda s: s.duty)}


@pytest.mark.parametrize("duty", BY_DUTY)
def test_the_report_says_what_the_page_says(duty: str) -> None:
    def said(rows: list[Said]) -> list[str]:
        return [row.block for row in rows]

    now = [say(row.row, row.duty, row.cell) for row in BY_DUTY[duty]]
    assert said(now) == said(BY_DUTY[duty]), "read the change; where it is right: python tools/build_words.py"
