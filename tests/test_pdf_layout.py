"""What is a table and where its cells are: columns without rules, text over its cell, forms, frames, charts, pages."""

from __future__ import annotations

from pathlib import Path

import pytest
from pages import CHINESE, Sheet
from paper import Paper, texts

from extractors.model import Bbox, Table, tiles
from extractors.pdf.reader import read


def rules_of(table: Table) -> set[str]:
    return {doubt.rule for doubt in table.doubts}


def bare_column(paper: Paper) -> None:
    """Five rows; the second column has no rules inside."""
    ys = [100, 130, 160, 190, 220, 250]
    for x in (50, 100, 200, 400):
        paper.rule(x, ys[0], x, ys[-1])
    for y in ys:
        for x0, x1 in ((50, 100), (200, 400)):
            paper.rule(x0, y, x1, y)
    paper.rule(100, 100, 200, 100)
    paper.rule(100, 130, 200, 130)
    paper.rule(100, 250, 200, 250)
    for text, x in (("序号", 60), ("类别", 110), ("任务", 210)):
        paper.write(text, x, 119)
    for row, y in enumerate((149, 179, 209, 239), 1):
        paper.write(str(row), 60, y)
        paper.write(f"完成第{row}项任务", 210, y)


def slots(table: Table, col: int) -> list[tuple[int, int, str]]:
    """Row, row span and text of the cells of a column, from top to bottom."""
    return sorted((c.row, c.row_span, c.text) for c in table.cells if c.col == col)


def test_a_column_without_rules_whose_text_is_centred() -> None:
    paper = Paper()
    bare_column(paper)
    # Centred over the first row, over the next two, over the last.
    for text, y in (("甲类", 149), ("乙类", 194), ("丙类", 239)):
        paper.write(text, 110, y)
    (table,) = paper.read().tables
    assert tiles(table.cells, table.n_rows, table.n_cols)
    assert slots(table, 1) == [(0, 1, "类别"), (1, 1, "甲类"), (2, 2, "乙类"), (4, 1, "丙类")]
    assert rules_of(table) == {"span_inferred"}


def test_a_column_without_rules_whose_text_stands_at_the_top() -> None:
    paper = Paper()
    ys = [100, 130, 170, 210, 250, 290]
    for x in (50, 100, 200, 400):
        paper.rule(x, ys[0], x, ys[-1])
    for y in ys:
        for x0, x1 in ((50, 100), (200, 400)):
            paper.rule(x0, y, x1, y)
    for y in (100, 130, 290):
        paper.rule(100, y, 200, y)
    for text, x in (("序号", 60), ("类别", 110), ("任务", 210)):
        paper.write(text, x, 114)
    for row, y in enumerate((144, 184, 224, 264), 1):
        paper.write(str(row), 60, y)
        paper.write(f"完成第{row}项任务", 210, y)
    for text, y in (("甲类", 144), ("乙类", 184), ("丙类", 264)):
        paper.write(text, 110, y)
    (table,) = paper.read().tables
    assert slots(table, 1) == [(0, 1, "类别"), (1, 1, "甲类"), (2, 2, "乙类"), (4, 1, "丙类")]
    assert rules_of(table) == {"span_inferred"}


def test_a_merged_cell_with_several_lines_is_one_cell() -> None:
    paper = Paper()
    bare_column(paper)
    paper.rule(100, 190, 200, 190)
    paper.lines(["加快", "构建", "新格局"], 110, 146)
    paper.write("其他", 110, 224)
    (table,) = paper.read().tables
    assert slots(table, 1) == [(0, 1, "类别"), (1, 2, "加快\n构建\n新格局"), (3, 2, "其他")]
    assert not table.doubts


def test_text_that_runs_over_its_cell_onto_another() -> None:
    """The upper cell's fourth line lies on the lower cell's first; the stream tells them apart."""
    paper = Paper()
    paper.grid([50, 100, 250], [100, 145, 190])
    for text, y in (("1", 124), ("2", 169)):
        paper.write(text, 70, y)
    paper.lines(["第一项任务要完成的", "工作内容比较多所以", "写不下了只好一直写", "到下面的格子里去了"], 104, 112)
    paper.lines(["第二项任务写在自己", "的格子里面没有问题"], 106, 155)
    (table,) = paper.read().tables
    assert texts(table) == [
        ["1", "第一项任务要完成的\n工作内容比较多所以\n写不下了只好一直写\n到下面的格子里去了"],
        ["2", "第二项任务写在自己\n的格子里面没有问题"],
    ]
    assert rules_of(table) == {"overflow"}


