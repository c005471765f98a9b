"""From layout to layout: files of every release are opened, older ones upgraded, and an interruption leaves no half."""

import shutil
from collections.abc import Iterator
from contextlib import contextmanager
from datetime import date
from pathlib import Path

import pytest
import sqlalchemy as sa
from alembic.autogenerate import compare_metadata
from alembic.migration import MigrationContext
from alembic.script import ScriptDirectory

import qsafety.storage.migrations
from qsafety.codec import from_json
from qsafety.dossier import Dossier, Hazard
from qsafety.errors import SchemaTooOldError
from qsafety.storage import open_store
from qsafety.storage.migrations import migrate
from qsafety.storage.sql import tables
from qsafety.storage.tables import SCHEMA
from tests.storage.conftest import MARIA, POSTGRES
from tests.storage.servers import Maria, Postgres
from tests.storage.test_servers import engine

RELEASES = Path(__file__).with_name("releases")
HAZARD = Hazard(id="H1", source="daily", found_on=date(2024, 1, 31))


@pytest.mark.parametrize("release", ["sqlite-0001.db", "tinydb-0001.json"])
def test_a_file_of_every_release_is_opened(release: str, tmp_path: Path) -> None:
    scheme = release.partition("-")[0]
    shutil.copy(RELEASES / release, tmp_path)
    expected = from_json((RELEASES / "shop.json").read_text("utf-8"))
    with open_store(f"{scheme}:///{tmp_path / release}") as store:
        if scheme == "sqlite":
            store.upgrade()
        assert store.dossier("hz01") == expected
        assert [kept.version for kept in store.history("hz01", Hazard, "H1")] == [1, 2]
        assert store.check().ok
        assert store.put("hz01", HAZARD) == 3


@pytest.mark.parametrize("server", [POSTGRES, MARIA], indirect=True)
@pytest.mark.parametrize("release", ["0001"])
def test_the_tables_of_every_release_are_opened_on_a_server(
    server: Postgres | Maria, release: str, prefix: str
) -> None:
    name, database = "postgresql" if isinstance(server, Postgres) else "mariadb", f"{prefix}release"
    server.run(f"CREATE DATABASE {database}")
    host = sa.create_engine(server.url(database))
    with host.begin() as connection:
        for statement in (RELEASES / f"{name}-{release}.sql").read_text("utf-8").splitlines():
            connection.exec_driver_sql(statement.removesuffix(";"))
    host.dispose()
    expected = from_json((RELEASES / "shop.json").read_text("utf-8"))
    with open_store(server.url(database)) as store:
        store.upgrade()
        assert store.dossier("hz01") == expected
        assert [kept.version for kept in store.history("hz01", Hazard, "H1")] == [1, 2]
        assert store.check().ok
        assert store.put("hz01", HAZARD) == 3


def test_there_is_a_file_for_the_present_layout() -> None:
    for name in (f"sqlite-{SCHEMA:04d}.db", f"postgresql-{SCHEMA:04d}.sql", f"mariadb-{SCHEMA:04d}.sql"):
        assert (RELEASES / name).exists()


@pytest.fixture(params=["sqlite", POSTGRES, MARIA])
def place(request: pytest.FixtureRequest, tmp_path: Path, prefix: str) -> str:
    if request.param == "sqlite":
        return f"sqlite:///{tmp_path}/shop.db?prefix={prefix}"
    found: str = request.getfixturevalue(request.param).url(prefix=prefix)
    return found


@contextmanager
def connected(place: str) -> Iterator[sa.Connection]:
    host = engine(place)
    with host.connect() as connection:
        yield connection
    host.dispose()


def older(place: str, prefix: str) -> None:
    """A store as it was before the first layout: nothing but its version."""
    open_store(place).close()
    with connected(place) as connection:
        for table in ("records", "versions", "events", "heads"):
            connection.exec_driver_sql(f"DROP TABLE {prefix}{table}")
        connection.exec_driver_sql(f"UPDATE {prefix}schema SET version_num = '0000'")
        connection.commit()


def test_an_older_layout_is_named_and_upgraded_when_asked(place: str, prefix: str, shop: Dossier) -> None:
    older(place, prefix)
    with open_store(place) as store:
        with pytest.raises(SchemaTooOldError, match=r"layout 0, now .*qsafety store upgrade"):
            store.save(shop)
        with pytest.raises(SchemaTooOldError):
            store.check()
        store.upgrade()
        store.save(shop)
        store.upgrade()
        assert store.dossier("hz01") == shop
        assert store.check().ok


def test_the_revisions_make_what_a_new_store_has(place: str, prefix: str) -> None:
    older(place, prefix)
    with open_store(place) as store:
        store.upgrade()
    metadata = sa.MetaData()
    tables(metadata, prefix=prefix)
    with connected(place) as connection:
        options = {
            "compare_type": True,
            "version_table": "none",
            "include_name": lambda name, kind, _: kind != "table" or name.startswith(prefix),
        }
        assert compare_metadata(MigrationContext.configure(connection, opts=options), metadata) == []
        assert connection.exec_driver_sql(f"SELECT version_num FROM {prefix}schema").scalar() == f"{SCHEMA:04d}"


def test_the_last_revision_is_the_present_layout() -> None:
    script = ScriptDirectory(str(Path(qsafety.storage.migrations.__file__).parent))
    assert script.get_current_head() == f"{SCHEMA:04d}"


class Interrupted(Exception):
    pass


def interrupted(place: str, prefix: str, layout: int | None, after: int) -> bool:
    """Migrate, and break off before a statement; False where there are no more statements."""
    host = engine(place)
    count = 0

    def stop(*_: object) -> None:
        nonlocal count
        count += 1
        if count > after:
            raise Interrupted

    try:
        with host.connect() as connection:
            if connection.dialect.name == "sqlite":
                connection.exec_driver_sql("BEGIN IMMEDIATE")  # as the store's own connections do
            sa.event.listen(host, "before_cursor_execute", stop)
            known = tables(sa.MetaData(), prefix=prefix)
            migrate(connection, known, layout)
            connection.commit()
    except Interrupted:
        return True
    finally:
        host.dispose()
    return False


@pytest.mark.parametrize("layout", [None, 0])
def test_an_interruption_leaves_the_old_or_the_new_and_can_be_finished(
    place: str, prefix: str, layout: int | None, shop: Dossier
) -> None:
    open_store(place).close()  # whatever is made beside our tables
    for after in range(0, 40, 3):
        _drop(place, prefix)
        if layout == 0:
            with connected(place) as connection:
                connection.exec_driver_sql(f"CREATE TABLE {prefix}schema (version_num VARCHAR(32) PRIMARY KEY)")
                connection.exec_driver_sql(f"INSERT INTO {prefix}schema VALUES ('0000')")
                connection.commit()
        more = interrupted(place, prefix, layout, after)
        with open_store(place) as store:
            store.upgrade()
            store.save(shop)
            assert store.check().ok
        if not more:
            return
    pytest.fail("there was no end to the statements")


def _drop(place: str, prefix: str) -> None:
    with connected(place) as connection:
        for table in ("records", "versions", "events", "heads", "schema"):
            connection.exec_driver_sql(f"DROP TABLE IF EXISTS {prefix}{table}")
        connection.commit()
