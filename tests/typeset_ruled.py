"""Writes task records as the rows of a ruled table, in the ways in which publishers set them."""

from __future__ import annotations

import random
import re
from collections.abc import Sequence
from dataclasses import dataclass
from itertools import pairwise
from typing import Any

from ruled import LEFT, UP, WRAP

HEADINGS = {
    "number": "序号",
    "category": "目标名称",
    "subcategory": LEFT,
    "task_no": "编号",
    "content": "工作标准",
    "leaders": "区政府\n分管领导",
    "lead_units": "牵头单位",
    "support_units": "配合单位",
    "deadline": "完成\n时限",
}
_LISTS = ("leaders", "lead_units", "support_units")
_CN = "零一二三四五六七八九十"
#: What a line can't begin or end with moves with its neighbour.
_UNITS = re.compile(r"[（“《]*(?:[A-Za-z0-9.%+]+|.)[）”》，。、；：]*", re.DOTALL)


@dataclass(frozen=True)
class Layout:
    """How a table is set; ``carriers`` is the order of the columns behind the text."""

    carriers: tuple[str, ...] = ("leaders", "lead_units", "support_units", "deadline")
    #: Labels in columns beside the tasks, or in banner rows over them.
    banners: bool = False
    #: Tasks are numbered in a column of their own.
    numbered: bool = False
    number: str = "({}) "
    #: How a cell that says the same as the one above is set: merged, a mark, or blank.
    same: str = "merged"
    separator: str = "\n"
    #: How many characters a line of a column takes.
    width: int = 9
    rows_per_page: int = 12
    cut_rate: float = 0.0
    seed: int = 0


@dataclass(frozen=True)
class Typeset:
    """The rows with their pages, and on which pages each task stands."""

    rows: list[list[str]]
    pages: list[tuple[int, ...]]
    pages_of_task: list[tuple[int, int]]


def typeset(tasks: Sequence[dict[str, Any]], layout: Layout) -> Typeset:
    """A heading row and the rows of the tasks."""
    rng = random.Random(layout.seed)
    first = ["task_no"] if layout.banners or layout.numbered else ["number"]
    labels = [] if layout.banners else ["category", "subcategory"]
    columns = [*first, *labels, "content", *layout.carriers]
    rows = [[HEADINGS[column] if column != "task_no" else "序号" for column in columns]]
    owners: list[int | None] = [None]
    before: dict[str, Any] = {}
    for index, task in enumerate(tasks):
        for banner in _banners(task, before) if layout.banners else []:
            rows.append([_wrapped(banner, 40), *[LEFT] * (len(columns) - 1)])
            owners.append(None)
            before = before | {"cut": True}
        rows.append([_text(task, before, column, layout) for column in columns])
        owners.append(index)
        before = task
    pages = _paged(rows, owners, layout, rng)
    stands = {owner: (own[0], own[-1]) for owner, own in zip(owners, pages, strict=True) if owner is not None}
    return Typeset(rows, pages, [stands[index] for index in range(len(tasks))])


def _banners(task: dict[str, Any], before: dict[str, Any]) -> list[str]:
    found = []
    if task["category"] != before.get("category"):
        found.append(f"{_CN[task['category_no']]}、{task['category']}")
    if task["subcategory"] and (found or task["subcategory"] != before.get("subcategory")):
        found.append(f"（一）{task['subcategory']}")
    return found


def _paged(
    rows: Sequence[list[str]], owners: Sequence[int | None], layout: Layout, rng: random.Random
) -> list[tuple[int, ...]]:
    pages: list[tuple[int, ...]] = []
    page = count = 1
    for owner in owners:
        pages.append((page,))
        count += 1
        if count > layout.rows_per_page and len(pages) < len(rows):
            page, count = page + 1, 1
            if owner is not None and rng.random() < layout.cut_rate:
                pages[-1] = (page - 1, page)
    return pages


def _text(task: dict[str, Any], before: dict[str, Any], column: str, layout: Layout) -> str:
    if column in ("number", "category", "subcategory"):
        return _label(task, before, column, layout)
    if column == "task_no":
        return str(task["task_no"])
    if column == "content":
        own = "" if layout.banners or layout.numbered else layout.number.format(task["task_no"])
        return _wrapped(own + task["content"], 3 * layout.width)
    own_text = layout.separator.join(task[column]) if column in _LISTS else task[column]
    # Who supports is printed in full where a blank says that nobody does.
    is_left_out = layout.same != "blank" or column != "support_units"
    if task[column] == before.get(column) and not before.get("cut") and is_left_out:
        return {"merged": UP, "mark": "〃", "blank": ""}[layout.same]
    return _wrapped(own_text, layout.width)


def _label(task: dict[str, Any], before: dict[str, Any], column: str, layout: Layout) -> str:
    new = task["category"] != before.get("category")
    if column == "subcategory" and task["subcategory"] is None:
        return LEFT
    value = str(task["category_no"]) if column == "number" else task[column]
    if not new and (column != "subcategory" or task[column] == before.get(column)):
        return UP
    prefix = f"{_CN[task['category_no']]}、" if column == "category" and layout.numbered else ""
    return _wrapped(prefix + value, 5)


def _wrapped(text: str, width: int) -> str:
    """The text broken into lines of a width; a break behind a full line is marked as one that may be a wrap."""
    lines = []
    for line in text.split("\n"):
        full = [""]
        for unit in _UNITS.findall(line):
            if full[-1] and len(full[-1]) + len(unit) > width:
                full.append("")
            full[-1] += unit
        lines.append(full)
    joined = WRAP.join(lines[0])
    for before, after in pairwise(lines):
        following = _UNITS.match(after[0])
        is_full = following is not None and len(before[-1]) + len(following[0]) > width
        joined += (WRAP if is_full else "\n") + WRAP.join(after)
    return joined
