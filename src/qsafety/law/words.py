"""A closed set of words with a Chinese and an English label, from ``data/glossary.toml``, the one source of terms."""

from enum import StrEnum

from qsafety.bilingual import Bilingual
from qsafety.errors import UnknownWordError


class Word(StrEnum):
    """A word from a closed set.

    >>> from qsafety.law.vocabulary import Trade
    >>> Trade("零售") is Trade.RETAIL, Trade.RETAIL.zh, str(Trade.RETAIL)
    (True, '零售', 'retail')
    """

    @property
    def label(self) -> Bilingual:
        """The word as the glossary prints it."""
        from qsafety.law.glossary import labels

        return labels(type(self).__name__)[self.value]

    @property
    def zh(self) -> str:
        """The Chinese label."""
        return self.label.zh

    @property
    def en(self) -> str:
        """The English label."""
        return self.label.en

    @classmethod
    def _missing_(cls, value: object) -> "Word":
        from qsafety.law.glossary import labels

        known = {text.zh: cls(word) for word, text in labels(cls.__name__).items()}
        if isinstance(value, str) and value in known:
            return known[value]
        raise UnknownWordError(Bilingual(f"{cls.__name__} 取值", cls.__name__), value, [*map(str, cls), *known])
