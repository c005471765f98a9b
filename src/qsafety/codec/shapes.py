"""How each class of facts looks as JSON, derived once from its annotations; the rest of this package asks here.

A fact is decoded by msgspec into its *wire class*: a subclass without fields of its own, so that its instances have the
layout of the fact, and become facts in place, by taking the fact's class, as soon as they are filled. The annotations of
a wire class say what stands in the JSON: tuples where the fact says ``Sequence``, wire classes where it holds values.
There are two of each. The *trusted* one checks nothing; it is for bytes that we wrote. The *strict* one has the limits of
every value in its annotations, and runs the rules that a field has beyond its type, such as a check character.
"""

import inspect
import types
import typing
from collections.abc import Callable, Mapping, Sequence
from datetime import UTC, datetime
from decimal import Decimal
from enum import StrEnum
from functools import cache
from operator import methodcaller
from threading import RLock
from types import GenericAlias
from typing import Annotated, Any, Literal, NotRequired, Required, TypedDict

import attrs
from msgspec import Meta
from msgspec.json import Decoder

from qsafety.dossier import COLLECTIONS, Dossier, Fact, Seller
from qsafety.dossier.facts import MOST, OWN_RULE, a_month, a_period, a_week, maybe_period, without_none

FORMAT = 1
"""The version of the JSON that is written, and the only one that is read."""

_END = r"$(?!\n)"  # Python's $ alone also matches before a last line feed
COUNT = Annotated[int, Meta(ge=0, le=MOST)]
WEEKDAY = Annotated[int, Meta(ge=0, le=6)]
NUMBER = Annotated[str, Meta(pattern=r"^(0|[1-9][0-9]{0,30})(\.[0-9]{1,30})?(E-[0-9]{1,2})?" + _END)]
WEEK = Annotated[str, Meta(pattern=r"^[0-9]{4}-W[0-9]{2}" + _END)]
MONTH = Annotated[str, Meta(pattern=r"^[0-9]{4}-[0-9]{2}" + _END)]
PERIOD = Annotated[str, Meta(pattern=r"^[0-9]{4}-(W[0-9]{2}|[0-9]{2}(-[0-9]{2})?)" + _END)]
INSTANT = Annotated[
    str,
    Meta(
        pattern=r"^[0-9]{4}-[0-9]{2}-[0-9]{2}T([01][0-9]|2[0-3]):[0-5][0-9]:[0-5][0-9](\.[0-9]{1,6})?"
        r"(Z|[+-][0-9]{2}:[0-9]{2})" + _END
    ),
]

_KINDS: Mapping[str, type] = COLLECTIONS
_STRICT: Mapping[Any, Any] = {datetime: INSTANT, Decimal: NUMBER, int: COUNT}
_PERIODS: Mapping[Any, Any] = {a_week: WEEK, a_month: MONTH, a_period: PERIOD, maybe_period: PERIOD}


@attrs.frozen(eq=False)
class Rule:
    """What a field demands of a value beyond its type, done as the fact itself does it."""

    field: "attrs.Attribute[Any]"
    is_instant: bool

    def apply(self, made: Any, value: Any) -> Any:
        """The value as the fact keeps it; one that is against the rule raises what the fact raises."""
        convert: Any = self.field.converter
        if self.is_instant:
            value = datetime.fromisoformat(value)
            if value.tzinfo is UTC:
                return value
        if convert is not None:
            value = convert(value)
        if self.field.validator is not None:
            self.field.validator(made, self.field, value)
        return value


@attrs.frozen(eq=False)
class Shape:
    """A JSON object: ``fields`` says what each key may hold, ``wire`` what msgspec decodes it into.

    ``objects`` are the keys whose values are objects (or lists of them) in turn, ``words`` those that hold one (or a list)
    of a few words, ``personal`` those whose values stay out of messages.
    """

    cls: type
    wire: Any
    fields: Mapping[str, Any]
    required: frozenset[str]
    objects: Sequence[tuple[str, "Shape", bool]]
    words: Sequence[tuple[str, frozenset[str | None], bool]] = ()
    rules: Mapping[str, Rule] = attrs.field(factory=dict[str, Rule])
    personal: frozenset[str] = frozenset()
    _names: frozenset[str] = attrs.field(init=False, default=attrs.Factory(lambda self: frozenset(self.fields), True))

    def keys(self, values: Sequence[Any]) -> int | None:
        """How many keys JSON objects, and those in them, have together; None where one is unknown.

        None also where a word is given by its Chinese label, which msgspec would take. All objects of one shape are looked
        at together, key by key: that leaves most of the work to C.
        """
        if not all(map(self._names.issuperset, values)):
            return None
        for name, known, many in self.words:
            words = [v.get(name) for v in values]
            if not all(map(known.issuperset, filter(None, words))) if many else not known.issuperset(words):
                return None
        count = sum(map(len, values))
        for name, shape, many in self.objects:
            found = [v for value in values if (v := value.get(name)) is not None]
            inner = [v for several in found for v in several] if many else found
            if inner:
                more = shape.keys(inner)
                if more is None:
                    return None
                count += more
        return count


PREPARING = RLock()
"""Held while msgspec learns a class. It shows what it has learnt so far to other threads, and one that uses it ends the process."""


def shape_of(cls: type) -> Shape:
    """The shape of a class of facts, of a value inside facts, or of the dossier; msgspec knows all of its wire class."""
    with PREPARING:
        return _prepared(cls)


