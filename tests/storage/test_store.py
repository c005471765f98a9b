import hashlib
import json
from collections.abc import Iterator
from datetime import UTC, date, datetime, timedelta
from itertools import pairwise
from pathlib import Path

import attrs
import pytest

from qsafety import codec
from qsafety.dossier import (
    KINDS,
    DailyCheck,
    Dossier,
    Exam,
    Hazard,
    Opinion,
    Outlet,
    Performance,
    Person,
    RiskItem,
    Seller,
    WeeklyScreening,
)
from qsafety.errors import (
    CapabilityError,
    ConflictError,
    FactError,
    NotFoundError,
    StoreError,
    TransientError,
)
from qsafety.storage import RawRecord, Store, StoreTransaction, open_store, run_transaction
from qsafety.storage.backend import Transaction
from qsafety.storage.records import DAYS, PERIODIC

HAZARD = Hazard(id="H1", source="daily", found_on=date(2024, 1, 31), outlet="M1")
LAST_CHECK = "daily_check:M1:2024-01-31"


def raw_of(store: Store) -> Iterator[Transaction]:
    with store._backend.begin(write=False, timeout=5) as tx:
        yield tx


def raw_record(store: Store, seller: str, kind: str, key: str) -> RawRecord:
    for tx in raw_of(store):
        record = tx.get(seller, kind, key)
    assert record is not None
    return record


# --- a dossier -------------------------------------------------------------------------------------------------------


def test_a_saved_dossier_comes_back_equal(store: Store, shop: Dossier) -> None:
    assert store.save(shop) == len(list(shop.facts()))
    assert store.dossier("hz01") == shop
    assert store.sellers() == ["hz01"]


def test_saving_equal_content_writes_nothing(store: Store, shop: Dossier) -> None:
    store.save(shop)
    before = list(store.journal("hz01"))
    assert store.save(attrs.evolve(shop, sources={LAST_CHECK: "日检查!A31"})) == 0
    assert list(store.journal("hz01")) == before


def test_saving_changed_content_writes_its_next_version_only(store: Store, shop: Dossier) -> None:
    store.save(shop)
    *checks, last = shop.daily_checks or ()
    corrected = attrs.evolve(shop, daily_checks=[*checks, attrs.evolve(last, conclusion="zero_risk")])
    assert store.save(corrected) == 1
    assert store.dossier("hz01") == corrected
    assert [(kept.version, kept.fact.conclusion) for kept in store.history("hz01", DailyCheck, last.id)] == [
        (1, None),
        (2, "zero_risk"),
    ]
    person = store.get("hz01", Person, "P2")
    assert person and person.version == 1


def test_records_that_a_later_dossier_lacks_are_left(store: Store, shop: Dossier) -> None:
    store.save(shop)
    store.save(Dossier(seller=shop.seller, hazards=[HAZARD]))
    kept = store.dossier("hz01")
    assert kept.daily_checks == shop.daily_checks
    assert [hazard.id for hazard in kept.hazards or ()] == ["H1", "H2"]


def test_a_collection_that_was_not_given_stays_not_known(store: Store) -> None:
    store.save(Dossier(seller=Seller(id="s", name="店"), hazards=[]))
    kept = store.dossier("s")
    assert (kept.hazards, kept.daily_checks) == ((), None)


def test_the_latest_dossier_says_whether_a_collection_is_partial(store: Store) -> None:
    seller = Seller(id="s", name="店")
    store.save(Dossier(seller=seller, hazards=[], outlets=[], partial={"hazards"}))
    assert store.dossier("s").partial == {"hazards"}
    store.save(Dossier(seller=seller, outlets=[], partial={"outlets"}))
    assert store.dossier("s").partial == {"hazards", "outlets"}
    store.save(Dossier(seller=seller, hazards=[]))
    assert store.dossier("s").partial == {"outlets"}


def test_records_put_into_a_collection_that_was_never_given_make_it_partial(store: Store) -> None:
    store.save(Dossier(seller=Seller(id="s", name="店")))
    store.put("s", HAZARD)
    kept = store.dossier("s")
    assert (kept.hazards, kept.complete("hazards")) == ((HAZARD,), False)


def test_a_record_put_into_a_given_collection_leaves_it_complete(store: Store) -> None:
    store.save(Dossier(seller=Seller(id="s", name="店"), hazards=[]))
    store.put("s", HAZARD)
    assert store.dossier("s").complete("hazards")


