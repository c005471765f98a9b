"""Makes the dossier that a row of the tables tells; ``standing.md`` says how they are written."""

import re
from collections.abc import Callable, Mapping, Sequence
from datetime import date, datetime, timedelta
from decimal import Decimal
from functools import cache
from typing import Any, get_args, get_origin
from zoneinfo import ZoneInfo

import attrs

import qsafety as qs
from qsafety import law
from qsafety.dossier import COLLECTIONS, LABELS, Fact, RiskItem

SHANGHAI = ZoneInfo("Asia/Shanghai")

SHEETS = {label.zh: name for name, label in LABELS.items()}

COLUMNS: Mapping[str, Mapping[str, str]] = {
    "单位": {
        "经营方式": "trade",
        "规模": "size_class",
        "从业人员": "headcount",
        "开业日期": "opened_on",
        "歇业日期": "closed_on",
    },
    "门店": {"名称": "name", "开业日期": "opened_on", "歇业日期": "closed_on"},
    "营业日历": {"门店": "outlet", "起": "start", "止": "end", "类型": "kind"},
    "产品": {
        "监管类别": "regimes",
        "涉及健康安全": "affects_safety",
        "强制性标准": "standards",
        "排除情形": "exclusion",
        "风险等级": "risk_level",
        "证书编号": "certificate_number",
        "证书有效期至": "certificate_valid_to",
        "起售日期": "sold_from",
        "停售日期": "sold_until",
    },
    "人员": {"管理层": "in_management"},
    "任职": {
        "人员": "person",
        "角色": "role",
        "依据": "basis",
        "门店": "outlet",
        "起": "start",
        "止": "end",
        "变动": "change",
        "汇报对象": "reports_to",
    },
    "岗位": {"人员": "person", "岗位": "post", "环节": "process", "相关岗位": "related_to", "起": "start", "止": "end"},
    "任职条件": {"人员": "person", "角色": "role", "条件": "item", "结论": "met", "日期": "on"},
    "培训": {"日期": "on", "内容": "topics", "参加人员": "attendees"},
    "考核": {"日期": "on", "人员": "person", "角色": "role", "合格": "passed"},
    "监督抽查考核": {
        "日期": "on",
        "人员": "person",
        "角色": "role",
        "合格": "passed",
        "收费": "fee",
        "整改日期": "rectified_on",
    },
    "制度": {
        "类型": "kind",
        "版本": "version",
        "状态": "status",
        "编制人": "compiled_by",
        "批准人": "approved_by",
        "批准日期": "approved_on",
        "生效日期": "effective_on",
        "废止日期": "repealed_on",
        "覆盖条目": "covers",
    },
    "风险清单": {
        "版本": "version",
        "状态": "status",
        "批准人": "approved_by",
        "批准日期": "approved_on",
        "生效日期": "effective_on",
        "复核日期": "reviewed_on",
        "项目": "items",
    },
    "日检查": {
        "日期": "day",
        "门店": "outlet",
        "安全员": "officer",
        "结论": "conclusion",
        "录入时间": "recorded_at",
        "草稿": "draft",
    },
    "隐患": {
        "发现日期": "found_on",
        "来源": "source",
        "门店": "outlet",
        "检查编码": "item",
        "严重程度": "severity",
        "防范措施": "precaution",
        "上报对象": "reported_to",
        "上报时间": "reported_at",
        "整改期限": "due_on",
        "整改完成": "done_on",
        "验收日期": "verified_on",
    },
    "周排查": {
        "周": "week",
        "组织人": "organiser",
        "开展日期": "held_on",
        "涉及隐患": "findings",
        "分析研判": "analysis",
        "评价": "rating",
        "录入时间": "recorded_at",
        "草稿": "draft",
    },
    "月调度": {
        "月份": "month",
        "会议日期": "held_on",
        "主持人": "chair",
        "记录人": "recorder",
        "总监汇报": "director_report",
        "录入时间": "recorded_at",
        "草稿": "draft",
    },
    "意见建议": {
        "提出人": "raised_by",
        "类型": "kind",
        "相关编号": "about",
        "提出时间": "raised_at",
        "录入时间": "recorded_at",
        "答复人": "answer.by",
        "答复时间": "answer.at",
        "结果": "answer.outcome",
        "理由": "answer.justification",
        "理由成立": "answer.accepted",
    },
    "重大决策": {
        "涉及质量安全": "quality_related",
        "决策日期": "decided_on",
        "决策人": "decided_by",
        "听取日期": "hearing_on",
        "听取意见": "heard",
    },
    "缺陷召回": {
        "产品": "product",
        "发现人": "found_by",
        "发现日期": "found_on",
        "危及安全": "endangers_safety",
        "同一性缺陷": "common",
        "已售数量": "sold",
        "研判日期": "analysed_on",
        "处置措施": "measures",
        "停售日期": "stopped_on",
        "隐患消除日期": "eliminated_on",
        "召回启动日期": "recall_started_on",
        "报告监管部门日期": "recall_reported_on",
        "生产者召回通知日期": "producer_notice_on",
        "配合召回日期": "cooperated_on",
        "结案日期": "closed_on",
    },
    "不合格品": {
        "日期": "on",
        "产品": "product",
        "处置": "disposition",
        "报告对象": "reported_to",
        "报告时间": "reported_at",
    },
    "履职情况": {"人员": "person", "期间": "period"},
    "保障奖惩": {"日期": "on", "人员": "person", "类型": "kind"},
    "监督检查": {"日期": "on", "发现问题": "findings", "提供材料": "materials", "拒绝提供": "refused"},
    "责令改正": {
        "签发部门": "authority",
        "签发日期": "issued_on",
        "送达日期": "served_on",
        "事由": "limbs",
        "期限": "deadline",
        "改正日期": "corrected_on",
        "复查日期": "reinspected_on",
        "复查未改正": "found_uncorrected",
        "拒不改正": "refused",
    },
    "未履行说明": {"类型": "cadence", "期间": "period", "门店": "outlet", "原因": "reason", "登记时间": "declared_at"},
    "人工判断": {
        "义务": "obligation",
        "对象": "subject",
        "期间": "period",
        "结论": "verdict",
        "日期": "on",
        "有效期至": "valid_until",
    },
    "其他法律、行政法规": {"级别": "level", "名称": "title", "义务": "obligations"},
}
"""The columns of each sheet that the tables write."""

