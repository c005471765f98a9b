"""What the weekly report and the monthly minutes share: which record is printed, the figures of the slots, hazards and opinions."""

from collections.abc import Callable, Iterable, Mapping, Sequence
from datetime import date
from typing import Annotated

import attrs

from qsafety.bilingual import Bilingual
from qsafety.cadence import CadenceRecord, Tally, tallies
from qsafety.dossier import Dossier, Hazard, MonthlyCoordination, Opinion, WeeklyScreening, as_known_on
from qsafety.dossier.known import local_day
from qsafety.errors import PaperError
from qsafety.law.vocabulary import Cadence, PaperKind, Role
from qsafety.papers.asking import Asked, Chosen, a_period, meant, of_seller
from qsafety.papers.book import Book
from qsafety.papers.wording import named, short_day
from qsafety.periods import ONE_DAY, P, Period, parse

Report = WeeklyScreening | MonthlyCoordination


@attrs.frozen(kw_only=True)
class Days:
    """One row of the figures of daily control: an outlet in the period."""

    outlet: Annotated[str, Bilingual("门店；单位无门店为空", "outlet; empty where the seller has none")]
    due: Annotated[str, Bilingual("应检查次数", "checks due")]
    done: Annotated[str, Bilingual("已检查次数", "checks made")]
    late: Annotated[str, Bilingual("期后录入的日期", "days recorded late")]
    incomplete: Annotated[str, Bilingual("有漏项的日期", "days with unanswered items")]
    missed: Annotated[str, Bilingual("漏检的日期", "days without a check")]
    zero_risk: Annotated[str, Bilingual("零风险报告次数", "zero-risk reports")]
    failed: Annotated[str, Bilingual("不合格项数", "items found wanting")]


@attrs.frozen(kw_only=True)
class FoundHazard:
    """One row of the table of hazards."""

    no: Annotated[int, Bilingual("序号", "number of the row")]
    hazard: Annotated[str, Bilingual("隐患编号", "id of the hazard")]
    source: Annotated[str, Bilingual("来源", "how it was found")]
    found: Annotated[str, Bilingual("发现日期", "when it was found")]
    outlet: Annotated[str, Bilingual("门店", "outlet")]
    item: Annotated[str, Bilingual("清单编码", "code of the item")]
    description: Annotated[str, Bilingual("隐患描述", "what it is")]
    severity: Annotated[str, Bilingual("程度", "how severe it is")]
    precaution: Annotated[str, Bilingual("防范整改措施", "the measure taken")]
    owner: Annotated[str, Bilingual("责任人", "who is to put it right")]
    due: Annotated[str, Bilingual("整改期限", "by when")]
    state: Annotated[str, Bilingual("整改情况", "what became of it")]


@attrs.frozen(kw_only=True)
class FollowedHazard:
    """One row of what became of the hazards that the screening before had named."""

    no: Annotated[int, Bilingual("序号", "number of the row")]
    hazard: Annotated[str, Bilingual("隐患编号", "id of the hazard")]
    description: Annotated[str, Bilingual("隐患描述", "what it is")]
    owner: Annotated[str, Bilingual("责任人", "who is to put it right")]
    due: Annotated[str, Bilingual("整改期限", "by when")]
    state: Annotated[str, Bilingual("整改情况", "what became of it")]


@attrs.frozen(kw_only=True)
class Said:
    """One row of the table of opinions (Article 4)."""

    by: Annotated[str, Bilingual("提出人", "who raised it")]
    on: Annotated[str, Bilingual("提出日期", "when it was raised")]
    sort: Annotated[str, Bilingual("类别：意见、建议、否决", "opinion, suggestion or veto")]
    subject: Annotated[str, Bilingual("内容", "what it says")]
    answer: Annotated[str, Bilingual("采纳情况及理由；未答复为空", "the answer and its reason; empty: none yet")]


