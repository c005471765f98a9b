"""A compiled template gives what docxtpl gives, whatever stands in the template and in the values."""

import io
import logging
import re
import zipfile
from collections.abc import Mapping
from typing import Any, get_args, get_origin, get_type_hints

import jinja2
import pytest
from hypothesis import given, settings
from hypothesis import strategies as st

from qsafety.dossier import Dossier
from qsafety.errors import PaperError
from qsafety.law.vocabulary import PaperKind
from qsafety.papers import context
from qsafety.papers.engine import compiled, documented, fill, package
from qsafety.papers.packages import Properties, digest, settle
from qsafety.papers.specs import PROFILES, SPECS
from tests.papers.word_files import cell, docx, paragraph, parts, row, run, table

PROPERTIES = Properties(title="标题", subject="s", author="a", keywords="k")
SPAN = '<w:gridSpan w:val="2"/>'
HEAD = "<w:trPr><w:tblHeader/></w:trPr>"
DRAWING = (
    '<w:p><w:r><w:drawing><wp:inline xmlns:wp="http://schemas.openxmlformats.org/drawingml/2006/wordprocessingDrawing">'
    '<wp:docPr id="7" name="x"/></wp:inline></w:drawing></w:r></w:p>'
)
IN_A_BOX = (
    "<w:p><w:r><w:pict><v:textbox xmlns:v='urn:schemas-microsoft-com:vml'><w:txbxContent>"
    + paragraph("{{ a }}")
    + "</w:txbxContent></v:textbox></w:pict></w:r>"
    + run("{{ b }}")
    + "</w:p>"
)
EACH = ("{%tr for row in rows %}", "{{ row.no }}", "{{ row.text }}", "{%tr endfor %}")

BODIES: Mapping[str, str] = {
    "values": paragraph("{{ a }}，{{ b }} {{n}}") + paragraph("{{a}}"),
    "a tag split across runs": paragraph("{", "{ a ", "}} and {{ ", "b }}"),
    "conditions in a line": paragraph("x{% if flag %}{{ a }}{% elif n > 3 %}{{ b }}{% else %}none{% endif %}y"),
    "conditions over several runs": paragraph(
        "x{% if flag %}一", "{{ a }}{% endif %}y", "{% for row in rows %}{{ row.no }}", "{{ row.text }}{% endfor %}"
    ),
    "a condition over several paragraphs": paragraph("x{% if flag %}一")
    + paragraph("{{ a }}")
    + paragraph("{% endif %}{{ b }}"),
    "a loop around cells": table(3, row("x", "{% for row in rows %}x", "{{ row.text }}{% endfor %}")),
    "a loop around rows": table(2, row("x", "{% for row in rows %}x"), row("{{ row.text }}{% endfor %}", "y")),
    "paragraphs of a condition": paragraph("{%p if flag %}") + paragraph("{{ a }}") + paragraph("{%p endif %}"),
    "paragraphs of a loop": paragraph("{%p for row in rows %}")
    + paragraph("{{ loop.index }} {{ row.text }}")
    + paragraph("{%p endfor %}"),
    "rows": table(2, row("序号", "内容", properties=HEAD), row(EACH[0]), row(*EACH[1:3]), row(EACH[3])),
    "nothing but rows of a loop": table(2, row(EACH[0]), row(*EACH[1:3]), row(EACH[3])) + paragraph("end"),
    "rows or a line instead": table(
        2,
        row(EACH[0]),
        row(*EACH[1:3]),
        row("{%tr else %}"),
        row(cell("没有", properties=SPAN)),
        row(EACH[3]),
    ),
    "a table in a table": table(
        1,
        row(cell(table(2, row(EACH[0]), row(*EACH[1:3]), row(EACH[3])), paragraph("{{ a }}"))),
    ),
    "a table in each row": table(
        2, row(EACH[0]), row("{{ row.no }}", cell(table(1, row("{{ row.text }}")), paragraph(""))), row(EACH[3])
    ),
    "cells merged downwards": table(
        2, row("a", "b"), row(EACH[0]), row("{% vm %}{{ a }}", "{{ row.text }}"), row(EACH[3])
    ),
    "cells merged sideways": table(3, row("{%tc for row in rows %}", "{% hm %}{{ a }}", "{%tc endfor %}")),
    "columns of a loop": table(3, row("{%tc for row in rows %}", "{{ row.text }}", "{%tc endfor %}")),
    "a width from a value": table(2, row("{% colspan n %}{{ a }}")),
    "a colour from a value": table(1, row('{% cellbg "ff" ~ n %}{{ a }}')),
    "rows narrower than the grid": table(5, row("{{ a }}", "b")),
    "spans": table(3, row("{{ a }}", cell("{{ b }}", properties=SPAN)), row("1", "2", "3")),
    "runs": paragraph("x {{r a }} y") + paragraph("{%r if flag %}", "{{ b }}", "{%r endif %}"),
    "whitespace taken away": paragraph("x ", "{%- if flag -%}", " {{ a }} ", "{%- endif -%}", " y"),
    "a comment": paragraph("{# nothing #}{{ a }}") + paragraph("{#p nothing #}"),
    "braces written out": paragraph("{_{ {{ a }} }_} {_% x %_}"),
    "a paragraph without content": '<w:p w:rsidR="00A"/>' + paragraph("{{ a }}"),
    "a text box": IN_A_BOX,
    "a drawing": DRAWING + paragraph("{{ a }}"),
    "a tab of its own": paragraph("x\t{{ a }}") + "<w:p><w:r><w:tab/></w:r></w:p>",
    "line ends between elements": "\n<w:p>\n<w:r>\n<w:t>{{ a }}</w:t>\n</w:r>\n</w:p>\n"
    + table(1, "\n", row("{{ b }}")),
    "a value in an attribute": '<w:p><w:r><w:rPr><w:color w:val="{{ b }}"/></w:rPr><w:t>{{ a }}</w:t></w:r></w:p>',
    "quotes in a tag": paragraph("{{ “&lt;&amp;” }}{{ a if flag == ‘x’ else b }}"),
    "filters": paragraph("{{ a|upper }} {{ a|e }} {{ rows|length }} {{ a|default('x') }} {{ [a, b]|join('&amp;') }}"),
    "a variable set": paragraph("{% set c = a ~ b %}{{ c }}"),
    "a macro": paragraph("{% macro m(x) %}[{{ x }}]{% endmacro %}{{ m(a) }}"),
    "a block set": paragraph("{% set c %}({{ a }}){% endset %}{{ c }}"),
    "letters that look like XML": paragraph("&lt;w:p&gt; &amp;amp; {{ a }}"),
}


