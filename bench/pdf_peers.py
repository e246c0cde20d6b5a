"""Peers that the project doesn't depend on, in an environment of their own.

They are yardsticks only and stand in no requirements file; PyMuPDF's licence (AGPL) alone would forbid it. What can't
be installed here is named and left out of the comparison.
"""

from __future__ import annotations

import shutil
import subprocess
import sys
from pathlib import Path
from typing import NamedTuple

#: Engine -> what is installed for it.
PEERS = {
    "tablers": ("tablers==0.9.0",),
    "tabula lattice": ("tabula-py==2.10.0", "jpype1==1.7.1"),
    "PyMuPDF": ("pymupdf==2.0",),
    "img2table": ("img2table==2.0.0",),
}


class Peers(NamedTuple):
    """The peers' interpreter, the engines that it has, and why it lacks others."""

    python: Path
    engines: tuple[str, ...]
    missing: dict[str, str]


def prepare(folder: Path) -> Peers:
    """Make the environment, or complete one that is there."""
    python = folder / "bin" / "python"
    missing: dict[str, str] = {}
    if not python.exists():
        made = _run([sys.executable, "-m", "venv", *([] if _uv() is None else ["--without-pip"]), str(folder)])
        if made:
            return Peers(python, (), dict.fromkeys(PEERS, made))
    for engine, requirements in PEERS.items():
        reason = _java_lacks(engine) or _install(python, requirements)
        if reason:
            missing[engine] = reason
    return Peers(python, tuple(engine for engine in PEERS if engine not in missing), missing)


def _uv() -> str | None:
    beside = Path(sys.executable).with_name("uv")
    return str(beside) if beside.exists() else shutil.which("uv")


def _java_lacks(engine: str) -> str | None:
    return "there is no java here" if engine.startswith("tabula") and shutil.which("java") is None else None


def _install(python: Path, requirements: tuple[str, ...]) -> str | None:
    uv = _uv()
    pip = (
        [uv, "pip", "install", "--quiet", "--python", str(python)]
        if uv
        else [str(python), "-m", "pip", "install", "-q"]
    )
    return _run([*pip, *requirements])


def _run(command: list[str]) -> str | None:
    """Why a command failed: the last line that it said; None where it did not."""
    try:
        done = subprocess.run(command, capture_output=True, text=True, timeout=600, check=False)
    except (OSError, subprocess.TimeoutExpired) as error:
        return str(error)
    if done.returncode == 0:
        return None
    said = (done.stderr or done.stdout).strip().splitlines()
    return said[0] if said else f"exit status {done.returncode}"
