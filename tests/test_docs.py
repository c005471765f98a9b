"""Every code block of the README and of ``docs/`` runs.

A ``python`` block is executed (``>>>`` is compared with what it prints); the blocks of one document share a namespace
and a folder that holds copies of the two sample ledgers. A ``console`` block is a session: ``$ command``, then what it
prints, compared where it is shown (``...`` stands for anything); a command that does not exit with 0 is followed by
``$ echo $?`` and its status. A ``bash`` block is a script. Setting up is not done again inside a test: of lines that
install something it is checked that what they name exists.
"""

import os
import re
import subprocess
import sys
from collections.abc import Iterator
from doctest import ELLIPSIS, OutputChecker
from importlib.metadata import metadata
from pathlib import Path

import pytest
from sybil import Example, Sybil
from sybil.parsers.markdown import CodeBlockParser, PythonCodeBlockParser

ROOT = Path(__file__).parents[1]
DOCUMENTS = [ROOT / "README.md", *sorted((ROOT / "docs").rglob("*.md"))]

DEMO = "python3 -m venv .venv && .venv/bin/pip install '.[all]' && .venv/bin/qsafety demo"
NOX = "python3 -m venv .venv && .venv/bin/pip install nox && .venv/bin/nox"
RUN_HERE = {"python", "console", "bash"}
NOT_RUN = {"text", "json", "toml", "ini", "yaml", "csv", "html", "powershell", "mermaid", "sql"}


def bash(script: str, folder: Path) -> tuple[int, str]:
    """The exit status and the output, standard error included, of a script as a reader would run it."""
    environment = os.environ | {
        "PATH": f"{Path(sys.executable).parent}{os.pathsep}{os.environ['PATH']}",
        "PYTHONUTF8": "1",
        "COLUMNS": "120",
        "NO_COLOR": "1",
        "TERM": "dumb",
    }
    run = subprocess.run(
        ["bash", "-o", "pipefail", "-c", script],
        cwd=folder,
        env=environment,
        stdin=subprocess.DEVNULL,
        stdout=subprocess.PIPE,
        stderr=subprocess.STDOUT,
        encoding="utf-8",
    )
    return run.returncode, run.stdout


def is_set_up(line: str) -> bool:
    """Whether a line installs something; then what it names must exist."""
    line = line.partition(" #")[0].strip()
    if line in {DEMO, NOX}:
        return True
    if install := re.fullmatch(r"""(?:\S*/)?pip install (?:-e )?['"]?(?:qsafety|\.)(?:\[([\w,]+)\])?['"]?""", line):
        extras = {extra for extra in (install[1] or "").split(",") if extra}
        unknown = extras - set(metadata("qsafety").get_all("Provides-Extra") or ())
        assert not unknown, f"{line}: no such extra: {', '.join(unknown)}"
        return True
    if session := re.fullmatch(r"(?:\S*/)?nox(?: -s (\w+))?", line):
        assert session[1] is None or f"def {session[1]}(" in (ROOT / "noxfile.py").read_text("utf-8"), line
        return True
    return False


def commands(session: str) -> Iterator[tuple[str, str]]:
    """Each command of a console session with the output shown after it."""
    for part in re.split(r"^\$ ", session, flags=re.MULTILINE)[1:]:
        command, _, shown = re.sub(r"\\\n", "", part).partition("\n")
        yield command.strip(), shown


def run_console(example: Example) -> str | None:
    """A session, or what is wrong with it."""
    before, _, _ = example.parsed.partition("$ ")
    if before.strip():
        return f"a console block begins with '$ command', not with {before.strip()!r}"
    status, last = 0, ""
    for command, shown in commands(example.parsed):
        if command == "echo $?":
            if shown.strip() != str(status):
                return f"`{last}` exits with {status}, not {shown.strip()}"
            status = 0
        elif status:
            return f"`{last}` exits with {status}; show it with `$ echo $?`"
        elif not is_set_up(command):
            last, (status, printed) = command, bash(command, Path.cwd())
            if shown.strip() and not OutputChecker().check_output(shown.rstrip(), printed.rstrip(), ELLIPSIS):
                return f"`{command}` prints\n{printed}\nnot\n{shown}"
    return f"`{last}` exits with {status}; show it with `$ echo $?`" if status else None


def run_bash(example: Example) -> str | None:
    """A script, or what is wrong with it."""
    lines = [line for line in example.parsed.splitlines() if not is_set_up(line)]
    status, printed = bash("set -e\n" + "\n".join(lines), Path.cwd())
    return f"exits with {status}\n{printed}" if status else None


SYBIL = Sybil(
    parsers=[PythonCodeBlockParser(), CodeBlockParser("console", run_console), CodeBlockParser("bash", run_bash)],
)


def run_document(document: Path) -> int:
    """Run every block of a document in the current folder; how many there were."""
    examples = list(SYBIL.parse(document))
    for example in examples:
        example.evaluate()
    return len(examples)


@pytest.mark.parametrize("document", DOCUMENTS, ids=lambda path: path.relative_to(ROOT).as_posix())
def test_every_block_of_a_document_runs(document: Path, sample_folder: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.chdir(sample_folder)
    run_document(document)


@pytest.mark.parametrize("document", DOCUMENTS, ids=lambda path: path.relative_to(ROOT).as_posix())
def test_every_block_says_a_language_that_is_run_or_is_no_code(document: Path) -> None:
    fences = re.findall(r"^ *(```+|~~~+)(.*)$", document.read_text("utf-8"), flags=re.MULTILINE)
    assert {language.strip() for _, language in fences[::2]} <= RUN_HERE | NOT_RUN


def test_ci_runs_the_line_that_the_readme_gives() -> None:
    readme = (ROOT / "README.md").read_text("utf-8").splitlines()
    assert DEMO in readme
    assert NOX in readme
    assert NOX in (ROOT / ".ci" / "run").read_text("utf-8")


@pytest.mark.parametrize(
    "block",
    [
        "python\n1 / 0",
        "python\n>>> 1 + 1\n3",
        "console\n$ false",
        "console\n$ false\n$ true",
        "console\n$ false\n$ echo $?\n2",
        "console\n$ echo one\ntwo",
        "console\none",
        "bash\nfalse\ntrue",
        "bash\npip install 'qsafety[no_such_extra]'",
        "bash\nnox -s no_such_session",
    ],
)
def test_a_block_that_does_not_do_what_it_shows_fails(
    block: str, tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.chdir(tmp_path)
    document = tmp_path / "bad.md"
    document.write_text(f"```{block}\n```\n", encoding="utf-8")
    with pytest.raises((AssertionError, ZeroDivisionError)):
        run_document(document)


@pytest.mark.parametrize(
    "block",
    [
        "python\n>>> 1 + 1\n2",
        "console\n$ echo one; echo 二\none\n二\n$ false\n$ echo $?\n1\n$ true",
        "console\n$ echo one two \\\n  three\none ... three",
        "bash\npip install 'qsafety[sql,excel]'\ntrue",
    ],
)
def test_a_block_that_does_what_it_shows_passes(block: str, tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.chdir(tmp_path)
    document = tmp_path / "good.md"
    document.write_text(f"```{block}\n```\n", encoding="utf-8")
    assert run_document(document) >= 1
