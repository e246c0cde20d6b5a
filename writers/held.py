"""What a database holds, found out without SQLAlchemy where it is a SQLite file.

A run that finds nothing to do asks only this, and importing SQLAlchemy would be more than half of its time.
Everything that is written goes through :mod:`writers.sql`.
"""

from __future__ import annotations

import re
import sqlite3
from contextlib import closing
from pathlib import Path

_SQLITE = re.compile(r"sqlite:///(?P<path>[^?]+)")


def address(url: str) -> str:
    """A database URL to remember it by: without password and without parameters, which may hold one.

    Up to the last @, as a password may hold one that should have been written %40, or a slash or a question mark.
    """
    return re.sub(r"(://[^:/@?]*):.*@", r"\1@", url).partition("?")[0]


def held(url: str) -> dict[str, str]:
    """The SHA-256 of the source file of every document in the database, by document_id.

    Raises DatabaseError for a database that can't be asked.
    """
    match = _SQLITE.fullmatch(url)
    if match is not None:
        path = Path(match["path"])
        if not path.exists():
            return {}
        try:
            with closing(sqlite3.connect(f"{path.resolve().as_uri()}?mode=ro", uri=True)) as connection:
                return dict(connection.execute("select document_id, source_sha256 from documents"))
        except sqlite3.Error:
            pass  # no such table, a lock, no database: the other way knows what to say
    from writers.sql import Database  # noqa: PLC0415  what this module is there to avoid

    with Database(url) as database:
        database.check()
        return database.sources()
