"""《质量安全总监职责》 and 《质量安全员守则》: Articles 7 and 8, last paragraphs.

The duties are the regulation's, word for word; the measures that refine them are the unit's own text. Who holds the post, and on what
evidence (Article 6), comes from the records; what no record holds stays an empty cell.
"""

from collections.abc import Sequence
from datetime import date
from functools import partial
from typing import Annotated

import attrs

from qsafety.bilingual import Bilingual
from qsafety.dossier import Appointment, Text
from qsafety.law.editions import Edition
from qsafety.law.vocabulary import CompetenceItem, PaperKind, Role, RuleKind
from qsafety.papers.asking import Asked, Chosen
from qsafety.papers.book import Book
from qsafety.papers.controlled import Duty, choose_text, controlled, duties, evidence
from qsafety.papers.sheets import ControlledSheet, Sheet, common
from qsafety.papers.wording import lines, named, short_day

YES_NO = {True: "是", False: "否", None: ""}


@attrs.frozen(kw_only=True)
class Director:
    """One director in post."""

    name: Annotated[str, Bilingual("姓名", "name")]
    in_management: Annotated[
        str, Bilingual("是否管理层人员：是、否；未知为空", "member of management: yes, no, or empty")
    ]
    instrument: Annotated[str, Bilingual("任命文件编号", "number of the appointment")]
    start: Annotated[str, Bilingual("任职日期", "in post since")]
    reports_to: Annotated[str, Bilingual("对谁负责", "to whom the director answers")]
    also: Annotated[str, Bilingual("在本单位的其他任职", "other roles in the unit")]


@attrs.frozen(kw_only=True)
class Condition:
    """One row of the conditions of Article 6: an item, and what the records say."""

    text: Annotated[str, Bilingual("任职条件原文", "the condition, word for word")]
    evidence: Annotated[str, Bilingual("证明材料（评定、培训、考核）", "evidence: assessment, training, exam")]


@attrs.frozen(kw_only=True)
class DirectorDuties(ControlledSheet):
    """The variables of ``director_duties.docx``."""

    directors: Annotated[Sequence[Director], Bilingual("在任的质量安全总监", "the directors in post")]
    conditions: Annotated[Sequence[Condition], Bilingual("任职条件各行", "the conditions of Article 6")]
    duties: Annotated[Sequence[Duty], Bilingual("职责各行", "the duties with their measures")]


@attrs.frozen(kw_only=True)
class Officer:
    """One officer in post."""

    name: Annotated[str, Bilingual("姓名", "name")]
    outlet: Annotated[str, Bilingual("门店；未指定为空", "outlet; empty: not named")]
    posts: Annotated[str, Bilingual("质量控制岗位", "quality-control posts held")]
    instrument: Annotated[str, Bilingual("任命文件编号", "number of the appointment")]
    start: Annotated[str, Bilingual("任职日期", "in post since")]
    reports_to: Annotated[str, Bilingual("对谁负责", "to whom the officer answers")]
    knowledge: Annotated[
        str, Bilingual("条件（一）法规标准制度的证明", "evidence of knowing laws, standards and rules")
    ]
    skill: Annotated[str, Bilingual("条件（二）教育经验技能的证明", "evidence of education, experience and skill")]
    examined: Annotated[str, Bilingual("条件（三）培训考核的证明", "evidence of training and exam")]
    other: Annotated[str, Bilingual("条件（四）其他的证明", "evidence of other competence")]


@attrs.frozen(kw_only=True)
class OfficerCode(ControlledSheet):
    """The variables of ``officer_code.docx``."""

    officers: Annotated[Sequence[Officer], Bilingual("在任的质量安全员", "the officers in post")]
    duties: Annotated[Sequence[Duty], Bilingual("职责各行", "the duties with their measures")]


def choose_duties(plan: Book, asked: Asked) -> Chosen[Text]:
    """The text of 《质量安全总监职责》 that is printed."""
    return choose_text(RuleKind.DIRECTOR_DUTIES, PaperKind.DIRECTOR_DUTIES, plan, asked)


