"""The JSON Schema of a dossier's JSON, made from the same wire classes that read it."""

from typing import Any

import msgspec

from qsafety.codec.shapes import FORMAT, PREPARING, dossier_wire


def json_schema() -> dict[str, Any]:
    """The JSON Schema (draft 2020-12) of what :func:`~qsafety.codec.to_json` writes.

    Whatever it refuses, ``from_json`` refuses; ``from_json`` also checks what a schema cannot say, such as check characters and
    dates that run backwards. The result is the caller's own, to change as they like.

    >>> schema = json_schema()
    >>> schema["$defs"]["Trade"]["enum"]
    ['mixed', 'online', 'retail', 'wholesale']
    """
    with PREPARING:
        made = msgspec.json.schema(dossier_wire(strict=True))
    definitions = made["$defs"]
    for definition in definitions.values():
        if definition.get("type") == "object":
            definition["additionalProperties"] = False
        for value in definition.get("properties", {}).values():
            for choice in (value, *value.get("anyOf", ())):
                choice.pop("uniqueItems", None)  # a set given with a member twice is the same set
    dossier = definitions["Dossier"]
    dossier["properties"]["format"] = {"const": FORMAT}
    dossier["description"] = "All facts of one seller; a collection without a key was not given."
    return {"$schema": "https://json-schema.org/draft/2020-12/schema", "title": "qsafety dossier", **made}
