"""Findings for people: the article and its words, what was found, the facts behind it with their cells, and what to do next."""

from collections.abc import Iterator, Sequence
from itertools import groupby

from qsafety import law
from qsafety.assessment.lines import Page
from qsafety.assessment.names import Names, article
from qsafety.assessment.report import Report
from qsafety.bilingual import Bilingual, join
from qsafety.findings import SELLER, Finding, Reason
from qsafety.law.vocabulary import Outcome, Severity

FACTS = 6
"""Facts shown of each finding; the JSON report has all."""

_MARKS = {Outcome.VIOLATED: ("×", "bad"), Outcome.NEEDS_JUDGEMENT: ("▲", "warn"), Outcome.UNKNOWN: ("○", "warn")}
_LABEL = {"zh": 8, "en": 11}


def findings_of(page: Page, report: Report, outcome: Outcome) -> None:
    """The findings with one outcome; those about one obligation stand together under its words."""
    found = report.of(outcome)
    names = Names.of(report.dossier, page.lang)
    for first, group in _by_obligation(found):
        page.blank()
        page.put("  ", _MARKS[outcome], " ", (f"{first.obligation.id}  ", "head"), _title(report, first), hang=4)
        if page.lang == "en":
            page.entry("Duty", first.obligation.action, indent=4, width=_LABEL["en"])
        page.entry(
            Bilingual("条文", "Text"),
            (f"“{words_of(report, first)}”", "faint"),
            indent=4,
            width=_LABEL[page.lang],
        )
        if (otherwise := first.citation.difference) is not None:
            sure = (f"  {otherwise.certainty.label.to(page.lang)}", "faint")
            page.entry(Bilingual("本版本", "Edition"), otherwise.other, sure, indent=4, width=_LABEL[page.lang])
        for finding in group:
            _finding(page, report, finding, names, alone=len(group) == 1)


def words_of(report: Report, finding: Finding) -> str:
    """The exact words of the duty, with …… where the article says something between them."""
    whole = report.edition.provision(finding.obligation.article).text
    words = ""
    for quote in finding.obligation.quotes:
        words += quote if not words or words + quote in whole else "……" + quote
    return words or finding.citation.text


def _by_obligation(findings: Sequence[Finding]) -> Iterator[tuple[Finding, list[Finding]]]:
    for _, group in groupby(findings, key=lambda finding: finding.obligation.id):
        rows = list(group)
        yield rows[0], rows


def _title(report: Report, finding: Finding) -> Bilingual:
    provision = report.edition.provision(finding.citation.provision)
    words = [article(report.edition, provision.id, heading=True)]
    if provision.inherited:
        words.append(law.message("general", "inherited"))
    if finding.severity is not Severity.BREACH:
        words.append(finding.severity.label)
    return join(words, zh="  ", en="  ")


def _finding(page: Page, report: Report, finding: Finding, names: Names, *, alone: bool) -> None:
    width = _LABEL[page.lang]
    if not (alone and finding.subject == SELLER):
        page.entry(Bilingual("对象", "About"), (names.subject(finding.subject), "head"), indent=4, width=width)
    page.entry(Bilingual("认定", "Finding"), finding.message, indent=4, width=width)
    label = Bilingual("依据", "Facts")
    for reason in finding.because[:FACTS]:
        page.entry(label, "· ", reason.text, "  ", (f"[{_place(reason, page)}]", "cell"), indent=4, width=width)
        label = Bilingual("", "")
    more = len(finding.because) - FACTS
    if more > 0:
        page.entry(label, (Bilingual(f"另有 {more} 条", f"and {more} more"), "faint"), indent=4, width=width)
    if finding.advice:
        page.entry(Bilingual("下一步", "Next"), finding.advice, indent=4, width=width)
    if finding.readings:
        options = report.readings.to_dict()
        chosen = "  ".join(f"{name}={options[name]}" for name in finding.readings)
        page.entry(Bilingual("口径", "Readings"), (chosen, "faint"), indent=4, width=width)


def _place(reason: Reason, page: Page) -> str:
    """The cell a fact comes from, else its record, else that there is none."""
    return reason.source or reason.record or page.text(Bilingual("无记录", "no record"))


def remarks(page: Page, report: Report) -> None:
    """What is worth saying though the duty is met."""
    names = Names.of(report.dossier, page.lang)
    for finding in report.findings:
        if finding.severity is Severity.ADVISORY and finding.outcome not in _MARKS:
            about = "" if finding.subject == SELLER else names.subject(finding.subject) + "  "
            page.put(
                f"  {finding.obligation.id:<8}",
                about,
                finding.message,
                " ",
                finding.advice or "",
                hang=10,
            )


def without_trouble(page: Page, report: Report) -> None:
    """The ids of what is satisfied, not due, or not applicable; with the subject where others are in trouble."""
    troubled = {finding.obligation.id for finding in report.findings if finding.outcome in _MARKS}
    for outcome in (Outcome.SATISFIED, Outcome.NOT_DUE, Outcome.NOT_APPLICABLE):
        ids = dict.fromkeys(
            f"{f.obligation.id}[{f.subject.rpartition(':')[2]}]" if f.obligation.id in troubled else f.obligation.id
            for f in report.of(outcome)
        )
        if ids:
            style = "good" if outcome is Outcome.SATISFIED else ""
            page.entry(outcome.label, ("  ".join(ids), style), width=8 if page.lang == "zh" else 16)
