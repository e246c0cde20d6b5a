"""What tests of schedules need: a Prefect server that can go away and come back, a receiver of messages, documents."""

from __future__ import annotations

import json
import os
import subprocess
import sys
import time
from collections.abc import Callable, Iterator
from contextlib import contextmanager
from http.server import BaseHTTPRequestHandler, ThreadingHTTPServer
from pathlib import Path
from threading import Event, Thread
from typing import Any
from unittest.mock import patch
from urllib.request import Request, urlopen

from reading import table

from flows.own_server import OwnServer

ROOT = Path(__file__).parent.parent
BIN = Path(sys.executable).parent
GOOD = table(
    "1→坚定不移做强产业→深耕产业优势→(1) 做大经济总量。→王旭锋→区发改局 区工信局",
    "→→→(2) 培育市场主体。→江文亭→区工信局",
    "2→坚定不移改善民生→→(3) 办好学校教育。→胡金芳→区教育局",
)
#: The number of a task twice: held back.
BAD = GOOD.replace("(3)", "(2)")
#: A busy machine is slow; nothing here waits for it to be quick.
PATIENCE = 300.0

#: Writes a line every 50 ms, as a slow copy does, until its standard input is closed; then it sets the time of the
#: original, as cp -p does.
WRITER = """
import os, select, sys
with open(sys.argv[1], "w") as file:
    print("begun", flush=True)
    while not select.select([sys.stdin], [], [], 0.05)[0]:
        file.write("a line of the document\\n")
        file.flush()
os.utime(sys.argv[1], (1, 1))
"""


class Prefect:
    """A real Prefect server with a home of its own, and the environment that leads to it."""

    def __init__(self, home: Path) -> None:
        self._server = OwnServer()
        self.home = home
        self.url = self._server.url
        self.environment = {
            name: value for name, value in os.environ.items() if not name.startswith(("PREFECT_", "FENJIE_DATABASE"))
        } | {
            "PREFECT_HOME": str(home),
            "PREFECT_API_URL": self.url,
            "DO_NOT_TRACK": "1",
            "COLUMNS": "200",
            # Looking for work every three seconds instead of every ten.
            "PREFECT_RUNNER_POLL_FREQUENCY": "3",
            "PREFECT_WORKER_QUERY_SECONDS": "3",
            # Events reach their automations at once.
            "PREFECT_SERVER_SERVICES_SCHEDULER_LOOP_SECONDS": "5",
        }

    def start(self) -> None:
        with patch.dict(os.environ, self.environment, clear=True):
            self._server.start()
        self._server.wait(Event())

    def stop(self) -> None:
        self._server.stop()

    def ask(self, path: str, content: object) -> Any:
        """Send JSON to the API and return its answer."""
        body = json.dumps(content).encode()
        request = Request(f"{self.url}/{path}", body, {"Content-Type": "application/json"})
        with urlopen(request, timeout=30) as answer:
            return json.load(answer)

    def forget(self, deployment: str) -> None:
        """Delete a deployment: what it left waiting would be run by the next one of its name."""
        (found,) = self.ask("deployments/filter", {"deployments": {"name": {"any_": [deployment]}}})
        with urlopen(Request(f"{self.url}/deployments/{found['id']}", method="DELETE"), timeout=30):
            pass

    def scheduled_runs(self, deployment: str) -> list[dict[str, Any]]:
        """The runs of a deployment that its schedule started and that have ended."""
        query = {"deployments": {"name": {"any_": [deployment]}}, "sort": "START_TIME_ASC"}
        runs: list[dict[str, Any]] = self.ask("flow_runs/filter", query)
        return [run for run in runs if run["auto_scheduled"] and run["end_time"]]

    def run(self, *command: object, **extra: str) -> subprocess.CompletedProcess[str]:
        """Run a command of the environment (prefect, fenjie, python) to its end."""
        line = [str(BIN / str(command[0])), *map(str, command[1:])]
        environment = self.environment | extra
        return subprocess.run(
            line, capture_output=True, text=True, env=environment, cwd=ROOT, timeout=PATIENCE, check=False
        )

    @contextmanager
    def running(self, log: Path, *command: object, **extra: str) -> Iterator[subprocess.Popen[bytes]]:
        """A command that goes on by itself, in a session of its own; ended, if it has not been, afterwards."""
        line = [str(BIN / str(command[0])), *map(str, command[1:])]
        with log.open("wb") as output:
            process = subprocess.Popen(
                line, stdout=output, stderr=subprocess.STDOUT, env=self.environment | extra, cwd=ROOT,
                start_new_session=True,
            )  # fmt: skip
        try:
            yield process
        finally:
            if process.poll() is None:
                process.terminate()
            try:
                process.wait(60)
            except subprocess.TimeoutExpired:
                process.kill()
                process.wait()


@contextmanager
def receiver() -> Iterator[tuple[str, dict[str, list[dict[str, Any]]]]]:
    """The address of a receiver on loopback, and what is posted to it, by path."""
    got: dict[str, list[dict[str, Any]]] = {}

    class Handler(BaseHTTPRequestHandler):
        def do_POST(self) -> None:
            body = self.rfile.read(int(self.headers["Content-Length"]))
            got.setdefault(self.path, []).append(json.loads(body))
            self.send_response(204)
            self.end_headers()

        def log_message(self, *_arguments: object) -> None:
            pass

    server = ThreadingHTTPServer(("127.0.0.1", 0), Handler)
    Thread(target=server.serve_forever, daemon=True).start()
    try:
        yield f"http://127.0.0.1:{server.server_port}", got
    finally:
        server.shutdown()


def wait_for(happened: Callable[[], object], log: Path | None = None) -> None:
    """Wait until something has happened; fails with the log of whoever was to do it."""
    deadline = time.monotonic() + PATIENCE
    while not happened():
        said = log.read_text(encoding="utf-8", errors="replace")[-6000:] if log and log.exists() else ""
        assert time.monotonic() < deadline, f"it did not happen\n{said}"
        time.sleep(0.2)


def put(raw: Path, name: str, code: int, content: str = GOOD) -> Path:
    """A document in raw/2025 with its sidecar."""
    path = raw / "2025" / name
    path.parent.mkdir(parents=True, exist_ok=True)
    sidecar = f"region: 某区{code}\nregion_code: {code}\nyear: 2025\nkind: zfgzbg\ntitle: 责任分解表\n"
    path.with_name(f"{path.stem}.source.yaml").write_text(sidecar, encoding="utf-8")
    path.write_text(content, encoding="utf-8")
    return path


@contextmanager
def being_copied(path: Path) -> Iterator[None]:
    """A process that goes on writing to the file inside, and has finished afterwards."""
    pipe = subprocess.PIPE
    with subprocess.Popen([sys.executable, "-c", WRITER, str(path)], stdin=pipe, stdout=pipe) as process:
        assert process.stdout and process.stdout.readline() == b"begun\n"
        yield
    assert process.returncode == 0
