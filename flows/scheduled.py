"""The flows that schedules start. They run what a person would type, and wait where a person would come back later."""

from __future__ import annotations

import time
from collections import Counter
from collections.abc import Callable, Iterable
from pathlib import Path
from typing import Any, TypeVar

from prefect import State, flow
from prefect.states import Completed
from rich.console import Console

from flows import run
from flows.deployments import SETTLE
from flows.discover import BusyError, find
from flows.guard import Limits

Result = TypeVar("Result")

#: Seconds between two looks at files that are still being copied, or at an outputs folder that another run holds.
_PAUSE = 10.0
#: Seconds after which files that still change are left for the next run, and another run is no longer waited for.
_PATIENCE = 3600.0


@flow(name="check-raw")
def check_raw(
    raw: Path = Path("raw"),
    outputs: Path = Path("outputs"),
    database: str | None = None,
    settle: float = SETTLE,
    patience: float = _PATIENCE,
) -> State[Any]:
    """Ingest what is new or changed in ``raw``.

    ``database`` is a name as :mod:`flows.database_url` has them. Files that changed less than ``settle`` seconds ago
    are waited for, at most ``patience`` seconds, and so is another run; what then still changes is left for the next.
    A document whose file is the same and that changes beyond the limits, as code or reference data are others now, is
    held back as in a reprocessing: nobody looks here either.
    The run ends as ``Completed``, or as ``HeldBack`` where a document was not published, which is no failure of the
    run; an outputs folder or a database that can't be used is one.
    """
    deadline = time.monotonic() + patience
    while find([], raw, settle).is_settling and time.monotonic() < deadline:
        time.sleep(min(_PAUSE, settle))
    entries = _when_free(
        lambda: run.ingest([], raw, outputs, database, Console(), settle=settle, limits=Limits()), deadline
    )
    return _state(entry.status for entry in entries.values())


@flow(name="reprocess-all")
def reprocess_all(
    raw: Path = Path("raw"),
    outputs: Path = Path("outputs"),
    database: str | None = None,
    patience: float = _PATIENCE,
) -> State[Any]:
    """Make every release again with the current code and rules; those beyond the limits of change are held back.

    Another run is waited for, at most ``patience`` seconds. The run ends like that of :func:`check_raw`.
    """
    from flows import notify, reprocess_run  # noqa: PLC0415  not wanted by a check that finds nothing to do

    found = _when_free(lambda: reprocess_run.reprocess(raw, outputs, database, Console()), time.monotonic() + patience)
    stopped = [item for item in found if item.outcome in ("held_back", "unreadable")]
    told = [notify.Stopped(item.document, item.document_id, item.outcome, item.reasons) for item in stopped]
    notify.held_back(told, str(outputs))
    return _state(item.outcome for item in found)


def _when_free(work: Callable[[], Result], deadline: float) -> Result:
    """Do something as soon as no other run holds the outputs folder; :class:`BusyError` when it takes too long."""
    while True:
        try:
            return work()
        except BusyError:
            if time.monotonic() >= deadline:
                raise
            time.sleep(_PAUSE)


def _state(outcomes: Iterable[str]) -> State[Any]:
    counts = Counter(outcomes)
    message = ", ".join(f"{count} {outcome.replace('_', ' ')}" for outcome, count in sorted(counts.items()))
    stopped = counts["held_back"] + counts["unreadable"]
    return Completed(name="HeldBack" if stopped else "Completed", message=message)
