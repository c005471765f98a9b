"""What the text says: editions, provisions, obligations, definitions, glossary, readings, gaps, words of messages.

>>> from qsafety import law
>>> law.edition("cn-seller-2023-draft").provision("10").heading
'日管控'

Nothing is read from disk before it is asked for.
"""

from qsafety.law.definitions import Definition, define
from qsafety.law.editions import Certainty, Difference, Edition, Parameter, Provision, diff, edition, editions
from qsafety.law.gaps import Gap, GapKind, gaps
from qsafety.law.glossary import Term, glossary, label
from qsafety.law.messages import MessageError, Template, advice, message, templates
from qsafety.law.obligations import Obligation, obligation, obligations
from qsafety.law.readings import Reading, Readings, reading, readings
from qsafety.law.tracing import TraceRow, trace

__all__ = [
    "Certainty",
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
    "Template",
    "Term",
    "TraceRow",
    "advice",
    "define",
    "diff",
    "edition",
    "editions",
    "gaps",
    "glossary",
    "label",
    "message",
    "obligation",
    "obligations",
    "reading",
    "readings",
    "templates",
    "trace",
]
