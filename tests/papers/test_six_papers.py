"""What holds of every paper: valid, the same everywhere, letter for letter, and whole in print."""

import io
import os
import re
import subprocess
import sys
import zipfile
from datetime import UTC, date, datetime
from importlib.resources import files
from pathlib import Path
from typing import Any
from xml.etree import ElementTree

import attrs
import jinja2
import pytest

from qsafety.dossier import (
    Appointment,
    DailyCheck,
    Dossier,
    DutyMeasure,
    Hazard,
    MonthlyCoordination,
    Opinion,
    Outlet,
    Person,
    PostHolding,
    Priority,
    ProductLine,
    RiskItem,
    RiskList,
    Seller,
    Text,
    WeeklyScreening,
)
from qsafety.errors import PaperError
from qsafety.papers import NumberParts, Paper, context, number_of, render
from qsafety.papers.specs import SPECS

ASKED: dict[str, dict[str, Any]] = {
    "director_duties": {},
    "officer_code": {},
    "risk_control_list": {},
    "daily_record": {"period": "2024-01-10", "outlet": "M1"},
    "weekly_report": {"period": "2024-W02"},
    "monthly_minutes": {"period": "2024-01"},
}
KINDS = list(ASKED)
WORDS = ("{{ 7*7 }}", "<w:p/>", "A & B", "电线<2.5mm²", "镕𠮷🔋", "{% endfor %}", "]]>", "a_b", "{_{", "\"'")


def filled_with(word: str) -> Dossier:
    """A shop whose every text is the same word."""
    day = date(2024, 1, 10)
    item = RiskItem(
        code="R1",
        category=word,
        stage=word,
        risk_point=word,
        description=word,
        basis=word,
        measure=word,
        products=["C1"],
    )
    duty = DutyMeasure(item=1, measure=word, frequency=word, output=word)
    approved: dict[str, Any] = {"status": "approved", "version": word, "compiled_by": "P1", "approved_by": "P1"}

    return Dossier(
        seller=Seller(id="s", name=word),
        outlets=[Outlet(id="M1", name=word)],
        products=[ProductLine(id="C1", name=word, regimes={"ccc"})],
        people=[Person(id="P1", name=word)],
        appointments=[
            Appointment(person="P1", role="director", start=day, instrument=word, reports_to="P1"),
            Appointment(person="P1", role="officer", start=day, instrument=word, outlet="M1"),
        ],
        posts=[PostHolding(person="P1", post=word)],
        texts=[Text(kind=kind, measures=[duty], **approved) for kind in ("director_duties", "officer_code")],
        risk_lists=[RiskList(version=word, approved_by="P1", effective_on=day, items=[item], note=word)],
        daily_checks=[DailyCheck(day=day, outlet="M1", officer="P1", results={"R1": "fail"}, note=word)],
        hazards=[
            Hazard(id="H", source="daily", found_on=day, item="R1", description=word, precaution=word, owner="P1")
        ],
        opinions=[Opinion(raised_by="P1", kind="veto", subject=word, raised_at=datetime(2024, 1, 10, tzinfo=UTC))],
        weekly_screenings=[
            WeeklyScreening(
                week="2024-W02",
                organiser="P1",
                participants=["P1"],
                findings=["H"],
                followup=word,
                analysis=word,
                measures=word,
                next_focus=word,
                note=word,
            )
        ],
        monthly_coordinations=[
            MonthlyCoordination(
                month="2024-01",
                chair="P1",
                place=word,
                director_report=word,
                summary=word,
                hazard_summary=word,
                priorities=[Priority(content=word, owner="P1")],
                note=word,
            )
        ],
    )


def of(kind: str, dossier: Dossier, **changes: Any) -> Paper:
    return render(kind, dossier, **{**ASKED[kind], **changes})


def canonical(xml: bytes) -> str:
    return ElementTree.canonicalize(xml.decode())


@pytest.mark.parametrize("word", WORDS)
@pytest.mark.parametrize("kind", KINDS)
def test_what_was_written_is_printed_letter_for_letter(read: Any, kind: str, word: str) -> None:
    paper = read(of(kind, filled_with(word)).bytes)
    texts = list(paper.texts())
    assert paper.paragraphs[0] == word
    assert sum(word in text for text in texts) >= 5
    assert "49" not in "".join(texts)


@pytest.mark.parametrize("kind", KINDS)
def test_docxtpl_gives_the_same_document_with_the_context(ebike: Dossier, kind: str) -> None:
    from docxtpl import DocxTemplate

    for asked in (ASKED[kind], {"blank": True}):
        variables = context(kind, ebike, **asked)
        template: Any = DocxTemplate(io.BytesIO(SPECS[next(k for k in SPECS if k == kind)].template))
        template.render(variables, jinja2.Environment(autoescape=True, undefined=jinja2.StrictUndefined))
        plain = io.BytesIO()
        template.save(plain)
        ours = render(kind, ebike, **asked).bytes
        with zipfile.ZipFile(plain) as theirs, zipfile.ZipFile(io.BytesIO(ours)) as file:
            assert canonical(file.read("word/document.xml")) == canonical(theirs.read("word/document.xml"))


