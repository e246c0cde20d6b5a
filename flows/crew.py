"""Who prepares the documents of a run. Imports nothing: the command line must stay fast."""

from __future__ import annotations

from dataclasses import dataclass
from typing import Literal

Runner = Literal["threads", "dask"]


@dataclass(frozen=True, slots=True)
class Crew:
    """Where batches of documents are prepared; what comes out does not depend on it.

    ``workers`` is how many batches are worked on at a time, None for what fits the machine. ``dask_address`` is that
    of the scheduler of a Dask cluster; without one a cluster of processes on this machine is started for the run.
    ``batch`` is the most documents in a batch: a batch costs as much as some documents (Great Expectations, processes
    that read files), and a run that is killed goes on after the last finished one.
    """

    runner: Runner = "threads"
    workers: int | None = None
    dask_address: str | None = None
    batch: int = 50