def choose_report(
    plan: Book,
    asked: Asked,
    kind: type[P],
    given: Sequence[Report] | None,
    draft: Callable[[Dossier, P], Report],
) -> Chosen[Report]:
    """The report of a week or month: the one that its slot counts, the one of the given id, or (``draft``) its draft.

    A draft is the dossier's own where it holds one for that period, else made from the records. A :class:`PaperError` says what is
    missing.
    """
    week = PaperKind.WEEKLY_REPORT if draft_unit(kind) == "week" else PaperKind.MONTHLY_MINUTES
    title, name = week.zh.strip("《》"), week.en
    of_seller(asked, title)
    period = a_period(kind, asked.period)
    records = given or ()
    if asked.blank:
        return Chosen(
            fact=None, issue=str(period or ""), period=str(period or ""), day=period.start if period else None
        )
    if asked.record is not None:
        return _asked_for(asked, title, name, records, period)
    if period is None:
        example = "2024-W05" if draft_unit(kind) == "week" else "2024-01"
        raise PaperError(
            Bilingual(f"未指明哪一期的《{title}》", f"{name}: a period is needed"),
            advice=Bilingual(f"请给出 period，例如 {example}。", f'Give period, such as "{example}".'),
        )
    mine = [r for r in records if about(r) == str(period) and r.draft == asked.draft]
    if asked.draft:
        return _chosen(mine[0] if mine else draft(plan.dossier, period))
    best = plan.best(mine, period)
    if best is None or not isinstance(best[0], WeeklyScreening | MonthlyCoordination):
        raise _no_record(title, name, records, period)
    return _chosen(best[0])


def draft_unit(kind: type[Period]) -> str:
    """``week`` or ``month``."""
    return "week" if kind.__name__ == "IsoWeek" else "month"


def about(record: CadenceRecord) -> str:
    """The period that a record is about, as text."""
    if isinstance(record, WeeklyScreening):
        return record.week
    return record.month if isinstance(record, MonthlyCoordination) else str(record.day)


def _chosen(record: Report) -> Chosen[Report]:
    period = about(record)
    return Chosen(fact=record, issue=period, period=period, day=parse(period).start)


def _asked_for(asked: Asked, title: str, name: str, records: Sequence[Report], period: Period | None) -> Chosen[Report]:
    known = {r.id: r for r in records}
    found = known.get(asked.record or "")
    if found is None:
        none = Bilingual(f"档案中没有《{title}》。", f"The dossier holds no {name}.")
        raise PaperError(
            Bilingual(f"没有编号为“{asked.record}”的《{title}》", f"there is no {name} {asked.record!r}"),
            advice=meant(asked.record or "", known, none=none),
        )
    if period is not None and about(found) != str(period):
        raise PaperError(
            Bilingual(
                f"记录“{found.id}”是 {about(found)} 的，不是 {period} 的",
                f"record {found.id!r} is of {about(found)}, not of {period}",
            )
        )
    if found.draft and not asked.draft:
        raise PaperError(
            Bilingual(f"记录“{found.id}”还是草稿，不算记录", f"record {found.id!r} is a draft, which is no record"),
            advice=Bilingual("请先定稿；或以 draft=True 出具草稿。", "Finish it first, or ask for it with draft=True."),
        )
    return _chosen(found)


def _no_record(title: str, name: str, records: Sequence[Report], period: Period) -> PaperError:
    recorded = sorted((parse(about(r)) for r in records if not r.draft), key=lambda p: p.start)
    near = min(recorded, key=lambda p: abs((p.start - period.start).days), default=None)
    return PaperError(
        Bilingual(f"{period} 没有《{title}》的记录", f"there is no record of {period} for the {name}"),
        advice=Bilingual(
            (f"离它最近的是 {near}；" if near else "") + "draft=True 由记录生成草稿，blank=True 出具空白表。",
            (f"The nearest one is of {near}; " if near else "Try ")
            + "draft=True for a draft from the records, blank=True for the empty form.",
        ),
    )


def known_to(record: Report, plan: Book, period: Period) -> Book:
    """What the figures of a record are counted from: all that is known; for a draft, what was known when it was made."""
    if not record.draft:
        return plan
    after = plan.last_day(period) + ONE_DAY
    on = max(after, plan.recorded_on(record) or after)
    return Book(as_known_on(plan.dossier, on), on, plan.readings)


def daily_figures(plan: Book, period: Period) -> tuple[Days, ...]:
    """The figures of daily control in a period, one row for each outlet."""
    found = tallies(plan, Cadence.DAILY_CONTROL, period.start, period.end)

    def row(tally: Tally) -> Days:
        return Days(
            outlet=plan.outlet_name(tally.outlet),
            due=str(tally.due),
            done=str(tally.done),
            late=listed(tally.late),
            incomplete=listed(tally.incomplete),
            missed=listed(tally.missed),
            zero_risk=str(tally.zero_risk),
            failed="" if tally.failed is None else str(tally.failed),
        )

    return tuple(row(t) for t in found)


