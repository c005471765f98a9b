"""What the daily record prints: what the record holds, and nothing else."""

from datetime import date
from typing import Any

import attrs
import pytest

from qsafety.dossier import (
    Attachment,
    CheckResult,
    DailyCheck,
    Dossier,
    Hazard,
    NonconformingLot,
    Outlet,
    RiskItem,
    RiskList,
    Seller,
)
from qsafety.papers import context, render

NINTH = date(2024, 1, 9)


def with_check(shop: Dossier, **changes: Any) -> Dossier:
    """The shop with one more check, of M1 on 9 January, and nothing else on that day."""
    given: dict[str, Any] = {"day": NINTH, "outlet": "M1", "officer": "P3", **changes}
    return attrs.evolve(shop, daily_checks=[*(shop.daily_checks or ()), DailyCheck(**given)])


def hazard(**changes: Any) -> Hazard:
    return Hazard(**{"id": "H5", "source": "daily", "found_on": NINTH, "outlet": "M1", "item": "R05", **changes})


def rows(dossier: Dossier, outlet: str | None = "M1") -> dict[str, dict[str, Any]]:
    found = context("daily_record", dossier, period=NINTH, outlet=outlet)["items"]
    return {row["code"]: row for row in found}


def test_a_failed_item_prints_what_was_found_done_and_reported(shop: Dossier, read: Any) -> None:
    paper = read(render("daily_record", shop, period="2024-01-10", outlet="M1").bytes)
    assert paper.items[2] == [
        "3",
        "R05",
        "锂电池外观",
        "鼓包、漏液、外壳开裂\n目视：GB 17761-2018",
        "×",
        "两组锂电池外壳鼓包",
        "当场隔离至防爆柜，同批次停售（10:40）",
        "陈示安 10:50",
        "H1",
        "",
    ]
    assert [row[4] for row in paper.items] == ["√", "/", "×", "√"]
    assert paper.said("检查小结") == "共 4 项：合格 2 项，不合格 1 项，不适用 1 项，未检查 0 项"
    assert "□ 未发现问题（零风险报告）" in paper.said("检查结论")
    assert "√ 发现问题 1 项" in paper.said("检查结论")
    assert paper.tables[3][1] == ["电动自行车用锂离子蓄电池", "B20231101", "2", "封存", "陈示安 15:00"]
    assert "接收人（签字）：质量安全\n总监或主要负责人" in paper.text


def test_the_head_and_the_foot_say_whose_record_it_is(shop: Dossier, read: Any) -> None:
    paper = read(render("daily_record", shop, period="2024-01-10", outlet="M1").bytes)
    assert paper.paragraphs[:2] == ["杭州拟行电动自行车销售有限公司", "每日工业产品质量安全检查记录"]
    assert "编号：hz01-D-2024-01-10-M1" in paper.paragraphs
    assert paper.said("检查日期") == "2024年1月10日 星期三"
    assert paper.said("门店") == "示例路总店"
    assert paper.said("清单版本") == "2023-1"
    assert paper.said("质量安全员") == "王样成"
    assert paper.foot[0].startswith("依据《工业产品销售单位落实质量安全主体责任监督管理规定》（征求意见稿）第十条")
    assert paper.foot[1].endswith("录入时间 2024-01-10 18:10")


def test_the_foot_names_the_record_and_its_digest(shop: Dossier, read: Any) -> None:
    from qsafety.codec import digest

    check = next(c for c in shop.daily_checks or () if c.id == "daily_check:M1:2024-01-10")
    paper = read(render("daily_record", shop, period="2024-01-10", outlet="M1").bytes)
    assert paper.foot[1] == f"记录 daily_check:M1:2024-01-10　摘要 {digest(check)[:12]}　录入时间 2024-01-10 18:10"


def test_all_items_is_every_daily_item_of_the_list_in_force_that_day(shop: Dossier) -> None:
    before = context("daily_record", shop, period="2024-01-12", outlet="M1")
    after = context("daily_record", shop, period="2024-01-31", outlet="M2")
    assert [row["code"] for row in before["items"]] == ["R01", "R02", "R05", "R08"]  # R07 is weekly
    assert [row["code"] for row in after["items"]] == ["R01", "R02", "R05", "R08", "R11"]
    # 2024-2 takes effect earlier, but nobody approved it
    assert (before["list_version"], after["list_version"]) == ("2023-1", "2024-1")
    assert {row["result"] for row in after["items"]} == {"√"}


