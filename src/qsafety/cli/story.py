"""What ``qsafety demo`` tells: one month of a shop, from its ledger to the folder that an inspector is handed."""

import shutil
import subprocess
from collections.abc import Callable, Iterator
from datetime import date
from pathlib import Path

from attrs import frozen

from qsafety.assessment import Report
from qsafety.assessment.heatmap import heatmap
from qsafety.assessment.lines import Page
from qsafety.assessment.names import Names
from qsafety.assessment.penalty import exposure_of
from qsafety.bilingual import Bilingual, Lang
from qsafety.cli.assess import in_one_line, lines_of
from qsafety.cli.inputs import Given
from qsafety.cli.output import as_json, text_of, write_file
from qsafety.dossier import LABELS, DailyCheck, Dossier
from qsafety.law.vocabulary import CheckOutcome
from qsafety.periods import IsoWeek, Month

ON, SINCE = date(2024, 2, 1), date(2023, 12, 25)
UNTIL = date(2024, 1, 31)
LEDGER = "ebike-shop.xlsx"


@frozen
class Story:
    """Where the demo writes, its language, and what the ledger said."""

    out: Path
    lang: Lang
    given: Given
    report: Report

    @property
    def dossier(self) -> Dossier:
        """The shop."""
        return self.given.dossier

    @property
    def store(self) -> Path:
        """The file of the store."""
        return self.out / "shop.db"


def ledger(story: Story, page: Page) -> None:
    """Who the shop is, and how many records it has."""
    told = ("outlets", "products", "people", "daily_checks", "hazards", "weekly_screenings", "monthly_coordinations")
    page.put(f"    {story.dossier.seller.name}", hang=4)
    counts = [f"{LABELS[name].to(story.lang)} {len(getattr(story.dossier, name))}" for name in told]
    page.put("    ", "  ".join(counts), hang=4)


def verdicts(story: Story, page: Page) -> None:
    """The heatmap, and what is violated."""
    report = story.report
    names = Names.of(report.dossier, story.lang)
    for notice in report.notices:
        page.put("    ", (notice, "warn"), hang=4)
    page.blank()
    page.add(heatmap(report.slots, names.outlets, story.lang))
    page.blank()
    page.put("  ", *in_one_line(report, story.lang).spans)
    for finding in report.violated:
        page.put(
            ("  × ", "bad"),
            f"{finding.obligation.id:<8}",
            (f"{names.subject(finding.subject)}  ", "faint"),
            finding.message,
            hang=12,
        )


def exposure(story: Story, page: Page) -> None:
    """At which stage of Article 17 the shop stands."""
    exposure_of(page, story.report.exposure, story.report.edition)


def reports(story: Story, page: Page) -> None:
    """The report as a page, a workbook, text and JSON."""
    from qsafety.exchange import write_result

    report, out = story.report, story.out
    write_file(out / "report.html", report.to_html(story.lang, ledger=LEDGER))
    write_result(report, out / "result.xlsx", lang=story.lang, ledger=out / LEDGER)
    write_file(out / "report.txt", text_of(lines_of(report, story.given, story.lang, today=False)))
    write_file(out / "report.json", as_json(report.to_dict()) + "\n")
    page.put(
        "    ",
        Bilingual(
            f"{len(report.findings)} 项认定，{len(report.todo)} 项待办，每项都有条文",
            f"{len(report.findings)} findings, {len(report.todo)} things to do, each with its article",
        ),
        hang=4,
    )
    _wrote(page, "report.html", "result.xlsx", "report.txt", "report.json")


def papers(story: Story, page: Page) -> None:
    """One of each of the six papers: those of the first day on which an item failed, its week and its month."""
    from qsafety.papers import render

    check = min(_failed(story.dossier), key=lambda check: (check.day, check.id))
    standing = ("director_duties", "officer_code", "risk_control_list")
    made = [
        *(render(kind, story.dossier, period=ON) for kind in standing),
        render("daily_record", story.dossier, period=check.day, outlet=check.outlet),
        render("weekly_report", story.dossier, period=IsoWeek.of(check.day)),
        render("monthly_minutes", story.dossier, period=Month.of(check.day)),
    ]
    folder = story.out / "papers"
    folder.mkdir(exist_ok=True)
    _wrote(page, *(f"papers/{paper.save(folder).name}" for paper in made))


