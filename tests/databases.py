"""What tests of databases share: looking into a database without the code under test, and what it should hold."""

from __future__ import annotations

from collections.abc import Iterator
from contextlib import contextmanager
from dataclasses import replace
from typing import Any

import sqlalchemy as sa

from normalizers.dataset import DATABASE_TABLES, PUBLISHED
from writers.release import Release
from writers.sql_engines import LOCK_TIMEOUT  # with it comes the dialect for DuckDB

Rows = dict[str, list[dict[str, Any]]]
SERVERS = ("postgresql", "mariadb")


def kind(url: str) -> str:
    """The kind of database that a URL from the fixtures names."""
    return url.partition(":")[0]


def engine_for(url: str) -> sa.Engine:
    """An engine with plain settings, to be used once."""
    drivers = {"postgresql": "postgresql+psycopg", "mariadb": "mysql+pymysql"}
    arguments = {"timeout": LOCK_TIMEOUT} if kind(url) in {"sqlite", "duckdb"} else {}
    address = sa.make_url(url).set(drivername=drivers.get(kind(url), kind(url)))
    return sa.create_engine(address, poolclass=sa.pool.NullPool, connect_args=arguments)


@contextmanager
def inspecting(url: str) -> Iterator[sa.Inspector]:
    """SQLAlchemy's look into a database, over one connection."""
    with engine_for(url).connect() as connection:
        yield sa.inspect(connection)


def execute(url: str, *statements: str) -> None:
    """Carry out statements in one transaction."""
    with engine_for(url).begin() as connection:
        for statement in statements:
            connection.execute(sa.text(statement))


def query(url: str, statement: str) -> list[tuple[Any, ...]]:
    """The rows that a query gives."""
    with engine_for(url).connect() as connection:
        return [tuple(row) for row in connection.execute(sa.text(statement))]


def clear(url: str) -> None:
    """Delete all rows, whoever else is still connected."""
    if kind(url) == "postgresql":
        execute(
            url,
            "SELECT pg_terminate_backend(pid) FROM pg_stat_activity WHERE pid <> pg_backend_pid() "
            "AND datname = current_database()",
        )
    execute(url, *(f"DELETE FROM {table.name}" for table in reversed(DATABASE_TABLES)))


def rows_in(url: str) -> Rows:
    """Every row of every table of releases, in the order of the keys, at one moment."""
    engine = engine_for(url)
    if kind(url) in SERVERS:
        engine = engine.execution_options(isolation_level="REPEATABLE READ")
    quoted = engine.dialect.identifier_preparer.quote
    with engine.connect() as connection:
        if kind(url) == "sqlite":
            connection.exec_driver_sql("BEGIN")  # Python's driver begins a transaction only to write
        rows = {
            table.name: [
                dict(row)
                for row in connection.execute(
                    sa.text(f"SELECT {', '.join(map(quoted, table.column_names))} FROM {table.name}")
                ).mappings()
            ]
            for table in PUBLISHED
        }
    return in_order(rows)


def expected(*releases: Release) -> Rows:
    """What :func:`rows_in` gives for a database with these releases and no others."""
    return in_order(
        {table.name: [row for release in releases for row in release.tables[table.name]] for table in PUBLISHED}
    )


def in_order(rows: Rows) -> Rows:
    """The rows sorted by their keys, character by character: databases have orders of their own."""
    return {
        table.name: sorted(rows[table.name], key=lambda row: [row[name] for name in table.key]) for table in PUBLISHED
    }


def other_document(release: Release, document_id: str) -> Release:
    """The same release under another document's name."""
    old = release.document_id
    tables = {
        name: [
            {k: v.replace(old, document_id) if k in {"document_id", "task_id"} and v else v for k, v in row.items()}
            for row in rows
        ]
        for name, rows in release.tables.items()
    }
    return replace(release, document_id=document_id, tables=tables)
