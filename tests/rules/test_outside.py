"""What examiners and enforcement cases ask of this family of regulations. The cases stand in ``tests/scenarios/outside.md``."""

from decimal import Decimal

import pytest

import qsafety as qs
from tests.rules.shop import base
from tests.rules.tables import Row, check
from tests.scenarios.standing import situation
from tests.scenarios.standing_tables import HARBOUR, STAGES, rows

ROWS = rows("outside.md")


def of(section: str) -> list[object]:
    return [pytest.param(row, id=row["编号"]) for row in ROWS if row["小节"] == section]


@pytest.mark.parametrize("row", of("罚则"))
def test_a_fine_takes_an_order_and_its_refusal(row):
    found = situation(row["情形"]).report.exposure
    fine = None if row["罚款"] == "无" else tuple(Decimal(part) for part in row["罚款"].split(" 至 "))
    assert (found.stage, found.range) == (STAGES[row["阶段"]], fine)


@pytest.mark.parametrize("row", [*of("总监"), *of("歇业")])
def test_size_and_closures_are_what_the_text_makes_of_them(row):
    check(Row("outside.md", row), base())


@pytest.mark.parametrize("row", of("尽责"))
def test_who_was_not_heard_is_protected(row):
    made = situation(row["情形"])
    found = qs.safe_harbour(made.dossier, person=row["人员"], matter=row["事项"], on=made.ask["on"])
    assert found.outcome == HARBOUR[row["结论"]]


def test_every_row_asks_something_says_why_and_stands_once():
    assert len(ROWS) >= 50
    assert [row["编号"] for row in ROWS if not (row["问"] and row["理由与依据"])] == []
    said = [(row["小节"], row["情形"], row.get("义务")) for row in ROWS]
    assert len(set(said)) == len(said)
