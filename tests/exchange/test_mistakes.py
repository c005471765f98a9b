"""Bad ledgers: each mistake is one problem, at its cell, with what was expected and the nearest match; nothing else is told."""

from datetime import date, datetime
from typing import Any

import pytest

from qsafety.errors import QSafetyError
from qsafety.exchange import LedgerErrors, read_ledger

# sheet, row, column, what the cell says, code, what the hint (in Chinese or English) or the expectation must contain
CELLS: list[tuple[str, int, str, Any, str, str]] = [
    ("单位", 4, "值", "91330106MAFAKE019X", "bad_check_character", "营业执照"),
    ("单位", 4, "值", "913301", "bad_check_character", "18"),
    ("单位", 6, "值", "零售业", "unknown_choice", "零售"),
    ("单位", 6, "值", "retail", "unknown_choice", "批零兼营"),
    ("单位", 7, "值", "中形", "unknown_choice", "中型"),
    ("单位", 8, "值", "十二", "bad_number", "数字"),
    ("单位", 8, "值", -3, "negative_number", "小于 0"),
    ("单位", 8, "值", 12.5, "bad_number", "小数"),
    ("单位", 9, "值", "860万", "bad_number", "单位"),
    ("单位", 10, "值", "2019-13-06", "bad_date", "2019-12-06"),
    ("单位", 11, "值", "一二三x", "bad_weekdays", "一二三四五六日"),
    ("单位", 12, "值", "Asia/Shanghia", "unknown_time_zone", "Asia/Shanghai"),
    ("单位", 4, "字段", "统一社会信用代号", "unknown_field", "统一社会信用代码"),
    ("单位", 4, "字段", "地址", "duplicate_field", "4"),
    ("单位", 3, "值", None, "missing_value", "单位名称"),
    ("单位", 13, "字段", None, "missing_value", "字段"),
    ("门店", 3, "编号", None, "missing_value", "填写"),
    ("门店", 2, "歇业日期", "2019-05-05", "runs_backwards", "开业日期"),
    ("营业日历", 2, "门店编号", "M22", "unknown_reference", "M2"),
    ("营业日历", 2, "止", date(2024, 1, 15), "runs_backwards", "2024-01-16"),
    ("营业日历", 2, "止", None, "missing_value", "日期"),
    ("营业日历", 2, "类型", "歇页", "unknown_choice", "歇业"),
    ("产品", 2, "监管类别", "强制性认征", "unknown_choice", "强制性认证"),
    ("产品", 2, "监管类别", "无、强制性认证", "unknown_choice", "强制性"),
    ("产品", 2, "监管类别", "CCC", "unknown_choice", "强制性认证"),
    ("人员", 2, "用工", "全职", "unknown_choice", "专职"),
    ("日检查", 2, "结论", "无问题", "unknown_choice", "零风险"),
    ("产品", 2, "涉及健康安全", "对", "unknown_choice", "√"),
    ("产品", 2, "涉及健康安全", 1, "unknown_choice", "√"),
    ("产品", 2, "排除情形", "特种装备", "unknown_choice", "特种设备"),
    ("产品", 2, "风险等级", "重大", "unknown_choice", "高"),
    ("产品", 2, "证书编号", 110101190001010110, "lost_digits", "文本"),
    ("产品", 2, "证书编号", date(2024, 1, 2), "bad_code", "日期"),
    ("产品", 2, "证书编号", True, "bad_code", "文本"),
    ("产品", 2, "证书有效期至", "2023年2月29日", "bad_date", "2023-02-28"),
    ("产品", 2, "证书有效期至", "2024-1/31", "bad_date", "2024-01-31"),
    ("产品", 2, "证书有效期至", "20240131", "bad_date", "2024-01-31"),
    ("产品", 2, "证书有效期至", "0024-01-31", "bad_date", "年份"),
    ("产品", 2, "证书有效期至", 2024, "bad_date", "2024-01-31"),
    ("产品", 2, "证书有效期至", 1e12, "bad_date", "2024-01-31"),
    ("产品", 2, "证书有效期至", "长期", "bad_date", "2024-01-31"),
    ("产品", 2, "停售日期", date(2019, 5, 5), "runs_backwards", "起售日期"),
    ("人员", 3, "身份证号", "110101190001010128", "bad_check_character", "证件"),
    ("人员", 3, "身份证号", 110101190001010129, "lost_digits", "文本"),
    ("人员", 3, "管理层", "是的", "unknown_choice", "是"),
    ("人员", 3, "用工", "专兼职", "unknown_choice", "专职"),
    ("人员", 3, "编号", None, "missing_value", "填写"),
    ("人员", 6, "编号", "P1", "duplicate_id", "人员!A2"),
    ("产品", 6, "编号", "Ｃ１", "duplicate_id", "产品!A2"),
    ("任职", 3, "人员编号", "P22", "unknown_reference", "P2"),
    ("任职", 3, "角色", "质量安全总管", "unknown_choice", "质量安全总监"),
    ("任职", 3, "起", None, "missing_value", "日期"),
    ("任职", 3, "止", "2023-07-31", "runs_backwards", "2023-08-01"),
    ("任职", 3, "汇报对象", "陈示安", "unknown_reference", "人员"),
    ("岗位", 2, "环节", "进或", "unknown_choice", "进货"),
    ("任职条件", 2, "结论", "合格", "unknown_choice", "符合"),
    ("培训", 2, "内容", "法律法规、标佳", "unknown_choice", "标准"),
    ("培训", 2, "参加人员", "P2、P33、P4", "unknown_reference", "P3"),
    ("培训", 2, "学时", "八", "bad_number", "数字"),
    ("考核", 2, "组织者", None, "missing_value", "本单位"),
    ("考核", 2, "是否合格", "及格", "unknown_choice", "√"),
    ("制度", 2, "类型", "质量管理制席", "unknown_choice", "质量管理制度"),
    ("制度", 2, "状态", "已批准", "unknown_choice", "批准"),
    ("制度", 12, "覆盖条目", "1、二", "bad_number", "整数"),
    ("制度", 2, "版本", date(2024, 1, 1), "bad_code", "日期"),
    ("风险清单", 3, "编码", "R01", "duplicate_code", "风险清单!D2"),
    ("风险清单", 3, "生效日期", "2023-08-02", "contradiction", "风险清单!B2"),
    ("风险清单", 3, "批准人", "P2", "contradiction", "P1"),
    ("风险清单", 3, "等级", "极高", "unknown_choice", "高"),
    ("风险清单", 3, "总监", "◎", "unknown_choice", "★"),
    ("风险清单", 3, "适用产品", "C1、C9", "unknown_reference", "产品"),
    ("风险清单", 3, "频次", "年", "unknown_choice", "日"),
    ("日检查", 2, "日期", "2023-12-32", "bad_date", "2023-12-31"),
    ("日检查", 2, "门店编号", None, "missing_value", "门店"),
    ("日检查", 2, "门店编号", "M11", "unknown_reference", "M1"),
    ("日检查", 2, "安全员", None, "missing_value", "人员"),
    ("日检查", 2, "检查编码", "全都", "unknown_reference", "全部"),
    ("日检查", 2, "检查编码", "R99", "unknown_reference", "R09"),
    ("日检查", 2, "检查编码", None, "missing_value", "全部"),
    ("日检查", 2, "结果", "不及格", "unknown_choice", "不合格"),
    ("日检查", 2, "结论", "零风险报告", "unknown_choice", "零风险"),
    ("日检查", 2, "录入时间", "2023-12-25 25:10", "bad_time", "25:10"),
    ("日检查", 2, "录入时间", "下午六点", "bad_time", "18:05"),
    ("不合格品", 2, "报告对象", "P", "unknown_reference", "P"),
    ("隐患", 2, "检查编码", "R55", "unknown_reference", "R05"),
    ("隐患", 2, "产品编号", "C22", "unknown_reference", "C2"),
    ("隐患", 2, "来源", "日检查", "unknown_choice", "日管控"),
    ("隐患", 2, "严重程度", "重要", "unknown_choice", "重大"),
    ("隐患", 2, "整改期限", "2024-01-09", "runs_backwards", "发现日期"),
    ("隐患", 2, "整改完成", "2024-01-09", "runs_backwards", "发现日期"),
    ("隐患", 2, "验收日期", "2024-01-10", "runs_backwards", "整改完成"),
    ("隐患", 2, "防范时间", "2024-01-09 23:59", "runs_backwards", "发现日期"),
    ("隐患", 2, "上报对象", "P9", "unknown_reference", "人员"),
    ("周排查", 2, "周", "2024-W53", "bad_week", "2024-W52"),
    ("周排查", 2, "周", "2024-W00", "bad_week", "2024-W01"),
    ("周排查", 2, "周", "第52周", "bad_week", "2024-W05"),
    ("周排查", 2, "组织人", None, "missing_value", "人员"),
    ("周排查", 2, "评价", "可控的", "unknown_choice", "可控"),
    ("周排查", 4, "涉及隐患", "H1、H11", "unknown_reference", "H1"),
    ("月调度", 2, "月份", "2023-13", "bad_month", "2023-12"),
    ("月调度", 2, "月份", 2023.12, "bad_month", "2024-01"),
    ("月调度", 2, "月份", date(2023, 12, 29), "bad_month", "2024-01"),
    ("月调度", 2, "下月重点", "值守|P3|2024-02-30", "bad_date", "2024-02-29"),
    ("月调度", 2, "下月重点", "值守|P33|2024-02-20", "unknown_reference", "P3"),
    ("月调度", 2, "下月重点", "值守|P3|2024-02-20|急", "bad_priority", "责任人"),
    ("月调度", 2, "下月重点", "|P3|2024-02-20", "bad_priority", "责任人"),
    ("意见建议", 2, "类型", "否定", "unknown_choice", "否决"),
    ("意见建议", 2, "相关编号", "Q11", "unknown_reference", "Q1"),
    ("意见建议", 2, "答复时间", "2024-01-10 11:19", "runs_backwards", "提出时间"),
    ("意见建议", 2, "结果", None, "missing_value", "采纳"),
    ("意见建议", 2, "结果", "已采纳", "unknown_choice", "采纳"),
    ("重大决策", 2, "听取意见", "Y2、Y33", "unknown_reference", "Y3"),
    ("重大决策", 2, "决策日期", None, "missing_value", "日期"),
    ("缺陷召回", 2, "产品编号", None, "missing_value", "产品"),
    ("缺陷召回", 2, "已售数量", -26, "negative_number", "小于 0"),
    ("缺陷召回", 2, "危及安全", "未知", "unknown_choice", "√"),
    ("不合格品", 2, "处置", "封存入库", "unknown_choice", "封存"),
    ("不合格品", 2, "数量", "一", "bad_number", "数字"),
    ("不合格品", 2, "报告时间", "2024-01-19 23:00", "runs_backwards", "2024-01-20"),
    ("履职情况", 2, "期间", "2024-13", "bad_period", "2024-12"),
    ("履职情况", 2, "期间", "一月", "bad_period", "2024-W05"),
    ("履职情况", 2, "期间", "2024-W60", "bad_period", "2024-W52"),
    ("保障奖惩", 2, "类型", "工作条件。", "unknown_choice", "工作条件"),
    ("监督检查", 2, "类型", "双随即", "unknown_choice", "双随机"),
    ("监督检查", 2, "发现问题", "H7", "unknown_reference", "隐患"),
    ("未履行说明", 2, "类型", "季", "unknown_choice", "日"),
    ("未履行说明", 2, "期间", "2024-W01", "bad_period", "2024-01-31"),
    ("未履行说明", 2, "期间", "2024-02-30", "bad_period", "2024-02-29"),
    ("未履行说明", 2, "原因", "人员缺席", "unknown_choice", "人员缺勤"),
    ("未履行说明", 2, "门店编号", "M3", "unknown_reference", "M"),
    ("人工判断", 2, "义务", "A03.1z", "unknown_reference", "A03.1"),
    ("人工判断", 2, "对象", "outlet:M3", "unknown_reference", "outlet:M2"),
    ("人工判断", 2, "对象", "P9", "unknown_reference", "P"),
    ("人工判断", 2, "对象", "陈示安", "unknown_reference", "P2"),
    ("人工判断", 2, "对象", "门店 M9", "unknown_reference", "outlet:M"),
    ("人工判断", 2, "对象", "店长", "unknown_reference", "outlet:M"),
    ("隐患", 2, "整改期限", "2024年13月1日", "bad_date", "2024-12-01"),
    ("隐患", 2, "整改期限", "-", "bad_date", "留空"),
    ("隐患", 2, "整改期限", "None", "bad_date", "留空"),
    ("隐患", 2, "整改期限", "N/A", "bad_date", "留空"),
    ("任职", 3, "止", "至今", "bad_date", "留空"),
    ("人员", 3, "管理层", "/", "unknown_choice", "留空"),
    ("考核", 2, "成绩", "92%", "bad_number", "单位"),
    ("考核", 2, "收费(元)", "¥50", "bad_number", "单位"),
    ("考核", 2, "成绩", "无", "bad_number", "留空"),
    ("日检查", 2, "安全员", "p3", "unknown_reference", "P3"),
    ("日检查", 2, "安全员", "陈示安", "unknown_reference", "编号，不填名称：P2"),
    ("日检查", 2, "录入时间", "18:05", "bad_time", "18:05"),
    ("周排查", 2, "周", date(2024, 1, 29), "bad_week", "2024-W05"),
    ("人工判断", 2, "判断人", None, "missing_value", "人员"),
    ("人工判断", 2, "有效期至", "2024-01-14", "runs_backwards", "日期"),
]


