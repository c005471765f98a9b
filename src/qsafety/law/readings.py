"""Where the text can be read in more than one way: each question has a name, its options and a default.

Nothing ambiguous is decided in silence: every report prints the readings it used, and each can be asked for by name
(``Readings(size_class="both")``, ``--reading size_class=both``).
"""

from collections.abc import ItemsView, Iterable, Mapping
from functools import cache
from types import MappingProxyType
from typing import Any, Literal, Self, get_args

import attrs
from attrs import field

from qsafety.bilingual import Bilingual
from qsafety.errors import ReadingError, UnknownNameError, nearest
from qsafety.law.data import FOLDER, toml
from qsafety.law.obligations import Obligation, obligation
from qsafety.law.vocabulary import PenaltyLimb

Judged = Literal["needs_judgement", "violated", "satisfied"]
Allowed = Literal["advisory", "allow", "forbid"]
Limbs = tuple[tuple[str, tuple[PenaltyLimb, ...]], ...]


@attrs.frozen(kw_only=True)
class Reading:
    """One question of interpretation: what is asked, of which provisions, the default, and what each option means.

    An option ``n`` stands for a whole number from ``least`` to ``most`` (None: no upper limit).
    """

    name: str
    provisions: tuple[str, ...] = field(repr=False)
    question: Bilingual = field(repr=False)
    default: str | int
    options: Mapping[str, Bilingual] = field(repr=False, hash=False)
    least: int | None = field(default=None, repr=False)
    most: int | None = field(default=None, repr=False)

    def to_dict(self) -> dict[str, Any]:
        """Plain data."""
        return {
            "name": self.name,
            "provisions": [*self.provisions],
            "question": self.question.to_dict(),
            "default": self.default,
            "options": {name: text.to_dict() for name, text in self.options.items()},
            "least": self.least,
            "most": self.most,
        }


@cache
def readings() -> tuple[Reading, ...]:
    """All questions, in the order of :class:`Readings`.

    >>> len(readings()), readings()[0].default
    (25, 'either')
    """
    return tuple(
        Reading(
            name=name,
            provisions=tuple(row["provisions"]),
            question=Bilingual(row["zh"], row["en"]),
            default=row["default"],
            options=MappingProxyType({option: Bilingual(**text) for option, text in row["options"].items()}),
            least=row.get("least"),
            most=row.get("most"),
        )
        for name, row in toml(FOLDER / "readings.toml").items()
    )


def reading(name: str) -> Reading:
    """One question by its name. Raises :class:`~qsafety.errors.UnknownNameError` with the nearest name."""
    for row in readings():
        if row.name == name:
            return row
    raise _unknown(name)


def _unknown(name: str) -> UnknownNameError:
    return UnknownNameError(Bilingual("解释口径", "reading"), name, (a.name for a in attrs.fields(Readings)))


def _refuse(name: str, value: object, options: Iterable[str]) -> ReadingError:
    known = list(options)
    near = nearest(str(value), known)
    return ReadingError(
        Bilingual(
            f"解释口径 {name} 没有选项“{value}”，可选：{'、'.join(known)}",
            f"reading {name} has no option {value!r}; its options are {', '.join(known)}",
        ),
        advice=Bilingual(f"是否为“{near}”？", f"Did you mean {near!r}?") if near else None,
    )


def _option(_: object, attribute: "attrs.Attribute[Any]", value: object) -> None:
    options = get_args(attribute.type)
    if value not in options:
        raise _refuse(attribute.name, value, options)


def _number(least: int, most: int | None = None, *, none: bool = False) -> Any:
    def check(_: object, attribute: "attrs.Attribute[Any]", value: object) -> None:
        if none and value is None:
            return
        # True is an int to Python, and no number of days or months to anybody.
        if type(value) is not int or value < least or (most is not None and value > most):
            span = f"{least}–{most}" if most is not None else f"{least}, {least + 1}, …"
            raise _refuse(attribute.name, value, (span, "none") if none else (span,))

    return check


def _months(value: int | str | None) -> Any:
    return None if value == "none" else value


def _limbs(value: object) -> Limbs | None:
    """A mapping, what is stored of one, or ``A10.2=staffing,A10.3=L3`` as a command line has it."""
    if value is None or value == "table":
        return None
    if isinstance(value, str):
        pairs: Iterable[Any] = (pair.partition("=")[::2] for pair in value.split(","))
    elif isinstance(value, Mapping):
        pairs = value.items()
    elif isinstance(value, tuple) and all(isinstance(pair, tuple) and len(pair) == 2 for pair in value):
        pairs = value
    else:
        raise _refuse("limbs", value, ("table", "A10.2=staffing,…"))
    return tuple(sorted((obligation(str(id_).strip()).id, _limb_words(words)) for id_, words in pairs))


def _limb_words(words: object) -> tuple[PenaltyLimb, ...]:
    known = {name: limb for limb in PenaltyLimb for name in (limb.number, str(limb), limb.zh)}
    asked = [words] if isinstance(words, str) else words
    if not isinstance(asked, Iterable):
        raise _refuse("limbs", asked, known)
    limbs = []
    for word in asked:
        name = str(word).strip()
        if name not in known:
            raise _refuse("limbs", name, known)
        limbs.append(known[name])
    return tuple(limbs)


