"""The codec against cattrs, on a shop's year of facts.

The peer is cattrs as its documentation tells people to use it: the orjson preconf, detailed validation on (the default) and
``forbid_extra_keys``, with hooks for the types that it has none for.
"""

import hashlib
import json
import sys
from collections.abc import Callable, Iterator
from datetime import date, datetime
from decimal import Decimal
from functools import partial
from time import process_time
from typing import Any

import orjson
import rfc8785
from cattrs.preconf.orjson import OrjsonConverter, make_converter
from measure import Row, compare, main
from shops import shop

from qsafety.codec import canonical, digest, from_json, read, to_json, without_collector
from qsafety.dossier import Dossier, Fact


def peer_converter() -> OrjsonConverter:
    converter = make_converter(forbid_extra_keys=True)
    converter.register_unstructure_hook(Decimal, str)
    converter.register_structure_hook(Decimal, lambda value, _: Decimal(value))
    return converter


def peer_converter_for_text() -> OrjsonConverter:
    """The same, with what RFC 8785 needs: dates as text, and sets in order."""
    converter = peer_converter()
    converter.register_unstructure_hook(datetime, lambda value: value.isoformat().replace("+00:00", "Z"))
    converter.register_unstructure_hook_func(lambda kind: kind is date, date.isoformat)
    converter.register_unstructure_hook_func(lambda kind: getattr(kind, "__origin__", None) is frozenset, sorted)
    return converter


def rows() -> Iterator[Row]:
    dossier = shop()
    facts: list[Fact] = [*dossier.facts()]
    peer = peer_converter()

    def peer_from_json(text: str) -> Callable[[], Dossier]:
        def structured() -> Dossier:
            data: dict[str, Any] = orjson.loads(text)
            del data["format"]
            return peer.structure(data, Dossier)

        return structured

    yield compare(
        f"dossier of {len(facts):,} facts → JSON",
        lambda: to_json(dossier),
        lambda: peer.dumps(dossier),
        goal=3,
        view=lambda made: from_json(made) if isinstance(made, str) else peer.loads(made, Dossier),
        clock=process_time,
    )
    as_written = to_json(dossier)
    laid_out = json.dumps(json.loads(as_written), ensure_ascii=False, indent=2)
    for what, text in (("JSON as we write it", as_written), ("JSON laid out for people", laid_out)):
        yield compare(
            f"{what}, {len(facts):,} facts → dossier, strict",
            partial(from_json, text),
            peer_from_json(text),
            goal=1.5,
            clock=process_time,
        )
    stored = [(type(fact), canonical(fact)) for fact in facts]

    def load() -> list[Fact]:
        with without_collector():  # as a store does for a bulk
            return [read(kind, body) for kind, body in stored]

    yield compare(
        f"{len(facts):,} stored records → facts",
        load,
        lambda: [peer.loads(body, kind) for kind, body in stored],
        goal=5,
        clock=process_time,
    )
    for_text = peer_converter_for_text()
    yield compare(
        f"{len(facts):,} facts → SHA-256 of their canonical JSON",
        lambda: [digest(fact) for fact in facts],
        lambda: [hashlib.sha256(rfc8785.dumps(for_text.unstructure(fact))).hexdigest() for fact in facts],
        goal=20,
        clock=process_time,
    )


if __name__ == "__main__":
    sys.exit(main(__doc__, rows, "cattrs", "orjson", "msgspec", "rfc8785"))
