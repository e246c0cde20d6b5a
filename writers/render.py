"""A release as the files that are published: one writer for each kind of file."""

from __future__ import annotations

from collections.abc import Mapping
from typing import Protocol

from extractors import collection
from writers.release import Release


class Writer(Protocol):
    """Turns a release into one or more files.

    A writer touches no disk: it returns the bytes of each file by its name, so that what is published can be compared
    before anything is written. ``files`` are those of the writers before it, for one that describes them.
    """

    def __call__(self, release: Release, files: Mapping[str, bytes], /) -> Mapping[str, bytes]:
        """The bytes of each file, by name."""


def writers() -> tuple[Writer, ...]:
    """Every writer, in the order in which they run. A new kind of file is added here.

    Their modules are imported only now: pyarrow and XlsxWriter are slow to start, and a run that finds nothing to
    publish needs neither.
    """
    from writers import delimited, jsonl, package, parquet, workbook  # noqa: PLC0415
    from writers.report import page  # noqa: PLC0415

    return delimited.write, parquet.write, jsonl.write, workbook.write, package.write, page.write


def render(release: Release) -> dict[str, bytes]:
    """The bytes of every file of the release, by name. The same release gives the same bytes."""
    files: dict[str, bytes] = {}
    # A workbook is a hundred thousand objects: looking for garbage there takes a third of its time.
    with collection.paused():
        for write in writers():
            files.update(write(release, files))
    return files
