"""Sellers of any size, for how the assessment grows: so many outlets, so many months, every collection given."""

from collections.abc import Mapping
from datetime import UTC, date, datetime, time, timedelta
from typing import Any

from qsafety.dossier import (
    COLLECTIONS,
    Appointment,
    Competence,
    DailyCheck,
    Dossier,
    Exam,
    Hazard,
    MonthlyCoordination,
    Opinion,
    Outlet,
    Performance,
    Person,
    PostHolding,
    Priority,
    ProductLine,
    RiskItem,
    RiskList,
    Seller,
    Support,
    Text,
    Training,
    WeeklyScreening,
)
from qsafety.law.vocabulary import CompetenceItem, Role, RuleKind, SupportKind
from qsafety.periods import IsoWeek, Month, days, periods

FIRST = date(2019, 1, 1)
ON = date(2024, 2, 1)
CODES = tuple(f"R{n:02d}" for n in range(1, 11))


def evening(day: date) -> datetime:
    """Six o'clock in Beijing."""
    return datetime.combine(day, time(10), UTC)


def window(months: int) -> tuple[date, date]:
    """The first and the last day of so many months, the last of them January 2024."""
    month = Month(2024, 1)
    for _ in range(months - 1):
        month = month.previous()
    return month.start, date(2024, 1, 31)


def chain(outlets: int = 2, months: int = 1) -> Dossier:
    """A seller with so many outlets and months of records: one day in 17 of an outlet is missed, in one of 13 an item fails."""
    since, until = window(months)
    places = {f"M{n:03d}": f"P{n + 2:03d}" for n in range(1, outlets + 1)}
    checks = [
        check(day, place, officer, failed=(day.toordinal() + n) % 13 == 0)
        for n, (place, officer) in enumerate(places.items())
        for day in days(since, until)
        if (day.toordinal() + n) % 17
    ]
    hazards = [hazard(c.day, c.outlet) for c in checks if c.failed]
    weeks, opinions = [], []
    for week in periods(IsoWeek, since, until):
        weeks.append(screening(week, [h.id for h in hazards if h.found_on in week]))
        opinions.append(
            Opinion(raised_by="P002", kind="suggestion", subject="增设充电区", raised_at=evening(week.start))
        )
    facts: dict[str, Any] = dict.fromkeys(COLLECTIONS, ()) | standing(places)
    return Dossier(
        seller=Seller(
            id="big", name="示例连锁", trade="retail", headcount=40 + outlets, revenue=9_000_000, opened_on=FIRST
        ),
        **facts
        | {
            "outlets": [Outlet(id=place, name=f"{place} 店") for place in places],
            "products": [
                ProductLine(id="C1", name="电动自行车", regimes={"ccc"}, certificate_number="1", sold_from=FIRST)
            ],
            "daily_checks": checks,
            "hazards": hazards,
            "weekly_screenings": weeks,
            "monthly_coordinations": [minutes(month) for month in periods(Month, since, until)],
            "opinions": opinions,
            "performance": [
                Performance(person=person, period=str(month), summary="履职")
                for month in periods(Month, since, until)
                for person in ("P001", "P002", *places.values())
            ],
        },
    )


def check(day: date, place: str, officer: str, *, failed: bool) -> DailyCheck:
    """A check, signed, of ten items."""
    return DailyCheck(
        day=day,
        outlet=place,
        officer=officer,
        results=dict.fromkeys(CODES, "pass") | ({"R03": "fail"} if failed else {}),
        conclusion="problems_found" if failed else "zero_risk",
        signed_by=[officer],
        recorded_at=evening(day),
    )


def hazard(day: date, place: str | None) -> Hazard:
    """A hazard that was contained and reported at once, and put right a week later."""
    return Hazard(
        source="daily",
        found_on=day,
        outlet=place,
        item="R03",
        precaution="停用",
        precaution_at=evening(day),
        reported_to="P002",
        reported_at=evening(day),
        owner="P002",
        due_on=day + timedelta(days=10),
        done_on=day + timedelta(days=7),
    )


def screening(week: IsoWeek, findings: list[str]) -> WeeklyScreening:
    """A screening on Sunday."""
    return WeeklyScreening(
        week=str(week),
        organiser="P002",
        held_on=week.end,
        findings=findings,
        analysis="总体可控",
        rating="controlled",
        signed_by=["P002"],
        recorded_at=evening(week.end),
    )


def minutes(month: Month) -> MonthlyCoordination:
    """A meeting on the last day of the month."""
    return MonthlyCoordination(
        month=str(month),
        chair="P001",
        held_on=month.end,
        participants=["P001", "P002"],
        director_report="已听取",
        summary="正常",
        hazard_summary="已整改",
        priorities=[Priority(content="继续", owner="P002", due_on=month.next().end)],
        signed_by=["P001"],
        recorded_at=evening(month.end),
    )


def standing(officers: Mapping[str, str]) -> dict[str, Any]:
    """Who is who (``officers``: of each outlet), what they know, and the rules of the house."""
    outlet_of = {officer: place for place, officer in officers.items()}
    roles = {"P001": Role.PRINCIPAL, "P002": Role.DIRECTOR} | dict.fromkeys(outlet_of, Role.OFFICER)
    staff = [person for person in roles if person != "P001"]
    return {
        "people": [Person(id=p, name=p, in_management=p in ("P001", "P002")) for p in roles],
        "appointments": [
            Appointment(
                person=p,
                role=role,
                start=FIRST,
                outlet=outlet_of.get(p),
                basis="legal_representative" if role is Role.PRINCIPAL else None,
                reports_to=None if role is Role.PRINCIPAL else "P001",
            )
            for p, role in roles.items()
        ],
        "posts": [PostHolding(person=p, post="进货查验", process="purchase", start=FIRST) for p in outlet_of],
        "competences": [
            Competence(person=p, role=roles[p], item=item, met=True, on=FIRST) for p in staff for item in CompetenceItem
        ],
        "trainings": [Training(on=FIRST, topics=["law", "standard", "professional"], attendees=staff)],
        "exams": [Exam(on=FIRST, person=p, role=roles[p], passed=True) for p in staff],
        "support": [Support(on=FIRST, kind=kind) for kind in SupportKind],
        "texts": [
            Text(
                kind=kind,
                version="1",
                status="approved",
                approved_by="P001",
                approved_on=FIRST,
                covers=[1, 2, 3, 4, 5, 6],
            )
            for kind in RuleKind
        ],
        "risk_lists": [
            RiskList(version="1", effective_on=FIRST, approved_by="P001", items=[RiskItem(code=c) for c in CODES])
        ],
    }
