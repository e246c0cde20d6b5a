"""CSV: one file for each table, for programs and for a quick look in Excel.

UTF-8 with a byte order mark (without it Excel takes the bytes for GB18030 and shows rubbish), lines ended by CRLF as
RFC 4180 wants, English column names, nothing between the commas for null.

A text that begins with ``=``, ``+``, ``-`` or ``@`` is written as it stands. The usual guards against a spreadsheet
taking it for a formula (an apostrophe or a tab before it) change the data for every other reader, and quotes don't
help. A person opens ``dataset.xlsx``, where every text is stored as text and nothing is ever a formula.
"""

from __future__ import annotations

import csv
import io
from collections.abc import Iterable, Mapping, Sequence
from typing import Any

from normalizers.dataset import PUBLISHED
from normalizers.tabulate import Row
from writers.release import Release

ENCODING = "utf-8-sig"
LINE_TERMINATOR = "\r\n"


def encode(columns: Sequence[str], rows: Iterable[Row]) -> bytes:
    """The rows as one CSV file with a heading line; null is empty, a list is joined by 、."""
    text = io.StringIO(newline="")
    writer = csv.writer(text, lineterminator=LINE_TERMINATOR)
    writer.writerow(columns)
    writer.writerows([_cell(row[name]) for name in columns] for row in rows)
    return text.getvalue().encode(ENCODING)


def write(release: Release, _files: Mapping[str, bytes]) -> dict[str, bytes]:
    """``<table>.csv`` for every table of a release."""
    return {f"{table.name}.csv": encode(table.column_names, release.tables[table.name]) for table in PUBLISHED}


def _cell(value: Any) -> Any:
    return "、".join(value) if isinstance(value, list) else value