@pytest.mark.parametrize("kind", KINDS)
@pytest.mark.parametrize("form", ["of a record", "empty", "of odd words"])
def test_checkers_of_word_files_find_nothing(ebike: Dossier, tmp_path: Path, kind: str, form: str) -> None:
    docx_integrity = pytest.importorskip("docx_integrity")
    openxml_audit = pytest.importorskip("openxml_audit")
    dossier = filled_with("<A> & 镕𠮷") if form == "of odd words" else ebike
    paper = render(kind, dossier, blank=True) if form == "empty" else of(kind, dossier)
    path = paper.save(tmp_path)
    assert not [f for f in docx_integrity.check(str(path)) if f.severity != "info"]
    assert not openxml_audit.OpenXmlValidator().validate(str(path)).errors


def test_the_same_data_gives_the_same_bytes_in_every_process() -> None:
    program = (
        "import sys, json\n"
        "from qsafety.exchange import read_ledger\n"
        "from qsafety.papers import render\n"
        "shop = read_ledger(sys.argv[1])\n"
        "for kind, asked in json.loads(sys.argv[2]).items():\n"
        "    for given in (asked, {'blank': True}):\n"
        "        paper = render(kind, shop, **given)\n"
        "        print(paper.sha256, paper.bytes.hex())\n"
    )
    import json

    ledger = str(files("qsafety.testing") / "data" / "ebike-shop.xlsx")
    seen = set()
    for seed, zone in (("1", "UTC"), ("2", "America/New_York")):
        run = subprocess.run(
            [sys.executable, "-c", program, ledger, json.dumps(ASKED)],
            env={**os.environ, "PYTHONHASHSEED": seed, "TZ": zone},
            capture_output=True,
            encoding="utf-8",
            check=True,
        )
        seen.add(run.stdout)
    assert len(seen) == 1


@pytest.mark.parametrize("kind", KINDS)
def test_an_empty_form_holds_the_name_of_the_unit_and_nothing_of_the_records(
    ebike: Dossier, read: Any, kind: str
) -> None:
    paper = render(kind, ebike, blank=True)
    assert (paper.number, paper.record, paper.name) == ("", "", f"{kind}.docx")
    said = read(paper.bytes)
    assert said.paragraphs[0] == ebike.seller.name
    assert said.foot[1] == ""
    for person in ebike.people or ():
        assert person.name not in said.text
    assert "补录" not in said.text
    tables = [table for table in said.tables if len(table) > 1]
    assert any(not any(row) for table in tables for row in table[1:]) or kind == "daily_record"


def test_an_empty_daily_form_lists_the_items_in_force(shop: Dossier, read: Any) -> None:
    latest = context("daily_record", shop, blank=True)
    assert [row["code"] for row in latest["items"]] == ["R01", "R02", "R05", "R08", "R11"]
    assert {row["result"] for row in latest["items"]} == {""}
    earlier = context("daily_record", shop, blank=True, period="2024-01-10", outlet="M1")
    assert [row["code"] for row in earlier["items"]] == ["R01", "R02", "R05", "R08"]
    assert (earlier["day"], earlier["outlet"]) == ("2024年1月10日 星期三", "示例路总店")
    assert earlier["number"] == "hz01-D-2024-01-10-M1"
    bare = render("daily_record", attrs.evolve(shop, risk_lists=None, daily_checks=None), blank=True)
    assert len(read(bare.bytes).items) == 12  # rows to write in


def test_an_empty_form_of_a_period_names_it(shop: Dossier) -> None:
    assert context("weekly_report", shop, blank=True, period="2024-W05")["week"] == "2024年第5周（1月29日至2月4日）"
    assert context("monthly_minutes", shop, blank=True, period="2024-01")["number"] == "hz01-M-2024-01"


@pytest.mark.parametrize("kind", KINDS)
def test_the_edition_stands_in_the_foot(ebike: Dossier, read: Any, kind: str) -> None:
    line = read(of(kind, ebike).bytes).foot[0]
    assert re.match(
        "依据《工业产品销售单位落实质量安全主体责任监督管理规定》（征求意见稿）第(七|八|九|十|十一|十二)条", line
    )
    assert "征求意见稿" not in read(of(kind, ebike, edition="cn-seller-2023-order76").bytes).foot[0]


@pytest.mark.parametrize(
    ("kind", "number"),
    [
        ("director_duties", "hz-ebike-DD-1.0"),
        ("officer_code", "hz-ebike-OC-1.0"),
        ("risk_control_list", "hz-ebike-RCL-2024-1"),
        ("daily_record", "hz-ebike-D-2024-01-10-M1"),
        ("weekly_report", "hz-ebike-W-2024-W02"),
        ("monthly_minutes", "hz-ebike-M-2024-01"),
    ],
)
def test_the_number_names_seller_paper_and_version_or_period(ebike: Dossier, kind: str, number: str) -> None:
    assert of(kind, ebike).number == number


