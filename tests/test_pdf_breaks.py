"""Random tables over several pages, drawn, read and joined, are the tables that were drawn."""

from __future__ import annotations

from collections.abc import Sequence
from pathlib import Path

import pytest
from hypothesis import given, settings
from hypothesis import strategies as st
from random_page import Sheet, draw_pages, fit, sheets
from random_rulings import Style, styles
from random_table import DrawnTable, Shape, cut, numbered_table, shapes
from test_pdf_grid import check, without_invisible

from extractors.model import tiles
from extractors.read import read_tables
from extractors.stitch import stitch

#: A table on several pages takes as long as several tables.
FEWER = settings().max_examples // 2
rows = st.sets(st.integers(2, 14), min_size=1, max_size=4)


@pytest.fixture(scope="module")
def file(tmp_path_factory: pytest.TempPathFactory) -> Path:
    return tmp_path_factory.mktemp("breaks") / "drawn.pdf"


def uncut(table: DrawnTable, rows: Sequence[int]) -> list[int]:
    """Of these rows those at which a page can begin without cutting a cell."""
    return [row for row in rows if not any(cell.row < row < cell.row + cell.row_span for cell in table.cells)]


def telling(table: DrawnTable, rows: Sequence[int]) -> list[int]:
    """Of these rows those at which a page can begin: every cell that is cut stands in two rows before the break.

    The same text in the last row of a page and in the first row of the next could as well be two cells.
    """
    found = [1]
    for row in rows:
        begun = [cell.row for cell in table.cells if cell.row < row < cell.row + cell.row_span]
        if all(row - max(first, found[-1]) > 1 for first in begun):
            found.append(row)
    return found[1:]


def check_joined(
    drawn: DrawnTable, breaks: Sequence[int], repeat: bool, style: Style, sheet: Sheet, file: Path
) -> None:
    pages = cut(drawn, breaks, repeat)
    for page in pages:
        style = without_invisible(style, page)
    sheet = fit(sheet, pages)
    file.write_bytes(draw_pages(pages, style, sheet))
    tables = read_tables(file)
    assert [table.page for table in tables] == list(range(1, len(pages) + 1))
    for page, table in zip(pages, tables, strict=True):
        check(page, table, sheet)
    (joined,) = stitch(tables)
    assert tiles(joined.cells, joined.n_rows, joined.n_cols)
    found = {(c.row, c.col, c.row_span, c.col_span): "".join(c.text.split()) for c in joined.cells}
    assert found == {cell.slot: cell.text for cell in drawn.cells}
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
    breaks = telling(drawn, sorted(row for row in rows if row < drawn.n_rows))
    check_joined(drawn, breaks, repeat, style, sheet, file)
