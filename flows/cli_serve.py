"""``fenjie serve``: wait for the schedules."""

from __future__ import annotations

import sys
from collections.abc import Callable
from functools import partial
from pathlib import Path
from typing import TypeVar

import click
from rich import box
from rich.console import Console
from rich.table import Table
from rich.text import Text

from flows import serve as serving
from flows.cli_options import DATABASE
from flows.database_url import name_of
from flows.deployments import DEPLOYMENTS, SETTLE, TIMEZONE, Deployment
from flows.discover import UsageError
from flows.fingerprint import ROOT

_PATH = click.Path(path_type=Path, file_okay=False, resolve_path=True)
_OFF = "off"
_Command = TypeVar("_Command", bound=Callable[..., object])
_WRONG_USAGE = 2
_BY_NAME = {deployment.name: deployment for deployment in DEPLOYMENTS}


def _cron(name: str, option: str) -> Callable[[_Command], _Command]:
    """The option for the schedule of a deployment."""
    deployment = _BY_NAME[name]
    return click.option(
        option,
        name.replace("-", "_"),
        envvar=deployment.variable,
        show_envvar=True,
        default=deployment.cron,
        show_default=True,
        metavar="CRON",
        help=f"{deployment.description} Five fields of cron, or {_OFF}.",
    )


@click.command(short_help="Wait for the schedules: check raw/ every month, reprocess every month.")
@click.option("--raw", type=_PATH, default="raw", help="Folder of documents by year.  [default: raw]")
@click.option("--outputs", type=_PATH, default="outputs", help="Folder of the datasets.  [default: outputs]")
@DATABASE
@_cron("check-raw", "--check")
@_cron("reprocess", "--reprocess")
@click.option(
    "--timezone",
    envvar="FENJIE_TIMEZONE",
    default=TIMEZONE,
    show_default=True,
    show_envvar=True,
    help="Of the schedules.",
)
@click.option(
    "--settle",
    metavar="SECONDS",
    type=click.FloatRange(min=0),
    envvar="FENJIE_SETTLE",
    default=SETTLE,
    show_default=True,
    show_envvar=True,
    help="Files that changed less than so long ago are waited for: they may still be being copied.",
)
@click.option(
    "--check-at-start/--no-check-at-start", default=True, help="Check raw/ once at every start.  [default: yes]"
)
def serve(
    raw: Path,
    outputs: Path,
    database: str | None,
    timezone: str,
    settle: float,
    check_at_start: bool,
    **crons: str,
) -> None:
    """Run until told to end (Ctrl-C, SIGTERM), and do by schedule what has to be done.

    One run at a time. PREFECT_API_URL names the Prefect server to use; without it one is started on loopback, and
    stopped at the end. docs/operations.md shows how to run this as a service.
    """
    console = Console(highlight=False, soft_wrap=True)
    chosen = {name: crons[name.replace("-", "_")] for name in _BY_NAME}
    wanted = [deployment for deployment in DEPLOYMENTS if chosen[deployment.name] != _OFF]
    try:
        if not wanted:
            raise UsageError("every schedule is off: there is nothing to wait for")
        serving.configure(ROOT)
        plan = serving.Plan(chosen, timezone, raw, outputs, name_of(database), settle, check_at_start)
        say = partial(console.print, markup=False)
        serving.serve(plan, wanted, lambda: console.print(_table(wanted, plan)), say)
    except UsageError as error:
        Console(stderr=True).print("[bold red]error[/]", Text(str(error)), soft_wrap=True, highlight=False)
        sys.exit(_WRONG_USAGE)


@click.command(
    "prefect-server",
    short_help="A Prefect server for schedules and several machines.",
    context_settings={"ignore_unknown_options": True, "help_option_names": []},
)
@click.argument("arguments", nargs=-1, type=click.UNPROCESSED)
def prefect_server(arguments: tuple[str, ...]) -> None:
    """Run `prefect server start` with ARGUMENTS (--host, --port ...), without telemetry.

    Use it instead of Prefect's own command, whose schedules do not fire with the SQLAlchemy of this project.
    """
    from flows.prefect_mend import start  # noqa: PLC0415  it imports Prefect's server

    serving.configure(ROOT)
    start(arguments)


def _table(deployments: list[Deployment], plan: serving.Plan) -> Table:
    table = Table(header_style="bold", box=box.SIMPLE_HEAD, pad_edge=False)
    for column in ("schedule", "cron", f"next time ({plan.timezone})", "does"):
        table.add_column(column, overflow="fold")
    for deployment in deployments:
        cron = plan.crons[deployment.name]
        upcoming = f"{serving.next_time(cron, plan.timezone):%Y-%m-%d %H:%M}"
        table.add_row(deployment.name, cron, upcoming, deployment.description)
    return table
