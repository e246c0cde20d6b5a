"""Validation: a batch of documents in, a verdict for each of them out.

Cheap to import: GX and pandas come with the first call.
"""

from __future__ import annotations

import threading
from collections.abc import Sequence
from dataclasses import replace
from pathlib import Path

from normalizers.acceptance import open_doubts
from normalizers.records import FIELD_NAMES, Issue, NormalizedDocument
from validators.lean import import_lean
from validators.verdict import Facts, Verdict

_WEIGHT = {"info": 0, "warning": 1, "critical": 2}

#: GX keeps the context of a run in a global: two threads at once would judge each other's documents.
_ALONE = threading.Lock()


def preload() -> None:
    """Import what validation needs, for a caller that has time while it waits for something else."""
    import_lean("validators.frames", "validators.run", "validators.findings")


def validate(batch: Sequence[tuple[NormalizedDocument, Facts]], data_docs: Path | None) -> list[Verdict]:
    """Judge every document of the batch in one GX run; the verdicts are in the order of the batch.

    With ``data_docs`` the results are written there as HTML, in place of an earlier run's. Raises ValueError for a
    document without an identity: its rows would have no key.
    """
    for document, _ in batch:
        if document.identity is None:
            raise ValueError(f"a document without an identity cannot be validated: {document.title or 'no title'}")
    if not batch:
        return []
    preload()
    from validators.findings import issues_by_document  # noqa: PLC0415  # see preload
    from validators.frames import build_frames  # noqa: PLC0415  # see preload
    from validators.run import run  # noqa: PLC0415  # see preload

    frames = build_frames(batch)
    with _ALONE:
        failures = run(frames, data_docs)
    found = issues_by_document(failures, frames, batch)
    return [_verdict(document, facts, issues) for (document, facts), issues in zip(batch, found, strict=True)]


def _verdict(document: NormalizedDocument, facts: Facts, found: Sequence[Issue]) -> Verdict:
    issues = _merged(document, open_doubts(found, document.tasks, facts.accepted))
    reasons = tuple(issue for issue in issues if issue.severity == "critical")
    return Verdict(replace(document, issues=issues), bool(reasons), reasons)


def _merged(document: NormalizedDocument, found: Sequence[Issue]) -> tuple[Issue, ...]:
    """The normalizer's issues and the validator's, by task, field and rule.

    What the normalizer said already is not said again, unless the validator takes it more seriously: a milder
    issue must not keep a critical one quiet.
    """
    said: dict[tuple[object, ...], int] = {}
    for issue in document.issues:
        key = _key(issue)
        said[key] = max(said.get(key, 0), _WEIGHT[issue.severity])
    new = [issue for issue in found if said.get(_key(issue), -1) < _WEIGHT[issue.severity]]
    order = {(task.table_no, task.task_no.value): place for place, task in reversed([*enumerate(document.tasks)])}
    fields = {name: place for place, name in enumerate(FIELD_NAMES)}

    def rank(issue: Issue) -> tuple[int, int, str]:
        # What concerns the document comes first, what concerns a task that it does not have comes last.
        task = -1 if issue.task_no is None else order.get((issue.table_no, issue.task_no), len(order))
        field = -1 if issue.field is None else fields.get(issue.field, len(fields))
        return task, field, issue.rule

    return tuple(sorted([*document.issues, *new], key=rank))


def _key(issue: Issue) -> tuple[object, ...]:
    return issue.table_no, issue.task_no, issue.field, issue.rule