@pytest.mark.parametrize(("sheet", "row", "column", "typed", "code", "told"), CELLS)
def test_a_mistake_is_one_problem_at_its_cell(
    shop, sheet: str, row: int, column: str, typed: Any, code: str, told: str
) -> None:
    shop.put(sheet, row, column, typed)
    if (sheet, row, column, typed) == ("单位", 4, "字段", "地址"):
        row = 5
    problem = shop.problem()
    letter = "ABCDEFGHIJKLMNOPQRSTUVWXYZ"[shop.sheets[sheet][0].index(column)]
    assert (problem.code, problem.sheet, problem.row, problem.column) == (code, sheet, row, column)
    assert problem.cell == f"{sheet}!{letter}{row}"
    assert told in problem.to("zh")
    assert problem.to("en")
    assert problem.to_dict()["cell"] == problem.cell


def test_an_id_with_or_without_leading_zeros_is_another_and_the_nearest_is_named(shop) -> None:
    shop.add("人员", 编号="007", 姓名="零七")
    shop.put("日检查", 2, "安全员", 7)
    problem = shop.problem()
    assert (problem.code, problem.cell, problem.value) == ("unknown_reference", "日检查!C2", "7")
    assert "“007”" in problem.hint.zh


@pytest.mark.parametrize("total", ["合计", "总计", "小计"])
def test_a_row_of_totals_is_no_person(shop, total: str) -> None:
    shop.sheets["人员"].append([total, "5 人"])
    problem = shop.problem()
    assert (problem.code, problem.sheet, problem.row) == ("no_record", "人员", len(shop.sheets["人员"]))


