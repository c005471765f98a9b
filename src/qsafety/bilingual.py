"""A text in the two languages of the house: Chinese first, English complete."""

from collections.abc import Iterable
from typing import Any, Literal

import attrs

Lang = Literal["zh", "en"]


@attrs.frozen
class Bilingual:
    """One text in Chinese and in English.

    >>> text = Bilingual("门店", "outlet")
    >>> text.to("zh"), text.to("en"), str(text)
    ('门店', 'outlet', '门店')
    """

    zh: str
    en: str

    def to(self, lang: Lang) -> str:
        """The text in one language, ``"zh"`` or ``"en"``."""
        return self.zh if lang == "zh" else self.en

    def to_dict(self) -> dict[str, str]:
        """Both languages as plain data: ``{"zh": …, "en": …}``."""
        return {"zh": self.zh, "en": self.en}

    def format(self, **fields: Any) -> "Bilingual":
        """Fill ``{name}`` in both languages; a :class:`Bilingual` value goes into its own language."""
        zh = {k: v.zh if isinstance(v, Bilingual) else v for k, v in fields.items()}
        en = {k: v.en if isinstance(v, Bilingual) else v for k, v in fields.items()}
        return Bilingual(self.zh.format(**zh), self.en.format(**en))

    def __str__(self) -> str:
        return self.zh


def same(text: object) -> Bilingual:
    """A name, a number or an id: the same in both languages."""
    return text if isinstance(text, Bilingual) else Bilingual(str(text), str(text))


def join(texts: "list[Bilingual] | tuple[Bilingual, ...]", *, zh: str = "；", en: str = "; ") -> Bilingual:
    """Several texts as one, with the separator of each language."""
    return Bilingual(zh.join(t.zh for t in texts), en.join(t.en for t in texts))


def listed(names: Iterable[object]) -> Bilingual:
    """Names, numbers or texts as a list in each language.

    >>> listed(["R01", "R02"]).to("zh"), listed(["R01", "R02"]).to("en")
    ('R01、R02', 'R01, R02')
    """
    return join([same(name) for name in names], zh="、", en=", ")
