"""Runs commands as often as they are asked for, importing what is dear only once: ``python forking.py [MODULE ...]``.

Each line of standard input is a JSON object: the ``program`` (fenjie, prefect or python, which takes ``-c``), its
``arguments``, ``environment`` variables that are added, and the files ``out`` and ``err`` for what it says; it is
answered by a line with the number of the process. The line ``{"wait": NUMBER}`` is answered with its exit code. A
command runs in a fork of this process, which has no threads. What Prefect is told when it is imported holds for all.
"""

from __future__ import annotations

import json
import logging
import os
import subprocess
import sys
import threading
from collections.abc import Iterator, Mapping, Sequence
from contextlib import contextmanager
from importlib import import_module
from itertools import count
from pathlib import Path
from typing import Any

ROOT = Path(__file__).parent.parent


class Commands:
    """Commands that run in forks of one process."""

    def __init__(self, process: subprocess.Popen[str], folder: Path) -> None:
        """Take the process, and a folder for what its forks say."""
        self._process, self._folder = process, folder
        self._said: dict[int, tuple[list[str], Path]] = {}
        self._numbers = count()

    def _ask(self, question: object) -> int:
        assert self._process.stdin
        assert self._process.stdout
        self._process.stdin.write(json.dumps(question) + "\n")
        self._process.stdin.flush()
        return int(self._process.stdout.readline())

    def begin(self, *arguments: object, program: str = "fenjie", **environment: str) -> int:
        """Start a program with these arguments; the number of its process."""
        base = self._folder / str(next(self._numbers))
        line = [*map(str, arguments)]
        said = {"out": f"{base}.out", "err": f"{base}.err"}
        process = self._ask({"program": program, "arguments": line, "environment": environment, **said})
        self._said[process] = line, base
        return process

    def end(self, process: int) -> subprocess.CompletedProcess[str]:
        """Wait for the end of a process."""
        line, base = self._said.pop(process)
        code = self._ask({"wait": process})
        said = [Path(f"{base}.{name}").read_text(encoding="utf-8") for name in ("out", "err")]
        return subprocess.CompletedProcess(line, code, *said)

    def run(self, *arguments: object, program: str = "fenjie", **environment: str) -> subprocess.CompletedProcess[str]:
        """Run a program with these arguments to its end."""
        return self.end(self.begin(*arguments, program=program, **environment))


@contextmanager
def forking(environment: Mapping[str, str], folder: Path, modules: Sequence[str] = ()) -> Iterator[Commands]:
    """Commands with an environment, which has to name a Prefect server that runs.

    ``modules`` are imported beforehand; without them, all that an ingest needs.
    """
    assert environment["PREFECT_API_URL"]
    pipe = subprocess.PIPE
    command = [sys.executable, __file__, *modules]
    with subprocess.Popen(
        command, stdin=pipe, stdout=pipe, text=True, env={**environment, "PYTHONPATH": str(ROOT)}, cwd=ROOT
    ) as process:
        yield Commands(process, folder)
        process.communicate(timeout=60)
    assert process.returncode == 0


def _child(call: dict[str, Any]) -> None:
    """Be the command, with a process group of its own; never returns."""
    os.setpgid(0, 0)
    os.dup2(os.open(os.devnull, os.O_RDONLY), 0)
    for number, name in ((1, "out"), (2, "err")):
        os.dup2(os.open(call[name], os.O_WRONLY | os.O_CREAT | os.O_TRUNC), number)
    os.environ.update(call["environment"])
    code: object = 0
    try:
        _program(call["program"], call["arguments"])
    except SystemExit as ending:
        code = ending.code
    except BaseException as error:
        sys.stderr.write(f"{type(error).__name__}: {error}\n")
        code = 70
    logging.shutdown()  # as an interpreter that ends does: Prefect's server gets what was logged last
    sys.stdout.flush()
    sys.stderr.flush()
    os._exit(code if isinstance(code, int) else 0 if code is None else 1)


def _program(name: str, arguments: list[str]) -> None:
    sys.argv = [name, *arguments]
    if name == "python":
        option, source, *rest = arguments
        assert option == "-c"
        sys.argv = [option, *rest]
        exec(compile(source, "<string>", "exec"), {"__name__": "__main__"})
    elif name == "prefect":
        from prefect.cli import app  # noqa: PLC0415

        app()
    else:
        from flows.cli import main  # noqa: PLC0415

        main()


def _preload(modules: Sequence[str]) -> None:
    from flows import prefect_server  # noqa: PLC0415  before anything that imports Prefect

    prefect_server.configure(Path(os.environ["PREFECT_HOME"]))
    with prefect_server.paused_gc():
        if modules:
            for name in modules:
                import_module(name)
            return
        from flows import cli, ingest  # noqa: F401, PLC0415
        from validators.validate import preload  # noqa: PLC0415
        from writers.render import writers  # noqa: PLC0415

        preload()
        writers()


def main() -> None:
    """Answer calls until there are no more."""
    _preload(sys.argv[1:])
    for line in sys.stdin:
        call = json.loads(line)
        if "wait" in call:
            print(os.waitstatus_to_exitcode(os.waitpid(call["wait"], 0)[1]), flush=True)
            continue
        assert threading.active_count() == 1
        child = os.fork()
        if child == 0:
            _child(call)
        print(child, flush=True)


if __name__ == "__main__":
    main()
