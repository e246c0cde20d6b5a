"""The tables of the history: which releases of a document there were, and what each changed.

They are part of every release, whole: whoever has the last release knows what happened before it.
"""

from __future__ import annotations

from normalizers.table_def import DOCUMENT_ID, Column, TableDef

CHANGE_KINDS = ("added", "removed", "changed")

_RELEASE_NO = Column(
    "release_no", "integer", "发布序号", "Number of the release within its document, from 1.", minimum=1
)

RELEASES = TableDef(
    "releases",
    "发布记录",
    "One row per release of a document; the same content makes no new release.",
    (
        DOCUMENT_ID,
        _RELEASE_NO,
        Column(
            "content_sha256",
            "string",
            "内容校验和",
            "SHA-256 over the rows of every table that is made from the document; the order of rows and columns and "
            "columns without values do not count.",
            pattern=r"^[0-9a-f]{64}$",
        ),
        Column(
            "source_sha256",
            "string",
            "来源校验和",
            "SHA-256 of the file that this release was read from.",
            pattern=r"^[0-9a-f]{64}$",
        ),
        Column("n_tasks", "integer", "任务数", "Number of tasks in this release.", minimum=1),
        Column("tasks_added", "integer", "新增任务数", "Tasks that the release before did not have.", minimum=0),
        Column("tasks_removed", "integer", "删除任务数", "Tasks that only the release before had.", minimum=0),
        Column("tasks_changed", "integer", "变更任务数", "Tasks of both releases of which a field changed.", minimum=0),
        Column(
            "tables_changed",
            "string",
            "变更表",
            "Names of the tables whose rows differ from the release before, with commas; empty for the first release.",
            nullable=True,
        ),
    ),
    key=("document_id", "release_no"),
    references=(("document_id", "documents.document_id"),),
)

CHANGES = TableDef(
    "changes",
    "变更明细",
    "One row per release and task that it added or removed, or field that it changed; none for the first release.",
    (
        DOCUMENT_ID,
        _RELEASE_NO,
        Column("position", "integer", "顺序", "Order within the release, from 1.", minimum=1),
        Column(
            "task_id",
            "string",
            "任务编号",
            "Task that is concerned, also one that is no longer there; empty for a field of the document.",
            nullable=True,
        ),
        Column("change", "string", "变更", "What happened to the task or field.", values=CHANGE_KINDS),
        Column(
            "field",
            "string",
            "字段",
            "Field of the task that changed (docs/history.md has the list), or of the document; empty where a whole "
            "task was added or removed.",
            nullable=True,
        ),
        Column(
            "old",
            "string",
            "原值",
            "Value in the release before; lists, and a whole task that was removed, as JSON.",
            nullable=True,
        ),
        Column(
            "new",
            "string",
            "新值",
            "Value in this release; lists, and a whole task that was added, as JSON.",
            nullable=True,
        ),
    ),
    key=("document_id", "release_no", "position"),
    references=(("document_id", "documents.document_id"),),
)

HISTORY_TABLES: tuple[TableDef, ...] = (RELEASES, CHANGES)
