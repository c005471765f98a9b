"""What each paper is: its place in the regulation, its letter in document numbers, its template, and how its context is built."""

from collections.abc import Callable, Mapping
from functools import cache
from importlib.resources import files
from typing import Any

import attrs

from qsafety.bilingual import Bilingual
from qsafety.errors import PaperError, UnknownWordError, nearest
from qsafety.law.editions import Edition
from qsafety.law.vocabulary import PaperKind
from qsafety.papers.asking import Asked, Chosen
from qsafety.papers.book import Book
from qsafety.papers.choosing import choose_check
from qsafety.papers.controlled import choose_list
from qsafety.papers.daily_record import DailyRecord, daily_record
from qsafety.papers.duty_papers import (
    DirectorDuties,
    OfficerCode,
    choose_code,
    choose_duties,
    director_duties,
    officer_code,
)
from qsafety.papers.monthly_minutes import MonthlyMinutes, choose_monthly, monthly_minutes
from qsafety.papers.risk_control_list import RiskControlList, risk_control_list
from qsafety.papers.sheets import Sheet
from qsafety.papers.weekly_report import WeeklyReport, choose_weekly, weekly_report

OFFICE = "office"
PROFILES = (OFFICE, "gongwen")
"""How papers look: compact, or as official documents do (GB/T 9704-2012: 22 lines of 28 characters)."""


@attrs.frozen(kw_only=True)
class Spec:
    """One of the mandated papers.

    ``provision`` is the article that asks for it, ``letter`` its mark in document numbers, ``keyword`` what its properties say it is
    about. ``choose`` finds what is printed, ``build`` makes its context, an instance of ``context``.
    """

    kind: PaperKind
    letter: str
    provision: str
    keyword: str
    context: type[Sheet]
    choose: Callable[[Book, Asked], Chosen[Any]]
    build: Callable[[Book, Chosen[Any], Sheet, Edition], Sheet]

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


@cache
def _template(name: str) -> bytes:
    return (files("qsafety.papers") / "templates" / name).read_bytes()


SPECS: Mapping[PaperKind, Spec] = {
    spec.kind: spec
    for spec in [
        Spec(
            kind=PaperKind.DIRECTOR_DUTIES,
            letter="DD",
            provision="7",
            keyword="质量安全总监",
            context=DirectorDuties,
            choose=choose_duties,
            build=director_duties,
        ),
        Spec(
            kind=PaperKind.OFFICER_CODE,
            letter="OC",
            provision="8",
            keyword="质量安全员",
            context=OfficerCode,
            choose=choose_code,
            build=officer_code,
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


def spec_of(kind: PaperKind | str) -> Spec:
    """The paper of a kind; a word that is none is a :class:`PaperError` with the nearest.

    >>> spec_of("daily_record").title
    '每日工业产品质量安全检查记录'
    """
    try:
        return SPECS[PaperKind(kind)]
    except UnknownWordError as error:
        raise PaperError(
            Bilingual(f"没有名为“{kind}”的文书", f"there is no paper named {str(kind)!r}"), advice=error.advice
        ) from None
