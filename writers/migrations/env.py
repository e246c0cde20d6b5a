"""What Alembic runs: a database brought to a revision (:mod:`writers.upgrade`), or a draft of the next revision.

The draft compares today's definitions with what the revisions so far make of a new SQLite database; see
docs/databases.md. Nothing else uses Alembic's command line: ``fenjie`` migrates by itself.
"""

from __future__ import annotations

import subprocess
import sys
import tempfile
from pathlib import Path
from typing import Any

import sqlalchemy as sa
from alembic import context

from writers.schema import metadata
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
    # In a process of its own: Alembic can't run within Alembic.
    _script = "import sys\nfrom writers.sql import Database\nwith Database(sys.argv[1]) as new:\n    new.create()\n"
    with tempfile.TemporaryDirectory() as _folder:
        _url = f"sqlite:///{Path(_folder) / 'new.db'}"
        subprocess.run([sys.executable, "-c", _script, _url], check=True)
        with sa.create_engine(_url).connect() as _connection:
            _run(_connection)
