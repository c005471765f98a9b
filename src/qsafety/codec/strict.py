"""Plain data of others → facts, strictly: either a fact, or everything that is wrong with it, each with its path.

What is right is decided by :func:`structure`, quickly. Only when it says no does :func:`explain` go through the data
again, value by value, to say why.
"""

import json
import re
import typing
from collections.abc import Mapping, Sequence
from contextlib import suppress
from datetime import date
from enum import StrEnum
from functools import cache
from typing import Any, Literal, cast

import attrs
import msgspec
from cattrs import Converter

from qsafety.bilingual import Bilingual, same
from qsafety.codec.own import plain
from qsafety.codec.shapes import COUNT, FORMAT, INSTANT, MONTH, NUMBER, PERIOD, WEEK, WEEKDAY, Shape, shape_of, split
from qsafety.codec.syntax import Refused, child, refusal
from qsafety.dossier import (
    COLLECTIONS,
    KINDS,
    Answer,
    Attachment,
    CheckResult,
    Dossier,
    DutyMeasure,
    ExternalRef,
    Fact,
    Priority,
    RiskItem,
)
from qsafety.dossier.dossier import duplicates
from qsafety.dossier.facts import MOST
from qsafety.errors import CodecError, FactError, JsonProblem, QSafetyError, UnknownNameError

_EXPECTED: Mapping[Any, Bilingual] = {
    str: Bilingual("文本", "text"),
    bool: Bilingual("布尔值（true 或 false）", "true or false"),
    date: Bilingual('日期，如 "2024-01-31"', 'a date such as "2024-01-31"'),
    COUNT: Bilingual(f"整数（0 至 {MOST}）", f"an integer from 0 to {MOST}"),
    WEEKDAY: Bilingual("星期数（0 为星期一，6 为星期日）", "a weekday from 0 (Monday) to 6 (Sunday)"),
    NUMBER: Bilingual('不小于 0 的数，写成文本，如 "5000.50"', 'a number of at least 0, as text such as "5000.50"'),
    WEEK: Bilingual('周，如 "2024-W05"', 'an ISO week such as "2024-W05"'),
    MONTH: Bilingual('月，如 "2024-01"', 'a month such as "2024-01"'),
    PERIOD: Bilingual('日、周或月，如 "2024-W05"', 'a day, week or month such as "2024-W05"'),
    INSTANT: Bilingual(
        '带时区的时间，如 "2024-01-31T18:05:00+08:00"', 'a time with its zone, such as "2024-01-31T18:05:00+08:00"'
    ),
}
_ZONELESS = re.compile(r"[0-9]{4}-[0-9]{2}-[0-9]{2}[T ][0-9]{2}:[0-9]{2}(:[0-9]{2}(\.[0-9]+)?)?")


def structure(value: Any, cls: type) -> Any:
    """The fact (or dossier) that plain data describes; else a :class:`CodecError` with every problem."""
    shape = shape_of(cls)
    refused: Exception | None = None
    try:
        if shape.keys([value]) is not None:
            return _converted(shape, value)
    except Exception as error:  # whatever a wrong value makes of an operation that a right one allows
        refused = error
    # the second never happens as long as the two agree, which a test tries to disprove
    raise CodecError(explain(value, cls) or [JsonProblem("refused", "$", same(refused))])


def quickly(text: str | bytes) -> Dossier | None:
    """The dossier of a text with which nothing is wrong; None where that cannot be said quickly.

    msgspec refuses all that is wrong with a text but a key that comes twice: it keeps the last. That is told by counting. A key
    is followed by a colon, right after its quote or after white space, so there are no more keys in a text than such
    colons; where the tree has as many, none was dropped. (A text in which they stand inside strings goes the long way.)
    """
    shape = shape_of(Dossier)
    try:
        data = text.encode() if isinstance(text, str) else text
        tree = msgspec.json.decode(data)
        spaces = [space for space in (b" ", b"\n", b"\t", b"\r") if space in data]
        if shape.keys([tree]) != sum(data.count(before + b":") for before in (b'"', *spaces)):
            return None
        return cast(Dossier, _converted(shape, tree))
    except Exception:  # it is found again, and told, by those who take their time
        return None


