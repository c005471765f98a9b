"""Whether a pack is as it was made: every problem at once, by the four properties of DA/T 70."""

import os
from collections.abc import Iterable, Iterator, Mapping, Sequence
from datetime import date
from pathlib import Path
from typing import Any

import attrs
import msgspec

from qsafety import law
from qsafety.archive import layout, records
from qsafety.archive.bag import Listed, read_info, read_manifest
from qsafety.archive.chain import Chain, compared
from qsafety.archive.chain import read as read_chain
from qsafety.archive.packing import Asked, index_pages, version
from qsafety.archive.problems import NoPackError, PackProblem, PackTooNewError, Property
from qsafety.archive.records import Record
from qsafety.archive.redaction import Redaction, on_paper
from qsafety.archive.sealing import Seal, SealStatus, checked_signature, checked_time_stamp
from qsafety.archive.source import GIVEN, Kept, Key, Material
from qsafety.archive.tree import Summed, Tree, summed, tree, whole
from qsafety.archive.unfinished import HAS_SM3, PARTIAL
from qsafety.bilingual import Bilingual
from qsafety.codec import without_collector
from qsafety.dossier import Dossier, as_known_on
from qsafety.errors import QSafetyError

_TAGS = (layout.BAGIT, layout.BAG_INFO, layout.MANIFEST)
_MOST = {layout.MANIFEST: 1 << 29, layout.SM3_MANIFEST: 1 << 29, layout.CHAIN: 1 << 29}
_ASK = Bilingual("请取得原件", "ask for the original")
_CHANGED = Bilingual("它在存档之后被改动过；请取得原件", "it was changed after it was packed; ask for the original")


@attrs.frozen(kw_only=True)
class PackCheck:
    """What a check found. ``notes`` are worth knowing and no damage; ``head`` is the last link of the chain, None without one."""

    path: Path
    problems: tuple[PackProblem, ...] = attrs.field(repr=False)
    notes: tuple[Bilingual, ...] = attrs.field(repr=False)
    seals: tuple[Seal, ...] = ()
    files: int
    bytes: int
    head: str | None = attrs.field(repr=False)
    redaction: Redaction | None
    ok: bool = attrs.field(init=False)

    def __attrs_post_init__(self) -> None:
        object.__setattr__(self, "ok", not self.problems)

    def of(self, property: Property | str) -> tuple[PackProblem, ...]:
        """The problems that touch one property."""
        return tuple(p for p in self.problems if p.property == Property(property))

    def to_dict(self) -> dict[str, Any]:
        """Plain data."""
        return {
            "ok": self.ok,
            "path": str(self.path),
            "files": self.files,
            "bytes": self.bytes,
            "head": self.head,
            "redaction": str(self.redaction) if self.redaction else None,
            "problems": [problem.to_dict() for problem in self.problems],
            "seals": [
                {"path": s.path, "status": str(s.status), "by": s.by, "at": s.at.isoformat() if s.at else None}
                for s in self.seals
            ],
            "notes": [note.to_dict() for note in self.notes],
        }


def verify_pack(
    path: str | os.PathLike[str], *, head: str | None = None, trust: Sequence[str | os.PathLike[str] | bytes] = ()
) -> PackCheck:
    """Whether a pack is as it was made, with everything that is wrong.

    Every digest; own form and nothing unlisted; each record readable, where its id says, and as the chain has it; the index
    equal to one made anew from the records, so that no slot is missing; seals. ``head``: the chain's head as known from
    elsewhere; who rewrites all of a pack consistently is seen only so, or by a signature. ``trust``: certificates (PEM, or
    files of it) of signers and authorities that are trusted.

    :class:`~qsafety.archive.NoPackError` where there is no pack at all, :class:`~qsafety.archive.PackTooNewError` for a newer format;
    damage is never raised.
    """
    return examined(path, head=head, trust=trust).check


