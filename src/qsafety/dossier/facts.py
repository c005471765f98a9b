"""What every fact has: an id, references to the host's documents, a note; and values that are what their annotation says.

Ids are facts: the caller's, or the natural key (``daily_check:M1:2024-01-31``), never random. A fact is frozen, hashable,
and strict: a wrong type is refused with the field's name and the remedy.
"""

import types
import typing
from collections.abc import Iterable, Mapping, Sequence
from datetime import UTC, date, datetime
from decimal import Decimal, InvalidOperation
from enum import StrEnum
from typing import Any, ClassVar

import attrs

from qsafety.bilingual import Bilingual
from qsafety.errors import FactError
from qsafety.periods import ONE_DAY, Period, parse


def _refuse(field: str, value: object, zh: str, en: str) -> FactError:
    shown = repr(value) if len(repr(value)) <= 60 else repr(value)[:57] + "..."
    return FactError(
        Bilingual(f"{field}：收到 {shown}，应为{zh}", f"{field}: got {shown}, expected {en}"), field=field, value=value
    )


def money(value: Decimal | int | str | None) -> Decimal | None:
    """An exact number (yuan, hours, a score): Decimal, int or text; floats are refused, for they are not exact."""
    if value is None:
        return None
    if isinstance(value, bool) or not isinstance(value, Decimal | int | str):
        raise _refuse("number", value, "整数、Decimal 或数字文本（不接受浮点数）", "an int, Decimal or numeric text (no float)")
    try:
        number = Decimal(value)
    except InvalidOperation:
        raise _refuse("number", value, "数字", "a number") from None
    if not number.is_finite() or abs(number.adjusted()) > 30:
        raise _refuse("number", value, "有限的数", "a finite number")
    whole = number.to_integral_value()
    return whole.quantize(Decimal(1)) if number == whole else number.normalize()


def _check_date(_: Any, attribute: "attrs.Attribute[Any]", value: object) -> None:
    if type(value) is not date:
        raise _refuse(attribute.name, value, "日期 (datetime.date)", "a datetime.date")


def _check_instant(_: Any, attribute: "attrs.Attribute[Any]", value: object) -> None:
    if not isinstance(value, datetime) or value.tzinfo is None:
        raise _refuse(attribute.name, value, "带时区的时间", "a datetime with a time zone")


def _check_text(_: Any, attribute: "attrs.Attribute[Any]", value: object) -> None:
    if type(value) is not str:
        raise _refuse(attribute.name, value, "文本", "text")


def _check_flag(_: Any, attribute: "attrs.Attribute[Any]", value: object) -> None:
    if type(value) is not bool:
        raise _refuse(attribute.name, value, "True 或 False", "True or False")


def _check_count(_: Any, attribute: "attrs.Attribute[Any]", value: object) -> None:
    if type(value) is not int or value < 0:
        raise _refuse(attribute.name, value, "不小于 0 的整数", "an integer of at least 0")


def _check_number(_: Any, attribute: "attrs.Attribute[Any]", value: object) -> None:
    if not isinstance(value, Decimal) or not value.is_finite() or value < 0:
        raise _refuse(attribute.name, value, "不小于 0 的数", "a number of at least 0")


def _check_member(kind: type) -> Any:
    def check(_: Any, attribute: "attrs.Attribute[Any]", value: object) -> None:
        if not isinstance(value, kind):
            raise _refuse(attribute.name, value, kind.__name__, f"a {kind.__name__}")

    return check


def _as_tuple(field: str, member: type | None) -> Any:
    def convert(value: Any) -> Any:
        if value is None:
            return None
        if isinstance(value, str | bytes | Mapping) or not isinstance(value, Iterable):
            raise _refuse(field, value, "一个列表", "a list")
        members = tuple(value)
        for m in members:
            if member is not None and not isinstance(m, member):
                raise _refuse(field, m, member.__name__, f"a {member.__name__}")
        return members

    return convert


_CHECKS: dict[Any, Any] = {
    date: _check_date,
    datetime: _check_instant,
    str: _check_text,
    bool: _check_flag,
    int: _check_count,
    Decimal: _check_number,
}


def checked(cls: type, fields: list["attrs.Attribute[Any]"]) -> list["attrs.Attribute[Any]"]:
    """The field transformer of all facts: each field checks its annotation; sequences are stored as tuples."""
    return [_checked(f) for f in fields]


def _checked(field: "attrs.Attribute[Any]") -> "attrs.Attribute[Any]":
    optional = False
    kind: Any = field.type
    if isinstance(kind, types.UnionType):
        members = [a for a in typing.get_args(kind) if a is not types.NoneType]
        optional = len(members) < len(typing.get_args(kind))
        if len(members) != 1:
            return field
        kind = members[0]
    origin = typing.get_origin(kind)
    if origin is Sequence:
        member = typing.get_args(kind)[0]
        if issubclass(member, StrEnum) or field.converter is not None:
            return field if field.converter is not None else field.evolve(converter=_members(field.name, member))
        return field.evolve(converter=_as_tuple(field.name, member))
    if field.validator is not None:
        return field
    if kind is datetime and field.converter is None:
        convert = _instant_of(field.name)
        return field.evolve(converter=attrs.converters.optional(convert) if optional else convert)
    check = _CHECKS.get(kind) or (_check_member(kind) if isinstance(kind, type) else None)
    if check is None:
        return field
    return field.evolve(validator=attrs.validators.optional(check) if optional else check)


