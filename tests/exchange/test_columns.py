"""Every column of the ledger reaches a fact: what a shop fills in is never thrown away."""

import attrs

from qsafety.codec import to_json
from qsafety.dossier import Answer, CheckResult, RiskItem
from qsafety.exchange.kinds import text
from qsafety.exchange.sheets import SHEETS

PARTS = {"items": RiskItem, "results": CheckResult, "answer": Answer}


def fields(kind: type) -> set[str]:
    return {field.name for field in attrs.fields(kind)}


def test_the_columns_that_fill_no_field_are_listed_here() -> None:
    """组织者 says which of two facts a row is: the unit's own exam, or the authority's spot check."""
    lost = []
    for sheet in SHEETS:
        whole = set().union(*map(fields, sheet.facts))
        for column in sheet.columns.values():
            part, _, name = column.field.rpartition(".")
            if part:
                assert part in whole and name in fields(PARTS[part]), column.title
            elif name not in whole:
                lost.append(f"{sheet.title}.{column.title}")
    assert lost == ["考核.组织者"]


def test_no_two_columns_of_a_sheet_fill_one_field() -> None:
    for sheet in SHEETS:
        filled = [column.field for column in sheet.columns.values()]
        assert len(filled) == len({*filled}), sheet.title


def test_each_text_that_the_sample_fills_in_stands_in_the_dossier(shop) -> None:
    typed: list[str] = []
    for sheet in SHEETS[1:]:
        headers, *rows = shop.sheets[sheet.title]
        for at, header in enumerate(headers if rows else ()):
            if sheet.columns[header].kind is text and isinstance(rows[0][at], str):
                rows[0][at] += f"〓{len(typed)}〓"
                typed.append(rows[0][at])
    assert len(typed) > 30
    kept = to_json(shop.read().dossier)
    assert [words for words in typed if words not in kept] == []
