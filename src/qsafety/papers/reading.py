"""Reading a template for :func:`qsafety.papers.lint.lint`: its tags, its variables, and where they stand. Runs in the child process."""

import html
import re
from collections.abc import Iterator, Mapping
from importlib import import_module
from typing import Any

import attrs
from jinja2 import TemplateSyntaxError, nodes

from qsafety.bilingual import Bilingual
from qsafety.errors import PaperError, nearest
from qsafety.papers.engine import environment, open_template, refusal
from qsafety.papers.packages import CORE
from qsafety.papers.sandbox import property_texts
from qsafety.papers.structure import crossings

etree: Any = import_module("lxml.etree")  # has no types

_W = "{http://schemas.openxmlformats.org/wordprocessingml/2006/main}"
_TAG = re.compile(r"{{.*?}}|{%.*?%}|{#.*?#}", re.DOTALL)
_OPEN = re.compile(r"{[{%#]")
_ELEMENTS = {"tr": ("行", "row"), "tc": ("单元格", "cell"), "p": ("段落", "paragraph")}
_ENDS = {"endfor": "for", "endif": "if"}


def read_template(template: bytes, shapes: Mapping[str, Any], *, name: str) -> dict[str, Any]:
    """The problems of a template, of the paper it looks most like, and what it prints; all plain data."""
    try:
        parts = list(_parts(template))
    except PaperError:
        raise
    except Exception as error:  # whatever python-docx and lxml make of it
        raise refusal(error, name, {}) from None
    sources = [(part, _source(patched)) for part, _, patched in parts]
    parsed = [(part, source, _parsed(source)) for part, source in sources]
    names = {n.name for _, _, tree in parsed if isinstance(tree, nodes.Template) for n in tree.find_all(nodes.Name)}
    kind = max(shapes, key=lambda k: len(names & shapes[k].keys()))
    problems = [problem for part, xml, _ in parts if xml is not None for problem in _tags(part, xml)]
    uses = _Uses(shapes[kind])
    for part, source, tree in parsed:
        if isinstance(tree, TemplateSyntaxError):
            problems.append(_broken(part, source, tree))
            continue
        for line in crossings(tree):
            problems.append(_crossing(part, source, line))
        for line, word, near in uses.unknown(tree):
            problems.append(_unknown(part, source, line, word, near))
    return {"kind": kind, "problems": problems, "used": {name: sorted(fields) for name, fields in uses.used.items()}}


def _parts(template: bytes) -> Iterator[tuple[str, Any, str]]:
    """Each part that docxtpl fills: its name, its XML, and its source as docxtpl patches it; the properties are plain text."""
    document = open_template(template)
    document.init_docx()
    main = document.docx.part
    texts = [(main, document.get_xml())]
    for uri in (document.HEADER_URI, document.FOOTER_URI):
        texts += [(part, document.get_part_xml(part)) for _, part in document.get_headers_footers(uri)]
    texts += [(p, p.blob.decode("utf-8")) for p in main.package.parts if p.content_type.endswith("footnotes+xml")]
    for part, xml in texts:
        yield str(part.partname).lstrip("/"), etree.fromstring(xml.encode()), str(document.patch_xml(xml))
    for text in property_texts(document.docx.core_properties):
        yield CORE, None, text


def _source(patched: str) -> str:
    return patched.replace("<w:p ", "\n<w:p ").replace("<w:p>", "\n<w:p>")


def _parsed(source: str) -> nodes.Template | TemplateSyntaxError:
    try:
        return environment().parse(source)
    except TemplateSyntaxError as error:
        return error


@attrs.frozen
class _Known:
    """A variable, and the fields of its rows if it is a table. ``is_row``: one of those rows."""

    name: str
    fields: Mapping[str, Any]
    is_row: bool = False


