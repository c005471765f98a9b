"""From the JSON files of a pack back to facts, strictly: a record is canonical, and lies where its kind and id say."""

from collections.abc import Iterator, Mapping
from typing import Any

import attrs
import msgspec

from qsafety.archive import layout
from qsafety.archive.chain import Chain
from qsafety.archive.problems import PackProblem, Property
from qsafety.archive.source import Key
from qsafety.bilingual import Bilingual
from qsafety.codec import canonical
from qsafety.codec import read as read_fact
from qsafety.dossier import COLLECTIONS, KINDS, Dossier, Fact, Person, Seller
from qsafety.errors import QSafetyError

SALT = "salt"
_BY_KIND = {cls.KIND: name for name, cls in COLLECTIONS.items()}


@attrs.frozen
class Record:
    """A fact that was read, where it lies, and the digest of its file."""

    fact: Fact
    path: str
    digest: str

    @property
    def key(self) -> Key:
        """Its kind and id."""
        return self.fact.KIND, self.fact.id


def is_record(path: str) -> bool:
    """Whether a path is that of a record."""
    return path.endswith(".json") and path.rpartition("/")[0] in layout.RECORDS and path != layout.COLLECTIONS


def read(path: str, body: bytes, digest: str) -> Record | PackProblem:
    """The record of a file, or why it is none."""
    kind = KINDS.get(path.rpartition("/")[2].partition("-")[0])
    if kind is None:
        return _no_record(path, Bilingual("文件名没有说明是哪一种记录", "its name says no kind of record"))
    try:
        plain = _without_salt(body) if kind is Person else body
        fact = read_fact(kind, plain)
        if canonical(fact) != plain:
            return _no_record(path, Bilingual("不是规范的 JSON", "it is no canonical JSON"))
    except QSafetyError as error:
        return _no_record(path, error.message)
    except (ValueError, TypeError, KeyError) as error:
        return _no_record(path, Bilingual(f"无法读取：{error}", f"it cannot be read: {error}"))
    return Record(fact, path, digest)


def _without_salt(body: bytes) -> bytes:
    fields = msgspec.json.decode(body)
    if not isinstance(fields, dict) or SALT not in fields:
        return body
    del fields[SALT]
    return msgspec.json.encode(fields, order="sorted")


def _no_record(path: str, what: Bilingual) -> PackProblem:
    return PackProblem(Property.USABILITY, path, what, Bilingual("请取得原件", "ask for the original"))


def misplaced(records: Mapping[Key, Record]) -> Iterator[PackProblem]:
    """Records that do not lie where their kind and id say."""
    names = layout.stems(records)
    for key, record in records.items():
        place = f"{layout.folder_of(record.fact)}/{names[key]}.json"
        if record.path != place:
            yield PackProblem(
                Property.INTEGRITY,
                record.path,
                Bilingual(f"这条记录应在 {place}", f"this record belongs at {place}"),
                Bilingual("文件被改名或调换过", "files were renamed or swapped"),
            )


@attrs.frozen
class Given:
    """Which collections were given, and which of them may lack records."""

    given: frozenset[str]
    partial: frozenset[str]


def read_given(body: bytes) -> Given | None:
    """What ``dossier-collections.json`` says; None where it cannot be read."""
    try:
        kept = msgspec.json.decode(body, type=dict[str, list[str]])
        given = Given(frozenset(kept["given"]), frozenset(kept["partial"]))
    except (msgspec.MsgspecError, KeyError, UnicodeDecodeError):
        return None
    plain = msgspec.json.encode({"given": sorted(given.given), "partial": sorted(given.partial)}, order="sorted")
    return given if plain == body and given.given | given.partial <= COLLECTIONS.keys() else None


def dossier_of(records: Mapping[Key, Record], given: Given, chain: Chain | None) -> Dossier:
    """The dossier of the records, equal to the one that was packed; each record's place in the pack is its source."""
    (seller,) = (record.fact for record in records.values() if isinstance(record.fact, Seller))
    found: dict[str, list[Fact]] = {name: [] for name in given.given}
    partial = set(given.partial)
    for (kind, _), record in records.items():
        if kind == Seller.KIND:
            continue
        name = _BY_KIND[kind]
        if name not in given.given:
            partial.add(name)
        found.setdefault(name, []).append(record.fact)
    if chain and any((Person.KIND, person) not in records for person in chain.erased()):
        partial.add("people")
    collections: dict[str, Any] = {name: tuple(facts) for name, facts in found.items()}
    sources = {f"{kind}:{id_}": record.path for (kind, id_), record in records.items()}
    return Dossier(seller=seller, partial=frozenset(partial), sources=sources, **collections)
