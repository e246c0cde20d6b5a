"""Putting a complete directory in the place of another, so that a reader finds the old one or the new one."""

from __future__ import annotations

import ctypes
import errno
import os
import shutil
from collections.abc import Callable
from pathlib import Path

#: Puts the directory ``new`` at ``target``; what stood there is then at ``new`` or ``old``, for the caller to remove.
Swap = Callable[[Path, Path, Path], None]

_AT_FDCWD = -100
_RENAME_EXCHANGE = 2
#: What a kernel or a file system answers that can't exchange two names.
_NOT_SUPPORTED = (errno.ENOSYS, errno.EINVAL, errno.ENOTSUP, errno.EPERM)


def swap(new: Path, target: Path, old: Path) -> None:
    """Put ``new`` at ``target`` in one step where the system can, in two renames where it can't."""
    if not os.path.lexists(target):
        new.rename(target)
    elif not exchange(new, target):
        swap_by_renames(new, target, old)


def swap_by_renames(new: Path, target: Path, old: Path) -> None:
    """Move ``target`` aside to ``old``, then ``new`` in. Killed in between, the old one waits at ``old``."""
    if os.path.lexists(target):
        target.rename(old)
    new.rename(target)


def exchange(left: Path, right: Path) -> bool:
    """Let two names trade places in one step (Linux ``renameat2``).

    False when the system or the file system doesn't know how; nothing has happened then.
    """
    try:
        renameat2 = ctypes.CDLL(None, use_errno=True).renameat2
    except (AttributeError, OSError):
        return False
    if renameat2(_AT_FDCWD, os.fsencode(left), _AT_FDCWD, os.fsencode(right), _RENAME_EXCHANGE) == 0:
        return True
    code = ctypes.get_errno()
    if code in _NOT_SUPPORTED:
        return False
    raise OSError(code, os.strerror(code), str(right))


def remove(path: Path) -> None:
    """Remove a file or a directory with all that is in it; it may be missing."""
    if path.is_dir() and not path.is_symlink():
        shutil.rmtree(path)
    else:
        path.unlink(missing_ok=True)


def sync(path: Path) -> None:
    """Make the content of a file, or the names in a directory, last through a power cut."""
    descriptor = os.open(path, os.O_RDONLY)
    try:
        os.fsync(descriptor)
    finally:
        os.close(descriptor)
