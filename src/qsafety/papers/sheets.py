"""What all papers print, and the way from a typed context to the plain variables of a template.

An attribute of a context is a variable of its template, documented in its annotation: ``Annotated[str, Bilingual(zh, en)]``.
"""

import re
from collections.abc import Callable, Mapping, Sequence
from operator import attrgetter
from typing import Annotated, Any, get_args, get_origin, get_type_hints

import attrs

from qsafety.bilingual import Bilingual
from qsafety.errors import PaperError

# XML 1.0, production 2: everything else cannot stand in a Word document, not even escaped
_UNFIT = re.compile("[^\t\n\r\x20-\ud7ff\ue000-\ufffd\U00010000-\U0010ffff]")


@attrs.frozen(kw_only=True)
class Sheet:
    """What every paper prints in its head and its foot."""

    title: Annotated[str, Bilingual("文书名称", "name of the paper")]
    seller: Annotated[str, Bilingual("单位名称", "name of the seller")]
    number: Annotated[str, Bilingual("文书编号", "document number")]
    basis: Annotated[
        str, Bilingual("依据行（页脚）：规定名称与条号", "the edition line of the footer: regulation and article")
    ]
    record: Annotated[str, Bilingual("所依据记录的编号", "id of the record printed")]
    digest: Annotated[str, Bilingual("该记录数据摘要的前 12 位", "the first 12 hex digits of that record's digest")]
    blank: Annotated[bool, Bilingual("是否为手工填写的空白表", "whether this is the empty form, to be filled by hand")]


@attrs.frozen(kw_only=True)
class Revision:
    """One row of the revision table of a controlled document."""

    version: Annotated[str, Bilingual("版本", "version")]
    status: Annotated[str, Bilingual("状态：草案、批准、废止", "status: draft, approved, repealed")]
    effective: Annotated[str, Bilingual("生效日期", "when it takes effect")]
    compiled_by: Annotated[str, Bilingual("编制人", "who compiled it")]
    approved_by: Annotated[str, Bilingual("批准人", "who approved it")]
    approved_on: Annotated[str, Bilingual("批准日期", "when it was approved")]


@attrs.frozen(kw_only=True)
class ControlledSheet(Sheet):
    """What the controlled documents print besides: the two duty papers and the risk control list."""

    version: Annotated[str, Bilingual("版本", "version")]
    status: Annotated[str, Bilingual("状态：草案、批准、废止", "status: draft, approved, repealed")]
    effective: Annotated[str, Bilingual("生效日期", "when it takes effect")]
    compiled_by: Annotated[str, Bilingual("编制人", "who compiled it")]
    approved_by: Annotated[str, Bilingual("批准人", "who approved it")]
    approved_on: Annotated[str, Bilingual("批准日期", "when it was approved")]
    products: Annotated[str, Bilingual("适用的产品（规定范围内的在售产品）", "the products in scope that are sold")]
    revisions: Annotated[Sequence[Revision], Bilingual("修订记录各行", "the versions up to this one")]


@attrs.frozen(kw_only=True)
class PeriodicSheet(Sheet):
    """What the daily, weekly and monthly papers print besides."""

    late: Annotated[bool, Bilingual("是否在期后补录", "whether it was recorded after its period")]
    recorded_at: Annotated[
        str, Bilingual("录入时间，如 2024-01-31 18:10；未知为空", "when it was recorded; empty: not known")
    ]


@attrs.frozen(kw_only=True)
class ReportSheet(PeriodicSheet):
    """What the weekly and monthly papers print besides."""

    draft: Annotated[bool, Bilingual("是否为草稿（不算记录）", "whether it is a draft, which is no record")]


def documented(context: type) -> Mapping[str, Bilingual]:
    """The variables of a context class with their documentation.

    >>> documented(Sheet)["seller"].en
    'name of the seller'
    """
    hints = get_type_hints(context, include_extras=True)
    return {
        f.name: next(note for note in get_args(hints[f.name])[1:] if isinstance(note, Bilingual))
        for f in attrs.fields(context)
    }


def common(sheet: Sheet) -> dict[str, Any]:
    """What every paper prints, as arguments for a context of its own."""
    return {f.name: getattr(sheet, f.name) for f in attrs.fields(Sheet)}


