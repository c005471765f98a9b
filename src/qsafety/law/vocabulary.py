"""The closed sets of words of the regulation and of the ledger, each with its Chinese and English label.

A word is accepted by its value (``"retail"``) or by its Chinese label (``"零售"``); anything else is refused with the nearest word.
"""

from qsafety.law.outcomes import (
    Actor as Actor,
)
from qsafety.law.outcomes import (
    Cadence as Cadence,
)
from qsafety.law.outcomes import (
    EditionStatus as EditionStatus,
)
from qsafety.law.outcomes import (
    FurtherPaper as FurtherPaper,
)
from qsafety.law.outcomes import (
    Modality as Modality,
)
from qsafety.law.outcomes import (
    Outcome as Outcome,
)
from qsafety.law.outcomes import (
    PaperKind as PaperKind,
)
from qsafety.law.outcomes import (
    ProvisionKind as ProvisionKind,
)
from qsafety.law.outcomes import (
    Severity as Severity,
)
from qsafety.law.outcomes import (
    SlotStatus as SlotStatus,
)
from qsafety.law.outcomes import (
    Trigger as Trigger,
)
from qsafety.law.words import Word as Word


class Trade(Word):
    """经营方式."""

    WHOLESALE = "wholesale"
    RETAIL = "retail"
    MIXED = "mixed"
    ONLINE = "online"


class SizeClass(Word):
    """规模 of Article 5(3)."""

    LARGE = "large"
    MEDIUM = "medium"
    SMALL = "small"
    MICRO = "micro"

    @property
    def large_or_medium(self) -> bool:
        """大中型 of Article 5(3)."""
        return self in (SizeClass.LARGE, SizeClass.MEDIUM)


class Regime(Word):
    """监管类别 of a product line (Articles 2 and 5)."""

    PRODUCTION_LICENCE = "production_licence"
    CCC = "ccc"
    MANDATORY_GB = "mandatory_gb"


class Exclusion(Word):
    """What Article 18(1) leaves out."""

    FOOD = "food"
    DRUG = "drug"
    SPECIAL_EQUIPMENT = "special_equipment"
    SPECIAL_LAW = "special_law"
    NOT_INDUSTRIAL = "not_industrial"


class Role(Word):
    """The three roles of Article 3."""

    PRINCIPAL = "principal"
    DIRECTOR = "director"
    OFFICER = "officer"


class PrincipalBasis(Word):
    """What makes a person the principal (Article 18(3))."""

    LEGAL_REPRESENTATIVE = "legal_representative"
    ENTRUSTED_AGENT = "entrusted_agent"
    ACTUAL_CONTROLLER = "actual_controller"


class ChangeKind(Word):
    """设立、调整、免去 (Article 13)."""

    ESTABLISH = "establish"
    ADJUST = "adjust"
    REMOVE = "remove"


class Employment(Word):
    """用工."""

    FULL_TIME = "full_time"
    PART_TIME = "part_time"


class Process(Word):
    """环节 of a quality-control post (Article 6, last paragraph)."""

    PURCHASE = "purchase"
    STORAGE = "storage"
    DISPLAY = "display"
    SALE = "sale"
    AFTER_SALE = "after_sale"
    COMPLAINT = "complaint"


class CompetenceItem(Word):
    """The four conditions of Article 6."""

    LAW_AND_RULES = "law_and_rules"
    EDUCATION_EXPERIENCE_SKILL = "education_experience_skill"
    TRAINED_AND_EXAMINED = "trained_and_examined"
    OTHER = "other"


class Topic(Word):
    """What training is about (Article 15)."""

    LAW = "law"
    STANDARD = "standard"
    PROFESSIONAL = "professional"


class Organiser(Word):
    """Who held an exam (Article 15)."""

    UNIT = "unit"
    AUTHORITY = "authority"


class RuleKind(Word):
    """The controlled texts of a seller (Articles 3, 7, 8, 9)."""

    QUALITY_RULES = "quality_rules"
    RESPONSIBILITY_SYSTEM = "responsibility_system"
    POST_DUTIES = "post_duties"
    POST_NORMS = "post_norms"
    APPRAISAL_METHOD = "appraisal_method"
    PURCHASE_INSPECTION = "purchase_inspection"
    DAILY_CONTROL = "daily_control"
    WEEKLY_SCREENING = "weekly_screening"
    MONTHLY_COORDINATION = "monthly_coordination"
    TRAINING = "training"
    RECALL = "recall"
    NONCONFORMING = "nonconforming"
    DIRECTOR_DUTIES = "director_duties"
    OFFICER_CODE = "officer_code"
    OTHER = "other"


