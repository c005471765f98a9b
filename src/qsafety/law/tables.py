"""TOML that others wrote: each value of the kind that is expected, or a problem with its file and line; nothing is executed."""

import re
import tomllib
from collections.abc import Iterable, Iterator, Mapping, Sequence
from datetime import date, datetime
from decimal import Decimal
from pathlib import Path
from typing import Any, TypeVar, cast

import attrs

from qsafety.bilingual import Bilingual
from qsafety.errors import EditionErrors, EditionProblem, QSafetyError, UnknownNameError, nearest
from qsafety.law.words import Word

W = TypeVar("W", bound=Word)

MOST_BYTES = 4_000_000
"""A file of an edition that is larger is none: the whole regulation has some twenty thousand bytes."""

_KEY = r"""(?:"[^"]*"|'[^']*'|[\w-]+)"""
_KEYS = rf"{_KEY}(?:\s*\.\s*{_KEY})*"
_TABLES = re.compile(rf"\s*\[\[\s*({_KEYS})\s*\]\]")
_TABLE = re.compile(rf"\s*\[\s*({_KEYS})\s*\]")
_PAIR = re.compile(rf"\s*({_KEYS})\s*=")
_AT_LINE = re.compile(r"\s*\(at line (\d+), column (\d+)\)|\s*\(at end of document\)")


class Place(tuple[str | int, ...]):
    """Where a value stands in a TOML file: its keys, and its number in an array of tables."""

    __slots__ = ()

    def at(self, *keys: str | int) -> "Place":
        """The place further in."""
        return Place((*self, *keys))


@attrs.define
class Folder:
    """A folder that is being read: its files as they were, and everything that is wrong so far."""

    path: Path
    problems: list[EditionProblem] = attrs.field(factory=list)
    files: dict[str, bytes] = attrs.field(factory=dict)
    _lines: dict[str, Mapping[tuple[str | int, ...], int]] = attrs.field(factory=dict)

    def wrong(self, file: str, place: Sequence[str | int], zh: str, en: str) -> None:
        """Something is wrong at a place of a file."""
        lines = self._lines.get(file, {})
        keys = tuple(place)
        while keys and keys not in lines:
            keys = keys[:-1]
        self.problems.append(EditionProblem(file, lines.get(keys), Bilingual(zh, en)))

    def refused(self) -> EditionErrors:
        """The error with everything that is wrong, in the order of files and lines."""
        found = sorted(dict.fromkeys(self.problems), key=lambda p: (p.file, p.line or 0))
        return EditionErrors(str(self.path), found)

    def read(self, name: str) -> bytes | None:
        """The bytes of a file; None where there is none, or where it cannot be read, which is told."""
        path = self.path / name
        try:
            if not path.exists():
                return None
            if not path.is_file():
                self.wrong(name, (), "不是普通文件", "it is no ordinary file")
                return None
            if path.stat().st_size > MOST_BYTES:
                self.wrong(name, (), f"超过 {MOST_BYTES} 字节", f"it has more than {MOST_BYTES} bytes")
                return None
            self.files[name] = path.read_bytes()
        except (OSError, ValueError) as error:
            self.wrong(name, (), f"无法读取：{error}", f"it cannot be read: {error}")
            return None
        return self.files[name]

    def text(self, name: str) -> str | None:
        """A file as text, in UTF-8; None as for :meth:`read`."""
        data = self.read(name)
        if data is None:
            return None
        try:
            return data.decode("utf-8")
        except UnicodeDecodeError as error:
            line = data[: error.start].count(b"\n") + 1
            what = Bilingual(f"第 {error.start} 字节不是 UTF-8", f"byte {error.start} is not UTF-8")
            self.problems.append(EditionProblem(name, line, what))
            return None

    def toml(self, name: str) -> dict[str, Any] | None:
        """A TOML file as plain data; None as for :meth:`read`, or where it is no TOML, which is told."""
        text = self.text(name)
        if text is None:
            return None
        try:
            found = tomllib.loads(text, parse_float=Decimal)
        except tomllib.TOMLDecodeError as error:
            said = str(error)
            place = _AT_LINE.search(said)
            line = int(place[1]) if place and place[1] else text.count("\n") + 1
            why = _AT_LINE.sub("", said)
            self.problems.append(
                EditionProblem(name, line, Bilingual(f"不是合法的 TOML：{why}", f"this is no TOML: {why}"))
            )
            return None
        except RecursionError:
            self.wrong(name, (), "嵌套太深", "it is nested too deep")
            return None
        except (ValueError, ArithmeticError) as error:  # a number of too many digits, a day that does not exist
            self.wrong(name, (), f"其中有无法读取的值：{error}", f"a value in it cannot be read: {error}")
            return None
        self._lines[name] = dict(_lines(text))
        return found


def _lines(text: str) -> Iterator[tuple[tuple[str | int, ...], int]]:
    """Where each table and key stands. What looks like one inside a text of several lines does no harm."""
    table: tuple[str | int, ...] = ()
    counts: dict[tuple[str | int, ...], int] = {}
    for number, line in enumerate(text.splitlines(), start=1):
        if found := _TABLES.match(line):
            keys = _split(found[1])
            counts[keys] = counts.get(keys, -1) + 1
            table = (*keys, counts[keys])
            yield table, number
        elif found := _TABLE.match(line):
            keys = _split(found[1])
            table = (keys[0], counts[keys[:1]], *keys[1:]) if keys[:1] in counts else keys
            yield table, number
        elif found := _PAIR.match(line):
            yield (*table, *_split(found[1])), number


