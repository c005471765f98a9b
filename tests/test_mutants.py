"""The mutants of a function are the changes that docs/mutation.md lists, each in its place and no other."""

import runpy
from pathlib import Path

import pytest

mutants = runpy.run_path(str(Path(__file__).parents[1] / "tools" / "mutants.py"))["mutants"]
ENUMS = {"Outcome": ["VIOLATED", "UNKNOWN", "SATISFIED"]}


def changes(folder: Path, body: str) -> set[str]:
    path = folder / "rule.py"
    path.write_text(f'def rule(a: int = 3, b: bool = True) -> object:\n    """Told."""\n{body}', "utf-8")
    return {m.change for m in mutants(path, ENUMS)}


@pytest.mark.parametrize(
    ("body", "expected"),
    [
        ("    yield a < b", {"a < b → a <= b", "yield (a < b) → yield from ()"}),
        ("    x = a is not b", {"a is not b → a is b"}),
        ("    x = a not in b", {"a not in b → a in b"}),
        ("    x = a and b", {"a and b → a or b", "a and b → b", "a and b → a"}),
        ("    x = not a", {"not a → a"}),
        ("    if a:\n        return 1", {"a → True", "a → False", "return 1 → pass", "1 → 2", "1 → 0"}),
        ("    while a:\n        break", {"a → False", "break → pass"}),
        (
            "    x = [y for y in a if y]",
            {"[y for y in a if y] → [y for y in a]", "[y for y in a if y] → [y for y in a if False]"},
        ),
        ("    x = any(a)", {"any → all"}),
        ("    x = max(a, b)", {"max → min"}),
        ("    x = a + b", {"a + b → a - b"}),
        ("    x = Outcome.SATISFIED", {"Outcome.SATISFIED → Outcome.VIOLATED"}),
        ("    x = Unknown.SATISFIED", set()),
        ("    a.append(b)", {"a.append(b) → pass"}),
        ("    x = 'one' if a else 'other'", {"'one' if a else 'other' → 'one'", "'one' if a else 'other' → 'other'"}),
        ("    x = f'{a or b}'", set()),
    ],
)
def test_what_a_predicate_becomes(tmp_path, body, expected):
    assert changes(tmp_path, body) == expected


def test_each_mutant_changes_its_own_place_alone(tmp_path):
    path = tmp_path / "rule.py"
    path.write_text("class Rule:\n    def holds(self, a, b):\n        return a < b or b < a\n", "utf-8")
    found = {m.change: m for m in mutants(path, {})}
    one = found["b < a → b <= a"]
    scope: dict[str, type] = {}
    exec(compile(one.tree, "rule.py", "exec"), scope)
    assert (scope["Rule"]().holds(1, 1), scope["Rule"]().holds(2, 3)) == (True, True)
    assert one.key == ("rule", "Rule.holds", "return a < b or b < a", "b < a → b <= a")
    assert (one.number, one.span) == (3, (3, 3))
