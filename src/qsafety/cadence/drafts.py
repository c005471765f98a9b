"""Drafts of the weekly report and of the monthly minutes, filled from the records: Articles 11 and 12.

A draft holds what the records show and no more: who took part, how the risk is rated and what is arranged stay empty, for the director
and the principal to write. A draft is no record.
"""

from collections.abc import Callable, Iterable, Sequence
from datetime import date

from qsafety.bilingual import Bilingual
from qsafety.cadence.plan import Plan
from qsafety.cadence.tally import Tally, tallies
from qsafety.dossier import Dossier, Hazard, MonthlyCoordination, Priority, WeeklyScreening, as_known_on
from qsafety.errors import PeriodError
from qsafety.law.readings import Readings
from qsafety.law.vocabulary import Cadence, HazardSeverity, Role
from qsafety.periods import ONE_DAY, IsoWeek, Month, P, Period, parse, periods


def weekly_draft(
    dossier: Dossier, week: IsoWeek | date | str, *, on: date | None = None, readings: Readings | None = None
) -> WeeklyScreening:
    """A week's report to be, from its days: what was checked, late and missed, and the hazards since the screening before.

    ``on`` is the day as of which the records are read, the day after the week where it is not given: a day without a record then counts
    as missed. A day gives its week. Anything else is a :class:`~qsafety.errors.PeriodError`. Source: Article 11.

    >>> from qsafety.dossier import DailyCheck, ProductLine, Seller
    >>> shop = Dossier(
    ...     seller=Seller(id="s", name="店", opened_on=date(2024, 2, 3)),
    ...     products=[ProductLine(id="c", name="车", regimes={"ccc"})],
    ...     daily_checks=[DailyCheck(day=date(2024, 2, 3), officer="P3", all_items="pass", conclusion="zero_risk")],
    ... )
    >>> weekly_draft(shop, "2024-W05").analysis
    '日管控：应检查 2 次，已检查 1 次，漏检 1 次（2月4日）；零风险报告 1 次，不合格 0 项。'
    """
    period = _period(IsoWeek, week, "2024-W05")
    plan = _plan(dossier, period, on, readings)
    before = _screening_before(plan, period)
    found = hazards_since(plan, period, before)
    earlier = set(before.findings) if before else set[str]()
    return WeeklyScreening(
        week=str(period),
        organiser=_in_post(plan, Role.DIRECTOR, period),
        followup=_lines(_followed(h) for h in _hazards(plan) if h.id in earlier) or None,
        findings=tuple(h.id for h in found),
        analysis=daily_summary(plan, period.start, period.end) or None,
        measures=_lines(_to_do(h) for h in found if h.done_on is None) or None,
        draft=True,
    )


def monthly_draft(
    dossier: Dossier, month: Month | date | str, *, on: date | None = None, readings: Readings | None = None
) -> MonthlyCoordination:
    """A month's minutes to be, from its weeks: the screenings, the daily control of each outlet, the hazards and what is open.

    The weeks are those whose last day lies in the month. Parameters and errors are those of :func:`weekly_draft`. Source: Article 12.
    """
    period = _period(Month, month, "2024-01")
    plan = _plan(dossier, period, on, readings)
    open_ones = [h for h in _hazards(plan) if h.done_on is None and h.found_on <= period.end]
    return MonthlyCoordination(
        month=str(period),
        chair=_in_post(plan, Role.PRINCIPAL, period),
        director_report=_lines(_week_said(plan, w) for w in periods(IsoWeek, period.start, period.end)) or None,
        summary=_lines([daily_summary(plan, period.start, period.end), _weekly_summary(plan, period)]) or None,
        hazard_summary=hazard_summary(plan, period) or None,
        priorities=tuple(
            Priority(content=f"整改隐患 {h.id}：{h.description}".rstrip("："), owner=h.owner, due_on=h.due_on)
            for h in open_ones
        ),
        draft=True,
    )


def _period(kind: type[P], given: Period | date | str, example: str) -> P:
    found: object = parse(given) if isinstance(given, str) else given
    if isinstance(found, kind):
        return found
    if isinstance(given, date):
        return kind.of(given)
    name = Bilingual("周", "week") if kind is IsoWeek else Bilingual("月", "month")
    raise PeriodError(
        Bilingual(f"应为{name.zh}，收到“{given}”", f"expected a {name.en}, got {str(given)!r}"),
        advice=Bilingual(f"请写作 {example}。", f"Write {example}."),
    )


def _plan(dossier: Dossier, period: Period, on: date | None, readings: Readings | None) -> Plan:
    readings = readings or Readings()
    if on is None:
        on = Plan(dossier, date.max, readings).last_day(period) + ONE_DAY
    return Plan(as_known_on(dossier, on), on, readings)


def _in_post(plan: Plan, role: Role, period: Period) -> str:
    """Who is in post on the last day of the period, else who was last in it; empty where nobody was."""
    for day in sorted(period.days(), reverse=True):
        if holders := plan.posts.holders(role, day):
            return holders[0]
    return ""


def _hazards(plan: Plan) -> list[Hazard]:
    return sorted(plan.dossier.hazards or (), key=lambda h: (h.found_on, h.id))


