"""Ids that the records speak of and the dossier does not have are told at the head of the report; they are no error outside a ledger."""

from datetime import date
from typing import Any

import qsafety as qs

ON = date(2024, 2, 1)
PEOPLE = [qs.Person(id="P1", name="某")]
SESSION = qs.Training(on=date(2024, 1, 10), attendees=["P1", "P99"])


def told(**collections: Any) -> list[str]:
    report = qs.assess(qs.Dossier(seller=qs.Seller(id="s", name="店"), **collections), on=ON)
    return [notice.en for notice in report.notices[1:]]


def test_a_training_attended_by_somebody_who_is_not_there_names_both():
    assert told(people=PEOPLE, trainings=[SESSION]) == [
        "records speak of ids that are not among the people: P99 (training:2024-01-10); misspelt, or not entered"
    ]


def test_where_the_list_is_not_given_or_may_lack_records_nothing_is_said():
    assert told(trainings=[SESSION]) == []
    assert told(people=PEOPLE, partial={"people"}, trainings=[SESSION]) == []


def test_hazards_opinions_and_outlets_are_looked_up_too():
    inspection = qs.Inspection(on=date(2024, 1, 10), findings=["H9"])
    decision = qs.Decision(decided_on=date(2024, 1, 10), heard=["Y9"])
    check = qs.DailyCheck(day=date(2024, 1, 10), outlet="M9", officer="P1")
    found = told(
        hazards=[], inspections=[inspection], opinions=[], decisions=[decision], outlets=[], daily_checks=[check]
    )
    assert ["outlets: M9 (" in f or "hazards: H9 (" in f or "opinions: Y9 (" in f for f in found] == [True] * 3


def test_many_are_counted():
    session = qs.Training(on=date(2024, 1, 10), attendees=[f"X{n}" for n in range(9)])
    (said,) = told(people=PEOPLE, trainings=[session])
    assert "X5 (training:2024-01-10), and 3 more" in said


def test_what_came_later_is_not_seen():
    assert told(people=PEOPLE, trainings=[qs.Training(on=date(2024, 3, 1), attendees=["P99"])]) == []
