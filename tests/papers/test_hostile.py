"""Templates from outside: nothing in them runs, nothing they ask for exhausts the machine, and hostile packages are not opened."""

import subprocess
import sys
from collections.abc import Callable, Mapping
from pathlib import Path

import pytest

from qsafety.errors import PaperError
from qsafety.papers.child import Limits, in_child
from qsafety.papers.engine import fill, fill_foreign, foreign_package
from qsafety.papers.packages import Properties, digest
from qsafety.papers.scan import scan
from tests.papers.word_files import docx, paragraph, parts, row, table, unzipped, zipped

# fmt: off
INJECTIONS = [
    "{{ cycler.__init__.__globals__.os.popen('touch CANARY').read() }}",
    "{{ joiner.__init__.__globals__.os.popen('touch CANARY').read() }}",
    "{{ namespace.__init__.__globals__.os.system('touch CANARY') }}",
    "{{ lipsum.__globals__['os'].popen('touch CANARY').read() }}",
    "{{ lipsum.__globals__.__builtins__.open('CANARY', 'w') }}",
    "{{ self.__init__.__globals__.__builtins__.__import__('os').system('touch CANARY') }}",
    "{{ self._TemplateReference__context.cycler.__init__.__globals__.os.system('touch CANARY') }}",
    "{{ ''.__class__.__mro__[1].__subclasses__() }}",
    "{{ ''['__class__']['__mro__'][1]['__subclasses__']() }}",
    "{{ ''|attr('__class__')|attr('__mro__') }}",
    "{{ ()|attr('__class__')|attr('__base__')|attr('__subclasses__')() }}",
    "{{ [].__class__.__base__.__subclasses__()[-1].__init__.__globals__ }}",
    "{{ {}.__class__.__bases__[0].__subclasses__() }}",
    "{{ a.__class__.__init__.__globals__ }}",
    "{{ a.__init__.__globals__['sys'].modules['os'].system('touch CANARY') }}",
    "{{ rows.__class__ }}",
    "{{ rows.__reduce_ex__(2) }}",
    "{{ range.__globals__ }}",
    "{{ range.__class__.__base__ }}",
    "{{ range(3).__class__ }}",
    "{{ '{0.__class__.__mro__}'.format(a) }}",
    "{{ '{a.__class__}'.format_map({'a': a}) }}",
    "{{ ('{0.__cl' ~ 'ass__}').format(a) }}",
    "{{ 'x'.__format__ }}",
    "{{ a.encode('utf-8') }}",
    "{{ a.join(rows) }}",
    "{{ rows.append(1) }}",
    "{{ rows.clear() }}",
    "{{ rows[0].update({'x': 1}) }}",
    "{{ rows[0].pop('text') }}",
    "{% for x in rows %}{{ loop.__class__ }}{% endfor %}",
    "{% for x in rows %}{{ loop._iterator.gi_frame.f_globals }}{% endfor %}",
    "{% for x in rows %}{{ loop.__init__.__globals__.__builtins__.open('CANARY', 'w') }}{% endfor %}",
    "{% macro m() %}{% endmacro %}{{ m.__init__.__globals__ }}",
    "{% macro m() %}{% endmacro %}{{ m._func.__globals__ }}",
    "{% set x = cycler.__init__ %}{{ x.__globals__ }}",
    "{% include '/etc/passwd' %}",
    "{% import 'os' as os %}{{ os.system('touch CANARY') }}",
    "{% from 'os' import system %}{{ system('touch CANARY') }}",
    "{% extends 'base' %}",
    "{{ a|map('__class__')|list }}",
    "{{ rows|map(attribute='__class__')|list }}",
    "{{ rows|selectattr('__class__')|list }}",
    "{{ rows|groupby('__class__') }}",
    "{{ rows|sum(attribute='__class__') }}",
    "{{ a|safe }}",
    "{{ a|xmlattr }}",
    "{{ a|pprint }}",
    "{{ config }}{{ request.application.__globals__ }}",
    "{{ get_flashed_messages.__globals__ }}{{ url_for.__globals__ }}",
    "{{ undefined_thing.__class__ }}",
    "{{ _ }}{{ gettext }}",
    "{% do rows.append(1) %}",
    "{% debug %}",
    "{% autoescape false %}{{ a|safe }}{% endautoescape %}",
    "{{ environment.globals }}{{ context }}{{ caller }}",
    "{{ dict(a=1).__class__ }}",
    "{{ __import__('os').system('touch CANARY') }}",
    "{{ (rows|first).__class__ }}",
    "{{ a[:1].__class__.__mro__ }}",
]
# fmt: on

