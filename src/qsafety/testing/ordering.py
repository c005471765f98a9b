"""Promise 3: what a scan and a list of sellers yield, in which order, and how far."""

from qsafety.storage import Backend, RawQuery
from qsafety.testing.contract import Contract, event, everything, found, keep, pages, record, writing

ORDER_TRAPS = (
    "a", "A", "b", "B", "a ", " a", "a.", "aa", "Z", "z", "ä", "a\u0308", "é", "e\u0301", "ß", "ss", "I", "i", "İ", "ı", "10", "9",
    "1", "01", "店", "㐀", "Ａ", "\u200b", "\u202eabc", "\ue000", "\uffee", "𠮷", "🛵", "\U0010fffd", "-", "_", "~", "%", "'",
)  # fmt: skip
"""Keys that a language's order, a folded case, a number's order or UTF-16 (which puts 𠮷 before U+E000) would misplace."""

PLACE_TRAPS = (
    ("a", "b", "c"), ("a", "bc", "a"), ("ab", "a", "a"), ("a ", "b", "a"), ("a", "b ", "a"), ("a", "b", "c d"), ("a-b", "c", "d"),
    ("a", "b-c", "d"), ("a/b", "c", "d"), ("a", "b/c", "d"), ("a!", "a", "a"), ("a", "b", "b"), ("a", "c", "a"), ("b", "a", "a"),
)  # fmt: skip
"""Places that come in another order, or fall together, once their parts are joined to one text."""