def test_sellers_do_not_see_each_other(store: Store, shop: Dossier) -> None:
    other = attrs.evolve(shop, seller=attrs.evolve(shop.seller, id="hz02"), hazards=[])
    store.save(shop)
    store.save(other)
    assert store.sellers() == ["hz01", "hz02"]
    assert (store.dossier("hz01"), store.dossier("hz02")) == (shop, other)


def test_an_unknown_seller_is_named(store: Store) -> None:
    with pytest.raises(NotFoundError, match="'nobody'"):
        store.dossier("nobody")
    assert store.sellers() == []


def test_a_dossier_of_more_records_than_a_page_comes_back_whole(store: Store) -> None:
    checks = [DailyCheck(day=date(2015, 1, 1) + timedelta(days=i), officer="P3") for i in range(2500)]
    shop = Dossier(seller=Seller(id="s", name="店"), daily_checks=checks)
    store.save(shop)
    assert store.dossier("s") == shop


# --- a window ----------------------------------------------------------------------------------------------------------


def test_a_window_takes_the_periodic_records_of_its_days(store: Store, shop: Dossier) -> None:
    store.save(shop)
    kept = store.dossier("hz01", since=date(2024, 1, 8), until=date(2024, 1, 31))
    assert [check.day.day for check in kept.daily_checks or ()] == list(range(8, 32))
    # a week belongs to the window that holds its last day: W05 ends on 4 February
    assert [screening.week for screening in kept.weekly_screenings or ()] == ["2024-W02", "2024-W03"]


def test_windows_that_partition_time_partition_the_periodic_records(store: Store, shop: Dossier) -> None:
    shop = attrs.evolve(
        shop,
        performance=[Performance(person="P2", period=p, summary="x") for p in ("2024-01", "2024-W02", "2024-01-09")],
    )
    store.save(shop)
    cuts = [date(2023, 12, 1), date(2024, 1, 10), date(2024, 1, 31), date(2024, 3, 1)]
    parts = [store.dossier("hz01", since=since, until=until - timedelta(days=1)) for since, until in pairwise(cuts)]
    for name in ("daily_checks", "weekly_screenings", "performance"):
        together = [fact for part in parts for fact in getattr(part, name)]
        assert sorted(together, key=lambda fact: fact.id) == list(getattr(shop, name))


def test_a_window_keeps_what_still_counts_from_before_it(store: Store, shop: Dossier) -> None:
    store.save(shop)
    kept = store.dossier("hz01", since=date(2024, 1, 15))
    for name in (
        "outlets",
        "products",
        "people",
        "appointments",
        "exams",
        "hazards",
        "orders",
        "opinions",
        "inspections",
    ):
        assert getattr(kept, name) == getattr(shop, name)
    assert kept.partial == shop.partial


def test_a_window_leaves_out_what_came_after_it(store: Store, shop: Dossier) -> None:
    store.save(shop)
    kept = store.dossier("hz01", until=date(2023, 11, 30))
    assert (kept.hazards, kept.opinions, kept.daily_checks) == ((), (), ())
    assert (kept.orders, kept.exams, kept.outlets) == (shop.orders, shop.exams, shop.outlets)


@pytest.mark.parametrize(("zone", "day"), [("Asia/Shanghai", 11), ("UTC", 10)])
def test_an_instant_falls_on_the_sellers_day(store: Store, zone: str, day: int) -> None:
    opinion = Opinion(raised_by="P2", kind="opinion", raised_at=datetime(2024, 1, 10, 16, 30, tzinfo=UTC))
    store.save(Dossier(seller=Seller(id="s", name="店", tz=zone), opinions=[opinion]))
    assert store.dossier("s", until=date(2024, 1, day)).opinions == (opinion,)
    assert store.dossier("s", until=date(2024, 1, day - 1)).opinions == ()


def test_a_scan_gives_one_kind_by_id_and_by_day(store: Store, shop: Dossier) -> None:
    store.save(shop)
    assert tuple(kept.fact for kept in store.scan("hz01", DailyCheck)) == shop.daily_checks
    assert [kept.fact.id for kept in store.scan("hz01", Hazard, since=date(2024, 1, 20))] == ["H2"]
    assert [kept.fact.id for kept in store.scan("hz01", Hazard, until=date(2024, 1, 19))] == ["H1"]
    assert [kept.fact.id for kept in store.scan("hz01", Outlet)] == ["M1", "M2"]
    assert list(store.scan("hz02", Hazard)) == []


