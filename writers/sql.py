"""The dataset in a database: SQLite or PostgreSQL, through the same SQLAlchemy Core statements."""

from __future__ import annotations

from collections.abc import Iterable, Iterator, Mapping, Sequence
from contextlib import contextmanager
from pathlib import Path
from typing import Any, Self

import sqlalchemy as sa

from normalizers.dataset import PUBLISHED, TableDef
from normalizers.dataset_compare import COMPARISON_TABLES
from normalizers.tabulate import Row
from writers.errors import DatabaseError
from writers.release import Release
from writers.schema import differences, metadata, rows_of
from writers.sql_errors import explained, shown_url

_POSTGRESQL = ("postgres", "postgresql")
#: Seconds to wait for a lock that another program holds on a SQLite file, and for a PostgreSQL server to answer.
_LOCK_TIMEOUT = 30
_CONNECT_TIMEOUT = 10


class Database:
    """A database of releases, all years in one.

    Every method raises DatabaseError when the database can't be reached, refuses, or has tables of another version.
    To be used as a context manager, or closed with :meth:`close`.
    """

    def __init__(self, url: str) -> None:
        """Take ``sqlite:///path`` or ``postgresql://user:password@host/name``; nothing is opened yet."""
        self._url = _parsed(url)
        self._tables = metadata()
        self._engine = self._make_engine()

    @property
    def url(self) -> str:
        """The URL for messages: without password."""
        return shown_url(self._url)

    def check(self) -> None:
        """Connect, and make sure that the dataset's tables are as this version wants them, or not there yet."""
        with self._connection() as connection:
            self._check_tables(connection)

    def create(self) -> None:
        """Make the tables that are missing, and for SQLite the file and its folder; all of them or none."""
        self._make_folder()
        with self._connection() as connection:
            self._check_tables(connection)
            self._tables.create_all(connection)

    def replace(self, releases: Iterable[Release]) -> None:
        """Put each release in the place of what the database has of its document, in one transaction each.

        When one fails its old rows stay; the releases before it are in the database.
        """
        for release in releases:
            with self._connection() as connection:
                self._replace(connection, release)

    def replace_comparison(self, rows_by_table: Mapping[str, Sequence[Row]], earlier_id: str, later_id: str) -> None:
        """Put the rows of a comparison in the place of what the database has of these two documents.

        ``rows_by_table`` maps names of COMPARISON_TABLES to their rows; one transaction.
        """
        with self._connection() as connection:
            for table in COMPARISON_TABLES:
                target = self._tables.tables[table.name]
                pair = (target.c.earlier_id == earlier_id) & (target.c.later_id == later_id)
                connection.execute(target.delete().where(pair))
                if rows := rows_by_table.get(table.name):
                    connection.execute(target.insert(), [dict(row) for row in rows])

    def sources(self) -> dict[str, str]:
        """The SHA-256 of the source file of every document in the database, by document_id; empty without tables."""
        if self._file is not None and not self._file.exists():
            return {}
        with self._connection() as connection:
            documents = self._tables.tables["documents"]
            if not sa.inspect(connection).has_table(documents.name):
                return {}
            rows = connection.execute(sa.select(documents.c.document_id, documents.c.source_sha256))
            return {row.document_id: row.source_sha256 for row in rows}

    def releases(self, document_id: str) -> list[tuple[int, str]]:
        """Number and content hash of each release of a document that the database has, in order."""
        with self._connection() as connection:
            columns = self._tables.tables["releases"].c
            query = sa.select(columns.release_no, columns.content_sha256).where(columns.document_id == document_id)
            return [(row.release_no, row.content_sha256) for row in connection.execute(query.order_by("release_no"))]

    def rows(self, document_id: str) -> dict[str, list[Row]]:
        """The rows of every table of a document's release, by the table's name, in the order of their keys."""
        with self._connection() as connection:
            return {table.name: self._rows(connection, table, document_id) for table in PUBLISHED}

    def _rows(self, connection: sa.Connection, definition: TableDef, document_id: str) -> list[Row]:
        table = self._tables.tables[definition.name]
        query = sa.select(*(table.c[name] for name in definition.column_names))
        chosen = query.where(rows_of(self._tables, definition, document_id))
        found = connection.execute(chosen.order_by(*(table.c[name] for name in definition.key)))
        return [dict(row) for row in found.mappings()]

    def close(self) -> None:
        """Close all connections."""
        self._engine.dispose()

    def __enter__(self) -> Self:
        return self

    def __exit__(self, *_exception: object) -> None:
        self.close()

    def _replace(self, connection: sa.Connection, release: Release) -> None:
        for table in reversed(PUBLISHED):
            condition = rows_of(self._tables, table, release.document_id)
            connection.execute(self._tables.tables[table.name].delete().where(condition))
        for table in PUBLISHED:
            rows = release.tables.get(table.name, ())
            if rows:
                connection.execute(self._tables.tables[table.name].insert(), [dict(row) for row in rows])

    def _check_tables(self, connection: sa.Connection) -> None:
        if problems := list(differences(connection, self._tables)):
            advice = "Move the file away" if self._file else "Use another database, or drop the dataset's tables"
            raise DatabaseError(
                self.url,
                f"made by another version of fenjie: {'; '.join(problems)}",
                f"{advice}, and run again: all of it is written anew from raw/.",
            )

    @property
    def _file(self) -> Path | None:
        """The file of a SQLite database."""
        name = self._url.database
        if self._url.get_backend_name() != "sqlite" or not name or name == ":memory:" or name.startswith("file:"):
            return None
        return Path(name)

    def _make_folder(self) -> None:
        if self._file is None:
            return
        try:
            self._file.parent.mkdir(parents=True, exist_ok=True)
        except OSError as error:
            advice = "Make that folder writable, or name another file with --database."
            raise DatabaseError(self.url, f"its folder can't be made ({error.strerror})", advice) from error

    @contextmanager
    def _connection(self) -> Iterator[sa.Connection]:
        """A connection in a transaction, committed at the end; what goes wrong is a DatabaseError."""
        try:
            with self._engine.begin() as connection:
                yield connection
        except sa.exc.SQLAlchemyError as error:
            raise explained(self._url, error) from error

    def _make_engine(self) -> sa.Engine:
        sqlite = self._url.get_backend_name() == "sqlite"
        arguments = {"timeout": _LOCK_TIMEOUT} if sqlite else {"connect_timeout": _CONNECT_TIMEOUT}
        arguments = {name: value for name, value in arguments.items() if name not in self._url.query}
        try:
            engine = sa.create_engine(self._url, connect_args=arguments, pool_pre_ping=not sqlite)
        except ImportError as error:
            advice = "Install it with: pip install -e .[postgres]"
            raise DatabaseError(self.url, "the PostgreSQL driver psycopg is not installed", advice) from error
        except sa.exc.SQLAlchemyError as error:
            raise explained(self._url, error) from error
        if sqlite:
            _prepare_sqlite(engine)
        return engine


