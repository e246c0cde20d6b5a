"""What does a whole ingestion cost, beside an empty Prefect flow started the plain way?

A is `fenjie ingest` over raw/, everything it does. B is a script that runs an empty flow the plain way and imports
great_expectations: what any program using the two would pay before doing any work. Both are run in turn, because the
load of the machine changes; the figures to look at are the ratios of neighbours.

    python bench/ingest_cpu.py [--rounds 3] [--fresh] [--command "..."]
"""

from __future__ import annotations

import argparse
import os
import shlex
import statistics
import subprocess
import sys
import tempfile
from collections.abc import Sequence
from pathlib import Path
from typing import NamedTuple

from rich.console import Console
from rich.table import Table

ROOT = Path(__file__).resolve().parent.parent
PLAIN = """
from prefect import flow

@flow
def empty():
    pass

empty()
import great_expectations
"""
# Both sides are spared what only a first start or a slow machine would add.
QUIET = {
    "DO_NOT_TRACK": "1",
    "PREFECT_SERVER_ANALYTICS_ENABLED": "false",
    "PREFECT_SERVER_EPHEMERAL_STARTUP_TIMEOUT_SECONDS": "120",
}


class Cost(NamedTuple):
    """CPU seconds (user and system) and wall-clock seconds of a command with all its descendants."""

    cpu: float
    wall: float


def measure(command: Sequence[str], home: Path) -> Cost:
    """Run a command with its own PREFECT_HOME and count it.

    wait4 gives the CPU of the command and of every descendant that was waited for. Prefect stops its server and
    waits for it at exit, so the server is in the figure; a server left behind would make the figure too small, so that
    is an error here.
    """
    environment = {name: value for name, value in os.environ.items() if not name.startswith("PREFECT_")}
    environment |= QUIET | {"PREFECT_HOME": str(home)}
    before = _clock()
    process = subprocess.Popen(
        command, cwd=ROOT, env=environment, stdout=subprocess.DEVNULL, stderr=subprocess.PIPE, start_new_session=True
    )
    assert process.stderr is not None
    errors = process.stderr.read().decode(errors="replace")
    _, status, usage = os.wait4(process.pid, 0)
    process.returncode = os.waitstatus_to_exitcode(status)
    wall = _clock() - before
    if process.returncode:
        raise SystemExit(f"{shlex.join(command)} ended with {process.returncode}:\n{errors[-2000:]}")
    if _session_lives(process.pid):
        raise SystemExit(f"{shlex.join(command)} left a process behind: its CPU is not counted")
    return Cost(usage.ru_utime + usage.ru_stime, wall)


def _clock() -> float:
    return os.times().elapsed


def _session_lives(session: int) -> bool:
    """Whether a process of this session (and process group) is still there."""
    try:
        os.killpg(session, 0)
    except ProcessLookupError:
        return False
    return True


def ingest_command(arguments: argparse.Namespace, outputs: Path) -> list[str]:
    """The command called A."""
    if arguments.command:
        return [part.replace("{outputs}", str(outputs)) for part in shlex.split(arguments.command)]
    fenjie = Path(sys.executable).with_name("fenjie")
    return [str(fenjie), "ingest", "--raw", str(ROOT / "raw"), "--outputs", str(outputs)]


def compare(arguments: argparse.Namespace, folder: Path) -> list[tuple[Cost, Cost]]:
    """A and B in turn, once unmeasured to warm files and databases, then as often as asked."""
    plain = [sys.executable, "-c", PLAIN]
    rounds: list[tuple[Cost, Cost]] = []
    for number in range(arguments.rounds + 1):
        suffix = str(number) if arguments.fresh else ""
        outputs = folder / f"outputs{number}"
        outputs.mkdir()
        first = measure(ingest_command(arguments, outputs), folder / f"a{suffix}")
        second = measure(plain, folder / f"b{suffix}")
        if number:
            rounds.append((first, second))
    return rounds


def table(rounds: list[tuple[Cost, Cost]]) -> Table:
    """Least, middle and greatest figure of each row."""
    result = Table("seconds", "min", "median", "max", title="CPU (user + system, children included)")
    rows = {
        "A ingest, CPU": [a.cpu for a, _ in rounds],
        "B empty flow + GX, CPU": [b.cpu for _, b in rounds],
        "A / B, CPU": [a.cpu / b.cpu for a, b in rounds],
        "A ingest, wall": [a.wall for a, _ in rounds],
        "B empty flow + GX, wall": [b.wall for _, b in rounds],
    }
    for name, values in rows.items():
        figures = (min(values), statistics.median(values), max(values))
        result.add_row(name, *(f"{value:.2f}" for value in figures))
    return result


def main() -> None:
    parser = argparse.ArgumentParser(description=__doc__, formatter_class=argparse.RawDescriptionHelpFormatter)
    parser.add_argument("--rounds", type=int, default=3)
    parser.add_argument("--fresh", action="store_true", help="an empty PREFECT_HOME for every run")
    parser.add_argument("--command", help="replaces A; {outputs} stands for the temporary folder")
    arguments = parser.parse_args()
    if arguments.rounds < 1:
        parser.error("--rounds must be at least 1")
    with tempfile.TemporaryDirectory() as folder:
        rounds = compare(arguments, Path(folder))
    Console().print(table(rounds))
    ratios = ", ".join(f"{a.cpu / b.cpu:.2f}" for a, b in rounds)
    Console().print(f"A / B, pair by pair: {ratios}")


if __name__ == "__main__":
    main()
