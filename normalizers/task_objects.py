"""A task as one object, made from the rows of a release: the unit of the history and of the feed of changes.

It has the keys of ``tasks.jsonl`` but ``issues``, and whatever else the tables say of a task: table_no, the days of
the deadline, what is known of leaders and organisations beyond their printed names (``..._details``, one object for
each), and the targets. Whoever has the objects of all tasks has the tables tasks, task_leaders, task_units and targets,
but for the number of doubts. Columns are not listed here one by one: a new column of these tables is part of it.
"""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from dataclasses import dataclass

from normalizers.dataset import TARGETS, TASK_LEADERS, TASK_UNITS, TASKS, TableDef
from normalizers.tabulate import Row


@dataclass(frozen=True, slots=True)
class _ListField:
    """A field that is a list: the table it comes from, the role of its rows, and which columns its items have.

    ``printed`` is the column whose texts are the items; None where each item is an object of the other columns.
    """

    table: TableDef
    role: str | None
    printed: str | None
    columns: tuple[str, ...]


def _objects(table: TableDef, role: str | None, *without: str) -> _ListField:
    names = tuple(name for name in table.column_names if name not in ("task_id", "position", "role", *without))
    return _ListField(table, role, None, names)


LIST_FIELDS: Mapping[str, _ListField] = {
    "leaders": _ListField(TASK_LEADERS, None, "leader", ("leader",)),
    "leader_details": _objects(TASK_LEADERS, None, "leader"),
    "lead_units": _ListField(TASK_UNITS, "lead", "unit", ("unit",)),
    "lead_unit_details": _objects(TASK_UNITS, "lead", "unit"),
    "support_units": _ListField(TASK_UNITS, "support", "unit", ("unit",)),
    "support_unit_details": _objects(TASK_UNITS, "support", "unit"),
    "targets": _objects(TARGETS, None),
}
#: The columns of tasks that are part of the object: all but the number of doubts.
_PLAIN = tuple(name for name in TASKS.column_names if name != "n_issues")
#: Every key of the object, in its order.
TASK_FIELDS: tuple[str, ...] = (*_PLAIN, *LIST_FIELDS)


def task_objects(tables: Mapping[str, Sequence[Row]]) -> dict[str, Row]:
    """The tasks of a release by their task_id, in the order of its rows.

    Columns that the release does not have are missing; lists of tables that it does not have are empty.
    """
    result: dict[str, Row] = {
        row["task_id"]: {name: row[name] for name in _PLAIN if name in row} | {name: [] for name in LIST_FIELDS}
        for row in tables["tasks"]
    }
    for name, field in LIST_FIELDS.items():
        rows = sorted(tables.get(field.table.name, ()), key=lambda row: row["position"])
        for row in rows:
            if field.role is None or row["role"] == field.role:
                result[row["task_id"]][name].append(_item(field, row))
    return result


def common_lists(
    before: Mapping[str, Sequence[Row]], after: Mapping[str, Sequence[Row]]
) -> dict[str, tuple[str, ...] | None]:
    """The lists that both releases have, each with the columns that both have; None for a list of plain texts."""
    result: dict[str, tuple[str, ...] | None] = {}
    for name, field in LIST_FIELDS.items():
        table = field.table.name
        if table in before and table in after:
            columns = tuple(c for c in field.columns if _has(before[table], c) and _has(after[table], c))
            if columns:
                result[name] = None if field.printed else columns
    return result


def _item(field: _ListField, row: Row) -> object:
    if field.printed:
        return row.get(field.printed)
    return {name: row[name] for name in field.columns if row.get(name) is not None}


def _has(rows: Sequence[Row], column: str) -> bool:
    """Whether a table has the column; one without rows has nothing that could differ."""
    return not rows or column in rows[0]
