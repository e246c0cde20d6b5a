"""Single tables of a published release, read from its folder as they were written."""

from __future__ import annotations

import csv
from collections.abc import Callable, Iterable, Mapping
from functools import cache
from pathlib import Path
from typing import Any

from normalizers.dataset import table
from normalizers.tabulate import Row
from writers.delimited import ENCODING
from writers.errors import WriteError

_TYPES: Mapping[str, Callable[[str], Any]] = {"string": str, "integer": int, "number": float}


def folder_of(outputs: Path, document_id: str) -> Path:
    """Where the release of a document lies; WriteError with the documents that there are when there is none."""
    parts = document_id.split("-")
    folder = outputs / (parts[1] if len(parts) > 1 else "") / document_id
    if (folder / "documents.csv").is_file():
        return folder
    known = sorted(path.parent.name for path in outputs.glob("[0-9]*/*/documents.csv"))
    advice = (
        f"Published are: {', '.join(known[:20])}{' ...' if len(known) > 20 else ''}." if known else "Ingest it first."
    )
    raise WriteError(folder, f"no release of {document_id} lies in {outputs}", advice)


def read(folder: Path, names: Iterable[str]) -> dict[str, list[Row]]:
    """The rows of the tables named, with null for what is empty.

    Raises WriteError when a file is missing, damaged, or was made by another version.
    """
    return {name: _rows(folder / f"{name}.csv", name) for name in names}


def _rows(path: Path, name: str) -> list[Row]:
    types = _types(name)
    try:
        with path.open(encoding=ENCODING, newline="") as file:
            lines = csv.reader(file)
            header = next(lines, [])
            if missing := types.keys() - set(header):
                raise ValueError(f"it has no column {min(missing)}")
            readers = [(column, index, types[column]) for index, column in enumerate(header) if column in types]
            return [
                {column: read(line[index]) if line[index] else None for column, index, read in readers}
                for line in lines
            ]
    except (OSError, ValueError, IndexError, csv.Error) as error:
        problem = f"can't be read as the table {name} of a release ({error})"
        raise WriteError(path, problem, "Run fenjie ingest, which makes it again.") from error


@cache
def _types(name: str) -> dict[str, Callable[[str], Any]]:
    return {column.name: _TYPES[column.type] for column in table(name).columns}
