"""A comparison as files: ``outputs/compare/<earlier>--<later>/`` with three CSV files and a page."""

from __future__ import annotations

import os
from collections.abc import Mapping, Sequence
from pathlib import Path

from normalizers.dataset_compare import COMPARISON_TABLES
from normalizers.tabulate import Row
from writers import compare_page
from writers.delimited import encode
from writers.errors import write_error

FOLDER = "compare"
#: Between the two document_ids in the name of a comparison's folder.
SEPARATOR = "--"
Tables = Mapping[str, Sequence[Row]]


def folder_of(outputs: Path, earlier_id: str, later_id: str) -> Path:
    """Where the comparison of two documents lies."""
    return outputs / FOLDER / f"{earlier_id}{SEPARATOR}{later_id}"


def render(earlier: Tables, later: Tables, tables: Tables) -> dict[str, bytes]:
    """The bytes of every file of a comparison, by name; the same input gives the same bytes."""
    files = {f"{table.name}.csv": encode(table.column_names, tables[table.name]) for table in COMPARISON_TABLES}
    files[compare_page.FILE] = compare_page.html(earlier, later, tables)
    return files


def write(folder: Path, files: Mapping[str, bytes]) -> None:
    """Put the files into the folder, each as a whole; those that are there already are left alone.

    Raises WriteError when one can't be written.
    """
    path = folder
    try:
        folder.mkdir(parents=True, exist_ok=True)
        for name, data in files.items():
            path = folder / name
            if not path.is_file() or path.read_bytes() != data:
                put(path, data)
    except OSError as error:
        raise write_error(path, error) from error


def put(path: Path, data: bytes) -> None:
    """Write a file so that a reader finds the old one or the new one, never half of it. Raises OSError."""
    unfinished = path.with_name(f".{path.name}.{os.getpid()}")
    try:
        unfinished.write_bytes(data)
        unfinished.replace(path)
    finally:
        unfinished.unlink(missing_ok=True)
