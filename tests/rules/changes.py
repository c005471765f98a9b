"""The words of the scenario tables (“情形”): each phrase is one small change of the base case, in Chinese as a lawyer reads it.

``apply`` takes the cell of a row and changes a case from left to right; a phrase that nobody defined is an error.
"""

import re
from collections.abc import Callable
from datetime import date
from typing import Any

import attrs

from qsafety.dossier import (
    LABELS,
    Appointment,
    CheckResult,
    Closure,
    Competence,
    Exam,
    Explanation,
    Hazard,
    Judgement,
    Outlet,
    Priority,
    ProductLine,
    RiskItem,
    RiskList,
    SpotCheck,
    Text,
)
from qsafety.law.vocabulary import (
    CheckOutcome,
    CompetenceItem,
    DailyConclusion,
    Exclusion,
    ExplanationReason,
    HazardSource,
    Regime,
    Role,
    RuleKind,
    SizeClass,
    Trade,
    Verdict,
)
from tests.rules.shop import Case, day, days, hour, instant

Change = Callable[..., None]
CHANGES: list[tuple[re.Pattern[str], Change]] = []
USED: set[str] = set()

COLLECTION = {label.zh: name for name, label in LABELS.items()}
PARTS = {
    "D": r"(\d{4}-\d\d-\d\d)",
    "T": r"(\d{4}-\d\d-\d\d(?: \d\d:\d\d|T\d\d:\d\dZ))",
    "P": r"(P\d)",
    "R": r"(R\d\d)",
    "H": r"(H\d)",
    "W": r"(W\d\d)",
    "N": r"(\d{4}-\d\d)",
    "C": r"(C\d)",
    "M": r"(?:(M\d) )?",  # the outlet of a check, where there are two
    "岗位": r"(主要负责人|质量安全总监|质量安全员)",
    "台账": f"({'|'.join(sorted(COLLECTION, key=len, reverse=True))})",
    "制度": r"(日管控|周排查|月调度)制度",
}


def says(phrase: str) -> Callable[[Change], Change]:
    """Define a phrase; ``{D}`` and the like stand for a day, a person, …; what the brackets catch is handed over."""
    pattern = re.compile(re.sub(r"\{([^\W\d]\w*)\}", lambda m: PARTS[m[1]], phrase))

    def define(change: Change) -> Change:
        CHANGES.append((pattern, change))
        return change

    return define


def apply(case: Case, cell: str) -> Case:
    """Change a case as a cell says; 基本情形 changes nothing."""
    for phrase in cell.split("；"):
        if phrase == "基本情形":
            continue
        for pattern, change in CHANGES:
            if found := pattern.fullmatch(phrase):
                USED.add(pattern.pattern)
                change(case, *found.groups())
                break
        else:
            raise LookupError(f"no change is defined for “{phrase}”")
    return case


# --- the question ---


@says("评估日 {D}")
def _(case: Case, on: str) -> None:
    case.on = day(on)


@says("自 {D} 起评估")
def _(case: Case, since: str) -> None:
    case.since = day(since)


@says(r"口径 (\w+)=(\w+)")
def _(case: Case, name: str, option: str) -> None:
    case.readings[name] = int(option) if option.isdecimal() else option


# --- what is given ---


@says("未提供{台账}")
def _(case: Case, name: str) -> None:
    case.not_given.add(COLLECTION[name])


@says("{台账}可能不全")
def _(case: Case, name: str) -> None:
    case.partial.add(COLLECTION[name])


@says("{台账}没有记录")
def _(case: Case, name: str) -> None:
    case.facts[COLLECTION[name]] = []


# --- the seller, its outlets and its calendar ---


@says("经营方式(批发|零售|批零兼营|网络)")
def _(case: Case, trade: str) -> None:
    case.seller = attrs.evolve(case.seller, trade=Trade(trade))


@says("经营方式不明")
def _(case: Case) -> None:
    case.seller = attrs.evolve(case.seller, trade=None)


@says(r"从业人员 (\d+) 人")
def _(case: Case, count: str) -> None:
    case.seller = attrs.evolve(case.seller, headcount=int(count))


