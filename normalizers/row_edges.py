"""Where a table without rulings is cut into rows at the wrong line, two tasks are wrong and often only one shows it."""

from __future__ import annotations

from collections.abc import Iterator, Sequence

from extractors.model import LogicalTable
from normalizers.records import Issue, TaskRecord
from normalizers.rules import issue

_LISTS = ("leaders", "lead_units", "support_units")


def row_edges(tasks: Sequence[TaskRecord], issues: Sequence[Issue], table: LogicalTable) -> Iterator[Issue]:
    """Doubts about tasks beside one that seems cut at the edge between them, in a table without rulings.

    ``issues`` are the other doubts about the ``tasks`` of the ``table``. A row without a number may belong to the task
    behind it as well; a list that ends with half a name lost the rest to the next task, one that begins so to the
    task before.
    """
    if not any(doubt.rule == "unruled_table" for doubt in table.doubts):
        return
    by_task: dict[int, list[Issue]] = {}
    for found in issues:
        if found.task_no is not None and found.severity != "info":
            by_task.setdefault(found.task_no, []).append(found)
    said: set[int] = set()
    for at, task in enumerate(tasks):
        for step, name in sorted(_cut(task, by_task.get(task.task_no.value, ()))):
            beside = at + step
            if not 0 <= beside < len(tasks) or beside in said:
                continue
            said.add(beside)
            other = tasks[beside]
            detail = f"the row of ({task.task_no.value}) beside this one seems cut where the two meet"
            places = getattr(other, name).provenance or other.content.provenance
            yield issue("row_edge", detail, other.task_no.value, name, places, None, other.table_no)


def _cut(task: TaskRecord, issues: Sequence[Issue]) -> set[tuple[int, str]]:
    """On which sides a task seems cut, -1 above and 1 below, and in which field."""
    found: set[tuple[int, str]] = set()
    for own in issues:
        if own.rule == "joined_row":
            found.add((1, own.field or "content"))
        elif own.rule == "unlikely_value" and own.field in _LISTS:
            names = [item.printed for item in getattr(task, own.field).value]
            ends = ((-1, names[:1]), (1, names[-1:]))
            found |= {(step, own.field) for step, name in ends if name and own.message.startswith(f"{name[0]} ")}
    return found
