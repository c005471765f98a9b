"""结果.xlsx: a report as a workbook, for whoever sorts, filters and prints in Excel."""

import os
from collections.abc import Iterator, Mapping
from pathlib import Path
from typing import Any
from urllib.parse import quote

from attrs import define

from qsafety.assessment import Report
from qsafety.assessment.names import Names, article
from qsafety.bilingual import Bilingual, Lang, listed
from qsafety.exchange.heat import draw_heatmap, mark
from qsafety.exchange.layout import new_book
from qsafety.exchange.pages import LINK, Page
from qsafety.exchange.saving import replacing
from qsafety.findings import Citation, Finding
from qsafety.law.readings import Readings, reading
from qsafety.law.vocabulary import Outcome

HEATMAP = Bilingual("热力图", "Heatmap")
FINDINGS = Bilingual("认定", "Findings")
REASONS = Bilingual("依据", "Facts")
TODO = Bilingual("待办", "To do")
SLOTS = Bilingual("时段", "Periods")
PROVISIONS = Bilingual("条文", "Text of the law")
ABOUT = Bilingual("说明", "About")
SHEETS = (HEATMAP, FINDINGS, REASONS, TODO, SLOTS, PROVISIONS, ABOUT)
"""The sheets of a result, in order."""

_COLOURS: Mapping[Outcome, str] = {
    Outcome.VIOLATED: "F4B6A6",
    Outcome.NEEDS_JUDGEMENT: "FCE4A8",
    Outcome.UNKNOWN: "FFF3D6",
    Outcome.SATISFIED: "CDE7F5",
}
_MOST_PLACES = 8


def write_result(
    report: Report,
    path: str | os.PathLike[str],
    *,
    lang: Lang = "zh",
    ledger: str | os.PathLike[str] | None = None,
) -> None:
    """Write a report as a workbook: heatmap, findings, the facts behind them, what to do, the slots, the articles, what it rests on.

    Every cell of the ledger that a finding rests on is named (``日检查!A17``); with ``ledger``, the path of the workbook, these
    are links into it. No text is taken for a formula. The file is there whole or not at all:
    :class:`~qsafety.exchange.saving.LedgerWriteError` where it cannot be written.
    """
    book = new_book()
    target = None
    if ledger is not None:
        there, here = os.path.realpath(os.fsdecode(ledger)), os.path.realpath(os.fsdecode(path))
        target = quote(Path(os.path.relpath(there, os.path.dirname(here))).as_posix())
    result = _Result(book, report, lang, Names.of(report.dossier, lang), target)
    with replacing(path) as beside:
        draw_heatmap(book, report, lang, HEATMAP.to(lang))
        result.findings()
        result.reasons()
        result.todo()
        result.slots()
        result.provisions()
        result.about()
        book.save(beside)


