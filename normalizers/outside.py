"""Text outside the tables that may belong into them: beside a table, or behind its last row.

A reader of pages may lose a column without a border or a row that a page break cut off; what was lost stands among the
lines outside the tables.
"""

from __future__ import annotations

import re
from collections.abc import Iterator, Sequence
from dataclasses import dataclass, field
from itertools import zip_longest

from extractors.model import Bbox, SourceDocument, Table, TextBlock
from normalizers.records import Issue, TaskRecord
from normalizers.rules import issue

#: How texts of tasks end.
_ENDS = ("。", "；", "！", "？", "…", "”", "）", "》")


@dataclass(slots=True)
class _Sheet:
    """The lines outside the tables of a page: above all tables, beside them, below all of them."""

    above: list[TextBlock] = field(default_factory=list)
    beside: list[TextBlock] = field(default_factory=list)
    below: list[TextBlock] = field(default_factory=list)


def text_outside(document: SourceDocument, tasks: Sequence[TaskRecord]) -> Iterator[Issue]:
    """Doubts about tasks beside or behind which a text stands that is in no table."""
    sheets = _sheets(document)
    if not sheets:
        return
    by_page: dict[int, list[TaskRecord]] = {}
    for task in tasks:
        for page in range(task.page_start, task.page_end + 1):
            by_page.setdefault(page, []).append(task)
    for page, sheet in sheets.items():
        for block in sheet.beside:
            yield from _beside(block, by_page.get(page, ()))
    for task, following in zip_longest(tasks, tasks[1:]):
        yield from _behind(task, following, sheets)


def _sheets(document: SourceDocument) -> dict[int, _Sheet]:
    """The pages that have lines outside their tables; pages whose tables lie sideways are left out."""
    tops: dict[int, float] = {}
    bottoms: dict[int, float] = {}
    areas: dict[int, list[Bbox]] = {}
    sideways = set()
    for table in document.tables:
        boxes = [cell.provenance.bbox for cell in table.cells if cell.provenance.bbox]
        if not boxes:
            continue
        area = Bbox(
            min(box.x0 for box in boxes), min(box.top for box in boxes),
            max(box.x1 for box in boxes), max(box.bottom for box in boxes),
        )  # fmt: skip
        areas.setdefault(table.page, []).append(area)
        tops[table.page] = min(tops.get(table.page, area.top), area.top)
        bottoms[table.page] = max(bottoms.get(table.page, area.bottom), area.bottom)
        if not _is_upright(table):
            sideways.add(table.page)
    sheets: dict[int, _Sheet] = {}
    for block in document.blocks:
        page, box = block.provenance.page, block.provenance.bbox
        if box is None or page in sideways:
            continue
        sheet = sheets.setdefault(page, _Sheet())
        middle = (box.top + box.bottom) / 2
        if middle < tops.get(page, float("inf")):
            sheet.above.append(block)
        elif middle > bottoms[page]:
            sheet.below.append(block)
        elif any(area.top < middle < area.bottom for area in areas[page]):
            sheet.beside.append(block)
    return sheets


def _is_upright(table: Table) -> bool:
    """Whether the rows of a table follow each other down the displayed page."""
    first = next((cell.provenance.bbox for cell in table.cells if cell.row == 0), None)
    last = next((cell.provenance.bbox for cell in table.cells if cell.row + cell.row_span == table.n_rows), None)
    return first is None or last is None or first == last or last.bottom > first.bottom


def _beside(block: TextBlock, tasks: Sequence[TaskRecord]) -> Iterator[Issue]:
    """A text beside the table, as a doubt about the tasks that stand on its height."""
    box = block.provenance.bbox
    detail = f"{block.text[:40]} stands beside the table and in none of its cells"
    for task in tasks:
        places = (place for place in task.content.provenance if place.page == block.provenance.page and place.bbox)
        if box and any(place.bbox and place.bbox.top < box.bottom and box.top < place.bbox.bottom for place in places):
            where = (block.provenance,)
            yield issue("text_outside", detail, task.task_no.value, None, where, None, task.table_no)


def _behind(task: TaskRecord, following: TaskRecord | None, sheets: dict[int, _Sheet]) -> Iterator[Issue]:
    """What follows the last task of a page or table outside of it: the rest of its text, or the next task."""
    is_end = following is None or following.table_no != task.table_no
    if not is_end and following is not None and following.page_start == task.page_end:
        return
    own, after = sheets.get(task.page_end, _Sheet()), sheets.get(task.page_end + 1, _Sheet())
    blocks = [*own.below, *after.above]
    if not blocks:
        return
    number, places = task.task_no.value, (blocks[0].provenance,)
    following_number = re.compile(rf"[（(]\s*{number + 1}\s*[)）]|^\s*{number + 1}\s*[.、．\s]")
    lost = next((block for block in blocks if following_number.search(block.text)), None) if is_end else None
    if lost is not None:
        detail = f"behind the last task ({number}) stands outside the table: {lost.text[:40]}"
        yield issue("row_outside", detail, None, None, (lost.provenance,), None, task.table_no)
    elif not task.content.value.endswith(_ENDS):
        detail = f"the text ends with {task.content.value[-10:]}, and outside the table follows: {blocks[0].text[:40]}"
        yield issue("unfinished_text", detail, number, "content", places, None, task.table_no)