def _converted(shape: Shape, value: Any) -> Any:
    made = msgspec.convert(value, shape.wire)
    return _dossier(made) if shape.cls is Dossier else made


def _dossier(members: Mapping[str, Any]) -> Dossier:
    return Dossier(**{name: value for name, value in members.items() if name != "format"})


def explain(value: Any, cls: type) -> list[JsonProblem]:
    """Everything that is wrong with plain data that should be a fact or a dossier."""
    problems: list[JsonProblem] = []
    _object(shape_of(cls), value, "$", problems)
    return problems


def _object(shape: Shape, value: Any, path: str, problems: list[JsonProblem]) -> Any:
    if not isinstance(value, dict):
        problems.append(_wrong(path, value, Bilingual("一个对象", "an object")))
        return None
    members = cast(dict[str, Any], value)
    if shape.cls is Dossier and (newer := _newer(members.get("format"))):
        problems.append(newer)  # what this version would say of the rest may be wrong
        return None
    before = len(problems)
    for name in members:
        if name not in shape.fields:
            error = UnknownNameError(Bilingual("键", "key"), name, sorted(shape.fields))
            problems.append(_problem("unknown_key", child(path, name), error))
    for name in sorted(shape.required - members.keys()):
        message = Bilingual(f"缺少键“{name}”", f"the key {name!r} is missing")
        problems.append(JsonProblem("missing_key", child(path, name), message))
    made = {
        name: _value(kind, members[name], child(path, name), problems, personal=name in shape.personal)
        for name, kind in shape.fields.items()
        if name in members
    }
    if shape.cls is Dossier:
        _duplicates(made, path, problems)
    return _made(shape, made, path, problems) if len(problems) == before else None


def _value(kind: Any, value: Any, path: str, problems: list[JsonProblem], *, personal: bool = False) -> Any:
    kind, optional = split(kind)
    origin, members = typing.get_origin(kind), typing.get_args(kind)
    if value is None and optional:
        return None
    if isinstance(value, Refused):
        problems.append(refusal(path, value))
    elif attrs.has(kind):
        return _object(shape_of(kind.__mro__[1]), value, path, problems)
    elif origin in (tuple, frozenset):
        if isinstance(value, list | tuple):
            return origin(_value(members[0], v, child(path, i), problems) for i, v in enumerate(value))
        problems.append(_wrong(path, value, Bilingual("一个列表", "a list")))
    elif origin is Literal or (isinstance(kind, type) and issubclass(kind, StrEnum)):
        words = members if origin is Literal else [*map(str, kind)]
        if any(type(value) is type(word) and value == word for word in words):
            return value
        problems.append(_no_word(kind, words, value, path))
    else:
        try:
            return msgspec.convert(value, kind)
        except msgspec.ValidationError:
            problems.append(_wrong(path, value, _EXPECTED[kind], personal=personal))
    return None


def _made(shape: Shape, made: dict[str, Any], path: str, problems: list[JsonProblem]) -> Any:
    before = len(problems)
    for name, rule in shape.rules.items():
        if made.get(name) is None:
            continue
        try:
            made[name] = rule.apply(None, made[name])
        except QSafetyError as error:
            problems.append(_problem(error.code, child(path, name), error))
        except ValueError:  # an hour or a day that does not exist
            problems.append(_wrong(child(path, name), made[name], _EXPECTED[INSTANT]))
    if len(problems) > before:
        return None
    while True:
        try:
            whole = _dossier(made) if shape.cls is Dossier else shape.cls(**made)
            return whole if len(problems) == before else None
        except FactError as error:
            problems.append(_problem(error.code, f"{path}.{error.field}" if error.field else path, error))
            name = error.field.partition(".")[0]
        except QSafetyError as error:
            problems.append(_problem(error.code, path, error))
            return None
        if name == "id" or made.pop(name, None) is None or name in shape.required:
            return None  # else set aside, to see what else contradicts itself


def _duplicates(made: Mapping[str, Any], path: str, problems: list[JsonProblem]) -> None:
    for name in COLLECTIONS:
        placed = {
            child(child(path, name), i): fact for i, fact in enumerate(made.get(name) or ()) if isinstance(fact, Fact)
        }
        problems += [
            _problem(error.code, error.places[1], error) for error in duplicates([*placed.values()], [*placed])
        ]