def listed(periods: Iterable[Period]) -> str:
    """How many periods, and which: ``2（1月7日、1月12日）``; weeks by their number; of three or more in a row the first and the last.

    >>> listed([parse("2024-01-07"), parse("2024-01-12")]), listed([parse("2024-W04")]), listed([])
    ('2（1月7日、1月12日）', '1（第4周）', '0')
    >>> listed(parse(f"2024-01-0{n}") for n in (1, 2, 3, 5))
    '4（1月1日至1月3日、1月5日）'
    """
    found = list(periods)
    rows: list[list[Period]] = []
    for period in found:
        if rows and rows[-1][-1].end + ONE_DAY == period.start:
            rows[-1].append(period)
        else:
            rows.append([period])
    names = [n for row in rows for n in (map(_name, row) if len(row) < 3 else [f"{_name(row[0])}至{_name(row[-1])}"])]
    return f"{len(found)}（{'、'.join(names)}）" if found else "0"


def _name(period: Period) -> str:
    return f"第{int(str(period)[-2:])}周" if "W" in str(period) else f"{period.start.month}月{period.start.day}日"


def hazard_rows(plan: Book, hazards: Iterable[Hazard | str]) -> tuple[FoundHazard, ...]:
    """The rows of hazards; of one that the dossier does not hold only the id is known."""
    return tuple(_hazard(plan, no, h) for no, h in enumerate(hazards, 1))


def _hazard(plan: Book, no: int, hazard: Hazard | str) -> FoundHazard:
    if isinstance(hazard, str):
        rest = dict.fromkeys((f.name for f in attrs.fields(FoundHazard) if f.name not in ("no", "hazard")), "")
        return FoundHazard(no=no, hazard=hazard, **rest)
    return FoundHazard(
        no=no,
        hazard=hazard.id,
        source=hazard.source.zh,
        found=short_day(hazard.found_on),
        outlet=plan.outlet_name(hazard.outlet),
        item=hazard.item or "",
        description=hazard.description,
        severity=hazard.severity.zh if hazard.severity else "",
        precaution=hazard.precaution or "",
        owner=named(plan.names, hazard.owner),
        due=short_day(hazard.due_on),
        state=_state(hazard, plan.names),
    )


def followed_rows(plan: Book, hazards: Iterable[Hazard | str]) -> tuple[FollowedHazard, ...]:
    """The same rows with less: what became of hazards that are known from an earlier report."""
    names = [f.name for f in attrs.fields(FollowedHazard)]
    return tuple(FollowedHazard(**{n: getattr(row, n) for n in names}) for row in hazard_rows(plan, hazards))


def _state(hazard: Hazard, names: Mapping[str, str]) -> str:
    done = f"完成 {hazard.done_on}" if hazard.done_on else ""
    verified = " ".join(filter(None, (short_day(hazard.verified_on), named(names, hazard.verified_by))))
    verified = f"验收 {verified}" if verified else ""
    return "\n".join(filter(None, (done, verified))) or "整改中"


def by_id(plan: Book, ids: Iterable[str]) -> list[Hazard | str]:
    """The hazards of these ids; the id itself where the dossier does not hold it."""
    known = {h.id: h for h in plan.dossier.hazards or ()}
    return [known.get(i, i) for i in ids]


def opinions_of(plan: Book, period: Period) -> tuple[Said, ...]:
    """The opinions raised in a period, vetoes included, with their answers."""
    names = plan.names
    raised = [o for o in plan.dossier.opinions or () if local_day(o.raised_at, plan.zone) in period]
    return tuple(
        Said(
            by=named(names, o.raised_by),
            on=short_day(local_day(o.raised_at, plan.zone)),
            sort=o.kind.zh,
            subject=o.subject,
            answer=_answer(o, names),
        )
        for o in sorted(raised, key=lambda o: (o.raised_at, o.id))
    )


def _answer(opinion: Opinion, names: Mapping[str, str]) -> str:
    answer = opinion.answer
    if answer is None:
        return ""
    by = named(names, answer.by)
    reason = f"：{answer.justification}" if answer.justification else ""
    return f"{answer.outcome.zh}{f'（{by}）' if by else ''}{reason}"


def signed(plan: Book, record: Report, role: Role, day: date) -> str:
    """The names of those who signed a record and are in a role on a day."""
    names = plan.names
    holders = plan.posts.holders(role, day)
    return "、".join(named(names, p) for p in record.signed_by or () if p in holders)
