"""What each paper is: its place in the regulation, its letter in document numbers, its template, and how its context is built."""

from collections.abc import Callable, Iterable, Mapping
from contextlib import suppress
from functools import cache, partial
from importlib.resources import files
from typing import Any

import attrs

from qsafety.bilingual import Bilingual
from qsafety.errors import PaperError, UnknownWordError, nearest
from qsafety.law.editions import Edition
from qsafety.law.vocabulary import FurtherPaper, PaperKind
from qsafety.papers.appointment_letter import AppointmentLetter, appointment_letter, begins, choose_appointment
from qsafety.papers.archive_index import ArchiveIndex, archive_index, choose_window
from qsafety.papers.asking import Asked, Chosen, Window
from qsafety.papers.book import Book
from qsafety.papers.choosing import choose_check
from qsafety.papers.controlled import choose_list, unfinished
from qsafety.papers.daily_record import DailyRecord, daily_record
from qsafety.papers.duty_papers import (
    DirectorDuties,
    OfficerCode,
    choose_code,
    choose_duties,
    director_duties,
    officer_code,
)
from qsafety.papers.exam_record import ExamRecord, choose_exam, exam_record, held
from qsafety.papers.monthly_minutes import MonthlyMinutes, choose_monthly, monthly_minutes
from qsafety.papers.records import within
from qsafety.papers.risk_control_list import RiskControlList, risk_control_list
from qsafety.papers.safe_harbour_sheet import SafeHarbourSheet, choose_opinion, safe_harbour_sheet
from qsafety.papers.sheets import Sheet
from qsafety.papers.veto_papers import (
    StopSaleNotice,
    VetoRecommendation,
    VetoReply,
    answered,
    choose_defect,
    choose_reply,
    choose_veto,
    raised,
    stop_day,
    stop_sale_notice,
    veto_recommendation,
    veto_reply,
    vetoes,
)
from qsafety.papers.weekly_report import WeeklyReport, choose_weekly, weekly_report

OFFICE = "office"
PROFILES = (OFFICE, "gongwen")
"""How papers look: compact, or as official documents do (GB/T 9704-2012: 22 lines of 28 characters)."""


@attrs.frozen(kw_only=True)
class Spec:
    """One of the papers.

    ``provision`` is the article that asks for it, ``letter`` its mark in document numbers, ``keyword`` what its properties say it is
    about. ``choose`` finds what is printed, ``build`` makes its context, an instance of ``context``; ``remarks`` says what is left
    to write.
    """

    kind: PaperKind | FurtherPaper
    letter: str
    provision: str
    keyword: str
    context: type[Sheet]
    choose: Callable[[Book, Asked], Chosen[Any]]
    build: Callable[[Book, Chosen[Any], Sheet, Edition], Sheet]
    remarks: Callable[[Chosen[Any], Edition], Iterable[Bilingual]] = lambda chosen, edition: ()

    @property
    def title(self) -> str:
        """The name of the paper, without its 《》."""
        return self.kind.zh.strip("《》")

    @property
    def template(self) -> bytes:
        """The shipped Word template in the usual look."""
        return self.template_in(OFFICE)

    def file_in(self, profile: str) -> str:
        """The file name of its template in a look."""
        return f"{self.kind}.docx" if profile == OFFICE else f"{self.kind}.{profile}.docx"

    def template_in(self, profile: str) -> bytes:
        """The shipped Word template in a look; one that there is not is a :class:`PaperError` with the nearest."""
        if profile not in PROFILES:
            near = nearest(profile, PROFILES)
            raise PaperError(
                Bilingual(f"没有名为“{profile}”的版式", f"there is no profile {profile!r}"),
                advice=Bilingual(f"是否为“{near}”？", f"Did you mean {near!r}?")
                if near
                else Bilingual(f"可用：{'、'.join(PROFILES)}。", f"Known: {', '.join(PROFILES)}."),
            )
        return _template(self.file_in(profile))


@attrs.frozen(kw_only=True)
class FurtherSpec(Spec):
    """A paper beside the six. ``each``: those of a window, when many are made."""

    each: Callable[[Book, Window], Iterable[Asked]]


@cache
def _template(name: str) -> bytes:
    return (files("qsafety.papers") / "templates" / name).read_bytes()


