"""A template whose fields would fetch a file or run a program when Word opens it is refused before it is filled."""

from collections.abc import Mapping

import pytest

from qsafety.errors import PaperError
from qsafety.papers.scan import scan
from qsafety.papers.specs import ALL, PROFILES
from tests.papers.word_files import PACKAGE, RELATION, docx, paragraph, unzipped, zipped


def begin(what: str) -> str:
    return f'<w:r><w:fldChar w:fldCharType="{what}"/></w:r>'


def code(*texts: str) -> str:
    return "".join(f'<w:r><w:instrText xml:space="preserve">{text}</w:instrText></w:r>' for text in texts)


def field(*texts: str) -> str:
    """A field as Word writes it, its code in several runs."""
    return f"<w:p>{begin('begin')}{code(*texts)}{begin('separate')}<w:r><w:t>x</w:t></w:r>{begin('end')}</w:p>"


def simple(text: str) -> str:
    return f'<w:p><w:fldSimple w:instr="{text}"><w:r><w:t>x</w:t></w:r></w:fldSimple></w:p>'


BODIES: Mapping[str, tuple[str, str]] = {
    "DDEAUTO": (field(r'DDEAUTO c:\\windows\\system32\\cmd.exe "/k calc.exe"'), r"the field DDEAUTO c:\\windows"),
    "DDE in pieces": (field(" D", "D", "E ", 'excel "x"'), 'the field DDE excel "x"'),
    "dde in small letters": (field("dde excel x"), "the field dde excel x"),
    "DDE as references": (field("&#68;&#x44;E x y"), "the field DDE x y"),
    "DDE in CDATA": (field("<![CDATA[DD]]>E x"), "the field DDE x"),
    "INCLUDETEXT": (field('INCLUDETEXT "\\\\\\\\host\\\\a.docx"'), "the field INCLUDETEXT"),
    "INCLUDEPICTURE": (simple("INCLUDEPICTURE &quot;http://x.example/a.png&quot; \\d"), "the field INCLUDEPICTURE"),
    "LINK": (field("LINK Excel.Sheet.8 a.xls"), "the field LINK"),
    "IMPORT": (simple("IMPORT a.wmf"), "the field IMPORT"),
    "AUTOTEXT": (simple("AUTOTEXT x"), "the field AUTOTEXT"),
    "MACROBUTTON": (simple("MACROBUTTON AutoOpen x"), "the field MACROBUTTON"),
    "a field within a field": (
        f"<w:p>{begin('begin')}{code(' IF ')}{begin('begin')}{code('DDE x y')}{begin('end')}{begin('end')}</w:p>",
        "the field DDE x y",
    ),
    "a code made of numbers": (field("QUOTE 68 68 69 "), "the field QUOTE 68 68 69"),
    "a field that never ends": (f"<w:p>{begin('begin')}{code('DDE x y')}</w:p>", "the field DDE x y"),
    "a code without a field": (f"<w:p>{code('DDE x y')}</w:p>", "the field DDE x y"),
    "a value within a code": (simple("HYPERLINK {{ seller }}"), "the field HYPERLINK {{ seller }}"),
    "a value for a code": (field("{{ a }}"), "the field {{ a }}"),
    "another file within": ('<w:altChunk r:id="a"/>', "the element altChunk brings in other content"),
    "an object": ("<w:p><w:r><w:object/></w:r></w:p>", "the element object"),
    "a control": ("<w:p><w:r><w:control/></w:r></w:p>", "the element control"),
    "a part of a master document": ('<w:subDoc r:id="a"/>', "the element subDoc"),
}


@pytest.mark.parametrize("place", ["body", "head", "notes"])
@pytest.mark.parametrize("name", BODIES)
def test_a_field_that_fetches_or_runs_is_refused(name: str, place: str) -> None:
    body, said = BODIES[name]
    content = docx(body) if place == "body" else docx(paragraph("x"), **{place: body})
    with pytest.raises(PaperError) as caught:
        scan(content, name="t.docx")
    assert said in str(caught.value)
    assert str(caught.value).startswith("template t.docx is refused: word/")


@pytest.mark.parametrize("coding", ["utf-16", "utf-16-le", "utf-16-be"])
def test_another_encoding_hides_nothing(coding: str) -> None:
    parts = unzipped(docx(field("DDE x y")))
    xml = parts["word/document.xml"].decode()
    parts["word/document.xml"] = (xml if coding == "utf-16" else "\ufeff" + xml).encode(coding)
    with pytest.raises(PaperError, match="the field DDE x y"):
        scan(zipped(parts), name="t.docx")


@pytest.mark.parametrize("coding", ["cp037", "cp500", "utf-7", "shift_jis", "iso-8859-1"])
def test_an_encoding_that_word_does_not_write_is_refused(coding: str) -> None:
    parts = unzipped(docx(field("DDE x y")))
    xml = f'<?xml version="1.0" encoding="{coding}"?>' + parts["word/document.xml"].decode()
    with pytest.raises(PaperError, match=r"t\.docx is refused"):
        scan(zipped({**parts, "word/document.xml": xml.encode(coding)}), name="t.docx")


@pytest.mark.parametrize("target", ["file:///etc/passwd", r"\\host\share", "javascript:alert(1)", "ftp://x.example/"])
def test_a_link_to_what_is_no_page_is_refused(target: str) -> None:
    rels = f'<Relationship Id="a" Type="{RELATION}/hyperlink" Target="{target}" TargetMode="External"/>'
    package = f'<Relationships xmlns="{PACKAGE}/relationships">{rels}</Relationships>'
    with pytest.raises(PaperError, match="something outside"):
        scan(zipped({**unzipped(docx("")), "word/_rels/document.xml.rels": package.encode()}), name="t.docx")


def test_fields_that_count_and_refer_pass() -> None:
    scan(
        docx(simple("PAGE") + simple(" NUMPAGES \\* MERGEFORMAT ") + field("DA", 'TE \\@ "yyyy"') + field("")),
        name="t.docx",
    )


def test_words_in_a_text_are_no_field() -> None:
    scan(docx(paragraph("DDEAUTO instr fldChar altChunk")), name="t.docx")


def test_the_templates_of_the_house_pass() -> None:
    for spec in ALL.values():
        for profile in PROFILES:
            scan(spec.template_in(profile), name="t.docx")