def _held(screening: WeeklyScreening) -> date:
    return screening.held_on or parse(screening.week).end


def _screening_before(plan: Plan, week: IsoWeek) -> WeeklyScreening | None:
    """The last screening about an earlier week."""
    earlier = [s for rows in plan.screenings.values() for s in rows if parse(s.week) < week]
    return max(earlier, key=lambda s: (s.week, _held(s), s.id), default=None)


def hazards_since(plan: Plan, week: IsoWeek, before: WeeklyScreening | None) -> tuple[Hazard, ...]:
    """The hazards from the day of the screening before to the end of the week, without those that it named already (A11.3).

    Without a screening before, those of the week itself.
    """
    since = _held(before) if before else week.start
    named = set(before.findings) if before else set[str]()
    return tuple(h for h in _hazards(plan) if since <= h.found_on <= week.end and h.id not in named)


def _lines(texts: Iterable[str]) -> str:
    return "\n".join(filter(None, texts))


def _day(day: date) -> str:
    return f"{day.month}月{day.day}日"


def _listed(found: Sequence[Period], unit: str, name: str) -> str:
    if not found:
        return ""
    named = "、".join(_day(p.start) if unit == "次" else f"{_day(p.start)}至{_day(p.end)}" for p in found)
    return f"，{name} {len(found)} {unit}（{named}）"


def _figures(tally: Tally, unit: str, verb: str, late: str) -> str:
    return (
        f"应{verb} {tally.due} {unit}，已{verb} {tally.done} {unit}"
        + _listed(tally.late, unit, late)
        + _listed(tally.incomplete, unit, "有漏项")
        + _listed(tally.missed, unit, "漏检" if unit == "次" else "缺")
    )


def daily_summary(plan: Plan, since: date, until: date) -> str:
    """What daily control came to in a window, one line for each outlet; empty where no daily checks are given."""
    names = {o.id: o.name for o in plan.dossier.outlets or ()}

    def line(tally: Tally) -> str:
        at = f"（{names.get(tally.outlet, tally.outlet)}）" if tally.outlet and len(names) > 1 else ""
        failed = "" if tally.failed is None else f"，不合格 {tally.failed} 项"
        return f"日管控{at}：{_figures(tally, '次', '检查', '迟录')}；零风险报告 {tally.zero_risk} 次{failed}。"

    return _lines(line(t) for t in tallies(plan, Cadence.DAILY_CONTROL, since, until))


def _weekly_summary(plan: Plan, month: Month) -> str:
    found = tallies(plan, Cadence.WEEKLY_SCREENING, month.start, month.end)
    return _lines(f"周排查：{_figures(t, '周', '排查', '迟报')}。" for t in found)


def hazard_summary(plan: Plan, month: Month) -> str:
    """The hazards of a month: new, closed, still open and overdue at its end; empty where no hazards are given."""
    if plan.dossier.hazards is None:
        return ""
    known = [h for h in _hazards(plan) if h.found_on <= month.end]
    new = [h for h in known if h.found_on in month]
    still_open = [h for h in known if h.done_on is None or h.done_on > month.end]

    def said(name: str, wanted: Callable[[Hazard], bool], among: Sequence[Hazard]) -> str:
        ids = [h.id for h in among if wanted(h)]
        return f"{name} {len(ids)} 起" + (f"（{'、'.join(ids)}）" if ids else "")

    return (
        "，".join(
            [
                said("新发现隐患", lambda h: True, new),
                said("其中重大", lambda h: h.severity is HazardSeverity.MAJOR, new),
                said("本月完成整改", lambda h: h.done_on is not None and h.done_on in month, known),
                said("月末未完成整改", lambda h: True, still_open),
                said("其中逾期", lambda h: h.due_on is not None and h.due_on <= month.end, still_open),
            ]
        )
        + "。"
    )


def _followed(hazard: Hazard) -> str:
    if hazard.verified_on or hazard.verified_by:
        state = f"已验收（{_day(hazard.verified_on)}）" if hazard.verified_on else "已验收"
    elif hazard.done_on:
        state = f"{_day(hazard.done_on)}完成整改，尚未验收"
    else:
        state = "未完成整改" + (f"，期限 {_day(hazard.due_on)}" if hazard.due_on else "")
    return f"{hazard.id} {hazard.description}：{state}。"


def _to_do(hazard: Hazard) -> str:
    taken = f"已采取：{hazard.precaution}；" if hazard.precaution else ""
    return (
        f"{hazard.id}：{taken}整改期限 {_day(hazard.due_on)}。"
        if hazard.due_on
        else f"{hazard.id}：{taken}未定整改期限。"
    )


def _week_said(plan: Plan, week: IsoWeek) -> str:
    best = plan.best(plan.screenings.get(str(week), ()), week)
    if best is None or not isinstance(best[0], WeeklyScreening):
        return ""
    screening = best[0]
    said = [
        f"排查发现 {len(screening.findings)} 起隐患" if screening.findings else "",
        screening.analysis or "",
        f"评价：{screening.rating.zh}" if screening.rating else "",
    ]
    return f"第 {week.week} 周（{_day(week.start)}至{_day(week.end)}）：" + "；".join(filter(None, said)) + "。"
