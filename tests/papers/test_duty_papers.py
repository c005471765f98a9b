"""《质量安全总监职责》 and 《质量安全员守则》: the regulation's words, the unit's measures, who is in post on what evidence."""

from datetime import date
from typing import Any

import attrs
import pytest

from qsafety.dossier import Appointment, Dossier, DutyMeasure, Person, Seller, Text
from qsafety.errors import PaperError
from qsafety.law import edition
from qsafety.papers import context, render

DUTIES = "director_duties"


def version(**changes: Any) -> Text:
    given: dict[str, Any] = {"kind": DUTIES, "status": "approved", "effective_on": date(2023, 8, 1), **changes}
    return Text(**given)


def with_texts(dossier: Dossier, *texts: Text) -> Dossier:
    return attrs.evolve(dossier, texts=texts)


def test_the_six_duties_stand_word_for_word(ebike: Dossier, read: Any) -> None:
    text = read(render(DUTIES, ebike).bytes).text
    law = edition("cn-seller-2023-draft")
    for n in range(1, 7):
        assert law.provision(f"7.1.{n}").text.strip().rstrip("；。") in text
    code = read(render("officer_code", ebike).bytes).text
    for n in range(1, 6):
        assert law.provision(f"8.1.{n}").text.strip().rstrip("；。") in code


def test_the_head_says_which_version_and_who_approved_it(ebike: Dossier, read: Any) -> None:
    paper = read(render(DUTIES, ebike).bytes)
    assert paper.paragraphs[:2] == ["杭州拟行电动自行车销售有限公司", "质量安全总监职责"]
    assert "编号：hz-ebike-DD-1.0" in paper.paragraphs
    assert [paper.said(name) for name in ("版本", "生效日期", "状态", "编制人", "批准人", "批准日期")] == [
        "1.0",
        "2023年8月1日",
        "批准",
        "陈示安",
        "林拟之",
        "2023年8月1日",
    ]
    assert paper.foot[0].startswith("依据《工业产品销售单位落实质量安全主体责任监督管理规定》（征求意见稿）第七条")


def test_who_is_in_post_and_on_what_evidence(ebike: Dossier) -> None:
    variables = context(DUTIES, ebike)
    assert variables["directors"] == [
        {
            "name": "陈示安",
            "in_management": "是",
            "instrument": "拟行〔2023〕5号",
            "start": "2023-08-01",
            "reports_to": "林拟之",
            "also": "",
        }
    ]
    evidence = [row["evidence"] for row in variables["conditions"]]
    assert evidence[0] == "具备 2023-07-31 人事档案、培训与考核记录"
    assert evidence[2].splitlines()[1:] == ["培训 2023-12-15", "考核 2023-07-28 92分 合格"]
    assert variables["products"] == "电动自行车、电动自行车用锂离子蓄电池、电动自行车乘员头盔、自行车"


def test_a_duty_with_several_measures_is_one_cell_and_an_unrefined_one_is_a_row_to_fill(shop: Dossier) -> None:
    measures = [
        DutyMeasure(item=1, measure="每月对照标准清单核对", frequency="每月", output="核对记录"),
        DutyMeasure(item=1, measure="新品上架前核验"),
        DutyMeasure(item=4, measure="每周研判"),
    ]
    rows = context(DUTIES, with_texts(shop, version(version="2", measures=measures)))["duties"]
    assert len(rows) == 7
    assert [row["first"] for row in rows] == [True, False, True, True, True, True, True]
    assert [row["measure"] for row in rows] == ["每月对照标准清单核对", "新品上架前核验", "", "", "每周研判", "", ""]
    assert (rows[0]["frequency"], rows[0]["output"], rows[1]["output"]) == ("每月", "核对记录", "")


def test_without_a_director_in_post_the_fields_are_empty(ebike: Dossier, read: Any) -> None:
    gone = [attrs.evolve(a, end=date(2024, 1, 15)) if a.role == "director" else a for a in ebike.appointments or ()]
    dossier = attrs.evolve(ebike, appointments=gone)
    variables = context(DUTIES, dossier)
    assert variables["directors"] == []
    assert {row["evidence"] for row in variables["conditions"]} == {""}
    paper = read(render(DUTIES, dossier).bytes)
    assert paper.tables[1][1] == [""] * 6
    assert "陈示安" not in "".join(cell for table in paper.tables[1:3] for row in table for cell in row)
    # as of a day on which there was one, there is
    assert context(DUTIES, dossier, period="2024-01-15")["directors"][0]["name"] == "陈示安"


def test_another_post_of_the_director_is_said(shop: Dossier) -> None:
    both = [*(shop.appointments or ()), Appointment(person="P2", role="officer", start=date(2024, 1, 1))]
    variables = context(DUTIES, attrs.evolve(shop, appointments=both))
    assert variables["directors"][0]["also"] == "质量安全员"


