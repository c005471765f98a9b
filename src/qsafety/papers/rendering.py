"""From a dossier to a paper: choose what is printed, build its context, fill the template."""

import os
import re
from collections.abc import Callable, Mapping, Sequence
from datetime import date
from typing import Any

import attrs

from qsafety.bilingual import Bilingual
from qsafety.codec import digest, without_collector
from qsafety.dossier import Dossier
from qsafety.errors import PaperError
from qsafety.law.editions import Edition
from qsafety.law.editions import edition as edition_of
from qsafety.law.obligations import DRAFT
from qsafety.law.vocabulary import EditionStatus, FurtherPaper, PaperKind
from qsafety.papers.archive_index import window_of
from qsafety.papers.asking import Asked
from qsafety.papers.book import Book
from qsafety.papers.engine import NO_VARIABLE, Package, foreign_package, package
from qsafety.papers.packages import Properties
from qsafety.papers.paper import Paper
from qsafety.papers.sheets import Sheet, plain
from qsafety.papers.specs import OFFICE, Spec, spec_of
from qsafety.periods import Period


@attrs.frozen(kw_only=True)
class NumberParts:
    """What a document number may be made of. ``issue`` is the version or the period, ``outlet`` given where there are several."""

    kind: PaperKind | FurtherPaper
    seller: str
    letter: str
    issue: str
    outlet: str | None


def number_of(parts: NumberParts) -> str:
    """The usual document number; empty where no version or period is known.

    >>> number_of(NumberParts(kind=PaperKind.WEEKLY_REPORT, seller="hz01", letter="W", issue="2024-W05", outlet=None))
    'hz01-W-2024-W05'
    """
    if not parts.issue:
        return ""
    return "-".join(filter(None, (parts.seller, parts.letter, parts.issue, parts.outlet)))


def context(
    kind: PaperKind | FurtherPaper | str,
    dossier: Dossier,
    *,
    period: Period | date | str | None = None,
    outlet: str | None = None,
    record: str | None = None,
    edition: str | Edition = DRAFT,
    blank: bool = False,
    draft: bool = False,
    since: Period | date | str | None = None,
    until: Period | date | str | None = None,
    on: date | None = None,
    files: Mapping[str, str] | None = None,
    number: Callable[[NumberParts], str] = number_of,
) -> dict[str, Any]:
    """The variables of a paper's template as plain data: texts, numbers, flags, lists of dicts.

    The template filled with them by docxtpl gives the same document as :func:`render`. Parameters and errors are those of :func:`render`.
    """
    window = window_of(since, until, on, files)
    asked = Asked(period=period, outlet=outlet, record=record, blank=blank, draft=draft, window=window)
    return variables_of(spec_of(kind), plan_of(dossier), asked, edition_of(edition), number)[0]


def render(
    kind: PaperKind | FurtherPaper | str,
    dossier: Dossier,
    *,
    period: Period | date | str | None = None,
    outlet: str | None = None,
    record: str | None = None,
    edition: str | Edition = DRAFT,
    blank: bool = False,
    draft: bool = False,
    since: Period | date | str | None = None,
    until: Period | date | str | None = None,
    on: date | None = None,
    files: Mapping[str, str] | None = None,
    number: Callable[[NumberParts], str] = number_of,
    profile: str = OFFICE,
    template: str | os.PathLike[str] | None = None,
) -> Paper:
    """One paper as a Word document: the six of Articles 7 to 12, and the further ones of Articles 3, 4, 13, 15 and 16.

    ``period`` is what the paper is about: ``"2024-01-31"``, ``"2024-W05"``, ``"2024-01"``; for the two duty papers and the risk control
    list the day as of which they are printed, the latest where none is given. ``outlet`` says where, for a daily record of a seller with
    several. Of several records of one slot the one that counts is printed, or the one whose id is ``record``. ``edition`` stands in the
    foot.

    An appointment letter, a veto recommendation, its answer, a stop-sale notice, an exam record and a safe-harbour sheet are of one
    ``record``: an appointment, an opinion, a defect, an exam; where there is only one it need not be named. An archive index
    is of the days from ``since`` to ``until``, or of ``period``, as known on ``on`` (the day after); ``files`` says in which file each
    record was put, by its id.

    ``blank`` gives the empty form, to be filled by hand. ``draft`` gives the draft of a weekly report or monthly minutes: the dossier's own
    where it holds one, else one made from the records (:func:`qsafety.weekly_draft`). ``number`` makes the document number.
    ``profile`` is how it looks: ``office``, compact, or ``gongwen``, as official documents do (GB/T 9704-2012). ``template`` is
    a changed copy of a template (:func:`qsafety.papers.export_templates`), trusted in nothing: it is scanned before it is opened, and
    filled in a child process with limits.

    Raises :class:`~qsafety.errors.PaperError` for an unknown kind or outlet, a slot without a record (naming the nearest), and a
    character that Word cannot hold; :class:`~qsafety.errors.PeriodError` for a period that does not exist;
    :class:`~qsafety.errors.MissingExtraError` without docxtpl.
    """
    window = window_of(since, until, on, files)
    asked = Asked(period=period, outlet=outlet, record=record, blank=blank, draft=draft, window=window)
    return paper_of(spec_of(kind), plan_of(dossier), asked, edition_of(edition), number, profile, template)


