"""What a pack is made of: a dossier, or what a store keeps of a seller, with its versions and its chain."""

import os
from collections.abc import Mapping
from pathlib import Path

from attrs import Factory, field, frozen

from qsafety.archive.problems import PackError
from qsafety.bilingual import Bilingual
from qsafety.codec import canonical, from_json
from qsafety.dossier import Dossier
from qsafety.errors import TransientError, UnknownNameError
from qsafety.storage import Store, open_store
from qsafety.storage.backend import RawRecord
from qsafety.storage.given import COLLECTIONS_KEY, COLLECTIONS_KIND, Given
from qsafety.storage.journal import Entry
from qsafety.storage.records import digest_of

Key = tuple[str, str]
GIVEN: Key = (COLLECTIONS_KIND, COLLECTIONS_KEY)


@frozen
class Kept:
    """A record as it goes into the pack: its bytes, its version where a store keeps it, and the SHA-256 of its bytes."""

    body: bytes = field(repr=False)
    version: int | None = None
    digest: str = field(default=Factory(lambda kept: digest_of(kept.body), takes_self=True))


@frozen
class Material:
    """All that is known of a seller: the facts, their bytes, earlier versions, and the chain (None: there is none)."""

    dossier: Dossier
    records: Mapping[Key, Kept]
    earlier: Mapping[Key, tuple[Kept, ...]] = field(factory=dict)
    chain: tuple[Entry, ...] | None = None

    @property
    def head(self) -> str | None:
        """The last link of the chain."""
        return self.chain[-1].link if self.chain else None


def material(
    source: "Dossier | Store | str | os.PathLike[str]", seller: str | None, *, redacted: bool = True
) -> Material:
    """What a source holds: a dossier, an open store or its URL (with ``seller``), the path of a ledger, a dossier's JSON or a pack.

    Without ``seller`` a store must hold one only. An unknown seller is :class:`~qsafety.errors.UnknownNameError`; a redacted pack, where
    ``redacted`` is False, :class:`~qsafety.archive.RedactedPackError`.
    """
    if isinstance(source, Store):
        return _of_store(source, seller)
    if isinstance(source, str) and "://" in source:
        with open_store(source, create=False) as store:
            return _of_store(store, seller)
    dossier = source if isinstance(source, Dossier) else _of_path(Path(source), redacted)
    if seller is not None and seller != dossier.seller.id:
        raise UnknownNameError(Bilingual("单位", "seller"), seller, [dossier.seller.id])
    return of_dossier(dossier)


def of_dossier(dossier: Dossier) -> Material:
    """A dossier alone: no versions, no chain."""
    records = {(fact.KIND, fact.id): Kept(canonical(fact)) for fact in dossier.facts()}
    records[GIVEN] = Kept(Given().after(dossier).content())
    return Material(dossier, records)


def _of_path(path: Path, redacted: bool) -> Dossier:
    if path.is_dir():
        from qsafety.archive.reading import read_pack

        return read_pack(path, redacted=redacted)
    if path.suffix.lower() == ".json":
        return from_json(path.read_bytes())
    from qsafety.exchange import read_ledger

    return read_ledger(path)


def _of_store(store: Store, seller: str | None) -> Material:
    known = store.sellers()
    if seller is None and len(known) == 1:
        (seller,) = known
    if seller is None:
        raise PackError(
            Bilingual(
                f"存储中有 {len(known)} 个单位，未指明哪一个",
                f"the store holds {len(known)} sellers; which is not said",
            ),
            advice=Bilingual("请给出 seller。", "Give seller."),
        )
    if seller not in known:
        raise UnknownNameError(Bilingual("单位", "seller"), seller, known)
    for _ in range(5):
        with store.transaction(write=False) as tx:
            chain = tuple(tx.journal(seller))
            dossier = tx.dossier(seller)
            versions = [*tx.kept(seller)]
            # where a transaction sees what others commit meanwhile, it is read again
            if not any(True for _ in tx.journal(seller, after=len(chain))):
                return _material(dossier, versions, chain)
    raise TransientError(
        Bilingual(
            f"“{seller}”正被不断写入，无法取得一致的内容",
            f"{seller!r} is being written all the time; no moment holds still",
        ),
        advice=Bilingual("请稍后再试。", "Try again later."),
    )


def _material(dossier: Dossier, versions: list[RawRecord], chain: tuple[Entry, ...]) -> Material:
    latest: dict[Key, RawRecord] = {}
    earlier: dict[Key, tuple[Kept, ...]] = {}
    for record in versions:
        key = (record.kind, record.key)
        if key in latest and latest[key].body:
            earlier[key] = (*earlier.get(key, ()), Kept(latest[key].body, latest[key].version))
        latest[key] = record
    records = {key: Kept(record.body, record.version) for key, record in latest.items() if record.body}
    if GIVEN not in records:  # records that never came with a saved dossier
        records[GIVEN] = Kept(Given().after(dossier).content())
    return Material(dossier, records, earlier, chain or None)


__all__ = ["GIVEN", "Kept", "Key", "Material", "material", "of_dossier"]
