"""Whatever stands in a JSON, in the folder of an edition or in a workbook: a value, or a ``QSafetyError`` that tells where.

Short here. ``QSAFETY_FUZZ=20`` multiplies the number of examples and explores anew each time; each refusal takes well under a second,
which is measured there and nowhere else.
"""

import io
import json
import os
import random
import shutil
import time
import zipfile
from collections.abc import Callable
from importlib.resources import files
from pathlib import Path
from typing import Any

import pytest
from hypothesis import HealthCheck, given, settings
from hypothesis import strategies as st
from openpyxl import load_workbook

import qsafety as qs
from qsafety import law
from qsafety.law.data import FOLDER
from qsafety.testing.strategies import dossiers

TIMES = int(os.environ.get("QSAFETY_FUZZ", "1"))
LEDGER = (files("qsafety.testing") / "data" / "ebike-shop.xlsx").read_bytes()
SHOP: dict[str, Any] = {}


def fuzz(examples: int) -> settings:
    return settings(
        max_examples=examples * TIMES,
        deadline=None,
        derandomize=TIMES == 1,
        database=None,
        suppress_health_check=list(HealthCheck),
    )


def survives(read: Callable[[], object]) -> None:
    """It gives a value, or one of our errors in both languages; in the long run, quickly."""
    began = time.monotonic()
    try:
        read()
    except qs.QSafetyError as error:
        assert error.to("zh") and error.to("en") and error.to_dict()
    if TIMES > 1:
        assert time.monotonic() - began < 5


def shop() -> Any:
    """The sample shop as plain data."""
    if not SHOP:
        path = Path(str(files("qsafety.testing") / "data" / "ebike-shop.xlsx"))
        SHOP.update(json.loads(qs.to_json(qs.read_ledger(path))))
    return json.loads(json.dumps(SHOP))


ODD: list[Any] = [
    None, True, -1, 0, 2**53, 2**64, 10**400, "", "\x00", "\ud800", "2024-02-30", "2024-W60", "2024-13", "NaN", "9999-12-31",
    "0001-01-01", "2024-01-31T25:00:00Z", "2024-01-31T18:00:00", "9999-12-31T23:59:59+00:00", [], {}, [[]], [None], {"": {}},
    "seller", "outlet:M1", "A10.22", "1E9999", "-0", "质量安全员", "x" * 5000,
]  # fmt: skip
VALUES = st.sampled_from(ODD) | st.recursive(
    st.none() | st.booleans() | st.integers() | st.text(max_size=8),
    lambda inner: st.lists(inner, max_size=3) | st.dictionaries(st.text(max_size=5), inner, max_size=3),
    max_leaves=6,
)


def mutate(tree: Any, draw: random.Random, value: Any) -> None:
    """One value somewhere in a tree is replaced, left out, doubled, or given another key."""
    while True:
        keys = [*tree] if isinstance(tree, dict) else [*range(len(tree))]
        key = draw.choice(keys)
        inner = tree[key]
        if isinstance(inner, dict | list) and inner and draw.random() < 0.85:
            tree = inner
            continue
        deed = draw.randrange(4)
        if deed == 0:
            del tree[key]
        elif deed == 1 and isinstance(tree, list):
            tree.append(inner)
        elif deed == 2 and isinstance(tree, dict):
            tree[str(value)[:20]] = inner
        else:
            tree[key] = value
        return


@fuzz(60)
@given(st.randoms(use_true_random=False), st.lists(VALUES, min_size=1, max_size=4))
def test_a_dossier_in_which_something_is_otherwise(draw: random.Random, values: list[Any]) -> None:
    tree = shop()
    for value in values:
        mutate(tree, draw, value)
    text = json.dumps(tree)
    survives(lambda: qs.from_json(text))


@fuzz(40)
@given(dossiers(), st.randoms(use_true_random=False), VALUES)
def test_any_dossier_in_which_something_is_otherwise(dossier: qs.Dossier, draw: random.Random, value: Any) -> None:
    tree = json.loads(qs.to_json(dossier))
    mutate(tree, draw, value)
    survives(lambda: qs.from_json(json.dumps(tree, ensure_ascii=False)))


