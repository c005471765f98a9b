"""The ledger workbook (质量安全台账): how what a shop keeps in Excel becomes a dossier."""

from qsafety.exchange.problems import LedgerErrors, LedgerFileError, Problem
from qsafety.exchange.reading import Ledger, read_ledger, read_workbook

__all__ = ["Ledger", "LedgerErrors", "LedgerFileError", "Problem", "read_ledger", "read_workbook"]
