"""Columns and headings over pages."""

from __future__ import annotations

from dataclasses import replace

from paging import plain, sheet, widened

from extractors.model import Cell, Doubt, JoinedCell, LogicalTable, Provenance, Table, tiles
from extractors.stitch import stitch

HEADING = ("No.", "Area", "Task", "Body")


def grid(table: LogicalTable) -> list[list[str]]:
    """The texts of a logical table; a cell over several columns or rows has its text in each."""
    assert tiles(table.cells, table.n_rows, table.n_cols)
    texts = [[""] * table.n_cols for _ in range(table.n_rows)]
    for cell in table.cells:
        for row in range(cell.row, cell.row + cell.row_span):
            for col in range(cell.col, cell.col + cell.col_span):
                texts[row][col] = cell.text
    return texts


def found(table: LogicalTable, text: str) -> JoinedCell:
    return next(cell for cell in table.cells if cell.text == text)


def with_group_heading(table: Table) -> Table:
    """A heading of two rows above a table of three columns: one heading over the last two of them."""
    top = [("No.", 0, 0, 2, 1), ("Bodies", 0, 1, 1, 2), ("leading", 1, 1, 1, 1), ("helping", 1, 2, 1, 1)]
    cells = [Cell(text, row, col, rows, cols, Provenance(table.page)) for text, row, col, rows, cols in top]
    below = [replace(cell, row=cell.row + 2) for cell in table.cells]
    return Table(table.page, table.n_rows + 2, 3, tuple(cells + below))


def test_a_column_hidden_on_one_page_is_found_by_its_position() -> None:
    first = sheet(1, ["1", "2"], [("north", 2)], ["do a", "do b"], ["X", "Y"], heading=HEADING)
    second = widened(sheet(2, ["3"], ["do c"], ["Z"], heading=("No.", "Task", "Body")), {1: 2})
    (table,) = stitch([first, second])
    assert grid(table)[0] == list(HEADING)
    assert grid(table)[3] == ["3", "do c", "do c", "Z"]
    assert (found(table, "do c").col, found(table, "do c").col_span) == (1, 2)
    assert [cell.text for cell in table.dropped] == ["No.", "Task", "Body"]


def test_the_fullest_heading_stands_on_top_wherever_it_is() -> None:
    first = widened(sheet(1, ["1"], ["do c"], ["Z"], heading=("No.", "Task", "Body")), {1: 2})
    second = sheet(2, ["2", "3"], [("north", 2)], ["do a", "do b"], ["X", "Y"], heading=HEADING)
    (table,) = stitch([first, second])
    assert grid(table)[0] == list(HEADING)
    assert grid(table)[1] == ["1", "do c", "do c", "Z"]
    assert {cell.text for cell in table.dropped} == {"No.", "Task", "Body"}


def test_each_page_may_hide_another_column() -> None:
    first = widened(sheet(1, ["a1"], ["b1"], ["c1"], ["d1"], heading=("A", "B", "C", "D")), {1: 2})
    second = widened(sheet(2, ["a2"], ["b2"], ["c2"], ["d2"], heading=("A", "B", "C", "D")), {2: 2})
    (table,) = stitch([first, second])
    assert table.n_cols == 5
    assert grid(table)[1] == ["a1", "b1", "b1", "c1", "d1"]
    assert grid(table)[2] == ["a2", "b2", "c2", "c2", "d2"]


def test_a_page_printed_to_the_side_or_larger_has_the_same_columns() -> None:
    first = sheet(1, ["1", "2"], ["x1", "x2"], ["y1", "y2"])
    aside = widened(sheet(2, ["3"], ["x3"], ["y3"]), {}, moved=30)
    scaled = replace(aside, columns=tuple(40 + 1.2 * edge for edge in first.columns))
    jittered = replace(
        aside, columns=tuple(edge + shift for edge, shift in zip(first.columns, (0, 3, -3, 2), strict=True))
    )
    for second in (aside, scaled, jittered):
        (table,) = stitch([first, second])
        assert grid(table)[-1] == ["3", "x3", "y3"]


