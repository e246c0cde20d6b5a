"""The schema of version 0.4.0, which knew no revisions: a database with these tables and no revision is one of 0.4.0.

Written out, not derived from today's definitions: what is in old databases does not change any more.
"""

from __future__ import annotations

import sqlalchemy as sa
from alembic import op

from writers.migrations.steps import create_missing
from writers.sql_parts import Code, Words, index, one_of, primary_key, refers, table

revision = "0001"
down_revision = None

SCHEMA = sa.MetaData()
DOCUMENTS = table(
    SCHEMA,
    "documents",
    sa.Column("document_id", Code, nullable=False),
    sa.Column("region_code", Words, nullable=False),
    sa.Column("region", Words, nullable=False),
    sa.Column("year", sa.Integer, nullable=False),
    sa.Column("kind", Words, nullable=False),
    sa.Column("title", Words, nullable=False),
    sa.Column("publisher", Words, nullable=True),
    sa.Column("source_file", Words, nullable=False),
    sa.Column("source_url", Words, nullable=True),
    sa.Column("source_sha256", Words, nullable=False),
    sa.Column("source_format", Words, nullable=False),
    sa.Column("pages", sa.Integer, nullable=True),
    sa.Column("n_tasks", sa.Integer, nullable=False),
    primary_key("documents", "document_id"),
)
TASKS = table(
    SCHEMA,
    "tasks",
    sa.Column("task_id", Code, nullable=False),
    sa.Column("document_id", Code, nullable=False),
    sa.Column("table_no", sa.Integer, nullable=False),
    sa.Column("task_no", sa.Integer, nullable=False),
    sa.Column("category_no", sa.Integer, nullable=True),
    sa.Column("category", Words, nullable=True),
    sa.Column("subcategory", Words, nullable=True),
    sa.Column("content", Words, nullable=False),
    sa.Column("deadline", Words, nullable=True),
    sa.Column("deadline_from", Words, nullable=True),
    sa.Column("deadline_to", Words, nullable=True),
    sa.Column("remark", Words, nullable=True),
    sa.Column("page_start", sa.Integer, nullable=True),
    sa.Column("page_end", sa.Integer, nullable=True),
    sa.Column("n_issues", sa.Integer, nullable=False),
    primary_key("tasks", "task_id"),
    refers("tasks", "document_id", "documents.document_id"),
    index("tasks", "document_id"),
)
TASK_LEADERS = table(
    SCHEMA,
    "task_leaders",
    sa.Column("task_id", Code, nullable=False),
    sa.Column("position", sa.Integer, nullable=False, autoincrement=False),
    sa.Column("leader", Words, nullable=False),
    sa.Column("leader_id", Code, nullable=True),
    sa.Column("leader_name", Words, nullable=True),
    sa.Column("post", Words, nullable=True),
    primary_key("task_leaders", "task_id", "position"),
    refers("task_leaders", "task_id", "tasks.task_id"),
)
TASK_UNITS = table(
    SCHEMA,
    "task_units",
    sa.Column("task_id", Code, nullable=False),
    sa.Column("position", sa.Integer, nullable=False, autoincrement=False),
    sa.Column("role", Code, nullable=False),
    sa.Column("unit", Words, nullable=False),
    sa.Column("unit_full", Words, nullable=False),
    sa.Column("unit_id", Code, nullable=True),
    sa.Column("unit_name", Words, nullable=True),
    sa.Column("qualifier", Words, nullable=True),
    primary_key("task_units", "task_id", "role", "position"),
    refers("task_units", "task_id", "tasks.task_id"),
    one_of("task_units", "role", ("lead", "support")),
)
ORGANISATIONS = table(
    SCHEMA,
    "organisations",
    sa.Column("document_id", Code, nullable=False),
    sa.Column("unit_id", Code, nullable=False),
    sa.Column("unit_name", Words, nullable=False),
    sa.Column("kind", Words, nullable=False),
    sa.Column("region_code", Words, nullable=False),
    sa.Column("valid_from", sa.Integer, nullable=True),
    sa.Column("valid_to", sa.Integer, nullable=True),
    primary_key("organisations", "document_id", "unit_id"),
    refers("organisations", "document_id", "documents.document_id"),
    one_of(
        "organisations",
        "kind",
        ("bureau", "party", "street", "town", "park", "enterprise", "vertical", "institution", "group", "other"),
    ),
)
ORGANISATION_MEMBERS = table(
    SCHEMA,
    "organisation_members",
    sa.Column("document_id", Code, nullable=False),
    sa.Column("group_id", Code, nullable=False),
    sa.Column("position", sa.Integer, nullable=False, autoincrement=False),
    sa.Column("unit_id", Code, nullable=False),
    primary_key("organisation_members", "document_id", "group_id", "position"),
    refers("organisation_members", "document_id", "documents.document_id"),
)
TARGETS = table(
    SCHEMA,
    "targets",
    sa.Column("task_id", Code, nullable=False),
    sa.Column("position", sa.Integer, nullable=False, autoincrement=False),
    sa.Column("kind", Words, nullable=False),
    sa.Column("metric", Words, nullable=False),
    sa.Column("comparator", Words, nullable=True),
    sa.Column("value", sa.Double, nullable=True),
    sa.Column("upper", sa.Double, nullable=True),
    sa.Column("baseline", sa.Double, nullable=True),
    sa.Column("unit", Words, nullable=True),
    sa.Column("base_value", sa.Double, nullable=True),
    sa.Column("base_upper", sa.Double, nullable=True),
    sa.Column("base_unit", Words, nullable=True),
    sa.Column("change", Words, nullable=True),
    sa.Column("modality", Words, nullable=True),
    sa.Column("scope", Words, nullable=True),
    sa.Column("due", Words, nullable=True),
    sa.Column("reference", Words, nullable=True),
    sa.Column("phrase", Words, nullable=False),
    sa.Column("start", sa.Integer, nullable=False),
    sa.Column("end", sa.Integer, nullable=False),
    primary_key("targets", "task_id", "position"),
    refers("targets", "task_id", "tasks.task_id"),
    one_of("targets", "kind", ("numeric", "relative", "qualitative", "delegated")),
    one_of(
        "targets",
        "comparator",
        (
            "equal",
            "about",
            "at_least",
            "more_than",
            "at_most",
            "less_than",
            "range",
            "change_by",
            "multiple",
            "relative",
        ),
    ),
    one_of("targets", "change", ("increase", "decrease")),
)
PROVENANCE = table(
    SCHEMA,
    "provenance",
    sa.Column("task_id", Code, nullable=False),
    sa.Column("field", Code, nullable=False),
    sa.Column("position", sa.Integer, nullable=False, autoincrement=False),
    sa.Column("page", sa.Integer, nullable=True),
    sa.Column("x0", sa.Double, nullable=True),
    sa.Column("top", sa.Double, nullable=True),
    sa.Column("x1", sa.Double, nullable=True),
    sa.Column("bottom", sa.Double, nullable=True),
    sa.Column("line", Words, nullable=True),
    sa.Column("engine", Words, nullable=True),
    sa.Column("method", Words, nullable=False),
    sa.Column("raw", Words, nullable=True),
    primary_key("provenance", "task_id", "field", "position"),
    refers("provenance", "task_id", "tasks.task_id"),
    one_of(
        "provenance",
        "field",
        (
            "task_no",
            "content",
            "category_no",
            "category",
            "subcategory",
            "leaders",
            "lead_units",
            "support_units",
            "deadline",
            "remark",
        ),
    ),
    one_of("provenance", "method", ("read", "inherited", "continued", "realigned", "ocr", "corrected")),
)
ISSUES = table(
    SCHEMA,
    "issues",
    sa.Column("document_id", Code, nullable=False),
    sa.Column("issue_no", sa.Integer, nullable=False, autoincrement=False),
    sa.Column("task_id", Code, nullable=True),
    sa.Column("field", Code, nullable=True),
    sa.Column("rule", Code, nullable=False),
    sa.Column("severity", Code, nullable=False),
    sa.Column("message", Words, nullable=False),
    sa.Column("suggestion", Words, nullable=True),
    sa.Column("page", sa.Integer, nullable=True),
    sa.Column("line", Words, nullable=True),
    primary_key("issues", "document_id", "issue_no"),
    refers("issues", "document_id", "documents.document_id"),
    refers("issues", "task_id", "tasks.task_id"),
    one_of("issues", "severity", ("critical", "warning", "info")),
    index("issues", "task_id"),
)


def upgrade() -> None:
    """Make the tables of 0.4.0."""
    create_missing(op.get_bind(), *SCHEMA.sorted_tables)
