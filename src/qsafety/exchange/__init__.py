"""The ledger workbook (质量安全台账): how what a shop keeps in Excel becomes a dossier, and how answers get back to Excel and calendars."""

from qsafety.exchange.problems import LedgerErrors, LedgerFileError, Problem
from qsafety.exchange.reading import Ledger, read_ledger, read_workbook
from qsafety.exchange.saving import LedgerWriteError
from qsafety.exchange.writing import Loss, write_ledger

__all__ = [
    "Ledger",
    "LedgerErrors",
    "LedgerFileError",
    "LedgerWriteError",
    "Loss",
    "Problem",
    "read_ledger",
    "read_workbook",
    "write_ledger",
]
