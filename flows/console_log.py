"""Errors that a command says itself, in one line, are not told by Prefect before, with fifty lines of its own code.

Prefect's server gets them all the same, and so does the log of a schedule, where no command speaks.
"""

from __future__ import annotations

import logging

from flows.discover import UsageError
from normalizers.reference import ReferenceDataError
from writers.errors import DatabaseError, WriteError

#: Our own errors: they say what is wrong and what to do, and hold no password. Where in the code helps nobody.
EXPECTED = (UsageError, DatabaseError, WriteError, ReferenceDataError)
_RUNS = ("prefect.flow_runs", "prefect.task_runs")


def leave_to_the_command() -> None:
    """Keep such errors from the terminal. To be called when Prefect has been imported, which sets up logging."""
    for handler in logging.getLogger().handlers:
        if not any(isinstance(known, _News) for known in handler.filters):
            handler.addFilter(_News())


class _News(logging.Filter):
    """Lets through what the command does not say."""

    def filter(self, record: logging.LogRecord) -> bool:
        """Whether a record is to be shown."""
        if not record.name.startswith(_RUNS):
            return True
        error = record.exc_info[1] if record.exc_info else None
        # The state of a run that failed repeats its error; what failed unexpectedly has its traceback already.
        return not isinstance(error, EXPECTED) and not record.getMessage().startswith("Finished in state Failed(")
