"""From one layout of the tables to the next: revisions of Alembic, run on whatever schema and prefix the tables have.

A new store is made as it is today; only an older one walks through the revisions. Each step can be run again, for on
MariaDB a step that was interrupted leaves what it had made.
"""

from pathlib import Path

import sqlalchemy as sa

from qsafety.errors import MissingExtraError
from qsafety.storage.tables import SCHEMA, Tables

TABLES = "qsafety_tables"
"""Where a revision finds the tables that it works on: among the options of its context."""


def migrate(connection: sa.Connection, known: Tables, layout: int | None) -> None:
    """Make the tables (no ``layout``), or bring them to the present one; the caller commits."""
    if layout is None:
        known.schema.metadata.create_all(connection, tables=list(known.all))
        if connection.execute(sa.select(known.schema)).first() is None:
            connection.execute(known.schema.insert().values(version_num=f"{SCHEMA:04d}"))
    elif layout < SCHEMA:
        walk(connection, known, layout)


def walk(connection: sa.Connection, known: Tables, layout: int) -> None:
    """Through every revision after a layout, each of them noted in the table of the version when it is done."""
    try:
        from alembic.migration import MigrationContext
        from alembic.operations import Operations
        from alembic.script import ScriptDirectory
    except ImportError as error:
        raise MissingExtraError("sql", "alembic") from error

    script = ScriptDirectory(str(Path(__file__).parent))
    context = MigrationContext.configure(connection, opts={TABLES: known})
    with Operations.context(context):
        for revision in reversed(list(script.walk_revisions())):
            if int(revision.revision) > layout:
                revision.module.upgrade()
                connection.execute(known.schema.update().values(version_num=revision.revision))
