"""Categories of ruled tables: labels beside the tasks, banner rows over them, headings between pieces."""

from __future__ import annotations

from typing import Any

import pytest
from ruled import LEFT, SHORT, UP, banner, labels, read, records, ruled

from extractors.model import Provenance, TextBlock
from normalizers.tabulate import nested


@pytest.mark.parametrize(
    ("number", "label", "expected"),
    [
        ("一", "经济⏎发展", (1, "经济发展", None)),
        ("一、", "经济\n发展", (1, "经济发展", None)),
        ("1", "经⏎济⏎发⏎展", (1, "经济发展", None)),
        ("12", "一⏎、⏎经⏎济", (12, "经济", None)),
    ],
)
def test_labels_with_numerals_breaks_and_one_character_a_line(number: str, label: str, expected: Any) -> None:
    found = records(
        [number, label, LEFT, "(1) 做大总量。", "王旭锋", "区发改局"],
        [UP, UP, LEFT, "(2) 培育主体。", "王旭锋", "区发改局"],
    )
    assert labels(found) == [expected, expected]


def test_a_prefix_numbers_a_category_that_has_no_column_of_numbers() -> None:
    heading = ["序号", "重点领域", "主要任务", "牵头单位"]
    found = records(
        ["1", "一、经济发展", "做大总量。", "区发改局"],
        ["2", UP, "培育主体。", "区发改局"],
        ["3", "十二、民生", "办好教育。", "区教育局"],
        heading=heading,
    )
    assert labels(found) == [(1, "经济发展", None), (1, "经济发展", None), (12, "民生", None)]


def test_banners_on_two_levels() -> None:
    document = read(
        ruled(
            SHORT,
            banner("一、经济⏎发展"),
            ["1", "做大总量。", "王旭锋", "区发改局", "/"],
            banner("（一）开放"),
            ["2", "扩大开放。", "王旭锋", "区商务局", "/"],
            banner("（二）创新"),
            ["3", "强化创新。", "江文亭", "区科技局", "/"],
            banner("二、民生"),
            ["4", "办好教育。", "江文亭", "区教育局", "/"],
            banner("注：1.牵头单位负责；2.各单位落实。"),
            banner("3.按季度通报。"),
        )
    )
    assert labels(nested(document)) == [
        (1, "经济发展", None), (1, "经济发展", "开放"), (1, "经济发展", "创新"), (2, "民生", None)
    ]  # fmt: skip
    assert document.issues == ()


@pytest.mark.parametrize(
    ("rows", "expected"),
    [
        ([banner("第一部分 经济发展")], (1, "经济发展", None)),
        ([banner("经济发展")], (None, "经济发展", None)),
        ([["一", "经济发展", LEFT, LEFT, LEFT]], (1, "经济发展", None)),
        ([["一", "经济发展", "", "", ""]], (1, "经济发展", None)),
        ([["", "一、经济发展", "", "", ""]], (1, "经济发展", None)),
        ([banner("一、经济发展"), banner("1. 工业")], (1, "经济发展", "工业")),
        ([banner("1. 工业")], (1, "工业", None)),
        ([banner("（一）工业")], (1, "工业", None)),
    ],
)
def test_forms_of_banners(rows: list[list[str]], expected: Any) -> None:
    found = records(*rows, ["1", "做大总量。", "王旭锋", "区发改局", "/"], heading=SHORT)
    assert labels(found) == [expected]
    assert found[0]["issues"] == []


def test_labels_beside_the_tasks_stand_below_banners_over_them() -> None:
    found = records(
        ["一、经济发展", LEFT, LEFT, LEFT, LEFT],
        ["1", "工业", "做大总量。", "王旭锋", "区工信局"],
        ["2", UP, "培育主体。", "王旭锋", "区工信局"],
        ["二、民生", LEFT, LEFT, LEFT, LEFT],
        ["3", "教育", "办好学校。", "江文亭", "区教育局"],
        heading=["序号", "类别", "工作任务", "责任领导", "牵头单位"],
    )
    assert labels(found) == [(1, "经济发展", "工业"), (1, "经济发展", "工业"), (2, "民生", "教育")]


def test_a_banner_beside_labels_stands_below_them() -> None:
    found = records(
        ["经济⏎发展", "（一）工业", LEFT, LEFT],
        [UP, "1. 做大总量。", "王旭锋", "区工信局"],
        [UP, "（二）开放", LEFT, LEFT],
        [UP, "2. 扩大开放。", "王旭锋", "区商务局"],
        ["民生", "3. 办好教育。", "江文亭", "区教育局"],
        heading=["类别", "工作任务", "责任领导", "牵头单位"],
    )
    assert labels(found) == [(None, "经济发展", "工业"), (None, "经济发展", "开放"), (None, "民生", None)]


def test_headings_between_the_pieces_of_a_table_are_its_categories() -> None:
    rows = [["1", "做大总量。", "王旭锋", "区发改局", "/"], ["2", "扩大开放。", "王旭锋", "区商务局", "/"],
            ["3", "办好教育。", "江文亭", "区教育局", "/"]]  # fmt: skip
    line = TextBlock("（一）开放", Provenance(1))
    captions = [(0, "责任分解表\n一、经济发展"), (2, "（一）开放"), (3, "二、民生")]
    document = read(ruled(SHORT, *rows, captions=captions), blocks=[line])
    assert labels(nested(document)) == [(1, "经济发展", None), (1, "经济发展", "开放"), (2, "民生", None)]
    assert document.tasks[1].subcategory.provenance == (line.provenance,)
    # A single one may be a heading of the text in which the table stands.
    document = read(ruled(SHORT, *rows, captions=[(0, "三、任务分解")]))
    assert labels(nested(document)) == [(None, None, None)] * 3
