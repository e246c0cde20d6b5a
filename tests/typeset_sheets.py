"""Writes the 2026 table as a workbook."""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass
from pathlib import Path

import openpyxl
from typeset_table import COLUMNS, TITLE, Record, grid


@dataclass(frozen=True)
class SheetSetting:
    """How the table is set: where it begins, over how many sheets it goes, whether the title is merged."""

    top: int = 1
    left: int = 1
    title: str = TITLE
    merge_title: bool = True
    sheets: int = 1
    repeat_heading: bool = True
    blank_row_at: int | None = None
    columns: tuple[str, ...] = COLUMNS
    number: str = "({}) "
    separator: str = "\n"
    note: str = ""


def write_xlsx(records: Sequence[Record], path: Path, setting: SheetSetting | None = None) -> Path:
    """Write the workbook; each sheet takes an equal share of the tasks."""
    setting = setting or SheetSetting()
    book = openpyxl.Workbook()
    book.remove(book.active)
    share = -(-len(records) // setting.sheets)
    for number in range(setting.sheets):
        sheet = book.create_sheet(f"第{number + 1}页" if number else "Sheet 1")
        part = records[number * share : (number + 1) * share]
        table = grid(part, setting.columns, setting.number, setting.separator)
        top = setting.top
        if number == 0:
            sheet.cell(top, setting.left, setting.title)
            if setting.merge_title:
                right = setting.left + len(setting.columns) - 1
                sheet.merge_cells(start_row=top, start_column=setting.left, end_row=top, end_column=right)
            top += 1
        cells = [(top, cell) for cell in table.heading] if number == 0 or setting.repeat_heading else []
        top += bool(cells)
        cells += [(top, cell) for cell in table.cells]
        for first, cell in cells:
            row, col = first + cell.row, setting.left + cell.col
            if setting.blank_row_at is not None and row > setting.blank_row_at:
                row += 1
            sheet.cell(row, col, cell.text or None)
            if cell.row_span > 1 or cell.col_span > 1:
                end = row + cell.row_span - 1, col + cell.col_span - 1
                sheet.merge_cells(start_row=row, start_column=col, end_row=end[0], end_column=end[1])
        if setting.note and number == setting.sheets - 1:
            sheet.cell(top + len(part), setting.left, setting.note)
    book.save(path)
    return path
