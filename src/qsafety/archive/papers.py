"""The papers of a pack, each beside the record that it prints (Articles 7 to 13)."""

from collections.abc import Iterator, Mapping
from contextlib import suppress
from datetime import date
from importlib.util import find_spec

from qsafety.dossier import Dossier
from qsafety.errors import PaperError
from qsafety.law.editions import Edition
from qsafety.law.vocabulary import PaperKind
from qsafety.papers import number_of, render
from qsafety.papers.asking import Asked
from qsafety.papers.rendering import paper_of, plan_of
from qsafety.papers.specs import OFFICE, SPECS
from qsafety.periods import Day, parse

_CONTROLLED = {
    PaperKind.DIRECTOR_DUTIES: "text",
    PaperKind.OFFICER_CODE: "text",
    PaperKind.RISK_CONTROL_LIST: "risk_list",
}


def can_render() -> bool:
    """Whether the extra ``docx`` is installed."""
    return find_spec("docxtpl") is not None and find_spec("docx") is not None


def papers(
    dossier: Dossier, since: date, until: date, on: date, edition: Edition
) -> Iterator[tuple[tuple[str, str], bytes]]:
    """The kind and id of a record, and the paper that prints it, as a Word file.

    A paper for each daily check, weekly screening and monthly coordination whose last day lies in the window, and for the duty papers
    and the risk control list in force on ``on``. Drafts are no records, and have no paper.
    """
    plan = plan_of(dossier)

    def made(kind: PaperKind, asked: Asked) -> tuple[str, bytes]:
        paper = paper_of(SPECS[kind], plan, asked, edition, number_of, OFFICE)
        return paper.record, paper.bytes

    for kind, of in _CONTROLLED.items():
        with suppress(PaperError):  # there is none in force
            record, content = made(kind, Asked(period=Day(on)))
            if record:
                yield (of, record), content
    for check in dossier.daily_checks or ():
        if not check.draft and since <= check.day <= until:
            yield ("daily_check", check.id), made(PaperKind.DAILY_RECORD, Asked(record=check.id))[1]
    for screening in dossier.weekly_screenings or ():
        if not screening.draft and since <= parse(screening.week).end <= until:
            asked = Asked(period=screening.week, record=screening.id)
            yield ("weekly_screening", screening.id), made(PaperKind.WEEKLY_REPORT, asked)[1]
    for meeting in dossier.monthly_coordinations or ():
        if not meeting.draft and since <= parse(meeting.month).end <= until:
            asked = Asked(period=meeting.month, record=meeting.id)
            yield ("monthly_coordination", meeting.id), made(PaperKind.MONTHLY_MINUTES, asked)[1]


def index_paper(
    dossier: Dossier, since: date, until: date, on: date, edition: Edition, files: Mapping[str, str]
) -> bytes:
    """``目录.docx``."""
    return render("archive_index", dossier, since=since, until=until, on=on, edition=edition, files=files).bytes
