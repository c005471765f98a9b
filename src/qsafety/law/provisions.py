"""What an edition is made of: provisions quoted word for word, the terms that it defines, figures, and known differences.

Ids of provisions: ``10`` (an article of one paragraph), ``6.2`` (paragraph 2), ``5.1.3`` (paragraph 1, item 3); where
an article has one paragraph with items, ``18.4``. The lead-in of items has the id of its paragraph: ``5.1``, ``18``.
"""

import re
from collections.abc import Iterator, Mapping
from datetime import date
from decimal import Decimal
from functools import cached_property
from typing import Any

import attrs

from qsafety.bilingual import Bilingual
from qsafety.errors import UnknownNameError
from qsafety.law.obligations import Obligation, of_article
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
class DefinedTerm:
    """A term that a provision defines, in both languages, and the other names under which people ask for it."""

    provision: str
    term: Bilingual
    also: tuple[str, ...] = ()


@attrs.frozen(kw_only=True)
class Parameter:
    """A figure of the text, or of a method that it needs. No value: none is set, and whoever needs one gives it."""

    name: str
    value: Decimal | None
    unit: str
    valid_from: date | None = None
    provision: str = ""
    basis: Bilingual = attrs.field(repr=False)


@attrs.frozen(kw_only=True)
class Difference:
    """What an edition says otherwise than another (as a rule the draft), and how sure that is."""

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


@attrs.frozen
class Citation:
    """The words of the law that an answer rests on.

    ``inherited``: the edition takes these words from another, and nobody has verified that they are its own. ``difference``:
    what the edition is known, or believed, to say otherwise there.
    """

    edition: str
    provision: str
    text: str
    inherited: bool = False
    difference: Difference | None = None

    def to_dict(self) -> dict[str, Any]:
        """Plain data: edition, provision, text, inherited, and (null where there is none) difference."""
        return attrs.asdict(self, recurse=False) | {
            "difference": self.difference.to_dict() if self.difference else None
        }


@attrs.frozen(kw_only=True)
class Edition:
    """One version of the regulation: whose it is, whether it is in force, its whole text, provisions and obligations.

    Two editions are equal when id, status and hashes are; the rest follows from them. ``sha256`` is that of the text;
    ``data_sha256`` that of everything an edition from a user's folder says (None: an edition that is shipped).

    >>> from qsafety.law import edition
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
    data_sha256: str | None = attrs.field(default=None, repr=False)
    provisions: tuple[Provision, ...] = attrs.field(repr=False, eq=False)
    obligations: tuple[Obligation, ...] = attrs.field(repr=False, eq=False)
    dropped: frozenset[str] = attrs.field(default=frozenset(), repr=False, eq=False)
    """The obligations that this edition no longer has."""
    defines: tuple[DefinedTerm, ...] = attrs.field(default=(), repr=False, eq=False)
    parameters: tuple[Parameter, ...] = attrs.field(repr=False, eq=False)
    inherits: str | None = attrs.field(default=None, repr=False, eq=False)
    differences: tuple[Difference, ...] = attrs.field(default=(), repr=False, eq=False)
    """What it says otherwise than the draft, as its makers state it."""
    notice: Bilingual = attrs.field(repr=False, eq=False)
    """What every report made with this edition says once, prominently."""

    @cached_property
    def _whole(self) -> Mapping[str, Provision]:
        whole: dict[str, Provision] = {}
        for id_ in {prefix: None for piece in self.provisions for prefix in upwards(piece.id)}:
            pieces = [p for p in self.provisions if p.id == id_ or p.id.startswith(f"{id_}.")]
            own = pieces[0]
            whole[id_] = attrs.evolve(
                own,
                id=id_,
                paragraph=own.paragraph if "." in id_ else None,
                text="".join(p.text for p in pieces).strip(),
                inherited_from=next((p.inherited_from for p in pieces if p.inherited), None),
            )
        return whole

    @cached_property
    def _pieces(self) -> Mapping[str, Provision]:
        return {p.id: p for p in self.provisions}

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

        >>> from qsafety.law import edition
        >>> edition().quote("18.5")
        '（五）质量安全员是指本单位负责产品质量安全过程控制的检查人员。'

        An article of several paragraphs has no words of its own: there it is the whole article.
        """
        own = self._pieces.get(str(id))
        return self.provision(id).text if own is None else own.text.strip()

    def cite(self, id: str) -> Citation:
        """The own words of a provision, marked where they are inherited or where something else is known to stand there."""
        own = self._pieces.get(id) or self.provision(id)
        return Citation(self.id, id, self.quote(id), own.inherited, self.difference(id))

    def obligation(self, id: str) -> Obligation:
        """One obligation as this edition has it; :class:`~qsafety.errors.UnknownNameError` with the nearest id."""
        if id not in self._obligations:
            raise UnknownNameError(Bilingual("义务", "obligation"), id, of_article(id, self._obligations))
        return self._obligations[id]

    def difference(self, provision: str) -> Difference | None:
        """The stated difference that bears on a provision: on itself, a part of it, or what it is a part of.

        >>> from qsafety.law import edition
        >>> edition("cn-seller-2023-order76").difference("17").certainty
        <Certainty.UNVERIFIED: 'unverified'>
        """
        return next((d for d in self.differences if touches(d.provision, provision)), None)

    def doubtful(self, provision: str) -> bool:
        """Whether what this edition says in a provision is not verified to be what the draft says."""
        found = self.difference(provision)
        return found is not None and found.certainty is Certainty.UNVERIFIED

    def parameter(self, name: str) -> Decimal | None:
        """The value of a parameter; None where none is set. Unknown: an error with the nearest name.

        >>> from qsafety.law import edition
        >>> edition().parameter("fine_max"), edition().parameter("retention")
        (Decimal('50000'), None)
        """
        for parameter in self.parameters:
            if parameter.name == name:
                return parameter.value
        raise UnknownNameError(Bilingual("参数", "parameter"), name, (p.name for p in self.parameters))


def touches(one: str, other: str) -> bool:
    """Whether of two provisions one is the other, or a part of it."""
    return f"{one}.".startswith(f"{other}.") or f"{other}.".startswith(f"{one}.")


def upwards(id_: str) -> Iterator[str]:
    """A provision and all that it is a part of: ``5.1.3`` gives ``5``, ``5.1``, ``5.1.3``."""
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


def named_pieces(text: str) -> Iterator[tuple[str, int, int | None, int | None, str, str]]:
    """The pieces of :func:`cut` with their ids: id, article, paragraph, item, heading, words."""
    pieces = list(cut(text))
    several = {article for article, paragraph, *_ in pieces if paragraph > 1}
    for article, paragraph, item, heading, words in pieces:
        of_several = article in several
        id_ = ".".join(str(n) for n in (article, of_several and paragraph, item) if n)
        yield id_, article, paragraph if of_several else None, item or None, heading, words