@pytest.mark.parametrize(
    ("day", "printed"),
    [
        pytest.param("2023-08-01", "1", id="the first day of the first"),
        pytest.param("2023-12-31", "1", id="the last day of the first"),
        pytest.param("2024-01", "2", id="a month: its last day"),
        pytest.param(None, "2", id="the latest in force, not a draft"),
        pytest.param("2023-07-31", "1", id="none yet: the next to take effect"),
    ],
)
def test_the_version_in_force_is_printed(shop: Dossier, day: str | None, printed: str) -> None:
    texts = (
        version(version="1"),
        version(version="2", effective_on=date(2024, 1, 1)),
        version(version="3", effective_on=date(2024, 2, 1), status="draft"),
    )
    assert context(DUTIES, with_texts(shop, *texts), period=day)["version"] == printed


def test_a_draft_or_a_repealed_version_says_so(shop: Dossier) -> None:
    only_draft = with_texts(shop, version(version="1", status="draft", effective_on=None))
    assert context(DUTIES, only_draft)["status"] == "草案"
    repealed = with_texts(shop, version(version="1", status="repealed", repealed_on=date(2024, 1, 1)))
    assert context(DUTIES, repealed)["status"] == "废止"


def test_the_version_asked_for_is_printed_with_those_before_it(shop: Dossier) -> None:
    texts = (version(version="1"), version(version="2", effective_on=date(2024, 1, 1)))
    dossier = with_texts(shop, *texts)
    first = context(DUTIES, dossier, record="text:director_duties:1")
    assert (first["version"], [row["version"] for row in first["revisions"]]) == ("1", ["1"])
    assert [row["version"] for row in context(DUTIES, dossier)["revisions"]] == ["1", "2"]
    with pytest.raises(PaperError, match="Did you mean 'text:director_duties:1'"):
        render(DUTIES, dossier, record="text:director_duties:11")


def test_a_seller_that_has_not_written_it_gets_the_regulation_s_words_to_start_from() -> None:
    dossier = Dossier(
        seller=Seller(id="s", name="小店"),
        people=[Person(id="P1", name="甲")],
        appointments=[Appointment(person="P1", role="officer", start=date(2024, 1, 1))],
    )
    paper = render("officer_code", dossier)
    assert (paper.number, paper.record, paper.name) == ("", "", "officer_code.docx")
    variables = context("officer_code", dossier)
    assert (variables["version"], variables["approved_by"], len(variables["duties"])) == ("", "", 5)
    assert variables["officers"][0]["name"] == "甲"


def test_the_officers_in_post_with_their_posts(ebike: Dossier, read: Any) -> None:
    officers = context("officer_code", ebike)["officers"]
    assert [(o["name"], o["outlet"], o["posts"], o["reports_to"]) for o in officers] == [
        ("王样成", "示例路总店", "进货查验岗、销售告知岗", "陈示安"),
        ("周例清", "样本街分店", "电池仓储岗", "陈示安"),
    ]
    assert officers[0]["examined"].splitlines()[-1] == "考核 2023-07-28 88分 合格"
    paper = read(render("officer_code", ebike).bytes)
    acknowledged = next(t for t in paper.tables if t[0][2] == "签字")
    assert acknowledged[1:] == [["王样成", "示例路总店", "", ""], ["周例清", "样本街分店", "", ""]]


def test_no_personal_data_but_names(ebike: Dossier, read: Any) -> None:
    for kind in (DUTIES, "officer_code"):
        text = read(render(kind, ebike).bytes).text
        for person in ebike.people or ():
            assert person.resident_id is None or person.resident_id not in text
            assert person.phone is None or person.phone not in text


@pytest.mark.parametrize("kind", [DUTIES, "officer_code", "risk_control_list", "weekly_report", "monthly_minutes"])
def test_a_paper_of_the_seller_refuses_an_outlet(ebike: Dossier, kind: str) -> None:
    with pytest.raises(PaperError, match="is the seller's, not an outlet's: got 'M1'"):
        render(kind, ebike, outlet="M1")


@pytest.mark.parametrize("kind", [DUTIES, "risk_control_list", "daily_record"])
def test_only_reports_have_drafts(ebike: Dossier, kind: str) -> None:
    with pytest.raises(PaperError, match="there are no drafts of"):
        render(kind, ebike, draft=True)


def test_what_is_left_to_write_is_said(shop: Dossier) -> None:
    measures = [
        DutyMeasure(item=1, measure="建账", output="台账"),
        DutyMeasure(item=2, measure="查阅", output=" "),
        DutyMeasure(item=3, measure="抽查"),
    ]
    paper = render(DUTIES, with_texts(shop, version(version="2", measures=measures)))
    assert [remark.zh for remark in paper.remarks] == [
        "第七条第（四）、（五）、（六）项没有细化措施",
        "没有写明输出记录的细化措施：“查阅”、“抽查”",
    ]
    whole = [DutyMeasure(item=n, measure="做", output="记录") for n in range(1, 7)]
    assert not render(DUTIES, with_texts(shop, version(version="2", measures=whole))).remarks
    assert not render(DUTIES, shop, blank=True).remarks


def test_a_measure_of_no_item_is_refused_rather_than_left_out(shop: Dossier) -> None:
    stray = [DutyMeasure(item=7, measure="建账", output="台账")]
    with pytest.raises(PaperError, match="Article 7 has no such item as that of '建账'"):
        render(DUTIES, with_texts(shop, version(version="2", measures=stray)))
