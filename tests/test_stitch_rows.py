"""Rows that a page break cuts."""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import replace

from paging import PADDING, Spec, plain, sheet

from extractors.model import LogicalTable, Table, tiles
from extractors.stitch import stitch

HEADING = ("Area", "Task", "Body")


def joined(*tables: Table) -> LogicalTable:
    (table,) = stitch(tables)
    assert tiles(table.cells, table.n_rows, table.n_cols)
    places = [place for cell in (*table.cells, *table.dropped) for place in cell.provenance]
    assert len(places) == sum(len(page.cells) for page in tables)
    return table


def column(table: LogicalTable, col: int) -> list[tuple[str, int]]:
    """The cells of a column below the heading: text and rows."""
    cells = sorted((cell for cell in table.cells if cell.col == col and cell.row > 0), key=lambda cell: cell.row)
    return [(cell.text, cell.row_span) for cell in cells]


def page(number: int, *columns: Sequence[Spec]) -> Table:
    return sheet(number, *columns, heading=HEADING[: len(columns)])


AREAS: list[Spec] = [("north", 2), ("south", 3)]
BODIES: list[Spec] = [("X", 2), "Y", "Z", "V"]


def numbered(first: int, last: int, end: str = "完成。") -> list[str]:
    return [f"({number}) 工作{number}{end}" for number in range(first, last + 1)]


def test_a_row_without_the_number_that_all_others_have_is_the_rest_of_the_one_before() -> None:
    first = page(1, AREAS, [*numbered(1, 4), "(5) 推进项目建设，"], BODIES)
    second = page(2, [("", 2), ("west", 2)], ["确保年内完工。", *numbered(6, 8)], ["", "U", "T", "S"])
    table = joined(first, second)
    assert column(table, 1)[4] == ("(5) 推进项目建设，\n确保年内完工。", 1)
    assert column(table, 0) == [("north", 2), ("south", 4), ("west", 2)]
    assert column(table, 2)[3:5] == [("V", 1), ("U", 1)]
    assert table.n_rows == 9
    assert table.doubts == ()


def test_a_column_of_numbers_tells_it_too() -> None:
    first = page(1, ["1", "2", "3"], ["工作一", "工作二", "工作三的前"], ["X", "Y", "Z"])
    second = page(2, ["", "4", "5"], ["一半", "工作四", "工作五"], ["", "V", "U"])
    table = joined(first, second)
    assert column(table, 1)[2] == ("工作三的前\n一半", 1)
    assert column(table, 0) == [("1", 1), ("2", 1), ("3", 1), ("4", 1), ("5", 1)]


def test_a_number_that_is_repeated_behind_the_break_is_the_same_row() -> None:
    first = page(1, ["1", "2", "3"], ["工作一", "工作二", "工作三的前"])
    second = page(2, ["3", "4", "5"], ["一半", "工作四", "工作五"])
    table = joined(first, second)
    assert column(table, 0)[2] == ("3", 1)
    assert column(table, 1)[2] == ("工作三的前\n一半", 1)


def test_a_number_in_the_middle_of_the_row_may_land_behind_the_break() -> None:
    first = page(1, ["1", "2", ""], ["工作一", "工作二", "工作三的前"])
    second = page(2, ["3", "4", "5"], ["一半", "工作四", "工作五"])
    table = joined(first, second)
    assert column(table, 0)[2:4] == [("3", 1), ("4", 1)]
    assert column(table, 1)[2] == ("工作三的前\n一半", 1)


def test_a_number_that_the_break_cuts_is_that_of_its_row() -> None:
    first = page(1, ["（1）", "（2）", "（"], ["工作一", "工作二", "工作三的前"], ["X", "Y", "区发"])
    second = page(2, ["3）", "（4）", "（5）"], ["一半", "工作四", "工作五"], ["改局", "V", "U"])
    table = joined(first, second)
    assert column(table, 0) == [("（1）", 1), ("（2）", 1), ("（\n3）", 1), ("（4）", 1), ("（5）", 1)]
    assert column(table, 1)[2] == ("工作三的前\n一半", 1)
    assert column(table, 2)[2] == ("区发\n改局", 1)


