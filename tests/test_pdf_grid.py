"""Random tables, drawn in all the ways in which tables are ruled and pages are turned, are read as they were drawn."""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import replace
from pathlib import Path

from hypothesis import event, given, settings
from hypothesis import strategies as st
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
    if {"top", "bottom"} <= missing and any(cell.row_span == table.n_rows for cell in table.cells):
        missing.remove("bottom")
    return replace(style, missing=frozenset(missing))


def read_back(tables: Sequence[DrawnTable], style: Style, sheet: Sheet) -> None:
    """Draw tables on a page and read them: nothing else stands on it, and nothing is in doubt."""
    for drawn in tables:
        style = without_invisible(style, drawn)
    sheet = fit(sheet, tables)
    document = read(draw_pages([tables], style, sheet), Path("drawn.pdf"))
    # Narrow letters of a font that is not in the file overlap: in order they are known to belong together.
    known = {"overflow"} if sheet.writing == "characters" and sheet.shuffle is not None else set[str]()
    assert len(document.tables) == len(tables)
    for drawn, table in zip(tables, document.tables, strict=True):
        check(drawn, table, sheet)
        assert {doubt.rule for doubt in table.doubts} <= known
    assert not document.left_out
    assert not document.blocks


@settings(max_examples=2 * settings().max_examples)
@given(shapes, styles(), sheets)
def test_a_drawn_table_is_read_as_it_was_drawn(shape: Shape, style: Style, sheet: Sheet) -> None:
    event(f"{style.paint}, {style.fill}")
    read_back([make_table(shape)], style, sheet)


@settings(max_examples=settings().max_examples // 2)
@given(shapes, shapes, styles(), sheets, st.booleans(), st.floats(15, 60))
def test_two_tables_on_a_page_are_two(
    shape: Shape, other: Shape, style: Style, sheet: Sheet, beside: bool, apart: float
) -> None:
    # Without borders room between two tables may as well be a row.
    first, style = make_table(shape), replace(style, missing=frozenset())
    place = (first.xs[-1] + apart, first.ys[0]) if beside else (first.xs[0], first.ys[-1] + apart)
    read_back([first, make_table(other, *place)], style, sheet)
