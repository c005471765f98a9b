"""The whole contract of a backend: every numbered promise, and what its claims add."""

from qsafety.testing.concurrency import Concurrency
from qsafety.testing.crash import Crash
from qsafety.testing.full import DiskFull
from qsafety.testing.machine import Machine
from qsafety.testing.migration import Migration
from qsafety.testing.ordering import Ordering
from qsafety.testing.records import Records
from qsafety.testing.texts import Texts
from qsafety.testing.transactions import Transactions


class BackendContract(Transactions, Ordering, Records, Texts, Machine, Concurrency, Crash, DiskFull, Migration):
    """Every promise of a backend. A subclass named ``Test…`` gives the fixture ``url``, and that is a whole certification file.

    ``peek(url)``, ``spoil(url)``, ``join(url)``, ``older(url)``, ``newer(url)`` may be overridden for what can only be known with the
    author's help. What a backend does not claim is skipped, with a reason that begins with "claims no".
    """