def choose_code(plan: Book, asked: Asked) -> Chosen[Text]:
    """The text of 《质量安全员守则》 that is printed."""
    return choose_text(RuleKind.OFFICER_CODE, PaperKind.OFFICER_CODE, plan, asked)


def director_duties(plan: Book, chosen: Chosen[Text], sheet: Sheet, edition: Edition) -> DirectorDuties:
    """The context of 《质量安全总监职责》."""
    day = _day(chosen, sheet)
    texts = [t for t in plan.dossier.texts or () if t.kind is RuleKind.DIRECTOR_DUTIES]
    held = () if sheet.blank else _in_post(plan, Role.DIRECTOR, day)
    return DirectorDuties(
        **common(sheet),
        **controlled(plan, chosen, texts, day=day),
        directors=tuple(_director(plan, a, day) for a in held),
        conditions=_conditions(plan, held, edition, day),
        duties=tuple(duties(edition, "7", chosen.fact)),
    )


def officer_code(plan: Book, chosen: Chosen[Text], sheet: Sheet, edition: Edition) -> OfficerCode:
    """The context of 《质量安全员守则》."""
    day = _day(chosen, sheet)
    texts = [t for t in plan.dossier.texts or () if t.kind is RuleKind.OFFICER_CODE]
    held = () if sheet.blank else _in_post(plan, Role.OFFICER, day)
    return OfficerCode(
        **common(sheet),
        **controlled(plan, chosen, texts, day=day),
        officers=tuple(_officer(plan, a, day) for a in held),
        duties=tuple(duties(edition, "8", chosen.fact)),
    )


def _day(chosen: Chosen[Text], sheet: Sheet) -> date:
    return date.min if sheet.blank else chosen.day or date.max


def _in_post(plan: Book, role: Role, day: date) -> Sequence[Appointment]:
    return [tenure.appointment for tenure in plan.posts.on(role, day)]


def _director(plan: Book, held: Appointment, day: date) -> Director:
    person = next((p for p in plan.dossier.people or () if p.id == held.person), None)
    names = plan.names
    also = [r.zh for r in Role if r is not Role.DIRECTOR and plan.posts.of_person(r, held.person, day)]
    return Director(
        name=named(names, held.person),
        in_management=YES_NO[person.in_management if person else None],
        instrument=held.instrument or "",
        start=short_day(held.start),
        reports_to=named(names, held.reports_to),
        also="、".join(also),
    )


def _conditions(plan: Book, held: Sequence[Appointment], edition: Edition, day: date) -> Sequence[Condition]:
    names = plan.names
    said = [(named(names, a.person), evidence(plan, a.person, Role.DIRECTOR, day)) for a in held]

    def of(item: CompetenceItem) -> str:
        if len(said) == 1:
            return said[0][1](item)
        return lines(f"{name}：{text}" for name, found in said if (text := found(item)))

    return tuple(
        Condition(text=edition.provision(f"6.1.{n}").text.rstrip("；。"), evidence=of(item))
        for n, item in enumerate(CompetenceItem, 1)
    )


def _officer(plan: Book, held: Appointment, day: date) -> Officer:
    names = plan.names
    said = evidence(plan, held.person, Role.OFFICER, day)
    holds = partial(_holds, day=day)
    posts = [p.post for p in plan.dossier.posts or () if p.person == held.person and holds(p.start, p.end)]
    return Officer(
        name=named(names, held.person),
        outlet=plan.outlet_name(held.outlet),
        posts="、".join(dict.fromkeys(posts)),
        instrument=held.instrument or "",
        start=short_day(held.start),
        reports_to=named(names, held.reports_to),
        knowledge=said(CompetenceItem.LAW_AND_RULES),
        skill=said(CompetenceItem.EDUCATION_EXPERIENCE_SKILL),
        examined=said(CompetenceItem.TRAINED_AND_EXAMINED),
        other=said(CompetenceItem.OTHER),
    )


def _holds(start: date | None, end: date | None, *, day: date) -> bool:
    return (start is None or start <= day) and (end is None or day <= end)
