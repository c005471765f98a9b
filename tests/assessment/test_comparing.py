"""Which verdicts change under which reading."""

from datetime import date
from pathlib import Path

import qsafety as qs
from qsafety.assessment.comparing import compare_readings


def changed(sample_folder: Path) -> dict[str, set[tuple[str, str]]]:
    shop = qs.read_ledger(sample_folder / "ebike-shop.xlsx")
    report = qs.assess(shop, on=date(2024, 2, 5), since=date(2023, 12, 25))
    return {f"{c.reading}={c.option}": {(d.obligation, d.subject) for d in c.changes} for c in compare_readings(report)}


def test_a_reading_that_bears_on_the_facts_names_the_verdicts_it_would_change(sample_folder):
    found = changed(sample_folder)
    assert found["size_class=both"] == {("A05.1.3", "seller")}
    assert ("A10.3", "outlet:M1") in found["late_record=violated"]
    assert ("A12.5", "seller") in found["late_record=violated"]


def test_a_reading_that_bears_on_nothing_is_listed_without_changes(sample_folder):
    found = changed(sample_folder)
    assert found["principal_director=forbid"] == set()
    assert "size_class=either" not in found, "the option in use is not tried"
