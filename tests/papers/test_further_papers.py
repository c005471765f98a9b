"""The papers beside the six: appointments, vetoes and their answers, stop-sale notices, exams, safe-harbour sheets, archive indexes."""

import io
import re
from datetime import UTC, date, datetime
from pathlib import Path
from typing import Any

import attrs
import jinja2
import pytest

from qsafety.dossier import (
    Answer,
    Appointment,
    Defect,
    Dossier,
    Exam,
    Hazard,
    Opinion,
    Outlet,
    Person,
    ProductLine,
    Seller,
    Training,
)
from qsafety.errors import PaperError, PeriodError, QSafetyError
from qsafety.law.vocabulary import FurtherPaper, Topic
from qsafety.papers import Paper, context, render, render_many
from qsafety.papers.lint import lint
from qsafety.papers.specs import FURTHER, PROFILES, SPECS
from tests.papers.word_files import parts

ASKED: dict[str, dict[str, Any]] = {
    "appointment_letter": {"record": "appointment:P2:director:2023-08-01"},
    "veto_recommendation": {},
    "veto_reply": {},
    "stop_sale_notice": {},
    "exam_record": {"record": "exam:P2:director:2023-07-28"},
    "safe_harbour_sheet": {"record": "Y4"},
    "archive_index": {"since": "2024-01", "until": "2024-01"},
}
KINDS = list(ASKED)
WORDS = ("{{ 7*7 }}", "<w:p/>", "A & B", "电线<2.5mm²", "镕𠮷🔋", "{% endfor %}", "a_b", "{_{")


def of(kind: str, dossier: Dossier, **changes: Any) -> Paper:
    return render(kind, dossier, **{**ASKED[kind], **changes})


def saying(word: str) -> Dossier:
    """A shop whose every text is the same word."""
    at = datetime(2024, 1, 10, tzinfo=UTC)
    return Dossier(
        seller=Seller(id="s", name=word),
        outlets=[Outlet(id="M1", name=word)],
        products=[ProductLine(id="C1", name=word)],
        people=[Person(id="P2", name=word)],
        appointments=[Appointment(person="P2", role="director", start=date(2023, 8, 1), instrument=word, note=word)],
        defects=[Defect(id="Q", product="C1", lots=[word], found_on=date(2024, 1, 10), measures=word, note=word)],
        exams=[
            Exam(
                id="exam:P2:director:2023-07-28",
                on=date(2024, 1, 10),
                person="P2",
                role="director",
                passed=True,
                note=word,
            )
        ],
        opinions=[
            Opinion(
                id="Y4",
                raised_by="P2",
                kind="veto",
                subject=word,
                about="Q",
                raised_at=at,
                answer=Answer(by="P2", at=at, outcome="rejected", justification=word),
            )
        ],
    )


@pytest.mark.parametrize("word", WORDS)
@pytest.mark.parametrize("kind", KINDS)
def test_what_was_written_is_printed_letter_for_letter(read: Any, kind: str, word: str) -> None:
    assert word in read(of(kind, saying(word)).bytes).text


@pytest.mark.parametrize("profile", PROFILES)
@pytest.mark.parametrize("kind", KINDS)
@pytest.mark.parametrize("form", ["of a record", "empty", "of odd words"])
def test_checkers_of_word_files_find_nothing(
    ebike: Dossier, tmp_path: Path, kind: str, form: str, profile: str
) -> None:
    docx_integrity = pytest.importorskip("docx_integrity")
    openxml_audit = pytest.importorskip("openxml_audit")
    odd = saying("".join(WORDS))
    made = {
        "of a record": lambda: of(kind, ebike, profile=profile),
        "empty": lambda: render(kind, ebike, blank=True, profile=profile),
        "of odd words": lambda: of(kind, odd, profile=profile),
    }[form]()
    path = made.save(tmp_path)
    assert not [f for f in docx_integrity.check(str(path)) if f.severity != "info"]
    assert not openxml_audit.OpenXmlValidator().validate(str(path)).errors


