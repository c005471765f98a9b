"""``sql+<dialect>://``: whatever SQLAlchemy speaks to can be used, and nothing is claimed of it."""

from datetime import date

import pytest

from qsafety.dossier import Dossier, Hazard
from qsafety.errors import CapabilityError, NotFoundError, StoreError
from qsafety.storage import Capabilities, open_store
from tests.storage.servers import Maria, Postgres

HAZARD = Hazard(id="H1", source="daily", found_on=date(2024, 1, 31))


@pytest.fixture
def place(server: Postgres | Maria, prefix: str) -> str:
    return "sql+" + server.url(prefix=prefix)


def test_any_other_database_is_used_with_reduced_claims(place: str, shop: Dossier) -> None:
    with open_store(place) as store:
        assert store.capabilities == Capabilities()
        store.save(shop)
        assert store.put("hz01", HAZARD) == 2
        assert store.check().ok
        with pytest.raises(ZeroDivisionError), store.transaction() as tx:
            tx.put("hz01", HAZARD)
            _ = 1 / 0
        with pytest.raises(CapabilityError):
            store.erase("hz01", "P2")
    with open_store(place) as store:
        kept = store.get("hz01", Hazard, "H1")
        assert kept and kept.version == 2
    with pytest.raises(CapabilityError, match="power-loss"):
        open_store(place, durability="power-loss")


def test_a_dialect_that_is_not_there_is_named() -> None:
    with pytest.raises(NotFoundError, match="SQLAlchemy knows no riddle"):
        open_store("sql+riddle://host/x")


def test_sqlite_is_sent_to_its_own_store() -> None:
    with pytest.raises(StoreError, match=r"sqlite:///shop\.db"):
        open_store("sql+sqlite:///x.db")
