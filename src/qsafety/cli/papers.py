"""``qsafety papers``: the mandated papers, and those beside them, as Word files; their templates, and what is wrong with a changed one."""

import sys
from datetime import date
from pathlib import Path

import click

from qsafety.assessment.lines import Page
from qsafety.assessment.window import default_since
from qsafety.bilingual import Bilingual, Lang
from qsafety.cli.commands import FINE, Command, Commands, Described
from qsafety.cli.inputs import DayType, OneOf, lang_option, ledger_argument, on_option, read, window
from qsafety.cli.output import say
from qsafety.dossier import as_known_on
from qsafety.law.vocabulary import FurtherPaper, PaperKind

_PROBLEMS = 1
_KINDS = [*map(str, PaperKind), *map(str, FurtherPaper)]

_HELP = """六种文书写成 Word 文件：papers LEDGER --out 目录；另有 papers templates 目录、papers lint 模板、papers starter 种类。

The six papers as Word files: papers LEDGER --out DIR. Also: papers templates DIR, papers lint TEMPLATE, papers starter PACK.
"""


class _Papers(Commands):
    """``papers LEDGER …`` renders; ``papers templates`` and ``papers lint`` are commands of their own."""

    def parse_args(self, ctx: click.Context, args: list[str]) -> list[str]:
        """Whatever is no command is a ledger."""
        if args and args[0] not in (*self.members, "--help"):
            args = ["render", *args]
        return super().parse_args(ctx, args)


papers = _Papers(
    "papers",
    help=_HELP,
    members={
        "render": Described("qsafety.cli.papers:render", "由台账写出文书 / The papers of a ledger"),
        "templates": Described("qsafety.cli.papers:templates", "导出可修改的模板 / The templates, to be changed"),
        "starter": Described(
            "qsafety.cli.papers:starter", "风险管控清单的起步稿 / A draft to start a risk control list from"
        ),
        "lint": Described("qsafety.cli.papers:lint", "检查改过的模板 / What is wrong with a template"),
    },
)


@click.command(
    "render",
    cls=Command,
    help="由台账写出六种文书；--kind 另可选任命书、否决建议书及答复、停止销售通知、培训考核记录、尽职免责情况表、存档目录。\n\n"
    "Write the six papers of a ledger; --kind also takes the further ones. Periods without a record are listed and skipped.",
)
@ledger_argument
@click.option("--out", required=True, type=click.Path(path_type=Path), metavar="DIR", help="目录 / The folder")
@click.option("--kind", "kinds", multiple=True, type=OneOf(_KINDS), help="种类，可多次 / Which")
@click.option("--since", type=DayType(), metavar="D", help="第一天，默认上月一日 / First day")
@click.option("--until", type=DayType(), metavar="D", help="最后一天，默认 --on / Last day")
@on_option
@click.option("--blank", is_flag=True, help="空白表样，供手写 / Empty forms, to be filled in by hand")
@lang_option
def render(
    ledger: str,
    seller: str | None,
    out: Path,
    kinds: tuple[str, ...],
    since: date | None,
    until: date | None,
    on: date | None,
    blank: bool,
    lang: Lang,
) -> int:
    """As known on ``on``; a progress bar on a terminal."""
    from rich.console import Console
    from rich.progress import Progress

    from qsafety.papers import render_many

    given = read(ledger, seller)
    day = on or given.today()
    last = until or day
    first = since or default_since(given.dossier.seller, last)
    window(first, last)
    with Progress(console=Console(stderr=True), transient=True, disable=not sys.stderr.isatty()) as bar:
        task = bar.add_task("papers", total=None)
        made = render_many(
            as_known_on(given.dossier, day),
            since=first,
            until=last,
            on=day,
            kinds=kinds or None,
            to=out,
            blank=blank,
            progress=lambda done, total: bar.update(task, completed=done, total=total),
        )
    for skipped in made.skipped:
        where = " ".join(part for part in (skipped.outlet, skipped.period) if part)
        click.echo(f"{skipped.kind.label.to(lang)} {where}  {skipped.why.to(lang)}", err=True)
    for name, remarks in made.remarks.items():
        for remark in remarks:
            click.echo(f"{name}  {remark.to(lang)}", err=True)
    page = Page(lang)
    page.put(
        Bilingual(f"{first} 至 {last}：写出 {len(made.made)} 份", f"{first} to {last}: {len(made.made)} written"),
        Bilingual(
            f"，已有且相同 {len(made.kept)} 份，跳过 {len(made.skipped)} 份。",
            f", {len(made.kept)} there already and the same, {len(made.skipped)} skipped.",
        ),
    )
    page.put(f"  {out}", whole=True)
    say(page.lines)
    return FINE


