"""What the text asks of whom: 82 obligations, each resting on words that it quotes.

An id is permanent: ``A10.2`` is the second duty of Article 10. Together the quotes of all obligations cover every
sentence of the text, so that no duty is forgotten.
"""

from collections.abc import Iterable
from functools import cache
from typing import Any

import attrs

from qsafety.bilingual import Bilingual
from qsafety.errors import UnknownNameError
from qsafety.law.data import FOLDER
from qsafety.law.vocabulary import Actor, Modality, PenaltyLimb, Trigger

DRAFT = "cn-seller-2023-draft"
"""The default edition: the consultation draft, the only one whose text is complete."""


@attrs.frozen(kw_only=True)
class Obligation:
    """One duty, prohibition, encouragement or definition of the text.

    ``provision`` is the piece of text that holds it, ``quotes`` its exact words. ``actor`` is None where the row binds
    nobody by itself. ``limbs`` are the limbs of Article 17 that a breach falls under; ``archive_slots`` the slots of
    Article 13 (``S1`` to ``S12``) in which its evidence is kept.
    """

    id: str
    provision: str
    actor: Actor | None = attrs.field(default=None, repr=False)
    modality: Modality = attrs.field(repr=False)
    action: Bilingual = attrs.field(repr=False)
    trigger: Trigger = attrs.field(repr=False)
    limbs: tuple[PenaltyLimb, ...] = attrs.field(default=(), repr=False)
    archive_slots: tuple[str, ...] = attrs.field(default=(), repr=False)
    quotes: tuple[str, ...] = attrs.field(repr=False)

    @property
    def article(self) -> int:
        """The number of its article."""
        return int(self.provision.partition(".")[0])

    def to_dict(self) -> dict[str, Any]:
        """Plain data, with the action and nothing hidden."""
        return {
            "id": self.id,
            "provision": self.provision,
            "actor": self.actor and str(self.actor),
            "modality": str(self.modality),
            "action": self.action.to_dict(),
            "trigger": str(self.trigger),
            "limbs": [str(limb) for limb in self.limbs],
            "archive_slots": [*self.archive_slots],
            "quotes": [*self.quotes],
        }


@cache
def obligations(edition: str = DRAFT) -> tuple[Obligation, ...]:
    """All obligations of an edition (an id that :func:`qsafety.law.edition` knows), in the order of the articles.

    >>> len(obligations())
    82
    """
    from qsafety.law.editions import edition as edition_of

    return edition_of(edition).obligations


def obligation(id: str, edition: str = DRAFT) -> Obligation:
    """One obligation by its id.

    >>> obligation("A10.2").action.to("zh")
    '每日根据《工业产品质量安全风险管控清单》进行检查'

    Raises :class:`~qsafety.errors.UnknownNameError` with the nearest id.
    """
    by_id = _by_id(edition)
    if id not in by_id:
        raise UnknownNameError(Bilingual("义务", "obligation"), id, of_article(id, by_id))
    return by_id[id]


def of_article(id: str, known: Iterable[str]) -> list[str]:
    """The ids of the same article as the one asked for, else all: the nearest id should not lie in another article."""
    ids = list(known)
    article = id.partition(".")[0]
    return [other for other in ids if other.partition(".")[0] == article] or ids


@cache
def _by_id(edition: str) -> dict[str, Obligation]:
    return {o.id: o for o in obligations(edition)}


@cache
def edition_ids() -> tuple[str, ...]:
    """The ids of the editions that are shipped, in order of age."""
    return tuple(sorted(path.parent.name for path in FOLDER.glob("*/edition.toml")))
