"""The ledger workbook (质量安全台账): how what a shop keeps in Excel becomes a dossier, and how answers get back to Excel and calendars."""

from typing import TYPE_CHECKING, Any

from qsafety.exchange.problems import LedgerErrors, LedgerFileError, LedgerTypeError, Problem
from qsafety.exchange.reading import Ledger, read_ledger, read_workbook
from qsafety.exchange.saving import LedgerWriteError

if TYPE_CHECKING:
    from qsafety.exchange.calendar import to_ics
    from qsafety.exchange.marking import mark_ledger
    from qsafety.exchange.result import write_result
    from qsafety.exchange.template import write_template
    from qsafety.exchange.writing import Loss, write_ledger

__all__ = [
    "Ledger",
    "LedgerErrors",
    "LedgerFileError",
    "LedgerTypeError",
    "LedgerWriteError",
    "Loss",
    "Problem",
    "mark_ledger",
    "read_ledger",
    "read_workbook",
    "to_ics",
    "write_ledger",
    "write_result",
    "write_template",
]

_LATER = {
    "Loss": "writing",
    "mark_ledger": "marking",
    "to_ics": "calendar",
    "write_ledger": "writing",
    "write_result": "result",
    "write_template": "template",
}

if not TYPE_CHECKING:

    def __getattr__(name: str) -> Any:
        # whoever reads a ledger need not wait for all the rules to be loaded
        if name not in _LATER:
            raise AttributeError(f"module {__name__!r} has no attribute {name!r}")
        from importlib import import_module

        return getattr(import_module(f"{__name__}.{_LATER[name]}"), name)
