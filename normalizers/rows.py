"""The rows of a table, whatever its form."""

from __future__ import annotations

from extractors.model import LogicalTable
from normalizers.captions import Lines, captions_of
from normalizers.delimited import read_delimited
from normalizers.grid import Grid
from normalizers.headings import Heading
from normalizers.reference import ReadingRules, Reference
from normalizers.ruled import read_ruled


def read_grid(table: LogicalTable, heading: Heading, reference: Reference, rules: ReadingRules, lines: Lines) -> Grid:
    """The rows below the heading and the heading as it was understood; ``lines`` are those outside the tables."""
    captions = captions_of(table, heading.rows, lines)
    if table.form == "ruled":
        return read_ruled(table, heading, rules, captions)
    return read_delimited(table, heading, reference, rules, captions)
