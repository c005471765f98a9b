"""``qsafety manifest``: what Article 13 asks to be kept of a window, and what of it is there."""

from collections.abc import Iterable
from datetime import date

import click

from qsafety.archive.index import manifest_csv, manifest_html
from qsafety.assessment import Manifest, ManifestEntry
from qsafety.assessment import manifest as manifest_of
from qsafety.assessment.lines import Page
from qsafety.bilingual import Bilingual, Lang
from qsafety.cli.commands import FINE, Command
from qsafety.cli.inputs import DayType, format_option, lang_option, ledger_argument, on_option, read, window
from qsafety.cli.output import say, write, write_json
from qsafety.rules.a13_archive import STATUS, TITLES

_STYLES = {
    "present": "good",
    "late": "warn",
    "missing": "bad",
    "unknown": "warn",
    "not_due": "faint",
    "not_required": "faint",
}
_NAMED = ("missing", "late", "unknown")


@click.command(
    "manifest",
    cls=Command,
    help="第十三条要求存档的，已有哪些、缺哪些。\n\nWhat Article 13 asks to be kept, and what is there.",
)
@ledger_argument
@click.option("--since", type=DayType(), required=True, metavar="D", help="第一天 / First day")
@click.option("--until", type=DayType(), required=True, metavar="D", help="最后一天 / Last day")
@on_option
@format_option("text", "json", "csv", "html")
@lang_option
def manifest(ledger: str, seller: str | None, since: date, until: date, on: date | None, form: str, lang: Lang) -> int:
    """As known on ``on``."""
    window(since, until)
    given = read(ledger, seller)
    day = on or given.today()
    found = manifest_of(given.dossier, since=since, until=until, on=day)
    if form == "json":
        write_json(found.to_dict())
    elif form == "csv":
        write(manifest_csv(found))
    elif form == "html":
        write(manifest_html(found, given.dossier.seller, since=since, until=until, on=day, lang=lang))
    else:
        page = Page(lang)
        known = Bilingual(f"（截至 {day} 所知）", f" (as known on {day})")
        span = Bilingual(f"{since} 至 {until}", f"{since} to {until}")
        page.put((given.dossier.seller.name, "title"), "  ", span, (known, "faint"))
        _slots(page, found)
        page.put(
            "  ",
            (Bilingual("条文没有规定保存期限。", "The text sets no period for which they must be kept."), "faint"),
        )
        say(page.lines)
    return FINE


def _slots(page: Page, found: Manifest) -> None:
    for slot, title in TITLES.items():
        counts = found.counts.get(slot, {})
        page.put(f"  {slot:<4}", (title, "head"), hang=6)
        if not counts:  # of events: where nothing happened, nothing is to be kept
            page.put("      ", (Bilingual("没有记录", "no record"), "faint"))
            continue
        parts = [
            (f"{page.text(words)} {counts[status]}   ", _STYLES[status])
            for status, words in STATUS.items()
            if status in counts
        ]
        page.put("      ", *parts, hang=6)
        mine = [entry for entry in found.entries if entry.slot == slot]
        for status in _NAMED:
            named = [_about(entry) for entry in mine if entry.status == status]
            if any(named):
                page.put(
                    "      ",
                    (STATUS[status], _STYLES[status]),
                    Bilingual("：", ": "),
                    _listed(filter(None, named)),
                    hang=8,
                )


def _about(entry: ManifestEntry) -> str:
    return " ".join(part for part in (entry.outlet, entry.period) if part) or entry.record or ""


def _listed(names: Iterable[str]) -> Bilingual:
    listed = list(names)
    return Bilingual("、".join(listed), ", ".join(listed))
