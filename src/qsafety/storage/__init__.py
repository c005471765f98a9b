"""Where facts are kept. :class:`Store` is for users: typed, with history and chain; :class:`Backend` is for authors: it sees bytes."""

from qsafety.storage.backend import (
    PROTOCOL,
    Backend,
    Capabilities,
    RawEvent,
    RawQuery,
    RawRecord,
    StoreUrl,
    Transaction,
)
from qsafety.storage.check import StoreCheck, StoreProblem
from qsafety.storage.discovery import BackendSource, backends
from qsafety.storage.journal import Entry
from qsafety.storage.store import Store, open_store, run_transaction
from qsafety.storage.transaction import Stored, StoreTransaction

__all__ = [
    "PROTOCOL",
    "Backend",
    "BackendSource",
    "Capabilities",
    "Entry",
    "RawEvent",
    "RawQuery",
    "RawRecord",
    "Store",
    "StoreCheck",
    "StoreProblem",
    "StoreTransaction",
    "StoreUrl",
    "Stored",
    "Transaction",
    "backends",
    "open_store",
    "run_transaction",
]
