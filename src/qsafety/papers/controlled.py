"""What the controlled documents share: which version is printed, its revisions, who is in post, on what evidence.

A controlled document is printed as of a day, the latest where none is asked for: the version in force, the persons in post.
"""

from collections.abc import Callable, Iterator, Mapping, Sequence
from datetime import date
from functools import partial
from typing import Annotated, Any

import attrs

from qsafety.bilingual import Bilingual
from qsafety.dossier import Competence, RiskList, Text
from qsafety.errors import PaperError
from qsafety.law.editions import Edition
from qsafety.law.provisions import Provision
from qsafety.law.vocabulary import CompetenceItem, PaperKind, Role, RuleKind, TextStatus
from qsafety.papers.asking import Asked, Chosen, as_of, meant, no_draft, of_seller
from qsafety.papers.book import Book
from qsafety.papers.sheets import Revision
from qsafety.papers.wording import figure, lines, named, plain_day, short_day

Version = Text | RiskList


@attrs.frozen(kw_only=True)
class Duty:
    """One row of the table of duties: an item of the regulation, and a measure that refines it."""

    first: Annotated[bool, Bilingual("是否为该项职责的第一行", "whether this is the first row of its item")]
    text: Annotated[str, Bilingual("职责原文", "the item of the regulation, word for word")]
    measure: Annotated[str, Bilingual("细化措施", "the refined measure")]
    frequency: Annotated[str, Bilingual("频次", "how often")]
    output: Annotated[str, Bilingual("输出记录", "the record that comes of it")]


def choose_text(kind: RuleKind, paper: PaperKind, plan: Book, asked: Asked) -> Chosen[Text]:
    """The text of a duty paper. Without any, the paper is printed all the same: its duties are the regulation's."""
    texts = [t for t in plan.dossier.texts or () if t.kind is kind]
    return _choose(texts, asked, paper)


def choose_list(plan: Book, asked: Asked) -> Chosen[RiskList]:
    """The risk control list; where there is none: :class:`PaperError`."""
    chosen = _choose(plan.dossier.risk_lists or (), asked, PaperKind.RISK_CONTROL_LIST)
    if chosen.fact is None and not asked.blank:
        raise PaperError(
            Bilingual("档案中没有风险管控清单", "the dossier holds no risk control list"),
            advice=Bilingual(
                "请先录入 risk_lists；或以 blank=True 出具空白表。",
                "Give risk_lists first, or ask for the empty form with blank=True.",
            ),
        )
    return chosen


def _choose(versions: Sequence[Any], asked: Asked, paper: PaperKind) -> Chosen[Any]:
    title = paper.zh.strip("《》")
    of_seller(asked, title)
    no_draft(asked, title)
    day = as_of(asked.period)
    if asked.blank:
        return Chosen(fact=None, day=day)
    if asked.record is not None:
        known = {version.id: version for version in versions}
        if asked.record not in known:
            none = Bilingual(f"档案中没有《{title}》。", f"The dossier holds no {paper.en}.")
            raise PaperError(
                Bilingual(f"没有编号为“{asked.record}”的《{title}》", f"there is no {paper.en} {asked.record!r}"),
                advice=meant(asked.record, known, none=none),
            )
        found = known[asked.record]
    else:
        found = in_force(versions, day)
    return Chosen(fact=found, issue=found.version if found else "", day=day)


def _begins(version: Version) -> date:
    return version.effective_on or version.approved_on or date.min


def _repealed(version: Version, day: date) -> bool:
    on = version.repealed_on if isinstance(version, Text) else None
    return on <= day if on else version.status is TextStatus.REPEALED


def _approved(version: Version) -> bool:
    return version.status is not TextStatus.DRAFT and (isinstance(version, Text) or bool(version.approved_by))


def in_force(versions: Sequence[Any], day: date) -> Any:
    """The version in force on a day; where none is, the next to take effect, else the last repealed, else a draft; None without any."""

    def rank(version: Version) -> tuple[bool, bool, int, str]:
        begun = _begins(version) <= day
        distance = _begins(version).toordinal()
        gone = _repealed(version, day)
        return (_approved(version), not gone, distance if begun or gone else -distance, version.id)

    begun = [v for v in versions if _begins(v) <= day]
    usable = [v for v in begun if _approved(v) and not _repealed(v, day)]
    return max(usable or versions, key=rank, default=None)


