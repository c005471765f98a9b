"""A template that was changed in Word: what is wrong with it, where, and what was probably meant."""

import re
from pathlib import Path
from typing import get_args

import pytest

from qsafety.bilingual import Lang
from qsafety.errors import PaperError
from qsafety.law.vocabulary import PaperKind
from qsafety.papers.lint import FIELDS, OPTIONAL, Problem, lint, problem_of, shape
from qsafety.papers.reading import read_template
from qsafety.papers.specs import PROFILES, SPECS
from tests.papers.word_files import docx, paragraph, row, run, table, unzipped, zipped

KIND = PaperKind.DAILY_RECORD


def found(*body: str, head: str = "", foot: str = "") -> list[Problem]:
    """What is wrong with the tags of a daily record of this body, as the child finds it."""
    template = docx("".join(body), head=head, foot=foot)
    said = read_template(template, {str(KIND): shape(SPECS[KIND].context)}, name="t.docx")
    return [problem_of(problem) for problem in said["problems"]]


def edited(old: str, new: str) -> list[Problem]:
    """What is wrong with the shipped daily record after a change."""
    parts = unzipped(SPECS[KIND].template)
    body = parts["word/document.xml"].decode()
    assert re.search(old, body)
    return lint(zipped({**parts, "word/document.xml": re.sub(old, new, body).encode()}), KIND)


@pytest.mark.parametrize("profile", PROFILES)
@pytest.mark.parametrize("kind", list(SPECS))
def test_nothing_is_wrong_with_the_shipped_templates(kind: PaperKind, profile: str) -> None:
    assert lint(SPECS[kind].template_in(profile)) == []  # it finds out which paper it is


def test_an_unknown_variable_is_named_with_its_paragraph_and_what_was_meant() -> None:
    [problem] = found(paragraph("第一段"), paragraph("单位：{{ sellr }}，编号"))
    assert problem.code == "unknown_variable"
    assert problem.part == "word/document.xml"
    assert problem.to("zh") == "没有名为“sellr”的变量。是否为“seller”？（“单位：{{ sellr }}，编号”）"
    assert problem.to("en") == "there is no variable 'sellr'. Did you mean 'seller'? (“单位：{{ sellr }}，编号”)"


@pytest.mark.parametrize(
    ("text", "word", "near"),
    [
        ("{% for row in items %}{{ row.cod }}{% endfor %}", "cod", "code"),
        ("{% for row in items %}{{ row['problm'] }}{% endfor %}", "problm", "problem"),
        ("{% for row in itms %}{{ row.code }}{% endfor %}", "itms", "items"),
        ("{% for row in items if row.reslt %}{{ row.code }}{% endfor %}", "reslt", "result"),
        ("{% for x in items|reverse %}{{ loop.index }}{{ x.hazrd }}{% endfor %}", "hazrd", "hazard"),
        ("{% if lat %}x{% endif %}", "lat", "late"),
        ("{{ items.code }}", "code", None),
        ("{{ seller.name }}", "name", None),
        ("{% set a = sellr %}{{ a }}", "sellr", "seller"),
        ("{{ row.code }}", "row", None),
        ("{{ lipsum }}", "lipsum", None),
    ],
)
def test_words_that_no_paper_has(text: str, word: str, near: str | None) -> None:
    [problem] = found(paragraph(text))
    assert problem.code == "unknown_variable"
    assert problem.message.en == f"there is no variable {word!r}"
    assert problem.paragraph == text
    if near:
        assert near in problem.advice.en
    else:
        assert problem.advice.en == "Remove it, or use a variable of this paper."


@pytest.mark.parametrize(
    "text",
    [
        "{% for row in items %}{{ loop.index }}{{ row.code }}{% else %}{{ seller }}{% endfor %}",
        "{% for i in range(3) %}{{ i }}{% endfor %}",
        "{% set n = items|length %}{{ n }}",
        "{% macro m(x) %}{{ x }}{% endmacro %}{{ m(seller) }}",
        "{% for a, b in [(1, 2)] %}{{ a }}{{ b }}{% endfor %}",
        "{{ seller|default('x') if late else title }}",
        "{# anything {{ at }} all #}",
    ],
)
def test_what_is_right_is_not_named(text: str) -> None:
    assert found(paragraph(text)) == []


def test_heads_and_feet_are_read_too() -> None:
    problems = found(paragraph("x"), head=paragraph("{{ sellr }}"), foot=paragraph("{{ basiss }}"))
    assert [(p.part, p.paragraph) for p in problems] == [
        ("word/header.xml", "{{ sellr }}"),
        ("word/footer.xml", "{{ basiss }}"),
    ]


def test_properties_are_read_too() -> None:
    [problem] = [p for p in lint(docx(paragraph("x"), title="{{ titel }}"), KIND) if p.code != "missing_field"]
    assert problem.part == "docProps/core.xml"
    assert problem.to("en") == "there is no variable 'titel'. Did you mean 'title'? (“{{ titel }}”)"


