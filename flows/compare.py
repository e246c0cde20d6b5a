"""Comparing two published documents: read their releases, match, write files and database rows."""

from __future__ import annotations

from dataclasses import dataclass
from pathlib import Path
from typing import TYPE_CHECKING

from flows.discover import UsageError
from normalizers.tabulate import Row

if TYPE_CHECKING:
    from normalizers.compare import Tables


@dataclass(frozen=True, slots=True)
class Compared:
    """A comparison: the releases' rows of both documents, what was found (rows by table) and where its files lie."""

    earlier: Tables
    later: Tables
    tables: dict[str, list[Row]]
    folder: Path


def compare_documents(first: str, second: str, outputs: Path, database: str | None) -> Compared:
    """Compare two documents of an outputs folder, whichever is older first, and publish the result.

    ``database`` is a URL with all it needs; None writes files only. The database comes first: when it fails, no file
    has changed. Raises UsageError, WriteError and DatabaseError.
    """
    from normalizers.compare import COMPARED_FROM, compare  # noqa: PLC0415  numpy, for this command only
    from writers import compare_files, readback  # noqa: PLC0415

    if first == second:
        raise UsageError(f"{first} can't be compared with itself: name two documents")
    sides = [readback.read(readback.folder_of(outputs, name), COMPARED_FROM) for name in (first, second)]
    # Of the same year, as they were named.
    earlier, later = sorted(sides, key=lambda side: int(side["documents"][0]["year"]))
    ids = tuple(str(side["documents"][0]["document_id"]) for side in (earlier, later))
    tables = compare(earlier, later)
    folder = compare_files.folder_of(outputs, *ids)
    files = compare_files.render(earlier, later, tables)
    if database is not None:
        from writers.sql import Database  # noqa: PLC0415  SQLAlchemy, only with a database

        with Database(database) as opened:
            opened.create()
            opened.replace_comparison(tables, *ids)
    compare_files.write(folder, files)
    return Compared(earlier, later, tables, folder)