def empty(context: type) -> dict[str, Any]:
    """Arguments for a context that says nothing: empty texts, no rows, no flags."""
    nothing: dict[Any, Any] = {str: "", bool: False, int: 0}
    hints = get_type_hints(context)
    return {f.name: nothing.get(hints[f.name], ()) for f in attrs.fields(context)}


def rows_of(context: type) -> Mapping[str, type]:
    """The variables of a context class that are tables, with the class of their rows."""
    found: dict[str, type] = {}
    for name, hint in get_type_hints(context).items():
        if get_origin(hint) is not None and attrs.has(row := get_args(hint)[0]):
            found[name] = row
    return found


def plain(sheet: Sheet) -> dict[str, Any]:
    """A context as plain data: texts, numbers, flags, and lists of dicts.

    Line ends become ``\\n``. A character that XML cannot carry is a :class:`PaperError` that names it and its field.
    """
    try:
        return {name: _quick(getattr(sheet, name)) for name in _names(type(sheet))}
    except _UnfitError:  # once more, with the way to each field, to name the one
        return {name: _plain(getattr(sheet, name), name, sheet) for name in _names(type(sheet))}


class _UnfitError(ValueError):
    """Some text holds a character that XML cannot carry."""


_NAMES: dict[type, tuple[str, ...]] = {}


def _names(context: type) -> tuple[str, ...]:
    """The fields of a context, asked for once: for many rows that is what costs."""
    if context not in _NAMES:
        _NAMES[context] = tuple(f.name for f in attrs.fields(context))
    return _NAMES[context]


_FLAT: dict[type, tuple[Callable[[Any], tuple[Any, ...]], Callable[[Any], tuple[str, ...]]] | None] = {}


def _flat(row: type) -> tuple[Callable[[Any], tuple[Any, ...]], Callable[[Any], tuple[str, ...]]] | None:
    """How to take all fields of a row of a table at once, and those that are texts; None for a class that holds anything else."""
    if row not in _FLAT:
        hints = get_type_hints(row)
        texts = [name for name in _names(row) if hints[name] is str]
        plain_ = all(hints[name] in (str, int, bool) for name in _names(row)) and len(texts) > 1
        _FLAT[row] = (attrgetter(*_names(row)), attrgetter(*texts)) if plain_ else None
    return _FLAT[row]


def _quick_rows(rows: Sequence[Any]) -> list[Any]:
    """The rows of a table. Their texts are looked at all in one: for many rows that is what costs."""
    if not rows or not attrs.has(type(rows[0])) or (getters := _flat(type(rows[0]))) is None:
        return [_quick(row) for row in rows]
    fields, texts = getters
    names = _names(type(rows[0]))
    for row in rows:
        said = "".join(texts(row))
        if "\r" in said or _UNFIT.search(said) is not None:
            return [_quick(row) for row in rows]
    return [dict(zip(names, fields(row), strict=True)) for row in rows]


def _quick(value: Any) -> Any:
    if isinstance(value, str):
        if _UNFIT.search(value) is not None:
            raise _UnfitError
        return value.replace("\r\n", "\n").replace("\r", "\n") if "\r" in value else value
    if isinstance(value, list | tuple):
        return _quick_rows(value)
    if attrs.has(type(value)):
        return {name: _quick(getattr(value, name)) for name in _names(type(value))}
    return value


def _plain(value: Any, path: str, sheet: Sheet) -> Any:
    if isinstance(value, str):
        return _printable(value, path, sheet)
    if isinstance(value, Sequence):
        return [_plain(member, f"{path}[{i}]", sheet) for i, member in enumerate(value, 1)]
    if attrs.has(type(value)):
        return {f.name: _plain(getattr(value, f.name), f"{path}.{f.name}", sheet) for f in attrs.fields(type(value))}
    return value


def _printable(text: str, path: str, sheet: Sheet) -> str:
    unfit = _UNFIT.search(text)
    if unfit is None:
        return text.replace("\r\n", "\n").replace("\r", "\n") if "\r" in text else text
    sign = f"U+{ord(unfit[0]):04X}"
    record = sheet.record.encode("utf-8", "backslashreplace").decode()  # a message can be printed anywhere
    raise PaperError(
        Bilingual(
            f"文书无法打印字符 {sign}：{path} 第 {unfit.start() + 1} 个字符（记录 {record}）",
            f"a paper cannot hold the character {sign}: {path}, character {unfit.start() + 1} (record {record})",
        ),
        advice=Bilingual("请在该记录中删去这个字符。", "Remove it from that record."),
    )
