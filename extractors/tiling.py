"""Cells that say how far they reach, made to tile a grid: what overlaps is cut, what is bare is filled up."""

from __future__ import annotations

from bisect import bisect_left
from collections.abc import Sequence
from dataclasses import dataclass, replace


@dataclass(frozen=True, slots=True)
class Area:
    """Rows and columns (from 0) that a cell takes; ``key`` is whatever the reader knows the cell by."""

    row: int
    col: int
    row_span: int
    col_span: int
    key: int


def without_bare_rows(areas: Sequence[Area]) -> tuple[list[Area], list[int]]:
    """The areas without the rows in which none begins, and the numbers that the rows had.

    A row in which no cell begins is not seen: the cells from above reach over it, and browsers give it no height.
    """
    rows = sorted({area.row for area in areas})
    kept = []
    for area in areas:
        first = bisect_left(rows, area.row)
        span = bisect_left(rows, area.row + area.row_span) - first
        kept.append(replace(area, row=first, row_span=span))
    return kept, rows


def bare_slots(areas: Sequence[Area], n_rows: int, n_cols: int) -> list[tuple[int, int]]:
    """The slots (row, column) of the grid that no area covers."""
    taken = {
        (row, col)
        for area in areas
        for row in range(area.row, area.row + area.row_span)
        for col in range(area.col, area.col + area.col_span)
    }
    if len(taken) == n_rows * n_cols:
        return []
    return [(row, col) for row in range(n_rows) for col in range(n_cols) if (row, col) not in taken]
