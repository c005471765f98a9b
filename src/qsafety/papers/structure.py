"""What is known of every document that a template can give, before any is filled.

A template's tree is read, not its text: each arm of an ``if`` or ``for`` must be well-formed XML where it stands. Then every mixture of
arms is, and what holds of all arms together holds of each document.
"""

import re
from collections.abc import Iterator, Sequence
from importlib import import_module
from typing import Any
from xml.parsers import expat

import attrs
from jinja2 import Environment, nodes

from qsafety.bilingual import Bilingual

etree: Any = import_module("lxml.etree")  # has no types

EMPTY_TABLE = "</w:tblGrid></w:tbl>"
"""A table of which no row was printed: docxtpl takes its columns away."""

_VALUE = "\ue000"  # stands where a value is printed
_W = "{http://schemas.openxmlformats.org/wordprocessingml/2006/main}"
_ELEMENT = re.compile(r"<(/?)([\w:]+)[^>]*?(/?)>")
_BLOCKS = frozenset({"w:p", "w:tc", "w:tr", "w:tbl"})
_CELLS = frozenset({"w:tc", "w:tcPr", "w:gridSpan", "w:gridCol", "w:tblGrid"})
_CROSSED = Bilingual(
    "循环或条件的开头与结尾不在同一层", "a loop or condition begins in one element and ends in another"
)
_UNUSUAL = Bilingual("使用了宏、块或递归循环", "it uses a macro, a block or a recursive loop")


@attrs.frozen
class Structure:
    """``why`` says why a template cannot be filled without parsing; None: it can.

    ``plain_text``: values stand in texts of runs only. ``plain_paragraphs``: no paragraph holds another. ``settled``: no table has to be
    mended and no drawing renumbered, but a table left without rows, where ``may_empty``. ``braces``: it writes ``{_{`` for ``{{``.
    """

    why: Bilingual | None = None
    plain_text: bool = False
    plain_paragraphs: bool = False
    settled: bool = False
    may_empty: bool = True
    braces: bool = True


def read_structure(source: str, sandbox: Environment) -> Structure:
    """The structure of a source that docxtpl has patched. A broken one raises what jinja2 raises."""
    arms: list[_Arm] = []
    try:
        if re.search(r"{[{%][^{}]*<w:p[ >]", source):
            raise _Refused(_UNUSUAL)
        arms.append(_flat(sandbox.parse(source).body, arms))
        for arm in arms:
            _well_formed(arm.text)
        tree = etree.fromstring(arms[-1].text)
    except _Refused as refused:
        return Structure(why=refused.why)
    except (expat.ExpatError, etree.XMLSyntaxError):
        return Structure(why=_CROSSED)
    plain = _plain_paragraphs(tree, source)
    return Structure(
        plain_text=plain and _plain_text(tree),
        plain_paragraphs=plain,
        settled="docPr" not in source and _regular_tables(tree) and not any(_holds_cells(a.text) for a in arms[:-1]),
        may_empty=any(EMPTY_TABLE in arm.alone for arm in arms),
        braces=re.search("{_|_}|_%|%_", source) is not None,
    )


class _Refused(Exception):
    def __init__(self, why: Bilingual) -> None:
        super().__init__(why.en)
        self.why = why


@attrs.frozen
class _Arm:
    """``text``: with all arms inside it, one after the other. ``alone``: without them."""

    text: str
    alone: str


def _flat(body: Sequence[nodes.Node], arms: list[_Arm]) -> _Arm:
    """A sequence of nodes as text; each arm inside is added to ``arms``."""
    text = alone = ""
    for node in body:
        if isinstance(node, nodes.Output):
            said = "".join(c.data if isinstance(c, nodes.TemplateData) else _VALUE for c in node.nodes)
            text += said
            alone += said
        elif isinstance(node, nodes.For | nodes.If):
            if isinstance(node, nodes.For) and node.recursive:
                raise _Refused(_UNUSUAL)
            found = [_flat(arm, arms) for arm in _arms(node)]
            if text.rfind("<") > text.rfind(">"):  # inside a tag
                if any(re.search("[<>&\"']", arm.text) for arm in found):
                    raise _Refused(_CROSSED)
                found = found[:1]
            arms += found
            text += "".join(arm.text for arm in found)
        elif not isinstance(node, nodes.Assign):
            raise _Refused(_UNUSUAL)
    return _Arm(text, alone)


