"""Who watches a run: the progress bars and the log of the command that started it.

A flow can't be given them: Prefect keeps what a flow is given, and sends it to every worker. So the command says them
here, and the flow, which runs in the same process, looks.
"""

from __future__ import annotations

from collections.abc import Callable, Iterator
from contextlib import contextmanager
from contextvars import ContextVar
from dataclasses import dataclass

from flows.runlog import RunLog

#: Told the step (prepare, publish) and how many documents it has done; progress bars are drawn with it.
Progress = Callable[[str, int], None]


def _silent(_step: str, _count: int) -> None:
    pass


@dataclass(frozen=True, slots=True)
class Watch:
    """The watchers of a run; by default nobody watches."""

    progress: Progress = _silent
    log: RunLog | None = None


_WATCH: ContextVar[Watch] = ContextVar("watch", default=Watch())  # noqa: B039  it never changes


def watch() -> Watch:
    """Who watches this run."""
    return _WATCH.get()


@contextmanager
def watched(progress: Progress, log: RunLog | None = None) -> Iterator[None]:
    """Have the flows that are called in the block watched."""
    token = _WATCH.set(Watch(progress, log))
    try:
        yield
    finally:
        _WATCH.reset(token)
