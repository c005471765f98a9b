"""Good ledgers: whatever form a value comes in, it is read as what it means."""

from datetime import UTC, date, datetime
from decimal import Decimal
from typing import Any

import pytest

from qsafety.dossier import Priority
from qsafety.exchange import read_ledger

BOM = "\ufeff"

FORMS: list[tuple[str, int, str, Any, str, str, Any]] = [
    # sheet, row, column, what the cell says, collection, field of the first record that differs, what it means
    ("隐患", 2, "整改期限", date(2024, 1, 31), "hazards", "due_on", date(2024, 1, 31)),
    ("隐患", 2, "整改期限", datetime(2024, 1, 31, 23, 59), "hazards", "due_on", date(2024, 1, 31)),
    ("隐患", 2, "整改期限", "2024-01-31", "hazards", "due_on", date(2024, 1, 31)),
    ("隐患", 2, "整改期限", "2024/1/31", "hazards", "due_on", date(2024, 1, 31)),
    ("隐患", 2, "整改期限", "2024.1.31", "hazards", "due_on", date(2024, 1, 31)),
    ("隐患", 2, "整改期限", " 2024年1月31日 ", "hazards", "due_on", date(2024, 1, 31)),
    ("隐患", 2, "整改期限", "2024 年 1 月 31 日", "hazards", "due_on", date(2024, 1, 31)),
    ("隐患", 2, "整改期限", "２０２４－０１－３１", "hazards", "due_on", date(2024, 1, 31)),
    ("隐患", 2, "整改期限", 45322, "hazards", "due_on", date(2024, 1, 31)),
    ("隐患", 2, "整改期限", "2024-02-29", "hazards", "due_on", date(2024, 2, 29)),
    ("隐患", 2, "整改期限", "2024-01-31 18:05", "hazards", "due_on", date(2024, 1, 31)),
    ("隐患", 2, "上报时间", "2024-01-31 18:05", "hazards", "reported_at", datetime(2024, 1, 31, 10, 5, tzinfo=UTC)),
    (
        "隐患",
        2,
        "上报时间",
        "2024/1/31  18:05:30",
        "hazards",
        "reported_at",
        datetime(2024, 1, 31, 10, 5, 30, tzinfo=UTC),
    ),
    ("隐患", 2, "上报时间", "2024年1月31日 8:05", "hazards", "reported_at", datetime(2024, 1, 31, 0, 5, tzinfo=UTC)),
    ("隐患", 2, "上报时间", "2024-01-31　18：05", "hazards", "reported_at", datetime(2024, 1, 31, 10, 5, tzinfo=UTC)),
    ("隐患", 2, "上报时间", "2024-01-31T18:05", "hazards", "reported_at", datetime(2024, 1, 31, 10, 5, tzinfo=UTC)),
    ("隐患", 2, "上报时间", "2024-01-31", "hazards", "reported_at", datetime(2024, 1, 30, 16, 0, tzinfo=UTC)),
    ("隐患", 2, "上报时间", 45322.75347222, "hazards", "reported_at", datetime(2024, 1, 31, 10, 5, tzinfo=UTC)),
    ("隐患", 2, "检查编码", "　Ｒ０５ ", "hazards", "item", "R05"),
    ("隐患", 2, "描述", " ５ｍｍ² 以下，见图（一） ", "hazards", "description", "５ｍｍ² 以下，见图（一）"),
    ("隐患", 2, "描述", "一\r\n二", "hazards", "description", "一\n二"),
    ("隐患", 2, "描述", 12.0, "hazards", "description", "12"),
    ("隐患", 2, "描述", 0.1 + 0.2, "hazards", "description", "0.3"),
    ("隐患", 2, "严重程度", "　一般", "hazards", "severity", "general"),
    ("隐患", 2, "防范措施", "　\n ", "hazards", "precaution", None),
    ("人员", 2, "电话", 13800000000, "people", "phone", "13800000000"),
    ("人员", 2, "电话", "00571", "people", "phone", "00571"),
    ("人员", 2, "身份证号", "１１０１０１１９００ 0101 0110", "people", "resident_id", "110101190001010110"),
    ("人员", 2, "姓名", "Ａ．Ｂ．", "people", "name", "Ａ．Ｂ．"),
    ("人员", 2, "姓名", None, "people", "name", "P1"),
    ("人员", 2, "管理层", "否", "people", "in_management", False),
    ("人员", 2, "管理层", "×", "people", "in_management", False),
    ("人员", 2, "管理层", "n", "people", "in_management", False),
    ("人员", 2, "管理层", "Ｎ", "people", "in_management", False),
    ("人员", 2, "管理层", False, "people", "in_management", False),
    ("人员", 2, "管理层", None, "people", "in_management", None),
    ("人员", 3, "管理层", "√", "people", "in_management", True),
    ("人员", 3, "管理层", "Y", "people", "in_management", True),
    ("产品", 2, "证书编号", 2023010119000001, "products", "certificate_number", "2023010119000001"),
    ("产品", 2, "证书编号", 12.0, "products", "certificate_number", "12"),
    ("产品", 2, "证书编号", "007", "products", "certificate_number", "007"),
    ("产品", 2, "监管类别", "强制性认证;生产许可", "products", "regimes", {"ccc", "production_licence"}),
    ("产品", 2, "监管类别", "强制性认证，生产许可", "products", "regimes", {"ccc", "production_licence"}),
    ("产品", 2, "监管类别", "强制性认证,生产许可 、", "products", "regimes", {"ccc", "production_licence"}),
    ("产品", 2, "监管类别", "无", "products", "regimes", set()),
    ("产品", 2, "监管类别", None, "products", "regimes", None),
    ("产品", 2, "排除情形", "特种设备", "products", "exclusion", "special_equipment"),
    ("产品", 2, "排除情形", None, "products", "exclusion", None),
    (
        "产品",
        2,
        "强制性标准",
        "ＧＢ 17761-2018；GB 42295-2022",
        "products",
        "standards",
        ("GB 17761-2018", "GB 42295-2022"),
    ),
    ("产品", 2, "强制性标准", "无", "products", "standards", ()),
    ("考核", 2, "成绩", "９２.５", "exams", "score", Decimal("92.5")),
    ("考核", 2, "成绩", 92.5, "exams", "score", Decimal("92.5")),
    ("考核", 2, "成绩", "1,092", "exams", "score", Decimal(1092)),
    ("缺陷召回", 2, "已售数量", 12.0, "defects", "sold", 12),
    ("缺陷召回", 2, "已售数量", "26", "defects", "sold", 26),
    ("缺陷召回", 2, "已售数量", "1,026", "defects", "sold", 1026),
    ("缺陷召回", 2, "已售数量", 0, "defects", "sold", 0),
    ("缺陷召回", 2, "批次", "B1、B2", "defects", "lots", ("B1", "B2")),
    ("制度", 2, "覆盖条目", "1，2", "texts", "covers", (1, 2)),
    ("制度", 2, "覆盖条目", 3, "texts", "covers", (3,)),
    ("周排查", 6, "周", "2024-w5", "weekly_screenings", "week", "2024-W05"),
    ("周排查", 6, "周", "2024年第5周", "weekly_screenings", "week", "2024-W05"),
    ("周排查", 6, "周", "２０２４－Ｗ０５", "weekly_screenings", "week", "2024-W05"),
    ("周排查", 4, "涉及隐患", "H1、H2;H1", "weekly_screenings", "findings", ("H1", "H2")),
    ("月调度", 3, "月份", "2024年1月", "monthly_coordinations", "month", "2024-01"),
    ("月调度", 3, "月份", "2024/1", "monthly_coordinations", "month", "2024-01"),
    ("月调度", 3, "月份", date(2024, 1, 1), "monthly_coordinations", "month", "2024-01"),
    ("责令改正", 2, "事由", "制度、责任", "orders", "limbs", ("rules", "responsibility")),
    ("监督检查", 2, "发现问题", "无", "inspections", "findings", ()),
    ("履职情况", 2, "期间", "2024年1月31日", "performance", "period", "2024-01-31"),
    ("履职情况", 2, "期间", date(2024, 1, 31), "performance", "period", "2024-01-31"),
    ("人工判断", 2, "对象", "outlet:M2", "judgements", "subject", "outlet:M2"),
    ("人工判断", 2, "对象", "门店 M2", "judgements", "subject", "outlet:M2"),
    ("人工判断", 2, "对象", "门店：M2", "judgements", "subject", "outlet:M2"),
    ("人工判断", 2, "对象", "M2", "judgements", "subject", "M2"),
    ("人工判断", 2, "对象", "人员P3", "judgements", "subject", "P3"),
    ("人工判断", 2, "对象", "本单位", "judgements", "subject", None),
    ("人工判断", 2, "对象", None, "judgements", "subject", None),
    ("人工判断", 2, "对象", "Ｐ３", "judgements", "subject", "P3"),
    ("人工判断", 2, "对象", "Y4", "judgements", "subject", "Y4"),
    ("人工判断", 2, "对象", "daily_check:M1:2024-01-10", "judgements", "subject", "daily_check:M1:2024-01-10"),
]


