"""Runs ``fenjie`` as often as it is asked to, importing what is dear only once: ``python forking.py``, with a server.

Each line of standard input is a JSON object: the ``arguments`` of the command, ``environment`` variables that are
added, and the files ``out`` and ``err`` for what it says. Each is answered by a line with its exit code. A command runs
in a fork of this process, which has no threads; Prefect is imported here, so all of them use one server.
"""

from __future__ import annotations

import json
import logging
import os
import subprocess
import sys
import threading
from collections.abc import Iterator, Mapping
from contextlib import contextmanager
from pathlib import Path
from typing import Any

ROOT = Path(__file__).parent.parent


class Commands:
    """Commands that run in forks of one process."""

    def __init__(self, process: subprocess.Popen[str], folder: Path) -> None:
        """Take the process, and a folder for what its forks say."""
        self._process, self._folder = process, folder

    def run(self, *arguments: object, **environment: str) -> subprocess.CompletedProcess[str]:
        """Run ``fenjie`` with these arguments to its end."""
        out, err = self._folder / "out", self._folder / "err"
        line = [*map(str, arguments)]
        call = {"arguments": line, "environment": environment, "out": str(out), "err": str(err)}
        assert self._process.stdin
        assert self._process.stdout
        self._process.stdin.write(json.dumps(call) + "\n")
        self._process.stdin.flush()
        code = int(self._process.stdout.readline())
        said = [path.read_text(encoding="utf-8") for path in (out, err)]
        return subprocess.CompletedProcess(line, code, *said)


@contextmanager
def forking(environment: Mapping[str, str], folder: Path) -> Iterator[Commands]:
    """Commands with an environment, which has to name a Prefect server that runs."""
    assert environment["PREFECT_API_URL"]
    pipe = subprocess.PIPE
    command = [sys.executable, __file__]
    with subprocess.Popen(
        command, stdin=pipe, stdout=pipe, text=True, env={**environment, "PYTHONPATH": str(ROOT)}, cwd=ROOT
    ) as process:
        yield Commands(process, folder)
        process.communicate(timeout=60)
    assert process.returncode == 0


def _child(call: dict[str, Any]) -> None:
    """Be the command; never returns."""
    for number, name in ((1, "out"), (2, "err")):
        os.dup2(os.open(call[name], os.O_WRONLY | os.O_CREAT | os.O_TRUNC), number)
    os.environ.update(call["environment"])
    sys.argv = ["fenjie", *call["arguments"]]
    code: object = 0
    try:
        from flows.cli import main  # noqa: PLC0415

        main()
    except SystemExit as ending:
        code = ending.code
    except BaseException as error:
        sys.stderr.write(f"{type(error).__name__}: {error}\n")
        code = 70
    logging.shutdown()  # as an interpreter that ends does: Prefect's server gets what was logged last
    sys.stdout.flush()
    sys.stderr.flush()
    os._exit(code if isinstance(code, int) else 0 if code is None else 1)


def main() -> None:
    """Answer calls until there are no more."""
    from flows import prefect_server  # noqa: PLC0415  before anything that imports Prefect

    prefect_server.configure(Path(os.environ["PREFECT_HOME"]))
    with prefect_server.paused_gc():
        from flows import cli, ingest  # noqa: F401, PLC0415
        from validators.validate import preload  # noqa: PLC0415
        from writers.render import writers  # noqa: PLC0415

        preload()
        writers()
    for line in sys.stdin:
        assert threading.active_count() == 1
        child = os.fork()
        if child == 0:
            _child(json.loads(line))
        print(os.waitstatus_to_exitcode(os.waitpid(child, 0)[1]), flush=True)


if __name__ == "__main__":
    main()
