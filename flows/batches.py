"""The two tasks of an ingest: preparing batches of documents on a task runner, and publishing them here, in order.

Import it only after :func:`flows.prefect_server.configure`. What the tasks do stands in :mod:`flows.steps` and
:mod:`flows.publishing`; here it gets a task runner, stored results and retries.
"""

from __future__ import annotations

import hashlib
from collections.abc import Iterator, Sequence
from typing import Any, NamedTuple

from prefect import Task, task
from prefect.cache_policies import NO_CACHE, CacheKeyFnPolicy
from prefect.futures import as_completed
from prefect.task_runners import TaskRunner

from flows import data_docs, publishing, steps
from flows.discover import Source, UsageError
from flows.prepared import Prepared, has_parcel
from flows.publishing import Desk
from flows.runners import check_workers, cluster_lost, worker_died
from flows.steps import Plan
from flows.watching import Progress
from flows.workplace import check_place
from writers.errors import DatabaseError

#: Files of a batch have at most so many bytes together, unless there is one only: all are in memory at once.
_BATCH_BYTES = 64 << 20
#: A database that is restarting is back within seconds.
_DATABASE_RETRIES, _RETRY_SECONDS = 2, 2.0
#: Where so many documents bring down workers before any other could be prepared, it is not the documents.
_TOO_MANY_DEATHS = 3
_DYING = (
    "the Dask workers die whatever they are given, as when they have too little memory (dask worker --memory-limit): "
    "what they said last stands in their logs. Run again: what is finished is kept"
)


def _batch_key(_context: Any, arguments: dict[str, Any]) -> str:
    """The key of a batch's result: what documents, code and limits are, not when they were read."""
    plan: Plan = arguments["plan"]
    text = f"{plan.version}\n{plan.limits}\n{steps.batch_name(arguments['sources'])}"
    return hashlib.sha256(text.encode()).hexdigest()


@task(
    name="prepare",
    cache_policy=CacheKeyFnPolicy(cache_key_fn=_batch_key),
    persist_result=True,
    cache_result_in_memory=False,
)
def _prepare(sources: list[Source], plan: Plan) -> list[Prepared]:
    check_place([plan.outputs, plan.reference], plan.reference, plan.version)
    return steps.prepare(sources, plan)


class Turn:
    """Documents that are published one after the other; what has been done is not done again by a retry."""

    def __init__(self, items: list[Prepared], desk: Desk) -> None:
        """Take the documents and where they are published."""
        self._items, self._desk = items, desk
        self.done: list[Prepared] = []

    def go_on(self) -> None:
        """Publish what is left. Raises DatabaseError."""
        for item in self._items[len(self.done) :]:
            self.done.append(publishing.publish_prepared(item, self._desk))

    def finish(self) -> None:
        """Try every document that is left once more by itself."""
        self.done += [_publish_alone(item, self._desk) for item in self._items[len(self.done) :]]


@task(name="publish", cache_policy=NO_CACHE, retries=_DATABASE_RETRIES, retry_delay_seconds=_RETRY_SECONDS)
def _publish(turn: Turn) -> None:
    turn.go_on()


def cut(pending: Sequence[Source], most: int) -> list[list[Source]]:
    """The documents in batches of at most ``most`` and of not too many bytes, in their order.

    They are counted from the end: a run that was killed while it published, in this order, finds the batches of the
    documents that are left to be the same as before, and need not prepare them again.
    """
    batches: list[list[Source]] = []
    room = 0
    for source in reversed(pending):
        size = source.path.stat().st_size if source.path.exists() else 0
        if not batches or len(batches[-1]) == most or size > room:
            batches.append([])
            room = _BATCH_BYTES
        batches[-1].append(source)
        room -= size
    return [batch[::-1] for batch in reversed(batches)]


def prepare_all(batches: list[list[Source]], plan: Plan, runner: TaskRunner[Any], done: Progress) -> list[Prepared]:
    """Prepare all documents on the task runner; what is known of each, ordered by name.

    Batches that a killed run has finished are not prepared again. Where the processes that worked on a batch died, its
    documents are tried one at a time, and the one that is to blame is named.
    """
    found: dict[str, Prepared] = {}
    sites: list[list[Source]] = []
    deadly = 0
    job = _prepare.with_options(result_storage=plan.parcels)
    with runner as crew:
        if batches:
            folders = {source.path.parent for batch in batches for source in batch}
            check_workers(crew, [plan.outputs, *folders], plan.reference)
        while batches:
            again: list[list[Source]] = []
            for batch, result in _finished(crew, job, batches, plan):
                again += [] if isinstance(result, Done) else result
                deadly += isinstance(result, Done) and result.is_deadly
                if deadly == len(found) + 1 == _TOO_MANY_DEATHS:
                    raise UsageError(_DYING)
                if isinstance(result, Done):
                    found |= {item.source.name: item for item in result.items}
                    sites.append(batch)
                done("prepare", len(found))
            batches, job = again, job.with_options(refresh_cache=True)
    if plan.data_docs is not None:
        data_docs.write_index(plan.data_docs, [(steps.batch_name(site), site[0].name, site[-1].name) for site in sites])
    return [found[name] for name in sorted(found)]


class Done(NamedTuple):
    """The documents of a batch that was prepared; ``is_deadly`` says that the one in it brought down its workers."""

    items: list[Prepared]
    is_deadly: bool = False


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
            yield batch, [[source] for source in batch] if len(batch) > 1 else Done([_deadly(batch[0])], True)
            continue
        yield batch, [batch] if future.state.name == "Cached" and _may_change(items, plan) else Done(items)


def _deadly(source: Source) -> Prepared:
    advice = (
        "It is damaged, or no document but an attack: open it in a viewer and save it anew. Or it needs more memory "
        "than a Dask worker has here"
    )
    return Prepared(source, "unreadable", problem=f"{source.path}: the processes that read it died. {advice}")


def _may_change(items: Sequence[Prepared], plan: Plan) -> bool:
    """Whether the results of a killed run are to be made again: by another password or more memory they may change."""
    return any(item.is_patchy or not has_parcel(item, plan.parcels) for item in items)


def publish_all(items: list[Prepared], desk: Desk, batch: int, done: Progress) -> list[Prepared]:
    """Publish in batches; when the database stays away, every document of the batch is tried once more by itself."""
    published: list[Prepared] = []
    for start in range(0, len(items), batch):
        turn = Turn(items[start : start + batch], desk)
        try:
            _publish(turn)
        except DatabaseError:
            turn.finish()
        publishing.note(turn.done, desk)
        published += turn.done
        done("publish", len(published))
    return published


def _publish_alone(item: Prepared, desk: Desk) -> Prepared:
    try:
        return publishing.publish_prepared(item, desk)
    except DatabaseError as error:
        return publishing.failed(item, error, desk)
