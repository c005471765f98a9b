"""The words of answers: what a duty is, what became of it, what a finding says."""

from qsafety.law.words import Word


class Cadence(Word):
    """The three periodic duties of Articles 10 to 12."""

    DAILY_CONTROL = "daily_control"
    WEEKLY_SCREENING = "weekly_screening"
    MONTHLY_COORDINATION = "monthly_coordination"


class SlotStatus(Word):
    """What became of one period in which a periodic duty was due."""

    NOT_DUE = "not_due"
    DUE = "due"
    DONE = "done"
    LATE = "late"
    INCOMPLETE = "incomplete"
    MISSED = "missed"
    NOT_REQUIRED = "not_required"


class Outcome(Word):
    """The six answers of a finding."""

    VIOLATED = "violated"
    NEEDS_JUDGEMENT = "needs_judgement"
    UNKNOWN = "unknown"
    NOT_DUE = "not_due"
    SATISFIED = "satisfied"
    NOT_APPLICABLE = "not_applicable"


class Severity(Word):
    """How heavy a finding is."""

    BREACH = "breach"
    ADVISORY = "advisory"
    INFO = "info"


class PaperKind(Word):
    """The six mandated papers."""

    DIRECTOR_DUTIES = "director_duties"
    OFFICER_CODE = "officer_code"
    RISK_CONTROL_LIST = "risk_control_list"
    DAILY_RECORD = "daily_record"
    WEEKLY_REPORT = "weekly_report"
    MONTHLY_MINUTES = "monthly_minutes"


class FurtherPaper(Word):
    """Papers that the regulation does not mandate by name, and that its duties leave behind (Articles 3, 4, 13, 15, 16)."""

    APPOINTMENT_LETTER = "appointment_letter"
    VETO_RECOMMENDATION = "veto_recommendation"
    VETO_REPLY = "veto_reply"
    STOP_SALE_NOTICE = "stop_sale_notice"
    EXAM_RECORD = "exam_record"
    SAFE_HARBOUR_SHEET = "safe_harbour_sheet"
    ARCHIVE_INDEX = "archive_index"


class EditionStatus(Word):
    """征求意见稿, 施行, 废止."""

    DRAFT = "draft"
    IN_FORCE = "in_force"
    REPEALED = "repealed"


class ProvisionKind(Word):
    """What a provision does."""

    PURPOSE = "purpose"
    SCOPE = "scope"
    DUTY = "duty"
    POWER = "power"
    PROHIBITION = "prohibition"
    ENCOURAGEMENT = "encouragement"
    DEFINITION = "definition"
    SANCTION = "sanction"
    EXEMPTION = "exemption"
    COMMENCEMENT = "commencement"


class Actor(Word):
    """Who bears a duty."""

    SELLER = "seller"
    PRINCIPAL = "principal"
    DIRECTOR = "director"
    OFFICER = "officer"
    PERSON = "person"
    AUTHORITY = "authority"


class Modality(Word):
    """应当, 不得, 鼓励, 可以, 是指."""

    SHALL = "shall"
    SHALL_NOT = "shall_not"
    ENCOURAGED = "encouraged"
    MAY = "may"
    DEFINES = "defines"


class Trigger(Word):
    """When a duty is asked about."""

    STANDING = "standing"
    DAILY = "daily"
    WEEKLY = "weekly"
    MONTHLY = "monthly"
    EVENT = "event"
    POWER = "power"
