"""The releases of the documents in an outputs folder: finding them, and getting an earlier one back."""

from __future__ import annotations

import shutil
from collections.abc import Sequence
from pathlib import Path

from flows.discover import UsageError
from flows.release_files import release_folders
from normalizers.history import Tables
from writers import archive
from writers.folder import sizes
from writers.previous import read, release_no
from writers.withdrawn import kept, withdrawn


def folders_of(outputs: Path, document_ids: Sequence[str]) -> list[Path]:
    """The folders of the documents' last releases, by year and document_id; of all documents when none is named.

    Raises UsageError for a document without a release, WriteError when it can't be told which ones were withdrawn.
    """
    folders = list(release_folders(outputs))
    if not document_ids:
        return folders
    known = {folder.name for folder in folders}
    if missing := [name for name in document_ids if name not in known]:
        if last := withdrawn(outputs).get(missing[0]):
            place = kept(outputs, missing[0], last)
            raise UsageError(f"{missing[0]} was withdrawn. Its last release is kept in {place}")
        there = f"There are: {', '.join(sorted(known)[:10])}" if known else f"{outputs} has no releases at all"
        raise UsageError(f"{', '.join(missing)}: no such release in {outputs}. {there}")
    return [folder for folder in folders if folder.name in document_ids]


def tables_of(folder: Path) -> Tables:
    """The tables of the release in a folder. Raises UsageError where there is none, WriteError for a damaged one."""
    tables = read(folder)
    if tables is None:
        raise UsageError(f"{folder} has no release")
    return tables


def kept_folder(outputs: Path, folder: Path) -> Path:
    """Where the earlier releases of the document are kept whose last release lies in ``folder``."""
    return outputs / archive.FOLDER / folder.parent.name / folder.name


def files_of(outputs: Path, folder: Path, number: int) -> Path:
    """The folder with the files of a document's release ``number``. Raises UsageError when they are not there."""
    if number == release_no(folder):
        return folder
    kept = kept_folder(outputs, folder)
    there = archive.numbers(kept)
    if number not in there:
        numbers = ", ".join(str(n) for n in [*there, release_no(folder)])
        raise UsageError(f"{folder.name}: there are no files of release {number}. There are: {numbers}")
    return kept / str(number)


def copy_files(source: Path, target: Path) -> int:
    """Copy the files of a release to a new or empty folder; how many there were. Raises UsageError, OSError."""
    if target.exists() and (not target.is_dir() or any(target.iterdir())):
        raise UsageError(f"{target} is not an empty folder: nothing was copied")
    names = sizes(source)
    for name in names:
        path = target / name
        path.parent.mkdir(parents=True, exist_ok=True)
        shutil.copyfile(source / name, path)
    return len(names)
