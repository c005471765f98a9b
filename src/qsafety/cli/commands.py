"""How a command is found, run, and how what goes wrong is told: one place for exit statuses and for both languages.

A group imports a command only when it is called, so that ``qsafety --help`` costs next to nothing.
"""

import os
import sys
from collections.abc import Mapping, Sequence
from importlib import import_module
from typing import Any, NoReturn

import click
from attrs import frozen

FINE, VIOLATED, WRONG, DEFECT, INTERRUPTED = 0, 1, 2, 70, 130


@frozen
class Described:
    """Where a command lives (``module:name``), and its one line in the list."""

    place: str
    gist: str

    def load(self) -> click.Command:
        """The command itself."""
        module, _, name = self.place.partition(":")
        command: click.Command = getattr(import_module(module), name)
        return command


@click.pass_context
def _help_without_command(context: click.Context) -> None:
    if context.invoked_subcommand is None:
        click.echo(context.get_help())


class Command(click.Command):
    """A command whose help says in both languages what ``--help`` does."""

    def get_help_option(self, ctx: click.Context) -> click.Option | None:
        """The option ``--help``."""
        return _help_option(super().get_help_option(ctx))


def _help_option(option: click.Option | None) -> click.Option | None:
    if option is not None:
        option.help = "显示帮助 / Show this message"
    return option


class Commands(click.Group):
    """A group of commands that are loaded when they are called."""

    def __init__(self, name: str, *, members: Mapping[str, Described], **about: Any) -> None:
        super().__init__(name, invoke_without_command=True, callback=_help_without_command, **about)
        self.members = members

    def list_commands(self, ctx: click.Context) -> list[str]:
        """The names, in the order in which one needs them."""
        return [*self.members]

    def get_command(self, ctx: click.Context, cmd_name: str) -> click.Command | None:
        """The command, or None."""
        return self.members[cmd_name].load() if cmd_name in self.members else None

    def get_help_option(self, ctx: click.Context) -> click.Option | None:
        """The option ``--help``."""
        return _help_option(super().get_help_option(ctx))

    def format_commands(self, ctx: click.Context, formatter: click.HelpFormatter) -> None:
        """The list of commands, without loading them."""
        with formatter.section("Commands"):
            formatter.write_dl([(name, member.gist) for name, member in self.members.items()])

    def resolve_command(
        self, ctx: click.Context, args: list[str]
    ) -> tuple[str | None, click.Command | None, list[str]]:
        """The command that is called; one that is not there is refused with the nearest."""
        if args and args[0] not in self.members and not args[0].startswith("-"):
            from qsafety.bilingual import Bilingual
            from qsafety.errors import UnknownNameError

            raise UnknownNameError(Bilingual("命令", "command"), args[0], self.members)
        return super().resolve_command(ctx, args)

    def main(  # type: ignore[override]  # click's overloads only tell standalone_mode=False apart
        self, args: Sequence[str] | None = None, prog_name: str | None = None, **extra: Any
    ) -> NoReturn:
        """Run, and end the process with the exit status; every error is told on stderr, none with a traceback."""
        words = sys.argv[1:] if args is None else [*args]
        extra.pop("standalone_mode", None)
        _unbreakable(sys.stdout)
        _unbreakable(sys.stderr)
        try:
            status = super().main(words, "qsafety", standalone_mode=False, **extra)
        except (Exception, KeyboardInterrupt) as error:
            status = _told(error, words)
        sys.exit(status if isinstance(status, int) else FINE)


def _unbreakable(stream: Any) -> None:
    """A name that the console's encoding does not have is printed with ? and stops nothing."""
    if hasattr(stream, "reconfigure"):
        stream.reconfigure(errors="replace")


def _told(error: BaseException, words: Sequence[str]) -> int:
    """Tell an error in the language and format that was asked for, as far as that can be seen; the exit status."""
    if isinstance(error, KeyboardInterrupt | click.Abort):
        return INTERRUPTED
    from qsafety.cli.refusals import tell, understood

    refusal = understood(error)
    if refusal is None and os.environ.get("QSAFETY_TRACEBACK"):
        raise error
    tell(refusal or error, english=_asked(words, "--lang") == "en", json=_asked(words, "--format") == "json")
    return DEFECT if refusal is None else WRONG


def _asked(words: Sequence[str], option: str) -> str | None:
    """The value of an option, the last where it comes twice, even where the rest of the line could not be understood."""
    value = None
    for i, word in enumerate(words):
        if word == option and i + 1 < len(words):
            value = words[i + 1]
        elif word.startswith(f"{option}="):
            value = word.partition("=")[2]
    return value
