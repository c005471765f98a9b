"""The terms of the regulation and of the house: Chinese, standard English, and the identifiers named after them.

``data/glossary.toml`` is the one source. It also holds the label of every word of :mod:`qsafety.law.vocabulary`.
"""

from collections.abc import Mapping
from functools import cache
from types import MappingProxyType
from typing import TYPE_CHECKING, Any

import attrs

from qsafety.bilingual import Bilingual, Lang
from qsafety.errors import UnknownNameError
from qsafety.law.data import FOLDER, toml

if TYPE_CHECKING:
    from qsafety.law.vocabulary import Word


@attrs.frozen(kw_only=True)
class Term:
    """A term: its Chinese and English, the identifiers in the code named after it, and why this word was chosen.

    ``identifiers`` is empty for a legal term that nothing in the code is named after; ``house`` marks the words that
    are qsafety's own and not the regulation's.
    """

    text: Bilingual
    identifiers: tuple[str, ...] = ()
    note: str | None = None
    house: bool = False

    @property
    def zh(self) -> str:
        """The Chinese term."""
        return self.text.zh

    @property
    def en(self) -> str:
        """The English term."""
        return self.text.en

    def to_dict(self) -> dict[str, Any]:
        """Plain data: ``zh``, ``en``, ``identifiers``, ``note``, ``house``."""
        return {**self.text.to_dict(), "identifiers": [*self.identifiers], "note": self.note, "house": self.house}


@cache
def _data() -> Mapping[str, Any]:
    return toml(FOLDER / "glossary.toml")


@cache
def glossary() -> tuple[Term, ...]:
    """All terms: the regulation's in the order of the text, then the house's own.

    >>> next(term.en for term in glossary() if term.zh == "月调度")
    'monthly coordination'
    """
    return tuple(
        Term(
            text=Bilingual(row["zh"], row["en"]),
            identifiers=tuple(row.get("identifiers", ())),
            note=row.get("note"),
            house=part == "house",
        )
        for part in ("terms", "house")
        for row in _data()[part]
    )


@cache
def labels(enum_name: str) -> Mapping[str, Bilingual]:
    """The labels of one enumeration, by value.

    >>> labels("Cadence")["weekly_screening"].to("zh")
    '周排查'

    Raises :class:`~qsafety.errors.UnknownNameError` for an enumeration that the glossary does not have.
    """
    words = _data()["words"]
    if enum_name not in words:
        raise UnknownNameError(Bilingual("词表", "set of words in the glossary"), enum_name, words)
    return MappingProxyType({value: Bilingual(row["zh"], row["en"]) for value, row in words[enum_name].items()})


def label(word: "Word", lang: Lang) -> str:
    """A word as it is printed in one language.

    >>> from qsafety.law.vocabulary import Outcome
    >>> label(Outcome.NEEDS_JUDGEMENT, "zh"), label(Outcome.NEEDS_JUDGEMENT, "en")
    ('需人工判断', 'needs judgement')
    """
    return word.label.to(lang)
