"""The short form of the long trials (``nox -s faults``): the same scripts, a few of each fault."""

import os
import subprocess
import sys
from pathlib import Path

import pytest

ROOT = Path(__file__).parents[2]


@pytest.mark.needs("strace")
def test_faults_at_system_calls_full_disks_and_many_writers_lose_nothing() -> None:
    run = subprocess.run(
        [sys.executable, "-X", "utf8", "faults", "storage", "--short"], cwd=ROOT, capture_output=True, encoding="utf-8"
    )
    assert run.returncode == 0, run.stdout + run.stderr
    for scheme in ("sqlite", "tinydb"):
        for what in ("SIGKILL", "ENOSPC", "EIO"):
            assert f"{scheme}: {what} at a system call: " in run.stdout
        assert f"{scheme}: 4 processes change one record: 20: 20 acknowledged, 20 stored" in run.stdout
        told = next(line for line in run.stdout.splitlines() if line.startswith(f"{scheme}: a disk of 600 KiB"))
        assert "exactly the acknowledged set" in told or os.geteuid() != 0 or "not done" in told
