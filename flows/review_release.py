"""Publishing a reviewed document: the ordinary ingest, as a process of its own."""

from __future__ import annotations

import os
import re
import subprocess
import sys
from pathlib import Path

from flows.discover import Source
from flows.ledger import Ledger
from writers.labels import SEVERITIES

#: Seconds that an ingest of one document may take; reading a long scan takes minutes.
_PATIENCE = 3600
_COLOURS = re.compile(r"\x1b\[[0-9;?]*[A-Za-z]")


def run_ingest(source: Source, raw: Path, outputs: Path, database: str | None) -> tuple[int, str]:
    """Run ``fenjie ingest`` for a document: its exit status, and what became of the document.

    It is a process of its own, so that the code, the reference data and the locks are those of any other run. The
    address of a database travels in the environment, where other users do not see it.
    """
    command = [sys.executable, "-P", "-m", "flows.cli", "ingest", str(source.path)]
    # -P: no folder that happens to be named like one of ours is taken for it.
    command += ["--raw", str(raw), "--outputs", str(outputs)]
    environment = os.environ | {"COLUMNS": "100", "NO_COLOR": "1"}
    if database is not None:
        environment["FENJIE_DATABASE"] = database
    try:
        done = subprocess.run(
            command,
            stdin=subprocess.DEVNULL,
            stdout=subprocess.PIPE,
            stderr=subprocess.STDOUT,
            text=True,
            encoding="utf-8",
            errors="replace",
            env=environment,
            timeout=_PATIENCE,
            check=False,
        )
    except (OSError, subprocess.TimeoutExpired) as error:
        return 2, f"the ingest could not be carried out: {error}"
    return done.returncode, _told(source, outputs, done.returncode, _COLOURS.sub("", done.stdout).strip())


def _told(source: Source, outputs: Path, status: int, printed: str) -> str:
    """What the ledger says of the document, for people; what was printed where that does not tell."""
    entry = Ledger(outputs).entries.get(source.name)
    if entry is None or (status != 0) != (entry.status != "published"):
        return printed
    if entry.status != "published":
        return "\n".join(["没有发布：", *entry.reasons]) if entry.reasons else printed
    counts = [f"{word} {entry.issues[name]}" for name, word in SEVERITIES.items() if entry.issues.get(name)]
    doubts = "、".join(counts) if counts else "没有疑点"
    return f"已发布：{entry.n_tasks} 项任务，{doubts}。{outputs / str(entry.year) / str(entry.document_id)}"
