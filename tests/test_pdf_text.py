"""Text of cells: code points, blanks, hyphens, upright labels, the order of the stream, line breaks."""

from __future__ import annotations

from pathlib import Path

import pytest
from paper import HELVETICA, SONG, Paper, texts, width_of
from raw_pdf import page_with_font

from extractors.model import Cell
from extractors.pdf.reader import read

#: A table of one row and two columns, in the raw page's own points, from the bottom.
_FRAME = "20 100 m 280 100 l S 20 140 m 280 140 l S 20 100 m 20 140 l S 150 100 m 150 140 l S 280 100 m 280 140 l S "


def cells_of(codes: str, code_points: dict[int, str]) -> list[str]:
    """What is read of two cells; the first shows these codes, the second 乙乙."""
    content = f"{_FRAME} BT /F 10 Tf 25 115 Td <{codes}> Tj 130 0 Td <00FF00FF> Tj ET"
    document = read(page_with_font(content, {**code_points, 0xFF: "乙"}), Path("raw.pdf"))
    (table,) = document.tables
    return [cell.text for cell in table.cells]


def one_row(paper: Paper, width: float = 120, height: float = 40) -> None:
    """Rule two cells; the first begins at (50, 100), the second is for a text that makes it a table."""
    paper.grid([50, 50 + width, 110 + width], [100, 100 + height])
    paper.write("乙", 60 + width, 115)


def first_cell(paper: Paper) -> Cell:
    (table,) = paper.read().tables
    return table.cells[0]


def test_radicals_become_the_characters_they_look_like() -> None:
    # Kangxi 工 and 金, a radical of the CJK supplement (门), a compatibility ideograph (金), a wide comma.
    found = cells_of("00010002000300040005", {1: "\u2f2f", 2: "\u2fa6", 3: "\u2ed4", 4: "\uf90a", 5: "，"})
    assert found == ["工金门金，", "乙乙"]


def test_a_character_without_a_code_point_is_not_dropped() -> None:
    assert cells_of("0001000700021234", {1: "甲", 2: "丙"}) == ["甲\ufffd丙\ufffd", "乙乙"]


def test_an_ideograph_beyond_16_bits_is_one_character() -> None:
    assert cells_of("00010002", {1: "\U00020bb7", 2: "野"}) == ["\U00020bb7野", "乙乙"]


def test_a_hyphen_at_the_end_of_a_line_is_a_hyphen() -> None:
    paper = Paper()
    one_row(paper)
    paper.write("respon-", 55, 115, font=HELVETICA)
    paper.write("sibility", 55, 129, font=HELVETICA)
    assert first_cell(paper).text == "respon-\nsibility"


@pytest.mark.parametrize("text", ["工 作 标 准", "区 政 府 分 管 领 导", "工  作  标  准", "工　作　标　准"])
def test_blanks_that_spread_a_heading_are_removed(text: str) -> None:
    paper = Paper()
    one_row(paper, 150)
    paper.write(text, 60, 115)
    assert first_cell(paper).text == "".join(text.split())


@pytest.mark.parametrize("step", [12, 15, 22])
def test_characters_spread_over_a_cell_are_one_text(step: float) -> None:
    paper = Paper()
    one_row(paper)
    paper.spread("目标名称", 60, 115, step)
    assert first_cell(paper).text == "目标名称"


def test_blanks_between_names_are_kept() -> None:
    paper = Paper()
    one_row(paper, 150)
    paper.write("张三丰 李四光 王五", 60, 115)
    assert first_cell(paper).text == "张三丰 李四光 王五"


def test_wide_gaps_between_names_are_blanks() -> None:
    paper = Paper()
    one_row(paper, 150)
    for number, name in enumerate(("区财政局", "区民政局", "区审计局")):
        paper.write(name, 55 + number * 48, 115)
    assert first_cell(paper).text == "区财政局 区民政局 区审计局"


def test_spread_names_keep_the_wider_gaps_between_them() -> None:
    paper = Paper()
    one_row(paper, 200)
    paper.spread("张伟明", 55, 115, 14)
    paper.spread("李建国", 120, 115, 14)
    assert first_cell(paper).text == "张伟明 李建国"


