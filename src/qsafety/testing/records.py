"""Promises 4 and 5: versions of records and events of journals follow one another without a gap."""

from contextlib import suppress

import attrs
import pytest

from qsafety.errors import ConflictError, TransientError
from qsafety.storage import Backend, RawEvent, RawRecord, Transaction
from qsafety.testing.contract import SHORT, Contract, event, found, keep, record, shares, versions, writing


def _put_refused(tx: Transaction, wrong: RawRecord, actual: int) -> None:
    try:
        tx.put(wrong)
    except ConflictError as error:
        told = (error.expected, error.actual)
        assert told == (wrong.version - 1, actual), f"the conflict tells (expected, actual) = {told}"
    else:
        pytest.fail(f"version {wrong.version} was taken, and {actual} is current")


def _append_refused(tx: Transaction, wrong: RawEvent, last: int) -> None:
    try:
        tx.append(wrong)
    except ConflictError as error:
        told = (error.expected, error.actual)
        assert told == (wrong.seq - 1, last), f"the conflict tells (expected, actual) = {told}"
    else:
        pytest.fail(f"event {wrong.seq} after {wrong.prev[:8] or 'none'} was taken, and {last} is the last")


class Records(Contract):
    """Promises 4 and 5."""

    @pytest.mark.parametrize("current", [0, 1, 2, 3])
    def test_4_put_takes_the_current_version_plus_one(self, backend: Backend, current: int) -> None:
        keep(backend, record("B"), record("B", 2), *(record(version=number) for number in range(1, current + 1)))
        for version in (0, -1, *range(1, 7), 100):
            if version != current + 1:
                with writing(backend) as tx:
                    _put_refused(tx, record(version=version, body='{"is":"wrong"}'), current)
        kept = [record(version=number) for number in range(1, current + 1)]
        assert found(backend, lambda tx: list(tx.history("s1", "k", "A"))) == kept, "a refused version left something"
        keep(backend, record(version=current + 1))
        assert found(backend, versions) == list(range(1, current + 2))

    def test_4_within_a_transaction_too(self, backend: Backend) -> None:
        with writing(backend) as tx:
            tx.put(record())
            _put_refused(tx, record(body='{"is":"wrong"}'), 1)
        with writing(backend) as tx:
            tx.put(record())
            tx.put(record(version=2))
            _put_refused(tx, record(version=2), 2)
        with writing(backend) as tx:
            tx.put(record())
            tx.put(record(version=2))
            _put_refused(tx, record(version=4), 2)

    def test_4_what_was_rolled_back_is_no_version(self, backend: Backend) -> None:
        for _ in range(2):
            with writing(backend) as tx:
                tx.put(record())
                tx.put(record(version=2))
        with writing(backend) as tx:
            _put_refused(tx, record(version=2), 0)
        keep(backend, record())
        with writing(backend) as tx:
            tx.put(record(version=2))
        with writing(backend) as tx:
            _put_refused(tx, record(version=3), 1)
        keep(backend, record(version=2))
        assert found(backend, lambda tx: list(tx.history("s1", "k", "A"))) == [record(), record(version=2)]

    def test_4_history_keeps_every_version_as_it_was(self, backend: Backend) -> None:
        kept = [
            record(
                version=number,
                day=[None, "2024-01-31", "2024-02-29"][number % 3],
                schema=number,
                body=f'{{"n":{number}}}',
            )
            for number in range(1, 13)
        ]
        others = [record(seller="s2"), record(kind="l"), record("B"), record("A ")]
        keep(backend, *kept[:5], *others)
        keep(backend, *kept[5:11])
        keep(backend, kept[11])
        assert found(backend, lambda tx: list(tx.history("s1", "k", "A"))) == kept
        for other in others:
            assert found(backend, lambda tx, place=other.place: list(tx.history(*place))) == [other]  # type: ignore[misc] # mypy infers no lambda that binds a loop's variable
        assert found(backend, lambda tx: list(tx.history("s1", "k", "absent"))) == []

    def test_4_of_two_at_once_one_conflicts(self, backend: Backend) -> None:
        keep(backend, record())
        done = _at_once(backend, backend)
        assert done == 1, f"{done} transactions that read version 1 both put version 2"
        assert found(backend, versions) == [1, 2]

    def test_4_another_handle_brought_the_next_version(self, backend: Backend, url: str) -> None:
        other = shares(self, url, backend)
        try:
            for version in range(1, 6):
                writer, late = (backend, other) if version % 2 else (other, backend)
                keep(writer, record(version=version))
                with writing(late) as tx:
                    current = tx.get("s1", "k", "A")
                    assert current is not None
                    assert current.version == version, "an old version is remembered"
                    _put_refused(tx, record(version=version, body='{"is":"wrong"}'), version)
        finally:
            other.close()
        assert found(backend, versions) == [1, 2, 3, 4, 5]

    def test_4_two_handles_at_once_and_one_conflicts(self, backend: Backend, url: str) -> None:
        if backend.capabilities.writers == "one-process":
            pytest.skip("claims no other processes")
        other = self.open(url)
        try:
            keep(backend, record())
            done = _at_once(backend, other)
            assert done == 1, f"{done} transactions that read version 1 both put version 2"
            assert found(other, versions) == [1, 2]
        finally:
            other.close()

    def test_5_append_takes_the_last_seq_plus_one(self, backend: Backend) -> None:
        for last in range(4):
            wrong = [event(seq) for seq in (-1, 0, 1, 2, 3, 4, 5, 6, 50) if seq != last + 1]
            right = event(last + 1)
            wrong += [attrs.evolve(right, prev="0" * 64), attrs.evolve(right, prev=right.link)]
            wrong += [attrs.evolve(right, prev="")] if last else []
            wrong += [attrs.evolve(right, prev=event(last - 1).link)] if last > 1 else []
            for each in wrong:
                with writing(backend) as tx:
                    _append_refused(tx, each, last)
            keep(backend, events=[right])
        assert _events(backend) == [event(seq) for seq in range(1, 5)]

    def test_5_within_a_transaction_too(self, backend: Backend) -> None:
        with writing(backend) as tx:
            tx.append(event(1))
            tx.append(event(2))
            _append_refused(tx, event(2), 2)  # a transaction need not go on after an error
        with writing(backend) as tx:
            tx.append(event(1))
            tx.append(event(2))
            _append_refused(tx, event(4), 2)
        keep(backend, events=[event(1), event(2)])
        assert _events(backend) == [event(1), event(2)]

    def test_5_events_are_read_from_any_seq_on(self, backend: Backend) -> None:
        count = 25
        keep(backend, events=[event(seq) for seq in range(1, 11)])
        keep(backend, events=[event(seq) for seq in range(11, count + 1)])
        with backend.begin(write=False, timeout=5) as tx:
            for after in (0, 1, 9, 10, 24, 25, 99):
                for limit in (1, 7, 99):
                    seqs = [each.seq for each in tx.events("s1", after=after, limit=limit)]
                    assert seqs == list(range(after + 1, count + 1))[:limit], f"after {after}, at most {limit}"
            assert list(tx.events("s1", after=0, limit=99)) == [event(seq) for seq in range(1, count + 1)]

    def test_5_each_seller_has_a_journal_of_its_own(self, backend: Backend) -> None:
        sellers = ("s1", "S1", "s1 ", "店", "𠮷")
        for seq in (1, 2, 3):
            keep(backend, events=[event(seq, seller) for seller in sellers])
        for seller in sellers:
            assert _events(backend, seller) == [event(seq, seller) for seq in (1, 2, 3)]
        assert _events(backend, "nobody") == []

    def test_5_what_was_rolled_back_is_no_event(self, backend: Backend) -> None:
        keep(backend, events=[event(1)])
        with writing(backend) as tx:
            tx.append(event(2))
        again = attrs.evolve(event(2), link="f" * 64, body=b"{}")
        keep(backend, events=[again])
        assert _events(backend) == [event(1), again]

    def test_5_another_handle_appended(self, backend: Backend, url: str) -> None:
        other = shares(self, url, backend)
        try:
            for seq in range(1, 6):
                writer, late = (backend, other) if seq % 2 else (other, backend)
                keep(writer, events=[event(seq)])
                with writing(late) as tx:
                    _append_refused(tx, event(seq), seq)
                assert _events(late) == [event(number) for number in range(1, seq + 1)]
        finally:
            other.close()


def _events(backend: Backend, seller: str = "s1") -> list[RawEvent]:
    return found(backend, lambda tx: list(tx.events(seller, after=0, limit=99)))


def _at_once(first: Backend, second: Backend) -> int:
    """Two transactions read version 1, and each puts version 2; how many were told that they succeeded."""
    done = 0
    with suppress(ConflictError, TransientError), writing(first) as mine:
        assert mine.get("s1", "k", "A") == record()
        with suppress(ConflictError, TransientError), writing(second, SHORT) as other:
            assert other.get("s1", "k", "A") == record()
            other.put(record(version=2, body='{"by":"other"}'))
            other.commit()
            done += 1
        mine.put(record(version=2, body='{"by":"mine"}'))
        mine.commit()
        done += 1
    return done
