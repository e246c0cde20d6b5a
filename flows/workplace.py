"""What a Dask worker must have for a run, looked at there.

It runs on workers before Prefect is imported, which freezes its settings: nothing here imports it.
"""

from __future__ import annotations

import os
import socket
from collections.abc import Sequence
from pathlib import Path
from typing import TYPE_CHECKING, NamedTuple
from urllib.parse import urlsplit
from urllib.request import getproxies

from flows.discover import UsageError
from flows.fingerprint import version
from flows.prefect_settings import ALWAYS

if TYPE_CHECKING:
    from distributed import WorkerPlugin


#: Seconds in which a connection to Prefect's server has to be opened.
_CONNECT = 10.0
_PORTS = {"http": 80, "https": 443}
_NO_FOLDER = (
    "has no folder {}. All workers need the documents, outputs/, reference/ and the folder that fenjie is called from "
    "under the same paths as here, on a disk that they share"
)
_OTHER_VERSION = (
    "runs another version of fenjie or has another reference/, or had them when it was started. Bring it up to date "
    "and start it anew"
)


class Needs(NamedTuple):
    """What a run needs of every worker.

    ``home`` is the folder that relative paths are counted from, ``folders`` have to be there, ``reference`` with the
    code has the fingerprint ``version``, and Prefect's server answers at ``api`` (None: nobody has to ask it).
    """

    home: Path
    folders: Sequence[Path]
    reference: Path
    version: str
    api: str | None


def lacking(needs: Needs) -> str | None:
    """What is wrong with this process as a worker of the run, in words that go on after its name; None for nothing."""
    for name, value in ALWAYS.items():
        os.environ.setdefault(name, value)
    missing = [folder for folder in (needs.home, needs.reference, *needs.folders) if not folder.is_dir()]
    if missing:
        return _NO_FOLDER.format(missing[0])
    if unwritable := [folder for folder in needs.folders[:1] if not os.access(folder, os.W_OK)]:
        return f"may not write to {unwritable[0]}. Start it as a user who may"
    if version(needs.reference) != needs.version:
        return _OTHER_VERSION
    if needs.api is not None and not _is_reached(needs.api):
        return f"can't reach Prefect's server at {needs.api}. Set PREFECT_API_URL to an address that it can reach"
    return None


def check_place(folders: Sequence[Path], reference: Path, wanted: str) -> None:
    """Make sure that a batch is worked on in the right place, on a worker that came later, too.

    Raises :class:`UsageError` where a folder is missing or code and ``reference`` have another fingerprint.
    """
    here = f"the worker on {socket.gethostname()} (process {os.getpid()})"
    if missing := [folder for folder in folders if not folder.is_dir()]:
        raise UsageError(f"{here} {_NO_FOLDER.format(missing[0])}")
    if version(reference) != wanted:
        raise UsageError(f"{here} {_OTHER_VERSION}")


def _is_reached(url: str) -> bool:
    """Whether a connection to a URL's host can be opened; taken as given where a proxy would have to be asked."""
    parts = urlsplit(url)
    if parts.scheme in getproxies():
        return True
    try:
        socket.create_connection((parts.hostname or "", parts.port or _PORTS[parts.scheme]), _CONNECT).close()
    except OSError:
        return False
    return True


def workplace(folder: Path) -> WorkerPlugin:
    """What moves every worker to a folder, also one that is started later in the place of one that died.

    It is sent as it is: the worker need not import this module for it.
    """
    from distributed import WorkerPlugin  # noqa: PLC0415  an extra

    settings = dict(ALWAYS)

    class Workplace(WorkerPlugin):
        def setup(self, worker: object) -> None:  # noqa: ARG002  Dask's signature
            for name, value in settings.items():
                os.environ.setdefault(name, value)
            os.chdir(folder)

    return Workplace()
