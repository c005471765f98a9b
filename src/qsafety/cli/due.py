"""``qsafety due``: what is to be done, by whom, by when."""

from datetime import date

import click

from qsafety.assessment import due as due_of
from qsafety.assessment.lines import Page
from qsafety.assessment.names import Names
from qsafety.assessment.text import todo_lines
from qsafety.bilingual import Bilingual, Lang
from qsafety.cli.commands import FINE, Command
from qsafety.cli.inputs import format_option, lang_option, ledger_argument, on_option, read
from qsafety.cli.output import say, write, write_json


@click.command("due", cls=Command, help="今天要做什么、谁做、到哪天为止。\n\nWhat is to be done, by whom, by when.")
@ledger_argument
@on_option
@format_option("text", "json", "ics")
@lang_option
def due(ledger: str, seller: str | None, on: date | None, form: str, lang: Lang) -> int:
    """Soonest first."""
    given = read(ledger, seller)
    day = on or given.today()
    todo = due_of(given.dossier, on=day)
    if form == "json":
        write_json({"due": [item.to_dict() for item in todo]})
        return FINE
    if form == "ics":
        from qsafety.exchange import to_ics

        people = {person.id: person.name for person in given.dossier.people or ()}
        write(to_ics(todo, given.dossier.seller, on=day, names=people, lang=lang).decode("utf-8"))
        return FINE
    names = Names.of(given.dossier, lang)
    page = Page(lang)
    page.put((given.dossier.seller.name, "title"), "  ", str(day), *_today(on, given.dossier.seller.tz))
    if todo:
        page.put((Bilingual("  期限        事项  责任人  义务", "  By          what  who  obligation"), "faint"))
    else:
        page.put(Bilingual("  没有待办事项", "  nothing is to be done"))
    page.add(todo_lines(todo, names, day, lang))
    say(page.lines)
    return FINE


def _today(on: date | None, zone: str) -> list[tuple[Bilingual, str]]:
    return [] if on else [(Bilingual(f"（今天，{zone}）", f" (today, {zone})"), "faint")]