def _split(keys: str) -> tuple[str | int, ...]:
    return tuple(key.strip("\"'") for key in re.findall(_KEY, keys))


@attrs.frozen
class Table:
    """A table of a TOML file, asked for its values one by one; a value of a wrong kind is told and counts as not there."""

    folder: Folder
    file: str
    values: Mapping[str, Any]
    place: Place = attrs.field(factory=Place)

    def wrong(self, key: str, zh: str, en: str) -> None:
        """Something is wrong with the value of a key."""
        self.folder.wrong(self.file, self.place.at(key) if key else self.place, zh, en)

    def expect(self, key: str, value: object, zh: str, en: str) -> None:
        """A value is of a wrong kind."""
        try:
            shown = repr(value)
        except ValueError:  # a whole number too long to be printed
            shown = "…"
        shown = shown if len(shown) <= 60 else shown[:57] + "..."
        self.wrong(key, f"{key}：收到 {shown}，应为{zh}", f"{key}: got {shown}, expected {en}")

    def only(self, known: Iterable[str]) -> None:
        """Refuse keys that mean nothing, each with the nearest that does."""
        names = list(known)
        for key in self.values:
            if key not in names:
                near = nearest(key, names)
                zh = f"；是否为“{near}”？" if near else f"；可用：{'、'.join(names)}"
                en = f"; did you mean {near!r}?" if near else f"; known: {', '.join(names)}"
                self.wrong(key, f"没有名为“{key}”的键{zh}", f"there is no key named {key!r}{en}")

    def needs(self, key: str) -> bool:
        """Whether a key that must be there is there."""
        if key not in self.values:
            self.wrong("", f"缺少“{key}”", f"{key!r} is missing")
        return key in self.values

    def text(self, key: str) -> str | None:
        """A text that says something."""
        value = self.values.get(key)
        if value is None or (isinstance(value, str) and value.strip()):
            return value
        self.expect(key, value, "文本", "a text")
        return None

    def texts(self, key: str) -> tuple[str, ...] | None:
        """A list of texts."""
        value = self.values.get(key)
        if value is None:
            return None
        if isinstance(value, list) and all(isinstance(v, str) and v for v in cast(list[object], value)):
            return tuple(cast(list[str], value))
        self.expect(key, cast(object, value), "文本的列表", "a list of texts")
        return None

    def both(self, key: str) -> Bilingual | None:
        """A text in zh and en."""
        inner = self.inner(key)
        return None if inner is None else inner.bilingual()

    def bilingual(self) -> Bilingual | None:
        """The keys ``zh`` and ``en`` of this table."""
        if not (self.needs("zh") & self.needs("en")):
            return None
        zh, en = self.text("zh"), self.text("en")
        return Bilingual(zh, en) if zh is not None and en is not None else None

    def day(self, key: str) -> date | None:
        """A day."""
        value = self.values.get(key)
        if value is None or (isinstance(value, date) and not isinstance(value, datetime)):
            return value
        self.expect(key, value, "日期，如 2026-01-31（不加引号）", "a date such as 2026-01-31, without quotes")
        return None

    def word(self, key: str, kind: type[W]) -> W | None:
        """One of a few words."""
        value = self.values.get(key)
        return None if value is None else self._word(key, kind, value)

    def words(self, key: str, kind: type[W]) -> tuple[W, ...] | None:
        """Several of a few words."""
        values = self.texts(key)
        if values is None:
            return None
        return tuple(word for value in values if (word := self._word(key, kind, value)) is not None)

    def _word(self, key: str, kind: type[W], value: Any) -> W | None:
        try:
            return kind(value)
        except QSafetyError as error:
            self.wrong(key, f"{key}：{error.to('zh')}", f"{key}: {error.to('en')}")
        except (ValueError, TypeError):
            self.expect(key, value, "、".join(kind), ", ".join(kind))
        return None

    def inner(self, key: str) -> "Table | None":
        """A table in this one."""
        value = self.values.get(key)
        if value is None:
            return None
        if isinstance(value, dict):
            return Table(self.folder, self.file, cast(dict[str, Any], value), self.place.at(key))
        self.expect(key, value, "一个表", "a table")
        return None

    def tables(self, key: str) -> "Iterator[Table]":
        """The tables of an array of tables."""
        value = self.values.get(key)
        if value is None:
            return
        if not isinstance(value, list):
            self.expect(key, value, f"[[{key}]] 表", f"[[{key}]] tables")
            return
        for number, row in enumerate(cast(list[object], value)):
            if isinstance(row, dict):
                yield Table(self.folder, self.file, cast(dict[str, Any], row), self.place.at(key, number))
            else:
                self.expect(key, row, f"[[{key}]] 表", f"[[{key}]] tables")

    def unknown(self, key: str, what: Bilingual, name: str, known: Iterable[str]) -> None:
        """A name that is not there, with the nearest."""
        error = UnknownNameError(what, name, known)
        self.wrong(key, error.to("zh"), error.to("en"))
