"""A process that waits for its schedules: deployments registered with Prefect, their runs started here.

Prefect's runner gives up when its server is away for half a minute. Here it is started again as soon as the server
answers, and every start begins with a check of raw/, as what was due in the meantime is not made up for otherwise.
"""

# ruff: noqa: PLC0415  Importing prefect freezes its settings, so they are made first.

from __future__ import annotations

import asyncio
import os
import signal
import threading
import time
from collections.abc import Callable, Coroutine, Iterator, Mapping, Sequence
from contextlib import contextmanager
from dataclasses import dataclass
from datetime import datetime
from importlib import import_module
from pathlib import Path
from typing import TYPE_CHECKING, Any
from zoneinfo import ZoneInfo

from flows.deployments import SETTLE, Deployment, parameters
from flows.discover import UsageError
from flows.own_server import OwnServer, answers
from flows.prefect_settings import ALWAYS

if TYPE_CHECKING:
    from prefect import Flow
    from prefect.deployments.runner import RunnerDeployment
    from prefect.runner import Runner

#: Seconds between two attempts to reach a Prefect server that is away.
_RETRY = 5.0
#: Seconds for a run that is under way to be cancelled when the process is asked to end.
_GRACE = 60.0
_TICK = 0.2
API_URL = "PREFECT_API_URL"
#: The deployment that is run at every start.
_FIRST = "check-raw"


@dataclass(frozen=True, slots=True)
class Plan:
    """What is to run when: a cron line for each deployment's name, the folders, the name of the database."""

    crons: Mapping[str, str]
    timezone: str
    raw: Path
    outputs: Path
    database: str | None
    settle: float = SETTLE
    check_at_start: bool = True


def configure(project_root: Path) -> None:
    """Make the settings of Prefect for a process that waits; before anything imports prefect."""
    # What a run says belongs into the journal of the service.
    os.environ.setdefault("PREFECT_LOGGING_LEVEL", "INFO")
    for name, value in ALWAYS.items():
        os.environ.setdefault(name, value)
    os.environ.setdefault("PREFECT_HOME", str(project_root / ".prefect"))


def next_time(cron: str, timezone: str) -> datetime:
    """When a cron line fires next. Raises :class:`UsageError` for a line or a time zone that is none."""
    from prefect.client.schemas.schedules import CronSchedule

    try:
        schedule = CronSchedule(cron=cron, timezone=timezone)
    except ValueError as error:
        raise UsageError(
            f"{cron!r} in the time zone {timezone!r} is no schedule. Write five fields, as in '0 6 1 * *' "
            "(06:00 on the first of every month), and a zone such as Asia/Shanghai"
        ) from error
    # The reader of cron lines that Prefect's scheduler uses; it has no other name.
    croniter = import_module("prefect._vendor.croniter").croniter
    upcoming: datetime = croniter(schedule.cron, datetime.now(ZoneInfo(timezone))).get_next(datetime)
    return upcoming


def serve(
    plan: Plan, deployments: Sequence[Deployment], announce: Callable[[], None], say: Callable[[str], None]
) -> None:
    """Run the deployments on their schedules until the process is asked to end (SIGTERM, SIGINT).

    ``announce`` shows them once Prefect's settings are made.

    With PREFECT_API_URL that server is used, else one is started on loopback and stopped with this process. Raises
    :class:`UsageError` for schedules that are none and a server that does not start.
    """
    ending = threading.Event()
    with _signals(ending), _server() as server:
        announce()
        if server is not None:
            server.wait(ending)
        say(f"Prefect's server: {os.environ[API_URL]}{' (started here)' if server else ''}")
        while not ending.is_set():
            problem = _Turn(plan, deployments).run(ending, say)
            if ending.is_set():
                break
            kind = type(problem).__name__
            say(f"Prefect's server is away, or refuses ({kind}); trying again every {_RETRY:g} seconds")
            ending.wait(_RETRY)
            _await_answer(server, ending)
        say("ending")


