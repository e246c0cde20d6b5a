"""One failing row as issues: which field is at fault, what stands there, where, and what to do about it."""

from __future__ import annotations

import re
from collections.abc import Callable, Hashable, Iterator, Mapping, Sequence
from dataclasses import dataclass, replace
from typing import Any

from extractors.model import Provenance
from normalizers.bodies import unknown_name, unknown_names
from normalizers.dataset import Column, table
from normalizers.records import FIELD_NAMES, Issue, NormalizedDocument, TaskRecord, Unit
from validators import checks, wording
from validators.characters import unreadable
from validators.frames import Batch
from validators.rules import RULES
from validators.target_checks import target_faults

_DEADLINE_COLUMNS = ("deadline_from", "deadline_to")
_ROLE_FIELDS = {"lead": "lead_units", "support": "support_units"}
#: Identifiers that are put together from the document's own: when that one is malformed, they say nothing new.
_DERIVED = ("document_id", "task_id")


@dataclass(frozen=True, slots=True)
class Subject:
    """A failing row of a table: the columns its expectation looks at, its document, and the tasks that it names.

    Those are one task, several with the same number, or none when the row is about the document.
    """

    table: str
    columns: Sequence[str]
    row: Mapping[Hashable, Any]
    document: NormalizedDocument
    tasks: Sequence[TaskRecord]

    def issue(self, rule: str, message: str, field: str | None) -> Issue:
        """An issue of the row's task, or of the document when the row names none."""
        task = self.tasks[0] if self.tasks else None
        if task is None:
            return issue(rule, message, field=field)
        # A field that is empty has no place of its own: the task's number says where to look.
        own = getattr(task, field).provenance if field in FIELD_NAMES else ()
        places = own or task.task_no.provenance
        return issue(rule, message, task.task_no.value, field, places, table_no=task.table_no)


def issue(
    rule: str,
    message: str,
    task_no: int | None = None,
    field: str | None = None,
    provenance: tuple[Provenance, ...] = (),
    *,
    table_no: int = 1,
) -> Issue:
    """An issue of a catalogued rule: severity and suggestion come from the catalogue."""
    entry = RULES[rule]
    return Issue(rule, entry.severity, message, task_no, field, entry.advice, provenance, table_no)


def describe_cell(check: str, subject: Subject, column: Column) -> Iterator[Issue]:
    """One value at fault; nothing where the same fault is reported at its origin."""
    value, field = subject.row[column.name], _field(subject, column.name)
    if check == "wrong_type":
        yield subject.issue("wrong_type", wording.wrong_type(field or column.name, column, value), field)
    elif check == "missing_value" and (subject.table, column.name) == ("tasks", "content"):
        yield subject.issue("missing_content", "the task has no text", field)
    elif check == "missing_value":
        yield subject.issue("missing_value", wording.missing_value(column, subject.table), field)
    elif check == "unreadable_text":
        yield subject.issue(
            "unreadable_text", wording.unreadable_text(field or column.name, value, unreadable(value) or ""), field
        )
    elif check == "implausible_length":
        low, _ = checks.PLAUSIBLE_LENGTHS[subject.table][column.name]
        yield subject.issue("unlikely_value", wording.implausible_length(column, value, low), field)
    elif (subject.table, column.name) == ("documents", "n_tasks"):
        yield subject.issue("no_tasks", "no task was found in the document", None)
    elif subject.table == "documents" or column.name not in _DERIVED or _identified(subject.document):
        yield subject.issue("invalid_value", wording.invalid_value(column, value), field)


def describe_row(check: str, subject: Subject, batch: Batch) -> Iterator[Issue]:
    """A row at fault; nothing where the same fault is reported at its origin."""
    if check == "duplicate_document":
        yield _duplicate_document(subject, batch)
    elif check == "duplicate_key" and len(subject.tasks) > 1:
        return  # the child rows of two tasks with one number collide as well: that is said of the tasks
    elif check == "unknown_unit" and not _is_first_place(subject):
        return  # one doubt for each name and document, about the first place of the name
    elif check == "category_gap" and _is_doubted(subject):
        return  # the normalizer has doubted the numbers of the categories, and knows more about it
    else:
        yield _ROW_CHECKS[check](subject)


