"""What is asked in the wrong form gets one clear error, on every store, and leaves nothing behind."""

from collections.abc import Callable
from datetime import UTC, date, datetime
from typing import Any

import pytest

from qsafety.dossier import Dossier, Hazard, Person, Seller
from qsafety.errors import FactError, PeriodError, QSafetyError, StoreError
from qsafety.storage import Store, open_store

HAZARD = Hazard(id="H1", source="daily", found_on=date(2024, 1, 31))
Call = Callable[[Any], object]

WRONG: list[tuple[Call, type[QSafetyError], str]] = [
    (lambda s: s.dossier("s", since="2024-01-01"), PeriodError, "since: got '2024-01-01', expected a datetime.date"),
    (lambda s: s.dossier("s", until=datetime(2024, 1, 1, tzinfo=UTC)), PeriodError, "until: got"),
    (lambda s: s.dossier("s", since=date(2024, 2, 1), until=date(2024, 1, 1)), PeriodError, "is before since"),
    (lambda s: s.dossier(7), StoreError, "seller: text was expected, and int came"),
    (lambda s: list(s.scan("s", Hazard, since="text")), PeriodError, "since: got 'text'"),
    (lambda s: list(s.scan("s", "hazard")), FactError, "no kind of record"),
    (lambda s: s.get("s", Person, 7), StoreError, "id: text was expected, and int came"),
    (lambda s: s.get("s", "person", "P1"), FactError, "no kind of record"),
    (lambda s: s.history(None, Person, "P1"), StoreError, "seller: text was expected, and NoneType came"),
    (lambda s: list(s.journal("s", after="1")), StoreError, "after: a number from 0 was expected, not '1'"),
    (lambda s: s.put("s", {"id": "H1"}), FactError, "dict is no kind of record"),
    (lambda s: s.put(None, HAZARD), StoreError, "seller: text was expected, and NoneType came"),
    (lambda s: s.put("s", HAZARD, expected="0"), StoreError, "expected: a number from 0 was expected, not '0'"),
    (lambda s: s.put("s", HAZARD, expected=-1), StoreError, "expected: a number from 0 was expected, not -1"),
    (lambda s: s.put("s", HAZARD, by=3), StoreError, "by: text was expected, and int came"),
    (lambda s: s.save({"seller": "s"}), StoreError, r"a Dossier was expected, and dict came. A ledger: qs.read_ledger"),
    (lambda s: s.save(HAZARD), StoreError, "a Dossier was expected, and Hazard came"),
    (lambda s: s.save(Dossier(seller=Seller(id="s", name="s")), by=3), StoreError, "by: text was expected"),
]


@pytest.mark.parametrize(("call", "kind", "words"), WRONG, ids=[words[:40] for _, _, words in WRONG])
def test_a_question_in_the_wrong_form_is_refused(call: Call, kind: type[QSafetyError], words: str) -> None:
    with open_store("memory://") as store:
        store.save(Dossier(seller=Seller(id="s", name="s")))
        before = list(store.journal("s"))
        with pytest.raises(kind, match=words) as refused:
            call(store)
        assert refused.value.to("zh") != refused.value.to("en")
        assert list(store.journal("s")) == before


def test_a_person_that_is_no_text_is_not_erased(store: Store) -> None:
    if not store.capabilities.erasure:
        pytest.skip("claims no erasure")
    with pytest.raises(StoreError, match="person: text was expected, and NoneType came"):
        store.erase("s", None)  # type: ignore[arg-type] # the mistake that is tested


@pytest.mark.parametrize("timeout", ["5", None, -1, float("nan")])
def test_a_timeout_is_a_number_of_seconds(timeout: Any) -> None:
    with pytest.raises(StoreError, match="timeout: a number of seconds was expected"):
        open_store("memory://", timeout=timeout)


def test_sellers_that_look_alike_are_two(store: Store) -> None:
    """Latin and Cyrillic, composed and decomposed, wide and narrow, with a blank at the end, in another case."""
    alike = ["cafe", "саfе", "café", "cafe\u0301", "ｃａｆｅ", "cafe ", "CAFE", "cafe\u200b"]
    for name in alike:
        store.save(Dossier(seller=Seller(id=name, name=name)))
    assert store.sellers() == sorted(alike)
    for name in alike:
        assert store.dossier(name).seller.name == name
    assert store.check().ok
