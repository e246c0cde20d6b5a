"""A table that was cut into pages is the same table after joining: random tables."""

from __future__ import annotations

from hypothesis import given
from hypothesis import strategies as st
from paging import Drawing, Drawn, Mode, cut_row, heights_for, paged, plain

from extractors.model import JoinedCell, LogicalTable, Table, slots, tiles
from extractors.stitch import stitch

HEADING = "ABCDEFGH"
WORD = st.text(alphabet="春夏秋冬东西南北", min_size=2, max_size=5)


@st.composite
def runs(draw: st.DrawFn, rows: int, longest: int) -> list[tuple[int, int]]:
    """Rows from 0 put into runs, as (first, number)."""
    found, at = [], 0
    while at < rows:
        length = min(draw(st.integers(1, longest)), rows - at)
        found.append((at, length))
        at += length
    return found


@st.composite
def drawings(draw: st.DrawFn) -> Drawing:
    """A numbered table with merged cells, nested or not, some of them over two columns; no cell is empty."""
    rows = draw(st.integers(4, 24))
    cells = [Drawn(f"({row + 1}) {draw(WORD)}，\n{draw(WORD)}。", row, 0) for row in range(rows)]
    col = 1
    for _ in range(draw(st.integers(1, 3))):
        pair = draw(st.booleans())
        for first, length in draw(runs(rows, draw(st.integers(1, 9)))):
            wide = pair and draw(st.booleans())
            cells.append(Drawn("", first, col, length, 2 if wide else 1))
            if pair and not wide:
                cells += [Drawn("", first + row, col + 1, span) for row, span in draw(runs(length, 4))]
        col += 2 if pair else 1
    texts = draw(st.lists(st.lists(WORD, min_size=1, max_size=2), min_size=len(cells), max_size=len(cells)))
    named = [
        cell if cell.text else Drawn(f"{chr(0x4E00 + at)}{chr(10).join(lines)}", *_place(cell))
        for at, (cell, lines) in enumerate(zip(cells, texts, strict=True))
    ]
    least = draw(st.lists(st.integers(20, 60).map(float), min_size=rows, max_size=rows))
    return Drawing(tuple(HEADING[:col]), tuple(named), heights_for(named, least))


def _place(cell: Drawn) -> tuple[int, int, int, int]:
    return cell.row, cell.col, cell.row_span, cell.col_span


def texts(table: LogicalTable) -> dict[tuple[int, int], str]:
    """What each place below the heading says: two cells that say the same may as well be one."""
    return {(row - 1, col): cell.text for cell in table.cells for row, col in slots(cell) if row > 0}


def drawn_texts(drawing: Drawing) -> dict[tuple[int, int], str]:
    return {
        (row, col): cell.text
        for cell in drawing.cells
        for row in range(cell.row, cell.row + cell.row_span)
        for col in range(cell.col, cell.col + cell.col_span)
    }


def seen(table: LogicalTable) -> set[tuple[str, int, int, int, int]]:
    """The cells below the heading: text, row, column, spans."""
    return {(c.text, c.row - 1, c.col, c.row_span, c.col_span) for c in table.cells if c.row > 0}


def all_places(cells: tuple[JoinedCell, ...]) -> list[object]:
    return [place for cell in cells for place in cell.provenance]


def check(drawing: Drawing, tables: list[Table], may_doubt: bool = False, may_say_twice: bool = False) -> None:
    (joined,) = stitch(tables)
    assert tiles(joined.cells, joined.n_rows, joined.n_cols)
    if joined.doubts and may_doubt:
        return
    assert texts(joined) == drawn_texts(drawing)
    if not may_say_twice:
        assert seen(joined) == {(c.text, *_place(c)) for c in drawing.cells}
    places = all_places(joined.cells) + all_places(joined.dropped)
    assert sorted(places, key=repr) == sorted((c.provenance for table in tables for c in table.cells), key=repr)


@given(drawings(), st.lists(st.integers(1, 23), max_size=4), st.sampled_from(["first", "top", "repeat"]), st.booleans())
def test_merged_cells_cut_by_page_breaks_are_whole_again(
    drawing: Drawing, breaks: list[int], mode: Mode, repeat_heading: bool
) -> None:
    breaks = [at for at in breaks if at < len(drawing.heights)]
    check(drawing, paged(drawing, breaks, mode, repeat_heading), may_say_twice=mode == "repeat")


@given(drawings(), st.lists(st.integers(1, 23), max_size=4), st.booleans())
def test_merged_cells_with_their_text_in_the_middle_of_the_whole(
    drawing: Drawing, breaks: list[int], repeat_heading: bool
) -> None:
    breaks = [at for at in breaks if at < len(drawing.heights)]
    # A text in the middle of the part on a middle page may be in the middle of the whole as well.
    check(drawing, paged(drawing, breaks, "centre", repeat_heading), may_doubt=True)


@given(drawings(), st.lists(st.integers(0, 22), max_size=3, unique=True), st.sampled_from(["first", "top", "repeat"]))
def test_rows_cut_by_page_breaks_are_whole_again(drawing: Drawing, rows: list[int], mode: Mode) -> None:
    torn, breaks = drawing, list[int]()
    for row in sorted((row for row in rows if row < len(drawing.heights)), reverse=True):
        torn, breaks = cut_row(torn, row), [row + 1, *(at + 1 for at in breaks)]
    check(drawing, paged(torn, breaks, mode), may_say_twice=mode == "repeat")


@given(drawings(), st.lists(st.integers(1, 23), max_size=4), st.sampled_from(["first", "repeat"]))
def test_without_geometry_columns_and_cells_are_told_by_their_numbers(
    drawing: Drawing, breaks: list[int], mode: Mode
) -> None:
    breaks = [at for at in breaks if at < len(drawing.heights)]
    check(drawing, [plain(table) for table in paged(drawing, breaks, mode)], may_say_twice=mode == "repeat")
