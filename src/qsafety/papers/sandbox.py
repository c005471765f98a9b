"""The environment in which every template runs: sandboxed, immutable, escaping, strict, with plain data only.

docxtpl's own defaults run code from a template, blank a missing variable, and drop text such as ``电线<2.5mm²``. Here a template reads
texts, numbers, flags, lists and the fields of rows, and the counters of a loop; every attribute and method of a Python object is closed.
"""

import re
from collections.abc import Callable, Mapping, Sequence
from typing import Any

from jinja2 import StrictUndefined, Undefined, nodes
from jinja2.compiler import CodeGenerator, Frame
from jinja2.exceptions import SecurityError
from jinja2.runtime import LoopContext
from jinja2.sandbox import ImmutableSandboxedEnvironment
from markupsafe import Markup, escape

# fmt: off
FILTERS = (
    "abs", "batch", "count", "d", "default", "first", "float", "int", "join", "last", "length", "list", "lower", "replace",
    "reverse", "round", "slice", "string", "title", "trim", "truncate", "unique", "upper",
)
"""What a template may apply. Nothing that marks text as safe, formats, or draws lots."""

TESTS = (
    "==", "!=", "<", "<=", ">", ">=", "boolean", "defined", "divisibleby", "eq", "equalto", "even", "false", "ge", "gt", "in",
    "le", "lt", "ne", "none", "number", "odd", "sameas", "string", "true", "undefined",
)
# fmt: on
GLOBALS = ("range",)

TEXT_PROPERTIES = ("author", "comments", "identifier", "language", "subject", "title")
"""The core properties that docxtpl renders."""

_UNFIT = "\x00-\x08\x0b\x0c\x0e-\x1f\ud800-\udfff\ufffe\uffff"  # what XML cannot carry, not even escaped
_LOUD = re.compile(f"[&<>\"'_{{{_UNFIT}]").search
_UNFIT_IN = re.compile(f"[{_UNFIT}]").search


def literal(value: Any) -> str:
    """A value as text of XML. Only texts and numbers are printed; what is undefined raises."""
    if isinstance(value, str):
        if _LOUD(value) is None:
            return str(value)
        value = text(value)
        if isinstance(value, Markup):
            return str(value)  # the template's own words
        # docxtpl turns "{_{" into "{{" after rendering, and renders footnotes once for each section:
        # as character references both stay what they are
        return str(escape(value)).replace("_", "&#95;").replace("{", "&#123;")
    return text(value)


def text(value: Any) -> str:
    """A value as plain text, for the properties of a document, which docxtpl would escape twice."""
    if isinstance(value, str):
        unfit = _UNFIT_IN(value)
        if unfit is not None:
            raise SecurityError(f"a paper cannot hold the character U+{ord(unfit[0]):04X}")
        return value
    if isinstance(value, int | float | Undefined):
        return str(value)
    raise SecurityError(f"only texts and numbers are printed, not {type(value).__name__}")


def _as_it_is(value: Any) -> Any:
    """``|e``: everything is escaped when it is printed, and only then."""
    return value


class _EscapesOnce(CodeGenerator):
    """:func:`literal` escapes, so that the code which jinja2 makes need not do it again: half the time of a long table."""

    def _output_child_pre(self, node: nodes.Expr, frame: Frame, finalize: Any) -> None:
        self.write("environment.finalize(")

    def visit_Getattr(self, node: nodes.Getattr, frame: Frame) -> None:
        """A field of a row is looked up where it stands; all else is asked of :meth:`Sandbox.getattr`."""
        if not isinstance(node.node, nodes.Name) or node.ctx != "load":
            super().visit_Getattr(node, frame)
            return
        name = repr(node.attr)
        self.write("(")
        self.visit(node.node, frame)
        self.write(f"[{name}] if type(")
        self.visit(node.node, frame)
        self.write(f") is dict and {name} in ")
        self.visit(node.node, frame)
        self.write(" else ")
        super().visit_Getattr(node, frame)
        self.write(")")

    def _output_child_post(self, node: nodes.Expr, frame: Frame, finalize: Any) -> None:
        self.write(")")


class Sandbox(ImmutableSandboxedEnvironment):
    """See the module. A field of a row comes before any method of ``dict``, so ``row.items`` is the field."""

    code_generator_class = _EscapesOnce

    def __init__(self, finalize: Callable[[Any], str] = literal) -> None:
        super().__init__(autoescape=finalize is literal, undefined=StrictUndefined, finalize=finalize)
        self.filters = {name: self.filters[name] for name in FILTERS} | {"e": _as_it_is, "escape": _as_it_is}
        self.tests = {name: self.tests[name] for name in TESTS}
        self.globals = {name: self.globals[name] for name in GLOBALS}

    def getattr(self, obj: Any, attribute: str) -> Any:
        """A field of a row, or a counter of a loop."""
        if type(obj) is dict:
            try:
                return obj[attribute]
            except KeyError:
                return self.undefined(obj=obj, name=attribute)
        return super().getattr(obj, attribute)

    def is_safe_attribute(self, obj: Any, attr: str, value: Any) -> bool:
        """Whether a template may read an attribute: only a loop has any."""
        return isinstance(obj, LoopContext) and super().is_safe_attribute(obj, attr, value)

    def wrap_str_format(self, value: Any) -> None:
        """No ``str.format``, not even a safe one."""


def property_texts(core: Any) -> Sequence[str]:
    """The core properties that may hold tags, as they stand in a template."""
    return [str(getattr(core, name)) for name in TEXT_PROPERTIES]


def fill_properties(core: Any, texts: Sequence[str], variables: Mapping[str, Any]) -> None:
    """Fill the core properties: letter for letter, where docxtpl escapes text that is escaped again."""
    for name, given in zip(TEXT_PROPERTIES, texts, strict=True):
        setattr(core, name, _PROPERTIES.from_string(given).render(variables))


_PROPERTIES = Sandbox(text)
