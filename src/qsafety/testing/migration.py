"""Layouts of a backend's own: an upgrade that may be run again, is old or new when it is interrupted, and refuses the future."""

import pytest

from qsafety.errors import SchemaTooNewError, StoreError
from qsafety.storage import Backend
from qsafety.testing.contract import Contract, event, everything, found, keep, record, unclaimed
from qsafety.testing.crash import chosen
from qsafety.testing.faults import CHANGING, injection, strace, traced
from qsafety.testing.worker import Worker


class Migration(Contract):
    """Layouts; with ``older`` and ``newer`` filled in, their change too."""

    def older(self, url: str) -> object:
        """Make a store of an older layout there, empty or not; ``NotImplemented``: there is none yet."""
        return NotImplemented

    def newer(self, url: str) -> object:
        """Mark the store that is there as one of a layout yet to come; ``NotImplemented``: not given."""
        return NotImplemented

    def test_2_an_upgrade_of_what_is_new_changes_nothing(self, backend: Backend) -> None:
        keep(backend, record(), record(version=2), events=[event(1)])
        number = backend.schema_version()
        for _ in range(2):
            backend.upgrade()
            assert backend.schema_version() == number
        assert found(backend, everything) == [record(version=2)]
        assert found(backend, lambda tx: list(tx.events("s1", after=0, limit=9))) == [event(1)]

    def test_2_an_interrupted_upgrade_is_old_or_new(self, url: str) -> None:
        if self.older(url) is NotImplemented:
            unclaimed("older layout")
        if not strace():
            pytest.skip("no strace here, or it may not trace")
        backend = self.open(url)
        old = backend.schema_version()
        backend.close()
        worker = Worker(backend, url)
        try:
            for call, number in chosen(_upgrade(worker, "-e", f"trace={','.join(CHANGING)}")):
                self.older(url)
                _upgrade(worker, *injection(call, number))
                opened = self.open(url)
                between = opened.schema_version()
                opened.upgrade()
                new = opened.schema_version()
                assert between in (old, new), f"killed at {call} number {number} it is of layout {between}"
                keep(opened, record("after"))
                opened.close()
        finally:
            worker.close()

    def test_10_a_newer_layout_is_refused(self, backend: Backend, url: str) -> None:
        keep(backend, record())
        backend.close()
        if self.newer(url) is NotImplemented:
            unclaimed("layout of its own")
        try:
            opened = self.open(url)
            try:
                found(opened, everything)
            finally:
                opened.close()
        except SchemaTooNewError:
            pass
        except StoreError as error:
            pytest.fail(f"a layout newer than its own is a SchemaTooNewError, raised by open; here it was {error!r}")
        else:
            pytest.fail("a layout newer than its own was opened and read, as if it were known")
        with pytest.raises(StoreError):
            keep(self.open(url), record(version=2))


def _upgrade(worker: Worker, *options: str) -> str:
    """A process that upgrades, traced; the log of its calls."""
    worker.ask(do="upgrade")
    pid = worker.told()["pid"]
    with traced([pid], *options) as log:
        worker.ask()
        worker.told()
    return log[0]


class MigrationContract(Migration):
    """Layouts and upgrades; :class:`BackendContract` has these tests too."""