@pytest.mark.parametrize(("sheet", "row", "column", "typed", "collection", "field", "meaning"), FORMS)
def test_a_value_is_read_whatever_form_it_comes_in(
    shop, sheet: str, row: int, column: str, typed: Any, collection: str, field: str, meaning: Any
) -> None:
    if sheet == "责令改正":
        shop.add(sheet, 文号="1号", 签发日期="2024-01-20", 期限=None)
    shop.put(sheet, row, column, typed)
    dossier = shop.read().dossier
    fact = next(f for f in getattr(dossier, collection) if dossier.sources[f.id] == f"{sheet}!A{row}")
    assert getattr(fact, field) == meaning


SELLER: list[tuple[str, Any, str, Any]] = [
    ("统一社会信用代码", "９１３３０１０６MAFAKE019Y", "uscc", "91330106MAFAKE019Y"),
    ("统一社会信用代码", "91330106mafake019y", "uscc", "91330106MAFAKE019Y"),
    ("上年营业收入（万元）", 860.55, "revenue", Decimal(8_605_500)),
    ("上年营业收入 (万元)", "８６０", "revenue", Decimal(8_600_000)),
    ("上年营业收入(万元)", "0.0001", "revenue", Decimal(1)),
    ("从业人员", 12.0, "headcount", 12),
    ("从业人员", "12", "headcount", 12),
    ("规模", "微型", "size_class", "micro"),
    ("每周营业日", "一二三", "open_weekdays", {0, 1, 2}),
    ("每周营业日", "周一、周三", "open_weekdays", {0, 2}),
    ("每周营业日", "星期一至星期五", "open_weekdays", {0, 1, 2, 3, 4}),
    ("每周营业日", 67, "open_weekdays", {5, 6}),
    ("每周营业日", None, "open_weekdays", set(range(7))),
    ("时区", "Asia/Urumqi", "tz", "Asia/Urumqi"),
    ("开业日期", "2019.5.6", "opened_on", date(2019, 5, 6)),
]