def _instant_of(name: str) -> Any:
    def convert(value: Any) -> datetime:
        if not isinstance(value, datetime) or value.tzinfo is None:
            raise _refuse(name, value, "带时区的时间", "a datetime with a time zone")
        return value.astimezone(UTC)

    return convert


def _members(name: str, kind: type[StrEnum]) -> Any:
    to_tuple = _as_tuple(name, None)

    def convert(value: Any) -> Any:
        return None if value is None else tuple(kind(v) for v in to_tuple(value))

    return convert


def a_period(value: Period | str) -> str:
    """A period, kept as its text (``2024-W05``), so that records stay plain data; checked."""
    return str(value if isinstance(value, Period) else parse(value))


def a_week(value: Period | str) -> str:
    """An ISO week, kept as its text."""
    return _of_form(value, "W", 8, "周（2024-W05）", "an ISO week (2024-W05)")


def a_month(value: Period | str) -> str:
    """A month, kept as its text."""
    return _of_form(value, "-", 7, "月（2024-01）", "a month (2024-01)")


def _of_form(value: Period | str, sign: str, length: int, zh: str, en: str) -> str:
    text = a_period(value)
    if len(text) != length or sign not in text:
        raise _refuse("period", text, zh, en)
    return text


@attrs.frozen(kw_only=True, field_transformer=checked)
class ExternalRef:
    """A document in the host's system: which system, what type, which id."""

    system: str
    type: str
    id: str


@attrs.frozen(kw_only=True, field_transformer=checked)
class Attachment:
    """A file that belongs to a fact, kept by the host; ``size`` in bytes, ``sha256`` as lower-case hex."""

    filename: str
    media_type: str
    size: int
    sha256: str
    uri: str | None = None


@attrs.frozen(kw_only=True, field_transformer=checked)
class Fact:
    """One thing that is known of a seller.

    ``id`` is the caller's, or the natural key made of ``KIND`` and the fields named in ``NATURAL``. ``HAPPENED`` names the date
    at which it can first be known, ``LATER`` the dates that may come after it (not seen before their day), each with the fields
    that go with it.
    """

    KIND: ClassVar[str] = ""
    NATURAL: ClassVar[tuple[str, ...]] = ()
    HAPPENED: ClassVar[str] = ""
    LATER: ClassVar[Mapping[str, tuple[str, ...]]] = {}

    id: str = ""
    refs: Sequence[ExternalRef] = ()
    note: str = ""

    def __attrs_post_init__(self) -> None:
        # a decoder that fills frozen fields directly (codec.read) brings lists
        for name in sequences_of(type(self)):
            if type(getattr(self, name)) is list:
                object.__setattr__(self, name, tuple(getattr(self, name)))
        if not self.id:
            object.__setattr__(self, "id", self.natural_key())
        if not self.id:
            name = type(self).__name__
            raise FactError(Bilingual(f"{name} 需要 id", f"{name} needs an id"), field="id", value="")
        self.check()

    def check(self) -> None:
        """Refuse what contradicts itself (an end before its start). What is merely unlawful is no contradiction."""

    def natural_key(self) -> str:
        """The id that follows from the fact itself; empty where only the caller can name it.

        >>> from datetime import date
        >>> from qsafety.dossier import Exam
        >>> Exam(person="P2", role="director", on=date(2023, 7, 28), passed=True).id
        'exam:P2:director:2023-07-28'
        """
        if not self.NATURAL:
            return ""
        values = (getattr(self, name) for name in self.NATURAL)
        return ":".join([self.KIND, *(str(v) for v in values if v is not None and v != "")])

    def order(self, earlier: str, later: str) -> None:
        """Refuse two dates (or times) of this fact that run backwards."""
        first, second = getattr(self, earlier), getattr(self, later)
        if first is not None and second is not None and backwards(first, second):
            raise FactError(
                Bilingual(
                    f"{later}（{second}）早于 {earlier}（{first}）", f"{later} ({second}) is before {earlier} ({first})"
                ),
                field=later,
                value=second,
            )


def backwards(first: date | datetime, second: date | datetime) -> bool:
    """Whether the second certainly comes before the first; a date and a time are a day apart at most, in any time zone."""
    if isinstance(first, datetime) and isinstance(second, datetime):
        return second < first
    if isinstance(first, datetime):
        return second < first.date() - ONE_DAY
    if isinstance(second, datetime):
        return second.date() + ONE_DAY < first
    return second < first


_SEQUENCES: dict[type, tuple[str, ...]] = {}


def sequences_of(cls: type) -> tuple[str, ...]:
    """The names of the fields of a fact that hold several values."""
    names = _SEQUENCES.get(cls)
    if names is None:
        names = tuple(f.name for f in attrs.fields(cls) if "Sequence" in str(f.type))
        _SEQUENCES[cls] = names
    return names


@attrs.frozen(kw_only=True, field_transformer=checked)
class Record(Fact):
    """A fact that somebody wrote down: ``recorded_at`` (aware) and ``recorded_by``, None where not known.

    A correction is the next version of the same id, kept by the store.
    """

    recorded_at: datetime | None = None
    recorded_by: str | None = None
