"""Dossiers to measure with: as a shop keeps them, and as many days as wanted."""

from datetime import date, datetime, timedelta, timezone

from qsafety.dossier import (
    Appointment,
    CheckResult,
    DailyCheck,
    Dossier,
    Hazard,
    MonthlyCoordination,
    Opinion,
    Outlet,
    Person,
    Priority,
    ProductLine,
    RiskItem,
    RiskList,
    Seller,
    WeeklyScreening,
)
from qsafety.periods import IsoWeek, Month, days

BEIJING = timezone(timedelta(hours=8))
CODES = tuple(f"R{n:02d}" for n in range(1, 9))


def at(day: date, hour: int) -> datetime:
    return datetime(day.year, day.month, day.day, hour, 5, tzinfo=BEIJING)


def shop(since: date = date(2024, 1, 1), until: date = date(2024, 12, 31)) -> Dossier:
    """A retailer of electric bicycles with two outlets, each checked on every day; a hazard now and then."""
    every_day = [*days(since, until)]
    sundays = [day for day in every_day if day.weekday() == 6]
    month_ends = [day for day in every_day if day == Month.of(day).end]
    return Dossier(
        seller=Seller(id="hz01", name="杭州示例电动自行车行", trade="retail", headcount=12, revenue="8000000"),
        outlets=[Outlet(id="M1", name="一店"), Outlet(id="M2", name="二店")],
        products=[ProductLine(id="ebike", name="电动自行车", regimes={"ccc"}, standards=["GB 17761-2018"])],
        people=[Person(id=f"P{n}", name="张三", phone="13800000000", in_management=n < 3) for n in range(1, 6)],
        appointments=[
            Appointment(person="P1", role="principal", basis="legal_representative", start=since),
            Appointment(person="P2", role="director", start=since),
            Appointment(person="P3", role="officer", start=since),
        ],
        risk_lists=[_risk_list(since)],
        daily_checks=[_check(day, outlet) for day in every_day for outlet in ("M1", "M2")],
        hazards=[_hazard(day) for day in every_day[::9]],
        weekly_screenings=[_screening(day) for day in sundays],
        monthly_coordinations=[_minutes(day) for day in month_ends],
        opinions=[
            Opinion(raised_by="P3", kind="suggestion", subject="增设充电区", raised_at=at(d, 9)) for d in sundays
        ],
    )


def _risk_list(day: date) -> RiskList:
    items = [
        RiskItem(code=code, category="资质", stage="进货", risk_point="证书", level="high", method="document")
        for code in CODES
    ]
    return RiskList(version="1", effective_on=day, approved_by="P1", approved_on=day, items=items)


def _check(day: date, outlet: str) -> DailyCheck:
    return DailyCheck(
        day=day,
        outlet=outlet,
        officer="P3",
        results=[CheckResult(code=code, outcome="pass") for code in CODES],
        conclusion="zero_risk",
        signed_by=["P3"],
        recorded_at=at(day, 18),
        recorded_by="P3",
    )


def _hazard(day: date) -> Hazard:
    return Hazard(
        id=f"H-{day}",
        source="daily",
        found_on=day,
        outlet="M1",
        item="R01",
        product="ebike",
        description="电池无合格证，已下架",
        severity="general",
        precaution="下架封存",
        precaution_at=at(day, 12),
        owner="P3",
        due_on=day + timedelta(7),
        done_on=day + timedelta(3),
        verified_by="P2",
        verified_on=day + timedelta(4),
    )


def _screening(day: date) -> WeeklyScreening:
    return WeeklyScreening(
        week=IsoWeek.of(day),
        organiser="P2",
        held_on=day,
        participants=["P2", "P3"],
        analysis="本周排查未发现重大隐患",
        rating="controlled",
        signed_by=["P2"],
        recorded_at=at(day, 18),
    )


def _minutes(day: date) -> MonthlyCoordination:
    return MonthlyCoordination(
        month=Month.of(day),
        held_on=day,
        chair="P1",
        participants=["P1", "P2"],
        priorities=[Priority(content="完成隐患整改", owner="P2", due_on=day + timedelta(10))],
        recorded_at=at(day, 18),
    )
