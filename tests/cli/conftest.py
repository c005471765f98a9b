"""How the tests call the command line: in this process for its logic, in a process of its own for what the system sees."""

import os
import subprocess
import sys
from collections.abc import Callable
from inspect import signature
from pathlib import Path
from typing import Any

import pytest
from attrs import frozen
from click.testing import CliRunner

from qsafety.cli import main

Call = Callable[..., "Called"]


@frozen
class Called:
    """What a call left: exit status, stdout, stderr."""

    status: int
    out: str
    err: str


@pytest.fixture
def call() -> Call:
    """``qsafety WORDS…`` in this process."""

    def run(*words: object) -> Called:
        # until click 8.1 the two streams were one unless asked for apart
        apart: dict[str, Any] = {"mix_stderr": False} if "mix_stderr" in signature(CliRunner).parameters else {}
        done = CliRunner(**apart).invoke(main, [str(word) for word in words])
        return Called(done.exit_code, done.stdout, done.stderr)

    return run


@pytest.fixture
def process() -> Callable[..., "subprocess.CompletedProcess[bytes]"]:
    """``python -m qsafety WORDS…`` as a process of its own; ``env`` adds to the environment."""

    def run(*words: object, **env: str) -> "subprocess.CompletedProcess[bytes]":
        plain = {k: v for k, v in os.environ.items() if k not in ("PYTHONIOENCODING", "FORCE_COLOR", "NO_COLOR")}
        return subprocess.run(
            [sys.executable, "-m", "qsafety", *map(str, words)],
            capture_output=True,
            env={**plain, "PYTHONUTF8": "1", **env},
            stdin=subprocess.DEVNULL,
            check=False,
        )

    return run


@pytest.fixture
def shop(sample_folder: Path) -> Path:
    """The ledger of the bicycle shop."""
    return sample_folder / "ebike-shop.xlsx"


@pytest.fixture
def wholesaler(sample_folder: Path) -> Path:
    """The ledger of the wholesaler."""
    return sample_folder / "hardware-wholesaler.xlsx"
