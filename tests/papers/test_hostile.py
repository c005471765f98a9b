"""Templates from outside: nothing in them runs, nothing they ask for exhausts the machine, and hostile packages are not opened."""

import io
import os
import struct
import subprocess
import sys
import tracemalloc
import zipfile
from collections.abc import Callable, Mapping
from pathlib import Path

import pytest

from qsafety.errors import PaperError
from qsafety.papers.child import Limits, in_child
from qsafety.papers.engine import fill, fill_foreign, foreign_package
from qsafety.papers.packages import Properties, digest
from qsafety.papers.scan import scan
from tests.papers.word_files import PACKAGE, RELATION, docx, paragraph, parts, row, table, unzipped, zipped

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
    path.write_bytes(GOOD)
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


GOOD = docx(paragraph("{{ a }}"))
ENTITY = b'<?xml version="1.0"?><!DOCTYPE x [<!ENTITY a "b">]><x>&a;</x>'


def with_part(name: str, content: bytes) -> bytes:
    return zipped({**unzipped(GOOD), name: content})


def with_relation(relation: str) -> bytes:
    own = unzipped(GOOD)
    rels = f'<Relationships xmlns="{PACKAGE}/relationships">{relation}</Relationships>'
    return zipped({**own, "word/_rels/document.xml.rels": rels.encode()})


def with_entry(name: str, *, flags: int = 0, method: int = zipfile.ZIP_STORED) -> bytes:
    file = io.BytesIO(GOOD)
    with zipfile.ZipFile(file, "a") as package:
        entry = zipfile.ZipInfo("placeholder".ljust(len(name), "_")[: len(name)] if flags == 0 else name)
        entry.compress_type = method
        package.writestr(entry, b"x")
    return file.getvalue().replace(entry.filename.encode(), name.encode())


def twice(name: str, again: str) -> bytes:
    held = name.replace("d", "e")
    return zipped({**unzipped(GOOD), held: b"x", again: b"x"}).replace(held.encode(), name.encode())


def patched(offset: int, form: str, value: int) -> bytes:
    """The good file with a number of its first directory entry changed: what the archive says of itself is false."""
    at = GOOD.index(b"PK\x01\x02") + offset
    return GOOD[:at] + struct.pack(form, value) + GOOD[at + struct.calcsize(form) :]


def large() -> bytes:
    """12 MiB that hold little, but not nothing."""
    return b"".join(os.urandom(40) + bytes(2000) for _ in range(6000))


