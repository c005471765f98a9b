"""The JSON Schema says what is written; an outside judge agrees."""

import json
from typing import Any

import jsonschema
import pytest
from hypothesis import given

from qsafety.codec import json_schema, to_json
from qsafety.dossier import COLLECTIONS, Dossier
from qsafety.law import vocabulary
from qsafety.testing.strategies import dossiers

SCHEMA = json_schema()
JUDGE = jsonschema.Draft202012Validator(SCHEMA, format_checker=jsonschema.Draft202012Validator.FORMAT_CHECKER)
SHOP = {"format": 1, "seller": {"id": "hz01", "name": "示例店"}}


def test_it_is_a_schema() -> None:
    jsonschema.Draft202012Validator.check_schema(SCHEMA)
    assert SCHEMA["$schema"] == "https://json-schema.org/draft/2020-12/schema"


@given(dossiers())
def test_every_dossier_is_valid(dossier: Dossier) -> None:
    JUDGE.validate(json.loads(to_json(dossier)))


@pytest.mark.parametrize(
    "wrong",
    [
        {},
        {**SHOP, "format": 2},
        {**SHOP, "format": "1"},
        {**SHOP, "sources": {}},
        {**SHOP, "hazard": []},
        {**SHOP, "hazards": {}},
        {**SHOP, "hazards": [{"id": "H1", "source": "daily"}]},
        {**SHOP, "hazards": [{"id": "H1", "source": "日管控", "found_on": "2024-01-31"}]},
        {**SHOP, "hazards": [{"id": "H1", "source": "daily", "found_on": "2024-1-31"}]},
        {**SHOP, "partial": ["hazard"]},
        {**SHOP, "seller": {"id": "hz01", "name": "示例店", "revenue": 5}},
        {**SHOP, "seller": {"id": "hz01", "name": "示例店", "revenue": "5\n"}},
        {**SHOP, "seller": {"id": "hz01", "name": "示例店", "open_weekdays": [7]}},
        {**SHOP, "opinions": [{"raised_by": "P2", "kind": "veto", "raised_at": "2024-01-31T10:00:00"}]},
        {**SHOP, "weekly_screenings": [{"week": "2024-01", "organiser": "P2"}]},
    ],
)
def test_what_is_wrong_is_not_valid(wrong: dict[str, Any]) -> None:
    assert not JUDGE.is_valid(wrong)


def test_every_object_is_closed_and_every_word_listed() -> None:
    definitions: dict[str, Any] = SCHEMA["$defs"]
    objects = [name for name, definition in definitions.items() if definition.get("type") == "object"]
    assert [name for name in objects if definitions[name]["additionalProperties"] is not False] == []
    words = {name: definition["enum"] for name, definition in definitions.items() if "enum" in definition}
    assert set(objects) | set(words) == set(definitions)
    assert words == {name: sorted(map(str, getattr(vocabulary, name))) for name in words}


def test_every_collection_is_in_it_and_only_format_and_seller_are_needed() -> None:
    dossier = SCHEMA["$defs"]["Dossier"]
    assert set(dossier["properties"]) == {"format", "seller", "partial", *COLLECTIONS}
    assert dossier["required"] == ["format", "seller"]


def test_changing_a_schema_changes_no_other() -> None:
    json_schema()["$defs"].clear()
    assert json_schema() == SCHEMA
