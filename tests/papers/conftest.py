"""The shop of ``shop.py``, and the text of a paper as a reader sees it."""

import io
import runpy
from collections.abc import Iterator
from importlib.resources import files
from pathlib import Path
from typing import Any

import pytest

from qsafety.dossier import Dossier
from qsafety.exchange import read_ledger

SHOP_FILE = Path(__file__).with_name("shop.py")


@pytest.fixture(scope="session")
def facts() -> dict[str, Any]:
    """Everything that ``shop.py`` makes."""
    return runpy.run_path(str(SHOP_FILE))


@pytest.fixture(scope="session")
def shop(facts: dict[str, Any]) -> Dossier:
    dossier = facts["SHOP"]
    assert isinstance(dossier, Dossier)
    return dossier


@pytest.fixture(scope="session")
def ebike() -> Dossier:
    """The sample ledger of an e-bike shop with two outlets: December 2023 to February 2024."""
    return read_ledger(Path(str(files("qsafety.testing") / "data" / "ebike-shop.xlsx")))


class Read:
    """A Word file, opened by python-docx: its tables by row, its paragraphs, its foot."""

    def __init__(self, content: bytes) -> None:
        from docx import Document

        document = Document(io.BytesIO(content))
        self.tables: list[list[list[str]]] = [
            [[cell.text for cell in row.cells] for row in table.rows] for table in document.tables
        ]
        self.paragraphs = [p.text for p in document.paragraphs]
        self.foot = [p.text for p in document.sections[0].footer.paragraphs]

    def texts(self) -> Iterator[str]:
        yield from self.paragraphs
        yield from (cell for table in self.tables for row in table for cell in row)
        yield from self.foot

    @property
    def text(self) -> str:
        return "\n".join(self.texts())

    @property
    def items(self) -> list[list[str]]:
        """The rows of the check, without the head."""
        return self.tables[1][1:]

    def said(self, field: str) -> str:
        """What stands beside the name of a field."""
        for table in self.tables:
            for row in table:
                if field in row:
                    return row[row.index(field) + 1]
        raise AssertionError(f"no field {field}")


@pytest.fixture
def read() -> type[Read]:
    return Read
