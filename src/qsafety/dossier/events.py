"""Defects and nonconforming lots; what the authority did; what people judged: Articles 4, 8, 14, 15, 17."""

from collections.abc import Mapping, Sequence
from datetime import date, datetime
from decimal import Decimal
from typing import ClassVar

from attrs import field, frozen
from attrs.converters import optional

from qsafety.dossier.facts import Attachment, Fact, Record, checked, maybe_period, money
from qsafety.errors import FactError, UnknownNameError
from qsafety.law.obligations import obligation
from qsafety.law.vocabulary import InspectionType, LotDisposition, NormLevel, PenaltyLimb, Verdict


@frozen(kw_only=True, field_transformer=checked)
class Defect(Record):
    """缺陷 (Article 4, second paragraph): from finding to recall. ``sold`` counts pieces; None: not known."""

    KIND: ClassVar[str] = "defect"
    NATURAL: ClassVar[tuple[str, ...]] = ("product", "found_on")
    HAPPENED: ClassVar[str] = "found_on"
    LATER: ClassVar[Mapping[str, tuple[str, ...]]] = {
        "analysed_on": (),
        "stopped_on": (),
        "eliminated_on": (),
        "recall_started_on": (),
        "recall_reported_on": (),
        "producer_notice_on": (),
        "cooperated_on": (),
        "closed_on": (),
    }

    product: str
    lots: Sequence[str] = ()
    found_by: str | None = None
    found_on: date
    endangers_safety: bool | None = None
    common: bool | None = None
    sold: int | None = None
    analysed_on: date | None = None
    measures: str | None = None
    stopped_on: date | None = None
    eliminated_on: date | None = None
    recall_started_on: date | None = None
    recall_reported_on: date | None = None
    producer_notice_on: date | None = None
    cooperated_on: date | None = None
    closed_on: date | None = None

    def check(self) -> None:
        """Dates that run backwards are refused. (The producer's notice, or a stop of sale, may well
        come before the finding, and the report of a recall before its begin.)"""
        for later in ("analysed_on", "eliminated_on", "recall_started_on", "closed_on"):
            self.order("found_on", later)
        self.order("producer_notice_on", "cooperated_on")


@frozen(kw_only=True, field_transformer=checked)
class NonconformingLot(Record):
    """不合格品 (Article 8(3)): a lot, what became of it, and to whom it was reported."""

    KIND: ClassVar[str] = "nonconforming"
    NATURAL: ClassVar[tuple[str, ...]] = ("product", "lot", "on")
    HAPPENED: ClassVar[str] = "on"
    LATER: ClassVar[Mapping[str, tuple[str, ...]]] = {"reported_at": ("reported_to",)}

    on: date
    product: str
    lot: str | None = None
    quantity: Decimal | None = field(default=None, converter=money)
    disposition: LotDisposition | None = field(default=None, converter=optional(LotDisposition))
    reported_to: str | None = None
    reported_at: datetime | None = None

    def check(self) -> None:
        """A report before the finding is refused."""
        self.order("on", "reported_at")


@frozen(kw_only=True, field_transformer=checked)
class Inspection(Record):
    """监督检查 (Article 14): ``findings`` are hazard ids; ``materials`` what was provided; ``refused`` None: not known."""

    KIND: ClassVar[str] = "inspection"
    NATURAL: ClassVar[tuple[str, ...]] = ("on",)
    HAPPENED: ClassVar[str] = "on"

    on: date
    authority: str | None = None
    kind: InspectionType | None = field(default=None, converter=optional(InspectionType))
    findings: Sequence[str] = ()
    materials: str | None = None
    refused: bool | None = None
    attachments: Sequence[Attachment] = ()


@frozen(kw_only=True, field_transformer=checked)
class Order(Record):
    """责令改正 (Article 17). ``deadline`` None: immediately. ``refused`` is True only where the authority says so."""

    KIND: ClassVar[str] = "order"
    NATURAL: ClassVar[tuple[str, ...]] = ("number",)
    HAPPENED: ClassVar[str] = "issued_on"
    LATER: ClassVar[Mapping[str, tuple[str, ...]]] = {
        "served_on": (),
        "corrected_on": (),
        "reinspected_on": ("found_uncorrected",),
    }

    number: str
    authority: str | None = None
    issued_on: date
    served_on: date | None = None
    limbs: Sequence[PenaltyLimb] = ()
    deadline: date | None = None
    corrected_on: date | None = None
    reinspected_on: date | None = None
    found_uncorrected: bool | None = None
    refused: bool | None = None
    basis: str | None = None

    def check(self) -> None:
        """Dates that run backwards are refused."""
        for later in ("served_on", "deadline", "corrected_on", "reinspected_on"):
            self.order("issued_on", later)


@frozen(kw_only=True, field_transformer=checked)
class GoverningLaw(Fact):
    """Another statute that governs some obligations (Article 17, last sentence); only a law or administrative regulation defers."""

    KIND: ClassVar[str] = "governing_law"
    NATURAL: ClassVar[tuple[str, ...]] = ("title", "article")

    level: NormLevel = field(converter=NormLevel)
    title: str
    article: str | None = None
    obligations: Sequence[str] = ()

    def check(self) -> None:
        """An obligation that is not there is refused with the nearest."""
        for name in self.obligations:
            _an_obligation("obligations", name)


@frozen(kw_only=True, field_transformer=checked)
class Judgement(Record):
    """人工判断: a person's decision on what the text leaves to persons.

    It settles a ``needs_judgement`` of the same obligation and subject (None: the seller; else ``P2``, ``outlet:M2``), and
    is quoted; it never settles ``unknown`` nor overturns a computed outcome. An obligation that is not there, or a period that is
    none, is refused.
    """

    KIND: ClassVar[str] = "judgement"
    NATURAL: ClassVar[tuple[str, ...]] = ("obligation", "subject", "period", "on")
    HAPPENED: ClassVar[str] = "on"

    obligation: str
    subject: str | None = None
    period: str | None = field(default=None, converter=maybe_period)
    verdict: Verdict = field(converter=Verdict)
    reason: str
    judged_by: str
    on: date
    valid_until: date | None = None

    def check(self) -> None:
        """An end before its start, or an obligation that is not there, is refused."""
        _an_obligation("obligation", self.obligation)
        self.order("on", "valid_until")


def _an_obligation(field: str, name: str) -> None:
    """Refuse an id that no edition has: ids of obligations are permanent."""
    try:
        obligation(name)
    except UnknownNameError as error:
        raise FactError(error.message, field=field, value=name, advice=error.advice) from error