BASE = """
单位：经营方式 零售，从业人员 12，开业日期 2019-05-06
门店 M1：名称 总店
产品 C1：监管类别 强制性认证，涉及健康安全 是，证书编号 2023010119000001，证书有效期至 2027-12-31
人员 P1：管理层 是；人员 P2：管理层 是；人员 P3：管理层 否；人员 P4：管理层 否；人员 P5：管理层 否
任职 P1：角色 主要负责人，依据 法定代表人；任职 P2：角色 质量安全总监，汇报对象 P1；任职 P3：角色 质量安全员，汇报对象 P2
岗位 K1：人员 P3，岗位 陈列岗，环节 陈列
培训 T1：日期 2023-06-05，内容 法律法规、标准、专业知识，参加人员 P2、P3、P4
考核 P2：角色 质量安全总监；考核 P3：角色 质量安全员；考核 P4：角色 质量安全员
保障奖惩 B1：类型 工作条件；保障奖惩 B2：类型 教育培训；保障奖惩 B3：类型 岗位待遇
风险清单 V1：版本 V1，生效日期 2023-07-01，项目 R01（日）、R02（日）
周排查 2024-W04：开展日期 2024-01-26；周排查 2024-W05：开展日期 2024-02-02
月调度 2024-01：会议日期 2024-01-31，主持人 P1，总监汇报 本月情况
"""
TEXTS = [
    "质量管理制度",
    "责任制",
    "岗位职责",
    "岗位规范",
    "考核办法",
    "日管控",
    "周排查",
    "月调度",
    "质量安全总监职责",
    "质量安全员守则",
]
CONDITIONS = ["法规标准制度", "教育经验技能", "培训考核", "其他"]

