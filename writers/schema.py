"""The database's tables, from the dataset's one definition, and whether an existing database has them so."""

from __future__ import annotations

from collections.abc import Iterator
from typing import Any

import sqlalchemy as sa

from normalizers.dataset import DATABASE_TABLES, Column, TableDef
from normalizers.dataset import table as definition

_SQL_TYPES: dict[str, type[sa.types.TypeEngine[Any]]] = {"string": sa.Text, "integer": sa.Integer, "number": sa.Double}


def metadata() -> sa.MetaData:
    """Every table of a database with its keys, references, checks, indexes and comments."""
    result = sa.MetaData()
    for table in DATABASE_TABLES:
        parts = [*_columns(table), *_constraints(table), *_indexes(table)]
        sa.Table(table.name, result, *parts, comment=table.description)
    return result


def rows_of(tables: sa.MetaData, table: TableDef, document_id: str) -> sa.ColumnElement[bool]:
    """The condition that picks one document's rows of a table: its own document_id, or that of what it refers to."""
    columns = tables.tables[table.name].c
    if "document_id" in columns:
        return columns.document_id == document_id
    name, target = table.references[0]
    parent, _, key = target.partition(".")
    chosen = sa.select(tables.tables[parent].c[key]).where(rows_of(tables, definition(parent), document_id))
    return columns[name].in_(chosen)


def differences(connection: sa.Connection, tables: sa.MetaData) -> Iterator[str]:
    """How the dataset's tables that the database already has differ from the definition; none if they fit."""
    inspector = sa.inspect(connection)
    names = [name for name in inspector.get_table_names() if name in tables.tables]
    for name in names:
        found = {column["name"]: bool(column["nullable"]) for column in inspector.get_columns(name)}
        wanted = {column.name: bool(column.nullable) for column in tables.tables[name].columns}
        key = inspector.get_pk_constraint(name)["constrained_columns"]
        if missing := sorted(wanted.keys() - found.keys()):
            yield f"its table {name} lacks {', '.join(missing)}"
        elif unknown := sorted(found.keys() - wanted.keys()):
            yield f"its table {name} has the unknown column {', '.join(unknown)}"
        elif found != wanted or key != [column.name for column in tables.tables[name].primary_key]:
            yield f"its table {name} has other keys or other columns that may be null"


def _columns(table: TableDef) -> Iterator[sa.Column[Any]]:
    for column in table.columns:
        yield sa.Column(
            column.name,
            _SQL_TYPES[column.type],
            nullable=column.nullable,
            comment=f"{column.heading}. {column.description}",
            autoincrement=False,
        )


def _constraints(table: TableDef) -> Iterator[sa.Constraint]:
    yield sa.PrimaryKeyConstraint(*table.key, name=f"pk_{table.name}")
    for column, target in table.references:
        yield sa.ForeignKeyConstraint([column], [target], name=f"fk_{table.name}_{column}")
    for column_def in table.columns:
        if column_def.values:
            yield sa.CheckConstraint(_one_of(column_def), name=f"ck_{table.name}_{column_def.name}")


def _one_of(column: Column) -> sa.ColumnElement[bool]:
    return sa.column(column.name, sa.Text).in_(column.values)


def _indexes(table: TableDef) -> Iterator[sa.Index]:
    """One for each referring column; the first column of the primary key has the key's own index."""
    for column, _ in table.references:
        if column != table.key[0]:
            yield sa.Index(f"ix_{table.name}_{column}", column)