@pytest.mark.parametrize(("title", "typed", "field", "meaning"), SELLER)
def test_the_seller_too_is_read_whatever_the_form(stall, title: str, typed: Any, field: str, meaning: Any) -> None:
    stall.sheets["单位"].append([title, typed])
    assert getattr(stall.read().dossier.seller, field) == meaning


def test_excels_own_dates_are_read_as_excel_shows_them(shop) -> None:
    shop.put("履职情况", 2, "期间", date(2024, 1, 1))
    shop.formats["履职情况", "B2"] = "mmm-yy"
    shop.put("产品", 2, "证书编号", 7)
    shop.formats["产品", "H2"] = "000000"
    shop.put("制度", 2, "版本", 2)
    shop.formats["制度", "C2"] = "0.0"
    dossier = shop.read().dossier
    assert dossier.performance[0].period == "2024-01"
    assert dossier.products[0].certificate_number == "000007"
    assert [t.version for t in dossier.texts if str(t.kind) == "quality_rules"] == ["2.0"]


def test_times_are_the_sellers(shop) -> None:
    shop.sheets["单位"][11][1] = "Europe/Berlin"
    dossier = shop.read().dossier
    assert dossier.daily_checks[0].recorded_at == datetime(2023, 12, 25, 17, 10, tzinfo=UTC)


