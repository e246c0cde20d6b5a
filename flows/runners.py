"""Where the batches of a run are worked on: threads of this process, processes of this machine, or other machines.

All of it is Prefect's and Dask's; here is only what has to be said to them, and what they say in words that help.
"""

from __future__ import annotations

import os
from collections.abc import Iterable, Sequence
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

if TYPE_CHECKING:
    from distributed import Client, WorkerPlugin
    from prefect_dask.task_runners import DaskTaskRunner

#: Python works on one batch at a time, whatever the number of threads; the second one's files are read meanwhile.
_THREADS = 2


def task_runner(crew: Crew) -> TaskRunner[Any]:
    """The task runner of a run. Raises :class:`UsageError` for what does not go together or is not installed."""
    crew.check()
    if crew.runner == "threads":
        return ThreadPoolTaskRunner(max_workers=crew.workers or _THREADS)
    return _dask(crew.workers, crew.dask_address)


def _dask(workers: int | None, address: str | None) -> DaskTaskRunner:
    try:
        from prefect_dask.task_runners import DaskTaskRunner  # noqa: PLC0415  an extra
    except ImportError as error:
        raise UsageError("Dask is not installed. Install it with: pip install -e .[dask]") from error
    if address is None:
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
            "(prefect server start --host 0.0.0.0) and set PREFECT_API_URL to its address"
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
    """Make sure that every Dask worker has the folders and the code of this run. Raises :class:`UsageError`.

    A worker takes the working directory of this process: messages name files as they were given here.
    """
    if isinstance(runner, ThreadPoolTaskRunner):
        return
    client: Client = runner.client  # type: ignore[attr-defined]  # the DaskTaskRunner's
    here, wanted = Path.cwd(), version(reference)
    needed = sorted({here, reference.resolve(), *(folder.resolve() for folder in folders)})
    for worker, (missing, code) in client.run(_seen_by_worker, needed, reference.resolve()).items():
        if missing:
            raise UsageError(
                f"the Dask worker {worker} has no folder {missing[0]}. All workers need the documents, outputs/ and "
                "reference/ under the same paths as here, on a disk that they share"
            )
        if code != wanted:
            raise UsageError(
                f"the Dask worker {worker} runs another version of fenjie or has another reference/. Bring it up to "
                "date and start it anew"
            )
    client.register_plugin(_workplace(here))


def _seen_by_worker(folders: Sequence[Path], reference: Path) -> tuple[list[Path], str]:
    """What a worker sees: the folders that are missing there, and its fingerprint of code and reference data."""
    return [folder for folder in folders if not folder.is_dir()], version(reference)


def _workplace(folder: Path) -> WorkerPlugin:
    """What moves every worker to a folder, also one that is started later in the place of one that died."""
    from distributed import WorkerPlugin  # noqa: PLC0415  an extra

    class Workplace(WorkerPlugin):
        def setup(self, worker: object) -> None:  # noqa: ARG002  Dask's signature
            os.chdir(folder)

    return Workplace()


def worker_died(error: BaseException) -> bool:
    """Whether a batch failed because the processes that worked on it ended."""
    return type(error).__name__ == "KilledWorker"


def cluster_lost(error: BaseException) -> bool:
    """Whether a batch failed because there is no cluster any more."""
    return type(error).__module__.partition(".")[0] == "distributed" and not worker_died(error)
