"""The checks of the house.

Plain ``nox`` lints, type-checks and tests. The tests run against the built wheel, and run the documents, the docstrings
and the examples too. ``nox --list`` shows the other sessions.
"""

from pathlib import Path

import nox
from packaging.requirements import Requirement

nox.needs_version = ">=2024.10.9"
nox.options.default_venv_backend = "venv"
nox.options.reuse_venv = "yes"

PROJECT = nox.project.load_toml("pyproject.toml")
DOCUMENTS = ("tests/test_docs.py", "tests/test_examples.py")


def group(name: str) -> tuple[str, ...]:
    """The requirements of one dependency group."""
    return tuple(nox.project.dependency_groups(PROJECT, name))


def installed(session: nox.Session) -> str:
    """The folder of the installed package, so that its docstrings are run as users get them."""
    where = session.run("python", "-c", "import qsafety; print(qsafety.__path__[0])", silent=True, log=False)
    return str(where).strip()


@nox.session
def lint(session: nox.Session) -> None:
    """Style, format and the import ladder."""
    session.install(*group("lint"))
    session.run("ruff", "check", "--quiet")
    session.run("ruff", "format", "--check", "--quiet")
    session.run("lint-imports", "--no-logo", "--no-cache", env={"PYTHONPATH": "src"})


@nox.session
def types(session: nox.Session) -> None:
    """Mypy and pyright, both strict."""
    session.install(".[all]", *group("types"))
    session.run("mypy")
    session.run("pyright")


@nox.session
def tests(session: nox.Session) -> None:
    """Tests, documents, docstrings and examples; arguments after ``--`` go to pytest."""
    session.install(".[all]", *group("test"))
    session.run("pytest", *(session.posargs or ("-n", "auto", "tests", installed(session))))


@nox.session(default=False)
def docs(session: nox.Session) -> None:
    """Only the documents, the examples and the docstrings, for whoever writes them."""
    session.install(".[all]", *group("test"))
    session.run("pytest", *DOCUMENTS, installed(session), *session.posargs)


@nox.session(default=False)
def lowest(session: nox.Session) -> None:
    """The tests with the lowest versions that pyproject.toml allows."""
    sections = [PROJECT["project"]["dependencies"], *PROJECT["project"]["optional-dependencies"].values()]
    requirements = [Requirement(text) for section in sections for text in section if not text.startswith("qsafety[")]
    constraints = Path(session.create_tmp()) / "lowest.txt"
    floors = [f"{needed.name}=={bound.version}\n" for needed in requirements for bound in needed.specifier]
    constraints.write_text("".join(floors), encoding="utf-8")
    session.install("--constraint", str(constraints), ".[all]", *group("test"))
    session.run("pytest", "-n", "auto", "tests", installed(session), *session.posargs)


@nox.session(default=False)
def bench(session: nox.Session) -> None:
    """Every benchmark, written to docs/benchmarks.md; a missed goal is shown there, and fails the session."""
    # rfc8785 writes canonical JSON as others do: a peer to measure against, never a dependency
    session.install(".[all]", *group("test"), "rfc8785>=0.1.4")
    session.run("python", "benchmarks", *session.posargs)


@nox.session(default=False)
def faults(session: nox.Session) -> None:
    """The long trials (``nox -s faults -- storage`` for one part), written to docs/reliability.md; what should not be fails it."""
    session.install(".[all]", *group("test"))
    session.run("python", "faults", *session.posargs)


@nox.session(default=False)
def mutation(session: nox.Session) -> None:
    """Each predicate of the rules spoiled in turn: some test must see it. Writes docs/mutation.md; arguments go to the tool."""
    session.install(".[all]", *group("test"))
    session.run("python", "tools/mutation.py", "--results", session.create_tmp(), *session.posargs)