@cache
def _prepared(cls: type) -> Shape:
    shape = _shape(cls)
    Decoder(shape.wire)
    return shape


def _shape(cls: type) -> Shape:
    if cls is Dossier:
        collections = [(name, shape_of(kind), True) for name, kind in _KINDS.items()]
        return Shape(
            cls,
            wire=dossier_wire(strict=True),
            fields=_dossier_fields(strict=True),
            required=_REQUIRED,
            objects=[("seller", shape_of(Seller), False), *collections],
        )
    fields = attrs.fields(cls)
    kinds = {f.name: _member(f.type) for f in fields}
    return Shape(
        cls,
        wire=wire(cls, strict=True),
        fields={f.name: _wire_type(f, strict=True) for f in fields},
        required=frozenset(f.name for f in fields if f.default is attrs.NOTHING),
        objects=[(name, shape_of(kind), many) for name, (kind, many) in kinds.items() if attrs.has(kind)],
        words=[
            (name, frozenset([*map(str, kind), None]), many)
            for name, (kind, many) in kinds.items()
            if issubclass(kind, StrEnum)
        ],
        rules=_rules(cls),
        personal=frozenset(f.name for f in fields if f.repr is not True),
    )


def _member(kind: Any) -> tuple[Any, bool]:
    """The type of a field's value, or of its members, and whether it has several."""
    kind, _ = without_none(kind)
    several = typing.get_origin(kind) in (Sequence, frozenset)
    return (typing.get_args(kind)[0] if several else kind), several


@cache
def wire(cls: type, *, strict: bool) -> Any:
    """The class into which msgspec decodes a fact, or a value inside one."""
    fields = attrs.fields(cls)
    return type(
        cls.__name__,
        (cls,),
        {
            "__doc__": inspect.getdoc(cls),
            "__slots__": (),
            "put": object.__setattr__,
            "__annotations__": {f.name: _wire_type(f, strict=strict) for f in fields},
            # what msgspec reads; validators would run one by one, in Python, and find what the annotations say
            "__attrs_attrs__": tuple(f.evolve(validator=None) for f in fields),
            "__attrs_post_init__": _becoming(
                cls, _rules(cls) if strict else {}, finish=strict and issubclass(cls, Fact)
            ),
        },
    )


def _becoming(cls: type, rules: Mapping[str, Rule], *, finish: bool) -> Callable[[Any], None]:
    put = object.__setattr__  # facts are frozen

    def become(self: Any) -> None:
        put(self, "__class__", cls)
        for name, rule in rules.items():
            value = getattr(self, name)
            if value is not None and value is not rule.field.default:
                put(self, name, rule.apply(self, value))
        if finish:
            self.__attrs_post_init__()

    # where that is all there is to do, without a Python function: it is called for every object there is
    return become if rules or finish else methodcaller("put", "__class__", cls)


def _rules(cls: type) -> dict[str, Rule]:
    ruled = [f for f in attrs.fields(cls) if OWN_RULE in f.metadata]
    return {f.name: Rule(f, is_instant=without_none(f.type)[0] is datetime) for f in ruled}


def _wire_type(field: "attrs.Attribute[Any]", *, strict: bool) -> Any:
    kind, optional = without_none(field.type)
    origin, members = typing.get_origin(kind), typing.get_args(kind)
    inner: Any
    if strict and field.converter in _PERIODS:
        inner = _PERIODS[field.converter]
    elif origin is Sequence:
        inner = GenericAlias(tuple, (_single(members[0], strict=strict), ...))
    elif origin is frozenset:
        member = WEEKDAY if strict and members[0] is int else _single(members[0], strict=strict)
        inner = GenericAlias(frozenset, (member,))
    else:
        inner = _single(kind, strict=strict)
    return inner | None if optional else inner


def _single(kind: Any, *, strict: bool) -> Any:
    if attrs.has(kind):
        return wire(kind, strict=strict)
    return _STRICT.get(kind, kind) if strict else kind


_REQUIRED = frozenset({"format", "seller"})


@cache
def dossier_wire(*, strict: bool) -> Any:
    """What msgspec decodes a dossier into: a dict of the keys that are there, for the dossier's own constructor."""
    typed_dict: Any = TypedDict
    fields = _dossier_fields(strict=strict)
    keys = {name: Required[kind] if name in _REQUIRED else NotRequired[kind] for name, kind in fields.items()}
    return typed_dict("Dossier", keys)


def _dossier_fields(*, strict: bool) -> dict[str, Any]:
    literal: Any = Literal
    fields: dict[str, Any] = {"seller": wire(Seller, strict=strict)}
    for name, cls in _KINDS.items():
        fields[name] = GenericAlias(tuple, (wire(cls, strict=strict), ...)) | None
    if not strict:
        return {**fields, "partial": frozenset[str]}
    return {"format": literal[FORMAT], **fields, "partial": GenericAlias(frozenset, (literal[tuple(COLLECTIONS)],))}


def split(kind: Any) -> tuple[Any, bool]:
    """The type without None, of an annotation of a wire class, and whether None is allowed."""
    if typing.get_origin(kind) not in (types.UnionType, typing.Union):
        return kind, False
    (inner,) = (a for a in typing.get_args(kind) if a is not types.NoneType)
    return inner, True
