"""The release before: read back from its folder, or from the database, so that a new one can be compared with it.

What is read back is checked: the hash over its rows must be the one that its own table ``releases`` names. A folder
that somebody changed by hand is thus never taken for what was published; its other copy (Parquet beside CSV) or the
database is asked instead.

The folder decides which release is the last one, unless the database is *ahead* of it: it has every release of the
folder and more. That is what a run leaves behind that was killed between the two.
"""

from __future__ import annotations

import csv
import hashlib
import io
import json
import time
from collections.abc import Callable, Iterator, Sequence
from pathlib import Path
from typing import TYPE_CHECKING, Any, NamedTuple

from normalizers.dataset import DATABASE_TABLES, PUBLISHED
from normalizers.history import Tables, content_sha256, history
from normalizers.tabulate import Row
from writers.errors import WriteError
from writers.release import Release, with_history
from writers.withdrawn import standing_in

if TYPE_CHECKING:
    from writers.sql import Database

_TYPES: dict[str, dict[str, Callable[[str], Any]]] = {
    table.name: {c.name: {"integer": int, "number": float, "string": str}[c.type] for c in table.columns}
    for table in DATABASE_TABLES
}
#: A reader who comes while a new release is swapped in may find files of both; a moment later there is one.
_ATTEMPTS, _PAUSE = 3, 0.05
#: What a file of a release that is missing, cut off or overwritten raises when it is read.
_DAMAGES = (OSError, ValueError, KeyError, TypeError, StopIteration, csv.Error, WriteError)

#: A release's number and the hash of its content, for every release of a document.
Heads = list[tuple[int, str]]


def read(folder: Path) -> Tables | None:
    """The tables of the release that lies in a folder, typed as they were written; None when there is none.

    A release from before there were numbers gets its history here: it is number 1. Raises WriteError when the files
    are not those that were published.
    """
    if not _has_files(folder):
        return None
    for attempt in range(_ATTEMPTS):
        for form in (_csv_rows, _parquet_rows):
            try:
                tables = _whole({name: form(folder, name, wanted) for name, wanted in _listed(folder).items()})
            except _DAMAGES:
                continue
            if tables is not None:
                return tables
        if attempt + 1 < _ATTEMPTS:
            time.sleep(_PAUSE)
    raise WriteError(
        folder,
        "the files are not those of the release that was published there: some were changed or are missing",
        "Put the folder back from a backup. Or move it away: without it the history is taken from the database, and "
        "begins anew with release 1 where that has none.",
    )


def read_database(database: Database, document_id: str) -> Tables | None:
    """The tables of the document's last release in a database; None when it has none, or not a whole one."""
    tables = database.rows(document_id)
    return _whole(tables) if tables.get("documents") else None


class Settled(NamedTuple):
    """A release as it is to be published, and the tables of the release before it.

    ``previous`` is None where there is none, and where it is the one that the release was prepared with. Where the
    database has this very release already, it is the release before itself.
    """

    release: Release
    previous: Tables | None


def settled(release: Release, outputs: Path, database: Database) -> Settled:
    """The release with the history that holds at the moment in which it is published; the same object if it has it.

    Raises WriteError when the release before was damaged and no other copy of it is left, DatabaseError when the
    database can't be asked.
    """
    folder = last_folder(release, outputs)
    try:
        published: Heads | None = _folder_heads(folder)
    except _DAMAGES:
        published = None
    known = database.releases(release.document_id)
    start = published or []
    if not known and not start and database.holds(release.document_id):
        # Rows of version 0.4.0, which had no numbers, and the folder that belongs to them is gone.
        known = heads(read_database(database, release.document_id) or {"releases": []})
    ahead = is_ahead(known, start)
    own = heads(release.tables)
    if (known if ahead else published) in (own, own[:-1]):
        return Settled(release, release.tables if ahead and known == own else None)
    if ahead:
        previous: Tables | None = _of_database(release, folder, database)
    else:
        previous = read_database(database, release.document_id) if known == published else None
        try:
            previous = read(folder)
        except WriteError:
            if previous is None:
                raise
    return Settled(with_history(release, previous), previous)


def _of_database(release: Release, folder: Path, database: Database) -> Tables:
    """The last release in a database that is ahead of the folder, or alone.

    Its rows must be those that were published, else a comparison would tell things that never were. Where the new
    release says the same as that one, nothing is compared, and it writes the rows anew. Raises WriteError.
    """
    rows = database.rows(release.document_id)
    if (tables := _whole(rows) if rows["documents"] else None) is not None:
        return tables
    if rows["releases"] and rows["releases"][-1]["content_sha256"] == release.tables["releases"][-1]["content_sha256"]:
        return {**release.tables, "releases": rows["releases"], "changes": rows["changes"]}
    raise WriteError(
        folder,
        "only the database has the last release, and its rows are not those that were published: some were changed or "
        "are missing",
        "Put the folder back from a backup, or the database. Or take the document out of the database with fenjie "
        "withdraw: its history then goes on from what is left of it.",
    )