HOSTILE: Mapping[str, tuple[Callable[[], bytes], str]] = {
    "a zip bomb": (
        lambda: with_part("word/media/a.bin", bytes(64 << 20)),
        "word/media/a.bin: it is compressed more than 200 times",
    ),
    "zeros": (lambda: with_part("word/a.bin", bytes(8 << 20)), "word/a.bin: it is compressed more than 200 times"),
    "a large part": (lambda: with_part("word/a.bin", large() + large()), "word/a.bin: it is larger than 16 MiB"),
    "many large parts": (
        lambda: zipped({**unzipped(GOOD), **{f"{n}.bin": large() for n in range(6)}}),
        "it is larger than",
    ),
    "10,000 entries": (
        lambda: zipped({**unzipped(GOOD), **{f"{n}.xml": b"" for n in range(10_000)}}),
        "more than 1000 parts",
    ),
    "1,001 short names": (
        lambda: zipped({**unzipped(GOOD), **{f"{n}": b"" for n in range(1001)}}),
        "more than 1000 parts",
    ),
    "an archive inside": (
        lambda: with_part("word/media/a.png", GOOD),
        "word/media/a.png: it is an archive within the archive",
    ),
    "an old Word file inside": (
        lambda: with_part("a.bin", b"\xd0\xcf\x11\xe0\xa1\xb1\x1a\xe1"),
        "a.bin: it is an archive",
    ),
    "two parts of one name": (lambda: twice("word/d.xml", "word/d.xml"), "word/d.xml: it is there twice"),
    "names that differ in case": (
        lambda: with_part("word/Document.xml", b"<a/>"),
        "word/Document.xml: it is there twice",
    ),
    "a DTD": (lambda: with_part("word/document.xml", ENTITY), "word/document.xml: it has a DTD"),
    "a DTD in UTF-16": (
        lambda: with_part(
            "word/styles.xml",
            ENTITY.decode()
            .replace("1.0", "1.0' encoding='utf-16")
            .replace('"1.0', "'1.0")
            .replace('16"', "16'")
            .encode("utf-16"),
        ),
        "word/styles.xml: it has a DTD",
    ),
    "a DTD in UTF-16 without a mark": (
        lambda: with_part("a.xml", ENTITY[21:].decode().encode("utf-16-be")),
        "a.xml: it has a DTD",
    ),
    "a DTD in EBCDIC": (
        lambda: with_part("a.xml", ENTITY.decode().replace('"1.0"', '"1.0" encoding="cp037"').encode("cp037")),
        "a.xml is no XML that can be read",
    ),
    "a DTD after a comment": (
        lambda: with_part("a.xml", b"<!--" + b"-x" * 9999 + b"-->" + ENTITY[21:]),
        "a.xml: it has a DTD",
    ),
    "much before the root": (
        lambda: with_part("a.xml", b"<!--" + os.urandom(1 << 20).hex().encode() + b"-->" + ENTITY[21:]),
        "a.xml has more than 1 MiB before its first element",
    ),
    "a stream without an end": (lambda: patched(20, "<L", 20), "is not what the archive says of it"),
    "an external entity": (
        lambda: with_part("a.rels", b'<!DOCTYPE x [<!ENTITY a SYSTEM "file:///etc/passwd">]><x>&a;</x>'),
        "a.rels: it has a DTD",
    ),
    "a DTD where types are read": (
        lambda: with_part("[Content_Types].xml", ENTITY),
        "[Content_Types].xml: it has a DTD",
    ),
    "a macro": (lambda: with_part("word/vbaProject.bin", b"x"), "word/vbaProject.bin: it brings a macro"),
    "a macro of another name": (
        lambda: zipped(
            {k: v.replace(b".document.main+xml", b".macroEnabled.main+xml") for k, v in unzipped(GOOD).items()}
        ),
        "word/document.xml: it brings a macro",
    ),
    "an embedded object": (lambda: with_part("word/embeddings/o.bin", b"x"), "an embedded object"),
    "a template elsewhere": (
        lambda: with_relation(
            f'<Relationship Id="a" Type="{RELATION}/attachedTemplate" Target="http://x.example/a.dotm" TargetMode="External"/>'
        ),
        "refers to something outside: http://x.example/a.dotm",
    ),
    "a picture elsewhere": (
        lambda: with_relation(
            f'<Relationship Id="a" Type="{RELATION}/image" Target="\\\\host\\a.png" TargetMode="external"/>'
        ),
        "refers to something outside",
    ),
    "a link that is not called external": (
        lambda: with_relation(f'<Relationship Id="a" Type="{RELATION}/frame" Target="file:///etc/passwd"/>'),
        "refers to something outside",
    ),
    "half a file": (lambda: GOOD[: len(GOOD) // 2], "it is no whole archive"),
    "all but its last byte": (lambda: GOOD[:-1], "it is no whole archive"),
    "no archive": (lambda: b"hello", "it is no whole archive"),
    "something before the archive": (lambda: b"#!/bin/sh\n" + GOOD, "it is no whole archive"),
    "a name above the package": (lambda: with_entry("../../evil.xml"), "its name points out of the package"),
    "an absolute name": (lambda: with_entry("/etc/evil.xml"), "its name points out of the package"),
    "a name with a drive": (lambda: with_entry("C:/evil.xml"), "its name points out of the package"),
    "a name with a backslash": (lambda: with_entry("word\\evil.xml"), "its name points out of the package"),
    "a name with an end in it": (lambda: with_entry("word/a\0.xml"), "its name has a control character"),
    "a false size": (lambda: patched(24, "<L", 10), "is not what the archive says of it"),
    "a false digest": (lambda: patched(16, "<L", 1), "is not what the archive says of it"),
    "a false place": (lambda: patched(42, "<L", 7), "is not where it is said to be"),
    "a false name": (lambda: GOOD[:30] + b"_" + GOOD[31:], "[Content_Types].xml has another name where it begins"),
    "an encrypted part": (lambda: patched(8, "<H", 1), "it is encrypted"),
    "another compression": (lambda: patched(10, "<H", 14), "it is compressed in a way that Word does not use"),
    "a large comment": (lambda: GOOD[:-2] + struct.pack("<H", 9) + b"PK\x05\x06    x", "it is no whole archive"),
    "no types": (lambda: zipped({"word/document.xml": b"<a/>"}), "no Word file"),
}


@pytest.mark.parametrize("name", HOSTILE)
def test_a_hostile_package_is_refused_before_anything_opens_it(name: str) -> None:
    make, why = HOSTILE[name]
    content = make()
    tracemalloc.start()
    try:
        with pytest.raises(PaperError) as caught:
            scan(content, name="t.docx")
        peak = tracemalloc.get_traced_memory()[1]
    finally:
        tracemalloc.stop()
    assert why in str(caught.value)
    assert str(caught.value).startswith("template t.docx is refused: ")
    assert caught.value.to("zh").startswith("拒绝模板 t.docx：")
    assert peak < 100 << 20


def test_links_for_readers_pass() -> None:
    scan(
        with_relation(
            f'<Relationship Id="a" Type="{RELATION}/hyperlink" Target="https://www.samr.gov.cn/" TargetMode="External"/>'
        ),
        name="t.docx",
    )


def test_folders_in_the_archive_pass() -> None:
    file = io.BytesIO(GOOD)
    with zipfile.ZipFile(file, "a") as package:
        package.writestr("word/media/", b"")
    scan(file.getvalue(), name="t.docx")


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
