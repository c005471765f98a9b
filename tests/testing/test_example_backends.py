"""The three example backends, written from the public documents alone, are certified by files of at most 15 lines."""

import os
import subprocess
import sys
from pathlib import Path

import pytest

FOLDER = Path(__file__).parents[2] / "examples" / "backends"
FILES = sorted(FOLDER.glob("test_*.py"))


@pytest.mark.parametrize("file", FILES, ids=lambda file: file.stem)
def test_an_example_backend_is_certified(file: Path, tmp_path: Path) -> None:
    assert len(file.read_text("utf-8").splitlines()) <= 15
    environment = os.environ | {
        "PYTHONPATH": str(FOLDER),
        "QSAFETY_KIT_TRIALS": "3",
        "QSAFETY_KIT_EXAMPLES": "2",
        "QSAFETY_KIT_TIMES": "4",
    }
    line = [sys.executable, "-m", "pytest", "-q", "-c", os.devnull, "-p", "no:cacheprovider", str(file)]
    run = subprocess.run(line, cwd=tmp_path, env=environment, capture_output=True, encoding="utf-8")
    assert run.returncode == 0, run.stdout[-3000:]