class Ordering(Contract):
    """Promise 3."""

    def test_3_a_scan_is_ordered_by_code_points(self, backend: Backend) -> None:
        sellers = ("s1", "S1", "s1 ", "店", "\ue000", "𠮷")
        keep(backend, *(record(key, seller=seller) for seller in sellers for key in reversed(ORDER_TRAPS)))
        scanned = [each.place for each in found(backend, everything)]
        expected = sorted((seller, "k", key) for seller in sellers for key in ORDER_TRAPS)
        assert sorted(scanned) == expected, "a scan does not yield each record once"
        assert scanned == expected, "a scan is not in code-point order"

    def test_3_seller_kind_and_key_are_ordered_one_after_another(self, backend: Backend) -> None:
        keep(backend, *(record(key, seller=seller, kind=kind) for seller, kind, key in reversed(PLACE_TRAPS)))
        for limit in (1, 3, 100):
            scanned = [each.place for each in found(backend, lambda tx, limit=limit: everything(tx, limit=limit))]  # type: ignore[misc] # mypy infers no lambda that binds a loop's variable
            assert scanned == sorted(PLACE_TRAPS), f"with pages of {limit}"

    def test_3_a_scan_goes_page_by_page_to_the_last(self, backend: Backend) -> None:
        count = 23
        keep(backend, *(record(f"{number:02d}") for number in range(count)))
        expected = [f"{number:02d}" for number in range(count)]
        for limit in (1, 2, 5, 22, 23, 24, 1000):
            keys = [each.key for each in found(backend, lambda tx, limit=limit: everything(tx, limit=limit))]  # type: ignore[misc] # mypy infers no lambda that binds a loop's variable
            assert keys == expected, f"with pages of {limit}"
        with backend.begin(write=False, timeout=5) as tx:
            for limit in (1, 22, 23):
                assert len(list(tx.scan(RawQuery(limit=limit)))) == limit
            assert [each.key for each in tx.scan(RawQuery(limit=1, after=("s1", "k", "21")))] == ["22"]
            assert list(tx.scan(RawQuery(limit=9, after=("s1", "k", "22")))) == []
            assert list(tx.scan(RawQuery(limit=9, after=("zz", "", "")))) == []

    def test_3_a_page_begins_after_a_place_that_need_not_exist(self, backend: Backend) -> None:
        keep(backend, *(record(key, seller=s, kind=k) for s in ("a", "c") for k in ("k", "m") for key in ("1", "3")))
        all_places = [(s, k, key) for s in ("a", "c") for k in ("k", "m") for key in ("1", "3")]
        afters = [
            ("", "", ""),
            ("a", "k", "2"),
            ("a", "k", "3"),
            ("a", "l", "9"),
            ("a", "m", "1"),
            ("b", "", ""),
            ("c", "m", "1"),
        ]
        with backend.begin(write=False, timeout=5) as tx:
            for after in afters:
                scanned = [each.place for each in tx.scan(RawQuery(limit=99, after=after))]
                assert scanned == [place for place in all_places if place > after], f"after {after}"
                mine = [each.place for each in tx.scan(RawQuery(limit=99, after=after, seller="c", kind="k"))]
                assert mine == [p for p in all_places if p > after and p[:2] == ("c", "k")], f"of c and k after {after}"

    def test_3_a_scan_yields_the_latest_version_of_each_key_once(self, backend: Backend) -> None:
        keep(backend, *(record("A", number) for number in (1, 2, 3)), record("B"), record("C"))
        keep(backend, record("B", 2), *(record("A", number) for number in range(4, 12)))
        latest = found(backend, lambda tx: everything(tx, limit=2))
        assert latest == [record("A", 11), record("B", 2), record("C")], (
            "a scan does not yield the latest versions, once"
        )

    def test_3_a_scan_finds_by_seller_and_kind(self, backend: Backend) -> None:
        places = [
            (seller, kind, key) for seller in ("s1", "s1 ", "s2") for kind in ("k", "K", "l") for key in ("1", "2")
        ]
        keep(backend, *(record(key, seller=seller, kind=kind) for seller, kind, key in places))
        for seller in (None, "s1", "s2", "s", "S1"):
            for kind in (None, "k", "l", "m"):
                query = RawQuery(limit=4, seller=seller, kind=kind)
                scanned = [each.place for each in found(backend, lambda tx, query=query: list(pages(tx, query)))]  # type: ignore[misc] # mypy infers no lambda that binds a loop's variable
                expected = [p for p in sorted(places) if seller in (None, p[0]) and kind in (None, p[1])]
                assert scanned == expected, f"seller {seller!r}, kind {kind!r}"

    def test_3_days_are_inclusive_and_no_day_never_matches(self, backend: Backend) -> None:
        days = [None, "2023-12-31", "2024-01-01", "2024-01-15", "2024-01-31", "2024-02-01"]
        keep(backend, *(record(f"{day}", day=day, seller=seller) for day in days for seller in ("s1", "s2")))
        windows = [
            (None, None), ("2024-01-01", None), (None, "2024-01-31"), ("2024-01-01", "2024-01-31"), ("2024-01-15", "2024-01-15"),
            ("2024-01-02", "2024-01-14"), ("2024-02-02", None), (None, "2023-12-30"), ("0001-01-01", "9999-12-31"),
        ]  # fmt: skip
        for first, last in windows:
            query = RawQuery(limit=2, seller="s1", day_from=first, day_to=last)
            scanned = [each.day for each in found(backend, lambda tx, query=query: list(pages(tx, query)))]  # type: ignore[misc] # mypy infers no lambda that binds a loop's variable
            inside = [d for d in days if d and (first or "") <= d <= (last or "9")]
            assert scanned == inside + ([None] if first is None and last is None else []), (
                f"days from {first} to {last}"
            )

    def test_3_the_day_is_that_of_the_latest_version(self, backend: Backend) -> None:
        keep(backend, record("moved", day="2024-01-01"), record("undated", day="2024-01-01"), record("dated"))
        keep(backend, record("moved", 2, day="2024-02-01"), record("undated", 2), record("dated", 2, day="2024-01-01"))
        january = RawQuery(limit=9, day_from="2024-01-01", day_to="2024-01-31")
        assert [each.key for each in found(backend, lambda tx: list(tx.scan(january)))] == ["dated"]
        rest = RawQuery(limit=9, day_from="2024-02-01")
        assert found(backend, lambda tx: list(tx.scan(rest))) == [record("moved", 2, day="2024-02-01")]

    def test_3_sellers_are_those_with_a_record_each_once(self, backend: Backend) -> None:
        names = ["a", "A", "b", "b ", "é", "e\u0301", "店", "\ue000", "𠮷"]
        keep(
            backend, *(record(key, seller=name, kind=kind) for name in reversed(names) for kind in "kl" for key in "xy")
        )
        keep(backend, record("x", 2, seller="a"), events=[event(1, "only events")])
        with writing(backend) as tx:
            tx.put(record(seller="rolled back"))
        expected = sorted(names)
        with backend.begin(write=False, timeout=5) as tx:
            assert list(tx.sellers(after=None, limit=99)) == expected
            for limit in (1, 4, 9, 10):
                seen: list[str] = []
                while page := list(tx.sellers(after=seen[-1] if seen else None, limit=limit)):
                    assert len(page) <= limit
                    assert not set(page) & set(seen), "a seller comes twice: after= is exclusive"
                    seen += page
                assert seen == expected, f"with pages of {limit}"
            assert list(tx.sellers(after="aa", limit=2)) == ["b", "b "]
            assert list(tx.sellers(after="", limit=1)) == ["A"]
            assert list(tx.sellers(after="𠮷", limit=99)) == []

    def test_3_an_empty_store_yields_nothing(self, backend: Backend) -> None:
        with backend.begin(write=False, timeout=5) as tx:
            assert list(tx.scan(RawQuery(limit=9))) == []
            assert list(tx.sellers(after=None, limit=9)) == []
            assert list(tx.history("s1", "k", "A")) == []
            assert list(tx.events("s1", after=0, limit=9)) == []
            assert tx.get("s1", "k", "A") is None
