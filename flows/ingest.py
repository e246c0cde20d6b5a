"""The Prefect flow: discover, prepare, publish.

Import it only after :func:`flows.prefect_server.configure`. The steps themselves are plain functions in
:mod:`flows.steps` and :mod:`flows.publishing`; here they get a task runner, stored results, retries, artifacts and
progress.
"""

from __future__ import annotations

import hashlib
import shutil
from collections.abc import Callable, Iterator, Sequence
from pathlib import Path
from typing import Any, NamedTuple

from prefect import Task, flow, task
from prefect.artifacts import create_link_artifact, create_markdown_artifact, create_table_artifact
from prefect.cache_policies import NO_CACHE, CacheKeyFnPolicy
from prefect.futures import as_completed
from prefect.task_runners import TaskRunner

from flows import data_docs, publishing, steps
from flows.crew import Crew
from flows.database_url import url_of
from flows.discover import Source, UsageError, discover
from flows.fingerprint import version
from flows.ledger import FOLDER, Entry, Ledger
from flows.prepared import Prepared, has_parcel
from flows.publishing import Desk
from flows.runners import check_workers, cluster_lost, task_runner, worker_died
from flows.steps import Plan
from normalizers.reference import DEFAULT_DIR
from writers.errors import DatabaseError
from writers.held import address
from writers.publish import recover
from writers.sql import Database

#: A database that is restarting is back within seconds.
_DATABASE_RETRIES, _RETRY_SECONDS = 2, 2.0
#: Documents and doubts that the artifacts list; all of them are in the ledger and in the releases.
_LISTED = 500

#: Told the step and how many documents it has done; the command line draws its progress bars with it.
Progress = Callable[[str, int], None]


def _batch_key(_context: Any, arguments: dict[str, Any]) -> str:
    """The key of a batch's result: what the documents and the code are, not when they were read."""
    text = f"{arguments['plan'].version}\n{steps.batch_name(arguments['sources'])}"
    return hashlib.sha256(text.encode()).hexdigest()


@task(name="discover", cache_policy=NO_CACHE)
def _discover(paths: list[Path], raw: Path) -> list[Source]:
    return discover(paths, raw)


@task(
    name="prepare",
    cache_policy=CacheKeyFnPolicy(cache_key_fn=_batch_key),
    persist_result=True,
    cache_result_in_memory=False,
)
def _prepare(sources: list[Source], plan: Plan) -> list[Prepared]:
    return steps.prepare(sources, plan)


@task(name="publish", cache_policy=NO_CACHE, retries=_DATABASE_RETRIES, retry_delay_seconds=_RETRY_SECONDS)
def _publish(items: list[Prepared], desk: Desk) -> list[Prepared]:
    return [publishing.publish_prepared(item, desk) for item in items]


@flow(name="ingest", flow_run_name="ingest-{raw.name}")
def ingest(
    paths: list[Path],
    raw: Path,
    outputs: Path,
    database: str | None = None,
    reference: Path = DEFAULT_DIR,
    progress: Progress | None = None,
    crew: Crew = Crew(),  # noqa: B008  it never changes
) -> dict[str, Entry]:
    """Bring the documents to ``outputs`` and the database; the ledger's entry of each document by its name.

    ``database`` is a name as :mod:`flows.database_url` has them, as Prefect stores what a flow is given; ``crew`` says
    where documents are prepared. Documents that are already there, unchanged, are left alone. A document that fails is
    held back; the others go on. Raises UsageError for paths without documents and a crew that there is not,
    DatabaseError for a database that can't be used at all, WriteError for outputs that can't be written.
    """
    done = progress or _silent
    runner = task_runner(crew)
    recover(outputs)
    ledger = Ledger(outputs)
    plan = steps.plan_for(outputs, reference, version(reference))
    url = url_of(database, outputs)
    with Database(url) as store:
        store.create()
        held = store.sources()
        desk = Desk(plan, store, address(url), ledger)
        sources = _discover(paths, raw)
        pending = [source for source in sources if not ledger.is_current(source, plan.version, desk.place, held)]
        batches = [pending[start : start + crew.batch] for start in range(0, len(pending), crew.batch)]
        prepared = _prepare_all(batches, plan, runner, done)
        # Only now it is known which documents claim the same identifier: nothing has been published yet.
        results = _publish_all(publishing.without_rivals(prepared), desk, crew.batch, done)
    ledger.write()
    # What was prepared has been published, or the ledger says why it was not.
    shutil.rmtree(plan.parcels, ignore_errors=True)
    entries = {source.name: ledger.entries[source.name] for source in sources}
    _describe(entries, results, outputs)
    return entries


def _silent(_step: str, _count: int) -> None:
    pass


