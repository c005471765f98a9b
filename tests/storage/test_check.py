"""What a check finds in a file that was changed behind the store's back."""

import sqlite3
from collections.abc import Callable
from pathlib import Path

import pytest

from qsafety.dossier import Dossier, Person
from qsafety.storage import Store, StoreCheck, open_store

Spoil = Callable[[str], StoreCheck]


@pytest.fixture
def spoil(tmp_path: Path, shop: Dossier) -> Spoil:
    """Save the shop, correct one record, run a statement on the file, and check it."""

    def run(statement: str) -> StoreCheck:
        url = f"sqlite:///{tmp_path}/shop.db"
        with open_store(url) as store:
            store.save(shop)
            store.put("hz01", (shop.hazards or ())[0])
        file = sqlite3.connect(tmp_path / "shop.db")
        changed = file.execute(statement).rowcount
        file.commit()
        file.close()
        assert changed == 1
        with open_store(url) as store:
            return store.check()

    return run


def test_a_sound_store_has_no_problem(store: Store, shop: Dossier) -> None:
    store.save(shop)
    found = store.check()
    assert (found.ok, found.problems, found.notes) == (True, (), ())
    assert (found.sellers, found.records) == (1, len(list(shop.facts())) + 1)
    assert found.to_dict()["ok"] is True


def test_an_empty_store_is_sound(store: Store) -> None:
    assert store.check().ok


@pytest.mark.parametrize(
    ("statement", "code", "where"),
    [
        (
            "UPDATE qsafety_records SET body = replace(body, '插座', '插头') WHERE key = 'H1'",
            "digest",
            "hz01/hazard/H1 v2",
        ),
        (
            "UPDATE qsafety_versions SET body = replace(body, '插座', '插头') WHERE key = 'H1'",
            "digest",
            "hz01/hazard/H1 v1",
        ),
        ("UPDATE qsafety_records SET body = x'' WHERE key = 'H1'", "body", "hz01/hazard/H1 v2"),
        ("UPDATE qsafety_records SET body = x'' WHERE key = 'P2'", "body", "hz01/person/P2 v1"),
        ("UPDATE qsafety_records SET day = '2024-01-01' WHERE key = 'H2'", "day", "hz01/hazard/H2 v1"),
        ("UPDATE qsafety_records SET day = NULL WHERE key = 'H2'", "day", "hz01/hazard/H2 v1"),
        ("UPDATE qsafety_records SET key = 'H3' WHERE key = 'H2'", "body", "hz01/hazard/H3 v1"),
        ("UPDATE qsafety_records SET kind = 'defect' WHERE key = 'H2'", "body", "hz01/defect/H2 v1"),
        ("UPDATE qsafety_records SET kind = 'riddle' WHERE key = 'H2'", "body", "hz01/riddle/H2 v1"),
        ("UPDATE qsafety_records SET at = '2020-01-01' WHERE key = 'H2'", "journal", "hz01/hazard/H2 v1"),
        ("DELETE FROM qsafety_records WHERE key = 'H2'", "journal", "hz01#"),
        ("DELETE FROM qsafety_versions WHERE key = 'H1'", "history", "hz01/hazard/H1 v2"),
        ("UPDATE qsafety_records SET version = 'two' WHERE key = 'H1'", "unreadable", "hz01"),
        ("UPDATE qsafety_records SET version = 3 WHERE key = 'H1'", "history", "hz01/hazard/H1 v3"),
        ("DELETE FROM qsafety_events WHERE seq = 7", "chain", "hz01#8"),
        ("UPDATE qsafety_events SET at = '2020-01-01' WHERE seq = 7", "chain", "hz01#7"),
        ("UPDATE qsafety_events SET link = prev WHERE seq = 7", "chain", "hz01#7"),
        (
            'UPDATE qsafety_events SET body = replace(body, \'"by":""\', \'"by":"P9"\') WHERE seq = 7',
            "chain",
            "hz01#7",
        ),
        ("UPDATE qsafety_events SET body = x'00' WHERE seq = 7", "store_corrupt", "hz01"),
        ("DELETE FROM qsafety_events WHERE seq = (SELECT max(seq) FROM qsafety_events)", "chain", "hz01"),
        ("UPDATE qsafety_heads SET seq = 3", "chain", "hz01"),
        (
            "INSERT INTO qsafety_records SELECT seller, kind, 'H9', 1, day, schema, body, digest, at "
            "FROM qsafety_records WHERE key = 'H2'",
            "journal",
            "hz01/hazard/H9 v1",
        ),
    ],
)
def test_damage_is_found_and_placed(spoil: Spoil, statement: str, code: str, where: str) -> None:
    found = spoil(statement)
    assert not found.ok
    assert any(problem.code == code and problem.where.startswith(where) for problem in found.problems), found.problems


def test_a_record_that_was_hidden_by_its_collection_is_damage(spoil: Spoil) -> None:
    found = spoil("UPDATE qsafety_records SET body = CAST('{}' AS BLOB) WHERE kind = 'dossier'")
    assert [problem.code for problem in found.problems] == ["digest"]


def test_a_damaged_page_is_reported_not_raised(tmp_path: Path, shop: Dossier) -> None:
    with open_store(f"sqlite:///{tmp_path}/shop.db") as store:
        store.save(shop)
    with (tmp_path / "shop.db").open("r+b") as file:
        size = file.seek(0, 2)
        for page in range(2, size // 16384):
            file.seek(page * 16384 + 100)
            file.write(b"\xff" * 2000)
    with open_store(f"sqlite:///{tmp_path}/shop.db") as store:
        found = store.check()
        assert not found.ok
        assert found.problems[0].to("zh")


def test_an_erased_person_is_a_note(store: Store, shop: Dossier) -> None:
    if not store.capabilities.erasure:
        pytest.skip("claims no erasure")
    store.save(shop)
    store.erase("hz01", "P2")
    found = store.check()
    assert found.ok, found.problems
    assert [note.en for note in found.notes] == ["hz01/person/P2 v1: erased on 2024-02-01"]
    store.put("hz01", Person(id="P2", name="李四"))
    assert store.check().ok