def test_a_complete_sentence_and_the_text_of_another_number_are_two_cells() -> None:
    """However near to the break they stand."""
    first = page(1, ["1", "2", "3"], ["工作一完成。", "工作二完成。", "工作三\n已经\n完成。"])
    second = page(2, ["4", "5", "6"], ["工作四\n已经\n完成。", "工作五完成。", "工作六完成"])
    table = joined(first, second)
    assert [text for text, _ in column(table, 1)][2:4] == ["工作三\n已经\n完成。", "工作四\n已经\n完成。"]
    assert table.doubts == ()


def test_circled_numbers_tell_rows_apart() -> None:
    first = page(1, ["①做大总量", "②培育主体", "③扩大开放"], ["X", "Y", "Z"])
    second = page(2, ["④办好教育", "⑤增加床位", "⑥改善民生"], ["V", "U", "T"])
    assert [text for text, _ in column(joined(first, second), 0)] == [
        "①做大总量", "②培育主体", "③扩大开放", "④办好教育", "⑤增加床位", "⑥改善民生"
    ]  # fmt: skip


def test_a_cell_with_nothing_but_a_mark_at_the_break() -> None:
    first = page(
        1, ["1", "2", "3"], ["工作一", "工作二", "工作三"], ["区发改局、区财政局", "区住建局", "区工信局、区教育局"]
    )
    second = page(2, ["4", "5", "6"], ["工作四", "工作五", "工作六"], ["、", "区住建局", "区民政局"])
    assert [text for text, _ in column(joined(first, second), 0)] == ["1", "2", "3", "4", "5", "6"]


def test_a_row_over_three_pages() -> None:
    first = page(1, AREAS, [*numbered(1, 4), "(5) 推进项目一，"], BODIES)
    second = page(2, [""], ["项目二，"], [""])
    third = page(3, [("", 2), ("west", 2)], ["项目三。", *numbered(6, 8)], ["W", "U", "T", "S"])
    table = joined(first, second, third)
    assert column(table, 1)[4] == ("(5) 推进项目一，\n项目二，\n项目三。", 1)
    assert column(table, 2)[3:5] == [("V\nW", 1), ("U", 1)]
    assert column(table, 0)[1] == ("south", 4)


def test_a_list_goes_on_with_its_row() -> None:
    first = page(1, AREAS, [*numbered(1, 4), "(5) 推进项目建设，"], [("X", 2), "Y", "Z", "市财政局\n市应急管理局"])
    second = page(2, [("", 2), ("west", 2)], ["年内完工。", *numbered(6, 8)], ["（安委办）\n市水利局", "U", "T", "S"])
    table = joined(first, second)
    (cell,) = [cell for cell in table.cells if cell.text.startswith("市财政局")]
    assert cell.text == "市财政局\n市应急管理局\n（安委办）\n市水利局"
    assert cell.wraps == (11,), "the bracket had no room in the line before, so the break may be a wrap"
    assert [place.page for place in cell.provenance] == [1, 2]


def test_wraps_keep_their_places() -> None:
    long = "(5) 推进一批重大\n项目建设，争取一"
    first = page(1, AREAS, [*numbered(1, 4), long], BODIES)
    second = page(2, [("", 2), ("west", 2)], ["批年内\n完工。", *numbered(6, 8)], ["", "U", "T", "S"])
    first, second = (_wrapped(table, {long: (10,), "批年内\n完工。": (3,)}) for table in (first, second))
    (cell,) = [cell for cell in joined(first, second).cells if cell.text.startswith("(5)")]
    assert cell.wraps == (10, 19, 23)
    assert {cell.text[at] for at in cell.wraps} == {"\n"}


def _wrapped(table: Table, wraps: dict[str, tuple[int, ...]]) -> Table:
    return replace(table, cells=tuple(replace(cell, wraps=wraps.get(cell.text, ())) for cell in table.cells))


def test_a_line_with_room_left_is_a_line_break_that_is_meant() -> None:
    first = page(1, AREAS, [*numbered(1, 4), "(5) 推进项目建设，"], [("X", 2), "Y", "市农业农村局", "市财政局"])
    second = page(2, [("", 2), ("west", 2)], ["年内完工。", *numbered(6, 8)], ["市水利局", "U", "T", "S"])
    (cell,) = [cell for cell in joined(first, second).cells if cell.text == "市财政局\n市水利局"]
    assert cell.wraps == ()


