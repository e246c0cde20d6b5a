"""The Prefect flow that makes releases again with the current code and rules, and publishes what changed little.

Import it only after :func:`flows.prefect_server.configure`. Documents are prepared and published as an ingest does it;
here they are chosen, judged by limits of change, and compared. docs/reprocessing.md is its manual.
"""

from __future__ import annotations

import shutil
from collections.abc import Iterator, Mapping, Sequence
from contextlib import ExitStack
from dataclasses import replace
from itertools import chain
from pathlib import Path

from prefect import flow, get_run_logger
from prefect.artifacts import create_markdown_artifact, create_table_artifact

from flows import overview, publishing, steps
from flows.batches import cut, prepare_all, publish_all
from flows.crew import Crew
from flows.database_url import url_of
from flows.differences import Difference, Outcome, summary_of
from flows.discover import UsageError, discover
from flows.fingerprint import version
from flows.guard import Accepted, Limits, accepted_of, is_accepted
from flows.ledger import Ledger, release_folder
from flows.prepared import Prepared, look_into
from flows.publishing import Desk
from flows.release_files import rows
from flows.reprocess_choice import Choice, choose
from flows.reprocess_report import FOLDER, Reporter, by_gravity, markdown
from flows.runners import task_runner
from flows.steps import Plan
from flows.watching import Watch, watch
from normalizers.reference import DEFAULT_DIR
from normalizers.tabulate import Row
from writers.held import address
from writers.previous import release_no
from writers.publish import recover
from writers.sql import Database

#: Documents that the table artifact lists.
_LISTED = 500


@flow(name="reprocess", flow_run_name="reprocess-{raw.name}")
def reprocess(  # noqa: PLR0913  what a deployment can be given
    raw: Path = Path("raw"),
    outputs: Path = Path("outputs"),
    database: str | None = None,
    *,
    years: tuple[int, ...] = (),
    documents: tuple[str, ...] = (),
    accept: tuple[str, ...] = (),
    max_changed: float = Limits().max_changed,
    dry_run: bool = False,
    report: Path | None = None,
    reference: Path = DEFAULT_DIR,
    crew: Crew = Crew(),  # noqa: B008  it never changes
) -> list[Difference]:
    """Make all documents again, or those of some ``years`` or with some ids; what became of each, by name.

    ``database`` is a name as :mod:`flows.database_url` has them. ``max_changed`` is the share of its tasks (0 to 1) of
    which a value may change in a document; ``accept`` names documents (or ``all``) that are published whatever changes.
    ``dry_run`` publishes nothing. The report goes to the folder ``report``, else to ``outputs/reports``; of a dry run
    only where one is named. Every parameter can be said in JSON.

    Raises UsageError for a choice or a crew that there is not, DatabaseError for a database that can't be used at all,
    WriteError for outputs that can't be written.
    """
    if not 0 <= max_changed <= 1:
        raise UsageError(f"{max_changed} is no share of tasks. Name one from 0 to 1: 0.2 for a fifth of them")
    watchers = watch()
    runner = task_runner(crew)
    ledger = Ledger(outputs)
    choice = choose(discover([], raw), ledger.entries, outputs, years, documents)
    plan = steps.plan_for(outputs, reference, version(reference))
    plan = replace(plan, limits=Limits(max_changed))
    if dry_run:  # what a killed run has prepared stays, and so does what is known of the last one
        plan = replace(plan, parcels=plan.parcels.with_name("trial"), data_docs=None)
    accepted = accepted_of(accept)
    reporter = Reporter(report or (None if dry_run else outputs / FOLDER), dry_run)
    before = {name: entry.document_id for name, entry in ledger.entries.items()}
    with ExitStack() as stack:
        desk = None if dry_run else _desk(stack, plan, url_of(database, outputs), ledger, accepted)
        prepared = prepare_all(cut(choice.sources, crew.batch), plan, runner, watchers.progress)
        if desk is not None:
            overview.begin(outputs)
        items = publishing.without_rivals(prepared, ledger)
        made = _judged(items, plan, accepted) if desk is None else _published(items, desk, crew.batch)
        for difference in chain(_kept(choice, items, before), made):
            reporter.add(difference)
    if desk is not None:
        ledger.write()
        if problem := overview.catch_up(outputs):
            get_run_logger().warning(problem)
    # What was prepared has been published, or the ledger says why it was not.
    shutil.rmtree(plan.parcels, ignore_errors=True)
    reporter.write()
    _describe(reporter)
    return sorted(reporter.found, key=lambda item: item.document)


