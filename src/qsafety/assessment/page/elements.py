"""HTML elements as functions: what comes in is text and is escaped, what comes out is markup and is left alone.

There is no other way to markup on the page, so nothing that a ledger says can become any.
"""

from collections.abc import Callable, Iterable
from html import escape

from attrs import frozen

from qsafety.assessment.lines import clean
from qsafety.bilingual import Bilingual, Lang

_WITHOUT_END = frozenset({"br", "link", "meta", "wbr"})


class Html(str):
    """Markup: escaped already, and balanced."""

    __slots__ = ()


Child = Html | Bilingual | str | int | None | Iterable["Child"]
"""What may stand in an element: markup, text in one language or two, a number, nothing, or several of these."""


@frozen
class Tags:
    """The elements of a page in one language, each a method with its name: ``tags.p("a < b", class_="note")``.

    An attribute is a keyword, ``_`` for ``-`` (and after a word of Python); None leaves it out, True has no value.

    >>> Tags("zh").p("a < b", Tags("zh").b(Bilingual("门店", "outlet")), class_="note", aria_label='"x"')
    '<p class="note" aria-label="&quot;x&quot;">a &lt; b<b>门店</b></p>'
    """

    lang: Lang

    def __getattr__(self, name: str) -> "Callable[..., Html]":
        if name.startswith("_"):
            raise AttributeError(name)

        def element(*children: Child, **attributes: Bilingual | str | int | bool | None) -> Html:
            inside = "" if name in _WITHOUT_END else f"{self.join(children)}</{name}>"
            return Html(f"<{name}{''.join(self._attribute(*a) for a in attributes.items())}>{inside}")

        return element

    def join(self, children: Child) -> Html:
        """Several things, one after the other."""
        if isinstance(children, Html):
            return children
        if children is None:
            return Html()
        if isinstance(children, Bilingual | str | int):
            return Html(escape(self.words(children)))
        return Html("".join(map(self.join, children)))

    def words(self, words: Bilingual | str | int) -> str:
        """Text in the page's language, without what would move a cursor or turn the reading direction."""
        return clean(words.to(self.lang) if isinstance(words, Bilingual) else str(words))

    def _attribute(self, name: str, value: Bilingual | str | int | bool | None) -> str:
        if value is None or value is False:
            return ""
        name = name.rstrip("_").replace("_", "-")
        return f" {name}" if value is True else f' {name}="{escape(self.words(value))}"'
