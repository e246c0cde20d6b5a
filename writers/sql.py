"""The dataset in a database: SQLite, DuckDB, PostgreSQL, MySQL or MariaDB, through the same SQLAlchemy statements."""

from __future__ import annotations

from collections.abc import Iterable, Iterator, Mapping, Sequence
from contextlib import contextmanager
from typing import Self

import sqlalchemy as sa

from normalizers.dataset import PUBLISHED, TableDef
from normalizers.dataset_compare import COMPARISON_TABLES
from normalizers.tabulate import Row
from writers import upgrade
from writers.errors import DatabaseError
from writers.held import Held
from writers.release import Release
from writers.schema import metadata, rows_of
from writers.sql_engines import engine_for, file_of, parsed
from writers.sql_errors import explained, shown_url
from writers.sql_turns import anew, snapshot, turn

#: Tasks whose rows one statement deletes.
_AT_ONCE = 500


class Database:
    """A database of releases, all years in one.

    Every method raises DatabaseError when the database can't be reached, refuses, or has tables of another version.
    Several programs may use one database at the same time. To be used as a context manager, or closed with
    :meth:`close`.
    """

    def __init__(self, url: str) -> None:
        """Take a URL as docs/databases.md has them, such as ``sqlite:///path``; nothing is opened yet."""
        self._url = parsed(url)
        self._file = file_of(self._url)
        self._tables = metadata()
        self._engine = engine_for(self._url)
        self._inserts: dict[str, sa.Compiled] = {}

    @property
    def url(self) -> str:
        """The URL for messages: without password."""
        return shown_url(self._url)

    def check(self) -> None:
        """Connect, and make sure that the database can be used: as it is, after :meth:`create`, or because it is empty.

        Nothing is changed.
        """
        if self._is_absent:
            return
        with self._reading() as connection:
            self._check_tables(connection)

    def create(self) -> None:
        """Bring the schema to that of this version; for SQLite and DuckDB make the file and its folder.

        New tables are made, those of an older version are changed and keep their rows. Of two programs that do this at
        the same time, one waits for the other.
        """
        self._make_folder()
        with self._reading() as connection:
            self._check_tables(connection)
            if upgrade.is_current(connection, self._tables):
                return
        with self._explaining():
            anew(self._upgrade)

    def replace(self, releases: Iterable[Release]) -> None:
        """Put each release in the place of what the database has of its document, in one transaction each.

        When one fails its old rows stay; the releases before it are in the database.
        """
        for release in releases:
            with self._explaining():
                anew(lambda release=release: self._replace(release))  # type: ignore[misc]  # mypy sees no default

    def withdraw(self, document_id: str) -> None:
        """Delete every row of a document, its history and its comparisons too, in one transaction."""
        with self._explaining():
            anew(lambda: self._withdraw(document_id))

    def replace_comparison(self, rows_by_table: Mapping[str, Sequence[Row]], earlier_id: str, later_id: str) -> None:
        """Put the rows of a comparison in the place of what the database has of these two documents.

        ``rows_by_table`` maps names of COMPARISON_TABLES to their rows; one transaction.
        """
        with self._explaining():
            anew(lambda: self._replace_comparison(rows_by_table, earlier_id, later_id))

    def held(self) -> dict[str, Held]:
        """What the database holds of every document, by document_id; empty without tables."""
        if self._file is not None and not self._file.exists():
            return {}
        documents, releases = (self._tables.tables[name] for name in ("documents", "releases"))
        with self._reading() as connection:
            inspector = sa.inspect(connection)
            if not inspector.has_table(documents.name):
                return {}
            query = sa.select(documents.c.document_id, documents.c.source_sha256)
            if inspector.has_table(releases.name):  # version 0.4.0 had none
                number = sa.func.max(releases.c.release_no).label("release_no")
                last = sa.select(releases.c.document_id, number).group_by(releases.c.document_id).subquery()
                is_last = (releases.c.document_id == last.c.document_id) & (releases.c.release_no == last.c.release_no)
                joined = documents.outerjoin(last, last.c.document_id == documents.c.document_id)
                query = query.add_columns(releases.c.release_no, releases.c.content_sha256)
                query = query.select_from(joined.outerjoin(releases, is_last))
            return {name: Held(*facts) for name, *facts in connection.execute(query)}

    def sources(self) -> dict[str, str]:
        """The SHA-256 of the source file of every document in the database, by document_id; empty without tables."""
        return {name: held.source_sha256 for name, held in self.held().items()}

    def releases(self, document_id: str) -> list[tuple[int, str]]:
        """Number and content hash of each release of a document that the database has, in order."""
        with self._reading() as connection:
            columns = self._tables.tables["releases"].c
            query = sa.select(columns.release_no, columns.content_sha256).where(columns.document_id == document_id)
            return [(row.release_no, row.content_sha256) for row in connection.execute(query.order_by("release_no"))]

    def holds(self, document_id: str) -> bool:
        """Whether the database has rows of a document; version 0.4.0 wrote them without a number of their release."""
        with self._reading() as connection:
            column = self._tables.tables["documents"].c.document_id
            return connection.scalar(sa.select(column).where(column == document_id)) is not None

    def rows(self, document_id: str) -> dict[str, list[Row]]:
        """The rows of every table of a document's release, by the table's name, in the order of their keys."""
        with self._reading() as connection:
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

    def _replace(self, release: Release) -> None:
        with turn(self._engine, release.document_id) as connection:
            self._delete(connection, release.document_id)
            for table in PUBLISHED:
                if rows := release.tables[table.name]:
                    self._insert(connection, table.name, rows)

    def _insert(self, connection: sa.Connection, name: str, rows: Sequence[Row]) -> None:
        """Insert rows that have every column of a table.

        The values go to the driver as they are, whole numbers, numbers and texts; looking at each of them on the way
        takes as long as writing them.
        """
        statement = self._inserts.get(name)
        if statement is None:
            statement = self._inserts[name] = self._tables.tables[name].insert().compile(dialect=connection.dialect)
        order = getattr(statement, "positiontup", None)
        values = [tuple([row[column] for column in order]) if order else dict(row) for row in rows]
        connection.exec_driver_sql(statement.string, values)

    def _delete(self, connection: sa.Connection, document_id: str) -> None:
        """Delete a document's rows; those of its tasks by name, since a subquery makes MySQL look at every row."""
        tasks, documents = self._tables.tables["tasks"].c, self._tables.tables["documents"].c
        mine = connection.scalars(sa.select(tasks.task_id).where(tasks.document_id == document_id)).all()
        is_known = sa.select(documents.document_id).where(documents.document_id == document_id)
        if not mine and connection.scalar(is_known) is None:
            return  # rows of a document are written and deleted all together
        for definition in reversed(PUBLISHED):
            table = self._tables.tables[definition.name]
            if "document_id" in table.c:
                connection.execute(table.delete().where(table.c.document_id == document_id))
                continue
            for start in range(0, len(mine), _AT_ONCE):
                some = mine[start : start + _AT_ONCE]
                connection.execute(table.delete().where(table.c.task_id.in_(some)))

    def _withdraw(self, document_id: str) -> None:
        with turn(self._engine, document_id) as connection:
            for definition in COMPARISON_TABLES:
                table = self._tables.tables[definition.name]
                is_side = (table.c.earlier_id == document_id) | (table.c.later_id == document_id)
                connection.execute(table.delete().where(is_side))
            self._delete(connection, document_id)

    def _replace_comparison(self, rows_by_table: Mapping[str, Sequence[Row]], earlier_id: str, later_id: str) -> None:
        with turn(self._engine, f"{earlier_id} {later_id}") as connection:
            for table in COMPARISON_TABLES:
                target = self._tables.tables[table.name]
                pair = (target.c.earlier_id == earlier_id) & (target.c.later_id == later_id)
                connection.execute(target.delete().where(pair))
                if rows := rows_by_table.get(table.name):
                    connection.execute(target.insert(), [dict(row) for row in rows])

    def _upgrade(self) -> None:
        with turn(self._engine, "schema", upgrade=True) as connection:
            # Another program may have been here in the meantime.
            self._check_tables(connection)
            if not upgrade.is_current(connection, self._tables):
                upgrade.upgrade(connection, self._tables)

    def _check_tables(self, connection: sa.Connection) -> None:
        if problem := upgrade.problem(connection, self._tables):
            advice = "Move the file away" if self._file else "Use another database, or drop the dataset's tables"
            if problem.newer:
                advice = "Update fenjie. Or: " + advice[0].lower() + advice[1:]
            raise DatabaseError(
                self.url, problem.said, f"{advice}, and run again: all of it is written anew from raw/."
            )

    @property
    def _is_absent(self) -> bool:
        """Whether the file of the database is not there; DuckDB would make it at the first look."""
        return self._file is not None and not self._file.exists() and self._file.parent.is_dir()

    def _make_folder(self) -> None:
        if self._file is None:
            return
        try:
            self._file.parent.mkdir(parents=True, exist_ok=True)
        except OSError as error:
            advice = "Make that folder writable, or name another file with --database."
            raise DatabaseError(self.url, f"its folder can't be made ({error.strerror})", advice) from error

    @contextmanager
    def _reading(self) -> Iterator[sa.Connection]:
        with self._explaining(), snapshot(self._engine) as connection:
            yield connection

    @contextmanager
    def _explaining(self) -> Iterator[None]:
        """What goes wrong is a DatabaseError."""
        try:
            yield
        except sa.exc.SQLAlchemyError as error:
            raise explained(self._url, error) from error
