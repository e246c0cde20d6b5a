"""What a database holds, found out without SQLAlchemy where it is a SQLite file.

A run that finds nothing to do asks only this, and importing SQLAlchemy would be more than half of its time.
Everything that is written goes through :mod:`writers.sql`.
"""

from __future__ import annotations

import re
import sqlite3
from contextlib import closing
from pathlib import Path
from typing import NamedTuple

_SQLITE = re.compile(r"sqlite:///(?P<path>[^?]+)")
_QUERY = """
select d.document_id, d.source_sha256, r.release_no, r.content_sha256 from documents d
left join (select document_id, max(release_no) as release_no from releases group by document_id) l
  on l.document_id = d.document_id
left join releases r on r.document_id = l.document_id and r.release_no = l.release_no
"""


class Held(NamedTuple):
    """What a database says of a document: SHA-256 of its file, number and content hash of its last release.

    Number and hash are None for rows of version 0.4.0, which had no numbers.
    """

    source_sha256: str
    release_no: int | None = None
    content_sha256: str | None = None


def address(url: str) -> str:
    """A database URL to remember it by: without password and without parameters, which may hold one.

    Up to the last @, as a password may hold one that should have been written %40, or a slash or a question mark.
    """
    return re.sub(r"(://[^:/@?]*):.*@", r"\1@", url).partition("?")[0]


def held(url: str) -> dict[str, Held]:
    """What the database holds of every document, by document_id.

    Raises DatabaseError for a database that can't be asked.
    """
    match = _SQLITE.fullmatch(url)
    if match is not None:
        path = Path(match["path"])
        if not path.exists():
            return {}
        try:
            with closing(sqlite3.connect(f"{path.resolve().as_uri()}?mode=ro", uri=True)) as connection:
                return {name: Held(*facts) for name, *facts in connection.execute(_QUERY)}
        except sqlite3.Error:
            pass  # no such table, a lock, no database: the other way knows what to say
    from writers.sql import Database  # noqa: PLC0415  what this module is there to avoid

    with Database(url) as database:
        database.check()
        return database.held()
