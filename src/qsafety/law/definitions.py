"""What a word means: the five definitions of Article 18 first, then the glossary."""

from functools import cache
from typing import Any

import attrs

from qsafety.bilingual import Bilingual
from qsafety.errors import UnknownNameError
from qsafety.law.editions import Edition
from qsafety.law.editions import edition as edition_of
from qsafety.law.glossary import Term, glossary
from qsafety.law.obligations import DRAFT


@attrs.frozen(kw_only=True)
class Definition:
    """A definition of Article 18: the term, the words of the text, the provision and the edition."""

    term: Bilingual
    text: str = attrs.field(repr=False)
    provision: str
    edition: str

    def to_dict(self) -> dict[str, Any]:
        """Plain data: ``term``, ``text``, ``provision``, ``edition``."""
        return {**attrs.asdict(self), "term": self.term.to_dict()}


@cache
def _definitions(law: Edition) -> dict[str, Definition]:
    """Every name of every definition."""
    found: dict[str, Definition] = {}
    for row in law.defines:
        quoted = law.quote(row.provision)
        definition = Definition(
            term=row.term,
            text=quoted[quoted.find("）") + 1 :],
            provision=row.provision,
            edition=law.id,
        )
        found |= dict.fromkeys((row.term.zh, row.term.en, *row.also), definition)
    return found


def define(term: str, edition: str | Edition = DRAFT) -> Definition | Term:
    """What a term means: as Article 18 defines it, else as the glossary has it.

    >>> define("销售单位主要负责人").to_dict()["text"]
    '工业产品销售单位主要负责人是指本单位的法定代表人、法定代表委托人或者实际控制人。'
    >>> define("weekly screening").zh
    '周排查'

    Chinese, English and identifiers are understood. Raises :class:`~qsafety.errors.UnknownNameError` with the nearest
    term.
    """
    defined = _definitions(edition_of(edition))
    terms = {name: row for row in reversed(glossary()) for name in (*row.identifiers, row.en, row.zh)}
    name = _named(term, (*defined, *terms))
    if name in defined:
        return defined[name]
    found = terms[name]
    return defined.get(found.zh, found)


def _named(asked: str, names: tuple[str, ...]) -> str:
    folded = {_folded(name): name for name in reversed(names)}
    name = folded.get(_folded(asked))
    if name is None:
        raise UnknownNameError(Bilingual("用语", "term"), asked, names)
    return name


def _folded(name: str) -> str:
    return name.strip().strip("《》").casefold()
