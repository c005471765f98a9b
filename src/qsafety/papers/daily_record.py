"""《每日工业产品质量安全检查记录》: Article 10.

One check of one outlet on one day: every item that the risk control list asks for daily, with what was found, what was done at once, and to
whom it was reported. What the record does not hold stays an empty cell.
"""

from collections import Counter
from collections.abc import Iterable, Iterator, Mapping, Sequence
from datetime import date
from typing import Annotated, Any
from zoneinfo import ZoneInfo

import attrs

from qsafety.bilingual import Bilingual
from qsafety.dossier import CheckResult, DailyCheck, Hazard, NonconformingLot, RiskItem
from qsafety.law.editions import Edition
from qsafety.law.vocabulary import CheckOutcome, DailyConclusion, Frequency, HazardSource, Role
from qsafety.papers.asking import Chosen
from qsafety.papers.book import Book
from qsafety.papers.sheets import PeriodicSheet, Sheet, common, empty
from qsafety.papers.wording import chinese_day, clock, figure, files_of, in_order, lines, stamp
from qsafety.periods import Day

MARKS = {
    CheckOutcome.PASS: "√",
    CheckOutcome.FAIL: "×",
    CheckOutcome.NOT_APPLICABLE: "/",
    CheckOutcome.NOT_CHECKED: "未检查",
}
BOXES = {False: "□", True: "√"}
ALL_ITEMS = "全部"  # the ledger's word for every daily item


@attrs.frozen(kw_only=True)
class CheckedItem:
    """One row of the record: an item of the list, and what was found."""

    no: Annotated[int, Bilingual("序号", "number of the row")]
    code: Annotated[str, Bilingual("编码", "code of the item")]
    point: Annotated[str, Bilingual("检查项目（风险点）", "what is looked at")]
    content: Annotated[str, Bilingual("检查内容（风险描述）", "what may be wrong with it")]
    method: Annotated[str, Bilingual("检查方法", "how it is checked")]
    standard: Annotated[str, Bilingual("标准（依据）", "the standard or rule it is checked against")]
    result: Annotated[
        str, Bilingual("结果：√ 合格、× 不合格、/ 不适用、未检查；未填为空", "the result; empty: no answer")
    ]
    problem: Annotated[str, Bilingual("问题描述", "what was found wanting")]
    precaution: Annotated[str, Bilingual("立即采取的防范措施", "the precaution taken at once, and when")]
    report: Annotated[str, Bilingual("上报对象和时间", "to whom it was reported, and when")]
    hazard: Annotated[str, Bilingual("隐患编号", "id of the hazard")]
    evidence: Annotated[str, Bilingual("证据（附件名）", "evidence: names of attached files")]


@attrs.frozen(kw_only=True)
class NonconformingProduct:
    """One row of the table of nonconforming products (Article 8, item 3)."""

    product: Annotated[str, Bilingual("产品名称", "name of the product")]
    lot: Annotated[str, Bilingual("批次", "lot")]
    quantity: Annotated[str, Bilingual("数量", "quantity")]
    disposition: Annotated[str, Bilingual("处置", "what became of it")]
    report: Annotated[str, Bilingual("上报对象和时间", "to whom it was reported, and when")]


@attrs.frozen(kw_only=True)
class DailyRecord(PeriodicSheet):
    """The variables of ``daily_record.docx``."""

    day: Annotated[str, Bilingual("检查日期，如 2024年1月31日 星期三", "the day checked")]
    outlet: Annotated[str, Bilingual("门店名称", "name of the outlet")]
    list_version: Annotated[
        str, Bilingual("当日有效的风险管控清单版本", "version of the risk control list in force that day")
    ]
    officer: Annotated[str, Bilingual("质量安全员姓名", "name of the officer")]
    started: Annotated[str, Bilingual("开始时间", "when the check began")]
    finished: Annotated[str, Bilingual("结束时间", "when the check ended")]
    items: Annotated[Sequence[CheckedItem], Bilingual("检查项目各行", "the rows of the check")]
    total: Annotated[str, Bilingual("检查项数", "number of items")]
    passed: Annotated[str, Bilingual("合格项数", "number of items passed")]
    failed: Annotated[str, Bilingual("不合格项数", "number of items failed")]
    not_applicable: Annotated[str, Bilingual("不适用项数", "number of items that do not apply")]
    unanswered: Annotated[str, Bilingual("未检查（含未填）项数", "number of items not checked or not answered")]
    products: Annotated[Sequence[NonconformingProduct], Bilingual("不合格品各行", "the nonconforming products")]
    zero_risk_box: Annotated[str, Bilingual("“未发现问题”框：□ 或 √", "box of the zero-risk report")]
    problems_box: Annotated[str, Bilingual("“发现问题”框：□ 或 √", "box of problems found")]
    problems: Annotated[
        str, Bilingual("发现问题的项数；未发现问题为空", "number of problems; empty where none was found")
    ]
    attachments: Annotated[str, Bilingual("附件名", "names of the files attached to the check")]
    remark: Annotated[str, Bilingual("备注", "the note of the record")]
    officer_signed: Annotated[
        str, Bilingual("已签字的质量安全员；未知为空，供手签", "the officer who signed; else empty, to sign by hand")
    ]
    receiver_wanted: Annotated[bool, Bilingual("是否需要接收人签字（发现问题时）", "whether a receiver is to sign")]
    receiver_signed: Annotated[str, Bilingual("已签字的总监或主要负责人", "the director or principal who signed")]


