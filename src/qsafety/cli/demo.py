"""``qsafety demo``: a sample shop, from its ledger to verdicts, a store, a paper and a report."""

import shlex
from collections.abc import Iterator
from contextlib import suppress
from datetime import date
from importlib.resources import files
from pathlib import Path

import click

from qsafety.assessment import Report, assess
from qsafety.assessment.heatmap import heatmap
from qsafety.assessment.lines import Page
from qsafety.assessment.names import Names
from qsafety.bilingual import Bilingual, Lang
from qsafety.cli.assess import in_one_line, lines_of
from qsafety.cli.commands import FINE, Command
from qsafety.cli.inputs import Given, lang_option, read
from qsafety.cli.output import as_json, say, text_of, write_file
from qsafety.cli.refusals import FileProblem
from qsafety.dossier import LABELS, DailyCheck, Dossier
from qsafety.errors import MissingExtraError
from qsafety.law.vocabulary import CheckOutcome

ON, SINCE = date(2024, 2, 1), date(2023, 12, 25)
LEDGER = "ebike-shop.xlsx"
OTHER = "hardware-wholesaler.xlsx"
MADE_BY = "qsafety demo"
"""The first line of README.txt: by it a folder of an earlier demo is known."""

_FILES = {
    LEDGER: Bilingual("样例台账（虚构）", "the sample ledger (fictitious)"),
    OTHER: Bilingual("另一份样例台账（虚构）", "another sample ledger (fictitious)"),
    "shop.db": Bilingual("数据库（SQLite）", "the store (SQLite)"),
    "papers": Bilingual("《每日工业产品质量安全检查记录》", "a Daily Check Record"),
    "report.txt": Bilingual("报告，给人看", "the report, for people"),
    "report.json": Bilingual("报告，给程序用", "the report, for programs"),
}


@click.command(
    "demo",
    cls=Command,
    help="一家样例店，从台账到认定、存储、文书、报告；不联网。\n\nA sample shop from ledger to verdicts; offline.",
)
@click.option(
    "--out",
    type=click.Path(path_type=Path),
    default="qsafety-demo",
    show_default=True,
    metavar="DIR",
    help="写入的文件夹 / Where to write",
)
@lang_option
def demo(out: Path, lang: Lang) -> int:
    """Five steps, each said as it is done."""
    _make_room(out)
    page = Page(lang)
    page.put(
        (
            Bilingual(
                "qsafety 演示：一家虚构的电动自行车店", "qsafety demo: an electric bicycle shop that does not exist"
            ),
            "title",
        )
    )
    page.blank()
    say(page.lines)
    given = _ledger(out, lang)
    report = assess(given.dossier, on=ON, since=SINCE)
    _verdicts(report, lang)
    _store(out, given.dossier, lang)
    _paper(out, given.dossier, lang)
    _report(out, report, given, lang)
    _closing(out, lang)
    return FINE


def _make_room(out: Path) -> None:
    """The folder, with what an earlier demo left there taken away; a folder that is somebody else's is refused."""
    note = out / "README.txt"
    if out.is_dir() and any(out.iterdir()) and not (note.is_file() and note.read_bytes().startswith(MADE_BY.encode())):
        raise FileProblem(
            Bilingual(f"文件夹 {out} 已存在，且不是演示所建", f"the folder {out} is there, and no demo made it"),
            advice=Bilingual("请用 --out 另选一个文件夹。", "Choose another with --out."),
        )
    out.mkdir(parents=True, exist_ok=True)
    listed = "\n".join(f"{name:26}{text.zh} / {text.en}" for name, text in _FILES.items())
    write_file(
        note,
        f"{MADE_BY}\n\n再次运行演示时，下列文件会被覆盖。\nRunning the demo again overwrites these files.\n\n{listed}\n",
    )
    for name in ("shop.db", "shop.db-wal", "shop.db-shm", "shop.db-journal"):
        (out / name).unlink(missing_ok=True)


def _step(number: int, lang: Lang, title: Bilingual) -> Page:
    page = Page(lang)
    page.put((f"{number}/5 ", "open"), (title, "head"))
    return page


def _ledger(out: Path, lang: Lang) -> Given:
    page = _step(1, lang, Bilingual("读取台账", "Read the ledger"))
    sample = out / LEDGER
    for name in (LEDGER, OTHER):
        (out / name).write_bytes((files("qsafety.testing") / "data" / name).read_bytes())
    given = read(str(sample))
    dossier = given.dossier
    counts = [
        f"{LABELS[name].to(lang)} {len(getattr(dossier, name))}"
        for name in (
            "outlets",
            "products",
            "people",
            "daily_checks",
            "hazards",
            "weekly_screenings",
            "monthly_coordinations",
        )
        if dossier.given(name)
    ]
    page.put(f"    {dossier.seller.name}", hang=4)
    page.put("    ", "  ".join(counts), hang=4)
    page.blank()
    say(page.lines)
    return given


