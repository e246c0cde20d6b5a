"""One reprocessing, as a person starts it or a schedule: the outputs folder is held, the run is logged."""

from __future__ import annotations

from collections.abc import Callable, Iterator
from contextlib import contextmanager
from pathlib import Path
from typing import Any

from rich.console import Console

from flows import console_log, prefect_server, show
from flows.crew import Crew
from flows.database_url import api_for, name_of
from flows.differences import Difference
from flows.discover import discover
from flows.fingerprint import ROOT, version
from flows.guard import Limits
from flows.ledger import Ledger, sole_run
from flows.reprocess_choice import choose
from flows.runlog import RunLog, logged
from flows.watching import watched
from normalizers.reference import DEFAULT_DIR


def reprocess(  # noqa: PLR0913  options of the command
    raw: Path,
    outputs: Path,
    database: str | None,
    console: Console,
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
    """Make documents again; what became of each, by name. Parameters and errors are those of the flow.

    ``database`` is a URL or a name as :mod:`flows.database_url` has them. A dry run leaves the run log alone as well.
    """
    total = len(choose(discover([], raw), Ledger(outputs).entries, outputs, years, documents).sources)
    name = name_of(database)
    arguments = {"years": list(years), "documents": list(documents), "accept": list(accept), "max_changed": max_changed}
    with sole_run(outputs), api_for(name, ROOT), _logged(outputs, dry_run, reference, crew, arguments) as log:
        with _flow(console, total, log) as flow:
            found: list[Difference] = flow(
                raw, outputs, name, years=years, documents=documents, accept=accept, max_changed=max_changed,
                dry_run=dry_run, report=report, reference=reference, crew=crew,
            )  # fmt: skip
        if log is not None:
            log.count({"kept": sum(item.outcome == "kept" for item in found)})
    return found


@contextmanager
def _logged(
    outputs: Path, dry_run: bool, reference: Path, crew: Crew, arguments: dict[str, Any]
) -> Iterator[RunLog | None]:
    if dry_run:
        yield None
        return
    with logged(outputs, "reprocess", version(reference), crew.runner, arguments) as log:
        yield log


@contextmanager
def _flow(console: Console, total: int, log: RunLog | None) -> Iterator[Callable[..., list[Difference]]]:
    """The flow with an API and progress bars; Prefect is imported only here, after its settings are made."""
    with console.status("starting"):
        prefect_server.configure(ROOT)
        with prefect_server.paused_gc():
            from flows.reprocess import reprocess as flow  # noqa: PLC0415  it must come after configure
        console_log.leave_to_the_command()
    with prefect_server.api(), show.progress(console, total) as progress, watched(progress, log):
        yield flow
