"""``qsafety import``: keep a ledger in a store."""

import click

from qsafety.assessment.lines import Page
from qsafety.bilingual import Bilingual, Lang
from qsafety.cli.commands import FINE, Command
from qsafety.cli.inputs import lang_option, read
from qsafety.cli.output import say

_HELP = """把台账（.xlsx）或档案（.json）存入数据库；内容相同则不写入，有改动则存为下一版本。

Keep a ledger or a dossier in a store. What is equal is not written, what has changed becomes the next version. URL: sqlite:///shop.db
"""


@click.command("import", cls=Command, help=_HELP)
@click.argument("ledger", metavar="LEDGER")
@click.option("--store", "url", required=True, metavar="URL", help="数据库 / The store")
@lang_option
def import_(ledger: str, url: str, lang: Lang) -> int:
    """All or nothing, in one transaction."""
    from qsafety.storage import StoreUrl, open_store

    place = StoreUrl.parse(url)
    dossier = read(ledger).dossier
    with open_store(place) as store:
        written = store.save(dossier)
    page = Page(lang)
    page.put(f"{place}  {dossier.seller.id}  {dossier.seller.name}")
    if written:
        page.put(Bilingual(f"新增或变更 {written} 条记录", f"{written} records are new or changed"))
    else:
        page.put(Bilingual("内容相同，没有写入", "equal to what is kept; nothing was written"))
    say(page.lines)
    return FINE