def test_headers_that_come_again_are_one_problem(shop) -> None:
    shop.sheets["日检查"].insert(40, [*shop.sheets["日检查"][0]])
    problem = shop.problem()
    assert (problem.code, problem.cell) == ("no_record", "日检查!A41")
    assert "删除" in problem.hint.zh


def test_a_misspelt_id_is_one_problem_however_often_it_is_used(shop) -> None:
    for row in shop.sheets["日检查"][1:]:
        row[2] = "P33" if row[2] == "P3" else row[2]
    problem = shop.problem()
    used = sum(row[2] == "P33" for row in shop.sheets["日检查"])
    assert (problem.cell, problem.value, len(problem.places)) == ("日检查!C2", "P33", used)
    assert "P3" in problem.hint.zh
    assert f"共 {used} 处" in problem.hint.zh


def test_a_row_with_a_bad_cell_is_still_there_for_others(shop) -> None:
    shop.put("人员", 4, "管理层", "或许")
    assert shop.problem().cell == "人员!E4"


def test_an_id_that_cannot_be_read_explains_who_is_missing(shop) -> None:
    shop.put("人员", 4, "编号", "#REF!")
    assert (shop.problem().code, shop.problem().value) == ("error_cell", "#REF!")


def test_of_a_lost_id_and_a_misspelt_one_both_are_told(shop) -> None:
    shop.put("人员", 4, "编号", None)
    shop.put("隐患", 2, "验收人", "P22")
    assert [(p.code, p.cell) for p in shop.problems()] == [
        ("missing_value", "人员!A4"),
        ("unknown_reference", "隐患!O2"),
    ]