def _desk(stack: ExitStack, plan: Plan, url: str, ledger: Ledger, accepted: Accepted) -> Desk:
    recover(plan.outputs)
    store = stack.enter_context(Database(url))
    store.create()
    return Desk(plan, store, address(url), ledger, accepted, watch().log)


def _kept(choice: Choice, items: Sequence[Prepared], before: Mapping[str, str | None]) -> Iterator[Difference]:
    """The releases that can't be made again, since their source is gone: they stay as they are."""
    made = {item.document_id for item in items} | {before.get(item.source.name) for item in items}
    for document_id, folder in choice.releases.items():
        if document_id not in made:
            document = rows(folder, "documents")[0]
            note = f"{document.get('source_file', 'its source')} is not in raw/ any more"
            n_tasks = int(document.get("n_tasks") or 0)
            year = int(folder.parent.name)
            yield Difference(document_id, "kept", document_id, year, release_no(folder), n_tasks, notes=(note,))


def _judged(items: Sequence[Prepared], plan: Plan, accepted: Accepted) -> Iterator[Difference]:
    """What would become of the documents, nothing being published."""
    for item in items:
        stands = _standing(item, plan)
        if item.objections and not is_accepted(item.document_id or "", accepted):
            item = replace(item, outcome="held_back", reasons=(*item.reasons, *item.objections))  # noqa: PLW2901
        yield _difference(item, plan, stands, stands if _is_stopped(item) else item.release_no)


def _published(items: list[Prepared], desk: Desk, batch: int) -> Iterator[Difference]:
    """Publish the documents, batch by batch; what became of each."""
    for start in range(0, len(items), batch):
        part = items[start : start + batch]
        stood = [_standing(item, desk.plan) for item in part]
        results = publish_all(part, desk, batch, Watch().progress)
        watch().progress("publish", start + len(results))
        for item, before in zip(results, stood, strict=True):
            yield _difference(item, desk.plan, before, _standing(item, desk.plan))


def _standing(item: Prepared, plan: Plan) -> int | None:
    """The number of the release of a document that stands now."""
    if item.document_id is None or item.year is None:
        return None
    return release_no(release_folder(plan.outputs, item.year, item.document_id))


def _is_stopped(item: Prepared) -> bool:
    return item.outcome != "passed" or item.problem is not None


def _difference(item: Prepared, plan: Plan, before: int | None, after: int | None) -> Difference:
    """What became of a document whose release had the number ``before`` and now has ``after``."""
    outcome = _outcome(item, before, after)
    changes, tables = _changes(item, plan) if outcome in ("changed", "held_back") else ((), ())
    return Difference(
        item.source.name,
        outcome,
        item.document_id,
        item.year,
        after,
        item.n_tasks,
        tables,
        reasons=(*item.reasons, *((item.problem,) if item.problem else ())),
        notes=item.notes,
        changes=changes,
        n_changes=len(changes),
        summary=summary_of(changes, tables),
    )


def _outcome(item: Prepared, before: int | None, after: int | None) -> Outcome:
    if item.outcome == "left":
        return "left"
    if item.document_id is None:
        return "unreadable"
    if _is_stopped(item):
        return "held_back"
    if before is None:
        return "new"
    return "unchanged" if before == after else "changed"


def _changes(item: Prepared, plan: Plan) -> tuple[tuple[Row, ...], tuple[str, ...]]:
    """What the prepared release changed against the one before, as its own history says."""
    release = look_into(item, plan.parcels).release
    if release is None:
        return (), ()
    last = release.tables["releases"][-1]
    changes = (row for row in release.tables["changes"] if row["release_no"] == last["release_no"])
    return tuple(changes), tuple((last["tables_changed"] or "").split(",")) if last["tables_changed"] else ()


def _describe(reporter: Reporter) -> None:
    """Leave the report in Prefect: in short as text, and as a table of documents."""
    text = markdown(reporter.found, reporter.is_trial)
    create_markdown_artifact(text, key="reprocess-report", description="What reprocessing changed")
    told = by_gravity(reporter.found)
    table = [
        {
            "document": item.document,
            "outcome": item.outcome,
            "release": item.release_no or "",
            "differences": item.summary,
            "reasons": "; ".join(item.reasons),
        }
        for item in told[:_LISTED]
    ]
    said = f"Documents of this reprocessing ({len(table)} of {len(told)})"
    create_table_artifact(table, key="reprocess-documents", description=said)