def plan_of(dossier: Dossier) -> Book:
    """What papers are made from. They show what is known when they are printed, so nothing is hidden by a day asked about."""
    return Book(dossier, on=date.max)


def paper_of(
    spec: Spec,
    plan: Book,
    asked: Asked,
    edition: Edition,
    number: Callable[[NumberParts], str],
    profile: str,
    foreign: str | os.PathLike[str] | None = None,
) -> Paper:
    """One paper; making many, the plan is made once. ``foreign`` is a template from outside."""
    template = spec.template_in(profile)
    with (
        without_collector()
    ):  # what a paper is made of holds no cycles, and looking through all else costs more than many papers
        variables, name, remarks = variables_of(spec, plan, asked, edition, number)
        properties = Properties(
            title=variables["title"],
            subject=variables["basis"],
            author=variables["seller"],
            keywords=f"{spec.keyword} {variables['number']}".rstrip(),
        )
        if foreign is None:
            filled = package(template, variables, properties, name=spec.file_in(profile))
        else:
            filled = _by_foreign(spec, foreign, variables, properties)
    return Paper(
        kind=spec.kind,
        number=variables["number"],
        name=name,
        record=variables["record"],
        bytes=filled.bytes,
        sha256=filled.sha256,
        remarks=remarks,
    )


def _by_foreign(
    spec: Spec, template: str | os.PathLike[str], variables: Mapping[str, Any], properties: Properties
) -> Package:
    """The paper by a template from outside. One that is a template of another paper is refused as that."""
    try:
        return foreign_package(template, variables, properties)
    except PaperError as error:
        from qsafety.papers.lint import kind_of

        other = kind_of(template) if NO_VARIABLE in error.message.en else None
        if other is None or other is spec.kind:
            raise
        file = os.path.basename(os.fspath(template))
        raise PaperError(
            Bilingual(
                f"模板 {file} 是{other.zh}的，不是{spec.kind.zh}的",
                f"template {file} is one of the {other.en}, not of the {spec.kind.en}",
            ),
            advice=Bilingual(
                f"请用 {spec.file_in(OFFICE)} 的副本，或出具 {other}。",
                f"Use a copy of {spec.file_in(OFFICE)}, or ask for {other}.",
            ),
        ) from error


def variables_of(
    spec: Spec, plan: Book, asked: Asked, edition: Edition, number: Callable[[NumberParts], str]
) -> tuple[dict[str, Any], str, Sequence[Bilingual]]:
    """The variables of a paper, its usual file name, and what there is to say of it."""
    seller = plan.dossier.seller
    chosen = spec.choose(plan, asked)
    parts = NumberParts(kind=spec.kind, seller=seller.id, letter=spec.letter, issue=chosen.issue, outlet=chosen.outlet)
    sheet = Sheet(
        title=spec.title,
        seller=seller.name,
        number=number(parts),
        basis=basis(spec, edition),
        record=chosen.fact.id if chosen.fact else "",
        digest="",
        blank=asked.blank,
    )
    variables = plain(spec.build(plan, chosen, sheet, edition))
    if chosen.fact:  # after plain: it names the field of a character that nothing can hold
        variables["digest"] = digest(chosen.fact)[:12]
    return variables, file_name(spec.kind, chosen.outlet, chosen.period), tuple(spec.remarks(chosen, edition))


def basis(spec: Spec, edition: Edition) -> str:
    """The edition line: the regulation, that it is a draft where it is one, and the article.

    >>> basis(spec_of("daily_record"), edition_of("cn-seller-2023-order76"))
    '依据《工业产品销售单位落实质量安全主体责任监督管理规定》第十条'
    """
    mark = f"（{EditionStatus.DRAFT.zh}）" if edition.status is EditionStatus.DRAFT else ""
    article = re.match(r"\s*(第.+?条)", edition.provision(spec.provision).text)
    return f"依据《{edition.title.zh.removesuffix(mark)}》{mark}{article[1] if article else ''}"


def file_name(kind: PaperKind | FurtherPaper, outlet: str | None, period: str) -> str:
    """``daily_record-M1-2024-01-31.docx``; what no file system takes becomes ``_``."""
    return re.sub(r'[\\/:*?"<>|\x00-\x1f]', "_", "-".join(filter(None, (kind, outlet, period)))) + ".docx"
