"""Processes that work for this one, each job under a limit of time and memory.

A job that crashes, hangs or takes too much memory costs its process and nothing else. The processes are started anew
and not forked: the caller may run threads, may be a worker itself, and its main module is none of their business
(which rules out :mod:`multiprocessing`'s pools and those built on it).
"""

from __future__ import annotations

import heapq
import os
import pickle
import signal
import subprocess
import sys
import time
from collections.abc import Callable
from dataclasses import dataclass, field
from itertools import count
from multiprocessing.connection import Connection, Pipe, wait
from pathlib import Path
from types import TracebackType
from typing import Any, Self

from extractors import compact

#: The variable with the megabytes that one process may take, how many it is without, and the exit status of a process
#: that needs more.
MEMORY, _USUAL = "FENJIE_MEMORY", 2048
OUT_OF_MEMORY = 77
#: The variable with the number of processes that may read at once; without it there are as many as cores.
PROCESSES = "FENJIE_PROCESSES"
#: More processes are never started, whatever the machine: each takes some hundred megabytes.
_MOST = 8
#: Seconds until a process has loaded what it needs, on a machine that is busy.
_START = 30.0
#: Seconds that jobs wait for the first process, once it has done its first job (which it may not soon), before others
#: are started: that costs about as much as reading twenty pages.
_PATIENCE, _SOON = 1.0, 4.0
_ROOT = Path(__file__).resolve().parent.parent


def cores() -> int:
    """How many processes may run at once."""
    said = os.environ.get(PROCESSES, "")
    if said.isdecimal() and int(said):
        return min(int(said), _MOST)
    available = len(os.sched_getaffinity(0)) if hasattr(os, "sched_getaffinity") else os.cpu_count() or 1
    return min(available, _MOST)


def memory() -> int:
    """How many bytes one process may take."""
    said = os.environ.get(MEMORY, "")
    return (int(said) if said.isdecimal() and int(said) else _USUAL) << 20


@dataclass(frozen=True, slots=True)
class Job:
    """A call to be made in another process; ``rank`` says which of the waiting ones comes first.

    ``function`` is one that can be imported, ``seconds`` how long it may take.
    """

    rank: tuple[int, ...]
    function: Callable[..., Any]
    arguments: tuple[Any, ...]
    seconds: float


@dataclass(frozen=True, slots=True)
class Death:
    """Why a process did not finish its job, as what goes on after "reading it"."""

    reason: str


@dataclass(slots=True, eq=False)
class _Worker:
    process: subprocess.Popen[bytes]
    connection: Connection
    is_new: bool = True

    def stop(self) -> None:
        """End the process, if it has not ended by itself."""
        self.connection.close()
        self.process.kill()
        self.process.wait()


