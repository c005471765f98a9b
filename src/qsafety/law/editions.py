"""The text of the regulation, edition by edition, cut into provisions that are quoted word for word.

The complete edition is the consultation draft (征求意见稿), shipped byte for byte and checked against its SHA-256.
Order No. 76 is a provisional overlay: it lists the known differences and inherits the draft's text, marked as such.

Ids of provisions: ``10`` (an article of one paragraph), ``6.2`` (paragraph 2), ``5.1.3`` (paragraph 1, item 3); where
an article has one paragraph with items, ``18.4``. The lead-in of items has the id of its paragraph: ``5.1``, ``18``.
"""

import hashlib
import re
from collections.abc import Iterator, Mapping
from datetime import date
from decimal import Decimal
from functools import cache, cached_property
from pathlib import Path
from typing import Any

import attrs

from qsafety.bilingual import Bilingual
from qsafety.errors import EditionError, UnknownNameError
from qsafety.law.data import FOLDER, toml
from qsafety.law.messages import message
from qsafety.law.obligations import DRAFT, Obligation, edition_ids, of_article, read_obligations
from qsafety.law.vocabulary import EditionStatus, ProvisionKind, Word

_DIGITS = "一二三四五六七八九"
# 第十八条【名词解释】; the last article has no heading, and a space may stand before the first.
_ARTICLE = re.compile(rf"\s*第([{_DIGITS}十]+)条(?:【([^】]*)】)?")
# （四）, and in Article 5 （3）.
_ITEM = re.compile(rf"（([{_DIGITS}]|\d)）\s*")


class Certainty(Word):
    """How sure a known difference between two editions is."""

    VERIFIED = "verified"
    INDIRECT = "indirect"
    UNVERIFIED = "unverified"


@attrs.frozen(kw_only=True)
class Provision:
    """A piece of the text, word for word: a paragraph, the lead-in of items, or an item.

    ``paragraph`` is None where the article has only one, ``item`` where the piece is no item. ``heading`` is what
    stands in 【】, empty where there is none. ``inherited_from`` names the edition whose text this is, where it is
    another's: such a text is inherited, not verified.
    """

    id: str
    article: int
    paragraph: int | None = attrs.field(default=None, repr=False)
    item: int | None = attrs.field(default=None, repr=False)
    heading: str = ""
    text: str = attrs.field(repr=False)
    kind: ProvisionKind = attrs.field(repr=False)
    inherited_from: str | None = attrs.field(default=None, repr=False)

    @property
    def inherited(self) -> bool:
        """Whether the text is another edition's: inherited, not verified."""
        return self.inherited_from is not None

    def to_dict(self) -> dict[str, Any]:
        """Plain data; ``inherited_from`` is null for an edition's own text."""
        return {**attrs.asdict(self), "kind": str(self.kind)}


@attrs.frozen(kw_only=True)
class Parameter:
    """A figure of the text, or of a method that it needs. No value: none is set, and whoever needs one gives it."""

    name: str
    value: Decimal | None
    unit: str
    valid_from: date | None = None
    basis: Bilingual = attrs.field(repr=False)


@attrs.frozen(kw_only=True)
class Difference:
    """What an edition says otherwise than the draft, in our own words, and how sure that is."""

    provision: str
    draft: Bilingual = attrs.field(repr=False)
    other: Bilingual = attrs.field(repr=False)
    certainty: Certainty

    def to_dict(self) -> dict[str, Any]:
        """Plain data: ``provision``, ``draft``, ``other``, ``certainty``."""
        return {
            "provision": self.provision,
            "draft": self.draft.to_dict(),
            "other": self.other.to_dict(),
            "certainty": str(self.certainty),
        }