def _field(subject: Subject, column: str) -> str | None:
    """The field of a task, or the column of a document, that a column stands for."""
    if subject.table == "task_leaders":
        return "leaders"
    if subject.table == "task_units":
        return _ROLE_FIELDS.get(str(subject.row.get("role")), column)
    if subject.table in checks.EVIDENCE_TABLES:
        named = subject.row.get("field")
        return named if named in FIELD_NAMES else None
    if subject.table == "targets":
        return "content"
    return "deadline" if column in _DEADLINE_COLUMNS else column


def _identified(document: NormalizedDocument) -> bool:
    """Whether the document's own identifier is of the form that it must have."""
    pattern = str(table("documents").columns[0].pattern)
    return document.identity is not None and re.search(pattern, document.identity.document_id) is not None


def _is_doubted(subject: Subject) -> bool:
    """Whether reading doubts the numbers of the categories of the table, or did and people have settled that."""
    open_doubts = [
        (said.table_no, said.rule, said.field) for said in subject.document.issues if said.severity != "info"
    ]
    settled = [(entry.table_no, entry.rule, entry.field) for entry in subject.document.accepted]
    return any(
        table_no == subject.row["table_no"] and (rule == "category_gap" or field == "category_no")
        for table_no, rule, field in [*open_doubts, *settled]
    )


def _is_first_place(subject: Subject) -> bool:
    """Whether the row is the first of its document with that unknown name; the normalizer says it there as well."""
    unit = Unit(str(subject.row["unit"]), full=str(subject.row["unit_full"]))
    places = unknown_names(subject.document.tasks).get(unknown_name(unit))
    if not places:
        return True
    task, field = places[0]
    return field == _field(subject, "unit") and any(task is own for own in subject.tasks)


def _duplicate_document(subject: Subject, batch: Batch) -> Issue:
    document_id = subject.row["document_id"]
    identities = [document.identity for document, _ in batch if document.identity is not None]
    files = [identity.source_file for identity in identities if identity.document_id == document_id]
    message = f"{len(files)} documents of this run have the identifier {document_id}: {', '.join(files)}"
    return subject.issue("duplicate_document", message, "document_id")


def _duplicate_task_no(subject: Subject) -> Issue:
    message = wording.duplicate_task_no(subject.row["task_no"], subject.tasks)
    places = tuple(place for task in subject.tasks for place in task.task_no.provenance)
    return replace(subject.issue("duplicate_task_no", message, "task_no"), provenance=places)


def _duplicate_key(subject: Subject) -> Issue:
    key = ", ".join(f"{name} {subject.row[name]}" for name in subject.columns if name != "batch_no")
    message = f"two rows of table {subject.table} have the same key: {key}"
    return subject.issue("duplicate_key", message, _field(subject, subject.columns[-1]))


def _orphan_row(subject: Subject) -> Issue:
    column, parent = subject.columns
    message = f"{column} in table {subject.table} is {wording.excerpt(subject.row[column])}, which is no {parent}"
    return subject.issue("orphan_row", message, _field(subject, column))


def _row_count(subject: Subject) -> Issue:
    message = f"n_tasks is {subject.row['n_tasks']}, but table tasks has {subject.row['task_rows']} rows"
    return subject.issue("row_count", message, "n_tasks")


def _declared_count(subject: Subject) -> Issue:
    declared, counted = subject.row["declared"], subject.row["counted"]
    message = f"the text declares {declared} tasks; the nearest count, of the document or of a table, is {counted}"
    return subject.issue("declared_count", message, None)