def as_documented(template: bytes, variables: Mapping[str, Any]) -> bytes:
    """What docxtpl gives to whoever reads its documentation, and asks for escaping and strictness."""
    from docxtpl import DocxTemplate

    document: Any = DocxTemplate(io.BytesIO(template))
    document.render(dict(variables), jinja2.Environment(autoescape=True, undefined=jinja2.StrictUndefined))
    file = io.BytesIO()
    document.save(file)
    return file.getvalue()


SIGNS = "\n\n\t\r&<>\"'{}%#_[]/ ab12中，“”。镕\U00020bb7🔋\u2028\x85\ue000"
# docxtpl turns "{_{" of a value into "{{"; ours stays what it is (test_engine.py)
TEXTS = st.text(st.sampled_from(SIGNS), max_size=12).filter(lambda text: not re.search("{_|_}|_%|%_", text))
ROWS = st.lists(st.fixed_dictionaries({"no": st.integers(0, 99), "text": TEXTS}), max_size=4)
VARIABLES = st.fixed_dictionaries({"a": TEXTS, "b": TEXTS, "n": st.integers(1, 5), "flag": st.booleans(), "rows": ROWS})


@pytest.mark.parametrize("name", BODIES)
@settings(max_examples=15, deadline=None)
@given(variables=VARIABLES)
def test_the_document_is_what_docxtpl_gives(name: str, variables: dict[str, Any]) -> None:
    template = TEMPLATES[name]
    assert parts(fill(template, variables, name="t")) == parts(as_documented(template, variables))


TEMPLATES = {name: docx(body) for name, body in BODIES.items()}


