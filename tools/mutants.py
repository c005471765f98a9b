"""The mutants of a module: each predicate of it flipped or removed, one at a time.

``tools/mutation.py`` runs the tests against them; ``docs/mutation.md`` tells what is changed and what is left alone.
"""

import ast
import copy
import re
from collections.abc import Iterator, Mapping, Sequence
from pathlib import Path
from typing import NamedTuple

FLIPPED: Mapping[type[ast.cmpop], type[ast.cmpop]] = {
    ast.Lt: ast.LtE,
    ast.LtE: ast.Lt,
    ast.Gt: ast.GtE,
    ast.GtE: ast.Gt,
    ast.Eq: ast.NotEq,
    ast.NotEq: ast.Eq,
    ast.Is: ast.IsNot,
    ast.IsNot: ast.Is,
    ast.In: ast.NotIn,
    ast.NotIn: ast.In,
}
NAMES = {"any": "all", "all": "any", "min": "max", "max": "min", "either": "both", "both": "either"}
"""Functions that take the same arguments and answer otherwise; the last pair is three-valued (``dossier/known.py``)."""
WORDS = (ast.JoinedStr, ast.Constant)


class Mutant(NamedTuple):
    """A change of one place: ``key`` names it without its line number, so that a reason outlives an edit elsewhere.

    ``span`` is the first and the last line of the statement, or of the head of an ``if`` or a loop: tests that run none
    of these lines cannot see the change.
    """

    module: str
    function: str
    number: int
    span: tuple[int, int]
    line: str
    change: str
    tree: ast.Module

    @property
    def key(self) -> tuple[str, str, str, str]:
        """What a reason names it by."""
        return self.module, self.function, self.line, self.change


Place = tuple[tuple[str, int | None], ...]
"""The way from a module to a node: fields, with the index in each list."""


def mutants(path: Path, enums: Mapping[str, Sequence[str]]) -> Iterator[Mutant]:
    """All mutants of a file, in the order of its lines; ``enums`` gives the members of those whose constants are exchanged."""
    text = path.read_text("utf-8")
    lines, tree = text.splitlines(), ast.parse(text)
    seen: set[tuple[int, str]] = set()
    for place, node, function, span in _places(tree):
        for changed in _changes(node, enums):
            number: int = getattr(node, "lineno", span[0])
            change = f"{_short(node)} → {_short(changed)}"
            if (number, change) not in seen:
                seen.add((number, change))
                line = lines[number - 1].strip()
                yield Mutant(path.stem, function, number, span, line, change, _put(tree, place, changed))


def _short(node: ast.AST | None) -> str:
    """A node in a line; of a branch or a loop its condition alone."""
    shown = node.test if isinstance(node, ast.If | ast.While) else node
    text = re.sub(r"\s+", " ", ast.unparse(shown)) if shown is not None else "pass"
    return text if len(text) <= 100 else f"{text[:97]}..."


def _span(node: ast.stmt) -> tuple[int, int]:
    heads = [n for f in ("test", "target", "iter", "subject") if isinstance(n := getattr(node, f, None), ast.expr)]
    if heads and hasattr(node, "body"):
        return min(node.lineno, *(h.lineno for h in heads)), max(h.end_lineno or h.lineno for h in heads)
    return node.lineno, node.end_lineno or node.lineno


def _places(tree: ast.Module) -> Iterator[tuple[Place, ast.AST, str, tuple[int, int]]]:
    """Every node inside a function with its outermost function, but for annotations, defaults, decorators and f-strings."""
    todo: list[tuple[Place, ast.AST, str, tuple[int, int] | None]] = [((), tree, "", None)]
    while todo:
        place, node, function, span = todo.pop()
        if span is not None:
            span = _span(node) if isinstance(node, ast.stmt) else span
            yield place, node, function, span
        fields: Sequence[str] = node._fields
        if isinstance(node, ast.ClassDef | ast.FunctionDef):
            fields = ("body",)
            if span is None:
                function = f"{function}.{node.name}".lstrip(".")
                span = (0, 0) if isinstance(node, ast.FunctionDef) else None
        below: list[tuple[Place, ast.AST, str, tuple[int, int] | None]] = []
        for field in fields:
            value = getattr(node, field, None)
            rows = enumerate(value) if isinstance(value, list) else [(None, value)]
            for index, child in rows:
                shown = isinstance(child, ast.JoinedStr | ast.arguments) or field == "annotation"
                if isinstance(child, ast.AST) and not shown:
                    below.append(((*place, (field, index)), child, function, span))
        todo.extend(reversed(below))