def test_every_mistake_is_told_at_once_in_the_order_of_the_ledger(shop) -> None:
    shop.put("日检查", 3, "录入时间", "昨天")
    shop.put("日检查", 3, "结果", "好")
    shop.put("隐患", 2, "整改期限", "2024-01-09")
    shop.put("隐患", 2, "整改完成", "2024-01-08")
    shop.put("隐患", 2, "描述", "#N/A")
    shop.put("单位", 8, "值", -1)
    shop.put("任职", 2, "人员编号", "P8")
    assert [(p.cell, p.code) for p in shop.problems()] == [
        ("单位!B8", "negative_number"),
        ("任职!A2", "unknown_reference"),
        ("日检查!E3", "unknown_choice"),
        ("日检查!H3", "bad_time"),
        ("隐患!F2", "error_cell"),
        ("隐患!M2", "runs_backwards"),
        ("隐患!N2", "runs_backwards"),
    ]


def test_a_code_twice_in_one_check(shop) -> None:
    shop.sheets["日检查"].append([*shop.sheets["日检查"][1]])
    problem = shop.problem()
    assert (problem.code, problem.cell, problem.value) == ("duplicate_code", "日检查!D108", "全部")
    assert "日检查!D2" in problem.hint.en


def test_one_check_cannot_conclude_two_things(shop) -> None:
    shop.add(
        "日检查",
        日期="2023-12-25",
        门店编号="M1",
        安全员="P3",
        检查编码="R01",
        结果="合格",
        结论="发现问题",
        录入时间="2023-12-25 18:10",
    )
    problem = shop.problem()
    assert (problem.code, problem.cell, problem.value) == ("contradiction", "日检查!G108", "发现问题")
    assert "日检查!G2" in problem.expected.zh