def test_an_item_answered_by_itself_is_not_overwritten_by_all_items(shop: Dossier) -> None:
    dossier = with_check(shop, all_items="pass", results={"R05": "fail", "R07": "not_applicable"})
    found = {code: row["result"] for code, row in rows(dossier).items()}
    assert found == {"R01": "√", "R02": "√", "R05": "×", "R07": "/", "R08": "√"}


def test_what_was_not_answered_stays_an_empty_cell(shop: Dossier) -> None:
    dossier = with_check(shop, results={"R01": "pass", "R02": "not_checked"})
    found = {code: row["result"] for code, row in rows(dossier).items()}
    assert found == {"R01": "√", "R02": "未检查", "R05": "", "R08": ""}
    variables = context("daily_record", dossier, period=NINTH, outlet="M1")
    assert (variables["total"], variables["passed"], variables["unanswered"]) == ("4", "1", "3")
    empty = (
        "started",
        "finished",
        "recorded_at",
        "remark",
        "attachments",
        "officer_signed",
        "receiver_signed",
        "problems",
    )
    assert {variables[name] for name in empty} == {""}
    assert (variables["zero_risk_box"], variables["problems_box"]) == ("□", "□")


def test_a_code_that_the_list_does_not_hold_is_printed_all_the_same(shop: Dossier) -> None:
    dossier = with_check(shop, all_items="pass", results={"X9": "fail"})
    assert rows(dossier)["X9"]["result"] == "×"
    assert rows(dossier)["X9"]["point"] == ""


def test_without_a_list_in_force_all_items_is_one_row_and_no_count(shop: Dossier, read: Any) -> None:
    dossier = attrs.evolve(with_check(shop, all_items="pass"), risk_lists=None)
    variables = context("daily_record", dossier, period=NINTH, outlet="M1")
    assert [(row["code"], row["result"]) for row in variables["items"]] == [("全部", "√")]
    assert (variables["total"], variables["passed"], variables["list_version"]) == ("", "", "")
    assert read(render("daily_record", dossier, period=NINTH, outlet="M1").bytes).items[0][1] == "全部"


def test_a_check_that_answers_nothing_leaves_a_row_to_fill(shop: Dossier, read: Any) -> None:
    dossier = attrs.evolve(with_check(shop), risk_lists=None)
    assert read(render("daily_record", dossier, period=NINTH, outlet="M1").bytes).items == [[""] * 10]


@pytest.mark.parametrize(
    ("changes", "codes"),
    [
        pytest.param({}, {"R05"}, id="same day, item and outlet"),
        pytest.param({"outlet": None}, {"R05"}, id="no outlet: the one whose check failed the item"),
        pytest.param({"source": "inspection"}, {"R05"}, id="another source, but the item failed"),
        pytest.param({"outlet": "M2"}, set(), id="another outlet"),
        pytest.param({"found_on": date(2024, 1, 8)}, set(), id="another day"),
        pytest.param({"item": "R01"}, {"R01"}, id="daily control found it, though the item passed"),
        pytest.param({"item": "R01", "source": "complaint"}, set(), id="not found by the check"),
        pytest.param({"item": "R01", "outlet": None}, set(), id="no outlet, and no failed item to say which"),
        pytest.param({"item": None}, {""}, id="no item: a row of its own"),
        pytest.param({"item": "R07"}, {"R07"}, id="an item not checked: a row of its own"),
    ],
)
def test_a_hazard_belongs_to_the_check_that_found_it(shop: Dossier, changes: dict[str, Any], codes: set[str]) -> None:
    dossier = with_check(shop, all_items="pass", results={"R05": "fail"}, conclusion="problems_found")
    dossier = attrs.evolve(dossier, hazards=[hazard(**changes)])
    assert {code for code, row in rows(dossier).items() if row["hazard"] == "H5"} == codes


