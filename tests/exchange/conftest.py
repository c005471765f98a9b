"""A ledger as plain lists of rows, to be changed by a test and read back from a workbook."""

from collections.abc import Callable
from copy import deepcopy
from functools import cache
from importlib.resources import files
from pathlib import Path
from typing import Any

import openpyxl
import pytest
from attrs import define

from qsafety.exchange import Ledger, LedgerErrors, Problem, read_workbook

SAMPLES = Path(str(files("qsafety"))) / "testing" / "data"


@cache
def _sheets(name: str) -> dict[str, list[list[Any]]]:
    book = openpyxl.load_workbook(SAMPLES / name)
    return {sheet.title: [list(row) for row in sheet.iter_rows(values_only=True)] for sheet in book.worksheets}


@define
class Book:
    """A workbook in the making. ``formats`` are number formats by cell, ``merged`` ranges by sheet."""

    path: Path
    sheets: dict[str, list[list[Any]]]
    formats: dict[tuple[str, str], str]
    merged: dict[str, list[str]]

    def put(self, sheet: str, row: int, column: str, value: Any) -> None:
        """Write one cell, named by its header."""
        rows = self.sheets[sheet]
        rows[row - 1][rows[0].index(column)] = value

    def add(self, sheet: str, **cells: Any) -> None:
        """Add a row, by header."""
        rows = self.sheets[sheet]
        rows.append([cells.get(title) for title in rows[0]])

    def drop(self, sheet: str, column: str) -> None:
        """Take a column away."""
        at = self.sheets[sheet][0].index(column)
        for row in self.sheets[sheet]:
            del row[at]

    def save(self) -> Path:
        book = openpyxl.Workbook()
        assert book.active is not None
        book.remove(book.active)
        for title, rows in self.sheets.items():
            sheet = book.create_sheet(title)
            for row in rows:
                sheet.append(row)
            for at in self.merged.get(title, []):
                sheet.merge_cells(at)
        for (title, at), form in self.formats.items():
            book[title][at].number_format = form
        book.save(self.path)
        return self.path

    def read(self) -> Ledger:
        return read_workbook(self.save())

    def problems(self) -> tuple[Problem, ...]:
        with pytest.raises(LedgerErrors) as caught:
            self.read()
        return caught.value.problems

    def problem(self) -> Problem:
        """The only one."""
        (problem,) = self.problems()
        return problem


@pytest.fixture
def shop(tmp_path: Path) -> Book:
    """The sample shop, all sheets."""
    return Book(tmp_path / "台账.xlsx", deepcopy(_sheets("ebike-shop.xlsx")), {}, {})


@pytest.fixture
def stall(tmp_path: Path) -> Book:
    """The least that is a ledger: a seller with id and name."""
    sheets: dict[str, list[list[Any]]] = {"单位": [["字段", "值"], ["单位编号", "s1"], ["单位名称", "示例摊位"]]}
    return Book(tmp_path / "台账.xlsx", sheets, {}, {})


@pytest.fixture(scope="session")
def sample() -> Callable[[str], Path]:
    """The path of a sample ledger."""
    return lambda name: SAMPLES / name
