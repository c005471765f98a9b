"""The files around ``data/``: manifests and ``bag-info.txt``, written in one form and read in no other."""

import re
from collections.abc import Mapping

from attrs import frozen

from qsafety.archive.layout import unfit
from qsafety.archive.problems import PackProblem, Property
from qsafety.bilingual import Bilingual

LONGEST_LINE = 4096
_LINE = re.compile(r"([0-9a-f]{64})  (.+)")
_INFO = re.compile(r"([A-Z][A-Za-z0-9-]{0,63}): (\S.*)")
_AGAIN = Bilingual("请取得原件", "ask for the original")


def listed(sums: Mapping[str, str]) -> bytes:
    """A manifest: lower-case hex, two spaces, path, LF; sorted by path."""
    return "".join(f"{sums[path]}  {path}\n" for path in sorted(sums)).encode()


def info(fields: Mapping[str, object]) -> bytes:
    """``bag-info.txt``; a value stays on its line."""
    return "".join(f"{name}: {' '.join(str(value).split())}\n" for name, value in fields.items()).encode()


@frozen
class Listed:
    """A manifest that was read: the digest of each path that may be opened, and what is wrong with its form."""

    sums: Mapping[str, str]
    problems: tuple[PackProblem, ...]


def read_manifest(content: bytes, name: str, *, inside: str = "") -> Listed:
    """The lines of a manifest; a path that may stand in no pack, or not under ``inside``, is told and left out."""
    sums: dict[str, str] = {}
    problems: list[PackProblem] = []

    def wrong(what: Bilingual, of: Property = Property.INTEGRITY, path: str = name) -> None:
        problems.append(PackProblem(of, path, what, _AGAIN))

    text, sound = _text(content)
    if not sound:
        wrong(Bilingual("不是以 LF 结尾的 UTF-8 文本", "it is no UTF-8 text whose lines end with LF"))
    last = ""
    for number, line in enumerate(text.split("\n")[:-1] if text.endswith("\n") else text.split("\n"), 1):
        match = _LINE.fullmatch(line) if len(line) <= LONGEST_LINE else None
        if match is None:
            if line or sound:
                wrong(
                    Bilingual(
                        f"第 {number} 行不是“小写十六进制、两个空格、路径”",
                        f"line {number} is not: lower-case hex, two spaces, path",
                    )
                )
            continue
        digest, path = match.groups()
        if why := unfit(path):
            shown = Bilingual(
                f"第 {number} 行的路径 {path[:200]!r} {why.zh}", f"line {number} names {path[:200]!r}: {why.en}"
            )
            wrong(shown, Property.SECURITY)
        elif not path.startswith(inside):
            wrong(
                Bilingual(
                    f"第 {number} 行的路径 {path} 不在 {inside} 之下", f"line {number} names {path}, not under {inside}"
                ),
                Property.SECURITY,
            )
        elif path in sums:
            wrong(Bilingual(f"{path} 列了两次", f"{path} is listed twice"))
        else:
            if path < last:
                wrong(Bilingual(f"第 {number} 行没有按路径排序", f"line {number} is out of order"))
            sums[path] = digest
            last = path
    return Listed(sums, tuple(problems))


def _text(content: bytes) -> tuple[str, bool]:
    try:
        text = content.decode()
    except UnicodeDecodeError:
        return content.decode("utf-8", "replace"), False
    return text, (not text or text.endswith("\n")) and "\r" not in text


def read_info(content: bytes, name: str) -> tuple[dict[str, str], list[PackProblem]]:
    """The fields of ``bag-info.txt``, and what is wrong with its form."""
    fields: dict[str, str] = {}
    problems: list[PackProblem] = []
    text, sound = _text(content)
    if not sound or not text:
        problems.append(
            PackProblem(
                Property.INTEGRITY,
                name,
                Bilingual("不是以 LF 结尾的 UTF-8 文本", "it is no UTF-8 text whose lines end with LF"),
                _AGAIN,
            )
        )
    for number, line in enumerate(text.split("\n")[:-1], 1):
        match = _INFO.fullmatch(line)
        if match is None or match[1] in fields:
            what = Bilingual(
                f"第 {number} 行不是“名称: 值”，或名称重复",
                f"line {number} is not “Name: value”, or the name comes again",
            )
            problems.append(PackProblem(Property.INTEGRITY, name, what, _AGAIN))
            continue
        fields[match[1]] = match[2]
    return fields, problems
