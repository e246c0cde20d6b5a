"""Releases that were held back by the guard, for people to look at beside the ones that stand.

They lie in ``outputs/candidates/<year>/<document_id>/`` with all their files, as they would have been published. Each
run that works on the document again replaces or removes its candidate.
"""

from __future__ import annotations

from collections.abc import Mapping
from contextlib import suppress
from pathlib import Path

from writers.errors import write_error
from writers.swap import remove

FOLDER = "candidates"


def candidate_folder(outputs: Path, year: int, document_id: str) -> Path:
    """Where the candidate of a document lies, if there is one."""
    return outputs / FOLDER / str(year) / document_id


def put(files: Mapping[str, bytes], folder: Path) -> None:
    """Write the files of a candidate to its folder, in the place of an earlier one. Raises WriteError."""
    unfinished = folder.with_name(f".{folder.name}")
    current = folder
    try:
        remove(unfinished)
        for name, data in files.items():
            current = folder / name
            path = unfinished / name
            path.parent.mkdir(parents=True, exist_ok=True)
            path.write_bytes(data)
        remove(folder)
        unfinished.rename(folder)
    except OSError as error:
        raise write_error(current, error) from error


def take_away(folder: Path) -> None:
    """Remove the candidate of a document, if there is one; one that can't be removed stays: it is only in the way."""
    if not folder.parent.is_dir():
        return
    for path in (folder, folder.with_name(f".{folder.name}")):
        with suppress(OSError):
            remove(path)
    # The last one takes the empty folders with it.
    with suppress(OSError):
        folder.parent.rmdir()
        folder.parent.parent.rmdir()
