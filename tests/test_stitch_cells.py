"""Merged cells that a page break cuts."""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import replace

import pytest
from paging import PADDING, Drawing, Drawn, Mode, Spec, heights_for, paged, plain, sheet

from extractors.model import Doubt, JoinedCell, LogicalTable, Table, tiles
from extractors.stitch import stitch

HEADING = ("No.", "Area", "Task", "Body")


def joined(*tables: Table) -> LogicalTable:
    (table,) = stitch(tables)
    assert tiles(table.cells, table.n_rows, table.n_cols)
    return table


def column(table: LogicalTable, col: int) -> list[tuple[str, int]]:
    """The cells of a column below the heading: text and rows."""
    cells = sorted((cell for cell in table.cells if cell.col == col and cell.row > 0), key=lambda cell: cell.row)
    return [(cell.text, cell.row_span) for cell in cells]


def found(table: LogicalTable, text: str) -> JoinedCell:
    return next(cell for cell in table.cells if cell.text == text)


def tasks(first: int, last: int) -> list[Spec]:
    return [f"({number}) work on matter {number}." for number in range(first, last + 1)]


def page(number: int, first: int, last: int, *columns: Sequence[Spec]) -> Table:
    """A page of a table with numbered tasks in its last column."""
    heading = ("Area", "Part", "Body", "Helper")[: len(columns)]
    return sheet(number, *columns, tasks(first, last), heading=(*heading, "Task"))


#: A first page that shows how the table is made: areas over several rows, texts in the middle of their cells.
OPENING: list[Spec] = [("north", 3), ("south", 2), ("east", 3)]


@pytest.mark.parametrize("mode", ["first", "top", "centre", "repeat"])
def test_a_cell_over_three_pages_is_one_however_it_is_printed(mode: Mode) -> None:
    rows = 16
    cells = [Drawn(f"({row + 1}) work.", row, 1) for row in range(rows)]
    cells += [Drawn("north", 0, 0, 3), Drawn("south", 3, 0, 10), Drawn("west", 13, 0, 3)]
    drawing = Drawing(("Area", "Task"), tuple(cells), heights_for(cells, [30.0] * rows))
    table = joined(*paged(drawing, [5, 10], mode))
    assert column(table, 0) == [("north", 3), ("south", 10), ("west", 3)]
    assert [place.page for place in found(table, "south").provenance] == [1, 2, 3]
    assert table.doubts == ()


@pytest.mark.parametrize("mode", ["first", "repeat"])
def test_without_geometry_blanks_and_repeats_are_joined_too(mode: Mode) -> None:
    cells = [Drawn(f"({row + 1}) work.", row, 1) for row in range(9)]
    cells += [Drawn("north", 0, 0, 3), Drawn("south", 3, 0, 4), Drawn("west", 7, 0, 2)]
    drawing = Drawing(("Area", "Task"), tuple(cells), (30.0,) * 9)
    table = joined(*map(plain, paged(drawing, [5], mode)))
    assert column(table, 0) == [("north", 3), ("south", 4), ("west", 2)]


def test_a_cell_that_begins_at_the_foot_may_have_its_text_on_the_next_page() -> None:
    table = joined(
        page(1, 1, 9, [*OPENING, ("", 1)]),
        page(2, 10, 14, [("west", 3), ("north-west", 2)]),
    )
    assert column(table, 0)[2:4] == [("east", 3), ("west", 4)]
    assert [place.page for place in found(table, "west").provenance] == [1, 2]


def test_a_blank_below_a_text_at_the_foot_is_no_part_of_it() -> None:
    """The ruling between them separates them: it goes on to the blank at the head, or is an empty cell."""
    table = joined(page(1, 1, 9, [*OPENING, ("", 1)]), page(2, 10, 12, [("", 1), ("west", 2)]))
    assert column(table, 0)[2:] == [("east", 3), ("", 2), ("west", 2)]


