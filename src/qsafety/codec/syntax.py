"""The text itself, before anything in it is a fact: encoding, syntax, and what JSON allows and we do not."""

import json
import re
from collections import Counter
from collections.abc import Iterator
from typing import Any

import attrs

from qsafety.bilingual import Bilingual
from qsafety.errors import CodecError, JsonProblem

MOST_DEPTH = 32
"""How deep objects and lists may be nested; what we write is five deep."""

_SURROGATE = re.compile(r"\\u[dD][89a-fA-F]")
_PLAIN_KEY = re.compile(r"[A-Za-z_][A-Za-z_0-9]*")


@attrs.frozen
class Refused:
    """A number that stands in the text and that no fact can hold: a fraction, NaN, an infinity."""

    text: str


class Doubled(dict[str, Any]):
    """An object in which keys come more than once."""

    keys_again: tuple[str, ...] = ()


def child(path: str, key: str | int) -> str:
    """The path one step further: ``$.hazards``, ``$.hazards[2]``; a key that is no name is quoted."""
    if isinstance(key, int):
        return f"{path}[{key}]"
    return f"{path}.{key}" if _PLAIN_KEY.fullmatch(key) else f"{path}[{json.dumps(key)}]"


def parse(text: str | bytes) -> tuple[Any, bool]:
    """The tree of a text, and whether it is sound; if not, :func:`flaws` says where.

    A text that is no JSON at all raises :class:`CodecError`.
    """
    sound = True

    def refused(number: str) -> Refused:
        nonlocal sound
        sound = False
        return Refused(number)

    def members(pairs: list[tuple[str, Any]]) -> dict[str, Any]:
        nonlocal sound
        found = dict(pairs)
        if len(found) == len(pairs):
            return found
        sound = False
        doubled = Doubled(found)
        doubled.keys_again = tuple(name for name, times in Counter(name for name, _ in pairs).items() if times > 1)
        return doubled

    decoded = _decoded(text)
    try:
        tree = json.loads(decoded, object_pairs_hook=members, parse_float=refused, parse_constant=refused)
    except json.JSONDecodeError as error:
        raise _syntax_error(error) from None
    except RecursionError:
        raise CodecError([_too_deep("$")]) from None
    except ValueError:  # Python reads no integer of more than some thousand digits
        message = Bilingual("其中一个整数位数过多", "an integer in it has too many digits")
        raise CodecError([JsonProblem("number_too_long", "$", message)]) from None
    return tree, sound and not _SURROGATE.search(decoded)


def _decoded(text: str | bytes) -> str:
    if isinstance(text, bytes):
        try:
            text = text.decode("utf-8")
        except UnicodeDecodeError as error:
            message = Bilingual(f"第 {error.start} 字节不是 UTF-8", f"byte {error.start} is not UTF-8")
            raise CodecError([JsonProblem("bad_encoding", "$", message)]) from None
    elif not isinstance(text, str):
        raise TypeError(f"a text or bytes are needed, not {type(text).__name__}")
    else:
        try:
            text.encode("utf-8")
        except UnicodeEncodeError as error:
            raise CodecError([_lone_surrogate("$", text[error.start])]) from None
    if text.startswith("\ufeff"):
        message = Bilingual(
            "文件以字节顺序标记 (BOM) 开头；请存为不带 BOM 的 UTF-8",
            "it begins with a byte order mark (BOM); save it as UTF-8 without BOM",
        )
        raise CodecError([JsonProblem("byte_order_mark", "$", message)])
    return text


def _syntax_error(error: json.JSONDecodeError) -> CodecError:
    if error.msg == "Extra data":
        what = Bilingual("JSON 之后还有其他内容", "there is more text after the JSON")
    else:
        what = Bilingual("不是合法的 JSON", f"this is no JSON: {error.msg}")
    place = Bilingual(f"第 {error.lineno} 行第 {error.colno} 列：", f"line {error.lineno}, column {error.colno}: ")
    return CodecError([JsonProblem("not_json", "$", Bilingual(place.zh + what.zh, place.en + what.en))])


def flaws(tree: Any) -> Iterator[JsonProblem]:
    """What JSON allows and we do not, with its place: keys twice, fractions, NaN, half characters, great depth."""
    rest: list[tuple[str, Any, int]] = [("$", tree, 1)]
    while rest:
        path, value, depth = rest.pop()
        if isinstance(value, str):
            if (half := _lone(value)) is not None:
                yield _lone_surrogate(path, half)
        elif isinstance(value, Refused):
            yield refusal(path, value)
        elif isinstance(value, dict | list | tuple) and depth > MOST_DEPTH:
            yield _too_deep(path)
        elif isinstance(value, list | tuple):
            rest += [(child(path, i), v, depth + 1) for i, v in reversed([*enumerate(value)])]
        elif isinstance(value, dict):
            for name in value.keys_again if isinstance(value, Doubled) else ():
                message = Bilingual(f"键“{name}”不止一次出现", f"the key {name!r} comes more than once")
                yield JsonProblem("duplicate_key", child(path, name), message)
            for name in value:
                if (half := _lone(name)) is not None:
                    yield _lone_surrogate(path, half)
            rest += [(child(path, name), v, depth + 1) for name, v in reversed([*value.items()])]


def _lone(text: str) -> str | None:
    try:
        text.encode("utf-8")
    except UnicodeEncodeError as error:
        return text[error.start]
    return None


def _lone_surrogate(path: str, half: str) -> JsonProblem:
    name = f"U+{ord(half):04X}"
    message = Bilingual(f"含有半个字符 {name}，不能保存", f"it contains half a character, {name}, which cannot be kept")
    return JsonProblem("lone_surrogate", path, message)


def _too_deep(path: str) -> JsonProblem:
    return JsonProblem(
        "too_deep", path, Bilingual(f"嵌套超过 {MOST_DEPTH} 层", f"it is nested more than {MOST_DEPTH} deep")
    )


def refusal(path: str, number: Refused) -> JsonProblem:
    """What is wrong with such a number; a fraction is not shown, for it may be personal."""
    if number.text.lstrip("-") in ("NaN", "Infinity"):
        return JsonProblem(
            "not_a_number", path, Bilingual(f"{number.text} 不是 JSON 的数", f"{number.text} is no number of JSON")
        )
    return JsonProblem(
        "fraction",
        path,
        Bilingual(
            '不接受浮点数；带小数的数请写成文本，如 "5000.50"',
            'floats are refused; write a number with decimals as text, such as "5000.50"',
        ),
    )