@define
class _Result:
    book: Any
    report: Report
    lang: Lang
    names: Names
    ledger: str | None

    def page(self, title: Bilingual, *widths: float) -> Page:
        """A sheet that begins with what must be said first."""
        notices = self.report.notices
        page = Page.of(self.book, title.to(self.lang), self.lang, widths, frozen_rows=2 + len(notices))
        seller = self.report.dossier.seller
        page.heading(f"{seller.name}　{self.report.since} – {self.report.on}　{title.to(self.lang)}")
        for notice in notices:
            page.heading(notice, size=10, colour="9C0006")
        return page

    def findings(self) -> None:
        """Worst first; the words of the law are on a sheet of their own, so that a row stays low."""
        page = self.page(FINDINGS, 8, 11, 16, 40, 36, 14, 26, 14, 9, 13)
        page.head(
            Bilingual("义务", "Duty"),
            Bilingual("认定", "Outcome"),
            Bilingual("对象", "About"),
            Bilingual("说明", "Finding"),
            Bilingual("依据", "Facts"),
            Bilingual("台账位置", "Cell"),
            Bilingual("下一步", "Next"),
            Bilingual("条款", "Article"),
            Bilingual("轻重", "Severity"),
            Bilingual("时段", "Periods"),
        )
        rows = {citation: row for row, citation in enumerate(self._cited(), start=3 + len(self.report.notices))}
        for finding in self._worst_first():
            facts = [reason.text.to(self.lang) for reason in finding.because]
            places = list(dict.fromkeys(reason.source for reason in finding.because if reason.source))
            page.put(
                page.cell(finding.obligation.id, bold=True),
                page.cell(finding.outcome.label, bold=True, fill=_COLOURS.get(finding.outcome)),
                self.names.subject(finding.subject),
                finding.message,
                "\n".join(f"· {fact}" for fact in facts[:_MOST_PLACES]) + _more(len(facts)),
                # a link does not wrap in LibreOffice; the sheet of facts has a link for each
                self._place(page, places[0], places[0] + _of(len(places))) if places else None,
                finding.advice or "",
                page.cell(
                    article(self.report.edition, finding.citation.provision, heading=True),
                    colour=LINK,
                    link=f"#'{PROVISIONS.to(self.lang)}'!A{rows[finding.citation]}",
                ),
                finding.severity.label,
                finding.slots[0] + _of(len(finding.slots)) if finding.slots else None,
            )
        page.end(10)

    def reasons(self) -> None:
        """Each fact on a row of its own, so that each has its link."""
        page = self.page(REASONS, 9, 20, 12, 70, 34, 18)
        page.head(
            Bilingual("义务", "Duty"),
            Bilingual("对象", "About"),
            Bilingual("认定", "Outcome"),
            Bilingual("依据", "Fact"),
            Bilingual("记录", "Record"),
            Bilingual("台账位置", "Cell"),
        )
        for finding in self._worst_first():
            for reason in finding.because:
                page.put(
                    finding.obligation.id,
                    self.names.subject(finding.subject),
                    page.cell(finding.outcome.label, fill=_COLOURS.get(finding.outcome)),
                    reason.text,
                    reason.record or Bilingual("无记录", "no record"),
                    self._place(page, reason.source) if reason.source else None,
                )
        page.end(6)

    def todo(self) -> None:
        """Soonest first."""
        page = self.page(TODO, 12, 64, 24, 9, 22, 36)
        page.head(
            Bilingual("期限", "By"),
            Bilingual("事项", "What"),
            Bilingual("责任人", "Who"),
            Bilingual("义务", "Duty"),
            Bilingual("条款", "Article"),
            Bilingual("文书", "Paper"),
        )
        for todo in self.report.todo:
            late = todo.by is not None and todo.by < self.report.on
            provision = self.report.edition.obligation(todo.obligation).provision
            page.put(
                page.cell(str(todo.by or "—"), fill=_COLOURS[Outcome.VIOLATED] if late else None),
                todo.what,
                self.names.persons(todo.who.split("、")) if todo.who else Bilingual("未定", "not set"),
                todo.obligation,
                article(self.report.edition, provision, heading=True),
                listed(paper.label for paper in todo.papers) if todo.papers else "",
            )
        page.end(6)

    def slots(self) -> None:
        """Every slot: what was due, and what became of it."""
        page = self.page(SLOTS, 22, 26, 12, 12, 12, 16, 36, 16)
        page.head(
            Bilingual("类别", "Cadence"),
            Bilingual("门店", "Outlet"),
            Bilingual("时段", "Period"),
            Bilingual("起", "From"),
            Bilingual("止", "To"),
            Bilingual("状态", "Status"),
            Bilingual("记录", "Record"),
            Bilingual("台账位置", "Cell"),
        )
        marks: dict[Any, Any] = {}
        for slot in self.report.slots:
            if slot.status not in marks:
                marks[slot.status] = mark(page, slot.status, page.words(slot.status.label))
            source = self._source(slot.record)
            page.put(
                slot.cadence.label,
                self.names.outlet(slot.outlet) if slot.outlet else None,
                str(slot.period),
                slot.period.start,
                slot.period.end,
                marks[slot.status],
                slot.record,
                self._place(page, source) if source else None,
            )
        page.end(8)

    def provisions(self) -> None:
        """The words of the law that the findings rest on, once each."""
        page = self.page(PROVISIONS, 26, 120)
        page.head(Bilingual("条款", "Article"), Bilingual("条文", "Text"))
        for citation in self._cited():
            page.put(
                page.cell(article(self.report.edition, citation.provision, heading=True), bold=True),
                citation.text,
            )
        page.end(2)

    def about(self) -> None:
        """What the answer rests on."""
        page = self.page(ABOUT, 26, 34, 90)
        page.drawn.page_setup.fitToHeight, page.drawn.print_title_rows = 1, None
        receipt = self.report.receipt.to_dict()
        usual = Readings().to_dict()
        page.put(page.cell(Bilingual("声明", "Note"), bold=True))
        page.heading(self.report.disclaimer, size=10)
        page.put(page.cell(Bilingual("解释口径", "Readings"), bold=True))
        for name, option in receipt.pop("readings").items():
            asked = reading(name)
            meaning = asked.options.get(str(option)) or asked.options["n"]
            default = Bilingual("（默认）", " (the default)") if option == usual[name] else Bilingual("", "")
            page.put(name, Bilingual(f"{option}{default.zh}", f"{option}{default.en}"), _after(asked.question, meaning))
        page.put(page.cell(Bilingual("回执", "Receipt"), bold=True))
        for name, value in receipt.items():
            page.put(name, page.cell(str(value), wrap=False))

    def _cited(self) -> tuple[Citation, ...]:
        """Every citation once, in the order of the articles."""
        return tuple(dict.fromkeys(finding.citation for finding in self.report.findings))

    def _worst_first(self) -> Iterator[Finding]:
        for outcome in Outcome:
            yield from self.report.of(outcome)

    def _source(self, record: str | None) -> str | None:
        return self.report.dossier.sources.get(record) if record else None

    def _place(self, page: Page, place: str, words: str = "") -> Any:
        if self.ledger is None:
            return page.cell(words or place)
        sheet, _, cell = place.rpartition("!")
        link = f"{self.ledger}#'{sheet.replace(chr(39), chr(39) * 2)}'!{cell}"
        return page.cell(words or place, colour=LINK, link=link)


def _after(question: Bilingual, meaning: Bilingual) -> Bilingual:
    return Bilingual(f"{question.zh} — {meaning.zh}", f"{question.en} — {meaning.en}")


def _of(count: int) -> str:
    return f" …（{count}）" if count > 1 else ""


def _more(count: int) -> str:
    return f" …（{count}）" if count > _MOST_PLACES else ""