@attrs.frozen(kw_only=True)
class Readings:
    """How the text is read where it leaves a choice: one field for each question, with its default.

    What each question and option means is told by :func:`reading`. ``review_months`` and ``training_months`` may be
    ``"none"`` (kept as None). ``limbs`` is a mapping of obligations to limbs of Article 17; those that it does not name
    keep the limb of the table.

    >>> Readings(size_class="both").to_dict()["size_class"]
    'both'

    Raises :class:`~qsafety.errors.ReadingError` for an option that a question does not have.
    """

    size_class: Literal["either", "both", "declared"] = field(default="either", validator=_option)
    daily_days: Literal["operating", "calendar"] = field(default="operating", validator=_option)
    week: Literal["iso", "rolling7"] = field(default="iso", validator=_option)
    director_officer: Literal["same_seller", "group"] = field(default="same_seller", validator=_option)
    no_director: Literal["substitute", "not_applicable", "strict"] = field(default="substitute", validator=_option)
    principal_director: Allowed = field(default="advisory", validator=_option)
    daily_scope: Literal["outlet", "seller"] = field(default="outlet", validator=_option)
    monthly_grace: int = field(default=0, validator=_number(0, 10))
    late_record: Judged = field(default="needs_judgement", validator=_option)
    held: Judged = field(default="needs_judgement", validator=_option)
    ineligible_record: Literal["advisory", "violated"] = field(default="advisory", validator=_option)
    officer_outlet: Literal["any_outlet", "appointed_outlet"] = field(default="any_outlet", validator=_option)
    exam_role: Literal["same_role", "any_role"] = field(default="same_role", validator=_option)
    spot_check_bars: Literal["no", "yes"] = field(default="no", validator=_option)
    hearing_all: Literal["one_per_role", "all"] = field(default="one_per_role", validator=_option)
    veto_effect: Judged = field(default="needs_judgement", validator=_option)
    principal_absent: Literal["strict", "delegate"] = field(default="strict", validator=_option)
    principal_officer: Allowed = field(default="advisory", validator=_option)
    promptly: int = field(default=0, validator=_number(0, 3660))
    partial_periods: Literal["due", "skip"] = field(default="due", validator=_option)
    refusal: Literal["stated", "deadline"] = field(default="stated", validator=_option)
    limbs: Limbs | None = field(default=None, converter=_limbs)
    related_posts: Literal["same_process", "declared"] = field(default="same_process", validator=_option)
    review_months: int | None = field(default=12, converter=_months, validator=_number(1, 1200, none=True))
    training_months: int | None = field(default=12, converter=_months, validator=_number(1, 1200, none=True))

    @classmethod
    def of(cls, source: "Readings | Mapping[str, Any] | Iterable[str] | None" = None) -> Self:
        """Readings from a mapping, or from ``NAME=OPTION`` as a command line has them.

        >>> Readings.of(["size_class=both", "monthly_grace=3"]).monthly_grace
        3

        Raises :class:`~qsafety.errors.UnknownNameError` for a question that is not there, and
        :class:`~qsafety.errors.ReadingError` for a bad option or one question answered twice.
        """
        if isinstance(source, cls):
            return source
        if isinstance(source, str):
            source = [source]
        chosen: dict[str, Any] = {}
        for name, option in _pairs(source):
            if name not in attrs.fields_dict(cls):
                raise _unknown(name)
            if name in chosen:
                raise ReadingError(Bilingual(f"解释口径 {name} 给出两次", f"reading {name} is given twice"))
            number = (
                isinstance(option, str) and "n" in reading(name).options and option.isdecimal() and len(option) < 10
            )
            chosen[name] = int(option) if number else option
        return cls(**chosen)

    def limbs_of(self, duty: Obligation) -> tuple[PenaltyLimb, ...]:
        """The limbs of Article 17 that a breach of an obligation falls under, as this reading has them."""
        return dict(self.limbs or ()).get(duty.id, duty.limbs)

    def to_dict(self) -> dict[str, Any]:
        """Every question and the option taken, as plain data; :meth:`of` reads it back."""
        return {
            **{
                name: "none" if option is None else option for name, option in attrs.asdict(self, recurse=False).items()
            },
            "limbs": "table" if self.limbs is None else {id_: [*map(str, limbs)] for id_, limbs in self.limbs},
        }

    def items(self) -> ItemsView[str, Any]:
        """The pairs of :meth:`to_dict`."""
        return self.to_dict().items()


def _pairs(source: Any) -> Iterable[tuple[str, Any]]:
    if source is None:
        return []
    if isinstance(source, Mapping | Readings):
        return source.items()
    if not isinstance(source, Iterable) or isinstance(source, bytes):
        source = [source]
    pairs = []
    for text in source:
        if not isinstance(text, str):
            raise ReadingError(
                Bilingual(
                    f"解释口径应为 Readings、映射或“名称=选项”文本，收到 {text!r}",
                    f"readings are a Readings, a mapping or texts NAME=OPTION, got {text!r}",
                )
            )
        name, equals, option = text.partition("=")
        if not equals:
            raise ReadingError(
                Bilingual(f"解释口径“{text}”应写作 名称=选项", f"reading {text!r} must be written NAME=OPTION")
            )
        pairs.append((name.strip(), option.strip()))
    return pairs
