"""An edition as the command line names it: the id of a shipped one, or the folder of one's own."""

import os
from collections.abc import Callable
from pathlib import Path
from typing import Any, TypeVar

import click

from qsafety import law
from qsafety.law.editions import Edition, read_edition
from qsafety.law.obligations import DRAFT

F = TypeVar("F", bound=Callable[..., Any])

_SEPARATORS = tuple(filter(None, (os.sep, os.altsep, "/")))


def edition_of(name: str) -> Edition:
    """What holds a separator of paths, or names a folder that is there, is a folder; anything else is an id."""
    if any(separator in name for separator in _SEPARATORS) or Path(name).is_dir():
        return read_edition(name)
    return law.edition(name)


def edition_option(command: F) -> F:
    """``--edition``, an id or a folder."""
    said = "条文版本 / Edition or folder"
    return click.option("--edition", default=DRAFT, show_default=True, metavar="E", help=said)(command)
