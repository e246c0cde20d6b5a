"""Task records as rows of the dataset's tables, and as nested objects."""

from __future__ import annotations

from collections import Counter
from collections.abc import Container, Iterator, Sequence
from dataclasses import fields
from decimal import Decimal
from typing import Any

from extractors.model import Provenance
from normalizers.records import (
    FIELD_NAMES,
    Field,
    Identity,
    Issue,
    Leader,
    NormalizedDocument,
    Target,
    TaskRecord,
    Unit,
)
from normalizers.roster import Organisation

Row = dict[str, Any]


def task_id(document_id: str, table_no: int, task_no: int) -> str:
    """The task's identifier; only tasks of a second table need the table's number."""
    return f"{document_id}-{task_no}" if table_no == 1 else f"{document_id}-t{table_no}-{task_no}"


def tabulate(document: NormalizedDocument) -> dict[str, list[Row]]:
    """The rows of every table of the dataset, in document order.

    Raises ValueError when the document has no identity: rows need its identifier.
    """
    identity = document.identity
    if identity is None:
        raise ValueError("a document without an identity has no rows")
    known = {(task.table_no, task.task_no.value) for task in document.tasks}
    counts = Counter((issue.table_no, issue.task_no) for issue in document.issues)
    rows: dict[str, list[Row]] = {
        "documents": [_document_row(document, identity)],
        "tasks": [],
        "task_leaders": [],
        "task_units": [],
        "organisations": [_organisation_row(identity.document_id, body) for body in document.organisations],
        "organisation_members": [
            {"document_id": identity.document_id, "group_id": group, "position": position, "unit_id": member}
            for group, members in document.members
            for position, member in enumerate(members, 1)
        ],
        "targets": [],
        "provenance": [],
        "issues": [issue_row(identity.document_id, no, issue, known) for no, issue in enumerate(document.issues, 1)],
    }
    for task in document.tasks:
        key = task_id(identity.document_id, task.table_no, task.task_no.value)
        rows["tasks"].append(_task_row(identity, key, task, counts[task.table_no, task.task_no.value]))
        for position, leader in enumerate(task.leaders.value, 1):
            rows["task_leaders"].append(_leader_row(key, position, leader))
        for role, units in (("lead", task.lead_units.value), ("support", task.support_units.value)):
            rows["task_units"].extend(_unit_row(key, role, n, unit) for n, unit in enumerate(units, 1))
        rows["targets"].extend(_target_row(key, n, target) for n, target in enumerate(task.targets, 1))
        rows["provenance"].extend(_provenance_rows(key, task))
    return rows


def nested(document: NormalizedDocument) -> list[Row]:
    """One object per task, in document order, with the keys that ``fenjie extract`` promises."""
    by_task: dict[tuple[int, int | None], list[Issue]] = {}
    for issue in document.issues:
        by_task.setdefault((issue.table_no, issue.task_no), []).append(issue)
    return [nest(task, by_task.get((task.table_no, task.task_no.value), ())) for task in document.tasks]


def nest(task: TaskRecord, issues: Sequence[Issue]) -> Row:
    """One task as a nested object; keys and their order are part of the contract."""
    return {
        "task_no": task.task_no.value,
        "content": task.content.value,
        "category_no": task.category_no.value,
        "category": task.category.value,
        "subcategory": task.subcategory.value,
        "leaders": [leader.printed for leader in task.leaders.value],
        "lead_units": [unit.printed for unit in task.lead_units.value],
        "support_units": [unit.printed for unit in task.support_units.value],
        "deadline": task.deadline.value,
        "remark": task.remark.value,
        "page_start": task.page_start or None,
        "page_end": task.page_end or None,
        "issues": [{"rule": i.rule, "severity": i.severity, "field": i.field, "message": i.message} for i in issues],
    }


