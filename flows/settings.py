"""Settings that come from the environment."""

from __future__ import annotations

import os

#: The variable with the password of encrypted PDFs.
PASSWORD = "FENJIE_PASSWORD"
#: The variable with the megabytes that one process may take for reading, as :mod:`extractors.workers` names it.
MEMORY = "FENJIE_MEMORY"


def may_help() -> bool:
    """Whether something is set that a document may be readable with which was not before."""
    return bool(os.environ.get(PASSWORD) or os.environ.get(MEMORY))
