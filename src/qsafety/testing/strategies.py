"""Hypothesis strategies: any fact, any dossier, with whatever a text may hold.

>>> from hypothesis import given
>>> from qsafety import Hazard
>>> @given(facts(Hazard))
... def a_hazard_has_an_id(hazard):
...     assert hazard.id
>>> a_hazard_has_an_id()

Everything that is drawn is valid. Fields that may be unknown are now and then None, collections not given, empty or
partial; texts hold Chinese, characters of four bytes, controls and quotes. Where those are not wanted, as in a workbook,
``text=`` takes another strategy.
"""

import typing
from collections.abc import Mapping, Sequence
from datetime import UTC, date, datetime, timedelta, timezone
from decimal import Decimal
from enum import StrEnum
from typing import Any, TypeVar

import attrs
from hypothesis import strategies as st
from hypothesis.strategies import DrawFn, SearchStrategy

from qsafety.dossier import COLLECTIONS, KINDS, CheckResult, Dossier, Fact, Judgement, Opinion, RiskItem, Seller
from qsafety.dossier.facts import MOST, a_month, a_period, a_week, backwards, maybe_period, without_none
from qsafety.law.obligations import obligations
from qsafety.periods import EVERY_DAY, IsoWeek, Month

T = TypeVar("T")

ODD_TEXTS = (
    "电动自行车",
    "𠮷野家🛵",  # four bytes in UTF-8
    "É e\u0301",  # one letter in two spellings: they stay two
    "a\"b\\c/d'e",
    "一行\n两行\r\n\t制表",
    "\x00\x01\x1f\x7f\u2028\ufeff\uffff",
    "<b>&amp;</b> {{ x }} {% y %}",
    "=1+1",
    " 前后空格 ",
    "null",
    "2024-01-31",
    "0012",
    "1e5",
)
"""Texts that one format or another is known to spoil."""

CREDIT_CODES = ("91110000600037341L", "9144030071526726XG", "91350100M000100Y43")
RESIDENT_IDS = ("11010519491231002X", "330102199001011234")
ZONES = ("Asia/Shanghai", "Asia/Urumqi", "Europe/Berlin", "America/New_York", "UTC")

ORDERED: Mapping[str, Sequence[tuple[str, str]]] = {
    "seller": [("opened_on", "closed_on")],
    "outlet": [("opened_on", "closed_on")],
    "closure": [("start", "end")],
    "product": [("sold_from", "sold_until")],
    "appointment": [("start", "end")],
    "post": [("start", "end")],
    "spot_check": [("on", "rectified_on")],
    "text": [("approved_on", "repealed_on"), ("effective_on", "repealed_on")],
    "daily_check": [("started_at", "finished_at")],
    "hazard": [
        *(("found_on", later) for later in ("precaution_at", "reported_at", "due_on", "done_on", "verified_on")),
        ("done_on", "verified_on"),
    ],
    "defect": [
        *(("found_on", later) for later in ("analysed_on", "eliminated_on", "recall_started_on", "closed_on")),
        ("recall_started_on", "recall_reported_on"),
        ("producer_notice_on", "cooperated_on"),
    ],
    "nonconforming": [("on", "reported_at")],
    "order": [("issued_on", later) for later in ("served_on", "deadline", "corrected_on", "reinspected_on")],
    "judgement": [("on", "valid_until")],
}
"""Which two dates of a kind of fact may not run backwards."""


def texts() -> SearchStrategy[str]:
    """Any text that has bytes in UTF-8, the odd ones more often than chance would bring them."""
    return st.one_of(st.sampled_from(ODD_TEXTS), st.text(max_size=12))


def days() -> SearchStrategy[date]:
    """Days around the years that the regulation is about."""
    return st.dates(date(2019, 12, 29), date(2027, 1, 3))


def instants() -> SearchStrategy[datetime]:
    """Aware times, in China and elsewhere."""
    zones = st.sampled_from([UTC, timezone(timedelta(hours=8)), timezone(-timedelta(hours=3, minutes=30))])
    return st.datetimes(datetime(2019, 12, 29), datetime(2027, 1, 3), timezones=zones)


def numbers() -> SearchStrategy[Decimal]:
    """Exact numbers of at least 0, also with decimals that say nothing (``5000.00``)."""
    return st.decimals(0, 10**12, places=2) | st.sampled_from([Decimal("1E-9"), Decimal("5E+3"), Decimal(10) ** 30])


def facts(kind: type[T], *, text: SearchStrategy[str] | None = None) -> SearchStrategy[T]:
    """Facts of one kind; also the values inside facts, such as ``RiskItem``."""
    return _facts(kind, texts() if text is None else text)


