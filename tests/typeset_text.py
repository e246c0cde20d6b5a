"""Writes task records as the text layer of a table, with the defects that such layers have."""

from __future__ import annotations

import random
from collections.abc import Sequence
from dataclasses import dataclass
from typing import Any

HEADINGS = {
    "number": "序号",
    "category": "目标名称",
    "subcategory": "",
    "content": "工作标准",
    "leaders": "区政府 分管领导",
    "lead_units": "牵头单位",
    "support_units": "配合单位",
    "deadline": "完成时限",
}
_LISTS = ("leaders", "lead_units", "support_units")


@dataclass(frozen=True)
class Layer:
    """How the text layer is set and what is wrong with it; rates are shares of the rows (or pages)."""

    columns: tuple[str, ...] = ("number", "category", "subcategory", "content", "leaders", "lead_units")
    rows_per_page: int = 9
    #: "full": a blank after 目标名称; "short": never one; "mixed": page by page.
    heading: str = "full"
    #: Pages that print one label column instead of two where no category begins on them.
    narrow_rate: float = 0.0
    #: Rows that lost all or some of their leading tabs.
    drop_rate: float = 0.0
    #: Rows whose cells slipped to the left, the tabs coming later.
    shift_rate: float = 0.0
    #: Rows whose text is broken over lines.
    wrap_rate: float = 0.0
    strip_trailing: bool = False
    number: str = "({}) "
    separator: str = " "
    page_break: str = "\n\n"
    spread_names: bool = False
    repeat_heading: bool = True
    break_labels: bool = True
    seed: int = 0


def typeset(
    tasks: Sequence[dict[str, Any]], layer: Layer, title: str = "2026年《政府工作报告》主要目标任务责任分解表"
) -> str:
    """The text layer of the tasks' table; merged cells have their text in the first row only."""
    rng = random.Random(layer.seed)
    pages = []
    previous: dict[str, Any] = {}
    for start in range(0, len(tasks), layer.rows_per_page):
        rows = []
        for task in tasks[start : start + layer.rows_per_page]:
            rows.append(_row(task, previous, layer))
            previous = task
        pages.append(_page(rows, layer, rng, first=start == 0))
    return f"\n附件 1\n\n{title}\n\n" + layer.page_break.join(pages) + "\n"


def _row(task: dict[str, Any], previous: dict[str, Any], layer: Layer) -> list[str]:
    new_category = task["category_no"] != previous.get("category_no")
    cells = []
    for column in layer.columns:
        if column == "number":
            cells.append(str(task["category_no"]) if new_category else "")
        elif column == "category":
            cells.append(_label(task["category"], layer) if new_category else "")
        elif column == "subcategory":
            new = new_category or task["subcategory"] != previous.get("subcategory")
            cells.append(_label(task["subcategory"] or "", layer) if new else "")
        elif column == "content":
            cells.append(layer.number.format(task["task_no"]) + task["content"])
        elif column in _LISTS:
            same = previous and task[column] == previous[column]
            cells.append("" if same else layer.separator.join(_name(n, column, layer) for n in task[column]))
        else:
            cells.append("" if previous and task[column] == previous[column] else task[column] or "")
    return cells


def _label(text: str, layer: Layer) -> str:
    return f"{text[:4]} {text[4:]}" if layer.break_labels and len(text) > 5 else text


def _name(name: str, column: str, layer: Layer) -> str:
    return " ".join(name) if layer.spread_names and column == "leaders" and len(name) == 2 else name


def _page(rows: list[list[str]], layer: Layer, rng: random.Random, first: bool) -> str:
    narrow = all(not row[0] and not row[1] for row in rows) and rng.random() < layer.narrow_rate
    short = narrow or layer.heading == "short" or (layer.heading == "mixed" and rng.random() < 0.5)
    heading = [HEADINGS[column] for column in layer.columns if not (short and column == "subcategory")]
    lines = ["\t".join(heading)] if first or layer.repeat_heading else []
    for row in rows:
        cells = [cell for column, cell in zip(layer.columns, row, strict=True) if not (narrow and column == "category")]
        lines.append(_line(cells, layer, rng))
    return "\n".join(lines)


def _line(cells: list[str], layer: Layer, rng: random.Random) -> str:
    width = len(cells)
    leading = next(index for index, cell in enumerate(cells) if cell)
    if leading and rng.random() < layer.drop_rate:
        cells = cells[rng.randint(1, leading) :]
    elif leading and rng.random() < layer.shift_rate:
        lost = rng.randint(1, leading)
        cells = cells[lost:]
        at = rng.randint(1, len(cells))
        cells = cells[:at] + [""] * (width - len(cells)) + cells[at:]
    if rng.random() < layer.wrap_rate:
        cells = [_wrapped(cell, rng) if len(cell) > 24 else cell for cell in cells]
    line = "\t".join(cells)
    return line.rstrip("\t") if layer.strip_trailing else line


def _wrapped(cell: str, rng: random.Random) -> str:
    at = rng.randint(8, len(cell) - 8)
    while at < len(cell) - 1 and cell[at] in "0123456789一二三四五六七八九十(（":
        at += 1
    return cell[:at] + "\n" + cell[at:]