# --- versions --------------------------------------------------------------------------------------------------------


def test_put_counts_versions_and_get_gives_the_last(store: Store) -> None:
    assert store.get("hz01", Hazard, "H1") is None
    assert store.put("hz01", HAZARD, expected=0) == 1
    verified = attrs.evolve(HAZARD, verified_by="P2")
    assert store.put("hz01", verified, expected=1) == 2
    kept = store.get("hz01", Hazard, "H1")
    assert kept and (kept.fact, kept.version) == (verified, 2)
    assert store.put("hz01", HAZARD) == 3


@pytest.mark.parametrize("expected", [0, 1, 3])
def test_a_version_that_is_not_current_is_a_conflict(store: Store, expected: int) -> None:
    store.put("hz01", HAZARD)
    store.put("hz01", HAZARD)
    with pytest.raises(ConflictError) as refused:
        store.put("hz01", HAZARD, expected=expected)
    assert (refused.value.expected, refused.value.actual) == (expected, 2)
    assert len(store.history("hz01", Hazard, "H1")) == 2


def test_the_first_of_two_writers_wins(store: Store) -> None:
    store.put("hz01", HAZARD)
    first, second = store.get("hz01", Hazard, "H1"), store.get("hz01", Hazard, "H1")
    assert first and second
    store.put("hz01", attrs.evolve(first.fact, owner="P2"), expected=first.version)
    with pytest.raises(ConflictError, match="Read it again"):
        store.put("hz01", attrs.evolve(second.fact, owner="P3"), expected=second.version)


def test_each_version_has_the_instant_at_which_it_was_witnessed(store: Store) -> None:
    declared = datetime(2020, 1, 1, tzinfo=UTC)
    store.put("hz01", attrs.evolve(HAZARD, recorded_at=declared))
    store.put("hz01", HAZARD)
    first, second = store.history("hz01", Hazard, "H1")
    assert first.fact.recorded_at == declared
    assert (first.recorded_at, second.recorded_at) == (
        datetime(2024, 2, 1, 9, 1, tzinfo=UTC),
        datetime(2024, 2, 1, 9, 2, tzinfo=UTC),
    )
    current = store.get("hz01", Hazard, "H1")
    assert current and current.recorded_at == second.recorded_at


def test_the_clock_is_the_wall_clock_unless_another_is_given() -> None:
    with open_store("memory://") as store:
        before = datetime.now(UTC)
        store.put("hz01", HAZARD)
        kept = store.get("hz01", Hazard, "H1")
        assert kept and before <= kept.recorded_at <= datetime.now(UTC)


def test_a_clock_without_a_time_zone_is_refused() -> None:
    with (
        open_store("memory://", clock=lambda: datetime(2024, 1, 1)) as store,
        pytest.raises(StoreError, match="without a zone"),
    ):
        store.put("hz01", HAZARD)


# --- transactions ----------------------------------------------------------------------------------------------------


def test_a_transaction_is_kept_when_its_block_ends(store: Store) -> None:
    with store.transaction() as tx:
        tx.put("hz01", HAZARD)
        assert tx.get("hz01", Hazard, "H1")
        assert store.get("hz01", Hazard, "H1") is None
    assert store.get("hz01", Hazard, "H1")


def test_a_block_that_fails_leaves_no_trace(store: Store, shop: Dossier) -> None:
    store.save(shop)
    before, lines = store.dossier("hz01"), list(store.journal("hz01"))
    with pytest.raises(ZeroDivisionError), store.transaction() as tx:
        tx.save(attrs.evolve(shop, hazards=[HAZARD]))
        tx.put("hz01", HAZARD)
        tx.put("hz99", HAZARD)
        _ = 1 / 0
    assert (store.dossier("hz01"), list(store.journal("hz01")), store.sellers()) == (before, lines, ["hz01"])
    store.put("hz01", HAZARD)


def test_a_reading_transaction_does_not_write(store: Store) -> None:
    with store.transaction(write=False) as tx, pytest.raises(StoreError):
        tx.put("hz01", HAZARD)


