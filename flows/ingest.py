"""The Prefect flow: discover, extract, normalize, validate, publish.

Import it only after :func:`flows.prefect_server.configure`. The steps themselves are plain functions in
:mod:`flows.steps`; here they get retries, cached results, artifacts and progress.
"""

from __future__ import annotations

import hashlib
from collections.abc import Callable, Sequence
from pathlib import Path
from typing import Any

from prefect import flow, task
from prefect.artifacts import create_link_artifact, create_markdown_artifact, create_table_artifact
from prefect.cache_policies import NO_CACHE, CacheKeyFnPolicy

from flows import steps
from flows.database_url import url_of
from flows.discover import Source, discover
from flows.fingerprint import version
from flows.ledger import FOLDER, Entry, Ledger
from flows.steps import Work
from normalizers.reference import DEFAULT_DIR
from writers.errors import DatabaseError
from writers.held import address
from writers.publish import recover
from writers.sql import Database

#: Documents read by one task: a task costs more than reading a small document, and a run that is cut off goes on
#: after the last finished batch.
BATCH = 25
#: A database that is restarting is back within seconds.
_DATABASE_RETRIES, _RETRY_SECONDS = 2, 2.0

#: Told the step and how many documents it has done; the command line draws its progress bars with it.
Progress = Callable[[str, int], None]


def _batch_key(_context: Any, arguments: dict[str, Any]) -> str:
    """The key of a batch's result: what the documents and the code are, not when they were read."""
    work: Sequence[Work] = arguments["work"]
    parts = [arguments["version"], *(f"{item.source.path}:{item.source.content_hash}" for item in work)]
    return hashlib.sha256("\n".join(parts).encode()).hexdigest()


_BY_CONTENT = CacheKeyFnPolicy(cache_key_fn=_batch_key)


@task(name="discover", cache_policy=NO_CACHE)
def _discover(paths: list[Path], raw: Path) -> list[Source]:
    return discover(paths, raw)


@task(name="extract", cache_policy=_BY_CONTENT, persist_result=True)
def _extract(work: list[Work], version: str) -> list[Work]:  # noqa: ARG001  part of the cache key
    return steps.extract(work)


@task(name="normalize", cache_policy=NO_CACHE)
def _normalize(work: list[Work], reference: Path) -> list[Work]:
    return steps.normalize_all(work, reference)


@task(name="validate", cache_policy=NO_CACHE)
def _validate(work: list[Work], data_docs: Path) -> list[Work]:
    return steps.judge(work, data_docs)


@task(name="publish", cache_policy=NO_CACHE, retries=_DATABASE_RETRIES, retry_delay_seconds=_RETRY_SECONDS)
def _publish(work: list[Work], outputs: Path, database: Database, ledger: Ledger, done: Progress) -> list[Work]:
    published = []
    for item in work:
        published.append(steps.publish_one(item, outputs, database, ledger))
        done("publish", len(published))
    return published


@flow(name="ingest", flow_run_name="ingest-{raw.name}")
def ingest(
    paths: list[Path],
    raw: Path,
    outputs: Path,
    database: str | None = None,
    reference: Path = DEFAULT_DIR,
    progress: Progress | None = None,
) -> dict[str, Entry]:
    """Bring the documents to ``outputs`` and the database; the ledger's entry of each document by its name.

    ``database`` is a name as :mod:`flows.database_url` has them, as Prefect stores what a flow is given.
    Documents that are already there, unchanged, are left alone. A document that fails is held back; the others go
    on. Raises UsageError for paths without documents and DatabaseError for a database that can't be used at all.
    """
    done = progress or _silent
    recover(outputs)
    ledger = Ledger(outputs)
    code = version(reference)
    url = url_of(database, outputs)
    place = address(url)
    with Database(url) as store:
        store.create()
        held = store.sources()
        sources = _discover(paths, raw)
        work = [Work(source) for source in sources if not ledger.is_current(source, code, place, held)]
        work = _read(work, code, reference, done)
        work = _validate(work, outputs / FOLDER / "data_docs")
        done("validate", len(work))
        work = _publish_all(work, outputs, store, ledger, done)
        for item in work:
            steps.record(item, outputs, place, code, ledger)
        ledger.write()
    entries = {source.name: ledger.entries[source.name] for source in sources}
    _describe(entries, work, outputs)
    return entries


def _silent(_step: str, _count: int) -> None:
    pass


def _read(work: list[Work], code: str, reference: Path, done: Progress) -> list[Work]:
    read: list[Work] = []
    for start in range(0, len(work), BATCH):
        state = _extract(work[start : start + BATCH], code, return_state=True)
        batch: list[Work] = state.result()
        if state.name == "Cached":
            batch = steps.try_again(batch)
        read += _normalize(batch, reference)
        done("read", len(read))
    return read


def _publish_all(work: list[Work], outputs: Path, database: Database, ledger: Ledger, done: Progress) -> list[Work]:
    """Publish in batches; when the database stays away, every document of the batch is tried once more by itself."""
    published: list[Work] = []
    for start in range(0, len(work), BATCH):
        batch = work[start : start + BATCH]
        try:
            published += _publish(batch, outputs, database, ledger, done)
        except DatabaseError:
            published += [_publish_alone(item, outputs, database, ledger) for item in batch]
    return published


def _publish_alone(item: Work, outputs: Path, database: Database, ledger: Ledger) -> Work:
    try:
        return steps.publish_one(item, outputs, database, ledger)
    except DatabaseError as error:
        return steps.failed(item, error)


def _describe(entries: dict[str, Entry], work: Sequence[Work], outputs: Path) -> None:
    """Leave artifacts of the run in Prefect: the summary, the doubts, links to the releases."""
    rows = [
        {
            "document": name,
            "document_id": entry.document_id or "",
            "status": entry.status,
            "tasks": entry.n_tasks,
            **{severity: entry.issues.get(severity, 0) for severity in ("critical", "warning", "info")},
        }
        for name, entry in entries.items()
    ]
    create_table_artifact(rows, key="ingest-summary", description="What became of each document")
    lines = [
        f"- **{issue.severity}** {item.source.name} {steps.explain(issue)}"
        for item in work
        if item.document
        for issue in item.document.issues
        if issue.severity != "info"
    ]
    create_markdown_artifact("\n".join(lines) or "No doubts.", key="ingest-issues", description="Doubts of this run")
    # An artifact costs more than reading a document: links lead to the folders, not to each release.
    for key, folder in (("releases", outputs), ("data-docs", outputs / FOLDER / "data_docs")):
        create_link_artifact(folder.resolve().as_uri(), link_text=key, key=f"ingest-{key}")
