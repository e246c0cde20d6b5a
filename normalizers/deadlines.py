"""The days that the printed deadlines of tasks stand for."""

from __future__ import annotations

from collections.abc import Iterator, Sequence
from dataclasses import replace
from pathlib import Path

from normalizers.dates import span_of
from normalizers.records import Issue, TaskRecord
from normalizers.rules import issue


def with_deadlines(tasks: Sequence[TaskRecord], year: int | None, directory: Path) -> list[TaskRecord]:
    """The tasks with ``due``; ``year`` is that of the document, ``directory`` the reference folder."""
    spans = {
        words: span_of(words, year, directory)
        for words in dict.fromkeys(task.deadline.value for task in tasks)
        if words
    }
    return [replace(task, due=spans.get(task.deadline.value or "")) for task in tasks]


def unclear_deadlines(tasks: Sequence[TaskRecord]) -> Iterator[Issue]:
    """An issue for each distinct deadline without days, at the first task that has it."""
    by_words: dict[str, list[TaskRecord]] = {}
    for task in tasks:
        if task.deadline.value and task.due is None:
            by_words.setdefault(task.deadline.value, []).append(task)
    for words, same in by_words.items():
        first = same[0]
        others = f" (so say {len(same)} tasks)" if len(same) > 1 else ""
        detail = f"which days are meant by {words} can't be known{others}"
        yield issue(
            "deadline_unclear",
            detail,
            first.task_no.value,
            "deadline",
            first.deadline.provenance,
            table_no=first.table_no,
        )
