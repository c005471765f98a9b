"""The short form of the long trials (``nox -s faults``): the same script, a few of each fault."""

import subprocess
import sys
from pathlib import Path

import pytest

ROOT = Path(__file__).parents[2]


@pytest.mark.needs("strace")
def test_faults_at_system_calls_and_targets_that_refuse_leave_nothing_half_made() -> None:
    run = subprocess.run(
        [sys.executable, "-X", "utf8", "faults", "archive", "--short"], cwd=ROOT, capture_output=True, encoding="utf-8"
    )
    assert run.returncode == 0, run.stdout + run.stderr
    for what in ("SIGKILL", "ENOSPC", "EIO"):
        assert f"a pack is written: {what} at a system call: " in run.stdout
    assert "targets that cannot take the pack" in run.stdout