def controlled(plan: Book, chosen: Chosen[Any], versions: Sequence[Version], *, day: date) -> dict[str, Any]:
    """What a controlled document prints of its version, as arguments for its context."""
    version: Version | None = chosen.fact
    names = plan.names
    if version is None:
        head = dict.fromkeys(("version", "status", "effective", "compiled_by", "approved_by", "approved_on"), "")
        return {**head, "revisions": (), "products": "" if day is date.min else products_sold(plan, day)}
    earlier = [v for v in versions if (_begins(v), v.id) <= (_begins(version), version.id)]
    return {
        "version": version.version,
        "status": version.status.zh,
        "effective": plain_day(version.effective_on),
        "compiled_by": named(names, version.compiled_by),
        "approved_by": named(names, version.approved_by),
        "approved_on": plain_day(version.approved_on),
        "products": products_sold(plan, day),
        "revisions": tuple(_revision(v, names) for v in sorted(earlier, key=lambda v: (_begins(v), v.id))),
    }


def _revision(version: Version, names: Mapping[str, str]) -> Revision:
    return Revision(
        version=version.version,
        status=version.status.zh,
        effective=short_day(version.effective_on),
        compiled_by=named(names, version.compiled_by),
        approved_by=named(names, version.approved_by),
        approved_on=short_day(version.approved_on),
    )


def products_sold(plan: Book, day: date) -> str:
    """The product lines sold on a day that are, or may be, under the regulation."""
    lines_ = [p for p in plan.dossier.products or () if p.active_on(day) and p.in_scope is not False]
    return "、".join(p.name for p in lines_)


def duties(edition: Edition, article: str, text: Text | None) -> Iterator[Duty]:
    """The items of Article 7 or 8, word for word, each with its refined measures; an unrefined item has a row to fill."""
    measures = text.measures if text else ()
    items = _items(edition, article)
    stray = [m for m in measures if not 1 <= m.item <= len(items)]
    if text and stray:
        listed = Bilingual("、".join(f"“{m.measure}”" for m in stray), ", ".join(repr(m.measure) for m in stray))
        raise PaperError(
            Bilingual(
                f"{text.quoted}（{text.id}）的细化措施{listed.zh}所属的项，第{_numeral(article)}条没有",
                f"{text.quoted} ({text.id}): Article {article} has no such item as that of {listed.en}",
            ),
            advice=Bilingual(f"item 应为 1 至 {len(items)}。", f"An item is 1 to {len(items)}."),
        )
    for number, item in enumerate(items, 1):
        mine = [m for m in measures if m.item == number]
        row = partial(Duty, text=item.text.strip().rstrip("；。"))
        if not mine:
            yield row(first=True, measure="", frequency="", output="")
        for i, m in enumerate(mine):
            yield row(first=i == 0, measure=m.measure, frequency=m.frequency or "", output=m.output or "")


def _items(edition: Edition, article: str) -> Sequence[Provision]:
    return [p for p in edition.provisions if p.id.startswith(f"{article}.1.")]


def _numeral(number: int | str) -> str:
    return "一二三四五六七八九十"[int(number) - 1]


def unfinished(article: str, chosen: Chosen[Text], edition: Edition) -> Iterator[Bilingual]:
    """What is left to write of a duty paper: items that no measure refines, and measures that name no record."""
    if chosen.fact is None:
        return
    measures = chosen.fact.measures
    left = [n for n in range(1, len(_items(edition, article)) + 1) if n not in {m.item for m in measures}]
    if left:
        yield Bilingual(
            f"第{_numeral(article)}条第（{'）、（'.join(map(_numeral, left))}）项没有细化措施",
            f"Article {article}: no measure refines item {', '.join(map(str, left))}",
        )
    silent = [m.measure for m in measures if not (m.output or "").strip()]
    if silent:
        yield Bilingual(
            f"没有写明输出记录的细化措施：{'、'.join(f'“{m}”' for m in silent)}",
            f"measures that name no output record: {', '.join(map(repr, silent))}",
        )


def evidence(plan: Book, person: str, role: Role, day: date) -> Callable[[CompetenceItem], str]:
    """What the records say of each condition of Article 6 for a person and role, as of a day."""
    dossier = plan.dossier
    assessed = [
        c for c in dossier.competences or () if c.person == person and c.role is role and (c.on is None or c.on <= day)
    ]
    exams = [e for e in dossier.exams or () if e.person == person and e.role is role and e.on <= day]
    trained = [t for t in dossier.trainings or () if person in t.attendees and t.on <= day]

    def said(item: CompetenceItem) -> str:
        rows = [c for c in assessed if c.item is item]
        found = [_assessment(max(rows, key=lambda c: (c.on or date.min, c.id)))] if rows else []
        if item is CompetenceItem.TRAINED_AND_EXAMINED:
            if trained:
                found.append(f"培训 {max(t.on for t in trained)}")
            if exams:
                exam = max(exams, key=lambda e: (e.on, e.id))
                score = f" {figure(exam.score)}分" if exam.score is not None else ""
                found.append(f"考核 {exam.on}{score} {'合格' if exam.passed else '不合格'}")
        return lines(found)

    return said


def _assessment(found: Competence) -> str:
    return " ".join(filter(None, ("具备" if found.met else "不具备", short_day(found.on), found.basis or "")))
