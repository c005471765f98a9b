"""The risk control list and the three cadences: Articles 9 to 12."""

from collections.abc import Iterable, Mapping, Sequence
from datetime import date, datetime
from typing import Any, ClassVar

import attrs
from attrs import field, frozen
from attrs.converters import optional

from qsafety.bilingual import Bilingual
from qsafety.dossier.facts import Attachment, Record, a_month, a_period, a_week, checked, tuple_of
from qsafety.errors import FactError
from qsafety.law.vocabulary import (
    Cadence,
    CheckOutcome,
    DailyConclusion,
    Evidence,
    ExplanationReason,
    Frequency,
    HazardSeverity,
    HazardSource,
    Involvement,
    Level,
    Method,
    Rating,
    TextStatus,
)


@frozen(kw_only=True, field_transformer=checked)
class RiskItem:
    """An item of the risk control list: what to look at, how, how often, whose concern. Without products it holds for all."""

    code: str
    category: str = ""
    stage: str = ""
    risk_point: str = ""
    description: str | None = None
    basis: str | None = None
    level: Level | None = field(default=None, converter=optional(Level))
    measure: str | None = None
    method: Method | None = field(default=None, converter=optional(Method))
    frequency: Frequency = field(default=Frequency.DAILY, converter=Frequency)
    principal: Involvement | None = field(default=None, converter=optional(Involvement))
    director: Involvement | None = field(default=None, converter=optional(Involvement))
    officer: Involvement | None = field(default=None, converter=optional(Involvement))
    products: Sequence[str] = ()
    evidence: Evidence | None = field(default=None, converter=optional(Evidence))


def _no_code_twice(field: str, codes: Sequence[str]) -> None:
    known = set(codes)
    if len(known) == len(codes) and "" not in known:
        return
    code = next(c for i, c in enumerate(codes) if not c or c in codes[:i])
    raise FactError(
        Bilingual(f"编码“{code}”为空或重复", f"code {code!r} is empty or comes twice"), field=field, value=code
    )


@frozen(kw_only=True, field_transformer=checked)
class RiskList(Record):
    """《工业产品质量安全风险管控清单》 (Article 9): one version with its items, in force from ``effective_on``."""

    KIND: ClassVar[str] = "risk_list"
    NATURAL: ClassVar[tuple[str, ...]] = ("version",)

    version: str
    status: TextStatus = field(default=TextStatus.APPROVED, converter=TextStatus)
    effective_on: date | None = None
    compiled_by: str | None = None
    approved_by: str | None = None
    approved_on: date | None = None
    reviewed_on: date | None = None
    items: Sequence[RiskItem] = ()
    attachments: Sequence[Attachment] = ()

    def check(self) -> None:
        """A code twice in one version is refused."""
        _no_code_twice("items", [i.code for i in self.items])

    @property
    def daily_codes(self) -> frozenset[str]:
        """The codes that every daily check answers."""
        return frozenset(i.code for i in self.items if i.frequency is Frequency.DAILY)


@frozen(kw_only=True, field_transformer=checked)
class CheckResult:
    """The answer to one item of the list."""

    code: str
    outcome: CheckOutcome = field(converter=CheckOutcome)
    observation: str | None = None


_as_results = tuple_of("results", CheckResult)


def _results(value: Any) -> Any:
    if not isinstance(value, Mapping):
        return _as_results(value)
    return tuple(
        attrs.evolve(found, code=code) if isinstance(found, CheckResult) else CheckResult(code=code, outcome=found)
        for code, found in value.items()
    )


@frozen(kw_only=True, field_transformer=checked)
class DailyCheck(Record):
    """《每日工业产品质量安全检查记录》 (Article 10): one check of one outlet on one day.

    ``results`` may be given as ``{"R01": "pass"}``; ``all_items`` is the answer given for 全部, every daily item of the list in force.
    ``signed_by`` None: not known whether signed; empty: unsigned.
    """

    KIND: ClassVar[str] = "daily_check"
    NATURAL: ClassVar[tuple[str, ...]] = ("outlet", "day")
    HAPPENED: ClassVar[str] = "day"

    day: date
    outlet: str | None = None
    officer: str
    results: Sequence[CheckResult] = field(default=(), converter=_results)
    all_items: CheckOutcome | None = field(default=None, converter=optional(CheckOutcome))
    conclusion: DailyConclusion | None = field(default=None, converter=optional(DailyConclusion))
    started_at: datetime | None = None
    finished_at: datetime | None = None
    signed_by: Sequence[str] | None = None
    draft: bool = False
    attachments: Sequence[Attachment] = ()

    def check(self) -> None:
        """A code answered twice, or an end before its start, is refused."""
        _no_code_twice("results", [r.code for r in self.results])
        self.order("started_at", "finished_at")

    @property
    def failed(self) -> Sequence[CheckResult]:
        """The items found wanting (不合格)."""
        return tuple(r for r in self.results if r.outcome is CheckOutcome.FAIL)

    def unanswered(self, codes: Iterable[str]) -> Sequence[str]:
        """Which of the codes this check does not answer; 未检查 is no answer."""
        answers = {r.code: r.outcome for r in self.results}
        rest = self.all_items or CheckOutcome.NOT_CHECKED
        return tuple(sorted(c for c in codes if answers.get(c, rest) is CheckOutcome.NOT_CHECKED))