@pytest.mark.parametrize(
    "sheet", ["任职", "岗位", "任职条件", "培训", "考核", "制度", "周排查", "不合格品", "监督检查"]
)
def test_two_equal_rows_name_both_places(shop, sheet: str) -> None:
    shop.sheets[sheet].append([*shop.sheets[sheet][1]])
    problem = shop.problem()
    assert (problem.code, problem.sheet, problem.row) == ("duplicate_record", sheet, len(shop.sheets[sheet]))
    assert f"{sheet}!A2" in problem.hint.zh


def test_an_unknown_header_is_told_once_and_its_column_not_missed(shop) -> None:
    shop.sheets["日检查"][0][2] = "安全人员"
    problem = shop.problem()
    assert (problem.code, problem.cell, problem.column, problem.value) == (
        "unknown_column",
        "日检查!C1",
        "安全人员",
        "安全人员",
    )
    assert "安全员" in problem.hint.zh


def test_an_unknown_header_of_ids_leaves_the_others_alone(shop) -> None:
    shop.sheets["人员"][0][0] = "编码"
    assert shop.problem().cell == "人员!A1"


def test_a_column_that_must_be_there(shop) -> None:
    shop.drop("日检查", "安全员")
    problem = shop.problem()
    assert (problem.code, problem.sheet, problem.column) == ("missing_column", "日检查", "安全员")


def test_the_column_of_outlets_must_be_there_where_there_are_several(shop) -> None:
    shop.drop("日检查", "门店编号")
    assert (shop.problem().code, shop.problem().column) == ("missing_column", "门店编号")


def test_a_column_twice(shop) -> None:
    for row in shop.sheets["人员"]:
        row.append(row[1])
    problem = shop.problem()
    assert (problem.code, problem.cell, problem.column) == ("duplicate_column", "人员!G1", "姓名")


def test_values_without_a_header_are_told_once(shop) -> None:
    shop.sheets["隐患"][2].append("备注")
    shop.sheets["隐患"][3].append("备注")
    problem = shop.problem()
    assert (problem.code, problem.cell, problem.value) == ("no_header", "隐患!Q3", "备注")


