"""《质量安全人员任命书》: the establishment and adjustment of posts, kept under Article 13.

One appointment, or one removal, of a principal, director or officer, with the duties that the regulation gives the post.
"""

from collections.abc import Sequence
from datetime import date
from typing import Annotated, Any

import attrs

from qsafety.bilingual import Bilingual
from qsafety.dossier import Appointment
from qsafety.law.editions import Edition
from qsafety.law.vocabulary import ChangeKind, FurtherPaper, Role
from qsafety.papers.asking import Asked, Chosen
from qsafety.papers.book import Book
from qsafety.papers.records import choose_record
from qsafety.papers.sheets import Sheet, common, empty
from qsafety.papers.wording import named, plain_day

_DUTIES = {Role.PRINCIPAL: ("3.2", "4.1"), Role.DIRECTOR: ("7.1.",), Role.OFFICER: ("8.1.",)}
_ARTICLES = {Role.PRINCIPAL: "第三条、第四条", Role.DIRECTOR: "第七条", Role.OFFICER: "第八条"}


@attrs.frozen(kw_only=True)
class PostDuty:
    """One duty of the post."""

    text: Annotated[str, Bilingual("职责原文", "the duty, word for word")]


@attrs.frozen(kw_only=True)
class AppointmentLetter(Sheet):
    """The variables of ``appointment_letter.docx``."""

    instrument: Annotated[str, Bilingual("任命文件编号（文号）", "number of the instrument")]
    removal: Annotated[bool, Bilingual("是否免去职务", "whether this is a removal")]
    change: Annotated[str, Bilingual("变动：设立、调整、免去", "establishment, adjustment or removal")]
    person: Annotated[str, Bilingual("姓名", "name of the person")]
    post: Annotated[str, Bilingual("职务", "the post: principal, director or officer")]
    outlet: Annotated[str, Bilingual("任职门店；未指定为空", "the outlet; empty: none is named")]
    start: Annotated[str, Bilingual("任职日期；免去的为免职日期", "from when; of a removal its day")]
    end: Annotated[str, Bilingual("任职截止日期；未定为空", "until when; empty: not set")]
    reports_to: Annotated[str, Bilingual("对谁负责", "to whom the person answers")]
    duties_article: Annotated[str, Bilingual("职责所在的条", "the article of the duties")]
    duties: Annotated[Sequence[PostDuty], Bilingual("职责各项；免去的没有", "the duties; none of a removal")]
    remark: Annotated[str, Bilingual("备注", "the note of the record")]


def begins(appointment: Appointment) -> date:
    """The day that an appointment is about."""
    return appointment.start


def choose_appointment(plan: Book, asked: Asked) -> Chosen[Appointment]:
    """The appointment of the given id, or the only one."""
    what = Bilingual("任职记录", "appointment")
    return choose_record(FurtherPaper.APPOINTMENT_LETTER, what, plan.dossier.appointments or (), asked, begins)


def appointment_letter(plan: Book, chosen: Chosen[Appointment], sheet: Sheet, edition: Edition) -> AppointmentLetter:
    """The context of an appointment; without one, of the empty form."""
    held = chosen.fact
    if held is None:
        return AppointmentLetter(**{**empty(AppointmentLetter), **common(sheet)})
    removal = held.change is ChangeKind.REMOVE
    fields: dict[str, Any] = {
        **common(sheet),
        "instrument": held.instrument or "",
        "removal": removal,
        "change": held.change.zh if held.change else "",
        "person": named(plan.names, held.person),
        "post": held.role.zh,
        "outlet": plan.outlet_name(held.outlet),
        "start": plain_day(held.start),
        "end": plain_day(held.end),
        "reports_to": named(plan.names, held.reports_to),
        "duties_article": _ARTICLES[held.role],
        "duties": () if removal else tuple(PostDuty(text=t) for t in _duties(edition, held.role)),
        "remark": held.note,
    }
    return AppointmentLetter(**fields)


def _duties(edition: Edition, role: Role) -> Sequence[str]:
    heads = _DUTIES[role]
    return [
        p.text.strip().split("】")[-1].strip()
        for p in edition.provisions
        if p.id in heads or any(head.endswith(".") and p.id.startswith(head) for head in heads)
    ]