SPECS: Mapping[PaperKind, Spec] = {
    PaperKind(spec.kind): spec
    for spec in [
        Spec(
            kind=PaperKind.DIRECTOR_DUTIES,
            letter="DD",
            provision="7",
            keyword="质量安全总监",
            context=DirectorDuties,
            choose=choose_duties,
            build=director_duties,
            remarks=partial(unfinished, "7"),
        ),
        Spec(
            kind=PaperKind.OFFICER_CODE,
            letter="OC",
            provision="8",
            keyword="质量安全员",
            context=OfficerCode,
            choose=choose_code,
            build=officer_code,
            remarks=partial(unfinished, "8"),
        ),
        Spec(
            kind=PaperKind.RISK_CONTROL_LIST,
            letter="RCL",
            provision="9",
            keyword="风险管控清单",
            context=RiskControlList,
            choose=choose_list,
            build=risk_control_list,
        ),
        Spec(
            kind=PaperKind.DAILY_RECORD,
            letter="D",
            provision="10",
            keyword="日管控",
            context=DailyRecord,
            choose=choose_check,
            build=daily_record,
        ),
        Spec(
            kind=PaperKind.WEEKLY_REPORT,
            letter="W",
            provision="11",
            keyword="周排查",
            context=WeeklyReport,
            choose=choose_weekly,
            build=weekly_report,
        ),
        Spec(
            kind=PaperKind.MONTHLY_MINUTES,
            letter="M",
            provision="12",
            keyword="月调度",
            context=MonthlyMinutes,
            choose=choose_monthly,
            build=monthly_minutes,
        ),
    ]
}
"""The six papers, in the order of the articles."""


FURTHER: Mapping[FurtherPaper, FurtherSpec] = {
    FurtherPaper(spec.kind): spec
    for spec in [
        FurtherSpec(
            kind=FurtherPaper.APPOINTMENT_LETTER,
            letter="AL",
            provision="3",
            keyword="任命",
            context=AppointmentLetter,
            choose=choose_appointment,
            build=appointment_letter,
            each=lambda plan, window: within(window, plan.dossier.appointments or (), begins),
        ),
        FurtherSpec(
            kind=FurtherPaper.VETO_RECOMMENDATION,
            letter="VR",
            provision="4",
            keyword="否决建议",
            context=VetoRecommendation,
            choose=choose_veto,
            build=veto_recommendation,
            each=lambda plan, window: within(window, vetoes(plan), lambda o: raised(plan, o)),
        ),
        FurtherSpec(
            kind=FurtherPaper.VETO_REPLY,
            letter="VA",
            provision="4",
            keyword="否决建议答复",
            context=VetoReply,
            choose=choose_reply,
            build=veto_reply,
            each=lambda plan, window: within(window, answered(plan), lambda o: raised(plan, o)),
        ),
        FurtherSpec(
            kind=FurtherPaper.STOP_SALE_NOTICE,
            letter="SS",
            provision="4",
            keyword="停止销售",
            context=StopSaleNotice,
            choose=choose_defect,
            build=stop_sale_notice,
            each=lambda plan, window: within(window, plan.dossier.defects or (), stop_day),
        ),
        FurtherSpec(
            kind=FurtherPaper.EXAM_RECORD,
            letter="ER",
            provision="15",
            keyword="考核",
            context=ExamRecord,
            choose=choose_exam,
            build=exam_record,
            each=lambda plan, window: within(window, plan.dossier.exams or (), held),
        ),
        FurtherSpec(
            kind=FurtherPaper.SAFE_HARBOUR_SHEET,
            letter="SH",
            provision="16",
            keyword="尽职免责",
            context=SafeHarbourSheet,
            choose=choose_opinion,
            build=safe_harbour_sheet,
            each=lambda plan, window: within(window, plan.dossier.opinions or (), lambda o: raised(plan, o)),
        ),
        FurtherSpec(
            kind=FurtherPaper.ARCHIVE_INDEX,
            letter="AI",
            provision="13",
            keyword="存档目录",
            context=ArchiveIndex,
            choose=choose_window,
            build=archive_index,
            each=lambda plan, window: [Asked(window=window)],
        ),
    ]
}
"""The papers beside the six, in the order of the articles."""

ALL: Mapping[PaperKind | FurtherPaper, Spec] = {spec.kind: spec for spec in (*SPECS.values(), *FURTHER.values())}


def spec_of(kind: PaperKind | FurtherPaper | str) -> Spec:
    """The paper of a kind, or of its Chinese name; a word that is none is a :class:`PaperError` with the nearest.

    >>> spec_of("daily_record").title
    '每日工业产品质量安全检查记录'
    """
    for words in (PaperKind, FurtherPaper):
        with suppress(UnknownWordError):
            return ALL[words(kind)]
    near = nearest(str(kind), [*map(str, ALL), *(known.zh for known in ALL)])
    raise PaperError(
        Bilingual(f"没有名为“{kind}”的文书", f"there is no paper named {str(kind)!r}"),
        advice=Bilingual(f"是否为“{near}”？", f"Did you mean {near!r}?")
        if near
        else Bilingual(f"可用：{'、'.join(ALL)}。", f"Known: {', '.join(ALL)}."),
    )
