"""The content of a pack: every file against its digest, then records where they belong, as the chain has them, and nothing besides."""

from collections.abc import Mapping

import attrs

from qsafety.archive import layout, records
from qsafety.archive.chain import Chain, Line, compared
from qsafety.archive.form import Lists, parents
from qsafety.archive.found import ASK, Found, shown
from qsafety.archive.indexed import index
from qsafety.archive.problems import PackProblem, Property
from qsafety.archive.records import Record
from qsafety.archive.redaction import Redaction
from qsafety.archive.source import GIVEN, Kept, Key, Material
from qsafety.archive.tree import Summed, Tree, summed, whole
from qsafety.archive.unfinished import HAS_SM3
from qsafety.bilingual import Bilingual
from qsafety.dossier import Dossier
from qsafety.errors import QSafetyError

_BESIDES = frozenset({layout.COLLECTIONS, layout.CHAIN, *layout.PAGES, layout.INDEX_DOCX, layout.COVER_DOCX})
_CHANGED = Bilingual("它在存档之后被改动过；请取得原件", "it was changed after it was packed; ask for the original")


@attrs.define
class Reading:
    """What was read while the digests were made."""

    records: dict[Key, Record] = attrs.field(factory=dict)
    earlier: dict[str, str] = attrs.field(factory=dict)
    collections: bytes | None = None
    size: int = 0
    whole: bool = True


def sums(root: str, there: Tree, lists: Lists, found: Found, read: Reading) -> None:
    """Every listed file against its digest; what is there and not listed; what is listed and not there."""
    listed = lists.all()
    known = {layout.TAG_MANIFEST, *([layout.SEALS] if lists.seals else [])}
    for path in sorted(path for path in there.files if path not in listed and path not in known):
        found.wrong(
            Property.INTEGRITY,
            shown(path),
            "清单之外的文件",
            "no list names it",
            Bilingual("存档之后放进来的", "it was put there later"),
        )
    for path in sorted(listed.keys() - there.files.keys()):
        found.wrong(Property.INTEGRITY, path, "清单所列，但没有这个文件", "it is listed, and missing")
        read.whole = False
    odd = {o.path for o in there.odd}
    present = [path for path in listed if path in there.files and not any(p in odd for p in parents(path))]
    sm3 = HAS_SM3 and bool(lists.sm3)
    for file in summed(root, present, sm3=sm3, wanted=_wanted):
        if file.why is not None:
            found.problems.append(PackProblem(Property.USABILITY, file.path, file.why, ASK))
            read.whole = False
        elif file.sha256 != listed[file.path]:
            found.wrong(
                Property.INTEGRITY, file.path, "内容与 SHA-256 不符", "its content does not match its SHA-256", _CHANGED
            )
            read.whole = False
        elif sm3 and file.sm3 != lists.sm3.get(file.path, file.sm3):
            found.wrong(
                Property.INTEGRITY, file.path, "内容与 SM3 不符", "its content does not match its SM3", _CHANGED
            )
        else:
            _take(file, read, found)
        if file.path.startswith("data/"):
            read.size += file.size


def _wanted(path: str) -> bool:
    return path == layout.COLLECTIONS or records.is_record(path)


def _take(file: Summed, read: Reading, found: Found) -> None:
    if file.path.startswith(layout.EARLIER):
        read.earlier[file.path] = file.sha256
    elif file.path == layout.COLLECTIONS:
        read.collections = file.body
    elif records.is_record(file.path):
        if file.body is None:
            found.wrong(Property.USABILITY, file.path, "记录过大", "the record is too large")
            return
        record = records.read(file.path, file.body, file.sha256)
        if isinstance(record, PackProblem):
            found.problems.append(record)
            read.whole = False
        elif read.records.setdefault(record.key, record) is not record:
            found.wrong(
                Property.INTEGRITY,
                file.path,
                f"与 {read.records[record.key].path} 是同一条记录",
                f"it is the same record as {read.records[record.key].path}",
            )
            read.whole = False


def contents(
    root: str, fields: Mapping[str, str], lists: Lists, read: Reading, chain: Chain | None, found: Found
) -> Dossier | None:
    """Records where they belong, as the chain has them, and an index that is what these records give."""
    hidden = redaction_of(fields)
    if hidden is None and "QSafety-Redaction" in fields:
        found.wrong(Property.INTEGRITY, layout.BAG_INFO, "脱敏级别无法识别", "its redaction is not known")
    if hidden not in (None, Redaction.NONE):
        found.notes.append(hidden.label)
    found.problems += records.misplaced(read.records)
    _strangers(lists.payload, found)
    if chain is not None:
        digests = {key: record.digest for key, record in read.records.items()}
        digests |= {GIVEN: lists.payload[layout.COLLECTIONS]} if read.collections else {}
        names = layout.stems(read.records)

        def lies(line: Line) -> str:
            key = (line.kind, line.key)
            return layout.earlier(names.get(key) or "-".join(key), line.version)

        found.problems += compared(
            chain, layout.CHAIN, digests, read.earlier, lies, hidden not in (None, Redaction.NONE)
        )
    elif read.earlier:
        found.wrong(Property.INTEGRITY, layout.EARLIER, "有旧版本而没有链", "there are earlier versions, and no chain")
    given = records.read_given(read.collections or b"")
    sellers = [record.fact for key, record in read.records.items() if key[0] == "seller"]
    if given is None or len(sellers) != 1:
        place, zh, en = (
            (layout.COLLECTIONS, "无法读取", "it cannot be read")
            if given is None
            else ("", "应有且只有一个销售单位", "there should be one seller")
        )
        found.wrong(Property.USABILITY, place, zh, en)
        return None
    try:
        dossier = records.dossier_of(read.records, given, chain)
    except QSafetyError as error:
        found.problems.append(PackProblem(Property.USABILITY, "", error.message, ASK))
        return None

    def page(path: str) -> bytes:
        listed = path in lists.payload  # and so, with all digests right, an ordinary file
        return (whole(root, path, 1 << 28) if listed else None) or b""

    if hidden is not None and read.whole:
        index(
            fields,
            lists.payload,
            page,
            Material(dossier, _kept(read, chain)),
            _places(read),
            chain,
            hidden,
            found,
        )
    return dossier


def _strangers(payload: Mapping[str, str], found: Found) -> None:
    """What is listed, and stands in no pack: it would pass for something that was kept."""
    for path in payload:
        kept = (
            records.is_record(path) or path in _BESIDES or path.startswith((f"{layout.EARLIER}/", f"{layout.NOTES}/"))
        )
        if not kept and not (
            path.endswith(".docx") and records.is_record(f"{path[:-5]}.json") and f"{path[:-5]}.json" in payload
        ):
            found.wrong(Property.INTEGRITY, path, "不是存档包的内容", "it is nothing that a pack holds")


def redaction_of(fields: Mapping[str, str]) -> Redaction | None:
    """The redaction that ``bag-info.txt`` says; None where it says none that is known."""
    try:
        return Redaction(fields.get("QSafety-Redaction", ""))
    except QSafetyError:
        return None


def _places(read: Reading) -> Mapping[Key, str]:
    return {key: record.path.removesuffix(".json") for key, record in read.records.items()}


def _kept(read: Reading, chain: Chain | None) -> Mapping[Key, Kept]:
    """The records with their versions. Bodies are not kept: the index has their digests."""
    versions = {(line.kind, line.key): line.version for line in chain.lines if not line.erasure} if chain else {}
    return {key: Kept(b"", versions.get(key), record.digest) for key, record in read.records.items()}
