"""99-说明: how to check the pack without anything of ours, and what its records look like."""

import json
from collections.abc import Iterator
from functools import cache
from importlib.resources import files
from typing import Any

from qsafety.archive.layout import NOTES
from qsafety.codec import json_schema

_BOM = "\ufeff"


def notes() -> Iterator[tuple[str, bytes]]:
    """The files of the folder: instructions, scripts, the JSON Schema."""
    folder = files("qsafety.archive.inside")
    page = (folder / "instructions.txt").read_text("utf-8")
    yield f"{NOTES}/核验说明.txt", (_BOM + page.replace("\n", "\r\n")).encode()  # for Notepad
    yield f"{NOTES}/verify.sh", (folder / "verify.sh").read_text("utf-8").encode()
    script = (folder / "verify.ps1").read_text("utf-8")
    yield (
        f"{NOTES}/verify.ps1",
        (_BOM + script.replace("\n", "\r\n")).encode(),
    )  # PowerShell 5.1 takes it for GBK otherwise
    yield f"{NOTES}/schema/records.schema.json", _schema()


@cache
def _schema() -> bytes:
    """The schema of every kind of record, and of a dossier."""
    schema: dict[str, Any] = json_schema()
    salt = {
        "type": "string",
        "pattern": "^[0-9a-f]{32}$",
        "description": "random; a store's, so that the digest tells nothing",
    }
    schema["$defs"]["Person"]["properties"]["salt"] = salt
    return (json.dumps(schema, ensure_ascii=False, indent=1, sort_keys=True) + "\n").encode()
