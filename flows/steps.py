"""The steps of an ingest as plain functions: no Prefect, each a function of its inputs.

A document that fails a step carries its problem on; the others go on without it.
"""

from __future__ import annotations

import json
import os
from collections import Counter
from collections.abc import Sequence
from dataclasses import dataclass, replace
from pathlib import Path

from extractors.errors import ReadError, fault
from extractors.model import SourceDocument
from extractors.supervised import read_documents, whole
from flows.discover import Source
from flows.ledger import Entry, Ledger, release_folder
from flows.settings import PASSWORD
from normalizers.identity import IdentityError, identify
from normalizers.normalize import normalize
from normalizers.records import Issue, NormalizedDocument
from normalizers.reference import ReferenceDataError
from normalizers.tabulate import issue_row
from normalizers.titles import title_of
from normalizers.view import DocumentView, view_of
from validators.validate import validate
from validators.verdict import Facts
from writers.errors import DatabaseError, WriteError
from writers.folder import sizes
from writers.publish import publish
from writers.release import build
from writers.sql import Database

QUARANTINE = "quarantine"


@dataclass(frozen=True, slots=True)
class Work:
    """One document on its way through the steps; ``problem`` says why it goes no further."""

    source: Source
    read: SourceDocument | None = None
    document: NormalizedDocument | None = None
    view: DocumentView | None = None
    reasons: tuple[Issue, ...] = ()
    problem: str | None = None

    @property
    def is_held_back(self) -> bool:
        """Whether validation or publishing stopped the document."""
        return bool(self.reasons) or self.problem is not None


def extract(work: Sequence[Work]) -> list[Work]:
    """Read each file: its tables and the text around them."""
    results = read_documents([item.source.path for item in work], whole, os.environ.get(PASSWORD))
    return [
        replace(item, problem=str(result)) if isinstance(result, ReadError) else replace(item, read=result)
        for item, (_, result) in zip(work, results, strict=True)
    ]


def try_again(work: Sequence[Work]) -> list[Work]:
    """Read the files anew that could not be read or not wholly: with another password or more memory they may be."""
    failed = [Work(item.source) for item in work if item.problem is not None or _lacks_pages(item)]
    again = {item.source: item for item in extract(failed)}
    return [again.get(item.source, item) for item in work]


def _lacks_pages(item: Work) -> bool:
    return item.read is not None and any(doubt.rule == "unreadable_page" for doubt in item.read.doubts)


def normalize_all(work: Sequence[Work], reference: Path) -> list[Work]:
    """Identify each document and make its task records."""
    return [item if item.problem or item.read is None else _normalize(item, item.read, reference) for item in work]


def _normalize(item: Work, read: SourceDocument, reference: Path) -> Work:
    try:
        identity = identify(item.source.path, item.source.name, title_of(read), reference)
        return replace(item, read=None, document=normalize(read, identity, reference), view=view_of(read))
    except (IdentityError, ReferenceDataError) as error:
        return replace(item, read=None, problem=str(error))
    except Exception as error:  # a fault of ours in one document must not stop the others
        return replace(item, read=None, problem=str(fault(item.source.path, error)))


def judge(work: Sequence[Work], data_docs: Path | None) -> list[Work]:
    """Validate all documents in one run; the doubts that it finds are added to each."""
    result = _without_copies(work)
    judged = [(index, item.document) for index, item in enumerate(result) if item.document and not item.problem]
    verdicts = validate([(document, _facts(document)) for _, document in judged], data_docs)
    for (index, _), verdict in zip(judged, verdicts, strict=True):
        result[index] = replace(result[index], document=verdict.document, reasons=verdict.reasons)
    return result


def _without_copies(work: Sequence[Work]) -> list[Work]:
    """The work with every document stopped that is the same file as one before it, byte for byte."""
    seen: dict[tuple[str, str], str] = {}
    result = []
    for item in work:
        identity = item.document.identity if item.document and not item.problem else None
        key = (identity.document_id, identity.source_sha256) if identity else None
        if key is not None and seen.setdefault(key, item.source.name) != item.source.name:
            result.append(
                replace(item, problem=f"{item.source.path}: this is a copy of {seen[key]}. Remove one of them")
            )
        else:
            result.append(item)
    return result


