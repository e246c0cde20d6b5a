"""What tables are made of, so that they hold the same and refuse the same in every kind of database.

SQLite, PostgreSQL and DuckDB take texts of any length everywhere and compare them character by character. MySQL and
MariaDB want a length for a text that is part of a key, take at most 64 KiB in TEXT, and compare as their collation
says: by default ``A`` equals ``a``, and a blank at the end counts for nothing. A binary collation that does not pad
compares texts as they are; the two servers have different names for it.

DuckDB gets no foreign keys and no indexes. It looks at a foreign key before it has taken in what the same transaction
deleted, so that a document could not be replaced in one transaction; and its tables are read column by column.
"""

from __future__ import annotations

from collections.abc import Sequence
from typing import Any

import sqlalchemy as sa
from sqlalchemy.dialects import mysql

#: Characters of a text that is part of a key, in MySQL and MariaDB: three such columns fit into a key of 3,072 bytes.
CODE_LENGTH = 200
#: Characters that an index over a text of any length takes in, in MySQL and MariaDB.
INDEX_LENGTH = 100
#: Databases that have foreign keys and indexes: not DuckDB.
_ROW_BY_ROW = ("sqlite", "postgresql", "mysql")


def mysql_collation(dialect: sa.Dialect) -> str:
    """The collation that compares texts as they are, of the server that the dialect has talked to.

    MariaDB has ``utf8mb4_nopad_bin`` since 10.2, MySQL ``utf8mb4_0900_bin`` since 8.0.17.
    """
    return "utf8mb4_nopad_bin" if getattr(dialect, "is_mariadb", False) else "utf8mb4_0900_bin"


class Code(sa.types.TypeDecorator[str]):
    """A short text that is part of a key, refers to one, or is looked up: an identifier, a name of a rule."""

    impl = sa.Text
    cache_ok = True

    def load_dialect_impl(self, dialect: sa.Dialect) -> sa.types.TypeEngine[Any]:
        """The type that the database is told."""
        if dialect.name == "mysql":
            return mysql.VARCHAR(CODE_LENGTH, charset="utf8mb4", collation=mysql_collation(dialect))
        return sa.Text()


class Words(sa.types.TypeDecorator[str]):
    """A text of any length."""

    impl = sa.Text
    cache_ok = True

    def load_dialect_impl(self, dialect: sa.Dialect) -> sa.types.TypeEngine[Any]:
        """The type that the database is told."""
        if dialect.name == "mysql":
            return mysql.LONGTEXT(charset="utf8mb4", collation=mysql_collation(dialect))
        return sa.Text()


def table(metadata: sa.MetaData, name: str, *parts: sa.schema.SchemaItem, comment: str | None = None) -> sa.Table:
    """A table; InnoDB in MySQL and MariaDB, whatever the server's default: others know no transactions."""
    return sa.Table(name, metadata, *parts, comment=comment, mysql_engine="InnoDB", mysql_default_charset="utf8mb4")


def primary_key(table_name: str, *columns: str) -> sa.Constraint:
    """The primary key of a table."""
    return sa.PrimaryKeyConstraint(*columns, name=f"pk_{table_name}")


def refers(table_name: str, column: str, target: str) -> sa.Constraint:
    """A foreign key from a column to ``table.column``, where the database can have one."""
    key = sa.ForeignKeyConstraint([column], [target], name=f"fk_{table_name}_{column}")
    return key.ddl_if(dialect=_ROW_BY_ROW)  # type: ignore[arg-type]  # several are documented


def one_of(table_name: str, column: str, values: Sequence[str]) -> sa.Constraint:
    """A check that a column has one of some values, or null."""
    return sa.CheckConstraint(sa.column(column, sa.Text).in_(values), name=f"ck_{table_name}_{column}")


def index(table_name: str, *columns: str, words: bool = False) -> sa.Index:
    """An index, where the database can have one; ``words`` for a column of texts of any length.

    Such a text may be longer than an entry of an index can be: PostgreSQL keeps a hash of it, MySQL its beginning.
    """
    options: dict[str, Any] = {}
    if words:
        options = {"postgresql_using": "hash", "mysql_length": INDEX_LENGTH}
    made = sa.Index(f"ix_{table_name}_{'_'.join(columns)}", *columns, **options)
    return made.ddl_if(dialect=_ROW_BY_ROW)  # type: ignore[arg-type]  # several are documented
