"""Headings of tables without rulings: labels of two levels, of several lines, over several columns."""

from __future__ import annotations

import pytest
from pages import CHINESE, Sheet
from unruled import centred, document, rows

#: A heading of two levels: the labels of one level stand in the middle between the two of the other.
PARTIES = ("序号", "工作标准", "责任单位", "牵头单位", "配合单位", "完成时限")
PARTY_PLACES = [(70.0, "centre"), (90.0, "left"), (360.0, "centre"), (460.0, "centre"), (540.0, "centre")]


def two_levels(sheet: Sheet, y: float, step: float) -> float:
    """The heading, of which the two levels are ``step`` apart; gives where the first row begins."""
    no, content, group, lead, support, deadline = PARTIES
    sheet.text(410, y, group, "centre")
    for x, text in ((70.0, no), (200.0, content), (540.0, deadline)):
        sheet.text(x, y + step / 2, text, "centre")
    sheet.text(360, y + step, lead, "centre")
    sheet.text(460, y + step, support, "centre")
    return y + step + 22


@pytest.mark.parametrize("step", [14.0, 26.0])
def test_labels_in_the_middle_of_both_levels_of_a_heading(step: float) -> None:
    """They lie beside the lines of both levels, or are a line between them; so they do on a page with one row."""
    sheet = Sheet(CHINESE)
    body = [
        ("1", "抓好国省干线公路改造，坚决守住\n底线。", "区退役军人局\n区妇联", "区资源规划局", "年底前"),
        ("2", "抓好企业培育。", "区医保局", "区财政局\n区住建局\n区人社局", "上半年"),
        ("3", "抓好项目建设。", "区发改局", "—", "全年"),
        ("4", "抓好链条，建成高标准农田\n49.5万亩。", "新丰高新区管委会", "各乡镇", "12月"),
    ]  # fmt: skip
    y = two_levels(sheet, 70, step)
    for row in body[:3]:
        y = centred(sheet, y, PARTY_PLACES, row) + 12
    sheet.next_page()
    centred(sheet, two_levels(sheet, 70, step), PARTY_PLACES, body[3])
    shown = [[text.replace("\n", "|") for text in row] for row in body]
    no, content, group, lead, support, deadline = PARTIES
    heading = [[f"{no}*2", f"{content}*2", f"{group}*2", f"{deadline}*2"], [lead, support]]
    assert [rows(table) for table in document(sheet).tables] == [[*heading, *shown[:3]], [*heading, shown[3]]]


def test_a_label_of_three_lines_stands_over_no_columns() -> None:
    sheet = Sheet(CHINESE)
    places = [(70.0, "centre"), (90.0, "left"), (360.0, "centre"), (460.0, "centre")]
    heading = ("编\n号", "目标任务", "县政府\n分管领\n导", "主办单位")
    body = [
        ("1", "抓好国省干线公路改造，坚决守住不发生\n规模性返贫底线。", "王旭锋", "区退役军人局"),
        ("2", "抓好企业培育。", "江文亭", "区医保局"),
    ]
    y = centred(sheet, 70, places, heading) + 10
    for row in body:
        y = centred(sheet, y, places, row) + 12
    (table,) = document(sheet).tables
    assert rows(table) == [[text.replace("\n", "|") for text in row] for row in (heading, *body)]


def test_a_label_over_two_columns_does_not_make_them_one() -> None:
    """The upper level has as many labels as the rows have texts."""
    sheet = Sheet(CHINESE)
    places = [(70.0, "centre"), (90.0, "left"), (330.0, "left"), (430.0, "left")]
    for x, text in ((70.0, "序号"), (200.0, "工作标准"), (415.0, "责任单位")):
        sheet.text(x, 70, text, "centre")
    sheet.text(360, 84, "牵头单位", "centre")
    sheet.text(470, 84, "配合单位", "centre")
    sheet.line(60, 98, 520, 98)
    for number in range(1, 6):
        texts = (str(number), f"推进第{number}个项目建设。", "区文商旅发展局", "区经济开发区财政局")
        sheet.row(88 + 20 * number, places, texts)
    (table,) = document(sheet).tables
    assert rows(table)[:3] == [
        ["序号*2", "工作标准*2", "责任单位*2"],
        ["牵头单位", "配合单位"],
        ["1", "推进第1个项目建设。", "区文商旅发展局", "区经济开发区财政局"],
    ]
