"""Controlled texts, opinions and decisions: Articles 3, 4, 7, 8, 9."""

from collections.abc import Mapping, Sequence
from datetime import date, datetime
from typing import ClassVar

from attrs import field, frozen

from qsafety.bilingual import Bilingual
from qsafety.dossier.facts import Attachment, Record, checked
from qsafety.errors import FactError
from qsafety.law.vocabulary import AnswerOutcome, OpinionKind, RuleKind, TextStatus


@frozen(kw_only=True, field_transformer=checked)
class DutyMeasure:
    """A refined measure of one item of the two duty papers: what, how often, which record comes of it."""

    item: int
    measure: str
    frequency: str | None = None
    output: str | None = None


@frozen(kw_only=True, field_transformer=checked)
class Text(Record):
    """制度 and the two duty papers: a controlled document. ``covers``: which items of Article 7 or 8 it covers."""

    KIND: ClassVar[str] = "text"
    NATURAL: ClassVar[tuple[str, ...]] = ("kind", "version")

    kind: RuleKind = field(converter=RuleKind)
    title: str = ""
    version: str = ""
    status: TextStatus = field(converter=TextStatus)
    compiled_by: str | None = None
    approved_by: str | None = None
    approved_on: date | None = None
    effective_on: date | None = None
    repealed_on: date | None = None
    covers: Sequence[int] | None = None
    measures: Sequence[DutyMeasure] = ()
    attachments: Sequence[Attachment] = ()

    @property
    def quoted(self) -> str:
        """The title in Chinese title marks, once."""
        return f"《{self.title.removeprefix('《').removesuffix('》')}》"

    def check(self) -> None:
        """A repeal before the approval or the effect is refused."""
        self.order("approved_on", "repealed_on")
        self.order("effective_on", "repealed_on")


@frozen(kw_only=True, field_transformer=checked)
class Answer:
    """The answer to an opinion; ``accepted``: whether a person found the justification sound."""

    by: str | None = None
    at: datetime | None = None
    outcome: AnswerOutcome = field(converter=AnswerOutcome)
    justification: str | None = None
    accepted: bool | None = None


@frozen(kw_only=True, field_transformer=checked)
class Opinion(Record):
    """意见、建议、否决 (Article 4); ``about``: the id of a defect, hazard or decision."""

    KIND: ClassVar[str] = "opinion"
    NATURAL: ClassVar[tuple[str, ...]] = ("raised_by", "kind", "raised_at")
    HAPPENED: ClassVar[str] = "raised_at"
    LATER: ClassVar[Mapping[str, tuple[str, ...]]] = {"answer.at": ("answer",)}

    raised_by: str
    kind: OpinionKind = field(converter=OpinionKind)
    subject: str = ""
    about: str | None = None
    raised_at: datetime
    answer: Answer | None = None

    def check(self) -> None:
        """An answer before its opinion is refused."""
        if self.answer is not None and self.answer.at is not None and self.answer.at < self.raised_at:
            raise FactError(
                Bilingual(
                    f"答复时间（{self.answer.at}）早于提出时间（{self.raised_at}）",
                    f"the answer ({self.answer.at}) is before the opinion ({self.raised_at})",
                ),
                field="answer.at",
                value=self.answer.at,
            )


@frozen(kw_only=True, field_transformer=checked)
class Decision(Record):
    """重大决策 (Article 4); ``heard``: ids of the opinions heard; ``quality_related`` None: not known."""

    KIND: ClassVar[str] = "decision"
    NATURAL: ClassVar[tuple[str, ...]] = ("decided_on",)
    HAPPENED: ClassVar[str] = "decided_on"

    subject: str = ""
    quality_related: bool | None = None
    decided_on: date
    decided_by: str | None = None
    hearing_on: date | None = None
    heard: Sequence[str] = ()
