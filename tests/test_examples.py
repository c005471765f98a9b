"""Every script in ``examples/`` does what it says, without a network."""

import subprocess
import sys
from pathlib import Path

import pytest

EXAMPLES = sorted((Path(__file__).parents[1] / "examples").glob("*.py"))

OFFLINE = """
import runpy, sys

def stay_home(event, args):
    if event in ("socket.connect", "socket.getaddrinfo"):
        raise OSError(f"an example went online: {event} {args[1:]}")

sys.addaudithook(stay_home)
sys.argv = sys.argv[1:]
runpy.run_path(sys.argv[0], run_name="__main__")
"""


def run_offline(script: Path, folder: Path) -> "subprocess.CompletedProcess[str]":
    return subprocess.run(
        [sys.executable, "-X", "utf8", "-c", OFFLINE, str(script)], cwd=folder, capture_output=True, encoding="utf-8"
    )


@pytest.mark.parametrize("script", EXAMPLES, ids=lambda script: script.name)
def test_an_example_runs_offline(script: Path, sample_folder: Path) -> None:
    run = run_offline(script, sample_folder)
    assert run.returncode == 0, run.stdout + run.stderr


def test_an_example_that_goes_online_would_be_seen(tmp_path: Path) -> None:
    script = tmp_path / "online.py"
    script.write_text("import socket; socket.create_connection(('localhost', 9), timeout=1)", encoding="utf-8")
    assert "an example went online" in run_offline(script, tmp_path).stderr
