import pytest
from sqlite3_backend import Sqlite3Backend

from qsafety.storage import Backend, StoreUrl
from qsafety.testing import BackendContract


class TestSqlite3Backend(BackendContract):
    @pytest.fixture
    def url(self, tmp_path):
        return f"sqlite3:///{tmp_path}/shop"

    def open(self, url: str) -> Backend:  # until the entry point is installed
        return Sqlite3Backend.open(StoreUrl.parse(url), {})