def _verdicts(report: Report, lang: Lang) -> None:
    page = _step(2, lang, Bilingual(f"认定：{SINCE} 至 {ON}", f"Verdicts: {SINCE} to {ON}"))
    for notice in report.notices:
        page.put("    ", (notice, "warn"), hang=4)
    page.blank()
    names = Names.of(report.dossier, lang)
    page.add(heatmap(report.slots, names.outlets, lang))
    page.blank()
    page.put("  ", *in_one_line(report, lang).spans)
    for finding in report.violated:
        page.put(
            ("  × ", "bad"),
            f"{finding.obligation.id:<6}",
            (f"{names.subject(finding.subject)}  ", "faint"),
            finding.message,
            hang=10,
        )
    page.blank()
    say(page.lines)


def _store(out: Path, dossier: Dossier, lang: Lang) -> None:
    page = _step(3, lang, Bilingual("存入数据库，再读回来", "Keep it in a store, and read it back"))
    try:
        from qsafety.storage import StoreUrl, open_store

        with open_store(StoreUrl(scheme="sqlite", path=str(out / "shop.db"))) as store:
            written = store.save(dossier)
            again = store.save(dossier)
            same = store.dossier(dossier.seller.id) == dossier
        page.put(
            "    ",
            Bilingual(
                f"写入 {written} 条记录；再存一次，写入 {again} 条",
                f"{written} records written; saved once more: {again}",
            ),
            hang=4,
        )
        equal = Bilingual("√ 读回的档案与台账完全相等", "√ what was read back equals the ledger")
        differs = Bilingual("× 读回的档案与台账不同", "× what was read back differs from the ledger")
        page.put("    ", (equal, "good") if same else (differs, "bad"))
    except MissingExtraError as error:
        page.put("    ", (Bilingual(error.to("zh"), error.to("en")), "warn"), hang=4)
    page.blank()
    say(page.lines)


def _failed(dossier: Dossier) -> Iterator[DailyCheck]:
    for check in dossier.daily_checks or ():
        if any(result.outcome is CheckOutcome.FAIL for result in check.results):
            yield check


def _paper(out: Path, dossier: Dossier, lang: Lang) -> None:
    page = _step(4, lang, Bilingual("出一份文书：有不合格项的一天", "A paper: a day on which an item failed"))
    folder = out / "papers"
    folder.mkdir(exist_ok=True)
    check = min(_failed(dossier), key=lambda check: (check.day, check.id))
    try:
        from qsafety.papers import render

        paper = render("daily_record", dossier, period=check.day, outlet=check.outlet)
        page.put("    ", f"{paper.number}  sha256 {paper.sha256[:12]}", hang=4)
        page.put("    ", str(paper.save(folder)), whole=True)
    except MissingExtraError as error:
        page.put("    ", (Bilingual(error.to("zh"), error.to("en")), "warn"), hang=4)
    page.blank()
    say(page.lines)


def _report(out: Path, report: Report, given: Given, lang: Lang) -> None:
    page = _step(5, lang, Bilingual("报告", "The report"))
    write_file(out / "report.txt", text_of(lines_of(report, given, lang, today=False)))
    write_file(out / "report.json", as_json(report.to_dict()) + "\n")
    page.put(
        "    ",
        Bilingual(
            f"{len(report.findings)} 项认定，{len(report.todo)} 项待办，每项都有条文",
            f"{len(report.findings)} findings, {len(report.todo)} things to do, each with its article",
        ),
        hang=4,
    )
    page.blank()
    say(page.lines)


def _closing(out: Path, lang: Lang) -> None:
    page = Page(lang)
    page.put((str(out), "head"), whole=True)
    for name, text in _FILES.items():
        with suppress(OSError):
            if (out / name).exists():
                page.entry(name, text, width=26)
    page.blank()
    page.put(Bilingual("接下来可以试：", "Try next:"))
    ledger = shlex.quote(str(out / LEDGER))
    tail = "" if lang == "zh" else " --lang en"
    page.put(f"  qsafety assess {ledger} --on {ON}{tail}", whole=True)
    page.put(f"  qsafety due {ledger} --on {ON}{tail}", whole=True)
    page.put(f"  qsafety law show A10.2{tail}", whole=True)
    say(page.lines)