@pytest.mark.parametrize("last", ["末", "a\nb", "a\tb"])
def test_a_long_table_is_what_docxtpl_gives(last: str) -> None:
    rows = [{"no": n, "text": f"第 {n} 行\n<A & B>"} for n in range(400)]
    variables = {"rows": [*rows, {"no": 400, "text": last}]}
    template = TEMPLATES["rows"]
    assert parts(fill(template, variables, name="t")) == parts(as_documented(template, variables))


@settings(max_examples=30, deadline=None)
@given(variables=VARIABLES)
def test_heads_feet_footnotes_and_properties_are_what_docxtpl_gives(variables: dict[str, Any]) -> None:
    template = AROUND
    assert compiled(template).why is None
    assert parts(fill(template, variables, name="t")) == parts(as_documented(template, variables))


AROUND = docx(
    BODIES["rows"],
    head=paragraph("{{ a }}\t{% if flag %}{{ b }}{% endif %}"),
    foot=paragraph("{{ n }} {{ b }}") + table(1, row(EACH[0]), row(EACH[2]), row(EACH[3])),
    title="{{ n }} {% if flag %}是{% endif %}",
    notes=paragraph("{% for row in rows %}{{ row.text }}{% endfor %}"),
)


ANYWHERE = (
    paragraph("@", "@", "@")
    + table(2, row("@", "@"), row("@", cell("@", "@")))
    + paragraph("@", "@")
    + table(3, row("@", cell("@", properties=SPAN)))
    + paragraph("@")
).replace("@", "@ @")
CLOSING = {"{% if flag %}": "{% endif %}", "{% for row in rows %}": "{% endfor %}", "{{ a }}": "{{ b }}"}


@settings(max_examples=40, deadline=None)
@given(data=st.data(), variables=VARIABLES)
def test_wherever_tags_stand_it_is_compiled_only_where_that_gives_the_same(
    data: st.DataObject, variables: dict[str, Any]
) -> None:
    places = ANYWHERE.count("@")
    first, last = sorted(data.draw(st.lists(st.integers(0, places - 1), min_size=2, max_size=2, unique=True)))
    tag = data.draw(st.sampled_from(list(CLOSING)))
    texts = iter(tag if n == first else CLOSING[tag] if n == last else str(n % 10) for n in range(places))
    template = docx(re.sub("@", lambda _: next(texts), ANYWHERE))
    if compiled(template).why is None:
        assert parts(fill(template, variables, name="t")) == parts(as_documented(template, variables))


def test_properties_are_filled_letter_for_letter() -> None:
    # docxtpl escapes them, and then they are escaped again: "A &amp; B" in a file manager
    template = docx(paragraph("x"), title="{{ a }} & {{ b }}")
    said = parts(fill(template, {"a": "A & B", "b": "{{ c_d }} <e>"}, name="t"))["docProps/core.xml"]
    assert (
        '<dc:title xmlns:dc="http://purl.org/dc/elements/1.1/">A &amp; B &amp; {{ c_d }} &lt;e&gt;</dc:title>' in said
    )
    assert said == parts(documented(template, {"a": "A & B", "b": "{{ c_d }} <e>"}, name="t"))["docProps/core.xml"]


@settings(max_examples=15, deadline=None)
@given(
    mixture=st.lists(st.sampled_from([n for n in BODIES if "macro" not in n]), min_size=2, max_size=4),
    variables=VARIABLES,
)
def test_templates_of_several_kinds_of_content_too(mixture: list[str], variables: dict[str, Any]) -> None:
    template = docx("".join(BODIES[name] for name in mixture))
    assert parts(fill(template, variables, name="t")) == parts(as_documented(template, variables))


@pytest.mark.parametrize("name", BODIES)
def test_what_is_compiled_and_what_is_not_is_known(name: str) -> None:
    why = compiled(TEMPLATES[name]).why
    assert (why is not None) == (name in ("a macro", "a block set"))


def test_what_only_docxtpl_can_do_is_said_in_the_log(caplog: pytest.LogCaptureFixture) -> None:
    template = docx(paragraph("{% macro m() %}x{% endmacro %}{{ m() }}{{ a }}"))
    with caplog.at_level(logging.WARNING, logger="qsafety"):
        fill(template, {"a": "1"}, name="t")
        fill(template, {"a": "2"}, name="t")
    assert caplog.messages == [
        "a template is filled by docxtpl, many times slower: /word/document.xml: it uses a macro, a block or a recursive loop"
    ]


