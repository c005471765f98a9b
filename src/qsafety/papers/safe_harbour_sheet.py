"""《尽职免责情况表》: Article 16, last paragraph.

What the records say of one opinion that was not adopted: who raised it, what was answered and why, and what follows for who raised it. The
sheet decides nothing: what the text leaves to a person stays for a person.
"""

from collections.abc import Sequence
from datetime import date
from typing import Annotated, Any

import attrs

from qsafety.bilingual import Bilingual
from qsafety.dossier import Opinion, as_known_on
from qsafety.findings import Case
from qsafety.law import message
from qsafety.law.editions import Edition
from qsafety.law.vocabulary import FurtherPaper
from qsafety.papers.asking import Asked, Chosen, as_of
from qsafety.papers.book import Book
from qsafety.papers.daily_record import BOXES
from qsafety.papers.records import choose_record, posts_of
from qsafety.papers.sheets import Sheet, common, empty
from qsafety.papers.veto_papers import raised
from qsafety.papers.wording import named, plain_day, short_day, stamp
from qsafety.rules.a16_harbour import safe_harbours


@attrs.frozen(kw_only=True)
class Ground:
    """One row of what the conclusion rests on."""

    no: Annotated[int, Bilingual("序号", "number of the row")]
    text: Annotated[str, Bilingual("事实", "the fact")]
    source: Annotated[str, Bilingual("记录编号", "id of the record")]


@attrs.frozen(kw_only=True)
class SafeHarbourSheet(Sheet):
    """The variables of ``safe_harbour_sheet.docx``."""

    as_of: Annotated[str, Bilingual("截至日期；不限为空", "as of which day; empty: all that is known")]
    person: Annotated[str, Bilingual("提出人", "who raised it")]
    post: Annotated[str, Bilingual("提出人当时的职务", "the post of who raised it, then")]
    sort: Annotated[str, Bilingual("类别：意见、建议、否决", "opinion, suggestion or veto")]
    opinion: Annotated[str, Bilingual("意见编号", "id of the opinion")]
    raised_at: Annotated[str, Bilingual("提出时间", "when it was raised")]
    subject: Annotated[str, Bilingual("意见内容", "what it says")]
    matter: Annotated[str, Bilingual("所涉决策、缺陷或隐患", "the decision, defect or hazard it is about")]
    answer: Annotated[str, Bilingual("答复：采纳、部分采纳、未采纳；未答复为空", "the answer; empty: none")]
    answered_by: Annotated[str, Bilingual("答复人", "who answered")]
    answered_at: Annotated[str, Bilingual("答复时间", "when it was answered")]
    justification: Annotated[str, Bilingual("未采纳的理由", "the reason given")]
    applies_box: Annotated[str, Bilingual("“从记录看适用”框", "box: applies on the record")]
    not_box: Annotated[str, Bilingual("“不适用”框", "box: does not apply")]
    judge_box: Annotated[str, Bilingual("“需人工判断”框", "box: a person must judge")]
    unknown_box: Annotated[str, Bilingual("“资料不足”框", "box: a fact is missing")]
    reason: Annotated[str, Bilingual("说明", "why")]
    grounds: Annotated[Sequence[Ground], Bilingual("依据的记录各行", "what it rests on")]
    provision: Annotated[str, Bilingual("第十六条末款原文", "the last paragraph of Article 16, word for word")]
    disclaimer: Annotated[str, Bilingual("声明", "the disclaimer")]


def choose_opinion(plan: Book, asked: Asked) -> Chosen[Opinion]:
    """The opinion of the given id, or the only one; the period is the day as of which."""
    what = Bilingual("意见建议", "opinion")
    opinions = plan.dossier.opinions or ()
    chosen = choose_record(FurtherPaper.SAFE_HARBOUR_SHEET, what, opinions, asked, lambda o: raised(plan, o))
    return attrs.evolve(chosen, day=as_of(asked.period))


def safe_harbour_sheet(plan: Book, chosen: Chosen[Opinion], sheet: Sheet, edition: Edition) -> SafeHarbourSheet:
    """The context of the sheet of one opinion; without one, of the empty form."""
    opinion = chosen.fact
    last = edition.quote("16.4").strip()
    said: dict[str, Any] = {"provision": last, "disclaimer": message("general", "disclaimer").zh}
    if opinion is None:
        boxes = dict.fromkeys(("applies_box", "not_box", "judge_box", "unknown_box"), BOXES[False])
        form: dict[str, Any] = {**empty(SafeHarbourSheet), **common(sheet), **said, **boxes}
        return SafeHarbourSheet(**form)
    day = chosen.day or date.max
    known = plan.dossier if day == date.max else as_known_on(plan.dossier, day)
    found = next((h for h in safe_harbours(Case(known, day, day, edition)) if h.matter == opinion.id), None)
    outcome = found.outcome if found else "unknown"
    answer = opinion.answer
    name = named(plan.names, opinion.raised_by)
    return SafeHarbourSheet(
        **common(sheet),
        **said,
        as_of="" if day == date.max else plain_day(day),
        person=name,
        post=posts_of(plan, opinion.raised_by, raised(plan, opinion)),
        sort=opinion.kind.zh,
        opinion=opinion.id,
        raised_at=stamp(opinion.raised_at, plan.zone),
        subject=opinion.subject,
        matter=_matter(plan, opinion),
        answer=answer.outcome.zh if answer else "",
        answered_by=named(plan.names, answer.by) if answer else "",
        answered_at=stamp(answer.at, plan.zone) if answer else "",
        justification=(answer.justification or "") if answer else "",
        applies_box=BOXES[outcome == "applies"],
        not_box=BOXES[outcome == "not_applicable"],
        judge_box=BOXES[outcome == "needs_judgement"],
        unknown_box=BOXES[outcome == "unknown"],
        reason=found.reason.zh if found else "",
        grounds=tuple(
            Ground(
                no=n,
                text=ground.text.zh.replace(f"{opinion.raised_by} 于", f"{name} 于", 1),
                source=ground.record or "",
            )
            for n, ground in enumerate(found.because if found else (), 1)
        ),
    )


def _matter(plan: Book, opinion: Opinion) -> str:
    """What the opinion is about: its id, and what the records say of it."""
    if opinion.about is None:
        return ""
    for decision in plan.dossier.decisions or ():
        if decision.id == opinion.about:
            by = named(plan.names, decision.decided_by)
            return (
                f"{decision.subject}（{decision.id}，{' '.join(filter(None, (short_day(decision.decided_on), by)))}）"
            )
    for defect in plan.dossier.defects or ():
        if defect.id == opinion.about:
            return f"{plan.product_names.get(defect.product, defect.product)} 缺陷（{defect.id}，{short_day(defect.found_on)}）"
    for hazard in plan.dossier.hazards or ():
        if hazard.id == opinion.about:
            return f"{hazard.description}（{hazard.id}，{short_day(hazard.found_on)}）"
    return opinion.about
