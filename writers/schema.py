"""The database's tables, from the dataset's one definition, and whether an existing database has them so."""

from __future__ import annotations

from collections.abc import Iterator
from typing import Any

import sqlalchemy as sa

from normalizers.dataset import DATABASE_TABLES, TableDef
from normalizers.dataset import table as definition
from writers.sql_parts import Code, Words, index, one_of, primary_key, refers, table

_SQL_TYPES: dict[str, type[sa.types.TypeEngine[Any]]] = {"string": Words, "integer": sa.Integer, "number": sa.Double}
#: Columns that people and views look things up by, beside keys and references.
_LOOKED_UP = {
    "tasks": (("document_id", "task_no"),),
    "task_leaders": (("leader",),),
    "task_units": (("unit_id",), ("unit_name",)),
    "issues": (("rule",), ("severity",)),
    "changes": (("task_id",),),
}
#: Short texts beside identifiers: part of a key, or names that fenjie itself gives.
_SHORT = ("role", "field", "rule", "severity")


def metadata() -> sa.MetaData:
    """Every table of a database with its keys, references, checks, indexes and comments."""
    result = sa.MetaData()
    for each in DATABASE_TABLES:
        parts = [*_columns(each), *_constraints(each), *_indexes(each)]
        table(result, each.name, *parts, comment=each.description)
    return result


def rows_of(tables: sa.MetaData, wanted: TableDef, document_id: str) -> sa.ColumnElement[bool]:
    """The condition that picks one document's rows of a table: its own document_id, or that of what it refers to."""
    columns = tables.tables[wanted.name].c
    if "document_id" in columns:
        return columns.document_id == document_id
    name, target = wanted.references[0]
    parent, _, key = target.partition(".")
    chosen = sa.select(tables.tables[parent].c[key]).where(rows_of(tables, definition(parent), document_id))
    return columns[name].in_(chosen)


def differences(connection: sa.Connection, tables: sa.MetaData) -> Iterator[str]:
    """How the database's tables differ from what they should be; none if they fit. Other tables are not looked at."""
    inspector = sa.inspect(connection)
    names = set(inspector.get_table_names())
    for name in tables.tables:
        if name not in names:
            yield f"it has no table {name}"
            continue
        found = {column["name"]: bool(column["nullable"]) for column in inspector.get_columns(name)}
        wanted = {column.name: bool(column.nullable) for column in tables.tables[name].columns}
        key = inspector.get_pk_constraint(name)["constrained_columns"]
        if missing := sorted(wanted.keys() - found.keys()):
            yield f"its table {name} lacks {', '.join(missing)}"
        elif unknown := sorted(found.keys() - wanted.keys()):
            yield f"its table {name} has the unknown column {', '.join(unknown)}"
        elif found != wanted or key != [column.name for column in tables.tables[name].primary_key]:
            yield f"its table {name} has other keys or other columns that may be null"


def comment(connection: sa.Connection, tables: sa.MetaData) -> None:
    """Write the dictionary's words to the tables and columns, where the database keeps comments."""
    dialect = connection.dialect
    for each in tables.tables.values():
        if dialect.name == "mysql":
            # Here a comment is part of the column's definition, which has to be repeated as it is.
            there = sa.Table(each.name, sa.MetaData(), autoload_with=connection, resolve_fks=False)
            compiler = dialect.ddl_compiler(dialect, None)  # type: ignore[arg-type]  # nothing to compile but parts
            changes = []
            for column in there.columns:
                column.comment = each.c[column.name].comment if column.name in each.c else column.comment
                changes.append(f"MODIFY {compiler.get_column_specification(column)}")
            said = sa.literal(each.comment, sa.Text).compile(dialect=dialect, compile_kwargs={"literal_binds": True})
            connection.exec_driver_sql(f"ALTER TABLE {each.name} {', '.join(changes)}, COMMENT {said}")
        elif dialect.supports_comments:
            connection.execute(sa.schema.SetTableComment(each))
            for column in each.columns:
                connection.execute(sa.schema.SetColumnComment(column))


def _columns(wanted: TableDef) -> Iterator[sa.Column[Any]]:
    for column in wanted.columns:
        yield sa.Column(
            column.name,
            Code if column.type == "string" and _is_code(column.name) else _SQL_TYPES[column.type],
            nullable=column.nullable,
            comment=f"{column.heading}. {column.description}",
            autoincrement=False,
        )


def _constraints(wanted: TableDef) -> Iterator[sa.Constraint]:
    yield primary_key(wanted.name, *wanted.key)
    for column, target in wanted.references:
        yield refers(wanted.name, column, target)
    for column_def in wanted.columns:
        if column_def.values:
            yield one_of(wanted.name, column_def.name, column_def.values)


def _indexes(wanted: TableDef) -> Iterator[sa.Index]:
    """One for each referring column, and for what is looked up; the first column of a key has the key's own."""
    looked_up = _LOOKED_UP.get(wanted.name, ())
    covered = {wanted.key[0], *(columns[0] for columns in looked_up)}
    for column, _ in wanted.references:
        if column not in covered:
            yield index(wanted.name, column)
    for columns in looked_up:
        yield index(wanted.name, *columns, words=not _is_code(columns[0]))


def _is_code(name: str) -> bool:
    return name.endswith("_id") or name in _SHORT
