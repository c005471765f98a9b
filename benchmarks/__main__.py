"""Runs every benchmark of this folder and writes ``docs/benchmarks.md`` and ``docs/pictures/growth.svg``.

``python benchmarks`` (or ``nox -s bench``). A script with ``rows()`` is compared with a peer, one with ``limits()`` has limits of its
own. The exit status is 1 where a goal was missed; the page is written all the same, and says which.
"""

import os
import sys
from collections.abc import Iterator, Sequence
from importlib import import_module
from pathlib import Path
from types import ModuleType

import growth
from assess import Growth
from assess import growth as grown
from limits import Limit
from measure import Row, environment, table

HERE = Path(__file__).parent
DOCS = HERE.parent / "docs"
LIBRARIES = ("attrs", "cattrs", "msgspec", "orjson", "python-dateutil")

INTRODUCTION = """# 性能 Benchmarks

两边在同一次运行里交替测量，取中位数，先核对两边结果相等；**只有比值有意义**，绝对时间随机器而变。粗体表示没有达到目标。
重新测量：`nox -s bench`。

Both sides are measured in turn, in one run, by the median, after their results were found equal; **only the ratios mean anything**, for
absolute times change with the machine. Bold: the goal was missed. `nox -s bench` measures again and rewrites this page.
"""


def scripts() -> Iterator[ModuleType]:
    """The scripts of this folder that measure something."""
    for path in sorted(HERE.glob("*.py")):
        if path.stem != "__main__":
            module = import_module(path.stem)
            if hasattr(module, "rows") or hasattr(module, "limits"):
                yield module


def title(module: ModuleType) -> str:
    """The first sentence of its docstring, without the markup of code."""
    words = " ".join((module.__doc__ or module.__name__).partition("\n\n")[0].split())
    return words.rstrip(".").replace("``", "`")


def limit_table(limits: Sequence[Limit]) -> Iterator[str]:
    """The limits as lines of a Markdown table."""
    yield "| what | measured | goal |"
    yield "|---|---|---|"
    for limit in limits:
        measured = limit.measured
        yield f"| {limit.what} | {measured if limit.kept else f'**{measured}**'} | at most {limit.limit * 1e3:g} ms |"


def growth_table(sizes: Sequence[Growth]) -> Iterator[str]:
    """How the assessment grows, as lines of a Markdown table."""
    yield "| outlets | months | facts | processor time | of each fact |"
    yield "|---|---|---|---|---|"
    for size in sizes:
        took = f"{size.seconds * 1e3:.3g} ms" if size.seconds < 1 else f"{size.seconds:.3g} s"
        yield f"| {size.outlets} | {size.months} | {size.facts:,} | {took} | {size.each * 1e6:.0f} µs |"


def section(module: ModuleType) -> tuple[list[str], bool]:
    """The lines of a script's section, and whether every goal was reached."""
    lines = [f"## {title(module)}", ""]
    well = True
    if hasattr(module, "rows"):
        rows: list[Row] = []
        for row in module.rows():
            print(row, flush=True)
            rows.append(row)
        lines += [*table(rows), ""]
        well &= all(row.ratio >= row.goal for row in rows)
    if hasattr(module, "limits"):
        limits: list[Limit] = []
        for limit in module.limits():
            print(limit, flush=True)
            limits.append(limit)
        lines += [*limit_table(limits), ""]
        well &= all(limit.kept for limit in limits)
    return lines, well


def busy() -> str:
    """Whether other programs were running, where the system tells: the ratios are less certain then."""
    load = os.getloadavg()[0] if hasattr(os, "getloadavg") else 0.0
    return f"; other programs were running (load {load:.1f})" if load > 1 else ""


def main() -> int:
    """All of them; the page; the plot."""
    head = environment(*LIBRARIES) + busy()
    print(head)
    page = [INTRODUCTION, head + ".", ""]
    well = True
    for module in scripts():
        print(f"\n{title(module)}", flush=True)
        lines, reached = section(module)
        page += lines
        well &= reached
        if module.__name__ == "assess":
            sizes = []
            for size in grown():
                print(size, flush=True)
                sizes.append(size)
            (DOCS / "pictures" / "growth.svg").write_text(growth.drawn(sizes), encoding="utf-8")
            page += ["![Time against facts: a straight line](pictures/growth.svg)", "", *growth_table(sizes), ""]
    (DOCS / "benchmarks.md").write_text("\n".join(page).rstrip() + "\n", encoding="utf-8")
    return 0 if well else 1


if __name__ == "__main__":
    sys.exit(main())