def _failed(dossier: Dossier) -> Iterator[DailyCheck]:
    for check in dossier.daily_checks or ():
        if any(result.outcome is CheckOutcome.FAIL for result in check.results):
            yield check


def store(story: Story, page: Page) -> None:
    """Kept in a database, and read back."""
    from qsafety.storage import StoreUrl, open_store

    with open_store(StoreUrl(scheme="sqlite", path=str(story.store))) as kept:
        written, again = kept.save(story.dossier), kept.save(story.dossier)
        same = kept.dossier(story.dossier.seller.id) == story.dossier
    page.put(
        "    ",
        Bilingual(
            f"写入 {written} 条记录；再存一次，写入 {again} 条", f"{written} records written; saved once more: {again}"
        ),
        hang=4,
    )
    equal = Bilingual("√ 读回的档案与台账完全相等", "√ what was read back equals the ledger")
    differs = Bilingual("× 读回的档案与台账不同", "× what was read back differs from the ledger")
    page.put("    ", (equal, "good") if same else (differs, "bad"))
    _wrote(page, "shop.db")


def archive(story: Story, page: Page) -> None:
    """The folder for the inspector, checked by ourselves and by a tool that is not ours."""
    from qsafety.archive import layout, pack, verify_pack
    from qsafety.storage import StoreUrl, open_store

    folder, unit = story.out / "pack", story.dossier.seller
    shutil.rmtree(
        folder / layout.folder_name(unit.id, unit.uscc, SINCE, UNTIL), ignore_errors=True
    )  # an earlier demo's
    with open_store(StoreUrl(scheme="sqlite", path=str(story.store))) as kept:
        made = pack(kept, seller=unit.id, since=SINCE, until=UNTIL, on=ON, to=folder)
    files = sum(1 for path in made.rglob("*") if path.is_file())
    page.put(
        "    ",
        Bilingual(f"{files} 个文件，含记录、文书、目录与日志链", f"{files} files: records, papers, index, chain"),
        hang=4,
    )
    found = verify_pack(made)
    page.put("    ", *_tick(found.ok, Bilingual("qsafety verify", "qsafety verify")))
    if outside := shutil.which("sha256sum"):
        run = subprocess.run(
            [outside, "-c", "--quiet", "manifest-sha256.txt"], cwd=made, capture_output=True, check=False
        )
        page.put(
            "    ",
            *_tick(
                run.returncode == 0, Bilingual("sha256sum -c manifest-sha256.txt", "sha256sum -c manifest-sha256.txt")
            ),
        )
    _wrote(page, f"pack/{made.name}/")


def _tick(good: bool, what: Bilingual) -> tuple[tuple[str, str], Bilingual]:
    return ("√ ", "good") if good else ("× ", "bad"), what


def _wrote(page: Page, *names: str) -> None:
    for name in names:
        page.put("    → ", (name, "cell"), whole=True)


STEPS: tuple[tuple[Bilingual, Callable[[Story, Page], None]], ...] = (
    (Bilingual("读取台账", "Read the ledger"), ledger),
    (Bilingual(f"认定：{SINCE} 至 {ON}", f"Verdicts: {SINCE} to {ON}"), verdicts),
    (Bilingual("责任风险：第十七条到哪一步", "Exposure: how far Article 17 has come"), exposure),
    (Bilingual("报告：网页、工作簿、文本、JSON", "The report: a page, a workbook, text, JSON"), reports),
    (Bilingual("六种文书，各出一份", "The six papers, one of each"), papers),
    (Bilingual("存入数据库，再读回来", "Keep it in a store, and read it back"), store),
    (Bilingual("存档备查：交给检查人员的文件夹", "The archive: the folder that an inspector is handed"), archive),
)
