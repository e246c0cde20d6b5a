"""The rows of a table, whatever its form."""

from __future__ import annotations

from extractors.model import LogicalTable
from normalizers.delimited import read_delimited
from normalizers.grid import Grid
from normalizers.headings import Heading
from normalizers.reference import ReadingRules, Reference
from normalizers.ruled import read_ruled


def read_grid(table: LogicalTable, heading: Heading, reference: Reference, rules: ReadingRules) -> Grid:
    """The rows below the heading and the heading as it was understood."""
    if table.form == "ruled":
        return read_ruled(table, heading, rules)
    return read_delimited(table, heading, reference, rules)
