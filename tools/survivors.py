"""What became of the mutants, module by module, the reasons of the survivors, and the page that shows both."""

import json
import tomllib
from collections import Counter
from collections.abc import Mapping, Sequence
from pathlib import Path

REASONS = Path(__file__).parent / "survivors.toml"
PAGE = Path(__file__).parents[1] / "docs" / "mutation.md"

Key = tuple[str, str, str, str]
"""Module, function, the text of the line, the change."""


def reasons() -> dict[Key, str]:
    """Why a survivor is left, by its key."""
    rows = tomllib.loads(REASONS.read_text("utf-8"))["survivor"] if REASONS.exists() else []
    return {(r["module"], r["function"], r["line"], r["change"]): r["reason"] for r in rows}


def kept(folder: Path, module: str) -> dict[Key, str]:
    """What became of each mutant of a module the last time; nothing where it never ran."""
    path = folder / f"{module}.json"
    rows = json.loads(path.read_text("utf-8")) if path.exists() else []
    return {(r[0], r[1], r[2], r[3]): r[4] for r in rows}


def keep(folder: Path, module: str, fates: Mapping[Key, str], keys: Sequence[Key], *, again: bool) -> None:
    """One file a module, so that a module, or what is not settled in it, can be run again alone."""
    known = (kept(folder, module) if again else {}) | dict(fates)
    folder.mkdir(parents=True, exist_ok=True)
    there = [[*key, known[key]] for key in dict.fromkeys(keys) if key in known]
    (folder / f"{module}.json").write_text(json.dumps(there, ensure_ascii=False, indent=0), "utf-8")


def settled(fates: Mapping[Key, str], keys: Sequence[Key], known: Mapping[Key, str]) -> bool:
    """Whether a module is done: each of its mutants was tried, and each survivor has its reason."""
    return bool(fates) and all(key in fates and (fates[key] != "survived" or key in known) for key in keys)


def write_page(
    found: Mapping[str, Mapping[Key, str]], keys: Mapping[str, Sequence[Key]], known: Mapping[Key, str]
) -> list[str]:
    """``docs/mutation.md``: the figures and survivors of the modules that are done; their names are returned."""
    figures = [
        "| 模块 module | 变异 mutants | 发现 caught | 超时 timeout | 存活 survivors |",
        "|---|---:|---:|---:|---:|",
    ]
    total, done = Counter[str](), []
    left = ["| 模块 module | 函数 function | 那一行 line | 改动 change | 理由 reason |", "|---|---|---|---|---|"]
    for module, fates in found.items():
        if not settled(fates, keys[module], known):
            figures.append(f"| `{module}` | — | — | — | — |")
            continue
        done.append(module)
        count = Counter(fates[key] for key in dict.fromkeys(keys[module]))
        total += count
        figures.append(_figures(f"`{module}`", count))
        for key in dict.fromkeys(keys[module]):
            if fates[key] == "survived":
                name, function, line, change = (text.replace("|", "\\|") for text in key)
                left.append(f"| `{name}` | `{function}` | `{line}` | `{change}` | {known[key]} |")
    figures.append(_figures("**合计 total**", total))
    text = PAGE.read_text("utf-8").partition("<!-- figures -->")[0]
    parts = [f"{text}<!-- figures -->", "\n".join(figures), "## 存活的变异 · Survivors", "\n".join(left)]
    PAGE.write_text("\n\n".join(parts) + "\n", "utf-8")
    return done


def _figures(name: str, count: Counter[str]) -> str:
    return f"| {name} | {count.total()} | {count['caught']} | {count['timeout']} | {count['survived']} |"
