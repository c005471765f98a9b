"""What every backend promises its store, promise by promise; seen as an author sees it, with bare bytes."""

import threading
from collections.abc import Iterator
from contextlib import nullcontext

import attrs
import pytest

from qsafety.errors import CapabilityError, ConflictError, StoreError, TransientError
from qsafety.storage import Backend, RawEvent, RawQuery, RawRecord, Transaction


def record(key: str, version: int = 1, *, seller: str = "hz01", kind: str = "k", day: str | None = None) -> RawRecord:
    return RawRecord(seller, kind, key, version, day, 1, f"{key} {version}".encode(), "0" * 64)


def event(seq: int, seller: str = "hz01") -> RawEvent:
    return RawEvent(seller, seq, f"{seq - 1}" if seq > 1 else "", f"{seq}", "2024-01-31T00:00:00.000000Z", b"{}")


def writing(raw: Backend, timeout: float = 5) -> Transaction:
    return raw.begin(write=True, timeout=timeout)


def reading(raw: Backend) -> Transaction:
    return raw.begin(write=False, timeout=5)


def keep(raw: Backend, *records: RawRecord) -> None:
    with writing(raw) as tx:
        for each in records:
            tx.put(each)
        tx.commit()


def scanned(raw: Backend, query: RawQuery) -> Iterator[tuple[str, str, str]]:
    """Page by page to the last."""
    with reading(raw) as tx:
        while page := list(tx.scan(query)):
            assert len(page) <= query.limit
            yield from (each.place for each in page)
            query = attrs.evolve(query, after=page[-1].place)


def test_1_a_transaction_sees_its_own_writes_and_of_others_only_what_is_committed(raw: Backend) -> None:
    keep(raw, record("A"))
    with writing(raw) as mine, reading(raw) as other:
        mine.put(record("A", 2))
        mine.put(record("B"))
        mine.append(event(1))
        seen = mine.get("hz01", "k", "A")
        assert seen and seen.version == 2
        assert [each.place[2] for each in mine.scan(RawQuery(limit=9))] == ["A", "B"]
        assert mine.head("hz01") == (1, "1")
        unseen = other.get("hz01", "k", "A")
        assert unseen and unseen.version == 1
        assert [each.place[2] for each in other.scan(RawQuery(limit=9))] == ["A"]
        assert other.head("hz01") == (0, "")
        mine.commit()
    with reading(raw) as later:
        assert [each.version for each in later.scan(RawQuery(limit=9))] == [2, 1]


def test_1_a_claimed_snapshot_stays_as_it_was_when_the_transaction_began(raw: Backend) -> None:
    if raw.capabilities.isolation == "read-committed":
        pytest.skip("claims no snapshot")
    keep(raw, record("A"))
    with reading(raw) as tx:
        keep(raw, record("A", 2), record("B"))
        assert [each.version for each in tx.scan(RawQuery(limit=9))] == [1]
        assert [each.version for each in tx.history("hz01", "k", "A")] == [1]
        assert tx.get("hz01", "k", "B") is None


@pytest.mark.parametrize("how", ["rollback", "leave", "exception"])
def test_2_what_is_not_committed_is_gone(raw: Backend, how: str) -> None:
    keep(raw, record("A"))
    with pytest.raises(ZeroDivisionError) if how == "exception" else nullcontext(), writing(raw) as tx:
        tx.put(record("A", 2))
        tx.put(record("B"))
        tx.append(event(1))
        if how == "rollback":
            tx.rollback()
        if how == "exception":
            _ = 1 / 0
    with reading(raw) as tx:
        assert [(each.key, each.version) for each in tx.scan(RawQuery(limit=9))] == [("A", 1)]
        assert list(tx.events("hz01", after=0, limit=9)) == []


