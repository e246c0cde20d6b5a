"""Comparing two published documents: read their releases, match, write files and database rows."""

from __future__ import annotations

from collections import defaultdict
from dataclasses import dataclass
from itertools import pairwise
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


def all_pairs(outputs: Path) -> list[tuple[str, str]]:
    """The documents to compare when all are wanted: each with that of the year before it, of one region and kind.

    Comparisons that were made before are among them, as long as both documents are there. Raises WriteError.
    """
    from writers import compare_files, readback  # noqa: PLC0415

    years: dict[tuple[str, str], dict[int, str]] = defaultdict(dict)
    known = set()
    for path in sorted(outputs.glob("[0-9][0-9][0-9][0-9]/*/documents.csv")):
        (document,) = readback.read(path.parent, ["documents"])["documents"]
        known.add(document["document_id"])
        years[document["region_code"], document["kind"]][document["year"]] = document["document_id"]
    wanted = {pair for found in years.values() for pair in pairwise(name for _, name in sorted(found.items()))}
    made = (path.name.partition(compare_files.SEPARATOR) for path in (outputs / compare_files.FOLDER).glob("*"))
    return sorted(wanted | {(earlier, later) for earlier, _, later in made if {earlier, later} <= known})
