"""What comes after publishing: the database gets what no run makes again, and what nobody knows of any more is said.

Plain functions without Prefect.
"""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import replace
from pathlib import Path

from flows.ledger import Entry, Ledger, release_folder
from flows.publishing import Desk
from flows.release_files import release_folders
from writers.errors import DatabaseError, WriteError
from writers.held import Held
from writers.previous import heads, is_ahead, last_row, read
from writers.release import read_back
from writers.withdrawn import withdrawn


def complete(desk: Desk, raw: Path) -> list[str]:
    """Put the releases into the database that it lacks and that no run makes again; what went wrong.

    A new database lacks them, and one that was restored from a backup: their source is not in ``raw`` any more, or is
    held back today, and the last good release stands in its folder. What was withdrawn while another database was in
    use goes out of this one.
    """
    entries = desk.ledger.entries.items()
    coming = {e.document_id for name, e in entries if e.status == "published" and (raw / name).exists()}
    try:
        there = desk.database.held()
        problems = _taken_out(there, desk)
        folders = [folder for folder in release_folders(desk.plan.outputs) if folder.name not in coming]
        problems += [_completed(folder, there.get(folder.name), desk) for folder in folders]
    except DatabaseError as error:
        return [f"the database lacks releases that stand in {desk.plan.outputs}: {error}"]
    return [problem for problem in problems if problem is not None]


def _taken_out(there: Mapping[str, Held], desk: Desk) -> list[str | None]:
    """Take out of the database what was withdrawn; what is wrong where that can't be told. Raises DatabaseError."""
    outputs = desk.plan.outputs
    try:
        gone = withdrawn(outputs)
    except WriteError as error:
        return [str(error)]
    for name in sorted(there.keys() & gone.keys()):
        if not release_folder(outputs, gone[name].year, name).exists():
            desk.database.withdraw(name)
    return []


def _completed(folder: Path, there: Held | None, desk: Desk) -> str | None:
    """Bring one document of the database up to its folder; what is wrong where that can't be. Raises DatabaseError."""
    try:
        last = last_row(folder)
        if last is None or (there and there[1:] == (last["release_no"], last["content_sha256"])):
            return None
        tables = read(folder)
    except WriteError as error:
        return f"not in the database: {error}" if there is None else str(error)
    known = desk.database.releases(folder.name) if there else []
    if tables is None or is_ahead(known, heads(tables)):
        return (
            f"{folder.name}: the database has release {known[-1][0]}, {folder} is of release {last['release_no']}. It "
            "is made again when its source is in raw/ and passes; or put it back from a newer backup"
        )
    desk.database.replace([read_back(tables)])
    for name, entry in list(desk.ledger.entries.items()):
        if entry.document_id == folder.name and desk.place in entry.databases:
            facts = {"release_no": last["release_no"], "content_sha256": last["content_sha256"]}
            desk.ledger.enter(name, replace(entry, **facts))
    return None


def left_behind(before: Mapping[str, Entry], ledger: Ledger) -> list[str]:
    """Releases that stand although the file that they were made from is another document now, in words.

    ``before`` are the ledger's entries from the beginning of the run. Which of the two is right a person knows.
    """
    claimed = {entry.document_id for entry in ledger.entries.values()}
    return [
        f"{name} is {ledger.entries[name].document_id} now. {entry.document_id}, which was made from it, still stands "
        f"in {release_folder(ledger.outputs, entry.year, entry.document_id)} and in the database. If it is wrong: "
        f"fenjie withdraw {entry.document_id}"
        for name, entry in sorted(before.items())
        if entry.document_id is not None
        and entry.year is not None
        and entry.document_id not in claimed
        and release_folder(ledger.outputs, entry.year, entry.document_id).exists()
    ]
