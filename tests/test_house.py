"""The shape of the house: its ladder, its doors, the size of its rooms, and what is in the wheel."""

import re
import subprocess
import sys
from importlib.resources import files
from pathlib import Path

import pytest
from importlinter.cli import lint_imports

ROOT = Path(__file__).parents[1]
SOURCE = ROOT / "src" / "qsafety"

# Written in two pieces, so that this file is not itself a find.
MACHINES = re.compile(
    r"(?<![\w.])(?:"
    + "|".join(
        first + second
        for first, second in [
            ("/wo", "rk/"),
            ("/ro", r"ot\b(?!@)"),
            ("/ho", r"me/\w"),
            ("/Us", r"ers/\w"),
            (r"py", r"pi\.org"),
            ("python", r"hosted\.org"),
            (r"npm", r"js\.(?:org|com)"),
            (r"deb\.deb", r"ian\.org"),
        ]
    )
    + ")"
)


def test_nothing_imports_upward(monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.chdir(ROOT)
    assert lint_imports(config_filename="pyproject.toml", no_cache=True) == 0


def test_importing_the_package_loads_nothing_but_itself() -> None:
    program = "import sys; before = set(sys.modules); import qsafety; print(*sorted(set(sys.modules) - before))"
    run = subprocess.run([sys.executable, "-c", program], capture_output=True, encoding="utf-8", check=True)
    tops = {module.partition(".")[0] for module in run.stdout.split()}
    assert tops - sys.stdlib_module_names == {"qsafety"}


def test_no_module_is_longer_than_400_lines() -> None:
    lengths = {path.relative_to(ROOT): path.read_text("utf-8").count("\n") for path in SOURCE.rglob("*.py")}
    assert {path: lines for path, lines in lengths.items() if lines > 400} == {}


def test_everything_in_the_source_is_in_the_wheel() -> None:
    source = {path.relative_to(SOURCE).as_posix() for path in SOURCE.rglob("*") if path.is_file()}
    shipped = Path(str(files("qsafety")))
    missing = {name for name in source if "__pycache__" not in name and not (shipped / name).is_file()}
    assert missing == set()


@pytest.mark.needs("git")
def test_no_file_names_a_machine_or_a_registry() -> None:
    listed = ["git", "ls-files", "-z", "--cached", "--others", "--exclude-standard"]
    names = subprocess.run(listed, cwd=ROOT, capture_output=True, encoding="utf-8", check=True).stdout.split("\0")
    found = []
    for path in filter(Path.is_file, (ROOT / name for name in names if name)):
        try:
            text = path.read_text("utf-8")
        except UnicodeDecodeError:
            continue  # a workbook or a document, not text
        found += [f"{path.relative_to(ROOT)}: {match[0]}" for match in MACHINES.finditer(text)]
    assert found == []
