"""How a backend is found: by the scheme of its URL, among the house's own and those that packages bring."""

import subprocess
import sys
from collections.abc import Callable
from pathlib import Path

import pytest

from qsafety.errors import NotFoundError, StoreError
from qsafety.storage import backends, open_store
from qsafety.storage.discovery import backend
from qsafety.storage.memory import MemoryBackend

Installed = Callable[..., None]
PLUGIN = Path(__file__).with_name("plugin")


def program(text: str) -> str:
    run = subprocess.run([sys.executable, "-c", text], capture_output=True, encoding="utf-8")
    assert run.returncode == 0, run.stderr
    return run.stdout


def test_an_unknown_scheme_is_answered_with_the_nearest_and_how_to_get_others() -> None:
    with pytest.raises(NotFoundError) as refused:
        open_store("sqlit:///shop.db")
    for words in (
        "'sqlit'",
        "Did you mean 'sqlite'?",
        "memory, mysql+pymysql",
        "install the package",
        "qsafety.backends",
    ):
        assert words in str(refused.value)
    assert "是否为“sqlite”？" in refused.value.to("zh")


def test_a_package_brings_a_backend(install: Installed, tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.syspath_prepend(PLUGIN)
    install("qsafety-folder", "2.1", folder="qsafety_folder:FolderBackend")
    assert [(b.scheme, b.by, b.used) for b in backends() if b.scheme == "folder"] == [
        ("folder", "qsafety-folder 2.1", True)
    ]
    with open_store(f"folder:///{tmp_path}/shop") as store:
        assert store.sellers() == []


def test_listing_imports_nothing(install: Installed) -> None:
    install("broken", nowhere="there_is_no_such_module:Backend")
    assert "nowhere" in [source.scheme for source in backends()]
    with pytest.raises(StoreError, match=r"'nowhere' of broken 1\.0 cannot be loaded"):
        open_store("nowhere://")


def test_what_is_no_backend_is_refused(install: Installed) -> None:
    install("odd", odd="pathlib:Path")
    with pytest.raises(StoreError, match=r"'odd' of odd 1\.0 is no subclass of Backend"):
        open_store("odd://")


def test_the_house_wins_unless_it_is_overridden(install: Installed, monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.syspath_prepend(PLUGIN)
    install("loud", memory="qsafety_folder:FolderBackend")
    assert backend("memory") is MemoryBackend
    assert backend("memory", override=True).__name__ == "FolderBackend"
    assert [(b.by, b.used) for b in backends() if b.scheme == "memory"] == [("qsafety", True), ("loud 1.0", False)]


def test_overriding_what_nobody_brings_leaves_the_house() -> None:
    assert backend("memory", override=True) is MemoryBackend


def test_two_packages_with_one_scheme_are_both_named(install: Installed) -> None:
    install("one", "1.0", twice="a:B")
    install("two", "2.0", twice="a:B")
    with pytest.raises(StoreError, match=r"one 1\.0.*two 2\.0|two 2\.0.*one 1\.0"):
        open_store("twice://")
    assert [b.used for b in backends() if b.scheme == "twice"] == [False, False]


def test_one_package_found_twice_on_the_path_is_one(install: Installed, monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.syspath_prepend(PLUGIN)
    install("qsafety-folder", folder="qsafety_folder:FolderBackend")
    monkeypatch.syspath_prepend(sys.path[0])
    assert backend("folder").__name__ == "FolderBackend"


def test_a_store_in_memory_needs_no_database_library() -> None:
    assert (
        program(
            "import sys; from qsafety.storage import open_store; open_store('memory://'); print('sqlalchemy' in sys.modules)"
        )
        == "False\n"
    )


def test_without_sqlalchemy_the_message_says_what_to_install() -> None:
    out = program(
        "import sys; sys.modules['sqlalchemy'] = None\n"
        "from qsafety.errors import MissingExtraError\n"
        "from qsafety.storage import open_store\n"
        "try: open_store('sqlite:///x.db')\n"
        "except MissingExtraError as error: print(error)"
    )
    assert out == "this needs SQLAlchemy, which is not installed. Run: pip install 'qsafety[sql]'\n"
