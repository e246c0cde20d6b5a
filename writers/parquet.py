"""Parquet: one typed file for each table, with headings and descriptions in the schema."""

from __future__ import annotations

import json
from collections.abc import Mapping, Sequence

import pyarrow as pa
import pyarrow.parquet as pq

from normalizers.dataset import PUBLISHED, Column, TableDef
from normalizers.tabulate import Row
from writers.release import Release

_ARROW_TYPES = {"string": pa.string(), "integer": pa.int64(), "number": pa.float64()}
#: What pandas should make of each type. Integers with gaps must not come back as 3.0.
_PANDAS_TYPES = {"string": ("unicode", "string"), "integer": ("int64", "Int64"), "number": ("float64", "float64")}


def schema(table: TableDef) -> pa.Schema:
    """The Arrow schema of a table: types, nullability, heading and description of each column."""
    fields = [_field(column) for column in table.columns]
    metadata = {"title": table.heading, "description": table.description, "pandas": _pandas_hint(table)}
    return pa.schema(fields, metadata=metadata)


def encode(table: TableDef, rows: Sequence[Row]) -> bytes:
    """The rows as one Parquet file."""
    sink = pa.BufferOutputStream()
    pq.write_table(pa.Table.from_pylist(list(rows), schema=schema(table)), sink, compression="zstd")
    return bytes(sink.getvalue().to_pybytes())


def write(release: Release, _files: Mapping[str, bytes]) -> dict[str, bytes]:
    """``<table>.parquet`` for every table of a release."""
    return {f"{table.name}.parquet": encode(table, release.tables[table.name]) for table in PUBLISHED}


def _field(column: Column) -> pa.Field:
    metadata = {"title": column.heading, "description": column.description}
    return pa.field(column.name, _ARROW_TYPES[column.type], nullable=column.nullable, metadata=metadata)


def _pandas_hint(table: TableDef) -> str:
    """The note by which ``pandas.read_parquet`` picks its types; it names no version, so that bytes stay the same."""
    columns = [
        {
            "name": column.name,
            "field_name": column.name,
            "pandas_type": _PANDAS_TYPES[column.type][0],
            "numpy_type": _PANDAS_TYPES[column.type][1],
            "metadata": None,
        }
        for column in table.columns
    ]
    hint = {"index_columns": [], "column_indexes": [], "columns": columns}
    return json.dumps(hint)
