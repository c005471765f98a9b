import pytest
from duckdb_backend import DuckdbBackend

from qsafety.storage import Backend, StoreUrl
from qsafety.testing import BackendContract


class TestDuckdbBackend(BackendContract):
    @pytest.fixture
    def url(self, tmp_path):
        return f"duckdb:///{tmp_path}/shop"

    def open(self, url: str) -> Backend:  # until the entry point is installed
        return DuckdbBackend.open(StoreUrl.parse(url), {})
