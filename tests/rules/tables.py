"""The scenario tables of ``tests/scenarios``, read from Markdown, and what a row expects of a report."""

import re
from collections.abc import Iterator
from datetime import date
from pathlib import Path
from typing import Any

import attrs

import qsafety as qs
from qsafety.law.vocabulary import Cadence, Outcome, Severity, SlotStatus
from tests.rules.changes import apply
from tests.rules.shop import Case, day, days

FOLDER = Path(__file__).parents[1] / "scenarios"
CADENCES = {"日": Cadence.DAILY_CONTROL, "周": Cadence.WEEKLY_SCREENING, "月": Cadence.MONTHLY_COORDINATION}
VERDICT = re.compile(r"(?P<outcome>[^（：]+)(?:（(?P<severity>[^）]+)）)?(?:：(?P<slots>.+))?")


@attrs.frozen
class Expected:
    """One outcome of a duty: how heavy, and which slots (None: the table does not say)."""

    outcome: Outcome
    severity: Severity | None
    slots: tuple[str, ...] | None


def _slots(text: str) -> Iterator[str]:
    for part in text.split("、"):
        first, _, last = part.partition(" 至 ")
        yield from (str(d) for d in days(day(first), day(last))) if last else [part]


def verdicts(cell: str) -> tuple[Expected, ...]:
    """``不符合（违规）：2024-01-30；需人工判断：2024-01-31``."""
    found = []
    for part in cell.split("；"):
        match = VERDICT.fullmatch(part)
        assert match, f"“{part}” is no verdict"
        severity, slots = match["severity"], match["slots"]
        found.append(
            Expected(
                Outcome(match["outcome"]),
                Severity(severity) if severity else None,
                tuple(_slots(slots)) if slots else None,
            )
        )
    return tuple(found)


@attrs.frozen
class Row:
    """A row of a table, by the names of its columns."""

    table: str
    cells: dict[str, str]

    @property
    def id(self) -> str:
        return self.cells["编号"]

    @property
    def duty(self) -> str:
        """The obligation, the cadence, or 总监: the first part of the id, where no column names it."""
        return self.cells.get("义务") or self.cells.get("节奏") or self.id.partition("-")[0]

    def __str__(self) -> str:
        return (
            f"{self.table} {self.id}: {self.cells.get('情形', '')} → {self.cells.get('认定', self.cells.get('状态'))}"
        )


def rows(name: str, *columns: str) -> list[Row]:
    """The rows of a file's tables that have these columns."""
    found: list[Row] = []
    header: list[str] = []
    for line in (FOLDER / name).read_text("utf-8").splitlines():
        if not line.startswith("|"):
            header = []
        elif not header:
            header = [cell.strip() for cell in line.strip("|").split("|")]
        elif set(line) - set("|- ") and header[0] == "编号" and set(columns) <= set(header):
            cells = [cell.strip() for cell in line.strip("|").split("|")]
            assert len(cells) == len(header), f"{name}: {line}"
            found.append(Row(name, dict(zip(header, cells, strict=True))))
    return found


def possible(name: str) -> dict[str, set[Outcome]]:
    """What each section of a file lists under 可能的认定."""
    found, duty = {}, ""
    for line in (FOLDER / name).read_text("utf-8").splitlines():
        if line.startswith("## "):
            duty = line.split()[1]
        if line.startswith("可能的认定："):
            found[duty] = {Outcome(word) for word in line.partition("：")[2].split("、")}
    return found


def subject(cell: str, case: Case) -> str:
    """A subject as reports write it: 单位 is the seller, the rest are outlets."""
    return "seller" if cell == "单位" else f"outlet:{cell}"


def assess(case: Case) -> Any:
    return qs.assess(case.dossier(), on=case.on, since=case.since, readings=case.readings)


def answer(row: Row, case: Case) -> tuple[Any, Any]:
    """What the table says of a duty, and what the report says, in the same words."""
    report = assess(case)
    if row.duty == "总监":
        word, _, by = row.cells["认定"].partition("：")
        expected = ({"应当": True, "不必": False, "不明": None}[word], tuple(by.split("、")) if by else ())
        return expected, (report.director.required, tuple(map(str, report.director.by)))
    where = row.cells["对象"]
    findings = [f for f in report[row.duty] if not where or f.subject == subject(where, case)]
    wanted = verdicts(row.cells["认定"])
    got = []
    for f in findings:
        asked = next((w for w in wanted if w.outcome is f.outcome), None)
        got.append(
            Expected(
                f.outcome,
                f.severity if asked and asked.severity else None,
                tuple(sorted(f.slots)) if asked and asked.slots else None,
            )
        )
    return set(wanted), set(got)


def status(row: Row, case: Case) -> tuple[str, str]:
    """The status of a slot that the table gives, and the report's; 没有 where there is no such slot."""
    word = row.duty
    cadence = CADENCES[word] if word in CADENCES else Cadence(word)
    where = row.cells["对象"]
    outlet = None if where == "单位" else where
    for slot in assess(case).slots:
        plain = slot.to_dict()
        if (plain["cadence"], plain["outlet"], plain["period"]) == (cadence, outlet, row.cells["时段"]):
            return row.cells["状态"], SlotStatus(plain["status"]).zh
    return row.cells["状态"], "没有"


def check(row: Row, case: Case) -> None:
    """Assert that the report says what the row says."""
    apply(case, row.cells.get("情形", "基本情形"))
    expected, got = (status if "状态" in row.cells else answer)(row, case)
    assert got == expected, str(row)


def on_and_since(text: str) -> tuple[date, date]:
    """The two days that a ledger's file names in its first lines: 评估日 …，自 … 起评估."""
    found = re.search(r"评估日 (\S{10})\S*，自 (\S{10})\S*起评估", text)
    assert found, "no day is named"
    return day(found[1]), day(found[2])
