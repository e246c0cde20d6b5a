"""Runs the real flow in children that die of it: ``python ingest_killed.py RAW OUTPUTS`` with PREFECT_API_URL set.

Each line of standard input is a command, answered by a line with the exit code and seconds. ``run`` runs to the end,
``watch`` as well, with the seconds since it began to write to its SQLite file. ``kill SECONDS`` kills the child
(SIGKILL) so long after its start, ``publishing SECONDS`` so long after it began to write, ``between SECONDS`` so long
after the first document was published, ``prepared`` as soon as the first batch is prepared. What is imported is
imported once: a child is a fork of a process that has no threads yet, and the first that comes to its end tells what
else it had to import.
"""

from __future__ import annotations

import os
import signal
import sys
import threading
import time
from collections.abc import Callable
from contextlib import suppress
from importlib import import_module
from pathlib import Path

from flows import prefect_server

#: Seconds after which a run that does not come to its end is a failure.
_PATIENCE = 120.0


def _import_all() -> None:
    """What a run would import when it comes to it."""
    from flows import ingest  # noqa: F401, PLC0415
    from validators.validate import preload  # noqa: PLC0415
    from writers.render import writers  # noqa: PLC0415

    preload()
    writers()


def _import_more(told: Path) -> None:
    """What a child imported, too."""
    if told.exists():
        with prefect_server.paused_gc():
            for name in told.read_text(encoding="utf-8").split():
                # What is no module to be imported by its name costs each child its own time.
                with suppress(Exception):
                    import_module(name)
        told.unlink()


def _child(raw: Path, outputs: Path, told: Path) -> int:
    from flows.ingest import ingest  # noqa: PLC0415
    from flows.ledger import sole_run  # noqa: PLC0415

    before = set(sys.modules)
    with sole_run(outputs):
        ingest([], raw, outputs)
    told.write_text("\n".join(sorted(set(sys.modules) - before)), encoding="utf-8")
    return 0


def _start(raw: Path, outputs: Path, told: Path) -> int:
    assert threading.active_count() == 1
    child = os.fork()
    if child == 0:
        os.setpgid(0, 0)
        try:
            status = _child(raw, outputs, told)
        except BaseException as error:
            sys.stderr.write(f"{type(error).__name__}: {error}\n")
            status = 1
        sys.stderr.flush()
        os._exit(status)
    return child


def _is_writing(outputs: Path) -> Callable[[], bool]:
    """Whether anything has been written to the SQLite file from now on."""
    database = outputs / "fenjie.db"
    before = database.stat().st_mtime_ns
    return lambda: Path(f"{database}-journal").exists() or database.stat().st_mtime_ns != before


def _has_prepared(outputs: Path) -> Callable[[], bool]:
    """Whether the result of a batch has been stored."""
    prepared = outputs / ".fenjie" / "prepared"
    return lambda: any(not path.suffix and path.name[0] != "." and path.stat().st_size for path in prepared.glob("*"))


def _has_published(outputs: Path) -> Callable[[], bool]:
    """Whether a document has been published: the ledger has a line about it."""
    ledger = outputs / ".fenjie" / "ledger.jsonl"
    return lambda: ledger.exists() and ledger.stat().st_size > 0


def _await(child: int, is_so: Callable[[], bool]) -> None:
    """Wait until it is so, or the child has ended."""
    deadline = time.monotonic() + _PATIENCE
    while not is_so() and os.waitid(os.P_PID, child, os.WEXITED | os.WNOHANG | os.WNOWAIT) is None:
        assert time.monotonic() < deadline
        time.sleep(0.001)


def main(raw: Path, outputs: Path) -> None:
    """Answer commands until there are no more."""
    told = outputs.with_name("imported.txt")
    prefect_server.configure(Path(os.environ["PREFECT_HOME"]))
    with prefect_server.paused_gc():
        _import_all()
    print("ready", flush=True)
    for line in sys.stdin:
        command, _, seconds = line.strip().partition(" ")
        child = _start(raw, outputs, told)
        if command == "prepared":
            _await(child, _has_prepared(outputs))
        elif command == "between":
            _await(child, _has_published(outputs))
        elif command in ("publishing", "watch"):
            _await(child, _is_writing(outputs))
        begun = time.monotonic()
        if command not in ("run", "watch"):
            time.sleep(float(seconds or 0))
            os.killpg(child, signal.SIGKILL)
        status = os.waitpid(child, 0)[1]
        print(os.waitstatus_to_exitcode(status), round(time.monotonic() - begun, 3), flush=True)
        _import_more(told)


if __name__ == "__main__":
    main(Path(sys.argv[1]), Path(sys.argv[2]))