@pytest.mark.parametrize(
    ("texts", "message", "where"),
    [
        (
            ["{%p for row in items %}", "{{ row.code }}"],
            "'for' has no 'endfor' that belongs to it",
            "{% for row in items %}",
        ),
        (["x", "{% endfor %}"], "'endfor' has no 'for' that belongs to it", "{% endfor %}"),
        (["甲{% if late %}乙"], "'if' has no 'endif' that belongs to it", "甲{% if late %}乙"),
        (
            ["{% for row in items %}a{% endif %}"],
            "'endif' has no 'if' that belongs to it",
            "{% for row in items %}a{% endif %}",
        ),
        (
            ["{% for row in items %}", "{{ row.code }}", "{% endfor %}"],
            "a loop or condition begins in one element and ends in another",
            "{% for row in items %}",
        ),
    ],
)
def test_a_broken_loop_is_named_with_its_paragraph(texts: list[str], message: str, where: str) -> None:
    [problem] = found(*map(paragraph, texts))
    assert problem.code == "broken_loop"
    assert problem.message.en == message
    assert where.strip("{}% ") in problem.paragraph


def test_a_loop_around_cells_is_named() -> None:
    [problem] = found(table(2, row("{% for row in items %}{{ row.code }}", "{{ row.point }}{% endfor %}")))
    assert problem.code == "broken_loop"
    assert problem.advice.zh == "整行请用 {%tr %}，整段请用 {%p %}。"


def test_a_tag_split_across_runs_is_named() -> None:
    [problem] = found("<w:p>" + run("单位 {{ sel") + run("ler }} 止") + "</w:p>")
    assert problem.code == "split_tag"
    assert problem.to("zh") == "{{ seller }} 被 Word 拆成几段。请整段删去后一次输入。（“单位 {{ seller }} 止”）"


def test_runs_that_split_no_tag_are_not_named() -> None:
    assert found(paragraph("单位", "{{ seller }}", "止")) == []


@pytest.mark.parametrize(
    ("body", "where"),
    [
        (table(2, row("{%tr for row in items %}", "合计"), row("{{ row.code }}", ""), row("{%tr endfor %}")), "行"),
        (paragraph("前言 {%p if late %}") + paragraph("x") + paragraph("{%p endif %}"), "段落"),
        (table(1, row("{%tc if late %}x"), row("{%tc endif %}")), "单元格"),
    ],
)
def test_a_tag_that_takes_its_whole_row_must_be_alone_in_it(body: str, where: str) -> None:
    problem = next(p for p in found(body) if p.code == "not_alone")
    assert f"所在的{where}还有其他内容" in problem.message.zh


def test_a_space_before_tr_is_named() -> None:
    problems = found(table(1, row("{% tr for row in items %}"), row("x"), row("{%tr endfor %}")))
    assert "there is a space before tr in {% tr for row in items %}" in [p.message.en for p in problems]


def test_a_tag_without_an_end_is_named() -> None:
    assert "a tag does not end in its paragraph" in [p.message.en for p in found(paragraph("{{ seller "))]


def test_a_tag_that_cannot_be_read_is_named() -> None:
    [problem] = found(paragraph("ok"), paragraph("见 {{ seller seller }}"))
    assert problem.code == "broken_tag"
    assert problem.paragraph == "见 {{ seller seller }}"


def test_what_the_paper_must_print_is_named() -> None:
    [problem] = edited(r"{{ officer_signed }}", "")
    assert problem.code == "missing_field"
    assert problem.to("en") == (
        "the template does not print 'officer_signed': the officer who signed; else empty, to sign by hand. "
        "Write {{ officer_signed }} where it belongs."
    )
    [problem] = edited(r"{{ \w+\.result }}", "√")
    assert problem.message.zh.startswith("模板没有印出必备内容“items.result”：")
    assert problem.advice.en == "Write {{ row.result }} in the rows of items."


def test_what_may_be_left_out_is_not_named() -> None:
    assert edited(r"{{ remark }}", "无") == []


def test_a_template_of_another_paper_is_told_by_what_it_lacks() -> None:
    problems = lint(SPECS[PaperKind.MONTHLY_MINUTES].template, KIND)
    assert {"unknown_variable", "missing_field"} <= {problem.code for problem in problems}


def test_the_words_of_the_lists_are_variables() -> None:
    known = {str(kind): shape(spec.context) for kind, spec in SPECS.items()}
    assert {name for variables in known.values() for name in variables} >= OPTIONAL
    for kind, tables in FIELDS.items():
        for name, fields in tables.items():
            assert fields <= known[kind][name].keys()


def test_a_problem_is_plain_data_in_both_languages() -> None:
    [problem] = found(paragraph("{{ sellr }}"))
    assert problem.to_dict() == {
        "code": "unknown_variable",
        "part": "word/document.xml",
        "paragraph": "{{ sellr }}",
        "message": {"zh": "没有名为“sellr”的变量", "en": "there is no variable 'sellr'"},
        "advice": {"zh": "是否为“seller”？", "en": "Did you mean 'seller'?"},
    }
    assert all(problem.to(lang) for lang in get_args(Lang))


def test_a_file_is_read_from_the_disk_too(tmp_path: Path) -> None:
    path = tmp_path / "daily.docx"
    path.write_bytes(SPECS[KIND].template)
    assert lint(path) == []
    assert lint(str(path), "daily_record") == []


@pytest.mark.parametrize("content", [b"", b"hello", zipped({"a.xml": b"<a/>"})])
def test_what_is_no_word_file_is_refused(content: bytes) -> None:
    with pytest.raises(PaperError, match=r"daily_record\.docx is refused"):
        lint(content, "daily_record")


def test_a_word_that_is_no_kind_gets_the_nearest() -> None:
    with pytest.raises(PaperError, match="Did you mean 'daily_record'"):
        lint(SPECS[KIND].template, "daily_recrod")
