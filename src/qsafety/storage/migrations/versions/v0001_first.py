"""The first layout: records, versions, events, heads."""

from typing import Any

import sqlalchemy as sa
from alembic import op

from qsafety.storage.columns import body, key_text, plain_text
from qsafety.storage.migrations import TABLES
from qsafety.storage.tables import Tables

revision = "0001"
down_revision = None


def upgrade() -> None:
    """Make the tables that are not there."""
    known: Tables = op.get_context().opts[TABLES]
    metadata = sa.MetaData()
    schema = known.schema.schema
    innodb: dict[str, Any] = {"mysql_engine": "InnoDB", "mariadb_engine": "InnoDB"}

    def place() -> list[sa.Column[str]]:
        sizes = {"seller": 255, "kind": 64, "key": 1024}
        return [sa.Column(name, key_text(size), primary_key=True) for name, size in sizes.items()]

    def content() -> list[sa.Column[Any]]:
        return [
            sa.Column("day", plain_text(10)),
            sa.Column("schema", sa.Integer, nullable=False),
            sa.Column("body", body(), nullable=False),
            sa.Column("digest", plain_text(64), nullable=False),
            sa.Column("at", plain_text(32), nullable=False),
        ]

    sa.Table(
        known.records.name,
        metadata,
        *place(),
        sa.Column("version", sa.Integer, nullable=False),
        *content(),
        sa.Index(f"{known.records.name}_day", "seller", "kind", "day"),
        schema=schema,
        **innodb,
    )
    sa.Table(
        known.versions.name,
        metadata,
        *place(),
        sa.Column("version", sa.Integer, primary_key=True, autoincrement=False),
        *content(),
        schema=schema,
        **innodb,
    )
    sa.Table(
        known.events.name,
        metadata,
        sa.Column("seller", key_text(255), primary_key=True),
        sa.Column("seq", sa.BigInteger, primary_key=True, autoincrement=False),
        sa.Column("prev", plain_text(64), nullable=False),
        sa.Column("link", plain_text(64), nullable=False),
        sa.Column("at", plain_text(32), nullable=False),
        sa.Column("body", body(), nullable=False),
        schema=schema,
        **innodb,
    )
    sa.Table(
        known.heads.name,
        metadata,
        sa.Column("seller", key_text(255), primary_key=True),
        sa.Column("seq", sa.BigInteger, nullable=False),
        sa.Column("link", plain_text(64), nullable=False),
        schema=schema,
        **innodb,
    )
    metadata.create_all(op.get_bind())
