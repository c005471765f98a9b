"""The report in a notebook: one small table, self-contained and escaped."""

from collections import Counter
from html import escape

from qsafety.assessment.lines import clean
from qsafety.assessment.names import Names
from qsafety.assessment.report import Report
from qsafety.findings import Finding
from qsafety.law.vocabulary import Outcome

_COLOURS = {Outcome.VIOLATED: "#b00020", Outcome.NEEDS_JUDGEMENT: "#8a5a00", Outcome.UNKNOWN: "#8a5a00"}
_TROUBLE = tuple(_COLOURS)


def summary_html(report: Report) -> str:
    """Notices, the number of findings with each outcome, and a row for each that is violated, open to judgement or unknown."""
    seller = report.dossier.seller
    names = Names.of(report.dossier, "zh")
    counts = Counter(finding.outcome for finding in report.findings)
    notices = "".join(f"<p><strong>{_both(n.zh, n.en)}</strong></p>" for n in report.notices)
    total = " · ".join(f"{o.zh} {o.en} {counts[o]}" for o in Outcome if counts[o])
    rows = "".join(_row(f, names) for outcome in _TROUBLE for f in report.of(outcome))
    head = "<tr><th>义务</th><th>认定</th><th>对象</th><th>说明</th></tr>"
    table = f"<table><thead>{head}</thead><tbody>{rows}</tbody></table>" if rows else ""
    return (
        f"<div>{notices}<p>{_text(seller.name)}（{_text(seller.id)}） {report.since} – {report.on} · {_text(total)}</p>"
        f"{table}<p><small>{_both(report.disclaimer.zh, report.disclaimer.en)}</small></p></div>"
    )


def _row(finding: Finding, names: Names) -> str:
    colour = _COLOURS[finding.outcome]
    return (
        f'<tr><td title="{_text(finding.citation.text)}">{_text(finding.obligation.id)}</td>'
        f'<td style="color:{colour}">{_text(finding.outcome.zh)}</td><td>{_text(names.subject(finding.subject))}</td>'
        f'<td style="text-align:left">{_both(finding.message.zh, finding.message.en)}</td></tr>'
    )


def _both(zh: str, en: str) -> str:
    return f"{_text(zh)}<br><small>{_text(en)}</small>"


def _text(words: str) -> str:
    return escape(clean(words))