class _Uses:
    """The variables of a template against those that its paper has."""

    def __init__(self, shape: Mapping[str, Any]) -> None:
        self._shape = shape
        self._found: list[tuple[int, str, str | None]] = []
        self.used: dict[str, set[str]] = {}

    def unknown(self, tree: nodes.Template) -> list[tuple[int, str, str | None]]:
        """Line, word and nearest word of what no paper of this kind has."""
        self._found = []
        self._walk(tree, {name: _Known(name, inner or {}) for name, inner in self._shape.items()})
        return self._found

    def _walk(self, node: nodes.Node, scope: dict[str, Any]) -> None:
        if isinstance(node, nodes.For):
            self._walk(node.iter, scope)
            inner = dict(scope)
            table = self._value(node.iter, scope)
            row = None if table is None else attrs.evolve(table, is_row=True)
            for target in [node.target, *node.target.find_all(nodes.Name)]:
                if isinstance(target, nodes.Name):
                    inner[target.name] = row if target is node.target else None
            inner["loop"] = None
            for child in [*node.body, *([node.test] if node.test else [])]:
                self._walk(child, inner)
            for child in node.else_:
                self._walk(child, scope)
        elif isinstance(node, nodes.Name) and node.ctx == "load":
            self._see(node, scope)
        elif isinstance(node, nodes.Getattr | nodes.Getitem):
            self._field(node, scope)
        elif isinstance(node, nodes.Macro):
            inner = {**scope, **{arg.name: None for arg in node.args}, "caller": None}
            scope[node.name] = None
            for child in node.body:
                self._walk(child, inner)
        elif isinstance(node, nodes.Assign | nodes.AssignBlock):
            for child in node.iter_child_nodes(exclude=("target",)):
                self._walk(child, scope)
            for name in [node.target, *node.target.find_all(nodes.Name)]:
                if isinstance(name, nodes.Name):
                    scope[name.name] = None
        else:
            for child in node.iter_child_nodes():
                self._walk(child, scope)

    def _see(self, node: nodes.Name, scope: Mapping[str, Any]) -> None:
        if node.name not in scope and node.name not in environment().globals:
            self._found.append((node.lineno, node.name, nearest(node.name, scope)))
        elif (known := scope.get(node.name)) is not None:
            self.used.setdefault(known.name, set())

    def _field(self, node: nodes.Getattr | nodes.Getitem, scope: dict[str, Any]) -> None:
        self._walk(node.node, scope)
        if isinstance(node, nodes.Getitem):
            self._walk(node.arg, scope)
        field = _field_name(node)
        base = self._value(node.node, scope)
        if field is None or base is None:
            return
        if base.is_row and field in base.fields:
            self.used.setdefault(base.name, set()).add(field)
        else:
            self._found.append((node.lineno, field, nearest(field, base.fields if base.is_row else ())))

    def _value(self, node: nodes.Node, scope: Mapping[str, Any]) -> "_Known | None":
        """What is known of a value; None: nothing."""
        if isinstance(node, nodes.Name):
            return scope.get(node.name)
        if isinstance(node, nodes.Filter) and node.name in ("reverse", "unique", "list") and node.node is not None:
            return self._value(node.node, scope)
        field = _field_name(node)
        if field is None or not isinstance(node, nodes.Getattr | nodes.Getitem):
            return None
        base = self._value(node.node, scope)
        if base is None or not base.is_row or field not in base.fields:
            return None
        return _Known(f"{base.name}.{field}", base.fields[field] or {})


def _field_name(node: nodes.Node) -> str | None:
    if isinstance(node, nodes.Getattr):
        return node.attr
    if isinstance(node, nodes.Getitem) and isinstance(node.arg, nodes.Const) and isinstance(node.arg.value, str):
        return node.arg.value
    return None


