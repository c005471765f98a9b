"""The report as a person reads it: what applies, who is in post, what was done and when, what is wrong, and what to do.

The same lines serve :meth:`Report.explain`, which leaves each as long as it is, and the command line, which lays them out in 80 columns.
"""

from collections import Counter
from collections.abc import Callable, Iterable, Sequence
from datetime import date
from functools import partial
from typing import get_args

from qsafety.assessment.answers import findings_of, remarks, without_trouble
from qsafety.assessment.heatmap import heatmap
from qsafety.assessment.lines import WIDTH, Line, Page, Words, apart
from qsafety.assessment.names import Names, day
from qsafety.assessment.penalty import exposure_of, harbours_of
from qsafety.assessment.report import Report
from qsafety.assessment.sentences import (
    CADENCE_RECORDS,
    TITLE,
    asked_once,
    given_empty,
    limb_gist,
    not_computed,
    not_given,
    option_words,
    perhaps_partial,
    tenure_details,
    whether_required,
)
from qsafety.assessment.todo import Todo
from qsafety.bilingual import Bilingual, Lang
from qsafety.dossier import Posts, as_known_on
from qsafety.errors import UnknownNameError
from qsafety.law.readings import Readings, reading
from qsafety.law.vocabulary import Outcome, Role

__all__ = ["document", "explain", "todo_lines"]

RULE = "─" * WIDTH
_DIGITS = " 一二三四五六七八九"
_STYLES = {
    Outcome.VIOLATED: "bad",
    Outcome.NEEDS_JUDGEMENT: "warn",
    Outcome.UNKNOWN: "warn",
    Outcome.SATISFIED: "good",
}


def explain(report: Report, lang: Lang = "zh") -> str:
    """The report as plain text, complete, in one language; a paragraph is one line, however long.

    A language that is not there is an :class:`~qsafety.errors.UnknownNameError`.
    """
    if lang not in get_args(Lang):
        raise UnknownNameError(Bilingual("语言", "language"), lang, get_args(Lang))
    return "\n".join(map(str, document(report, lang))) + "\n"


def document(
    report: Report,
    lang: Lang = "zh",
    *,
    today: bool = False,
    unread: Sequence[str] = (),
    notes: Sequence[Bilingual] = (),
) -> list[Line]:
    """The lines of the report.

    ``today`` says that nobody chose the day asked about, ``unread`` which sheets of the input were not read, ``notes`` what else is to be
    said of it.
    """
    page = Page(lang)
    for notice in report.notices:
        page.put((notice, "warn"))
    page.blank()
    _title(page, report, today)
    number = 0
    left_out: _Write = partial(_left_out, unread=unread, notes=notes)
    for title, write in (*_SECTIONS, (_LEFT_OUT, left_out)):
        part = Page(lang)
        write(part, report)
        if part.lines:
            number += 1
            page.blank()
            page.put((f"{_numeral(number)}、" if lang == "zh" else f"{number}. ", "head"), (title, "head"))
            page.add(part.lines)
    page.blank()
    page.put((RULE, "faint"))
    _receipt(page, report)
    page.put((report.disclaimer, "faint"))
    return page.lines


def _numeral(number: int) -> str:
    """1 to 19 in Chinese."""
    return ("十" if number > 9 else "") + _DIGITS[number % 10].strip()


def _title(page: Page, report: Report, today: bool) -> None:
    seller = report.dossier.seller
    page.put((TITLE, "title"))
    page.put((RULE, "faint"))
    width = 8 if page.lang == "zh" else 10
    page.entry(Bilingual("单位", "Seller"), f"{seller.name}  {seller.id}", width=width)
    chosen = Bilingual(
        f"（未指定，取单位所在地的今天，{seller.tz}）", f" (not given: today at the seller, {seller.tz})"
    )
    page.entry(Bilingual("判断日", "On"), str(report.on), (chosen if today else "", "faint"), width=width)
    page.entry(Bilingual("起始日", "Since"), str(report.since), width=width)
    page.entry(Bilingual("版本", "Edition"), report.edition.title, (f"  {report.edition.id}", "faint"), width=width)
    counts = Counter(finding.outcome for finding in report.findings)
    parts = [(f"{o.label.to(page.lang)} {counts[o]}", _STYLES.get(o, "")) for o in Outcome if counts[o]]
    page.entry(Bilingual("认定", "Findings"), *apart(parts), width=width)


def _scope(page: Page, report: Report) -> None:
    for finding in report.findings:
        if finding.obligation.id == "A02.1":
            page.put("  ", (finding.message, _STYLES.get(finding.outcome, "")), hang=2)
            for reason in finding.because:
                source = f"[{reason.source}]" if reason.source else ""
                page.put("  · ", reason.text, "  ", (source, "cell"), hang=4)
            if finding.advice:
                page.put("  ", finding.advice, hang=2)


def _director(page: Page, report: Report) -> None:
    need = report.director
    names = Names.of(report.dossier, page.lang)
    answer = whether_required(need)
    page.put("  ", (answer, "warn" if need.required is None else "head" if need.required else ""), hang=2)
    for limb in need.by:
        page.put(f"  · {limb}  ", limb_gist(report, limb), hang=4)
    if need.in_post:
        page.put(Bilingual("  在任：", "  In post: "), names.persons(need.in_post), hang=2)
    else:
        page.put("  ", (Bilingual("没有在任的质量安全总监", "no director is in post"), "bad" if need.required else ""))
    for path in need.missing:
        page.put(Bilingual("  缺少：", "  Missing: "), (names.missing(path), "warn"), hang=4)


