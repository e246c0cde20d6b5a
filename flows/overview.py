"""Keeping outputs/index.html in step with what is published, also when a run is killed before it could write it.

A run that publishes leaves a mark first and takes it away once the overview is written; a later run that finds the mark
writes it, even if it has nothing else to do.
"""

from __future__ import annotations

from contextlib import suppress
from pathlib import Path

from flows.ledger import FOLDER
from writers.errors import WriteError

_MARK = "overview.pending"


def begin(outputs: Path) -> None:
    """Note that what is published is about to change."""
    with suppress(OSError):  # outputs that can't be written stop the run by themselves
        mark = outputs / FOLDER / _MARK
        mark.parent.mkdir(parents=True, exist_ok=True)
        mark.touch()


def catch_up(outputs: Path) -> str | None:
    """Write the overview if this run or an earlier one left a mark.

    Gives what went wrong where it can't be written, which is no reason to fail what was published.
    """
    mark = outputs / FOLDER / _MARK
    if not mark.exists():
        return None
    from writers.overview import write_overview  # noqa: PLC0415  templates, which a run without news does not need

    try:
        write_overview(outputs)
        mark.unlink(missing_ok=True)
    except (WriteError, OSError) as error:
        return f"the overview is not up to date: {error}"
    return None
