"""A state machine: any sequence of writes, ends and openings leaves a backend as a dict would be left."""

import json
import os
from collections.abc import Callable
from itertools import count
from typing import Any

from hypothesis import HealthCheck, Phase, settings
from hypothesis import strategies as st
from hypothesis.stateful import (
    RuleBasedStateMachine,
    initialize,
    invariant,
    precondition,
    rule,
    run_state_machine_as_test,
)

from qsafety.errors import ConflictError
from qsafety.storage import Backend, RawEvent, RawQuery, RawRecord, StoreUrl, Transaction
from qsafety.storage.discovery import backend as backend_of
from qsafety.testing.contract import Contract, event, pages, record

KEYS = ("a", "A", "a ", "b", "店", "\ue000", "𠮷")
KINDS = ("k", "l")
DAYS = (None, "2024-01-01", "2024-01-31", "2024-02-01")
EXAMPLES, STEPS = int(os.environ.get("QSAFETY_KIT_EXAMPLES", "12")), 25
"""How many sequences are tried, and how long each is; ``QSAFETY_KIT_EXAMPLES`` makes them more."""

_lives = count(1)


def opened(url: str) -> Backend:
    """The backend at a URL."""
    place = StoreUrl.parse(url)
    return backend_of(place.scheme).open(place, place.query)


