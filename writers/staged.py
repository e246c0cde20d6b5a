"""The files of a release in a folder where nobody reads them yet, written for good.

Whoever makes a release may do that part of the work, on whatever process or machine; to publish it is to rename a
folder then.
"""

from __future__ import annotations

from collections.abc import Iterator, Mapping
from pathlib import Path

from writers.errors import write_error
from writers.folder import sizes
from writers.swap import sync


class Staged(Mapping[str, bytes]):
    """The files of a release by name, read from their folder when they are asked for."""

    def __init__(self, folder: Path) -> None:
        """Take a folder that :func:`stage` wrote. Raises OSError when it is gone."""
        self._folder = folder
        self._sizes = sizes(folder)

    def __getitem__(self, name: str) -> bytes:
        if name not in self._sizes:
            raise KeyError(name)
        return (self._folder / name).read_bytes()

    def __iter__(self) -> Iterator[str]:
        return iter(self._sizes)

    def __len__(self) -> int:
        return len(self._sizes)

    @property
    def sizes(self) -> Mapping[str, int]:
        """The size of each file in bytes, by name."""
        return self._sizes

    def move(self, directory: Path) -> bool:
        """Make the folder ``directory``; False where that is not possible, as between two file systems.

        Raises OSError when the folder to move it to can't be made.
        """
        directory.parent.mkdir(parents=True)
        try:
            self._folder.rename(directory)
        except OSError:
            directory.parent.rmdir()
            return False
        return True


def stage(files: Mapping[str, bytes], directory: Path, target: Path | None = None) -> None:
    """Write the files to a new directory, for good; a name may lead into folders (``pages/0001.jpg``).

    Raises WriteError, which names the file as it would be called in ``target``, and ValueError for a name that leads
    out of the directory.
    """
    target = current = target or directory
    folders = {directory}
    try:
        directory.mkdir(parents=True)
        for name, data in files.items():
            current, path = target / name, directory / name
            if not path.parent.is_relative_to(directory) or ".." in path.parts:
                raise ValueError(f"{name} would lie outside of its release")
            if path.parent not in folders:
                path.parent.mkdir(parents=True, exist_ok=True)
                folders.update(parent for parent in path.parents if parent.is_relative_to(directory))
            with path.open("xb") as file:
                file.write(data)
        # All are written before the first is made to last: what the file system has to do for it is done for all.
        for name in files:
            current = target / name
            sync(directory / name)
        for folder in folders:
            sync(folder)
    except OSError as error:
        raise write_error(current, error) from error