# what a new record holds until the row says otherwise; standing.md tells it
DEFAULTS: Mapping[str, Callable[[str], dict[str, Any]]] = {
    "门店": lambda i: {"name": i},
    "营业日历": lambda i: {},
    "产品": lambda i: {"name": i, "regimes": ["ccc"], "affects_safety": True, "sold_from": date(2019, 5, 6)},
    "人员": lambda i: {"name": i},
    "任职": lambda i: {"person": i, "start": date(2023, 7, 1)},
    "岗位": lambda i: {"start": date(2023, 7, 1)},
    "任职条件": lambda i: {"on": date(2023, 6, 20), "met": True},
    "培训": lambda i: {"on": date(2023, 6, 5)},
    "考核": lambda i: {"on": date(2023, 6, 10), "person": i, "passed": True},
    "监督抽查考核": lambda i: {"on": date(2024, 1, 25), "person": "P3", "role": "officer", "passed": True},
    "制度": lambda i: {
        "kind": i,
        "status": "approved",
        "compiled_by": "P2",
        "approved_by": "P1",
        "approved_on": date(2023, 7, 1),
        "effective_on": date(2023, 7, 1),
    },
    "风险清单": lambda i: {"version": i, "approved_by": "P1"},
    "日检查": lambda i: {
        "day": date.fromisoformat(i),
        "outlet": "M1",
        "officer": "P3",
        "results": {"R01": "pass", "R02": "pass"},
        "conclusion": "zero_risk",
        "signed_by": ["P3"],
        "recorded_at": at(i, "18:00"),
    },
    "隐患": lambda i: {"found_on": date(2024, 1, 30), "source": "daily", "outlet": "M1"},
    "周排查": lambda i: {"week": i, "organiser": "P2", "analysis": "有分析研判", "rating": "controlled"},
    "月调度": lambda i: {
        "month": i,
        "participants": ["P1", "P2", "P3"],
        "summary": "总结",
        "hazard_summary": "总结",
        "priorities": [qs.Priority(content="重点", owner="P3", due_on=date(2024, 2, 28))],
        "signed_by": ["P1"],
    },
    "意见建议": lambda i: {"raised_by": "P2", "kind": "opinion", "raised_at": at("2024-01-29", "10:00")},
    "重大决策": lambda i: {"quality_related": True, "decided_on": date(2024, 1, 30), "decided_by": "P1"},
    "缺陷召回": lambda i: {
        "product": "C1",
        "found_on": date(2024, 1, 30),
        "found_by": "P3",
        "endangers_safety": True,
        "common": False,
        "sold": 0,
    },
    "不合格品": lambda i: {
        "on": date(2024, 1, 30),
        "product": "C1",
        "disposition": "return",
        "reported_to": "P2",
        "reported_at": at("2024-01-30", "15:00"),
    },
    "履职情况": lambda i: {"summary": "履行职责"},
    "保障奖惩": lambda i: {"on": date(2023, 12, 1)},
    "监督检查": lambda i: {"on": date(2024, 1, 25)},
    "责令改正": lambda i: {"number": i, "issued_on": date(2024, 1, 24), "authority": "某区市场监督管理局"},
    "未履行说明": lambda i: {"reason": "歇业"},
    "人工判断": lambda i: {"reason": "已查看", "judged_by": "P1", "on": date(2024, 2, 1)},
    "其他法律、行政法规": lambda i: {"title": i},
}


SHORT = {
    "否决": "缺陷召回 Q1：；意见建议 Y1：提出人 P3，类型 否决，相关编号 Q1，提出时间 2024-01-30 10:00，录入时间 2024-01-30 10:05",
    "决策意见": "重大决策 D1：；意见建议 Y1：提出人 P2，相关编号 D1，提出时间 2024-01-29 10:00，录入时间 2024-01-29 10:05",
    "未采纳": "意见建议 Y1：答复人 P1，答复时间 2024-01-31 11:00，结果 未采纳",
}
"""What safe-harbour.md says in a word."""


def at(day: str, time: str) -> datetime:
    """A local time at the shop."""
    return datetime.fromisoformat(f"{day}T{time}").replace(tzinfo=SHANGHAI)


def _items(text: str) -> list[RiskItem]:
    found = re.findall(r"(\w+)（([日周月])(?:·([\w+]+))?）", text)
    return [RiskItem(code=c, frequency=f, products=p.split("+") if p else []) for c, f, p in found]


def _value(kind: Any, name: str, text: str) -> Any:
    """A cell as its field's type asks; 空 is nothing, 不明 not known."""
    if text in ("空", "不明"):
        return () if get_origin(kind) is Sequence else None
    if name == "items":
        return _items(text)
    members = get_args(kind)
    if name == "regimes":
        return [] if text == "无" else text.split("、")
    if get_origin(kind) is Sequence or any(get_origin(m) is Sequence for m in members):
        words = text.split("、")
        return [int(w) for w in words] if name == "covers" else words
    types = [kind, *members]
    if datetime in types:
        return at(*text.split(" "))
    if date in types:
        return date.fromisoformat(text)
    if bool in types:
        return {"是": True, "否": False, "符合": True, "不符合": False}[text]
    if int in types:
        return int(text)
    return Decimal(text) if Decimal in types else text


