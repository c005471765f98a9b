"""A store in a host's own transaction: committed with it or not at all, and never ended by us."""

import threading
import time
from collections.abc import Iterator
from datetime import date
from pathlib import Path

import attrs
import pytest
import sqlalchemy as sa
from sqlalchemy.orm import DeclarativeBase, Mapped, Session, mapped_column, scoped_session, sessionmaker

from qsafety.dossier import Dossier, Hazard
from qsafety.errors import CapabilityError, ConflictError, NotFoundError, StoreError
from qsafety.storage import open_store
from qsafety.storage.sql import tables
from tests.storage.conftest import MARIA, POSTGRES
from tests.storage.test_servers import engine

HAZARD = Hazard(id="H1", source="daily", found_on=date(2024, 1, 31))


@pytest.fixture(params=["sqlite", POSTGRES, MARIA])
def place(request: pytest.FixtureRequest, tmp_path: Path, prefix: str) -> str:
    if request.param == "sqlite":
        return f"sqlite:///{tmp_path}/erp.db?prefix={prefix}"
    found: str = request.getfixturevalue(request.param).url(prefix=prefix)
    return found


@pytest.fixture
def erp(place: str, prefix: str) -> Iterator[sa.Engine]:
    """The host's database, with a table of its own, and ours beside it."""
    host = engine(place)
    open_store(place).close()
    with host.begin() as connection:
        connection.exec_driver_sql(f"CREATE TABLE {prefix}orders (id INTEGER PRIMARY KEY)")
    yield host
    host.dispose()


def order(host: "Session | sa.Connection", prefix: str, number: int) -> None:
    host.execute(sa.text(f"INSERT INTO {prefix}orders VALUES ({number})"))


def orders(erp: sa.Engine, prefix: str) -> list[int]:
    with erp.connect() as connection:
        return [row[0] for row in connection.exec_driver_sql(f"SELECT id FROM {prefix}orders ORDER BY id")]


def kept(place: str) -> int:
    with open_store(place) as store:
        return len(store.history("hz01", Hazard, "H1"))


def test_what_is_put_is_committed_with_the_host(erp: sa.Engine, place: str, prefix: str, shop: Dossier) -> None:
    with Session(erp) as session:
        order(session, prefix, 1)
        store = open_store(session=session, prefix=prefix)
        store.save(shop)
        assert store.put("hz01", HAZARD) == 2
        assert store.dossier("hz01").hazards
        assert session.in_transaction()
        session.commit()
    assert orders(erp, prefix) == [1]
    assert kept(place) == 2
    with open_store(place) as own:
        assert own.check().ok


@pytest.mark.parametrize("order_first", [True, False])
def test_what_is_put_goes_with_the_hosts_rollback(erp: sa.Engine, place: str, prefix: str, order_first: bool) -> None:
    with Session(erp) as session:
        if order_first:
            order(session, prefix, 1)
        store = open_store(session=session, prefix=prefix)
        store.put("hz01", HAZARD)
        assert store.get("hz01", Hazard, "H1")
        order(session, prefix, 2)
        session.rollback()
        assert store.get("hz01", Hazard, "H1") is None
    assert orders(erp, prefix) == []
    assert kept(place) == 0


def test_an_error_of_ours_leaves_the_hosts_work(erp: sa.Engine, place: str, prefix: str) -> None:
    with Session(erp) as session:
        order(session, prefix, 1)
        store = open_store(session=session, prefix=prefix)
        store.put("hz01", HAZARD)
        with pytest.raises(ConflictError):
            store.put("hz01", HAZARD, expected=7)
        with pytest.raises(ZeroDivisionError), store.transaction() as tx:
            tx.put("hz01", HAZARD)
            tx.put("hz01", attrs.evolve(HAZARD, id="H2"))
            _ = 1 / 0
        order(session, prefix, 2)
        session.commit()
    assert orders(erp, prefix) == [1, 2]
    assert kept(place) == 1
    with open_store(place) as own:
        assert own.get("hz01", Hazard, "H2") is None
        assert own.check().ok


def test_a_connection_is_joined_like_a_session(erp: sa.Engine, place: str, prefix: str) -> None:
    with erp.connect() as connection:
        store = open_store(connection=connection, prefix=prefix)
        store.put("hz01", HAZARD)
        connection.rollback()
        store.put("hz01", HAZARD)
        store.close()
        connection.commit()
    assert kept(place) == 1