def test_3_a_scan_yields_the_latest_versions_in_code_point_order_to_the_last_page(raw: Backend) -> None:
    keys = ["a", "A", "a ", " a", "ä", "a\u0308", "z", "é", "店", "𠮷", "\U0010ffff", "\ue000", "", "10", "9"]
    sellers = ["hz01", "HZ01", "hz01 ", "店"]
    keep(raw, *(record(key, seller=seller) for seller in sellers for key in keys), record("a", 2), record("店", 2))
    expected = sorted((seller, "k", key) for seller in sellers for key in keys)
    for limit in (1, 7, 60, 1000):
        assert list(scanned(raw, RawQuery(limit=limit))) == expected
    mine = list(scanned(raw, RawQuery(limit=4, seller="hz01")))
    assert mine == [place for place in expected if place[0] == "hz01"]
    with reading(raw) as tx:
        assert {each.key for each in tx.scan(RawQuery(limit=99)) if each.version == 2} == {"a", "店"}


def test_3_a_scan_finds_by_seller_kind_and_day(raw: Backend) -> None:
    days = [None, "2023-12-31", "2024-01-01", "2024-01-31", "2024-02-01"]
    keep(
        raw,
        *(record(f"{day}", day=day, kind=kind, seller=s) for day in days for kind in ("k", "l") for s in ("1", "2")),
    )

    def keys(**asked: str) -> list[str]:
        return [place[2] for place in scanned(raw, RawQuery(limit=2, seller="1", kind="l", **asked))]  # type: ignore[arg-type] # asked names text fields only

    assert keys() == ["2023-12-31", "2024-01-01", "2024-01-31", "2024-02-01", "None"]
    assert keys(day_from="2024-01-01") == ["2024-01-01", "2024-01-31", "2024-02-01"]
    assert keys(day_to="2024-01-01") == ["2023-12-31", "2024-01-01"]
    assert keys(day_from="2024-01-01", day_to="2024-01-31") == ["2024-01-01", "2024-01-31"]
    assert len(list(scanned(raw, RawQuery(limit=3, kind="k")))) == 10


def test_3_sellers_are_those_with_a_record_each_once(raw: Backend) -> None:
    names = ["a", "A", "b", "店", "𠮷", "b "]
    keep(raw, *(record(key, seller=name) for name in names for key in "xy"))
    with writing(raw) as tx:
        tx.append(event(1, seller="only events"))
        tx.commit()
    with reading(raw) as tx:
        assert list(tx.sellers(after=None, limit=99)) == sorted(names)
        assert list(tx.sellers(after=None, limit=2)) == sorted(names)[:2]
        assert list(tx.sellers(after="b", limit=99)) == ["b ", "店", "𠮷"]
        assert list(tx.sellers(after="𠮷", limit=99)) == []


@pytest.mark.parametrize("current", [0, 1, 2])
def test_4_only_the_current_version_plus_one_is_put(raw: Backend, current: int) -> None:
    keep(raw, *(record("A", number) for number in range(1, current + 1)))
    for version in range(5):
        with writing(raw) as tx:
            if version == current + 1:
                tx.put(record("A", version))
            else:
                with pytest.raises(ConflictError) as refused:
                    tx.put(record("A", version))
                assert (refused.value.expected, refused.value.actual) == (version - 1, current)
            kept = [each.body for each in tx.history("hz01", "k", "A")]
            last = version if version == current + 1 else current
            assert kept == [f"A {number}".encode() for number in range(1, last + 1)]


def test_4_many_are_put_as_one_by_one(raw: Backend) -> None:
    keep(raw, record("A"), record("B"))
    with writing(raw) as tx:
        tx.put_many([record("A", 2), record("C"), record("B", 2), record("D"), record("D", 2), record("A", 3)])
        tx.put_many([])
        tx.commit()
    with reading(raw) as tx:
        assert [(each.key, each.version) for each in tx.scan(RawQuery(limit=9))] == [
            ("A", 3),
            ("B", 2),
            ("C", 1),
            ("D", 2),
        ]
        assert [each.body for each in tx.history("hz01", "k", "A")] == [b"A 1", b"A 2", b"A 3"]


