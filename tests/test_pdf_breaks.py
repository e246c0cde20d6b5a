"""Random tables over several pages, drawn, read and joined, are the tables that were drawn."""

from __future__ import annotations

from collections.abc import Iterable
from pathlib import Path

import pytest
from hypothesis import given, settings
from hypothesis import strategies as st
from random_page import Sheet, draw_pages, fit, sheets
from random_rulings import Style, styles
from random_table import DrawnCell, DrawnTable, Shape, cut, numbered_table, shapes
from test_pdf_grid import check, without_invisible

from extractors.model import JoinedCell, tiles
from extractors.read import read_tables
from extractors.stitch import stitch

#: A table on several pages takes as long as several tables.
FEWER = settings().max_examples // 2
rows = st.sets(st.integers(2, 14), min_size=1, max_size=4)


@pytest.fixture(scope="module")
def file(tmp_path_factory: pytest.TempPathFactory) -> Path:
    return tmp_path_factory.mktemp("breaks") / "drawn.pdf"


def uncut(table: DrawnTable, rows: list[int]) -> list[int]:
    """Of these rows those at which a page can begin without cutting a cell."""
    return [row for row in rows if not any(cell.row < row < cell.row + cell.row_span for cell in table.cells)]


def by_slot(cells: Iterable[DrawnCell | JoinedCell]) -> dict[tuple[int, int], str]:
    """What each place of the grid says."""
    return {
        (row, col): "".join(cell.text.split())
        for cell in cells
        for row in range(cell.row, cell.row + cell.row_span)
        for col in range(cell.col, cell.col + cell.col_span)
    }


def check_joined(drawn: DrawnTable, breaks: list[int], repeat: bool, style: Style, sheet: Sheet, file: Path) -> None:
    pages = cut(drawn, breaks, repeat)
    for page in pages:
        style = without_invisible(style, page)
    sheet = fit(sheet, pages)
    file.write_bytes(draw_pages([[page] for page in pages], style, sheet))
    tables = read_tables(file)
    assert [table.page for table in tables] == list(range(1, len(pages) + 1))
    for page, table in zip(pages, tables, strict=True):
        check(page, table, sheet)
    (joined,) = stitch(tables)
    assert tiles(joined.cells, joined.n_rows, joined.n_cols)
    assert by_slot(joined.cells) == by_slot(drawn.cells)
    if uncut(drawn, breaks) == breaks:
        found = {(c.row, c.col, c.row_span, c.col_span) for c in joined.cells}
        assert found == {cell.slot for cell in drawn.cells}
    # Every place on every page belongs to a cell or to a heading that was dropped.
    places = [place for cell in (*joined.cells, *joined.dropped) for place in cell.provenance]
    assert sorted(places, key=repr) == sorted((c.provenance for t in tables for c in t.cells), key=repr)


@settings(max_examples=FEWER)
@given(shapes, rows, st.booleans(), styles(), sheets)
def test_pages_that_cut_no_cell(
    file: Path, shape: Shape, rows: set[int], repeat: bool, style: Style, sheet: Sheet
) -> None:
    drawn = numbered_table(shape)
    breaks = uncut(drawn, sorted(row for row in rows if row < drawn.n_rows))
    check_joined(drawn, breaks, repeat, style, sheet, file)


@settings(max_examples=FEWER)
@given(shapes, rows, st.booleans(), styles(), sheets)
def test_pages_that_cut_cells_which_say_their_text_on_each(
    file: Path, shape: Shape, rows: set[int], repeat: bool, style: Style, sheet: Sheet
) -> None:
    drawn = numbered_table(shape)
    # A text that is said on both sides of a break may as well be two cells that say the same.
    check_joined(drawn, sorted(row for row in rows if row < drawn.n_rows), repeat, style, sheet, file)
