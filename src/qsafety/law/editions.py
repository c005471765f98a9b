"""The text of the regulation, edition by edition: the shipped ones by id, a user's own from a folder, and how two differ.

The complete edition is the consultation draft (征求意见稿), shipped byte for byte and checked against its SHA-256.
Order No. 76 is a provisional overlay: it lists the known differences and inherits the draft's text, marked as such.
"""

import os
from collections.abc import Iterator
from functools import cache
from pathlib import Path

from qsafety.bilingual import Bilingual, join, same
from qsafety.errors import UnknownNameError
from qsafety.law.data import FOLDER
from qsafety.law.obligations import DRAFT, Obligation, edition_ids
from qsafety.law.provisions import (
    Certainty,
    Citation,
    DefinedTerm,
    Difference,
    Edition,
    Parameter,
    Provision,
    touches,
)

__all__ = [
    "Certainty",
    "Citation",
    "DefinedTerm",
    "Difference",
    "Edition",
    "Parameter",
    "Provision",
    "diff",
    "edition",
    "editions",
    "read_edition",
]


def read_edition(folder: str | os.PathLike[str]) -> Edition:
    """The edition in a folder of yours: ``edition.toml`` and, unless it inherits a shipped edition, the text and its duties.

    A folder is data only: nothing in it is executed, nothing outside of it is read. Raises
    :class:`~qsafety.errors.EditionErrors` (an ``EditionError``) with every problem, each with its file and line.

    >>> from qsafety.law.data import FOLDER
    >>> read_edition(FOLDER / "cn-seller-2023-draft") == edition("cn-seller-2023-draft")
    True
    """
    from qsafety.law.folders import from_folder

    return from_folder(Path(folder))


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
    """All editions that are shipped: the draft, then what overlays it.

    >>> [e.id for e in editions()]
    ['cn-seller-2023-draft', 'cn-seller-2023-order76']
    """
    return tuple(map(edition, edition_ids()))


def diff(a: str | Edition, b: str | Edition) -> tuple[Difference, ...]:
    """How two editions differ, as far as that is known: what their makers state, then what their texts and data show.

    ``draft`` of a difference is the first edition's side and ``other`` the second's; an edition and its overlay are
    compared in that order, whichever is named first.

    >>> [d.provision for d in diff("cn-seller-2023-draft", "cn-seller-2023-order76") if d.certainty == "unverified"]
    ['6.2', '11', '17']
    """
    one, two = edition(a), edition(b)
    if one.inherits == two.id:
        one, two = two, one
    stated = [*_stated(one, two)]
    shown = [d for d in _shown(one, two) if not any(touches(d.provision, s.provision) for s in stated)]
    return tuple(sorted([*stated, *shown], key=lambda d: [int(n) for n in d.provision.split(".")]))


def _stated(one: Edition, two: Edition) -> Iterator[Difference]:
    ours = {d.provision: d for d in one.differences}
    theirs = {d.provision: d for d in two.differences}
    for provision in ours | theirs:
        left, right = ours.get(provision), theirs.get(provision)
        if left is None and right is not None:
            yield right
        elif left is not None and left != right:
            other, sure = (right.other, right.certainty) if right else (left.draft, left.certainty)
            worst = max(left.certainty, sure, key=list(Certainty).index)
            yield Difference(provision=provision, draft=left.other, other=other, certainty=worst)


def _shown(one: Edition, two: Edition) -> Iterator[Difference]:
    """What the words, figures, dates and duties show, in the order of the provisions; each provision once."""
    found: dict[str, list[tuple[Bilingual, Bilingual]]] = {}
    ours, theirs = ({p.id: p.text.strip() for p in e.provisions} for e in (one, two))
    none = Bilingual("（无）", "(none)")
    for id_ in dict.fromkeys([*ours, *theirs]):
        if ours.get(id_) != theirs.get(id_):
            found.setdefault(id_, []).append((same(ours.get(id_, none)), same(theirs.get(id_, none))))
    for left, right in zip(one.parameters, two.parameters, strict=False):
        if left.name == right.name and left.value != right.value and left.provision:
            pair = tuple(same(f"{p.name} = {'none' if p.value is None else f'{p.value:f}'}") for p in (left, right))
            found.setdefault(left.provision, []).append((pair[0], pair[1]))
    for duty in one.obligations:
        other = next((o for o in two.obligations if o.id == duty.id), None)
        sides = [_gist(duty, one), _gist(other, two) if other else none]
        if sides[0] != sides[1]:
            found.setdefault(duty.provision, []).append((sides[0], sides[1]))
    if one.effective_on != two.effective_on:
        days = [same(e.effective_on) if e.effective_on else none for e in (one, two)]
        last = one.provisions[-1].id.partition(".")[0]
        found.setdefault(last, []).append((days[0], days[1]))
    for provision, pairs in found.items():
        yield Difference(
            provision=provision,
            draft=join([a for a, _ in pairs]),
            other=join([b for _, b in pairs]),
            certainty=Certainty.VERIFIED,
        )


def _gist(duty: Obligation, of: Edition) -> Bilingual:
    """What may differ of a duty: whether it is there, who owes it, the limbs of Article 17 that it falls under."""
    if duty.id in of.dropped:
        return Bilingual(f"{duty.id} 已删去", f"{duty.id} dropped")
    limbs = " ".join(limb.number for limb in duty.limbs)
    actor = duty.actor.label if duty.actor else Bilingual("—", "—")
    return Bilingual(f"{duty.id} {actor.zh} {limbs}".strip(), f"{duty.id} {actor.en} {limbs}".strip())