@frozen(kw_only=True, field_transformer=checked)
class Hazard(Record):
    """隐患: what was found, contained, reported, put right and verified (Articles 10, 11, 14)."""

    KIND: ClassVar[str] = "hazard"
    NATURAL: ClassVar[tuple[str, ...]] = ("outlet", "found_on", "item")
    HAPPENED: ClassVar[str] = "found_on"
    LATER: ClassVar[Mapping[str, tuple[str, ...]]] = {
        "precaution_at": ("precaution",),
        "reported_at": ("reported_to",),
        "done_on": (),
        "verified_on": ("verified_by",),
    }

    source: HazardSource = field(converter=HazardSource)
    found_on: date
    outlet: str | None = None
    item: str | None = None
    product: str | None = None
    description: str = ""
    severity: HazardSeverity | None = field(default=None, converter=optional(HazardSeverity))
    precaution: str | None = None
    precaution_at: datetime | None = None
    reported_to: str | None = None
    reported_at: datetime | None = None
    owner: str | None = None
    due_on: date | None = None
    done_on: date | None = None
    verified_by: str | None = None
    verified_on: date | None = None
    attachments: Sequence[Attachment] = ()

    def check(self) -> None:
        """Dates that run backwards are refused."""
        for later in ("precaution_at", "reported_at", "due_on", "done_on", "verified_on"):
            self.order("found_on", later)
        self.order("done_on", "verified_on")

    @property
    def state(self) -> str:
        """``open``, ``contained``, ``rectified`` or ``verified``."""
        if self.verified_on is not None or self.verified_by is not None:
            return "verified"
        if self.done_on is not None:
            return "rectified"
        return "contained" if self.precaution else "open"


@frozen(kw_only=True, field_transformer=checked)
class WeeklyScreening(Record):
    """《每周工业产品质量安全排查治理报告》 (Article 11): one screening, and the report of it. ``findings``: hazard ids."""

    KIND: ClassVar[str] = "weekly_screening"
    NATURAL: ClassVar[tuple[str, ...]] = ("week",)
    HAPPENED: ClassVar[str] = "held_on"

    week: str = field(converter=a_week)
    organiser: str
    held_on: date | None = None
    participants: Sequence[str] = ()
    followup: str | None = None
    findings: Sequence[str] = ()
    analysis: str | None = None
    rating: Rating | None = field(default=None, converter=optional(Rating))
    measures: str | None = None
    next_focus: str | None = None
    signed_by: Sequence[str] | None = None
    draft: bool = False
    attachments: Sequence[Attachment] = ()


@frozen(kw_only=True, field_transformer=checked)
class Priority:
    """An item of next month's priority work (Article 12)."""

    content: str
    owner: str | None = None
    due_on: date | None = None


@frozen(kw_only=True, field_transformer=checked)
class MonthlyCoordination(Record):
    """《每月工业产品质量安全调度会议纪要》 (Article 12): one meeting, and the minutes of it."""

    KIND: ClassVar[str] = "monthly_coordination"
    NATURAL: ClassVar[tuple[str, ...]] = ("month",)
    HAPPENED: ClassVar[str] = "held_on"

    month: str = field(converter=a_month)
    held_on: date | None = None
    place: str | None = None
    chair: str
    recorder: str | None = None
    participants: Sequence[str] = ()
    director_report: str | None = None
    summary: str | None = None
    hazard_summary: str | None = None
    priorities: Sequence[Priority] = ()
    signed_by: Sequence[str] | None = None
    draft: bool = False
    attachments: Sequence[Attachment] = ()


@frozen(kw_only=True, field_transformer=checked)
class Explanation(Record):
    """未履行说明: why a periodic duty was not performed, and when that was declared."""

    KIND: ClassVar[str] = "explanation"
    NATURAL: ClassVar[tuple[str, ...]] = ("cadence", "outlet", "period")
    HAPPENED: ClassVar[str] = "declared_at"

    cadence: Cadence = field(converter=Cadence)
    period: str = field(converter=a_period)
    outlet: str | None = None
    reason: ExplanationReason = field(converter=ExplanationReason)
    text: str = ""
    declared_at: datetime | None = None
