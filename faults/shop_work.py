"""What is done to a store while faults come, and what is looked for afterwards."""

from collections.abc import Callable, Iterable
from contextlib import suppress
from datetime import date

import attrs

from qsafety.dossier import Hazard
from qsafety.errors import StoreError
from qsafety.storage import Store, open_store

SELLER = "hz01"
DAY = date(2024, 1, 31)


def hazard(key: str, note: str = "") -> Hazard:
    """A record."""
    return Hazard(id=key, source="daily", found_on=DAY, note=note)


def transact(store: Store, number: int, note: str = "") -> None:
    """One transaction that leaves three marks: two records of its own, and the next version of one that all change."""
    with store.transaction() as tx:
        tx.put(SELLER, hazard(f"{number:05d}-a", note))
        tx.put(SELLER, hazard("last", str(number)))
        tx.put(SELLER, hazard(f"{number:05d}-b", note))


def work(url: str, acknowledge: Callable[[int], object], transactions: int) -> None:
    """Several transactions; one that is refused with a clear error is left, and the next is tried."""
    try:
        store = open_store(url)
    except StoreError:
        return
    try:
        for number in range(1, transactions + 1):
            try:
                transact(store, number)
            except StoreError:
                continue
            acknowledge(number)
    finally:
        with suppress(StoreError):
            store.close()


@attrs.define
class Tally:
    """What was found after faults."""

    trials: int = 0
    acknowledged: int = 0
    unreadable: int = 0
    lost: int = 0
    half: int = 0
    unsound: int = 0
    refused: int = 0
    """Transactions that were not acknowledged and are there: their commit was under way."""

    @property
    def well(self) -> bool:
        """Nothing unreadable, lost, half or unsound."""
        return not (self.unreadable or self.lost or self.half or self.unsound)

    def __str__(self) -> str:
        told = f"{self.unreadable} unreadable, {self.lost} of {self.acknowledged:,} acknowledged transactions lost, {self.half} half"
        return told + (f", {self.unsound} unsound" if self.unsound else "")

    def look(self, url: str, acknowledged: Iterable[int]) -> None:
        """Open the store anew, compare, and write once more."""
        self.trials += 1
        told = set(acknowledged)
        self.acknowledged += len(told)
        try:
            with open_store(url) as store:
                whole = self._whole(store)
                self.lost += len(told - whole)
                self.refused += len(whole - told)
                self.unsound += not store.check().ok
                transact(store, 99999)
        except Exception as error:  # whatever comes here, the store cannot be used any more
            print(f"    {url}: {type(error).__name__}: {error}", flush=True)
            self.unreadable += 1

    def _whole(self, store: Store) -> set[int]:
        """The numbers of the transactions that are there; those of which only a part is are counted."""
        found: dict[str, set[int]] = {"a": set(), "b": set()}
        last: set[int] = set()
        for kept in store.scan(SELLER, Hazard):
            if kept.fact.id == "last":
                last = {int(version.fact.note) for version in store.history(SELLER, Hazard, "last")}
            else:
                number, _, mark = kept.fact.id.partition("-")
                found[mark].add(int(number))
        whole = found["a"] & found["b"] & last
        self.half += len((found["a"] | found["b"] | last) - whole)
        return whole
