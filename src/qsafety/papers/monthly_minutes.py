"""《每月工业产品质量安全调度会议纪要》: Article 12.

One meeting of one month: the director's report is heard, the month's daily management and hazards are summed up, next month is arranged.
"""

from collections.abc import Iterator, Mapping, Sequence
from datetime import date
from typing import Annotated, Any

import attrs

from qsafety.bilingual import Bilingual
from qsafety.cadence import monthly_draft, tallies
from qsafety.dossier import Dossier, Hazard, MonthlyCoordination
from qsafety.law.editions import Edition
from qsafety.law.vocabulary import Cadence, HazardSeverity, Role
from qsafety.papers.asking import Asked, Chosen
from qsafety.papers.book import Book
from qsafety.papers.reports import (
    Days,
    FoundHazard,
    Report,
    Said,
    choose_report,
    daily_figures,
    hazard_rows,
    known_to,
    listed,
    opinions_of,
    signed,
)
from qsafety.papers.sheets import ReportSheet, Sheet, common, empty
from qsafety.papers.wording import (
    all_named,
    chinese_month,
    files_of,
    named,
    paragraphs,
    plain_day,
    short_day,
    stamp,
)
from qsafety.periods import Month, parse


@attrs.frozen(kw_only=True)
class Arranged:
    """One row of priority work: last month's, or that of the month to come."""

    no: Annotated[int, Bilingual("序号", "number of the row")]
    content: Annotated[str, Bilingual("工作内容", "what is to be done")]
    owner: Annotated[str, Bilingual("责任人", "by whom")]
    due: Annotated[str, Bilingual("完成时限", "by when")]


@attrs.frozen(kw_only=True)
class Event:
    """One row of what else happened in the month."""

    on: Annotated[str, Bilingual("日期", "when")]
    sort: Annotated[
        str, Bilingual("事项：培训、考核、投诉、召回、监督检查等", "training, exam, complaint, recall, inspection")
    ]
    content: Annotated[str, Bilingual("内容", "what happened")]


@attrs.frozen(kw_only=True)
class MonthlyMinutes(ReportSheet):
    """The variables of ``monthly_minutes.docx``."""

    month: Annotated[str, Bilingual("月份，如 2024年1月", "the month")]
    held: Annotated[str, Bilingual("会议日期", "when the meeting was held")]
    place: Annotated[str, Bilingual("会议地点", "where")]
    chair: Annotated[str, Bilingual("主持人", "who was in the chair")]
    recorder: Annotated[str, Bilingual("记录人", "who took the minutes")]
    participants: Annotated[str, Bilingual("出席人员", "who was present")]
    director_report: Annotated[Sequence[str], Bilingual("质量安全总监工作汇报", "the director's report")]
    summary: Annotated[Sequence[str], Bilingual("当月日常管理情况总结", "the summary of daily management")]
    days: Annotated[Sequence[Days], Bilingual("当月日管控情况各行", "the figures of daily control")]
    weeks_due: Annotated[str, Bilingual("应排查周数", "screenings due")]
    weeks_done: Annotated[str, Bilingual("已排查周数", "screenings made")]
    weeks_late: Annotated[str, Bilingual("期后报告的周", "weeks reported late")]
    weeks_missed: Annotated[str, Bilingual("未排查的周", "weeks without a screening")]
    hazard_summary: Annotated[Sequence[str], Bilingual("风险隐患排查治理情况总结", "the summary of hazards")]
    hazards_new: Annotated[str, Bilingual("新发现隐患数", "hazards found in the month")]
    hazards_serious: Annotated[str, Bilingual("其中重大隐患数", "major ones among them")]
    hazards_closed: Annotated[str, Bilingual("本月完成整改数", "hazards put right in the month")]
    hazards_open: Annotated[str, Bilingual("月末未完成整改数", "hazards open at its end")]
    hazards_overdue: Annotated[str, Bilingual("月末逾期数", "overdue ones among them")]
    hazards: Annotated[
        Sequence[FoundHazard], Bilingual("本月新发现及月末未完成整改的隐患", "the month's and the open hazards")
    ]
    earlier: Annotated[Sequence[Arranged], Bilingual("上月会议安排的重点工作", "what the meeting before arranged")]
    opinions: Annotated[Sequence[Said], Bilingual("当月意见建议及采纳情况", "opinions of the month and their answers")]
    events: Annotated[
        Sequence[Event], Bilingual("培训考核、投诉、召回、监督检查", "trainings, complaints, recalls, inspections")
    ]
    priorities: Annotated[Sequence[Arranged], Bilingual("下个月重点工作调度安排", "the priority work of next month")]
    attachments: Annotated[str, Bilingual("附件名", "names of attached files")]
    remark: Annotated[str, Bilingual("备注", "the note of the record")]
    principal_signed: Annotated[str, Bilingual("已签字的主要负责人", "the principal who signed")]
    director_signed: Annotated[str, Bilingual("已签字的质量安全总监", "the director who signed")]
    recorder_signed: Annotated[str, Bilingual("已签字的记录人", "the recorder who signed")]