@attrs.frozen
class Examined:
    """A check, and the dossier where the pack holds one that can be read."""

    check: PackCheck
    dossier: Dossier | None


class _Found:
    """What has been found so far."""

    def __init__(self) -> None:
        self.problems: list[PackProblem] = []
        self.notes: list[Bilingual] = []

    def wrong(self, of: Property, path: str, zh: str, en: str, hint: Bilingual = _ASK) -> None:
        self.problems.append(PackProblem(of, path, Bilingual(zh, en), hint))


@attrs.frozen
class _Lists:
    """The manifests of a pack."""

    tags: Mapping[str, str]
    payload: Mapping[str, str]
    sm3: Mapping[str, str]
    seals: Mapping[str, str]

    def all(self) -> dict[str, str]:
        """Every path that a list names, with its digest."""
        return {**self.tags, **self.payload, **self.seals}


def examined(
    path: str | os.PathLike[str], *, head: str | None = None, trust: Sequence[str | os.PathLike[str] | bytes] = ()
) -> Examined:
    """The check of a pack, and what it holds: each file is read once."""
    root = _root(Path(path))
    certificates = [c if isinstance(c, bytes) else Path(c).read_bytes() for c in trust]
    found = _Found()
    there = tree(root)
    _form(there, found, Path(path).name)
    lists = _lists(root, there, found)
    fields = _info(root, there, lists, found)
    with without_collector():
        read = _Reading()
        _sums(root, there, lists, found, read)
    _oxum(fields, read, lists, found)
    chain = _chain(root, there, fields, head, found)
    dossier = _contents(fields, lists, read, chain, found)
    check = PackCheck(
        path=Path(path),
        seals=tuple(_seals(root, there, fields, lists, certificates, found)),
        problems=tuple(found.problems),
        notes=tuple(found.notes),
        files=len(there.files),
        bytes=sum(there.files.values()),
        head=chain.head if chain else None,
        redaction=_redaction(fields),
    )
    return Examined(attrs.evolve(check, problems=tuple(found.problems), notes=tuple(found.notes)), dossier)


def _root(path: Path) -> str:
    if not path.is_dir():
        what = (
            Bilingual("这是文件", "it is a file")
            if path.exists()
            else Bilingual("没有这个文件夹", "there is no such folder")
        )
        raise NoPackError(
            Bilingual(f"{path} 不是存档包：{what.zh}", f"{path} is no pack: {what.en}"),
            advice=Bilingual("请给出存档包的文件夹。", "Give the folder of a pack."),
        )
    if not any(os.path.lexists(path / name) for name in (*_TAGS, layout.TAG_MANIFEST)):
        inside = sorted(p.parent.name for p in path.glob(f"*/{layout.BAGIT}"))[:3]
        raise NoPackError(
            Bilingual(f"{path} 不是存档包：其中没有 {layout.BAGIT}", f"{path} is no pack: it holds no {layout.BAGIT}"),
            advice=Bilingual(f"是否为其中的 {'、'.join(inside)}？", f"Did you mean {', '.join(inside)} in it?")
            if inside
            else Bilingual("请给出存档包的文件夹。", "Give the folder of a pack."),
        )
    return os.path.realpath(path)


def _form(there: Tree, found: _Found, name: str) -> None:
    """Names, links, look-alikes; an empty folder is a change too."""
    if name.endswith(PARTIAL):
        found.wrong(
            Property.INTEGRITY,
            "",
            "存档没有做完",
            "it was not finished",
            Bilingual("请重新运行 pack", "run pack again"),
        )
    for odd in there.odd:
        found.problems.append(PackProblem(Property.SECURITY, odd.path, odd.why, _ASK))
    seen: dict[str, str] = {}
    for path in sorted([*there.files, *there.folders]):
        if why := layout.unfit(path):
            found.wrong(Property.SECURITY, _shown(path), f"名称{why.zh}", f"of its name: {why.en}")
        other = seen.setdefault(layout.alike(path), path)
        if other != path:
            found.wrong(
                Property.SECURITY, _shown(path), f"与 {_shown(other)} 看起来一样", f"it looks like {_shown(other)}"
            )
    used = {parent for path in there.files for parent in _parents(path)}
    for folder in sorted(there.folders - used):
        found.wrong(Property.INTEGRITY, _shown(folder), "多出的空文件夹", "an empty folder that does not belong")


