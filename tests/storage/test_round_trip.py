"""Whatever a dossier holds: what is saved comes back equal, equal content writes nothing, and the store is sound."""

from datetime import UTC, date, datetime
from pathlib import Path
from tempfile import TemporaryDirectory

from hypothesis import given, settings
from hypothesis import strategies as st

from qsafety.dossier import DailyCheck, Dossier, ExternalRef, Hazard, NonconformingLot, Opinion, Person, Seller
from qsafety.storage import open_store

TEXT = st.text(st.characters(exclude_categories=["Cs"]), max_size=8)
IDS = st.text(st.characters(exclude_categories=["Cs"], exclude_characters="\t\r\n\0"), min_size=1, max_size=6)
DAYS = st.dates(date(2000, 1, 1), date(2100, 1, 1))
INSTANTS = st.datetimes(datetime(2000, 1, 1), datetime(2100, 1, 1), timezones=st.just(UTC))
REFS = st.lists(st.builds(ExternalRef, system=TEXT, type=TEXT, id=TEXT), max_size=2)
AUTHORS = st.none() | IDS


def some(cls: type, /, **fields: "st.SearchStrategy[object]") -> "st.SearchStrategy[list[object] | None]":
    one = st.builds(cls, id=IDS, note=TEXT, refs=REFS, **fields)
    return st.none() | st.lists(one, max_size=4, unique_by=lambda fact: fact.id)


def dossiers(seller: str) -> "st.SearchStrategy[Dossier]":
    return st.builds(
        Dossier,
        seller=st.builds(Seller, id=st.just(seller), name=TEXT, headcount=st.none() | st.integers(0, 2**40), note=TEXT),
        people=some(Person, name=TEXT, phone=st.none() | TEXT),
        daily_checks=some(DailyCheck, day=DAYS, officer=TEXT, recorded_at=st.none() | INSTANTS, recorded_by=AUTHORS),
        hazards=some(Hazard, source=st.just("daily"), found_on=DAYS, description=TEXT),
        opinions=some(Opinion, raised_by=TEXT, kind=st.just("veto"), raised_at=INSTANTS),
        nonconforming=some(
            NonconformingLot,
            on=DAYS,
            product=TEXT,
            quantity=st.none() | st.decimals(0, 10**9, allow_nan=False, places=3),
        ),
        partial=st.sets(st.sampled_from(["people", "hazards", "exams"])),
    )


SELLERS = IDS.flatmap(lambda seller: st.tuples(dossiers(seller), dossiers(seller)))


@settings(max_examples=30)
@given(SELLERS)
def test_what_is_saved_comes_back_equal(versions: tuple[Dossier, Dossier]) -> None:
    first, second = versions
    with TemporaryDirectory() as folder:
        for url in ("memory://", f"sqlite:///{Path(folder)}/shop.db"):
            with open_store(url) as store:
                store.save(first)
                assert store.dossier(first.seller.id) == first
                assert store.save(first) == 0
                store.save(second)
                assert store.save(second) == 0
                kept = {(fact.KIND, fact.id): fact for fact in (*first.facts(), *second.facts())}
                assert {(fact.KIND, fact.id): fact for fact in store.dossier(first.seller.id).facts()} == kept
                found = store.check()
                assert found.ok, found.problems