@pytest.mark.parametrize("wrong", [record("A"), record("A", 3), record("N", 2)])
def test_4_of_many_the_one_that_does_not_fit_is_named(raw: Backend, wrong: RawRecord) -> None:
    keep(raw, record("A"))
    with writing(raw) as tx, pytest.raises(ConflictError) as refused:
        tx.put_many([record("C"), record("B"), wrong, record("D")])
    assert refused.value.expected == wrong.version - 1
    assert list(scanned(raw, RawQuery(limit=9))) == [("hz01", "k", "A")]


def test_5_events_follow_one_another(raw: Backend) -> None:
    with writing(raw) as tx:
        for seq in range(1, 6):
            tx.append(event(seq))
        tx.append_many([event(6), event(7), event(1, "other"), event(8)])
        assert tx.head("hz01") == (8, "8")
        tx.commit()
    with writing(raw) as tx:
        for wrong in (event(8), event(10), attrs.evolve(event(9), prev="x"), event(1), event(2, "new")):
            with pytest.raises(ConflictError) as refused:
                tx.append(wrong)
            assert refused.value.expected == wrong.seq - 1
            assert refused.value.actual == (8 if wrong.seller == "hz01" else 0)
        tx.append(event(9))
        tx.commit()
    with reading(raw) as tx:
        assert list(tx.events("hz01", after=0, limit=99)) == [event(seq) for seq in range(1, 10)]
        assert [each.seq for each in tx.events("hz01", after=3, limit=2)] == [4, 5]
        assert list(tx.events("hz01", after=9, limit=2)) == []
        assert tx.head("other") == (1, "1")
        assert tx.head("none") == (0, "")


@pytest.mark.parametrize("length", [0, 1, 2, 3, 4, 7, 8, 9, 31, 100])
def test_5_the_head_is_found_by_events_alone(raw: Backend, length: int) -> None:
    with writing(raw) as tx:
        tx.append_many([event(seq) for seq in range(1, length + 1)])
        assert Transaction.head(tx, "hz01") == tx.head("hz01") == (length, str(length) if length else "")


@pytest.mark.parametrize("end", ["commit", "rollback"])
def test_6_after_its_end_a_transaction_does_nothing_more(raw: Backend, end: str) -> None:
    tx = writing(raw)
    getattr(tx, end)()
    tx.commit()
    tx.rollback()
    for use in (
        lambda: tx.get("hz01", "k", "A"),
        lambda: tx.put(record("A")),
        lambda: list(tx.scan(RawQuery(limit=1))),
        lambda: list(tx.history("hz01", "k", "A")),
        lambda: tx.append(event(1)),
        lambda: list(tx.events("hz01", after=0, limit=1)),
        lambda: list(tx.sellers(after=None, limit=1)),
        lambda: tx.forget("hz01", "k", "A"),
    ):
        with pytest.raises(StoreError):
            use()


def test_6_a_reading_transaction_does_not_write(raw: Backend) -> None:
    with reading(raw) as tx:
        for use in (lambda: tx.put(record("A")), lambda: tx.append(event(1)), lambda: tx.forget("hz01", "k", "A")):
            with pytest.raises(StoreError):
                use()
        tx.commit()


def test_6_closing_twice_is_fine(raw: Backend) -> None:
    raw.close()
    raw.close()


def test_6_waiting_for_another_writer_ends_after_the_timeout(raw: Backend) -> None:
    with writing(raw) as first:
        first.head("hz01")  # from here on it is the seller's writer, where several may write at once
        with pytest.raises(TransientError), writing(raw, timeout=0.05) as second:
            second.head("hz01")
    with writing(raw) as tx:
        tx.put(record("A"))


