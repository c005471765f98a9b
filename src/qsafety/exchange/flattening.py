"""From facts to rows: the converse of :mod:`~qsafety.exchange.shapes`, and what of a fact no column holds."""

from collections.abc import Iterator, Mapping
from typing import Any

import attrs

from qsafety.bilingual import Bilingual
from qsafety.dossier import (
    COLLECTIONS,
    Answer,
    CheckResult,
    DailyCheck,
    Exam,
    Fact,
    MonthlyCoordination,
    Opinion,
    Performance,
    RiskItem,
    RiskList,
    SpotCheck,
    WeeklyScreening,
)
from qsafety.exchange.columns import Sheet
from qsafety.exchange.kinds import ALL_ITEMS
from qsafety.exchange.sheets import SHEETS
from qsafety.law.vocabulary import Organiser, TextStatus

Cells = Mapping[str, Any]
"""The values of a row by the field that their column fills."""

WITHOUT_SHEET = tuple(name for name in COLLECTIONS if not any(COLLECTIONS[name] in sheet.facts for sheet in SHEETS))
"""The collections that a ledger has no sheet for."""


def _without_column(sheet: Sheet, kind: type[Fact]) -> tuple[str, ...]:
    held = {column.field.partition(".")[0] for column in sheet.columns.values()}
    if kind is DailyCheck:
        held.add("all_items")  # 全部
    return tuple(f.name for f in attrs.fields(kind) if f.name not in held and not (f.name == "id" and kind.NATURAL))


def _when_empty(kind: type) -> Mapping[str, Any]:
    found = {f.name: f.default for f in attrs.fields(kind) if f.default is not attrs.NOTHING}
    return found | {"summary": ""} if kind is Performance else found


_KINDS = [(sheet, kind) for sheet in SHEETS for kind in sheet.facts]

WITHOUT_COLUMN: Mapping[type, tuple[str, ...]] = {kind: _without_column(sheet, kind) for sheet, kind in _KINDS}
"""The fields of each type of fact that no column of its sheet fills; an id that follows from the fact needs none."""
WHEN_EMPTY: Mapping[type, Mapping[str, Any]] = {
    kind: _when_empty(kind) for kind in (*(kind for _, kind in _KINDS), RiskItem, CheckResult, Answer)
}
"""What an empty cell is read as: for each type of fact (or part of one), by field."""


def left_out(fact: Fact) -> Bilingual | None:
    """Why a record cannot stand in a ledger at all: read back, it would be something else."""
    if isinstance(fact, DailyCheck | WeeklyScreening | MonthlyCoordination) and fact.draft:
        return Bilingual("草稿：台账中的行即为已完成的记录", "a draft, and a row of a ledger is no draft")
    if isinstance(fact, DailyCheck) and not fact.results and fact.all_items is None:
        return Bilingual("没有检查结果，无行可写", "without results it has no row")
    if isinstance(fact, RiskList) and fact.status is not TextStatus.APPROVED:
        return Bilingual("清单未批准或已废止：台账中的清单即为已批准", "not approved, and a list of a ledger is")
    if isinstance(fact, RiskList) and not fact.items:
        return Bilingual("没有条目，无行可写", "without items it has no row")
    return None


def rows_of(fact: Fact) -> Iterator[Cells]:
    """The rows that a fact is."""
    if isinstance(fact, DailyCheck):
        yield from _check(fact)
    elif isinstance(fact, RiskList):
        whole = _fields(fact)
        for item in fact.items:
            yield whole | {f"items.{name}": value for name, value in _fields(item).items()}
    elif isinstance(fact, Opinion):
        answer = _fields(fact.answer) if fact.answer else {}
        yield _fields(fact) | {f"answer.{name}": value for name, value in answer.items()}
    elif isinstance(fact, Exam | SpotCheck):
        yield _fields(fact) | {"organiser": Organiser.AUTHORITY if isinstance(fact, SpotCheck) else Organiser.UNIT}
    else:
        yield _fields(fact)


def _check(check: DailyCheck) -> Iterator[Cells]:
    whole = {"day": check.day, "outlet": check.outlet, "officer": check.officer, "recorded_at": check.recorded_at}
    conclusion = check.conclusion  # once per check
    if check.all_items is not None:
        yield whole | {"results.code": ALL_ITEMS, "results.outcome": check.all_items, "conclusion": conclusion}
        conclusion = None
    for result in check.results:
        yield whole | {
            "results.code": result.code,
            "results.outcome": result.outcome,
            "results.observation": result.observation,
            "conclusion": conclusion,
        }
        conclusion = None


def _fields(value: Any) -> dict[str, Any]:
    return {field.name: getattr(value, field.name) for field in attrs.fields(type(value))}