def test_an_outer_column_without_a_border_may_be_missing_on_a_page() -> None:
    first = sheet(1, [("1", 2)], ["a", "b"], ["x", "y"], ["z.", "w."], heading=HEADING)
    short = sheet(2, ["c", "d"], ["u", "v"], ["r.", "s."], heading=HEADING[1:])
    (table,) = stitch([first, replace(short, columns=first.columns[1:])])
    assert grid(table)[3:] == [["1", "c", "u", "r."], ["1", "d", "v", "s."]]


def test_without_a_heading_other_columns_are_another_table() -> None:
    first = sheet(1, ["1", "2"], ["x1", "x2"], ["y1", "y2"], heading=HEADING[:3])
    assert len(stitch([first, widened(sheet(2, ["3"], ["x3"], ["y3"]), {0: 3})])) == 2
    assert len(stitch([first, sheet(2, ["3"], ["x3"], ["y3"])])) == 1


def test_another_heading_begins_another_table_though_the_columns_agree() -> None:
    first = sheet(1, ["1", "2"], ["30", "40"], heading=("year", "income"))
    second = sheet(2, ["1", "2"], ["30", "40"], heading=("month", "outlay"))
    assert len(stitch([first, second])) == 2
    assert len(stitch([plain(first), plain(second)])) == 2


def test_rows_of_names_are_no_heading() -> None:
    first = sheet(1, ["甲局", "乙局"], ["张三", "李四"], heading=("单位", "联系人"))
    second = sheet(2, ["丙局", "丁局"], ["王五", "赵六"])
    (table,) = stitch([first, second])
    assert [row[0] for row in grid(table)] == ["单位", "甲局", "乙局", "丙局", "丁局"]


def test_a_heading_of_two_rows_is_dropped_as_a_whole() -> None:
    pages = [with_group_heading(plain(sheet(page, ["1", "2"], ["x", "y"], ["u", "v"]))) for page in (1, 2, 3)]
    (table,) = stitch(pages)
    assert grid(table)[:2] == [["No.", "Bodies", "Bodies"], ["No.", "leading", "helping"]]
    assert table.n_rows == 8
    assert [cell.text for cell in table.dropped] == ["No.", "Bodies", "leading", "helping"] * 2


def test_a_title_within_the_table_is_repeated_with_its_heading() -> None:
    def titled(table: Table, title: str) -> Table:
        cells = [Cell(title, 0, 0, 1, table.n_cols, Provenance(table.page))]
        cells += [replace(cell, row=cell.row + 1) for cell in table.cells]
        return Table(table.page, table.n_rows + 1, table.n_cols, tuple(cells))

    pages = [plain(sheet(page, ["1", "2"], ["x", "y"], heading=("No.", "Task"))) for page in (1, 2)]
    (table,) = stitch([titled(page, "任务分解表") for page in pages])
    assert [row[0] for row in grid(table)] == ["任务分解表", "No.", "1", "2", "1", "2"]
    assert [cell.text for cell in table.dropped] == ["任务分解表", "No.", "Task"]
    (table,) = stitch([titled(pages[0], "任务分解表"), pages[1]])
    assert table.n_rows == 6
    assert len(stitch([titled(pages[0], "任务分解表"), titled(pages[1], "民生实事表")])) == 2


def test_blank_rows_above_a_repeated_heading_belong_to_it() -> None:
    first = plain(sheet(1, ["1", "2"], ["x", "y"], heading=("No.", "Task")))
    second = plain(sheet(2, ["", "No.", "3"], ["", "Task", "z"]))
    (table,) = stitch([first, second])
    assert grid(table) == [["No.", "Task"], ["1", "x"], ["2", "y"], ["3", "z"]]


def test_a_table_with_a_title_of_its_own_is_another_one() -> None:
    first = replace(sheet(1, ["1"], ["x"], heading=("No.", "Task")), caption="2026年任务分解表")
    again = replace(sheet(2, ["2"], ["y"], heading=("No.", "Task")), caption="2026年任务分解表（续）")
    other = replace(sheet(3, ["1"], ["z"], heading=("No.", "Task")), caption="民生实事任务分解表")
    assert [table.n_rows for table in stitch([first, again, other])] == [3, 2]


