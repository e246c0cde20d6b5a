"""A table of a page: its cells with their texts, and what reading it left in doubt."""

from __future__ import annotations

from dataclasses import dataclass, field, replace

from lxml import etree

from extractors.model import Cell, Doubt, LeftOut, Provenance, Table
from extractors.web.elements import is_hidden
from extractors.web.grid import MOST_SLOTS, Grid, grid_of
from extractors.web.texts import in_block, in_cell
from extractors.web.walk import Found, plain_text, walk


@dataclass(slots=True)
class ReadTable:
    """A table, the lines that stand above it, and what is not shown of it."""

    table: Table | None = None
    lines: list[str] = field(default_factory=list)
    left_out: list[LeftOut] = field(default_factory=list)

    def captioned(self, caption: str) -> Table:
        """The table with the lines above it."""
        assert self.table is not None
        return replace(self.table, caption=caption)


def read_table(element: etree._Element, number: int) -> ReadTable:
    """A table, the ``number``-th (from 1) of its page. None where it has no cell with text: its lines are all."""
    grid = grid_of(element)
    read = ReadTable()
    whole = Provenance(0, line=f"table {number}")
    for caption in element.iterchildren("caption"):
        read.lines += _lines(caption, read, whole)
    # Browsers move text that stands between cells before the table (WHATWG HTML, foster parenting).
    read.lines += [" ".join(text.split()) for text in grid.loose]
    read.left_out += [LeftOut(text, "hidden", whole) for gone in grid.gone if (text := plain_text(gone))]
    if grid.n_rows * grid.n_cols > MOST_SLOTS:
        read.lines += [line for cell in grid.elements for line in _lines(cell, read, whole)]
        return read
    cells: list[Cell] = []
    doubts: list[Doubt] = []
    for area in grid.areas:
        place = Provenance(0, line=f"table {number} row {area.row + 1} cell {area.col + 1}")
        text, wraps = _text(grid.elements[area.key], place, read, doubts) if area.key >= 0 else ("", ())
        if area.key in grid.cut:
            doubts.append(Doubt("damaged_spans", "the cell reaches into one that comes down from above", (place,)))
        cells.append(Cell(text, area.row, area.col, area.row_span, area.col_span, place, wraps))
    doubts += _uneven(grid, cells)
    if any(left.provenance == whole for left in read.left_out):
        doubts.append(
            Doubt("hidden_rows", "rows or cells of the table that hold text are hidden on the page", (whole,))
        )
    if any(cell.text for cell in cells):
        read.table = Table(0, grid.n_rows, grid.n_cols, tuple(cells), doubts=tuple(doubts))
    return read


def _text(
    element: etree._Element, place: Provenance, read: ReadTable, doubts: list[Doubt]
) -> tuple[str, tuple[int, ...]]:
    """The text of a cell and its wraps; what is in doubt about it is noted."""
    if is_hidden(element):
        read.left_out += [LeftOut(text, "hidden", place)] if (text := plain_text(element)) else []
        return "", ()
    found = Found()
    walk(element, found)
    for kind, text in found.left:
        if not text:
            continue
        if kind == "picture":
            doubts.append(Doubt("picture_in_cell", f"a picture stands in the cell: {text[:40]}", (place,)))
            continue
        read.left_out.append(LeftOut(text, "hidden", place))
        if kind == "struck":
            doubts.append(Doubt("struck_text", f"{text[:40]} is struck out and was left out", (place,)))
    return in_cell([line.strip(" \u00a0\u3000") for line in found.text.lines()])


def _lines(element: etree._Element, read: ReadTable, place: Provenance) -> list[str]:
    found = Found()
    walk(element, found)
    read.left_out += [LeftOut(text, "hidden", place) for kind, text in found.left if text and kind != "picture"]
    return [line for line in map(in_block, found.text.lines()) if line]


def _uneven(grid: Grid, cells: list[Cell]) -> list[Doubt]:
    """Rows that have fewer or more cells than most, so that cells may stand in the wrong columns."""
    detail = "the row has fewer or more cells than most, so that they may stand in the wrong columns"
    return [
        Doubt("uneven_row", detail, tuple(cell.provenance for cell in cells if cell.row == row and cell.text))
        for row in grid.uneven
    ]