@attrs.frozen(kw_only=True)
class Edition:
    """One version of the regulation: whose it is, whether it is in force, its whole text, provisions and obligations.

    Two editions are equal when id, status and text hash are; the rest follows from them.

    >>> draft = edition("cn-seller-2023-draft")
    >>> draft.status.zh, len(draft.obligations), draft.provision("5.1.2").text
    ('征求意见稿', 82, '（2） 销售强制性产品认证管理的产品的单位；')
    """

    id: str
    title: Bilingual = attrs.field(repr=False, eq=False)
    issuer: Bilingual = attrs.field(repr=False, eq=False)
    number: str | None = attrs.field(default=None, repr=False, eq=False)
    promulgated_on: date | None = attrs.field(default=None, repr=False, eq=False)
    effective_on: date | None = attrs.field(default=None, repr=False, eq=False)
    status: EditionStatus
    verified_on: date | None = attrs.field(default=None, repr=False, eq=False)
    source: Bilingual = attrs.field(repr=False, eq=False)
    text: str = attrs.field(repr=False, eq=False)
    sha256: str = attrs.field(repr=False)
    provisions: tuple[Provision, ...] = attrs.field(repr=False, eq=False)
    obligations: tuple[Obligation, ...] = attrs.field(repr=False, eq=False)
    parameters: tuple[Parameter, ...] = attrs.field(repr=False, eq=False)
    inherits: str | None = attrs.field(default=None, repr=False, eq=False)
    differences: tuple[Difference, ...] = attrs.field(default=(), repr=False, eq=False)
    notice: Bilingual = attrs.field(repr=False, eq=False)
    """What every report made with this edition says once, prominently."""

    @cached_property
    def _whole(self) -> Mapping[str, Provision]:
        whole: dict[str, Provision] = {}
        for id_ in {prefix: None for piece in self.provisions for prefix in _prefixes(piece.id)}:
            pieces = [p for p in self.provisions if p.id == id_ or p.id.startswith(f"{id_}.")]
            own = pieces[0]
            whole[id_] = attrs.evolve(
                own,
                id=id_,
                paragraph=own.paragraph if "." in id_ else None,
                text="".join(p.text for p in pieces).strip(),
            )
        return whole

    @cached_property
    def _pieces(self) -> Mapping[str, str]:
        return {p.id: p.text.strip() for p in self.provisions}

    @cached_property
    def _obligations(self) -> Mapping[str, Obligation]:
        return {o.id: o for o in self.obligations}

    def provision(self, id: str | int) -> Provision:
        """A provision with everything below it, as one quotes it: ``"5"``, ``"5.1"``, ``"5.1.3"``, ``"10"``.

        Its text is a contiguous part of :attr:`text`, without the white space around it. Raises
        :class:`~qsafety.errors.UnknownNameError` with the nearest id.
        """
        if str(id) not in self._whole:
            raise UnknownNameError(Bilingual("条款", "provision"), id, of_article(str(id), self._whole))
        return self._whole[str(id)]

    def quote(self, id: str | int) -> str:
        """The own words of a provision, without the items below it: what a citation quotes.

        >>> edition().quote("18.5")
        '（五）质量安全员是指本单位负责产品质量安全过程控制的检查人员。'

        An article of several paragraphs has no words of its own: there it is the whole article.
        """
        own = self._pieces.get(str(id))
        return self.provision(id).text if own is None else own

    def obligation(self, id: str) -> Obligation:
        """One obligation as this edition has it; :class:`~qsafety.errors.UnknownNameError` with the nearest id."""
        if id not in self._obligations:
            raise UnknownNameError(Bilingual("义务", "obligation"), id, of_article(id, self._obligations))
        return self._obligations[id]

    def parameter(self, name: str) -> Decimal | None:
        """The value of a parameter; None where none is set. Unknown: an error with the nearest name.

        >>> edition().parameter("fine_max"), edition().parameter("retention")
        (Decimal('50000'), None)
        """
        for parameter in self.parameters:
            if parameter.name == name:
                return parameter.value
        raise UnknownNameError(Bilingual("参数", "parameter"), name, (p.name for p in self.parameters))


def _prefixes(id_: str) -> Iterator[str]:
    parts = id_.split(".")
    return (".".join(parts[:n]) for n in range(1, len(parts) + 1))


def _number(numeral: str) -> int:
    """四 → 4, 十 → 10, 十八 → 18; 3 → 3."""
    if numeral.isdigit():
        return int(numeral)
    tens, ten, ones = numeral.rpartition("十")
    return (10 * (_DIGITS.index(tens) + 1 if tens else 1) if ten else 0) + (_DIGITS.index(ones) + 1 if ones else 0)


def cut(text: str) -> Iterator[tuple[int, int, int, str, str]]:
    """The smallest pieces of a text, in order: article, paragraph, item (0: none), heading, and the words themselves.

    A line begins an article, an item or a paragraph; a line of white space belongs to the piece before it, so that the
    pieces put together are the text again.
    """
    article = paragraph = item = 0
    heading = ""
    piece = ""
    for line in text.splitlines(keepends=True):
        if not line.strip():
            piece += line
            continue
        if piece:
            yield article, paragraph, item, heading, piece
        piece = line
        if found := _ARTICLE.match(line):
            article, paragraph, item = _number(found[1]), 1, 0
            heading = found[2] or ""
        elif found := _ITEM.match(line):
            item = _number(found[1])
        else:
            paragraph, item = paragraph + 1, 0
    if piece:
        yield article, paragraph, item, heading, piece


