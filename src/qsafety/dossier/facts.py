"""What every fact has: an id, references to the host's documents, a note; and values that are what their annotation says.

Ids are facts: the caller's, or the natural key (``daily_check:M1:2024-01-31``), never random. A fact is frozen, hashable,
and strict: a wrong type is refused with the field's name and the remedy.
"""

import types
import typing
from collections.abc import Iterable, Mapping, Sequence
from datetime import UTC, date, datetime, time
from decimal import Context, Decimal, InvalidOperation
from enum import StrEnum
from typing import Any, ClassVar

import attrs

from qsafety.bilingual import Bilingual
from qsafety.errors import FactError
from qsafety.periods import ONE_DAY, Period, parse

MOST = 2**53 - 1
"""The greatest count: beyond it JSON readers that know no integers disagree."""

OWN_RULE = "own_rule"
"""In a field's metadata: its values obey a rule beyond their type (a check character, a unit, a time zone)."""

# exact for every number that `money` lets through; the host's own decimal context must not round what it hands over
_EXACT = Context(prec=70)


def _refuse(field: str, value: object, zh: str, en: str, *, personal: bool = False) -> FactError:
    try:
        shown = type(value).__name__ if personal else repr(value)
    except ValueError:  # an int too long to be printed
        shown = "an int"
    shown = shown if len(shown) <= 60 else shown[:57] + "..."
    return FactError(
        Bilingual(f"{field}：收到 {shown}，应为{zh}", f"{field}: got {shown}, expected {en}"),
        field=field,
        value=None if personal else value,
    )


def money(value: Decimal | int | str | None, field: str = "number") -> Decimal | None:
    """An exact number (yuan, hours, a score): Decimal, int or text; floats are refused, for they are not exact.

    >>> money("5000.00"), money("0.50")
    (Decimal('5000'), Decimal('0.5'))
    """
    if value is None:
        return None
    if isinstance(value, bool) or not isinstance(value, Decimal | int | str):
        raise _refuse(
            field, value, "整数、Decimal 或数字文本（不接受浮点数）", "an int, Decimal or numeric text (no float)"
        )
    try:
        number = Decimal(value)
    except InvalidOperation:
        raise _refuse(field, value, "数字", "a number") from None
    if not number.is_finite():
        raise _refuse(field, value, "有限的数", "a finite number")
    if not number:
        return Decimal(0)  # not -0, which is equal and prints otherwise
    if number.adjusted() > 30 or _exponent(number) < -30:
        raise _refuse(
            field, value, "整数部分和小数部分各不超过 30 位的数", "a number of at most 30 digits on each side"
        )
    number = number.normalize(_EXACT)
    return number.quantize(Decimal(1), context=_EXACT) if _exponent(number) > 0 else number  # not 5E+3


def _exponent(number: Decimal) -> int:
    return int(number.as_tuple().exponent)


_EXPECTED = {
    date: Bilingual("日期 (datetime.date)", "a datetime.date"),
    str: Bilingual("文本", "text"),
    bool: Bilingual("布尔值（True 或 False）", "True or False"),
    int: Bilingual(f"整数（0 至 {MOST}）", f"an integer from 0 to {MOST}"),
    Decimal: Bilingual("不小于 0 的数", "a number of at least 0"),
}


def _refuse_field(attribute: "attrs.Attribute[Any]", value: object, kind: type) -> FactError:
    expected = _EXPECTED.get(kind) or Bilingual(kind.__name__, f"a {kind.__name__}")
    # what is masked in a repr is personal, and stays out of messages too
    return _refuse(attribute.name, value, expected.zh, expected.en, personal=attribute.repr is not True)


def _of_type(kind: type, *, optional: bool) -> Any:
    allowed = (kind, types.NoneType) if optional else (kind,)

    def check(_: Any, attribute: "attrs.Attribute[Any]", value: object) -> None:
        if type(value) not in allowed:
            raise _refuse_field(attribute, value, kind)

    return check


def _not_negative(_: Any, attribute: "attrs.Attribute[Any]", value: Any) -> None:
    if value is not None and (value < 0 or (type(value) is int and value > MOST)):
        raise _refuse_field(attribute, value, type(value))


def checked(cls: type, fields: list["attrs.Attribute[Any]"]) -> list["attrs.Attribute[Any]"]:
    """The field transformer of all facts: each field checks its annotation; sequences are stored as tuples."""
    return [_checked(f) for f in fields]


def without_none(kind: Any) -> tuple[Any, bool]:
    """The one type of an annotation ``X`` or ``X | None``, and whether None is allowed."""
    if not isinstance(kind, types.UnionType):
        return kind, False
    members = [a for a in typing.get_args(kind) if a is not types.NoneType]
    if len(members) != 1:
        raise TypeError(f"a fact's field is of one type, perhaps or None; not {kind}")
    return members[0], True


