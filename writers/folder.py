"""What lies in a release's folder. Imports nothing heavy: a run that finds nothing to do comes here as well."""

from __future__ import annotations

import os
from collections.abc import Iterator, Mapping
from pathlib import Path

#: The folder of outputs that has the earlier releases.
HISTORY = "history"
#: Hidden files, and the locks that office programs leave beside an open workbook, are no part of a release.
_FOREIGN = (".", "~$")


def sizes(folder: Path) -> dict[str, int]:
    """The size in bytes of every file below a folder, by its name relative to it (``pages/0001.jpg``), sorted.

    Raises OSError when the folder is missing or can't be read.
    """
    return dict(sorted(_walk(os.fspath(folder), "")))


def has_sizes(folder: Path, wanted: Mapping[str, int]) -> bool:
    """Whether every file that is named is there with its size; others may lie beside them."""
    place = os.fspath(folder)
    try:
        # One look at each file, without objects for paths: thousands of releases are asked in a row.
        return all(os.stat(f"{place}/{name}").st_size == size for name, size in wanted.items())  # noqa: PTH116
    except OSError:
        return False


def _walk(folder: str, prefix: str) -> Iterator[tuple[str, int]]:
    with os.scandir(folder) as entries:
        for entry in entries:
            if entry.name.startswith(_FOREIGN):
                continue
            if entry.is_dir(follow_symlinks=False):
                yield from _walk(entry.path, f"{prefix}{entry.name}/")
            else:
                yield prefix + entry.name, entry.stat().st_size