def _tags(part: str, xml: Any) -> Iterator[dict[str, Any]]:
    """What Word did to the tags: split them, left them open, put something beside those that take a whole row."""
    for paragraph in xml.iter(_W + "p"):
        texts = [t.text or "" for t in paragraph.iter(_W + "t") if next(t.iterancestors(_W + "p")) is paragraph]
        whole = "".join(texts)
        starts = [sum(map(len, texts[:i])) for i in range(1, len(texts))]
        for tag in _TAG.finditer(whole):
            if any(tag.start() < start < tag.end() for start in starts):
                yield _problem(
                    "split_tag",
                    part,
                    whole,
                    Bilingual(f"{tag[0]} 被 Word 拆成几段", f"Word has split {tag[0]} into several runs"),
                    Bilingual("请整段删去后一次输入。", "Delete it and type it again in one go."),
                )
            spaced = re.match(r"{[{%]\s+(tr|tc|p|r)\s", tag[0])
            if spaced:
                yield _problem(
                    "broken_tag",
                    part,
                    whole,
                    Bilingual(
                        f"{tag[0]} 中 {spaced[1]} 之前有空格", f"there is a space before {spaced[1]} in {tag[0]}"
                    ),
                    Bilingual(f"请写 {{%{spaced[1]} …… %}}。", f"Write {{%{spaced[1]} … %}}."),
                )
        if _OPEN.search(_TAG.sub("", whole)):
            yield _problem(
                "broken_tag",
                part,
                whole,
                Bilingual("标记没有在同一段落内结束", "a tag does not end in its paragraph"),
                Bilingual("请补上 }} 或 %}。", "Add }} or %}."),
            )
    for mark, (zh, en) in _ELEMENTS.items():
        for element in xml.iter(_W + mark):
            text = _own_text(element, _W + mark)
            alone = re.search(r"({%|{{|{#)" + mark + r"\s.*?(%}|}}|#})", text)
            if alone is not None and text.replace(alone[0], "", 1).strip():
                yield _problem(
                    "not_alone",
                    part,
                    text,
                    Bilingual(
                        f"{alone[0]} 所在的{zh}还有其他内容，会被删去",
                        f"{alone[0]} is not alone in its {en}; the rest is lost",
                    ),
                    Bilingual(f"请让它独占一{zh}。", f"Give it a {en} of its own."),
                )


def _own_text(element: Any, mark: str) -> str:
    """The text of a row, cell or paragraph without those inside it."""
    return "".join(t.text or "" for t in element.iter(_W + "t") if next(t.iterancestors(mark)) is element)


def _line(source: str, line: int) -> str:
    lines = source.split("\n")
    return re.sub(r"<[^>]*>?", "", lines[line - 1]) if 0 < line <= len(lines) else ""


def _problem(code: str, part: str, paragraph: str, message: Bilingual, advice: Bilingual) -> dict[str, Any]:
    text = " ".join(html.unescape(paragraph).split())
    short = text if len(text) <= 80 else text[:80] + "…"
    return {"code": code, "part": part, "paragraph": short, "message": message.to_dict(), "advice": advice.to_dict()}


def _unknown(part: str, source: str, line: int, word: str, near: str | None) -> dict[str, Any]:
    message = Bilingual(f"没有名为“{word}”的变量", f"there is no variable {word!r}")
    if near:
        advice = Bilingual(f"是否为“{near}”？", f"Did you mean {near!r}?")
    else:
        advice = Bilingual("请删去，或改用该文书的变量。", "Remove it, or use a variable of this paper.")
    return _problem("unknown_variable", part, _line(source, line), message, advice)


def _crossing(part: str, source: str, line: int) -> dict[str, Any]:
    return _problem(
        "broken_loop",
        part,
        _line(source, line),
        Bilingual(
            "循环或条件的开头与结尾不在同一段落、单元格或行内",
            "a loop or condition begins in one element and ends in another",
        ),
        Bilingual("整行请用 {%tr %}，整段请用 {%p %}。", "For whole rows write {%tr %}, for whole paragraphs {%p %}."),
    )


def _broken(part: str, source: str, error: TemplateSyntaxError) -> dict[str, Any]:
    """A source that jinja2 cannot read; where a loop or condition has no end or no beginning, that tag is named."""
    open_tags: list[tuple[str, int]] = []
    odd: tuple[str, int] | None = None
    for tag in re.finditer(r"{%[-+]?\s*(for|if|endfor|endif)\b.*?%}", source, re.DOTALL):
        line = source.count("\n", 0, tag.start()) + 1
        word = tag[1]
        if word not in _ENDS:
            open_tags.append((word, line))
        elif open_tags and open_tags[-1][0] == _ENDS[word]:
            open_tags.pop()
        else:
            odd = (word, line)
            break
    if odd is None and open_tags:
        odd = open_tags[-1]
    if odd is None:
        return _problem(
            "broken_tag",
            part,
            _line(source, error.lineno),
            Bilingual(f"标记写法有误：{error.message}", f"a tag cannot be read: {error.message}"),
            Bilingual("请改正。", "Mend it."),
        )
    word, line = odd
    partner = _ENDS.get(word, f"end{word}")
    return _problem(
        "broken_loop",
        part,
        _line(source, line),
        Bilingual(f"{word} 没有与之配对的 {partner}", f"{word!r} has no {partner!r} that belongs to it"),
        Bilingual(f"请补上 {partner} 或删去 {word}。", f"Add the {partner!r}, or remove the {word!r}."),
    )