def _provisions(text: str, kinds: Mapping[str, list[str]], inherited_from: str | None) -> Iterator[Provision]:
    kind_of = {id_: ProvisionKind(kind) for kind, ids in kinds.items() for id_ in ids}
    pieces = list(cut(text))
    several = {article for article, paragraph, *_ in pieces if paragraph > 1}
    for article, paragraph, item, heading, words in pieces:
        of_several = article in several
        id_ = ".".join(str(n) for n in (article, of_several and paragraph, item) if n)
        yield Provision(
            id=id_,
            article=article,
            paragraph=paragraph if of_several else None,
            item=item or None,
            heading=heading,
            text=words,
            kind=kind_of[id_],
            inherited_from=inherited_from,
        )


def read_edition(folder: Path) -> Edition:
    """The edition in one folder; an overlay takes text, kinds and parameters from the edition it inherits.

    Raises :class:`~qsafety.errors.EditionError` when the text is not the one whose SHA-256 ``edition.toml`` gives.
    """
    about = toml(folder / "edition.toml")
    inherits: str | None = about.get("inherits")
    home = folder.parent / inherits if inherits else folder
    base = toml(home / "edition.toml")
    text = (home / "text.txt").read_bytes()
    sha256 = hashlib.sha256(text).hexdigest()
    if sha256 != base["sha256"]:
        raise EditionError(
            Bilingual(
                f"版本 {base['id']} 的条文与其 SHA-256 不符：应为 {base['sha256']}，实为 {sha256}",
                f"the text of edition {base['id']} does not match its SHA-256: expected {base['sha256']}, got {sha256}",
            ),
            advice=Bilingual("条文文件已被改动，请重新安装 qsafety。", "The file was changed; install qsafety again."),
        )
    words = text.decode("utf-8")
    return Edition(
        id=about["id"],
        title=Bilingual(**about["title"]),
        issuer=Bilingual(**about["issuer"]),
        number=about.get("number"),
        promulgated_on=about.get("promulgated_on"),
        effective_on=about.get("effective_on"),
        status=EditionStatus(about["status"]),
        verified_on=about.get("verified_on"),
        source=Bilingual(**about["source"]),
        text=words,
        sha256=sha256,
        provisions=tuple(_provisions(words, base["kinds"], inherits)),
        obligations=read_obligations(folder),
        parameters=tuple(_parameters(base["parameters"])),
        inherits=inherits,
        differences=tuple(
            Difference(
                provision=row["provision"],
                draft=Bilingual(**row["draft"]),
                other=Bilingual(**row["other"]),
                certainty=Certainty(row["certainty"]),
            )
            for row in about.get("differences", ())
        ),
        notice=message("general", about["notice"]),
    )


def _parameters(groups: list[dict[str, Any]]) -> Iterator[Parameter]:
    for group in groups:
        for name, value in group["values"].items():
            yield Parameter(
                name=name,
                value=None if value == "none" else Decimal(value),
                unit=group["unit"],
                valid_from=group.get("valid_from"),
                basis=Bilingual(**group["basis"]),
            )


def edition(id: "str | Edition" = DRAFT) -> Edition:
    """An edition by its id; the default is the consultation draft, the only complete text.

    >>> edition("cn-seller-2023-order76").effective_on
    datetime.date(2023, 5, 5)

    Raises :class:`~qsafety.errors.UnknownNameError` with the nearest id.
    """
    return id if isinstance(id, Edition) else _edition(id)


@cache
def _edition(id_: str) -> Edition:
    if id_ not in edition_ids():
        raise UnknownNameError(Bilingual("版本", "edition"), id_, edition_ids())
    return read_edition(FOLDER / id_)


def editions() -> tuple[Edition, ...]:
    """All editions: the draft, then what overlays it.

    >>> [e.id for e in editions()]
    ['cn-seller-2023-draft', 'cn-seller-2023-order76']
    """
    return tuple(map(edition, edition_ids()))


def diff(a: str | Edition, b: str | Edition) -> tuple[Difference, ...]:
    """How two editions differ, as far as that is known; the order of the two does not matter.

    >>> [d.provision for d in diff("cn-seller-2023-draft", "cn-seller-2023-order76") if d.certainty == "unverified"]
    ['6.2', '11', '17']
    """
    one, two = edition(a), edition(b)
    return () if one == two else (two if two.inherits == one.id else one).differences
