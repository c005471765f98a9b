"""The report as a page: one file, nothing loaded from elsewhere, no script; for a phone, a desk and paper, in light and dark.

The order is that of a reader: what must be said first, the answer, what to do, what happened, what was found and why, what could follow,
and what it all rests on.
"""

from collections import Counter
from collections.abc import Sequence
from functools import cache
from importlib.resources import files
from pathlib import Path
from typing import get_args
from urllib.parse import quote

from qsafety.assessment.marks import COLOURS
from qsafety.assessment.names import Names
from qsafety.assessment.page.answer import answer, posts, readings, receipt, uncovered
from qsafety.assessment.page.calendar import calendars
from qsafety.assessment.page.calendar import style_of as status_style
from qsafety.assessment.page.elements import Html, Tags
from qsafety.assessment.page.findings import Articles, Linked, badge
from qsafety.assessment.page.follows import exposure, harbours
from qsafety.assessment.page.todo import todo_list
from qsafety.assessment.report import Report
from qsafety.assessment.sentences import CADENCE_RECORDS, TITLE, not_given
from qsafety.bilingual import Bilingual, Lang
from qsafety.errors import UnknownNameError
from qsafety.law.vocabulary import Outcome

_POLICY = "default-src 'none'; style-src 'unsafe-inline'; base-uri 'none'; form-action 'none'"
"""Tells the browser to load and to send nothing, whatever the page says."""


def page(
    report: Report,
    lang: Lang = "zh",
    *,
    ledger: str | None = None,
    today: bool = False,
    unread: Sequence[str] = (),
    notes: Sequence[Bilingual] = (),
) -> str:
    """The report as HTML.

    ``ledger`` is where the ledger workbook lies, seen from the page (``../台账.xlsx``): cells are then links into it. ``today`` says that
    nobody chose the day asked about, ``unread`` which sheets were not read, ``notes`` what else is to be said of the input. A language
    that is not there is an :class:`~qsafety.errors.UnknownNameError`.
    """
    if lang not in get_args(Lang):
        raise UnknownNameError(Bilingual("语言", "language"), lang, get_args(Lang))
    tags, names, linked = Tags(lang), Names.of(report.dossier, lang), links_into(ledger)
    articles = Articles(tags, report, names, linked)
    sections = [
        section(tags, "todo", Bilingual("待办", "To do"), todo_list(tags, report, names)),
        section(
            tags,
            "days",
            Bilingual("日管控、周排查、月调度", "Daily control, weekly screening, monthly coordination"),
            calendars(tags, report.slots, names),
            tags.p(missing, class_="faint") if (missing := not_given(report, CADENCE_RECORDS)) else None,
        ),
        section(tags, "findings", Bilingual("认定", "Findings"), articles.index(), articles.sections()),
        section(
            tags, "exposure", Bilingual("责任风险（第十七条）", "Exposure (Article 17)"), exposure(tags, report, linked)
        ),
        section(
            tags,
            "harbour",
            Bilingual("意见未被采纳时的履职尽责（第十六条）", "Safe harbour (Article 16)"),
            harbours(tags, report, names, linked),
        ),
        section(tags, "posts", Bilingual("在任人员", "Who is in post"), posts(tags, report, names)),
        section(tags, "readings", Bilingual("解释口径", "Readings"), readings(tags, report)),
        section(
            tags,
            "uncovered",
            Bilingual("未涉及的资料与条文", "What this report does not cover"),
            uncovered(tags, report, unread, notes),
        ),
    ]
    body = tags.body(
        tags.a(Bilingual("跳到正文", "Skip to the report"), href="#main", class_="skip"),
        _header(tags, report, today),
        tags.main(answer(tags, report, names, linked), sections, id="main"),
        tags.footer(tags.p(tags.strong(report.disclaimer)), receipt(tags, report)),
    )
    return f"<!DOCTYPE html>\n{tags.html(_head(tags, report), body, lang='zh-CN' if lang == 'zh' else 'en')}\n"


def section(tags: Tags, name: str, title: Bilingual, *inside: Html | list[Html] | None) -> Html | None:
    """A part of the page under its heading; nothing where there is nothing in it."""
    if not any(inside):
        return None
    return tags.section(tags.h2(title, id=f"{name}-title"), inside, id=name, aria_labelledby=f"{name}-title")


def links_into(ledger: str | None) -> Linked:
    """The address of a cell of the ledger: ``台账.xlsx#日检查!A17``, percent-encoded."""
    if ledger is None:
        return lambda place: None
    path = Path(ledger)
    address = path.as_uri() if path.is_absolute() else quote(path.as_posix())
    return lambda place: f"{address}#{quote(place, safe='!')}"


def _head(tags: Tags, report: Report) -> Html:
    seller = report.dossier.seller
    return tags.head(
        tags.meta(charset="utf-8"),
        tags.meta(name="viewport", content="width=device-width, initial-scale=1"),
        tags.meta(http_equiv="Content-Security-Policy", content=_POLICY),
        tags.meta(name="referrer", content="no-referrer"),
        tags.meta(name="robots", content="noindex"),
        tags.meta(name="color-scheme", content="light dark"),
        tags.meta(name="generator", content=f"qsafety {report.receipt.version}"),
        tags.title(f"{seller.name} · {report.on} · ", TITLE),
        Html(f"<style>{style_sheet()}</style>"),
    )


@cache
def style_sheet() -> str:
    """The style of the page, with the colours of the statuses."""
    rules = [
        f".{status_style(status)}{{fill:#{ground};background:#{ground};color:#{letter};--letter:#{letter}}}"
        for status, (ground, letter) in COLOURS.items()
    ]
    return (files("qsafety.assessment.page") / "style.css").read_text("utf-8") + "\n".join(rules) + "\n"


def _header(tags: Tags, report: Report, today: bool) -> Html:
    seller = report.dossier.seller
    notices = [tags.p(notice) for notice in report.notices]
    chosen = Bilingual(
        f"（未指定，取单位所在地的今天，{seller.tz}）", f" (not given: today at the seller, {seller.tz})"
    )
    facts = [
        (Bilingual("判断日", "On"), [tags.strong(str(report.on)), chosen if today else None]),
        (Bilingual("起始日", "Since"), [tags.strong(str(report.since))]),
        (Bilingual("版本", "Edition"), [report.edition.title, " ", tags.code(report.edition.id)]),
    ]
    counts = Counter(finding.outcome for finding in report.findings)
    return tags.header(
        tags.div(notices, class_="notice", role="note") if notices else None,
        tags.p(TITLE, class_="kicker"),
        tags.h1(seller.name, " ", tags.code(seller.id)),
        tags.dl([tags.div(tags.dt(name), tags.dd(what)) for name, what in facts], class_="about"),
        tags.p([[badge(tags, o, counts[o]), " "] for o in Outcome if counts[o]], class_="counts"),
    )