def _newer(found: Any) -> JsonProblem | None:
    if type(found) is not int or found <= FORMAT:
        return None
    message = Bilingual(
        f"格式 {found} 由更新的 qsafety 写成，本版本只读格式 {FORMAT}；请升级 qsafety",
        f"format {found} was written by a newer qsafety, this one reads format {FORMAT} only; upgrade qsafety",
    )
    return JsonProblem("newer_format", "$.format", message)


def _no_word(kind: Any, words: Sequence[Any], value: Any, path: str) -> JsonProblem:
    if words == (FORMAT,):
        return _wrong(path, value, Bilingual(f"格式 {FORMAT}", f"format {FORMAT}"), code="wrong_format")
    if not isinstance(value, str):
        return _wrong(path, value, Bilingual("下列之一：" + "、".join(words), "one of " + ", ".join(words)))
    what = Bilingual("档案集合", "collection")
    if typing.get_origin(kind) is not Literal:
        what = Bilingual("取值", "word")
        with suppress(UnknownNameError):  # a Chinese label: only its word is meant
            words = [str(kind(value))]
    return _problem("unknown_word", path, UnknownNameError(what, value, words))


def _wrong(
    path: str, value: Any, expected: Bilingual, *, personal: bool = False, code: str = "wrong_type"
) -> JsonProblem:
    hidden = personal or isinstance(value, dict | list | tuple)
    got = _kind(value) if hidden else Bilingual(f" {_shown(value)}", _shown(value))
    if isinstance(value, str) and _ZONELESS.fullmatch(value) and expected == _EXPECTED[INSTANT]:
        return JsonProblem(
            "naive_time",
            path,
            Bilingual(
                f"时间{got.zh} 没有时区；请在末尾加 +08:00（北京时间）或 Z（UTC）",
                f"the time {got.en} has no zone; add +08:00 (China) or Z (UTC) at its end",
            ),
        )
    return JsonProblem(
        code, path, Bilingual(f"收到{got.zh}，应为{expected.zh}", f"got {got.en}, expected {expected.en}")
    )


def _shown(value: Any) -> str:
    try:
        shown = json.dumps(value, ensure_ascii=False, default=repr)
    except ValueError:  # an integer too long to be printed
        shown = "…"
    return shown if len(shown) <= 60 else shown[:57] + "..."


def _kind(value: Any) -> Bilingual:
    names = {
        str: Bilingual("文本", "text"),
        bool: Bilingual("布尔值", "a boolean"),
        int: Bilingual("数", "a number"),
        type(None): Bilingual("空值", "null"),
        dict: Bilingual("一个对象", "an object"),
        list: Bilingual("一个列表", "a list"),
        tuple: Bilingual("一个列表", "a list"),
    }
    return next((name for kind, name in names.items() if isinstance(value, kind)), same(type(value).__name__))


def _problem(code: str, path: str, error: QSafetyError) -> JsonProblem:
    return JsonProblem(code, path, Bilingual(error.to("zh"), error.to("en")))


@cache
def converter() -> Converter:
    """The cattrs converter of facts, of the values inside them, and of the dossier.

    ``structure`` is strict and raises :class:`~qsafety.errors.CodecError` with every problem; ``unstructure`` gives plain
    data: dates, times, numbers and words as text, sets as sorted lists. It may be used inside a host's own converter.

    >>> from qsafety.dossier import Hazard
    >>> plain = {"id": "H1", "source": "daily", "found_on": "2024-01-31"}
    >>> converter().structure(plain, Hazard).source
    <HazardSource.DAILY: 'daily'>
    """
    made = Converter()
    made.register_structure_hook_func(_ours, structure)
    made.register_unstructure_hook_func(_ours, plain)
    return made


_VALUES = (Answer, Attachment, CheckResult, DutyMeasure, ExternalRef, Priority, RiskItem)
_CLASSES = frozenset[type]({Dossier, *KINDS.values(), *_VALUES})


def _ours(cls: Any) -> bool:
    return isinstance(cls, type) and cls in _CLASSES
