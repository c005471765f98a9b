"""Facts as records: the body, its digest, and the day that a record is about.

The body is the canonical JSON of the fact. A person's also carries 16 random bytes: without them the digest of a name
and a telephone number would fall to guessing, and an erased person could be found again in the journal.
"""

import hashlib
import secrets
from collections.abc import Mapping
from datetime import date, datetime, timedelta, timezone, tzinfo

import msgspec

from qsafety.bilingual import Bilingual
from qsafety.codec import canonical, read
from qsafety.dossier import KINDS, Fact, Person
from qsafety.errors import QSafetyError, SchemaTooNewError, StoreCorruptError
from qsafety.periods import parse
from qsafety.storage.backend import RawRecord
from qsafety.storage.keys import kind_of

SCHEMA = 1
"""The version of the bodies that are written."""

SALT = "salt"
BEIJING = timezone(timedelta(hours=8))

DAYS: Mapping[str, str] = {
    "competence": "on",
    "training": "on",
    "exam": "on",
    "spot_check": "on",
    "daily_check": "day",
    "hazard": "found_on",
    "weekly_screening": "week",
    "monthly_coordination": "month",
    "opinion": "raised_at",
    "decision": "decided_on",
    "defect": "found_on",
    "nonconforming": "on",
    "performance": "period",
    "support": "on",
    "inspection": "on",
    "order": "issued_on",
    "explanation": "period",
    "judgement": "on",
}
"""Which field says what day a record is about; kinds that are not here are standing facts."""

PERIODIC = frozenset({"daily_check", "weekly_screening", "monthly_coordination", "performance", "explanation"})
"""What is made anew for every day, week or month."""


def day_of(fact: Fact, zone: tzinfo = BEIJING) -> date | None:
    """The day that a fact is about: of a period its last one, of an instant the local one; None for a standing fact.

    A record's own ``day`` must follow from its body alone, so that it can be checked; there an instant falls on its
    day in Beijing.

    >>> from qsafety.dossier import WeeklyScreening
    >>> day_of(WeeklyScreening(week="2024-W05", organiser="P2"))
    datetime.date(2024, 2, 4)
    """
    name = DAYS.get(fact.KIND)
    moment = getattr(fact, name) if name else None
    if isinstance(moment, datetime):
        return moment.astimezone(zone).date()
    if isinstance(moment, str):
        return parse(moment).end
    return moment if isinstance(moment, date) else None


def content(fact: Fact) -> bytes:
    """What says whether two facts are equal: the canonical JSON, without salt. What no store keeps is refused."""
    kind_of(type(fact))
    return canonical(fact)


def body_of(kind: str, plain: bytes) -> bytes:
    """The body that is kept of a content."""
    if kind != Person.KIND:
        return plain
    return msgspec.json.encode(msgspec.json.decode(plain) | {SALT: secrets.token_hex(16)}, order="sorted")


def content_of(record: RawRecord) -> bytes:
    """The content that a body was made of."""
    if record.kind != Person.KIND:
        return record.body
    fields = msgspec.json.decode(record.body)
    del fields[SALT]
    return msgspec.json.encode(fields, order="sorted")


def digest_of(body: bytes) -> str:
    """SHA-256 in hex."""
    return hashlib.sha256(body).hexdigest()


def place_of(record: RawRecord) -> str:
    """Which version of which record, for messages."""
    return f"{record.seller}/{record.kind}/{record.key} v{record.version}"


def checked_body(record: RawRecord) -> bytes:
    """The body of a record, if its digest holds and its schema is known."""
    if record.schema > SCHEMA:
        raise SchemaTooNewError(
            Bilingual(
                f"{place_of(record)} 由更新版本的 qsafety 写成（格式 {record.schema}，此处只识 {SCHEMA}）",
                f"{place_of(record)} was written by a newer qsafety (format {record.schema}, known here: {SCHEMA})",
            ),
            advice=Bilingual("请运行：pip install --upgrade qsafety", "Run: pip install --upgrade qsafety"),
        )
    if digest_of(record.body) != record.digest:
        raise StoreCorruptError(
            Bilingual(
                f"{place_of(record)} 的内容与其摘要不符", f"the body of {place_of(record)} does not match its digest"
            ),
            advice=Bilingual(
                "请运行 qsafety store check，并从备份恢复。", "Run qsafety store check, and restore a backup."
            ),
        )
    return record.body


def fact_of(record: RawRecord) -> Fact | None:
    """The fact that a record holds; None when it was erased."""
    if not record.body:
        return None
    checked_body(record)
    kind = KINDS.get(record.kind)
    try:
        if kind is None:
            raise KeyError(record.kind)
        return read(kind, content_of(record))
    except (QSafetyError, ValueError, KeyError, TypeError) as error:
        raise StoreCorruptError(
            Bilingual(f"{place_of(record)} 无法读回：{error}", f"{place_of(record)} cannot be read back: {error}")
        ) from error