def test_a_transaction_that_was_only_busy_is_run_again(store: Store) -> None:
    runs = 0

    def work(tx: StoreTransaction) -> int:
        nonlocal runs
        runs += 1
        version = tx.put("hz01", HAZARD)
        if runs < 3:
            raise TransientError("the server is away for a moment")
        return version

    assert run_transaction(store, work) == 1
    assert runs == 3


def test_a_transaction_that_stays_busy_says_so_in_the_end(store: Store) -> None:
    def work(tx: StoreTransaction) -> None:
        raise TransientError("away")

    with pytest.raises(TransientError, match="away"):
        run_transaction(store, work, attempts=2)


def test_any_other_error_is_not_run_again(store: Store) -> None:
    store.put("hz01", HAZARD)
    runs = 0

    def work(tx: StoreTransaction) -> None:
        nonlocal runs
        runs += 1
        tx.put("hz01", HAZARD, expected=0)

    with pytest.raises(ConflictError):
        run_transaction(store, work)
    assert runs == 1


def test_a_closed_store_says_so() -> None:
    with open_store("memory://") as store:
        pass
    store.close()
    with pytest.raises(StoreError, match="closed"):
        store.get("hz01", Hazard, "H1")


# --- the journal -----------------------------------------------------------------------------------------------------


def test_every_put_is_a_link_of_the_sellers_chain(store: Store, shop: Dossier) -> None:
    store.save(shop)
    store.put("hz01", HAZARD, by="P9")
    prev, lines = "", list(store.journal("hz01"))
    assert [line.seq for line in lines] == list(range(1, len(lines) + 1))
    for line in lines:
        fields = [prev, line.kind, line.key, str(line.version), line.digest, line.at, line.by]
        assert line.prev == prev
        assert line.link == hashlib.sha256("\t".join(fields).encode()).hexdigest()
        prev = line.link
    assert (lines[-1].kind, lines[-1].key, lines[-1].version) == ("hazard", "H1", 2)
    assert lines[-1].digest == codec.digest(HAZARD)


def test_a_line_says_who_wrote(store: Store) -> None:
    store.put("hz01", HAZARD)
    store.put("hz01", attrs.evolve(HAZARD, recorded_by="P3"))
    store.put("hz01", attrs.evolve(HAZARD, recorded_by="P3"), by="erp")
    assert [line.by for line in store.journal("hz01")] == ["", "P3", "erp"]
    assert [line.by for line in store.journal("hz01", after=2)] == ["erp"]


def test_without_a_journal_there_is_no_chain_and_a_check_says_so(url: str) -> None:
    if url.startswith("folder"):
        pytest.skip("keeps its instants in the journal only")
    with open_store(url, journal=False) as store:
        store.put("hz01", HAZARD)
        store.save(Dossier(seller=Seller(id="hz01", name="店")))
        assert list(store.journal("hz01")) == []
        assert store.get("hz01", Hazard, "H1")
        found = store.check()
        assert found.ok
        assert "no chain" in found.notes[0].en


# --- what is kept ----------------------------------------------------------------------------------------------------


def test_a_body_is_the_canonical_json_of_its_fact(store: Store) -> None:
    store.put("hz01", HAZARD)
    record = raw_record(store, "hz01", "hazard", "H1")
    assert record.body == codec.canonical(HAZARD)
    assert record.digest == hashlib.sha256(record.body).hexdigest()
    assert (record.day, record.version, record.schema) == ("2024-01-31", 1, 1)


def test_a_person_is_kept_with_16_random_bytes_so_that_its_digest_cannot_be_guessed(store: Store) -> None:
    person = Person(id="P1", name="张三", phone="13800000000")
    store.put("hz01", person)
    store.put("hz02", person)
    one, two = raw_record(store, "hz01", "person", "P1"), raw_record(store, "hz02", "person", "P1")
    assert one.digest != two.digest
    assert one.digest != codec.digest(person)
    kept_as = json.loads(one.body)
    assert kept_as.keys() - codec.plain(person).keys() == {"salt"}
    assert len(bytes.fromhex(kept_as["salt"])) == 16
    kept = store.get("hz01", Person, "P1")
    assert kept and kept.fact == person
    assert store.save(Dossier(seller=Seller(id="hz01", name="店"), people=[person])) == 1  # the seller