@says("从业人员不明")
def _(case: Case) -> None:
    case.seller = attrs.evolve(case.seller, headcount=None)


@says(r"上年营业收入 ([\d.]+) 万元")
def _(case: Case, amount: str) -> None:
    whole, _, rest = amount.partition(".")
    case.seller = attrs.evolve(case.seller, revenue=int(whole + rest.ljust(4, "0")))


@says("上年营业收入不明")
def _(case: Case) -> None:
    case.seller = attrs.evolve(case.seller, revenue=None)


@says("自报规模为(大型|中型|小型|微型)")
def _(case: Case, size: str) -> None:
    case.seller = attrs.evolve(case.seller, size_class=SizeClass(size))


@says("星期日不营业")
def _(case: Case) -> None:
    case.seller = attrs.evolve(case.seller, open_weekdays=range(6))


def _no_records(case: Case, outside: Callable[[date], bool], *, of_seller: bool) -> None:
    """Outside the life of the outlet, or of the seller, nobody wrote anything down."""
    case.remove("daily_checks", lambda c: outside(c.day), required=False)
    if of_seller:
        case.remove("weekly_screenings", lambda w: outside(w.held_on), required=False)
        case.remove("monthly_coordinations", lambda m: outside(m.held_on), required=False)


@says("(单位|M1)于 {D} 开业|(M1) 于 {D} 开业")
def _(case: Case, who: str, on: str, outlet: str, when: str) -> None:
    first = day(on or when)
    case.alter("outlets", lambda o: o.id == "M1", opened_on=first)
    if who == "单位":
        case.seller = attrs.evolve(case.seller, opened_on=first)
    _no_records(case, lambda d: d < first, of_seller=who == "单位")


@says("(单位)自 {D} 起歇业|(M1) 自 {D} 起歇业")
def _(case: Case, seller: str, on: str, outlet: str, when: str) -> None:
    first = day(on or when)
    case.alter("outlets", lambda o: o.id == "M1", closed_on=first)
    if seller:
        case.seller = attrs.evolve(case.seller, closed_on=first)
    _no_records(case, lambda d: d >= first, of_seller=bool(seller))


@says(r"(单位|M\d) {D} 至 {D} (歇业|加开)")
def _(case: Case, who: str, start: str, end: str, kind: str) -> None:
    case.facts["closures"].append(
        Closure(
            outlet=None if who == "单位" else who,
            start=day(start),
            end=day(end),
            kind="closed" if kind == "歇业" else "open",
            reason=kind,
        )
    )


@says("另有门店 M2")
def _(case: Case) -> None:
    case.facts["outlets"].append(Outlet(id="M2", name="分店", opened_on=date(2019, 5, 6)))
    case.appoint("P4", Role.OFFICER, outlet="M2")
    for on in days(date(2024, 1, 22), date(2024, 2, 4)):
        case.check(on, "M2", "P4")


@says("没有门店")
def _(case: Case) -> None:
    case.facts["outlets"] = []
    case.facts["daily_checks"] = [attrs.evolve(c, outlet=None, id="") for c in case.facts["daily_checks"]]


# --- what is sold ---

REGIMES = "(无|(?:生产许可|强制性认证|强制性国家标准)(?:、(?:生产许可|强制性认证|强制性国家标准))*)"


def _regimes(text: str) -> list[Regime]:
    return [] if text == "无" else [Regime(word) for word in text.split("、")]


@says("{C} 监管类别为" + REGIMES)
def _(case: Case, line: str, regimes: str) -> None:
    case.alter("products", lambda p: p.id == line, regimes=_regimes(regimes))


@says("{C} 监管类别不明")
def _(case: Case, line: str) -> None:
    case.alter("products", lambda p: p.id == line, regimes=None)


@says("{C} 不涉及健康安全")
def _(case: Case, line: str) -> None:
    case.alter("products", lambda p: p.id == line, affects_safety=False)


@says("{C} 是否涉及健康安全不明")
def _(case: Case, line: str) -> None:
    case.alter("products", lambda p: p.id == line, affects_safety=None)


