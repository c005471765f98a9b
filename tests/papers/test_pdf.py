"""PDF through LibreOffice: the words are there, one page, and without LibreOffice it says what to install."""

import subprocess
import sys
from pathlib import Path

import pytest

from qsafety.dossier import Dossier
from qsafety.errors import PaperError
from qsafety.papers import render
from qsafety.papers.pdf import pdfs


def words(pdf: Path) -> str:
    run = subprocess.run(["pdftotext", "-layout", str(pdf), "-"], capture_output=True, encoding="utf-8", check=True)
    return run.stdout


@pytest.mark.needs("soffice", "pdftotext")
def test_a_paper_is_one_page_with_all_its_words(shop: Dossier, tmp_path: Path) -> None:
    pdf = render("daily_record", shop, period="2024-01-10", outlet="M1").to_pdf(tmp_path)
    assert pdf == tmp_path / "daily_record-M1-2024-01-10.pdf"
    said = words(pdf).replace(" ", "")
    for text in ("每日工业产品质量安全检查记录", "王样成", "×", "第1页共1页", "第十条", "daily_check:M1:2024-01-10"):
        assert text in said
    assert said.count("\f") == 1


@pytest.mark.needs("soffice", "pdftotext")
def test_many_papers_take_one_call(shop: Dossier, tmp_path: Path) -> None:
    papers = [render("daily_record", shop, period=day, outlet="M1") for day in ("2024-01-10", "2024-01-12")]
    made = pdfs([paper.bytes for paper in papers])
    (tmp_path / "late.pdf").write_bytes(made[1])
    assert [content[:5] for content in made] == [b"%PDF-"] * 2
    assert "补录" in words(tmp_path / "late.pdf").replace(" ", "")


@pytest.mark.needs("soffice")
def test_patience_ends(shop: Dossier) -> None:
    paper = render("daily_record", shop, period="2024-01-10", outlet="M1")
    with pytest.raises(PaperError, match="did not finish"):
        pdfs([paper.bytes], patience=-4.9)


@pytest.mark.needs("soffice")
def test_without_a_chinese_font_it_says_so_and_makes_no_boxes(
    shop: Dossier, tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    conf = tmp_path / "fonts.conf"
    conf.write_text('<?xml version="1.0"?><!DOCTYPE fontconfig SYSTEM "fonts.dtd"><fontconfig></fontconfig>')
    monkeypatch.setenv("FONTCONFIG_FILE", str(conf))
    with pytest.raises(PaperError, match=r"no Chinese font.*fonts-noto-cjk"):
        render("daily_record", shop, period="2024-01-10", outlet="M1").to_pdf(tmp_path / "a.pdf")
    assert not (tmp_path / "a.pdf").exists()


def test_without_libreoffice_it_says_what_to_install(
    shop: Dossier, tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setenv("PATH", str(tmp_path))
    if sys.platform != "linux":
        pytest.skip("elsewhere LibreOffice is found without the PATH")
    paper = render("daily_record", shop, period="2024-01-10", outlet="M1")
    with pytest.raises(PaperError) as caught:
        paper.to_pdf(tmp_path / "a.pdf")
    assert str(caught.value).startswith("PDF needs LibreOffice, which was not found. Install LibreOffice Writer")
    assert not (tmp_path / "a.pdf").exists()