class BackendMachine(RuleBasedStateMachine):
    """A backend beside a model of dicts.

    Each life keeps to sellers of its own, so that lives may share a store: ``run_state_machine_as_test(lambda:
    BackendMachine(url))``. ``reopen`` is how the store is opened, where its entry point is not installed.
    """

    def __init__(self, url: str, reopen: Callable[[str], Backend] = opened) -> None:
        super().__init__()
        self.url, self.reopen = url, reopen
        self.backend = reopen(url)
        self.life = f"life {next(_lives):06d}"
        self.kept: dict[tuple[str, str, str], list[RawRecord]] = {}
        self.told: dict[str, list[RawEvent]] = {}
        self.new_kept, self.new_told = dict(self.kept), dict(self.told)
        self.tx: Transaction | None = None

    def _place(self, seller: str, kind: str, key: str) -> tuple[str, str, str]:
        return (f"{self.life} {seller}", kind, key)

    @initialize()
    def is_new(self) -> None:
        """Nothing is there of this life."""
        self._compare()

    @precondition(lambda self: self.tx is None)
    @rule()
    def begin(self) -> None:
        """Begin to write."""
        self.tx = self.backend.begin(write=True, timeout=10)
        self.new_kept = {place: list(versions) for place, versions in self.kept.items()}
        self.new_told = {seller: list(events) for seller, events in self.told.items()}

    @precondition(lambda self: self.tx is not None)
    @rule(
        seller=st.sampled_from("xy"),
        kind=st.sampled_from(KINDS),
        key=st.sampled_from(KEYS),
        day=st.sampled_from(DAYS),
        body=st.text(st.characters(exclude_categories=["Cs", "Cc"]), max_size=20),
    )
    def put(self, seller: str, kind: str, key: str, day: str | None, body: str) -> None:
        """Put the next version."""
        assert self.tx is not None
        place = self._place(seller, kind, key)
        versions = self.new_kept.setdefault(place, [])
        new = record(
            key, len(versions) + 1, seller=place[0], kind=kind, day=day, body=json.dumps([body], ensure_ascii=False)
        )
        self.tx.put(new)
        versions.append(new)

    @precondition(lambda self: self.tx is not None)
    @rule(
        seller=st.sampled_from("xy"),
        kind=st.sampled_from(KINDS),
        key=st.sampled_from(KEYS),
        off=st.sampled_from((-1, 1, 2, 7)),
    )
    def put_wrongly(self, seller: str, kind: str, key: str, off: int) -> None:
        """Put another than the next version; after the error the transaction is rolled back."""
        assert self.tx is not None
        place = self._place(seller, kind, key)
        current = len(self.new_kept.get(place, []))
        wrong = record(key, current + 1 + off, seller=place[0], kind=kind)
        try:
            self.tx.put(wrong)
        except ConflictError as error:
            assert (error.expected, error.actual) == (wrong.version - 1, current)
        else:
            raise AssertionError(f"version {wrong.version} was taken, and {current} was current")
        self.rollback()

    @precondition(lambda self: self.tx is not None)
    @rule(seller=st.sampled_from("xy"))
    def append(self, seller: str) -> None:
        """Append the next event."""
        assert self.tx is not None
        name = f"{self.life} {seller}"
        events = self.new_told.setdefault(name, [])
        new = event(len(events) + 1, name)
        self.tx.append(new)
        events.append(new)

    @precondition(lambda self: self.tx is not None)
    @rule()
    def look(self) -> None:
        """A transaction sees its own writes."""
        assert self.tx is not None
        self._same(self.tx, self.new_kept, self.new_told, 3)

    @precondition(lambda self: self.tx is not None)
    @rule()
    def commit(self) -> None:
        """Make it so."""
        assert self.tx is not None
        self.tx.commit()
        self.tx, self.kept, self.told = None, self.new_kept, self.new_told

    @precondition(lambda self: self.tx is not None)
    @rule()
    def rollback(self) -> None:
        """Undo it."""
        assert self.tx is not None
        self.tx.rollback()
        self.tx = None

    @precondition(lambda self: self.tx is None and self.backend.capabilities.durability != "none")
    @rule()
    def open_again(self) -> None:
        """Close and open."""
        self.backend.close()
        self.backend = self.reopen(self.url)

    @precondition(lambda self: self.tx is None)
    @rule(
        kind=st.sampled_from([None, *KINDS]),
        first=st.sampled_from(DAYS),
        last=st.sampled_from(DAYS),
        limit=st.integers(1, 4),
    )
    def ask(self, kind: str | None, first: str | None, last: str | None, limit: int) -> None:
        """A query finds what it would find in the model."""
        query = RawQuery(limit=limit, seller=f"{self.life} x", kind=kind, day_from=first, day_to=last)
        latest = sorted((versions[-1] for versions in self.kept.values() if versions), key=lambda each: each.place)
        with self.backend.begin(write=False, timeout=10) as tx:
            assert list(pages(tx, query)) == [each for each in latest if query.matches(each)]

    @invariant()
    def is_as_the_model(self) -> None:
        """What is committed is what is seen."""
        if self.tx is None:
            self._compare()

    def _compare(self) -> None:
        with self.backend.begin(write=False, timeout=10) as tx:
            self._same(tx, self.kept, self.told, 50)

    def _same(
        self, tx: Transaction, kept: dict[Any, list[RawRecord]], told: dict[str, list[RawEvent]], limit: int
    ) -> None:
        latest = sorted((versions[-1] for versions in kept.values() if versions), key=lambda each: each.place)
        found = [
            each
            for each in pages(tx, RawQuery(limit=limit, after=(self.life, "", "")))
            if each.seller.startswith(self.life)
        ]
        assert found == latest
        for place, versions in kept.items():
            assert list(tx.history(*place)) == versions
            assert tx.get(*place) == (versions[-1] if versions else None)
        for seller, events in told.items():
            assert list(tx.events(seller, after=0, limit=999)) == events

    def teardown(self) -> None:
        """The end of a life."""
        if self.tx is not None:
            self.tx.rollback()
        self.backend.close()


class Machine(Contract):
    """Promise 2 over any sequence of writes, ends and openings."""

    def test_2_any_sequence_leaves_what_a_dict_would_hold(self, backend: Backend, url: str) -> None:
        backend.close()
        run_state_machine_as_test(
            lambda: BackendMachine(url, self.open),  # type: ignore[arg-type] # a function that makes a machine will do
            settings=settings(
                max_examples=EXAMPLES,
                stateful_step_count=STEPS,
                deadline=None,
                # a broken backend may make every step slow: no time goes into a shorter sequence
                phases=[Phase.generate],
                database=None,
                derandomize=True,
                suppress_health_check=[HealthCheck.too_slow, HealthCheck.data_too_large, HealthCheck.filter_too_much],
            ),
        )
