"""What differs between the databases that SQLAlchemy speaks to."""

from abc import ABC, abstractmethod
from collections.abc import Mapping, Sequence

from sqlalchemy import Connection, Engine

from qsafety.bilingual import Bilingual
from qsafety.errors import StoreError
from qsafety.storage.backend import Capabilities
from qsafety.storage.url import StoreUrl

WRITE = "qsafety_write"
TIMEOUT = "qsafety_timeout"
"""The execution options under which a transaction tells the dialect whether it writes, and how long it waits."""


class Dialect(ABC):
    """One database: how to reach it, what it claims, what its errors mean."""

    capabilities: Capabilities

    @abstractmethod
    def engine(self, url: StoreUrl, options: Mapping[str, str]) -> Engine:
        """An engine whose connections keep the claims; what they cannot keep is a StoreError when the first is made."""

    @abstractmethod
    def translate(self, error: BaseException) -> StoreError:
        """A driver's error as one of ours."""

    @abstractmethod
    def integrity(self, connection: Connection) -> Sequence[Bilingual]:
        """What the database says of its own structure; empty when it is sound."""

    @abstractmethod
    def compact(self, engine: Engine) -> None:
        """After bodies were emptied: leave no byte of them in any file."""