class Situation:
    """A dossier in the making, and how it is asked about."""

    def __init__(self) -> None:
        self.collections: dict[str, dict[str, dict[str, Any]] | None] = {name: {} for name in COLLECTIONS}
        self.seller: dict[str, Any] = {"id": "s", "name": "某店", "revenue": 3_000_000}
        self.partial: set[str] = set()
        self.ask: dict[str, Any] = {"on": date(2024, 2, 5), "since": date(2024, 1, 22)}
        self.until = date(2024, 2, 4)

    def read(self, phrase: str) -> None:
        """One phrase of a row."""
        if phrase == "基本情形":
            return
        if found := re.fullmatch(r"口径 (\w+)=(.+)", phrase):
            readings = {**self.ask.get("readings", {}), found[1]: found[2]}
            self.ask["readings"] = {k: int(v) if str(v).isdigit() else v for k, v in readings.items()}
        elif found := re.fullmatch(r"评估日 (\S+)", phrase):
            self.ask["on"] = date.fromisoformat(found[1])
        elif found := re.fullmatch(r"自 (\S+) 起评估", phrase):
            self.ask["since"] = date.fromisoformat(found[1])
        elif found := re.fullmatch(r"截至 (\S+)", phrase):
            self.until = date.fromisoformat(found[1])
        elif found := re.fullmatch(r"版本 (\S+)", phrase):
            self.ask["edition"] = f"cn-seller-2023-{found[1]}"
        elif found := re.fullmatch(r"参数 (\w+)=(\d+)", phrase):
            text = law.edition(self.ask.get("edition", "cn-seller-2023-draft"))
            given = [attrs.evolve(p, value=Decimal(found[2])) if p.name == found[1] else p for p in text.parameters]
            self.ask["edition"] = attrs.evolve(text, parameters=tuple(given))
        elif found := re.fullmatch(r"未提供(.+)", phrase):
            self.collections[SHEETS[found[1]]] = None
        elif found := re.fullmatch(r"(.+)可能不全", phrase):
            self.partial.add(SHEETS[found[1]])
        elif found := re.fullmatch(r"没有(\S+)", phrase):
            self.collections[SHEETS[found[1]]] = {}
        elif found := re.fullmatch(r"没有(\S+) (\S+)", phrase):
            rows = self.collections[SHEETS[found[1]]]
            assert rows is not None
            del rows[found[2]]
        elif found := re.fullmatch(r"(\S+?)(?: (\S+))?：(.*)", phrase):
            self._row(found[1], found[2], found[3])
        else:
            raise ValueError(f"这句话读不懂：{phrase}")

    def _row(self, sheet: str, key: str | None, cells: str) -> None:
        columns = COLUMNS[sheet]
        cls: type[Fact] = qs.Seller
        if sheet == "单位":
            row = self.seller
        else:
            assert key is not None
            name = SHEETS[sheet]
            rows = self.collections[name]
            assert rows is not None
            row, cls = rows.setdefault(key, {"id": key, **DEFAULTS[sheet](key)}), COLLECTIONS[name]
        for cell in filter(None, cells.split("，")):
            column, _, text = cell.partition(" ")
            if sheet == "单位" and column == "上年营业收入":
                row["revenue"] = None if text == "不明" else int(Decimal(text) * 10_000)
            elif re.fullmatch(r"R\d+", column):
                row["results"] = {**row["results"], column: text}
            elif columns[column].startswith("answer."):
                field = columns[column].removeprefix("answer.")
                kind = attrs.fields_dict(qs.Answer)[field].type
                row["answer"] = {**row.get("answer", {}), field: _value(kind, field, text)}
            else:
                field = columns[column]
                row[field] = _value(attrs.fields_dict(cls)[field].type, field, text)

    @property
    def dossier(self) -> qs.Dossier:
        """The dossier that the phrases tell."""
        given: dict[str, Any] = {}
        for name, rows in self.collections.items():
            facts = None if rows is None else [COLLECTIONS[name](**_answered(row)) for row in rows.values()]
            given[name] = facts
        return qs.Dossier(seller=qs.Seller(**self.seller), partial=frozenset(self.partial), **given)

    @property
    def report(self) -> qs.Report:
        """The answer of the program."""
        return qs.assess(self.dossier, **self.ask)


def _answered(row: Mapping[str, Any]) -> dict[str, Any]:
    return {**row, "answer": qs.Answer(**row["answer"])} if "answer" in row else dict(row)


@cache
def _base() -> tuple[str, ...]:
    phrases = [p for line in BASE.split("\n") for p in line.split("；") if p]
    phrases += [f"制度 {kind}：类型 {kind}" for kind in TEXTS]
    phrases += ["制度 质量安全总监职责：覆盖条目 1、2、3、4、5、6", "制度 质量安全员守则：覆盖条目 1、2、3、4、5"]
    people = {"P2": "质量安全总监", "P3": "质量安全员", "P4": "质量安全员"}
    phrases += [f"任职条件 {p}{c}：人员 {p}，角色 {r}，条件 {c}" for p, r in people.items() for c in CONDITIONS]
    first = date(2024, 1, 22)
    phrases += [f"日检查 {first + timedelta(n)}：" for n in range(14)]
    phrases += ["周排查 2024-W04：录入时间 2024-01-26 17:00", "周排查 2024-W05：录入时间 2024-02-02 17:00"]
    return (*phrases, "月调度 2024-01：录入时间 2024-01-31 17:00")


def situation(text: str) -> Situation:
    """The situation of a row: the usual one (standing.md), changed phrase by phrase."""
    made = Situation()
    phrases = [p for word in text.split("；") for p in SHORT.get(word.strip(), word).split("；")]
    for phrase in (*_base(), *phrases):
        made.read(phrase.strip())
    return made