@pytest.mark.parametrize("kind", KINDS)
def test_docxtpl_gives_the_same_document_with_the_context(ebike: Dossier, kind: str) -> None:
    from docxtpl import DocxTemplate

    template: Any = DocxTemplate(io.BytesIO(FURTHER_TEMPLATES[kind]))
    variables = context(kind, ebike, **ASKED[kind])
    template.render(variables, jinja2.Environment(autoescape=True, undefined=jinja2.StrictUndefined))
    plain = io.BytesIO()
    template.save(plain)
    body = "word/document.xml"
    assert parts(of(kind, ebike).bytes)[body] == parts(plain.getvalue())[body]


FURTHER_TEMPLATES = {str(kind): spec.template for kind, spec in FURTHER.items()}


@pytest.mark.parametrize("kind", list(FURTHER))
def test_nothing_is_wrong_with_a_template_whose_kind_is_not_said(kind: FurtherPaper, tmp_path: Path) -> None:
    profile = PROFILES[list(FURTHER).index(kind) % 2]
    (path := tmp_path / "t.docx").write_bytes(FURTHER[kind].template_in(profile))
    assert lint(path) == []


def test_an_appointment_letter_names_person_post_and_duties(ebike: Dossier, read: Any) -> None:
    paper = of("appointment_letter", ebike)
    said = read(paper.bytes).text
    for text in (
        "陈示安",
        "质量安全总监",
        "2023年8月1日",
        "对林拟之负责",
        "拟行〔2023〕5号",
        "（六）接受和配合市场监督管理部门",
        "第三条",
    ):
        assert text in said
    assert paper.name == "appointment_letter-P2_director_2023-08-01.docx"
    officer = read(render("appointment_letter", ebike, record="appointment:P3:officer:2023-08-01").bytes)
    assert "（五）接受和配合" in officer.text
    assert "（六）" not in officer.text
    assert officer.said("任职门店")


def test_a_removal_appoints_nobody(ebike: Dossier, read: Any) -> None:
    gone = Appointment(id="R", person="P2", role="director", start=date(2024, 3, 1), change="remove")
    said = read(render("appointment_letter", attrs.evolve(ebike, appointments=[gone])).bytes)
    assert "自2024年3月1日起，免去陈示安的质量安全总监职务。" in said.text
    assert "任命陈示安" not in said.text
    assert "二、职责" not in said.text


def test_a_veto_says_what_the_records_say_of_the_defect(ebike: Dossier, read: Any) -> None:
    said = read(of("veto_recommendation", ebike).bytes)
    assert said.said("提出人") == "王样成"
    assert said.said("职务") == "质量安全员"
    assert said.said("送达") == "林拟之"
    assert said.said("批次") == "B20231101"
    assert said.said("危及安全") == "是"
    assert "建议停止销售该批次蓄电池" in said.text


def test_a_veto_about_a_hazard_says_the_hazard(ebike: Dossier, read: Any) -> None:
    hazard = Hazard(id="H9", source="daily", found_on=date(2024, 1, 9), product="C2", description="外壳开裂")
    veto = Opinion(id="V", raised_by="P3", kind="veto", about="H9", raised_at=datetime(2024, 1, 9, tzinfo=UTC))
    said = read(render("veto_recommendation", attrs.evolve(ebike, hazards=[hazard], opinions=[veto])).bytes)
    assert "外壳开裂" in said.text
    assert said.said("发现日期") == "2024年1月9日"
    assert said.said("危及安全") == ""


def test_an_answer_is_ticked_and_one_that_is_not_there_can_be_written(ebike: Dossier, read: Any) -> None:
    assert "√ 采纳" in read(of("veto_reply", ebike).bytes).text
    open_ = Opinion(id="V", raised_by="P3", kind="veto", raised_at=datetime(2024, 1, 9, tzinfo=UTC))
    said = read(render("veto_reply", attrs.evolve(ebike, opinions=[open_])).bytes)
    assert "√" not in said.text
    assert said.said("答复人") == ""


