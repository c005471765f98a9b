"""A ledger may be a path or an open file; anything else is refused by its type. How far the reading is can be asked."""

import io
import os
import threading
from pathlib import Path
from typing import Any

import pytest

import qsafety as qs
from qsafety.errors import QSafetyError
from qsafety.exchange import LedgerFileError, LedgerTypeError, mark_ledger, read_ledger, write_ledger


def test_an_open_file_is_read_from_its_beginning_and_left_open(sample) -> None:
    path = sample("ebike-shop.xlsx")
    with path.open("rb") as file:
        file.seek(100)
        assert read_ledger(file) == read_ledger(path)
        assert not file.closed
    assert read_ledger(io.BytesIO(path.read_bytes())) == read_ledger(path)


def test_what_cannot_be_searched_is_taken_whole(sample) -> None:
    content = sample("ebike-shop.xlsx").read_bytes()
    reading, writing = os.pipe()

    def send() -> None:
        with os.fdopen(writing, "wb") as pipe:
            pipe.write(content)

    sender = threading.Thread(target=send)
    sender.start()
    with os.fdopen(reading, "rb") as pipe:
        assert read_ledger(pipe).seller.id == "hz-ebike"
    sender.join()


@pytest.mark.parametrize(
    "given", [None, 5, b"ledger.xlsx", [], io.StringIO("x")], ids=lambda given: type(given).__name__
)
def test_what_is_no_file_is_refused_by_its_type(given: Any, tmp_path: Path) -> None:
    with pytest.raises(LedgerTypeError) as caught:
        read_ledger(given)
    assert issubclass(LedgerTypeError, TypeError) and issubclass(LedgerTypeError, QSafetyError)
    assert "io.BytesIO" in str(caught.value) and "io.BytesIO" in caught.value.to("zh")
    with pytest.raises(LedgerTypeError):
        mark_ledger(given, (), tmp_path / "marked.xlsx")


@pytest.mark.parametrize("given", [None, 5, b"out.xlsx"], ids=repr)
def test_a_ledger_is_written_to_a_path(given: Any) -> None:
    with pytest.raises(LedgerTypeError, match="expected the path"):
        write_ledger(qs.Dossier(seller=qs.Seller(id="s", name="店")), given)


def test_an_open_file_that_is_empty_closed_or_no_workbook_is_refused_as_a_file() -> None:
    closed = io.BytesIO(b"PK")
    closed.close()
    for file, code in ((io.BytesIO(), "empty_file"), (io.BytesIO(b"a,b\n"), "not_a_workbook"), (closed, "no_file")):
        with pytest.raises(LedgerFileError) as caught:
            read_ledger(file)
        assert caught.value.problems[0].code == code


def test_the_rows_done_only_grow_and_end_at_all_of_them(shop) -> None:
    first = shop.sheets["履职情况"][1]
    people = [f"P{n}" for n in range(100, 4_100)]
    shop.sheets["人员"] += [[id_, "某人"] for id_ in people]
    shop.sheets["履职情况"] += [[id_, *first[1:]] for id_ in people]
    told: list[tuple[int, int]] = []
    read_ledger(shop.save(), progress=lambda done, total: told.append((done, total)))
    assert told == sorted(told)
    assert {total for _, total in told} == {sum(map(len, shop.sheets.values()))}
    assert len(told) > len(shop.sheets)  # more often than once a sheet
    assert told[-1][0] == told[-1][1] - len(shop.sheets["单位"])
