"""A fact holds what its annotation says, in one spelling, and has an id that follows from it."""

import typing
from collections.abc import Sequence
from datetime import UTC, date, datetime, timedelta, timezone
from decimal import Decimal, localcontext
from enum import StrEnum
from typing import Any

import attrs
import pytest
from hypothesis import given
from hypothesis import strategies as st

from qsafety.dossier import (
    COLLECTIONS,
    KINDS,
    Answer,
    Appointment,
    Attachment,
    CheckResult,
    Closure,
    Competence,
    DailyCheck,
    Defect,
    DutyMeasure,
    Exam,
    Explanation,
    ExternalRef,
    Fact,
    GoverningLaw,
    Hazard,
    Judgement,
    MonthlyCoordination,
    NonconformingLot,
    Opinion,
    Order,
    Outlet,
    Performance,
    Person,
    PostHolding,
    Priority,
    ProductLine,
    Record,
    RiskItem,
    RiskList,
    Seller,
    SpotCheck,
    Support,
    Text,
    Training,
    WeeklyScreening,
)
from qsafety.dossier.facts import MOST, a_month, a_week, money, without_none
from qsafety.errors import FactError, PeriodError, UnknownWordError
from qsafety.law.vocabulary import Frequency, Regime, Role, Trade
from qsafety.periods import IsoWeek, Month
from qsafety.testing.strategies import any_facts, facts

BEIJING = timezone(timedelta(hours=8))
DAY = date(2024, 1, 31)
VALUES: list[type] = [Answer, Attachment, CheckResult, DutyMeasure, ExternalRef, Priority, RiskItem]
CLASSES: list[type] = [*KINDS.values(), *VALUES]
FIELDS = [(cls, field) for cls in CLASSES for field in attrs.fields(cls)]
"""Every field of every fact, and of the values inside facts."""


def named(value: Any) -> str:
    return value.__name__ if isinstance(value, type) else value.name


def example_of(cls: Any) -> Any:
    """Some valid fact of a class."""
    return EXAMPLES[cls]


EXAMPLES: dict[type, Any] = {
    type(fact): fact
    for fact in (
        Seller(id="hz01", name="示例店"),
        Outlet(id="M1", name="一店"),
        Closure(start=DAY, end=DAY),
        ProductLine(id="ebike", name="电动自行车"),
        Person(id="P1", name="张三"),
        Appointment(person="P1", role="principal", start=DAY),
        PostHolding(person="P3", post="验收员"),
        Competence(person="P3", role="officer", item="other", met=True),
        Training(on=DAY),
        Exam(person="P3", role="officer", on=DAY, passed=True),
        SpotCheck(person="P3", role="officer", on=DAY, passed=False),
        Text(kind="quality_rules", status="approved", version="1"),
        RiskList(version="1"),
        DailyCheck(day=DAY, outlet="M1", officer="P3"),
        Hazard(source="daily", found_on=DAY),
        WeeklyScreening(week="2024-W05", organiser="P2"),
        MonthlyCoordination(month="2024-01", chair="P1"),
        Opinion(raised_by="P2", kind="veto", raised_at=datetime(2024, 1, 31, 9, tzinfo=BEIJING)),
        attrs.evolve(EXAMPLE) if (EXAMPLE := None) else Defect(product="ebike", found_on=DAY),
    )
}
