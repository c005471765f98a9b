"""Who holds which post, and may they: Articles 3, 5, 6, 15, 16, 18(3)–(5). Personal data lives in ``Person`` only."""

from collections.abc import Mapping, Sequence
from datetime import date
from decimal import Decimal
from typing import ClassVar

from attrs import Attribute, field, frozen
from attrs.converters import optional
from stdnum.cn import ric

from qsafety.bilingual import Bilingual
from qsafety.dossier.facts import Attachment, Fact, Record, a_period, checked, money
from qsafety.errors import FactError
from qsafety.law.vocabulary import (
    ChangeKind,
    CompetenceItem,
    Employment,
    PrincipalBasis,
    Process,
    Role,
    SupportKind,
    Topic,
)


def _check_resident_id(_: object, attribute: "Attribute[str | None]", value: str | None) -> None:
    if value is not None and not (
        len(value) == 18 and value.isascii() and value[:17].isdecimal() and ric.calc_check_digit(value) == value[17]
    ):
        # the number itself is personal data and stays out of messages
        raise FactError(
            Bilingual("身份证号的格式或校验码不对", "the resident id has a wrong form or check character"),
            field=attribute.name,
            value=value[:2] + "…" if value else value,
            advice=Bilingual("请对照证件核对 18 位号码。", "Compare the 18 characters with the card."),
        )


def _masked(text: object) -> str:
    return "None" if text is None else "'***'"


@frozen(kw_only=True, field_transformer=checked)
class Person(Fact):
    """A person, by id; name, resident id and phone are masked in reprs. ``in_management``: part of management (Article 18(4))."""

    KIND: ClassVar[str] = "person"

    name: str = field(repr=_masked)
    resident_id: str | None = field(default=None, repr=_masked, validator=_check_resident_id)
    phone: str | None = field(default=None, repr=_masked)
    in_management: bool | None = None
    employment: Employment | None = field(default=None, converter=optional(Employment))

    def check(self) -> None:
        """An id that reports use for something else (``seller``, ``outlet:M1``) is refused."""
        if self.id == "seller" or self.id.startswith(("outlet:", "person:")):
            raise FactError(
                Bilingual(
                    f"人员编号“{self.id}”与报告中的对象写法相同：“seller”指本单位，“outlet:”开头指门店，“person:”开头指人员",
                    f"a person's id {self.id!r} is what reports call something else: seller, outlet:…, person:…",
                ),
                field="id",
                value=self.id,
                advice=Bilingual("请另取编号。", "Choose another id."),
            )


@frozen(kw_only=True, field_transformer=checked)
class Appointment(Record):
    """任职: a person in a role from ``start`` to ``end``, both included (Articles 3, 5, 13).

    ``basis`` makes a principal (Article 18(3)). Of ``change`` ``remove``, ``start`` is the day of removal itself. Without an outlet an
    officer serves all.
    """

    KIND: ClassVar[str] = "appointment"
    NATURAL: ClassVar[tuple[str, ...]] = ("person", "role", "start")

    person: str
    role: Role = field(converter=Role)
    basis: PrincipalBasis | None = field(default=None, converter=optional(PrincipalBasis))
    instrument: str | None = None
    outlet: str | None = None
    start: date
    end: date | None = None
    change: ChangeKind | None = field(default=None, converter=optional(ChangeKind))
    reports_to: str | None = None

    def check(self) -> None:
        """An end before its start is refused."""
        self.order("start", "end")


@frozen(kw_only=True, field_transformer=checked)
class PostHolding(Fact):
    """岗位: a quality-control post held (Article 6, last paragraph); ``related_to`` names posts declared to be related."""

    KIND: ClassVar[str] = "post"
    NATURAL: ClassVar[tuple[str, ...]] = ("person", "post", "start")

    person: str
    post: str
    process: Process | None = field(default=None, converter=optional(Process))
    related_to: Sequence[str] = ()
    start: date | None = None
    end: date | None = None

    def check(self) -> None:
        """An end before its start is refused."""
        self.order("start", "end")


@frozen(kw_only=True, field_transformer=checked)
class Competence(Record):
    """任职条件: one condition of Article 6, as assessed for a person and role."""

    KIND: ClassVar[str] = "competence"
    NATURAL: ClassVar[tuple[str, ...]] = ("person", "role", "item", "on")
    HAPPENED: ClassVar[str] = "on"

    person: str
    role: Role = field(converter=Role)
    item: CompetenceItem = field(converter=CompetenceItem)
    met: bool
    basis: str | None = None
    on: date | None = None


@frozen(kw_only=True, field_transformer=checked)
class Training(Record):
    """培训 (Article 15): one session, its topics and who attended."""

    KIND: ClassVar[str] = "training"
    NATURAL: ClassVar[tuple[str, ...]] = ("on",)
    HAPPENED: ClassVar[str] = "on"

    on: date
    topics: Sequence[Topic] = ()
    hours: Decimal | None = field(default=None, converter=money)
    trainer: str | None = None
    attendees: Sequence[str] = ()
    attachments: Sequence[Attachment] = ()


@frozen(kw_only=True, field_transformer=checked)
class Exam(Record):
    """考核 (Article 15, first paragraph): the unit's own exam of one person for one role."""

    KIND: ClassVar[str] = "exam"
    NATURAL: ClassVar[tuple[str, ...]] = ("person", "role", "on")
    HAPPENED: ClassVar[str] = "on"

    on: date
    person: str
    role: Role = field(converter=Role)
    score: Decimal | None = field(default=None, converter=money)
    pass_mark: Decimal | None = field(default=None, converter=money)
    passed: bool


@frozen(kw_only=True, field_transformer=checked)
class SpotCheck(Record):
    """监督抽查考核 (Article 15, second and third paragraphs): the authority's exam; ``fee`` in yuan."""

    KIND: ClassVar[str] = "spot_check"
    NATURAL: ClassVar[tuple[str, ...]] = ("person", "role", "on")
    HAPPENED: ClassVar[str] = "on"
    LATER: ClassVar[Mapping[str, tuple[str, ...]]] = {"rectified_on": ()}

    on: date
    person: str
    role: Role = field(converter=Role)
    score: Decimal | None = field(default=None, converter=money)
    pass_mark: Decimal | None = field(default=None, converter=money)
    passed: bool
    fee: Decimal | None = field(default=None, converter=money)
    rectified_on: date | None = None

    def check(self) -> None:
        """A rectification before the exam is refused."""
        self.order("on", "rectified_on")


@frozen(kw_only=True, field_transformer=checked)
class Performance(Record):
    """履职情况 (Article 13): what a person did in a day, week or month."""

    KIND: ClassVar[str] = "performance"
    NATURAL: ClassVar[tuple[str, ...]] = ("person", "period")
    HAPPENED: ClassVar[str] = "period"

    person: str
    period: str = field(converter=a_period)
    summary: str


@frozen(kw_only=True, field_transformer=checked)
class Support(Record):
    """保障奖惩 (Article 16); without a person it is for all."""

    KIND: ClassVar[str] = "support"
    NATURAL: ClassVar[tuple[str, ...]] = ("kind", "person", "on")
    HAPPENED: ClassVar[str] = "on"

    on: date
    person: str | None = None
    kind: SupportKind = field(converter=SupportKind)
    detail: str = ""
