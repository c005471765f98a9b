"""Reads the tables of Articles 3, 4, 6 to 9, 13 and 15 to 18, and of what follows from them; ``standing.md`` says how they are written."""

import re
from collections.abc import Mapping
from pathlib import Path

import qsafety as qs
from qsafety.rules import ANSWERS, RULES
from tests.scenarios.standing import situation

FOLDER = Path(__file__).parent


def rows(page: str) -> list[dict[str, str]]:
    """The rows of all tables of a page, by column, with the section that they stand in (小节)."""
    section, head, found = "", list[str](), list[dict[str, str]]()
    for line in (FOLDER / page).read_text("utf-8").splitlines():
        if line.startswith("#"):
            section, head = (line.split()[1] if line.startswith("## ") else section), []
        elif line.startswith("|"):
            cells = [c.strip() for c in line.strip("|").split("|")]
            if not head:
                head = cells
            elif set(line) - set("|- "):
                found.append(dict(zip(head, cells, strict=True), 小节=section))
        else:
            head = []
    return found


def sections(page: str) -> dict[str, set[str]]:
    """The obligations of a page, with the outcomes that each can have."""
    text = (FOLDER / page).read_text("utf-8")
    return {
        found[1]: set(found[2].split("、"))
        for found in re.finditer(r"^## (A\S+).*?^可能的认定：(.+?)$", text, re.M | re.S)
    }


OUTCOMES = {
    "符合": "satisfied",
    "不符合": "violated",
    "资料不足": "unknown",
    "需人工判断": "needs_judgement",
    "未到期": "not_due",
    "不适用": "not_applicable",
}
SEVERITIES = {"违规": "breach", "提示": "advisory", "说明": "info"}


def expected(cell: str) -> dict[str, tuple[str | None, list[str] | None, str | None]]:
    """A verdict: outcome → severity, slots and a word of the message, each where the row says it."""
    found: dict[str, tuple[str | None, list[str] | None, str | None]] = {}
    for part in cell.split("；"):
        match = re.fullmatch(r"(\S+?)(?:（(\S+?)）)?(?:“(.+)”)?(?:：(.+))?", part.strip())
        assert match is not None, part
        slots = match[4].split("、") if match[4] else None
        found[OUTCOMES[match[1]]] = (SEVERITIES[match[2]] if match[2] else None, slots, match[3])
    return found


def differences(report: qs.Report, obligation: str, subject: str, cell: str) -> list[str]:
    """What a report says otherwise than a row; nothing where they agree."""
    wanted = expected(cell)
    found = [f for f in report.findings if f.obligation.id == obligation and _about(f.subject, subject)]
    said = "; ".join(f"{f.subject} {f.outcome} {f.severity} {list(f.slots)} {f.message.zh}" for f in found) or "(无)"
    if {str(f.outcome) for f in found} != set(wanted):
        return [f"应为 {cell}，程序：{said}"]
    wrong = []
    for finding in found:
        severity, slots, word = wanted[str(finding.outcome)]
        if severity is not None and str(finding.severity) != severity:
            wrong.append(f"程度应为 {severity}：{said}")
        if slots is not None and list(finding.slots) != slots:
            wrong.append(f"时段应为 {slots}：{said}")
        if word is not None and word not in finding.message.zh:
            wrong.append(f"应说“{word}”：{said}")
    return wrong


def _about(subject: str, wanted: str) -> bool:
    if not wanted:
        return True
    return subject == "seller" if wanted == "单位" else subject == wanted or subject.endswith(f":{wanted}")


STAGES = {
    "拒不改正": "refused",
    "逾期": "overdue",
    "已责令": "ordered",
    "可责令": "exposed",
    "依其他法律": "deferred",
    "待定": "undetermined",
    "已改正": "corrected",
    "无": "none",
}
LIMBS = {"制度": "L1", "人员": "L2", "责任": "L3"}
HARBOUR = {"适用": "applies", "不适用": "not_applicable", "需人工判断": "needs_judgement", "资料不足": "unknown"}
KEPT = {
    "存档": "present",
    "缺失": "missing",
    "迟存": "late",
    "未到期": "not_due",
    "无须": "not_required",
    "不明": "unknown",
}


def limb_stages(cell: str) -> dict[str, str]:
    """``制度 可责令、人员 逾期``: the stage of each limb; one that is not named has none."""
    named = dict(part.split(" ") for part in cell.split("、") if part)
    return {number: STAGES[named.get(limb, "无")] for limb, number in LIMBS.items()}


def counted(cell: str) -> dict[str, int]:
    """``存档 13、缺失 1``: how many entries have which status."""
    return {KEPT[word]: int(n) for word, n in (part.split(" ") for part in cell.split("、"))}


KINDS = {"过错": "fault", "情节": "circumstances", "表现": "conduct"}


def check(row: Mapping[str, str]) -> None:
    """That the report says what a row of an article's table says."""
    assert differences(situation(row["情形"]).report, row["小节"], row["对象"], row["认定"]) == []


def uncovered(page: str, *articles: str) -> list[str]:
    """What a page leaves out: duties of its articles without a section, outcomes without a case, rows that stand twice or say no why."""
    stated = sections(page)
    duties = [id_ for id_ in RULES if id_.startswith(articles) and id_ not in ANSWERS]
    found = [f"{id_}：没有小节" for id_ in duties if id_ not in stated]
    shown: dict[str, set[str]] = {id_: set() for id_ in stated}
    seen: set[tuple[str, ...]] = set()
    for row in rows(page):
        shown[row["小节"]] |= {re.split("[（“：]", part)[0] for part in row["认定"].split("；")}
        key = (row["小节"], row["情形"], row["对象"])
        found += [f"{row['编号']}：重复"] if key in seen else []
        found += [] if row["理由与依据"] else [f"{row['编号']}：没有理由"]
        seen.add(key)
    return found + [f"{id_}：{shown[id_] ^ stated[id_]}" for id_ in stated if shown[id_] != stated[id_]]


PAGES = [f"article-{n}.md" for n in ("03", "04", "06", "07", "08", "09", "13", "15", "16", "18")]
"""The articles that are written as standing.md has it."""


def situations(outcome: str = "") -> list[str]:
    """The situations of all these articles, each once; only those with a certain verdict where one is named."""
    found = (row for page in PAGES for row in rows(page))
    return sorted({row["情形"] for row in found if not outcome or OUTCOMES[outcome] in expected(row["认定"])})


def worst(report: qs.Report) -> dict[str, str]:
    """The worst outcome of each duty of these articles."""
    duties = {f.obligation.id for f in report.findings}
    articles = tuple(f"A{page[8:10]}" for page in PAGES)
    return {id_: str(report[id_].outcome) for id_ in sorted(duties) if id_.startswith(articles)}
