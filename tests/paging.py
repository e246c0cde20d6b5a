"""Cuts a table into pages as typesetters do, for tests: what the joining has to undo.

A table is drawn as a list of cells with spans; its rows have heights, its texts lines of one height. The cutter knows
nothing of the joining.
"""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass, replace
from itertools import pairwise
from typing import Literal

from extractors.model import Bbox, Cell, Provenance, Table

LINE = 12.0
PADDING = 4.0
TOP = 60.0
LEFT = 50.0
WIDTH = 80.0

#: Where the text of a cell stands that a page break cuts: in the middle or at the top of its part on the first page,
#: in the middle of its whole height, on every page.
Mode = Literal["first", "top", "centre", "repeat"]


@dataclass(frozen=True)
class Drawn:
    """One cell of a drawn table; ``at`` is how far below its top the text stands (None: in the middle)."""

    text: str
    row: int
    col: int
    row_span: int = 1
    col_span: int = 1
    at: float | None = None

    @property
    def lines(self) -> list[str]:
        return self.text.split("\n")


@dataclass(frozen=True)
class Drawing:
    """A whole table: its heading, the cells below it, the height of each row below it."""

    heading: tuple[str, ...]
    cells: tuple[Drawn, ...]
    heights: tuple[float, ...]

    @property
    def n_cols(self) -> int:
        return len(self.heading)


def heights_for(cells: Sequence[Drawn], least: Sequence[float]) -> tuple[float, ...]:
    """Rows high enough for their texts: a merged cell's text makes its first row higher."""
    heights = list(least)
    for cell in cells:
        heights[cell.row] = max(heights[cell.row], len(cell.lines) * LINE + 2 * PADDING)
    return tuple(heights)


def cut_row(drawing: Drawing, row: int) -> Drawing:
    """The table with a row torn into two: the lines of its first cell into one and the rest, all other cells go on."""
    cells: list[Drawn] = []
    for cell in drawing.cells:
        if cell.row == row and cell.col == 0:
            first, rest = cell.text.split("\n", 1)
            cells += [replace(cell, text=first), replace(cell, text=rest, row=row + 1)]
        elif cell.row > row:
            cells.append(replace(cell, row=cell.row + 1))
        elif cell.row + cell.row_span > row:
            cells.append(replace(cell, row_span=cell.row_span + 1))
        else:
            cells.append(cell)
    heights = [*drawing.heights[: row + 1], *drawing.heights[row:]]
    return Drawing(drawing.heading, tuple(cells), tuple(heights))


def paged(drawing: Drawing, breaks: Sequence[int], mode: Mode, repeat_heading: bool = True) -> list[Table]:
    """The table on pages; ``breaks`` are the rows before which a page ends."""
    bounds = [0, *sorted(set(breaks)), len(drawing.heights)]
    tables = []
    for number, (first, last) in enumerate(pairwise(bounds), 1):
        heading = drawing.heading if number == 1 or repeat_heading else ()
        tables.append(_page(drawing, number, first, last, heading, mode))
    return tables


#: A cell of a column: its text, the rows it covers, how far below its top the text stands (None: in the middle).
Spec = str | tuple[str, int] | tuple[str, int, float | None]


def sheet(page: int, *columns: Sequence[Spec], heading: Sequence[str] = (), height: float = 40.0) -> Table:
    """One page of a table, given column by column; every row is of one height."""
    cells = [cell for col, column in enumerate(columns) for cell in _column(col, column)]
    rows = max(cell.row + cell.row_span for cell in cells)
    drawing = Drawing(tuple("" for _ in columns), tuple(cells), (height,) * rows)
    return _page(drawing, page, 0, rows, tuple(heading), "first")


def _column(col: int, column: Sequence[Spec]) -> list[Drawn]:
    cells: list[Drawn] = []
    for spec in column:
        text, rows, at = (spec, 1, None) if isinstance(spec, str) else (*spec, None)[:3]
        row = cells[-1].row + cells[-1].row_span if cells else 0
        cells.append(Drawn(text, row, col, rows, 1, at))
    return cells


def widened(table: Table, wide: dict[int, int], moved: float = 0.0) -> Table:
    """The table with some columns wider than others (how many times) and all of it moved to the right."""
    widths = [WIDTH * wide.get(col, 1) for col in range(table.n_cols)]
    edges = [LEFT + moved + sum(widths[:col]) for col in range(table.n_cols + 1)]

    def place(cell: Cell, box: Bbox) -> Bbox:
        return Bbox(edges[cell.col], box.top, edges[cell.col + cell.col_span], box.bottom)

    cells = [
        replace(
            cell,
            provenance=replace(cell.provenance, bbox=place(cell, cell.provenance.bbox)),
            ink=cell.ink and place(cell, cell.ink),
        )
        for cell in table.cells
        if cell.provenance.bbox
    ]
    return replace(table, cells=tuple(cells), columns=tuple(edges))


def plain(table: Table) -> Table:
    """The table as a format without geometry gives it."""
    cells = tuple(replace(cell, provenance=Provenance(table.page), ink=None) for cell in table.cells)
    return replace(table, cells=cells, columns=(), rows=())


def _page(drawing: Drawing, page: int, first: int, last: int, heading: tuple[str, ...], mode: Mode) -> Table:
    offset = 1 if heading else 0
    edges = [TOP, *([TOP + LINE + 2 * PADDING] if heading else [])]
    for height in drawing.heights[first:last]:
        edges.append(edges[-1] + height)
    columns = tuple(LEFT + WIDTH * col for col in range(drawing.n_cols + 1))

    def cell(text: str, row: int, end: int, col: int, span: int, at: float | None) -> Cell:
        box = Bbox(columns[col], edges[row], columns[col + span], edges[end])
        height = LINE * len(text.split("\n"))
        middle = box.top + (box.bottom - box.top - height) / 2 if at is None else edges[row] + at
        ink = Bbox(box.x0 + PADDING, middle, box.x1 - PADDING, middle + height) if text else None
        return Cell(text, row, col, end - row, span, Provenance(page, box), (), ink)

    cells = [cell(text, 0, 1, col, 1, None) for col, text in enumerate(heading)]
    for drawn in drawing.cells:
        start, end = max(drawn.row, first), min(drawn.row + drawn.row_span, last)
        if start < end:
            text, at = _part(drawing, drawn, start, end, mode)
            cells.append(cell(text, start - first + offset, end - first + offset, drawn.col, drawn.col_span, at))
    n_rows = last - first + offset
    return Table(page, n_rows, drawing.n_cols, tuple(cells), columns=columns, rows=tuple(edges))


def _part(drawing: Drawing, drawn: Drawn, start: int, end: int, mode: Mode) -> tuple[str, float | None]:
    """What a part of a cell says and how far below its top; None: in the middle."""
    whole = sum(drawing.heights[drawn.row : drawn.row + drawn.row_span])
    if end - start == drawn.row_span or mode == "repeat":
        return drawn.text, drawn.at
    if mode in ("first", "top"):
        return (drawn.text, PADDING if mode == "top" else None) if start == drawn.row else ("", None)
    above = sum(drawing.heights[drawn.row : start])
    height = sum(drawing.heights[start:end])
    top = (whole - LINE * len(drawn.lines)) / 2 - above
    places = [(top + LINE * at, line) for at, line in enumerate(drawn.lines)]
    inside = [(place, line) for place, line in places if 0 <= place + LINE / 2 < height]
    return "\n".join(line for _, line in inside), inside[0][0] if inside else None
