"""The failures of a run, split by document: every failing row becomes an issue of the document that it came from."""

from __future__ import annotations

from collections.abc import Callable, Iterator, Sequence

import pandas as pd

from normalizers.dataset import Column, table
from normalizers.records import Issue, NormalizedDocument, TaskRecord
from normalizers.tabulate import task_id
from validators import checks, wording
from validators.describe import Subject, describe_cell, describe_row, issue
from validators.frames import Batch, Frames
from validators.run import Failure

#: Checks of single values: the function that names the columns at fault.
_CELL_CHECKS: dict[str, Callable[[pd.DataFrame, str], pd.DataFrame]] = {
    "wrong_type": checks.wrong_type,
    "missing_value": checks.missing_value,
    "invalid_value": checks.invalid_value,
    "unreadable_text": checks.unreadable_text,
    "implausible_length": checks.implausible_length,
}


def issues_by_document(failures: Sequence[Failure], frames: Frames, batch: Batch) -> list[list[Issue]]:
    """The issues of each document of the batch, without repetitions, in the order of the failures."""
    # A dict keeps the order and drops what is said twice, as of both tasks with one number.
    found: list[dict[Issue, None]] = [dict.fromkeys(_whole_frames(failures, frames)) for _ in batch]
    tasks = [_tasks_by_id(document) for document, _ in batch]
    for failure in failures:
        frame = frames[failure.table].loc[list(failure.rows)]
        faulty = _faulty_columns(failure, frame)
        for row, columns in zip(frame.to_dict("records"), faulty, strict=True):
            number = int(row["batch_no"])
            named = tasks[number].get(str(row.get("task_id")), ())
            subject = Subject(failure.table, failure.columns, row, batch[number][0], named)
            if failure.check in _CELL_CHECKS:
                issues = [issue for column in columns for issue in describe_cell(failure.check, subject, column)]
            else:
                issues = list(describe_row(failure.check, subject, batch))
            found[number].update(dict.fromkeys(issues))
    return [list(issues) for issues in found]


def _whole_frames(failures: Sequence[Failure], frames: Frames) -> Iterator[Issue]:
    """Faults of a frame as a whole: then nothing is known about any document of the batch."""
    for name in dict.fromkeys(failure.table for failure in failures):
        errors = [failure for failure in failures if failure.table == name and failure.error is not None]
        if errors:
            rules = ", ".join(dict.fromkeys(failure.rule for failure in errors))
            message = wording.check_failed(name, rules, errors[0].error or "")
            yield issue("check_failed", message)
    for failure in failures:
        if failure.error is None and not failure.rows:
            message = wording.whole_table(failure.rule, failure.table)
            if failure.rule == "columns_differ":
                message = wording.columns_differ(failure.table, failure.columns, [*frames[failure.table].columns])
            yield issue(failure.rule, message)


def _tasks_by_id(document: NormalizedDocument) -> dict[str, list[TaskRecord]]:
    tasks: dict[str, list[TaskRecord]] = {}
    if document.identity is not None:
        for task in document.tasks:
            key = task_id(document.identity.document_id, task.table_no, task.task_no.value)
            tasks.setdefault(key, []).append(task)
    return tasks


def _faulty_columns(failure: Failure, frame: pd.DataFrame) -> list[list[Column]]:
    """For each failing row the columns at fault; none where the rule is about the row."""
    check = _CELL_CHECKS.get(failure.check)
    if check is None or frame.empty:
        return [[] for _ in range(len(frame))]
    faults = check(frame, failure.table)
    columns = {column.name: column for column in table(failure.table).columns}
    return [[columns[str(name)] for name in faults.columns[row]] for row in faults.to_numpy()]
