"""Views that people ask for: a task in one row, the load per organisation and per leader, the targets.

Each is defined once, as a query over the dataset's tables; how several texts become one, in printed order, differs from
database to database. Views are made anew after each upgrade of the schema (:mod:`writers.upgrade`), so a change here
needs a revision, if only an empty one: a test compares :func:`fingerprint` with what the last revision says.
"""

from __future__ import annotations

import hashlib
from collections.abc import Callable
from dataclasses import dataclass, field
from typing import Any

import sqlalchemy as sa
from sqlalchemy.dialects import sqlite

from normalizers.dataset import DATABASE_TABLES
from writers.schema import metadata

#: Between the names of one cell, as the documents themselves write lists.
SEPARATOR = "、"
_T = metadata().tables
_HEADINGS = {(each.name, column.name): column.heading for each in DATABASE_TABLES for column in each.columns}


@dataclass(frozen=True, slots=True)
class View:
    """A view: its query for a kind of database, and the Chinese headings of the columns that it adds."""

    name: str
    heading: str
    description: str
    query: Callable[[str], sa.Select[Any]]
    headings: dict[str, str] = field(default_factory=dict)


def create(connection: sa.Connection) -> None:
    """Make every view as it is defined here, in the place of older ones of the same name."""
    for view in VIEWS:
        _replace(connection, view)
        if connection.dialect.name in {"postgresql", "duckdb"}:
            _comment(connection, view)


def drop(connection: sa.Connection) -> None:
    """Take every view away, for a revision that changes what views stand on."""
    for view in VIEWS:
        connection.exec_driver_sql(f"DROP VIEW IF EXISTS {view.name}")


def missing(connection: sa.Connection) -> list[str]:
    """Names of the views that the database does not have."""
    there = set(sa.inspect(connection).get_view_names())
    return [view.name for view in VIEWS if view.name not in there]


def sql(view: View, dialect: sa.Dialect) -> str:
    """The query of a view in the words of a database."""
    return str(view.query(dialect.name).compile(dialect=dialect, compile_kwargs={"literal_binds": True}))


def fingerprint() -> str:
    """A hash over the queries of all views."""
    texts = "\n".join(f"{view.name}: {' '.join(sql(view, sqlite.dialect()).split())}" for view in VIEWS)
    return hashlib.sha256(texts.encode()).hexdigest()[:16]


def _replace(connection: sa.Connection, view: View) -> None:
    query = sql(view, connection.dialect)
    if connection.dialect.name == "mysql":
        # Whoever reads needs rights on the tables; made by one who has left, a view would be of no use to anybody.
        connection.exec_driver_sql(f"CREATE OR REPLACE SQL SECURITY INVOKER VIEW {view.name} AS {query}")
        return
    if connection.dialect.name == "postgresql":
        # Replaced it keeps the rights that people were given on it; with other columns it can't be replaced.
        try:
            with connection.begin_nested():
                connection.exec_driver_sql(f"CREATE OR REPLACE VIEW {view.name} AS {query}")
            return
        except sa.exc.ProgrammingError:
            pass
    connection.exec_driver_sql(f"DROP VIEW IF EXISTS {view.name}")
    connection.exec_driver_sql(f"CREATE VIEW {view.name} AS {query}")


def _comment(connection: sa.Connection, view: View) -> None:
    query = view.query(connection.dialect.name)
    said = f"{view.heading}. {view.description}".replace("'", "''").replace(":", r"\:")
    connection.execute(sa.text(f"COMMENT ON VIEW {view.name} IS '{said}'"))
    for column in query.selected_columns:
        heading = view.headings.get(column.name) or _heading(column)
        connection.execute(sa.text(f"COMMENT ON COLUMN {view.name}.\"{column.name}\" IS '{heading}'"))


def _heading(column: sa.ColumnElement[Any]) -> str:
    of = getattr(column, "table", None)
    return _HEADINGS[of.name if isinstance(of, sa.Table) else "", column.name]


def _joined(dialect: str, texts: sa.Column[str], *conditions: sa.ColumnElement[bool]) -> sa.ColumnElement[str]:
    """The texts of a task's rows in another table, as one text in printed order."""
    of = texts.table
    mine = (of.c.task_id == _T["tasks"].c.task_id, *conditions)
    if dialect == "sqlite":
        # Before 3.44 SQLite knows no order within group_concat, and takes the rows as they come.
        rows = sa.select(texts.label("text")).where(*mine).order_by(of.c.position).correlate(_T["tasks"]).subquery()
        return sa.select(sa.func.group_concat(rows.c.text, SEPARATOR)).scalar_subquery()
    together = sa.func.aggregate_strings(texts, SEPARATOR).aggregate_order_by(of.c.position)
    return sa.select(together).where(*mine).correlate(_T["tasks"]).scalar_subquery()