def test_a_seller_may_number_its_papers_otherwise(ebike: Dossier) -> None:
    def own(parts: NumberParts) -> str:
        return f"拟行〔2024〕{parts.letter}{parts.issue[-2:]}号" if parts.kind == "weekly_report" else number_of(parts)

    assert of("weekly_report", ebike, number=own).number == "拟行〔2024〕W02号"
    assert of("monthly_minutes", ebike, number=own).number == "hz-ebike-M-2024-01"


def test_a_character_that_nothing_can_hold_is_refused_with_its_field(shop: Dossier) -> None:
    bad = attrs.evolve(shop, weekly_screenings=[WeeklyScreening(week="2024-W02", organiser="P2", analysis="鼓\x00包")])
    with pytest.raises(PaperError, match=r"U\+0000: analysis, character 2 \(record weekly_screening:2024-W02\)"):
        render("weekly_report", bad, period="2024-W02")


def pages(path: Path) -> list[str]:
    run = subprocess.run(["pdftotext", "-layout", str(path), "-"], capture_output=True, encoding="utf-8", check=True)
    return run.stdout.split("\f")[:-1]


@pytest.mark.parametrize("kind", KINDS)
def test_the_look_of_official_documents_says_the_same(ebike: Dossier, tmp_path: Path, read: Any, kind: str) -> None:
    openxml_audit = pytest.importorskip("openxml_audit")
    usual, official = of(kind, ebike), of(kind, ebike, profile="gongwen")
    assert list(read(official.bytes).texts()) == list(read(usual.bytes).texts())
    assert official.sha256 != usual.sha256
    assert (official.name, official.number) == (usual.name, usual.number)
    assert not openxml_audit.OpenXmlValidator().validate(str(official.save(tmp_path))).errors


def test_an_unknown_look_gets_the_nearest(ebike: Dossier) -> None:
    with pytest.raises(PaperError) as caught:
        of("weekly_report", ebike, profile="gongwne")
    assert str(caught.value) == "there is no profile 'gongwne'. Did you mean 'gongwen'?"
    assert caught.value.to("zh") == "没有名为“gongwne”的版式。是否为“gongwen”？"


@pytest.mark.needs("soffice", "pdftotext")
def test_a_page_of_an_official_document_has_22_lines_of_28_characters(shop: Dossier, tmp_path: Path) -> None:
    from qsafety.papers.pdf import pdfs

    long = MonthlyCoordination(month="2024-01", chair="P1", director_report="质" * 2500)
    dossier = attrs.evolve(shop, monthly_coordinations=[long])
    paper = render("monthly_minutes", dossier, period="2024-01", profile="gongwen")
    (path := tmp_path / "a.pdf").write_bytes(pdfs([paper.bytes])[0])
    full = [line.strip() for line in pages(path)[1].splitlines() if "质" in line and "依据" not in line]
    assert [len(line) for line in full] == [28] * 22


@pytest.mark.needs("soffice", "pdftotext")
def test_in_print_every_paper_is_whole(ebike: Dossier, tmp_path: Path) -> None:
    from qsafety.papers.pdf import pdfs

    long = "本周对全部门店的电池存放与充电区域逐一核查，发现个别样车看管不足，已要求整改。" * 40
    many = [
        RiskItem(code=f"R{n:03}", stage="仓储", risk_point="锂电池外观", measure="立即隔离并停售同批次")
        for n in range(60)
    ]
    full = attrs.evolve(
        ebike,
        risk_lists=[RiskList(version="60", approved_by="P1", effective_on=date(2023, 1, 1), items=many)],
        weekly_screenings=[WeeklyScreening(week="2024-W02", organiser="P2", analysis=long, next_focus="末尾")],
    )
    papers = [
        *(of(kind, ebike) for kind in KINDS),
        *(render(kind, ebike, blank=True) for kind in KINDS),
        *(of(kind, full) for kind in ("risk_control_list", "weekly_report", "daily_record")),
    ]
    printed: list[list[str]] = []
    for i, content in enumerate(pdfs([p.bytes for p in papers])):
        (path := tmp_path / f"{i}.pdf").write_bytes(content)
        printed.append(pages(path))
    counts = [len(p) for p in printed]
    expected = [(2, 3), (2, 3), (2, 2), (1, 1), (1, 2), (2, 3), (2, 3), (2, 3), (2, 2), (1, 1), (2, 2), (2, 3)]
    assert all(low <= n <= high for n, (low, high) in zip(counts, expected, strict=False)), counts
    for paper, sheets in zip(papers, printed, strict=True):
        assert all(f"第{n}页共{len(sheets)}页" in "".join(sheet.split()) for n, sheet in enumerate(sheets, 1)), (
            paper.name
        )
    items, week, _ = ("".join("".join(sheets).split()) for sheets in printed[-3:])
    assert all(f"R{n:03}" in items for n in range(60))
    assert len(printed[-3]) > 2
    assert all("管控措施" in "".join(sheet.split()) for sheet in printed[-3][:-1])  # the head comes again
    assert week.count("已要求整改。") == 40
    assert week.count("末尾") == 1
