"""SQLAlchemy's dialect for DuckDB, where duckdb-engine 0.17 does not keep up with DuckDB 2 and SQLAlchemy 2.1.

duckdb-engine looks at tables through PostgreSQL's catalogue, of which DuckDB has only a part: asking for columns and
keys fails. DuckDB's own functions tell them. And a file that another process has open is waited for: DuckDB lets only
one process at a time have it.
"""

from __future__ import annotations

import random
import time
from collections.abc import Iterable
from typing import Any

import duckdb
import duckdb_engine
import sqlalchemy as sa
from sqlalchemy.engine.default import DefaultDialect

_TYPES: dict[str, type[sa.types.TypeEngine[Any]]] = {"VARCHAR": sa.Text, "INTEGER": sa.Integer, "DOUBLE": sa.Double}
_COLUMNS = sa.text(
    "SELECT column_name, data_type, is_nullable, column_default, comment FROM duckdb_columns() "
    "WHERE table_name = :name AND schema_name = current_schema() AND database_name = current_database() "
    "ORDER BY column_index"
)
_CONSTRAINTS = sa.text(
    "SELECT constraint_name, constraint_type, constraint_column_names, expression FROM duckdb_constraints() "
    "WHERE table_name = :name AND schema_name = current_schema() AND database_name = current_database() "
    "ORDER BY constraint_index"
)
_COMMENT = sa.text(
    "SELECT comment FROM duckdb_tables() "
    "WHERE table_name = :name AND schema_name = current_schema() AND database_name = current_database()"
)
_LOCKED = "Could not set lock on file"


class Dialect(duckdb_engine.Dialect):
    """DuckDB as this project uses it: one file, tables in the main schema."""

    supports_statement_cache = False

    def create_connect_args(self, url: sa.URL) -> tuple[Any, Any]:
        """The arguments for :meth:`connect`; ``?timeout=`` says how many seconds to wait for another process."""
        timeout = url.query.get("timeout")
        arguments, options = super().create_connect_args(url.difference_update_query(["timeout"]))
        return arguments, options | ({"timeout": float(str(timeout))} if timeout is not None else {})

    def connect(self, *arguments: Any, timeout: float = 0, **options: Any) -> Any:
        """A connection, as soon as no other process has the file open; the driver's error after ``timeout`` seconds."""
        end = time.monotonic() + timeout
        while True:
            try:
                return super().connect(*arguments, **options)
            except duckdb.IOException as error:
                if _LOCKED not in str(error) or time.monotonic() >= end:
                    raise
            time.sleep(random.uniform(0.01, 0.05))

    def get_columns(self, connection: Any, table_name: str, schema: str | None = None, **_: Any) -> list[Any]:
        """The columns of a table, in order."""
        del schema
        return [
            {
                "name": row.column_name,
                "type": _TYPES.get(row.data_type.partition("(")[0], sa.types.NullType)(),
                "nullable": row.is_nullable,
                "default": row.column_default,
                "autoincrement": False,
                "comment": row.comment,
            }
            for row in connection.execute(_COLUMNS, {"name": table_name})
        ]

    def get_pk_constraint(self, connection: Any, table_name: str, schema: str | None = None, **_: Any) -> Any:
        """The primary key of a table."""
        del schema
        for row in self._constraints(connection, table_name, "PRIMARY KEY"):
            return {"constrained_columns": list(row.constraint_column_names), "name": None}
        return {"constrained_columns": [], "name": None}

    def get_check_constraints(self, connection: Any, table_name: str, schema: str | None = None, **_: Any) -> list[Any]:
        """The checks of a table; DuckDB keeps no names of them."""
        del schema
        rows = self._constraints(connection, table_name, "CHECK")
        return [{"name": row.constraint_name, "sqltext": row.expression} for row in rows]

    def get_foreign_keys(self, connection: Any, table_name: str, schema: str | None = None, **_: Any) -> list[Any]:
        """None: DuckDB's tables are made without."""
        del connection, table_name, schema
        return []

    def get_indexes(self, connection: Any, table_name: str, schema: str | None = None, **_: Any) -> list[Any]:
        """None: DuckDB's tables are made without."""
        del connection, table_name, schema
        return []

    def get_unique_constraints(
        self, connection: Any, table_name: str, schema: str | None = None, **_: Any
    ) -> list[Any]:
        """None: no table of ours has one."""
        del connection, table_name, schema
        return []

    def get_table_comment(self, connection: Any, table_name: str, schema: str | None = None, **_: Any) -> Any:
        """The comment of a table."""
        del schema
        return {"text": connection.execute(_COMMENT, {"name": table_name}).scalar()}

    def get_table_options(self, connection: Any, table_name: str, schema: str | None = None, **_: Any) -> Any:
        """None: DuckDB's tables have no options."""
        del connection, table_name, schema
        return {}

    @staticmethod
    def _constraints(connection: Any, table_name: str, kind: str) -> Iterable[Any]:
        rows = connection.execute(_CONSTRAINTS, {"name": table_name}).fetchall()
        return [row for row in rows if row.constraint_type == kind]


#: Several tables at once are asked one by one.
for _what in (
    "columns",
    "pk_constraint",
    "check_constraints",
    "foreign_keys",
    "indexes",
    "unique_constraints",
    "table_comment",
    "table_options",
):
    setattr(Dialect, f"get_multi_{_what}", getattr(DefaultDialect, f"get_multi_{_what}"))
