"""What can be wrong with a pack, and the errors of making and reading one."""

from collections.abc import Sequence
from enum import StrEnum
from typing import Any

import attrs

from qsafety.bilingual import Bilingual, Lang, join
from qsafety.errors import QSafetyError


class Property(StrEnum):
    """The four properties of electronic records in DA/T 70: an alignment, not a claim of conformity."""

    AUTHENTICITY = "authenticity"
    INTEGRITY = "integrity"
    USABILITY = "usability"
    SECURITY = "security"

    @property
    def label(self) -> Bilingual:
        """Its name."""
        return Bilingual(_NAMES[self], str(self))


_NAMES = {
    Property.AUTHENTICITY: "真实性",
    Property.INTEGRITY: "完整性",
    Property.USABILITY: "可用性",
    Property.SECURITY: "安全性",
}


@attrs.frozen
class PackProblem:
    """One thing that is wrong: which property it touches, where (a path in the pack, empty for all of it), what, and what to do."""

    property: Property
    path: str
    what: Bilingual
    hint: Bilingual

    def to(self, lang: Lang) -> str:
        """A line."""
        colon, stop, close = ("：", "（", "）") if lang == "zh" else (": ", " (", ")")
        where = f"{self.path}{colon}" if self.path else ""
        return f"{self.property.label.to(lang)}{colon}{where}{self.what.to(lang)}{stop}{self.hint.to(lang)}{close}"

    def to_dict(self) -> dict[str, Any]:
        """Plain data; texts in zh and en."""
        return {
            "property": str(self.property),
            "path": self.path,
            "what": self.what.to_dict(),
            "hint": self.hint.to_dict(),
        }


class PackError(QSafetyError, ValueError):
    """A pack that cannot be made or read: no such folder, nothing to keep, a target that cannot be written."""

    code = "pack"


class NoPackError(PackError):
    """What was given is no pack folder."""

    code = "no_pack"


class PackTooNewError(PackError):
    """A pack of a format that this version does not know."""

    code = "pack_too_new"


class TargetError(PackError, OSError):
    """Where the pack should go it cannot: something is there, the disk is full, the folder cannot be written. Nothing was left behind."""

    code = "pack_target"


class SealError(PackError):
    """A signature or time stamp that could not be made."""

    code = "pack_seal"


class RedactedPackError(PackError):
    """A redacted pack where whole records are wanted: who reads it for more would take masked names for names."""

    code = "pack_redacted"


class DamagedPackError(PackError):
    """A pack that is not as it was made; ``problems`` lists all that is wrong."""

    code = "pack_damaged"

    def __init__(self, path: str, problems: Sequence[PackProblem]) -> None:
        self.problems = tuple(problems)
        lines = [Bilingual(p.to("zh"), p.to("en")) for p in self.problems[:20]]
        more = len(self.problems) - len(lines)
        if more:
            lines.append(Bilingual(f"……另有 {more} 处", f"… and {more} more"))
        head = Bilingual(
            f"{path} 有 {len(self.problems)} 处问题，没有读取：",
            f"{path} has {len(self.problems)} problem(s), and was not read:",
        )
        super().__init__(join([head, *lines], zh="\n", en="\n"))

    def to_dict(self) -> dict[str, Any]:
        """Plain data, with the problems one by one."""
        return {"code": self.code, "problems": [p.to_dict() for p in self.problems]}
