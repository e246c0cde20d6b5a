"""``fenjie backfill``: ingest many years, one after the other."""

from __future__ import annotations

import os
import sys
from collections.abc import Sequence
from pathlib import Path

import click
from rich import box
from rich.console import Console
from rich.markup import escape
from rich.table import Table
from rich.text import Text

from flows import backfill as filling
from flows.cli_options import DASK_ADDRESS, DATABASE, PASSWORD_OPTION, RUNNER
from flows.crew import Crew, Runner
from flows.discover import UsageError
from flows.settings import PASSWORD

_PATH = click.Path(path_type=Path)
_ALL_PUBLISHED, _HELD_BACK, _WRONG_USAGE = 0, 1, 2
_EXIT_STATUS = (
    "Exit status: 0 all published; 1 a document was held back; 2 a year failed, wrong usage or unreadable input."
)


@click.command(short_help="Ingest many years, one after the other.", epilog=_EXIT_STATUS)
@click.option("--from", "first", type=int, required=True, metavar="YEAR", help="The first year.")
@click.option("--to", "last", type=int, required=True, metavar="YEAR", help="The last year.")
@click.option(
    "--concurrency",
    type=click.IntRange(min=1),
    help="Batches of documents prepared at a time.  [default: what fits the machine]",
)
@click.option("--raw", type=_PATH, default=Path("raw"), show_default=True, help="Folder of documents by year.")
@click.option("--outputs", type=_PATH, default=Path("outputs"), show_default=True, help="Folder of the datasets.")
@DATABASE
@PASSWORD_OPTION
@RUNNER
@DASK_ADDRESS
def backfill(  # noqa: PLR0913  options of the command
    *,
    first: int,
    last: int,
    concurrency: int | None,
    raw: Path,
    outputs: Path,
    database: str | None,
    password: str | None,
    runner: Runner,
    dask_address: str | None,
) -> None:
    """Ingest the folders raw/FROM to raw/TO, the oldest first.

    A year that fails does not stop the others. Call it again after it was interrupted: what is done is left alone.
    """
    console = Console(highlight=False, emoji=False)
    if password is not None:
        os.environ[PASSWORD] = password  # a parameter of a flow would be stored by Prefect
    years: list[filling.Year] = []
    try:
        chosen = filling.years_of(raw, first, last)
        crew = Crew(runner, concurrency, dask_address)
        for year in filling.backfill(chosen, raw, outputs, database, console, crew):
            years.append(year)
            if year.problem is not None:
                console.print(f"[bold red]failed[/] {year.year}: {escape(year.problem)}", soft_wrap=True)
    except UsageError as error:
        Console(stderr=True).print("[bold red]error[/]", Text(str(error)), soft_wrap=True, highlight=False)
        sys.exit(_WRONG_USAGE)
    _show(console, years)
    sys.exit(_exit_status(years))


def _exit_status(years: Sequence[filling.Year]) -> int:
    if any(year.problem is not None or year.statuses.get("unreadable") for year in years):
        return _WRONG_USAGE
    return _HELD_BACK if any(year.statuses.get("held_back") for year in years) else _ALL_PUBLISHED


def _show(console: Console, years: Sequence[filling.Year]) -> None:
    table = Table(header_style="bold", box=box.SIMPLE_HEAD, pad_edge=False)
    names = ("published", "held_back", "unreadable", "left")
    for column in ("year", *(name.replace("_", " ") for name in names), "tasks"):
        table.add_column(column, justify="right")
    for year in years:
        if year.problem is not None:
            table.add_row(str(year.year), "[bold red]failed[/]")
            continue
        counts = [str(year.statuses.get(name) or "—") for name in names]
        table.add_row(str(year.year), *counts, f"{year.n_tasks:,}")
    console.print(table)
