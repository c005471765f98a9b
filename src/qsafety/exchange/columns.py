"""How a sheet of the ledger is described: its columns, and the facts that its rows are."""

from collections.abc import Mapping, Sequence
from typing import Any

from attrs import frozen

from qsafety.dossier import COLLECTIONS, Fact
from qsafety.exchange.kinds import Kind
from qsafety.exchange.shapes import Fields, Shape

FORMAT_SHEET = "格式"
"""The hidden sheet with the number of the template's format."""
INCOMPLETE = "不完整"
"""In the sheet 格式: the row with the names of the collections that may lack records."""
HELP, EXAMPLE, MISTAKES = "填写说明", "填写示例", "问题清单"
"""Sheets that qsafety adds for people, and does not read."""


@frozen
class Column:
    """A column of a sheet (of 单位, a row).

    ``needed``: without it a row is no record. ``extra``: only some ledgers have it. ``lone``: an outlet that goes without
    saying where there is one at most. ``personal``: not to be quoted in messages.
    """

    title: str
    field: str
    kind: Kind
    needed: bool = False
    extra: bool = False
    not_before: Sequence[str] = ()
    lone: bool = False
    personal: bool = False


@frozen
class Sheet:
    """A sheet of the ledger. Rows that are equal in the fields of ``together`` are one fact, else each row is one."""

    title: str
    facts: tuple[type[Fact], ...]
    columns: Mapping[str, Column]
    together: Sequence[str] = ()
    shape: Shape | None = None

    @property
    def collections(self) -> tuple[str, ...]:
        """The collections of the dossier that this sheet gives."""
        return tuple(name for name, fact in COLLECTIONS.items() if fact in self.facts)

    def shaped(self, fields: Fields) -> tuple[type[Fact], Fields]:
        """The type of the fact that these fields are, and what to build it of."""
        return self.shape(fields) if self.shape else (self.facts[0], fields)

    def titled(self, field: str) -> Column | None:
        """The column that fills a field."""
        return next((c for c in self.columns.values() if c.field == field), None)


def sheet(
    title: str,
    facts: type[Fact] | tuple[type[Fact], ...],
    *columns: Column,
    together: Sequence[str] = (),
    shape: Shape | None = None,
) -> Sheet:
    """A sheet with its columns, in the order in which the template has them."""
    of = facts if isinstance(facts, tuple) else (facts,)
    return Sheet(title, of, {column.title: column for column in columns}, together, shape)


def must(title: str, field: str, kind: Kind, **more: Any) -> Column:
    """A column without which a row is no record."""
    return Column(title, field, kind, needed=True, **more)


def may(title: str, field: str, kind: Kind, **more: Any) -> Column:
    """A column that can be missing or empty: then it is not known."""
    return Column(title, field, kind, **more)


def extra(title: str, field: str, kind: Kind, **more: Any) -> Column:
    """A column for those who have it."""
    return Column(title, field, kind, extra=True, **more)