class TextStatus(Word):
    """草案、批准、废止."""

    DRAFT = "draft"
    APPROVED = "approved"
    REPEALED = "repealed"


class Level(Word):
    """风险等级."""

    LOW = "low"
    MEDIUM = "medium"
    HIGH = "high"
    MAJOR = "major"


class Method(Word):
    """检查方法."""

    VISUAL = "visual"
    DOCUMENT = "document"
    MEASURE = "measure"
    SAMPLE = "sample"
    SYSTEM = "system"


class Frequency(Word):
    """频次 of an item of the risk control list."""

    DAILY = "daily"
    WEEKLY = "weekly"
    MONTHLY = "monthly"


class Involvement(Word):
    """★ 主管, ● 主相关, ○ 相关."""

    LEAD = "lead"
    PRIMARY = "primary"
    RELATED = "related"


class Evidence(Word):
    """证据 that an item of the risk control list asks for."""

    NONE = "none"
    NOTE = "note"
    PHOTO = "photo"
    RECORD = "record"


class CheckOutcome(Word):
    """结果 of one item of a daily check."""

    PASS = "pass"
    FAIL = "fail"
    NOT_APPLICABLE = "not_applicable"
    NOT_CHECKED = "not_checked"


class DailyConclusion(Word):
    """结论 of a daily check; 零风险 is the zero-risk report of Article 10."""

    ZERO_RISK = "zero_risk"
    PROBLEMS_FOUND = "problems_found"


class HazardSource(Word):
    """Where a hazard was found."""

    DAILY = "daily"
    WEEKLY = "weekly"
    MONTHLY = "monthly"
    INSPECTION = "inspection"
    COMPLAINT = "complaint"
    OTHER = "other"


class HazardSeverity(Word):
    """严重程度."""

    GENERAL = "general"
    SIGNIFICANT = "significant"
    MAJOR = "major"


class Rating(Word):
    """评价 of a weekly report."""

    CONTROLLED = "controlled"
    HAZARDS_PRESENT = "hazards_present"
    SERIOUS_HAZARDS = "serious_hazards"


class OpinionKind(Word):
    """意见、建议、否决 (Article 4)."""

    OPINION = "opinion"
    SUGGESTION = "suggestion"
    VETO = "veto"


class AnswerOutcome(Word):
    """How an opinion was answered."""

    ADOPTED = "adopted"
    PARTLY_ADOPTED = "partly_adopted"
    REJECTED = "rejected"


class LotDisposition(Word):
    """处置 of a nonconforming lot."""

    HOLD = "hold"
    RETURN = "return"
    DESTROY = "destroy"
    REWORK = "rework"
    RELEASE = "release"


class SupportKind(Word):
    """保障奖惩 (Article 16)."""

    WORK_CONDITION = "work_condition"
    EDUCATION = "education"
    POST_BENEFIT = "post_benefit"
    COMMEND = "commend"
    REWARD = "reward"
    DISCIPLINE = "discipline"


class InspectionType(Word):
    """监督检查的类型."""

    ROUTINE = "routine"
    DOUBLE_RANDOM = "double_random"
    SPECIAL = "special"


class PenaltyLimb(Word):
    """事由: the three limbs of Article 17 (L1, L2, L3)."""

    RULES = "rules"
    STAFFING = "staffing"
    RESPONSIBILITY = "responsibility"

    @property
    def number(self) -> str:
        """``L1``, ``L2`` or ``L3``."""
        return f"L{list(PenaltyLimb).index(self) + 1}"

    @classmethod
    def _missing_(cls, value: object) -> "Word":
        """``L1`` to ``L3`` are names too."""
        return next((limb for limb in cls if limb.number == value), None) or super()._missing_(value)


class ExplanationReason(Word):
    """Why a duty was not performed."""

    CLOSED = "closed"
    FORCE_MAJEURE = "force_majeure"
    STAFF_ABSENT = "staff_absent"
    SYSTEM_FAILURE = "system_failure"
    FORGOTTEN = "forgotten"
    OTHER = "other"


class CalendarKind(Word):
    """A row of the operating calendar: a closure, or an extra open day."""

    CLOSED = "closed"
    OPEN = "open"


class Verdict(Word):
    """结论 of a person's judgement."""

    SATISFIED = "satisfied"
    VIOLATED = "violated"


class NormLevel(Word):
    """The rank of another statute (Article 17, last sentence)."""

    LAW = "law"
    ADMIN_REGULATION = "admin_regulation"
    LOCAL = "local"
    RULE = "rule"
