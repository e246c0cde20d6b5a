"""Text outside the tables that may be the rest of a task: it follows one whose text does not end like a sentence."""

from __future__ import annotations

from collections.abc import Iterator, Sequence
from itertools import pairwise

from extractors.model import SourceDocument
from normalizers.records import Issue, TaskRecord
from normalizers.rules import issue

_ENDS = ("。", "；", "！", "？", "…", "”", "）", "》")


def text_behind(document: SourceDocument, tasks: Sequence[TaskRecord]) -> Iterator[Issue]:
    """Doubts about tasks at the end of their page or table behind which a text outside the tables goes on."""
    if document.format == "txt":
        return
    heads, feet = _outside(document)
    for task, following in pairwise([*tasks, None]):
        if task is None or task.content.value.endswith(_ENDS):
            continue
        is_last = following is None or following.page_start > task.page_end or following.table_no != task.table_no
        text = feet.get(task.page_end) or heads.get(task.page_end + 1)
        if is_last and text:
            detail = f"the text ends with {task.content.value[-10:]}, and outside the table follows: {text[:40]}"
            places = task.content.provenance
            yield issue("unfinished_text", detail, task.task_no.value, "content", places, None, task.table_no)


def _outside(document: SourceDocument) -> tuple[dict[int, str], dict[int, str]]:
    """The first line above all tables of each page, and the first one below all of them."""
    tops: dict[int, float] = {}
    bottoms: dict[int, float] = {}
    for table in document.tables:
        boxes = [cell.provenance.bbox for cell in table.cells if cell.provenance.bbox]
        tops[table.page] = min([tops.get(table.page, float("inf")), *(box.top for box in boxes)])
        bottoms[table.page] = max([bottoms.get(table.page, 0.0), *(box.bottom for box in boxes)])
    heads: dict[int, str] = {}
    feet: dict[int, str] = {}
    for block in document.blocks:
        page, box = block.provenance.page, block.provenance.bbox
        if box is not None and box.bottom <= tops.get(page, float("inf")):
            heads.setdefault(page, block.text)
        elif box is not None and box.top >= bottoms.get(page, float("inf")):
            feet.setdefault(page, block.text)
    return heads, feet
