"""Which collections of a seller's dossier were given: kept as a record of its own, beside the facts."""

import msgspec
from attrs import frozen

from qsafety.bilingual import Bilingual
from qsafety.dossier import COLLECTIONS, Dossier
from qsafety.errors import StoreCorruptError
from qsafety.storage.backend import RawRecord
from qsafety.storage.records import checked_body, place_of

COLLECTIONS_KIND, COLLECTIONS_KEY = "dossier", "collections"
"""The kind and key of that record."""


@frozen
class Given:
    """Which collections of a dossier were given, and which of those may lack records."""

    given: frozenset[str] = frozenset()
    partial: frozenset[str] = frozenset()

    def after(self, dossier: Dossier) -> "Given":
        """What is given once a dossier is saved on top; it speaks for the collections that it gives."""
        given = frozenset(name for name in COLLECTIONS if dossier.given(name))
        return Given(self.given | given, (self.partial - given) | dossier.partial)

    def content(self) -> bytes:
        """As it is kept."""
        return msgspec.json.encode({"given": sorted(self.given), "partial": sorted(self.partial)}, order="sorted")

    @classmethod
    def read(cls, record: RawRecord | None) -> "Given":
        """As it was kept."""
        if record is None:
            return cls()
        try:
            kept = msgspec.json.decode(checked_body(record), type=dict[str, frozenset[str]])
            return cls(kept["given"], kept["partial"])
        except (msgspec.MsgspecError, KeyError) as error:
            raise StoreCorruptError(
                Bilingual(f"{place_of(record)} 无法读回", f"{place_of(record)} cannot be read back")
            ) from error
