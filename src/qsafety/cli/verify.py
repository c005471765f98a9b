"""``qsafety verify``: is a pack as it was made?"""

import re
from pathlib import Path

import click

from qsafety.archive import PackCheck, Property, SealStatus, verify_pack
from qsafety.assessment.lines import Page
from qsafety.bilingual import Bilingual, Lang
from qsafety.cli.commands import FINE, VIOLATED, Command
from qsafety.cli.inputs import format_option, lang_option
from qsafety.cli.output import say, write_json
from qsafety.cli.refusals import UsageProblem

_HELP = """\b
核验存档包：真实性、完整性、可用性、安全性。
退出状态：0 无问题，1 有问题，2 不是存档包。

Check a pack. Exit status: 0 well, 1 something is wrong, 2 no pack.
"""
_SEALS = {
    SealStatus.VALID: (("√ ", "good"), Bilingual("有效", "valid")),
    SealStatus.INVALID: (("× ", "bad"), Bilingual("无效", "invalid")),
    SealStatus.UNKNOWN_SIGNER: (
        ("· ", "warn"),
        Bilingual("未被破坏，签名者未经核对", "unbroken, signer not looked up"),
    ),
    SealStatus.UNCHECKED: (("· ", "warn"), Bilingual("未核验", "not checked")),
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
    found = verify_pack(
        folder, head=head if head is None else _link(head), trust=[_certificates(path) for path in trust]
    )
    if form == "json":
        write_json(found.to_dict())
    else:
        say(
            _page(
                found, lang, compared=head is not None or any(s.status is SealStatus.VALID for s in found.seals)
            ).lines
        )
    return FINE if found.ok else VIOLATED


def _link(head: str) -> str:
    """The head as it was copied from paper; what cannot be one is no sign that the pack was made anew."""
    link = "".join(head.split()).lower()
    if not re.fullmatch("[0-9a-f]{64}", link):
        raise UsageProblem(
            Bilingual(f"--head：“{head}”不是 64 位十六进制的链首", f"--head: {head!r} is no head of 64 hex digits"),
            advice=Bilingual("请核对抄写。", "Check how it was copied."),
        )
    return link


def _certificates(path: Path) -> bytes:
    """Certificates as PEM; with anything else every signature would look forged."""
    content = path.read_bytes()
    if b"-----BEGIN CERTIFICATE-----" not in content:
        raise UsageProblem(
            Bilingual(f"--trust：{path} 中没有 PEM 格式的证书", f"--trust: there is no certificate (PEM) in {path}"),
            advice=Bilingual(
                "DER 格式的先转换：openssl x509 -inform DER -in F -out F.pem。",
                "Convert one in DER: openssl x509 -inform DER -in F -out F.pem.",
            ),
        )
    return content


def _page(found: PackCheck, lang: Lang, *, compared: bool) -> Page:
    """``compared``: a head from elsewhere, or a trusted signature, stood against the pack; without one nobody can say who made it."""
    page = Page(lang)
    page.put(f"{found.path}", whole=True)
    for property in Property:
        problems = found.of(property)
        count = Bilingual(f"{len(problems)} 处问题", f"{len(problems)} problem(s)")
        open_ = property is Property.AUTHENTICITY and not compared and not problems
        nothing = Bilingual(
            "没有包外的链首或可信的签名可对照", "no head from elsewhere and no trusted signature to compare with"
        )
        mark = ("× ", "bad") if problems else ("· ", "faint") if open_ else ("√ ", "good")
        page.put(mark, property.label, "  ", count if problems else nothing if open_ else "", hang=2)
        for problem in problems:
            where = (problem.path, Bilingual("：", ": ")) if problem.path else ()
            page.put("  ", *where, problem.what, Bilingual("。", ". "), (problem.hint, "faint"), hang=4)
    for seal in found.seals:
        mark, words = _SEALS[seal.status]
        page.put(mark, seal.path, Bilingual("：", ": "), words, f"  {seal.by or ''}", f"  {seal.at or ''}", hang=2)
    for note in found.notes:
        if not note.zh.startswith(tuple(seal.path for seal in found.seals)):
            page.put(("· ", "faint"), note, hang=2)
    if found.head:
        page.put(Bilingual("链首：", "head: "), found.head, whole=True)
    page.put(
        Bilingual(f"{found.files} 个文件，", f"{found.files} files, "),
        Bilingual("完好", "sound") if found.ok else Bilingual("不是做成时的样子", "not as it was made"),
    )
    return page
