"""Where answers go: a terminal in colour, a pipe without, a file whole or not at all."""

import errno
import itertools
import json
import os
import sys
from collections.abc import Iterable
from pathlib import Path
from typing import Any

from qsafety.assessment.lines import Line, laid_out

_STYLES = {
    "title": "bold",
    "head": "bold",
    "good": "green",
    "warn": "yellow",
    "bad": "bold red",
    "open": "cyan",
    "faint": "dim",
    "cell": "dim",
}


def say(lines: Iterable[Line]) -> None:
    """Lines on stdout, in 80 columns; in colour on a terminal (``NO_COLOR`` is heeded, ``FORCE_COLOR`` too)."""
    rows = list(laid_out(lines))
    if sys.stdout is not None and _colours():
        from io import StringIO

        from rich.console import Console
        from rich.text import Text

        page = StringIO()
        console = Console(file=page, force_terminal=True, highlight=False, emoji=False, width=1000)
        for row in rows:
            text = Text.assemble(*((words, _STYLES.get(style, "")) for words, style in row.spans))
            console.print(text, soft_wrap=True)
        write(page.getvalue())
        return
    write("".join(f"{row}\n" for row in rows))


def _colours() -> bool:
    if os.environ.get("NO_COLOR") or os.environ.get("TERM") == "dumb":
        return False
    if os.environ.get("FORCE_COLOR"):
        return True
    if not sys.stdout.isatty():
        return False
    from rich.console import detect_legacy_windows

    return not detect_legacy_windows()


def write(text: str) -> None:
    """Text on stdout. That the reader has gone (``| head``) is no error, and changes no exit status."""
    if sys.stdout is None:
        return
    try:
        sys.stdout.write(text)
        sys.stdout.flush()
    except OSError as error:
        # Windows says EINVAL where others say EPIPE
        if error.errno not in (errno.EPIPE, errno.EINVAL):
            raise
        os.dup2(os.open(os.devnull, os.O_WRONLY), sys.stdout.fileno())


def as_json(data: Any, *, ascii_only: bool = False) -> str:
    """Plain data as JSON; a lone surrogate is escaped, for no encoding has it."""
    text = json.dumps(data, ensure_ascii=ascii_only, indent=2)
    try:
        text.encode("utf-8")
    except UnicodeEncodeError:
        return json.dumps(data, indent=2)
    return text


def write_json(data: Any) -> None:
    """JSON on stdout: as it is where that is UTF-8, escaped everywhere else, so that every console keeps it whole."""
    encoding = (getattr(sys.stdout, "encoding", None) or "utf-8").replace("-", "").lower()
    write(as_json(data, ascii_only=encoding != "utf8") + "\n")


def text_of(lines: Iterable[Line]) -> str:
    """Lines in 80 columns, without colour."""
    return "".join(f"{row}\n" for row in laid_out(lines))


def write_file(path: Path, text: str) -> None:
    """A file in UTF-8, whole or not at all: written beside the target, flushed, then put in its place."""
    target = Path(os.path.realpath(path))
    try:
        beside, file = _open_beside(target)
    except OSError as error:
        raise _about(error, path) from None
    try:
        with open(file, "w", encoding="utf-8", errors="replace", newline="\n") as stream:
            stream.write(text)
            stream.flush()
            os.fsync(stream.fileno())
        beside.replace(target)
    except OSError as error:
        raise _about(error, path) from None
    finally:
        beside.unlink(missing_ok=True)


def _about(error: OSError, path: Path) -> OSError:
    """The same error, about the file that was asked for: nobody knows the one beside it."""
    return OSError(error.errno, error.strerror, str(path))


def _open_beside(target: Path) -> tuple[Path, int]:
    for n in itertools.count():
        beside = target.with_name(f".{target.name}.{os.getpid()}-{n}.part")
        try:
            return beside, os.open(beside, os.O_WRONLY | os.O_CREAT | os.O_EXCL | getattr(os, "O_BINARY", 0), 0o666)
        except FileExistsError:
            continue
    raise AssertionError  # count() does not end
