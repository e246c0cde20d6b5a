"""Joins physical tables over pages into logical ones.

Nothing is known here about responsibility tables: only what holds for tables in general.
"""

from __future__ import annotations

from collections.abc import Sequence

from extractors.joining.delimited import join_delimited
from extractors.joining.groups import group_tables
from extractors.joining.ruled import join_ruled
from extractors.model import LogicalTable, Table


def stitch(tables: Sequence[Table]) -> list[LogicalTable]:
    """The logical tables, in the order in which they begin. Every cell is in one, as a cell or as dropped."""
    return [
        join_delimited(group.parts) if group.first.form == "delimited" else join_ruled(group)
        for group in group_tables(tables)
    ]
