"""Prefect servers for tests: a home whose database is made already, and a server that several files share.

Making Prefect's database takes longer than a run. It is made once for all processes of a test run, and copied.
"""

from __future__ import annotations

import fcntl
import os
import shutil
import subprocess
import sys
from collections.abc import Iterator
from contextlib import contextmanager
from dataclasses import dataclass
from pathlib import Path

ROOT = Path(__file__).parent.parent
#: Serves until its standard input is closed. The home is a mere folder, so everything is made in it that is not there.
PROGRAM = """
import os, sys
from pathlib import Path
from flows import prefect_server

prefect_server.configure(Path(os.environ["PREFECT_HOME"]))
with prefect_server.api():
    print(os.environ["PREFECT_API_URL"], flush=True)
    sys.stdin.read()
"""


@dataclass(frozen=True, slots=True)
class Server:
    """A Prefect server that runs: its home and the URL of its API."""

    home: Path
    url: str

    @property
    def environment(self) -> dict[str, str]:
        """What leads a process to it, without what no test of the shared server looks at: checks, and logs it keeps."""
        clean = {name: value for name, value in os.environ.items() if name != "FENJIE_DATABASE"}
        return clean | {
            "PREFECT_HOME": str(self.home),
            "PREFECT_API_URL": self.url,
            "PREFECT_CLIENT_SERVER_VERSION_CHECK_ENABLED": "false",
            "PREFECT_CLIENT_CSRF_SUPPORT_ENABLED": "false",
            "PREFECT_LOGGING_TO_API_ENABLED": "false",
            "PYTHONPATH": str(ROOT),
            "COLUMNS": "200",
        }


@contextmanager
def serving(home: Path) -> Iterator[Server]:
    """A server with this home."""
    environment = {name: value for name, value in os.environ.items() if name != "PREFECT_API_URL"}
    environment |= {"PREFECT_HOME": str(home), "PYTHONPATH": str(ROOT)}
    command, pipe = [sys.executable, "-c", PROGRAM], subprocess.PIPE
    with subprocess.Popen(command, stdin=pipe, stdout=pipe, text=True, env=environment, cwd=ROOT) as process:
        assert process.stdout
        url = process.stdout.readline().strip()
        assert url.startswith("http://127.0.0.1:")
        yield Server(home, url)
        process.communicate(timeout=60)
    assert process.returncode == 0


def made_home(together: Path, home: Path) -> Path:
    """A home with Prefect's database in it; ``together`` is a folder that all processes of the test run know."""
    first = together / "prefect-made"
    with (together / "prefect-made.lock").open("w") as lock:
        fcntl.flock(lock, fcntl.LOCK_EX)
        if not first.exists():
            making = together / "prefect-making"
            making.mkdir()
            with serving(making):
                pass
            making.rename(first)
    shutil.copytree(first, home, dirs_exist_ok=True)
    # The note by which a run knows that nothing is to be migrated names the file.
    note = home / "schema.txt"
    note.write_text(note.read_text(encoding="utf-8").replace(str(together / "prefect-making"), str(home)), "utf-8")
    return home
