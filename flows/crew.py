"""Who prepares the documents of a run. Imports next to nothing: the command line must stay fast."""

from __future__ import annotations

from dataclasses import dataclass
from typing import Literal

from flows.discover import UsageError

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

    def check(self) -> None:
        """Raise :class:`UsageError` for what does not go together."""
        if self.runner == "threads" and self.dask_address is not None:
            raise UsageError("a Dask address is of no use to the threads of this machine. Add --runner dask")
        if self.workers is not None and self.dask_address is not None:
            raise UsageError(
                "the cluster at that address has its workers already. Leave out --workers or --dask-address"
            )
