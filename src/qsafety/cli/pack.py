"""``qsafety pack``: 存档备查, one folder for the inspector, checkable with other people's tools."""

import os
import sys
from datetime import date
from pathlib import Path

import click

from qsafety.archive import PackError, Redaction, Signer
from qsafety.archive import pack as make
from qsafety.archive.papers import can_render
from qsafety.assessment.lines import Page
from qsafety.bilingual import Bilingual, Lang
from qsafety.cli.commands import FINE, Command
from qsafety.cli.inputs import DayType, Given, OneOf, lang_option, ledger_argument, on_option, read, window
from qsafety.cli.output import say
from qsafety.cli.refusals import UsageProblem

_HELP = """\b
把应当存档备查的做成一个文件夹（BagIt 1.0）：
记录、文书、目录、链和核验说明。DIR 是上一级文件夹。

What Article 13 asks to be kept, as one folder in DIR that anybody can check (BagIt 1.0).
"""


@click.command("pack", cls=Command, help=_HELP)
@ledger_argument
@click.option("--since", type=DayType(), required=True, metavar="D", help="第一天 / First day")
@click.option("--until", type=DayType(), required=True, metavar="D", help="最后一天 / Last day")
@on_option
@click.option(
    "--out", required=True, type=click.Path(path_type=Path), metavar="DIR", help="放入哪个文件夹 / Into which folder"
)
@click.option(
    "--redaction",
    type=OneOf([str(level) for level in Redaction]),
    default="none",
    help="脱敏 / What of people is shown",
)
@click.option("--no-papers", is_flag=True, help="只要记录 / Records only")
@click.option(
    "--sign-key", type=click.Path(path_type=Path), metavar="F", help="签名密钥 PEM，口令在 QSAFETY_SIGN_PASSWORD / Key"
)
@click.option("--sign-cert", type=click.Path(path_type=Path), metavar="F", help="签名证书 PEM / Certificate")
@click.option("--timestamp", metavar="URL", help="RFC 3161 时间戳机构 / Time stamp authority")
@lang_option
def pack(
    ledger: str,
    seller: str | None,
    since: date,
    until: date,
    on: date | None,
    out: Path,
    redaction: str,
    no_papers: bool,
    sign_key: Path | None,
    sign_cert: Path | None,
    timestamp: str | None,
    lang: Lang,
) -> int:
    """As known on ``on``; a progress bar on a terminal."""
    from rich.console import Console
    from rich.progress import Progress

    window(since, until)
    given = read(ledger, seller)
    _no_less_hidden(given, redaction)
    day = on or given.today()
    with Progress(console=Console(stderr=True), transient=True, disable=not sys.stderr.isatty()) as bar:
        task = bar.add_task("pack", total=None)
        made = make(
            ledger if "://" in ledger else given.dossier,
            seller=given.dossier.seller.id,
            since=since,
            until=until,
            on=day,
            to=out,
            redaction=redaction,
            papers=not no_papers,
            sign=_signer(sign_key, sign_cert),
            timestamp=timestamp,
            progress=lambda done: bar.update(task, completed=done),
        )
    say(told(made, day, lang, papers=not no_papers).lines)
    return FINE


def _no_less_hidden(given: Given, redaction: str) -> None:
    """Refuse a pack that would say less is hidden than was in the pack it is made from."""
    levels = [*Redaction]
    if given.redaction and levels.index(Redaction(redaction)) < levels.index(given.redaction):
        raise UsageProblem(
            Bilingual(
                f"所读的存档包已脱敏（{given.redaction}），--redaction {redaction} 会说成没有",
                f"the pack that was read is redacted ({given.redaction}); --redaction {redaction} would not say so",
            ),
            advice=Bilingual(
                f"请写 --redaction {given.redaction}，或从台账、数据库导出。",
                f"Write --redaction {given.redaction}, or make it from the ledger or the store.",
            ),
        )


def _signer(key: Path | None, certificate: Path | None) -> Signer | None:
    if key is None and certificate is None:
        return None
    if key is None or certificate is None:
        raise UsageProblem(
            Bilingual("--sign-key 与 --sign-cert 要一起给出", "--sign-key and --sign-cert go together"),
        )
    password = os.environ.get("QSAFETY_SIGN_PASSWORD")
    if not password and b"ENCRYPTED" in key.read_bytes():
        raise UsageProblem(
            Bilingual(f"{key} 有口令，没有给出", f"{key} has a password, which was not given"),
            advice=Bilingual(
                "请设环境变量 QSAFETY_SIGN_PASSWORD。", "Set the environment variable QSAFETY_SIGN_PASSWORD."
            ),
        )
    return Signer.load(key, certificate, password=password.encode() if password else None)


def told(made: Path, on: date, lang: Lang, *, papers: bool = True) -> Page:
    """Where the pack is, what it holds, and how to check it without qsafety; the demo says it too."""
    from qsafety.archive import verify_pack

    found = verify_pack(made)
    if not found.ok:  # a disk that does not give back what it took
        raise PackError(
            Bilingual(
                f"{made} 刚做好就有问题：{found.problems[0].to('zh')}",
                f"{made} is damaged as soon as made: {found.problems[0].to('en')}",
            )
        )
    page = Page(lang)
    page.put(
        ("√ ", "good"), Bilingual(f"{found.files} 个文件，截至 {on} 所知", f"{found.files} files, as known on {on}")
    )
    page.put(f"  {made}", whole=True)
    if papers and not can_render():
        page.put("  ", Bilingual("没有文书：pip install 'qsafety[docx]'", "no papers: pip install 'qsafety[docx]'"))
    if found.head:
        page.put("  ", Bilingual("链首，请另存他处：", "the chain's head, to be kept elsewhere: "))
        page.put(f"  {found.head}", whole=True)
    for note in found.notes:
        page.put(("· ", "faint"), note, hang=2)
    page.put(
        "  ",
        Bilingual("核验：在该文件夹中运行", "to check it, in that folder: "),
        " sha256sum -c --quiet manifest-sha256.txt",
        hang=2,
    )
    return page
