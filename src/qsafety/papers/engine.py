"""Filling a Word template, always in a sandbox; the one module that knows docxtpl.

docxtpl's own defaults run code from a template, blank a missing variable, and drop text such as ``电线<2.5mm²``. Here the environment is
immutable and sandboxed, escapes, is strict about what is undefined, and knows few filters.
"""

import io
import re
from collections.abc import Mapping
from functools import lru_cache
from importlib import import_module
from typing import TYPE_CHECKING, Any

from qsafety.bilingual import Bilingual
from qsafety.errors import MissingExtraError, PaperError, nearest

if TYPE_CHECKING:
    from jinja2.sandbox import ImmutableSandboxedEnvironment

# fmt: off
FILTERS = (
    "abs", "batch", "count", "d", "default", "e", "escape", "first", "float", "int", "join", "last", "length", "list", "lower",
    "replace", "reverse", "round", "slice", "string", "title", "trim", "truncate", "unique", "upper",
)
"""What a template may apply. Nothing that marks text as safe, formats, or draws lots."""

TESTS = (
    "==", "!=", "<", "<=", ">", ">=", "boolean", "defined", "divisibleby", "eq", "equalto", "even", "false", "ge", "gt", "in",
    "le", "lt", "ne", "none", "number", "odd", "sameas", "string", "true", "undefined",
)
# fmt: on
GLOBALS = ("range",)


@lru_cache(maxsize=1)
def environment() -> "ImmutableSandboxedEnvironment":
    """The one environment in which templates run. Without jinja2: :class:`MissingExtraError`."""
    try:
        from jinja2 import StrictUndefined, Undefined
        from jinja2.exceptions import SecurityError
        from jinja2.sandbox import ImmutableSandboxedEnvironment
        from markupsafe import Markup, escape
    except ImportError:
        raise MissingExtraError("docx", "docxtpl") from None

    def literal(value: Any) -> Any:
        if isinstance(value, str):
            # docxtpl turns "{_{" into "{{" after rendering; as a character reference the text stays what it is
            return Markup(str(escape(value)).replace("_", "&#95;"))
        if isinstance(value, int | float | Undefined):
            return value
        raise SecurityError(f"only texts and numbers are printed, not {type(value).__name__}")

    sandbox = ImmutableSandboxedEnvironment(autoescape=True, undefined=StrictUndefined, finalize=literal)
    sandbox.filters = {name: sandbox.filters[name] for name in FILTERS}
    sandbox.tests = {name: sandbox.tests[name] for name in TESTS}
    sandbox.globals = {name: sandbox.globals[name] for name in GLOBALS}
    return sandbox


def fill(template: bytes, variables: Mapping[str, Any], *, name: str) -> bytes:
    """The template filled with plain variables, as docxtpl saves it; ``name`` is the template's, for messages.

    A variable that is not there, an unknown filter, a forbidden attribute: :class:`PaperError` that names it.
    """
    sandbox = environment()
    try:
        docx_template: Any = import_module("docxtpl").DocxTemplate
    except ImportError:
        raise MissingExtraError("docx", "docxtpl") from None
    from jinja2 import TemplateError

    document = docx_template(io.BytesIO(template))
    try:
        document.render(dict(variables), sandbox)
    except TemplateError as error:
        raise _refused(error, name, variables) from None
    filled = io.BytesIO()
    document.save(filled)
    return filled.getvalue()


def _refused(error: Exception, name: str, variables: Mapping[str, Any]) -> PaperError:
    text = str(error)
    missing = re.fullmatch(r"'(.+)' is undefined|.*has no attribute '(.+)'", text)
    if missing is None:
        return PaperError(Bilingual(f"模板 {name} 有错：{text}", f"template {name}: {text}"))
    word = missing[1] or missing[2]
    inner = {
        key
        for rows in variables.values()
        if isinstance(rows, list)
        for row in rows
        if isinstance(row, dict)
        for key in row
    }
    near = nearest(word, [*variables, *sorted(inner)])
    return PaperError(
        Bilingual(
            f"模板 {name} 用了不存在的变量“{word}”", f"template {name} uses {word!r}, which is no variable of it"
        ),
        advice=Bilingual(f"是否为“{near}”？", f"Did you mean {near!r}?") if near else None,
    )
