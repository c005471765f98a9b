"""The quick yes, the long no and the schema agree, whatever is done to a dossier's JSON."""

import copy
import json
from collections.abc import Iterator
from typing import Any

import jsonschema
import pytest
from hypothesis import given, settings
from hypothesis import strategies as st

from qsafety.codec import converter, from_json, json_schema, plain, to_json
from qsafety.codec.strict import explain
from qsafety.dossier import Dossier, Outlet, Seller
from qsafety.errors import CodecError
from qsafety.testing.strategies import dossiers

SCHEMA = jsonschema.Draft202012Validator(json_schema())

VALUES: st.SearchStrategy[Any] = st.sampled_from(
    [
        *(None, True, False, 0, 1, -1, 7, 2**53, 2**70, 1.0, 1.5),
        *("", "x", "retail", "零售", "officer", "pass", "5", "-5", "5.0", "1e5", "1E-5", "0005", "5\n"),
        *("2024-01-31", "2024-02-30", "2024-W05", "2024-W60", "2024-01", "2024-13", "Asia/Shanghai"),
        *("2024-01-31T10:00:00Z", "2024-01-31T10:00:00", "2024-01-31 10:00:00Z", "2024-01-31T10:00:00+99:00"),
        *("0001-01-01T00:00:00+08:00", "9999-12-31T23:59:59-08:00", "2024-01-31T10:00:00.1234567Z"),
        *([], ["x"], [1], [None], [[]], [{}], [0, 7], [0, 0], [True], ["ccc", "ccc"], ["强制性认证"]),
        *({}, {"a": 1}, {"id": "x"}, {"code": "R01", "outcome": "合格"}),
    ]
)
KEYS = st.sampled_from(["id", "kind", "note", "note ", "sources", "", "电话"])


def places(tree: Any) -> Iterator[tuple[Any, Any]]:
    """Every object and list with each of its keys or indexes."""
    for key, value in [*tree.items()] if isinstance(tree, dict) else [*enumerate(tree)]:
        yield tree, key
        if isinstance(value, dict | list):
            yield from places(value)


@st.composite
def spoiled(draw: st.DrawFn) -> Any:
    """A dossier's JSON with one or two changes, most of which make it wrong."""
    tree = plain(draw(dossiers()))
    for _ in range(draw(st.integers(1, 2))):
        inside, key = draw(st.sampled_from([*places(tree)]))
        change = draw(st.sampled_from(["replace", "replace", "replace", "remove", "add", "repeat"]))
        if change == "replace":
            inside[key] = copy.deepcopy(draw(VALUES))
        elif change == "remove":
            del inside[key]
        elif isinstance(inside, dict):
            inside[draw(KEYS)] = copy.deepcopy(draw(VALUES))
        else:
            inside.append(copy.deepcopy(inside[key]))
    return tree


@settings(max_examples=200)
@given(spoiled())
def test_what_is_refused_is_explained_and_what_is_explained_is_refused(tree: Any) -> None:
    problems = explain(tree, Dossier)
    try:
        dossier = converter().structure(tree, Dossier)
    except CodecError as error:
        assert problems
        assert [*error.problems] == problems
    else:
        assert problems == []
        assert SCHEMA.is_valid(tree), "what the schema refuses, the reader refuses"
        assert from_json(to_json(dossier)) == dossier


@settings(max_examples=200)
@given(spoiled())
def test_a_text_is_a_dossier_or_an_error_with_paths(tree: Any) -> None:
    text = json.dumps(tree)
    try:
        dossier = from_json(text)
    except CodecError as error:
        assert all(problem.path.startswith("$") and problem.message.zh for problem in error.problems)
        assert len({*error.problems}) == len(error.problems)
        assert "refused" not in {problem.code for problem in error.problems}
    else:
        assert from_json(to_json(dossier)) == dossier


@given(dossiers(), st.integers(0, 10_000), st.binary(max_size=4))
def test_damaged_bytes_are_a_dossier_or_an_error(dossier: Dossier, at: int, patch: bytes) -> None:
    data = to_json(dossier).encode()
    at %= len(data)
    try:
        from_json(data[:at] + patch + data[at + len(patch) :])
    except CodecError as error:
        assert error.problems


@given(st.binary(max_size=40) | st.text(max_size=40))
def test_any_other_text_is_an_error(text: bytes | str) -> None:
    try:
        from_json(text)
    except CodecError as error:
        assert error.problems
    else:
        raise AssertionError("a dossier by chance?")


LAYOUTS: list[dict[str, Any]] = [
    {"separators": (",", ":")},
    {},
    {"indent": 2, "ensure_ascii": False},
    {"separators": (" ,", "\n:\t"), "ensure_ascii": False},
    {"separators": (",\r\n", "\t:"), "sort_keys": True},
]


@settings(max_examples=200)
@given(dossiers(), st.data(), st.sampled_from(LAYOUTS))
def test_a_key_that_comes_twice_is_found_whatever_the_texts_hold(
    dossier: Dossier, data: st.DataObject, layout: dict[str, Any]
) -> None:
    tree = plain(dossier)
    inside, key = data.draw(st.sampled_from([at for at in places(tree) if isinstance(at[0], dict)]))
    inside["@twice@"] = inside[key]
    with pytest.raises(CodecError) as refused:
        from_json(json.dumps(tree, **layout).replace('"@twice@"', json.dumps(key)))
    assert "duplicate_key" in {problem.code for problem in refused.value.problems}


@pytest.mark.parametrize("note", ['":', " :", '":"', "a\n:b", '\\":', "\\\\", ":", '"id":', "{}[],:"])
@pytest.mark.parametrize("layout", LAYOUTS)
def test_a_text_that_looks_like_a_key_is_a_text(note: str, layout: dict[str, Any]) -> None:
    shop = Dossier(seller=Seller(id="hz01", name=note, note=note), outlets=[Outlet(id=note, name=note)])
    assert from_json(json.dumps(plain(shop), **layout)) == shop
