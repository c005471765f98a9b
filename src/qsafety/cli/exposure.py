"""``qsafety exposure``: what Article 17 could lead to; never an amount, never a decision."""

from datetime import date

import click

from qsafety.assessment import assess
from qsafety.assessment.lines import Page
from qsafety.assessment.names import Names
from qsafety.assessment.penalty import exposure_of, harbours_of
from qsafety.bilingual import Bilingual, Lang
from qsafety.cli.commands import FINE, VIOLATED, Command
from qsafety.cli.inputs import DayType, format_option, lang_option, ledger_argument, on_option, read
from qsafety.cli.output import say, write_json

_HELP = """第十七条可能引起的后果：处于哪一阶段、依据哪些事实；不判断数额。

What Article 17 could lead to: the stage, and the facts it rests on; never an amount. Exit status as of assess.
"""


@click.command("exposure", cls=Command, help=_HELP)
@ledger_argument
@on_option
@click.option("--since", type=DayType(), metavar="D", help="起始日，默认上月一日 / First day looked at")
@format_option("text", "json")
@lang_option
def exposure(ledger: str, seller: str | None, on: date | None, since: date | None, form: str, lang: Lang) -> int:
    """1 where something is violated."""
    given = read(ledger, seller)
    report = assess(given.dossier, on=on or given.today(), since=since)
    if form == "json":
        write_json(report.exposure.to_dict())
    else:
        page = Page(lang)
        for notice in report.notices:
            page.put((notice, "warn"))
        page.blank()
        window = Bilingual(f"{report.since} 至 {report.on}", f"{report.since} to {report.on}")
        page.put((given.dossier.seller.name, "title"), "  ", window)
        exposure_of(page, report.exposure, report.edition)
        if report.safe_harbour:
            page.blank()
            page.put((Bilingual("意见未被采纳时的履职尽责（第十六条）", "Safe harbour (Article 16)"), "head"))
            harbours_of(page, report.safe_harbour, Names.of(given.dossier, lang))
        page.blank()
        page.put((report.exposure.disclaimer, "faint"))
        say(page.lines)
    return VIOLATED if report.violated else FINE
