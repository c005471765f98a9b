"""``qsafety doctor``: what is installed, what is not, and the line that installs it."""

import platform
import re
import shutil
import subprocess
import sys
from collections.abc import Mapping
from importlib import metadata
from zoneinfo import ZoneInfo, ZoneInfoNotFoundError

import click

from qsafety.assessment.lines import Page, Words
from qsafety.bilingual import Bilingual, Lang
from qsafety.cli.commands import FINE, Command
from qsafety.cli.inputs import lang_option
from qsafety.cli.output import say
from qsafety.errors import QSafetyError

_EXTRA = re.compile(r"""extra\s*==\s*["']([\w-]+)["']""")
_WIDTH = 24

_ABSENT = Bilingual("未安装", "not installed")


@click.command(
    "doctor",
    cls=Command,
    help="版本、扩展、存储、字体、LibreOffice。\n\nVersions, extras, backends, fonts, LibreOffice.",
)
@lang_option
def doctor(lang: Lang) -> int:
    """Nothing of this is an error: what is missing is said, with the line that brings it."""
    page = Page(lang)
    page.put(
        (f"qsafety {metadata.version('qsafety')}", "title"),
        f"  Python {platform.python_version()}  {platform.platform()}",
    )
    _texts(page)
    _packages(page)
    _backends(page)
    _surroundings(page)
    say(page.lines)
    return FINE


def _row(page: Page, label: Words, good: bool | None, *words: Words) -> None:
    sign, style = {True: ("√", "good"), False: ("×", "warn"), None: ("·", "faint")}[good]
    page.entry(label, (f"{sign} ", style), *words, width=_WIDTH)


def _head(page: Page, title: Bilingual) -> None:
    page.blank()
    page.put((title, "head"))


def _texts(page: Page) -> None:
    from qsafety import law

    _head(page, Bilingual("条文", "Text"))
    try:
        for edition in law.editions():
            inherited = any(provision.inherited for provision in edition.provisions)
            note = Bilingual(
                "  暂定：部分条文沿用征求意见稿，未经核对", "  provisional: in part the draft's text, not verified"
            )
            _row(
                page,
                edition.status.label,
                True,
                f"{edition.id}  sha256 {edition.sha256[:12]}",
                note if inherited else "",
            )
    except QSafetyError as error:
        _row(page, Bilingual("已损坏", "damaged"), False, Bilingual(error.to("zh"), error.to("en")))


def _installed(name: str) -> str | None:
    try:
        return metadata.version(name)
    except metadata.PackageNotFoundError:
        return None


def _required() -> Mapping[str, list[str]]:
    """The packages that qsafety needs, by extra; those of the base under the empty name."""
    found: dict[str, list[str]] = {}
    for requirement in metadata.requires("qsafety") or ():
        name = re.match(r"[\w.-]+", requirement)
        extra = _EXTRA.search(requirement)
        packages = found.setdefault(extra[1] if extra else "", [])
        if name and name[0].lower() != "qsafety":
            packages.append(name[0])
    return {extra: packages for extra, packages in found.items() if packages and extra != "all"}


def _packages(page: Page) -> None:
    for extra, packages in _required().items():
        if not extra:
            _head(page, Bilingual("依赖", "Dependencies"))
            for name in packages:
                version = _installed(name)
                _row(page, name, version is not None, version or _ABSENT)
            _head(page, Bilingual("扩展", "Extras"))
            continue
        versions = {name: _installed(name) for name in packages}
        there = "  ".join(f"{name} {version}" for name, version in versions.items() if version)
        if all(versions.values()):
            _row(page, extra, True, there)
        else:
            absent = "、".join(name for name, version in versions.items() if not version)
            line = f"pip install 'qsafety[{extra}]'"
            _row(page, extra, False, Bilingual(f"缺少 {absent}：{line}", f"{absent} not installed: {line}"))


def _backends(page: Page) -> None:
    _head(page, Bilingual("存储", "Backends"))
    try:
        from qsafety.storage import backends

        for source in backends():
            _row(page, f"{source.scheme}://", source.used, source.by)
    except QSafetyError as error:
        _row(page, "", False, Bilingual(error.to("zh"), error.to("en")))


def _surroundings(page: Page) -> None:
    _head(page, Bilingual("环境", "Surroundings"))
    try:
        ZoneInfo("Asia/Shanghai")
        _row(page, Bilingual("时区", "Time zones"), True, "Asia/Shanghai")
    except ZoneInfoNotFoundError:
        _row(page, Bilingual("时区", "Time zones"), False, "pip install tzdata")
    encoding = getattr(sys.stdout, "encoding", None) or "?"
    _row(page, Bilingual("输出编码", "Encoding"), None, encoding)
    _row(page, Bilingual("中文字体", "Chinese fonts"), *_fonts())
    from qsafety.papers.pdf import soffice

    office = soffice()
    absent = Bilingual("未找到；只影响 PDF", "not found; only PDF needs it")
    _row(page, "LibreOffice", office is not None, office or absent)


def _fonts() -> tuple[bool | None, Words]:
    program = shutil.which("fc-list")
    if program is None:
        return None, Bilingual("没有 fc-list，无法查看", "no fc-list to ask")
    try:
        run = subprocess.run([program, ":lang=zh", "family"], capture_output=True, timeout=20, check=False)
    except (OSError, subprocess.TimeoutExpired):
        return None, Bilingual("fc-list 没有回答", "fc-list did not answer")
    families = sorted(
        {row.split(",")[0].strip() for row in run.stdout.decode("utf-8", "replace").splitlines() if row.strip()}
    )
    if not families:
        return False, Bilingual("没有；转换为 PDF 时中文会显示为方框", "none; Chinese will be boxes in PDF")
    more = f" +{len(families) - 3}" if len(families) > 3 else ""
    return True, ", ".join(families[:3]) + more