@fuzz(60)
@given(st.binary(max_size=200) | st.text(max_size=200))
def test_bytes_and_texts_of_any_kind(text: bytes | str) -> None:
    survives(lambda: qs.from_json(text))


@fuzz(60)
@given(st.randoms(use_true_random=False), st.integers(1, 5))
def test_a_text_with_bytes_changed_left_out_or_doubled(draw: random.Random, times: int) -> None:
    tree = {name: value[:2] if isinstance(value, list) else value for name, value in shop().items()}
    data = bytearray(json.dumps(tree, ensure_ascii=False).encode())
    for _ in range(times):
        _spoil(data, draw)
    survives(lambda: qs.from_json(bytes(data)))


@pytest.mark.parametrize(
    "text",
    [
        "[" * 100_000,
        '{"format":1,"seller":' * 20_000,
        '{"format":1,"seller":{"id":"s","name":"n","headcount":' + "9" * 10_000 + "}}",
        '{"format":1,"seller":{"id":"s","name":"n","revenue":"' + "9" * 10_000 + '"}}',
        '{"format":1,"seller":{"id":"s","name":"n","revenue":NaN}}',
        '{"format":1,"seller":{"id":"s","name":"n","revenue":-Infinity}}',
        '{"format":1e0,"seller":{"id":"s","name":"n"}}',
        '{"format":1,"seller":{"id":"s","name":"\\ud800"}}',
        '{"format":1,"seller":{"id":"s","name":"n"},"seller":{"id":"s","name":"n"}}',
        '{"format":1,"seller":{"id":"s","name":"n"},"partial":["x"]}',
        '{"format":1,"seller":{"id":"s","name":"n"},"people":[' + ",".join(['{"id":"p","name":"n"}'] * 2000) + "]}",
        "\ufeff{}",
        b"\xff\xfe{\x00}\x00",
    ],
    ids=["deep", "deep objects", "long number", "long money", "nan", "infinity", "float", "half a character", "twice", "partial",
         "two thousand of one id", "bom", "utf-16"],
)  # fmt: skip
def test_what_breaks_careless_readers_is_refused(text: str | bytes) -> None:
    with pytest.raises(qs.QSafetyError):
        qs.from_json(text)


TOML = [*sorted(path.read_text("utf-8") for path in FOLDER.glob("cn-*/*.toml"))]


@fuzz(40)
@given(st.randoms(use_true_random=False), st.integers(1, 6))
def test_a_folder_of_an_edition_in_which_something_is_otherwise(
    tmp_path_factory: Any, draw: random.Random, times: int
) -> None:
    home = tmp_path_factory.mktemp("edition") / "mine"
    shutil.copytree(FOLDER / draw.choice(law.editions()).id, home)
    for _ in range(times):
        path = draw.choice(sorted(home.iterdir()))
        data = bytearray(path.read_bytes())
        if draw.random() < 0.5:
            lines = bytes(data).splitlines(keepends=True)
            line = draw.randrange(len(lines))
            other = draw.choice([b"", b"x = 1\n", b"[[a]]\n", b"[provisions]\n", b'inherits = "mine"\n', *lines[:40]])
            data = bytearray(b"".join([*lines[:line], other, *lines[line + draw.randrange(2) :]]))
        else:
            _spoil(data, draw)
        path.write_bytes(bytes(data))
    survives(lambda: law.read_edition(home))


TABLES = st.dictionaries(
    st.sampled_from(
        [
            "id",
            "title",
            "inherits",
            "kinds",
            "provisions",
            "obligations",
            "dropped",
            "parameters",
            "differences",
            "notice",
        ]
    ),
    VALUES | st.dictionaries(st.sampled_from(["zh", "en", "17", "A10.2", "values", "limbs"]), VALUES, max_size=3),
    max_size=5,
)