@pytest.mark.parametrize(("scale", "dx", "dy"), [(1.0, 0, 0), (0.5, 100, 300), (1.5, -50, -200)])
def test_a_table_in_a_form(scale: float, dx: float, dy: float) -> None:
    paper = Paper()
    paper.canvas.beginForm("table")
    paper.grid([100, 200, 300], [400, 430, 460])
    for row, y in enumerate((419, 449)):
        for col, x in enumerate((110, 210)):
            paper.write("甲乙丙丁"[2 * row + col] * 3, x, y)
    paper.canvas.endForm()
    paper.canvas.saveState()
    paper.canvas.transform(scale, 0, 0, scale, dx, dy)
    paper.canvas.doForm("table")
    paper.canvas.restoreState()
    (table,) = paper.read().tables
    assert texts(table) == [["甲甲甲", "乙乙乙"], ["丙丙丙", "丁丁丁"]]
    box = table.cells[3].provenance.bbox
    assert box is not None
    # The form's lower left corner goes to (dx, dy) from the page's lower left one.
    low, high = (842 - 460) * scale + dy, (842 - 430) * scale + dy
    where = (200 * scale + dx, 842 - high, 300 * scale + dx, 842 - low)
    assert (box.x0, box.top, box.x1, box.bottom) == pytest.approx(where, abs=0.1)


def test_places_count_from_the_corner_of_the_crop_box() -> None:
    paper = Paper()
    paper.canvas.setCropBox((30, 50, 500, 800))
    paper.grid([50, 200, 350], [100, 140])
    paper.write("甲", 60, 124)
    paper.write("乙", 210, 124)
    paper.write("在裁剪框外", 60, 20)
    document = paper.read()
    (table,) = document.tables
    assert texts(table) == [["甲", "乙"]]
    # The box's upper edge lies 842 - 800 below that of the page.
    assert table.cells[0].provenance.bbox == Bbox(20, 58, 170, 98)
    assert [(item.kind, item.text) for item in document.left_out] == [("hidden", "在裁剪框外")]


def test_a_framed_paragraph_is_no_table() -> None:
    paper = Paper()
    paper.grid([50, 400], [100, 160])
    paper.lines(["这是一段加了边框的文字，", "不是表格。"], 60, 124)
    document = paper.read()
    assert not document.tables
    assert [block.text for block in document.blocks] == ["这是一段加了边框的文字，", "不是表格。"]


def test_a_page_border_is_no_table() -> None:
    paper = Paper()
    paper.grid([20, 575], [20, 822])
    paper.write("责任分解表", 250, 60, size=14)
    paper.grid([50, 200, 350], [100, 140])
    paper.write("甲", 60, 124)
    paper.write("乙", 210, 124)
    document = paper.read()
    (table,) = document.tables
    assert texts(table) == [["甲", "乙"]]
    assert table.cells[0].provenance.bbox == Bbox(50, 100, 200, 140)
    assert [block.text for block in document.blocks] == ["责任分解表"]


def test_a_bar_chart_is_no_table() -> None:
    paper = Paper()
    paper.rule(80, 400, 450, 400)
    paper.rule(80, 150, 80, 400)
    for number, (label, height) in enumerate((("一季度", 120), ("二季度", 200), ("三季度", 90), ("四季度", 160))):
        left = 100 + 85 * number
        paper.fill(left, 400 - height, left + 50, 400, (0.2, 0.4, 0.8))
        paper.write(label, left + 10, 415)
        paper.write(str(height), left + 15, 395 - height)
    document = paper.read()
    assert not document.tables
    assert len(document.blocks) >= 2


def test_a_chart_with_grid_lines_is_no_table() -> None:
    paper = Paper()
    for y in (200, 250, 300, 350, 400):
        paper.rule(80, y, 450, y, 0.25)
        paper.write(str(400 - y), 55, y + 3)
    for number, height in enumerate((120, 180, 90, 160)):
        left = 100 + 85 * number
        paper.fill(left, 400 - height, left + 50, 400, (0.2, 0.4, 0.8))
        paper.write(f"{number + 1}季度", left + 10, 415)
    assert not paper.read().tables


