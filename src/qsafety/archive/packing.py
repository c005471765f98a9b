"""Making a pack: every record as JSON, its paper beside it, the index, the chain, the instructions; then the bag around it."""

import os
from collections.abc import Callable, Iterable, Iterator, Mapping
from datetime import date
from functools import cache
from importlib import metadata
from pathlib import Path
from typing import TYPE_CHECKING, Any

import attrs

from qsafety import law
from qsafety.archive import layout
from qsafety.archive.bag import info, listed
from qsafety.archive.chain import text as chain_text
from qsafety.archive.cover import as_docx, as_text, cover
from qsafety.archive.index import KINDS, Placed, index_csv, index_json
from qsafety.archive.notes import notes
from qsafety.archive.papers import can_render, index_paper, papers
from qsafety.archive.problems import PackError
from qsafety.archive.redaction import Redaction, on_paper, redacted
from qsafety.archive.sealing import Sign, Stamp, signature, time_stamp
from qsafety.archive.source import GIVEN, Key, Material, material
from qsafety.archive.unfinished import Unfinished, unfinished
from qsafety.assessment import Manifest, ManifestEntry
from qsafety.assessment import manifest as manifest_of
from qsafety.bilingual import Bilingual
from qsafety.dossier import Dossier, Seller, as_known_on
from qsafety.law.editions import Edition
from qsafety.law.obligations import DRAFT
from qsafety.periods import asked_day, asked_window
from qsafety.storage.records import day_of

if TYPE_CHECKING:
    from qsafety.storage import Store


@attrs.frozen(kw_only=True)
class Asked:
    """What a pack is asked to be: its window, the day as of which, the edition, the redaction."""

    since: date
    until: date
    on: date
    edition: Edition
    redaction: Redaction
    papers: bool


def pack(
    source: "Dossier | Store | str | os.PathLike[str]",
    *,
    since: date,
    until: date,
    on: date,
    to: str | os.PathLike[str],
    seller: str | None = None,
    redaction: Redaction | str = Redaction.NONE,
    edition: str | Edition = DRAFT,
    papers: bool = True,
    sign: Sign | None = None,
    timestamp: Stamp | str | None = None,
    progress: Callable[[int], None] | None = None,
) -> Path:
    """What Article 13 asks to be kept of a seller, as one folder in ``to`` that anybody can check (BagIt 1.0); returns its path.

    ``source``: a dossier, an open store or its URL (with ``seller``), or the path of a ledger, a dossier's JSON or another pack. Every
    record goes in; ``since`` and ``until`` say what the index and the papers are about, ``on`` as known on which day. From a store the
    pack also has every earlier version and the chain. The same source, window and day give the same bytes.

    ``redaction``: ``"none"``, ``"masked"`` or ``"full"``. ``papers=False``, or without the extra ``docx``: records only, and the index says
    so. ``sign``: a :class:`~qsafety.archive.Signer`, or a function that signs. ``timestamp``: the address of an RFC 3161 authority, or a
    function that asks one. ``progress`` is called with the number of files written.

    Raises :class:`~qsafety.archive.PackError` where there is no record in the window; :class:`~qsafety.archive.TargetError` where the
    folder is there already or cannot be written (nothing is left behind); ``UnknownNameError`` for an unknown seller; ``PeriodError``;
    :class:`~qsafety.archive.RedactedPackError` where the source is a redacted pack and this one should say that nothing is hidden.

    >>> from tempfile import TemporaryDirectory
    >>> from qsafety.dossier import DailyCheck, Seller
    >>> checks = [DailyCheck(day=date(2024, 1, 31), officer="P3")]
    >>> shop = Dossier(seller=Seller(id="hz01", name="示例店"), daily_checks=checks)
    >>> with TemporaryDirectory() as folder:
    ...     made = pack(shop, since=date(2024, 1, 1), until=date(2024, 1, 31), on=date(2024, 2, 1), to=folder, papers=False)
    ...     made.name, len(list(made.glob("data/04-日管控/*.json")))
    ('hz01_2024-01-01_2024-01-31', 1)
    """
    first, last = asked_window(since, until)
    asked = Asked(
        since=first,
        until=last,
        on=asked_day("on", on),
        edition=edition if isinstance(edition, Edition) else law.edition(edition),
        redaction=Redaction(redaction),
        papers=papers and can_render(),
    )
    hides = asked.redaction is not Redaction.NONE
    given = redacted(material(source, seller, redacted=hides), asked.redaction)
    _something(given.dossier, first, last)
    unit = given.dossier.seller
    with unfinished(Path(to), layout.folder_name(unit.id, unit.uscc, first, last)) as folder:
        for number, (path, content) in enumerate(contents(given, asked), 1):
            folder.put(path, content)
            if progress:
                progress(number)
        _around(folder, given, asked, sign, timestamp)
    return Path(to) / layout.folder_name(unit.id, unit.uscc, first, last)


