"""The command line: ``qsafety`` and ``python -m qsafety``.

Exit status: 0, or 1 where ``assess`` or ``exposure`` finds something violated, or
``store check`` or ``verify`` damage; 2 where the input or the usage is wrong; 130 when interrupted; 70 for
a defect of qsafety itself, which is never to be taken for an answer.
"""

import click

from qsafety.cli.commands import Commands, Described

__all__ = ["main"]

_HELP = (
    "工业产品销售单位质量安全主体责任：何人应任、何时应做、缺什么、依据哪一条。\n\n"
    "What China's product-quality regulation asks of a seller, when, and what is missing, with the article."
)


def _version(context: click.Context, _: click.Parameter, asked: bool) -> None:
    if asked and not context.resilient_parsing:
        from importlib.metadata import version

        click.echo(f"qsafety {version('qsafety')}")
        context.exit()


main = Commands(
    "qsafety",
    help=_HELP,
    members={
        "demo": Described("qsafety.cli.demo:demo", "从台账到认定的一次演示 / A sample shop, start to end"),
        "assess": Described("qsafety.cli.assess:assess", "认定：哪些做到、哪些缺 / The report on a seller"),
        "due": Described("qsafety.cli.due:due", "今天要做什么、谁做 / What is to be done, by whom"),
        "slots": Described("qsafety.cli.slots:slots", "每日、每周、每月做了没有 / Done, late, missed"),
        "exposure": Described("qsafety.cli.exposure:exposure", "第十七条的责任风险 / What Article 17 could lead to"),
        "manifest": Described("qsafety.cli.manifest:manifest", "第十三条应存档的、已有的 / What is to be kept"),
        "papers": Described("qsafety.cli.papers:papers", "六种文书，Word 文件 / The six papers as Word files"),
        "pack": Described("qsafety.cli.pack:pack", "存档备查：做成存档包 / A folder for the inspector"),
        "verify": Described("qsafety.cli.verify:verify", "存档包有没有被改动 / Is a pack as it was made?"),
        "ledger": Described("qsafety.cli.ledger:ledger", "台账：模板、写出、标错 / Template, write, mark"),
        "law": Described("qsafety.cli.law:law", "条文、义务、用语、版本差异 / Text, duties, terms, editions"),
        "import": Described("qsafety.cli.store:import_", "把台账存入数据库 / Keep a ledger in a store"),
        "store": Described("qsafety.cli.store:store", "数据库：检查、升级 / Check or upgrade a store"),
        "backends": Described("qsafety.cli.store:backends", "可用的存储 / Which stores can be used"),
        "doctor": Described("qsafety.cli.doctor:doctor", "版本、扩展、字体是否齐备 / Versions, extras, fonts"),
    },
    params=[
        click.Option(
            ["--version"],
            is_flag=True,
            expose_value=False,
            is_eager=True,
            callback=_version,
            help="显示版本 / Show the version",
        )
    ],
)
"""The command ``qsafety``."""