def _facts(document: NormalizedDocument) -> Facts:
    return Facts(document.has_roster, document.declared_counts, document.columns, document.accepted)


def publish_one(item: Work, outputs: Path, database: Database, ledger: Ledger) -> Work:
    """Put a document that passed into the database and the outputs folder; one that did not leaves both as they are.

    The database comes first: when it fails, nothing has changed. Raises DatabaseError, so that the caller may try
    again; everything else becomes the document's problem.
    """
    document = item.document
    if item.is_held_back or document is None or document.identity is None:
        return item
    other = ledger.other_source(document.identity.document_id, item.source.name)
    if other is not None and (_raw_of(item.source) / other).exists():
        return replace(
            item, problem=f"{item.source.path}: {document.identity.document_id} is already published from {other}"
        )
    release = build(document)
    database.replace([release])
    try:
        publish(release, outputs)
    except WriteError as error:
        return replace(item, problem=str(error))
    return item


def _raw_of(source: Source) -> Path:
    """The folder that the document's name is relative to."""
    return source.path.resolve().parents[len(Path(source.name).parts) - 1]


def failed(item: Work, error: DatabaseError) -> Work:
    """A document that the database did not take."""
    return replace(item, problem=f"{item.source.path}: {error}")


def record(item: Work, outputs: Path, database: str, version: str, ledger: Ledger) -> Entry:
    """Enter what became of a document into the ledger and, if it was held back, its reasons into the quarantine."""
    entry = _entry(item, outputs, version)
    if entry.status == "published":
        before = ledger.entries.get(item.source.name)
        same = before is not None and (before.content_hash, before.version) == (entry.content_hash, entry.version)
        known = before.databases if before is not None and same else ()
        entry = replace(entry, databases=tuple(sorted({*known, database})))
    ledger.entries[item.source.name] = entry
    _quarantine(item, outputs, entry)
    return entry


def _entry(item: Work, outputs: Path, version: str) -> Entry:
    document = item.document
    identity = document.identity if document else None
    if item.problem is not None and document is None:
        return Entry(item.source.content_hash, version, "unreadable", reasons=(item.problem,))
    counts = dict(Counter(issue.severity for issue in document.issues)) if document else {}
    reasons = tuple(explain(issue) for issue in item.reasons) + ((item.problem,) if item.problem else ())
    files = {}
    if identity and not item.is_held_back:
        folder = release_folder(outputs, identity.year, identity.document_id)
        files = sizes(folder)
    # A verdict that depends on other files is found anew in the next run.
    depends = item.problem is not None or any(issue.rule == "duplicate_document" for issue in item.reasons)
    return Entry(
        content_hash="" if depends else item.source.content_hash,
        version=version,
        status="held_back" if item.is_held_back else "published",
        document_id=identity.document_id if identity else None,
        year=identity.year if identity else None,
        source_sha256=identity.source_sha256 if identity else None,
        n_tasks=len(document.tasks) if document else 0,
        issues=dict(sorted(counts.items())),
        reasons=reasons,
        files=files,
    )


def explain(issue: Issue) -> str:
    """An issue in one line: which task, what is wrong, where, what to do."""
    task = f"task ({issue.task_no}): " if issue.task_no is not None else ""
    place = issue.provenance[0] if issue.provenance else None
    where = f" [{place}]" if place and str(place) else ""
    return f"{task}{issue.message}{where}. {issue.suggestion or ''}".strip()


def _quarantine(item: Work, outputs: Path, entry: Entry) -> None:
    """Write the reasons beside the releases, or take away those of an earlier run."""
    path = outputs / QUARANTINE / f"{item.source.name}.json"
    if entry.status == "published":
        path.unlink(missing_ok=True)
        return
    issues = item.document.issues if item.document else ()
    tasks = {(task.table_no, task.task_no.value) for task in item.document.tasks} if item.document else set()
    content = {
        "source": item.source.name,
        "document_id": entry.document_id,
        "status": entry.status,
        "reasons": list(entry.reasons),
        "issues": [issue_row(entry.document_id or "", no, issue, tasks) for no, issue in enumerate(issues, 1)],
    }
    path.parent.mkdir(parents=True, exist_ok=True)
    path.write_text(json.dumps(content, ensure_ascii=False, indent=1) + "\n", encoding="utf-8")
