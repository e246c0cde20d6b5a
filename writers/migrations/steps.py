"""What revisions of the database's schema are made of.

MySQL and MariaDB commit every change of a table at once: a revision that was interrupted there is begun anew, and finds
a part of its work done. So each of these does what is not done yet, and nothing else.
"""

from __future__ import annotations

import sqlalchemy as sa

from writers.sql_parts import index


def create_missing(connection: sa.Connection, *tables: sa.Table) -> None:
    """Make tables with their indexes."""
    for table in tables:
        table.create(connection, checkfirst=True)
        for each in table.indexes:
            each.create(connection, checkfirst=True)


def add_index(connection: sa.Connection, table: str, *columns: str, words: bool = False) -> None:
    """Make an index over columns of a table that is there; ``words`` for a column of texts of any length."""
    _index(table, columns, words).create(connection, checkfirst=True)


def drop_index(connection: sa.Connection, table: str, *columns: str) -> None:
    """Take away an index."""
    _index(table, columns, False).drop(connection, checkfirst=True)


def _index(table: str, columns: tuple[str, ...], words: bool) -> sa.Index:
    made = index(table, *columns, words=words)
    sa.Table(table, sa.MetaData(), *(sa.Column(column) for column in columns), made)
    return made
