"""Whatever stands on the pages, no cell is lost and the joined cells tile their grid."""

from __future__ import annotations

from hypothesis import given
from hypothesis import strategies as st
from paging import Drawing, Drawn, paged, plain, widened

from extractors.model import Table, tiles
from extractors.stitch import stitch

TEXT = st.sampled_from(
    ["", "", "名称", "单位", "甲", "乙局", "(1) 一。", "（2）二", "3", "4、丁", "（安", "办）", "注：说明。", "a\nb"]
)


@st.composite
def pages(draw: st.DrawFn) -> list[Table]:
    """One or two pages of a table in which anything may stand: cells of any span, with and without a heading."""
    rows, cols = draw(st.integers(1, 6)), draw(st.integers(1, 4))
    taken: set[tuple[int, int]] = set()
    cells: list[Drawn] = []
    for row in range(rows):
        for col in range(cols):
            if (row, col) not in taken:
                high, wide = draw(st.integers(1, rows - row)), draw(st.integers(1, cols - col))
                slots = {(r, c) for r in range(row, row + high) for c in range(col, col + wide)}
                if slots & taken:
                    high = wide = 1
                    slots = {(row, col)}
                taken |= slots
                cells.append(Drawn(draw(TEXT), row, col, high, wide))
    drawing = Drawing(tuple(draw(TEXT) for _ in range(cols)), tuple(cells), (30.0,) * rows)
    breaks = draw(st.lists(st.integers(1, 5).filter(lambda at: at < rows), max_size=1)) if rows > 1 else []
    tables = paged(drawing, breaks, draw(st.sampled_from(["first", "centre", "repeat"])), draw(st.booleans()))
    shape = draw(st.sampled_from(["as it is", "plain", "moved", "wide"]))
    if shape == "plain":
        return [plain(table) for table in tables]
    moved = 20.0 if shape == "moved" else 0.0
    return tables if shape == "as it is" else [widened(t, {0: 2} if shape == "wide" else {}, moved) for t in tables]


@given(st.lists(pages(), min_size=1, max_size=4))
def test_no_cell_is_lost_and_the_grid_is_tiled(documents: list[list[Table]]) -> None:
    tables = [table for document in documents for table in document]
    joined = stitch(tables)
    places = []
    for table in joined:
        assert tiles(table.cells, table.n_rows, table.n_cols)
        for cell in table.cells:
            assert all(cell.text[at] == "\n" for at in cell.wraps)
        places += [place for cell in (*table.cells, *table.dropped) for place in cell.provenance]
    given_places = [cell.provenance for table in tables for cell in table.cells]
    assert len(places) >= len(given_places)
    remaining = list(map(repr, places))
    for place in map(repr, given_places):
        remaining.remove(place)
    assert sum(len(table.tables) for table in joined) == len(tables)


def test_a_table_without_cells_is_a_table() -> None:
    empty = Table(1, 0, 0, ())
    assert [table.n_rows for table in stitch([empty, empty])] in ([0], [0, 0])