def test_two_hazards_of_one_item_can_be_told_apart(shop: Dossier) -> None:
    dossier = attrs.evolve(
        with_check(shop, results={"R05": "fail"}),
        hazards=[
            hazard(id="H5", precaution="隔离", reported_to="P2", description="鼓包"),
            hazard(id="H6", reported_to="P1", description="漏液"),
        ],
    )
    row = rows(dossier)["R05"]
    assert row["hazard"] == "①H5\n②H6"
    assert row["precaution"] == "①隔离"
    assert row["report"] == "①陈示安\n②林拟之"
    assert row["problem"] == "①鼓包\n②漏液"


def test_what_was_observed_is_not_said_twice(shop: Dossier) -> None:
    result = CheckResult(code="R05", outcome="fail", observation="两组锂电池外壳鼓包")
    dossier = with_check(shop, results=[result])
    assert (
        rows(attrs.evolve(dossier, hazards=[hazard(description="外壳鼓包")]))["R05"]["problem"] == "两组锂电池外壳鼓包"
    )
    assert (
        rows(attrs.evolve(dossier, hazards=[hazard(description="漏液")]))["R05"]["problem"]
        == "两组锂电池外壳鼓包\n漏液"
    )


def test_a_time_of_another_day_prints_its_date(shop: Dossier, facts: dict[str, Any]) -> None:
    late = hazard(reported_to="somebody", reported_at=facts["at"](11, 8, 5))
    dossier = attrs.evolve(with_check(shop, results={"R05": "fail"}), hazards=[late])
    assert rows(dossier)["R05"]["report"] == "somebody 2024-01-11 08:05"


def test_evidence_is_the_names_of_the_attached_files(shop: Dossier) -> None:
    photo = Attachment(filename="电池.jpg", media_type="image/jpeg", size=1, sha256="0" * 64)
    dossier = with_check(shop, results={"R05": "fail"}, attachments=[photo], note="天气晴")
    dossier = attrs.evolve(dossier, hazards=[hazard(attachments=[photo])])
    variables = context("daily_record", dossier, period=NINTH, outlet="M1")
    assert (variables["attachments"], variables["remark"]) == ("电池.jpg", "天气晴")
    assert rows(dossier)["R05"]["evidence"] == "电池.jpg"


def test_a_lot_of_several_outlets_goes_where_a_hazard_or_its_officer_says(shop: Dossier) -> None:
    dossier = with_check(shop, all_items="pass", conclusion="zero_risk")

    def lots(**lot: Any) -> list[Any]:
        found = attrs.evolve(dossier, nonconforming=[NonconformingLot(on=NINTH, product="C2", **lot)])
        products = context("daily_record", found, period=NINTH, outlet="M1")["products"]
        assert isinstance(products, list)
        return products

    assert lots() == []
    assert lots(recorded_by="P4") == []
    assert [row["product"] for row in lots(recorded_by="P3")] == ["电动自行车用锂离子蓄电池"]


def test_a_shop_with_one_outlet_or_none_needs_no_outlet() -> None:
    check = DailyCheck(day=NINTH, officer="P9", results={"R1": "pass"}, conclusion="zero_risk")
    lots = [NonconformingLot(on=NINTH, product="glove", quantity="2.50")]
    found = Hazard(id="H", source="daily", found_on=NINTH, item="R1")
    alone = Dossier(seller=Seller(id="s", name="小店"), daily_checks=[check], nonconforming=lots, hazards=[found])
    with_one = attrs.evolve(alone, outlets=[Outlet(id="M1", name="总店")])
    for dossier, place in ((alone, ""), (with_one, "总店")):
        variables = context("daily_record", dossier, period=NINTH)
        assert (variables["outlet"], variables["number"], variables["officer"]) == (place, "s-D-2024-01-09", "P9")
        assert [row["product"] for row in variables["products"]] == ["glove"]
        assert variables["products"][0]["quantity"] == "2.5"
        assert variables["items"][0]["hazard"] == "H"


