"""What a finding must say beside its outcome: what is missing, what was believed, which reading, whose judgement."""

import re

import pytest

from tests.rules.changes import apply
from tests.rules.shop import base
from tests.rules.tables import Row, assess, rows

ARTICLES = ["article-02.md", "article-05.md", "article-10.md", "article-11.md", "article-12.md"]


def findings(cell: str, duty: str):
    return assess(apply(base(), cell))[duty]


def said(finding) -> str:
    return " ".join([finding.message.zh, *(reason.text.zh for reason in finding.because)])


def rows_that_lack_a_collection() -> list[Row]:
    """Without products the other duties are unknown for want of scope, which is said in those words."""
    found = [row for name in ARTICLES for row in rows(name, "认定") if row.duty != "总监"]
    found = [row for row in found if row.duty == "A02.1" or "未提供产品" not in row.cells["情形"]]
    return [row for row in found if "未提供" in row.cells["情形"] and row.cells["认定"].startswith("资料不足")]


@pytest.mark.parametrize("row", rows_that_lack_a_collection(), ids=lambda row: row.id)
def test_a_collection_that_was_not_given_is_named(row: Row) -> None:
    missing = re.findall("未提供([^；]+)", row.cells["情形"])
    unknown = [f for f in findings(row.cells["情形"], row.duty) if f.outcome == "unknown"]
    assert unknown
    assert any(name in said(f) for f in unknown for name in missing), [said(f) for f in unknown]


@pytest.mark.parametrize("duty", ["A05.0", "A10.1", "A10.2"])
def test_where_scope_is_unknown_that_is_said(duty: str) -> None:
    (found,) = findings("C1 监管类别不明；没有质量安全员；没有日管控制度；2024-01-30 没有检查", duty)
    assert found.outcome == "unknown"
    assert "适用" in said(found)


def test_where_both_criteria_would_answer_otherwise_that_is_said() -> None:
    law = "C1 监管类别为强制性国家标准；从业人员 60 人"
    (otherwise,) = findings(law, "A05.1.3")
    (alike,) = findings(f"{law}；上年营业收入 800 万元", "A05.1.3")
    assert "both" in said(otherwise)
    assert "both" not in said(alike)


@pytest.mark.parametrize(
    "cell",
    [
        "C1 是否涉及健康安全不明；从业人员 60 人",
        "上年营业收入不明；没有质量安全总监",
        "自报规模为中型；没有质量安全总监；口径 size_class=declared",
    ],
)
def test_where_the_first_criterion_does_not_answer_the_second_is_not_spoken_of(cell: str) -> None:
    (found,) = findings(f"C1 监管类别为强制性国家标准；{cell}", "A05.1.3")
    assert "both" not in found.message.zh


@pytest.mark.parametrize(
    ("cell", "named", "silent"),
    [
        ("C1 监管类别为生产许可；另售 C2：强制性认证，涉及健康安全", "C1", "C2"),
        ("C1 监管类别为生产许可；C1 自 2024-02-05 起停售；另售 C2：生产许可，涉及健康安全", "C2", "C1"),
    ],
)
def test_the_goods_that_ask_for_a_director_are_named_and_no_others(cell: str, named: str, silent: str) -> None:
    (found,) = findings(cell, "A05.1.1")
    assert named in said(found)
    assert silent not in said(found)


@pytest.mark.parametrize(
    ("cell", "missing"),
    [
        ("基本情形", ()),
        ("未提供产品", ("products",)),
        ("未提供产品；从业人员不明；上年营业收入不明", ("products", "seller.headcount", "seller.revenue")),
        ("C1 监管类别不明", ("products.C1.regimes",)),
        ("C1 监管类别不明；C1 是否涉及健康安全不明", ("products.C1.regimes", "products.C1.affects_safety")),
        (
            "C1 监管类别不明；C1 自 2024-02-05 起停售；另售 C2：监管类别不明，是否涉及健康安全不明",
            ("products.C2.regimes", "products.C2.affects_safety"),
        ),
        (
            "C1 监管类别不明；C1 属于食品；另售 C2：监管类别不明，是否涉及健康安全不明",
            ("products.C2.regimes", "products.C2.affects_safety"),
        ),
        ("C1 监管类别为强制性国家标准；产品可能不全", ("products",)),
        ("C1 监管类别为强制性国家标准；C1 是否涉及健康安全不明；从业人员 60 人", ("products.C1.affects_safety",)),
        (
            "C1 监管类别为强制性国家标准；从业人员不明；上年营业收入不明",
            ("seller.headcount", "seller.revenue"),
        ),
        ("C1 监管类别为强制性国家标准；自报规模为小型；从业人员 60 人；上年营业收入 800 万元", ("seller.size_class",)),
        ("另售 C2：监管类别不明，是否涉及健康安全不明", ()),
        ("C1 监管类别不明；C1 不涉及健康安全；从业人员不明；上年营业收入不明", ("products.C1.regimes",)),
    ],
)
def test_the_facts_that_leave_the_need_of_a_director_open_are_named(cell: str, missing: tuple[str, ...]) -> None:
    assert assess(apply(base(), cell)).director.missing == missing


