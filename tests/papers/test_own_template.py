"""A changed copy of a template is used, and trusted in nothing."""

import zipfile
from io import BytesIO
from pathlib import Path
from xml.etree.ElementTree import canonicalize

import pytest

import qsafety as qs
from qsafety.errors import PaperError
from qsafety.papers import export_templates

WORD = "word/document.xml"


def changed(source: Path, target: Path, old: str, new: str) -> Path:
    with zipfile.ZipFile(source) as before, zipfile.ZipFile(target, "w") as after:
        for name in before.namelist():
            content = before.read(name)
            after.writestr(name, content.replace(old.encode(), new.encode()) if name == WORD else content)
    return target


@pytest.fixture
def template(tmp_path):
    export_templates(tmp_path / "templates")
    return tmp_path / "templates" / "weekly_report.docx"


def weekly(sample_folder: Path, template: Path | None):
    shop = qs.read_ledger(sample_folder / "ebike-shop.xlsx")
    return qs.render("weekly_report", shop, period="2024-W05", template=template)


def document(paper) -> str:
    return canonicalize(zipfile.ZipFile(BytesIO(paper.bytes)).read(WORD).decode())


def test_an_unchanged_copy_gives_the_same_document(sample_folder, template):
    assert document(weekly(sample_folder, template)) == document(weekly(sample_folder, None))


def test_a_variable_that_is_none_is_refused_with_the_nearest(sample_folder, template, tmp_path):
    wrong = changed(template, tmp_path / "wrong.docx", "{{ seller }}", "{{ saller }}")
    if wrong.read_bytes() == template.read_bytes():
        pytest.fail("the template no longer prints {{ seller }}")
    with pytest.raises(PaperError, match="saller"):
        weekly(sample_folder, wrong)


def test_a_template_that_reaches_for_python_is_refused(sample_folder, template, tmp_path):
    hostile = changed(template, tmp_path / "hostile.docx", "{{ seller }}", "{{ seller.__class__.__mro__ }}")
    with pytest.raises(PaperError):
        weekly(sample_folder, hostile)


def test_a_template_of_another_paper_is_refused_as_that(sample_folder, template):
    with pytest.raises(PaperError) as caught:
        weekly(sample_folder, template.with_name("monthly_minutes.docx"))
    assert caught.value.to("zh") == (
        "模板 monthly_minutes.docx 是《每月工业产品质量安全调度会议纪要》的，不是《每周工业产品质量安全排查治理报告》的。"
        "请用 weekly_report.docx 的副本，或出具 monthly_minutes。"
    )
    assert "ask for monthly_minutes" in str(caught.value)
