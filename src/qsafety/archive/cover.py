"""What an inspector looks at first, in the order of Article 14: the responsibility system, hazards found, rectification.

第十四条: 责任制等管理制度的建立与落实; 日管控、周排查、月调度中发现的风险隐患; 整改情况. Facts only, each with its record; no verdict.
"""

import io
from collections.abc import Iterator, Mapping, Sequence
from datetime import date
from typing import Any

from attrs import frozen

from qsafety.archive.index import Completeness, completeness
from qsafety.archive.redaction import Redaction
from qsafety.dossier import Dossier, Fact, Posts
from qsafety.law.editions import Edition
from qsafety.law.vocabulary import HazardSource, Role, RuleKind
from qsafety.papers.packages import Properties, settle
from qsafety.papers.specs import OFFICE
from qsafety.rules.a13_archive import TITLES, Manifest, ManifestEntry
from qsafety.storage.records import day_of

TITLE = "监督检查要点（第十四条）"
_STATES = {"open": "未处置", "contained": "已采取防范措施", "rectified": "已整改待复核", "verified": "已整改并复核"}
_SOURCES = (
    (HazardSource.DAILY, "日管控发现"),
    (HazardSource.WEEKLY, "周排查发现"),
    (HazardSource.MONTHLY, "月调度发现"),
)
_CADENCES = (("S7", "日管控"), ("S8", "周排查"), ("S9", "月调度"))
_FIRST = (RuleKind.RESPONSIBILITY_SYSTEM, RuleKind.POST_DUTIES, RuleKind.DIRECTOR_DUTIES, RuleKind.OFFICER_CODE)
"""What Article 14 names first stands first."""
_NAMED = 8
"""So many of what is missing are named on the page; all of it is in the index."""


@frozen
class Part:
    """A heading, sentences, and a table with its head and how wide each column is beside the others."""

    title: str
    lines: Sequence[str]
    heads: Sequence[str] = ()
    rows: Sequence[Sequence[str]] = ()
    widths: Sequence[int] = ()


@frozen(kw_only=True)
class Cover:
    """The page: whose, about when, and its parts."""

    seller: str
    about: Sequence[str]
    parts: Sequence[Part]


def cover(
    known: Dossier, found: Manifest, since: date, until: date, on: date, edition: Edition, redaction: Redaction
) -> Cover:
    """The page of a dossier as known on ``on``."""
    about = [
        f"期间：{since} 至 {until}；截至 {on} 所知",
        f"依据：{edition.title.zh}",
        edition.notice.zh,
        *([redaction.label.zh] if redaction is not Redaction.NONE else []),
        "本页只列事实和记录编号，不作认定。",
    ]
    named = _Named(
        {person.id: person.name for person in known.people or ()},
        {outlet.id: outlet.name for outlet in known.outlets or ()},
    )
    parts = [
        *_system(known, named, on),
        _carried_out(known, found, named, since, until),
        *_found(known, named, since, until),
        _rectified(known, named, since, until, on),
        _kept(found),
    ]
    return Cover(seller=known.seller.name, about=about, parts=parts)


@frozen
class _Named:
    """Names of people and outlets; an id stands beside its name."""

    people: Mapping[str, str]
    outlets: Mapping[str, str]

    def person(self, id_: str | None) -> str:
        return _with_id(id_, self.people)

    def outlet(self, id_: str | None) -> str:
        return _with_id(id_, self.outlets)


def _with_id(id_: str | None, names: Mapping[str, str]) -> str:
    name = names.get(id_ or "", "")
    return f"{name}（{id_}）" if name and name != id_ else id_ or ""


