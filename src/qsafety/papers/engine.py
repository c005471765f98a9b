"""Filling a Word template, always in a sandbox; the one module that knows docxtpl.

docxtpl is the documented way and the reference. A template of ours is compiled once and filled by :mod:`qsafety.papers.compiled`, to the
same document and many times faster; what that cannot do goes the documented way, and the log says why.
"""

import builtins
import html
import io
import logging
import os
import re
from collections.abc import Mapping
from functools import lru_cache
from importlib import import_module
from typing import TYPE_CHECKING, Any

import attrs

from qsafety.bilingual import Bilingual, same
from qsafety.errors import MissingExtraError, PaperError, nearest
from qsafety.papers.packages import Properties, digest, settle

if TYPE_CHECKING:
    from qsafety.papers.compiled import Compiled
    from qsafety.papers.sandbox import Sandbox

log = logging.getLogger(__name__)

NO_VARIABLE = "which is no variable of it"
_WORDS: Mapping[type[Exception], Bilingual] = {
    MemoryError: Bilingual("占用内存过多", "it takes too much memory"),
    RecursionError: Bilingual("嵌套过深", "it is nested too deeply"),
}


@attrs.frozen
class Package:
    """A filled template: the Word file, and the digest of its parts."""

    bytes: builtins.bytes = attrs.field(repr=lambda content: f"<{len(content)} bytes>")
    sha256: str


@lru_cache(maxsize=1)
def environment() -> "Sandbox":
    """The one environment in which templates run. Without jinja2: :class:`MissingExtraError`."""
    try:
        from qsafety.papers.sandbox import Sandbox
    except ImportError:
        raise MissingExtraError("docx", "docxtpl") from None
    return Sandbox()


def open_template(template: bytes) -> Any:
    """The template in docxtpl's hands. Without docxtpl: :class:`MissingExtraError`."""
    try:
        document: Any = import_module("docxtpl").DocxTemplate(io.BytesIO(template))
    except ImportError:
        raise MissingExtraError("docx", "docxtpl") from None
    return document


@lru_cache(maxsize=64)
def compiled(template: bytes) -> "Compiled":
    """The template compiled, once per process."""
    sandbox = environment()
    document = open_template(template)
    from qsafety.papers.compiled import Compiled

    made = Compiled(document, sandbox)
    if made.why is not None:
        log.warning("a template is filled by docxtpl, many times slower: %s", made.why.en)
    return made


def package(template: bytes, variables: Mapping[str, Any], properties: Properties, *, name: str) -> Package:
    """The template filled with plain variables, settled, with its digest; ``name`` is the template's, for messages.

    A variable that is not there, an unknown filter, a forbidden attribute, a broken loop: :class:`PaperError` that names it and the text
    around it.
    """
    return _filled(template, variables, properties, name)


def fill(template: bytes, variables: Mapping[str, Any], *, name: str) -> bytes:
    """The same with the properties that stand in the template; where docxtpl did it, as it saved it."""
    return _filled(template, variables, None, name).bytes


def documented(template: bytes, variables: Mapping[str, Any], *, name: str) -> bytes:
    """The same as docxtpl fills and saves it: slower, and neither times nor order are settled."""
    sandbox = environment()
    document = open_template(template)
    from qsafety.papers.sandbox import fill_properties, property_texts

    try:
        document.init_docx()
        properties = property_texts(document.docx.core_properties)
        document.render(dict(variables), sandbox)
        fill_properties(document.docx.core_properties, properties, variables)
        filled = io.BytesIO()
        document.save(filled)
    except Exception as error:  # whatever a template can make docxtpl, jinja2, lxml and python-docx raise
        raise refusal(error, name, variables) from None
    return filled.getvalue()


def _filled(template: bytes, variables: Mapping[str, Any], properties: Properties | None, name: str) -> Package:
    try:
        made = compiled(template)
        if made.why is None:
            content, sha256 = made.package(variables, properties)
            return Package(content, sha256)
    except MissingExtraError:
        raise
    except Exception as error:
        log.info("template %s: %s; docxtpl will say more", name, error)
    slow = documented(template, variables, name=name)
    content = settle(slow, properties) if properties else slow
    return Package(content, digest(content))


def fill_foreign(path: str | os.PathLike[str], context: Mapping[str, Any]) -> bytes:
    """A template from outside filled with plain data: scanned before it is opened, rendered in a child process with limits.

    A hostile or damaged package, a template that asks for what is not there, and one that takes too long or too much memory are each a
    :class:`PaperError` that says what and where. Limits: :class:`qsafety.papers.child.Limits`.
    """
    from qsafety.papers.child import in_child
    from qsafety.papers.scan import read

    file = os.path.basename(os.fspath(path))
    return in_child("fill", read(path), dict(context), name=file)


def foreign_package(path: str | os.PathLike[str], variables: Mapping[str, Any], properties: Properties) -> Package:
    """:func:`fill_foreign`, settled, with its digest."""
    settled = settle(fill_foreign(path, variables), properties)
    return Package(settled, digest(settled))


def refusal(error: Exception, name: str, variables: Mapping[str, Any]) -> PaperError:
    """What a template raised, with its name and the text where it happened."""
    text = _text_at(error)
    near_zh, near_en = (f"，在“{text}”附近", f", near “{text}”") if text else ("", "")
    said = next((words for kind, words in _WORDS.items() if isinstance(error, kind)), None)
    said = said or same(str(error) or type(error).__name__)
    missing = re.fullmatch(r"'(.+)' is undefined|.*has no attribute '(.+)'", said.en)
    if missing is None:
        return PaperError(Bilingual(f"模板 {name} 有错：{said.zh}{near_zh}", f"template {name}: {said.en}{near_en}"))
    word = missing[1] or missing[2]
    near = nearest(word, [*variables, *sorted(_fields(variables))])
    return PaperError(
        Bilingual(
            f"模板 {name} 用了不存在的变量“{word}”{near_zh}",
            f"template {name} uses {word!r}, {NO_VARIABLE}{near_en}",
        ),
        advice=Bilingual(f"是否为“{near}”？", f"Did you mean {near!r}?") if near else None,
    )


def _fields(variables: Mapping[str, Any]) -> set[str]:
    rows = (row for table in variables.values() if isinstance(table, list) for row in table)
    return {str(key) for row in rows if isinstance(row, dict) for key in row}


def _text_at(error: Exception) -> str:
    """The text of the template around an error: jinja2 says the line, docxtpl begins a line with each paragraph."""
    source, line = "", getattr(error, "lineno", None)
    frames = error.__traceback__
    while frames is not None:
        frame = frames.tb_frame
        if frame.f_code.co_name == "render_xml_part":
            source = str(frame.f_locals.get("src_xml", source))
        if frame.f_code.co_filename == "<template>":
            line = frames.tb_lineno
        frames = frames.tb_next
    lines = source.split("\n")
    if not line or line > len(lines):
        return ""
    text = html.unescape(re.sub(r"<[^>]*>?", "", lines[line - 1])).strip()
    return text if len(text) <= 60 else text[:60] + "…"
