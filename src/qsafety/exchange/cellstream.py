"""The cells of a sheet, straight from its XML, piece by piece: a row is gone when the next one comes.

openpyxl reads the same, at several times the cost, for it makes an object of every element; what a style or a shared text says is
still its business. The part has been inspected before: there is no document type in it.
"""

import math
from collections.abc import Callable, Iterator
from datetime import datetime
from typing import IO, Any
from xml.parsers import expat

from attrs import Factory, define, frozen

from qsafety.exchange.cells import Broken, Cell, ErrorValue, is_blank

MOST_COLUMNS = 256
"""So many columns are read; of what stands beyond them, the first cell of a row, so that it can be told of."""

_PIECE = 2**18
_REMEMBERED = 50_000
_MEMORABLE = 200  # characters: longer texts hardly come again
_LONGEST = 32_767  # characters in a cell: more, Excel cannot hold
_DEEPEST = 100
_TAGS = ("row", "c", "v", "f", "t", "rPh")

Row = dict[int, Cell]
"""The cells of a row that are not empty, by column (A is 1)."""


@frozen
class Meaning:
    """What the styles, the shared texts and the calendar of a workbook say of a cell's raw text."""

    shared: Any
    form: Callable[[int], tuple[str, bool, bool]]
    """Of a style: its number format, whether it is that of a date, and whether of a duration."""
    epoch: datetime


def rows_of(part: IO[bytes], meaning: Meaning) -> Iterator[tuple[int, Row]]:
    """The rows with their numbers; ``ValueError`` and its like for what no workbook holds."""
    reader = _Reader(meaning)
    parser = expat.ParserCreate()
    parser.buffer_text = True
    parser.StartElementHandler = reader.start
    parser.EndElementHandler = reader.end
    parser.CharacterDataHandler = reader.text
    while piece := part.read(_PIECE):
        parser.Parse(piece, False)
        yield from reader.done
        reader.done.clear()
    parser.Parse(b"", True)
    yield from reader.done


def texts_of(part: IO[bytes]) -> list[str]:
    """The shared texts of a workbook, in order; formats inside of a text, and how it is pronounced, are left out."""
    texts: list[str] = []
    runs: list[str] = []
    within: list[str] = []

    def start(name: str, _: object) -> None:
        tag = name[name.rfind(":") + 1 :]
        if tag == "si":
            runs.clear()
        within.append(tag)
        if len(within) > _DEEPEST:
            raise ValueError("no workbook nests elements so deep")

    def text(data: str) -> None:
        if within[-1] == "t" and "rPh" not in within:
            runs.append(data)

    def end(_: str) -> None:
        if within.pop() == "si":
            texts.append("".join(runs).replace("x005F_", ""))

    parser = expat.ParserCreate()
    parser.buffer_text = True
    parser.StartElementHandler, parser.EndElementHandler, parser.CharacterDataHandler = start, end, text
    parser.ParseFile(part)
    return texts