def _changes(node: ast.AST, enums: Mapping[str, Sequence[str]]) -> Iterator[ast.AST | None]:
    """What a node may become; None: the statement goes."""
    match node:
        case ast.Compare(ops=ops):
            for i, op in enumerate(ops):
                changed = copy.copy(node)
                changed.ops = [*ops[:i], FLIPPED[type(op)](), *ops[i + 1 :]]
                yield changed
        case ast.BoolOp(op=op, values=values):
            yield ast.BoolOp(ast.Or() if isinstance(op, ast.And) else ast.And(), values)
            for i in range(len(values)):
                left = [*values[:i], *values[i + 1 :]]
                yield left[0] if len(left) == 1 else ast.BoolOp(op, left)
        case ast.UnaryOp(op=ast.Not(), operand=operand):
            yield operand
        case ast.If(test=test, body=body, orelse=orelse):
            for answer in (True, False):
                yield ast.If(_at(ast.Constant(answer), test), body, orelse)
        case ast.While(body=body, orelse=orelse, test=test):
            yield ast.While(_at(ast.Constant(False), test), body, orelse)
        case ast.IfExp(body=body, orelse=orelse) if not (isinstance(body, WORDS) and _shown(body)):
            yield body
            yield orelse
        case ast.ListComp() | ast.SetComp() | ast.GeneratorExp() | ast.DictComp():
            yield from _conditions(node)
        case ast.Constant(value=bool(value)):
            yield ast.Constant(not value)
        case ast.Constant(value=int(value)):
            yield ast.Constant(value + 1)
            yield ast.Constant(value - 1)
        case ast.BinOp(left=left, op=ast.Add() | ast.Sub() as op, right=right) if not any(map(_text, (left, right))):
            yield ast.BinOp(left, ast.Sub() if isinstance(op, ast.Add) else ast.Add(), right)
        case ast.Attribute(value=ast.Name(id=enum), attr=member) if member in enums.get(enum, ()):
            members = enums[enum]
            yield ast.Attribute(
                ast.Name(enum, ast.Load()), members[(members.index(member) + 1) % len(members)], ast.Load()
            )
        case ast.Name(id=name, ctx=ast.Load()) if name in NAMES:
            yield ast.Name(NAMES[name], ast.Load())
        case ast.Expr(value=ast.Yield() | ast.YieldFrom()):
            yield ast.Expr(_at(ast.YieldFrom(ast.Tuple([], ast.Load())), node))
        case ast.Expr(value=ast.Call()) | ast.Continue() | ast.Break():
            yield ast.Pass()
        case ast.Return():
            yield None


def _conditions(node: ast.expr) -> Iterator[ast.expr]:
    """Each condition of a comprehension removed, or never true."""
    for g, generator in enumerate(node.generators):  # type: ignore[attr-defined]  # only comprehensions come here
        for i, condition in enumerate(generator.ifs):
            for kept in ([], [_at(ast.Constant(False), condition)]):
                changed = copy.deepcopy(node)
                changed.generators[g].ifs[i : i + 1] = kept  # type: ignore[attr-defined]
                yield changed


def _shown(node: ast.expr) -> bool:
    """Whether a text is only shown: it is not a word of the code, such as the name of a reason."""
    return isinstance(node, ast.JoinedStr) or (isinstance(node, ast.Constant) and not str(node.value).isidentifier())


def _text(node: ast.expr) -> bool:
    return isinstance(node, ast.JoinedStr | ast.IfExp) or (
        isinstance(node, ast.Constant) and isinstance(node.value, str)
    )


def _at(new: ast.expr, old: ast.AST) -> ast.expr:
    return ast.copy_location(new, old)


def _put(tree: ast.Module, place: Place, new: ast.AST | None) -> ast.Module:
    """A copy of a module with another node in this place; only the way to it is copied."""
    root = copy.copy(tree)
    node: ast.AST = root
    for depth, (field, index) in enumerate(place):
        child = getattr(node, field)
        last = depth == len(place) - 1
        if index is None:
            old, below = child, new if last else copy.copy(child)
            setattr(node, field, _placed(below, old))
        else:
            old, below = child[index], new if last else copy.copy(child[index])
            rows = list(child)
            rows[index] = _placed(below, old)
            setattr(node, field, rows)
        if not last:
            assert below is not None
            node = below
    return ast.fix_missing_locations(root)


def _placed(new: ast.AST | None, old: ast.AST) -> ast.AST:
    return ast.copy_location(new if new is not None else ast.Pass(), old)
