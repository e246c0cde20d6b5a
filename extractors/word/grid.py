"""Puts the rows of a Word table on one grid. Its cells tile it whatever the file says.

Word draws each row by itself: the file may give rows of unequal numbers of columns, cells that go on with nothing, and
grid lines a hair apart. Where the rows agree on the number of columns their spans say where cells stand, else the
widths of the cells do.
"""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass, field
from itertools import accumulate, pairwise

from extractors.word.content import CellNode, RowNode, TableNode

#: Grid lines that are no farther apart are one, in twips: no cell is as narrow as 1.5 mm.
_APART = 80
#: Cells may differ so far from what the grid says for them, in twips and in parts, and so many of them by more.
_OFF, _OFF_SHARE, _LIARS = 120, 0.1, 0.1
_TWIPS = 20


@dataclass(slots=True)
class Placed:
    """A cell on the grid. ``nodes`` are the file's own: the first says the text, the others are merged into it.

    None at all: the row leaves these columns free. ``broken``: it should go on with a cell above, where none is.
    """

    row: int
    col: int
    row_span: int
    col_span: int
    nodes: list[CellNode] = field(default_factory=list)
    broken: bool = False


@dataclass(slots=True)
class Placement:
    """A table on its grid; ``columns`` are the grid lines in points, none where the file doesn't say them reliably."""

    n_rows: int
    n_cols: int
    cells: list[Placed]
    columns: tuple[float, ...] = ()


@dataclass(slots=True)
class _Slot:
    """The place of a cell in its row, and the cells that are merged into it from the right."""

    start: int
    end: int
    nodes: list[CellNode]


_Rows = list[list[_Slot]]


def place(table: TableNode) -> Placement:
    """The cells of a table on its grid."""
    by_spans = [_by_spans(row) for row in table.rows]
    ends = [(row[-1].end if row else 0) + node.after for row, node in zip(by_spans, table.rows, strict=True)]
    agree = len(set(ends)) <= 1
    lines = [0, *accumulate(table.grid)]
    reliable = agree and bool(ends) and len(lines) == ends[0] + 1 and _is_reliable(by_spans, lines)
    found: tuple[_Rows, list[int]] | None = None
    if reliable:
        found = _snapped(_at_lines(by_spans, lines), _APART)
    elif not agree and (by_widths := _by_widths(table, lines)) is not None:
        found = _snapped(by_widths, _APART)
    rows, points = found or _snapped(by_spans, 0) or (by_spans, [])
    n_cols = max((row[-1].end for row in rows if row), default=0)
    columns = tuple(round(point / _TWIPS, 2) for point in points) if found else ()
    return Placement(len(rows), n_cols, _merged(rows, n_cols), columns)


def _by_spans(row: RowNode) -> list[_Slot]:
    """The cells of a row by the columns of the grid that they span."""
    slots: list[_Slot] = []
    at = row.before
    for node in row.cells:
        if node.across == "continue" and slots:
            slots[-1].end += node.span
            slots[-1].nodes.append(node)
        else:
            slots.append(_Slot(at, at + node.span, [node]))
        at += node.span
    return slots


def _is_reliable(rows: _Rows, lines: Sequence[int]) -> bool:
    """Whether the grid has the columns' widths: no column has none, and the cells are as wide as they should be."""
    if any(a >= b for a, b in pairwise(lines)):
        return False
    checked = wrong = 0
    for row in rows:
        for slot in row:
            width = sum(node.width for node in slot.nodes)
            if all(node.width for node in slot.nodes):
                expected = lines[slot.end] - lines[slot.start]
                checked += 1
                wrong += abs(width - expected) > max(_OFF, _OFF_SHARE * expected)
    return wrong <= _LIARS * checked


def _at_lines(rows: _Rows, lines: Sequence[int]) -> _Rows:
    return [[_Slot(lines[slot.start], lines[slot.end], slot.nodes) for slot in row] for row in rows]


def _by_widths(table: TableNode, lines: Sequence[int]) -> _Rows | None:
    """The cells by their widths; None where the file doesn't say them all."""
    rows = []
    for row in table.rows:
        before = row.before_width or (lines[row.before] if row.before < len(lines) else 0)
        if (row.before and not before) or not all(node.width for node in row.cells):
            return None
        slots: list[_Slot] = []
        at = before
        for node in row.cells:
            if node.across == "continue" and slots:
                slots[-1].end += node.width
                slots[-1].nodes.append(node)
            else:
                slots.append(_Slot(at, at + node.width, [node]))
            at += node.width
        rows.append(slots)
    return rows


def _snapped(rows: _Rows, apart: int) -> tuple[_Rows, list[int]] | None:
    """The rows with their edges numbered, and where the edges are; None where a cell would vanish between two."""
    edges = sorted({edge for row in rows for slot in row for edge in (slot.start, slot.end)})
    index: dict[int, int] = {}
    first: list[int] = []
    for edge in edges:
        if not first or edge - first[-1] > apart:
            first.append(edge)
        index[edge] = len(first) - 1
    found = [[_Slot(index[slot.start], index[slot.end], slot.nodes) for slot in row] for row in rows]
    if any(slot.start >= slot.end for row in found for slot in row):
        return None
    return found, first


def _merged(rows: _Rows, n_cols: int) -> list[Placed]:
    """The cells, those that go on from row to row as one, and blank ones where a row leaves columns free."""
    cells: list[Placed] = []
    above: dict[int, Placed] = {}
    for at, row in enumerate(rows):
        here: dict[int, Placed] = {}
        end = 0
        for number, slot in enumerate(row):
            if slot.start < end:
                continue  # taken into the cell above together with the one before
            if slot.start > end:
                cells.append(Placed(at, end, 1, slot.start - end))
            end = slot.end
            goes_on = slot.nodes[0].down == "continue"
            owner = above.get(slot.start) if goes_on else None
            run = _run(row, number, owner.col + owner.col_span) if owner else None
            if owner is not None and run is not None:
                owner.row_span += 1
                owner.nodes += [node for part in run for node in part.nodes]
                end = run[-1].end
                here[owner.col] = owner
                continue
            placed = Placed(at, slot.start, 1, slot.end - slot.start, slot.nodes, goes_on)
            cells.append(placed)
            if slot.nodes[0].down:
                here[placed.col] = placed
        if end < n_cols:
            cells.append(Placed(at, end, 1, n_cols - end))
        above = here
    return cells


def _run(row: Sequence[_Slot], first: int, end: int) -> list[_Slot] | None:
    """The cells from ``first`` to a grid line, all of which go on from above; None where they don't end there."""
    run: list[_Slot] = []
    for slot in row[first:]:
        if slot.nodes[0].down != "continue" or (run and slot.start != run[-1].end):
            return None
        run.append(slot)
        if slot.end >= end:
            return run if slot.end == end else None
    return None
