"""What the text says: editions, provisions, obligations, definitions, glossary, readings, gaps, words of messages.

>>> from qsafety import law
>>> law.edition("cn-seller-2023-draft").provision("10").heading
'日管控'

Nothing is read from disk before it is asked for.
"""

from qsafety.law.definitions import Definition, define
from qsafety.law.editions import (
    Certainty,
    DefinedTerm,
    Difference,
    Edition,
    Parameter,
    Provision,
    diff,
    edition,
    editions,
    read_edition,
)
from qsafety.law.gaps import Gap, GapKind, gaps
from qsafety.law.glossary import Term, glossary, label
from qsafety.law.messages import MessageError, Template, advice, message, templates
from qsafety.law.obligations import Obligation, obligation, obligations
from qsafety.law.readings import Reading, Readings, reading, readings
from qsafety.law.statutes import Cited, Statute, caution, cited, find_statute, statute, statutes
from qsafety.law.tracing import TraceRow, trace

__all__ = [
    "Certainty",
    "Cited",
    "DefinedTerm",
    "Definition",
    "Difference",
    "Edition",
    "Gap",
    "GapKind",
    "MessageError",
    "Obligation",
    "Parameter",
    "Provision",
    "Reading",
    "Readings",
    "Statute",
    "Template",
    "Term",
    "TraceRow",
    "advice",
    "caution",
    "cited",
    "define",
    "diff",
    "edition",
    "editions",
    "find_statute",
    "gaps",
    "glossary",
    "label",
    "message",
    "obligation",
    "obligations",
    "read_edition",
    "reading",
    "readings",
    "statute",
    "statutes",
    "templates",
    "trace",
]
