"""Many years, one after the other: the oldest first, so that each release finds the one before it where it looks.

A year is an ingest of its own, with the lock, the log and the bounds of one. A year that fails stops no other, and
calling it again does only what is left to do.
"""

from __future__ import annotations

from collections import Counter
from collections.abc import Iterator, Mapping, Sequence
from contextlib import ExitStack
from dataclasses import dataclass, field
from pathlib import Path

from rich.console import Console

from flows import prefect_server, run
from flows.console_log import EXPECTED
from flows.crew import Crew
from flows.database_url import api_for, name_of, url_of
from flows.discover import UsageError, find
from flows.fingerprint import ROOT, version
from flows.ledger import Ledger
from writers.held import address, held


@dataclass(frozen=True, slots=True)
class Year:
    """What became of a year: documents by status, their tasks; ``problem`` says why it failed as a whole."""

    year: int
    statuses: Mapping[str, int] = field(default_factory=dict)
    n_tasks: int = 0
    problem: str | None = None


def years_of(raw: Path, first: int, last: int) -> list[int]:
    """The years that have a folder in ``raw``, from ``first`` to ``last``; :class:`UsageError` where there is none."""
    if first > last:
        raise UsageError(f"the first year, {first}, is after the last, {last}")
    # A link that leads nowhere is a folder that is not there today, and has to be said.
    found = [year for year in range(first, last + 1) if (raw / str(year)).is_dir() or (raw / str(year)).is_symlink()]
    if not found:
        raise UsageError(f"{raw} has no folder of a year from {first} to {last}")
    return found


def backfill(
    years: Sequence[int], raw: Path, outputs: Path, database: str | None, console: Console, crew: Crew
) -> Iterator[Year]:
    """Ingest year by year; what became of each, as soon as it is known.

    ``database`` is a URL or a name as :mod:`flows.database_url` has them; ``crew`` bounds how many batches of documents
    are prepared at a time.
    """
    name = name_of(database)
    with ExitStack() as stack:
        stack.enter_context(api_for(name, ROOT))
        is_up = False
        for year in years:
            console.rule(str(year))
            try:
                if not is_up and _has_work(raw / str(year), raw, outputs, name):
                    # One API for all years: starting it takes as long as a small year.
                    prefect_server.configure(ROOT)
                    stack.enter_context(prefect_server.api())
                    is_up = True
                entries = run.ingest([raw / str(year)], raw, outputs, name, console, crew)
            except EXPECTED as error:
                yield Year(year, problem=str(error))
            except Exception as error:  # a fault of ours or of somebody else's, for one year
                yield Year(year, problem=f"{type(error).__name__}; what it said stands in Prefect's log of the run")
            else:
                counts: Mapping[str, int] = Counter[str](entry.status for entry in entries.values())
                yield Year(year, counts, sum(entry.n_tasks for entry in entries.values()))


def _has_work(folder: Path, raw: Path, outputs: Path, name: str | None) -> bool:
    url = url_of(name, outputs)
    sources = find([folder], raw).sources
    return bool(Ledger(outputs).pending(sources, version(), address(url), held(url), frozenset()))
