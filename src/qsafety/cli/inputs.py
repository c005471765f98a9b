"""What the commands are given: a ledger, a dossier or a store; days; options. Nothing here decides, everything here is checked."""

import difflib
import sys
from collections.abc import Callable
from datetime import date, datetime
from pathlib import Path
from typing import TYPE_CHECKING, Any, TypeVar
from zoneinfo import ZoneInfo

import click
from attrs import frozen

from qsafety.bilingual import Bilingual
from qsafety.cli.refusals import FileProblem, UsageProblem
from qsafety.dossier import Dossier
from qsafety.errors import PeriodError, UnknownNameError, nearest
from qsafety.periods import Day, parse

if TYPE_CHECKING:
    from qsafety.archive import Redaction
    from qsafety.exchange import Ledger

if TYPE_CHECKING:  # generic in click 8.2 and later, and only then
    _DayBase = click.ParamType[date]
    _ChoiceBase = click.Choice[str]
else:
    _DayBase, _ChoiceBase = click.ParamType, click.Choice

F = TypeVar("F", bound=Callable[..., Any])

_LARGE = 2**19
"""A workbook of as many bytes takes about a second."""
_TINY = b'{"qsafety":'
"""How the file of a tinydb store begins, and no dossier."""

_YEARS = range(1900, 2201)
"""Outside of them a day is a slip of the pen, and a window a matter of hours."""


@frozen
class Given:
    """What was read: the dossier, the sheets of the workbook that were not, and what else is to be said of it."""

    dossier: Dossier
    unread: tuple[str, ...] = ()
    notes: tuple[Bilingual, ...] = ()
    redaction: "Redaction | None" = None
    """How far the pack that was read is redacted; None where nothing is hidden."""

    def today(self) -> date:
        """The day it is now at the seller. No other line of qsafety asks what day it is."""
        return datetime.now(ZoneInfo(self.dossier.seller.tz)).date()


def read(ledger: str, seller: str | None = None) -> Given:
    """The dossier in a ledger workbook, in a JSON file, in a pack folder, or in a store (a URL, with ``seller``)."""
    if "://" in ledger:
        return Given(_stored(ledger, seller))
    path = Path(ledger)
    if not ledger.strip():
        raise UsageProblem(Bilingual("LEDGER 为空", "LEDGER is empty"))
    if (path / "bagit.txt").exists():
        given = _pack(path)
    else:
        _check(path)
        _no_store(path)
        given = _json(path) if path.suffix.lower() == ".json" else _workbook(path)
    if seller is not None and seller != given.dossier.seller.id:
        raise UnknownNameError(Bilingual("单位", "seller"), seller, [given.dossier.seller.id])
    return given


def _pack(path: Path) -> Given:
    """A pack, checked whole before anything of it is used."""
    from qsafety.archive import DamagedPackError, Redaction
    from qsafety.archive.checking import examined

    found = examined(path)
    if not found.check.ok or found.dossier is None:
        raise DamagedPackError(str(path), found.check.problems)
    hidden = found.check.redaction
    if hidden in (Redaction.NONE, None):
        return Given(found.dossier)
    return Given(found.dossier, notes=(hidden.label,), redaction=hidden)


def _check(path: Path) -> None:
    if path.is_dir():
        packs = sorted(inside.parent for inside in path.glob("*/bagit.txt"))
        raise FileProblem(
            Bilingual(
                f"{path} 是文件夹，应为台账文件或存档包", f"{path} is a folder, expected a ledger file or a pack"
            ),
            advice=Bilingual(f"是否为 {packs[0]}？", f"Did you mean {packs[0]}?")
            if packs
            else Bilingual("请给出 .xlsx 台账或 .json 档案。", "Give a ledger (.xlsx) or a dossier (.json)."),
        )
    if not path.exists():
        there = [p.name for p in path.parent.iterdir() if p.is_file()] if path.parent.is_dir() else []
        near = difflib.get_close_matches(path.name, there, n=1, cutoff=0.7)
        raise FileProblem(
            Bilingual(f"没有文件 {path}", f"there is no file {path}"),
            advice=Bilingual(f"是否为 {path.parent / near[0]}？", f"Did you mean {path.parent / near[0]}?")
            if near
            else Bilingual("请核对路径。", "Check the path."),
        )


def _no_store(path: Path) -> None:
    """A store is read by its URL, with the seller's id."""
    if not path.is_file():
        return
    with path.open("rb") as file:
        start = file.read(64)
    if start.startswith(b"SQLite format 3\0"):
        url = f"sqlite:///{path}"
    elif start.lstrip().startswith(_TINY):
        url = f"tinydb:///{path}"
    else:
        return
    raise FileProblem(
        Bilingual(f"{path} 是数据库，不是台账", f"{path} is a store, not a ledger"),
        advice=Bilingual(f"请写：{url} --seller ID", f"Write: {url} --seller ID"),
    )


def workbook(path: str | Path) -> "Ledger":
    """A ledger workbook; while a large one is read, a progress bar, on a terminal only and gone when it is done."""
    from qsafety.exchange import read_workbook

    if not sys.stderr.isatty() or Path(path).stat().st_size < _LARGE:
        return read_workbook(path)
    from rich.console import Console
    from rich.progress import Progress

    with Progress(console=Console(stderr=True), transient=True) as bar:
        task = bar.add_task(Path(path).name, total=None)
        return read_workbook(path, progress=lambda done, total: bar.update(task, completed=done, total=total))


