"""Which database a run writes to, so that no password goes where it would stay.

Prefect keeps the parameters of every flow run in its database, so a flow is told a *name* and looks the URL up itself:

* ``environment``: the URL stands in FENJIE_DATABASE;
* ``block:NAME``: it stands in Prefect's Secret block NAME;
* a URL that can hold no secret, such as ``sqlite:///outputs/fenjie.db``: itself;
* nothing: FENJIE_DATABASE where that is set, else the SQLite file of the outputs folder.
"""

from __future__ import annotations

import os
import re
from collections.abc import Iterator
from contextlib import contextmanager
from pathlib import Path
from typing import cast

from flows.discover import UsageError

VARIABLE = "FENJIE_DATABASE"
ENVIRONMENT = "environment"
BLOCK = "block:"
#: A file, or a server with a user at most: whatever else a URL holds (a password, options) may be a secret.
_HARMLESS = re.compile(r"[a-z][a-z0-9+]*://(?:/[^?]*|[^:/@?]*@[^@?]*|[^:/@?]*(?::\d+)?(?:/[^@?]*)?)")


def name_of(database: str | None) -> str | None:
    """The name under which a flow may be told of a database; a URL that may hold a secret goes into the environment.

    ``database`` is what a person gave: a URL, ``block:NAME``, ``environment`` or nothing.
    """
    if not database:
        return None
    if database == ENVIRONMENT or database.startswith(BLOCK) or _HARMLESS.fullmatch(database):
        return database
    os.environ[VARIABLE] = database
    return ENVIRONMENT


def url_of(name: str | None, outputs: Path) -> str:
    """The URL behind a name, with its password.

    A block is asked of Prefect's API: see :func:`api_for`. Raises :class:`UsageError` for a name with nothing behind
    it, and for a URL with a password where a name is wanted: it would have been stored already.
    """
    if name is None:
        return os.environ.get(VARIABLE) or f"sqlite:///{outputs / 'fenjie.db'}"
    if name.startswith(BLOCK):
        return _from_block(name.removeprefix(BLOCK))
    if name == ENVIRONMENT:
        if url := os.environ.get(VARIABLE):
            return url
        raise UsageError(f"the database's URL is to stand in {VARIABLE}, which is not set here. Set it and run again")
    if not _HARMLESS.fullmatch(name):
        raise UsageError(
            "a flow was given a database URL that may hold a password, and Prefect stores what flows are given. "
            f"Put the URL into {VARIABLE} or a Secret block, and change that password"
        )
    return name


@contextmanager
def api_for(name: str | None, project_root: Path) -> Iterator[None]:
    """Prefect's API where the name is that of a block, which nothing else can tell; otherwise nothing is started."""
    if name is None or not name.startswith(BLOCK):
        yield
        return
    from flows import prefect_server  # noqa: PLC0415  dear, and wanted for blocks only

    prefect_server.configure(project_root)
    with prefect_server.api():
        yield


def _from_block(name: str) -> str:
    from prefect.blocks.system import Secret  # noqa: PLC0415  dear, and wanted for blocks only

    advice = f"docs/operations.md says how to make one, or put the URL into {VARIABLE}"
    try:
        url = cast("Secret[str]", Secret.load(name)).get()
    except ValueError as error:
        raise UsageError(f"Prefect has no Secret block named {name!r}. {advice}") from error
    if not isinstance(url, str) or not url:
        raise UsageError(f"Prefect's Secret block {name!r} holds no database URL. {advice}")
    return url
