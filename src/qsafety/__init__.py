"""qsafety: the quality safety duties of sellers of industrial products, made computable.

>>> import qsafety as qs
>>> from datetime import date
>>> shop = qs.Dossier(
...     seller=qs.Seller(id="hz01", name="示例店", trade="retail", headcount=12),
...     products=[qs.ProductLine(id="ebike", name="电动自行车", regimes={"ccc"})],
... )
>>> qs.assess(shop, on=date(2024, 2, 1)).director.by
('5.1.2',)

Every name is loaded on first use: ``import qsafety`` alone costs next to nothing.
"""

from importlib import import_module
from typing import TYPE_CHECKING, Any

if TYPE_CHECKING:
    from qsafety import law
    from qsafety.archive import (
        pack,
        read_pack,
        verify_pack,
    )
    from qsafety.assessment import (
        Change,
        Eligibility,
        Exposure,
        Manifest,
        ManifestEntry,
        Receipt,
        Report,
        SafeHarbour,
        Todo,
        assess,
        due,
        eligible,
        exposure,
        manifest,
        safe_harbour,
    )
    from qsafety.assessment.comparing import (
        compare_editions,
        compare_readings,
    )
    from qsafety.assessment.replaying import (
        replay,
    )
    from qsafety.bilingual import (
        Bilingual,
    )
    from qsafety.cadence import (
        Slot,
        monthly_draft,
        slots,
        weekly_draft,
    )
    from qsafety.codec import (
        from_json,
        to_json,
    )
    from qsafety.dossier import (
        Answer,
        Appointment,
        Attachment,
        CheckResult,
        Closure,
        Competence,
        DailyCheck,
        Decision,
        Defect,
        Dossier,
        DutyMeasure,
        Exam,
        Explanation,
        ExternalRef,
        Fact,
        GoverningLaw,
        Hazard,
        Inspection,
        Judgement,
        MonthlyCoordination,
        NonconformingLot,
        Opinion,
        Order,
        Outlet,
        Performance,
        Person,
        PostHolding,
        Priority,
        ProductLine,
        Record,
        RiskItem,
        RiskList,
        Seller,
        SpotCheck,
        Support,
        Text,
        Training,
        WeeklyScreening,
    )
    from qsafety.errors import (
        QSafetyError,
    )
    from qsafety.exchange import (
        LedgerErrors,
        Problem,
        read_ledger,
        write_ledger,
        write_result,
    )
    from qsafety.findings import (
        Citation,
        Finding,
        Reason,
    )
    from qsafety.law.readings import (
        Readings,
    )
    from qsafety.law.vocabulary import (
        AnswerOutcome,
        Cadence,
        CalendarKind,
        ChangeKind,
        CheckOutcome,
        CompetenceItem,
        DailyConclusion,
        Employment,
        Evidence,
        Exclusion,
        ExplanationReason,
        Frequency,
        HazardSeverity,
        HazardSource,
        InspectionType,
        Involvement,
        Level,
        LotDisposition,
        Method,
        NormLevel,
        OpinionKind,
        Outcome,
        PaperKind,
        PenaltyLimb,
        PrincipalBasis,
        Process,
        Rating,
        Regime,
        Role,
        RuleKind,
        Severity,
        SizeClass,
        SlotStatus,
        SupportKind,
        TextStatus,
        Topic,
        Trade,
        Verdict,
    )
    from qsafety.papers import (
        Paper,
        render,
        render_many,
    )
    from qsafety.periods import (
        Day,
        IsoWeek,
        Month,
        Period,
    )
    from qsafety.storage import (
        Store,
        Stored,
        open_store,
        run_transaction,
    )

