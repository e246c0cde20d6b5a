"""The releases before the last one: ``outputs/history/<year>/<document_id>/<number>/``, with their files as they were.

A release is put there *before* its successor takes its place, as links to the same files where the file system has
them: so there is no moment at which one of the two can't be read, and no file is written twice. What a killed run left
here is a release that is still the current one; :func:`forget` takes it away again.
"""

from __future__ import annotations

import itertools
import os
import shutil
from contextlib import suppress
from pathlib import Path

from writers.errors import WriteError
from writers.folder import HISTORY, sizes
from writers.previous import last_row, release_no
from writers.swap import remove, swap, sync

FOLDER = HISTORY


def keep(current: Path, successor: Path, kept: Path, workshop: Path) -> None:
    """Put the current release into ``kept``, the folder of its document's earlier ones, if a new number comes.

    A successor with the same number has the same content: only its files are made in another way. ``workshop`` is an
    empty place on the same file system. Raises OSError; ``kept`` is then as before.
    """
    number, new = release_no(current), release_no(successor)
    if new is None or not current.is_dir():
        return
    if number is None:
        # Damaged. Its successor can't have a history that leads past it, so it is the one before.
        number = new - 1
    if not 1 <= number < new:
        return
    _link(current, workshop / "kept")
    kept.mkdir(parents=True, exist_ok=True)
    swap(workshop / "kept", kept / str(number), workshop / "replaced")
    for folder in (kept, *list(kept.parents)[:3]):
        sync(folder)


def put_away(current: Path, kept: Path, number: int) -> None:
    """Move the current release of a document, which has none any more, to its earlier ones. Raises OSError."""
    forget(current, kept)
    kept.mkdir(parents=True, exist_ok=True)
    current.rename(kept / str(number))
    for folder in (kept, *list(kept.parents)[:3], current.parent):
        sync(folder)
    # The last one takes the folder of its year with it.
    with suppress(OSError):
        current.parent.rmdir()


def forget(current: Path, kept: Path) -> None:
    """Remove the current release from ``kept``: its successor never came. Raises OSError.

    Others there that are not earlier than the current one are of a history that was lost with folder and database. They
    are the last of it, so all of ``kept`` is put aside, as ``<document_id>~1``, and the new history has room.
    """
    number = release_no(current) if kept.is_dir() else None
    later = [found for found in numbers(kept) if number is not None and found >= number]
    if not later:
        return
    if later == [number] and _hash(kept / str(number)) == _hash(current):
        remove(kept / str(number))
        # The last one takes the empty folders with it.
        with suppress(OSError):
            kept.rmdir()
        return
    aside = (kept.with_name(f"{kept.name}~{count}") for count in itertools.count(1))
    kept.rename(next(path for path in aside if not os.path.lexists(path)))


def _hash(folder: Path) -> str | None:
    """The hash of a release's content; None where it can't be told."""
    try:
        row = last_row(folder)
    except WriteError:
        return None
    return None if row is None else row["content_sha256"]


def numbers(kept: Path) -> list[int]:
    """The numbers of the releases that are kept in a folder, in order; none without the folder."""
    try:
        return sorted(int(path.name) for path in kept.iterdir() if path.name.isdecimal())
    except OSError:
        return []


def _link(source: Path, target: Path) -> None:
    """Make a folder with the same files."""
    folders = {target}
    target.mkdir(parents=True)
    for name in sizes(source):
        path = target / name
        path.parent.mkdir(parents=True, exist_ok=True)
        folders.update(parent for parent in path.parents if parent.is_relative_to(target))
        try:
            os.link(source / name, path)
        except OSError:
            # A file system without links, or with too many of one file.
            shutil.copyfile(source / name, path)
            with path.open("rb") as file:
                os.fsync(file.fileno())
    for folder in folders:
        sync(folder)