def test_who_signed_is_printed_and_who_did_not_has_a_place_to_sign(shop: Dossier) -> None:
    signed = with_check(shop, all_items="pass", conclusion="zero_risk", signed_by=["P3"])
    variables = context("daily_record", signed, period=NINTH, outlet="M1")
    assert (variables["officer_signed"], variables["receiver_signed"]) == ("王样成", "")
    assert variables["receiver_wanted"] is False  # no problem, nothing to receive
    both = with_check(shop, results={"R05": "fail"}, conclusion="problems_found", signed_by=["P3", "P2"])
    variables = context("daily_record", both, period=NINTH, outlet="M1")
    assert (variables["officer_signed"], variables["receiver_signed"]) == ("王样成", "陈示安")
    assert variables["receiver_wanted"] is True


def test_a_record_made_after_its_day_is_marked_and_no_other_says_the_word(shop: Dossier, read: Any) -> None:
    late = render("daily_record", shop, period="2024-01-12", outlet="M1")
    assert "补录　录入时间 2024-01-13 09:10" in read(late.bytes).paragraphs
    for day, outlet in (("2024-01-10", "M1"), ("2024-01-31", "M2")):
        paper = render("daily_record", shop, period=day, outlet=outlet)
        assert "补录" not in read(paper.bytes).text
        assert all("补录".encode() not in part for part in parts_of(paper.bytes))


def parts_of(package: bytes) -> list[bytes]:
    import io
    import zipfile

    with zipfile.ZipFile(io.BytesIO(package)) as file:
        return [file.read(name) for name in file.namelist()]


def test_late_is_judged_in_the_seller_s_time_zone(shop: Dossier, facts: dict[str, Any]) -> None:
    midnight = facts["at"](9, 23, 59)
    for recorded_at, late in ((midnight, False), (facts["at"](10, 0, 0), True), (None, False)):
        dossier = with_check(shop, all_items="pass", recorded_at=recorded_at)
        assert context("daily_record", dossier, period=NINTH, outlet="M1")["late"] is late
    in_london = attrs.evolve(
        with_check(shop, all_items="pass", recorded_at=facts["at"](10, 0, 0)),
        seller=Seller(id="hz01", name="店", tz="Europe/London"),
    )
    variables = context("daily_record", in_london, period=NINTH, outlet="M1")
    assert (variables["late"], variables["recorded_at"]) == (False, "2024-01-09 16:00")


def test_no_resident_id_and_no_telephone_number_is_printed(shop: Dossier, read: Any) -> None:
    for day in ("2024-01-10", "2024-01-12"):
        content = render("daily_record", shop, period=day, outlet="M1").bytes
        everything = b"".join(parts_of(content)).decode("utf-8", "replace")
        for person in shop.people or ():
            assert person.resident_id and person.phone
            assert person.resident_id not in everything
            assert person.phone not in everything


def test_a_name_is_the_id_where_the_person_is_not_given(shop: Dossier) -> None:
    assert context("daily_record", attrs.evolve(shop, people=None), period="2024-01-10", outlet="M1")["officer"] == "P3"


def test_the_edition_in_force_carries_no_mark_of_a_draft(shop: Dossier, read: Any) -> None:
    paper = render("daily_record", shop, period="2024-01-10", outlet="M1", edition="cn-seller-2023-order76")
    assert "征求意见稿" not in read(paper.bytes).text
    assert "第十条" in read(paper.bytes).foot[0]


def test_a_list_whose_day_of_effect_is_not_known_counts_from_its_approval(shop: Dossier) -> None:
    newer = RiskList(version="X", approved_by="P1", approved_on=date(2024, 1, 5), items=[RiskItem(code="R01")])
    dossier = attrs.evolve(with_check(shop, all_items="pass"), risk_lists=[*(shop.risk_lists or ()), newer])
    assert context("daily_record", dossier, period=NINTH, outlet="M1")["list_version"] == "X"


def test_a_fail_given_for_all_items_is_a_fail_of_each(shop: Dossier) -> None:
    dossier = with_check(shop, all_items="fail", results={"R01": "pass"}, conclusion="problems_found")
    found = rows(attrs.evolve(dossier, hazards=[hazard(outlet=None, source="complaint")]))
    assert found["R05"]["hazard"] == "H5"
    assert {code for code, row in found.items() if row["result"] == "×"} == {"R02", "R05", "R08"}
