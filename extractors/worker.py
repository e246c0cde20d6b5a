"""A process that works for another one: takes jobs from a connection until it is closed."""

from __future__ import annotations

import contextlib
import gc
import os
import pickle
import resource
import signal
import sys
from multiprocessing.connection import Connection
from typing import Any

from extractors import compact
from extractors.workers import OUT_OF_MEMORY, memory


def serve(connection: Connection) -> None:
    """Do jobs until the other side closes the connection.

    What a job raises goes back in place of its result. After a lack of memory the process ends: what is left of it is
    not to be trusted.
    """
    signal.signal(signal.SIGINT, signal.SIG_IGN)  # the process that it works for ends it
    _limit_memory()
    gc.disable()  # what is read has no cycles; looking for them takes a tenth of the time
    while True:
        try:
            data = connection.recv_bytes()
        except (EOFError, OSError):
            return
        function, arguments, seconds = pickle.loads(data)
        _limit_time(seconds)
        result: Any
        try:
            result = compact.dumps(function(*arguments))
        except MemoryError:
            os._exit(OUT_OF_MEMORY)
        except Exception as error:
            result = _packed(error)
        connection.send_bytes(result)
        gc.collect()
        gc.freeze()  # what is still there are modules: no need to look at them again


def _packed(error: Exception) -> bytes:
    """An exception as bytes; one that can't be put together again by its name and message."""
    try:
        data = compact.dumps(error)
        compact.loads(data)
    except Exception:
        return compact.dumps(RuntimeError(f"{type(error).__name__}: {error}"))
    return data


def _limit_memory() -> None:
    with contextlib.suppress(ValueError, OSError):  # not every system has such a limit
        resource.setrlimit(resource.RLIMIT_DATA, (memory(), memory()))
        resource.setrlimit(resource.RLIMIT_CORE, (0, 0))


def _limit_time(seconds: float) -> None:
    """A second guard, should the process that it works for be gone: the system ends it after so much processor time."""
    with contextlib.suppress(ValueError, OSError):  # not every system has such a limit
        used = sum(resource.getrusage(resource.RUSAGE_SELF)[:2])
        resource.setrlimit(resource.RLIMIT_CPU, (int(used + 2 * seconds) + 1, resource.RLIM_INFINITY))


if __name__ == "__main__":
    serve(Connection(int(sys.argv[1])))
