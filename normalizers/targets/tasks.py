"""Targets of the tasks of a document, and what is unclear about them."""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import replace
from pathlib import Path

from normalizers.records import Issue, TaskRecord
from normalizers.reference import DEFAULT_DIR
from normalizers.rules import issue
from normalizers.targets.find import read_targets
from normalizers.targets.words import load_words


def with_targets(
    tasks: Sequence[TaskRecord], year: int | None, directory: Path = DEFAULT_DIR
) -> tuple[list[TaskRecord], list[Issue]]:
    """The tasks with the targets of their content, and an issue for each number that could be read in two ways.

    ``year`` is that of the document, where it is known; ``directory`` is the reference folder. Raises
    :class:`normalizers.reference.ReferenceDataError` for faulty words or units.
    """
    words = load_words(directory)
    read: list[TaskRecord] = []
    issues: list[Issue] = []
    for task in tasks:
        targets, doubts = read_targets(task.content.value, words, year)
        read.append(replace(task, targets=targets))
        issues += [
            issue(
                "target_unclear",
                doubt,
                task.task_no.value,
                "content",
                task.content.provenance,
                table_no=task.table_no,
            )
            for doubt in doubts
        ]
    return read, issues