def _posts(page: Page, report: Report) -> None:
    known = as_known_on(report.dossier, report.on)
    if known.appointments is None:
        page.put("  ", Bilingual("未提供任职资料", "no appointments were given"))
        return
    names = Names.of(report.dossier, page.lang)
    posts = Posts.of(known.appointments)
    for role in Role:
        tenures = posts.on(role, report.on)
        title = role.label.to(page.lang)
        width = 14 if page.lang == "zh" else 25
        if not tenures:
            page.entry(title, (Bilingual("无人在任", "nobody in post"), "warn"), width=width)
        for tenure in tenures:
            details = (tenure_details(tenure, names), "faint")
            page.entry(title, names.person(tenure.appointment.person), "  ", details, width=width)
            title = ""


def _days(page: Page, report: Report) -> None:
    names = Names.of(report.dossier, page.lang)
    page.add(heatmap(report.slots, names.outlets, page.lang))
    if (missing := not_given(report, CADENCE_RECORDS)) is not None:
        page.put("  ", missing, hang=2)


def _todo(page: Page, report: Report) -> None:
    if report.todo:
        page.put((Bilingual("  期限        事项，责任人，义务", "  By          What, who, which duty"), "faint"))
    page.add(todo_lines(report.todo, Names.of(report.dossier, page.lang), report.on, page.lang))


def todo_lines(todo: Iterable[Todo], names: Names, on: date, lang: Lang) -> list[Line]:
    """What is to be done: by when, what, who, which duty; what is overdue is marked. One thing that several duties ask for stands once."""
    page = Page(lang)
    for asked in asked_once(todo):
        overdue = asked.by is not None and asked.by < on
        page.put(
            (f"  {day(asked.by):10}  ", "bad" if overdue else "open" if asked.by == on else ""),
            (Bilingual("已逾期 ", "overdue: ") if overdue else "", "bad"),
            asked.what,
            "  ",
            *_who(asked.who, names),
            ("  " + "  ".join(asked.obligations), "faint"),
            hang=14,
        )
    return page.lines


def _who(who: str | None, names: Names) -> list[tuple[Words, str]]:
    if who is None:
        return [(Bilingual("（未定）", "(nobody named)"), "faint")]
    spans: list[tuple[Words, str]] = []
    for person in who.split("、"):
        spans.extend([(Bilingual("、", ", ") if spans else "", "faint"), (names.person(person), "cell")])
    return spans


def _readings(page: Page, report: Report) -> None:
    chosen, usual = report.readings.to_dict(), Readings().to_dict()
    for name, option in chosen.items():
        if option != usual[name]:
            question = reading(name)
            meaning = question.options.get(str(option)) or question.options.get("n")
            page.put(
                "  ",
                (f"{name}={option_words(option)}", "warn"),
                Bilingual(f"（默认 {usual[name]}）：", f" (default {usual[name]}): "),
                question.question,
                *([Bilingual(" — ", " — "), meaning] if meaning else []),
                hang=4,
            )
    page.put("  ", ("  ".join(f"{name}={option_words(option)}" for name, option in chosen.items()), "faint"), hang=2)


def _left_out(page: Page, report: Report, unread: Sequence[str], notes: Sequence[Bilingual]) -> None:
    for note in notes:
        page.put("  ", note, hang=2)
    if unread:
        names = Bilingual("、".join(unread), ", ".join(unread))
        page.put(Bilingual("  未读取的工作表：", "  Sheets that were not read: "), names, hang=2)
    for said in (not_given(report), given_empty(report), perhaps_partial(report), not_computed()):
        if said is not None:
            page.put("  ", said, hang=2)


def _exposure(page: Page, report: Report) -> None:
    exposure_of(page, report.exposure, report.edition)


def _harbours(page: Page, report: Report) -> None:
    harbours_of(page, report.safe_harbour, Names.of(report.dossier, page.lang))


def _receipt(page: Page, report: Report) -> None:
    receipt = report.receipt
    text, dossier = receipt.text_sha256[:12], receipt.dossier_sha256[:12]
    words = Bilingual(
        f"回执  qsafety {receipt.version}  条文 {text}  档案 {dossier}",
        f"Receipt  qsafety {receipt.version}  text {text}  dossier {dossier}",
    )
    page.put((words, "faint"), hang=2)


_Write = Callable[[Page, Report], None]
_SECTIONS: tuple[tuple[Bilingual, _Write], ...] = (
    (Bilingual("本规定是否适用", "Does the regulation apply"), _scope),
    (Bilingual("质量安全总监", "Quality safety director"), _director),
    (Bilingual("在任人员", "Who is in post"), _posts),
    (Bilingual("日管控、周排查、月调度", "Daily control, weekly screening, monthly coordination"), _days),
    (Bilingual("不符合", "Violated"), partial(findings_of, outcome=Outcome.VIOLATED)),
    (Bilingual("需人工判断", "Needs judgement"), partial(findings_of, outcome=Outcome.NEEDS_JUDGEMENT)),
    (Bilingual("资料不足", "Unknown"), partial(findings_of, outcome=Outcome.UNKNOWN)),
    (Bilingual("提示", "Remarks"), remarks),
    (Bilingual("其余认定", "The other findings"), without_trouble),
    (Bilingual("责任风险（第十七条）", "Exposure (Article 17)"), _exposure),
    (Bilingual("意见未被采纳时的履职尽责（第十六条）", "Safe harbour (Article 16)"), _harbours),
    (Bilingual("待办", "To do"), _todo),
    (Bilingual("解释口径", "Readings"), _readings),
)
_LEFT_OUT = Bilingual("未涉及的资料与条文", "What this report does not cover")
