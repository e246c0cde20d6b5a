"""The 2026 table as records and, for every typesetter, as cells: what stands where in a table with merged cells."""

from __future__ import annotations

import json
from collections.abc import Sequence
from dataclasses import dataclass
from pathlib import Path
from typing import Any

Record = dict[str, Any]

TITLE = "2026年《政府工作报告》主要目标任务责任分解表"
HEADINGS = {
    "number": "序号",
    "category": "目标名称",
    "subcategory": "",
    "content": "工作标准",
    "leaders": "区政府\n分管领导",
    "lead_units": "牵头单位",
    "support_units": "配合单位",
    "deadline": "完成时限",
    "remark": "备注",
}
COLUMNS = ("number", "category", "subcategory", "content", "leaders", "lead_units")
LISTS = ("leaders", "lead_units", "support_units")
#: Columns whose equal neighbours are one merged cell.
MERGED = ("leaders", "lead_units", "support_units", "deadline")
_WEIGHTS = {"number": 4, "category": 11, "subcategory": 11, "content": 42, "leaders": 10, "lead_units": 16}
_FOURTH, _FIFTH = (4, "坚定不移做强内需引擎"), (5, "坚定不移增进民生福祉")


@dataclass(frozen=True)
class GridCell:
    """One cell of the grid; rows and columns count from 0, the text has its own line breaks only."""

    row: int
    col: int
    row_span: int
    col_span: int
    text: str
    column: str


@dataclass(frozen=True)
class Grid:
    """A heading row and the rows of the records, as cells that tile it."""

    columns: tuple[str, ...]
    heading: tuple[GridCell, ...]
    cells: tuple[GridCell, ...]
    n_rows: int

    @property
    def shares(self) -> list[float]:
        """The share of the table's width that each column takes."""
        weights = [_WEIGHTS.get(column, 10) for column in self.columns]
        return [weight / sum(weights) for weight in weights]


def table_2026() -> list[Record]:
    """The 85 tasks of the hand truth, with labels for the two categories whose names the source lost."""
    path = Path(__file__).parent / "data" / "truth_320404_2026.json"
    records = []
    for task in json.loads(path.read_text(encoding="utf-8")):
        record = {
            key: task[key] for key in ("task_no", "content", "category_no", "category", "subcategory", *LISTS[:2])
        }
        if not task["category_known"]:
            record["category_no"], record["category"] = _FOURTH if task["task_no"] <= 61 else _FIFTH
        records.append(record)
    return records


def grid(
    records: Sequence[Record],
    columns: tuple[str, ...] = COLUMNS,
    number: str = "({}) ",
    separator: str = "\n",
) -> Grid:
    """The cells of a table of these records; a category without subcategories takes both columns."""
    cells = [cell for col, column in enumerate(columns) for cell in _column(records, columns, col, number, separator)]
    return Grid(columns, _heading(columns), tuple(sorted(cells, key=lambda c: (c.row, c.col))), len(records))


def _heading(columns: tuple[str, ...]) -> tuple[GridCell, ...]:
    cells = []
    for col, column in enumerate(columns):
        if HEADINGS[column]:
            span = 2 if column == "category" and columns[col + 1 : col + 2] == ("subcategory",) else 1
            cells.append(GridCell(0, col, 1, span, HEADINGS[column], column))
    return tuple(cells)


def _column(
    records: Sequence[Record], columns: tuple[str, ...], col: int, number: str, separator: str
) -> list[GridCell]:
    column = columns[col]
    cells = []
    start = 0
    for end in range(1, len(records) + 1):
        if end < len(records) and _same(records, end, column):
            continue
        record = records[start]
        wide = column == "category" and "subcategory" in columns and _plain(records, record)
        if not (column == "subcategory" and _plain(records, record)):
            text = _text(record, column, number, separator)
            cells.append(GridCell(start, col, end - start, 2 if wide else 1, text, column))
        start = end
    return cells


def _plain(records: Sequence[Record], record: Record) -> bool:
    """Whether no record of the category has a subcategory."""
    return all(r["subcategory"] is None for r in records if r["category_no"] == record["category_no"])


def _same(records: Sequence[Record], row: int, column: str) -> bool:
    """Whether the cell above goes on in this row."""
    above, record = records[row - 1], records[row]
    if column == "content":
        return False
    if column in MERGED:
        return bool(above.get(column)) and above.get(column) == record.get(column)
    if above["category_no"] != record["category_no"]:
        return False
    return column in ("number", "category") or bool(above.get(column) == record.get(column))


def _text(record: Record, column: str, number: str, separator: str) -> str:
    if column == "number":
        return str(record["category_no"])
    if column == "content":
        return number.format(record["task_no"]) + str(record["content"])
    if column in LISTS:
        return separator.join(record.get(column) or [])
    return str(record.get(column) or "")