def test_a_table_beside_text() -> None:
    paper = Paper()
    left = ["左边的文字说明今年的", "工作安排，右边的表格", "列出各项任务。"]
    paper.lines(left, 50, 112)
    paper.grid([300, 380, 520], [100, 130, 160])
    for row, y in enumerate((119, 149)):
        for col, x in enumerate((310, 390)):
            paper.write("甲乙丙丁"[2 * row + col] * 3, x, y)
    document = paper.read()
    (table,) = document.tables
    assert texts(table) == [["甲甲甲", "乙乙乙"], ["丙丙丙", "丁丁丁"]]
    assert [block.text for block in document.blocks] == left


@pytest.mark.parametrize("lower", [0.0, 0.4, -0.4])
def test_tables_beside_each_other_are_read_from_the_left(lower: float) -> None:
    paper = Paper()
    for name, left, top in (("右", 320, 100 + lower), ("左", 50, 100)):
        paper.grid([left, left + 100, left + 200], [top, top + 30, top + 60])
        for row in (0, 1):
            for col in (0, 1):
                paper.write(f"{name}{row}{col}", left + 10 + 100 * col, top + 19 + 30 * row)
    tables = paper.read().tables
    assert [texts(table) for table in tables] == [
        [[f"{name}00", f"{name}01"], [f"{name}10", f"{name}11"]] for name in ("左", "右")
    ]


def test_two_tables_on_a_page_with_their_captions() -> None:
    paper = Paper()
    for name, top in (("表一", 100), ("表二", 300)):
        paper.write(f"{name} 责任分解表", 200, top - 10)
        paper.grid([50, 200, 350], [top, top + 30, top + 60])
        for row in (0, 1):
            for col, x in enumerate((60, 210)):
                paper.write(f"{name}{row}{col}", x, top + 19 + 30 * row)
    tables = paper.read().tables
    assert [texts(table) for table in tables] == [
        [[f"{name}00", f"{name}01"], [f"{name}10", f"{name}11"]] for name in ("表一", "表二")
    ]
    assert [table.caption for table in tables] == ["表一 责任分解表", "表二 责任分解表"]


def test_an_underline_is_no_ruling() -> None:
    paper = Paper()
    paper.grid([50, 250, 350], [100, 160])
    paper.write("完成投资____亿元", 60, 120)
    paper.rule(100, 123, 130, 123)
    paper.rule(60, 143, 160, 143)
    paper.write("其中市属项目加下划线", 60, 140)
    paper.write("乙", 260, 130)
    (table,) = paper.read().tables
    assert texts(table) == [["完成投资____亿元\n其中市属项目加下划线", "乙"]]


def test_a_diagonal_in_the_heading_is_no_ruling() -> None:
    paper = Paper()
    paper.grid([50, 150, 250], [100, 140, 170])
    paper.rule(50, 100, 150, 140)
    for text, x, y in (("任务", 110, 115), ("单位", 60, 135), ("修路", 160, 124), ("甲局", 60, 159), ("5条", 160, 159)):
        paper.write(text, x, y)
    (table,) = paper.read().tables
    assert (table.n_rows, table.n_cols) == (2, 2)
    assert texts(table) == [["任务\n单位", "修路"], ["甲局", "5条"]]


def test_an_empty_cell_is_a_cell() -> None:
    paper = Paper()
    paper.grid([50, 150, 250, 350], [100, 130, 160])
    for text, x, y in (("甲", 60, 119), ("丙", 260, 119), ("乙", 160, 149)):
        paper.write(text, x, y)
    (table,) = paper.read().tables
    assert texts(table) == [["甲", "", "丙"], ["", "乙", ""]]


def test_each_page_has_its_own_tables_and_numbers() -> None:
    paper = Paper()
    for number in (1, 2, 3):
        if number > 1:
            paper.turn_page()
        if number != 2:
            paper.grid([50, 200, 350], [100, 140])
            paper.write("甲", 60, 124)
            paper.write(f"第{number}张", 210, 124)
        else:
            paper.write("这一页没有表格。", 60, 124)
    document = paper.read()
    assert document.pages == 3
    assert [(table.page, table.cells[1].text) for table in document.tables] == [(1, "第1张"), (3, "第3张")]
    assert {cell.provenance.page for cell in document.tables[1].cells} == {3}
    assert [(block.text, block.provenance.page) for block in document.blocks] == [("这一页没有表格。", 2)]


