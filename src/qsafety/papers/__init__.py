"""The mandated papers as Word documents: Articles 7 to 12, kept for inspection under Article 13.

A paper is rendered from a typed context, which is built from the dossier. Nothing is printed that the record does not hold; the same data
gives the same digest. Needs the extra ``docx``; without it :func:`render` says how to install it.
"""

from qsafety.papers.exporting import export_templates
from qsafety.papers.many import Papers, Skipped, render_many
from qsafety.papers.paper import Paper
from qsafety.papers.rendering import NumberParts, context, number_of, render
from qsafety.papers.starters import Starter, starter_list, starters

__all__ = [
    "NumberParts",
    "Paper",
    "Papers",
    "Skipped",
    "Starter",
    "context",
    "export_templates",
    "number_of",
    "render",
    "render_many",
    "starter_list",
    "starters",
]
