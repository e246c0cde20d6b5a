"""Doubts that people settled, and doubts that they state: the lists ``accepted`` and ``doubts`` of their file."""

from __future__ import annotations

from collections.abc import Iterator, Mapping, Sequence

from normalizers.correcting import misfit
from normalizers.corrections import Correction, Corrections
from normalizers.records import Issue, TaskRecord
from normalizers.rules import MAY_COME_LATER, issue


def settle(issues: Sequence[Issue], tasks: Sequence[TaskRecord], entries: Corrections) -> list[Issue]:
    """The issues with the stated doubts, without the accepted ones, and with one for each acceptance of nothing."""
    settled = [*issues, *_stated(tasks, entries.doubts)]
    texts = texts_of(tasks)
    misfits = []
    for entry in entries.accepted:
        kept = [found for found in settled if not entry.accepts(found, texts)]
        # What validation can raise may still come; only what reading alone raises is known to be missing.
        if len(kept) == len(settled) and entry.rule not in MAY_COME_LATER:
            says = f" that says {entry.says!r}" if entry.says else ""
            detail = f"the doubt {entry.rule}{says} on {entry.field} of {entry.tasks} is accepted, but nobody has it"
            misfits.append(issue("correction_misfit", detail, None, entry.field, (), None, entry.table_no or 1))
        settled = kept
    return [*settled, *misfits]


def open_doubts(found: Sequence[Issue], tasks: Sequence[TaskRecord], accepted: Sequence[Correction]) -> list[Issue]:
    """The issues that nobody accepted."""
    texts = texts_of(tasks)
    return [issue for issue in found if not any(entry.accepts(issue, texts) for entry in accepted)]


def texts_of(tasks: Sequence[TaskRecord]) -> Mapping[tuple[int, int | None], str]:
    """The text of each task by table and number."""
    return {(task.table_no, task.task_no.value): task.content.value for task in tasks}


def _stated(tasks: Sequence[TaskRecord], doubts: Sequence[Correction]) -> Iterator[Issue]:
    for entry in doubts:
        concerned = [task for task in tasks if entry.concerns(task)]
        if not concerned:
            yield misfit(entry, "there is no such task")
        for task in concerned:
            places = getattr(task, str(entry.field)).provenance or task.content.provenance
            yield issue("stated_doubt", entry.reason, task.task_no.value, entry.field, places, None, task.table_no)
