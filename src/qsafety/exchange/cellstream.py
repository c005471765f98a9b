"""The cells of a sheet, straight from its XML, piece by piece: a row is gone when the next one comes.

openpyxl reads the same, at four times the cost, for it makes an object of every element; what a style or a shared text says is still
its business. The part has been inspected before: there is no document type in it.
"""

from collections.abc import Callable, Iterator
from datetime import datetime
from typing import IO, Any
from xml.parsers import expat

from attrs import Factory, define, frozen

from qsafety.exchange.cells import Broken, Cell, ErrorValue, is_blank

MOST_COLUMNS = 256
_PIECE = 2**18
_NAMESPACES = (
    "http://schemas.openxmlformats.org/spreadsheetml/2006/main",
    "http://purl.oclc.org/ooxml/spreadsheetml/main",
)
_TAGS = {f"{space} {tag}": tag for space in _NAMESPACES for tag in ("row", "c", "v", "f", "t", "is", "rPh")}

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
    parser = expat.ParserCreate(namespace_separator=" ")
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


@define
class _Reader:
    meaning: Meaning
    done: list[tuple[int, Row]] = Factory(list)
    cells: Row = Factory(dict)
    row: int = 0
    column: int = 0
    type: str = "n"
    style: int = 0
    formula: bool = False
    phonetic: bool = False
    listening: bool = False
    said: str | None = None
    columns: dict[str, int] = Factory(dict)
    dates: dict[tuple[str, int], Any] = Factory(dict)

    def start(self, name: str, attributes: dict[str, str]) -> None:
        tag = _TAGS.get(name)
        if tag == "c":
            place = attributes.get("r")
            if place is None:
                self.column += 1
            else:
                letters = place.rstrip("0123456789")
                self.column = self.columns.get(letters) or self._column(letters)
            self.type = attributes.get("t", "n")
            self.style = int(attributes.get("s", 0))
            self.formula, self.said = False, None
        elif tag == "v" or (tag == "t" and not self.phonetic):
            self.listening = True
            self.said = self.said or ""
        elif tag == "row":
            self.row = int(attributes.get("r", self.row + 1))
            self.column = 0
            self.cells = {}
        elif tag == "f":
            self.formula = True
        elif tag == "rPh":
            self.phonetic = True

    def text(self, data: str) -> None:
        if self.listening:
            self.said = (self.said or "") + data

    def end(self, name: str) -> None:
        tag = _TAGS.get(name)
        if tag == "v" or tag == "t":
            self.listening = False
        elif tag == "c":
            if self.column <= MOST_COLUMNS:
                self._cell()
        elif tag == "row":
            if self.cells:
                self.done.append((self.row, self.cells))
        elif tag == "rPh":
            self.phonetic = False

    def _cell(self) -> None:
        said, kind = self.said, self.type
        if kind == "n":
            if said:
                self._number(said)
                return
        elif kind == "s" and said is not None:
            self._put(self.meaning.shared[int(said)])
            return
        elif kind in ("str", "inlineStr"):
            self._put(said)
            return
        elif said:
            self._rare(kind, said)
            return
        if self.formula:  # one that nothing has calculated yet
            self._put(Broken.UNCALCULATED)

    def _put(self, value: object, form: str = "") -> None:
        if value is None:
            return
        # most texts begin with what is plainly no blank; only the others are looked at closely
        if type(value) is not str or value[:1].isalnum() or not is_blank(value):
            self.cells[self.column] = Cell(value, self.row, self.column, form)

    def _number(self, said: str) -> None:
        form, is_date, is_duration = self.meaning.form(self.style)
        if is_date:
            key = said, self.style
            if key not in self.dates:
                if len(self.dates) > 50_000:
                    self.dates.clear()
                self.dates[key] = self._date(said, is_duration)
            self._put(self.dates[key], form)
            return
        plain = said.lstrip("-").isdecimal()
        self._put(int(said) if plain else float(said), form)

    def _date(self, said: str, is_duration: bool) -> object:
        from openpyxl.utils.datetime import from_excel

        try:
            return from_excel(float(said), self.meaning.epoch, timedelta=is_duration)
        except (OverflowError, ValueError):
            float(said)  # a number that is no day, or no number
            return ErrorValue("#VALUE!")

    def _rare(self, kind: str, said: str) -> None:
        from openpyxl.utils import datetime as dates

        if kind == "b":
            self._put(bool(int(said)))
        elif kind == "e":
            self._put(ErrorValue(said))
        elif kind == "d":
            read: Any = dates.from_ISO8601  # it has no types
            self._put(read(said), self.meaning.form(self.style)[0])
        else:
            raise ValueError(f"no cell is of type {kind!r}")

    def _column(self, letters: str) -> int:
        number = 0
        for sign in letters:
            if not "A" <= sign <= "Z":
                raise ValueError(f"no column is called {letters!r}")
            number = number * 26 + ord(sign) - 64
        self.columns[letters] = number
        return number
