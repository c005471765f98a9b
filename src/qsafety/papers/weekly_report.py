"""《每周工业产品质量安全排查治理报告》: Article 11.

One screening of one week: how daily control went, what became of last week's findings, what was found, how the risk is judged.
"""

from collections.abc import Sequence
from typing import Annotated, Any

import attrs

from qsafety.bilingual import Bilingual
from qsafety.cadence import weekly_draft
from qsafety.dossier import WeeklyScreening
from qsafety.law.editions import Edition
from qsafety.law.vocabulary import Rating, Role
from qsafety.papers.asking import Asked, Chosen
from qsafety.papers.book import Book
from qsafety.papers.daily_record import BOXES
from qsafety.papers.reports import (
    Days,
    FollowedHazard,
    FoundHazard,
    Report,
    Said,
    by_id,
    choose_report,
    daily_figures,
    followed_rows,
    hazard_rows,
    known_to,
    opinions_of,
    signed,
)
from qsafety.papers.sheets import ReportSheet, Sheet, common, empty
from qsafety.papers.wording import all_named, chinese_week, files_of, named, plain_day, stamp
from qsafety.periods import IsoWeek, parse


@attrs.frozen(kw_only=True)
class WeeklyReport(ReportSheet):
    """The variables of ``weekly_report.docx``."""

    week: Annotated[str, Bilingual("报告周期，如 2024年第5周（1月29日至2月4日）", "the week with its days")]
    held: Annotated[str, Bilingual("排查日期", "when the screening was held")]
    organiser: Annotated[str, Bilingual("组织人", "who organised it")]
    participants: Annotated[str, Bilingual("参加人员", "who took part")]
    days: Annotated[Sequence[Days], Bilingual("本周日管控情况各行", "the figures of daily control")]
    followup: Annotated[str, Bilingual("前一周问题整改跟踪", "what became of last week's problems")]
    followed: Annotated[
        Sequence[FollowedHazard], Bilingual("前次排查列出的隐患", "the hazards of the screening before")
    ]
    findings: Annotated[Sequence[FoundHazard], Bilingual("本周排查发现的隐患", "the hazards found")]
    analysis: Annotated[str, Bilingual("风险分析研判", "the analysis of risk")]
    controlled_box: Annotated[str, Bilingual("“可控”框：□ 或 √", "box of: controlled")]
    hazards_box: Annotated[str, Bilingual("“存在隐患”框：□ 或 √", "box of: hazards present")]
    serious_box: Annotated[str, Bilingual("“存在严重隐患”框：□ 或 √", "box of: serious hazards")]
    measures: Annotated[str, Bilingual("整改和管控措施", "the measures decided on")]
    opinions: Annotated[
        Sequence[Said], Bilingual("本周提出的意见建议（含否决建议）", "opinions of the week, vetoes included")
    ]
    next_focus: Annotated[str, Bilingual("下周重点", "what comes first next week")]
    attachments: Annotated[str, Bilingual("附件名", "names of attached files")]
    remark: Annotated[str, Bilingual("备注", "the note of the record")]
    director_signed: Annotated[str, Bilingual("已签字的质量安全总监", "the director who signed")]
    principal_signed: Annotated[str, Bilingual("已签字的主要负责人", "the principal who signed")]


def choose_weekly(plan: Book, asked: Asked) -> Chosen[Report]:
    """The screening that is printed."""
    return choose_report(plan, asked, IsoWeek, plan.dossier.weekly_screenings, weekly_draft)


def weekly_report(plan: Book, chosen: Chosen[Report], sheet: Sheet, edition: Edition) -> WeeklyReport:
    """The context of one screening; without one, of the empty form."""
    record = chosen.fact
    if not isinstance(record, WeeklyScreening):
        about = chinese_week(IsoWeek.of(chosen.day)) if chosen.day else ""
        boxes = dict.fromkeys(("controlled_box", "hazards_box", "serious_box"), BOXES[False])
        form: dict[str, Any] = {**empty(WeeklyReport), **common(sheet), **boxes, "week": about}
        return WeeklyReport(**form)
    week = IsoWeek.of(parse(record.week).start)
    plan = known_to(record, plan, week)
    names = plan.names
    before = _before(plan, record)
    day = record.held_on or week.end
    return WeeklyReport(
        **common(sheet),
        late=not record.draft and plan.record_late(record, week),
        recorded_at=stamp(record.recorded_at, plan.zone),
        draft=record.draft,
        week=chinese_week(week),
        held=plain_day(record.held_on),
        organiser=named(names, record.organiser),
        participants=all_named(names, record.participants),
        days=daily_figures(plan, week),
        followup=record.followup or "",
        followed=followed_rows(plan, by_id(plan, before.findings)) if before else (),
        findings=hazard_rows(plan, by_id(plan, record.findings)),
        analysis=record.analysis or "",
        controlled_box=BOXES[record.rating is Rating.CONTROLLED],
        hazards_box=BOXES[record.rating is Rating.HAZARDS_PRESENT],
        serious_box=BOXES[record.rating is Rating.SERIOUS_HAZARDS],
        measures=record.measures or "",
        opinions=opinions_of(plan, week),
        next_focus=record.next_focus or "",
        attachments=files_of(record.attachments),
        remark=record.note,
        director_signed=signed(plan, record, Role.DIRECTOR, day),
        principal_signed=signed(plan, record, Role.PRINCIPAL, day),
    )


def _before(plan: Book, record: WeeklyScreening) -> WeeklyScreening | None:
    """The screening of the latest earlier week."""
    week = max((w for w in plan.screenings if w < record.week), default=None)
    if week is None:
        return None
    best = plan.best(plan.screenings[week], parse(week))
    return best[0] if best and isinstance(best[0], WeeklyScreening) else None