@dataclass(slots=True)
class Crew:
    """Processes that work off jobs, at most ``most`` at a time.

    The first is started with the first job, others when there is more to do than it can soon do alone; after
    :meth:`hurry` all of them at once. A crew of one is for one core: it and the caller take turns.
    """

    most: int
    _takes_turns: bool = field(init=False)
    #: When there may be more than one process, on the monotonic clock.
    _more_from: float = field(default_factory=lambda: time.monotonic() + _SOON)
    _waiting: list[tuple[tuple[int, ...], int, Job]] = field(default_factory=list)
    _idle: list[_Worker] = field(default_factory=list)
    #: The workers with a job and, on the monotonic clock, until when each may take.
    _busy: dict[Any, tuple[_Worker, Job, float]] = field(default_factory=dict)
    _numbers: count[int] = field(default_factory=count)

    def __post_init__(self) -> None:
        self._takes_turns = self.most == 1

    def __enter__(self) -> Self:
        return self

    def __exit__(
        self, kind: type[BaseException] | None, error: BaseException | None, trace: TracebackType | None
    ) -> None:
        for worker in [*self._idle, *(worker for worker, _, _ in self._busy.values())]:
            worker.stop()

    def submit(self, job: Job) -> None:
        """Have a job done when its turn comes."""
        heapq.heappush(self._waiting, (job.rank, next(self._numbers), job))
        self._hand_out()

    def hurry(self) -> None:
        """There is much to do."""
        self._more_from = 0.0
        self._hand_out()

    def at_most(self, most: int) -> None:
        """Have no more than so many processes from now on: what is to be done takes much memory."""
        self.most = min(self.most, most)
        while self._idle and len(self._idle) + len(self._busy) > self.most:
            self._idle.pop().stop()

    def drop(self, is_unwanted: Callable[[Job], bool]) -> None:
        """Forget waiting jobs."""
        self._waiting = [entry for entry in self._waiting if not is_unwanted(entry[2])]
        heapq.heapify(self._waiting)

    def finished(self) -> tuple[Job, Any]:
        """Wait for the next job to end: the job and its result, the exception that it raised, or a :class:`Death`.

        Raises IndexError when there is no job to wait for.
        """
        while True:
            self._hand_out()
            if not self._busy:
                raise IndexError("no job to wait for")
            nearest = min(deadline for _, _, deadline in self._busy.values())
            if self._waiting and len(self._busy) < self.most:
                nearest = min(nearest, self._more_from)
            for connection in wait(list(self._busy), max(nearest - time.monotonic(), 0)):
                return self._receive(*self._busy.pop(connection)[:2])
            for worker, job, deadline in list(self._busy.values()):
                if deadline <= time.monotonic():
                    del self._busy[worker.connection]
                    worker.stop()
                    return job, Death("takes too long")

    def _receive(self, worker: _Worker, job: Job) -> tuple[Job, Any]:
        try:
            data = worker.connection.recv_bytes()
        except (EOFError, OSError):
            return job, Death(_cause(*_end_of(worker)))
        worker.is_new = False
        self._more_from = min(self._more_from, time.monotonic() + _PATIENCE)
        if len(self._busy) + len(self._idle) < self.most:
            self._idle.append(worker)
        else:
            worker.stop()
        if not self._takes_turns:
            self._hand_out()  # the worker goes on while its result is unpacked
        return job, compact.loads(data)

    def _hand_out(self) -> None:
        """Give waiting jobs to idle workers, and start workers for the rest."""
        while self._waiting and (self._idle or len(self._busy) < self._allowed()):
            worker = self._idle.pop() if self._idle else _start()
            job = self._waiting[0][2]
            try:
                worker.connection.send_bytes(pickle.dumps((job.function, job.arguments, job.seconds)))
            except OSError:  # it ended while it was idle
                worker.stop()
                continue
            heapq.heappop(self._waiting)
            deadline = time.monotonic() + job.seconds + (_START if worker.is_new else 0)
            self._busy[worker.connection] = (worker, job, deadline)

    def _allowed(self) -> int:
        """How many processes there may be now."""
        return self.most if time.monotonic() >= self._more_from else min(self.most, 1)


def _end_of(worker: _Worker) -> tuple[int, int]:
    """The exit code of a worker that has ended, and the most memory that it took, in kilobytes."""
    try:
        _, status, usage = os.wait4(worker.process.pid, 0)
    except ChildProcessError:  # the caller's programme does not want to know how its processes end
        worker.stop()
        return 1, 0
    worker.process.returncode = os.waitstatus_to_exitcode(status)
    worker.stop()
    return worker.process.returncode, usage.ru_maxrss


def _cause(code: int, most: int) -> str:
    """Why a process ended, from its exit code and the most memory that it took, in kilobytes."""
    if code in (OUT_OF_MEMORY, -signal.SIGKILL) or most << 10 > memory() // 2:
        return f"needs more than {memory() >> 20:,} MB of memory"
    if code == -signal.SIGXCPU:
        return "takes too long"
    how = signal.Signals(-code).name if code < 0 else f"exit status {code}"
    return f"makes the reader crash ({how})"


def _start() -> _Worker:
    paths = [str(_ROOT), *filter(None, [os.environ.get("PYTHONPATH")])]
    here, there = Pipe()
    with there:
        process = subprocess.Popen(
            [sys.executable, "-P", "-m", "extractors.worker", str(there.fileno())],
            stdin=subprocess.DEVNULL,
            stdout=subprocess.DEVNULL,
            stderr=subprocess.DEVNULL,
            pass_fds=[there.fileno()],
            env={**os.environ, "PYTHONPATH": os.pathsep.join(paths), "OPENBLAS_NUM_THREADS": "1"},
        )
    return _Worker(process, here)
