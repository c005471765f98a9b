"""Duties as a calendar that any program reads, the same day everywhere."""

import importlib
import importlib.util
from datetime import date, time
from typing import Any

import attrs
import icalendar
import pytest

from qsafety.assessment import Todo, due
from qsafety.bilingual import Bilingual, same
from qsafety.dossier import Dossier, Hazard, Order, Person, Seller
from qsafety.exchange import read_ledger, to_ics
from qsafety.law.vocabulary import PenaltyLimb

ON = date(2024, 2, 1)
SHOP = Seller(id="s1", name="示例店；一,二\n三")


def events(feed: bytes) -> list[Any]:
    return [part for part in icalendar.Calendar.from_ical(feed).walk() if part.name == "VEVENT"]


def todo(what: str | Bilingual = "整改隐患 H1：漏电", **other: Any) -> Todo:
    said: dict[str, Any] = {"who": "P3", "by": date(2024, 2, 5), "obligation": "A07.1.4", "kind": "rectification"}
    return Todo(**said | {"what": same(what)} | other)


def uid(item: Todo, seller: Seller = SHOP) -> str:
    (event,) = events(to_ics([item], seller, on=ON))
    return str(event["UID"])


def test_one_event_for_each_duty_all_day_and_without_alarm(sample) -> None:
    dossier = read_ledger(sample("ebike-shop.xlsx"))
    todos = due(dossier, on=ON)
    feed = to_ics(todos, dossier.seller, on=ON, names={p.id: p.name for p in dossier.people or ()})
    found = events(feed)
    assert len(found) == len(todos) > 3
    assert [event.decoded("DTSTART") for event in found] == [item.by for item in todos]
    assert len({event["UID"] for event in found}) == len(todos)
    assert b"VALARM" not in feed
    assert "责任人：陈示安（P2）" in str(found[0]["DESCRIPTION"])
    assert "第十一条" in str(found[0]["DESCRIPTION"])


def test_the_same_question_has_the_same_bytes(sample) -> None:
    dossier = read_ledger(sample("ebike-shop.xlsx"))
    assert to_ics(due(dossier, on=ON), dossier.seller, on=ON) == to_ics(due(dossier, on=ON), dossier.seller, on=ON)


def test_a_duty_keeps_its_uid_when_its_day_or_person_changes() -> None:
    assert uid(todo()) == uid(todo(by=None, who=None)) == uid(todo("整改隐患 H1：漏电、开裂"))
    assert uid(todo()) != uid(todo("整改隐患 H2：漏电"))
    assert uid(todo()) != uid(todo(), Seller(id="s2", name="别家"))


def test_what_is_added_elsewhere_changes_no_uid(sample) -> None:
    dossier = read_ledger(sample("ebike-shop.xlsx"))
    more = attrs.evolve(
        dossier,
        people=[Person(id="P0", name="新人"), *(dossier.people or ())],
        hazards=[
            Hazard(id="H0", source="weekly", found_on=ON, description="另一处", owner="P0", due_on=ON),
            *(dossier.hazards or ()),
        ],
    )
    before, after = (events(to_ics(due(d, on=ON), d.seller, on=ON)) for d in (dossier, more))
    assert len(after) == len(before) + 1
    assert {str(event["UID"]) for event in before} < {str(event["UID"]) for event in after}


def test_two_duties_that_read_alike_are_two_events() -> None:
    found = events(to_ics([todo(), todo()], SHOP, on=ON))
    assert len({event["UID"] for event in found}) == 2


def test_what_is_overdue_or_has_no_day_stands_on_the_day_asked_about() -> None:
    late, undated = events(to_ics([todo(by=date(2024, 1, 20)), todo("别的", by=None)], SHOP, on=ON))
    assert (late.decoded("DTSTART"), undated.decoded("DTSTART")) == (ON, ON)
    assert str(late["SUMMARY"]) == "【逾期，期限 2024-01-20】整改隐患 H1：漏电"
    assert "期限：未定" in str(undated["DESCRIPTION"])


def test_an_alarm_only_when_asked_for() -> None:
    (event,) = events(to_ics([todo()], SHOP, on=ON, alarm=time(9, 30)))
    (alarm,) = event.subcomponents
    assert (alarm["ACTION"], alarm.decoded("TRIGGER").total_seconds()) == ("DISPLAY", 9.5 * 3600)


def test_in_english() -> None:
    item = todo(what=Bilingual("整改隐患 H1：漏电", "rectify hazard H1: leak"))
    (event,) = events(to_ics([item], SHOP, on=ON, lang="en"))
    assert str(event["SUMMARY"]) == "rectify hazard H1: leak"
    assert "Who: P3" in str(event["DESCRIPTION"])


def test_whatever_a_name_holds_it_stays_one_calendar() -> None:
    dossier = Dossier(
        seller=SHOP,
        hazards=[
            Hazard(id="H1", source="daily", found_on=ON, description="a;b,c\\n\r\nEND:VCALENDAR\x00" + "长" * 200)
        ],
        orders=[Order(number="1号", issued_on=ON, limbs=[PenaltyLimb.RULES])],
    )
    feed = to_ics(due(dossier, on=ON), SHOP, on=ON)
    assert len(events(feed)) == 5  # a day, a week, a month, the hazard, the order
    assert all(len(line) <= 75 for line in feed.split(b"\r\n"))
    assert b"\x00" not in feed


@pytest.mark.skipif(importlib.util.find_spec("vobject") is None, reason="no vobject here: pip install vobject")
@pytest.mark.filterwarnings("ignore")  # of vobject about itself
def test_a_second_parser_reads_the_same(sample) -> None:
    vobject = importlib.import_module("vobject")  # it has no types
    dossier = read_ledger(sample("ebike-shop.xlsx"))
    todos = due(dossier, on=ON)
    feed = to_ics(todos, dossier.seller, on=ON, alarm=time(9))
    calendar = vobject.readOne(feed.decode())
    found = calendar.vevent_list
    assert [event.dtstart.value for event in found] == [item.by for item in todos]
    assert [event.summary.value for event in found] == [item.what.zh for item in todos]
    calendar.validate(raiseException=True)
