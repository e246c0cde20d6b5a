"""The releases before the last one: ``outputs/history/<year>/<document_id>/<number>/``, with their files as they were.

A release is put there *before* its successor takes its place, as links to the same files where the file system has
them: so there is no moment at which one of the two can't be read, and no file is written twice. What a killed run left
here is a release that is still the current one; :func:`forget` takes it away again.
"""

from __future__ import annotations

import os
import shutil
from contextlib import suppress
from pathlib import Path

from writers.folder import sizes
from writers.previous import release_no
from writers.swap import remove, swap, sync_directory

FOLDER = "history"


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
        sync_directory(folder)


def forget(current: Path, kept: Path) -> None:
    """Remove from ``kept`` what is not earlier than the current release: its successor never came. Raises OSError."""
    number = release_no(current) if kept.is_dir() else None
    for found in numbers(kept) if number is not None else ():
        if number is not None and found >= number:
            remove(kept / str(found))
            # The last one takes the empty folders with it.
            with suppress(OSError):
                kept.rmdir()


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
        sync_directory(folder)