def folder_of(release: Release, outputs: Path) -> Path:
    """Where a release lies in a folder of outputs."""
    return outputs / str(release.year) / release.document_id


def last_folder(release: Release, outputs: Path) -> Path:
    """Where the last release of a document lies: in its folder, or among the earlier ones if it was withdrawn.

    Raises WriteError when that can't be told.
    """
    folder = folder_of(release, outputs)
    return folder if _has_files(folder) else standing_in(outputs, release.document_id, folder)


def last_row(folder: Path) -> Row | None:
    """The row of the release in a folder in its table ``releases``, without reading the rest; None without a release.

    Raises WriteError when it can't be read.
    """
    try:
        rows = _release_rows(folder)
    except _DAMAGES:
        rows = (read(folder) or {"releases": []})["releases"]
    return rows[-1] if rows else None


def release_no(folder: Path) -> int | None:
    """The number of the release in a folder; 1 for one from before there were numbers, None when it can't be told."""
    try:
        found = _folder_heads(folder)
    except _DAMAGES:
        return None
    return found[-1][0] if found else None


def heads(tables: Tables) -> Heads:
    """Number and content hash of each release that a release tells of, in order."""
    return [(row["release_no"], row["content_sha256"]) for row in tables["releases"]]


def is_ahead(database: Heads, folder: Heads) -> bool:
    """Whether a database has every release of a folder and more."""
    return len(database) > len(folder) and database[: len(folder)] == folder


def _folder_heads(folder: Path) -> Heads:
    return heads({"releases": _release_rows(folder)})


def _release_rows(folder: Path) -> Sequence[Row]:
    """The rows of ``releases`` in a folder; none without a folder. Raises one of _DAMAGES when they can't be read."""
    if not _has_files(folder):
        return []
    listed = _listed(folder)
    if "releases" not in listed:
        tables = read(folder)
        return tables["releases"] if tables else []
    try:
        return _csv_rows(folder, "releases", listed["releases"])
    except _DAMAGES:
        return _parquet_rows(folder, "releases", None)


def _has_files(folder: Path) -> bool:
    try:
        return any(not path.name.startswith((".", "~$")) for path in folder.iterdir())
    except OSError:
        return False


def _listed(folder: Path) -> dict[str, str | None]:
    """The tables that the release has, as its data package lists them, each with the hash of its CSV file.

    Another version may have had other tables. Without a data package the tables are those of this version.
    """
    try:
        package = json.loads((folder / "datapackage.json").read_bytes())
        return {resource["name"]: resource["hash"] for resource in package["resources"]}
    except _DAMAGES:
        return {table.name: None for table in PUBLISHED}


def _whole(tables: dict[str, list[Row]]) -> Tables | None:
    """The tables with their history, if they are what was published; else None."""
    if not tables["documents"] or not tables["tasks"]:
        return None
    releases = tables.get("releases")
    if not releases:
        return tables | history(tables, None)
    return tables if releases[-1]["content_sha256"] == content_sha256(tables) else None


def _csv_rows(folder: Path, name: str, wanted: str | None) -> list[Row]:
    """The rows of a CSV file. A column that this version does not know stays text, as which it is compared."""
    data = (folder / f"{name}.csv").read_bytes()
    if wanted is not None and wanted != f"sha256:{hashlib.sha256(data).hexdigest()}":
        raise ValueError(f"{name}.csv is not the file that was published")
    text = data.decode("utf-8-sig")
    lines = csv.reader(io.StringIO(text, newline=""), strict=True)
    header = next(lines)
    types = [_TYPES.get(name, {}).get(column, str) for column in header]
    return [dict(_typed(header, types, line)) for line in lines]


def _typed(header: list[str], types: list[Callable[[str], Any]], line: list[str]) -> Iterator[tuple[str, Any]]:
    for column, kind, value in zip(header, types, line, strict=True):
        yield column, None if value == "" else kind(value)


def _parquet_rows(folder: Path, name: str, _wanted: str | None) -> list[Row]:
    import pyarrow as pa  # noqa: PLC0415  slow to import, and hardly ever needed
    import pyarrow.parquet as pq  # noqa: PLC0415

    try:
        rows: list[Row] = pq.read_table(folder / f"{name}.parquet").to_pylist()
    except pa.ArrowException as error:
        raise ValueError(str(error)) from error
    return rows
