"""The tables of a store: the same on every database, in the caller's ``MetaData``, schema and prefix if wanted.

Every key leads with the seller and nothing counts by itself, so that the tables can be spread over many hosts.
``records`` holds the current version of each record, ``versions`` those before it: a body is kept once.
"""

from collections.abc import Mapping
from typing import Any

from attrs import frozen
from sqlalchemy import BigInteger, Column, Index, Integer, MetaData, Table

from qsafety.storage.backend import KEY_BYTES, KIND_BYTES, SELLER_BYTES
from qsafety.storage.columns import body, key_text, plain_text

SCHEMA = 1
"""The version of this layout."""

PREFIX = "qsafety_"
_INNODB: Mapping[str, Any] = {"mysql_engine": "InnoDB", "mariadb_engine": "InnoDB"}


@frozen
class Tables:
    """The tables of one store, and the layout's version beside them (``schema``, one row, as Alembic keeps it)."""

    records: Table
    versions: Table
    events: Table
    heads: Table
    schema: Table

    @property
    def all(self) -> tuple[Table, ...]:
        """All of them."""
        return (self.records, self.versions, self.events, self.heads, self.schema)


def _place() -> list[Column[str]]:
    return [
        Column("seller", key_text(SELLER_BYTES), primary_key=True),
        Column("kind", key_text(KIND_BYTES), primary_key=True),
        Column("key", key_text(KEY_BYTES), primary_key=True),
    ]


def _content() -> list[Column[str] | Column[int] | Column[bytes] | Column[str | None]]:
    return [
        Column("day", plain_text(10)),
        Column("schema", Integer, nullable=False),
        Column("body", body(), nullable=False),
        Column("digest", plain_text(64), nullable=False),
        Column("at", plain_text(32), nullable=False),
    ]


def tables(metadata: MetaData, *, schema: str | None = None, prefix: str = PREFIX) -> Tables:
    """Put the tables of a store into a ``MetaData``, for a host that creates and migrates them with its own.

    >>> from sqlalchemy import MetaData
    >>> tables(MetaData(), prefix="erp_qs_").records.name
    'erp_qs_records'
    """
    records = Table(
        f"{prefix}records",
        metadata,
        *_place(),
        Column("version", Integer, nullable=False),
        *_content(),
        Index(f"{prefix}records_day", "seller", "kind", "day"),
        schema=schema,
        **_INNODB,
    )
    versions = Table(
        f"{prefix}versions",
        metadata,
        *_place(),
        Column("version", Integer, primary_key=True, autoincrement=False),
        *_content(),
        schema=schema,
        **_INNODB,
    )
    events = Table(
        f"{prefix}events",
        metadata,
        Column("seller", key_text(SELLER_BYTES), primary_key=True),
        Column("seq", BigInteger, primary_key=True, autoincrement=False),
        Column("prev", plain_text(64), nullable=False),
        Column("link", plain_text(64), nullable=False),
        Column("at", plain_text(32), nullable=False),
        Column("body", body(), nullable=False),
        schema=schema,
        **_INNODB,
    )
    heads = Table(
        f"{prefix}heads",
        metadata,
        Column("seller", key_text(SELLER_BYTES), primary_key=True),
        Column("seq", BigInteger, nullable=False),
        Column("link", plain_text(64), nullable=False),
        schema=schema,
        **_INNODB,
    )
    number = Column("version_num", plain_text(32), primary_key=True)
    version = Table(f"{prefix}schema", metadata, number, schema=schema, **_INNODB)
    return Tables(records, versions, events, heads, version)