@pytest.mark.parametrize("rows", [[], [["甲", "乙"], [1, 2]], [["备注"]]])
def test_a_sheet_without_headers(shop, rows: list[list[Any]]) -> None:
    shop.sheets["保障奖惩"] = rows
    problem = shop.problem()
    assert (problem.code, problem.sheet, problem.cell) == ("missing_header", "保障奖惩", None)


@pytest.mark.parametrize(
    ("name", "meant"), [("日检査", "日检查"), ("日检查表", "日检查"), ("隐患表", "隐患"), ("月调渡", "月调度")]
)
def test_a_misspelt_sheet(shop, name: str, meant: str) -> None:
    del shop.sheets[meant]
    shop.sheets[name] = [["日期"]]
    problem = next(p for p in shop.problems() if p.code == "unknown_sheet")
    assert (problem.sheet, problem.value) == (name, name)
    assert meant in problem.hint.zh


def test_a_sheet_of_two_characters_is_missed_only_where_it_is_not_there(shop, stall) -> None:
    stall.sheets["人圆"] = [["编号"]]
    assert "人员" in stall.problem().hint.en
    shop.sheets["人圆"] = [["编号"]]
    assert shop.read().unread == ("人圆",)


def test_a_sheet_twice(stall) -> None:
    stall.sheets |= {"人员": [["编号"]], "人员 ": [["编号"]]}
    assert (stall.problem().code, stall.problem().sheet) == ("duplicate_sheet", "人员 ")


def test_a_ledger_without_its_seller(shop) -> None:
    del shop.sheets["单位"]
    assert (shop.problem().code, shop.problem().sheet) == ("missing_sheet", "单位")


def test_the_seller_needs_an_id_and_a_name(stall) -> None:
    del stall.sheets["单位"][2]
    assert (stall.problem().code, stall.problem().expected.zh) == ("missing_value", "字段“单位名称”")
    stall.sheets["单位"] = [["字段", "值"]]
    assert [p.code for p in stall.problems()] == ["missing_value", "missing_value"]


def test_a_formula_that_was_never_calculated(shop) -> None:
    shop.put("隐患", 2, "描述", '="甲"&"乙"')
    problem = shop.problem()
    assert (problem.code, problem.cell) == ("formula_without_value", "隐患!F2")
    assert "Excel" in problem.hint.en


def test_a_time_that_a_change_of_clocks_skipped(shop) -> None:
    shop.sheets["单位"][11][1] = "Europe/Berlin"
    shop.put("隐患", 2, "上报时间", "2024-03-31 02:30")
    assert (shop.problem().code, shop.problem().cell) == ("bad_time", "隐患!K2")
    assert "夏令时" in shop.problem().hint.zh


def test_ids_of_persons_are_not_quoted(shop) -> None:
    shop.put("人员", 3, "身份证号", "110101190001010128")
    assert shop.problem().value == "11…"
    assert "190001010128" not in str(shop.problem().to_dict())


def test_a_reference_into_a_sheet_that_is_there_but_empty(shop) -> None:
    del shop.sheets["意见建议"][1:]
    problems = shop.problems()
    assert {(p.code, p.value) for p in problems} >= {("unknown_reference", "Y2"), ("unknown_reference", "Y5")}


def test_what_the_errors_say(shop) -> None:
    shop.put("日检查", 2, "日期", "2023-12-32")
    shop.put("任职", 3, "起", None)
    shop.put("隐患", 2, "发现日期", datetime(2024, 1, 10, 9, 0))
    with pytest.raises(LedgerErrors) as caught:
        read_ledger(shop.save())
    assert isinstance(caught.value, QSafetyError)
    assert isinstance(caught.value, ValueError)
    assert caught.value.to("zh") == (
        "台账有 2 处问题：\n"
        "任职!F3（起）：没有值，应为存在的日期。请填写该单元格。\n"
        "日检查!A2（日期）：收到“2023-12-32”，应为存在的日期。是否为 2023-12-31？"
    )
    assert str(caught.value) == (
        "the ledger has 2 problems:\n"
        "任职!F3 (起): nothing there, expected a date that exists. Fill in the cell.\n"
        "日检查!A2 (日期): got '2023-12-32', expected a date that exists. Did you mean 2023-12-31?"
    )
    assert [p["cell"] for p in caught.value.to_dict()["problems"]] == ["任职!F3", "日检查!A2"]
