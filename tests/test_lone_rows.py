"""Rows above the heading, as a sheet that was saved as a web page has them: unmerged, with blank cells."""

from __future__ import annotations

from pathlib import Path

import pytest

from extractors.formats import read_content
from normalizers.normalize import normalize
from normalizers.records import NormalizedDocument
from normalizers.tabulate import nested

HEADING = ("序号", "目标名称", "工作任务", "分管领导", "牵头单位", "完成时限")
BODY = tuple((str(no), "做强产业", f"完成第{no}项工作。", "王旭锋", "区发改局", "全年") for no in range(1, 6))
TITLE = "钟楼区2026年重点工作责任分解表"


def read(*above: tuple[str, ...], heading: tuple[tuple[str, ...], ...] = (HEADING,)) -> NormalizedDocument:
    """A page with a table of six columns, these rows above its heading."""
    rows = [(*row, *[""] * (6 - len(row))) for row in (*above, *heading, *BODY)]
    said = "".join(f"<tr>{''.join(f'<td>{text}</td>' for text in row)}</tr>" for row in rows)
    return normalize(read_content(f"<html><body><table>{said}</table></body></html>".encode(), Path("x.html")), None)


@pytest.mark.parametrize(
    "above",
    [
        [(TITLE,), ("",), ("填报单位：区政府办",), ("日期：2026年3月1日",)],
        [("附件1",), ("",), ("",), (TITLE,), ("",), ("填报单位：区政府办", "", "", "", "2026年3月1日"), ("（共5项）",)],
        [
            ("钟楼区人民政府",),
            ("",),
            (TITLE,),
            ("钟楼区政府办公室",),
            ("二〇二六年三月",),
            ("",),
            ("", "", "", "", "单位：万元"),
        ],
        [("2026年重点工作",), (TITLE,), ("单位：万元",)],
    ],
)
def test_several_rows_above_the_heading(above: list[tuple[str, ...]]) -> None:
    found = read(*above)
    assert found.title == TITLE
    assert found.issues == ()
    assert [(task["task_no"], task["category"], task["leaders"], task["lead_units"]) for task in nested(found)] == [
        (no, "做强产业", ["王旭锋"], ["区发改局"]) for no in range(1, 6)
    ]


def test_a_lone_heading_over_two_columns_is_no_title() -> None:
    found = read(
        (TITLE,),
        heading=(("", "", "", "", "责任单位"), ("序号", "目标名称", "工作任务", "分管领导", "牵头", "完成时限")),
    )
    assert [task["lead_units"] for task in nested(found)] == [["区发改局"]] * 5


def test_rows_of_text_and_no_heading() -> None:
    rules = {issue.rule for issue in read((TITLE,), ("各单位：",), heading=()).issues}
    assert rules == {"ignored_table", "no_tasks"}
