"""Prefect's API for one command-line run, at about half the CPU of Prefect's own way.

A Prefect flow cannot run without an API. Given none, Prefect starts a server in a second Python process,
which imports everything again, registers block types and runs services nobody waits for. `api` runs the same
server in this process, in a thread, on a loopback port. That leans on names Prefect does not promise to keep,
so all of them are in this module, and whenever one fails `api` falls back to Prefect's own way.

How to use it, in this order, because Prefect reads its settings while it is imported:

    configure(project_root)
    with paused_gc():
        from flows.ingest import ingest      # imports prefect, pandas, great_expectations
    with api():
        ingest(...)

The boot is not overlapped with the caller's imports: both are Python code that holds the interpreter lock, so
threads save no CPU and hardly any time, and two threads importing the same packages at once can meet
half-imported modules. Only the server's own event loop runs in a thread.
"""

# ruff: noqa: PLC0415  Importing prefect freezes its settings and is what this module exists to make cheap.

from __future__ import annotations

import contextvars
import gc
import logging
import os
import socket
import sqlite3
import sys
import threading
import time
from collections.abc import Callable, Iterator
from contextlib import closing, contextmanager
from importlib import import_module
from pathlib import Path
from typing import TYPE_CHECKING, Any, NamedTuple

from flows.prefect_settings import ALWAYS, OWN_SERVER

if TYPE_CHECKING:
    import uvicorn

API_URL = "PREFECT_API_URL"
HOST = "127.0.0.1"
POLL_SECONDS = 0.01
DRAIN_SECONDS = 10.0

_log = logging.getLogger(__name__)


class _Running(NamedTuple):
    """The server of this process and the thread its event loop runs in."""

    server: uvicorn.Server
    thread: threading.Thread


def configure(project_root: Path) -> None:
    """Set Prefect's defaults for a run: quiet, offline, cheap, its files inside the project.

    Call it before anything imports prefect. What the environment already says always wins. A process that
    waits for schedules (`serve`) needs what this switches off: it needs PREFECT_API_URL and a real server.
    """
    for name, value in ALWAYS.items():
        os.environ.setdefault(name, value)
    os.environ.setdefault("PREFECT_HOME", str(project_root / ".prefect"))
    if not os.environ.get(API_URL):
        for name, value in OWN_SERVER.items():
            os.environ.setdefault(name, value)


@contextmanager
def paused_gc() -> Iterator[None]:
    """Import without garbage collection, which takes a quarter of the CPU of importing Prefect's server.

    Nearly everything an import creates lives as long as the process, so collecting in between finds nothing.
    Afterwards those objects are frozen: later collections do not walk them again.
    """
    enabled = gc.isenabled()
    gc.disable()
    try:
        yield
    finally:
        if enabled:
            gc.freeze()
            gc.enable()


@contextmanager
def api() -> Iterator[None]:
    """Give the flows called inside an API: the caller's server if one is set, else one of our own.

    On leaving, everything the run reported has reached the database, and the server is gone.
    """
    if _server_is_given():
        yield
        return
    running = _boot_or_none()
    if running is None:
        _start_plain()
        yield
        return
    try:
        yield
    finally:
        _stop(running)


def _server_is_given() -> bool:
    """Whether the environment, a Prefect profile or a test harness names a server."""
    if os.environ.get(API_URL):
        return True
    with paused_gc():
        from prefect.settings import PREFECT_API_URL

    return bool(PREFECT_API_URL.value())


def _boot_or_none() -> _Running | None:
    """Boot in this process; None, with a warning and every trace removed, where that fails."""
    running = None
    sock = socket.socket(socket.AF_INET, socket.SOCK_STREAM)
    try:
        sock.bind((HOST, 0))
        with paused_gc():
            running = _boot(sock)
        _point_client_at(f"http://{HOST}:{sock.getsockname()[1]}/api")
    except Exception as error:  # Private names can fail in any way, and none of them may stop a run.
        _log.warning("Prefect's server did not start inside this process (%r); starting it outside.", error)
        os.environ.pop(API_URL, None)
        if running is not None:
            running.server.should_exit = True
        sock.close()
        return None
    return running


def _boot(sock: socket.socket) -> _Running:
    """Start the server on a bound socket; return when it answers."""
    import_module("prefect.server.api.server")  # The dear part: outside the lock, for two runs at once.
    from prefect.settings import PREFECT_HOME

    home = PREFECT_HOME.value()
    if not _schema_is_current(home):
        with _migration_lock(home):
            if not _schema_is_current(home):  # Another run may have migrated while this one waited.
                running = _start_thread(sock)
                _note_schema(home)
                return running
    return _start_unmigrated(sock)


def _start_unmigrated(sock: socket.socket) -> _Running:
    """Start without migrating, which imports Alembic and a hundred scripts only to find nothing to do."""
    from prefect.settings import PREFECT_SERVER_DATABASE_MIGRATE_ON_START, temporary_settings

    with temporary_settings({PREFECT_SERVER_DATABASE_MIGRATE_ON_START: False}):
        return _start_thread(sock)


