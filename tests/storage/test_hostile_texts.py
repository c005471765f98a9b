"""Whatever a text is, it comes back as it was, out of every store; and what is private is told to nobody."""

import logging
import traceback
from collections.abc import Iterator
from contextlib import suppress
from datetime import date
from typing import Any

import attrs
import pytest

from qsafety.dossier import Hazard, Person
from qsafety.errors import QSafetyError, StoreError
from qsafety.storage import Store, StoreUrl, open_store
from qsafety.storage.discovery import backend
from tests.storage.hostile import HOSTILE

HAZARD = Hazard(id="H", source="daily", found_on=date(2024, 1, 31))


def test_a_hundred_hostile_texts_come_back_as_they_were(store: Store) -> None:
    assert len(set(HOSTILE)) >= 100
    assert max(len(text.encode()) for text in HOSTILE) == 2**20
    with store.transaction() as tx:
        for number, text in enumerate(HOSTILE):
            tx.put("hz01", attrs.evolve(HAZARD, id=f"H{number:03d}", note=text))
    back = [kept.fact.note for kept in store.scan("hz01", Hazard)]
    assert [text == again for text, again in zip(HOSTILE, back, strict=True)] == [True] * len(HOSTILE)


def test_as_an_id_or_a_seller_a_text_is_kept_as_it_is_or_refused(store: Store) -> None:
    kept: set[str] = set()
    for text in HOSTILE:
        try:
            fact = attrs.evolve(HAZARD, id=text)
            with store.transaction() as tx:
                tx.put(text, fact)
            kept.add(text)
        except QSafetyError:
            assert store.get("hz01", Hazard, "H") is None
    assert len(kept) > 75
    assert store.sellers() == sorted(kept)
    for text in kept:
        found = store.get(text, Hazard, text)
        assert found and found.fact.id == text, ascii(text)
    assert store.check().ok


# --- what is private -------------------------------------------------------------------------------------------------

NAME, PHONE, NUMBER = "金丝" + "雀", "138" + "12345678", "11010519491231" + "002X"


@pytest.fixture
def everything_said(caplog: pytest.LogCaptureFixture) -> Iterator[list[str]]:
    """All that any library says at DEBUG, and what the test adds to it."""
    said: list[str] = []
    loggers = ["", "sqlalchemy", "sqlalchemy.engine", "sqlalchemy.pool", "psycopg", "filelock", "alembic"]
    before = {name: logging.getLogger(name).level for name in loggers}
    for name in loggers:
        logging.getLogger(name).setLevel(logging.DEBUG)
    yield said
    for name, level in before.items():
        logging.getLogger(name).setLevel(level)


def test_a_name_and_a_telephone_number_are_told_to_nobody(
    url: str, everything_said: list[str], caplog: pytest.LogCaptureFixture, capfd: pytest.CaptureFixture[str]
) -> None:
    person = Person(id="P1", name=NAME, phone=PHONE, resident_id=NUMBER)
    said = everything_said

    def fail(call: Any) -> None:
        with pytest.raises(StoreError) as refused:
            call()
        error = refused.value
        said.extend(
            [*traceback.format_exception(error), repr(error), error.to("zh"), str(error.to_dict()), str(vars(error))]
        )

    with open_store(url) as store:
        for _ in range(2):
            store.put("hz01", person)
        fail(lambda: store.put("hz01", person, expected=7))
        fail(lambda: store.put("a\tb", person))
        fail(lambda: store.put("hz01", person, by="a\tb"))
        fail(lambda: store.get("hz01", Person, 7))  # type: ignore[arg-type] # a mistake
        with store.transaction() as tx:
            kept = tx.get("hz01", Person, "P1")
            said += [repr(tx), repr(kept), str(kept)]
        with suppress(ZeroDivisionError), store.transaction() as tx:
            tx.put("hz01", person)
            _ = 1 / 0
        said += [repr(store), repr(store.history("hz01", Person, "P1")), repr(store.dossier), repr(store.capabilities)]
        said += [repr(list(store.journal("hz01"))), repr(store.check()), str(store.check().to_dict())]
    if not url.startswith("folder"):  # the tests' own plug-in has nothing to close
        fail(lambda: store.put("hz01", person))
    place = StoreUrl.parse(url)
    raw = backend(place.scheme).open(place, place.query)
    with raw.begin(write=True, timeout=5) as bare:
        record = bare.get("hz01", "person", "P1")
        if record is not None:  # memory:// is another store each time
            said += [repr(record), repr(bare), repr(list(bare.events("hz01", after=0, limit=9)))]
            fail(lambda: bare.put(record))
            fail(lambda: bare.put(attrs.evolve(record, version=9)))
        bare.commit()
        if record is not None:
            fail(lambda: bare.put(record))
    raw.close()
    printed = capfd.readouterr()
    everything = "\n".join([*said, caplog.text, printed.out, printed.err])
    assert caplog.text or url.startswith(("memory", "folder"))
    for secret in (NAME, PHONE, NUMBER, str(NAME.encode())[2:-1], NAME.encode().hex(), ascii(NAME)[1:-1]):
        assert secret not in everything
