"""Random tables, drawn in all the ways in which tables are ruled and pages are turned, are read as they were drawn."""

from __future__ import annotations

from dataclasses import replace
from pathlib import Path

from hypothesis import event, given, settings
from random_page import Box, Sheet, displayed, draw_pages, fit, sheets
from random_rulings import Style, reaches, styles
from random_table import DrawnTable, Shape, make_table, shapes

from extractors.model import Table, tiles
from extractors.pdf.reader import read

#: A drawn line may be half a point off its place; boxes and double lines are a bit apart.
_NEAR = 2.0


def expected(table: DrawnTable) -> dict[tuple[int, int, int, int], str]:
    return {cell.slot: cell.text for cell in table.cells}


def found(table: Table) -> dict[tuple[int, int, int, int], str]:
    return {(c.row, c.col, c.row_span, c.col_span): "".join(c.text.split()) for c in table.cells}


def box_of(table: Table, slot: tuple[int, int, int, int]) -> Box:
    (cell,) = [c for c in table.cells if (c.row, c.col, c.row_span, c.col_span) == slot]
    box = cell.provenance.bbox
    assert box is not None
    return box.x0, box.top, box.x1, box.bottom


def check(drawn: DrawnTable, table: Table, sheet: Sheet) -> None:
    """The table that was read is the one that was drawn."""
    assert (table.n_rows, table.n_cols) == (drawn.n_rows, drawn.n_cols)
    assert tiles(table.cells, table.n_rows, table.n_cols)
    assert found(table) == expected(drawn)
    for cell in drawn.cells:
        where = displayed(drawn.box(cell), sheet)
        got = box_of(table, cell.slot)
        assert max(abs(a - b) for a, b in zip(where, got, strict=True)) <= _NEAR, (cell.slot, where, got)


def without_invisible(style: Style, table: DrawnTable) -> Style:
    """The style with those borders painted that nothing would show, or without which the table falls to pieces."""
    missing = {side for side in style.missing if reaches(table, side) >= 2}
    if {"left", "right"} <= missing and any(cell.col_span == table.n_cols for cell in table.cells):
        missing.remove("right")
    if {"top", "bottom"} <= missing and any(cell.row_span == table.n_rows for cell in table.cells):
        missing.remove("bottom")
    return replace(style, missing=frozenset(missing))


def read_back(shape: Shape, style: Style, sheet: Sheet) -> None:
    drawn = make_table(shape)
    style, sheet = without_invisible(style, drawn), fit(sheet, [drawn])
    document = read(draw_pages([drawn], style, sheet), Path("drawn.pdf"))
    assert len(document.tables) == 1
    check(drawn, document.tables[0], sheet)
    assert not document.left_out
    assert not document.blocks
    assert not document.tables[0].doubts


@settings(max_examples=2 * settings().max_examples)
@given(shapes, styles(), sheets)
def test_a_drawn_table_is_read_as_it_was_drawn(shape: Shape, style: Style, sheet: Sheet) -> None:
    event(f"{style.paint}, {style.fill}")
    read_back(shape, style, sheet)
