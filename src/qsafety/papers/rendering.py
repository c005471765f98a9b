"""From a dossier to a paper: choose the record, build its context, fill the template."""

import re
from datetime import date
from typing import Any

from qsafety.cadence import Plan
from qsafety.codec import digest
from qsafety.dossier import Dossier
from qsafety.law.editions import Edition
from qsafety.law.editions import edition as edition_of
from qsafety.law.obligations import DRAFT
from qsafety.law.vocabulary import EditionStatus, PaperKind
from qsafety.papers.choosing import choose, outlets_of
from qsafety.papers.daily_record import daily_record
from qsafety.papers.engine import fill
from qsafety.papers.packages import Properties, settle
from qsafety.papers.paper import Paper
from qsafety.papers.sheets import Sheet, plain
from qsafety.papers.specs import Spec, spec_of
from qsafety.periods import Period


def context(
    kind: PaperKind | str,
    dossier: Dossier,
    *,
    period: Period | date | str | None = None,
    outlet: str | None = None,
    record: str | None = None,
    edition: str | Edition = DRAFT,
) -> dict[str, Any]:
    """The variables of a paper's template as plain data: texts, numbers, flags, lists of dicts.

    The template filled with them by docxtpl gives the same document as :func:`render`. Parameters and errors are those of :func:`render`.
    """
    return _variables(spec_of(kind), dossier, period, outlet, record, edition)[0]


def render(
    kind: PaperKind | str,
    dossier: Dossier,
    *,
    period: Period | date | str | None = None,
    outlet: str | None = None,
    record: str | None = None,
    edition: str | Edition = DRAFT,
) -> Paper:
    """One mandated paper as a Word document (Articles 7 to 12).

    ``period`` is what the paper is about (``"2024-01-31"``), ``outlet`` where, needed when the seller has several. Of several records of
    one slot the one that counts is printed, or the one whose id is ``record``. ``edition`` stands in the foot.

    Raises :class:`~qsafety.errors.PaperError` for an unknown kind or outlet, a slot without a record (naming the nearest), and a
    character that Word cannot hold; :class:`~qsafety.errors.PeriodError` for a period that does not exist;
    :class:`~qsafety.errors.MissingExtraError` without docxtpl.
    """
    spec = spec_of(kind)
    variables, name = _variables(spec, dossier, period, outlet, record, edition)
    properties = Properties(
        title=variables["title"],
        subject=variables["basis"],
        author=variables["seller"],
        keywords=f"{spec.keyword} {variables['number']}",
    )
    package = fill(spec.template, variables, name=f"{spec.kind}.docx")
    return Paper(
        kind=spec.kind,
        number=variables["number"],
        name=name,
        record=variables["record"],
        bytes=settle(package, properties),
    )


def _variables(
    spec: Spec,
    dossier: Dossier,
    period: Period | date | str | None,
    outlet: str | None,
    record: str | None,
    edition: str | Edition,
) -> tuple[dict[str, Any], str]:
    """The variables of a paper, and its usual file name."""
    # a paper shows what is known when it is printed, so nothing is hidden by a day asked about
    plan = Plan(dossier, on=date.max)
    check = choose(plan, period, outlet, record)
    several = len(outlets_of(dossier)) > 1
    place = check.outlet if several else None
    sheet = Sheet(
        title=spec.title,
        seller=dossier.seller.name,
        number="-".join(filter(None, (dossier.seller.id, spec.letter, str(check.day), place))),
        basis=basis(spec, edition_of(edition)),
        record=check.id,
        digest="",
    )
    variables = plain(daily_record(plan, check, sheet))
    variables["digest"] = digest(check)[:12]  # after plain: it names the field of a character that nothing can hold
    return variables, _file_name(spec.kind, place, str(check.day))


def basis(spec: Spec, edition: Edition) -> str:
    """The edition line: the regulation, that it is a draft where it is one, and the article.

    >>> basis(spec_of("daily_record"), edition_of("cn-seller-2023-order76"))
    '依据《工业产品销售单位落实质量安全主体责任监督管理规定》第十条'
    """
    mark = f"（{EditionStatus.DRAFT.zh}）" if edition.status is EditionStatus.DRAFT else ""
    article = re.match(r"\s*(第.+?条)", edition.provision(spec.provision).text)
    return f"依据《{edition.title.zh.removesuffix(mark)}》{mark}{article[1] if article else ''}"


def _file_name(kind: PaperKind, outlet: str | None, period: str) -> str:
    """``daily_record-M1-2024-01-31.docx``; what no file system takes becomes ``_``."""
    return re.sub(r'[\\/:*?"<>|\x00-\x1f]', "_", "-".join(filter(None, (kind, outlet, period)))) + ".docx"
