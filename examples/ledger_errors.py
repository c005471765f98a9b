"""台账里的错，一次说全。 Everything that is wrong with a ledger, said at once, cell by cell.

Takes the sample ledger, makes nine mistakes that people make, and prints every problem with its cell and the nearest match; then
writes 标记.xlsx, a copy in which the bad cells are red and say what is wrong. Nothing is imported while anything is wrong.

    python examples/ledger_errors.py [en]
"""

import sys
from importlib.resources import as_file, files
from pathlib import Path

from openpyxl import load_workbook

from qsafety.exchange import LedgerErrors, mark_ledger, read_ledger

LANG = "en" if "en" in sys.argv else "zh"

MISTAKES = {
    ("单位", "B6"): "零售业",  # a word that the column does not know
    ("人员", "C3"): "110101190001010128",  # a wrong check digit
    ("任职", "B3"): "质量安全总管",
    ("考核", "G2"): "及格",
    ("风险清单", "L4"): "看",
    ("日检查", "C20"): "P33",  # nobody has this id: told once, with every cell
    ("日检查", "C21"): "P33",
    ("隐患", "B2"): "2024-02-30",  # no such day
    ("隐患", "N3"): "2023-12-31",  # put right before it was found
    ("周排查", "A3"): "2024-W60",
}

with as_file(files("qsafety.testing") / "data" / "ebike-shop.xlsx") as ledger:
    book = load_workbook(ledger)
for (sheet, cell), typed in MISTAKES.items():
    book[sheet][cell] = typed
book.save("有错的台账.xlsx")

try:
    read_ledger("有错的台账.xlsx")
except LedgerErrors as errors:
    print(f"{len(errors.problems)} 处问题 problems\n")
    for problem in errors.problems:
        print(f"[{problem.code}] {problem.to(LANG)}")
    mark_ledger("有错的台账.xlsx", errors.problems, "标记.xlsx")
    print(f"\n标记副本 marked copy: 标记.xlsx, {Path('标记.xlsx').stat().st_size // 1024} KB")