def any_facts(*, text: SearchStrategy[str] | None = None) -> SearchStrategy[Fact]:
    """Facts of every kind."""
    return st.sampled_from([*KINDS.values()]).flatmap(lambda kind: facts(kind, text=text))


@st.composite
def dossiers(draw: DrawFn, *, text: SearchStrategy[str] | None = None) -> Dossier:
    """Dossiers: any collection may be not given, given and empty, or given and partial."""
    names = draw(st.sets(st.sampled_from([*COLLECTIONS]), max_size=6))
    collections: dict[str, Any] = {}
    for name in sorted(names):
        kind: type[Fact] = COLLECTIONS[name]
        members = st.lists(facts(kind, text=text), max_size=3, unique_by=lambda fact: fact.id)
        collections[name] = draw(members)
    partial = draw(st.sets(st.sampled_from(sorted(names)))) if names else ()
    return Dossier(seller=draw(facts(Seller, text=text)), partial=frozenset(partial), **collections)


@st.composite
def _facts(draw: DrawFn, kind: type[Any], text: SearchStrategy[str]) -> Any:
    values = {field.name: draw(_values(kind, field, text)) for field in attrs.fields(kind)}
    for earlier, later in ORDERED.get(getattr(kind, "KIND", ""), ()):
        first, second = _utc(values[earlier]), _utc(values[later])
        if first is not None and second is not None and backwards(first, second):
            moved = isinstance(second, datetime) and not isinstance(first, datetime)
            values[later] = datetime.combine(first, second.timetz()) if moved else first
    if kind is Opinion and values["answer"] and values["answer"].at:
        answered = max(values["answer"].at, values["raised_at"])
        values["answer"] = attrs.evolve(values["answer"], at=answered)
    return kind(**values)


def _utc(moment: date | datetime | None) -> Any:
    """As a fact keeps it: near midnight that is another day."""
    return moment.astimezone(UTC) if isinstance(moment, datetime) else moment


def _values(kind: type[Any], field: "attrs.Attribute[Any]", text: SearchStrategy[str]) -> SearchStrategy[Any]:
    wanted, optional = without_none(field.type)
    members = typing.get_args(wanted)
    found = _special(kind, field, text)
    if found is None and typing.get_origin(wanted) is Sequence:
        found = st.lists(_of(members[0], text), max_size=3)
    if found is None:
        found = _of(wanted, text)
    return st.none() | found if optional else found


def _special(kind: type[Any], field: "attrs.Attribute[Any]", text: SearchStrategy[str]) -> SearchStrategy[Any] | None:
    """The fields whose values obey more than their type."""
    if field.name == "id" and issubclass(kind, Fact):
        given = text.filter(lambda id_: bool(id_) and not id_.startswith(("seller", "outlet:", "person:")))
        return st.just("") | given if kind.NATURAL else given
    if field.name == "code" and kind in (CheckResult, RiskItem):
        return text.filter(bool)
    if field.name == "obligation" and issubclass(kind, Judgement):
        return st.sampled_from([duty.id for duty in obligations()])
    if field.name == "obligations":
        return st.lists(st.sampled_from([duty.id for duty in obligations()]), max_size=3)
    if field.name in ("results", "items"):
        member = typing.get_args(field.type)[0]
        return st.lists(facts(member, text=text), max_size=3, unique_by=lambda item: item.code)
    if field.name == "open_weekdays":
        return st.frozensets(st.sampled_from(sorted(EVERY_DAY)))
    return _PERIODS[field.converter] if field.converter in _PERIODS else _NAMED.get(field.name)


def _of(kind: Any, text: SearchStrategy[str]) -> SearchStrategy[Any]:
    if attrs.has(kind):
        return facts(kind, text=text)
    if typing.get_origin(kind) is frozenset:
        return st.frozensets(st.sampled_from([*typing.get_args(kind)[0]]))
    if issubclass(kind, StrEnum):
        return st.sampled_from([*kind])
    return text if kind is str else _PLAIN[kind]


_PLAIN: Mapping[type, SearchStrategy[Any]] = {
    bool: st.booleans(),
    int: st.integers(0, 100) | st.sampled_from([MOST]),
    Decimal: numbers(),
    date: days(),
    datetime: instants(),
}
_PERIODS: Mapping[Any, SearchStrategy[Any]] = {
    a_week: days().map(IsoWeek.of),
    a_month: days().map(Month.of).map(str),
    a_period: days().map(str) | days().map(IsoWeek.of).map(str) | days().map(Month.of),
    maybe_period: st.none() | days().map(str) | days().map(Month.of).map(str),
}
_NAMED: Mapping[str, SearchStrategy[Any]] = {
    "uscc": st.sampled_from(CREDIT_CODES),
    "resident_id": st.sampled_from(RESIDENT_IDS),
    "tz": st.sampled_from(ZONES),
}
