"""From one store into another nothing changes: not a version, not an instant, not a link."""

from datetime import date
from pathlib import Path

import attrs
import pytest

from qsafety.dossier import Dossier, Hazard, Person, Seller
from qsafety.errors import ConflictError, StoreError
from qsafety.storage import Store, open_store

HAZARD = Hazard(id="H1", source="daily", found_on=date(2024, 1, 31))


@pytest.fixture
def old(tmp_path: Path, shop: Dossier) -> Store:
    store = open_store(f"tinydb:///{tmp_path}/old.json")
    store.save(shop, by="P9")
    for number in range(3):
        store.put("hz01", attrs.evolve(HAZARD, note=str(number)))
    store.put("hz01", Person(id="P7", name="周例清", phone="13800000007"))
    store.erase("hz01", "P7")
    store.save(Dossier(seller=Seller(id="hz02", name="另一家")))
    return store


def test_a_copy_has_every_version_instant_and_link(old: Store, store: Store) -> None:
    assert old.copy_to(store) == 2
    assert store.sellers() == old.sellers() == ["hz01", "hz02"]
    for seller in old.sellers():
        assert store.dossier(seller) == old.dossier(seller)
        assert list(store.journal(seller)) == list(old.journal(seller))
    if not store.capabilities.erasure:  # the tests' own plug-in keeps no instants with its versions
        return
    assert store.history("hz01", Hazard, "H1") == old.history("hz01", Hazard, "H1")
    assert store.check().to_dict() == old.check().to_dict()


def test_a_copy_can_be_run_again_and_never_mixes(old: Store, store: Store) -> None:
    old.copy_to(store)
    assert old.copy_to(store) == 0
    store.put("hz02", Seller(id="hz02", name="改名"))
    before = list(store.journal("hz02"))
    with pytest.raises(ConflictError):
        old.copy_to(store)
    assert list(store.journal("hz02")) == before


def test_what_is_no_store_is_refused(old: Store) -> None:
    with pytest.raises(StoreError, match="a Store was expected, and str came"):
        old.copy_to("sqlite:///new.db")  # type: ignore[arg-type] # the mistake that is tested