def test_a_condition_that_crosses_elements_goes_the_documented_way() -> None:
    template = docx(paragraph("{% if flag %}x") + table(1, row("{{ a }}{% endif %}")))
    why = compiled(template).why
    assert why is not None
    assert why.zh == "/word/document.xml：循环或条件的开头与结尾不在同一层"


def test_two_sections_with_footnotes_go_the_documented_way() -> None:
    section = '<w:p><w:pPr><w:sectPr><w:type w:val="nextPage"/></w:sectPr></w:pPr></w:p>'
    template = docx(section + paragraph("{{ a }}"), notes=paragraph("{{ a }}"))
    why = compiled(template).why
    assert why is not None
    assert why.en == "/word/footnotes.xml is filled more than once"
    # docxtpl renders them a second time: a value must not be taken for a tag then
    assert "{{ 7 * 6 }}" in parts(fill(template, {"a": "{{ 7 * 6 }}"}, name="t"))["word/footnotes.xml"]


SHIPPED = [(kind, profile) for kind in SPECS for profile in PROFILES]


@pytest.mark.parametrize(("kind", "profile"), SHIPPED)
def test_the_shipped_templates_are_compiled(kind: PaperKind, profile: str) -> None:
    made = compiled(SPECS[kind].template_in(profile))
    assert made.why is None
    assert all(part.in_pieces for part in made.parts)


def variables_of(context: type) -> st.SearchStrategy[dict[str, Any]]:
    """Anything that a context may hold."""
    kinds: dict[Any, st.SearchStrategy[Any]] = {bool: st.booleans(), int: st.integers(0, 99), str: TEXTS}

    def value(hint: Any) -> st.SearchStrategy[Any]:
        if get_origin(hint) is not None:
            return st.lists(value(get_args(hint)[0]), max_size=3)
        return kinds[hint] if hint in kinds else variables_of(hint)

    return st.fixed_dictionaries({name: value(hint) for name, hint in get_type_hints(context).items()})


@pytest.mark.parametrize(("kind", "profile"), SHIPPED)
@settings(max_examples=3, deadline=None)
@given(data=st.data())
def test_the_shipped_templates_give_what_docxtpl_gives(kind: PaperKind, profile: str, data: st.DataObject) -> None:
    template = SPECS[kind].template_in(profile)
    variables = data.draw(variables_of(SPECS[kind].context))
    assert parts(fill(template, variables, name="t")) == parts(as_documented(template, variables))


def test_a_paper_is_settled_alike_both_ways(shop: Dossier) -> None:
    template = SPECS[PaperKind.DAILY_RECORD].template
    variables = context("daily_record", shop, period="2024-01-10", outlet="M1")
    ours = package(template, variables, PROPERTIES, name="t")
    theirs = settle(documented(template, variables, name="t"), PROPERTIES)
    assert parts(ours.bytes) == parts(theirs)
    assert ours.sha256 == digest(ours.bytes)
    assert settle(ours.bytes, PROPERTIES) == ours.bytes
    with zipfile.ZipFile(io.BytesIO(ours.bytes)) as file:
        assert file.testzip() is None


def test_the_same_data_gives_the_same_bytes(shop: Dossier) -> None:
    template = SPECS[PaperKind.DAILY_RECORD].template
    variables = context("daily_record", shop, period="2024-01-10", outlet="M1")
    first = package(template, variables, PROPERTIES, name="t")
    package(template, {**variables, "seller": "另一家"}, PROPERTIES, name="t")
    compiled.cache_clear()
    assert package(template, variables, PROPERTIES, name="t") == first


def test_an_error_says_the_same_as_docxtpl_gives() -> None:
    template = docx(paragraph("前文") + paragraph("单位：{{ sellr }}"))
    said = []
    for way in (fill, documented):
        with pytest.raises(PaperError) as caught:
            way(template, {"seller": "x"}, name="t")
        said.append(caught.value.to("zh"))
    assert said == ["模板 t 用了不存在的变量“sellr”，在“单位：{{ sellr }}”附近。是否为“seller”？"] * 2