PLACES: Mapping[str, Callable[[str], bytes]] = {
    "body": lambda text: docx(paragraph(text)),
    "table": lambda text: docx(table(1, row(text))),
    "header": lambda text: docx(paragraph("x"), head=paragraph(text)),
    "footer": lambda text: docx(paragraph("x"), foot=paragraph(text)),
    "footnote": lambda text: docx(paragraph("x"), notes=paragraph(text)),
    "properties": lambda text: docx(paragraph("x"), title=text),
}
VARIABLES = {"a": "值", "rows": [{"text": "1"}]}


def escaped(text: str) -> str:
    return text.replace("&", "&amp;").replace("<", "&lt;").replace(">", "&gt;")


@pytest.mark.parametrize("place", PLACES)
def test_no_injection_runs_anywhere(place: str, tmp_path: Path) -> None:
    canary = tmp_path / "ran"
    for injection in INJECTIONS:
        text = injection.replace("CANARY", str(canary))
        template = PLACES[place](text if place == "properties" else escaped(text))
        with pytest.raises(PaperError, match=r"template t\.docx"):
            fill(template, VARIABLES, name="t.docx")
        assert not canary.exists()


@pytest.mark.parametrize("place", PLACES)
def test_a_template_from_outside_is_refused_with_its_name_and_the_text(place: str, tmp_path: Path) -> None:
    path = tmp_path / "外来.docx"
    path.write_bytes(PLACES[place]("甲 {{ ''.__class__ }} 乙"))
    with pytest.raises(PaperError) as caught:
        fill_foreign(path, VARIABLES)
    assert "外来.docx" in str(caught.value)
    if place != "properties":
        assert "near “甲 {{ ''.__class__ }} 乙”" in str(caught.value)


@pytest.mark.parametrize("place", PLACES)
def test_a_value_is_never_taken_for_a_tag(place: str) -> None:
    value = "{{ a }}{% for x in y %}<w:p/>{_{ &amp; ="
    template = PLACES[place]("[{{ a }}]")
    said = "".join(parts(fill(template, {"a": value}, name="t.docx")).values())
    assert f"[{escaped(value)}]" in said


def test_a_template_from_outside_is_filled(tmp_path: Path) -> None:
    path = tmp_path / "t.docx"
    path.write_bytes(docx(table(1, row("{%tr for row in rows %}"), row("{{ row.text }}"), row("{%tr endfor %}"))))
    variables = {"rows": [{"text": "A & B"}, {"text": "电线<2.5mm²"}]}
    assert parts(fill_foreign(path, variables)) == parts(fill(path.read_bytes(), variables, name="t"))


def test_a_paper_from_such_a_template_is_settled(tmp_path: Path) -> None:
    path = tmp_path / "t.docx"
    path.write_bytes(docx(paragraph("{{ a }}")))
    made = foreign_package(path, {"a": "x"}, Properties(title="题", subject="", author="", keywords=""))
    assert made.sha256 == digest(made.bytes)
    assert "题" in parts(made.bytes)["docProps/core.xml"]


@pytest.mark.parametrize("value", [object(), {1, 2}, b"x", float("nan"), {"a": [1, object()]}, {1: "x"}, print])
def test_only_plain_data_goes_into_the_child(value: object, tmp_path: Path) -> None:
    path = tmp_path / "t.docx"
    path.write_bytes(docx(paragraph("{{ a }}")))
    with pytest.raises(PaperError, match="are texts, numbers, flags, lists and dicts: a"):
        fill_foreign(path, {"a": value})


def test_data_without_an_end_is_refused(tmp_path: Path) -> None:
    path = tmp_path / "t.docx"
    path.write_bytes(docx(paragraph("{{ a }}")))
    endless: list[object] = []
    endless.append(endless)
    with pytest.raises(PaperError, match="nested too deeply"):
        fill_foreign(path, {"a": endless})


