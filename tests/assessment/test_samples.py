"""The two sample ledgers, read by hand: ``tests/scenarios/ebike-shop.md`` and ``hardware-wholesaler.md`` against the report."""

from importlib.resources import as_file, files

import pytest

import qsafety as qs
from qsafety.law.vocabulary import Cadence, SlotStatus
from tests.rules.shop import Case, days
from tests.rules.tables import FOLDER, Row, assess, check, on_and_since, rows, subject

OUTLETS: dict[str, list[str | None]] = {"ebike-shop": ["M1", "M2"], "hardware-wholesaler": [None]}
WEEKS = {
    "ebike-shop": ["2023-W52", *(f"2024-W0{n}" for n in range(1, 7))],
    "hardware-wholesaler": ["2024-W09", *(f"2024-W{n}" for n in range(10, 16))],
}
MONTHS = {"ebike-shop": ["2023-12", "2024-01", "2024-02"], "hardware-wholesaler": ["2024-03", "2024-04"]}


@pytest.fixture(scope="session")
def ledgers() -> dict[str, qs.Dossier]:
    found = {}
    for name in OUTLETS:
        with as_file(files("qsafety") / "testing" / "data" / f"{name}.xlsx") as path:
            found[name] = qs.read_ledger(path)
    return found


def case(ledgers: dict[str, qs.Dossier], name: str) -> Case:
    on, since = on_and_since((FOLDER / f"{name}.md").read_text("utf-8"))
    return Case(ledgers[name], on, since)


def table(*columns: str, without: str = ""):
    """The rows of both files that have these columns, each named by its shop."""
    found = [(shop, row) for shop in OUTLETS for row in rows(f"{shop}.md", *columns) if without not in row.cells]
    return [pytest.param(shop, row, id=f"{shop}-{row.duty}-{row.id}") for shop, row in found]


@pytest.mark.parametrize("shop", OUTLETS)
def test_every_slot_that_is_not_done_is_in_the_table(ledgers, shop):
    asked = case(ledgers, shop)
    expected: dict[tuple[Cadence, str | None, str], str] = {}
    for outlet in OUTLETS[shop]:
        expected |= {(Cadence.DAILY_CONTROL, outlet, str(d)): "按期履行" for d in days(asked.since, asked.on)}
    expected |= {(Cadence.WEEKLY_SCREENING, None, week): "按期履行" for week in WEEKS[shop]}
    expected |= {(Cadence.MONTHLY_COORDINATION, None, month): "按期履行" for month in MONTHS[shop]}
    for row in rows(f"{shop}.md", "状态"):
        outlet = None if row.cells["对象"] == "单位" else row.cells["对象"]
        assert (Cadence(row.duty), outlet, row.cells["时段"]) in expected
        expected[Cadence(row.duty), outlet, row.cells["时段"]] = row.cells["状态"]
    plain = [slot.to_dict() for slot in assess(asked).slots]
    got = {(Cadence(s["cadence"]), s["outlet"], s["period"]): SlotStatus(s["status"]).zh for s in plain}
    assert got == expected
    assert len(plain) == len(got)


@pytest.mark.parametrize(("shop", "row"), table("义务", "认定", without="情形"))
def test_each_duty_is_judged_as_the_table_says(ledgers, shop: str, row: Row):
    check(row, case(ledgers, shop))


@pytest.mark.parametrize("shop", OUTLETS)
def test_nobody_is_judged_who_is_not_in_the_table(ledgers, shop):
    asked = case(ledgers, shop)
    judged = {(r.duty, subject(r.cells["对象"], asked)) for r in rows(f"{shop}.md", "义务") if "情形" not in r.cells}
    report = assess(asked)
    assert {(f.obligation.id, f.subject) for duty in {d for d, _ in judged} for f in report[duty]} == judged


@pytest.mark.parametrize(
    ("shop", "by", "in_post"), [("ebike-shop", "5.1.1 5.1.2 5.1.3", ["P2"]), ("hardware-wholesaler", "5.1.1 5.1.3", [])]
)
def test_who_must_have_a_director_and_who_is_in_post(ledgers, shop, by, in_post):
    found = assess(case(ledgers, shop)).director.to_dict()
    assert found == {"required": True, "by": by.split(), "in_post": in_post, "missing": []}


@pytest.mark.parametrize(("shop", "row"), table("情形", "认定"))
def test_another_reading_or_day_changes_what_the_table_says(ledgers, shop: str, row: Row):
    check(row, case(ledgers, shop))