@click.command(
    "templates", cls=Command, help="导出可修改的模板。\n\nExport the templates, to be changed in Word or WPS."
)
@click.argument("folder", metavar="DIR")
@lang_option
def templates(folder: str, lang: Lang) -> int:
    """Each kind and profile a file."""
    from qsafety.papers import export_templates

    export_templates(folder)
    page = Page(lang)
    page.put(Bilingual(f"模板已写入 {folder}", f"Templates written to {folder}"), whole=True)
    say(page.lines)
    return FINE


@click.command(
    "starter",
    cls=Command,
    help="风险管控清单的起步稿：法定要求加所选种类的条目，供增删、批准；未经批准不作为清单。不给种类则列出各种类。\n\n"
    "A draft of a risk control list: what the law asks for, and the items of the packs. Without a pack: which there are.",
)
@click.argument("packs", nargs=-1, metavar="[PACK]...")
@click.option(
    "--out", type=click.Path(path_type=Path), metavar="FILE", help="Word 文件或目录 / The Word file or a folder"
)
@lang_option
def starter(packs: tuple[str, ...], out: Path | None, lang: Lang) -> int:
    """A pack's items come from us, with their sources; nothing is in force by it."""
    from qsafety.dossier import Dossier, Seller
    from qsafety.papers import render as paper
    from qsafety.papers.starters import starter_list, starters

    page = Page(lang)
    if not packs:
        for pack in starters().values():
            items = Bilingual(f"{len(pack.items)} 项", f"{len(pack.items)} items")
            page.put(f"{pack.name}  ", pack.title, Bilingual("，", ", "), items, hang=2)
        say(page.lines)
        return FINE
    draft = starter_list(*packs)
    made = paper(
        "risk_control_list",
        Dossier(seller=Seller(id="starter", name="＿＿＿＿＿＿＿＿"), risk_lists=[draft]),
        number=lambda parts: "",
    )
    written = made.save(out or Path.cwd())
    page.put(
        Bilingual(
            f"起步稿 {len(draft.items)} 项，状态为草案：请增删后批准，再录入台账。",
            f"{len(draft.items)} items, a draft: strike, add, approve, then enter it in the ledger.",
        )
    )
    page.put(f"  {written}", whole=True)
    say(page.lines)
    return FINE


@click.command(
    "lint", cls=Command, help="检查改过的模板：退出状态 0 无问题，1 有问题。\n\nExit status 0 clean, 1 problems."
)
@click.argument("template", metavar="TEMPLATE")
@click.option("--kind", type=OneOf(_KINDS), help="哪一种文书 / Which paper it is")
@lang_option
def lint(template: str, kind: str | None, lang: Lang) -> int:
    """Every problem, with its paragraph and what was probably meant."""
    from qsafety.papers.lint import lint as problems_of

    problems = problems_of(template, kind)
    page = Page(lang)
    for problem in problems:
        page.put("× ", problem.to(lang), hang=2)
    if not problems:
        page.put(Bilingual("√ 没有问题", "√ nothing wrong"))
    say(page.lines)
    return _PROBLEMS if problems else FINE
