"""What happened: the facts of one seller, and the dossier (质量安全档案) that holds them all."""

from qsafety.dossier.control import (
    CheckResult,
    DailyCheck,
    Explanation,
    Hazard,
    MonthlyCoordination,
    Priority,
    RiskItem,
    RiskList,
    WeeklyScreening,
)
from qsafety.dossier.dossier import COLLECTIONS, KINDS, LABELS, Dossier, numbered
from qsafety.dossier.events import Defect, GoverningLaw, Inspection, Judgement, NonconformingLot, Order
from qsafety.dossier.facts import Attachment, ExternalRef, Fact, Record
from qsafety.dossier.known import as_known_on
from qsafety.dossier.people import (
    Appointment,
    Competence,
    Exam,
    Performance,
    Person,
    PostHolding,
    SpotCheck,
    Support,
    Training,
)
from qsafety.dossier.posts import Posts
from qsafety.dossier.sellers import Closure, Outlet, ProductLine, Seller, both, either
from qsafety.dossier.texts import Answer, Decision, DutyMeasure, Opinion, Text

__all__ = [
    "COLLECTIONS",
    "KINDS",
    "LABELS",
    "Answer",
    "Appointment",
    "Attachment",
    "CheckResult",
    "Closure",
    "Competence",
    "DailyCheck",
    "Decision",
    "Defect",
    "Dossier",
    "DutyMeasure",
    "Exam",
    "Explanation",
    "ExternalRef",
    "Fact",
    "GoverningLaw",
    "Hazard",
    "Inspection",
    "Judgement",
    "MonthlyCoordination",
    "NonconformingLot",
    "Opinion",
    "Order",
    "Outlet",
    "Performance",
    "Person",
    "PostHolding",
    "Posts",
    "Priority",
    "ProductLine",
    "Record",
    "RiskItem",
    "RiskList",
    "Seller",
    "SpotCheck",
    "Support",
    "Text",
    "Training",
    "WeeklyScreening",
    "as_known_on",
    "both",
    "either",
    "numbered",
]
