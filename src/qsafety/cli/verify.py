"""``qsafety verify``: is a pack as it was made?"""

from pathlib import Path

import click

from qsafety.archive import PackCheck, Property, SealStatus, verify_pack
from qsafety.assessment.lines import Page
from qsafety.bilingual import Bilingual, Lang
from qsafety.cli.commands import FINE, VIOLATED, Command
from qsafety.cli.inputs import format_option, lang_option
from qsafety.cli.output import say, write_json

_HELP = """\b
核验存档包：真实性、完整性、可用性、安全性。
退出状态：0 无问题，1 有问题，2 不是存档包。

Check a pack. Exit status: 0 well, 1 something is wrong, 2 no pack.
"""
_SEALS = {
    SealStatus.VALID: (Bilingual("有效", "valid"), "good"),
    SealStatus.INVALID: (Bilingual("无效", "invalid"), "bad"),
    SealStatus.UNKNOWN_SIGNER: (Bilingual("未被破坏，签名者未核对", "unbroken, signer not looked up"), "warn"),
    SealStatus.UNCHECKED: (Bilingual("未核验", "not checked"), "warn"),
}


@click.command("verify", cls=Command, help=_HELP)
@click.argument("folder", metavar="DIR")
@click.option("--head", metavar="H", help="另行取得的链首 / The chain's head, had from elsewhere")
@click.option(
    "--trust",
    multiple=True,
    type=click.Path(path_type=Path),
    metavar="PEM",
    help="所信任的证书，可多次 / Trusted certificate",
)
@format_option("text", "json")
@lang_option
def verify(folder: str, head: str | None, trust: tuple[Path, ...], form: str, lang: Lang) -> int:
    """Every problem at once, on stdout."""
    found = verify_pack(folder, head=head, trust=trust)
    if form == "json":
        write_json(found.to_dict())
    else:
        say(_page(found, lang).lines)
    return FINE if found.ok else VIOLATED


def _page(found: PackCheck, lang: Lang) -> Page:
    page = Page(lang)
    page.put(f"{found.path}", whole=True)
    for property in Property:
        problems = found.of(property)
        count = Bilingual(f"{len(problems)} 处问题", f"{len(problems)} problem(s)")
        page.put(("× ", "bad") if problems else ("√ ", "good"), property.label, "  ", count if problems else "")
        for problem in problems:
            where = (problem.path, Bilingual("：", ": ")) if problem.path else ()
            page.put("  ", *where, problem.what, Bilingual("。", ". "), (problem.hint, "faint"), hang=4)
    for seal in found.seals:
        words, style = _SEALS[seal.status]
        page.put((words, style), "  ", seal.path, "  ", seal.by or "", f"  {seal.at}" if seal.at else "", hang=2)
    for note in found.notes:
        page.put(("· ", "faint"), note, hang=2)
    if found.head:
        page.put(Bilingual("链首：", "head: "), found.head, whole=True)
    page.put(
        Bilingual(f"{found.files} 个文件，", f"{found.files} files, "),
        Bilingual("完好", "sound") if found.ok else Bilingual("不是做成时的样子", "not as it was made"),
    )
    return page