def test_an_outer_column_whose_lines_only_other_pages_show() -> None:
    """Open at the left; on the second page one line across shows where the first label ends and the next begins."""
    sheet = Sheet(CHINESE)
    columns = [60.0, 120.0, 160.0, 420.0, 530.0]

    def ruled(ys: list[float], first: set[float]) -> None:
        for y in ys:
            sheet.line(columns[0] if y in first else columns[1], y, columns[-1], y)
        for x in columns[1:-1]:
            sheet.line(x, ys[0], x, ys[-1])

    def say(y: float, *texts: str) -> None:
        for x, text in zip(columns, texts, strict=False):
            sheet.text(x + 4, y, text)

    ruled([100, 130, 160, 190], {100, 130, 190})
    say(108, "目标名称", "序号", "工作标准", "牵头单位")
    say(138, "做强产业", "1", "做大经济总量。", "区发改局")
    say(168, "", "2", "培育市场主体。", "区工信局")
    sheet.next_page()
    ruled([60, 90, 120, 150], {90})
    say(68, "", "3", "抓好项目建设。", "区发改局")
    say(98, "改善民生", "4", "办好学校教育。", "区教育局")
    say(128, "", "5", "提高养老水平。", "区民政局")
    first, second = read(sheet.pdf(), Path("drawn.pdf")).tables
    assert [(cell.text, cell.row, cell.row_span) for cell in first.cells if cell.col == 0] == [
        ("目标名称", 0, 1),
        ("做强产业", 1, 2),
    ]
    assert [(cell.text, cell.row, cell.row_span) for cell in second.cells if cell.col == 0] == [
        ("", 0, 1),
        ("改善民生", 1, 2),
    ]


def test_an_outer_column_beside_columns_that_another_page_merges() -> None:
    """The first page has one cell over two columns each time; open at the left, as is the second, where only the line
    above tells that there is a column.
    """
    sheet = Sheet(CHINESE)

    def ruled(ys: list[float], columns: list[float], outer: set[float]) -> None:
        for y in ys:
            sheet.line(columns[0] if y in outer else columns[1], y, columns[-1], y)
        for x in columns[1:-1]:
            sheet.line(x, ys[0], x, ys[-1])

    wide = [60.0, 90.0, 200.0, 420.0, 530.0]
    ruled([100, 130, 160], wide, {100, 130, 160})
    for x, first, second in zip(
        wide, ("序号", "类别", "工作内容", "责任单位"), ("1", "政府自身建设", "①做大总量。", "区发改局"), strict=False
    ):
        sheet.text(x + 4, 108, first)
        sheet.text(x + 4, 138, second)
    sheet.next_page()
    narrow = [60.0, 90.0, 140.0, 200.0, 420.0, 530.0]
    ruled([60, 90, 120], narrow, {60})
    sheet.text(64, 68, "2")
    for x, text in zip(narrow[1:], ("改革开放", "数字经济", "②抓好项目建设。", "区发改局"), strict=False):
        sheet.text(x + 4, 68, text)
    for x, text in zip(narrow[1:], ("改善民生", "教育", "③办好学校教育。", "区教育局"), strict=False):
        sheet.text(x + 4, 98, text)
    _, found = read(sheet.pdf(), Path("drawn.pdf")).tables
    assert found.n_cols == 5
    assert [cell.text for cell in found.cells if cell.row == 0] == [
        "2", "改革开放", "数字经济", "②抓好项目建设。", "区发改局"
    ]  # fmt: skip


def test_dots_of_two_dotted_lines_are_no_lines_across_them() -> None:
    """Where a page break leaves a sliver of a row, its two borders have their dots at the same places."""
    sheet = Sheet(CHINESE)

    def dotted(x0: float, y0: float, x1: float, y1: float) -> None:
        steps = round(max(x1 - x0, y1 - y0) / 3.75)
        for step in range(steps + 1):
            x, y = x0 + (x1 - x0) * step / steps, y0 + (y1 - y0) * step / steps
            sheet.fill(x, y, x + 0.75, y + 0.75, grey=0)

    columns, ys = [60.0, 120.0, 435.0, 525.0], [100.0, 130.0, 160.0, 164.5]
    for y in ys:
        dotted(columns[0], y, columns[-1], y)
    for x in columns:
        dotted(x, ys[0], x, ys[-1])
    for y, said in ((108, ("1", "做大经济总量。", "区发改局")), (138, ("2", "培育市场主体。", "区工信局"))):
        for x, text in zip(columns, said, strict=False):
            sheet.text(x + 6, y, text)
    (table,) = read(sheet.pdf(), Path("drawn.pdf")).tables
    assert table.n_cols == 3
    assert [cell.text for cell in table.cells if cell.row < 2] == [
        "1", "做大经济总量。", "区发改局", "2", "培育市场主体。", "区工信局"
    ]  # fmt: skip