def _shown(path: str) -> str:
    return path.encode("utf-8", "backslashreplace").decode()


def _parents(path: str) -> Iterator[str]:
    at = path.rpartition("/")[0]
    while at:
        yield at
        at = at.rpartition("/")[0]


def _lists(root: str, there: Tree, found: _Found) -> _Lists:
    def listed(name: str, inside: str = "") -> Mapping[str, str]:
        if name not in there.files:
            return {}
        content = whole(root, name, _MOST.get(name, 1 << 24))
        if content is None:
            found.wrong(Property.USABILITY, name, "无法读取，或过大", "it cannot be read, or is too large")
            return {}
        listed: Listed = read_manifest(content, name, inside=inside)
        found.problems += listed.problems
        return listed.sums

    lists = _Lists(
        listed(layout.TAG_MANIFEST),
        listed(layout.MANIFEST, "data/"),
        listed(layout.SM3_MANIFEST, "data/"),
        listed(layout.SEALS),
    )
    for name in (*_TAGS, layout.TAG_MANIFEST):
        if name not in there.files:
            found.wrong(Property.INTEGRITY, name, "没有这个文件", "it is missing")
    for name in _TAGS:
        if name not in lists.tags and layout.TAG_MANIFEST in there.files:
            found.wrong(Property.INTEGRITY, layout.TAG_MANIFEST, f"没有列出 {name}", f"it does not list {name}")
    for name in lists.tags.keys() - {*_TAGS, layout.SM3_MANIFEST}:
        found.wrong(
            Property.INTEGRITY, layout.TAG_MANIFEST, f"列出了不该有的 {name}", f"it lists {name}, which does not belong"
        )
    for name in lists.seals.keys() - {layout.SIGNATURE, layout.TIMESTAMP}:
        found.wrong(
            Property.INTEGRITY, layout.SEALS, f"列出了不该有的 {name}", f"it lists {name}, which does not belong"
        )
    if lists.sm3 and lists.sm3.keys() != lists.payload.keys():
        found.wrong(
            Property.INTEGRITY,
            layout.SM3_MANIFEST,
            "与 SHA-256 清单所列不同",
            "it does not list what the SHA-256 manifest lists",
        )
    return lists


def _info(root: str, there: Tree, lists: _Lists, found: _Found) -> Mapping[str, str]:
    if whole(root, layout.BAGIT, 1024) not in (layout.DECLARATION, None):
        found.wrong(Property.INTEGRITY, layout.BAGIT, "不是 BagIt 1.0 的声明", "it is no declaration of BagIt 1.0")
    content = whole(root, layout.BAG_INFO, 1 << 20) if layout.BAG_INFO in there.files else None
    if content is None:
        return {}
    fields, problems = read_info(content, layout.BAG_INFO)
    found.problems += problems
    import hashlib

    told = fields.get("QSafety-Format", "")
    if (
        told.isdecimal()
        and int(told) > layout.FORMAT
        and lists.tags.get(layout.BAG_INFO) == hashlib.sha256(content).hexdigest()
    ):
        raise PackTooNewError(
            Bilingual(
                f"存档包的格式是 {told}，此处只识 {layout.FORMAT}",
                f"the pack has format {told}; known here is {layout.FORMAT}",
            ),
            advice=Bilingual("请运行：pip install --upgrade qsafety", "Run: pip install --upgrade qsafety"),
        )
    if told != str(layout.FORMAT):
        found.wrong(Property.USABILITY, layout.BAG_INFO, f"格式“{told}”无法识别", f"the format {told!r} is not known")
    for name in (
        "QSafety-Seller",
        "QSafety-Since",
        "QSafety-Until",
        "QSafety-Edition",
        "QSafety-Redaction",
        "Bagging-Date",
    ):
        if name not in fields:
            found.wrong(Property.INTEGRITY, layout.BAG_INFO, f"缺少 {name}", f"it lacks {name}")
    return fields


