"""Releases and their changes, comparisons of two documents, and indexes for what views and people look up."""

from __future__ import annotations

import sqlalchemy as sa
from alembic import op

from writers.migrations.steps import add_index, create_missing, drop_index
from writers.sql_parts import Code, Words, index, one_of, primary_key, refers, table

revision = "0002"
down_revision = "0001"
#: What the views are after this revision; a test says what it is.
VIEWS = "9201494059414e7c"

SCHEMA = sa.MetaData()
#: Is there already, and is referred to.
DOCUMENTS = sa.Table("documents", SCHEMA, sa.Column("document_id", Code, primary_key=True))
RELEASES = table(
    SCHEMA,
    "releases",
    sa.Column("document_id", Code, nullable=False),
    sa.Column("release_no", sa.Integer, nullable=False, autoincrement=False),
    sa.Column("content_sha256", Words, nullable=False),
    sa.Column("source_sha256", Words, nullable=False),
    sa.Column("n_tasks", sa.Integer, nullable=False),
    sa.Column("tasks_added", sa.Integer, nullable=False),
    sa.Column("tasks_removed", sa.Integer, nullable=False),
    sa.Column("tasks_changed", sa.Integer, nullable=False),
    sa.Column("tables_changed", Words, nullable=True),
    primary_key("releases", "document_id", "release_no"),
    refers("releases", "document_id", "documents.document_id"),
)
CHANGES = table(
    SCHEMA,
    "changes",
    sa.Column("document_id", Code, nullable=False),
    sa.Column("release_no", sa.Integer, nullable=False, autoincrement=False),
    sa.Column("position", sa.Integer, nullable=False, autoincrement=False),
    sa.Column("task_id", Code, nullable=True),
    sa.Column("change", Words, nullable=False),
    sa.Column("field", Code, nullable=True),
    sa.Column("old", Words, nullable=True),
    sa.Column("new", Words, nullable=True),
    primary_key("changes", "document_id", "release_no", "position"),
    refers("changes", "document_id", "documents.document_id"),
    index("changes", "task_id"),
    one_of("changes", "change", ("added", "removed", "changed")),
)
COMPARED_TASKS = table(
    SCHEMA,
    "compared_tasks",
    sa.Column("earlier_id", Code, nullable=False),
    sa.Column("later_id", Code, nullable=False),
    sa.Column("position", sa.Integer, nullable=False, autoincrement=False),
    sa.Column("match", Words, nullable=False),
    sa.Column("earlier_task_id", Code, nullable=True),
    sa.Column("later_task_id", Code, nullable=True),
    sa.Column("score", sa.Double, nullable=True),
    sa.Column("runner_up", sa.Double, nullable=True),
    sa.Column("runner_up_task_id", Code, nullable=True),
    sa.Column("doubt", Words, nullable=True),
    sa.Column("earlier_content", Words, nullable=True),
    sa.Column("later_content", Words, nullable=True),
    primary_key("compared_tasks", "earlier_id", "later_id", "position"),
    one_of("compared_tasks", "match", ("continued", "new", "dropped")),
    one_of("compared_tasks", "doubt", ("weak", "close", "part")),
)
COMPARED_TARGETS = table(
    SCHEMA,
    "compared_targets",
    sa.Column("earlier_id", Code, nullable=False),
    sa.Column("later_id", Code, nullable=False),
    sa.Column("position", sa.Integer, nullable=False, autoincrement=False),
    sa.Column("standing", Words, nullable=False),
    sa.Column("earlier_task_id", Code, nullable=False),
    sa.Column("later_task_id", Code, nullable=False),
    sa.Column("earlier_position", sa.Integer, nullable=True),
    sa.Column("later_position", sa.Integer, nullable=True),
    sa.Column("metric", Words, nullable=False),
    sa.Column("earlier_phrase", Words, nullable=True),
    sa.Column("later_phrase", Words, nullable=True),
    sa.Column("earlier_value", sa.Double, nullable=True),
    sa.Column("earlier_upper", sa.Double, nullable=True),
    sa.Column("later_value", sa.Double, nullable=True),
    sa.Column("later_upper", sa.Double, nullable=True),
    sa.Column("base_unit", Words, nullable=True),
    sa.Column("difference", sa.Double, nullable=True),
    sa.Column("ratio", sa.Double, nullable=True),
    sa.Column("doubt", Words, nullable=True),
    primary_key("compared_targets", "earlier_id", "later_id", "position"),
    one_of("compared_targets", "standing", ("kept", "gained", "lost")),
    one_of("compared_targets", "doubt", ("basis",)),
)
COMPARED_PARTIES = table(
    SCHEMA,
    "compared_parties",
    sa.Column("earlier_id", Code, nullable=False),
    sa.Column("later_id", Code, nullable=False),
    sa.Column("position", sa.Integer, nullable=False, autoincrement=False),
    sa.Column("party", Words, nullable=False),
    sa.Column("role", Code, nullable=False),
    sa.Column("party_id", Code, nullable=True),
    sa.Column("name", Words, nullable=False),
    sa.Column("standing", Words, nullable=False),
    sa.Column("earlier_tasks", sa.Integer, nullable=False),
    sa.Column("later_tasks", sa.Integer, nullable=False),
    primary_key("compared_parties", "earlier_id", "later_id", "position"),
    one_of("compared_parties", "party", ("leader", "unit")),
    one_of("compared_parties", "role", ("leader", "lead", "support")),
    one_of("compared_parties", "standing", ("kept", "gained", "lost")),
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
