"""What stands on a page and is no part of its text: left out of the cells, and listed as left out."""

from __future__ import annotations

import math

import pytest
from paper import BLACK, HELVETICA, RED, WHITE, Paper, texts

from extractors.model import SourceDocument

_XS, _YS = [50, 200, 350, 500], [100, 140, 180, 220]
_CELLS = [[f"第{row}行第{col}列" for col in "一二三"] for row in "一二三"]
GREY = (0.8, 0.8, 0.8)


def ruled_page(paper: Paper) -> None:
    """Nine cells with known texts."""
    paper.grid(_XS, _YS)
    for row, y in enumerate((124, 164, 204)):
        for col, x in enumerate((60, 210, 360)):
            paper.write(_CELLS[row][col], x, y)


def left_out(document: SourceDocument) -> list[tuple[str, str]]:
    return [(item.kind, "".join(item.text.split())) for item in document.left_out]


def check_cells(document: SourceDocument) -> None:
    (table,) = document.tables
    assert texts(table) == _CELLS


def leaning(paper: Paper, text: str, angle: float, size: float = 48, alpha: float = 1.0) -> None:
    """Write over the middle of the table at an angle."""
    canvas = paper.canvas
    canvas.saveState()
    canvas.translate(275, paper.height - 160)
    canvas.rotate(angle)
    canvas.setFillColorRGB(*GREY, alpha=alpha)
    canvas.setFont("STSong-Light", size)
    canvas.drawCentredString(0, -size / 3, text)
    canvas.restoreState()


@pytest.mark.parametrize("before", [True, False])
@pytest.mark.parametrize("angle", [30, 45, -45])
def test_a_leaning_watermark(before: bool, angle: float) -> None:
    paper = Paper()
    if before:
        leaning(paper, "内部资料", angle)
    ruled_page(paper)
    if not before:
        leaning(paper, "内部资料", angle)
    document = paper.read()
    check_cells(document)
    assert left_out(document) == [("watermark", "内部资料")]
    assert not document.blocks


def test_a_transparent_watermark_in_level_text() -> None:
    paper = Paper()
    ruled_page(paper)
    paper.canvas.saveState()
    paper.canvas.setFillAlpha(0.25)
    paper.write("征求意见稿", 100, 175, size=60)
    paper.canvas.restoreState()
    document = paper.read()
    check_cells(document)
    assert left_out(document) == [("watermark", "征求意见稿")]


def test_a_pale_watermark_in_level_text() -> None:
    paper = Paper()
    paper.write("征求意见稿", 100, 175, size=60, colour=GREY)
    ruled_page(paper)
    document = paper.read()
    check_cells(document)
    assert left_out(document) == [("watermark", "征求意见稿")]


def test_small_watermarks_all_over_the_page() -> None:
    paper = Paper()
    ruled_page(paper)
    for x in (100, 250, 400):
        for y in (150, 250):
            paper.canvas.saveState()
            paper.canvas.translate(x, paper.height - y)
            paper.canvas.rotate(25)
            paper.canvas.setFillColorRGB(*GREY)
            paper.canvas.setFont("STSong-Light", 12)
            paper.canvas.drawString(0, 0, "某某区政府办")
            paper.canvas.restoreState()
    document = paper.read()
    check_cells(document)
    assert left_out(document) == [("watermark", "某某区政府办" * 6)]


def test_grey_text_of_usual_size_is_text() -> None:
    paper = Paper()
    paper.grid([50, 200, 350], [100, 140])
    paper.write("灰色的字", 60, 124, colour=(0.6, 0.6, 0.6))
    paper.write("黑色的字", 210, 124)
    document = paper.read()
    assert texts(document.tables[0]) == [["灰色的字", "黑色的字"]]
    assert not document.left_out


