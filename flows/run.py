"""One ingest from the command line: nothing to do is found out cheaply, everything else is a Prefect flow run."""

from __future__ import annotations

from collections.abc import Callable, Iterator
from contextlib import contextmanager
from pathlib import Path

from rich.console import Console

from flows import console_log, overview, prefect_server, show
from flows.crew import Crew
from flows.database_url import api_for, name_of, url_of
from flows.discover import Source, find
from flows.fingerprint import ROOT, version
from flows.guard import Accepted, Limits, accepted_of
from flows.ledger import Entry, Ledger, sole_run
from flows.runlog import RunLog, logged
from flows.watching import watched
from normalizers.reference import DEFAULT_DIR
from writers.held import address, held


def ingest(  # noqa: PLR0913  options of the command
    paths: list[Path],
    raw: Path,
    outputs: Path,
    database: str | None,
    console: Console,
    crew: Crew = Crew(),  # noqa: B008  it never changes
    *,
    accept: tuple[str, ...] = (),
    settle: float = 0.0,
    limits: Limits | None = None,
) -> dict[str, Entry]:
    """Ingest and say what became of it; the ledger's entry of each document by its name.

    ``database`` is a URL or a name as :mod:`flows.database_url` has them, ``crew`` says who prepares the documents, and
    ``accept`` which are published although the guard would hold them back (document_ids, or ``all``). Files that
    changed less than ``settle`` seconds ago are left for the next run. ``limits`` of change are for runs at which
    nobody looks.

    Raises UsageError for a call that can't be carried out and DatabaseError for a database that can't be used.
    """
    crew.check()
    found = find(paths, raw, settle)
    name = name_of(database)
    asked = {"paths": list(map(str, paths)), "raw": str(raw), "accept": list(accept)}
    with sole_run(outputs), api_for(name, ROOT), logged(outputs, "ingest", version(), crew.runner, asked) as log:
        pending = _pending(found.sources, outputs, url_of(name, outputs), accepted_of(accept))
        log.count({"current": len(found.sources) - len(pending)})
        if pending or Ledger(outputs).is_open:
            with _flow(console, len(pending), log) as flow:
                entries = flow(paths, raw, outputs, name, crew=crew, accept=accept, settle=settle, limits=limits)
        else:
            entries = Ledger(outputs).told(found, {})
            if problem := overview.catch_up(outputs):
                console.print(problem, soft_wrap=True, markup=False)
    show.summary(console, entries, outputs, len(pending))
    return entries


def _pending(sources: list[Source], outputs: Path, database_url: str, accepted: Accepted) -> list[Source]:
    """The documents that something has to be done for."""
    ledger = Ledger(outputs)
    code = version(DEFAULT_DIR)
    documents = held(database_url)
    return ledger.pending(sources, code, address(database_url), documents, accepted)


@contextmanager
def _flow(console: Console, total: int, log: RunLog) -> Iterator[Callable[..., dict[str, Entry]]]:
    """The flow with an API and progress bars; Prefect is imported only here, after its settings are made."""
    with console.status("starting"):
        prefect_server.configure(ROOT)
        with prefect_server.paused_gc():
            from flows.ingest import ingest as flow  # noqa: PLC0415  it must come after configure
        console_log.leave_to_the_command()
    with prefect_server.api(), show.progress(console, total) as progress, watched(progress, log):
        yield flow
