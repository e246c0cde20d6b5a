"""Tab-separated text: pages, wrapped cells, text around the table."""

from __future__ import annotations

from extractors.delimited import parse
from extractors.model import SourceDocument, tiles

HEADING = "序号\t目标名称\t工作标准\t分管领导\t牵头单位"


def rows(document: SourceDocument) -> list[list[list[str]]]:
    """The texts of each table, row by row."""
    result = []
    for table in document.tables:
        assert tiles(table.cells, table.n_rows, table.n_cols)
        grid = [[""] * table.n_cols for _ in range(table.n_rows)]
        for cell in table.cells:
            grid[cell.row][cell.col] = cell.text
        result.append(grid)
    return result


def test_a_repeated_heading_begins_a_page() -> None:
    document = parse(f"附件 1\n\n标题\n\n{HEADING}\n1\t甲\t(1) 一。\t王伟\t区局\n\n{HEADING}\n\t\t(2) 二。\t\t\n", "x")
    assert document.pages == 2
    assert [table.page for table in document.tables] == [1, 2]
    assert [(block.text, block.provenance.line) for block in document.blocks] == [("附件 1", "1"), ("标题", "3")]
    assert rows(document)[1][1] == ["", "", "(2) 二。", "", ""]
    assert document.tables[1].cells[-1].provenance.line == "9"


def test_a_heading_with_other_blanks_or_a_lost_label_is_a_repeat() -> None:
    repeat = "序号\t目标名称\t\t工 作 标 准\t牵头单位"
    document = parse(f"{HEADING}\n1\t甲\t(1) 一。\t王伟\t区局\n{repeat}\n\t\t\t(2) 二。\t区局\n", "x")
    assert [table.page for table in document.tables] == [1, 2]


def test_form_feeds_make_the_pages_and_repeated_headings_then_do_not() -> None:
    document = parse(
        f"{HEADING}\n1\t甲\t(1) 一。\t王伟\t区局\n\f{HEADING}\n\t\t(2) 二。\t\t\n\f\t\t(3) 三。\t\t\n", "x"
    )
    assert document.pages == 3
    assert [table.page for table in document.tables] == [1, 2, 3]


def test_page_numbers_are_text_and_end_a_page() -> None:
    document = parse(f"{HEADING}\n1\t甲\t(1) 一。\t王伟\t区局\n— 1 —\n\t\t(2) 二。\t\t\n第 2 页 共 2 页\n", "x")
    assert [table.page for table in document.tables] == [1, 2]
    assert [block.text for block in document.blocks] == ["— 1 —", "第 2 页 共 2 页"]


def test_a_cell_wrapped_over_lines_is_put_together() -> None:
    text = (
        f"{HEADING}\n1\t甲\t(1) 优化城市功能，\n推进道路建成通车。\t王伟\t区局\n区委\n\t\t(2) 二。\t\t\n注：以上任务\n"
    )
    document = parse(text, "x")
    grid = rows(document)[0]
    assert grid[1] == ["1", "甲", "(1) 优化城市功能，\n推进道路建成通车。", "王伟", "区局\n区委"]
    assert grid[2][2] == "(2) 二。"
    assert document.tables[0].cells[5].provenance.line == "2-4"
    assert document.blocks[-1].text == "注：以上任务"


def test_quoted_cells_may_hold_line_breaks() -> None:
    document = parse(f'{HEADING}\n1\t甲\t(1) “一”。\t王伟\t"区局\n区委"\n\t\t(2) 说"二"。\t\t\n', "x")
    assert rows(document)[0][1][4] == "区局\n区委"
    assert rows(document)[0][2][2] == '(2) 说"二"。'


def test_a_row_that_lost_all_its_tabs_is_a_row() -> None:
    document = parse(f"{HEADING}\n1\t甲\t(1) 一。\t王伟\t区局\n(2) 二。\n\t\t(3) 三。\t\t\n", "x")
    assert [row[2] or row[0] for row in rows(document)[0]] == ["工作标准", "(1) 一。", "(2) 二。", "(3) 三。"]


def test_a_title_padded_with_tabs_is_no_row() -> None:
    document = parse(f"责任分解表\t\t\t\t\n\t\t\t\t\n{HEADING}\n1\t甲\t(1) 一。\t王伟\t区局\n注：完\t\t\t\t\n", "x")
    assert rows(document)[0][0][0] == "序号"
    assert [block.text for block in document.blocks] == ["责任分解表", "注：完"]


def test_a_second_table_begins_behind_its_own_title() -> None:
    other = "序号\t项目名称\t主要内容\t牵头单位"
    document = parse(
        f"{HEADING}\n1\t甲\t(1) 一。\t王伟\t区局\n\n附件2\n民生实事表\n\n{other}\n1\t丙\t办好\t区局\n", "x"
    )
    assert len(document.tables) == 2
    assert [block.text for block in document.blocks] == ["附件2", "民生实事表"]


def test_no_line_is_lost() -> None:
    text = f"标题\n{HEADING}\n1\t甲\t(1) 一。\t王伟\t区局\n散落的一行\n\n又一行\n\t\t(2) 二。\t\t\n"
    document = parse(text, "x")
    seen = "".join(block.text for block in document.blocks) + "".join(c.text for t in document.tables for c in t.cells)
    for line in text.split():
        assert line in seen.replace("\n", "")
