"""Whether a pack is as it was made: every problem at once, by the four properties of DA/T 70."""

import os
from collections.abc import Iterator, Mapping, Sequence
from pathlib import Path
from typing import Any

import attrs

from qsafety.archive import layout
from qsafety.archive.chain import Chain
from qsafety.archive.chain import read as read_chain
from qsafety.archive.content import Reading, contents, redaction_of, sums
from qsafety.archive.form import Lists, info, lists, names, oxum
from qsafety.archive.found import ASK, Found
from qsafety.archive.packing import NO_CHAIN
from qsafety.archive.problems import NoPackError, PackProblem, Property
from qsafety.archive.redaction import Redaction
from qsafety.archive.sealing import Seal, SealStatus, checked_signature, checked_time_stamp
from qsafety.archive.tree import Tree, tree, whole
from qsafety.bilingual import Bilingual
from qsafety.codec import without_collector
from qsafety.dossier import Dossier

_MOST = 1 << 29
"""The longest chain, in bytes."""


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


def examined(
    path: str | os.PathLike[str], *, head: str | None = None, trust: Sequence[str | os.PathLike[str] | bytes] = ()
) -> Examined:
    """The check of a pack, and what it holds: each file is read once."""
    root = _root(Path(path))
    certificates = [c if isinstance(c, bytes) else Path(c).read_bytes() for c in trust]
    found = Found()
    there = tree(root)
    names(there, found, Path(path).name)
    listed = lists(root, there, found)
    fields = info(root, there, listed, found)
    with without_collector():
        read = Reading()
        sums(root, there, listed, found, read)
        oxum(fields, read.size, listed, found)
        chain = _chain(root, there, fields, head, found)
        dossier = contents(root, fields, listed, read, chain, found)
    seals = tuple(_seals(root, there, fields, listed, certificates, found))
    check = PackCheck(
        path=Path(path),
        seals=seals,
        problems=tuple(found.problems),
        notes=tuple(found.notes),
        files=len(there.files),
        bytes=sum(there.files.values()),
        head=chain.head if chain else None,
        redaction=redaction_of(fields),
    )
    return Examined(check, dossier)


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
    if not any(
        os.path.lexists(path / name) for name in (layout.BAGIT, layout.BAG_INFO, layout.MANIFEST, layout.TAG_MANIFEST)
    ):
        inside = sorted(p.parent.name for p in path.glob(f"*/{layout.BAGIT}"))[:3]
        raise NoPackError(
            Bilingual(f"{path} 不是存档包：其中没有 {layout.BAGIT}", f"{path} is no pack: it holds no {layout.BAGIT}"),
            advice=Bilingual(f"是否为其中的 {'、'.join(inside)}？", f"Did you mean {', '.join(inside)} in it?")
            if inside
            else Bilingual("请给出存档包的文件夹。", "Give the folder of a pack."),
        )
    return os.path.realpath(path)


def _chain(root: str, there: Tree, fields: Mapping[str, str], head: str | None, found: Found) -> Chain | None:
    chain = None
    if layout.CHAIN in there.files:
        content = whole(root, layout.CHAIN, _MOST)
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
        found.notes.append(NO_CHAIN)
    return chain


def _seals(
    root: str, there: Tree, fields: Mapping[str, str], listed: Lists, trust: Sequence[bytes], found: Found
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
        if path not in listed.seals:
            found.wrong(Property.INTEGRITY, layout.SEALS, f"没有列出 {path}", f"it does not list {path}")
        made = whole(root, path, 1 << 20) or b""
        seal = (checked_signature if name == "signature" else checked_time_stamp)(path, made, content, trust)
        if seal.status is SealStatus.INVALID and seal.why:
            found.problems.append(PackProblem(Property.AUTHENTICITY, path, seal.why, ASK))
        elif seal.status is SealStatus.UNCHECKED and seal.why:
            found.notes.append(seal.why)
        elif seal.status is SealStatus.UNKNOWN_SIGNER:
            who = seal.by or "?"
            found.note(
                f"{path} 未被破坏；签名者未经核对：{who}", f"{path} is unbroken; its signer was not looked up: {who}"
            )
        yield seal