@says("{C} 强制性标准 (GB .+)")
def _(case: Case, line: str, standard: str) -> None:
    case.alter("products", lambda p: p.id == line, standards=[standard])


@says("{C} 属于(食品|药品|特种设备|特殊法管理|非工业加工)")
def _(case: Case, line: str, exclusion: str) -> None:
    case.alter("products", lambda p: p.id == line, exclusion=Exclusion(exclusion))


@says("{C} 自 {D} 起售")
def _(case: Case, line: str, on: str) -> None:
    case.alter("products", lambda p: p.id == line, sold_from=day(on))


@says("{C} 自 {D} 起停售")
def _(case: Case, line: str, on: str) -> None:
    case.alter("products", lambda p: p.id == line, sold_until=day(on))


@says(r"{C} 只在 (M\d) 销售")
def _(case: Case, line: str, outlet: str) -> None:
    case.alter("products", lambda p: p.id == line, outlets=[outlet])


@says("另售 {C}：" + REGIMES + "，涉及健康安全")
def _(case: Case, line: str, regimes: str) -> None:
    case.facts["products"].append(ProductLine(id=line, name="另一种", regimes=_regimes(regimes), affects_safety=True))


@says("另售 {C}：监管类别不明，是否涉及健康安全不明")
def _(case: Case, line: str) -> None:
    case.facts["products"].append(ProductLine(id=line, name="另一种"))


# --- who is in post, and may they be ---


def _in(role: Role, person: str | None = None) -> Callable[[Any], bool]:
    return lambda a: a.role is role and person in (None, a.person)


@says("没有(质量安全总监|质量安全员)")
def _(case: Case, role: str) -> None:
    case.remove("appointments", _in(Role(role)))


@says("{P} 自 {D} 起任{岗位}")
def _(case: Case, person: str, start: str, role: str) -> None:
    case.appoint(person, Role(role), day(start))


@says("{P} 也任{岗位}")
def _(case: Case, person: str, role: str) -> None:
    case.appoint(person, Role(role))


@says("{P} 任{岗位}至 {D}")
def _(case: Case, person: str, role: str, end: str) -> None:
    case.alter("appointments", _in(Role(role), person), end=day(end))


@says("{P} 自 {D} 起被免去{岗位}")
def _(case: Case, person: str, start: str, role: str) -> None:
    case.facts["appointments"].append(Appointment(person=person, role=Role(role), start=day(start), change="remove"))


@says(r"{P} 自 {D} 起调整为 (M\d) 的质量安全员")
def _(case: Case, person: str, start: str, outlet: str) -> None:
    case.facts["appointments"].append(
        Appointment(person=person, role="officer", start=day(start), outlet=outlet, change="adjust")
    )


@says("{P} (属于|不属于)管理层")
def _(case: Case, person: str, is_in: str) -> None:
    case.alter("people", lambda p: p.id == person, in_management=is_in == "属于")


@says("{P} 是否属于管理层不明")
def _(case: Case, person: str) -> None:
    case.alter("people", lambda p: p.id == person, in_management=None)


@says("{P} 于 {D} {岗位}考核(合格|不合格)")
def _(case: Case, person: str, on: str, role: str, result: str) -> None:
    case.facts["exams"].append(Exam(on=day(on), person=person, role=Role(role), passed=result == "合格"))


@says("{P} 于 {D} {岗位}监督抽查考核不合格")
def _(case: Case, person: str, on: str, role: str) -> None:
    case.facts["spot_checks"].append(SpotCheck(on=day(on), person=person, role=Role(role), passed=False))


@says("{P} 没有考核记录")
def _(case: Case, person: str) -> None:
    case.remove("exams", lambda e: e.person == person)


@says("{P} 没有培训记录")
def _(case: Case, person: str) -> None:
    case.remove("trainings", lambda t: person in t.attendees)


@says("{P} 于 {D} 被认定(不)?具备(法规标准制度|教育经验技能|其他)")
def _(case: Case, person: str, on: str, no: str | None, item: str) -> None:
    case.facts["competences"].append(
        Competence(person=person, role="officer", item=CompetenceItem(item), met=no is None, on=day(on))
    )


