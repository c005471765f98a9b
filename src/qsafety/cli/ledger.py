"""``qsafety ledger``: an empty workbook to fill in, a dossier as one, a copy with the mistakes marked."""

import os
from pathlib import Path

import click

from qsafety.assessment.lines import Page
from qsafety.bilingual import Bilingual, Lang
from qsafety.cli.commands import FINE, Command, Commands, Described
from qsafety.cli.inputs import lang_option, read, workbook
from qsafety.cli.output import say
from qsafety.cli.refusals import FileProblem

_SHOWN = 12

ledger = Commands(
    "ledger",
    help="台账工作簿：空白模板、由档案写出、标记错处。\n\nThe ledger workbook: a template, a dossier as one, mistakes marked.",
    members={
        "template": Described("qsafety.cli.ledger:template", "空白台账，带下拉列表和说明 / An empty ledger to fill in"),
        "write": Described("qsafety.cli.ledger:write", "把档案写成台账 / A dossier as a ledger"),
        "mark": Described("qsafety.cli.ledger:mark", "标出错处的副本 / A copy with the mistakes marked"),
    },
)


@click.command("template", cls=Command, help="写出一份空白台账。\n\nWrite an empty ledger to fill in.")
@click.argument("file", metavar="F")
@click.option("--force", is_flag=True, help="覆盖已有文件 / Replace a file that is there")
@lang_option
def template(file: str, force: bool, lang: Lang) -> int:
    """A ledger that someone has filled in is not replaced by an empty one."""
    from qsafety.exchange import write_template

    _check_name(file)
    if not force and Path(file).is_file() and Path(file).stat().st_size:
        raise FileProblem(
            Bilingual(f"{file} 已存在，未改动", f"{file} is there already and was left alone"),
            advice=Bilingual("请换一个文件名，或加 --force 覆盖。", "Give another name, or --force to replace it."),
        )
    write_template(file)
    page = Page(lang)
    page.put(Bilingual("已写出空白台账：", "An empty ledger: "), (file, "cell"))
    say(page.lines)
    return FINE


@click.command(
    "write",
    cls=Command,
    help="把档案（JSON、台账或数据库）写成台账。\n\nWrite a dossier (JSON, a ledger or a store) as a ledger.",
)
@click.argument("dossier", metavar="DOSSIER.json")
@click.argument("file", metavar="F")
@click.option("--seller", metavar="ID", help="数据库中的单位 / Which seller of the store")
@lang_option
def write(dossier: str, file: str, seller: str | None, lang: Lang) -> int:
    """What the workbook does not hold is told."""
    from qsafety.exchange import write_ledger

    _check_name(file)
    _not_the_same(dossier, file)
    losses = write_ledger(read(dossier, seller).dossier, file)
    page = Page(lang)
    page.put(Bilingual("已写出台账：", "A ledger: "), (file, "cell"))
    if losses:
        page.put(Bilingual("下列内容不在台账中，或与原值不同：", "Not in the ledger, or not exactly:"))
    for loss in losses:
        page.put(f"  {loss.to(lang)}", hang=4)
    say(page.lines)
    return FINE


@click.command("mark", cls=Command, help="写出标明错处的副本，原台账不变。\n\nWrite a copy with the mistakes marked.")
@click.argument("file", metavar="LEDGER")
@click.argument("out", metavar="F")
@lang_option
def mark(file: str, out: str, lang: Lang) -> int:
    """Every mistake at its cell and on a list at the front."""
    from qsafety.exchange import LedgerErrors, LedgerFileError, Problem, mark_ledger

    _check_name(out)
    _not_the_same(file, out)
    problems: tuple[Problem, ...] = ()
    try:
        workbook(file)
    except LedgerFileError:
        raise
    except LedgerErrors as error:
        problems = error.problems
    lacks = mark_ledger(file, problems, out)
    number = len(problems)
    page = Page(lang)
    page.put(
        Bilingual(f"发现 {number} 处问题，已标在 ", f"{number} problem{'' if number == 1 else 's'}, marked in ")
        if problems
        else Bilingual("没有发现问题；副本：", "nothing is wrong; a copy: "),
        (out, "cell"),
    )
    for problem in problems[:_SHOWN]:
        page.put(f"  {problem.to(lang)}", hang=4)
    if number > _SHOWN:
        page.put(Bilingual(f"  ……另有 {number - _SHOWN} 处", f"  … and {number - _SHOWN} more"))
    for words in lacks:
        page.put(words)
    say(page.lines)
    return FINE


def _check_name(file: str) -> None:
    if Path(file).suffix.lower() != ".xlsx":
        raise FileProblem(
            Bilingual(f"“{file}”的扩展名应为 .xlsx", f"{file!r} should end in .xlsx"),
            advice=Bilingual("否则 Excel 不能打开。", "Excel opens no other."),
        )


def _not_the_same(given: str, file: str) -> None:
    if os.path.exists(given) and os.path.exists(file) and os.path.samefile(given, file):
        raise FileProblem(
            Bilingual(f"{file} 就是原文件，未改动", f"{file} is the file itself and was left alone"),
            advice=Bilingual("请换一个文件名。", "Give another name."),
        )
