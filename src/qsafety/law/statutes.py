"""Other statutes, cite-only: which law, which article, and its gist in our words; never their text."""

import re
from functools import cache
from typing import Any

import attrs

from qsafety.bilingual import Bilingual
from qsafety.errors import UnknownNameError
from qsafety.law.data import FOLDER, toml
from qsafety.law.vocabulary import NormLevel

_DIGITS = "零一二三四五六七八九"
_ASKED = re.compile(r"《?(?P<name>.+?)》?[ ,，]*(?:第|Article )?(?P<article>\d+|[零一二三四五六七八九十百千]+)?条?")


@attrs.frozen(kw_only=True)
class Cited:
    """One article of another statute: its number and its gist. It is a citation, not a text."""

    statute: str
    title: Bilingual = attrs.field(repr=False)
    article: str
    gist: Bilingual = attrs.field(repr=False)

    @property
    def number(self) -> Bilingual:
        """``第三十三条``, ``Article 33``."""
        return Bilingual(f"第{_numeral(int(self.article))}条", f"Article {self.article}")

    @property
    def label(self) -> Bilingual:
        """As messages cite it.

        >>> cited("产品质量法", 33)[0].label.to("zh"), cited("产品质量法", 33)[0].label.to("en")
        ('产品质量法第三十三条', 'Product Quality Law, Article 33')
        """
        return Bilingual(f"{self.statute}{self.number.zh}", f"{self.title.en}, {self.number.en}")

    def to_dict(self) -> dict[str, Any]:
        """Plain data: statute, article, label, gist."""
        return {
            "statute": self.statute,
            "article": self.article,
            "label": self.label.to_dict(),
            "gist": self.gist.to_dict(),
        }


@attrs.frozen(kw_only=True)
class Statute:
    """Another law, regulation or rule that the text rests on or that findings name. ``id`` is its name as it is cited."""

    id: str
    title: Bilingual = attrs.field(repr=False)
    level: NormLevel
    gist: Bilingual = attrs.field(repr=False)
    articles: tuple[Cited, ...] = attrs.field(default=(), repr=False)

    def article(self, number: str | int) -> Cited:
        """One of its articles; :class:`~qsafety.errors.UnknownNameError` for one that is not cited anywhere."""
        for row in self.articles:
            if row.article == str(number):
                return row
        what = Bilingual(f"{self.id}的条文引注", f"cited article of the {self.title.en}")
        raise UnknownNameError(what, number, [row.article for row in self.articles])

    def to_dict(self) -> dict[str, Any]:
        """Plain data."""
        return {
            "id": self.id,
            "title": self.title.to_dict(),
            "level": str(self.level),
            "gist": self.gist.to_dict(),
            "articles": [row.to_dict() for row in self.articles],
        }


def statutes() -> tuple[Statute, ...]:
    """All statutes that may be cited.

    >>> [statute.title.en for statute in statutes()][:2]
    ['Product Quality Law', 'Standardization Law']
    """
    return tuple(_statutes()[1].values())


def caution() -> Bilingual:
    """What is to be said wherever gists are shown: whose words they are."""
    return _statutes()[0]


def statute(name: str) -> Statute:
    """A statute by its name as it is cited, its full title, or its English title.

    >>> statute("行政处罚法").article(33).number.to("zh")
    '第三十三条'

    Raises :class:`~qsafety.errors.UnknownNameError` with the nearest name.
    """
    known = {alias: row for row in statutes() for alias in (row.id, row.title.zh, row.title.en)}
    folded = {alias.casefold(): row for alias, row in known.items()}
    if name.strip().strip("《》").casefold() not in folded:
        raise UnknownNameError(Bilingual("其他法律", "statute"), name, known)
    return folded[name.strip().strip("《》").casefold()]


def cited(name: str, *articles: int) -> tuple[Cited, ...]:
    """Articles of one statute, as citations."""
    found = statute(name)
    return tuple(found.article(number) for number in articles)


def find_statute(asked: str) -> tuple[Statute, str | None] | None:
    """The statute, and perhaps the article, that a name names; None where it names no statute.

    >>> find_statute("行政处罚法33")[1], find_statute("《产品质量法》第三十三条")[1], find_statute("周排查")
    ('33', '33', None)

    An article that is not among the citations is :class:`~qsafety.errors.UnknownNameError`.
    """
    match = _ASKED.fullmatch(asked.strip())
    if match is None:
        return None
    try:
        found = statute(match["name"])
    except UnknownNameError:
        return None
    if match["article"] is None:
        return found, None
    number = match["article"] if match["article"].isdecimal() else str(_value(match["article"]))
    return found, found.article(number).article


@cache
def _statutes() -> tuple[Bilingual, dict[str, Statute]]:
    data = toml(FOLDER / "statutes.toml")
    found: dict[str, Statute] = {}
    for id_, row in data["statutes"].items():
        title = Bilingual(**row["title"])
        found[id_] = Statute(
            id=id_,
            title=title,
            level=NormLevel(row["level"]),
            gist=Bilingual(**row["gist"]),
            articles=tuple(
                Cited(statute=id_, title=title, article=number, gist=Bilingual(**gist))
                for number, gist in row.get("articles", {}).items()
            ),
        )
    return Bilingual(**data["checked"]), found


def _numeral(number: int) -> str:
    """33 → 三十三, 204 → 二百零四, 1259 → 一千二百五十九."""
    text = ""
    for unit, sign in ((1000, "千"), (100, "百"), (10, "十"), (1, "")):
        digit, number = divmod(number, unit)
        if digit:
            text += ("" if sign == "十" and digit == 1 and not text else _DIGITS[digit]) + sign
        elif text and number and not text.endswith("零"):
            text += "零"
    return text


def _value(numeral: str) -> int:
    """三十三 → 33."""
    total = digit = 0
    for sign in numeral:
        if sign in _DIGITS:
            digit = _DIGITS.index(sign)
        else:
            total += (digit or 1) * {"十": 10, "百": 100, "千": 1000}[sign]
            digit = 0
    return total + digit
