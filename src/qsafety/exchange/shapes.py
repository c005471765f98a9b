"""Where a fact is not simply the fields of a row: parts, answers, and fields that must go together."""

from collections.abc import Callable
from functools import lru_cache
from typing import Any

from qsafety.bilingual import Bilingual
from qsafety.dossier import (
    Answer,
    CheckResult,
    DailyCheck,
    Exam,
    Explanation,
    Fact,
    Opinion,
    Outlet,
    Performance,
    Person,
    ProductLine,
    RiskItem,
    RiskList,
    SpotCheck,
)
from qsafety.exchange.kinds import ALL_ITEMS
from qsafety.law.vocabulary import Cadence, Organiser
from qsafety.periods import Day, IsoWeek, Month, parse

Fields = dict[str, Any]
Shape = Callable[[Fields], tuple[type[Fact], Fields]]
"""Makes what a fact is built of from the fields of a row, or of several."""


class BadFields(Exception):
    """Fields of a row that do not go together; ``field`` is the one to look at."""

    def __init__(self, code: str, field: str, *, expected: Bilingual, hint: Bilingual) -> None:
        super().__init__(code)
        self.code = code
        self.field = field
        self.expected = expected
        self.hint = hint


def named(fact: type[Outlet | Person | ProductLine]) -> Shape:
    """Without a name it goes by its id."""
    return lambda fields: (fact, {"name": fields["id"], **fields})


def summed_up(fields: Fields) -> tuple[type[Fact], Fields]:
    """履职情况: that nothing is said of what was done is no reason to refuse the row."""
    return Performance, {"summary": "", **fields}


def by_organiser(fields: Fields) -> tuple[type[Fact], Fields]:
    """考核: the unit's own exam (Article 15, first paragraph), or the authority's spot-check (second)."""
    organiser = fields.pop("organiser")
    if organiser is Organiser.AUTHORITY:
        return SpotCheck, fields
    # An own exam has no fee and no rectification: Article 15 speaks of these for the authority's only.
    return Exam, {name: value for name, value in fields.items() if name not in ("fee", "rectified_on")}


def answered(fields: Fields) -> tuple[type[Fact], Fields]:
    """意见建议: an opinion, with its answer where there is one. Without 结果 it is pending."""
    answer = {name.removeprefix("answer."): fields.pop(name) for name in [*fields] if name.startswith("answer.")}
    if answer.get("outcome") is not None:
        fields["answer"] = Answer(**answer)
    elif "at" in answer:
        raise BadFields(
            "missing_value",
            "answer.outcome",
            expected=Bilingual("采纳、部分采纳、未采纳之一", "one of 采纳, 部分采纳, 未采纳"),
            hint=Bilingual("已有答复时间，请填写结果。", "It was answered; say how."),
        )
    return Opinion, fields


def fitting_period(fields: Fields) -> tuple[type[Fact], Fields]:
    """未履行说明: the period is a day, a week or a month, as the kind of duty says."""
    forms: dict[Cadence, tuple[type, Bilingual]] = {
        Cadence.DAILY_CONTROL: (Day, Bilingual("一日，例如 2024-01-31", "a day such as 2024-01-31")),
        Cadence.WEEKLY_SCREENING: (IsoWeek, Bilingual("一周，例如 2024-W05", "a week such as 2024-W05")),
        Cadence.MONTHLY_COORDINATION: (Month, Bilingual("一月，例如 2024-01", "a month such as 2024-01")),
    }
    form, expected = forms[fields["cadence"]]
    if not isinstance(parse(fields["period"]), form):
        hint = Bilingual("期间要与类型一致。", "The period must fit the kind of duty.")
        raise BadFields("bad_period", "period", expected=expected, hint=hint)
    return Explanation, fields


def list_of_items(fields: Fields) -> tuple[type[Fact], Fields]:
    """风险清单: one version of the list, its rows the items."""
    return RiskList, {**fields, "items": [RiskItem(**item) for item in fields["items"]]}


@lru_cache(maxsize=10_000)
def _result(**fields: Any) -> CheckResult:
    return CheckResult(**fields)  # the same few answers, day after day


def check_of_results(fields: Fields) -> tuple[type[Fact], Fields]:
    """日检查: one check, its rows the results; 全部 answers for every daily item."""
    everything = [r["outcome"] for r in fields["results"] if r["code"] == ALL_ITEMS]
    results = [_result(**r) for r in fields["results"] if r["code"] != ALL_ITEMS]
    return DailyCheck, {**fields, "results": results, "all_items": everything[0] if everything else None}
