"""The whole answer: from a dossier to a report."""

from collections.abc import Iterable, Iterator, Mapping
from datetime import date
from functools import cache
from importlib import metadata

from qsafety import codec, law
from qsafety.assessment.questions import Eligibility, eligible, exposure, manifest, safe_harbour
from qsafety.assessment.receipts import Receipt, ReceiptError
from qsafety.assessment.report import Change, Findings, NotComputedError, Report
from qsafety.assessment.strangers import strangers
from qsafety.assessment.todo import Todo, due, of_report
from qsafety.assessment.window import clipped
from qsafety.bilingual import Bilingual
from qsafety.dossier import Dossier, as_known_on
from qsafety.findings import Case, Finding
from qsafety.law.editions import Edition
from qsafety.law.obligations import DRAFT
from qsafety.law.readings import Readings
from qsafety.rules import RULES
from qsafety.rules.a05_director import director_need
from qsafety.rules.a13_archive import Manifest, ManifestEntry
from qsafety.rules.a16_harbour import SafeHarbour, safe_harbours
from qsafety.rules.a17_penalty import Exposure
from qsafety.rules.a17_penalty import exposure as exposure_of

__all__ = [
    "Change",
    "Eligibility",
    "Exposure",
    "Findings",
    "Manifest",
    "ManifestEntry",
    "NotComputedError",
    "Receipt",
    "ReceiptError",
    "Report",
    "SafeHarbour",
    "Todo",
    "assess",
    "due",
    "eligible",
    "exposure",
    "manifest",
    "safe_harbour",
]


def _idle_judgements(case: Case, findings: Iterable[Finding]) -> Iterator[Bilingual]:
    """The judgements that settle nothing: perhaps the subject or the period is written otherwise than the finding has it."""
    quoted = {reason.record for finding in findings for reason in finding.because}
    for judgement in case.dossier.judgements or ():
        if judgement.id not in quoted:
            about = " ".join(p for p in (judgement.obligation, judgement.subject, judgement.period) if p)
            yield law.message("general", "idle_judgement", about=about, on=judgement.on)


@cache
def _version() -> str:
    return metadata.version("qsafety")


def assess(
    dossier: Dossier,
    *,
    on: date,
    since: date | None = None,
    edition: str | Edition = DRAFT,
    readings: Readings | Mapping[str, object] | Iterable[str] | None = None,
) -> Report:
    """What the regulation says of a seller, as known on ``on``; periodic duties from ``since``.

    ``since`` omitted: the first day of the month before ``on``'s, never before the seller opened or the edition began.
    ``readings``: a :class:`~qsafety.law.readings.Readings`, or ``{"size_class": "both"}``.

    Raises :class:`~qsafety.errors.NotInForceError` for a day before the edition's entry into force, ``PeriodError`` where
    ``since`` is after ``on``, ``UnknownNameError`` for an unknown edition or reading, ``ReadingError`` for an unknown option.

    >>> from qsafety.dossier import ProductLine, Seller
    >>> shop = Dossier(seller=Seller(id="s", name="店"), products=[ProductLine(id="c", name="车", regimes={"ccc"})])
    >>> report = assess(shop, on=date(2024, 2, 1))
    >>> report.director.required, report.director.by
    (True, ('5.1.2',))
    """
    law_text = edition if isinstance(edition, Edition) else law.edition(edition)
    chosen = readings if isinstance(readings, Readings) else Readings.of(readings or {})
    first, moved = clipped(law_text, dossier.seller, since, on)
    case = Case(as_known_on(dossier, on), on, first, law_text, chosen)
    findings = tuple(finding for rule in RULES.values() for finding in case.once(rule))
    notices = [
        law_text.notice,
        *([moved] if moved else []),
        *strangers(case.dossier),
        *_idle_judgements(case, findings),
    ]
    return Report(
        dossier=dossier,
        edition=law_text,
        on=on,
        since=first,
        readings=chosen,
        director=director_need(case),
        findings=findings,
        slots=case.slots,
        exposure=exposure_of(case, findings),
        safe_harbour=tuple(safe_harbours(case)),
        todo=of_report(case, findings),
        receipt=Receipt(
            version=_version(),
            edition=law_text.id,
            text_sha256=law_text.sha256,
            readings=chosen.to_dict(),
            dossier_sha256=codec.digest(dossier),
            on=on,
            since=first,
            edition_sha256=law_text.data_sha256,
        ),
        notices=tuple(notices),
    )