def test_pieces_on_one_page_are_one_table_unless_text_stands_between() -> None:
    first = sheet(1, ["1"], ["x"], heading=("No.", "Task"))
    for second in (sheet(1, ["2"], ["y"], heading=("No.", "Task")), sheet(1, ["2"], ["y"])):
        assert len(stitch([first, second])) == 1
        assert len(stitch([first, replace(second, caption="二、民生")])) == 1
        assert len(stitch([first, replace(second, caption="The second kind has other uses.")])) == 2


def test_a_table_goes_on_after_another_one_when_its_heading_is_repeated() -> None:
    first = sheet(1, ["1"], ["x"], heading=("No.", "Task"))
    contacts = widened(sheet(1, ["李四"], ["123"], heading=("Name", "Phone")), {0: 2})
    again = sheet(2, ["2"], ["y"], heading=("No.", "Task"))
    assert [grid(table)[1:] for table in stitch([first, contacts, again])] == [
        [["1", "x"], ["2", "y"]],
        [["李四", "123"]],
    ]
    assert len(stitch([first, contacts, replace(again, caption="More of these")])) == 3
    assert len(stitch([first, contacts, sheet(2, ["2"], ["y"])])) == 3


def test_a_row_that_says_that_the_table_goes_on_costs_the_first_page_nothing() -> None:
    def with_row(table: Table, text: str, row: int) -> Table:
        cells = [cell if cell.row < row else replace(cell, row=cell.row + 1) for cell in table.cells]
        cells.append(Cell(text, row, 0, 1, table.n_cols, Provenance(table.page)))
        ordered = sorted(cells, key=lambda cell: (cell.row, cell.col))
        return Table(table.page, table.n_rows + 1, table.n_cols, tuple(ordered))

    first, second = (plain(sheet(page, ["1", "2"], ["x", "y"], heading=("No.", "Task"))) for page in (1, 2))
    (table,) = stitch([with_row(first, "一、政府自身建设", 1), with_row(second, "续表", 0)])
    assert [row[0] for row in grid(table)] == ["No.", "一、政府自身建设", "1", "2", "1", "2"]
    assert [cell.text for cell in table.dropped] == ["续表", "No.", "Task"]


def test_a_repeated_heading_may_lack_the_end_of_a_label() -> None:
    """The last line of a label that does not fit into its row is clipped away."""
    heading = ("序号", "主要任务", "区政府分管领导", "牵头单位")
    first = sheet(1, ["1"], ["x"], ["王旭锋"], ["区发改局"], heading=heading)
    cut = ("序号", "主要任务", "区政府分管领", "牵头单位")
    (table,) = stitch([first, sheet(2, ["2"], ["y"], ["江文亭"], ["区财政局"], heading=cut)])
    assert [row[0] for row in grid(table)] == ["序号", "1", "2"]
    assert [cell.text for cell in table.dropped] == [*cut]
    other = ("序号", "主要任务", "责任人", "牵头单位")
    assert len(stitch([first, sheet(2, ["2"], ["y"], ["江文亭"], ["区财政局"], heading=other)])) == 2


def test_a_page_that_is_only_a_heading_adds_nothing() -> None:
    pages = [sheet(1, ["1"], ["x"], heading=("No.", "Task")), sheet(3, ["2"], ["y"], heading=("No.", "Task"))]
    empty = plain(sheet(2, ["No."], ["Task"]))
    (table,) = stitch([plain(pages[0]), empty, plain(pages[1])])
    assert grid(table) == [["No.", "Task"], ["1", "x"], ["2", "y"]]
    assert len(table.dropped) == 4


def test_doubts_of_the_pages_are_kept() -> None:
    doubt = Doubt("span_inferred", "no rule between two rows")
    page = replace(sheet(1, ["1"], ["x"], heading=("No.", "Task")), doubts=(doubt,))
    (table,) = stitch([page, sheet(2, ["2"], ["y"], heading=("No.", "Task"))])
    assert table.doubts == (doubt,)