def test_sheets_may_be_in_any_order_and_rows_may_be_empty(shop, sample) -> None:
    shop.sheets = dict(reversed(shop.sheets.items()))
    for rows in shop.sheets.values():
        rows.insert(1, [None, "  "])
        rows.insert(0, [])
        rows.append(["　", None])
    assert shop.read().dossier == read_ledger(sample("ebike-shop.xlsx"))


def test_a_title_above_the_headers_is_passed_over(shop, sample) -> None:
    shop.sheets["日检查"].insert(0, ["2024 年日检查记录"])
    ledger = shop.read()
    assert ledger.dossier == read_ledger(sample("ebike-shop.xlsx"))
    assert ledger.dossier.sources["daily_check:M1:2023-12-25"] == "日检查!A3"


def test_columns_may_be_in_any_order_with_blanks_in_their_headers(shop, sample) -> None:
    rows = shop.sheets["日检查"]
    shop.sheets["日检查"] = [list(reversed(row)) for row in rows]
    shop.sheets["日检查"][0] = [f" *{title[:1]}\n{title[1:]}＊　" for title in shop.sheets["日检查"][0]]
    shop.sheets[" 日检查"] = shop.sheets.pop("日检查")
    assert shop.read().dossier == read_ledger(sample("ebike-shop.xlsx"))


def test_a_cell_merged_over_several_rows_says_the_same_of_each(shop, sample) -> None:
    rows = shop.sheets["风险清单"]
    for row in rows[2:11]:
        row[0] = row[1] = None
    shop.merged["风险清单"] = ["A2:A11", "B2:B11"]
    assert shop.read().dossier == read_ledger(sample("ebike-shop.xlsx"))


def test_only_what_identifies_a_row_is_needed(shop) -> None:
    for sheet, column in (("人员", "管理层"), ("人员", "姓名"), ("日检查", "录入时间"), ("周排查", "录入时间")):
        shop.drop(sheet, column)
    dossier = shop.read().dossier
    assert {p.in_management for p in dossier.people} == {None}
    assert {c.recorded_at for c in dossier.daily_checks} == {None}
    assert len(dossier.daily_checks) == 81


def test_a_sheet_with_headers_only_is_given_and_empty(stall) -> None:
    stall.sheets["隐患"] = [["编号", "发现日期", "来源"]]
    dossier = stall.read().dossier
    assert dossier.hazards == ()
    assert dossier.people is None


def test_own_sheets_are_left_alone_and_named(shop) -> None:
    shop.sheets |= {"说明": [["怎样填写"]], "Sheet1": [], "考勤": [["姓名", "出勤"]], "格式": [["1"]]}
    assert shop.read().unread == ("说明", "Sheet1", "考勤")


def test_without_a_sheet_of_people_nobody_is_looked_up(shop) -> None:
    del shop.sheets["人员"]
    shop.put("日检查", 2, "安全员", "P77")
    assert shop.read().dossier.people is None


def test_the_only_outlet_goes_without_saying(shop) -> None:
    for sheet in [s for s in shop.sheets if s not in ("单位", "门店", "日检查")]:
        del shop.sheets[sheet]
    del shop.sheets["门店"][2]
    for row in shop.sheets["日检查"][1:]:
        row[1] = None
    shop.sheets["日检查"] = [row for row in shop.sheets["日检查"] if row[2] != "P4"]
    shop.put("日检查", 2, "门店编号", "M1")
    dossier = shop.read().dossier
    assert {check.outlet for check in dossier.daily_checks} == {"M1"}


