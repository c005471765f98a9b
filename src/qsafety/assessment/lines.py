"""Lines for people to read: spans with a meaning, laid out in columns of which a Chinese character takes two.

A line is logical: as long as it is, with the indent of its continuation. Whoever has a page to fill breaks it
(:meth:`Line.broken`), never before 。 or after “, never inside a word or a date.
"""

import re
import unicodedata
from collections.abc import Iterable, Iterator
from functools import lru_cache

from attrs import field, frozen

from qsafety.bilingual import Bilingual, Lang

Words = Bilingual | str
Span = tuple[str, str]
"""A text and its style: ``title``, ``head``, ``good``, ``warn``, ``bad``, ``open``, ``faint``, ``cell`` (faint, never broken), or empty."""

WIDTH = 80
"""The columns of a terminal that everybody has."""

_KEPT = "\xa0"
"""A space at which no line is broken; it is printed as any other."""
_NO_START = frozenset(_KEPT + "。，、；：！？）】》”’…—·%),.;:!?]}")
_NO_END = frozenset(_KEPT + "（【《“‘([{")
# What would move the cursor, end the line or turn the reading direction; a name in a ledger must not do that.
_UNSAFE = re.compile("[\x00-\x1f\x7f-\x9f\u200e\u200f\u2028-\u202e\u2066-\u2069\ud800-\udfff]")


def clean(text: str) -> str:
    """One printable line: white space becomes a space, control characters a question mark.

    >>> clean("two\\nlines, \\x1b[31mred")
    'two lines, ?[31mred'
    """
    return _UNSAFE.sub(lambda found: " " if found[0] in "\t\n\v\f\r\x1c\x1d\x1e\x1f\x85\u2028\u2029" else "?", text)


@lru_cache(maxsize=4096)
def _columns(sign: str) -> int:
    if unicodedata.category(sign) in ("Mn", "Me", "Cf"):
        return 0
    return 2 if unicodedata.east_asian_width(sign) in "WF" else 1


def columns(text: str) -> int:
    """How many columns of a terminal a text takes.

    >>> columns("周排查 √")
    8
    """
    return len(text) if text.isascii() else sum(map(_columns, text))


def padded(text: str, width: int) -> str:
    """The text in a field of so many columns, cut with … where it is longer.

    >>> padded("示例路总店", 8)
    '示例路… '
    """
    wide = columns(text)
    if wide > width:
        while wide > width - 1:
            wide -= _columns(text[-1])
            text = text[:-1]
        text, wide = text + "…", wide + 1
    return text + " " * (width - wide)


@frozen
class Line:
    """A line of spans; ``hang`` is the indent of what follows when it is broken. A ``whole`` one never is: a path to be copied."""

    spans: tuple[Span, ...] = ()
    hang: int = field(default=0, kw_only=True)
    whole: bool = field(default=False, kw_only=True)

    def __str__(self) -> str:
        return "".join(text for text, _ in self.spans).replace(_KEPT, " ").rstrip()

    def broken(self, width: int = WIDTH) -> Iterator["Line"]:
        """The line in pieces of at most ``width`` columns."""
        if self.whole:
            yield self
            return
        row: list[Span] = []
        used, indent = 0, 0
        for box in _boxes(self.spans):
            wide = sum(columns(text) for text, _ in box)
            if used + wide > width and used > indent:
                yield _line(row)
                indent = used = min(self.hang, width // 2)
                row = [(" " * indent, "")]
                if not "".join(text for text, _ in box).strip():
                    continue
            for text, style in box:
                # what is longer than a line is cut wherever the line ends
                for part in text if wide > width - indent else [text]:
                    if used + columns(part) > width and used > indent:
                        yield _line(row)
                        indent = used = min(self.hang, width // 2)
                        row = [(" " * indent, "")]
                    row.append((part, style))
                    used += columns(part)
        yield _line(row)


def _line(row: Iterable[Span]) -> Line:
    """Neighbours of one style joined, nothing at the end that cannot be seen."""
    spans: list[Span] = []
    for text, style in ((text.replace(_KEPT, " "), style) for text, style in row):
        if spans and spans[-1][1] == style:
            spans[-1] = (spans[-1][0] + text, style)
        else:
            spans.append((text, style))
    while spans and not spans[-1][0].strip():
        spans.pop()
    if spans and not spans[0][0]:
        del spans[0]
    if spans:
        spans[-1] = (spans[-1][0].rstrip(), spans[-1][1])
    return Line(tuple(spans))


def _boxes(spans: Iterable[Span]) -> Iterator[list[Span]]:
    """What must stay together: a word, a run of spaces, a Chinese character with the punctuation that clings to it."""
    box: list[Span] = []
    last = ""
    for text, style in spans:
        for sign in text:
            if box and not (style == box[-1][1] == "cell") and _may_part(last, sign):
                yield box
                box = []
            if box and box[-1][1] == style:
                box[-1] = (box[-1][0] + sign, style)
            else:
                box.append((sign, style))
            last = sign
    if box:
        yield box


def _may_part(left: str, right: str) -> bool:
    if (left == " ") != (right == " "):
        return True
    if left == " " or right in _NO_START or left in _NO_END:
        return False
    return _columns(left) == 2 or _columns(right) == 2


def apart(spans: Iterable[Span], between: str = "   ") -> list[Span]:
    """Spans with a gap between them, each kept in one piece where a line is broken.

    >>> apart([("late 1", "warn"), ("done 2", "good")])
    [('late\\xa01', 'warn'), ('   ', ''), ('done\\xa02', 'good')]
    """
    kept = [span for text, style in spans for span in ((between, ""), (text.replace(" ", _KEPT), style))]
    return kept[1:]


class Page:
    """Lines written one after the other in one language."""

    def __init__(self, lang: Lang) -> None:
        self.lang: Lang = lang
        self.lines: list[Line] = []

    def text(self, words: Words) -> str:
        """Words in the page's language, on one line."""
        return clean(words.to(self.lang) if isinstance(words, Bilingual) else words)

    def put(self, *parts: Words | tuple[Words, str], hang: int = 0, whole: bool = False) -> None:
        """One line; a part is a text, or a text with its style."""
        pairs = [part if isinstance(part, tuple) else (part, "") for part in parts]
        spans = tuple((self.text(words), style) for words, style in pairs)
        self.lines.append(Line(spans, hang=hang, whole=whole))

    def entry(self, label: Words, *parts: Words | tuple[Words, str], indent: int = 2, width: int = 8) -> None:
        """A label, and what belongs to it in a column beside it."""
        head = " " * indent + padded(self.text(label), width)
        self.put((head, "faint"), *parts, hang=indent + width)

    def add(self, lines: Iterable[Line]) -> None:
        """Lines that are made already."""
        self.lines.extend(lines)

    def blank(self) -> None:
        """An empty line, never two."""
        if self.lines and self.lines[-1].spans:
            self.lines.append(Line())

    def __str__(self) -> str:
        return "\n".join(map(str, self.lines)) + "\n"


def laid_out(lines: Iterable[Line], width: int = WIDTH) -> Iterator[Line]:
    """Lines broken for a page of so many columns."""
    for line in lines:
        yield from line.broken(width)