def test_a_notice_goes_to_each_outlet_that_sells_the_product(ebike: Dossier, read: Any) -> None:
    assert "致：示例路总店、样本街分店" in read(of("stop_sale_notice", ebike).bytes).text
    lines = [attrs.evolve(p, outlets=["M2"]) if p.id == "C2" else p for p in ebike.products or ()]
    said = read(of("stop_sale_notice", attrs.evolve(ebike, products=lines)).bytes)
    assert "致：样本街分店" in said.text
    assert "示例路总店" not in said.text


@pytest.mark.parametrize(("opinion", "ticked"), [("Y4", "√ 从记录看适用"), ("Y5", "√ 需人工判断"), ("Y1", "√ 不适用")])
def test_a_safe_harbour_sheet_says_what_the_rule_says(ebike: Dossier, read: Any, opinion: str, ticked: str) -> None:
    said = read(render("safe_harbour_sheet", ebike, record=opinion).bytes).text
    assert ticked in said
    assert said.count("√") == 1
    assert "不构成法律意见" in said
    assert "无正当理由未采纳" in said


def test_a_safe_harbour_sheet_may_be_as_of_a_day(ebike: Dossier, read: Any) -> None:
    before = read(render("safe_harbour_sheet", ebike, record="Y4", period="2024-01-20").bytes)
    assert "√ 资料不足" in before.text
    assert before.said("截至") == "2024年1月20日"


def test_an_archive_index_lists_what_the_manifest_lists(ebike: Dossier, read: Any) -> None:
    import qsafety as qs

    first, last, on = date(2024, 1, 1), date(2024, 1, 31), date(2024, 2, 1)
    entries = qs.manifest(ebike, since=first, until=last, on=on).entries
    files = {"risk_list:2024-1": "papers/risk_control_list.docx"}
    paper = render("archive_index", ebike, since=first, until=last, on=on, files=files)
    rows = read(paper.bytes).tables[3][1:]
    assert [row[6] for row in rows] == [e.record or "" for e in entries]
    assert [row[7] for row in rows] == [(e.digest or "")[:12] for e in entries]
    assert "papers/risk_control_list.docx" in read(paper.bytes).text
    assert paper.number == "hz-ebike-AI-2024-01-01_2024-01-31"
    assert render("archive_index", ebike, period="2024-01").sha256 == of("archive_index", ebike).sha256


def test_one_paper_for_each_record_of_the_window(ebike: Dossier, tmp_path: Path) -> None:
    made = render_many(ebike, since="2024-01-01", until="2024-01-31", kinds=KINDS, to=tmp_path)
    assert [p.name for p in made] == sorted(
        [
            "archive_index-2024-01-01_2024-01-31.docx",
            *(f"safe_harbour_sheet-Y{n}.docx" for n in range(1, 6)),
            "stop_sale_notice-Q1.docx",
            "veto_recommendation-Y1.docx",
            "veto_reply-Y1.docx",
        ]
    )
    again = render_many(ebike, since="2024-01-01", until="2024-01-31", kinds=KINDS, to=tmp_path)
    assert not again.made


def test_without_kinds_the_six_are_made(ebike: Dossier, tmp_path: Path) -> None:
    made = render_many(ebike, since="2024-01-31", until="2024-01-31", to=tmp_path)
    assert {p.name.split("-")[0].removesuffix(".docx") for p in made} <= set(SPECS)


def refused(dossier: Dossier, kind: str, **asked: Any) -> QSafetyError:
    with pytest.raises((PaperError, PeriodError)) as caught:
        render(kind, dossier, **asked)
    assert re.search("[\u4e00-\u9fff]", caught.value.to("zh"))
    return caught.value