def seal(paper: Paper, x: float, y: float, around: str, below: str) -> None:
    """A round seal: a ring, text around inside of it, a star, a line of text below the star."""
    canvas = paper.canvas
    canvas.saveState()
    canvas.translate(x, paper.height - y)
    canvas.setStrokeColorRGB(*RED)
    canvas.setFillColorRGB(*RED)
    canvas.setLineWidth(2)
    canvas.circle(0, 0, 60)
    star = canvas.beginPath()
    for point in range(5):
        angle = math.radians(90 + 144 * point)
        (star.lineTo if point else star.moveTo)(18 * math.cos(angle), 18 * math.sin(angle))
    star.close()
    canvas.drawPath(star, stroke=0, fill=1)
    canvas.setFont("STSong-Light", 13)
    for number, char in enumerate(around):
        canvas.saveState()
        canvas.rotate(110 - number * 220 / (len(around) - 1))
        canvas.drawCentredString(0, 42, char)
        canvas.restoreState()
    canvas.setFont("STSong-Light", 9)
    canvas.drawCentredString(0, -38, below)
    canvas.restoreState()


def test_a_red_seal_over_cells() -> None:
    paper = Paper()
    ruled_page(paper)
    seal(paper, 300, 170, "某某区人民政府办公室", "公文专用章")
    document = paper.read()
    check_cells(document)
    (kind, text), *more = left_out(document)
    assert not more
    assert kind == "seal"
    assert sorted(text) == sorted("某某区人民政府办公室公文专用章")
    where = document.left_out[0].provenance.bbox
    assert where is not None
    assert 235 <= where.x0 < where.x1 <= 365
    assert 105 <= where.top < where.bottom <= 235
    assert not document.blocks


def test_red_text_in_a_cell_is_text() -> None:
    paper = Paper()
    paper.grid([50, 200, 350], [100, 140])
    paper.write("重点任务", 60, 124, colour=RED)
    paper.write("其他任务", 210, 124)
    document = paper.read()
    assert texts(document.tables[0]) == [["重点任务", "其他任务"]]
    assert not document.left_out


@pytest.mark.parametrize("form", ["{}", "- {} -", "— {} —", "第 {} 页", "第{}页 共3页", "{}/3", "Page {} of 3"])
def test_page_numbers(form: str) -> None:
    paper = Paper()
    for number in (1, 2, 3):
        if number > 1:
            paper.turn_page()
        ruled_page(paper)
        paper.write(form.format(number), 280, 810, size=9)
    document = paper.read()
    assert [texts(table) for table in document.tables] == [_CELLS] * 3
    assert left_out(document) == [("page_number", "".join(form.format(number).split())) for number in (1, 2, 3)]
    assert [item.provenance.page for item in document.left_out] == [1, 2, 3]
    assert not document.blocks


@pytest.mark.parametrize("form", ["- {} -", "— {} —", "第 {} 页", "第{}页 共3页"])
def test_page_numbers_between_rulings_that_run_on_below_the_text(form: str) -> None:
    paper = Paper()
    for number in (1, 2, 3):
        if number > 1:
            paper.turn_page()
        ruled_page(paper)
        for x in _XS:
            paper.rule(x, 220, x, 900)
        paper.write("持续推进。", 210, 760)
        paper.write(form.format(number), 260, 810, size=9)
    document = paper.read()
    assert [texts(table)[-1][1] for table in document.tables] == ["持续推进。"] * 3
    assert left_out(document) == [("page_number", "".join(form.format(number).split())) for number in (1, 2, 3)]


def test_running_heads() -> None:
    paper = Paper()
    for number in (1, 2, 3):
        if number > 1:
            paper.turn_page()
        paper.write("某某区人民政府公报", 250, 40, size=9)
        if number == 1:
            paper.write("主要目标任务责任分解表", 220, 80, size=14)
        ruled_page(paper)
    document = paper.read()
    assert [texts(table) for table in document.tables] == [_CELLS] * 3
    assert left_out(document) == [("running_head", "某某区人民政府公报")] * 3
    assert [block.text for block in document.blocks] == ["主要目标任务责任分解表"]


def test_a_number_in_a_cell_at_the_foot_of_a_page_is_no_page_number() -> None:
    paper = Paper()
    paper.grid([50, 200, 350], [760, 790, 820])
    for text, x, y in (("序号", 60, 780), ("任务", 210, 780), ("12", 60, 810), ("3", 210, 810)):
        paper.write(text, x, y)
    document = paper.read()
    assert texts(document.tables[0]) == [["序号", "任务"], ["12", "3"]]
    assert not document.left_out


