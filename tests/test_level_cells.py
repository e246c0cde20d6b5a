"""Columns of blanks in which the lines of merged cells stand beside the rows that they go on over."""

from __future__ import annotations

import pytest
from plain_documents import county
from scoring import wrong_fields
from typeset_plain import fixed, flowing
from typeset_table import Record, grid, table_2026

from extractors.plain.reader import parse
from normalizers.normalize import normalize
from normalizers.records import NormalizedDocument
from normalizers.tabulate import nested

COLUMNS = ("number", "category", "content", "leaders", "lead_units", "support_units", "deadline")


def read_text(text: str) -> NormalizedDocument:
    return normalize(parse(text, "x.txt"), None)


def said_of(document: NormalizedDocument) -> set[int | None]:
    """The tasks about which something is in doubt."""
    return {issue.task_no for issue in document.issues if issue.severity != "info"}


def in_groups() -> list[Record]:
    """Tasks of which three or six have one cell of organisations, of up to four lines."""
    units = [f"区{name}局" for name in ("发改", "财政", "住建", "工信", "教育", "民政", "司法")]
    return [
        record
        | {
            "lead_units": [units[(index // 3 + at) % 7] for at in range(index // 3 % 4 + 1)],
            "support_units": [units[(index // 6 + at) % 7] for at in range(index // 6 % 3 + 1)],
        }
        for index, record in enumerate(county())
    ]


@pytest.mark.parametrize("number", ["({}) ", "{}. "])
@pytest.mark.parametrize("gap", [2, 3])
def test_what_is_read_wrong_is_said(number: str, gap: int) -> None:
    for records in (county(), in_groups()):
        document = read_text(flowing(grid(records, COLUMNS, number), gap))
        wrong = {task_no for task_no, *_ in wrong_fields(records, nested(document))}
        assert wrong <= said_of(document)
    wrong_of_2026 = wrong_fields(table_2026(), nested(document := read_text(flowing(grid(table_2026()), gap))))
    assert {task_no for task_no, *_ in wrong_of_2026} <= said_of(document)
    assert {field for _, field, *_ in wrong_of_2026} <= {"leaders", "lead_units"}  # labels are put together


def test_both_rows_of_a_level_text_are_doubted() -> None:
    text = """工作责任分解表

序号  工作任务                  分管领导  牵头单位
1     做好甲项工作，确保完成。  王旭锋    区发改局
2     做好乙项工作，确保完成。            区财政局
3     做好丙项工作，确保完成，
      力争更好。                江文亭    区住建局
4     做好丁项工作，确保完成。            区教育局
5     做好戊项工作，确保完成。
6     做好己项工作，确保完成。
7     做好庚项工作，确保完成。  吴伟      区民政局
"""
    document = read_text(text)
    assert {1, 2, 3, 4} <= said_of(document)
    assert 7 not in said_of(document)


def test_a_label_of_three_lines_beside_three_rows() -> None:
    text = """工作责任分解表

序号  目标名称      工作标准                      分管领导  牵头单位
1     全区经济社会  (1) 做好甲项工作，确保完成。  王旭锋    区发改局
      发展的主要预  (2) 做好乙项工作，确保完成。  江文亭    区财政局
      期目标        (3) 做好丙项工作，确保完成。  吴伟      区住建局
                    (4) 做好丁项工作，确保完成。  吴伟      区教育局
2     民生          (5) 做好戊项工作，确保完成。  吴伟      区教育局
"""
    document = read_text(text)
    assert [task.category.value for task in document.tasks] == ["全区经济社会发展的主要预期目标"] * 4 + ["民生"]
    assert 1 in said_of(document)


def test_rows_that_are_as_high_as_their_cells_are_right() -> None:
    for records in (table_2026(), county()):
        columns = COLUMNS if records[0].get("deadline") else ("number", "category", "subcategory", *COLUMNS[2:5])
        for blank_lines in (False, True):
            document = read_text(fixed(grid(records, columns), 2, blank_lines))
            assert wrong_fields(records, nested(document)) == []
