"""The journal of a seller: a chain in which every version that was put is a link, and cannot be changed unseen.

``link`` is the SHA-256, in hex, of prev, kind, key, version, digest, at and by, joined by tabs; the first prev is
empty.
"""

import hashlib
from datetime import UTC, datetime

import msgspec
from attrs import frozen

from qsafety.bilingual import Bilingual
from qsafety.errors import StoreCorruptError, StoreError
from qsafety.storage.backend import RawEvent

ERASURE = "erasure"
"""The kind of the event that says a person was erased; key, version and digest are those of the version that was current."""


@frozen
class Entry:
    """One line of a journal: which version of which record was put, when it was witnessed (``at``), and by whom."""

    seq: int
    prev: str
    kind: str
    key: str
    version: int
    digest: str
    at: str
    by: str
    link: str

    def holds(self) -> bool:
        """Whether the link is what the entry says."""
        return self.link == link(self.prev, self.kind, self.key, self.version, self.digest, self.at, self.by)


class _Body(msgspec.Struct, frozen=True, forbid_unknown_fields=True):
    by: str
    digest: str
    key: str
    kind: str
    version: int


_encode = msgspec.json.Encoder(order="sorted").encode
_decode = msgspec.json.Decoder(_Body).decode


def link(prev: str, kind: str, key: str, version: int, digest: str, at: str, by: str) -> str:
    """The link of an entry.

    >>> link("", "hazard", "H1", 1, "00", "2024-01-31T10:00:00.000000Z", "P3")[:12]
    'b20c92a6236f'
    """
    return hashlib.sha256("\t".join((prev, kind, key, str(version), digest, at, by)).encode()).hexdigest()


def event(
    seller: str, seq: int, prev: str, *, kind: str, key: str, version: int, digest: str, at: str, by: str
) -> RawEvent:
    """An entry as a backend keeps it."""
    body = _encode(_Body(by=by, digest=digest, key=key, kind=kind, version=version))
    return RawEvent(seller, seq, prev, link(prev, kind, key, version, digest, at, by), at, body)


def entry(raw: RawEvent) -> Entry:
    """An entry as it was kept; a body that cannot be read is :class:`~qsafety.errors.StoreCorruptError`."""
    try:
        body = _decode(raw.body)
    except (msgspec.MsgspecError, UnicodeDecodeError) as error:
        raise StoreCorruptError(
            Bilingual(
                f"{raw.seller} 的日志第 {raw.seq} 条无法读取",
                f"event {raw.seq} of {raw.seller}'s journal cannot be read",
            )
        ) from error
    return Entry(raw.seq, raw.prev, body.kind, body.key, body.version, body.digest, raw.at, body.by, raw.link)


def instant(moment: datetime) -> str:
    """An instant as it is witnessed: UTC, to the microsecond.

    >>> instant(datetime(2024, 1, 31, 10, 5, tzinfo=UTC))
    '2024-01-31T10:05:00.000000Z'
    """
    if moment.tzinfo is None:
        raise StoreError(
            Bilingual(
                f"存储的时钟给出了不带时区的时间：{moment}", f"the store's clock gave a time without a zone: {moment}"
            ),
            advice=Bilingual("请给出带时区的时间。", "Let it return a datetime with a time zone."),
        )
    return moment.astimezone(UTC).replace(tzinfo=None).isoformat(timespec="microseconds") + "Z"


def moment(text: str) -> datetime:
    """A witnessed instant from its text."""
    return datetime.fromisoformat(text)