def test_6_a_reader_is_never_in_the_way(raw: Backend) -> None:
    keep(raw, record("A"))
    with reading(raw) as tx:
        assert tx.get("hz01", "k", "A")
        keep(raw, record("B"))


def test_7_threads_share_a_backend_and_lose_nothing(raw: Backend) -> None:
    keep(raw, record("A"))
    failures: list[BaseException] = []

    def count() -> None:
        try:
            for _ in range(20):
                with writing(raw, timeout=60) as tx:
                    seq, _ = tx.head("hz01")  # first, as the store does: other writers of this seller wait from here on
                    current = tx.get("hz01", "k", "A")
                    assert current is not None
                    tx.put(record("A", current.version + 1))
                    tx.append(event(seq + 1))
                    tx.commit()
        except BaseException as error:
            failures.append(error)

    threads = [threading.Thread(target=count) for _ in range(4)]
    for thread in threads:
        thread.start()
    for thread in threads:
        thread.join()
    assert failures == []
    with reading(raw) as tx:
        assert [each.version for each in tx.history("hz01", "k", "A")] == list(range(1, 82))
        assert tx.head("hz01") == (80, "80")


def test_8_what_was_returned_is_not_touched_by_later_writes(raw: Backend) -> None:
    keep(raw, record("A"))
    with writing(raw) as tx:
        before, page = tx.get("hz01", "k", "A"), tx.scan(RawQuery(limit=9))
        tx.put(record("A", 2))
        tx.put(record("B"))
        assert before == record("A")
        assert list(page) == [record("A")]


BODIES = [b"{}", b"\x00\xff\n\r", "店𠮷\U0010ffff".encode(), b"x" * 2**20]


@pytest.mark.parametrize(
    "key", ["a", "a ", " a", "A", "%_*?", "'\";--", "店", "𠮷\U0010ffff", "x" * 200, "a/../b", "\x01"]
)
def test_9_text_and_bytes_come_back_exactly(raw: Backend, key: str) -> None:
    for version, body in enumerate(BODIES, 1):
        given = RawRecord(key, key[:8], key, version, "2024-01-31", 7, body, "f" * 64)
        keep(raw, given)
        with reading(raw) as tx:
            assert tx.get(key, key[:8], key) == given
            assert list(tx.scan(RawQuery(limit=1))) == [given]
            assert list(tx.sellers(after=None, limit=1)) == [key]
            assert tx.get(key, key[:8], key.swapcase() + "?") is None
    with reading(raw) as tx:
        assert [each.body for each in tx.history(key, key[:8], key)] == BODIES


def test_9_forget_empties_every_version_and_says_how_many(raw: Backend) -> None:
    keep(raw, record("A"), record("A", 2), record("B"))
    if not raw.capabilities.erasure:
        with writing(raw) as tx, pytest.raises(CapabilityError):
            tx.forget("hz01", "k", "A")
        return
    with writing(raw) as tx:
        tx.put(record("A", 3))
        assert tx.forget("hz01", "k", "A") == 3
        assert tx.forget("hz01", "k", "none") == 0
        tx.put(record("A", 4))
        assert [each.body for each in tx.history("hz01", "k", "A")] == [b"", b"", b"", b"A 4"]
        tx.commit()
    with reading(raw) as tx:
        assert [each.body for each in tx.history("hz01", "k", "A")] == [b"", b"", b"", b"A 4"]
        assert list(tx.history("hz01", "k", "A"))[1] == attrs.evolve(record("A", 2), body=b"")
        assert tx.get("hz01", "k", "B") == record("B")


def test_9_what_was_forgotten_comes_back_with_a_rollback(raw: Backend) -> None:
    if not raw.capabilities.erasure:
        pytest.skip("claims no erasure")
    keep(raw, record("A"))
    with writing(raw) as tx:
        tx.forget("hz01", "k", "A")
    with reading(raw) as tx:
        assert tx.get("hz01", "k", "A") == record("A")
