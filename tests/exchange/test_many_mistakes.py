"""Fifty kinds of mistakes in one workbook: each is told at its cell, in one run, and nothing else is."""

from datetime import date
from typing import Any

from qsafety.exchange.sheets import SHEETS

# sheet, row, column, what the cell says, code: one mistake a row at most, so that each stands for itself
MISTAKES: list[tuple[str, int, str, Any, str]] = [
    ("单位", 4, "值", "91330106MAFAKE019X", "bad_check_character"),
    ("单位", 6, "值", "零售业", "unknown_choice"),
    ("单位", 8, "值", -3, "negative_number"),
    ("单位", 9, "值", "860万", "bad_number"),
    ("单位", 10, "值", "2019-13-06", "bad_date"),
    ("单位", 11, "值", "一二三x", "bad_weekdays"),
    ("单位", 12, "值", "Asia/Shanghia", "unknown_time_zone"),
    ("门店", 2, "歇业日期", "2019-05-05", "runs_backwards"),
    ("营业日历", 2, "类型", "歇页", "unknown_choice"),
    ("产品", 2, "监管类别", "强制性认征", "unknown_choice"),
    ("产品", 3, "涉及健康安全", "对", "unknown_choice"),
    ("产品", 4, "证书编号", 110101190001010110, "lost_digits"),
    ("产品", 5, "证书有效期至", "长期", "bad_date"),
    ("产品", 6, "风险等级", "重大", "unknown_choice"),
    ("人员", 2, "身份证号", "110101190001010128", "bad_check_character"),
    ("人员", 3, "管理层", "是的", "unknown_choice"),
    ("人员", 4, "用工", "专兼职", "unknown_choice"),
    ("人员", 5, "电话", date(2024, 1, 2), "bad_code"),
    ("任职", 2, "角色", "质量安全总管", "unknown_choice"),
    ("任职", 3, "人员编号", "P77", "unknown_reference"),
    ("任职", 4, "止", "2020-01-01", "runs_backwards"),
    ("任职", 5, "止", "至今", "bad_date"),
    ("岗位", 2, "环节", "进 货", "unknown_choice"),
    ("岗位", 3, "岗位", None, "missing_value"),
    ("任职条件", 2, "结论", "合格", "unknown_choice"),
    ("任职条件", 3, "条件", "培训", "unknown_choice"),
    ("培训", 2, "学时", "八", "bad_number"),
    ("培训", 3, "参加人员", "P2、P78", "unknown_reference"),
    ("考核", 2, "成绩", "九十", "bad_number"),
    ("考核", 3, "组织者", "监管", "unknown_choice"),
    ("考核", 4, "成绩", "92%", "bad_number"),
    ("制度", 2, "状态", "已批准", "unknown_choice"),
    ("制度", 3, "批准日期", "2023-06-31", "bad_date"),
    ("制度", 4, "覆盖条目", "一、二", "bad_number"),
    ("风险清单", 2, "等级", "极高", "unknown_choice"),
    ("风险清单", 3, "频次", "每日", "unknown_choice"),
    ("风险清单", 4, "主要负责人", "√", "unknown_choice"),
    ("风险清单", 5, "适用产品", "C1、C99", "unknown_reference"),
    ("日检查", 2, "日期", "2023-02-29", "bad_date"),
    ("日检查", 3, "门店编号", "M9", "unknown_reference"),
    ("日检查", 4, "检查编码", "R99", "unknown_reference"),
    ("日检查", 5, "结果", "正常", "unknown_choice"),
    ("日检查", 6, "结论", "无风险", "unknown_choice"),
    ("日检查", 7, "录入时间", "2023-12-28 25:10", "bad_time"),
    ("日检查", 8, "日期", "合计", "no_record"),
    ("日检查", 9, "安全员", "陈示安", "unknown_reference"),
    ("日检查", 10, "录入时间", "18:05", "bad_time"),
    ("日检查", 11, "结果", "#REF!", "error_cell"),
    ("日检查", 12, "结果", "=1+1", "formula_without_value"),
    ("日检查", 13, "日期", 2024, "bad_date"),
    ("日检查", 14, "日期", "2024年13月1日", "bad_date"),
    ("隐患", 2, "整改期限", "2024-01-01", "runs_backwards"),
    ("隐患", 3, "来源", "日检查", "unknown_choice"),
    ("隐患", 4, "严重程度", "严重", "unknown_choice"),
    ("周排查", 2, "周", "2023-W60", "bad_week"),
    ("周排查", 3, "评价", "良好", "unknown_choice"),
    ("周排查", 4, "涉及隐患", "H77", "unknown_reference"),
    ("月调度", 2, "月份", "2024-13", "bad_month"),
    ("月调度", 3, "下月重点", "甲|P3|2024-02-30", "bad_date"),
    ("意见建议", 2, "类型", "反对", "unknown_choice"),
    ("意见建议", 3, "答复时间", "2023-01-01", "runs_backwards"),
    ("意见建议", 4, "提出时间", None, "missing_value"),
    ("重大决策", 2, "决策日期", "2024/1/32", "bad_date"),
    ("重大决策", 3, "听取意见", "Y99", "unknown_reference"),
    ("缺陷召回", 2, "已售数量", 12.5, "bad_number"),
    ("不合格品", 2, "处置", "封 存", "unknown_choice"),
    ("履职情况", 2, "期间", "2024年", "bad_period"),
    ("履职情况", 3, "人员编号", None, "missing_value"),
    ("保障奖惩", 2, "类型", "奖金", "unknown_choice"),
    ("监督检查", 2, "类型", "突击", "unknown_choice"),
    ("未履行说明", 2, "期间", "2024-W01", "bad_period"),
    ("人工判断", 2, "义务", "A99.9", "unknown_reference"),
]


def test_each_is_told_at_its_cell_and_nothing_else(shop) -> None:
    for sheet, row, column, typed, _ in MISTAKES:
        shop.put(sheet, row, column, typed)
    told = {(p.sheet, p.row, p.column, p.code) for p in shop.problems()}
    meant = {(sheet, row, column, code) for sheet, row, column, _, code in MISTAKES}
    assert told == meant
    assert len(MISTAKES) > 50
    assert {sheet for sheet, *_ in MISTAKES} == {sheet.title for sheet in SHEETS} - {"责令改正"}