@pytest.mark.parametrize(
    ("fact", "day"),
    [
        (Outlet(id="M1", name="一店"), None),
        (WeeklyScreening(week="2024-W05", organiser="P2"), "2024-02-04"),
        (Performance(person="P2", period="2024-02", summary="x"), "2024-02-29"),
        (Exam(person="P2", role="director", on=date(2023, 7, 28), passed=True), "2023-07-28"),
        (Opinion(raised_by="P2", kind="veto", raised_at=datetime(2024, 1, 10, 16, 30, tzinfo=UTC)), "2024-01-11"),
    ],
)
def test_a_record_is_found_by_the_day_it_is_about(store: Store, fact: Outlet, day: str | None) -> None:
    store.put("hz01", fact)
    assert raw_record(store, "hz01", fact.KIND, fact.id).day == day


def test_every_kind_that_happens_on_a_day_is_found_by_it() -> None:
    happens = {kind for kind, cls in KINDS.items() if cls.HAPPENED}
    assert happens == set(DAYS)
    assert set(DAYS) >= PERIODIC


# --- what is refused -------------------------------------------------------------------------------------------------


@pytest.mark.parametrize("key", ["a\tb", "a\nb", "\x00", "\ud800", "x" * 1025, "店" * 342])
def test_an_id_that_could_break_the_chain_or_an_index_is_refused(store: Store, key: str) -> None:
    with pytest.raises((StoreError, ValueError)):
        store.put("hz01", attrs.evolve(HAZARD, id=key))
    assert store.sellers() == []


@pytest.mark.parametrize("seller", ["", "a\tb", "x" * 256])
def test_a_seller_that_could_not_be_a_key_is_refused(store: Store, seller: str) -> None:
    with pytest.raises(StoreError, match="cannot be a key"):
        store.put(seller, HAZARD)


def test_an_author_with_a_tab_is_refused(store: Store) -> None:
    with pytest.raises(StoreError, match="by"):
        store.put("hz01", HAZARD, by="a\tb")


def test_a_seller_is_kept_under_its_own_id_only(store: Store) -> None:
    with pytest.raises(StoreError, match="'hz01' cannot be kept under 'hz02'"):
        store.put("hz02", Seller(id="hz01", name="店"))


def test_what_is_no_record_is_refused(store: Store) -> None:
    with pytest.raises(FactError, match="RiskItem"):
        store.put("hz01", RiskItem(code="R01"))  # type: ignore[arg-type] # the mistake that is tested
    with pytest.raises(FactError, match="RiskItem"):
        store.get("hz01", RiskItem, "R01")  # type: ignore[type-var] # the mistake that is tested


def test_a_store_that_claims_less_than_is_asked_for_is_refused(url: str) -> None:
    if url.startswith(("memory", "folder")):
        with pytest.raises(CapabilityError, match="power-loss"):
            open_store(url, durability="power-loss")
    else:
        open_store(url, durability="power-loss", writers="many-processes").close()
    if url.startswith(("postgresql", "mariadb")):
        open_store(url, writers="many-hosts").close()
    else:
        with pytest.raises(CapabilityError, match="many-hosts"):
            open_store(url, writers="many-hosts")
    with pytest.raises(StoreError, match="always"):
        open_store(url, durability="always")  # type: ignore[arg-type] # the mistake that is tested


def test_a_store_opened_again_has_what_was_committed(url: str, shop: Dossier) -> None:
    with open_store(url) as store:
        store.save(shop)
        store.put("hz01", HAZARD)
    with open_store(url) as store:
        if url == "memory://":
            assert store.sellers() == []
        else:
            assert store.dossier("hz01").hazards == (HAZARD, (shop.hazards or ())[1])
            assert store.put("hz01", HAZARD) == 3
            assert store.check().ok


def test_a_path_is_answered_with_the_url_to_write(tmp_path: Path) -> None:
    with pytest.raises(StoreError, match=r"does not begin with a scheme.*sqlite:///shop\.db"):
        open_store(tmp_path / "shop.db")  # type: ignore[arg-type] # the mistake that is tested


def test_two_memory_stores_of_one_name_are_two_stores() -> None:
    with open_store("memory://shop") as one, open_store("memory://shop") as two:
        one.put("hz01", HAZARD)
        assert two.sellers() == []