def _something(dossier: Dossier, since: date, until: date) -> None:
    days = sorted(day for fact in dossier.facts() if (day := day_of(fact)) is not None)
    if any(since <= day <= until for day in days):
        return
    near = (
        Bilingual(f"记录在 {days[0]} 至 {days[-1]} 之间。", f"The records are of {days[0]} to {days[-1]}.")
        if days
        else None
    )
    raise PackError(
        Bilingual(
            f"{since} 至 {until} 没有任何记录，没有可存档的",
            f"there is no record from {since} to {until}: nothing to keep",
        ),
        advice=near or Bilingual("请先录入记录。", "Record something first."),
    )


def contents(given: Material, asked: Asked) -> Iterator[tuple[str, bytes]]:
    """Every file under ``data/``, and its bytes: records, papers, earlier versions, chain, index, instructions."""
    facts = {(fact.KIND, fact.id): fact for fact in given.dossier.facts()}
    names = layout.stems(facts)
    places = {key: f"{layout.folder_of(fact)}/{names[key]}" for key, fact in facts.items()}
    for key, place in places.items():
        yield f"{place}.json", given.records[key].body
    yield layout.COLLECTIONS, given.records[GIVEN].body
    printed: set[Key] = set()
    known = as_known_on(on_paper(given.dossier, asked.redaction), asked.on)
    if asked.papers:
        for key, paper in papers(known, asked.since, asked.until, asked.on, asked.edition):
            if key not in printed:
                printed.add(key)
                yield f"{places[key]}.docx", paper
    yield from _chain(given, names)
    yield from _index(given, asked, known, places, printed)
    yield from notes()


def _chain(given: Material, names: Mapping[Key, str]) -> Iterator[tuple[str, bytes]]:
    if given.chain is None:
        return
    yield layout.CHAIN, chain_text(given.chain)
    for key, versions in given.earlier.items():
        stem = names.get(key) or "-".join(key)
        for kept in versions:
            yield layout.earlier(stem, kept.version or 1), kept.body


def _index(
    given: Material, asked: Asked, known: Dossier, places: Mapping[Key, str], printed: set[Key]
) -> Iterator[tuple[str, bytes]]:
    head = (given.chain[-1].link, len(given.chain)) if given.chain else None
    yield from index_pages(given, asked, known, places, printed, head)
    if asked.papers:
        page = cover(
            known, placed_manifest(given, asked), asked.since, asked.until, asked.on, asked.edition, asked.redaction
        )
        yield layout.COVER_DOCX, as_docx(page)
        where = {id_: f"{place.removeprefix('data/')}.json" for (_, id_), place in places.items()}
        yield layout.INDEX_DOCX, index_paper(known, asked.since, asked.until, asked.on, asked.edition, where)


def index_pages(
    given: Material,
    asked: Asked,
    known: Dossier,
    places: Mapping[Key, str],
    printed: set[Key],
    head: tuple[str, int] | None,
) -> Iterator[tuple[str, bytes]]:
    """The index and the cover page as text: they follow from the records alone, so that a check can make them anew.

    ``places``: where each record lies, without its ending. ``printed``: those with a paper. ``head``: the chain's last link and length.
    """
    found = placed_manifest(given, asked)
    files = {key: place.removeprefix("data/") for key, place in places.items()}
    rows = [_placed(entry, files, printed).to_dict() for entry in found.entries]
    yield layout.INDEX_JSON, index_json(about(given.dossier.seller, asked, head), found, rows)
    yield layout.INDEX_CSV, index_csv(rows)
    page = cover(known, found, asked.since, asked.until, asked.on, asked.edition, asked.redaction)
    yield layout.COVER_TXT, as_text(page)