def _units(dialect: str, role: str) -> sa.ColumnElement[str]:
    units = _T["task_units"]
    return _joined(dialect, units.c.unit, units.c.role == role).label(f"{role}_units")


def _leaders(dialect: str) -> sa.ColumnElement[str]:
    return _joined(dialect, _T["task_leaders"].c.leader).label("leaders")


def _count(name: str) -> sa.ColumnElement[int]:
    of = _T[name]
    mine = of.c.task_id == _T["tasks"].c.task_id
    return sa.select(sa.func.count()).select_from(of).where(mine).correlate(_T["tasks"]).scalar_subquery()


def _tasks(dialect: str) -> sa.Select[Any]:
    documents, tasks = _T["documents"].c, _T["tasks"].c
    return sa.select(
        tasks.task_id,
        tasks.document_id,
        documents.region_code,
        documents.region,
        documents.year,
        documents.title,
        tasks.table_no,
        tasks.task_no,
        tasks.category_no,
        tasks.category,
        tasks.subcategory,
        tasks.content,
        _leaders(dialect),
        _units(dialect, "lead"),
        _units(dialect, "support"),
        tasks.deadline,
        tasks.deadline_from,
        tasks.deadline_to,
        tasks.remark,
        tasks.page_start,
        tasks.page_end,
        _count("targets").label("n_targets"),
        tasks.n_issues,
    ).join_from(_T["tasks"], _T["documents"], documents.document_id == tasks.document_id)


def _unit_load(_dialect: str) -> sa.Select[Any]:
    documents, tasks, units = _T["documents"].c, _T["tasks"].c, _T["task_units"].c
    name = sa.func.coalesce(units.unit_name, units.unit_full)
    keys = (documents.document_id, documents.region_code, documents.region, documents.year, units.unit_id)
    in_role = {role: sa.case((units.role == role, units.task_id)) for role in ("lead", "support")}
    return (
        sa.select(
            *keys,
            name.label("unit"),
            sa.func.count(in_role["lead"].distinct()).label("lead_tasks"),
            sa.func.count(in_role["support"].distinct()).label("support_tasks"),
            sa.func.count(units.task_id.distinct()).label("tasks"),
        )
        .join_from(_T["task_units"], _T["tasks"], tasks.task_id == units.task_id)
        .join(_T["documents"], documents.document_id == tasks.document_id)
        .group_by(*keys, name)
    )


def _leader_load(_dialect: str) -> sa.Select[Any]:
    documents, tasks, leaders = _T["documents"].c, _T["tasks"].c, _T["task_leaders"].c
    name = sa.func.coalesce(leaders.leader_name, leaders.leader)
    keys = (documents.document_id, documents.region_code, documents.region, documents.year, leaders.leader_id)
    return (
        sa.select(*keys, name.label("leader"), sa.func.count(leaders.task_id.distinct()).label("tasks"))
        .join_from(_T["task_leaders"], _T["tasks"], tasks.task_id == leaders.task_id)
        .join(_T["documents"], documents.document_id == tasks.document_id)
        .group_by(*keys, name)
    )


def _targets(dialect: str) -> sa.Select[Any]:
    documents, tasks, targets = _T["documents"].c, _T["tasks"].c, _T["targets"].c
    return (
        sa.select(
            targets.task_id,
            targets.position,
            tasks.document_id,
            documents.region_code,
            documents.region,
            documents.year,
            tasks.table_no,
            tasks.task_no,
            tasks.category_no,
            tasks.category,
            _leaders(dialect),
            _units(dialect, "lead"),
            *(column for column in targets if column.name not in {"task_id", "position", "start", "end"}),
        )
        .join_from(_T["targets"], _T["tasks"], tasks.task_id == targets.task_id)
        .join(_T["documents"], documents.document_id == tasks.document_id)
    )


_NAMES = {"leaders": "分管领导", "lead_units": "牵头单位", "support_units": "配合单位"}
VIEWS = (
    View(
        "view_tasks",
        "任务一览",
        "One row per task, with its document; leaders and organisations as printed, joined by 、 in printed order.",
        _tasks,
        _NAMES | {"n_targets": "量化目标数"},
    ),
    View(
        "view_unit_load",
        "单位任务量",
        "One row per document and organisation: how many tasks it leads and supports. A group counts as itself.",
        _unit_load,
        {"unit": "单位", "lead_tasks": "牵头任务数", "support_tasks": "配合任务数", "tasks": "任务数"},
    ),
    View(
        "view_leader_load",
        "领导任务量",
        "One row per document and leader in charge: how many tasks.",
        _leader_load,
        {"leader": "分管领导", "tasks": "任务数"},
    ),
    View(
        "view_targets",
        "量化目标一览",
        "One row per target, with its document, task, leaders and lead organisations.",
        _targets,
        _NAMES,
    ),
)