def _system(known: Dossier, named: _Named, on: date) -> Iterator[Part]:
    """一、质量安全责任制等管理制度的建立与落实: who is in post, and which rules there are."""
    posts = Posts.of(known.appointments)
    people = [
        (
            role.zh,
            named.person(t.appointment.person),
            named.outlet(t.appointment.outlet) or "全部",
            str(t.start),
            t.appointment.id,
        )
        for role in Role
        for t in posts.on(role, on)
    ]
    given = [] if known.appointments is not None else ["任职资料未提供。"]
    yield Part(
        "一、责任制等管理制度的建立与落实：在任人员",
        given,
        ("岗位", "人员", "门店", "起", "记录编号"),
        people,
        (3, 4, 5, 3, 7),
    )
    texts = sorted(known.texts or (), key=lambda text: _FIRST.index(text.kind) if text.kind in _FIRST else len(_FIRST))
    rows = [
        (
            text.title or text.kind.zh,
            text.version,
            text.status.zh,
            _day(text.approved_on),
            _day(text.effective_on),
            text.id,
        )
        for text in texts
        if text.repealed_on is None or text.repealed_on > on
    ]
    given = [] if known.texts is not None else ["制度资料未提供。"]
    yield Part(
        "一、责任制等管理制度的建立与落实：管理制度",
        given,
        ("名称", "版本", "状态", "批准", "生效", "记录编号"),
        rows,
        (7, 2, 2, 3, 3, 7),
    )


def _carried_out(known: Dossier, found: Manifest, named: _Named, since: date, until: date) -> Part:
    """落实: what was due of the three cadences and what is there; training, exams, records of performance."""
    rows = [
        (
            title,
            *_numbers(figures),
            _listed([e for e in found.entries if e.slot == slot and e.status == "missing"], named),
        )
        for slot, title in _CADENCES
        for figures in completeness(found)
        if figures.slot == slot
    ]
    told = (("履职情况记录", "条", known.performance), ("培训", "次", known.trainings), ("考核", "人次", known.exams))
    said = [
        f"{name}资料未提供" if facts is None else f"{name} {sum(_within(fact, since, until) for fact in facts)} {unit}"
        for name, unit, facts in told
    ]
    heads = ("制度", "应有", "已有", "其中逾期", "缺", "资料不足", "缺的是")
    return Part(
        "一、责任制等管理制度的建立与落实：落实", [f"期间内{'，'.join(said)}。"], heads, rows, (3, 2, 2, 2, 2, 2, 14)
    )


def _within(fact: Fact, since: date, until: date) -> bool:
    day = day_of(fact)
    return day is not None and since <= day <= until


def _listed(missing: Sequence[ManifestEntry], named: _Named) -> str:
    names = [" ".join(filter(None, (e.period, named.outlet(e.outlet)))) for e in missing]
    more = f" 等 {len(names)} 项，见目录" if len(names) > _NAMED else ""
    return "、".join(names[:_NAMED]) + more


def _found(known: Dossier, named: _Named, since: date, until: date) -> Iterator[Part]:
    """二、日管控、周排查、月调度中发现的风险隐患."""
    hazards = [h for h in known.hazards or () if since <= h.found_on <= until]
    lines = [] if known.hazards is not None else ["隐患资料未提供。"]
    counts = "，".join(f"{title} {sum(h.source is source for h in hazards)} 项" for source, title in _SOURCES)
    others = sum(h.source not in dict(_SOURCES) for h in hazards)
    yield Part("二、发现的风险隐患", [*lines, f"期间内{counts}，其他来源 {others} 项。"])
    for source, title in _SOURCES:
        rows = [
            (
                str(h.found_on),
                named.outlet(h.outlet),
                h.item or "",
                h.description,
                h.severity.zh if h.severity else "",
                h.id,
            )
            for h in hazards
            if h.source is source
        ]
        if rows:
            heads = ("发现日期", "门店", "清单项", "描述", "程度", "记录编号")
            yield Part(f"二、发现的风险隐患：{title}", [], heads, rows, (3, 5, 2, 10, 2, 5))


def _rectified(known: Dossier, named: _Named, since: date, until: date, on: date) -> Part:
    """三、整改情况: of what was found in the window, and of what was found before it and is not yet verified."""
    hazards = [h for h in known.hazards or () if since <= h.found_on <= until]
    before = [h for h in known.hazards or () if h.found_on < since and h.state != "verified"]
    overdue = [h for h in (*before, *hazards) if h.done_on is None and h.due_on is not None and h.due_on < on]
    states = "，".join(f"{label} {sum(h.state == state for h in hazards)} 项" for state, label in _STATES.items())
    lines = [f"期间内发现的：{states}。期间之前发现、尚未复核的：{len(before)} 项。超过期限未完成：{len(overdue)} 项。"]
    rows = [
        (
            h.id,
            str(h.found_on),
            h.description,
            _STATES[h.state],
            named.person(h.owner),
            _day(h.due_on),
            _day(h.done_on),
            _day(h.verified_on),
        )
        for h in (*before, *hazards)
    ]
    heads = ("隐患", "发现", "描述", "状态", "责任人", "期限", "完成", "复核")
    return Part("三、整改情况", lines, heads, rows, (3, 3, 7, 4, 4, 3, 3, 3))


