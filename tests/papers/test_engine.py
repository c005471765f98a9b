"""Templates run in a sandbox, values stay what they are, and what is missing is said."""

import io
import subprocess
import sys
from collections.abc import Mapping
from typing import Any

import pytest

from qsafety.errors import PaperError
from qsafety.papers.engine import environment, fill


def template(*paragraphs: str) -> bytes:
    """A Word file with these paragraphs."""
    from docx import Document

    document = Document()
    for text in paragraphs:
        document.add_paragraph(text)
    file = io.BytesIO()
    document.save(file)
    return file.getvalue()


def filled(text: str, variables: Mapping[str, Any] | None = None) -> str:
    from docx import Document

    content = fill(template(text), variables or {}, name="test.docx")
    return "\n".join(p.text for p in Document(io.BytesIO(content)).paragraphs)


@pytest.mark.parametrize(
    "value",
    [
        "{{ 7*7 }}",
        "{% for x in y %}",
        "{# gone? #}",
        "{{ ''.__class__.__mro__ }}",
        "<w:p/>",
        "</w:t></w:r>",
        "A & B",
        "&amp;",
        "电线<2.5mm²",
        "'单' \"双\" “中文”",
        "{_{ a_b }_} {_% %_}",
        "镕𠮷🔋",
        " 前后有空格 ",
        "daily_check:M1",
        "&#95;",
        "一行\n二行\t制表",
    ],
)
def test_a_value_is_printed_letter_for_letter(value: str) -> None:
    assert filled("[{{ value }}]", {"value": value}) == f"[{value}]"


def test_a_missing_variable_is_named_with_the_nearest() -> None:
    with pytest.raises(PaperError) as caught:
        filled("Of {{ titel }}", {"title": "x"})
    assert str(caught.value) == (
        "template test.docx uses 'titel', which is no variable of it, near “Of {{ titel }}”. Did you mean 'title'?"
    )
    assert caught.value.to("zh") == "模板 test.docx 用了不存在的变量“titel”，在“Of {{ titel }}”附近。是否为“title”？"


def test_a_missing_field_of_a_row_is_named_too() -> None:
    with pytest.raises(PaperError, match=r"'cod'.*Did you mean 'code'"):
        filled("{% for row in rows %}{{ row.cod }}{% endfor %}", {"rows": [{"code": "R1"}]})


@pytest.mark.parametrize(
    "expression",
    [
        "{{ ''.__class__.__mro__ }}",
        "{{ value.__init__.__globals__ }}",
        "{{ range.__self__ }}",
        "{{ rows.append(1) }}",
        "{{ value|safe }}",
        "{{ value|attr('x') }}",
        "{{ value|pprint }}",
        "{{ rows|random }}",
        "{{ cycler(1, 2) }}",
        "{{ joiner() }}",
        "{{ namespace() }}",
        "{{ lipsum() }}",
        "{{ dict() }}",
        "{{ self }}",
        "{{ rows }}",
        "{{ range }}",
    ],
)
def test_a_template_cannot_reach_out(expression: str) -> None:
    with pytest.raises(PaperError, match=r"test\.docx"):
        filled(expression, {"value": "x", "rows": [1]})


def test_a_template_that_is_no_template_is_refused() -> None:
    with pytest.raises(PaperError, match=r"template test\.docx"):
        filled("{% for x in rows %}", {"rows": []})


def test_the_environment_is_strict_and_escapes() -> None:
    sandbox = environment()
    assert sandbox.sandboxed
    assert sandbox.autoescape is True
    assert not {"safe", "attr", "map", "random", "format", "tojson"} & set(sandbox.filters)
    assert set(sandbox.globals) == {"range"}


@pytest.mark.parametrize("library", ["docxtpl", "jinja2"])
def test_without_the_extra_it_says_what_to_install(library: str) -> None:
    program = (
        f"import sys; sys.modules['{library}'] = None\n"
        "from qsafety.errors import MissingExtraError\n"
        "from qsafety.papers.engine import fill\n"
        "try: fill(b'', {}, name='x')\n"
        "except MissingExtraError as error: print(error)\n"
    )
    run = subprocess.run([sys.executable, "-c", program], capture_output=True, encoding="utf-8", check=True)
    assert run.stdout.strip() == "this needs docxtpl, which is not installed. Run: pip install 'qsafety[docx]'"


def test_importing_the_papers_loads_no_library_of_documents() -> None:
    program = "import sys; import qsafety.papers; print(*sys.modules)"
    run = subprocess.run([sys.executable, "-c", program], capture_output=True, encoding="utf-8", check=True)
    assert not {"docxtpl", "docx", "jinja2", "lxml", "markupsafe"} & set(run.stdout.split())