def about(unit: Seller, asked: Asked, head: tuple[str, int] | None) -> dict[str, Any]:
    """What the index says of the pack as a whole."""
    return {
        "seller": {"id": unit.id, "name": unit.name, "uscc": unit.uscc},
        "since": asked.since.isoformat(),
        "until": asked.until.isoformat(),
        "on": asked.on.isoformat(),
        "edition": asked.edition.id,
        "redaction": str(asked.redaction),
        "papers": asked.papers,
        "papers_note": None if asked.papers else NO_PAPERS.to_dict(),
        "chain": {"head": head[0], "length": head[1]} if head else None,
        "chain_note": None if head else NO_CHAIN.to_dict(),
    }


NO_PAPERS = Bilingual(
    "没有文书：未要求，或未安装 qsafety[docx]", "no papers: they were not asked for, or qsafety[docx] is not installed"
)
NO_CHAIN = Bilingual("没有链：不是由带日志的存储导出的", "no chain: it was not made from a store that keeps a journal")


def placed_manifest(given: Material, asked: Asked) -> Manifest:
    """The manifest, with the versions and digests of the records as they are in the pack."""
    found = manifest_of(given.dossier, since=asked.since, until=asked.until, on=asked.on)
    return Manifest(tuple(_exact(entry, given) for entry in found.entries))


def _exact(entry: ManifestEntry, given: Material) -> ManifestEntry:
    key = _key(entry, given.records)
    if key is None:
        return entry
    kept = given.records[key]
    return attrs.evolve(entry, version=kept.version, digest=kept.digest)


def _key(entry: ManifestEntry, known: Iterable[Key] | Mapping[Key, object]) -> Key | None:
    """The kind and id of an entry's record: an id is unique in its kind only."""
    if entry.record is None:
        return None
    return next((key for kind in KINDS[entry.slot] if (key := (kind, entry.record)) in known), None)


def _placed(entry: ManifestEntry, files: Mapping[Key, str], printed: set[Key]) -> Placed:
    key = _key(entry, files)
    place = files[key] if key else None
    return Placed(entry=entry, file=place and f"{place}.json", paper=f"{place}.docx" if key in printed else None)


@cache
def version() -> str:
    """The version of qsafety, which is part of what decides the bytes of a pack."""
    return metadata.version("qsafety")


def _around(folder: Unfinished, given: Material, asked: Asked, sign: Sign | None, stamp: Stamp | str | None) -> None:
    """The bag: manifests, ``bag-info.txt``, seals."""
    payload = dict(folder.sums)
    sm3 = dict(folder.sm3)
    unit = given.dossier.seller
    fields: dict[str, object] = {
        "Source-Organization": unit.name,
        "External-Identifier": unit.uscc or unit.id,
        "Bagging-Date": asked.on,
        "Payload-Oxum": f"{folder.bytes}.{len(payload)}",
        "QSafety-Format": layout.FORMAT,
        "QSafety-Version": version(),
        "QSafety-Edition": asked.edition.id,
        "QSafety-Seller": unit.id,
        "QSafety-Since": asked.since,
        "QSafety-Until": asked.until,
        "QSafety-Redaction": asked.redaction,
    }
    if given.head:
        fields["QSafety-Chain-Head"] = given.head
    seals = [name for name, wanted in (("signature", sign), ("timestamp", stamp)) if wanted is not None]
    if seals:
        fields["QSafety-Seals"] = " ".join(seals)
    folder.put(layout.BAGIT, layout.DECLARATION)
    folder.put(layout.BAG_INFO, info(fields))
    folder.put(layout.MANIFEST, listed(payload))
    tags = [layout.BAGIT, layout.BAG_INFO, layout.MANIFEST]
    if sm3:
        folder.put(layout.SM3_MANIFEST, listed(sm3))
        tags.append(layout.SM3_MANIFEST)
    sealed = listed({name: folder.sums[name] for name in tags})
    folder.put(layout.TAG_MANIFEST, sealed)
    _seal(folder, sealed, sign, stamp)


def _seal(folder: Unfinished, content: bytes, sign: Sign | None, stamp: Stamp | str | None) -> None:
    made: list[str] = []
    if sign is not None:
        folder.put(layout.SIGNATURE, signature(sign, content))
        made.append(layout.SIGNATURE)
    if stamp is not None:
        folder.put(layout.TIMESTAMP, time_stamp(stamp, content))
        made.append(layout.TIMESTAMP)
    if made:
        folder.put(layout.SEALS, listed({name: folder.sums[name] for name in made}))


__all__ = ["Asked", "about", "contents", "pack", "placed_manifest", "version"]
