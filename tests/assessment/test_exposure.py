"""Article 17, and what Article 16 lets the authority weigh. The cases stand in ``tests/scenarios/exposure.md``."""

from decimal import Decimal

import pytest

import qsafety as qs
from tests.scenarios.standing import situation
from tests.scenarios.standing_tables import KINDS, STAGES, limb_stages, rows, situations, worst

ROWS = [row for row in rows("exposure.md") if "阶段" in row]
FACTORS = [row for row in rows("exposure.md") if "种类" in row and "记录" in row]
SAID = [row for row in rows("exposure.md") if "原话" in row]
FINE = (Decimal(5000), Decimal(50000))
PASSES = ("satisfied", "not_due", "not_applicable")


def asked(cell: str) -> qs.Exposure:
    return situation(cell).report.exposure


@pytest.mark.parametrize("row", ROWS, ids=lambda row: row["编号"])
def test_each_case_has_the_stage_that_the_table_says(row):
    found = asked(row["情形"])
    by_limb = {one.limb.number: one.stage for one in found.by_limb}
    assert found.stage == STAGES[row["阶段"]]
    if row["各项"] or row["阶段"] == "无":
        assert by_limb == limb_stages(row["各项"])
    assert found.limbs == tuple(n for n, stage in by_limb.items() if stage == found.stage != "none")
    assert found.range == (FINE if found.stage == "refused" else None)


def test_every_stage_has_a_case():
    assert {row["阶段"] for row in ROWS} == set(STAGES)


def test_the_case_has_the_gravest_stage_of_its_limbs():
    gravity = ["refused", "overdue", "ordered", "exposed", "deferred", "undetermined", "corrected", "none"]
    assert list(STAGES.values()) == gravity
    for row in ROWS:
        found = asked(row["情形"])
        assert found.stage == min((one.stage for one in found.by_limb), key=gravity.index), row["编号"]


def test_a_first_detection_never_gives_a_fine():
    for cell in situations("不符合"):
        found = asked(f"{cell}；没有责令改正；口径 refusal=deadline")  # the harsher reading
        assert (found.range, found.stage in ("refused", "overdue", "ordered")) == (None, False), cell


def test_a_fine_needs_an_order_and_its_refusal():
    for row in ROWS:
        found = asked(row["情形"])
        if found.range is not None:
            assert "责令改正 O1" in row["情形"], row["编号"]
            assert "拒不改正 是" in row["情形"] or "refusal=deadline" in row["情形"], row["编号"]


def test_the_range_is_there_only_on_refusal_and_never_an_amount():
    refused = asked("没有制度 岗位职责；责令改正 O1：事由 制度，期限 2024-02-04，拒不改正 是").to_dict()
    assert refused["range"] == {"min": "5000", "max": "50000"}
    assert refused["limbs"] == ["L1"]
    assert asked("没有制度 岗位职责").to_dict()["range"] is None


def test_a_limb_names_the_obligations_it_rests_on():
    found = asked("没有制度 岗位职责；监督抽查考核 S1：合格 否；重大决策 D1：")
    assert {one.limb.number: one.obligations for one in found.by_limb} == {
        "L1": ("A03.1d",),
        "L2": ("A15.3",),
        "L3": ("A04.1b",),
    }


def test_a_limb_as_plain_data_has_its_stage_and_what_it_rests_on():
    limb = asked("没有制度 岗位职责").to_dict()["by_limb"][0]
    assert (limb["limb"], limb["stage"], limb["obligations"]) == ("L1", "exposed", ["A03.1d"])
    assert [set(one) >= {"text", "record"} for one in limb["because"]] == [True]


def test_only_the_law_that_governs_what_is_violated_is_named():
    laws = "其他法律、行政法规 G：级别 法律，名称 某法，义务 A03.1d；其他法律、行政法规 H：级别 法律，名称 另法，义务 A08.2"
    (first, *_) = asked(f"没有制度 岗位职责；{laws}").by_limb
    assert [reason.record for reason in first.because] == ["G"]


def test_what_is_assumed_is_said():
    usual = "没有制度 岗位职责；责令改正 O1：事由 制度，期限 2024-02-04，拒不改正 是"
    assert asked(usual).notes == ()
    assert asked(f"{usual}，签发部门 空").notes
    assert asked("未提供责令改正").notes
    assert asked("重大决策 D1：；版本 order76").notes
    assert asked("版本 order76").notes == ()
    local = "没有制度 岗位职责；其他法律、行政法规 G：级别 规章，名称 某办法，义务"
    assert [note.zh for note in asked(f"{local} A03.1d").notes if "某办法" in note.zh]
    assert asked(f"{local} A08.2").notes == ()


def test_every_answer_about_penalties_carries_the_disclaimer():
    found = asked("没有制度 岗位职责")
    zh = "本结果依据所录入的事实与所选版本的条文自动比对得出，不构成法律意见或行政处罚决定；以有权机关认定为准。"
    assert found.disclaimer.zh == found.to_dict()["disclaimer"]["zh"] == zh
    assert found.citation.provision == "17"


def test_exposure_of_a_report_is_the_reports_own():
    report = situation("没有制度 岗位职责").report
    assert qs.exposure(report) is report.exposure
    assert report.to_dict()["exposure"]["stage"] == "exposed"


@pytest.mark.parametrize("row", FACTORS, ids=lambda row: row["编号"])
def test_each_factor_names_its_records(row):
    factors = [c for c in asked(row["情形"]).considerations if c.kind == KINDS[row["种类"]]]
    records = {record for c in factors for record in c.records}
    assert "H1" not in records if row["记录"] == "无" else row["记录"] in records


@pytest.mark.parametrize("row", SAID, ids=lambda row: row["编号"])
def test_each_factor_says_what_the_table_says(row):
    said = [c.text.zh for c in asked(row["情形"]).considerations if c.kind == KINDS[row["种类"]]]
    if row["原话"].startswith("没有“"):
        assert [one for one in said if row["原话"][3:-1] in one] == []
    else:
        assert row["原话"] in said


def test_a_factor_as_plain_data_has_its_kind_words_and_records():
    (found,) = (c for c in asked("意见建议 Y1：").to_dict()["considerations"] if "Y1" in c["records"])
    assert found == {"kind": "fault", "text": found["text"], "records": ["Y1"]}
    assert set(found["text"]) == {"zh", "en"}


def test_the_factors_come_in_the_order_of_the_text():
    cell = "意见建议 Y1：；隐患 H1：严重程度 重大；缺陷召回 Q1：召回启动日期 2024-01-30；没有日检查 2024-01-29"
    kinds = [c.kind for c in asked(cell).considerations]
    assert kinds == sorted(kinds, key=list(KINDS.values()).index)
    assert set(kinds) == set(KINDS.values())


def test_a_table_that_may_lack_records_never_turns_a_breach_into_a_pass():
    for cell in situations("不符合"):
        made = situation(cell)
        before = worst(made.report)
        made.partial = {name for name, given in made.collections.items() if given is not None}
        after = worst(made.report)
        lost = [id_ for id_, outcome in before.items() if outcome == "violated" and after[id_] in PASSES]
        assert lost == [], cell
