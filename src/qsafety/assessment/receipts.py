"""What an answer rests on, and whether it can be given again."""

from collections.abc import Mapping
from datetime import date
from typing import Any

import attrs

from qsafety.bilingual import Bilingual, join
from qsafety.errors import QSafetyError


class ReceiptError(QSafetyError, ValueError):
    """A receipt that cannot be read, or that is not of this dossier, edition or version. ``differs`` names the keys."""

    code = "bad_receipt"

    def __init__(self, message: Bilingual, *, differs: tuple[str, ...] = (), advice: Bilingual | None = None) -> None:
        super().__init__(message, advice=advice)
        self.differs = differs


@attrs.frozen(kw_only=True)
class Receipt:
    """What an answer rests on: equal receipts give equal bytes of ``report.to_dict(sources=False)``.

    Where a record stands in a ledger (``source``) is no part of a dossier: a report from the ledger has it, one from a store has not.
    ``edition_sha256`` is there only for an edition from a user's folder, and covers everything that the folder says.
    """

    version: str
    edition: str
    text_sha256: str
    readings: Mapping[str, Any] = attrs.field(hash=False)
    dossier_sha256: str
    on: date
    since: date
    edition_sha256: str | None = None

    def to_dict(self) -> dict[str, Any]:
        """Plain data, with these keys; ``edition_sha256`` only where it is given."""
        plain = attrs.asdict(self, recurse=False) | {
            "readings": dict(self.readings),
            "on": self.on.isoformat(),
            "since": self.since.isoformat(),
        }
        if self.edition_sha256 is None:
            del plain["edition_sha256"]
        return plain

    @classmethod
    def of(cls, source: object) -> "Receipt":
        """A receipt as it stands in a report or in its JSON; :class:`ReceiptError` for anything else."""
        if isinstance(source, Receipt):
            return source
        names = {field.name for field in attrs.fields(cls)}
        needed = names - {"edition_sha256"}
        if not isinstance(source, Mapping) or not needed <= source.keys() <= names:
            listed = ", ".join(sorted(needed))
            raise ReceiptError(Bilingual(f"不是回执：应有 {listed}", f"this is no receipt; it has {listed}"))
        try:
            days: dict[str, Any] = {name: date.fromisoformat(source[name]) for name in ("on", "since")}
        except (TypeError, ValueError):
            raise ReceiptError(
                Bilingual("回执中的 on 或 since 不是日期", "on or since of the receipt is no day")
            ) from None
        return cls(**{**source, **days})

    def refuse(self, other: "Receipt") -> None:
        """Raise :class:`ReceiptError` where another receipt differs in version, edition, its hashes or the dossier, naming which."""
        words = {
            "version": Bilingual("qsafety 版本", "the version of qsafety"),
            "edition": Bilingual("条文版本", "the edition"),
            "text_sha256": Bilingual("条文文本", "the text of the edition"),
            "edition_sha256": Bilingual("自带版本的内容", "the contents of the user's edition"),
            "dossier_sha256": Bilingual("档案", "the dossier"),
        }
        differs = tuple(name for name in words if getattr(self, name) != getattr(other, name))
        if differs:
            told = [
                Bilingual(
                    f"{words[n].zh}（回执 {getattr(self, n)}，现在 {getattr(other, n)}）",
                    f"{words[n].en} (receipt {getattr(self, n)}, now {getattr(other, n)})",
                )
                for n in differs
            ]
            listed = join(told, zh="、", en=", ")
            raise ReceiptError(
                Bilingual(f"与回执不符：{listed.zh}", f"not what the receipt is of: {listed.en}"),
                differs=differs,
                advice=Bilingual(
                    "重算须用同一版本的 qsafety、同一条文、同一档案。",
                    "To give the same answer again takes the same qsafety, edition and dossier.",
                ),
            )
