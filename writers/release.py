"""A release: everything that is published of one document, before it becomes files or database rows."""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from dataclasses import dataclass
from typing import Any

from normalizers.dataset import TABLES, Column, TableDef
from normalizers.records import NormalizedDocument
from normalizers.tabulate import Row, nested, tabulate

_PYTHON_TYPES: dict[str, tuple[type, ...]] = {"string": (str,), "integer": (int,), "number": (float, int)}


@dataclass(frozen=True, slots=True)
class Release:
    """One document, ready to be written.

    ``tables`` maps the name of each table of the dataset to its rows in document order; ``nested`` has one object
    per task with the keys of ``fenjie extract``, preceded by ``task_id`` and ``document_id``.
    """

    document_id: str
    year: int
    tables: Mapping[str, Sequence[Row]]
    nested: Sequence[Row]
    title: str


def build(document: NormalizedDocument) -> Release:
    """The release of a document.

    Raises ValueError when the document has no identity, or when a value doesn't fit its column: every kind of file
    must be able to hold it, so that all of them say the same.
    """
    identity = document.identity
    if identity is None:
        raise ValueError("a document without an identity can't be published")
    rows = tabulate(document)
    tables = {table.name: [_fitted(table, row) for row in rows[table.name]] for table in TABLES}
    keys = ({"task_id": row["task_id"], "document_id": row["document_id"]} for row in tables["tasks"])
    objects = [key | _without_empty(task) for key, task in zip(keys, nested(document), strict=True)]
    return Release(identity.document_id, identity.year, tables, objects, identity.title)


def _without_empty(task: Row) -> Row:
    return {name: None if value == "" else value for name, value in task.items()}


def _fitted(table: TableDef, row: Row) -> Row:
    """The row with its columns in the order of the definition and null for every empty text."""
    if row.keys() != set(table.column_names):
        raise ValueError(f"{table.name}: the row has the columns {sorted(row)}, not {sorted(table.column_names)}")
    return {column.name: _value(table, column, row[column.name]) for column in table.columns}


def _value(table: TableDef, column: Column, value: Any) -> Any:
    """The value, checked. An empty text is null: CSV can't tell the two apart, so no other file may."""
    where = f"{table.name}.{column.name}"
    if value is None or value == "":
        if not column.nullable:
            raise ValueError(f"{where} must not be empty")
        return None
    if type(value) not in _PYTHON_TYPES[column.type]:
        raise ValueError(f"{where} must be of type {column.type}, not {value!r}")
    if isinstance(value, str) and not _storable(value):
        raise ValueError(f"{where} has a character that can't be stored: {value!r}")
    return float(value) if column.type == "number" else value


def _storable(text: str) -> bool:
    """Whether every file and database can hold the text: PostgreSQL takes no NUL, UTF-8 no lone surrogate."""
    try:
        text.encode()
    except UnicodeEncodeError:
        return False
    return "\0" not in text
