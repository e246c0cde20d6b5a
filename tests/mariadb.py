"""A MariaDB server of the tests' own, from Debian's package: its data in a folder of its own, on loopback only."""

from __future__ import annotations

import os
import shutil
import socket
import subprocess
import time
from pathlib import Path

import pymysql
import pytest

_PATH = f"{os.environ.get('PATH', '')}:/usr/sbin:/usr/local/sbin"
#: Small and without what a server needs that has to outlive the computer it runs on.
_SETTINGS = (
    "--innodb-buffer-pool-size=32M",
    "--innodb-log-file-size=8M",
    "--innodb-flush-log-at-trx-commit=2",
    "--performance-schema=OFF",
    "--skip-log-bin",
)
_START_TIMEOUT = 60


def program(name: str) -> str:
    """The command of a program; without it the test is skipped, but not on the machine that judges changes."""
    command = shutil.which(name, path=_PATH)
    if command is None:
        (pytest.fail if os.environ.get("CI") == "true" else pytest.skip)(
            f"{name} is not installed (mariadb-server from Debian)"
        )
    return command


class MariaDB:
    """A server that can be started, killed and started again over the same data."""

    def __init__(self, folder: Path) -> None:
        self._folder = folder
        self._server = program("mariadbd")
        self._process: subprocess.Popen[bytes] | None = None
        with socket.socket() as free:
            free.bind(("127.0.0.1", 0))
            self.port = int(free.getsockname()[1])
        # A server refuses to be run by root, unless it is told to.
        self._who = ["--user=root"] if os.geteuid() == 0 else []
        self._run(program("mariadb-install-db"), "--auth-root-authentication-method=normal", "--skip-test-db")
        self.start()

    def url(self, database: str, user: str = "root", password: str = "") -> str:
        """The URL of a database as a person would write it."""
        return f"mariadb://{user}{':' + password if password else ''}@127.0.0.1:{self.port}/{database}"

    def execute(self, *statements: str) -> None:
        """Carry out statements as root, each for itself."""
        with pymysql.connect(host="127.0.0.1", port=self.port, user="root", autocommit=True) as connection:
            for statement in statements:
                connection.cursor().execute(statement)

    def start(self) -> None:
        """Start the server and wait until it answers."""
        log = (self._folder / "log").open("ab")
        socket_file = self._folder / "socket"
        command = [self._server, "--no-defaults", *self._who, *self._places(), *_SETTINGS]
        command += [f"--socket={socket_file}", f"--port={self.port}", "--bind-address=127.0.0.1", "--skip-name-resolve"]
        with log:
            self._process = subprocess.Popen(command, stdout=log, stderr=log)
        end = time.monotonic() + _START_TIMEOUT
        while True:
            try:
                return self.execute("SELECT 1")
            except pymysql.OperationalError:
                if self._process.poll() is not None or time.monotonic() > end:
                    raise
            time.sleep(0.05)

    def kill(self) -> None:
        """End the server at once, as a power cut would."""
        assert self._process is not None
        self._process.kill()
        self._process.wait()

    def stop(self) -> None:
        """End the server; its data are not needed any more."""
        self.kill()

    def _run(self, command: str, *arguments: str) -> None:
        everything = [command, "--no-defaults", *self._who, *self._places(), *_SETTINGS[:2], *arguments]
        subprocess.run(everything, check=True, stdout=subprocess.DEVNULL, stderr=subprocess.DEVNULL)

    def _places(self) -> list[str]:
        return [f"--datadir={self._folder / 'data'}", f"--pid-file={self._folder / 'pid'}"]
