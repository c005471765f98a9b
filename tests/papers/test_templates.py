"""The shipped templates: every variable is a documented attribute, and every attribute is used; Word and its checkers accept them."""

import io
import re
import runpy
import zipfile
from collections.abc import Iterator
from importlib.resources import files
from pathlib import Path
from typing import Any
from xml.etree import ElementTree

import attrs
import jinja2
import pytest
from jinja2 import meta, nodes

from qsafety.dossier import Dossier
from qsafety.law.vocabulary import FurtherPaper, PaperKind
from qsafety.papers import context, render
from qsafety.papers.engine import environment
from qsafety.papers.packages import digest
from qsafety.papers.sheets import documented, rows_of
from qsafety.papers.specs import ALL as SPECS
from qsafety.papers.specs import FURTHER, PROFILES
from qsafety.papers.specs import SPECS as SIX

CONTEXTS: dict[PaperKind | FurtherPaper, type] = {kind: spec.context for kind, spec in SPECS.items()}
KINDS = list(SPECS)


def source_of(template: bytes) -> str:
    """The body and the feet of a template as docxtpl gives them to jinja2."""
    from docxtpl import DocxTemplate

    document: Any = DocxTemplate(io.BytesIO(template))
    document.init_docx()
    feet = [document.get_part_xml(p) for _, p in document.get_headers_footers(DocxTemplate.FOOTER_URI)]
    return "".join(document.patch_xml(xml) for xml in [document.get_xml(), *feet])


def fields_of(parsed: nodes.Template) -> Iterator[tuple[str, str]]:
    """Each field of a row that a template uses: the table's name and the field's."""
    for loop in parsed.find_all(nodes.For):
        assert isinstance(loop.iter, nodes.Name)
        assert isinstance(loop.target, nodes.Name)
        for used in loop.find_all(nodes.Getattr):
            assert isinstance(used.node, nodes.Name)
            assert used.node.name == loop.target.name
            yield loop.iter.name, used.attr


def test_every_mandated_paper_can_be_made() -> None:
    assert list(SIX) == list(PaperKind)
    assert list(FURTHER) == list(FurtherPaper)


@pytest.mark.parametrize("profile", PROFILES)
@pytest.mark.parametrize("kind", KINDS)
def test_the_variables_of_a_template_are_the_attributes_of_its_context(
    kind: PaperKind | FurtherPaper, profile: str
) -> None:
    parsed = environment().parse(source_of(SPECS[kind].template_in(profile)))
    variables = documented(CONTEXTS[kind])
    assert meta.find_undeclared_variables(parsed) == set(variables)
    tables = rows_of(CONTEXTS[kind])
    assert set(fields_of(parsed)) == {(name, field) for name, row in tables.items() for field in documented(row)}


@pytest.mark.parametrize("kind", KINDS)
def test_every_variable_is_documented_in_both_languages(kind: PaperKind | FurtherPaper) -> None:
    for described in [CONTEXTS[kind], *rows_of(CONTEXTS[kind]).values()]:
        for name, said in documented(described).items():
            assert said.zh, name
            assert said.en, name


@pytest.mark.parametrize("kind", KINDS)
def test_no_field_of_a_row_has_the_name_of_a_method_of_dict(kind: PaperKind | FurtherPaper) -> None:
    # `row.items` in a template would be that method
    names = {field for row in rows_of(CONTEXTS[kind]).values() for field in documented(row)}
    assert not names & set(dir({}))


def test_the_script_builds_the_templates_that_are_shipped(tmp_path: Path) -> None:
    script = Path(__file__).parents[2] / "tools" / "build_templates.py"
    runpy.run_path(str(script))["build"](tmp_path)
    shipped = {p.name: digest(p.read_bytes()) for p in (files("qsafety.papers") / "templates").iterdir()}
    assert {p.name: digest(p.read_bytes()) for p in tmp_path.iterdir()} == shipped


@pytest.mark.parametrize("kind", KINDS)
def test_a_template_names_its_fonts_and_brings_none(kind: PaperKind | FurtherPaper) -> None:
    with zipfile.ZipFile(io.BytesIO(SPECS[kind].template)) as file:
        assert not [name for name in file.namelist() if "font" in name.lower() and name != "word/fontTable.xml"]
        styles = file.read("word/styles.xml").decode()
        sizes = re.findall(r'<w:pgSz w:w="(\d+)" w:h="(\d+)"', file.read("word/document.xml").decode())
        lying = kind in (PaperKind.RISK_CONTROL_LIST, FurtherPaper.ARCHIVE_INDEX)
        assert sizes == [("16838", "11906") if lying else ("11906", "16838")]  # A4
    for font in ("仿宋_GB2312", "黑体", "方正小标宋简体"):
        assert f'w:eastAsia="{font}"' in styles


@pytest.mark.parametrize(
    "kind", [kind for kind in KINDS if rows_of(CONTEXTS[kind]) and kind is not FurtherPaper.APPOINTMENT_LETTER]
)
def test_the_head_of_the_table_comes_again_on_each_page(kind: PaperKind | FurtherPaper) -> None:
    with zipfile.ZipFile(io.BytesIO(SPECS[kind].template)) as file:
        assert "<w:tblHeader/>" in file.read("word/document.xml").decode()


def canonical(xml: bytes) -> str:
    return ElementTree.canonicalize(xml.decode())


def test_docxtpl_gives_the_same_document_with_the_context(shop: Dossier) -> None:
    from docxtpl import DocxTemplate

    variables = context("daily_record", shop, period="2024-01-10", outlet="M1")
    template: Any = DocxTemplate(io.BytesIO(SPECS[PaperKind.DAILY_RECORD].template))
    template.render(variables, jinja2.Environment(autoescape=True, undefined=jinja2.StrictUndefined))
    plain = io.BytesIO()
    template.save(plain)
    ours = render("daily_record", shop, period="2024-01-10", outlet="M1").bytes
    with zipfile.ZipFile(plain) as theirs, zipfile.ZipFile(io.BytesIO(ours)) as file:
        assert canonical(file.read("word/document.xml")) == canonical(theirs.read("word/document.xml"))


@pytest.mark.parametrize(("day", "outlet"), [("2024-01-10", "M1"), ("2024-01-12", "M1"), ("2024-01-31", "M2")])
def test_checkers_of_word_files_find_nothing(shop: Dossier, tmp_path: Path, day: str, outlet: str) -> None:
    docx_integrity = pytest.importorskip("docx_integrity")
    openxml_audit = pytest.importorskip("openxml_audit")
    path = render("daily_record", shop, period=day, outlet=outlet).save(tmp_path)
    assert not [f for f in docx_integrity.check(str(path)) if f.severity != "info"]
    result = openxml_audit.OpenXmlValidator().validate(str(path))
    assert not result.errors


def test_contexts_are_frozen() -> None:
    for described in CONTEXTS.values():
        assert described.__setattr__ is attrs.frozen(type("X", (), {})).__setattr__