# --- rules and the risk control list ---


def _text(name: str) -> Callable[[Any], bool]:
    return lambda t: t.kind is RuleKind(name)


@says("没有{制度}")
def _(case: Case, name: str) -> None:
    case.remove("texts", _text(name))


@says("{制度}是草案")
def _(case: Case, name: str) -> None:
    case.alter("texts", _text(name), status="draft", approved_by=None, approved_on=None, effective_on=None)


@says("{制度}自 {D} 起生效")
def _(case: Case, name: str, on: str) -> None:
    case.alter("texts", _text(name), effective_on=day(on))


@says("{制度}没有生效日期")
def _(case: Case, name: str) -> None:
    case.alter("texts", _text(name), effective_on=None)


@says("{制度}批准日期 {D}")
def _(case: Case, name: str, on: str) -> None:
    case.alter("texts", _text(name), approved_on=day(on))


@says("{制度}没有批准日期")
def _(case: Case, name: str) -> None:
    case.alter("texts", _text(name), approved_on=None)


@says("{制度}于 {D} 废止")
def _(case: Case, name: str, on: str) -> None:
    case.alter("texts", _text(name), status="repealed", repealed_on=day(on))


@says("{制度}已废止，没有废止日期")
def _(case: Case, name: str) -> None:
    case.alter("texts", _text(name), status="repealed")


@says("{制度}另有 2.0 版：{D} 批准，{D} 生效")
def _(case: Case, name: str, approved: str, effective: str) -> None:
    case.facts["texts"].append(
        Text(
            kind=RuleKind(name),
            version="2.0",
            status="approved",
            approved_by="P1",
            approved_on=day(approved),
            effective_on=day(effective),
        )
    )


@says("{制度}另有 2.0 版草案")
def _(case: Case, name: str) -> None:
    case.facts["texts"].append(Text(kind=RuleKind(name), version="2.0", status="draft"))


@says("没有风险清单")
def _(case: Case) -> None:
    case.facts["risk_lists"] = []


@says("清单 V1 自 {D} 起生效")
def _(case: Case, on: str) -> None:
    case.alter("risk_lists", lambda r: r.version == "V1", effective_on=day(on))


@says("清单 V1 没有生效日期、批准日期")
def _(case: Case) -> None:
    case.alter("risk_lists", lambda r: r.version == "V1", effective_on=None, approved_on=None)


@says(r"清单 (V\d) 没有批准人")
def _(case: Case, version: str) -> None:
    case.alter("risk_lists", lambda r: r.version == version, approved_by=None)


@says(r"清单 (V\d) 是草案")
def _(case: Case, version: str) -> None:
    case.alter("risk_lists", lambda r: r.version == version, status="draft")


@says("清单另有每(周|月)项目 {R}")
def _(case: Case, frequency: str, code: str) -> None:
    every = "weekly" if frequency == "周" else "monthly"
    items = [*case.facts["risk_lists"][0].items, RiskItem(code=code, frequency=every)]
    case.alter("risk_lists", lambda r: r.version == "V1", items=items)


@says(r"新清单 (V\d) 自 {D} 起生效，增加每日项目 {R}")
def _(case: Case, version: str, on: str, code: str) -> None:
    items = [*case.facts["risk_lists"][0].items, RiskItem(code=code)]
    case.facts["risk_lists"].append(
        RiskList(version=version, effective_on=day(on), approved_by="P1", approved_on=day(on), items=items)
    )


# --- daily control ---


def _check(outlet: str | None, first: str, last: str | None = None) -> Callable[[Any], bool]:
    return lambda c: day(first) <= c.day <= day(last or first) and outlet in (None, c.outlet)


@says("{M}{D}(?: 至 {D})? 没有检查")
def _(case: Case, outlet: str | None, first: str, last: str | None) -> None:
    case.remove("daily_checks", _check(outlet, first, last))


@says("{M}{D}(?: 至 {D})? 有检查")
def _(case: Case, outlet: str | None, first: str, last: str | None) -> None:
    for on in days(day(first), day(last or first)):
        case.check(on, outlet or "M1", "P3")


