"""Prefect's server with schedules that fire, whichever SQLAlchemy is installed.

With SQLAlchemy 2.1 the scheduler of Prefect 3.8 writes an error each time it looks, and no run is ever scheduled: it
inserts flow runs in bulk with a ``state`` that is a hybrid property, of which 2.1 wants to be told what that means in a
bulk insert. It means nothing, as with 2.0: the states are inserted right after. With a release of Prefect that says so
itself, or with SQLAlchemy 2.0, nothing is changed here.
"""

# ruff: noqa: PLC0415  Importing prefect is dear and freezes its settings.

from __future__ import annotations

import sys
from collections.abc import Sequence
from typing import Any


def mend() -> None:
    """Let Prefect's scheduler insert flow runs; in the process that is to be the server."""
    from prefect.server.database.orm_models import FlowRun
    from sqlalchemy import inspect

    state: Any = inspect(FlowRun).all_orm_descriptors["state"]
    if getattr(state, "bulk_dml_setter", state) is None:
        state.inplace.bulk_dml(_leave)


def _leave(_class: object, _values: object, _state: object) -> None:
    """Leave the values of a bulk insert as they are."""


def start(arguments: Sequence[str]) -> None:
    """Run ``prefect server start`` with arguments in this process, until it is told to end."""
    mend()
    from prefect.cli import app

    sys.argv = ["prefect", "server", "start", *arguments]
    app()
