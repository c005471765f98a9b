"""Sentences that the text report and the page share."""

from collections.abc import Iterable, Iterator, Mapping, Sequence
from datetime import date

import attrs

from qsafety import law
from qsafety.assessment.names import Names
from qsafety.assessment.report import Report
from qsafety.assessment.todo import Todo
from qsafety.bilingual import Bilingual, join, listed
from qsafety.dossier import COLLECTIONS, LABELS
from qsafety.dossier.posts import Tenure
from qsafety.law.vocabulary import PaperKind
from qsafety.rules.a05_director import DirectorNeed

TITLE = Bilingual("质量安全主体责任报告", "Report on the primary responsibility for quality safety")
CADENCE_RECORDS = ("daily_checks", "weekly_screenings", "monthly_coordinations")
"""The collections that the picture of days, weeks and months is drawn from."""


def whether_required(need: DirectorNeed) -> Bilingual:
    """Whether a director is required."""
    if need.required is None:
        return Bilingual(
            "是否必须配备质量安全总监尚不清楚", "it is not known whether a quality safety director is required"
        )
    if need.required:
        return Bilingual("必须配备质量安全总监", "a quality safety director is required")
    return Bilingual("不强制配备质量安全总监", "no quality safety director is required")


def limb_gist(report: Report, limb: str) -> Bilingual:
    """A limb of Article 5: its own words in Chinese, what it says in English."""
    return Bilingual(report.edition.quote(limb), law.obligation(f"A0{limb}").action.en)


def tenure_details(tenure: Tenure, names: Names) -> Bilingual:
    """Since when and until when, on what basis, and where."""
    post = tenure.appointment
    said = [Bilingual(f"自 {tenure.start}", f"since {tenure.start}")]
    if tenure.end:
        said.append(Bilingual(f"至 {tenure.end}", f"until {tenure.end}"))
    if post.basis:
        said.append(post.basis.label)
    if post.outlet:
        place = names.outlet(post.outlet)
        said.append(Bilingual(place, place))
    return join(said, zh="，", en=", ")


def not_given(report: Report, among: Iterable[str] = COLLECTIONS) -> Bilingual | None:
    """Which collections were not given."""
    absent = [name for name in among if not report.dossier.given(name) and name != "governing_laws"]
    if not absent:
        return None
    labels = listed(LABELS[name] for name in absent)
    return Bilingual(f"未提供：{labels.zh}", f"Not given: {labels.en}")


def given_empty(report: Report) -> Bilingual | None:
    """Which collections were given and hold nothing: "none", which whoever left a sheet blank may not have meant."""
    empty = [name for name in COLLECTIONS if report.dossier.given(name) and getattr(report.dossier, name) == ()]
    if not empty:
        return None
    labels = listed(LABELS[name] for name in empty)
    return Bilingual(
        f"空表，即为“没有”（不清楚的，请从台账中删去整张表）：{labels.zh}",
        f"Empty, which means “none” (delete the sheet where it is not known): {labels.en}",
    )


def perhaps_partial(report: Report) -> Bilingual | None:
    """Which collections may lack records."""
    if not report.dossier.partial:
        return None
    labels = listed(LABELS[name] for name in sorted(report.dossier.partial))
    return Bilingual(f"可能不全的资料：{labels.zh}", f"May lack records: {labels.en}")


def not_computed() -> Bilingual:
    """Which obligations no rule computes."""
    gaps = law.gaps()
    kinds = listed(dict.fromkeys(gap.kind.label for gap in gaps))
    ids = "  ".join(gap.id for gap in gaps)
    return Bilingual(
        f"不计算的条文（{kinds.zh}；qsafety law gaps）：{ids}", f"Not computed ({kinds.en}; qsafety law gaps): {ids}"
    )


@attrs.frozen
class Asked:
    """One thing to do, with every duty that asks for it, and the papers that it is put on record in."""

    by: date | None
    what: Bilingual
    who: str | None
    obligations: Sequence[str]
    papers: Sequence[PaperKind]


def asked_once(todo: Iterable[Todo]) -> Iterator[Asked]:
    """What several duties ask for stands once."""
    asked: dict[tuple[date | None, Bilingual, str | None], list[Todo]] = {}
    for item in todo:
        asked.setdefault((item.by, item.what, item.who), []).append(item)
    for (by, what, who), items in asked.items():
        obligations = [*dict.fromkeys(item.obligation for item in items)]
        papers = [*dict.fromkeys(paper for item in items for paper in item.papers)]
        yield Asked(by, what, who, obligations, papers)


def option_words(option: object) -> str:
    """The option of a reading, as a command line has it."""
    if isinstance(option, Mapping):
        return ",".join(f"{name}={'+'.join(words)}" for name, words in option.items())
    return str(option)
