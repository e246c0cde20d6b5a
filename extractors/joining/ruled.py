"""Joins the pieces of a ruled table into one grid: columns by position, cut cells and cut rows whole again."""

from __future__ import annotations

from collections.abc import Iterator, Sequence
from dataclasses import dataclass

from extractors.joining.bodies import Body, Placed
from extractors.joining.columns import ColumnMap, Edges, by_labels
from extractors.joining.groups import Group, Part, heading_rows, squeeze
from extractors.joining.lines import join_texts
from extractors.joining.seams import Chain, find_seams
from extractors.joining.signs import Signs
from extractors.model import Bbox, Cell, Doubt, JoinedCell, LogicalTable, Provenance, Table


@dataclass(frozen=True, slots=True)
class Grid:
    """The columns of the joined grid; ``lines`` are its vertical grid lines, none without geometry."""

    n_cols: int
    lines: tuple[float, ...]


def join_ruled(group: Group) -> LogicalTable:
    """One grid of all pieces of a group."""
    tables = tuple(part.table for part in group.parts)
    own_heading = heading_rows(group)
    parts = [Part(group.first, own_heading), *group.parts[1:]]
    top = max(parts, key=lambda part: (_labelled(part), part is parts[0]))
    maps, grid = _column_maps(parts, top, group.edges)
    heading: list[JoinedCell] = []
    dropped: list[JoinedCell] = []
    for part, places in zip(parts, maps, strict=True):
        kept = heading if part is top else dropped
        kept += [_single(_placed(c, places, 0, ()), 0) for c in part.table.cells if c.row + c.row_span <= part.repeated]
        if part is top:
            kept += [_single(blank, 0) for blank in _missing(part, True, places, grid)]
    bodies = _bodies(parts, maps, grid)
    signs = Signs(bodies)
    seams = find_seams(bodies, signs, grid.n_cols)
    offsets = [top.repeated]
    for at, body in enumerate(bodies):
        offsets.append(offsets[-1] + body.n_rows - (at in seams.cut_rows))
    cells = heading + _cells(bodies, seams.chains, offsets, signs)
    doubts = (*_unsettled(tables, seams.chains), *seams.doubts)
    return LogicalTable(tables, offsets[-1], grid.n_cols, tuple(cells), "ruled", tuple(dropped), (), doubts)


def _unsettled(tables: Sequence[Table], chains: Sequence[Chain]) -> Iterator[Doubt]:
    """The doubts of the pages, but for those that the next page settles.

    Text below the last ruling of a page belongs to the cell above it where that cell goes on behind the page break.
    """
    cut = {placed.cell.provenance for chain in chains for placed in chain.cells[:-1]}
    for table in tables:
        for doubt in table.doubts:
            if doubt.rule != "below_table" or not doubt.places or not cut.issuperset(doubt.places):
                yield doubt


def _labelled(part: Part) -> int:
    """How many columns the heading of a piece tells apart."""
    if not part.repeated:
        return 0
    return sum(c.row + c.row_span == part.repeated for c in part.table.cells if c.row + c.row_span <= part.repeated)


def _column_maps(parts: Sequence[Part], top: Part, edges: Edges) -> tuple[list[ColumnMap], Grid]:
    """For each piece where its columns stand in the joined grid, and that grid."""
    placed = [edges.place(part.table.columns) if part.table.columns else None for part in parts]
    placed = [at if at and len(at) == part.table.n_cols else None for at, part in zip(placed, parts, strict=True)]
    if placed[0] is None:
        placed = [None] * len(parts)
    lines = tuple(edges.positions) if placed[0] else ()
    own = max((part.table.n_cols for part, columns in zip(parts, placed, strict=True) if columns is None), default=0)
    n_cols = max(own, len(lines) - 1)
    if n_cols >= len(lines):
        lines = ()
    heading = _heading_texts(top.table, placed[parts.index(top)], n_cols)
    maps = [columns or _by_heading(part, heading, n_cols) for part, columns in zip(parts, placed, strict=True)]
    return maps, Grid(n_cols, lines)


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


