"""The findings, article by article: what is wrong stands open, the facts behind it and what is well are folded."""

from collections import Counter
from collections.abc import Callable, Iterable, Iterator, Mapping, Sequence
from itertools import groupby

from attrs import frozen

from qsafety import law
from qsafety.assessment.answers import words_of
from qsafety.assessment.names import Names, article
from qsafety.assessment.page.elements import Html, Tags
from qsafety.assessment.report import Report
from qsafety.bilingual import Bilingual, join
from qsafety.findings import SELLER, Finding, Reason
from qsafety.law.vocabulary import Outcome, Severity

FACTS = 40
"""Facts shown of each finding; the JSON report and the result workbook have all."""
_OPEN = 4
"""Findings of one duty that stand open; more are folded."""
_SUBJECTS = 12

TROUBLE = (Outcome.VIOLATED, Outcome.NEEDS_JUDGEMENT, Outcome.UNKNOWN)
MARKS: Mapping[Outcome, str] = {
    Outcome.VIOLATED: "×",
    Outcome.NEEDS_JUDGEMENT: "▲",
    Outcome.UNKNOWN: "○",
    Outcome.NOT_DUE: "–",
    Outcome.SATISFIED: "√",
    Outcome.NOT_APPLICABLE: "·",
}

Linked = Callable[[str], str | None]
"""The address of a cell of the ledger, where it is known."""


@frozen
class Said:
    """Findings that say the same of several subjects."""

    findings: tuple[Finding, ...]

    @property
    def first(self) -> Finding:
        """All but the subject and the facts is as in this one."""
        return self.findings[0]

    @property
    def because(self) -> tuple[Reason, ...]:
        """The facts of all."""
        return tuple(reason for finding in self.findings for reason in finding.because)


def said_once(findings: Iterable[Finding]) -> list[Said]:
    """The same words about many subjects stand once; worst first, else in the order in which they came."""
    groups: dict[object, list[Finding]] = {}
    for finding in findings:
        key = (finding.outcome, finding.severity, finding.message, finding.advice, finding.readings)
        groups.setdefault(key, []).append(finding)
    order = list(Outcome)
    return sorted((Said(tuple(group)) for group in groups.values()), key=lambda said: order.index(said.first.outcome))


def badge(tags: Tags, outcome: Outcome, count: int | None = None) -> Html:
    """An outcome with its mark and colour, and how many there are."""
    number = "" if count is None else f" {count}"
    return tags.span(
        tags.span(MARKS[outcome], aria_hidden="true"), " ", outcome.label, number, class_=f"badge {style_of(outcome)}"
    )


def style_of(outcome: Outcome) -> str:
    """The class of an outcome in the style sheet."""
    return outcome.value.replace("_", "-")


