"""The report in a notebook: an extract in both languages. Its styles stand on its own elements, so nothing leaks."""

from collections import Counter
from collections.abc import Mapping

from qsafety.assessment.names import Names
from qsafety.assessment.page.elements import Child, Html, Tags
from qsafety.assessment.page.findings import MARKS, TROUBLE, said_once
from qsafety.assessment.report import Report
from qsafety.assessment.sentences import whether_required
from qsafety.bilingual import Bilingual
from qsafety.findings import Finding
from qsafety.law.vocabulary import Outcome

_ROWS = 20
_COLOURS: Mapping[Outcome, str] = {
    Outcome.VIOLATED: "background:#b3261e;color:#fff",
    Outcome.NEEDS_JUDGEMENT: "background:#ffe08a;color:#4f3a00",
    Outcome.UNKNOWN: "background:#e3dbf6;color:#3d2a78",
    Outcome.SATISFIED: "background:#bfe3f7;color:#123f66",
}
_PLAIN = "background:#e6e6e6;color:#4a4a4a"
_CELL = "text-align:left;vertical-align:top;padding:.3em .6em;border-top:1px solid rgba(128,128,128,.35)"


def extract(report: Report) -> Html:
    """Notices, the number of findings with each outcome, whether a director is required, and what is in trouble."""
    tags, names, seller = Tags("zh"), Names.of(report.dossier, "zh"), report.dossier.seller
    counts = Counter(finding.outcome for finding in report.findings)
    said = [one for one in said_once(report.findings) if one.first.outcome in TROUBLE]
    heads = ["义务", "认定", "对象", "说明"]
    more = len(said) - _ROWS
    rows = [_row(tags, names, one.first, len(one.findings)) for one in said[:_ROWS]]
    return tags.div(
        [tags.p(tags.strong(_both(tags, notice)), style="margin:.2em 0") for notice in report.notices],
        tags.p(
            tags.strong(seller.name),
            f"（{seller.id}） {report.since} – {report.on}",
            style="margin:.5em 0;font-size:1.1em",
        ),
        tags.p([[_badge(tags, o, f" {counts[o]}"), " "] for o in Outcome if counts[o]], style="margin:.3em 0"),
        tags.p(_both(tags, whether_required(report.director)), style="margin:.4em 0"),
        tags.table(
            tags.thead(tags.tr([tags.th(head, style=_CELL) for head in heads])),
            tags.tbody(rows),
            style="border-collapse:collapse;margin:.4em 0",
        )
        if rows
        else None,
        tags.p(_both(tags, Bilingual(f"另有 {more} 条", f"{more} more"))) if more > 0 else None,
        tags.p(tags.small(_both(tags, report.disclaimer)), style="margin:.4em 0"),
        style="max-width:60em;line-height:1.45",
    )


def _row(tags: Tags, names: Names, finding: Finding, count: int) -> Html:
    others = f" 等 {count} 个" if count > 1 else ""
    cells: list[Child] = [
        finding.obligation.id,
        _badge(tags, finding.outcome),
        names.subject(finding.subject) + others,
        _both(tags, finding.message),
    ]
    return tags.tr([tags.td(cell, style=_CELL) for cell in cells], title=finding.citation.text)


def _badge(tags: Tags, outcome: Outcome, count: str = "") -> Html:
    style = f"{_COLOURS.get(outcome, _PLAIN)};padding:.05em .5em;border-radius:.8em;font-size:.85em;white-space:nowrap"
    return tags.span(f"{MARKS[outcome]} {outcome.zh} {outcome.en}{count}", style=style)


def _both(tags: Tags, words: Bilingual) -> Html:
    return tags.join([words.zh, tags.br(), tags.small(words.en)])
