"""The articles: one file per article, one plain function per duty, in the order of the text."""

from collections.abc import Callable, Iterator, Mapping

from qsafety.findings import Case, Finding
from qsafety.rules import a02_scope, a05_director, a10_daily, a11_weekly, a12_monthly

Rule = Callable[[Case], Iterator[Finding]]

RULES: Mapping[str, Rule] = {
    "A02.1": a02_scope.scope,
    "A05.0": a05_director.officers_first,
    "A05.1.1": a05_director.licence_limb,
    "A05.1.2": a05_director.ccc_limb,
    "A05.1.3": a05_director.size_limb,
    "A05.2": a05_director.guidance,
    "A10.1": a10_daily.rules_established,
    "A10.2": a10_daily.checked_every_day,
    "A10.3": a10_daily.recorded,
    "A10.4": a10_daily.precautions,
    "A10.5": a10_daily.reported,
    "A10.6": a10_daily.zero_risk,
    "A11.1": a11_weekly.rules_established,
    "A11.2": a11_weekly.screened_every_week,
    "A11.3": a11_weekly.analysed,
    "A11.4": a11_weekly.reported_every_week,
    "A12.1": a12_monthly.rules_established,
    "A12.2": a12_monthly.heard_every_month,
    "A12.3": a12_monthly.summed_up,
    "A12.4": a12_monthly.next_month_arranged,
    "A12.5": a12_monthly.minuted,
}
"""The rule of each computed obligation, in the order of the articles."""

LOOKED_AT = frozenset(
    {
        "outlets",
        "closures",
        "products",
        "people",
        "appointments",
        "competences",
        "trainings",
        "exams",
        "texts",
        "risk_lists",
        "daily_checks",
        "hazards",
        "weekly_screenings",
        "monthly_coordinations",
        "explanations",
        "judgements",
    }
)
"""The collections that these rules look at; a report names the others that were given."""

__all__ = ["LOOKED_AT", "RULES", "Rule"]