def test_blanks_between_english_words_are_kept() -> None:
    paper = Paper()
    one_row(paper, 200)
    paper.write("All will fill 11 forms by 2026...", 55, 115, font=HELVETICA)
    assert first_cell(paper).text == "All will fill 11 forms by 2026..."


def test_an_upright_label_has_a_line_for_each_character() -> None:
    paper = Paper()
    one_row(paper, width=16, height=80)
    paper.lines("科技创新", 53, 115)
    cell = first_cell(paper)
    assert cell.text == "科\n技\n创\n新"
    # Nothing more goes into a line of this column: every break may be a mere wrap.
    assert cell.wraps == (1, 3, 5)


def test_an_upright_label_of_two_columns_of_characters_in_reading_order() -> None:
    paper = Paper()
    one_row(paper, width=30, height=80)
    paper.lines(["坚定", "不移", "创新"], 55, 115)
    assert first_cell(paper).text == "坚定\n不移\n创新"


def test_reading_order_is_not_the_order_of_the_stream() -> None:
    paper = Paper()
    one_row(paper)
    for y, line in ((129, "第二行文字"), (115, "第一行文字")):
        for number in reversed(range(len(line))):
            paper.write(line[number], 55 + 10 * number, y)
    assert first_cell(paper).text == "第一行文字\n第二行文字"


@pytest.mark.parametrize(("size", "raised"), [(6.7, 3.3), (7, 3.6), (6.7, -2)])
def test_a_raised_or_lowered_sign_stays_in_its_line(size: float, raised: float) -> None:
    paper = Paper()
    one_row(paper, 150)
    before = width_of("新增绿地10万m", SONG, 10)
    paper.write("新增绿地10万m", 55, 115)
    paper.write("2", 55 + before, 115 - raised, size)
    paper.write("以上", 59 + before, 115)
    paper.write("其他任务", 55, 127)
    assert first_cell(paper).text == "新增绿地10万m2以上\n其他任务"


def test_a_line_break_that_ends_a_full_line_may_be_a_wrap() -> None:
    paper = Paper()
    paper.grid([50, 150, 250], [100, 160])
    # The first cell has room for nine characters: its first line is full, its second ends where it is meant to.
    paper.lines(["区文商旅发展促进中", "心", "区发改局"], 54, 115)
    paper.lines(["区发改局", "区工信局"], 154, 115)
    first, second = paper.read().tables[0].cells
    assert first.text == "区文商旅发展促进中\n心\n区发改局"
    assert first.wraps == (9,)
    assert second.text == "区发改局\n区工信局"
    assert second.wraps == ()


def test_a_line_that_keeps_a_word_together_is_full() -> None:
    """The next line begins with a number that would not have fitted into what is left of this one."""
    paper = Paper()
    paper.grid([50, 150, 250], [100, 160])
    paper.lines(["实现销售收入超", "1200000万元"], 54, 115)
    paper.lines(["一二三四五六七八九", "十"], 154, 115)
    first, second = paper.read().tables[0].cells
    assert first.wraps == (7,)
    assert second.wraps == (9,)


def test_what_a_cell_says_and_where_it_stands() -> None:
    paper = Paper()
    paper.grid([50, 150, 250], [100, 130, 160])
    for row, y in enumerate((119, 149)):
        for col, x in enumerate((54, 154)):
            paper.write("甲乙丙丁"[2 * row + col] * 3, x, y)
    (table,) = paper.read().tables
    assert texts(table) == [["甲甲甲", "乙乙乙"], ["丙丙丙", "丁丁丁"]]
    assert table.columns == (50, 150, 250)
    assert table.rows == (100, 130, 160)
    ink = table.cells[3].ink
    assert ink is not None
    assert (ink.x0, ink.x1) == pytest.approx((154, 184), abs=0.1)
    assert 137 <= ink.top <= 142
    assert 149 <= ink.bottom <= 153


def test_a_mark_that_no_line_begins_with_moves_with_the_character_before_it() -> None:
    paper = Paper()
    paper.grid([50, 108, 250], [100, 160])
    # The first cell has room for five characters: 长 would have fitted behind 区, 长） does not; nor （副 behind 亭.
    paper.lines(["江文亭", "（副区", "长）"], 54, 115)
    paper.lines(["区发改局"], 112, 115)
    first, _ = paper.read().tables[0].cells
    assert first.text == "江文亭\n（副区\n长）"
    assert first.wraps == (3, 7)