def choose_monthly(plan: Book, asked: Asked) -> Chosen[Report]:
    """The meeting that is printed."""
    return choose_report(plan, asked, Month, plan.dossier.monthly_coordinations, monthly_draft)


def monthly_minutes(plan: Book, chosen: Chosen[Report], sheet: Sheet, edition: Edition) -> MonthlyMinutes:
    """The context of one meeting; without one, of the empty form."""
    record = chosen.fact
    if not isinstance(record, MonthlyCoordination):
        about = chinese_month(Month.of(chosen.day)) if chosen.day else ""
        form: dict[str, Any] = {**empty(MonthlyMinutes), **common(sheet), "month": about}
        return MonthlyMinutes(**form)
    month = Month.of(parse(record.month).start)
    plan = known_to(record, plan, month)
    names = plan.names
    day = record.held_on or month.end
    recorder = record.recorder if record.recorder in (record.signed_by or ()) else None
    return MonthlyMinutes(
        **common(sheet),
        late=not record.draft and plan.record_late(record, month),
        recorded_at=stamp(record.recorded_at, plan.zone),
        draft=record.draft,
        month=chinese_month(month),
        held=plain_day(record.held_on),
        place=record.place or "",
        chair=named(names, record.chair),
        recorder=named(names, record.recorder),
        participants=all_named(names, record.participants),
        director_report=paragraphs(record.director_report),
        summary=paragraphs(record.summary),
        days=daily_figures(plan, month),
        **_weeks(plan, month),
        hazard_summary=paragraphs(record.hazard_summary),
        **_hazards(plan, month),
        earlier=_arranged(_meeting_before(plan, record), names),
        opinions=opinions_of(plan, month),
        events=tuple(sorted(_events(plan.dossier, month, names), key=lambda e: e.on)),
        priorities=_arranged(record, names),
        attachments=files_of(record.attachments),
        remark=record.note,
        principal_signed=signed(plan, record, Role.PRINCIPAL, day),
        director_signed=signed(plan, record, Role.DIRECTOR, day),
        recorder_signed=named(names, recorder),
    )


def _weeks(plan: Book, month: Month) -> dict[str, Any]:
    found = tallies(plan, Cadence.WEEKLY_SCREENING, month.start, month.end)
    if not found:
        return dict.fromkeys(("weeks_due", "weeks_done", "weeks_late", "weeks_missed"), "")
    return {
        "weeks_due": str(found[0].due),
        "weeks_done": str(found[0].done),
        "weeks_late": listed(found[0].late),
        "weeks_missed": listed(found[0].missed),
    }


