"""What if: which findings change between two reports, and which facts came and went with them."""

from datetime import date
from importlib.resources import as_file, files
from typing import Any

import attrs
import pytest

import qsafety as qs

WINDOW: dict[str, Any] = {"on": date(2024, 2, 5), "since": date(2024, 1, 1)}


@pytest.fixture(scope="module")
def shop() -> qs.Dossier:
    with as_file(files("qsafety.testing") / "data" / "ebike-shop.xlsx") as ledger:
        return qs.read_ledger(ledger)


def test_nothing_changes_between_a_report_and_itself_or_one_from_a_store(shop):
    report = qs.assess(shop, **WINDOW)
    with qs.open_store("memory://") as store:
        store.save(shop)
        kept = qs.assess(store.dossier(shop.seller.id), **WINDOW)
    assert report.diff(report) == report.diff(kept) == kept.diff(report) == ()


def test_a_change_says_what_came_and_what_went(shop):
    report = qs.assess(shop, **WINDOW)
    missed = next(f for f in report["A10.2"] if f.outcome == "violated")
    day, outlet = date.fromisoformat(missed.slots[0]), missed.subject.removeprefix("outlet:")
    shut = qs.Closure(outlet=outlet, start=day, end=day)
    other = qs.assess(attrs.evolve(shop, closures=[*(shop.closures or ()), shut]), **WINDOW)
    changed = {(c.obligation, c.subject): c for c in report.diff(other)}
    change = changed["A10.2", missed.subject]
    assert change.before == missed and change.after is not None and change.after.outcome == "satisfied"
    assert change.no_longer == missed.because and not set(change.because) & set(change.no_longer)
    back = next(c for c in other.diff(report) if c.obligation == "A10.2")
    assert (back.because, back.no_longer) == (change.no_longer, change.because)
    assert change.to_dict().keys() == {"obligation", "subject", "before", "after", "because", "no_longer"}
