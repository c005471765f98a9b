"""What is not computed, and why: the authority's powers, definitions, and what is no duty."""

from functools import cache
from typing import Any

import attrs

from qsafety.bilingual import Bilingual
from qsafety.law.data import FOLDER, toml
from qsafety.law.obligations import obligation
from qsafety.law.vocabulary import Word


class GapKind(Word):
    """Why something is not computed."""

    AUTHORITY_POWER = "authority_power"
    DEFINITION = "definition"
    METADATA = "metadata"
    OPEN_QUESTION = "open_question"


@attrs.frozen(kw_only=True)
class Gap:
    """One thing that is not computed. ``id`` is an obligation's, or names a question that no reading answers yet."""

    id: str
    obligation: str | None
    title: Bilingual = attrs.field(repr=False)
    kind: GapKind
    reason: Bilingual = attrs.field(repr=False)

    def to_dict(self) -> dict[str, Any]:
        """Plain data: ``id``, ``obligation`` (null for a question), ``title``, ``class``, ``reason``."""
        return {
            "id": self.id,
            "obligation": self.obligation,
            "title": self.title.to_dict(),
            "class": str(self.kind),
            "reason": self.reason.to_dict(),
        }


@cache
def gaps() -> tuple[Gap, ...]:
    """All gaps, in the order of the articles, the open questions last.

    >>> next(gap.kind.en for gap in gaps() if gap.obligation == "A14")
    "the authority's power"
    """
    return tuple(
        Gap(
            id=id_,
            obligation=None if "title" in row else id_,
            title=Bilingual(**row["title"]) if "title" in row else obligation(id_).action,
            kind=GapKind(row["class"]),
            reason=Bilingual(row["zh"], row["en"]),
        )
        for row in toml(FOLDER / "gaps.toml")["gaps"]
        for id_ in row["rows"]
    )