@says("{M}{D} 的检查由 {P} 作出")
def _(case: Case, outlet: str | None, on: str, officer: str) -> None:
    case.alter("daily_checks", _check(outlet, on), first=True, officer=officer, signed_by=[officer])


@says("{M}{D} 的检查只答 {R}")
def _(case: Case, outlet: str | None, on: str, code: str) -> None:
    case.alter("daily_checks", _check(outlet, on), first=True, results={code: "pass"})


def _answer(case: Case, outlet: str | None, first: str, last: str | None, code: str, outcome: str) -> None:
    for i, check in enumerate(case.facts["daily_checks"]):
        if _check(outlet, first, last)(check):
            results = [r for r in check.results if r.code != code]
            results.append(CheckResult(code=code, outcome=CheckOutcome(outcome)))
            case.facts["daily_checks"][i] = attrs.evolve(check, results=results)


@says("{M}{D}(?: 至 {D})? 的检查中 {R} (合格|不合格|不适用|未检查)")
def _(case: Case, outlet: str | None, first: str, last: str | None, code: str, outcome: str) -> None:
    _answer(case, outlet, first, last, code, outcome)


@says("{M}{D} 的检查以全部作答：(合格|不合格)")
def _(case: Case, outlet: str | None, on: str, outcome: str) -> None:
    case.alter("daily_checks", _check(outlet, on), first=True, results=(), all_items=CheckOutcome(outcome))


@says("{M}{D} 的检查结论(?:为(零风险|发现问题)|空缺)")
def _(case: Case, outlet: str | None, on: str, conclusion: str | None) -> None:
    concluded = DailyConclusion(conclusion) if conclusion else None
    case.alter("daily_checks", _check(outlet, on), first=True, conclusion=concluded)


@says("{M}{D} 的检查于 {T} 录入")
def _(case: Case, outlet: str | None, on: str, at: str) -> None:
    case.alter("daily_checks", _check(outlet, on), first=True, recorded_at=instant(at))


@says("{M}{D} 的检查录入时间不明")
def _(case: Case, outlet: str | None, on: str) -> None:
    case.alter("daily_checks", _check(outlet, on), first=True, recorded_at=None)


@says("{M}{D} 的检查未签字")
def _(case: Case, outlet: str | None, on: str) -> None:
    case.alter("daily_checks", _check(outlet, on), first=True, signed_by=())


@says("{M}{D} 的检查是否签字不明")
def _(case: Case, outlet: str | None, on: str) -> None:
    case.alter("daily_checks", _check(outlet, on), first=True, signed_by=None)


@says("{M}{D} 的检查是草稿")
def _(case: Case, outlet: str | None, on: str) -> None:
    case.alter("daily_checks", _check(outlet, on), first=True, draft=True)


@says("{M}{D} 的检查未写明门店")
def _(case: Case, outlet: str | None, on: str) -> None:
    case.alter("daily_checks", _check(outlet, on), first=True, outlet=None)


@says("{M}{D} 另有一次检查，由 {P} 作出(?:，{T} 录入)?(?:，{R} 不合格，结论为(零风险|发现问题))?")
def _(case: Case, outlet: str | None, on: str, officer: str, at: str, code: str, conclusion: str) -> None:
    fields: dict[str, Any] = {"recorded_at": instant(at) if at else hour(day(on), "12:00")}
    if code:
        fields["results"] = {"R01": "pass", "R02": "pass", code: "fail"}
        fields["conclusion"] = DailyConclusion(conclusion)
    case.check(day(on), outlet or "M1", officer, **fields)


# --- hazards ---


def _hazard(case: Case, name: str, on: str, **fields: Any) -> None:
    """A hazard that was contained at 10:00 and reported to the director at 10:30."""
    case.facts["hazards"].append(
        Hazard(
            id=name,
            found_on=day(on),
            description="隐患",
            precaution="当场撤柜",
            precaution_at=hour(day(on), "10:00"),
            reported_to="P2",
            reported_at=hour(day(on), "10:30"),
            **fields,
        )
    )


