"""Where the batches of a run are worked on: threads of this process, processes of this machine, or other machines.

All of it is Prefect's and Dask's; here is only what has to be said to them, and what they say in words that help.
"""

from __future__ import annotations

import os
from collections.abc import Iterable
from ipaddress import ip_address
from pathlib import Path
from typing import TYPE_CHECKING, Any
from urllib.parse import urlsplit

from prefect.settings import PREFECT_API_URL
from prefect.task_runners import TaskRunner, ThreadPoolTaskRunner

from extractors.workers import PROCESSES, cores
from flows.crew import Crew
from flows.discover import UsageError
from flows.fingerprint import version
from flows.workplace import Needs, lacking, workplace

if TYPE_CHECKING:
    from distributed import Client
    from prefect_dask.task_runners import DaskTaskRunner

#: Python works on one batch at a time, whatever the number of threads; the second one's files are read meanwhile.
_THREADS = 2
#: What Dask watches of itself for its page, at intervals of milliseconds, in the scheduler and in every worker: nobody
#: looks at it here, and it takes 4 % of a core from the documents.
_CALM = {
    "distributed.admin.tick.interval": "1s",
    "distributed.admin.system-monitor.interval": "5s",
    "distributed.worker.profile.enabled": False,
    "distributed.worker.memory.monitor-interval": "500ms",
}
#: Seconds in which the first worker of a cluster has to turn up.
_WORKERS_WITHIN = 60


def task_runner(crew: Crew) -> TaskRunner[Any]:
    """The task runner of a run. Raises :class:`UsageError` for what does not go together or is not installed."""
    crew.check()
    if crew.runner == "threads":
        return ThreadPoolTaskRunner(max_workers=crew.workers or _THREADS)
    return _dask(crew.workers, crew.dask_address)


def _dask(workers: int | None, address: str | None) -> DaskTaskRunner:
    try:
        import dask  # noqa: PLC0415  an extra
        from prefect_dask.task_runners import DaskTaskRunner  # noqa: PLC0415
    except ImportError as error:
        raise UsageError("Dask is not installed. Install it with: pip install -e .[dask]") from error
    if address is None:
        dask.config.set(_CALM)  # the workers are told by it
        # A worker is for one core: a thread, and a process that reads while it waits. The page about the cluster is for
        # this machine only, on any port that is free.
        wanted = {
            "n_workers": workers or cores(),
            "threads_per_worker": 1,
            "dashboard_address": "127.0.0.1:0",
            "env": {PROCESSES: os.environ.get(PROCESSES, "1")},
        }
        return DaskTaskRunner(cluster_kwargs=wanted)
    if not _is_here(address) and _is_here(PREFECT_API_URL.value() or "//127.0.0.1"):
        raise UsageError(
            f"workers at {address} can't reach the Prefect server of this machine. Start one that they can reach "
            "(fenjie prefect-server --host 0.0.0.0) and set PREFECT_API_URL to its address"
        )
    return DaskTaskRunner(address=address)


def _is_here(address: str) -> bool:
    """Whether an address is one of this machine that no other machine can use."""
    host = urlsplit(address if "//" in address else f"//{address}").hostname or ""
    try:
        return ip_address(host).is_loopback
    except ValueError:
        return host == "localhost"


def check_workers(runner: TaskRunner[Any], folders: Iterable[Path], reference: Path) -> None:
    """Make sure that there are Dask workers, and that each has the folders and the code of this run.

    The first folder is one that they write to. A worker takes the working directory of this process: messages name
    files as they were given here. Raises :class:`UsageError`.
    """
    if isinstance(runner, ThreadPoolTaskRunner):
        return
    here = Path.cwd()
    client = _connected(runner)
    needs = Needs(here, [folder.resolve() for folder in folders], reference.resolve(), version(reference), _api())
    for worker, problem in client.run(lacking, needs, on_error="return").items():
        if isinstance(problem, Exception):
            raise UsageError(
                f"the Dask worker {worker} can't run fenjie ({type(problem).__name__}: {problem}). Start it with the "
                "dask of fenjie's own .venv, of the same version as here"
            )
        if problem is not None:
            raise UsageError(f"the Dask worker {worker} {problem}")
    client.register_plugin(workplace(here))


def _connected(runner: TaskRunner[Any]) -> Client:
    """The client of a Dask cluster that has workers."""
    address: str | None = runner.address  # type: ignore[attr-defined]  # the DaskTaskRunner's
    try:
        client: Client = runner.client  # type: ignore[attr-defined]
    except (OSError, ValueError) as error:
        if address is None:
            raise
        raise UsageError(
            f"there is no Dask scheduler at {address} ({error}). Give the address that dask scheduler names when it "
            "starts, as in tcp://10.0.0.5:8786"
        ) from error
    try:
        client.wait_for_workers(1, timeout=_WORKERS_WITHIN)
    except TimeoutError as error:
        raise UsageError(
            f"no worker has come to the Dask cluster{f' at {address}' if address else ''} within {_WORKERS_WITHIN} "
            f"seconds. Start some: dask worker {address or 'ADDRESS'} --nthreads 1"
        ) from error
    return client


def _api() -> str | None:
    """The address of Prefect's server, as workers are told it."""
    address: str | None = PREFECT_API_URL.value()
    return address


def worker_died(error: BaseException) -> bool:
    """Whether a batch failed because the processes that worked on it ended."""
    return type(error).__name__ == "KilledWorker"


def cluster_lost(error: BaseException) -> bool:
    """Whether a batch failed because there is no cluster any more."""
    return type(error).__module__.partition(".")[0] == "distributed" and not worker_died(error)
