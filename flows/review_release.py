"""Publishing a reviewed document: the ordinary ingest, as a process of its own."""

from __future__ import annotations

import os
import re
import subprocess
import sys
from pathlib import Path

from flows.discover import Source

#: Seconds that an ingest of one document may take; reading a long scan takes minutes.
_PATIENCE = 3600
_COLOURS = re.compile(r"\x1b\[[0-9;?]*[A-Za-z]")


def run_ingest(source: Source, raw: Path, outputs: Path, database: str | None) -> tuple[int, str]:
    """Run ``fenjie ingest`` for a document: its exit status and what it printed.

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
    return done.returncode, _COLOURS.sub("", done.stdout).strip()