@says("{M}{D} 的检查发现 {R} 不合格（隐患 {H}）")
def _(case: Case, outlet: str | None, on: str, code: str, name: str) -> None:
    _answer(case, outlet, on, None, code, "不合格")
    case.alter("daily_checks", _check(outlet, on), first=True, conclusion="problems_found")
    _hazard(case, name, on, source="daily", item=code)


@says("{H}：{D} (日管控|投诉)发现(?:，项目 {R})?")
def _(case: Case, name: str, on: str, source: str, code: str | None) -> None:
    _hazard(case, name, on, source=HazardSource(source), item=code)


@says("{H} 没有防范措施")
def _(case: Case, name: str) -> None:
    case.alter("hazards", lambda h: h.id == name, precaution=None, precaution_at=None)


@says("{H} 防范措施记于 {T}")
def _(case: Case, name: str, at: str) -> None:
    case.alter("hazards", lambda h: h.id == name, precaution_at=instant(at))


@says("{H} 上报给 {P}")
def _(case: Case, name: str, person: str) -> None:
    case.alter("hazards", lambda h: h.id == name, reported_to=person)


@says("{H} 没有上报")
def _(case: Case, name: str) -> None:
    case.alter("hazards", lambda h: h.id == name, reported_to=None, reported_at=None)


@says("{H} 上报于 {T}")
def _(case: Case, name: str, at: str) -> None:
    case.alter("hazards", lambda h: h.id == name, reported_at=instant(at))


@says("{H} 没有上报时间")
def _(case: Case, name: str) -> None:
    case.alter("hazards", lambda h: h.id == name, reported_at=None)


@says(r"{H} 在门店 (M\d)")
def _(case: Case, name: str, outlet: str) -> None:
    case.alter("hazards", lambda h: h.id == name, outlet=outlet)


@says("{H} 的检查编码为 {R}")
def _(case: Case, name: str, code: str) -> None:
    case.alter("hazards", lambda h: h.id == name, item=code)


# --- weekly screening ---


def _week(week: str) -> Callable[[Any], bool]:
    return lambda w: w.week == f"2024-{week}"


@says("{W} 没有周排查")
def _(case: Case, week: str) -> None:
    case.remove("weekly_screenings", _week(week))


@says("{W} 由 {P} 组织")
def _(case: Case, week: str, person: str) -> None:
    case.alter("weekly_screenings", _week(week), first=True, organiser=person)


@says("{W} 于 {D} 开展")
def _(case: Case, week: str, on: str) -> None:
    fields = {"held_on": day(on), "recorded_at": hour(day(on), "17:00")}
    case.alter("weekly_screenings", _week(week), first=True, **fields)


@says("{W} 开展日期不明")
def _(case: Case, week: str) -> None:
    case.alter("weekly_screenings", _week(week), first=True, held_on=None)


@says("{W} 于 {T} 录入")
def _(case: Case, week: str, at: str) -> None:
    case.alter("weekly_screenings", _week(week), first=True, recorded_at=instant(at))


@says("{W} 录入时间不明")
def _(case: Case, week: str) -> None:
    case.alter("weekly_screenings", _week(week), first=True, recorded_at=None)


@says("{W} 未签字")
def _(case: Case, week: str) -> None:
    case.alter("weekly_screenings", _week(week), first=True, signed_by=())


@says("{W} 是草稿")
def _(case: Case, week: str) -> None:
    case.alter("weekly_screenings", _week(week), first=True, draft=True)


@says("{W} 没有分析研判")
def _(case: Case, week: str) -> None:
    case.alter("weekly_screenings", _week(week), first=True, analysis="")


@says("{W} 写明隐患 {H}")
def _(case: Case, week: str, hazard: str) -> None:
    case.alter("weekly_screenings", _week(week), first=True, findings=[hazard])


@says("{W} (?:另有一次排查|已排查)：{P} 组织，{D} 开展")
def _(case: Case, week: str, person: str, on: str) -> None:
    case.screening(f"2024-{week}", person, day(on))


# --- monthly coordination ---


def _month(month: str) -> Callable[[Any], bool]:
    return lambda m: m.month == month


@says("{N} 没有月调度")
def _(case: Case, month: str) -> None:
    case.remove("monthly_coordinations", _month(month), required=False)