def test_the_child_knows_nothing_of_the_environment(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setenv("PYTHONSTARTUP", "/nowhere")
    monkeypatch.setenv("PYTHONPATH", "/nowhere")
    path = tmp_path / "t.docx"
    path.write_bytes(docx(paragraph("{{ a }}")))
    assert fill_foreign(path, {"a": "x"})


# fmt: off
BOMBS = {
    "loops that print": "{% for i in range(99999) %}{% for j in range(99999) %}{{ a }}{% endfor %}{% endfor %}",
    "loops that print nothing": "{% for i in range(99999) %}{% for j in range(99999) %}{% endfor %}{% endfor %}",
    "more rounds than a range may have": "{% for i in range(10**12) %}x{% endfor %}",
    "a long text": "{{ 'x' * 10**10 }}",
    "a long list": "{{ ([0] * 10**9)|length }}",
    "a large power": "{{ 9 ** (9 ** 9) }}",
    "a padded number": "{{ '%0999999999d' % 1 }}",
    "a text between all letters": "{{ ('x' * 10**5)|replace('', 'y' * 10**5) }}",
    "a batch of nothing": "{{ [1]|batch(10**9, 'x')|list|length }}",
    "slices of nothing": "{{ [1]|slice(10**9)|list|length }}",
    "a macro that calls itself": "{% macro m() %}{{ m() }}{{ m() }}{% endmacro %}{{ m() }}",
    "brackets in brackets": "{{ " + "(" * 5000 + "1" + ")" * 5000 + " }}",
    "a text that doubles": "{% set b = a * 9**7 %}{% set b = b ~ b ~ b ~ b ~ b ~ b %}{% set b = b ~ b ~ b ~ b ~ b ~ b %}{{ b ~ b ~ b }}",
}
# fmt: on
SHORT = Limits(cpu_seconds=1, wall_seconds=4)


@pytest.mark.skipif(sys.platform == "win32", reason="this system cannot limit processor time and memory")
@pytest.mark.parametrize("name", BOMBS)
def test_a_bomb_is_ended_with_a_clear_error(name: str) -> None:
    with pytest.raises(PaperError) as caught:
        in_child("fill", docx(paragraph(BOMBS[name])), {"a": "x"}, name="t.docx", limits=SHORT)
    assert "t.docx" in str(caught.value)
    assert "ended unexpectedly" not in str(caught.value)


def test_elements_within_elements_without_end_are_refused() -> None:
    deep = docx("<w:p>" + "<w:r>" * 20_000 + "</w:r>" * 20_000 + "</w:p>")
    with pytest.raises(PaperError, match=r"t\.docx"):
        in_child("fill", deep, {}, name="t.docx", limits=SHORT)


def test_the_limits_are_said() -> None:
    assert "8 s in all" in Limits().said.en
    assert "8 秒" in Limits().said.zh


@pytest.mark.parametrize("path", ["nowhere.docx", "."])
def test_a_file_that_cannot_be_read_is_said(path: str) -> None:
    with pytest.raises(PaperError, match=r"cannot read template nowhere|it is no file"):
        fill_foreign(path, {})


def test_a_file_that_never_ends_is_not_read() -> None:
    if not Path("/dev/zero").exists():
        pytest.skip("this system has no /dev/zero")
    with pytest.raises(PaperError, match="it is no file"):
        fill_foreign("/dev/zero", {})


def test_a_workbook_is_no_template(tmp_path: Path) -> None:
    openpyxl = pytest.importorskip("openpyxl")
    path = tmp_path / "t.docx"
    openpyxl.Workbook().save(path)
    with pytest.raises(PaperError, match=r"template t\.docx: .*not a Word file"):
        fill_foreign(path, {})


@pytest.mark.parametrize("seed", range(30))
def test_whatever_is_in_the_file_the_answer_is_an_error_of_ours(seed: int) -> None:
    import random

    chance = random.Random(seed)
    own = unzipped(docx(paragraph("{{ a }}"), head=paragraph("{{ a }}"), notes=paragraph("{{ a }}")))
    name = chance.choice(sorted(own))
    content = bytearray(own[name])
    for _ in range(chance.randint(1, 8)):
        at = chance.randrange(len(content))
        if chance.random() < 0.5:
            content[at] = chance.randrange(256)
        else:
            del content[at : at + chance.randint(1, 60)]
    package = zipped({**own, name: bytes(content)})
    try:
        scan(package, name="t.docx")
        fill(package, {"a": "x"}, name="t.docx")
    except PaperError as error:
        assert "t.docx" in str(error)


def test_without_python_to_start_it_says_so(monkeypatch: pytest.MonkeyPatch) -> None:
    program = (
        "import sys; sys.executable = ''\n"
        "from qsafety.errors import PaperError\n"
        "from qsafety.papers.child import in_child\n"
        "try: in_child('fill', b'', {}, name='t')\n"
        "except PaperError as error: print(error)\n"
    )
    run = subprocess.run([sys.executable, "-c", program], capture_output=True, encoding="utf-8", check=True)
    assert run.stdout.strip() == "no Python to run a template from outside safely"
