"""The base case of ``tests/scenarios/README.md`` (基本情形), as facts that the changes of ``changes.py`` may alter one by one."""

from collections.abc import Callable, Iterable
from datetime import date, datetime, timedelta, timezone
from typing import Any

import attrs

from qsafety.dossier import (
    COLLECTIONS,
    Appointment,
    Competence,
    DailyCheck,
    Dossier,
    Exam,
    MonthlyCoordination,
    Outlet,
    Person,
    PostHolding,
    Priority,
    ProductLine,
    RiskItem,
    RiskList,
    Seller,
    Text,
    Training,
    WeeklyScreening,
)
from qsafety.law.vocabulary import Role, Topic

SHANGHAI = timezone(timedelta(hours=8))
APPOINTED = date(2023, 7, 1)
EXAMINED = date(2023, 6, 10)


def day(text: str) -> date:
    return date.fromisoformat(text)


def instant(text: str) -> datetime:
    """``2024-01-31 09:00`` at the shop, ``2024-01-31T01:00Z`` anywhere."""
    moment = datetime.fromisoformat(text.replace("Z", "+00:00"))
    return moment if moment.tzinfo else moment.replace(tzinfo=SHANGHAI)


def hour(on: date, text: str) -> datetime:
    return instant(f"{on} {text}")


def days(first: date, last: date) -> Iterable[date]:
    return (first + timedelta(n) for n in range((last - first).days + 1))


class Case:
    """A dossier being put together, and the question asked of it: on which day, since when, under which readings."""

    def __init__(self, dossier: Dossier, on: date, since: date) -> None:
        self.on, self.since = on, since
        self.readings: dict[str, Any] = {}
        self.seller = dossier.seller
        self.facts = {name: list(getattr(dossier, name) or ()) for name in COLLECTIONS}
        self.not_given = {name for name in COLLECTIONS if not dossier.given(name)}
        self.partial = set(dossier.partial)

    def dossier(self) -> Dossier:
        given: dict[str, Any] = {name: facts for name, facts in self.facts.items() if name not in self.not_given}
        return Dossier(seller=self.seller, partial=self.partial, **given)

    def alter(self, collection: str, of: Callable[[Any], bool], *, first: bool = False, **fields: Any) -> None:
        """Alter the facts (or the first fact) that match; a change that matches nothing is a mistake in the table."""
        facts = self.facts[collection]
        found = [i for i, fact in enumerate(facts) if of(fact)]
        assert found, f"nothing in {collection} to alter"
        for i in found[:1] if first else found:
            facts[i] = attrs.evolve(facts[i], **fields)

    def remove(self, collection: str, of: Callable[[Any], bool], *, required: bool = True) -> None:
        kept = [fact for fact in self.facts[collection] if not of(fact)]
        assert not required or len(kept) < len(self.facts[collection]), f"nothing in {collection} to remove"
        self.facts[collection] = kept

    def train(self, person: str, role: Role) -> None:
        """What makes a person eligible for a role: a unit exam, the conditions of Article 6, a training."""
        if any(e.person == person and e.role is role for e in self.facts["exams"]):
            return
        self.facts["exams"].append(Exam(on=EXAMINED, person=person, role=role, passed=True))
        for item in ("law_and_rules", "education_experience_skill", "other"):
            self.facts["competences"].append(Competence(person=person, role=role, item=item, met=True, on=EXAMINED))
        if not any(person in t.attendees for t in self.facts["trainings"]):
            self.facts["trainings"].append(
                Training(id=f"training:{person}", on=date(2023, 6, 1), topics=tuple(Topic), attendees=[person])
            )

    def appoint(self, person: str, role: Role, start: date = APPOINTED, outlet: str | None = None) -> None:
        basis = None
        if role is Role.PRINCIPAL:
            basis = "legal_representative" if person == "P1" else "entrusted_agent"
        else:
            self.train(person, role)
        self.facts["appointments"].append(
            Appointment(person=person, role=role, basis=basis, start=start, outlet=outlet, change="establish")
        )

    def check(self, on: date, outlet: str | None, officer: str, **fields: Any) -> None:
        """A complete, signed zero-risk check, recorded at 18:00 of its day."""
        given: dict[str, Any] = {
            "results": {"R01": "pass", "R02": "pass"},
            "conclusion": "zero_risk",
            "signed_by": [officer],
            "recorded_at": hour(on, "18:00"),
        }
        self.facts["daily_checks"].append(DailyCheck(day=on, outlet=outlet, officer=officer, **given | fields))

    def screening(self, week: str, organiser: str, held_on: date) -> None:
        self.facts["weekly_screenings"].append(
            WeeklyScreening(
                week=week,
                organiser=organiser,
                held_on=held_on,
                participants=["P2", "P3"],
                analysis="本周状况可控",
                rating="controlled",
                signed_by=[organiser],
                recorded_at=hour(held_on, "17:00"),
            )
        )

    def meeting(self, month: str, chair: str, held_on: date) -> None:
        self.facts["monthly_coordinations"].append(
            MonthlyCoordination(
                month=month,
                held_on=held_on,
                chair=chair,
                participants=["P1", "P2", "P3"],
                director_report="总监汇报本月管理工作情况",
                summary="日检查按清单开展",
                hazard_summary="本月没有未整改的隐患",
                priorities=[Priority(content="节前安全检查", owner="P3", due_on=date(2024, 2, 20))],
                signed_by=[chair],
                recorded_at=hour(held_on, "17:00"),
            )
        )


def base() -> Case:
    """基本情形."""
    seller = Seller(id="hz", name="示例店", trade="retail", headcount=12, revenue=3_000_000, opened_on=date(2019, 5, 6))
    nothing: dict[str, Any] = dict.fromkeys(COLLECTIONS, ())
    case = Case(Dossier(seller=seller, **nothing), on=date(2024, 2, 5), since=date(2024, 1, 22))
    new_year = date(2023, 1, 1)
    facts = case.facts
    facts["outlets"] = [Outlet(id="M1", name="总店", opened_on=date(2019, 5, 6))]
    facts["products"] = [
        ProductLine(id="C1", name="电动自行车", regimes={"ccc"}, affects_safety=True, sold_from=date(2019, 5, 6))
    ]
    facts["people"] = [
        Person(id="P1", name="甲", in_management=True),
        Person(id="P2", name="乙", in_management=True),
        Person(id="P3", name="丙", in_management=False),
        Person(id="P4", name="丁", in_management=False),
    ]
    case.appoint("P1", Role.PRINCIPAL)
    case.appoint("P2", Role.DIRECTOR)
    case.appoint("P3", Role.OFFICER)
    facts["posts"] = [PostHolding(person="P3", post="进货查验岗", process="purchase", start=APPOINTED)]
    facts["texts"] = [
        Text(kind=kind, version="1.0", status="approved", approved_by="P1", approved_on=new_year, effective_on=new_year)
        for kind in ("daily_control", "weekly_screening", "monthly_coordination")
    ]
    facts["risk_lists"] = [
        RiskList(
            version="V1",
            effective_on=new_year,
            approved_by="P1",
            approved_on=new_year,
            items=[RiskItem(code="R01"), RiskItem(code="R02")],
        )
    ]
    for on in days(date(2024, 1, 22), date(2024, 2, 4)):
        case.check(on, "M1", "P3")
    case.screening("2024-W04", "P2", date(2024, 1, 26))
    case.screening("2024-W05", "P2", date(2024, 2, 2))
    case.meeting("2024-01", "P1", date(2024, 1, 31))
    return case