def test_text_that_is_painted_in_no_way() -> None:
    paper = Paper()
    ruled_page(paper)
    paper.write("看不见", 120, 124, mode=3)
    document = paper.read()
    check_cells(document)
    assert left_out(document) == [("hidden", "看不见")]


def test_white_text_on_white_paper() -> None:
    paper = Paper()
    paper.fill(50, 180, 200, 220, (0.2, 0.3, 0.6))
    ruled_page(paper)
    paper.write("白纸白字", 120, 124, colour=WHITE)
    document = paper.read()
    check_cells(document)
    assert left_out(document) == [("hidden", "白纸白字")]


def test_white_text_on_a_dark_heading_is_text() -> None:
    paper = Paper()
    paper.fill(50, 100, 350, 140, (0.1, 0.2, 0.5))
    paper.grid([50, 200, 350], [100, 140, 180])
    for text, x, y, colour in (("序号", 60, 124, WHITE), ("任务", 210, 124, WHITE), ("1", 60, 164, BLACK)):
        paper.write(text, x, y, colour=colour)
    paper.write("修路", 210, 164)
    document = paper.read()
    assert texts(document.tables[0]) == [["序号", "任务"], ["1", "修路"]]
    assert not document.left_out


def test_text_that_is_clipped_away() -> None:
    paper = Paper()
    ruled_page(paper)
    canvas = paper.canvas
    canvas.saveState()
    clip = canvas.beginPath()
    clip.rect(400, 300, 100, 50)
    canvas.clipPath(clip, stroke=0, fill=0)
    paper.write("剪掉的字", 120, 124)
    canvas.restoreState()
    document = paper.read()
    check_cells(document)
    assert left_out(document) == [("hidden", "剪掉的字")]


def test_a_line_of_a_cell_that_does_not_fit_is_clipped_away() -> None:
    """A line below its row, as far as its type is high; one that reaches out of its row a little still shows."""
    paper = Paper()
    ruled_page(paper)
    canvas = paper.canvas
    canvas.saveState()
    clip = canvas.beginPath()
    clip.rect(50, paper.height - 140, 150, 40)
    canvas.clipPath(clip, stroke=0, fill=0)
    paper.write("导", 120, 152)
    canvas.restoreState()
    document = paper.read()
    check_cells(document)
    assert left_out(document) == [("hidden", "导")]


def test_text_that_stands_off_the_page() -> None:
    paper = Paper()
    ruled_page(paper)
    paper.write("纸外的字", 700, 124)
    paper.write("纸上方的字", 60, -30)
    document = paper.read()
    check_cells(document)
    assert sorted(left_out(document)) == [("hidden", "纸上方的字"), ("hidden", "纸外的字")]
    assert not document.blocks


def test_text_too_small_to_be_seen() -> None:
    paper = Paper()
    ruled_page(paper)
    paper.write("小得看不见的字", 120, 124, size=0.8)
    document = paper.read()
    check_cells(document)
    assert left_out(document) == [("hidden", "小得看不见的字")]


@pytest.mark.parametrize("shift", [0.0, 0.2, 0.4])
def test_bold_type_made_by_painting_twice(shift: float) -> None:
    paper = Paper()
    paper.grid([50, 200, 350], [100, 140])
    for off in (0.0, shift):
        paper.write("目标任务 2026", 60 + off, 124)
        paper.write("Illegal fill, 11.1", 210 + off, 124, font=HELVETICA)
    document = paper.read()
    assert texts(document.tables[0]) == [["目标任务 2026", "Illegal fill, 11.1"]]
    assert {kind for kind, _ in left_out(document)} <= {"doubled"}


def test_twins_side_by_side_are_both_read() -> None:
    paper = Paper()
    paper.grid([50, 200, 350], [100, 140])
    paper.write("层层落实……111年", 60, 124)
    paper.write("all will ill fill, ii", 210, 124, font=HELVETICA)
    document = paper.read()
    assert texts(document.tables[0]) == [["层层落实……111年", "all will ill fill, ii"]]
    assert not document.left_out