def _prepare_all(batches: list[list[Source]], plan: Plan, runner: TaskRunner[Any], done: Progress) -> list[Prepared]:
    """Prepare all documents on the task runner; what is known of each, ordered by name.

    Batches that a killed run has finished are not prepared again. Where the processes that worked on a batch died, its
    documents are tried one at a time, and the one that is to blame is named.
    """
    found: dict[str, Prepared] = {}
    sites: list[list[Source]] = []
    job = _prepare.with_options(result_storage=plan.parcels)
    with runner as crew:
        if batches:
            folders = {source.path.parent for batch in batches for source in batch}
            check_workers(crew, [plan.outputs, *folders], plan.reference)
        while batches:
            again: list[list[Source]] = []
            for batch, result in _finished(crew, job, batches, plan):
                again += [] if isinstance(result, Done) else result
                if isinstance(result, Done):
                    found |= {item.source.name: item for item in result.items}
                    sites.append(batch)
                done("prepare", len(found))
            batches, job = again, job.with_options(refresh_cache=True)
    if plan.data_docs is not None:
        data_docs.write_index(plan.data_docs, [(steps.batch_name(site), site[0].name, site[-1].name) for site in sites])
    return [found[name] for name in sorted(found)]


class Done(NamedTuple):
    """The documents of a batch that was prepared."""

    items: list[Prepared]


def _finished(
    crew: TaskRunner[Any], job: Task[..., list[Prepared]], batches: list[list[Source]], plan: Plan
) -> Iterator[tuple[list[Source], Done | list[list[Source]]]]:
    """Each batch as it is finished, with its documents or with the batches to be tried again in its place."""
    futures = {crew.submit(job, {"sources": batch, "plan": plan}): batch for batch in batches}
    for future in as_completed(list(futures)):
        batch = futures[future]
        try:
            items = future.result()
        except Exception as error:
            if cluster_lost(error):
                raise UsageError(f"the Dask cluster is gone ({error}). Run again: what is finished is kept") from error
            if not worker_died(error):
                raise
            yield batch, [[source] for source in batch] if len(batch) > 1 else Done([_deadly(batch[0])])
            continue
        yield batch, [batch] if future.state.name == "Cached" and _may_change(items, plan) else Done(items)


def _deadly(source: Source) -> Prepared:
    advice = "It is damaged, or no document but an attack: open it in a viewer and save it anew"
    return Prepared(source, "unreadable", problem=f"{source.path}: the processes that read it died. {advice}")


def _may_change(items: Sequence[Prepared], plan: Plan) -> bool:
    """Whether the results of a killed run are to be made again: by another password or more memory they may change."""
    return any(item.is_patchy or not has_parcel(item, plan.parcels) for item in items)


def _publish_all(items: list[Prepared], desk: Desk, batch: int, done: Progress) -> list[Prepared]:
    """Publish in batches; when the database stays away, every document of the batch is tried once more by itself."""
    published: list[Prepared] = []
    for start in range(0, len(items), batch):
        part = items[start : start + batch]
        try:
            published += _publish(part, desk)
        except DatabaseError:
            published += [_publish_alone(item, desk) for item in part]
        done("publish", len(published))
    return published


def _publish_alone(item: Prepared, desk: Desk) -> Prepared:
    try:
        return publishing.publish_prepared(item, desk)
    except DatabaseError as error:
        return publishing.failed(item, error, desk)


def _describe(entries: dict[str, Entry], items: Sequence[Prepared], outputs: Path) -> None:
    """Leave artifacts of the run in Prefect: the summary, the doubts, links to the releases."""
    gravest = sorted(entries.items(), key=lambda named: named[1].status == "published")
    rows = [
        {
            "document": name,
            "document_id": entry.document_id or "",
            "status": entry.status,
            "tasks": entry.n_tasks,
            **{severity: entry.issues.get(severity, 0) for severity in ("critical", "warning", "info")},
        }
        for name, entry in gravest[:_LISTED]
    ]
    said = f"What became of each document ({len(rows)} of {len(entries)})"
    create_table_artifact(rows, key="ingest-summary", description=said)
    lines = [f"- {doubt}" for item in items for doubt in item.doubts]
    lines = [*lines[:_LISTED], "- ..."] if len(lines) > _LISTED else lines
    create_markdown_artifact("\n".join(lines) or "No doubts.", key="ingest-issues", description="Doubts of this run")
    # An artifact costs more than reading a document: links lead to the folders, not to each release.
    for key, folder in (("releases", outputs), ("data-docs", outputs / FOLDER / "data_docs")):
        create_link_artifact(folder.resolve().as_uri(), link_text=key, key=f"ingest-{key}")
