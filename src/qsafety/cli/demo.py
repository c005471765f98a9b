"""``qsafety demo``: a sample shop, from its ledger to the folder that an inspector is handed, told step by step."""

import shlex
from importlib.resources import files
from pathlib import Path

import click

from qsafety.assessment import assess
from qsafety.assessment.lines import Page
from qsafety.bilingual import Bilingual, Lang
from qsafety.cli.commands import FINE, Command
from qsafety.cli.inputs import lang_option, read
from qsafety.cli.output import say, write_file
from qsafety.cli.refusals import FileProblem
from qsafety.cli.story import LEDGER, ON, SINCE, STEPS, Story
from qsafety.errors import MissingExtraError

OTHER = "hardware-wholesaler.xlsx"
MADE_BY = "qsafety demo"
"""The first line of README.txt: by it a folder of an earlier demo is known."""

_FILES = {
    "report.html": Bilingual("报告，用浏览器打开", "the report: open it in a browser"),
    "result.xlsx": Bilingual("结果工作簿，用 Excel 打开", "the result workbook: open it in Excel"),
    "papers": Bilingual("六种文书，用 Word 或 WPS 打开", "the six papers: open them in Word"),
    "pack": Bilingual("存档备查：交给检查人员的文件夹", "the archive: hand it to the inspector"),
    "shop.db": Bilingual("数据库（SQLite）", "the store (SQLite)"),
    LEDGER: Bilingual("样例台账（虚构）", "the sample ledger (fictitious)"),
    OTHER: Bilingual("另一份样例台账（虚构）", "another sample ledger (fictitious)"),
    "report.txt": Bilingual("同一份报告，文本", "the same report as text"),
    "report.json": Bilingual("同一份报告，给程序用", "the same report, for programs"),
}


@click.command(
    "demo",
    cls=Command,
    help="一家样例店，从台账到认定、文书、数据库、存档；不联网。\n\nA sample shop, from its ledger to the archive; offline.",
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
    """Every step is said as it is done; one whose extra is not installed says so."""
    _make_room(out)
    page = Page(lang)
    title = Bilingual(
        "qsafety 演示：一家虚构的电动自行车店", "qsafety demo: an electric bicycle shop that does not exist"
    )
    page.put((title, "title"))
    page.blank()
    say(page.lines)
    given = read(str(out / LEDGER))
    story = Story(out, lang, given, assess(given.dossier, on=ON, since=SINCE))
    for number, (title, step) in enumerate(STEPS, 1):
        page = Page(lang)
        page.put((f"{number}/{len(STEPS)} ", "open"), (title, "head"))
        try:
            step(story, page)
        except MissingExtraError as error:
            page.put("    ", (Bilingual(error.to("zh"), error.to("en")), "warn"), hang=4)
        page.blank()
        say(page.lines)
    _closing(out, lang)
    return FINE


def _make_room(out: Path) -> None:
    """The folder with the sample ledgers, and without the store of an earlier demo; a folder that is somebody else's is refused."""
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
    for name in (LEDGER, OTHER):
        (out / name).write_bytes((files("qsafety.testing") / "data" / name).read_bytes())


def _closing(out: Path, lang: Lang) -> None:
    page = Page(lang)
    page.put((str(out), "head"), whole=True)
    for name, text in _FILES.items():
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
