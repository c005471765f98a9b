"""``python -m qsafety.testing certify``: what it prints, and its exit status."""

import re
import subprocess
import sys
from pathlib import Path

import pytest

import qsafety.testing
from qsafety.testing.promises import PROMISES


def certify(*given: str) -> "subprocess.CompletedProcess[str]":
    line = [sys.executable, "-X", "utf8", "-m", "qsafety.testing", "certify", *given]
    return subprocess.run(line, capture_output=True, encoding="utf-8")


def test_a_line_for_each_promise_is_printed() -> None:
    run = certify("memory://")
    verdicts = re.findall(r"^(PASS|FAIL|UNPROVEN) (\d+) (.+)$", run.stdout, re.MULTILINE)
    assert [(int(number), text) for _, number, text in verdicts] == [(n, text.en) for n, text in PROMISES.items()]
    assert [verdict for verdict, _, _ in verdicts] == ["PASS"] * 9 + ["UNPROVEN"] * 3
    assert run.returncode == 0, run.stdout + run.stderr  # what memory does not claim does not count


def test_what_cannot_be_opened_is_2_with_one_line(tmp_path: Path) -> None:
    run = certify(f"sqlite:///{tmp_path}/no/such/folder/x.db", "--lang", "zh")
    assert (run.returncode, run.stdout) == (2, "")
    assert run.stderr.startswith("没有文件夹")
    assert certify("nosuch://").returncode == 2


@pytest.mark.parametrize("missing", ["pytest", "hypothesis"])
def test_without_the_extra_one_line_says_what_to_install(missing: str) -> None:
    program = (
        f"import sys; sys.modules[{missing!r}] = None\n"
        "from qsafety.errors import MissingExtraError\n"
        "try: from qsafety.testing import BackendContract\n"
        "except MissingExtraError as error: print(error)"
    )
    run = subprocess.run([sys.executable, "-c", program], capture_output=True, encoding="utf-8")
    assert run.stdout == f"this needs {missing}, which is not installed. Run: pip install 'qsafety[testing]'\n", (
        run.stderr
    )


def test_every_name_of_the_kit_can_be_imported() -> None:
    for name in qsafety.testing.__all__:
        assert getattr(qsafety.testing, name).__name__ == name
