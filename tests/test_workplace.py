"""A Dask cluster that is not as a run needs it is named in words before the first batch."""

from __future__ import annotations

import os
import subprocess
import sys
from collections.abc import Iterator
from pathlib import Path
from unittest.mock import patch

import dask
import pytest
from distributed import LocalCluster
from prefect_dask.task_runners import DaskTaskRunner
from serving import ROOT

from flows import runners
from flows.discover import UsageError
from flows.fingerprint import version
from flows.runners import check_workers
from flows.workplace import Needs, check_place, lacking
from normalizers.reference import DEFAULT_DIR

#: Nothing listens there.
NOBODY = "http://127.0.0.1:9/api"


@pytest.fixture(autouse=True)
def _environment() -> Iterator[None]:
    """Workers are processes of their own, whose environment may be changed."""
    with patch.dict(os.environ):
        yield


def needs(folder: Path, code: str | None = None, api: str | None = None) -> Needs:
    return Needs(ROOT, [folder], DEFAULT_DIR, code or version(DEFAULT_DIR), api)


def test_what_a_worker_lacks_is_said(tmp_path: Path) -> None:
    gone = tmp_path / "gone"
    assert lacking(needs(tmp_path)) is None
    assert f"has no folder {gone}." in (lacking(needs(gone)) or "")
    assert "another version of fenjie" in (lacking(needs(tmp_path, code="older")) or "")
    assert f"can't reach Prefect's server at {NOBODY}" in (lacking(needs(tmp_path, api=NOBODY)) or "")


def test_a_worker_that_comes_late_is_looked_at_with_its_first_batch(tmp_path: Path) -> None:
    check_place([tmp_path], DEFAULT_DIR, version(DEFAULT_DIR))
    with pytest.raises(UsageError, match=r"the worker on .* has no folder .*gone"):
        check_place([tmp_path / "gone"], DEFAULT_DIR, version(DEFAULT_DIR))
    with pytest.raises(UsageError, match="another version of fenjie"):
        check_place([tmp_path], DEFAULT_DIR, "older")


def test_a_worker_is_looked_at_before_it_imports_prefect() -> None:
    """It was started by hand: Prefect's telemetry is switched off there by whoever comes first."""
    program = (
        "import os, sys; from pathlib import Path; os.environ.pop('DO_NOT_TRACK', None)\n"
        "from flows.workplace import Needs, lacking\n"
        "lacking(Needs(Path.cwd(), [], Path('reference'), '', None))\n"
        "assert os.environ['DO_NOT_TRACK'] == '1' and 'prefect' not in sys.modules"
    )
    subprocess.run([sys.executable, "-c", program], cwd=ROOT, check=True, timeout=60)


@pytest.fixture(scope="module")
def cluster() -> Iterator[LocalCluster]:
    """A cluster in this process, without workers."""
    made = LocalCluster(n_workers=0, processes=False, threads_per_worker=1, dashboard_address=None)  # type: ignore[no-untyped-call]  # Dask's
    with made as cluster:
        yield cluster


def looked_at(address: str, folder: Path) -> None:
    with DaskTaskRunner(address=address) as runner:
        check_workers(runner, [folder], DEFAULT_DIR)


def test_a_cluster_without_workers_is_not_waited_for_for_ever(
    cluster: LocalCluster, tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setattr(runners, "_WORKERS_WITHIN", 1)
    with pytest.raises(UsageError, match=f"no worker has come .*{cluster.scheduler_address} within 1 seconds"):
        looked_at(cluster.scheduler_address, tmp_path)
    cluster.scale(1)  # type: ignore[no-untyped-call]  # Dask's
    monkeypatch.setattr(runners, "_WORKERS_WITHIN", 60)
    looked_at(cluster.scheduler_address, tmp_path)
    with pytest.raises(UsageError, match=r"the Dask worker \S+ has no folder .*gone"):
        looked_at(cluster.scheduler_address, tmp_path / "gone")


def test_a_cluster_that_is_not_there(tmp_path: Path) -> None:
    is_quick = dask.config.set({"distributed.comm.timeouts.connect": "1s"})
    with is_quick, pytest.raises(UsageError, match=r"no Dask scheduler at tcp://127.*as in tcp://10\.0\.0\.5:8786"):
        looked_at("tcp://127.0.0.1:9", tmp_path)
