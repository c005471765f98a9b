"""What differs between the databases that SQLAlchemy speaks to."""

import logging
from abc import ABC, abstractmethod
from collections.abc import Mapping, Sequence
from contextlib import AbstractContextManager, nullcontext
from typing import Any

from sqlalchemy import URL, Connection, Engine, create_engine

from qsafety.bilingual import Bilingual
from qsafety.errors import StoreError
from qsafety.storage.backend import Capabilities
from qsafety.storage.tables import Tables
from qsafety.storage.url import StoreUrl

WRITE = "qsafety_write"
TIMEOUT = "qsafety_timeout"
"""The execution options under which a transaction tells the dialect whether it writes, and how long it waits."""

OWN_OPTIONS = ("create", "prefix", "schema")
"""The options of a URL that are ours on every database: whether tables are made, and where they are."""


def discreet_engine(url: URL, **options: Any) -> Engine:
    """An engine that keeps names and telephone numbers out of tracebacks and logs.

    SQLAlchemy can be told to hide what is written; what is read it shows all the same where its logger is at DEBUG.
    """
    logging.getLogger("sqlalchemy.engine.Engine.qsafety").addFilter(_no_rows)
    return create_engine(url, hide_parameters=True, logging_name="qsafety", **options)


def _no_rows(said: logging.LogRecord) -> bool:
    return said.levelno > logging.DEBUG


class Dialect(ABC):
    """One database: how to reach it, what it claims, what its errors mean."""

    capabilities: Capabilities

    @abstractmethod
    def engine(self, url: StoreUrl, options: Mapping[str, str]) -> Engine:
        """An engine whose connections keep the claims; what they cannot keep is a StoreError when the first is made."""

    @abstractmethod
    def translate(self, error: BaseException) -> StoreError:
        """A driver's error as one of ours."""

    @property
    def shared(self) -> bool:
        """Whether several transactions write at once, and rows must be locked."""
        return self.capabilities.writers == "many-hosts"

    def claims(self, connection: Connection) -> Capabilities:
        """What can be claimed of the database as it is set up."""
        return self.capabilities

    def join(self, connection: Connection, *, write: bool) -> None:  # noqa: B027 # most databases need nothing
        """Make sure that a host's transaction has really begun, before a savepoint is set in it."""

    def alone(self, connection: Connection) -> AbstractContextManager[None]:
        """Let no other process make or change tables meanwhile."""
        return nullcontext()  # enough where one writes at a time

    def integrity(self, connection: Connection, tables: Tables) -> Sequence[Bilingual]:
        """What the database says of its own structure; empty when it is sound."""
        return ()

    def compact(self, engine: Engine, tables: Tables) -> None:  # noqa: B027 # only where erasure is claimed
        """After bodies were emptied: leave no byte of them in any file of the tables."""
