"""What an inspector looks at first, in the order of Article 14: the responsibility system, hazards found, rectification.

第十四条: 责任制等管理制度的建立与落实; 日管控、周排查、月调度中发现的风险隐患; 整改情况. Facts only, each with its record; no verdict.
"""

import io
from collections.abc import Iterator, Sequence
from datetime import date
from typing import Any

from attrs import frozen

from qsafety.archive.index import completeness
from qsafety.archive.redaction import Redaction
from qsafety.dossier import Dossier, Hazard, Posts
from qsafety.law.editions import Edition
from qsafety.law.vocabulary import HazardSource, Role
from qsafety.papers.packages import Properties, settle
from qsafety.papers.specs import OFFICE
from qsafety.rules.a13_archive import TITLES, Manifest

TITLE = "监督检查要点（第十四条）"
_STATES = {"open": "未处置", "contained": "已采取防范措施", "rectified": "已整改，待复核", "verified": "已整改并复核"}
_SOURCES = (
    (HazardSource.DAILY, "日管控发现"),
    (HazardSource.WEEKLY, "周排查发现"),
    (HazardSource.MONTHLY, "月调度发现"),
)


@frozen
class Part:
    """A heading, sentences, and a table with its head."""

    title: str
    lines: Sequence[str]
    heads: Sequence[str] = ()
    rows: Sequence[Sequence[str]] = ()


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
    names = {person.id: person.name for person in known.people or ()}
    hazards = [h for h in known.hazards or () if since <= h.found_on <= until]
    parts = [
        *_system(known, names, on),
        *_found(known, hazards),
        _rectified(known, hazards, names, on),
        _kept(found),
    ]
    return Cover(seller=known.seller.name, about=about, parts=parts)


def _system(known: Dossier, names: dict[str, str], on: date) -> Iterator[Part]:
    """一、质量安全责任制等管理制度的建立与落实."""
    posts = Posts.of(known.appointments)
    rows = [
        (role.zh, _named(t.appointment.person, names), t.appointment.outlet or "全部", str(t.start), t.appointment.id)
        for role in Role
        for t in posts.on(role, on)
    ]
    given = [] if known.appointments is not None else ["任职资料未提供。"]
    yield Part("一、质量安全责任制：在任人员", given, ("岗位", "人员", "门店", "起", "记录编号"), rows)
    texts = [
        (
            text.title or text.kind.zh,
            text.version,
            text.status.zh,
            _day(text.approved_on),
            _day(text.effective_on),
            text.id,
        )
        for text in known.texts or ()
        if text.repealed_on is None or text.repealed_on > on
    ]
    given = [] if known.texts is not None else ["制度资料未提供。"]
    yield Part("一、质量安全责任制：管理制度", given, ("名称", "版本", "状态", "批准", "生效", "记录编号"), texts)


def _found(known: Dossier, hazards: Sequence[Hazard]) -> Iterator[Part]:
    """二、日管控、周排查、月调度中发现的风险隐患."""
    lines = [] if known.hazards is not None else ["隐患资料未提供。"]
    counts = "，".join(f"{title} {sum(h.source is source for h in hazards)} 项" for source, title in _SOURCES)
    others = sum(h.source not in dict(_SOURCES) for h in hazards)
    yield Part("二、发现的风险隐患", [*lines, f"期间内{counts}，其他来源 {others} 项。"])
    for source, title in _SOURCES:
        rows = [
            (str(h.found_on), h.outlet or "", h.item or "", h.description, h.severity.zh if h.severity else "", h.id)
            for h in hazards
            if h.source is source
        ]
        if rows:
            yield Part(f"二、{title}", [], ("发现日期", "门店", "清单项", "描述", "程度", "记录编号"), rows)


def _rectified(known: Dossier, hazards: Sequence[Hazard], names: dict[str, str], on: date) -> Part:
    """三、整改情况."""
    overdue = [h for h in hazards if h.done_on is None and h.due_on is not None and h.due_on < on]
    states = "，".join(f"{label} {sum(h.state == state for h in hazards)} 项" for state, label in _STATES.items())
    rows = [
        (h.id, _STATES[h.state], _named(h.owner, names), _day(h.due_on), _day(h.done_on), _day(h.verified_on))
        for h in hazards
    ]
    heads = ("隐患", "状态", "责任人", "期限", "完成", "复核")
    return Part("三、整改情况", [f"{states}；超过期限未完成 {len(overdue)} 项。"], heads, rows)


def _kept(found: Manifest) -> Part:
    """四、存档情况 (Article 13)."""
    rows = [
        (f.slot, TITLES[f.slot].zh, str(f.due), str(f.there), str(f.late), str(f.missing), str(f.unknown))
        for f in completeness(found)
    ]
    heads = ("类号", "存档内容", "应有", "已有", "其中逾期", "缺", "资料不足")
    return Part("四、存档情况（第十三条）", ["逐项见同一文件夹的目录。条文没有规定保存期限。"], heads, rows)


def _named(person: str | None, names: dict[str, str]) -> str:
    name = names.get(person or "", "")
    return f"{name}（{person}）" if name and name != person else person or ""


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
        for foot in (section.footer, section.header):
            for paragraph in foot.paragraphs:
                paragraph.clear()
    _paragraph(document, page.seller, "单位名称")
    _paragraph(document, TITLE, "文书标题")
    for line in page.about:
        _paragraph(document, line, "小字")
    for part in page.parts:
        _paragraph(document, part.title, "栏目名")
        for line in part.lines:
            _paragraph(document, line, "栏目内容")
        if part.rows:
            _table(document, part)
    _paragraph(document, "", "末尾")
    saved = io.BytesIO()
    document.save(saved)
    return settle(
        saved.getvalue(), Properties(title=TITLE, subject="第十四条", author=page.seller, keywords="监督检查")
    )


def _paragraph(document: Any, text: str, style: str) -> None:
    document.add_paragraph(text, style=style).paragraph_format.keep_with_next = style == "栏目名"


def _table(document: Any, part: Part) -> None:
    from docx.oxml import OxmlElement
    from docx.oxml.ns import qn

    table = document.add_table(rows=0, cols=len(part.heads))
    borders = OxmlElement("w:tblBorders")
    for side in ("top", "left", "bottom", "right", "insideH", "insideV"):
        line = OxmlElement(f"w:{side}")
        for name, value in (("val", "single"), ("sz", "4"), ("space", "0"), ("color", "7F7F7F")):
            line.set(qn(f"w:{name}"), value)
        borders.append(line)
    table._tbl.tblPr.insert_element_before(borders, "w:shd", "w:tblLayout", "w:tblCellMar", "w:tblLook")
    for number, row in enumerate((part.heads, *part.rows)):
        cells = table.add_row()
        for cell, text in zip(cells.cells, row, strict=True):
            cell.paragraphs[0].add_run(text)
            cell.paragraphs[0].style = "表头" if number == 0 else "表格文字"
        if number == 0:
            head = OxmlElement("w:tblHeader")
            cells._tr.get_or_add_trPr().append(head)
