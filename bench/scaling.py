"""How an ingest grows: with the number of documents, and with the number of workers.

    python bench/scaling.py --documents 2000 --samples FOLDER --crews threads dask:1 dask:2
    python bench/scaling.py --documents 250 500 1000 2000 --crews dask:2        the cost per document

The documents are made by bench/many_documents.py. Each run has an outputs folder and a PREFECT_HOME of its own, the
latter made beforehand. A run is watched from outside: when the first document was prepared, when publishing began, how
much memory the coordinator and its workers have. At the end the same run again, in which nothing has changed. Give it
an idle machine; a row is printed as soon as it is measured, so that a bench can be done in pieces. *stolen* is how much
of its cores a virtual machine did not get: where it is more than some percent, two workers can't show what they can do.
"""

from __future__ import annotations

import argparse
import os
import shutil
import subprocess
import sys
import tempfile
import time
from collections.abc import Iterator
from dataclasses import dataclass
from pathlib import Path

import psutil
from many_documents import ROOT, make, samples

FENJIE = Path(sys.executable).with_name("fenjie")
_PAUSE = 0.25
_HEADINGS = (
    "documents", "crew", "seconds", "start", "prepare", "publish", "end", "documents/s", "CPU s", "CPU s/document",
    "coordinator MB", "workers MB", "stolen", "no change s",
)  # fmt: skip


@dataclass(slots=True)
class Run:
    """One run: times in seconds from its start, CPU seconds of all its processes, and the most memory in megabytes."""

    prepare: float = 0.0
    publish: float = 0.0
    published: float = 0.0
    end: float = 0.0
    cpu: float = 0.0
    coordinator: float = 0.0
    workers: float = 0.0


def measure(raw: Path, outputs: Path, home: Path, crew: str) -> Run:
    """Ingest a folder and watch."""
    begun = time.monotonic()
    process = subprocess.Popen(command(raw, outputs, crew), env=environment(home), stdout=subprocess.DEVNULL, cwd=ROOT)
    run = Run()
    parcels, news = outputs / ".fenjie" / "prepared", outputs / ".fenjie" / "ledger.jsonl"
    while process.poll() is None:
        now = time.monotonic() - begun
        if not run.prepare and parcels.exists():
            run.prepare = now
        if not run.publish and news.exists():
            run.publish = now
        if run.publish and not run.published and not parcels.exists():
            run.published = now
        _note_memory(run, process.pid)
        time.sleep(_PAUSE)
    run.end = time.monotonic() - begun
    if process.returncode not in (0, 1):
        raise SystemExit(f"the run ended with {process.returncode}")
    return run


def command(raw: Path, outputs: Path, crew: str) -> list[str]:
    runner, _, workers = crew.partition(":")
    chosen = ["--runner", runner, *(["--workers", workers] if workers else [])]
    return [str(FENJIE), "ingest", "--raw", str(raw), "--outputs", str(outputs), *chosen]


def environment(home: Path) -> dict[str, str]:
    return {name: value for name, value in os.environ.items() if not name.startswith("PREFECT_")} | {
        "PREFECT_HOME": str(home)
    }


def _note_memory(run: Run, pid: int) -> None:
    """Memory of the coordinator, and of the largest of the processes below it."""
    for process, is_coordinator in _processes(pid):
        try:
            memory = process.memory_info().rss / 2**20
        except psutil.Error:
            continue
        if is_coordinator:
            run.coordinator = max(run.coordinator, memory)
        else:
            run.workers = max(run.workers, memory)


def _processes(pid: int) -> Iterator[tuple[psutil.Process, bool]]:
    try:
        coordinator = psutil.Process(pid)
        yield coordinator, True
        for child in coordinator.children(recursive=True):
            yield child, False
    except psutil.Error:
        return


def _stolen() -> float:
    """Seconds that the cores of a virtual machine had work and were not run; 0 where the system does not tell."""
    return float(getattr(psutil.cpu_times(), "steal", 0.0))


def row(count: int, crew: str, originals: list[Path], folder: Path, home: Path) -> list[str]:
    """Measure one number of documents with one crew."""
    raw, outputs = folder / "raw", folder / "outputs"
    for path in (raw, outputs):
        shutil.rmtree(path, ignore_errors=True)
    make(raw, count, originals)
    before, stolen = os.times(), _stolen()
    run = measure(raw, outputs, home, crew)
    after, stolen = os.times(), _stolen() - stolen
    run.cpu = after.children_user + after.children_system - before.children_user - before.children_system
    begun = time.monotonic()
    subprocess.run(command(raw, outputs, crew), env=environment(home), stdout=subprocess.DEVNULL, cwd=ROOT, check=False)
    unchanged = time.monotonic() - begun
    times = [run.end, run.prepare, run.publish - run.prepare, run.published - run.publish, run.end - run.published]
    return [
        str(count),
        crew,
        *(f"{value:.1f}" for value in times),
        f"{count / run.end:.2f}",
        f"{run.cpu:.0f}",
        f"{run.cpu / count:.3f}",
        f"{run.coordinator:.0f}",
        f"{run.workers:.0f}",
        f"{stolen / run.end / (os.cpu_count() or 1):.0%}",
        f"{unchanged:.1f}",
    ]


def main() -> None:
    parser = argparse.ArgumentParser(description=__doc__, formatter_class=argparse.RawDescriptionHelpFormatter)
    parser.add_argument("--documents", type=int, nargs="+", default=[250])
    parser.add_argument("--crews", nargs="+", default=["dask:1", "dask:2"], metavar="RUNNER[:WORKERS]")
    parser.add_argument("--samples", type=Path, default=ROOT / "raw")
    parser.add_argument(
        "--folder", type=Path, help="where everything is made and removed; a temporary folder if left out"
    )
    arguments = parser.parse_args()
    originals = samples(arguments.samples)
    if not originals:
        parser.error(f"no documents in {arguments.samples}")
    with tempfile.TemporaryDirectory(dir=arguments.folder) as name:
        folder = Path(name)
        home = folder / "prefect"
        make(folder / "first", 1, originals)
        subprocess.run(
            command(folder / "first", folder / "first-outputs", "threads"),
            env=environment(home), stdout=subprocess.DEVNULL, cwd=ROOT, check=False,
        )  # fmt: skip
        print(" | ".join(_HEADINGS))
        for count in arguments.documents:
            for crew in arguments.crews:
                print(" | ".join(row(count, crew, originals, folder, home)), flush=True)


if __name__ == "__main__":
    main()
