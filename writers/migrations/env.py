"""What Alembic runs: a database brought to a revision (:mod:`writers.upgrade`), or a draft of the next revision.

The draft compares today's definitions with what the revisions so far make of a new SQLite database; see
docs/databases.md. Nothing else uses Alembic's command line: ``fenjie`` migrates by itself.
"""

from __future__ import annotations

import tempfile
from pathlib import Path
from typing import Any

import sqlalchemy as sa
from alembic import context

from writers.schema import metadata
from writers.sql import Database
from writers.upgrade import VERSION_TABLE


def _is_ours(_object: object, name: str | None, kind: str, *_: Any) -> bool:
    return kind != "table" or name in metadata().tables


def _run(connection: sa.Connection) -> None:
    context.configure(
        connection=connection,
        target_metadata=metadata(),
        version_table=VERSION_TABLE,
        include_object=_is_ours,
        render_as_batch=True,
    )
    with context.begin_transaction():
        context.run_migrations()


_given = context.config.attributes.get("connection")
if _given is not None:
    _run(_given)
else:
    with tempfile.TemporaryDirectory() as _folder, Database(f"sqlite:///{Path(_folder) / 'new.db'}") as _database:
        _database.create()
        _engine = sa.create_engine(f"sqlite:///{Path(_folder) / 'new.db'}")
        with _engine.connect() as _connection:
            _run(_connection)
        _engine.dispose()
