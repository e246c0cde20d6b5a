"""Reading a release's CSV files back, with nothing but the standard library: fast to start, and true to what is out."""

from __future__ import annotations

import csv
import re
from collections.abc import Iterator
from pathlib import Path

_YEAR = re.compile(r"\d{4}")


def rows(folder: Path, table: str) -> list[dict[str, str]]:
    """The rows of a table of the release in ``folder``, empty text for null; none where there is no such file.

    A release that an older version published has fewer tables and columns.
    """
    try:
        with (folder / f"{table}.csv").open(encoding="utf-8-sig", newline="") as file:
            return list(csv.DictReader(file))
    except (OSError, UnicodeDecodeError, csv.Error):
        return []


def release_folders(outputs: Path) -> Iterator[Path]:
    """Every release of an outputs folder, by year and document_id."""
    if not outputs.is_dir():
        return
    for year in sorted(path for path in outputs.iterdir() if _YEAR.fullmatch(path.name) and path.is_dir()):
        yield from sorted(path for path in year.iterdir() if (path / "documents.csv").is_file())