def test_a_scoped_session_and_the_hosts_own_savepoints_work(erp: sa.Engine, place: str, prefix: str) -> None:
    session = scoped_session(sessionmaker(erp))
    order(session(), prefix, 1)
    store = open_store(session=session, prefix=prefix)
    store.put("hz01", HAZARD)
    with pytest.raises(ZeroDivisionError), session.begin_nested():
        store.put("hz01", HAZARD)
        _ = 1 / 0
    session.commit()
    session.remove()
    assert kept(place) == 1


def test_orm_objects_and_records_share_a_transaction(erp: sa.Engine, place: str, prefix: str) -> None:
    class Base(DeclarativeBase):
        pass

    class Order(Base):
        __tablename__ = f"{prefix}orders"
        id: Mapped[int] = mapped_column(primary_key=True)

    with Session(erp) as session, session.begin():
        session.add(Order(id=5))
        open_store(session=session, prefix=prefix).put("hz01", HAZARD)
        session.add(Order(id=6))
    assert orders(erp, prefix) == [5, 6]
    assert kept(place) == 1


def test_of_two_host_transactions_on_one_seller_the_second_waits_and_succeeds(
    erp: sa.Engine, place: str, prefix: str
) -> None:
    if erp.dialect.name == "sqlite":
        pytest.skip("there the whole file is locked, and the host decides how long to wait")
    versions: list[int] = []
    first_wrote = threading.Event()

    def second() -> None:
        with Session(erp) as session:
            order(session, prefix, 2)
            first_wrote.wait(30)
            versions.append(open_store(session=session, prefix=prefix).put("hz01", HAZARD))
            session.commit()

    thread = threading.Thread(target=second)
    thread.start()
    with Session(erp) as session:
        order(session, prefix, 1)
        versions.append(open_store(session=session, prefix=prefix).put("hz01", HAZARD))
        first_wrote.set()
        time.sleep(0.3)  # the second is waiting by now
        session.commit()
    thread.join(60)
    assert versions == [1, 2]
    assert orders(erp, prefix) == [1, 2]
    with open_store(place) as own:
        assert own.check().ok


def test_what_a_host_gives_claims_only_what_is_ours_to_claim(erp: sa.Engine, prefix: str) -> None:
    with Session(erp) as session:
        store = open_store(session=session, prefix=prefix)
        assert (store.capabilities.durability, store.capabilities.erasure) == ("none", False)
        with pytest.raises(CapabilityError):
            store.erase("hz01", "P1")
        with pytest.raises(CapabilityError, match="power-loss"):
            open_store(session=session, prefix=prefix, durability="power-loss")
        with pytest.raises(StoreError, match=r"Run: qsafety store upgrade"):
            store.upgrade()
        store.close()
        with pytest.raises(StoreError, match="closed"):
            store.sellers()
        session.execute(sa.text("SELECT 1"))


def test_tables_are_never_made_in_a_hosts_transaction(erp: sa.Engine) -> None:
    with Session(erp) as session:
        with pytest.raises(NotFoundError, match=r"qsafety store upgrade .*[?&]prefix=none_"):
            open_store(session=session, prefix="none_")
        session.rollback()
    assert not [name for name in sa.inspect(erp).get_table_names() if name.startswith("none_")]


def test_a_host_makes_our_tables_with_its_own(erp: sa.Engine, prefix: str) -> None:
    metadata = sa.MetaData()
    ours = tables(metadata, prefix=f"{prefix}mine_")
    metadata.create_all(erp)
    with Session(erp) as session:
        store = open_store(session=session, prefix=f"{prefix}mine_")
        store.put("hz01", HAZARD)
        session.commit()
        assert session.execute(sa.select(sa.func.count()).select_from(ours.records)).scalar() == 1


def test_what_is_no_session_is_refused(erp: sa.Engine) -> None:
    with pytest.raises(StoreError, match="Engine came"):
        open_store(session=erp)  # type: ignore[arg-type] # the mistake that is tested
    with pytest.raises(StoreError, match="one of them"):
        open_store()
    with Session(erp) as session, pytest.raises(StoreError, match="one of them"):
        open_store("memory://", session=session)