def _kept(found: Manifest) -> Part:
    """四、存档情况 (Article 13)."""
    rows = [(f.slot, TITLES[f.slot].zh, *_numbers(f)) for f in completeness(found)]
    lines = [
        "逐项见同一文件夹的目录。条文没有规定保存期限。",
        "S1 至 S3：既有任职记录，又有在任者期间内的履职记录（检查、报告、纪要、履职情况），才计为已有。",
    ]
    heads = ("类号", "存档内容", "应有", "已有", "其中逾期", "缺", "资料不足")
    return Part("四、存档情况（第十三条）", lines, heads, rows, (2, 14, 2, 2, 2, 2, 2))


def _numbers(figures: Completeness) -> tuple[str, ...]:
    return tuple(str(n) for n in (figures.due, figures.there, figures.late, figures.missing, figures.unknown))


def _day(day: date | None) -> str:
    return str(day) if day else ""


def as_text(page: Cover) -> bytes:
    """The page as plain text, UTF-8."""
    lines = [page.seller, TITLE, "", *page.about]
    for part in page.parts:
        lines += ["", part.title, *part.lines]
        if part.rows:
            lines += ["  " + " | ".join(_flat(cell) for cell in row) for row in (part.heads, *part.rows)]
    return ("\n".join(lines) + "\n").encode()


def _flat(text: str) -> str:
    return " ".join(text.split())


def as_docx(page: Cover) -> bytes:
    """The page as a Word file, in the styles of the papers. Needs the extra ``docx``."""
    from docx import Document

    from qsafety.papers.specs import FURTHER

    base = next(spec for spec in FURTHER.values() if spec.kind == "archive_index").template_in(OFFICE)
    document: Any = Document(io.BytesIO(base))
    body = document.element.body
    for element in list(body):
        if not element.tag.endswith("}sectPr"):
            body.remove(element)
    for section in document.sections:
        _footer(section.footer, page.about[1])
        for paragraph in section.header.paragraphs:
            paragraph.clear()
    _paragraph(document, page.seller, "单位名称")
    _paragraph(document, TITLE, "文书标题")
    for line in page.about:
        _paragraph(document, line, "小字")
    for part in page.parts:
        _paragraph(document, part.title, "节标题", with_next=True)
        for line in part.lines:
            _paragraph(document, line, "小字", with_next=bool(part.rows))
        if part.rows:
            _table(document, part)
    _paragraph(document, "", "末尾")
    saved = io.BytesIO()
    document.save(saved)
    return settle(
        saved.getvalue(), Properties(title=TITLE, subject="第十四条", author=page.seller, keywords="监督检查")
    )


def _footer(footer: Any, basis: str) -> None:
    """On what the page rests, before the number of the page; the line of a record has no place here."""
    first, *others = footer.paragraphs
    first.runs[0].text = f"{basis}第十四条"
    for paragraph in others:
        paragraph.clear()


def _paragraph(document: Any, text: str, style: str, *, with_next: bool = False) -> None:
    document.add_paragraph(text, style=style).paragraph_format.keep_with_next = with_next


_WIDE = 14570
"""The width of the text, in twentieths of a point: A4 across."""


def _table(document: Any, part: Part) -> None:
    from docx.oxml import OxmlElement
    from docx.shared import Twips

    table = document.add_table(rows=0, cols=len(part.heads))
    table.style = "框线表"
    table.autofit = False
    widths = [Twips(_WIDE * width // sum(part.widths)) for width in part.widths]
    for column, width in zip(table.columns, widths, strict=True):
        column.width = width
    for number, row in enumerate((part.heads, *part.rows)):
        cells = table.add_row()
        for cell, text, width in zip(cells.cells, row, widths, strict=True):
            cell.width = width
            cell.paragraphs[0].add_run(text)
            cell.paragraphs[0].style = "表头" if number == 0 else "表格居中" if text.isdecimal() else "表格文字"
        properties = cells._tr.get_or_add_trPr()
        properties.append(OxmlElement("w:cantSplit"))
        if number == 0:
            properties.append(OxmlElement("w:tblHeader"))
