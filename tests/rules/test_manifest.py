"""Article 13: the manifest, slot by slot. The cases stand in ``tests/scenarios/manifest.md``."""

import re

import pytest

import qsafety as qs
from tests.scenarios.standing import situation
from tests.scenarios.standing_tables import KEPT, counted, rows

ROWS = rows("manifest.md")


def asked(cell: str) -> qs.Manifest:
    made = situation(cell)
    return qs.manifest(made.dossier, since=made.ask["since"], until=made.until, on=made.ask["on"])


@pytest.mark.parametrize("row", ROWS, ids=lambda row: row["编号"])
def test_each_case_is_listed_as_the_table_says(row):
    assert asked(row["情形"]).counts.get(row["项"], {}) == counted(row["数目"])


def test_every_slot_and_every_status_has_a_case():
    assert {row["项"] for row in ROWS} == {f"S{n}" for n in range(1, 13)}
    assert {word for row in ROWS for word in re.findall(r"(\S+) \d+", row["数目"].replace("、", " "))} == set(KEPT)


def test_an_entry_names_its_provision_period_outlet_record_and_digest():
    days = [e for e in asked("没有日检查 2024-01-30").entries if e.slot == "S7"]
    assert {e.provision for e in days} == {"13"}
    assert {e.outlet for e in days} == {"M1"}
    assert [e.period for e in days] == sorted(
        {*(f"2024-01-{n}" for n in range(22, 32)), *(f"2024-02-0{n}" for n in range(1, 5))}
    )
    (missing,) = (e for e in days if e.status == "missing")
    assert (missing.period, missing.record, missing.digest) == ("2024-01-30", None, None)
    kept = [e for e in days if e.status == "present"]
    assert all(e.record == e.period and re.fullmatch("[0-9a-f]{64}", e.digest or "") for e in kept)


def test_equal_records_have_equal_digests_and_a_changed_record_another():
    def digest(cell: str) -> str | None:
        (entry,) = (e for e in asked(cell).entries if e.period == "2024-01-30")
        return entry.digest

    assert digest("基本情形") == digest("没有周排查")
    assert digest("基本情形") != digest("日检查 2024-01-30：录入时间 2024-01-30 18:01")


def test_plain_data_has_the_entries_and_the_counts():
    plain = asked("基本情形").to_dict()
    assert set(plain) == {"entries", "counts"}
    assert plain["counts"]["S7"] == {"present": 14}
    assert {"slot", "provision", "period", "outlet", "status", "record", "version", "digest"} <= set(
        plain["entries"][0]
    )