def daily_record(plan: Book, chosen: Chosen[DailyCheck], sheet: Sheet, edition: Edition) -> DailyRecord:
    """The context of one daily check; without a check, of the empty form with the daily items of the list in force."""
    check = chosen.fact
    if check is None:
        return _form(plan, chosen, sheet)
    zone = plan.zone
    names = plan.names
    hazards = [h for h in plan.hazards_on.get(check.day, ()) if _here(plan, check, h)]
    rows = _rows(plan, check, hazards)
    items = tuple(_item(no, row, check, names, zone) for no, row in enumerate(rows, 1))
    outcomes = Counter(row.outcome for row in rows if row.listed)
    known = not any(row.code == ALL_ITEMS for row in rows)  # else nobody knows how many items that was

    def count(*wanted: CheckOutcome | None) -> str:
        return str(sum(outcomes[outcome] for outcome in wanted)) if known else ""

    found = sum(row.outcome is CheckOutcome.FAIL or bool(row.hazards) for row in rows)
    lots = [n for n in plan.lots_on.get(check.day, ()) if _of_check(plan, check, n, hazards)]
    receivers = _receivers(plan, check)
    risk_list = plan.list_on(check.day)
    problems = check.conclusion is DailyConclusion.PROBLEMS_FOUND
    return DailyRecord(
        **common(sheet),
        late=plan.record_late(check, Day(check.day)),
        recorded_at=stamp(check.recorded_at, zone),
        day=chinese_day(check.day),
        outlet=plan.outlet_name(plan.place_of(check.outlet)),
        list_version=risk_list.version if risk_list else "",
        officer=names.get(check.officer, check.officer),
        started=clock(check.started_at, zone, check.day),
        finished=clock(check.finished_at, zone, check.day),
        items=items,
        total=count(*outcomes),
        passed=count(CheckOutcome.PASS),
        failed=count(CheckOutcome.FAIL),
        not_applicable=count(CheckOutcome.NOT_APPLICABLE),
        unanswered=count(CheckOutcome.NOT_CHECKED, None),
        products=tuple(_product(plan, lot, names, check) for lot in lots),
        zero_risk_box=BOXES[check.conclusion is DailyConclusion.ZERO_RISK],
        problems_box=BOXES[problems],
        problems=str(found) if problems else "",
        attachments=files_of(check.attachments),
        remark=check.note,
        officer_signed="、".join(names.get(p, p) for p in check.signed_by or () if p not in receivers),
        receiver_wanted=bool(receivers) or bool(found) or check.conclusion is not DailyConclusion.ZERO_RISK,
        receiver_signed="、".join(names.get(p, p) for p in receivers),
    )


def _form(plan: Book, chosen: Chosen[DailyCheck], sheet: Sheet) -> DailyRecord:
    risk_list = plan.list_on(chosen.day or date.max)
    daily = [item for item in risk_list.items if item.frequency is Frequency.DAILY] if risk_list else []
    unanswered = DailyCheck(day=chosen.day or date.max, officer="")
    rows = [_Row(item.code, item, None, None, ()) for item in daily]
    form: dict[str, Any] = {
        **empty(DailyRecord),
        **common(sheet),
        "day": chinese_day(chosen.day) if chosen.day else "",
        "outlet": plan.outlet_name(plan.place_of(chosen.outlet)),
        "list_version": risk_list.version if risk_list else "",
        "items": tuple(_item(no, row, unanswered, {}, plan.zone) for no, row in enumerate(rows, 1)),
        "zero_risk_box": BOXES[False],
        "problems_box": BOXES[False],
        "receiver_wanted": True,
    }
    return DailyRecord(**form)


@attrs.frozen
class _Row:
    """An item, its answer and its hazards; ``listed`` is False for a hazard that belongs to no item checked."""

    code: str
    item: RiskItem | None
    answer: CheckResult | None
    outcome: CheckOutcome | None
    hazards: Sequence[Hazard]
    listed: bool = True


def _here(plan: Book, check: DailyCheck, hazard: Hazard) -> bool:
    """Whether this check found a hazard of its day: the failed item's, and what daily control found at this outlet.

    A hazard that names no outlet belongs to the outlet whose check failed its item (A10.4).
    """
    if hazard.outlet is not None and hazard.outlet != plan.place_of(check.outlet):
        return False
    if any(result.code == hazard.item for result in _failed(plan, check)):
        return True
    return hazard.source is HazardSource.DAILY and (hazard.outlet is not None or _one_place(plan))


