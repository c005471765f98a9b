"""What the report says, word for word: one situation of the tables for each thing that is said otherwise.

``python tools/build_words.py`` writes ``tests/scenarios/words.md``, which a reader reads like the tables; a test says it again.
"""

import re
from collections.abc import Iterator
from typing import NamedTuple

import qsafety as qs
from qsafety.findings import Finding, Reason
from tests.rules import tables
from tests.rules.changes import apply
from tests.rules.shop import base
from tests.scenarios import standing_tables
from tests.scenarios.standing import situation

PAGE = standing_tables.FOLDER / "words.md"
DAILY_LIFE = tuple(f"article-{n}.md" for n in ("02", "05", "10", "11", "12"))
FOLLOWING = ("exposure.md", "safe-harbour.md")


class Said(NamedTuple):
    """A situation and the words of the answer to one duty, as Markdown."""

    row: str
    duty: str
    cell: str
    words: str

    @property
    def block(self) -> str:
        return f"## {self.row}\n\n情形：{self.cell}\n\n{self.words}"


def asked() -> Iterator[tuple[str, str, str]]:
    """Number, duty and situation of each row of the tables, in the order of the articles."""
    pages = sorted([*DAILY_LIFE, *standing_tables.PAGES])
    for page in pages:
        if page in DAILY_LIFE:
            yield from ((r.id, r.duty, r.cells["情形"]) for r in tables.rows(page, "认定") if r.duty != "总监")
        else:
            yield from ((r["编号"], r["小节"], r["情形"]) for r in standing_tables.rows(page))
    for page in FOLLOWING:
        yield from ((r["编号"], r["编号"].partition("-")[0], r["情形"]) for r in standing_tables.rows(page))


def report(row: str, cell: str) -> qs.Report:
    """The report on a situation; the number says in which manner it is told."""
    if row.startswith(("A02", "A05", "A10", "A11", "A12")):
        return tables.assess(apply(base(), cell))  # type: ignore[no-any-return]  # its own module asks for any report
    return situation(cell).report


def say(row: str, duty: str, cell: str) -> Said:
    """The words of the answer to a duty."""
    answer = report(row, cell)
    if duty == "A16.4":
        lines = [f"- {h.person} {h.matter}：{h.outcome}。{h.reason.zh} | {h.reason.en}" for h in answer.safe_harbour]
        lines += [f"  - {_because(r)}" for h in answer.safe_harbour for r in h.because]
    elif duty.startswith(("A16.3", "A17")):
        found = answer.exposure
        lines = [f"- {c.kind}：{c.text.zh} | {c.text.en} 〔{'、'.join(c.records)}〕" for c in found.considerations]
        for limb in found.by_limb:
            lines += [f"- {limb.limb.number} {limb.stage}：{'、'.join(limb.obligations)}"]
            lines += [f"  - {_because(r)}" for r in limb.because]
        lines += [f"- {n.zh} | {n.en}" for n in found.notes]
    else:
        lines = [line for f in answer.findings if f.obligation.id == duty for line in _finding(f)]
    return Said(row, duty, cell, "\n".join(lines) + "\n")


def _finding(found: Finding) -> Iterator[str]:
    slots = f" {found.slots[0]}…{found.slots[-1]}" if found.slots else ""
    yield f"- {found.subject} {found.outcome.zh}（{found.severity.zh}）{slots}：{found.message.zh} | {found.message.en}"
    yield from (f"  - {_because(r)}" for r in found.because)
    if found.advice:
        yield f"  - → {found.advice.zh} | {found.advice.en}"
    if found.readings:
        yield f"  - 口径：{'、'.join(found.readings)}"


def _because(reason: Reason) -> str:
    return f"{reason.text.zh} | {reason.text.en} 〔{reason.record or '没有记录'}〕"


def shapes(said: Said) -> set[str]:
    """Each line of what is said, without names, dates and numbers."""
    plain = re.sub(r"[0-9A-Z][\w.:+-]*", "#", re.sub(r"〔.*?〕", "", said.words))
    return {f"{said.duty} {re.sub(r'#(、#|, #)+', '#', line)}" for line in plain.splitlines()}


def chosen() -> list[Said]:
    """The situations, in the order of the tables, in which a line is said that none before them had."""
    known: set[str] = set()
    found = []
    for row in asked():
        said = say(*row)
        if not shapes(said) <= known:
            known |= shapes(said)
            found.append(said)
    return found


def kept() -> list[Said]:
    """The situations of the page, with the words that it gives."""
    duties = {row: duty for row, duty, _ in asked()}
    found = []
    for block in re.split(r"^## ", PAGE.read_text("utf-8"), flags=re.M)[1:]:
        head, _, rest = block.partition("\n\n情形：")
        cell, _, words = rest.partition("\n\n")
        found.append(Said(head, duties[head], cell, words.rstrip("\n") + "\n"))
    return found
