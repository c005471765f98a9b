"""For people: what Article 17 could lead to, never an amount; and whom Article 16 protects."""

from collections.abc import Iterable, Sequence
from itertools import groupby

from qsafety.assessment.lines import Page
from qsafety.assessment.names import Names, article
from qsafety.bilingual import Bilingual, join, same
from qsafety.findings import Reason
from qsafety.law.editions import Edition
from qsafety.law.glossary import labels
from qsafety.law.vocabulary import Outcome
from qsafety.rules.a16_harbour import SafeHarbour
from qsafety.rules.a17_penalty import Exposure

_FACTS = 3
KINDS = {
    "fault": Bilingual("主观过错", "fault"),
    "circumstances": Bilingual("违法情节", "circumstances"),
    "conduct": Bilingual("改正表现", "conduct"),
}
APPLIES = Bilingual("应认为已依法履职尽责", "deemed to have duly performed")
QUIET = ("none", "corrected")


def exposure_of(page: Page, exposure: Exposure, edition: Edition) -> None:
    """The stage of the case and of each limb, the range of a fine where there is one, and what the authority may weigh."""
    stages = labels("Stage")
    style = "" if exposure.stage in QUIET else "bad" if exposure.stage == "refused" else "warn"
    page.put("  ", (stages[exposure.stage], style), "  ", ("  ".join(exposure.limbs), "faint"), hang=2)
    if exposure.range is not None:
        low, high = exposure.range
        page.put(
            "  ",
            (Bilingual(f"罚款幅度 {low:f} 元至 {high:f} 元", f"a fine of {low:f} to {high:f} yuan"), "bad"),
            Bilingual("，不作具体数额的判断", "; the amount is not for this report to say"),
            hang=2,
        )
    width = 12 if page.lang == "zh" else 22
    for one in exposure.by_limb:
        label = page.text(Bilingual(f"{one.limb.number} {one.limb.zh}", f"{one.limb.number} {one.limb.en}"))
        page.entry(label, stages[one.stage], ("  " + "  ".join(one.obligations), "faint"), width=width)
        if one.stage in ("refused", "overdue", "ordered", "corrected", "deferred"):
            _facts(page, one.because, width + 2)
    for kind, group in groupby(exposure.considerations, key=lambda consideration: consideration.kind):
        texts = [consideration.text for consideration in group]
        page.entry(KINDS.get(kind, same(kind)), join(texts, zh="；"), width=width)
    for note in exposure.notes:
        page.put("  ", note, hang=2)
    words = "".join(exposure.citation.text.split("】", 1)[-1:]).strip()
    page.entry(article(edition, exposure.citation.provision), (f"“{words}”", "faint"), width=width)
    if exposure.context:
        first = exposure.context[0]
        numbers = join([cited.number for cited in exposure.context], zh="、", en=", ")
        also = Bilingual(f"{first.statute}{numbers.zh}", f"{first.title.en}, {numbers.en}")
        page.entry(Bilingual("另见", "See also"), (also, "faint"), width=width)


def _facts(page: Page, because: Sequence[Reason], indent: int) -> None:
    for reason in because[:_FACTS]:
        place = reason.source or reason.record
        page.put(" " * indent, "· ", reason.text, "  ", (f"[{place}]" if place else "", "cell"), hang=indent + 2)
    if len(because) > _FACTS:
        more = len(because) - _FACTS
        page.put(" " * indent, (Bilingual(f"另有 {more} 条", f"and {more} more"), "faint"))


def harbours_of(page: Page, harbours: Iterable[SafeHarbour], names: Names) -> None:
    """Each opinion that protects who raised it, or may; the others in one line."""
    quiet: list[str] = []
    for one in harbours:
        if one.outcome == Outcome.NOT_APPLICABLE:
            quiet.append(one.matter)
            continue
        answer = APPLIES if one.outcome == "applies" else Outcome(one.outcome).label
        page.put(
            f"  · {one.matter}  ",
            (names.person(one.person), "cell"),
            "  ",
            (answer, "good" if one.outcome == "applies" else "warn"),
            Bilingual("：", ": "),
            one.reason,
            hang=4,
        )
        _facts(page, one.because, 4)
    if quiet:
        page.put("  ", (Bilingual("不适用：", "Not applicable: "), "faint"), ("  ".join(quiet), "faint"), hang=2)
