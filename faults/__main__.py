"""Runs the long trials of this folder, and writes each part's section of ``docs/reliability.md``.

``python faults`` (or ``nox -s faults``) runs every part, ``python faults storage`` one of them; with ``--short`` a few of each
trial, and nothing is written. A part is a script with ``outcomes(short)``, which yields an :class:`~outcome.Outcome` for each kind
of trial. The exit status is 1 where anything was found that should not be; the page is written all the same, and says what.
"""

import platform
import re
import sys
from collections.abc import Iterable, Iterator
from datetime import date
from importlib import import_module
from importlib.metadata import version
from pathlib import Path
from types import ModuleType

from outcome import Outcome

HERE = Path(__file__).parent
sys.path.append(str(HERE.parent))  # the servers that the tests start are used here too
PAGE = HERE.parent / "docs" / "reliability.md"

INTRODUCTION = """# 可靠性 Reliability

每一项都是真的：真的进程、真的磁盘、真的服务器，逐一注入故障，再数一遍留下了什么。粗体表示出现了不应有的结果。重新运行：`nox -s faults`。

Nothing here is simulated in the program: real processes, disks and servers, one fault after another, and what was left is counted.
Bold: something was found that should not be. `nox -s faults` runs everything again and rewrites this page.
"""


def parts(names: Iterable[str]) -> Iterator[ModuleType]:
    """The scripts of this folder that try something, or those that are named."""
    wanted = set(names)
    every = not wanted
    for path in sorted(HERE.glob("*.py")):
        if path.stem != "__main__" and (every or path.stem in wanted):
            module = import_module(path.stem)
            if hasattr(module, "outcomes"):
                wanted.discard(path.stem)
                yield module
    if wanted:
        raise SystemExit(f"no such part: {', '.join(sorted(wanted))}")


def section(module: ModuleType, outcomes: Iterable[Outcome], libraries: Iterable[str]) -> str:
    """A part's section: the docstring, the machine, and a table."""
    title, _, more = (module.__doc__ or module.__name__).strip().partition("\n\n")
    used = ", ".join(f"{name} {version(name)}" for name in ("qsafety", *libraries))
    system = f"{platform.machine()} {platform.system()} {platform.release().partition('-')[0]}"
    machine = f"{system}, Python {platform.python_version()}, {used}, {date.today()}."
    lines = [
        f"<!-- {module.__name__} -->",
        f"## {' '.join(title.split()).rstrip('.')}",
        "",
        *([more.replace("``", "`").strip(), ""] if more.strip() else []),
        machine,
        "",
        "| trial | times | found |",
        "|---|---|---|",
        *(outcome.row for outcome in outcomes),
        f"<!-- /{module.__name__} -->",
    ]
    return "\n".join(lines)


def write(name: str, text: str) -> None:
    """Put a section in its place, or at the end; the other sections stay as they are."""
    page = PAGE.read_text("utf-8") if PAGE.exists() else INTRODUCTION
    found = re.search(rf"<!-- {name} -->.*?<!-- /{name} -->", page, flags=re.DOTALL)
    page = page.replace(found[0], text) if found else f"{page.rstrip()}\n\n{text}\n"
    PAGE.write_text(page, encoding="utf-8")


def main(*arguments: str) -> int:
    """All parts, or those that are named."""
    short = "--short" in arguments
    well = True
    for module in parts(argument for argument in arguments if argument != "--short"):
        outcomes: list[Outcome] = []
        for outcome in module.outcomes(short):
            print(outcome, flush=True)
            outcomes.append(outcome)
        if not short:
            write(module.__name__, section(module, outcomes, getattr(module, "LIBRARIES", ())))
        well &= all(outcome.well for outcome in outcomes)
    return 0 if well else 1


if __name__ == "__main__":
    sys.exit(main(*sys.argv[1:]))
