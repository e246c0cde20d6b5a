"""A review server as people start it, in a checkout of its own: what it writes is no part of the repository."""

from __future__ import annotations

import os
import re
import shutil
import signal
import subprocess
import sys
from collections.abc import Iterator
from contextlib import contextmanager
from dataclasses import dataclass
from pathlib import Path
from typing import Any
from urllib.parse import urlsplit

import httpx

ROOT = Path(__file__).parent.parent
ROOMS = ("extractors", "normalizers", "validators", "writers", "flows", "reference")
DOCUMENT = "320404-2026-zfgzbg"


def checkout(folder: Path, *, corrections: bool = False) -> Path:
    """The rooms, the reference data and raw/ in a folder; without ``corrections`` nobody has corrected anything."""
    for room in (*ROOMS, "raw"):
        shutil.copytree(ROOT / room, folder / room, ignore=shutil.ignore_patterns("__pycache__"))
    shutil.copy(ROOT / "requirements.lock", folder)
    if not corrections:
        shutil.rmtree(folder / "reference" / "corrections")
    return folder


def environment(folder: Path, **more: str) -> dict[str, str]:
    """What a command needs to run the code of a checkout, with a PREFECT_HOME of its own."""
    names = {"PYTHONPATH": str(folder), "PREFECT_HOME": str(folder / ".prefect"), "COLUMNS": "300"}
    return os.environ | names | more


def fenjie(folder: Path, *arguments: object, **more: str) -> subprocess.CompletedProcess[str]:
    """Run a command in a checkout."""
    command = [sys.executable, "-P", "-m", "flows.cli", *map(str, arguments)]
    return subprocess.run(
        command, cwd=folder, env=environment(folder, **more), capture_output=True, text=True, timeout=300, check=False
    )


@dataclass
class Served:
    """A running server: where it is, its token, and requests as its pages would send them."""

    process: subprocess.Popen[str]
    address: str
    folder: Path

    @property
    def origin(self) -> str:
        parts = urlsplit(self.address)
        return f"{parts.scheme}://{parts.netloc}"

    @property
    def token(self) -> str:
        return self.address.rpartition("token=")[2]

    def get(self, path: str, **headers: str) -> httpx.Response:
        return httpx.get(self.origin + path, headers={"X-Fenjie-Token": self.token} | headers, timeout=60)

    def post(self, path: str, content: dict[str, Any], **headers: str) -> httpx.Response:
        own = {"X-Fenjie-Token": self.token, "Origin": self.origin}
        return httpx.post(self.origin + path, json=content, headers=own | headers, timeout=300)

    def save(self, *entries: dict[str, Any], base: str | None = None, **more: Any) -> httpx.Response:
        """Save entries, on the state as it is now unless told otherwise."""
        base = base if base is not None else str(self.get(f"/d/{DOCUMENT}/data").json()["version"])
        return self.post(f"/d/{DOCUMENT}/corrections", {"entries": entries, "base_version": base, **more})

    @property
    def corrections(self) -> Path:
        return self.folder / "reference" / "corrections" / f"{DOCUMENT}.yaml"


@contextmanager
def served(folder: Path, *arguments: object, **more: str) -> Iterator[Served]:
    """Start ``fenjie review`` in a checkout and wait for its address; at the end it is interrupted and must say so."""
    command = [sys.executable, "-P", "-m", "flows.cli", "review", "--no-browser", *map(str, arguments)]
    with subprocess.Popen(
        command, cwd=folder, env=environment(folder, **more), stderr=subprocess.PIPE, stdout=subprocess.PIPE, text=True
    ) as process:
        assert process.stderr
        printed = ""
        for line in process.stderr:
            printed += line
            if match := re.search(r"http://\S+token=\S+", line):
                break
        else:
            raise AssertionError(printed)
        try:
            yield Served(process, match[0], folder)
        finally:
            process.send_signal(signal.SIGINT)
            _, rest = process.communicate(timeout=30)
        assert process.returncode == 0, rest
        assert "Ended." in rest
