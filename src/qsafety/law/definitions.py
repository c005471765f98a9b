"""What a word means: the five definitions of Article 18 first, then the glossary."""

from functools import cache
from typing import Any

import attrs

from qsafety.bilingual import Bilingual
from qsafety.errors import UnknownNameError
from qsafety.law.data import FOLDER, toml
from qsafety.law.editions import Edition, edition
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
def _definitions(edition_id: str) -> dict[str, Definition]:
    """Every name of every definition."""
    law = edition(edition_id)
    found: dict[str, Definition] = {}
    for provision, row in toml(FOLDER / (law.inherits or law.id) / "definitions.toml").items():
        quoted = law.quote(provision)
        definition = Definition(
            term=Bilingual(row["zh"], row["en"]),
            text=quoted[quoted.index("）") + 1 :],
            provision=provision,
            edition=law.id,
        )
        found |= dict.fromkeys((row["zh"], row["en"], *row.get("also", ())), definition)
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
    defined = _definitions(edition if isinstance(edition, str) else edition.id)
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
