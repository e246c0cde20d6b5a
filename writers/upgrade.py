"""The database's schema as it is, and how it becomes that of this version: by Alembic's revisions.

The revision that a database has stands in its table ``fenjie_version``. A database of 0.4.0 has none: its tables tell
what it is. Views and comments belong to no revision: after each upgrade they are made anew from today's definitions.
"""

from __future__ import annotations

from pathlib import Path
from typing import NamedTuple

import sqlalchemy as sa

from writers import views
from writers.schema import comment, differences

VERSION_TABLE = "fenjie_version"
#: Every revision in writers/migrations/versions, the oldest first. Named here too, so that a database that needs no
#: upgrade is recognised without Alembic, whose import would take longer than all the rest.
REVISIONS = ("0001", "0002")
HEAD = REVISIONS[-1]
#: States beside the revisions: without tables, and with tables but no revision.
_EMPTY = ""
_UNSTAMPED = "none"


class Problem(NamedTuple):
    """Why a database can't be used as it is or become so, and whether a newer version of fenjie made it."""

    said: str
    newer: bool = False


def problem(connection: sa.Connection, tables: sa.MetaData) -> Problem | None:
    """What keeps this version from using the database, as it is or after an upgrade; None when nothing does."""
    revision = _revision(connection, tables)
    if revision == _UNSTAMPED:
        from writers.migrations.versions import r0001_fenjie_0_4_0  # noqa: PLC0415  with it comes Alembic

        found = list(differences(connection, r0001_fenjie_0_4_0.SCHEMA))
    elif revision == HEAD:
        found = list(differences(connection, tables))
    elif revision == _EMPTY or revision in REVISIONS:
        found = []
    else:
        known = f"this version knows {REVISIONS[0]} to {HEAD}"
        return Problem(f"made by a newer version of fenjie: its schema has the revision {revision}, {known}", True)
    return Problem(f"made by another version of fenjie: {'; '.join(found)}") if found else None


def is_current(connection: sa.Connection, tables: sa.MetaData) -> bool:
    """Whether there is nothing to upgrade."""
    return _revision(connection, tables) == HEAD and not views.missing(connection)


def upgrade(connection: sa.Connection, tables: sa.MetaData, scripts: Path | None = None) -> None:
    """Bring the database to the newest revision; the rows stay.

    To be called in a transaction that nobody else upgrades in (``turn``), and for a database without a
    :func:`problem`. ``scripts`` is the folder of the revisions, for tests.
    """
    from alembic import command  # noqa: PLC0415  dear, and wanted for an upgrade only
    from alembic.config import Config  # noqa: PLC0415

    from writers.migrations import impl  # noqa: PLC0415, F401  so that Alembic knows DuckDB

    config = Config()
    config.set_main_option("script_location", str(Path(__file__).parent / "migrations").replace("%", "%%"))
    folder = scripts or Path(__file__).parent / "migrations" / "versions"
    config.set_main_option("version_locations", str(folder).replace("%", "%%"))
    config.set_main_option("path_separator", "newline")
    config.attributes["connection"] = connection
    if _revision(connection, tables) == _UNSTAMPED:
        command.stamp(config, REVISIONS[0])
    if connection.dialect.name == "mysql":
        # What is made here is there at once: views that are missing tell that an upgrade was interrupted.
        views.drop(connection)
    command.upgrade(config, "head")
    _check_references(connection)
    views.create(connection)
    comment(connection, tables)


def _revision(connection: sa.Connection, tables: sa.MetaData) -> str:
    names = set(sa.inspect(connection).get_table_names())
    if VERSION_TABLE in names:
        # Empty where the very first upgrade was interrupted: the revisions go on from there.
        found = connection.execute(sa.text(f"SELECT version_num FROM {VERSION_TABLE}")).scalar()
        return found or _EMPTY
    return _UNSTAMPED if names & tables.tables.keys() else _EMPTY


def _check_references(connection: sa.Connection) -> None:
    """SQLite does not look at references while tables are changed: now they must fit (:mod:`writers.sql_engines`)."""
    if connection.dialect.name != "sqlite":
        return
    broken = connection.exec_driver_sql("PRAGMA foreign_key_check").fetchall()
    if broken:
        raise sa.exc.InvalidRequestError(f"a row of {broken[0][0]} refers to nothing after the upgrade")
