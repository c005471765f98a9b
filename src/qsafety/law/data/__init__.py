"""The data of the law: one folder for each edition, the glossary, the readings, the gaps and the message templates."""

from pathlib import Path
from typing import Any

FOLDER = Path(__file__).parent


def toml(path: Path) -> dict[str, Any]:
    """One TOML file as plain data. The parser is loaded here, on first use: importing the law costs no parsing."""
    import tomllib

    return tomllib.loads(path.read_text(encoding="utf-8"))