@pytest.mark.parametrize(
    ("cell", "guided"),
    [
        ("C1 监管类别为强制性国家标准", True),
        ("C1 监管类别为强制性国家标准；C1 是否涉及健康安全不明", False),
        ("另售 C2：强制性国家标准，涉及健康安全", False),
    ],
)
def test_who_may_be_guided_to_have_a_director_is_told_so(cell: str, guided: bool) -> None:
    (found,) = findings(cell, "A05.2")
    assert ("可以指导" in found.message.zh) is guided


@pytest.mark.parametrize(
    ("cell", "since"),
    [("日管控制度自 2023-12-01 起生效", "2023-12-01"), ("日管控制度没有生效日期", "2023-01-01")],
)
def test_since_when_the_rules_are_in_force_is_said(cell: str, since: str) -> None:
    (found,) = findings(cell, "A10.1")
    assert f"自 {since} 起生效" in said(found)


def test_seven_days_without_a_screening_are_not_told_as_a_week_without_one() -> None:
    (found,) = findings("W05 没有周排查；口径 week=rolling7", "A11.2")
    assert "2024-W05 没有记录" not in said(found)
    complete, partial = (
        findings(f"W04 于 2024-01-25 开展；口径 week=rolling7{more}", "A11.2")[0] for more in ("", "；周排查可能不全")
    )
    assert complete.message != partial.message


def test_the_reason_that_was_given_for_a_missed_day_is_said() -> None:
    (found,) = findings("2024-01-30 没有检查；说明 2024-01-30（M1）：人员缺勤，2024-01-30 08:00 登记", "A10.2")
    assert "人员缺勤" in said(found)


def test_a_check_that_is_incomplete_and_late_says_both() -> None:
    (found,) = findings("2024-01-30 的检查只答 R01；2024-01-30 的检查于 2024-01-31 09:00 录入", "A10.2")
    assert "R02" in said(found)
    assert "2024-01-31" in said(found)


@pytest.mark.parametrize(
    ("cell", "duty"),
    [
        ("2024-01-30 的检查录入时间不明", "A10.3"),
        ("W05 开展日期不明", "A11.2"),
        ("W05 录入时间不明", "A11.4"),
        ("2024-01 召开日期不明", "A12.2"),
        ("2024-01 录入时间不明", "A12.5"),
    ],
)
def test_what_was_believed_for_want_of_a_date_is_said(cell: str, duty: str) -> None:
    (found,) = findings(cell, duty)
    (plain,) = findings("基本情形", duty)
    assert found.outcome == plain.outcome == "satisfied"
    assert said(found) != said(plain)


@pytest.mark.parametrize(
    ("cell", "duty", "who"),
    [
        ("2024-01-30 的检查由 P4 作出", "A10.2", "P4"),
        ("W05 由 P3 组织", "A11.2", "P3"),
        ("2024-01 由 P2 主持；2024-01 P1 未参会", "A12.2", "P2"),
    ],
)
def test_who_acted_instead_is_said(cell: str, duty: str, who: str) -> None:
    (found,) = findings(cell, duty)
    assert who in said(found)


@pytest.mark.parametrize(
    ("cell", "duty", "reading"),
    [
        ("2024-01-30 的检查于 2024-01-31 09:00 录入", "A10.3", "late_record"),
        ("W05 于 2024-02-05 开展", "A11.2", "held"),
        ("P3 没有考核记录", "A10.2", "ineligible_record"),
        ("没有质量安全总监；P1 也任质量安全总监", "A05.1.2", "principal_director"),
        ("没有质量安全总监；P1 也任质量安全总监", "A12.2", "principal_director"),
        ("没有质量安全员；P1 也任质量安全员", "A05.0", "principal_officer"),
        ("C1 监管类别为强制性国家标准；没有质量安全总监；W04 由 P1 组织；W05 由 P3 组织", "A11.2", "no_director"),
        ("C1 监管类别为强制性国家标准；没有质量安全总监", "A12.2", "no_director"),
        ("2024-01 由 P2 主持；2024-01 P1 未参会", "A12.2", "principal_absent"),
        ("2024-01-30 的检查发现 R02 不合格（隐患 H1）；H1 防范措施记于 2024-01-31 09:00", "A10.4", "promptly"),
        ("C1 监管类别为强制性国家标准；从业人员 60 人", "A05.1.3", "size_class"),
    ],
)
def test_the_reading_that_decided_is_named(cell: str, duty: str, reading: str) -> None:
    assert [f.readings for f in findings(cell, duty) if reading in f.readings] != []


@pytest.mark.parametrize("verdict", ["符合", "不符合"])
def test_a_judgement_is_quoted(verdict: str) -> None:
    cell = f"2024-01-30 的检查于 2024-01-31 09:00 录入；判断 A10.3（M1）：{verdict}"
    (found,) = findings(cell, "A10.3")
    assert "经核实" in said(found)


@pytest.mark.parametrize("cell", ["基本情形", "C1 属于食品", "C1 监管类别不明", "未提供产品", "未提供任职"])
def test_every_duty_has_a_finding_and_every_finding_its_words(cell: str) -> None:
    report = assess(apply(base(), cell))
    duties = {row.duty for name in ARTICLES for row in rows(name, "认定")} - {"总监"}
    for duty in duties:
        assert report[duty]
        for found in report[duty]:
            assert found.message.zh
            assert found.message.en
            assert found.citation.text