def crossings(template: nodes.Template) -> Iterator[int]:
    """The lines of the conditions and loops that begin in one paragraph, cell or row and end in another."""
    found: list[nodes.For | nodes.If] = [*template.find_all(nodes.For), *template.find_all(nodes.If)]
    for node in found:
        try:
            closed = [name for arm in _arms(node) for name in _well_formed(_flat(arm, []).text)]
        except (_Refused, expat.ExpatError):
            yield node.lineno
        else:
            if not _BLOCKS.isdisjoint(closed):
                yield node.lineno


def _arms(node: nodes.For | nodes.If) -> Iterator[Sequence[nodes.Node]]:
    yield node.body
    if isinstance(node, nodes.If):
        for other in node.elif_:
            yield from _arms(other)
    yield node.else_


def _well_formed(arm: str) -> Sequence[str]:
    """See that an arm, there or not, leaves the same elements open; the names of those that it closes and opens again.

    Where Word has split a line into runs, an arm ends one run and begins the next: ``：</w:t></w:r><w:r><w:t>``.
    """
    closed: list[str] = []
    opened: list[str] = []
    for slash, name, end in _ELEMENT.findall(arm):
        if end:
            continue
        if not slash:
            opened.append(name)
        elif opened:
            opened.pop()
        else:
            closed.append(name)
    if closed != opened[::-1]:
        raise _Refused(_CROSSED)
    before = "".join(f"<{name}>" for name in opened)
    after = "".join(f"</{name}>" for name in closed)
    parser = expat.ParserCreate()
    parser.Parse(f"<x>{before}{arm}{after}</x>".encode(), True)
    return closed


def _plain_paragraphs(tree: Any, text: str) -> bool:
    """Whether docxtpl, which finds paragraphs by their text, finds each by itself."""
    if re.search(r"<w:p [^>]*/>", text):
        return False
    paragraph = _W + "p"
    return not any(next(p.iterancestors(paragraph), None) is not None for p in tree.iter(paragraph))


def _plain_text(tree: Any) -> bool:
    """Whether values and line ends stand in texts of runs of paragraphs, and nowhere else."""
    for element in tree.iter():
        places = [element.tail or "", *element.attrib.values()]
        in_run = element.tag == _W + "t" and element.getparent().tag == _W + "r"
        if not in_run or next(element.iterancestors(_W + "p"), None) is None:
            places.append(element.text or "")
        if any(sign in place for place in places for sign in (_VALUE, "\n")):
            return False
    return True


def _regular_tables(tree: Any) -> bool:
    """Whether each row of each table has as many columns as its grid, so that docxtpl has nothing to mend."""
    for table in tree.iter(_W + "tbl"):
        grid = table.find(_W + "tblGrid")
        if grid is None or any(c.tail for c in table):
            return False
        if any(c.tag != _W + "tr" for c in grid.itersiblings()):
            return False
        columns = len(grid.findall(_W + "gridCol"))
        rows = list(table.iter(_W + "tr"))
        if not rows or any(_width(row) != columns for row in rows):
            return False
    return True


def _width(row: Any) -> int:
    width = 0
    for cell in row.findall(_W + "tc"):
        span = cell.find(f"{_W}tcPr/{_W}gridSpan")
        value = "1" if span is None else span.get(_W + "val", "")
        if not value.isdecimal():
            return -1
        width += int(value)
    return width


def _holds_cells(arm: str) -> bool:
    """Whether an arm adds cells to a row or columns to a grid that stand outside of it."""
    depth = 0
    for slash, name, end in _ELEMENT.findall(arm):
        if depth <= 0 and name in _CELLS:
            return True
        depth += -1 if slash else 0 if end else 1
    return False