def _workbook(path: Path) -> Given:
    ledger = workbook(path)
    return Given(ledger.dossier, ledger.unread, ledger.notes)


def _json(path: Path) -> Given:
    from qsafety.codec import from_json

    if path.is_char_device() or path.is_block_device():  # it may have no end
        raise FileProblem(
            Bilingual(f"{path} 是设备，应为 JSON 档案", f"{path} is a device, expected a dossier as JSON"),
            advice=Bilingual("请给出 .xlsx 台账或 .json 档案。", "Give a ledger (.xlsx) or a dossier (.json)."),
        )
    content = path.read_bytes()
    if not content.strip():
        raise FileProblem(
            Bilingual(f"{path} 是空文件，应为 JSON 档案", f"{path} is empty, expected a dossier as JSON"),
            advice=Bilingual("请重新导出。", "Export it again."),
        )
    return Given(from_json(content))


def _stored(url: str, seller: str | None) -> Dossier:
    from qsafety.storage import open_store

    with open_store(url, create=False) as store:
        known = store.sellers()
        if seller is None:
            listed = "、".join(known[:12]) + ("……" if len(known) > 12 else "")
            raise UsageProblem(
                Bilingual("从数据库读取需要 --seller ID", "reading from a store needs --seller ID"),
                advice=Bilingual(f"其中有：{listed}", f"It holds: {listed}") if known else None,
            )
        if seller not in known:
            raise UnknownNameError(Bilingual("单位", "seller"), seller, known)
        return store.dossier(seller)


def not_over(ledger: str, out: Path) -> None:
    """Refuse to write an answer over the ledger or dossier that it is about."""
    if "://" not in ledger and out.exists() and Path(ledger).exists() and out.samefile(ledger):
        raise UsageProblem(
            Bilingual(
                f"--out {out} 就是所读的台账，写入会覆盖它", f"--out {out} is the ledger itself, and would overwrite it"
            ),
            advice=Bilingual("请另选一个文件名。", "Choose another name."),
        )


class DayType(_DayBase):
    """A day, ``2024-01-31``."""

    name = "day"

    def convert(self, value: Any, param: click.Parameter | None, ctx: click.Context | None) -> date:
        """The day; :class:`PeriodError` for anything else."""
        if isinstance(value, date):
            return value
        name = param.opts[0] if param else ""
        try:
            period = parse(str(value))
        except PeriodError as error:
            raise PeriodError(
                Bilingual(f"{name}：{error.message.zh}", f"{name}: {error.message.en}"),
                advice=Bilingual("请写作 2024-01-31。", "Write 2024-01-31."),
            ) from None
        if not isinstance(period, Day):
            raise PeriodError(
                Bilingual(f"{name}：“{value}”不是一天", f"{name}: {value!r} is not a day"),
                advice=Bilingual("请写作 2024-01-31。", "Write 2024-01-31."),
            )
        if period.day.year not in _YEARS:
            first, last = _YEARS[0], _YEARS[-1]
            raise PeriodError(
                Bilingual(
                    f"{name}：{value} 不在 {first} 至 {last} 年之间",
                    f"{name}: {value} is not between {first} and {last}",
                )
            )
        return period.day


def window(since: date, until: date) -> None:
    """Refuse a window that ends before it begins."""
    if until < since:
        raise PeriodError(
            Bilingual(f"--until {until} 早于 --since {since}", f"--until {until} lies before --since {since}"),
            advice=Bilingual("请让 --since 不晚于 --until。", "Let --since be no later than --until."),
        )


class OneOf(_ChoiceBase):
    """One of a few words; any other is refused with all of them."""

    def convert(self, value: Any, param: click.Parameter | None, ctx: click.Context | None) -> str:
        """The word; :class:`UsageProblem` for one that is not there."""
        if value in self.choices:
            return str(value)
        name = param.opts[0] if param else ""
        near = nearest(str(value), self.choices)
        raise UsageProblem(
            Bilingual(
                f"{name}：没有“{value}”，可选：{'、'.join(self.choices)}",
                f"{name}: there is no {value!r}; there are {', '.join(self.choices)}",
            ),
            advice=Bilingual(f"是否为 {near}？", f"Did you mean {near}?") if near else None,
        )


def ledger_argument(command: F) -> F:
    """``LEDGER`` and ``--seller``."""
    command = click.option("--seller", metavar="ID", help="数据库中的单位 / Which seller of the store")(command)
    return click.argument("ledger", metavar="LEDGER")(command)


def on_option(command: F) -> F:
    """``--on``."""
    said = "判断日，默认单位当地今天 / The day asked about"
    return click.option("--on", "on", type=DayType(), metavar="D", help=said)(command)


def lang_option(command: F) -> F:
    """``--lang``."""
    return click.option("--lang", type=OneOf(["zh", "en"]), default="zh", help="语言 / Language")(command)


def format_option(*formats: str) -> Callable[[F], F]:
    """``--format``."""

    def add(command: F) -> F:
        return click.option("--format", "form", type=OneOf(formats), default=formats[0], help="格式 / Format")(command)

    return add