@says("{N} 由 {P} 主持")
def _(case: Case, month: str, person: str) -> None:
    case.alter("monthly_coordinations", _month(month), first=True, chair=person)


@says("{N} {P} 未参会")
def _(case: Case, month: str, person: str) -> None:
    there = [p for p in ("P1", "P2", "P3") if p != person]
    case.alter("monthly_coordinations", _month(month), first=True, participants=there)


@says("{N} 于 {D} 召开")
def _(case: Case, month: str, on: str) -> None:
    fields = {"held_on": day(on), "recorded_at": hour(day(on), "17:00")}
    case.alter("monthly_coordinations", _month(month), first=True, **fields)


@says("{N} 召开日期不明")
def _(case: Case, month: str) -> None:
    case.alter("monthly_coordinations", _month(month), first=True, held_on=None)


@says("{N} 于 {T} 录入")
def _(case: Case, month: str, at: str) -> None:
    case.alter("monthly_coordinations", _month(month), first=True, recorded_at=instant(at))


@says("{N} 录入时间不明")
def _(case: Case, month: str) -> None:
    case.alter("monthly_coordinations", _month(month), first=True, recorded_at=None)


@says("{N} 是草稿")
def _(case: Case, month: str) -> None:
    case.alter("monthly_coordinations", _month(month), first=True, draft=True)


@says("{N} 没有(总监汇报|日常管理总结|隐患治理总结|下月重点)")
def _(case: Case, month: str, part: str) -> None:
    empty: dict[str, Any] = {
        "总监汇报": {"director_report": ""},
        "日常管理总结": {"summary": ""},
        "隐患治理总结": {"hazard_summary": ""},
        "下月重点": {"priorities": ()},
    }
    case.alter("monthly_coordinations", _month(month), first=True, **empty[part])


@says("{N} 下月重点没有(责任人|期限)")
def _(case: Case, month: str, part: str) -> None:
    item = Priority(content="节前安全检查", owner="P3", due_on=date(2024, 2, 20))
    item = attrs.evolve(item, owner=None) if part == "责任人" else attrs.evolve(item, due_on=None)
    case.alter("monthly_coordinations", _month(month), first=True, priorities=[item])


@says("{N} 未签字")
def _(case: Case, month: str) -> None:
    case.alter("monthly_coordinations", _month(month), first=True, signed_by=())


@says("{N} 是否签字不明")
def _(case: Case, month: str) -> None:
    case.alter("monthly_coordinations", _month(month), first=True, signed_by=None)


@says("{N} 另有一次会议：{P} 主持，{D} 召开")
def _(case: Case, month: str, person: str, on: str) -> None:
    case.meeting(month, person, day(on))


# --- explanations and judgements ---


@says(r"说明 (\d{4}-\w+(?:-\d\d)?)(?:（(M\d)）)?：(歇业|人员缺勤|不可抗力|系统故障|遗忘)，(?:{T} 登记|没有登记时间)")
def _(case: Case, period: str, outlet: str | None, reason: str, at: str | None) -> None:
    cadence = {10: "daily_control", 8: "weekly_screening", 7: "monthly_coordination"}[len(period)]
    case.facts["explanations"].append(
        Explanation(
            cadence=cadence,
            period=period,
            outlet=outlet,
            reason=ExplanationReason(reason),
            text=reason,
            declared_at=instant(at) if at else None,
        )
    )


@says(r"判断 (A[\d.]+)（(单位|M\d)(?:，{D})?）：(符合|不符合)(?:，{D} 作出)?(?:，有效期至 {D})?")
def _(
    case: Case, obligation: str, subject: str, period: str | None, verdict: str, on: str | None, until: str | None
) -> None:
    case.facts["judgements"].append(
        Judgement(
            obligation=obligation,
            subject=None if subject == "单位" else f"outlet:{subject}",
            period=period,
            verdict=Verdict.SATISFIED if verdict == "符合" else Verdict.VIOLATED,
            reason="经核实",
            judged_by="P1",
            on=day(on) if on else case.on,
            valid_until=day(until) if until else None,
        )
    )