def _start_thread(sock: socket.socket) -> _Running:
    """Run Prefect's application under uvicorn in a thread, which sees the settings of this moment."""
    import uvicorn
    from prefect.settings import PREFECT_SERVER_EPHEMERAL_STARTUP_TIMEOUT_SECONDS

    app = _application()
    # The logging set up by Prefect stays in charge (log_config), and a failing boot is reported once, by the
    # caller.
    config = uvicorn.Config(
        app,
        lifespan="on",
        access_log=False,
        log_config=None,
        log_level="critical",
        timeout_graceful_shutdown=5,
    )
    server = uvicorn.Server(config)
    thread = threading.Thread(
        target=contextvars.copy_context().run, args=(server.run, [sock]), name="prefect-api", daemon=True
    )
    thread.start()
    deadline = time.monotonic() + PREFECT_SERVER_EPHEMERAL_STARTUP_TIMEOUT_SECONDS.value()
    while not server.started:
        if not thread.is_alive():
            raise RuntimeError("the server stopped while starting")
        if time.monotonic() > deadline:
            server.should_exit = True
            raise TimeoutError("the server did not start in time")
        time.sleep(POLL_SECONDS)
    return _Running(server, thread)


def _application() -> Callable[..., Any]:
    """Prefect's API as an application; not from its cache, which would skip the start-up of a second run."""
    from prefect.server.api import server

    # FastAPI builds the routes of every router it has to look at before one matches: the ones a run uses come
    # first.
    names = ("admin", "flows", "flow_runs", "events", "artifacts", "task_runs")
    used = [import_module(f"prefect.server.api.{name}").router for name in names]
    server.API_ROUTERS = (*used, *(router for router in server.API_ROUTERS if router not in used))
    return server.create_app(ephemeral=True, ignore_cache=True)


def _start_plain() -> None:
    """Let Prefect start its own server process, under the lock, so that two first runs do not both migrate.

    Prefect keeps that server for every later client and stops it when Python exits.
    """
    from prefect.client.orchestration import get_client
    from prefect.settings import PREFECT_HOME

    with _migration_lock(PREFECT_HOME.value()), get_client(sync_client=True):
        pass


def _stop(running: _Running) -> None:
    """Let everything reported reach the database, then stop the server and forget its address."""
    try:
        _send_pending()
        _await_recorder(running.server)
    except Exception as error:  # The run is done: its history is not worth a failure.
        _log.warning("Prefect's history of this run may be incomplete (%r).", error)
    running.server.should_exit = True
    running.thread.join(timeout=2 * DRAIN_SECONDS)
    _point_client_at(None)


def _send_pending() -> None:
    """Send what Prefect's background threads still hold: at interpreter exit they would find no server."""
    from prefect.events.worker import EventsWorker
    from prefect.logging.handlers import APILogWorker

    for worker in (APILogWorker, EventsWorker):
        # On a busy machine it would warn on the terminal that it is still at work, which is what we wait for.
        logging.getLogger(worker.__name__).setLevel(logging.ERROR)
        worker.drain_all(timeout=DRAIN_SECONDS)


def _await_recorder(server: uvicorn.Server) -> None:
    """Wait until every task run is recorded.

    The server writes them down in its own time; being stopped it would lose some and log errors for others.
    """
    from prefect.server.utilities.messaging import memory

    topic = memory.Topic.by_name("events")
    figures = memory.METRICS[topic.name]
    deadline = time.monotonic() + DRAIN_SECONDS
    while server.server_state.tasks or figures["published"] > figures["consumed"]:
        if time.monotonic() > deadline:
            raise TimeoutError("the recorder of task runs did not finish")
        time.sleep(POLL_SECONDS)
    # The recorder leaves its queue behind, which nobody would empty in a later run of this process.
    topic.clear()


def _point_client_at(url: str | None) -> None:
    """Make `url` the API of this process, of all its threads and of the processes it starts.

    `temporary_settings` would reach only threads that copy the caller's context.
    """
    if url is None:
        os.environ.pop(API_URL, None)
    else:
        os.environ[API_URL] = url
    from prefect.context import refresh_global_settings_context

    refresh_global_settings_context()


@contextmanager
def _migration_lock(home: Path) -> Iterator[None]:
    """Let one process at a time migrate the database of this home; Alembic does not see to that."""
    if sys.platform == "win32":  # No flock there; the race then is Prefect's own.
        yield
        return
    import fcntl

    home.mkdir(parents=True, exist_ok=True)
    with (home / "migration.lock").open("w") as file:
        fcntl.flock(file, fcntl.LOCK_EX)  # Released by closing, so also when the process is killed.
        yield


def _schema_is_current(home: Path) -> bool:
    """Whether this version of Prefect has brought the database to the revision it still has."""
    try:
        noted = _schema_note(home).read_text(encoding="utf-8")
    except OSError:
        return False
    return noted == _schema()


def _note_schema(home: Path) -> None:
    """Note the revision a migration has just reached, so that the next run need not look for more."""
    schema = _schema()
    if schema:
        _schema_note(home).write_text(schema, encoding="utf-8")


def _schema_note(home: Path) -> Path:
    return home / "schema.txt"


def _schema() -> str:
    """Prefect's version, the database and its revision; empty for a database that is no SQLite file."""
    import prefect
    from prefect.settings import PREFECT_SERVER_DATABASE_CONNECTION_URL
    from sqlalchemy.engine import make_url

    url = make_url(PREFECT_SERVER_DATABASE_CONNECTION_URL.value())
    if url.get_backend_name() != "sqlite" or not url.database or not Path(url.database).is_file():
        return ""
    try:
        with closing(sqlite3.connect(f"{Path(url.database).as_uri()}?mode=ro", uri=True)) as connection:
            revisions = connection.execute("SELECT version_num FROM alembic_version").fetchall()
    except sqlite3.Error:
        return ""
    return f"{prefect.__version__} {url.database} {revisions[0][0]}" if revisions else ""
