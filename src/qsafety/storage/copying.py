"""From one store into another: every version, every instant and every link of the journals, as they are."""

from collections.abc import Iterator

from qsafety.storage.backend import Backend, RawRecord, Transaction
from qsafety.storage.walking import PAGE, records, sellers


def copy(source: Backend, target: Backend, timeout: float) -> int:
    """Seller by seller, each in one transaction; how many sellers were written. One that is there, to the last event, is left."""
    written = 0
    with source.begin(write=False, timeout=timeout) as read:
        for seller in sellers(read):
            with target.begin(write=True, timeout=timeout) as write:
                head = read.head(seller)
                if head[0] and write.head(seller) == head:
                    continue
                _copy_seller(read, write, seller)
                write.commit()
                written += 1
    return written


def _copy_seller(read: Transaction, write: Transaction, seller: str) -> None:
    generations: dict[int, list[RawRecord]] = {}
    for latest in records(read, seller):
        for record in read.history(seller, latest.kind, latest.key):
            generations.setdefault(record.version, []).append(record)
    write.head(seller)  # from here on other writers of this seller wait
    for version in sorted(generations):  # all first versions together, then all second ones
        for page in _pages(generations[version]):
            write.put_many(page)
    after = 0
    while events := list(read.events(seller, after=after, limit=PAGE)):
        write.append_many(events)
        after = events[-1].seq


def _pages(records: list[RawRecord]) -> Iterator[list[RawRecord]]:
    return (records[start : start + PAGE] for start in range(0, len(records), PAGE))
