"""A Prefect server of our own for as long as ``fenjie serve`` runs, on loopback, without pages and without telemetry.

It is a process of its own, started with Prefect's public command. It ends with the process that started it, even when
that one is killed: it watches a pipe that only its parent holds open.
"""

from __future__ import annotations

import os
import socket
import subprocess
import sys
import time
from contextlib import suppress
from http.client import HTTPConnection, HTTPException, HTTPSConnection
from threading import Event
from urllib.parse import urlsplit

from flows.discover import UsageError

HOST = "127.0.0.1"
#: Seconds that a server may take to start: its first start makes its database.
_START = 180.0
_STOP = 20.0
_POLL = 0.2
_PROGRAM = """
import os, signal, sys, threading

def watch():
    sys.stdin.read()
    os.kill(os.getpid(), signal.SIGTERM)

threading.Thread(target=watch, daemon=True).start()
from flows.prefect_mend import start
start(sys.argv[1:])
"""


def answers(url: str) -> bool:
    """Whether a Prefect API answers at a URL such as ``http://127.0.0.1:4200/api``."""
    parts = urlsplit(url)
    kind = HTTPSConnection if parts.scheme == "https" else HTTPConnection
    connection = kind(parts.hostname or HOST, parts.port, timeout=5)
    try:
        connection.request("GET", f"{parts.path.rstrip('/')}/health")
        return connection.getresponse().status == 200
    except (OSError, HTTPException):
        return False
    finally:
        connection.close()


class OwnServer:
    """The server and its address; to be started again with :meth:`start` when it died."""

    def __init__(self) -> None:
        """Choose a free port; nothing is started yet."""
        with socket.socket(socket.AF_INET, socket.SOCK_STREAM) as sock:
            sock.bind((HOST, 0))
            self.port: int = sock.getsockname()[1]
        self.url = f"http://{HOST}:{self.port}/api"
        self._process: subprocess.Popen[bytes] | None = None

    @property
    def is_running(self) -> bool:
        """Whether the process is there."""
        return self._process is not None and self._process.poll() is None

    def start(self) -> None:
        """Start the process; it answers some seconds later: see :meth:`wait`."""
        arguments = ["--host", HOST, "--port", str(self.port), "--no-ui", "--analytics-off"]
        environment = {name: value for name, value in os.environ.items() if name != "PREFECT_API_URL"}
        self._process = subprocess.Popen(
            [sys.executable, "-c", _PROGRAM, *arguments, "--log-level", "WARNING"],
            stdin=subprocess.PIPE,
            stdout=subprocess.DEVNULL,
            env=environment,
            # Ctrl-C ends the runs first, then the server.
            start_new_session=True,
        )

    def wait(self, ending: Event) -> None:
        """Return when the server answers or ``ending`` is set; raises :class:`UsageError` when it does not start."""
        deadline = time.monotonic() + _START
        while not ending.is_set() and not answers(self.url):
            if not self.is_running or time.monotonic() > deadline:
                raise UsageError(
                    "Prefect's server did not start; what it said stands above. Give the address of another one in "
                    "PREFECT_API_URL, or look whether PREFECT_HOME can be written"
                )
            ending.wait(_POLL)

    def stop(self) -> None:
        """Ask the server to end, and see to it that it does."""
        process = self._process
        if process is None:
            return
        if process.stdin:
            with suppress(OSError):
                process.stdin.close()
        try:
            process.wait(_STOP)
        except subprocess.TimeoutExpired:
            process.kill()
            process.wait()
        self._process = None