def test_a_row_whose_number_is_missing_is_a_row() -> None:
    """The next number leaves out the one that this row ought to have."""
    first = page(1, AREAS, numbered(1, 5), BODIES)
    second = page(2, [("", 2), ("west", 2)], ["工作六完成。", *numbered(7, 9)], ["W", "U", "T", "S"])
    assert joined(first, second).n_rows == 10


def test_without_a_next_number_a_complete_sentence_leaves_it_in_doubt() -> None:
    first = page(1, AREAS, numbered(1, 5), BODIES)
    second = page(2, [("", 1)], ["按期完成各项任务。"], ["W"])
    table = joined(first, second)
    assert table.n_rows == 6
    assert [doubt.rule for doubt in table.doubts] == ["uncertain_join"]


def test_a_total_is_no_rest_of_a_numbered_row() -> None:
    first = page(1, ["1", "2", "3"], ["10", "20", "30"])
    table = joined(first, page(2, ["合计"], ["60"]))
    assert column(table, 0)[-1] == ("合计", 1)
    assert table.n_rows == 5


def test_a_total_is_no_rest_of_a_row_whose_sentence_is_open() -> None:
    first = page(1, AREAS, numbered(1, 5), BODIES)
    table = joined(first, page(2, [("", 1)], ["合计：共5项"], [""]))
    assert table.n_rows == 7
    assert table.doubts == ()


def test_a_banner_is_no_rest_of_a_row() -> None:
    first = page(1, AREAS, numbered(1, 5), BODIES)
    second = page(2, ["二、民生", ("west", 3)], ["", *numbered(6, 8)], ["", "U", "T", "S"])
    banner = next(cell for cell in second.cells if cell.row == 1)
    cells = [cell for cell in second.cells if cell.row != 1]
    table = joined(first, replace(second, cells=(*cells, replace(banner, col_span=3))))
    assert table.n_rows == 10
    assert ("二、民生", 1) in column(table, 0)


def test_without_numbers_a_column_that_is_always_filled_tells() -> None:
    first = page(1, ["甲", "乙", "丙", "丁"], ["one.", "two.", "three.", "four and"], ["X", "", "Y", ""])
    second = page(2, ["", "戊", "己"], [("a half.", 1, PADDING), "six.", "seven."], ["", "", "Z"])
    first = _placed_at_the_foot(first, "four and")
    table = joined(first, second)
    assert column(table, 1)[3] == ("four and\na half.", 1)
    assert column(table, 0)[3] == ("丁", 1)


def _placed_at_the_foot(table: Table, text: str) -> Table:
    cells = list(table.cells)
    at = next(index for index, cell in enumerate(cells) if cell.text == text)
    box, ink = cells[at].provenance.bbox, cells[at].ink
    assert box is not None
    assert ink is not None
    cells[at] = replace(cells[at], ink=replace(ink, top=box.top + PADDING, bottom=box.bottom - PADDING))
    return replace(table, cells=tuple(cells))


def test_a_sentence_that_breaks_off_goes_on() -> None:
    texts = ["one thing.", "two things.", "three things.", "four things.", "five things.", "six of"]
    first = plain(page(1, [("north", 3), ("south", 3)], texts))
    second = plain(page(2, [("south", 2)], ["them all.", "seven things."]))
    assert column(joined(first, second), 1)[5] == ("six of\nthem all.", 1)


def test_a_row_in_which_nothing_stands_is_the_rest_of_the_one_before() -> None:
    first = plain(page(1, ["a", "b"], ["c", "d"]))
    second = plain(page(2, ["", "e"], ["", "f"]))
    assert column(joined(first, second), 0) == [("a", 1), ("b", 1), ("e", 1)]


def test_pieces_on_one_page_cut_no_rows() -> None:
    first = page(1, AREAS, [*numbered(1, 4), "(5) 推进项目建设，"], BODIES)
    second = page(1, [("", 2), ("west", 2)], ["确保年内完工。", *numbered(6, 8)], ["", "U", "T", "S"])
    assert joined(first, second).n_rows == 10