def test_equal_days_of_one_outlet_are_numbered(shop) -> None:
    shop.add(
        "日检查",
        日期="2023-12-25",
        门店编号="M1",
        安全员="P3",
        检查编码="全部",
        结果="合格",
        录入时间="2023-12-25 20:00",
    )
    dossier = shop.read().dossier
    assert dossier.sources["daily_check:M1:2023-12-25:2"] == "日检查!A108"


def test_a_check_may_answer_everything_and_some_items_otherwise(shop) -> None:
    shop.put("日检查", 2, "结论", None)
    shop.add(
        "日检查",
        日期="2023-12-25",
        门店编号="M1",
        安全员="P3",
        检查编码="R05",
        结果="不合格",
        问题描述="鼓包",
        结论="发现问题",
        录入时间="2023-12-25 18:10",
    )
    check = shop.read().dossier.daily_checks[0]
    assert (check.id, str(check.all_items), [r.code for r in check.failed]) == (
        "daily_check:M1:2023-12-25",
        "pass",
        ["R05"],
    )
    assert str(check.conclusion) == "problems_found"


@pytest.mark.parametrize(
    ("typed", "meaning"),
    [
        ("内容", [Priority(content="内容")]),
        ("甲；乙", [Priority(content="甲"), Priority(content="乙")]),
        (
            "甲|P2；乙｜｜2024-02-08；",
            [Priority(content="甲", owner="P2"), Priority(content="乙", due_on=date(2024, 2, 8))],
        ),
        ("甲|2024/2/8", [Priority(content="甲", due_on=date(2024, 2, 8))]),
        ("甲（ａ）|Ｐ２|2024年2月8日", [Priority(content="甲（ａ）", owner="P2", due_on=date(2024, 2, 8))]),
        ("甲\n乙", [Priority(content="甲"), Priority(content="乙")]),
    ],
)
def test_priorities_are_content_person_and_date(shop, typed: str, meaning: list[Priority]) -> None:
    shop.put("月调度", 2, "下月重点", typed)
    assert list(shop.read().dossier.monthly_coordinations[0].priorities) == meaning


def test_an_opinion_without_result_is_pending(shop) -> None:
    for column in ("答复人", "答复时间", "结果"):
        shop.put("意见建议", 2, column, None)
    assert {o.id: o.answer for o in shop.read().dossier.opinions}["Y1"] is None


def test_one_id_may_be_used_in_several_sheets(shop) -> None:
    shop.add("人员", 编号="C1", 姓名="同号")
    dossier = shop.read().dossier
    product, person = (next(f for f in facts if f.id == "C1") for facts in (dossier.products, dossier.people))
    assert (dossier.source(product), dossier.source(person)) == ("产品!A2", "人员!A7")


def test_columns_that_only_some_have_are_read(shop) -> None:
    shop.sheets["责令改正"] = [
        ["文号", "签发日期", "事由", "期限", "改正日期", "拒不改正", "签发部门", "送达日期", "复查日期", "复查结果"],
        ["1号", "2024-01-20", "人员", None, "2024-01-22", "否", "市监局", "2024-01-21", "2024-01-25", "已改正"],
    ]
    shop.sheets["监督检查"][0].append("拒绝提供")
    shop.sheets["监督检查"][1].append("否")
    shop.sheets["风险清单"][0] += ["编制人", "复核日期", "证据"]
    shop.sheets["风险清单"][1] += ["P2", "2023-12-31", "照片"]
    dossier = shop.read().dossier
    (order,) = dossier.orders
    assert (order.found_uncorrected, order.authority, order.deadline, order.refused) == (False, "市监局", None, False)
    assert dossier.inspections[0].refused is False
    listed = dossier.risk_lists[0]
    assert (listed.compiled_by, listed.reviewed_on, str(listed.items[0].evidence)) == (
        "P2",
        date(2023, 12, 31),
        "photo",
    )