class _Turn:
    """One life of Prefect's runner, in a thread: as long as its server answers, or until it is to end."""

    def __init__(self, plan: Plan, deployments: Sequence[Deployment]) -> None:
        self._plan = plan
        self._deployments = deployments
        self._problem: Exception | None = None
        self._runner: Runner | None = None
        self._loop: asyncio.AbstractEventLoop | None = None

    def run(self, ending: threading.Event, say: Callable[[str], None]) -> Exception | None:
        """Register the deployments and wait for their schedules; why it came to an end, None when it was to."""
        # Only in a thread does the runner leave the signals to us.
        thread = threading.Thread(target=self._in_thread, args=(ending, say), name="runner", daemon=True)
        thread.start()
        while thread.is_alive() and not ending.wait(_TICK):
            pass
        self._stop(thread)
        return self._problem

    def _stop(self, thread: threading.Thread) -> None:
        """Ask the runner to stop, as soon as it has started, and wait for it to cancel what is under way."""
        deadline = time.monotonic() + _GRACE
        asked = False
        while thread.is_alive() and time.monotonic() < deadline:
            if not asked and self._runner is not None and self._runner.started and self._loop is not None:
                asyncio.run_coroutine_threadsafe(self._runner.astop(), self._loop)
                asked = True
            thread.join(_TICK)

    def _in_thread(self, ending: threading.Event, say: Callable[[str], None]) -> None:
        try:
            asyncio.run(self._serve(ending, say))
        except Exception as error:  # of whatever kind: the server is asked again
            self._problem = error

    async def _serve(self, ending: threading.Event, say: Callable[[str], None]) -> None:
        from prefect.client.orchestration import get_client
        from prefect.runner import Runner

        self._loop = asyncio.get_running_loop()
        runner = Runner(name="fenjie", pause_on_shutdown=False, limit=1)
        identities = {}
        for deployment in self._deployments:
            identities[deployment.name] = await runner.aadd_deployment(await _registered(deployment, self._plan))
        if self._plan.check_at_start and _FIRST in identities:
            async with get_client() as client:
                await client.create_flow_run_from_deployment(identities[_FIRST])
        if not ending.is_set():
            say("waiting for the schedules")
            self._runner = runner
            await runner.start()


async def _registered(deployment: Deployment, plan: Plan) -> RunnerDeployment:
    """A deployment as Prefect wants it, with its schedule in the plan's time zone."""
    from prefect.schedules import Cron
    from prefect.types.entrypoint import EntrypointType

    module, _, name = deployment.flow.rpartition(".")
    flow: Flow[Any, Any] = getattr(import_module(module), name)
    given = parameters(deployment, str(plan.raw), str(plan.outputs), plan.database)
    made = flow.to_deployment(
        deployment.name,
        schedule=Cron(plan.crons[deployment.name], timezone=plan.timezone),
        parameters=given | {"settle": plan.settle} if "settle" in given else given,
        description=deployment.description,
        entrypoint_type=EntrypointType.MODULE_PATH,
    )
    return await made if isinstance(made, Coroutine) else made


@contextmanager
def _signals(ending: threading.Event) -> Iterator[None]:
    """Take the signals that ask a process to end; a second one ends it at once."""

    def end(number: int, _frame: object) -> None:
        ending.set()
        signal.signal(number, signal.SIG_DFL)

    before = {number: signal.signal(number, end) for number in (signal.SIGTERM, signal.SIGINT)}
    try:
        yield
    finally:
        for number, handler in before.items():
            signal.signal(number, handler)


@contextmanager
def _server() -> Iterator[OwnServer | None]:
    """A server of our own that is starting, while it is needed; None where PREFECT_API_URL names one."""
    if os.environ.get(API_URL):
        yield None
        return
    server = OwnServer()
    # Before Prefect is imported here, which takes as long as the server takes to start.
    os.environ[API_URL] = server.url
    try:
        server.start()
        yield server
    finally:
        server.stop()
        del os.environ[API_URL]


def _await_answer(server: OwnServer | None, ending: threading.Event) -> None:
    """Wait until the server answers again; one of our own that died is started again."""
    if server is not None and not server.is_running:
        server.stop()
        server.start()
        server.wait(ending)
    while not ending.is_set() and not answers(os.environ[API_URL]):
        ending.wait(_RETRY)