def test_bad_questions_get_one_clear_answer(ebike: Dossier, shop: Dossier) -> None:
    for kind, asked, said in (
        ("veto_recommendation", {"record": "Y9"}, "there is no veto recommendation 'Y9'. Did you mean 'Y1'?"),
        ("veto_recommendation", {"record": "Y2"}, "'Y2' is of kind suggestion, no veto recommendation"),
        ("appointment_letter", {}, "Give record, one of: appointment:P1:principal:2019-05-06"),
        ("archive_index", {}, "an archive index needs a window. Give since and until, or a period"),
        ("archive_index", {"since": "2024-01"}, "an archive index needs both since and until"),
        ("archive_index", {"since": "2024-02", "until": "2024-01"}, "the window ends (2024-01-31) before it begins"),
        ("stop_sale_notice", {"outlet": "M1"}, "is the seller's, not an outlet's"),
        ("veto_reply", {"draft": True}, "there are no drafts"),
        ("veto_recomendation", {}, "there is no paper named 'veto_recomendation'. Did you mean 'veto_recommendation'?"),
    ):
        assert said in str(refused(ebike, kind, **asked)), kind
    assert "the dossier holds no defect. blank=True gives the empty form." in str(refused(shop, "stop_sale_notice"))


@pytest.mark.parametrize("kind", [*SPECS, *FURTHER])
@pytest.mark.parametrize("period", [5, 2024.5, ["2024-01"], b"2024-01"])
def test_what_is_no_period_is_said(ebike: Dossier, kind: str, period: Any) -> None:
    asked = ASKED.get(kind, {"outlet": "M1"} if kind == "daily_record" else {})
    if kind in ("appointment_letter", "veto_recommendation", "veto_reply", "stop_sale_notice", "exam_record"):
        assert "is of one record, not of a period" in str(refused(ebike, kind, **{**asked, "period": period}))
    else:
        without = {name: value for name, value in asked.items() if name not in ("since", "until")}
        assert str(refused(ebike, kind, **{**without, "period": period})).startswith(
            "a period is a day, a week or a month, got"
        )


@pytest.mark.parametrize("kind", KINDS)
def test_an_empty_form_holds_nothing_of_the_records(ebike: Dossier, read: Any, kind: str) -> None:
    blank = read(render(kind, ebike, blank=True).bytes).text
    assert ebike.seller.name in blank
    for text in ("陈示安", "王样成", "B20231101", "2024-01", "√"):
        assert text not in blank


def test_a_character_that_nothing_can_hold_is_refused_with_its_field(ebike: Dossier) -> None:
    bad = [attrs.evolve(d, measures="停\x07售") for d in ebike.defects or ()]
    assert "U+0007: measures, character 2" in str(refused(attrs.evolve(ebike, defects=bad), "stop_sale_notice"))


def test_an_exam_record_shows_the_training_before_it_and_its_outcome(ebike: Dossier, read: Any) -> None:
    exam = Exam(id="E1", on=date(2023, 12, 31), person="P2", role="director", score=52, pass_mark=60, passed=False)
    trainings = [
        Training(on=date(2023, 12, 15), topics=[Topic.LAW, Topic.STANDARD], hours=4, attendees=["P2"]),
        Training(on=date(2024, 1, 15), topics=[Topic.LAW], attendees=["P2"]),
        Training(on=date(2023, 12, 1), topics=[Topic.LAW], attendees=["P3"]),
    ]
    dossier = attrs.evolve(ebike, exams=[exam], trainings=trainings)
    paper = read(render("exam_record", dossier).bytes)
    assert (paper.said("姓名"), paper.said("成绩"), paper.said("合格分数")) == ("陈示安", "52", "60")
    assert paper.tables[1][1:] == [["2023-12-15", "法律法规、标准", "4", "", ""]]
    assert "□ 合格" in paper.text and "√ 不合格" in paper.text
    assert render("exam_record", dossier).number == "hz-ebike-ER-E1"
