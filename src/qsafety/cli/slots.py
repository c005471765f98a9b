"""``qsafety slots``: what was due every day, week and month, and what became of it."""

from datetime import date

import click

from qsafety.assessment.heatmap import heatmap
from qsafety.assessment.lines import Page
from qsafety.assessment.names import Names
from qsafety.bilingual import Bilingual, Lang
from qsafety.cadence import slots as slots_of
from qsafety.cli.commands import FINE, Command
from qsafety.cli.inputs import DayType, format_option, lang_option, ledger_argument, on_option, read, window
from qsafety.cli.output import say, write_json
from qsafety.dossier import LABELS

_HELP = "每日、每周、每月应做的，做了没有。\n\nWhat was due every day, week and month, and what became of it."


@click.command("slots", cls=Command, help=_HELP)
@ledger_argument
@click.option("--since", type=DayType(), required=True, metavar="D", help="第一天 / First day")
@click.option("--until", type=DayType(), required=True, metavar="D", help="最后一天 / Last day")
@on_option
@format_option("text", "json")
@lang_option
def slots(ledger: str, seller: str | None, since: date, until: date, on: date | None, form: str, lang: Lang) -> int:
    """As known on ``on``."""
    window(since, until)
    given = read(ledger, seller)
    day = on or given.today()
    found = slots_of(given.dossier, since=since, until=until, on=day)
    if form == "json":
        write_json({"slots": [slot.to_dict() for slot in found]})
        return FINE
    page = Page(lang)
    known = Bilingual(f"（截至 {day} 所知）", f" (as known on {day})")
    page.put(
        (given.dossier.seller.name, "title"),
        "  ",
        Bilingual(f"{since} 至 {until}", f"{since} to {until}"),
        (known, "faint"),
    )
    page.blank()
    page.add(heatmap(found, Names.of(given.dossier, lang).outlets, lang))
    records = ("daily_checks", "weekly_screenings", "monthly_coordinations")
    absent = [LABELS[name] for name in records if not given.dossier.given(name)]
    if absent:
        words = Bilingual("、".join(a.zh for a in absent), ", ".join(a.en for a in absent))
        page.put(Bilingual(f"  未提供：{words.zh}", f"  Not given: {words.en}"), hang=2)
    elif not found:
        page.put(Bilingual("  这段时间没有应履行的义务", "  nothing was due in this window"))
    say(page.lines)
    return FINE