def _missing_task_no(subject: Subject) -> Issue:
    number = subject.row["task_no"]
    lower = [task.task_no.value for task in _table_tasks(subject) if task.task_no.value < number]
    message = wording.missing_task_no(number, max(lower, default=None))
    return subject.issue("missing_task_no", message, "task_no")


def _task_no_order(subject: Subject) -> Issue:
    message = f"the number {subject.row['task_no']} stands behind a higher one"
    return subject.issue("task_no_order", message, "task_no")


def _category_order(subject: Subject) -> Issue:
    message = f"category {subject.row['category_no']} stands behind a category with a higher number"
    return subject.issue("category_order", message, "category_no")


def _category_gap(subject: Subject) -> Issue:
    number = subject.row["category_no"]
    known = [task.category_no.value for task in _table_tasks(subject) if task.category_no.value is not None]
    message = wording.category_gap(number, max((value for value in known if value < number), default=0))
    return subject.issue("category_gap", message, "category_no")


def _lacking_leaders(subject: Subject) -> Issue:
    message = "the task has no leader, though the table has a column for it"
    return subject.issue("unexplained_lack", message, "leaders")


def _lacking_lead_units(subject: Subject) -> Issue:
    message = "the task has no lead organisation, though the table has a column for it"
    return subject.issue("unexplained_lack", message, "lead_units")


def _malformed_leader(subject: Subject) -> Issue:
    message = f"{wording.excerpt(subject.row['leader'])} has the form neither of a Chinese name nor of a post"
    return subject.issue("unlikely_value", message, "leaders")


def _unknown_unit(subject: Subject) -> Issue:
    message = f"{wording.excerpt(subject.row['unit'])} is not in the roster"
    return subject.issue("unknown_unit", message, _field(subject, "unit"))


def _position_gap(subject: Subject) -> Issue:
    message = f"target {subject.row['position']} does not follow the one before it by one"
    return subject.issue("position_gap", message, "content")


def _misplaced_phrase(subject: Subject) -> Issue:
    row = subject.row
    message = f"{wording.excerpt(row['phrase'])} does not stand in the text from {row['start']} to {row['end']}"
    return subject.issue("misplaced_phrase", message, "content")


def _unlikely_target(subject: Subject) -> Issue:
    row = subject.row
    faults = target_faults(*(row[name] for name in subject.columns))
    message = f"of the target {wording.excerpt(row['phrase'])} {' and '.join(faults)}"
    return subject.issue("unlikely_target", message, "content")


def _unknown_target_unit(subject: Subject) -> Issue:
    row = subject.row
    message = f"{wording.excerpt(row['unit'])} in {wording.excerpt(row['phrase'])} is no unit that is known"
    return subject.issue("unknown_target_unit", message, "content")


def _deadline_order(subject: Subject) -> Issue:
    row = subject.row
    message = f"the deadline ends on {row['deadline_to']}, before it begins on {row['deadline_from']}"
    return subject.issue("deadline_order", message, "deadline")


def _table_tasks(subject: Subject) -> list[TaskRecord]:
    return [task for task in subject.document.tasks if task.table_no == subject.row["table_no"]]


_ROW_CHECKS: dict[str, Callable[[Subject], Issue]] = {
    "category_gap": _category_gap,
    "category_order": _category_order,
    "deadline_order": _deadline_order,
    "declared_count": _declared_count,
    "duplicate_key": _duplicate_key,
    "duplicate_task_no": _duplicate_task_no,
    "lacking_lead_units": _lacking_lead_units,
    "lacking_leaders": _lacking_leaders,
    "malformed_leader": _malformed_leader,
    "misplaced_phrase": _misplaced_phrase,
    "missing_task_no": _missing_task_no,
    "orphan_row": _orphan_row,
    "position_gap": _position_gap,
    "row_count": _row_count,
    "task_no_order": _task_no_order,
    "unknown_target_unit": _unknown_target_unit,
    "unknown_unit": _unknown_unit,
    "unlikely_target": _unlikely_target,
}
