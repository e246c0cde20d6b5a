"""Cuts a table into pages as typesetters do, for tests: what the joining has to undo.

A table is drawn as a list of cells with spans; its rows have heights, its texts lines of one height. The cutter knows
nothing of the joining.
"""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass
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
    """One cell of a drawn table."""

    text: str
    row: int
    col: int
    row_span: int = 1
    col_span: int = 1

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


def paged(drawing: Drawing, breaks: Sequence[int], mode: Mode, repeat_heading: bool = True) -> list[Table]:
    """The table on pages; ``breaks`` are the rows before which a page ends."""
    bounds = [0, *sorted(set(breaks)), len(drawing.heights)]
    tables = []
    for number, (first, last) in enumerate(pairwise(bounds), 1):
        heading = drawing.heading if number == 1 or repeat_heading else ()
        tables.append(_page(drawing, number, first, last, heading, mode))
    return tables


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
        return drawn.text, None
    if mode in ("first", "top"):
        return (drawn.text, PADDING if mode == "top" else None) if start == drawn.row else ("", None)
    above = sum(drawing.heights[drawn.row : start])
    height = sum(drawing.heights[start:end])
    top = (whole - LINE * len(drawn.lines)) / 2 - above
    places = [(top + LINE * at, line) for at, line in enumerate(drawn.lines)]
    inside = [(place, line) for place, line in places if 0 <= place + LINE / 2 < height]
    return "\n".join(line for _, line in inside), inside[0][0] if inside else None
