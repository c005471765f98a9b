"""A dossier as it was known on a day: what happened, or was recorded, after that day is not seen."""

from collections.abc import Sequence
from datetime import date, datetime
from typing import Any
from zoneinfo import ZoneInfo

import attrs

from qsafety.dossier.control import MonthlyCoordination, WeeklyScreening
from qsafety.dossier.dossier import COLLECTIONS, Dossier
from qsafety.dossier.events import Order
from qsafety.dossier.facts import Fact
from qsafety.periods import parse


def local_day(moment: date | datetime | str, zone: ZoneInfo) -> date:
    """The seller's local day of a date, an instant, or the first day of a period's text."""
    if type(moment) is date:
        return moment
    if isinstance(moment, datetime):
        return moment.astimezone(zone).date()
    return parse(moment).start if isinstance(moment, str) else moment


def as_known_on(dossier: Dossier, on: date) -> Dossier:
    """The dossier without what came later than ``on``; the same object where nothing did.

    A record whose day or whose ``recorded_at`` lies after ``on`` is left out; a later date inside an earlier record (a
    rectification, an answer) becomes "not yet". A refusal, whose date is not known, is seen once its order's deadline (or,
    without one, its issue) has passed.
    """
    zone = ZoneInfo(dossier.seller.tz)
    changed: dict[str, Any] = {}
    for name in COLLECTIONS:
        facts: Sequence[Fact] | None = getattr(dossier, name)
        if not facts:
            continue
        seen = [known for fact in facts if (known := _known(fact, on, zone)) is not None]
        if len(seen) < len(facts) or any(a is not b for a, b in zip(seen, facts, strict=True)):
            changed[name] = tuple(seen)
    return attrs.evolve(dossier, **changed) if changed else dossier


def _known(fact: Fact, on: date, zone: ZoneInfo) -> Fact | None:
    happened = getattr(fact, fact.HAPPENED) if fact.HAPPENED else None
    if happened is None and isinstance(fact, WeeklyScreening | MonthlyCoordination):
        happened = fact.week if isinstance(fact, WeeklyScreening) else fact.month
    recorded = getattr(fact, "recorded_at", None)
    if happened is not None and local_day(happened, zone) > on:
        return None
    if recorded is not None and local_day(recorded, zone) > on:
        return None
    blank: dict[str, Any] = {}
    for path, others in fact.LATER.items():
        moment = _at(fact, path)
        if moment is not None and local_day(moment, zone) > on:
            blank |= dict.fromkeys(others if "." in path else (path, *others))
    if isinstance(fact, Order) and fact.refused and fact.deadline is not None and on <= fact.deadline:
        blank["refused"] = None
    return attrs.evolve(fact, **blank) if blank else fact


def _at(fact: Fact, path: str) -> Any:
    value: Any = fact
    for name in path.split("."):
        value = getattr(value, name) if value is not None else None
    return value
