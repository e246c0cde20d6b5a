"""A batch of documents as data frames: one per table of the dataset, the rows of all documents one after another.

Behind its own columns each frame has what its checks must know from elsewhere, as a left join would bring it:
the parent row that a reference found, counts of child rows, facts about the document, and ``batch_no``, the
document's position in the batch, which splits the results again. Grouping by ``batch_no`` and not by
``document_id`` keeps two documents that claim the same identifier apart.
"""

from __future__ import annotations

from collections import Counter
from collections.abc import Iterator, Sequence
from typing import Any

import pandas as pd

from normalizers.dataset import TABLES, TableDef
from normalizers.records import NormalizedDocument
from normalizers.tabulate import Row, tabulate
from validators.characters import escaped, is_text
from validators.verdict import Facts

Batch = Sequence[tuple[NormalizedDocument, Facts]]
Frames = dict[str, pd.DataFrame]

#: The frame that is no table of the dataset: one row per number of tasks that a document's text declares.
COUNTS = "declared_counts"
COUNTS_COLUMNS = ("document_id", "declared", "counted", "batch_no")

#: Which count of child rows a required field needs, and whether the field is due at all: (field, count, due).
REQUIRED_FIELDS = (
    ("leaders", "n_leaders", "leaders_due"),
    ("lead_units", "n_lead_units", "lead_units_due"),
)

#: Explicit types: an integer column with a gap stays integer, a column of nothing but None keeps its type. Python
#: storage, because Arrow refuses text with a lone surrogate, which is for a check to report.
DTYPES: dict[str, Any] = {
    "string": pd.StringDtype("python"),
    "integer": pd.Int64Dtype(),
    "number": pd.Float64Dtype(),
    "boolean": pd.BooleanDtype(),
}
_KINDS: dict[str, tuple[type, ...]] = {"string": (str,), "integer": (int,), "number": (int, float), "boolean": (bool,)}

_JOINED_TYPES = {
    "batch_no": "integer",
    "task_rows": "integer",
    "n_leaders": "integer",
    "n_lead_units": "integer",
    "leaders_due": "boolean",
    "lead_units_due": "boolean",
    "has_roster": "boolean",
    "declared": "integer",
    "counted": "integer",
}
_OWN_JOINS: dict[str, tuple[str, ...]] = {
    "documents": ("task_rows",),
    "tasks": ("n_leaders", "n_lead_units", "leaders_due", "lead_units_due"),
    "task_units": ("has_roster",),
    "targets": ("content",),
}


def joined_columns(definition: TableDef) -> tuple[str, ...]:
    """The columns that the frame of a table has behind the table's own."""
    parents = tuple(parent for _, parent in definition.references)
    return (*parents, *_OWN_JOINS.get(definition.name, ()), "batch_no")


def build_frames(batch: Batch) -> Frames:
    """The frames of all tables, with the rows of every document of the batch."""
    tables = [_document_rows(number, document, facts) for number, (document, facts) in enumerate(batch)]
    frames = {
        definition.name: _frame(definition, [row for rows in tables for row in rows[definition.name]])
        for definition in TABLES
    }
    counts = [row for number, (document, facts) in enumerate(batch) for row in _count_rows(number, document, facts)]
    frames[COUNTS] = pd.DataFrame({name: _series(name, "string", counts) for name in COUNTS_COLUMNS})
    return frames


def fits(value: object, type_name: str) -> bool:
    """Whether a value is of a column's type; None always fits."""
    return value is None or value is pd.NA or _type_fits(type(value), type_name)


def _type_fits(kind: type, type_name: str) -> bool:
    # bool is a subclass of int, and yet True is no number of anything.
    return issubclass(kind, _KINDS[type_name]) and (type_name == "boolean" or kind is not bool)


def _document_rows(number: int, document: NormalizedDocument, facts: Facts) -> dict[str, list[Row]]:
    rows = tabulate(document)
    keys = {
        f"{definition.name}.{column}": {row.get(column) for row in rows[definition.name]}
        for definition in TABLES
        for column in definition.key[:1]
    }
    leaders = Counter(row.get("task_id") for row in rows["task_leaders"])
    lead_units = Counter(row.get("task_id") for row in rows["task_units"] if row.get("role") == "lead")
    explained = {(said.table_no, said.task_no, said.field) for said in document.issues if said.severity != "info"}
    explained |= {
        (task.table_no, task.task_no.value, entry.field)
        for entry in facts.accepted
        for task in document.tasks
        if entry.concerns(task)
    }
    for row in rows["documents"]:
        row["task_rows"] = len(rows["tasks"])
    for row in rows["tasks"]:
        row["n_leaders"] = leaders[row.get("task_id")]
        row["n_lead_units"] = lead_units[row.get("task_id")]
        for field, _, due in REQUIRED_FIELDS:
            row[due] = field in facts.columns and (row.get("table_no"), row.get("task_no"), field) not in explained
    for row in rows["task_units"]:
        row["has_roster"] = facts.has_roster
    contents = {row.get("task_id"): row.get("content") for row in rows["tasks"]}
    for row in rows["targets"]:
        row["content"] = contents.get(row.get("task_id"))
    for definition in TABLES:
        for row in rows[definition.name]:
            row["batch_no"] = number
            for column, parent in definition.references:
                row[parent] = row.get(column) if row.get(column) in keys[parent] else None
    return rows


def _count_rows(number: int, document: NormalizedDocument, facts: Facts) -> Iterator[Row]:
    """Each declared count beside the count of the document, or of one of its tables, that is nearest to it."""
    counted = {len(document.tasks), *Counter(task.table_no for task in document.tasks).values()}
    for declared in facts.declared_counts:
        nearest = min(counted, key=lambda count: (abs(count - declared), count))
        document_id = document.identity.document_id if document.identity else None
        yield {"document_id": document_id, "declared": declared, "counted": nearest, "batch_no": number}


def _frame(definition: TableDef, rows: list[Row]) -> pd.DataFrame:
    """The frame of a table with the columns that its rows really have, so that a missing one is noticed."""
    names = dict.fromkeys(rows[0]) if rows else dict.fromkeys((*definition.column_names, *joined_columns(definition)))
    # A parent's key joins the rows in its own place, whatever order the rows were given their joined values in.
    joined = [name for name in joined_columns(definition) if name in names]
    own = [name for name in names if name not in joined]
    types = {column.name: column.type for column in definition.columns}
    return pd.DataFrame({name: _series(name, types.get(name, "string"), rows) for name in (*own, *joined)})


def _series(name: str, type_name: str, rows: Sequence[Row]) -> pd.Series[Any]:
    """One column. Where a value is not of the column's type the values stay as they are, for a check to report."""
    type_name = _JOINED_TYPES.get(name, type_name)
    values = [row.get(name) for row in rows]
    if type_name == "string" and not is_text("".join(value for value in values if isinstance(value, str))):
        # GX hashes every frame as UTF-8 and would die of it: what is no text goes in as bytes, as a wrong type.
        values = [value if not isinstance(value, str) or is_text(value) else escaped(value) for value in values]
    if all(_type_fits(kind, type_name) for kind in set(map(type, values)) - {type(None)}):
        try:
            return pd.Series(values, dtype=DTYPES[type_name])
        except OverflowError:
            pass  # an integer of more than 64 bits: no column type holds it
    return pd.Series(values, dtype=object)
