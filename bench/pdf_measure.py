"""Processes that measure engines: in turn, several times, each on its own."""

from __future__ import annotations

import json
import os
import statistics
import subprocess
import sys
import time
from collections.abc import Callable, Iterator, Mapping
from pathlib import Path
from typing import NamedTuple

SCRIPT = Path(__file__).with_name("pdf_engines.py")
#: How often a process's memory is looked at, in seconds.
TICK = 0.05


class EngineError(Exception):
    """An engine did not come through; the message is its last line."""


class Figures(NamedTuple):
    """What one process said of one reading, and the most memory that it and its descendants had at a time (MB)."""

    cpu: float
    wall: float
    found: int
    version: str
    memory: float | None


class Spread(NamedTuple):
    """Several measurements of the same thing."""

    low: float
    median: float
    high: float

    @property
    def noise(self) -> float:
        """The distance from the least to the greatest, as a share of the median."""
        return (self.high - self.low) / self.median if self.median else 0.0


def spread(values: list[float]) -> Spread:
    return Spread(min(values), statistics.median(values), max(values))


class Job(NamedTuple):
    """One engine on one file."""

    engine: str
    file: Path
    warm: Path
    python: Path = Path(sys.executable)
    seconds: float = 0.5
    cores: int | None = None
    memory: bool = False

    def command(self) -> list[str]:
        line = [str(self.python), str(SCRIPT), self.engine, str(self.file), "--warm", str(self.warm)]
        line += ["--seconds", str(self.seconds)]
        return [*line, "--cores", str(self.cores)] if self.cores else line


def run(job: Job) -> Figures:
    """Measure once. Raises :class:`EngineError`."""
    process = subprocess.Popen(job.command(), stdout=subprocess.PIPE, stderr=subprocess.PIPE, text=True)
    memory = _watch(process) if job.memory else None
    out, errors = process.communicate()
    if process.returncode:
        said = errors.strip().splitlines()
        raise EngineError(said[-1] if said else f"exit status {process.returncode}")
    figures = json.loads(out.strip().splitlines()[-1])
    return Figures(figures["cpu"], figures["wall"], figures["found"], figures["version"], memory)


def rounds(jobs: Mapping[str, Job], count: int, failed: Callable[[str, str], None]) -> dict[str, list[Figures]]:
    """Every job in turn, as many times as asked; one that fails is told once and left out."""
    results: dict[str, list[Figures]] = {name: [] for name in jobs}
    for _ in range(count):
        for name, job in jobs.items():
            if name not in results:
                continue
            try:
                results[name].append(run(job))
            except EngineError as error:
                failed(name, str(error))
                del results[name]
    return results


def calibrate() -> float:
    """CPU seconds of a computation that is always the same: how they vary is the machine's noise."""
    begin = time.process_time()
    compute(1)
    return time.process_time() - begin


def compute(times: int) -> None:
    for _ in range(times):
        sum(number * number % 7 for number in range(3_000_000))


def parallel_gain() -> float:
    """How much faster two processes do a computation than one: 2 where both cores are free."""
    return _wall(8, 1) / _wall(4, 2)


def _wall(times: int, processes: int) -> float:
    code = f"import pdf_measure; pdf_measure.compute({times})"
    begin = time.perf_counter()
    started = [subprocess.Popen([sys.executable, "-c", code], cwd=SCRIPT.parent) for _ in range(processes)]
    for process in started:
        process.wait()
    return time.perf_counter() - begin


def _watch(process: subprocess.Popen[str]) -> float | None:
    """The most memory that a process and its descendants had together, until it ends; None where it can't be seen."""
    most = 0.0
    while process.poll() is None:
        most = max(most, sum(_proportional(member) for member in _family(process.pid)))
        time.sleep(TICK)
    return most or None


def _family(process: int) -> Iterator[int]:
    """A process and its living descendants."""
    yield process
    for listed in Path(f"/proc/{process}/task").glob("*/children"):
        try:
            children = listed.read_text().split()
        except OSError:
            continue
        for child in children:
            yield from _family(int(child))


def _proportional(process: int) -> float:
    """MB of a process, memory shared with others counted by its share; 0 once it has gone."""
    try:
        lines = Path(f"/proc/{process}/smaps_rollup").read_text().splitlines()
    except OSError:
        return 0.0
    return sum(int(line.split()[1]) for line in lines if line.startswith("Pss:")) / 1024


def cores() -> int:
    """The processors that this process may use."""
    return len(os.sched_getaffinity(0))