def _parsed(text: str) -> sa.URL:
    """The URL with the driver that we install, whatever driver it names."""
    wanted = "Write sqlite:///path/to/file.db or postgresql://user:password@host:5432/name."
    try:
        url = sa.make_url(text)
    except (sa.exc.ArgumentError, ValueError):
        # The text may contain a password: it is not repeated.
        raise DatabaseError("the database's URL", "can't be understood", wanted) from None
    backend = url.drivername.partition("+")[0]
    if backend in _POSTGRESQL:
        return url.set(drivername="postgresql+psycopg")
    if backend != "sqlite":
        raise DatabaseError(shown_url(url), f"{backend} is not a database that fenjie can write", wanted)
    return url.set(drivername="sqlite")


def _prepare_sqlite(engine: sa.Engine) -> None:
    """Enforce foreign keys, and leave transactions to SQLAlchemy: Python's driver commits before DDL by itself.

    The journal stays SQLite's default (a rollback journal): with WAL, part of the data would lie in a second file, and
    a copy of fenjie.db taken at the wrong moment would lack it.
    """

    @sa.event.listens_for(engine, "connect")
    def _connect(connection: Any, _record: object) -> None:
        connection.isolation_level = None
        connection.execute("PRAGMA foreign_keys=ON")

    @sa.event.listens_for(engine, "begin")
    def _begin(connection: sa.Connection) -> None:
        connection.exec_driver_sql("BEGIN")