def _checked(field: "attrs.Attribute[Any]") -> "attrs.Attribute[Any]":
    if getattr(field, "inherited", False):  # checked where it was defined
        return field
    name = field.name
    kind, optional = without_none(field.type)
    if typing.get_origin(kind) is Sequence:
        member = typing.get_args(kind)[0]
        return field if field.converter else field.evolve(converter=tuple_of(name, member, optional=optional))
    if isinstance(kind, type) and issubclass(kind, StrEnum):
        return field.evolve(converter=_word_of(kind, optional=optional))
    if field.converter is not None or field.validator is not None or kind is datetime:
        field = field.evolve(metadata={**field.metadata, OWN_RULE: True})
    if kind is datetime:
        return field.evolve(converter=_instant_of(name, optional=optional))
    if kind is Decimal:
        field = field.evolve(converter=lambda value: money(value, name))
    if not isinstance(kind, type):
        return field
    checks = [_of_type(kind, optional=optional)]
    if kind in (int, Decimal):
        checks.append(_not_negative)
    if field.validator is not None:
        checks.append(field.validator)
    return field.evolve(validator=checks[0] if len(checks) == 1 else attrs.validators.and_(*checks))


def tuple_of(field: str, member: Any, *, optional: bool = False) -> Any:
    """A converter: any iterable of members becomes a tuple; words may come as text."""
    if issubclass(member, StrEnum):
        return _words_of(field, member, optional=optional)
    expected = _EXPECTED.get(member) or Bilingual(member.__name__, f"a {member.__name__}")

    def convert(value: Any) -> Any:
        members = value if type(value) is tuple else _members(field, value, optional=optional)
        for m in members or ():
            if type(m) is not member or (member is int and not 0 <= m <= MOST):
                raise _refuse(field, m, expected.zh, expected.en)
        return members

    return convert


def _members(field: str, value: Any, *, optional: bool) -> tuple[Any, ...] | None:
    if value is None and optional:
        return None
    if type(value) is list:
        return tuple(value)
    if isinstance(value, str | bytes | Mapping) or not isinstance(value, Iterable):
        raise _refuse(field, value, "一个列表", "a list")
    return tuple(value)


def _word_of(kind: type[StrEnum], *, optional: bool) -> Any:
    # a word equals its text and hashes like it: one look-up serves both, far cheaper than calling the enumeration
    words = {str(word): word for word in kind}

    def convert(value: Any) -> Any:
        if value is None and optional:
            return None
        word = words.get(value) if isinstance(value, str) else None
        return kind(value) if word is None else word

    return convert


def _words_of(field: str, kind: type[StrEnum], *, optional: bool) -> Any:
    word = _word_of(kind, optional=False)

    def convert(value: Any) -> Any:
        members = _members(field, value, optional=optional)
        return None if members is None else tuple(map(word, members))

    return convert


def _instant_of(name: str, *, optional: bool) -> Any:
    def convert(value: Any) -> datetime | None:
        if value is None and optional:
            return None
        if not isinstance(value, datetime) or value.utcoffset() is None:
            raise _refuse(name, value, "带时区的时间", "a datetime with a time zone")
        try:
            utc = value.astimezone(UTC)
        except OverflowError:
            utc = None
        if utc is None or not 1 < utc.year < 9999:  # else it has no local day in some time zones
            raise _refuse(name, value, "公元 2 至 9998 年的时间", "a time in the years 2 to 9998")
        if type(utc) is datetime:
            return utc
        # another library's kind of datetime: the same instant as a plain one
        return datetime.combine(
            date(utc.year, utc.month, utc.day), time(utc.hour, utc.minute, utc.second, utc.microsecond), UTC
        )

    return convert


def a_period(value: Period | str, field: str = "period") -> str:
    """A period, kept as its text (``2024-W05``), so that records stay plain data; checked."""
    if not isinstance(value, Period | str):
        raise _refuse(field, value, "日、周或月", "a day, week or month")
    return str(value if isinstance(value, Period) else parse(value))


def maybe_period(value: Period | str | None) -> str | None:
    """A period as :func:`a_period` keeps it, or None where there is none."""
    return None if value is None else a_period(value)


def a_week(value: Period | str) -> str:
    """An ISO week, kept as its text."""
    return _of_form("week", value, "W", 8, "周（2024-W05）", "an ISO week (2024-W05)")


def a_month(value: Period | str) -> str:
    """A month, kept as its text."""
    return _of_form("month", value, "-", 7, "月（2024-01）", "a month (2024-01)")


def _of_form(field: str, value: Period | str, sign: str, length: int, zh: str, en: str) -> str:
    text = a_period(value, field)
    if len(text) != length or sign not in text:
        raise _refuse(field, text, zh, en)
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

    A changed copy keeps its id, for it is a correction of the same record; a copy that is another record needs ``id=""``:

    >>> from datetime import date
    >>> from qsafety.dossier import Closure
    >>> first = Closure(start=date(2024, 2, 10), end=date(2024, 2, 10))
    >>> attrs.evolve(first, start=date(2024, 2, 11), end=date(2024, 2, 11), id="").id
    'closure:2024-02-11'
    """

    KIND: ClassVar[str] = ""
    NATURAL: ClassVar[tuple[str, ...]] = ()
    HAPPENED: ClassVar[str] = ""
    LATER: ClassVar[Mapping[str, tuple[str, ...]]] = {}

    id: str = ""
    refs: Sequence[ExternalRef] = ()
    note: str = ""

    def __attrs_post_init__(self) -> None:
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


@attrs.frozen(kw_only=True, field_transformer=checked)
class Record(Fact):
    """A fact that somebody wrote down: ``recorded_at`` (aware) and ``recorded_by``, None where not known.

    A correction is the next version of the same id, kept by the store.
    """

    recorded_at: datetime | None = None
    recorded_by: str | None = None
