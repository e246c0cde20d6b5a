"""Releases and their changes, comparisons of two documents, and indexes for what views and people look up."""

from __future__ import annotations

from alembic import op

from writers.migrations.steps import add_index, create_missing, drop_index
from writers.schema import metadata

revision = "0002"
down_revision = "0001"
#: What the views are after this revision; a test says what it is.
VIEWS = "9201494059414e7c"

SCHEMA = metadata()  # to be written out before the release
RELEASES, CHANGES, COMPARED_TASKS, COMPARED_TARGETS, COMPARED_PARTIES = (
    SCHEMA.tables[name] for name in ("releases", "changes", "compared_tasks", "compared_targets", "compared_parties")
)


def upgrade() -> None:
    """Make the new tables and indexes; the index over documents and numbers of tasks replaces that over documents."""
    connection = op.get_bind()
    create_missing(connection, RELEASES, CHANGES, COMPARED_TASKS, COMPARED_TARGETS, COMPARED_PARTIES)
    add_index(connection, "tasks", "document_id", "task_no")
    drop_index(connection, "tasks", "document_id")
    add_index(connection, "task_leaders", "leader", words=True)
    add_index(connection, "task_units", "unit_id")
    add_index(connection, "task_units", "unit_name", words=True)
    add_index(connection, "issues", "rule")
    add_index(connection, "issues", "severity")
