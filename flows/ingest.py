"""The Prefect flow: discover, prepare, publish.

Import it only after :func:`flows.prefect_server.configure`. What is done stands in plain functions,
in :mod:`flows.steps` and :mod:`flows.publishing`; :mod:`flows.batches` makes tasks of them.
"""

from __future__ import annotations

import logging
import shutil
from collections.abc import Sequence
from dataclasses import replace
from pathlib import Path

from prefect import flow, get_run_logger, task
from prefect.artifacts import create_link_artifact, create_markdown_artifact, create_table_artifact
from prefect.cache_policies import NO_CACHE

from flows import notify, overview, publishing, steps
from flows.batches import cut, prepare_all, publish_all
from flows.completing import complete, left_behind
from flows.crew import Crew
from flows.database_url import url_of
from flows.discover import Found, find
from flows.fingerprint import version
from flows.guard import Limits, accepted_of
from flows.ledger import FOLDER, Entry, Ledger
from flows.prepared import Prepared
from flows.publishing import Desk
from flows.runners import task_runner
from flows.watching import watch
from normalizers.reference import DEFAULT_DIR
from writers.errors import WriteError
from writers.held import address
from writers.overview import write_overview
from writers.publish import recover
from writers.sql import Database

_log = logging.getLogger(__name__)
#: Documents and doubts that the artifacts list; all of them are in the ledger and in the releases.
_LISTED = 500


@task(name="discover", cache_policy=NO_CACHE)
def _discover(paths: list[Path], raw: Path, settle: float) -> Found:
    return find(paths, raw, settle)


@flow(name="ingest", flow_run_name="ingest-{raw.name}")
def ingest(  # noqa: PLR0913  what a deployment can be given
    paths: list[Path],
    raw: Path,
    outputs: Path,
    database: str | None = None,
    reference: Path = DEFAULT_DIR,
    crew: Crew = Crew(),  # noqa: B008  it never changes
    *,
    accept: tuple[str, ...] = (),
    settle: float = 0.0,
    limits: Limits | None = None,
) -> dict[str, Entry]:
    """Bring the documents to ``outputs`` and the database; the ledger's entry of each document by its name.

    ``database`` is a name as :mod:`flows.database_url` has them, as Prefect stores what a flow is given; ``crew`` says
    where documents are prepared; ``accept`` names the document_ids (or ``all``) that are published although the guard
    would hold them back. Documents that are already there, unchanged, are left alone. A document that fails is held
    back; the others go on. One that changed less than ``settle`` seconds ago, or while it was read, is left for the
    next run: its entry says so, and is not kept. ``limits`` are those of the guard.

    Raises UsageError for paths without documents and a crew that there is not, DatabaseError for a database that can't
    be used at all, WriteError for outputs that can't be written.
    """
    watchers = watch()
    runner = task_runner(crew)
    recover(outputs)
    ledger = Ledger(outputs)
    before = dict(ledger.entries)
    plan = replace(steps.plan_for(outputs, reference, version(reference)), limits=limits)
    url = url_of(database, outputs)
    with Database(url) as store:
        store.create()
        held = store.held()
        desk = Desk(plan, store, address(url), ledger, accepted_of(accept), watchers.log)
        found = _discover(paths, raw, settle)
        pending = ledger.pending(found.sources, plan.version, desk.place, held, desk.accepted)
        prepared = prepare_all(cut(pending, crew.batch), plan, runner, watchers.progress)
        if pending:
            overview.begin(outputs)
        # Only now it is known which documents claim the same identifier: nothing has been published yet.
        results = publish_all(publishing.without_rivals(prepared, ledger), desk, crew.batch, watchers.progress)
        problems = complete(desk, raw) + left_behind(before, ledger)
    ledger.write()
    for problem in problems:
        get_run_logger().warning(problem)
    if late := overview.catch_up(outputs):
        get_run_logger().warning(late)
    # What was prepared has been published, or the ledger says why it was not.
    shutil.rmtree(plan.parcels, ignore_errors=True)
    entries = ledger.told(found, {item.source.name: item.problem or "" for item in results if item.outcome == "left"})
    _describe(entries, results, outputs)
    stopped = [(item.source.name, entries[item.source.name]) for item in results]
    notify.held_back([notify.Stopped.of(name, entry) for name, entry in stopped if entry.is_stopped], str(outputs))
    return entries


def _renew_overview(outputs: Path) -> None:
    try:
        write_overview(outputs)
    except WriteError as error:  # everything else has been published
        _log.warning("the overview is the one of an earlier run: %s", error)


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