@frozen
class Articles:
    """The findings of a report as sections of a page."""

    tags: Tags
    report: Report
    names: Names
    linked: Linked

    def index(self) -> Html:
        """A link to each article, with how many findings are in trouble there."""
        tags = self.tags
        links = [
            tags.li(
                tags.a(
                    article(self.report.edition, str(number), heading=True),
                    [[" ", badge(tags, outcome, n)] for outcome in TROUBLE if (n := counts[outcome])],
                    href=f"#article-{number}",
                )
            )
            for number, findings in self._by_article()
            if (counts := Counter(finding.outcome for finding in findings))
        ]
        return tags.ul(links, class_="index")

    def sections(self) -> list[Html]:
        """A section for each article."""
        return [self._article(number, findings) for number, findings in self._by_article()]

    def _by_article(self) -> Iterator[tuple[int, list[Finding]]]:
        for number, group in groupby(self.report.findings, key=lambda finding: finding.obligation.article):
            yield number, list(group)

    def _article(self, number: int, findings: Sequence[Finding]) -> Html:
        tags = self.tags
        duties: dict[str, list[Finding]] = {}
        for finding in findings:
            duties.setdefault(finding.obligation.id, []).append(finding)
        troubled = [self._duty(group) for group in duties.values() if _worst(group) in TROUBLE]
        quiet = [self._duty(group) for group in duties.values() if _worst(group) not in TROUBLE]
        counts = Counter(_worst(group) for group in duties.values() if _worst(group) not in TROUBLE)
        summary = tags.summary(
            Bilingual("其余 ", "The others: ") if troubled else "",
            [[badge(tags, outcome, counts[outcome]), " "] for outcome in Outcome if counts[outcome]],
        )
        return tags.section(
            tags.h3(article(self.report.edition, str(number), heading=True)),
            troubled,
            tags.details(summary, quiet) if quiet else None,
            id=f"article-{number}",
        )

    def _duty(self, findings: Sequence[Finding]) -> Html:
        tags, first = self.tags, findings[0]
        provision = self.report.edition.provision(first.citation.provision)
        inherited = tags.mark(law.message("general", "inherited")) if provision.inherited else None
        said = said_once(findings)
        folded = said[_OPEN:] if len(said) > _OPEN + 1 else []
        blocks = [self._said(one, alone=len(said) == 1) for one in said[: len(said) - len(folded)]]
        more = Bilingual(f"另有 {len(folded)} 条", f"{len(folded)} more")
        return tags.article(
            tags.h4(badge(tags, _worst(findings)), " ", tags.code(first.obligation.id), " ", first.obligation.action),
            tags.blockquote(
                tags.p(
                    tags.span("“", words_of(self.report, first), "”", lang="zh-CN" if tags.lang == "en" else None),
                    " ",
                    tags.cite(article(self.report.edition, provision.id), " ", provision.id),
                    " ",
                    inherited,
                )
            ),
            blocks,
            tags.details(tags.summary(more), [self._said(one, alone=False) for one in folded]) if folded else None,
            class_=f"duty {style_of(_worst(findings))}",
            id=first.obligation.id,
        )

    def _said(self, said: Said, *, alone: bool) -> Html:
        tags, first = self.tags, said.first
        remark = first.severity is Severity.ADVISORY and first.outcome in TROUBLE
        return tags.div(
            tags.p(
                None if alone else [badge(tags, first.outcome), " "],
                None if alone and self._of_seller(said) else tags.strong(self._subjects(said)),
                tags.span(first.severity.label, class_="faint") if remark else None,
                class_="about",
            )
            if not (alone and self._of_seller(said) and not remark)
            else None,
            tags.p(first.message),
            tags.p(tags.b(Bilingual("下一步", "Next")), " ", first.advice, class_="next") if first.advice else None,
            facts(tags, said.because, self.linked, readings=self._readings(first)),
            class_="said",
        )

    @staticmethod
    def _of_seller(said: Said) -> bool:
        return all(finding.subject == SELLER for finding in said.findings)

    def _subjects(self, said: Said) -> Bilingual:
        subjects = dict.fromkeys(finding.subject for finding in said.findings)
        shown = [self.names.subject(subject) for subject in subjects][:_SUBJECTS]
        more = len(subjects) - len(shown)
        words = Bilingual("、".join(shown), ", ".join(shown))
        return join([words, Bilingual(f" 等 {len(subjects)} 个", f" and {more} more")], zh="", en="") if more else words

    def _readings(self, finding: Finding) -> Html | None:
        options, tags = self.report.readings.to_dict(), self.tags
        chosen = [[tags.a(f"{name}={options[name]}", href=f"#reading-{name}"), " "] for name in finding.readings]
        return tags.p(Bilingual("解释口径：", "Readings: "), chosen, class_="faint") if chosen else None


def facts(
    tags: Tags, because: Sequence[Reason], linked: Linked, *, readings: Html | None = None, most: int = FACTS
) -> Html | None:
    """The facts behind an answer, folded: what each says, its record, and its cell in the ledger."""
    if not because and readings is None:
        return None
    because = list(dict.fromkeys(because))
    more = len(because) - most
    rows = [tags.li(reason.text, " ", _place(tags, reason, linked)) for reason in because[:most]]
    count = Bilingual(f"依据（{len(because)}）", f"Why ({len(because)})")
    return tags.details(
        tags.summary(count if because else Bilingual("口径", "Readings")),
        tags.ul(rows) if rows else None,
        tags.p(
            Bilingual(
                f"另有 {more} 条，见 JSON 报告或结果工作簿。",
                f"{more} more: see the JSON report or the result workbook.",
            ),
            class_="faint",
        )
        if more > 0
        else None,
        readings,
        class_="why",
    )


def _place(tags: Tags, reason: Reason, linked: Linked) -> Html:
    if reason.record is None and reason.source is None:
        return tags.span(Bilingual("无记录", "no record"), class_="place")
    href = linked(reason.source) if reason.source else None
    cell = tags.a(reason.source, href=href) if href else reason.source
    record = tags.code(reason.record) if reason.record else None
    return tags.span(cell, " " if cell and record else None, record, class_="place")


def _worst(findings: Iterable[Finding]) -> Outcome:
    return min((finding.outcome for finding in findings), key=list(Outcome).index)
