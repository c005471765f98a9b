"""All of a store, page by page."""

from collections.abc import Iterator

from qsafety.storage.backend import RawQuery, RawRecord, Transaction

PAGE = 1000


def sellers(tx: Transaction) -> Iterator[str]:
    """Every seller with a record."""
    after: str | None = None
    while page := list(tx.sellers(after=after, limit=PAGE)):
        yield from page
        after = page[-1]


def records(tx: Transaction, seller: str) -> Iterator[RawRecord]:
    """The current version of every record of a seller."""
    query = RawQuery(limit=PAGE, seller=seller)
    while page := list(tx.scan(query)):
        yield from page
        query = RawQuery(limit=PAGE, seller=seller, after=page[-1].place)