def _bodies(parts: Sequence[Part], maps: Sequence[ColumnMap], grid: Grid) -> list[Body]:
    """The rows below the headings, piece by piece; a piece that is only a heading has none."""
    bodies = []
    for part, columns in zip(parts, maps, strict=True):
        below = part.repeated
        rows = part.table.rows
        cells = [_placed(cell, columns, below, rows) for cell in part.table.cells if cell.row >= below]
        if cells:
            bodies.append(
                Body(part.table.page, part.table.n_rows - below, cells + _missing(part, False, columns, grid))
            )
    if bodies:
        bodies[0].first = bodies[-1].last = True
    return bodies


def _placed(cell: Cell, columns: ColumnMap, below: int, edges: Sequence[float]) -> Placed:
    """A cell in the joined grid; its edges are those of its rows, else of its box."""
    last = columns[cell.col + cell.col_span - 1]
    row, end, box = cell.row - below, cell.row + cell.row_span, cell.provenance.bbox
    place = (columns[cell.col][0], last[0] + last[1], row, row + cell.row_span)
    if len(edges) > end:
        return Placed(cell, *place, edges[cell.row], edges[end])
    return Placed(cell, *place, box.top, box.bottom) if box else Placed(cell, *place)


def _missing(part: Part, heading: bool, columns: ColumnMap, grid: Grid) -> list[Placed]:
    """Blank cells where a page shows nothing of an outer column, from the heading to the foot or for the heading."""
    table, first = part.table, 0 if heading else part.repeated
    last = part.repeated if heading else table.n_rows
    blanks: list[Placed] = []
    if not columns:
        return blanks
    for col in (*range(columns[0][0]), *range(columns[-1][0] + columns[-1][1], grid.n_cols)):
        if first < last:
            box, edges = None, [table.rows[row] for row in (first, last) if row < len(table.rows)]
            if grid.lines and len(edges) == 2:
                box = Bbox(grid.lines[col], edges[0], grid.lines[col + 1], edges[1])
            place = Provenance(table.page, box, None, table.cells[0].provenance.engine)
            blanks.append(Placed(Cell("", first, 0, last - first, 1, place), col, col + 1, 0, last - first, *edges[:2]))
    return blanks


def _single(placed: Placed, offset: int) -> JoinedCell:
    cell = placed.cell
    rows, cols = placed.end_row - placed.row, placed.end_col - placed.col
    return JoinedCell(cell.text, placed.row + offset, placed.col, rows, cols, (cell.provenance,), cell.wraps)


def _cells(bodies: Sequence[Body], chains: Sequence[Chain], offsets: Sequence[int], signs: Signs) -> list[JoinedCell]:
    """All cells below the heading; a chain of parts is one cell and stands where its first part stands."""
    whole = {id(chain.cells[0]): chain for chain in chains}
    later = {id(placed) for chain in chains for placed in chain.cells[1:]}
    cells = []
    for at, body in enumerate(bodies):
        for placed in body.cells:
            if id(placed) in whole:
                cells.append(_chained(whole[id(placed)], offsets, signs))
            elif id(placed) not in later:
                cells.append(_single(placed, offsets[at]))
    return cells


def _chained(chain: Chain, offsets: Sequence[int], signs: Signs) -> JoinedCell:
    first, last = chain.cells[0], chain.cells[-1]
    row, end_row = first.row + offsets[chain.pieces[0]], last.end_row + offsets[chain.pieces[-1]]
    cells = [placed.cell for placed in chain.cells]
    text, wraps = join_texts(cells, lambda: signs.capacity(first))
    places = tuple(cell.provenance for cell in cells)
    return JoinedCell(text, row, first.col, end_row - row, first.end_col - first.col, places, wraps)