@fuzz(60)
@given(TABLES)
def test_a_folder_that_says_anything(tmp_path_factory: Any, table: dict[str, Any]) -> None:
    home = tmp_path_factory.mktemp("edition")
    said = {"id": "mine", "inherits": "cn-seller-2023-draft", "title": {"zh": "修订", "en": "amendment"}, **table}
    text = "\n".join(f"{_quoted(key)} = {_toml(value)}" for key, value in said.items())
    (home / "edition.toml").write_text(text, encoding="utf-8", errors="replace")
    survives(lambda: law.read_edition(home))


def _quoted(text: str) -> str:
    return json.dumps(text.replace("\x7f", ""))


def _toml(value: Any) -> str:
    if isinstance(value, dict):
        return "{" + ", ".join(f"{_quoted(key)} = {_toml(inner)}" for key, inner in value.items()) + "}"
    if isinstance(value, list):
        return "[" + ", ".join(map(_toml, value)) + "]"
    return '"none"' if value is None else json.dumps(value)


@fuzz(12)
@given(st.randoms(use_true_random=False), st.integers(1, 8))
def test_a_workbook_with_bits_turned(tmp_path_factory: Any, draw: random.Random, times: int) -> None:
    data = bytearray(LEDGER)
    for _ in range(times):
        data[draw.randrange(len(data))] ^= 1 << draw.randrange(8)
    _read_workbook(tmp_path_factory, bytes(data))


@fuzz(8)
@given(st.randoms(use_true_random=False), st.integers(1, 4))
def test_a_workbook_whose_parts_are_spoilt(tmp_path_factory: Any, draw: random.Random, times: int) -> None:
    with zipfile.ZipFile(io.BytesIO(LEDGER)) as archive:
        parts = {name: bytearray(archive.read(name)) for name in archive.namelist()}
    for _ in range(times):
        _spoil(parts[draw.choice(sorted(parts))], draw)
    made = io.BytesIO()
    with zipfile.ZipFile(made, "w", zipfile.ZIP_DEFLATED) as archive:
        for name, part in parts.items():
            archive.writestr(name, bytes(part))
    _read_workbook(tmp_path_factory, made.getvalue())


TYPED: list[Any] = [
    "",
    " ",
    "=1/0",
    "#N/A",
    "P99",
    "seller",
    "outlet:M1",
    "2024-02-30",
    "A10.22",
    "2024-W60",
    "是",
    "x" * 3000,
]
CELLS = st.sampled_from([*TYPED, -1, 10**20, 1.5, True, 45000.25, 2958466])


@fuzz(6)
@given(st.randoms(use_true_random=False), st.lists(CELLS, min_size=1, max_size=12))
def test_a_workbook_with_other_cells(tmp_path_factory: Any, draw: random.Random, typed: list[Any]) -> None:
    book = load_workbook(io.BytesIO(LEDGER))
    for value in typed:
        sheet = book[draw.choice(book.sheetnames)]
        sheet.cell(draw.randint(1, min(sheet.max_row, 12)), draw.randint(1, sheet.max_column)).value = value
    made = io.BytesIO()
    book.save(made)
    _read_workbook(tmp_path_factory, made.getvalue())


def _read_workbook(tmp_path_factory: Any, data: bytes) -> None:
    path = tmp_path_factory.mktemp("ledger") / "ledger.xlsx"
    path.write_bytes(data)
    survives(lambda: qs.read_ledger(path))


def _spoil(data: bytearray, draw: random.Random) -> None:
    """A byte is changed, or a stretch left out, doubled or overwritten."""
    if not data:
        return
    at, length = draw.randrange(len(data)), draw.randint(1, 12)
    deed = draw.randrange(4)
    if deed == 0:
        data[at] = draw.randrange(256)
    elif deed == 1:
        del data[at : at + length]
    elif deed == 2:
        data[at:at] = data[at : at + length]
    else:
        data[at : at + length] = draw.choice(
            [b"null", b"[]", b'"', b"{", b"\\u0000", b"9" * 30, b"</c>", b"&lt;", b"\xff"]
        )
