from pathlib import Path

import pytest

from qsafety.dossier import Dossier, Person
from qsafety.errors import CapabilityError
from qsafety.storage import Store, open_store

PHONES = ("13800000001", "13900000002")


def test_an_erased_person_is_gone_and_the_chain_holds(store: Store, shop: Dossier) -> None:
    store.save(shop)
    store.put("hz01", Person(id="P2", name="李四", phone=PHONES[1]))
    if not store.capabilities.erasure:
        with pytest.raises(CapabilityError):
            store.erase("hz01", "P2")
        return
    assert store.erase("hz01", "P2", by="P9") == 2
    assert store.get("hz01", Person, "P2") is None
    assert store.history("hz01", Person, "P2") == []
    last = list(store.journal("hz01"))[-1]
    assert (last.kind, last.key, last.version, last.by) == ("erasure", "P2", 2, "P9")
    assert store.check().ok


def test_a_dossier_without_an_erased_person_does_not_claim_to_be_complete(store: Store, shop: Dossier) -> None:
    if not store.capabilities.erasure:
        pytest.skip("claims no erasure")
    store.save(shop)
    store.erase("hz01", "P2")
    kept = store.dossier("hz01")
    assert [person.id for person in kept.people or ()] == ["P3"]
    assert kept.partial == {"hazards", "people"}


def test_erasing_nobody_or_twice_changes_nothing(store: Store, shop: Dossier) -> None:
    if not store.capabilities.erasure:
        pytest.skip("claims no erasure")
    store.save(shop)
    assert store.erase("hz01", "P9") == 0
    store.erase("hz01", "P2")
    lines = list(store.journal("hz01"))
    assert store.erase("hz01", "P2") == 1
    assert list(store.journal("hz01")) == lines


def test_no_byte_of_an_erased_person_is_left_in_any_file(tmp_path: Path) -> None:
    """Many people of different lengths, corrected in between, so that pages were split and cells moved about."""
    with open_store(f"sqlite:///{tmp_path}/shop.db") as store:
        for round_ in range(3):
            with store.transaction() as tx:
                for number in range(120):
                    note = f"秘密{number:03d}/{round_}/" * (1 + (number * 7) % 90)
                    tx.put("hz01", Person(id=f"P{number:03d}", name=f"姓名{number:03d}", note=note))
        for number in (3, 60, 119):
            assert store.erase("hz01", f"P{number:03d}") == 3
        for file in tmp_path.iterdir():
            kept = file.read_bytes()
            for number in (3, 60, 119):
                assert f"秘密{number:03d}".encode() not in kept
                assert f"姓名{number:03d}".encode() not in kept
        assert "秘密004".encode() in b"".join(file.read_bytes() for file in tmp_path.iterdir())