def _hazards(plan: Book, month: Month) -> dict[str, Any]:
    """The month's hazards, counted as they stood at its end; empty figures where no hazards are given."""
    if plan.dossier.hazards is None:
        names = ("hazards_new", "hazards_serious", "hazards_closed", "hazards_open", "hazards_overdue")
        return {**dict.fromkeys(names, ""), "hazards": ()}
    known = sorted((h for h in plan.dossier.hazards if h.found_on <= month.end), key=lambda h: (h.found_on, h.id))
    new = [h for h in known if h.found_on in month]
    unfinished = [h for h in known if h.done_on is None or h.done_on > month.end]
    return {
        "hazards_new": str(len(new)),
        "hazards_serious": str(sum(h.severity is HazardSeverity.MAJOR for h in new)),
        "hazards_closed": str(sum(h.done_on is not None and h.done_on in month for h in known)),
        "hazards_open": str(len(unfinished)),
        "hazards_overdue": _overdue(unfinished, month.end),
        "hazards": hazard_rows(plan, [h for h in known if h in new or h in unfinished]),
    }


def _overdue(unfinished: Sequence[Hazard], day: date) -> str:
    ids = [h.id for h in unfinished if h.due_on is not None and h.due_on <= day]
    return f"{len(ids)}（{'、'.join(ids)}）" if ids else "0"


def _meeting_before(plan: Book, record: MonthlyCoordination) -> MonthlyCoordination | None:
    """The meeting of the month before, if there was one."""
    month = parse(record.month)
    before = Month.of(month.start).previous()
    best = plan.best(plan.meetings.get(str(before), ()), before)
    return best[0] if best and isinstance(best[0], MonthlyCoordination) else None


def _arranged(record: MonthlyCoordination | None, names: Mapping[str, str]) -> tuple[Arranged, ...]:
    priorities = record.priorities if record else ()
    return tuple(
        Arranged(no=no, content=p.content, owner=named(names, p.owner), due=short_day(p.due_on))
        for no, p in enumerate(priorities, 1)
    )


def _events(dossier: Dossier, month: Month, names: Mapping[str, str]) -> Iterator[Event]:
    for training in dossier.trainings or ():
        if training.on in month:
            topics = "、".join(t.zh for t in training.topics)
            yield Event(
                on=short_day(training.on),
                sort="培训",
                content="；".join(
                    filter(
                        None, (topics, f"参加：{all_named(names, training.attendees)}" if training.attendees else "")
                    )
                ),
            )
    for exam in dossier.exams or ():
        if exam.on in month:
            result = "合格" if exam.passed else "不合格"
            yield Event(
                on=short_day(exam.on), sort="考核", content=f"{named(names, exam.person)}（{exam.role.zh}）{result}"
            )
    for check in dossier.spot_checks or ():
        if check.on in month:
            result = "合格" if check.passed else "不合格"
            yield Event(
                on=short_day(check.on),
                sort="监督抽查考核",
                content=f"{named(names, check.person)}（{check.role.zh}）{result}",
            )
    for hazard in dossier.hazards or ():
        if hazard.source == "complaint" and hazard.found_on in month:
            yield Event(on=short_day(hazard.found_on), sort="投诉", content=hazard.description)
    products = {p.id: p.name for p in dossier.products or ()}
    for defect in dossier.defects or ():
        if defect.recall_started_on is not None and defect.recall_started_on in month:
            lots = f"（批次 {'、'.join(defect.lots)}）" if defect.lots else ""
            product = products.get(defect.product, defect.product)
            yield Event(on=short_day(defect.recall_started_on), sort="召回", content=f"{product}{lots}")
    for inspection in dossier.inspections or ():
        if inspection.on in month:
            said = (inspection.authority, inspection.kind.zh if inspection.kind else "")
            found = f"发现问题 {len(inspection.findings)} 项" if inspection.findings else ""
            yield Event(on=short_day(inspection.on), sort="监督检查", content=" ".join(filter(None, (*said, found))))
    for order in dossier.orders or ():
        if order.issued_on in month:
            yield Event(
                on=short_day(order.issued_on),
                sort="责令改正",
                content=" ".join(filter(None, (order.authority, order.number))),
            )
