"""A dossier as it was known on a day: nothing is seen before it happened, or before it was written down."""

from datetime import date, datetime, timedelta, timezone
from typing import Any

import attrs
import pytest
from hypothesis import given

from qsafety.dossier import (
    Answer,
    Appointment,
    DailyCheck,
    Defect,
    Dossier,
    Exam,
    Explanation,
    Fact,
    Hazard,
    MonthlyCoordination,
    NonconformingLot,
    Opinion,
    Order,
    Performance,
    Seller,
    SpotCheck,
    WeeklyScreening,
    as_known_on,
)
from qsafety.testing.strategies import days, dossiers

BEIJING = timezone(timedelta(hours=8))


def day(number: int) -> date:
    return date(2024, 1, number)


def at(number: int, hour: int = 12) -> datetime:
    return datetime(2024, 1, number, hour, tzinfo=BEIJING)


def shop(**collections: Any) -> Dossier:
    return Dossier(seller=Seller(id="hz01", name="示例店"), **collections)


@pytest.mark.parametrize(
    ("name", "fact", "first_seen"),
    [
        ("daily_checks", DailyCheck(day=day(10), officer="P3"), 10),
        ("daily_checks", DailyCheck(day=day(10), officer="P3", recorded_at=at(12)), 12),
        ("daily_checks", DailyCheck(day=day(10), officer="P3", recorded_at=at(9)), 10),
        ("hazards", Hazard(source="daily", found_on=day(10)), 10),
        ("weekly_screenings", WeeklyScreening(week="2024-W02", organiser="P2", held_on=day(12)), 12),
        ("weekly_screenings", WeeklyScreening(week="2024-W02", organiser="P2"), 8),
        ("monthly_coordinations", MonthlyCoordination(month="2024-01", chair="P1", held_on=day(31)), 31),
        ("monthly_coordinations", MonthlyCoordination(month="2024-01", chair="P1"), 1),
        ("performance", Performance(person="P2", period="2024-W02", summary="已排查"), 8),
        ("exams", Exam(person="P2", role="director", on=day(10), passed=True), 10),
        ("opinions", Opinion(raised_by="P2", kind="veto", raised_at=at(10)), 10),
        ("opinions", Opinion(raised_by="P2", kind="veto", raised_at=at(11, hour=0)), 11),
        (
            "explanations",
            Explanation(cadence="daily_control", period="2024-01-05", reason="closed", declared_at=at(10)),
            10,
        ),
    ],
)
def test_a_record_is_seen_from_the_day_it_happened_and_was_written_down(name: str, fact: Fact, first_seen: int) -> None:
    whole = shop(**{name: [fact]})
    seen = [number for number in range(1, 32) if getattr(as_known_on(whole, day(number)), name)]
    assert seen == list(range(first_seen, 32))


def test_what_has_no_day_of_its_own_is_always_seen() -> None:
    whole = shop(appointments=[Appointment(person="P2", role="director", start=day(20))])
    assert as_known_on(whole, day(1)) is whole


def test_a_day_is_the_sellers_own() -> None:
    """At 16:30 UTC on 31 January it is 1 February in Shanghai."""
    raised = Opinion(raised_by="P2", kind="veto", raised_at=datetime.fromisoformat("2024-01-31T16:30:00Z"))
    here = shop(opinions=[raised])
    there = attrs.evolve(here, seller=attrs.evolve(here.seller, tz="Europe/Berlin"))
    assert as_known_on(here, date(2024, 1, 31)).opinions == ()
    assert as_known_on(there, date(2024, 1, 31)).opinions == (raised,)


@pytest.mark.parametrize(
    ("name", "fact", "on", "unknown"),
    [
        (
            "hazards",
            Hazard(
                source="daily",
                found_on=day(1),
                precaution="下架",
                precaution_at=at(3),
                reported_to="P2",
                reported_at=at(5),
                done_on=day(7),
                verified_by="P2",
                verified_on=day(9),
            ),
            4,
            {"reported_to", "reported_at", "done_on", "verified_by", "verified_on"},
        ),
        (
            "spot_checks",
            SpotCheck(person="P3", role="officer", on=day(1), passed=False, rectified_on=day(9)),
            8,
            {"rectified_on"},
        ),
        (
            "nonconforming",
            NonconformingLot(product="x", on=day(1), reported_to="P2", reported_at=at(3)),
            2,
            {"reported_to", "reported_at"},
        ),
        ("defects", Defect(product="x", found_on=day(1), analysed_on=day(2), closed_on=day(9)), 8, {"closed_on"}),
        (
            "orders",
            Order(number="7", issued_on=day(1), reinspected_on=day(20), found_uncorrected=True, corrected_on=day(9)),
            10,
            {"reinspected_on", "found_uncorrected"},
        ),
    ],
)
def test_what_came_later_is_not_yet_known(name: str, fact: Fact, on: int, unknown: set[str]) -> None:
    (known,) = getattr(as_known_on(shop(**{name: [fact]}), day(on)), name)
    changed = {f.name for f in attrs.fields(type(fact)) if getattr(known, f.name) != getattr(fact, f.name)}
    assert changed == unknown
    assert all(getattr(known, field) is None for field in unknown)
    assert known.id == fact.id


def test_an_answer_is_seen_from_its_day() -> None:
    answered = Opinion(raised_by="P2", kind="opinion", raised_at=at(1), answer=Answer(outcome="adopted", at=at(5)))
    whole = shop(opinions=[answered])
    assert [o.answer for o in as_known_on(whole, day(4)).opinions or ()] == [None]
    assert as_known_on(whole, day(5)) is whole


@pytest.mark.parametrize(("deadline", "on", "refused"), [(10, 10, None), (10, 11, True), (None, 1, True)])
def test_a_refusal_is_seen_once_the_deadline_has_passed(deadline: int | None, on: int, refused: bool | None) -> None:
    order = Order(number="7", issued_on=day(1), deadline=day(deadline) if deadline else None, refused=True)
    assert [o.refused for o in as_known_on(shop(orders=[order]), day(on)).orders or ()] == [refused]


def test_which_collections_were_given_stays_known() -> None:
    whole = shop(hazards=[Hazard(source="daily", found_on=day(10))], exams=[])
    before = as_known_on(attrs.evolve(whole, partial={"exams"}, sources={"x": "y"}), day(1))
    assert (before.hazards, before.exams, before.people) == ((), (), None)
    assert before.partial == {"exams"}
    assert before.sources == {"x": "y"}


@given(dossiers(), days(), days())
def test_knowing_less_and_less_gives_the_same_as_knowing_little(whole: Dossier, first: date, second: date) -> None:
    early, late = sorted((first, second))
    assert as_known_on(as_known_on(whole, late), early) == as_known_on(whole, early)
    assert as_known_on(as_known_on(whole, early), late) == as_known_on(whole, early)


@given(dossiers())
def test_in_the_end_everything_is_known(whole: Dossier) -> None:
    assert as_known_on(whole, date(2100, 1, 1)) is whole