@define(eq=False)
class _Reader:
    """What the parser calls, several times for each cell: every line here is paid for a million times."""

    meaning: Meaning
    done: list[tuple[int, Row]] = Factory(list)
    cells: Row = Factory(dict)
    depth: int = 0
    row: int = 0
    column: int = 0
    cell: dict[str, str] = Factory(dict)
    said: str | None = None
    formula: bool = False
    phonetic: bool = False
    listening: bool = False
    tags: dict[str, str] = Factory(dict)
    columns: dict[str, int] = Factory(dict)
    known: dict[tuple[str, str | None, str | None], Cell | None] = Factory(dict)
    """The same day, person and answer come again and again."""

    def start(self, name: str, attributes: dict[str, str]) -> None:
        self.depth += 1
        if self.depth > _DEEPEST:
            raise ValueError("no workbook nests elements so deep")
        tag = self.tags.get(name)
        if tag == "c":
            self.cell = attributes
            self.said, self.formula = None, False
        elif tag == "v" or (tag == "t" and not self.phonetic):
            self.listening = True
            if self.said is None:
                self.said = ""
        elif tag == "row":
            self.row = int(attributes.get("r", self.row + 1))
            self.column = 0
            self.cells = {}
        elif tag == "f":
            self.formula = True
        elif tag == "rPh":
            self.phonetic = True
        elif not self.tags:  # the root: what is before its name is before the others
            prefix = name[: name.rfind(":") + 1]
            self.tags = {prefix + tag: tag for tag in _TAGS}

    def text(self, data: str) -> None:
        if self.listening:
            self.said = f"{self.said}{data}" if self.said else data

    def end(self, name: str) -> None:
        self.depth -= 1
        tag = self.tags.get(name)
        if tag == "v" or tag == "t":
            self.listening = False
        elif tag == "c":
            attributes = self.cell
            place = attributes.get("r")
            if place is None:
                self.column += 1
            else:
                letters = place.rstrip("0123456789")
                self.column = self.columns.get(letters) or self._column(letters)
            key = attributes.get("t", "n"), attributes.get("s"), self.said
            cell = self.known[key] if key in self.known else self._learn(*key)
            if self.formula and not self.said and (self.said is None or key[0] == "n"):
                cell = _UNCALCULATED
            if cell is not None and (self.column <= MOST_COLUMNS or max(self.cells, default=0) <= MOST_COLUMNS):
                self.cells[self.column] = cell
        elif tag == "row":
            if self.cells:
                self.done.append((self.row, self.cells))
        elif tag == "rPh":
            self.phonetic = False

    def _learn(self, kind: str, style: str | None, said: str | None) -> Cell | None:
        if len(self.known) > _REMEMBERED:
            self.known.clear()
        try:
            value, form = self._value(kind, int(style or 0), said) if said is not None else (None, "")
        except (
            ValueError,
            IndexError,
            OverflowError,
        ):  # a shared text or a type that is not there, a number that is none
            value, form = Broken.DAMAGED, ""
        if isinstance(value, str) and len(value) > _LONGEST:
            value = Broken.TOO_LONG
        cell = None if is_blank(value) else Cell(value, form)
        if said is None or len(said) <= _MEMORABLE:
            self.known[kind, style, said] = cell
        return cell

    def _value(self, kind: str, style: int, said: str) -> tuple[object, str]:
        if kind == "s":
            if not said.isdecimal():
                raise ValueError(f"no shared text has the number {said!r}")
            return self.meaning.shared[int(said)], ""
        if kind in ("str", "inlineStr"):
            return said, ""
        said = said.strip()
        if not said:
            return None, ""
        if kind == "n":
            return self._number(said, style)
        if kind == "b":
            return said in ("1", "true"), ""
        if kind == "e":
            return ErrorValue(said), ""
        if kind == "d":
            from openpyxl.utils import datetime as dates

            read: Any = dates.from_ISO8601  # it has no types
            return read(said), self.meaning.form(style)[0]
        raise ValueError(f"no cell is of type {kind!r}")

    def _number(self, said: str, style: int) -> tuple[object, str]:
        from openpyxl.utils.datetime import from_excel

        form, is_date, is_duration = self.meaning.form(style)
        number = int(said) if said.lstrip("-").isdecimal() else float(said)
        if not math.isfinite(number):
            return ErrorValue("#NUM!"), form
        if not is_date:
            return number, form
        try:
            return from_excel(float(said), self.meaning.epoch, timedelta=is_duration), form
        except (OverflowError, ValueError):  # a number that is no day
            return ErrorValue("#VALUE!"), form

    def _column(self, letters: str) -> int:
        number = 0
        for sign in letters:
            if not "A" <= sign <= "Z":
                raise ValueError(f"no column is called {letters!r}")
            number = number * 26 + ord(sign) - 64
        self.columns[letters] = number
        return number


_UNCALCULATED = Cell(Broken.UNCALCULATED)
