"""Joins the pieces of a delimited table: one row after the other, columns told by the heading."""

from __future__ import annotations

from collections import Counter
from collections.abc import Sequence

from extractors.joining.columns import ColumnMap, by_labels
from extractors.joining.groups import Part, squeeze
from extractors.model import Cell, JoinedCell, LogicalTable, Table


def join_delimited(parts: Sequence[Part]) -> LogicalTable:
    """One grid of all pieces, the fullest heading once at the top."""
    n_cols = max(part.table.n_cols for part in parts)
    fullest = max(parts, key=_heading_width)
    heading = _heading_texts(fullest.table)
    # The first heading stands at the top, unless a repeat of it shows more columns.
    heading_rows = fullest.repeated if fullest is not parts[0] else 0
    cells: list[JoinedCell] = []
    dropped: list[JoinedCell] = []
    offset = 0
    for part in parts:
        columns = _columns(part, heading, n_cols)
        repeated = max(part.repeated, heading_rows) if part is parts[0] else part.repeated
        for cell in part.table.cells:
            if part is fullest and cell.row + cell.row_span <= heading_rows:
                cells.append(_place(cell, columns, 0))
            elif cell.row + cell.row_span <= repeated:
                dropped.append(_place(cell, columns, 0))
            else:
                cells.append(_place(cell, columns, offset + (heading_rows if part is parts[0] else 0) - repeated))
        offset += part.table.n_rows - repeated + (heading_rows if part is parts[0] else 0)
    tables = tuple(part.table for part in parts)
    surplus = _surplus(parts, heading_rows)
    doubts = tuple(doubt for table in tables for doubt in table.doubts)
    return LogicalTable(tables, offset, n_cols, tuple(cells), tables[0].form, tuple(dropped), surplus, doubts)


def _surplus(parts: Sequence[Part], heading_rows: int) -> tuple[int, ...]:
    """For each row of the joined grid how many cells it has more than most rows of its page.

    Where rows end at their last filled cell, being shorter says nothing: no row of the table ends with a blank and
    several are shorter, or on this page one in five is.
    """
    surplus: list[int] = []
    blank_ends = sum(_blank_ends(part.table) for part in parts)
    short = sum(count < max(part.table.fields, default=0) for part in parts for count in part.table.fields)
    cut_all = blank_ends == 0 and short > 1
    for part in parts:
        fields = part.table.fields
        if not fields:
            return ()
        usual = Counter(fields).most_common(1)[0][0]
        ragged = cut_all or sum(count < usual for count in fields) * 5 > len(fields)
        first = max(part.repeated, heading_rows) if part is parts[0] else part.repeated
        rows = [0 if ragged and count < usual else count - usual for count in fields[first:]]
        surplus += [0] * (heading_rows if part is parts[0] else 0) + rows
    return tuple(surplus)


def _blank_ends(table: Table) -> int:
    """How many rows of a delimited table end with a blank cell that the source has."""
    texts = {(cell.row, cell.col): cell.text for cell in table.cells}
    return sum(not texts[row, count - 1] for row, count in enumerate(table.fields))


def _place(cell: Cell, columns: ColumnMap, offset: int) -> JoinedCell:
    col, last = columns[cell.col][0], columns[cell.col + cell.col_span - 1]
    span = last[0] + last[1] - col
    return JoinedCell(cell.text, cell.row + offset, col, cell.row_span, span, (cell.provenance,), cell.wraps)


def _heading_texts(table: Table) -> list[str]:
    """The first row's texts by column, without white space; trailing blanks are no columns of a delimited heading."""
    texts = [""] * table.n_cols
    for cell in table.cells:
        if cell.row == 0:
            texts[cell.col] = squeeze(cell.text)
    while texts and not texts[-1]:
        texts.pop()
    return texts


def _heading_width(part: Part) -> int:
    """How many columns a part's heading shows; none when no row below has as many cells: it is damaged itself."""
    width = len(_heading_texts(part.table))
    return width if width <= max(part.table.fields[1:], default=width) else 0


def _columns(part: Part, heading: Sequence[str], n_cols: int) -> ColumnMap:
    """Where the columns of a part stand in the joined grid; a part with as many columns as the grid keeps them."""
    table = part.table
    if table.n_cols == n_cols:
        return tuple((col, 1) for col in range(table.n_cols))
    return by_labels(_heading_texts(table), table.n_cols, heading, n_cols)