@attrs.define
class _Reading:
    """What was read while the digests were made."""

    records: dict[Key, Record] = attrs.field(factory=dict)
    earlier: dict[str, str] = attrs.field(factory=dict)
    pages: dict[str, bytes] = attrs.field(factory=dict)
    size: int = 0
    whole: bool = True


_PAGES = frozenset({layout.COLLECTIONS, layout.INDEX_JSON, layout.INDEX_CSV, layout.COVER_TXT})


def _sums(root: str, there: Tree, lists: _Lists, found: _Found, read: _Reading) -> None:
    """Every listed file against its digest; what is there and not listed; what is listed and not there."""
    listed = lists.all()
    belongs = {*listed, layout.TAG_MANIFEST, *([layout.SEALS] if lists.seals else [])}
    for path in sorted(there.files.keys() - belongs):
        found.wrong(
            Property.INTEGRITY,
            _shown(path),
            "清单之外的文件",
            "no list names it",
            Bilingual("存档之后放进来的", "it was put there later"),
        )
    for path in sorted(listed.keys() - there.files.keys()):
        found.wrong(Property.INTEGRITY, path, "清单所列，但没有这个文件", "it is listed, and missing")
        read.whole = False
    odd = {o.path for o in there.odd}
    present = [path for path in listed if path in there.files and not any(p in odd for p in _parents(path))]
    sm3 = HAS_SM3 and bool(lists.sm3)
    for file in summed(root, present, sm3=sm3, wanted=_wanted):
        if file.why is not None:
            found.problems.append(PackProblem(Property.USABILITY, file.path, file.why, _ASK))
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
    return path in _PAGES or records.is_record(path)


def _take(file: Summed, read: _Reading, found: _Found) -> None:
    if file.path.startswith(layout.EARLIER):
        read.earlier[file.path] = file.sha256
    elif file.path in _PAGES:
        read.pages[file.path] = file.body or b""
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


def _oxum(fields: Mapping[str, str], read: _Reading, lists: _Lists, found: _Found) -> None:
    told = fields.get("Payload-Oxum")
    if fields and told != f"{read.size}.{len(lists.payload)}":
        found.wrong(
            Property.INTEGRITY,
            layout.BAG_INFO,
            f"Payload-Oxum 是 {told}，实为 {read.size}.{len(lists.payload)}",
            f"Payload-Oxum is {told}; there are {read.size}.{len(lists.payload)}",
        )


def _chain(root: str, there: Tree, fields: Mapping[str, str], head: str | None, found: _Found) -> Chain | None:
    chain = None
    if layout.CHAIN in there.files:
        content = whole(root, layout.CHAIN, _MOST[layout.CHAIN])
        if content is None:
            found.wrong(Property.USABILITY, layout.CHAIN, "无法读取，或过大", "it cannot be read, or is too large")
        else:
            chain = read_chain(content, layout.CHAIN)
            found.problems += chain.problems
    last = chain.head if chain else None
    if fields and fields.get("QSafety-Chain-Head") != last:
        found.wrong(
            Property.AUTHENTICITY, layout.BAG_INFO, "链首与链的末行不符", "the chain's head is not its last link"
        )
    if head is not None and head.strip().lower() != last:
        found.wrong(
            Property.AUTHENTICITY,
            layout.CHAIN if chain else "",
            f"链首是 {last}，不是所给的 {head}" if last else "没有链，无法与所给的链首对照",
            f"its head is {last}, not the {head} that was given"
            if last
            else "there is no chain to compare the given head with",
            Bilingual("整个包可能被重新做过", "the whole pack may have been made anew"),
        )
    if chain is None and fields:
        found.notes.append(
            Bilingual("没有链：不是由带日志的存储导出的", "no chain: it was not made from a store that keeps a journal")
        )
    return chain


