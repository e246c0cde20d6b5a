"""Tables without rulings over pages: what a page break leaves of a row, and what follows a table."""

from __future__ import annotations

import pytest
from pages import CHINESE, Sheet
from unruled import document, rows

from extractors.stitch import stitch


def task_page(sheet: Sheet, y: float, numbers: range) -> float:
    places = [(65.0, "centre"), (90.0, "left"), (390.0, "left")]
    for number in numbers:
        sheet.row(
            y,
            places,
            [str(number), f"推进第{number}个项目建设，\n确保年内完成投资{number}亿元以上。", "区发改局\n区财政局"],
        )
        y += 40
    return y


def test_the_rest_of_a_row_at_the_head_of_a_page() -> None:
    """Two lines in two columns are no table, but the page before ends in the middle of a row; a title follows."""
    sheet = Sheet(CHINESE)
    sheet.row(60, [(65.0, "centre"), (200.0, "centre"), (410.0, "centre")], ["序号", "工作标准", "牵头单位"])
    y = task_page(sheet, 84, range(1, 18))
    sheet.row(
        y,
        [(65.0, "centre"), (90.0, "left"), (390.0, "left")],
        ["18", "推进最后一个项目建设，\n新建道路", "区住建局\n区城管局"],
    )
    sheet.next_page()
    sheet.text(90, 60, "18公里。")
    sheet.text(390, 60, "区水利局")
    sheet.text(52, 84, "二、改善民生")
    task_page(sheet, 108, range(19, 22))
    found = document(sheet)
    assert rows(found.tables[1])[:3] == [
        ["", "18公里。", "区水利局"],
        ["二、改善民生*3"],
        ["19", "推进第19个项目建设，|确保年内完成投资19亿元以上。", "区发改局|区财政局"],
    ]
    assert not found.blocks
    assert "uncertain_join" not in [doubt.rule for doubt in found.tables[1].doubts]
    (table,) = stitch(list(found.tables))
    last = [cell.text for cell in table.cells if cell.row == 18]
    assert last == ["18", "推进最后一个项目建设，\n新建道路\n18公里。", "区住建局\n区城管局\n区水利局"]


def test_the_rest_of_the_last_row_and_a_note_on_a_page_of_their_own() -> None:
    sheet = Sheet(CHINESE)
    sheet.row(60, [(65.0, "centre"), (200.0, "centre"), (410.0, "centre")], ["序号", "工作标准", "牵头单位"])
    task_page(sheet, 84, range(1, 19))
    sheet.next_page()
    sheet.text(390, 60, "区水利局")
    sheet.text(52, 100, "备注：完成时限未注明的均为12月底前。")
    found = document(sheet)
    assert rows(found.tables[1]) == [["", "", "区水利局"]]
    # Nothing before it is unfinished.
    assert "uncertain_join" in [doubt.rule for doubt in found.tables[1].doubts]
    assert [block.text for block in found.blocks] == ["备注：完成时限未注明的均为12月底前。"]


def test_what_follows_a_table_that_ends_on_its_page_is_no_rest_of_it() -> None:
    sheet = Sheet(CHINESE)
    sheet.row(60, [(65.0, "centre"), (200.0, "centre"), (410.0, "centre")], ["序号", "工作标准", "牵头单位"])
    task_page(sheet, 84, range(1, 6))
    sheet.next_page()
    sheet.text(390, 60, "区水利局")
    found = document(sheet)
    assert len(found.tables) == 1
    assert [block.text for block in found.blocks] == ["区水利局"]


@pytest.mark.parametrize(("x", "align"), [(470.0, "right"), (390.0, "left")])
def test_a_signature_and_a_date_are_no_rest_of_a_row(x: float, align: str) -> None:
    sheet = Sheet(CHINESE)
    sheet.row(60, [(65.0, "centre"), (200.0, "centre"), (410.0, "centre")], ["序号", "工作标准", "牵头单位"])
    task_page(sheet, 84, range(1, 19))
    sheet.next_page()
    sheet.text(x, 60, "区政府办", align)
    sheet.text(x, 76, "2026年3月1日", align)
    found = document(sheet)
    assert [block.text for block in found.blocks] == ["区政府办", "2026年3月1日"]
