"""Facts ⇄ plain data ⇄ JSON ⇄ canonical bytes and digest: strict, versioned, described by a JSON Schema.

There are two roads in. What others wrote goes through :func:`from_json` (or :func:`converter`), which refuses whatever
is not exactly right and reports all of it with paths. What we wrote, and whose digest holds, goes through :func:`read`,
which trusts it and is several times faster.

A collection that a dossier was not given has no key in the JSON, rather than ``null``: what is not known is not said, and
a collection that a later version adds changes no text and no digest of a dossier without it. ``null`` is read as "not
given" all the same. Where a record stood in its source (``Dossier.sources``) is no part of the dossier's content, and is
not written.
"""

from qsafety.codec.own import canonical, digest, plain, read, without_collector
from qsafety.codec.schema import json_schema
from qsafety.codec.shapes import FORMAT
from qsafety.codec.strict import converter, quickly
from qsafety.codec.syntax import flaws, parse
from qsafety.dossier import Dossier
from qsafety.errors import CodecError

__all__ = [
    "FORMAT",
    "canonical",
    "converter",
    "digest",
    "from_json",
    "json_schema",
    "plain",
    "read",
    "to_json",
    "without_collector",
]


def to_json(dossier: Dossier) -> str:
    """A dossier as JSON text (format 1); equal dossiers give equal text.

    Keys are sorted, dates and instants are ISO 8601 (instants in UTC), numbers with decimals are text, words are their
    English values; a collection that was not given has no key. :func:`json_schema` describes it.

    >>> from qsafety.dossier import Dossier, Outlet, Seller
    >>> shop = Dossier(seller=Seller(id="hz01", name="示例店"), outlets=[Outlet(id="M1", name="一店")])
    >>> from_json(to_json(shop)) == shop
    True
    """
    return canonical(dossier).decode()


def from_json(text: str | bytes) -> Dossier:
    """The dossier of a JSON text; strict: nothing is guessed, converted or left out.

    Everything that is wrong raises one :class:`~qsafety.errors.CodecError`, whose ``problems`` name each place:

    >>> from_json('{"format": 1, "seller": {"id": "hz01", "nme": "示例店", "headcount": "12"}}')
    Traceback (most recent call last):
        ...
    qsafety.errors.CodecError: 3 problem(s) in the JSON: ...
    """
    with without_collector():
        if (right := quickly(text)) is not None:
            return right
        tree, sound = parse(text)
        problems = [] if sound else [*flaws(tree)]
        try:
            dossier = converter().structure(tree, Dossier)
            if not problems:
                return dossier
        except CodecError as error:
            problems = [*flaws(tree), *error.problems]
        raise CodecError([*dict.fromkeys(problems)])