def _redaction(fields: Mapping[str, str]) -> Redaction | None:
    try:
        return Redaction(fields.get("QSafety-Redaction", ""))
    except QSafetyError:
        return None


def _contents(
    fields: Mapping[str, str], lists: _Lists, read: _Reading, chain: Chain | None, found: _Found
) -> Dossier | None:
    """Records where they belong, as the chain has them, and an index that is what these records give."""
    hidden = _redaction(fields)
    if hidden is None and "QSafety-Redaction" in fields:
        found.wrong(Property.INTEGRITY, layout.BAG_INFO, "脱敏级别无法识别", "its redaction is not known")
    if hidden not in (None, Redaction.NONE):
        found.notes.append(hidden.label)
    found.problems += records.misplaced(read.records)
    if chain is not None:
        digests = {key: record.digest for key, record in read.records.items()}
        digests |= {GIVEN: lists.payload[layout.COLLECTIONS]} if layout.COLLECTIONS in read.pages else {}
        found.problems += compared(chain, layout.CHAIN, digests, read.earlier, hidden not in (None, Redaction.NONE))
    elif read.earlier:
        found.wrong(Property.INTEGRITY, layout.EARLIER, "有旧版本而没有链", "there are earlier versions, and no chain")
    given = records.read_given(read.pages.get(layout.COLLECTIONS, b""))
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
        found.problems.append(PackProblem(Property.USABILITY, "", error.message, _ASK))
        return None
    if hidden is not None and read.whole:
        _index(fields, lists, read, Material(dossier, _kept(read, chain)), chain, hidden, found)
    return dossier


def _kept(read: _Reading, chain: Chain | None) -> Mapping[Key, Kept]:
    """The records with their versions. Bodies are not kept: the index has their digests."""
    versions = {(line.kind, line.key): line.version for line in chain.lines if not line.erasure} if chain else {}
    return {key: Kept(b"", versions.get(key), record.digest) for key, record in read.records.items()}


def _index(
    fields: Mapping[str, str],
    lists: _Lists,
    read: _Reading,
    given: Material,
    chain: Chain | None,
    hidden: Redaction,
    found: _Found,
) -> None:
    """The index and the cover page, made anew from the records and compared."""
    if fields.get("QSafety-Version") != version():
        made, here = fields.get("QSafety-Version"), version()
        found.notes.append(
            Bilingual(
                f"由 qsafety {made} 制作，目录未用 {here} 重新推算",
                f"made by qsafety {made}; the index was not made anew by {here}",
            )
        )
        return
    try:
        since, until, on = (
            date.fromisoformat(fields[name]) for name in ("QSafety-Since", "QSafety-Until", "Bagging-Date")
        )
        edition = law.edition(fields["QSafety-Edition"])
    except (KeyError, ValueError, LookupError):
        found.wrong(
            Property.INTEGRITY, layout.BAG_INFO, "期间、日期或版本无法识别", "its window, day or edition is not known"
        )
        return
    unit = given.dossier.seller
    asked = Asked(
        since=since, until=until, on=on, edition=edition, redaction=hidden, papers=layout.INDEX_DOCX in lists.payload
    )
    told = (fields.get("QSafety-Seller"), fields.get("External-Identifier"), fields.get("Source-Organization"))
    if told != (" ".join(unit.id.split()), unit.uscc or " ".join(unit.id.split()), " ".join(unit.name.split())):
        found.wrong(Property.INTEGRITY, layout.BAG_INFO, "单位与记录不符", "the seller is not that of the records")
    known = as_known_on(on_paper(given.dossier, hidden), on)
    places = {key: record.path.removesuffix(".json") for key, record in read.records.items()}
    printed = {key for key, place in places.items() if f"{place}.docx" in lists.payload}
    head = (chain.head, len(chain.lines)) if chain and chain.head else None
    try:
        pages = dict(index_pages(given, asked, known, places, printed, head))
    except QSafetyError as error:
        found.problems.append(PackProblem(Property.USABILITY, layout.INDEX, error.message, _ASK))
        return
    for path, content in pages.items():
        if path not in lists.payload:
            found.wrong(Property.INTEGRITY, path, "没有这个文件", "it is missing")
        elif read.pages.get(path) != content:
            found.problems += _differences(path, read.pages.get(path, b""), content)