def test_lines_of_one_text_on_both_sides_of_a_break() -> None:
    cells = [Drawn(f"({row + 1}) work.", row, 1) for row in range(12)]
    cells += [Drawn("north", 0, 0, 3), Drawn("south", 3, 0, 2), Drawn("east", 5, 0, 3)]
    cells += [Drawn("one\ntwo\nthree\nfour", 8, 0, 4)]
    drawing = Drawing(("Area", "Task"), tuple(cells), heights_for(cells, [40.0] * 12))
    table = joined(*paged(drawing, [10], "centre"))
    assert column(table, 0)[-1] == ("one\ntwo\nthree\nfour", 4)


def test_a_text_that_flows_over_the_break_stands_close_to_it_on_both_sides() -> None:
    first = page(1, 1, 9, [*OPENING, ("hill office\nriver office\nsea office", 1)])
    second = page(2, 10, 14, [("lake office", 3, PADDING), ("west", 2)])
    table = joined(first, second)
    assert column(table, 0)[3] == ("hill office\nriver office\nsea office\nlake office", 4)
    second = page(2, 10, 14, [("lake office", 3), ("west", 2)])
    assert column(joined(first, second), 0)[3:5] == [("hill office\nriver office\nsea office", 1), ("lake office", 3)]


def test_a_bracket_that_stays_open_goes_on() -> None:
    first = page(1, 1, 9, [*OPENING, ("市财政局\n市应急管理局（安\n委办、减灾", 1)])
    second = page(2, 10, 13, [("办）\n市水利局", 1), ("west", 3)])
    table = joined(first, second)
    assert column(table, 0)[3] == ("市财政局\n市应急管理局（安\n委办、减灾\n办）\n市水利局", 2)
    assert found(table, column(table, 0)[3][0]).wraps == (19,)


def test_equal_texts_in_a_column_of_single_cells_stay_apart() -> None:
    first = page(1, 1, 4, ["yes", "no", "no", "yes"])
    table = joined(first, page(2, 5, 8, ["yes", "yes", "no", "yes"]))
    assert all(span == 1 for _, span in column(table, 0))
    assert table.doubts == ()


def test_where_cells_are_often_empty_a_blank_at_the_break_is_an_empty_cell() -> None:
    helpers: list[Spec] = ["a", "", "b", "", "", "c", "", "d"]
    bodies: list[Spec] = [("X", 2), ("Y", 3), ("Z", 3)]
    table = joined(
        page(1, 1, 8, OPENING, OPENING, bodies, helpers),
        page(
            2,
            9,
            16,
            [("", 2), *OPENING[:2], "e"],
            [("", 2), *OPENING[:2], "e"],
            [("", 2), ("V", 6)],
            ["", *helpers[1:]],
        ),
    )
    assert column(table, 2)[2] == ("Z", 5)
    assert column(table, 3)[7:9] == [("d", 1), ("", 1)]
    assert table.doubts == ()


def test_where_each_page_says_the_text_again_a_blank_is_an_empty_cell() -> None:
    areas = [[("north", 3), ("south", 3)], [("south", 2), ("east", 4)], [("east", 3), ("west", 3)]]
    helpers: list[list[Spec]] = [
        ["a", "", ("b", 2), "", "c"],
        ["", ("d", 2), "e", "", "f"],
        ["", "g", ("h", 2), "", "i"],
    ]
    pages = [
        page(at, 6 * at - 5, 6 * at, area, helper)
        for at, (area, helper) in enumerate(zip(areas, helpers, strict=True), 1)
    ]
    table = joined(*pages)
    assert column(table, 0) == [("north", 3), ("south", 5), ("east", 7), ("west", 3)]
    assert [span for text, span in column(table, 1) if text in ("c", "f")] == [1, 1]


def test_a_part_goes_no_further_than_the_area_that_holds_it() -> None:
    """In this table parts end where areas end; the empty part below a new area is not the last one of the old area."""
    parts: list[Spec] = [("p", 2), "", ("q", 2), ("r", 2), ""]
    first = page(1, 1, 8, OPENING, parts)
    again = page(2, 9, 16, OPENING, parts)
    third = page(3, 17, 20, [("north", 4)], [("", 2), ("s", 2)])
    table = joined(first, again, third)
    assert ("r", 2) in column(table, 1)
    assert column(table, 1)[-2:] == [("", 2), ("s", 2)]