def _one_place(plan: Book) -> bool:
    return len(plan.outlet_names) <= 1


def _failed(plan: Book, check: DailyCheck) -> Iterator[CheckResult]:
    yield from check.failed
    if check.all_items is CheckOutcome.FAIL and (risk_list := plan.list_on(check.day)):
        answered = {result.code for result in check.results}
        for item in risk_list.items:
            if item.frequency is Frequency.DAILY and item.code not in answered:
                yield CheckResult(code=item.code, outcome=CheckOutcome.FAIL)


def _rows(plan: Book, check: DailyCheck, hazards: Sequence[Hazard]) -> Sequence[_Row]:
    """In the order of the list: its daily items, and what else was answered; then what the list in force does not hold."""
    risk_list = plan.list_on(check.day)
    items = {item.code: item for item in risk_list.items} if risk_list else {}
    answers = {result.code: result for result in check.results}
    daily = {code for code, item in items.items() if item.frequency is Frequency.DAILY}
    codes = [code for code in items if code in daily or code in answers]
    codes += [code for code in answers if code not in items]
    if check.all_items is not None and not daily:
        codes.append(ALL_ITEMS)
    mine: dict[str | None, list[Hazard]] = {}
    for hazard in hazards:
        mine.setdefault(hazard.item, []).append(hazard)
    rows: list[_Row] = []
    for code in codes:
        answer = answers.get(code)
        rest = check.all_items if code in daily or code == ALL_ITEMS else None
        rows.append(_Row(code, items.get(code), answer, answer.outcome if answer else rest, mine.get(code, ())))
    for hazard in hazards:
        if hazard.item not in codes:
            rows.append(_Row(hazard.item or "", items.get(hazard.item or ""), None, None, [hazard], listed=False))
    return rows


def _item(no: int, row: _Row, check: DailyCheck, names: Mapping[str, str], zone: ZoneInfo) -> CheckedItem:
    item = row.item
    observed = (row.answer.observation or "") if row.answer else ""
    return CheckedItem(
        no=no,
        code=row.code,
        point=item.risk_point or item.category if item else "",
        content=item.description or "" if item else "",
        method=item.method.zh if item and item.method else "",
        standard=item.basis or "" if item else "",
        result=MARKS[row.outcome] if row.outcome else "",
        **(_found(observed, row.hazards, check, names, zone) if row.hazards else {**_NOTHING, "problem": observed}),
    )


_NOTHING = dict.fromkeys(("precaution", "report", "hazard", "evidence"), "")


def _found(
    observed: str, hazards: Sequence[Hazard], check: DailyCheck, names: Mapping[str, str], zone: ZoneInfo
) -> dict[str, str]:
    """What a row says of its hazards, as arguments of :class:`CheckedItem`."""
    described = in_order("" if h.description and h.description in observed else h.description for h in hazards)
    return {
        "problem": lines([observed, described]),
        "precaution": in_order(_precaution(h, zone) for h in hazards),
        "report": in_order(_report(h, names, zone, check) for h in hazards),
        "hazard": in_order(h.id for h in hazards),
        "evidence": in_order(files_of(h.attachments) for h in hazards),
    }


def _precaution(hazard: Hazard, zone: ZoneInfo) -> str:
    at = clock(hazard.precaution_at, zone, hazard.found_on)
    return (hazard.precaution or "") + (f"（{at}）" if at else "")


def _report(what: Hazard | NonconformingLot, names: Mapping[str, str], zone: ZoneInfo, check: DailyCheck) -> str:
    to = names.get(what.reported_to, what.reported_to) if what.reported_to else ""
    return f"{to} {clock(what.reported_at, zone, check.day)}".strip()


def _of_check(plan: Book, check: DailyCheck, lot: NonconformingLot, hazards: Iterable[Hazard]) -> bool:
    """Whether a lot of that day is this check's. A lot names no outlet: with several, a hazard or the officer says which."""
    return _one_place(plan) or lot.recorded_by == check.officer or any(lot.product == h.product for h in hazards)


def _product(plan: Book, lot: NonconformingLot, names: Mapping[str, str], check: DailyCheck) -> NonconformingProduct:
    return NonconformingProduct(
        product=plan.product_names.get(lot.product, lot.product),
        lot=lot.lot or "",
        quantity=figure(lot.quantity),
        disposition=lot.disposition.zh if lot.disposition else "",
        report=_report(lot, names, plan.zone, check),
    )


def _receivers(plan: Book, check: DailyCheck) -> Sequence[str]:
    """Those who signed as the director or the principal to whom problems are reported; an officer signs as officer."""
    seniors = {p for role in (Role.DIRECTOR, Role.PRINCIPAL) for p in plan.posts.holders(role, check.day)}
    return tuple(p for p in check.signed_by or () if p in seniors and p != check.officer)