def _differences(path: str, told: bytes, made: bytes) -> Iterable[PackProblem]:
    """Which slots the index lacks or says otherwise; the whole file where it cannot be said more closely."""
    hint = Bilingual("目录应由记录推出；请取得原件", "the index follows from the records; ask for the original")
    if path == layout.INDEX_JSON:
        there, right = _entries(told), _entries(made)
        rows = [
            (
                entry,
                Bilingual("目录缺少这一项", "the index lacks this entry")
                if entry not in there
                else Bilingual("目录所载与记录不符", "the index says otherwise than the records"),
            )
            for entry, row in right.items()
            if there.get(entry) != row
        ]
        rows += [
            (entry, Bilingual("目录多出这一项", "the index has an entry too many"))
            for entry in there
            if entry not in right
        ]
        for entry, what in rows:
            about = " ".join(part for part in entry if part)
            yield PackProblem(Property.INTEGRITY, path, Bilingual(f"{about}：{what.zh}", f"{about}: {what.en}"), hint)
        if rows:
            return
    yield PackProblem(Property.INTEGRITY, path, Bilingual("与记录推出的不同", "it is not what the records give"), hint)


def _entries(content: bytes) -> dict[tuple[str, ...], Any]:
    try:
        rows = msgspec.json.decode(content)["entries"]
        return {tuple(str(row[name] or "") for name in ("slot", "outlet", "period", "record")): row for row in rows}
    except (msgspec.MsgspecError, KeyError, TypeError, UnicodeDecodeError):
        return {}


def _seals(
    root: str, there: Tree, fields: Mapping[str, str], lists: _Lists, trust: Sequence[bytes], found: _Found
) -> Iterator[Seal]:
    """The signature and the time stamp that ``bag-info.txt`` promises."""
    promised = fields.get("QSafety-Seals", "").split()
    content = whole(root, layout.TAG_MANIFEST, 1 << 24) or b""
    for name, path in (("signature", layout.SIGNATURE), ("timestamp", layout.TIMESTAMP)):
        if path not in there.files:
            if name in promised:
                found.wrong(
                    Property.AUTHENTICITY,
                    path,
                    "应有的签名或时间戳不见了",
                    "a signature or time stamp that should be there is missing",
                )
            continue
        if path not in lists.seals:
            found.wrong(Property.INTEGRITY, layout.SEALS, f"没有列出 {path}", f"it does not list {path}")
        made = whole(root, path, 1 << 20) or b""
        seal = (checked_signature if name == "signature" else checked_time_stamp)(path, made, content, trust)
        if seal.status is SealStatus.INVALID and seal.why:
            found.problems.append(PackProblem(Property.AUTHENTICITY, path, seal.why, _ASK))
        elif seal.status is SealStatus.UNCHECKED and seal.why:
            found.notes.append(seal.why)
        elif seal.status is SealStatus.UNKNOWN_SIGNER:
            who = seal.by or "?"
            found.notes.append(
                Bilingual(
                    f"{path} 未被破坏；签名者未经核对：{who}",
                    f"{path} is unbroken; its signer was not looked up: {who}",
                )
            )
        yield seal
