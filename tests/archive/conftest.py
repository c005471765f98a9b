"""The sample shop, and one pack of its January that tests copy before they change it."""

import shutil
from collections.abc import Callable
from datetime import date
from importlib.resources import files
from pathlib import Path
from typing import Any

import pytest

import qsafety as qs

JANUARY: dict[str, Any] = {"since": date(2024, 1, 1), "until": date(2024, 1, 31), "on": date(2024, 2, 5)}


@pytest.fixture(scope="session")
def january() -> dict[str, Any]:
    return JANUARY


@pytest.fixture(scope="session")
def shop() -> qs.Dossier:
    return qs.read_ledger(str(files("qsafety.testing") / "data" / "ebike-shop.xlsx"))


@pytest.fixture(scope="session")
def packed(shop: qs.Dossier, tmp_path_factory: pytest.TempPathFactory) -> Path:
    """The shop's January, with its papers, from a store: two hundred files and a chain."""
    with qs.open_store("memory://") as store:
        store.save(shop)
        return qs.pack(store, to=tmp_path_factory.mktemp("packed"), **JANUARY)


@pytest.fixture
def copy(packed: Path, tmp_path: Path) -> Callable[[], Path]:
    """A fresh copy of the pack, to be changed."""
    numbers = iter(range(1000))

    def made() -> Path:
        return Path(shutil.copytree(packed, tmp_path / f"copy{next(numbers)}", symlinks=True))

    return made