def _document_row(document: NormalizedDocument, identity: Identity) -> Row:
    return {
        "document_id": identity.document_id,
        "region_code": identity.region_code,
        "region": identity.region,
        "year": identity.year,
        "kind": identity.kind,
        "title": identity.title,
        "publisher": identity.publisher,
        "source_file": identity.source_file,
        "source_url": identity.source_url,
        "source_sha256": identity.source_sha256,
        "source_format": document.source_format,
        "pages": document.pages or None,
        "n_tasks": len(document.tasks),
    }


def _task_row(identity: Identity, key: str, task: TaskRecord, n_issues: int) -> Row:
    return {
        "task_id": key,
        "document_id": identity.document_id,
        "table_no": task.table_no,
        "task_no": task.task_no.value,
        "category_no": task.category_no.value,
        "category": task.category.value,
        "subcategory": task.subcategory.value,
        "content": task.content.value,
        "deadline": task.deadline.value,
        "deadline_from": task.due.first if task.due else None,
        "deadline_to": task.due.last if task.due else None,
        "remark": task.remark.value,
        "page_start": task.page_start or None,
        "page_end": task.page_end or None,
        "n_issues": n_issues,
    }


def _organisation_row(document_id: str, body: Organisation) -> Row:
    return {
        "document_id": document_id,
        "unit_id": body.unit_id,
        "unit_name": body.name,
        "kind": body.kind,
        "region_code": body.region_code,
        "valid_from": body.valid_from,
        "valid_to": body.valid_to,
    }


def _leader_row(key: str, position: int, leader: Leader) -> Row:
    return {
        "task_id": key,
        "position": position,
        "leader": leader.printed,
        "leader_id": leader.leader_id,
        "leader_name": leader.name,
        "post": leader.post,
    }


def _target_row(key: str, position: int, target: Target) -> Row:
    row: Row = {"task_id": key, "position": position} | {f.name: getattr(target, f.name) for f in fields(target)}
    return {name: float(value) if isinstance(value, Decimal) else value for name, value in row.items()}


def _unit_row(key: str, role: str, position: int, unit: Unit) -> Row:
    return {
        "task_id": key,
        "position": position,
        "role": role,
        "unit": unit.printed,
        "unit_full": unit.full or unit.printed,
        "unit_id": unit.unit_id,
        "unit_name": unit.name,
        "qualifier": unit.qualifier,
    }


def _provenance_rows(key: str, task: TaskRecord) -> Iterator[Row]:
    for name in FIELD_NAMES:
        field: Field[object] = getattr(task, name)
        places: tuple[Provenance | None, ...] = field.provenance
        if not places:
            if field.method != "corrected":
                continue
            places = (None,)
        for position, place in enumerate(places, 1):
            yield _provenance_row(key, name, position, place, field)


def _provenance_row(key: str, name: str, position: int, place: Provenance | None, field: Field[object]) -> Row:
    box = place.bbox if place else None
    return {
        "task_id": key,
        "field": name,
        "position": position,
        "page": (place.page or None) if place else None,
        "x0": box.x0 if box else None,
        "top": box.top if box else None,
        "x1": box.x1 if box else None,
        "bottom": box.bottom if box else None,
        "line": place.line if place else None,
        "engine": place.engine if place else None,
        "method": field.method,
        "raw": field.raw,
    }


def issue_row(document_id: str, number: int, issue: Issue, known: Container[tuple[int, int]]) -> Row:
    """The row of an issue; one about a task that is not ``known`` (table_no, task_no) has no task to refer to."""
    place = issue.provenance[0] if issue.provenance else None
    task = None
    if issue.task_no is not None and (issue.table_no, issue.task_no) in known:
        task = task_id(document_id, issue.table_no, issue.task_no)
    return {
        "document_id": document_id,
        "issue_no": number,
        "task_id": task,
        "field": issue.field,
        "rule": issue.rule,
        "severity": issue.severity,
        "message": issue.message,
        "suggestion": issue.suggestion,
        "page": (place.page or None) if place else None,
        "line": place.line if place else None,
    }
