"""Publishing a release: all of its files at once, or none.

The files are made in ``outputs/.staging`` and the finished directory is swapped in at ``outputs/<year>/<document_id>``.
That directory belongs to the release: whatever else lies in it goes when a new release comes. Publishers lock the
staging area, and the system frees the lock of one that dies; so what is found there under the lock is always a
leftover, never the work of a live process. The release that is replaced is kept (:mod:`writers.archive`) when the new
one has another number.
"""

from __future__ import annotations

import fcntl
import os
import time
from collections.abc import Iterator, Mapping
from contextlib import contextmanager, suppress
from pathlib import Path

from writers import archive
from writers.errors import WriteError, write_error
from writers.folder import sizes
from writers.release import Release
from writers.render import render
from writers.staged import Staged, stage
from writers.swap import Swap, remove, swap, sync

STAGING = ".staging"
_NEW, _OLD = "new", "old"
_LOCK = "lock"
_PATIENCE = 60.0
_PAUSE = 0.05


def publish(release: Release, outputs: Path, swap_in: Swap = swap) -> bool:
    """Write the files of a release to ``outputs/<year>/<document_id>/``; False when they already stand there.

    A process killed at any point leaves the old release or the new one. ``swap_in`` puts the finished directory in
    its place; with ``swap_by_renames`` a killed process may leave none, until :func:`recover` or the next publishing.
    Raises WriteError when a file can't be written; the old release is then untouched.
    """
    return publish_files(render(release), Path(str(release.year)) / release.document_id, outputs, swap_in)


def publish_files(files: Mapping[str, bytes], place: Path, outputs: Path, swap_in: Swap = swap) -> bool:
    """The same as :func:`publish` for a release that was rendered before: its files by name.

    ``place`` is ``<year>/<document_id>``. A name may lead into folders (``pages/0001.jpg``). Files that are
    :class:`~writers.staged.Staged` on the same file system are moved there, and can't be used afterwards.
    """
    target = outputs / place
    staging = outputs / STAGING / place
    # Nothing may be written for a release that is there already, also not a lock.
    if not os.path.lexists(staging) and _holds(target, files):
        return False
    kept = outputs / archive.FOLDER / place
    with _locked(outputs):
        _put_right(staging, target, kept)
        if _holds(target, files):
            return False
        try:
            _stage(staging / _NEW, target, files)
            _keep(staging, target, kept)
            _swap_in(staging, target, swap_in)
        finally:
            # What can't be put right now is put right by the next run.
            with suppress(WriteError):
                _put_right(staging, target, kept)
    return True


def recover(outputs: Path) -> None:
    """Undo what killed runs left behind: restore a release that was moved aside, remove unfinished files.

    To be called before the outputs are read. Waits for publishers that are alive. Raises WriteError.
    """
    staging = outputs / STAGING
    leftovers = [path for path in staging.glob("*/*") if path.is_dir()] if staging.is_dir() else []
    if not leftovers:
        return
    with _locked(outputs):
        for leftover in leftovers:
            place = leftover.relative_to(staging)
            _put_right(leftover, outputs / place, outputs / archive.FOLDER / place)


def _holds(target: Path, files: Mapping[str, bytes]) -> bool:
    """Whether the directory has exactly these files. Hidden files and Excel's locks (~$) don't count."""
    try:
        wanted = files.sizes if isinstance(files, Staged) else {name: len(data) for name, data in files.items()}
        return sizes(target) == wanted and all((target / name).read_bytes() == files[name] for name in files)
    except OSError:
        return False


def _stage(directory: Path, target: Path, files: Mapping[str, bytes]) -> None:
    """Put the files into a new directory, for good; an error names the file as it would be called in the end."""
    try:
        if isinstance(files, Staged) and files.move(directory):
            return
    except OSError as error:
        raise write_error(target, error) from error
    stage(files, directory, target)


def _keep(staging: Path, target: Path, kept: Path) -> None:
    try:
        archive.keep(target, staging / _NEW, kept, staging)
    except OSError as error:
        raise write_error(kept, error) from error


def _swap_in(staging: Path, target: Path, swap_in: Swap) -> None:
    try:
        if not target.parent.is_dir():
            target.parent.mkdir()
            sync(target.parent.parent)
        swap_in(staging / _NEW, target, staging / _OLD)
        sync(target.parent)
    except OSError as error:
        raise write_error(target, error) from error


def _put_right(staging: Path, target: Path, kept: Path) -> None:
    """Restore the old release if it was moved aside and no new one came, and remove what else is left over."""
    if not os.path.lexists(staging):
        return
    try:
        if not os.path.lexists(target) and (staging / _OLD).is_dir():
            (staging / _OLD).rename(target)
            sync(target.parent)
        archive.forget(target, kept)
        remove(staging)
    except OSError as error:
        raise write_error(target, error) from error


@contextmanager
def _locked(outputs: Path) -> Iterator[None]:
    """Hold the lock on the staging area of an outputs directory; both are made when they are missing."""
    staging = outputs / STAGING
    try:
        staging.mkdir(parents=True, exist_ok=True)
        ignore = staging / ".gitignore"
        if not ignore.exists():
            ignore.write_text("*\n", encoding="utf-8")
        descriptor = os.open(staging / _LOCK, os.O_RDWR | os.O_CREAT, 0o666)
    except OSError as error:
        raise write_error(outputs, error) from error
    try:
        _acquire(descriptor, staging / _LOCK)
        yield
    finally:
        os.close(descriptor)


def _acquire(descriptor: int, path: Path) -> None:
    """Wait for the lock; closing the descriptor or dying frees it."""
    deadline = time.monotonic() + _PATIENCE
    while True:
        try:
            fcntl.flock(descriptor, fcntl.LOCK_EX | fcntl.LOCK_NB)
            return
        except BlockingIOError:
            if time.monotonic() > deadline:
                raise WriteError(
                    path,
                    f"another fenjie has been publishing for more than {_PATIENCE:.0f} seconds",
                    "Wait until it has finished, or stop it, and run again.",
                ) from None
        except OSError as error:
            raise write_error(path, error) from error
        time.sleep(_PAUSE)