_HOMES = {
    "qsafety.archive": "pack read_pack verify_pack",
    "qsafety.assessment": (
        "Change Eligibility Exposure Manifest ManifestEntry Receipt Report SafeHarbour Todo assess due "
        "eligible exposure manifest safe_harbour"
    ),
    "qsafety.assessment.comparing": "compare_editions compare_readings",
    "qsafety.assessment.replaying": "replay",
    "qsafety.bilingual": "Bilingual",
    "qsafety.cadence": "Slot monthly_draft slots weekly_draft",
    "qsafety.codec": "from_json to_json",
    "qsafety.dossier": (
        "Answer Appointment Attachment CheckResult Closure Competence DailyCheck Decision Defect Dossier "
        "DutyMeasure Exam Explanation ExternalRef Fact GoverningLaw Hazard Inspection Judgement "
        "MonthlyCoordination NonconformingLot Opinion Order Outlet Performance Person PostHolding "
        "Priority ProductLine Record RiskItem RiskList Seller SpotCheck Support Text Training "
        "WeeklyScreening"
    ),
    "qsafety.errors": "QSafetyError",
    "qsafety.exchange": "LedgerErrors Problem read_ledger write_ledger write_result",
    "qsafety.findings": "Citation Finding Reason",
    "qsafety.law.readings": "Readings",
    "qsafety.law.vocabulary": (
        "AnswerOutcome Cadence CalendarKind ChangeKind CheckOutcome CompetenceItem DailyConclusion "
        "Employment Evidence Exclusion ExplanationReason Frequency HazardSeverity HazardSource "
        "InspectionType Involvement Level LotDisposition Method NormLevel OpinionKind Outcome PaperKind "
        "PenaltyLimb PrincipalBasis Process Rating Regime Role RuleKind Severity SizeClass SlotStatus "
        "SupportKind TextStatus Topic Trade Verdict"
    ),
    "qsafety.papers": "Paper render render_many",
    "qsafety.periods": "Day IsoWeek Month Period",
    "qsafety.storage": "Store Stored open_store run_transaction",
}
_HOME = {name: home for home, names in _HOMES.items() for name in names.split()}

__all__ = [
    "Answer",
    "AnswerOutcome",
    "Appointment",
    "Attachment",
    "Bilingual",
    "Cadence",
    "CalendarKind",
    "Change",
    "ChangeKind",
    "CheckOutcome",
    "CheckResult",
    "Citation",
    "Closure",
    "Competence",
    "CompetenceItem",
    "DailyCheck",
    "DailyConclusion",
    "Day",
    "Decision",
    "Defect",
    "Dossier",
    "DutyMeasure",
    "Eligibility",
    "Employment",
    "Evidence",
    "Exam",
    "Exclusion",
    "Explanation",
    "ExplanationReason",
    "Exposure",
    "ExternalRef",
    "Fact",
    "Finding",
    "Frequency",
    "GoverningLaw",
    "Hazard",
    "HazardSeverity",
    "HazardSource",
    "Inspection",
    "InspectionType",
    "Involvement",
    "IsoWeek",
    "Judgement",
    "LedgerErrors",
    "Level",
    "LotDisposition",
    "Manifest",
    "ManifestEntry",
    "Method",
    "Month",
    "MonthlyCoordination",
    "NonconformingLot",
    "NormLevel",
    "Opinion",
    "OpinionKind",
    "Order",
    "Outcome",
    "Outlet",
    "Paper",
    "PaperKind",
    "PenaltyLimb",
    "Performance",
    "Period",
    "Person",
    "PostHolding",
    "PrincipalBasis",
    "Priority",
    "Problem",
    "Process",
    "ProductLine",
    "QSafetyError",
    "Rating",
    "Readings",
    "Reason",
    "Receipt",
    "Record",
    "Regime",
    "Report",
    "RiskItem",
    "RiskList",
    "Role",
    "RuleKind",
    "SafeHarbour",
    "Seller",
    "Severity",
    "SizeClass",
    "Slot",
    "SlotStatus",
    "SpotCheck",
    "Store",
    "Stored",
    "Support",
    "SupportKind",
    "Text",
    "TextStatus",
    "Todo",
    "Topic",
    "Trade",
    "Training",
    "Verdict",
    "WeeklyScreening",
    "assess",
    "compare_editions",
    "compare_readings",
    "due",
    "eligible",
    "exposure",
    "from_json",
    "law",
    "manifest",
    "monthly_draft",
    "open_store",
    "pack",
    "read_ledger",
    "read_pack",
    "render",
    "render_many",
    "replay",
    "run_transaction",
    "safe_harbour",
    "slots",
    "to_json",
    "verify_pack",
    "weekly_draft",
    "write_ledger",
    "write_result",
]

if not TYPE_CHECKING:  # else a type checker would accept any name

    def __getattr__(name: str) -> Any:
        if name == "law":
            return import_module("qsafety.law")
        if name not in _HOME:
            from qsafety.errors import nearest

            close = nearest(name, __all__)
            hint = f". Did you mean {close!r}?" if close else ""
            raise AttributeError(f"module 'qsafety' has no attribute {name!r}{hint}", name=name)
        value = getattr(import_module(_HOME[name]), name)
        globals()[name] = value
        return value

    def __dir__() -> list[str]:
        return sorted(__all__)
