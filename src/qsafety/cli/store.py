"""``qsafety import``, ``store`` and ``backends``: keep a ledger in a store, see whether a store is sound, what there is."""

from typing import TYPE_CHECKING

import click

from qsafety.assessment.lines import Page
from qsafety.bilingual import Bilingual, Lang
from qsafety.cli.commands import FINE, VIOLATED, Command, Commands, Described
from qsafety.cli.inputs import lang_option, ledger_argument, read
from qsafety.cli.output import say

if TYPE_CHECKING:
    from qsafety.dossier import Dossier
    from qsafety.storage import Store

_HELP = """\b
把台账（.xlsx）、档案（.json）或存档包存入数据库；
内容相同则不写入，有改动则存为下一版本。

Keep a ledger, a dossier or a pack in a store. What is equal is not written, what has changed becomes the next version. URL: sqlite:///shop.db
"""


@click.command("import", cls=Command, help=_HELP)
@ledger_argument
@click.option("--store", "url", required=True, metavar="URL", help="数据库 / The store")
@lang_option
def import_(ledger: str, seller: str | None, url: str, lang: Lang) -> int:
    """All or nothing, in one transaction."""
    from qsafety.storage import StoreUrl, open_store

    place = StoreUrl.parse(url)
    given = read(ledger, seller)
    dossier = given.dossier
    with open_store(place) as store:
        if given.redaction:
            _real_people_stay(store, dossier, ledger)
        written = store.save(dossier)
    page = Page(lang)
    page.put(f"{place}  {dossier.seller.id}  {dossier.seller.name}", whole=True)
    if written:
        page.put(Bilingual(f"新增或变更 {written} 条记录", f"{written} records are new or changed"))
    else:
        page.put(Bilingual("内容相同，没有写入", "equal to what is kept; nothing was written"))
    if given.redaction:
        page.put(("· ", "faint"), given.redaction.label)
    say(page.lines)
    return FINE


def _real_people_stay(store: "Store", dossier: "Dossier", ledger: str) -> None:
    """Refuse a redacted pack where the store knows its people otherwise: masked names would become their next versions."""
    from qsafety.archive import RedactedPackError

    seller = dossier.seller.id
    kept = {person.id: person for person in store.dossier(seller).people or ()} if seller in store.sellers() else {}
    if any(person.id in kept and kept[person.id] != person for person in dossier.people or ()):
        raise RedactedPackError(
            Bilingual(
                f"{ledger} 是脱敏的存档包，数据库中有“{seller}”的真实人员信息，没有导入",
                f"{ledger} is a redacted pack, and the store holds the real people of {seller!r}; nothing was imported",
            ),
            advice=Bilingual(
                "请导入未脱敏的存档包，或导入另一个数据库。",
                "Import a pack that is not redacted, or into another store.",
            ),
        )


store = Commands(
    "store",
    help="数据库的检查与升级。\n\nCheck a store, or bring it to the newest layout.",
    members={
        "check": Described("qsafety.cli.store:check", "记录、历史与日志是否一致 / Is it sound?"),
        "upgrade": Described("qsafety.cli.store:upgrade", "升级到最新结构 / Bring it to the newest layout"),
    },
)

_CHECK = """比对记录、历史与日志。退出状态：0 一致，1 有损坏，2 打不开。

Compare records, histories and journals. Exit status: 0 sound, 1 damaged, 2 cannot be opened.
"""


@click.command("check", cls=Command, help=_CHECK)
@click.argument("url", metavar="URL")
@lang_option
def check(url: str, lang: Lang) -> int:
    """What is damaged is told on stdout, one line each."""
    from qsafety.storage import StoreUrl, open_store

    place = StoreUrl.parse(url)
    with open_store(place, create=False) as opened:
        found = opened.check()
    page = Page(lang)
    if found.ok:
        page.put(("√ ", "good"), f"{place}  ", Bilingual("完好", "sound"))
    for problem in found.problems:
        page.put(("× ", "bad"), Bilingual(problem.to("zh"), problem.to("en")), hang=2)
    for note in found.notes:
        page.put(("· ", "faint"), Bilingual(note.to("zh"), note.to("en")), hang=2)
    say(page.lines)
    return FINE if found.ok else VIOLATED


@click.command(
    "upgrade",
    cls=Command,
    help="把数据库升级到最新结构；可重复运行。\n\nBring a store to the newest layout; twice is fine.",
)
@click.argument("url", metavar="URL")
@lang_option
def upgrade(url: str, lang: Lang) -> int:
    """Makes the layout where it is absent."""
    from qsafety.storage import StoreUrl, open_store

    place = StoreUrl.parse(url)
    with open_store(place) as opened:
        opened.upgrade()
    page = Page(lang)
    page.put(("√ ", "good"), f"{place}  ", Bilingual("已是最新结构", "has the newest layout"))
    say(page.lines)
    return FINE


@click.command(
    "backends", cls=Command, help="可用的存储，以及由谁提供。\n\nWhich stores can be used, and who brings them."
)
@lang_option
def backends(lang: Lang) -> int:
    """Looks only at what is installed."""
    from qsafety.storage import backends as known

    page = Page(lang)
    sources = known()
    width = max(len(f"{source.scheme}://") for source in sources) + 2
    for source in sources:
        mark = ("√", "good") if source.used else ("·", "faint")
        page.entry(f"{source.scheme}://", mark, f" {source.by}", width=width)
    say(page.lines)
    return FINE
