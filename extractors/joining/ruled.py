"""Joins the pieces of a ruled table into one grid: columns by position, cut cells and cut rows whole again."""

from __future__ import annotations

from collections.abc import Callable, Sequence

from extractors.joining.bodies import Body, Placed
from extractors.joining.columns import ColumnMap, Edges, by_labels
from extractors.joining.groups import Group, Part, heading_rows, squeeze
from extractors.joining.lines import join_texts, longest_line
from extractors.joining.seams import Chain, find_seams
from extractors.model import Cell, JoinedCell, LogicalTable, Table


def join_ruled(group: Group) -> LogicalTable:
    """One grid of all pieces of a group."""
    tables = tuple(part.table for part in group.parts)
    own_heading = heading_rows(group)
    parts = [Part(group.first, own_heading), *group.parts[1:]]
    top = max(parts, key=lambda part: (_labelled(part), part is parts[0]))
    maps, n_cols = _column_maps(parts, top, group.edges)
    heading: list[JoinedCell] = []
    dropped: list[JoinedCell] = []
    for part, columns in zip(parts, maps, strict=True):
        kept = heading if part is top else dropped
        kept += [_single(_placed(c, columns, 0), 0) for c in part.table.cells if c.row + c.row_span <= part.repeated]
    bodies = _bodies(parts, maps)
    seams = find_seams(bodies, n_cols)
    offsets = [top.repeated]
    for at, body in enumerate(bodies):
        offsets.append(offsets[-1] + body.n_rows - (at in seams.cut_rows))
    cells = heading + _cells(bodies, seams.chains, offsets)
    doubts = (*(doubt for table in tables for doubt in table.doubts), *seams.doubts)
    return LogicalTable(tables, offsets[-1], n_cols, tuple(cells), "ruled", tuple(dropped), (), doubts)


def _labelled(part: Part) -> int:
    """How many columns the heading of a piece tells apart."""
    if not part.repeated:
        return 0
    return sum(c.row + c.row_span == part.repeated for c in part.table.cells if c.row + c.row_span <= part.repeated)


def _column_maps(parts: Sequence[Part], top: Part, edges: Edges) -> tuple[list[ColumnMap], int]:
    """For each piece where its columns stand in the joined grid, and the number of columns of that."""
    placed = [edges.place(part.table.columns) if part.table.columns else None for part in parts]
    if placed[0] is None:
        placed = [None] * len(parts)
    n_cols = len(edges.positions) - 1 if placed[0] else max(part.table.n_cols for part in parts)
    if all(placed):
        return [columns for columns in placed if columns], n_cols
    n_cols = max(n_cols, *(part.table.n_cols for part in parts))
    heading = _heading_texts(top.table, placed[parts.index(top)], n_cols)
    return [columns or _by_heading(part, heading, n_cols) for part, columns in zip(parts, placed, strict=True)], n_cols


def _by_heading(part: Part, heading: Sequence[str], n_cols: int) -> ColumnMap:
    n_own = part.table.n_cols
    if n_own == n_cols:
        return tuple((col, 1) for col in range(n_own))
    labels = _heading_texts(part.table, None, n_own) if part.repeated else []
    return by_labels(labels, n_own, heading, n_cols)


def _heading_texts(table: Table, columns: ColumnMap | None, n_cols: int) -> list[str]:
    """The first row's texts by column of the joined grid, without white space."""
    texts = [""] * n_cols
    for cell in table.cells:
        if cell.row == 0:
            texts[columns[cell.col][0] if columns else cell.col] = squeeze(cell.text)
    return texts


def _bodies(parts: Sequence[Part], maps: Sequence[ColumnMap]) -> list[Body]:
    """The rows below the headings, piece by piece; a piece that is only a heading has none."""
    bodies = []
    for part, columns in zip(parts, maps, strict=True):
        below = part.repeated
        cells = [_placed(cell, columns, below) for cell in part.table.cells if cell.row >= below]
        if cells:
            bodies.append(Body(part.table.n_rows - below, cells))
    if bodies:
        bodies[0].first = bodies[-1].last = True
    return bodies


def _placed(cell: Cell, columns: ColumnMap, below: int) -> Placed:
    last = columns[cell.col + cell.col_span - 1]
    row = cell.row - below
    return Placed(cell, columns[cell.col][0], last[0] + last[1], row, row + cell.row_span)


def _single(placed: Placed, offset: int) -> JoinedCell:
    cell = placed.cell
    rows, cols = placed.end_row - placed.row, placed.end_col - placed.col
    return JoinedCell(cell.text, placed.row + offset, placed.col, rows, cols, (cell.provenance,), cell.wraps)


def _cells(bodies: Sequence[Body], chains: Sequence[Chain], offsets: Sequence[int]) -> list[JoinedCell]:
    """All cells below the heading; a chain of parts is one cell and stands where its first part stands."""
    capacity = _capacity(bodies)
    whole = {id(chain.cells[0]): chain for chain in chains}
    later = {id(placed) for chain in chains for placed in chain.cells[1:]}
    cells = []
    for at, body in enumerate(bodies):
        for placed in body.cells:
            if id(placed) in whole:
                cells.append(_chained(whole[id(placed)], offsets, capacity))
            elif id(placed) not in later:
                cells.append(_single(placed, offsets[at]))
    return cells


def _chained(chain: Chain, offsets: Sequence[int], capacity: Callable[[int, int], int]) -> JoinedCell:
    first, last = chain.cells[0], chain.cells[-1]
    row, end_row = first.row + offsets[chain.pieces[0]], last.end_row + offsets[chain.pieces[-1]]
    cells = [placed.cell for placed in chain.cells]
    text, wraps = join_texts(cells, lambda: capacity(first.col, first.end_col))
    places = tuple(cell.provenance for cell in cells)
    return JoinedCell(text, row, first.col, end_row - row, first.end_col - first.col, places, wraps)


def _capacity(bodies: Sequence[Body]) -> Callable[[int, int], int]:
    """How much a line of a column holds: the longest one seen in it."""
    known: dict[tuple[int, int], int] = {}

    def capacity(col: int, end_col: int) -> int:
        if (col, end_col) not in known:
            own = (p.cell for body in bodies for p in body.cells if (p.col, p.end_col) == (col, end_col))
            known[col, end_col] = longest_line(own)
        return known[col, end_col]

    return capacity
