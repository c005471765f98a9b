import pytest
from folder_backend import FolderBackend

from qsafety.storage import Backend, StoreUrl
from qsafety.testing import BackendContract


class TestFolderBackend(BackendContract):
    @pytest.fixture
    def url(self, tmp_path):
        return f"folder:///{tmp_path}/shop"

    def open(self, url: str) -> Backend:  # until the entry point is installed
        return FolderBackend.open(StoreUrl.parse(url), {})