def test_what_hangs_in_the_balance_is_said_with_both_places() -> None:
    """Helpers are empty as often as they are merged, so a blank below the break may be either."""
    helpers: list[Spec] = [("a", 2), "", ("b", 2), "", "", ("c", 2), ("d", 2), ""]
    first = page(1, 1, 11, [("north", 6), ("south", 5)], [*helpers[:-1]])
    second = page(2, 12, 22, [("", 5), ("east", 6)], ["", *helpers[:-2], ""])
    table = joined(first, second)
    (doubt,) = table.doubts
    assert doubt.rule == "uncertain_join"
    assert "d" in doubt.detail
    assert [place.page for place in doubt.places] == [1, 2]


def test_banners_and_notes_are_no_part_of_a_cell() -> None:
    def full_width(table: Table, text: str, row: int) -> Table:
        cells = [cell for cell in table.cells if cell.row != row]
        old = next(cell for cell in table.cells if cell.row == row)
        return replace(table, cells=(*cells, replace(old, text=text, col_span=table.n_cols)))

    first = page(1, 1, 8, OPENING)
    second = full_width(page(2, 8, 12, ["", ("west", 4)]), "二、民生", 1)
    table = joined(first, second)
    assert column(table, 0)[2:4] == [("east", 3), ("二、民生", 1)]
    third = full_width(page(3, 13, 16, [("", 3), ""]), "注：各单位按职责分工负责。", 4)
    table = joined(first, second, third)
    assert column(table, 0)[4:] == [("west", 7), ("注：各单位按职责分工负责。", 1)]


def test_two_lists_that_fill_their_parts_at_a_break_are_two_and_in_doubt() -> None:
    """Each could stand alone and both fill their rows: nothing on the page says whether it is one list."""
    bodies: list[Spec] = [("fire office", 2), "road office", ("farm office", 2), "town office", ("mine office", 2)]
    first = page(1, 1, 9, [*OPENING, ("west", 1)], [*bodies, ("hill office\nriver office\nsea office", 1)])
    lists: list[Spec] = [("lake office\nport office\npark office", 1), ("fish office", 2), ("wood office", 2)]
    second = page(2, 10, 14, [("", 5)], lists)
    table = joined(first, second)
    assert column(table, 1)[5][0] == "hill office\nriver office\nsea office"
    (doubt,) = table.doubts
    assert doubt.rule == "uncertain_join"
    assert [place.page for place in doubt.places] == [1, 2]


def test_a_list_that_ends_with_a_comma_goes_on() -> None:
    bodies: list[Spec] = [("fire office", 2), "road office", ("farm office", 2), "town office", ("mine office", 2)]
    first = page(1, 1, 9, [*OPENING, ("west", 1)], [*bodies, ("hill office、\nriver office、", 1)])
    second = page(2, 10, 14, [("", 5)], [("lake office", 1), ("fish office", 2), ("wood office", 2)])
    table = joined(first, second)
    assert column(table, 1)[5] == ("hill office、\nriver office、\nlake office", 2)
    assert table.doubts == ()


def test_lists_that_name_the_same_are_two() -> None:
    bodies: list[Spec] = [("fire-office", 2), "road-office", ("farm-office", 2), "town-office", ("mine-office", 2)]
    first = page(1, 1, 9, [*OPENING, ("west", 1)], [*bodies, ("hill-office\nriver-office\nsea-office", 1)])
    again: list[Spec] = [("lake-office\nriver-office\npark-office", 1), ("fish-office", 2), ("wood-office", 2)]
    table = joined(first, page(2, 10, 14, [("", 5)], again))
    assert column(table, 1)[6][0] == "lake-office\nriver-office\npark-office"


def test_text_below_a_page_is_sure_where_its_cell_goes_on() -> None:
    """Said of a page's last cell: settled where the next page goes on with it, not where it does not."""
    first = page(1, 1, 9, [*OPENING, ("west", 1)])
    foot = next(cell.provenance for cell in first.cells if cell.text == "west")
    first = replace(first, doubts=(Doubt("below_table", "west stands below the table", (foot,)),))
    assert joined(first, page(2, 10, 14, [("", 3), ("hills", 2)])).doubts == ()
    assert joined(first, page(2, 10, 14, [("hills", 3), ("plains", 2)])).doubts == first.doubts
