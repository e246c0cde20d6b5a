"""``fenjie reprocess``: releases made again with the current code and rules."""

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

from flows.cli_options import DASK_ADDRESS, DATABASE, PASSWORD_OPTION, RUNNER, WORKERS, unknown_of
from flows.console_log import EXPECTED
from flows.crew import Crew, Runner
from flows.differences import OUTCOMES, Difference
from flows.guard import Limits
from flows.reprocess_report import FOLDER, by_gravity, counted
from flows.settings import PASSWORD
from normalizers.reference import DEFAULT_DIR

_PATH = click.Path(path_type=Path)
_ALL_PUBLISHED, _HELD_BACK, _WRONG_USAGE = 0, 1, 2
_LISTED, _REASONS = 40, 8
_STYLES = {"held_back": "bold red", "unreadable": "bold red", "changed": "green", "new": "green", "kept": "yellow",
           "left": "yellow"}  # fmt: skip
_EXIT_STATUS = (
    "Exit status: 0 all published or unchanged; 1 a document was held back; 2 wrong usage or unreadable input."
)


@click.command(short_help="Make releases again with the current code and rules.", epilog=_EXIT_STATUS)
@click.argument("documents", metavar="[DOCUMENT_ID]...", nargs=-1)
@click.option("--year", "years", type=int, multiple=True, help="Only this year; may be repeated.")
@click.option("--raw", type=_PATH, default=Path("raw"), show_default=True, help="Folder of documents by year.")
@click.option("--outputs", type=_PATH, default=Path("outputs"), show_default=True, help="Folder of the datasets.")
@DATABASE
@click.option(
    "--accept",
    metavar="DOCUMENT_ID",
    multiple=True,
    help="Publish this document (or: all) whatever changes in it; may be repeated.",
)
@click.option(
    "--max-changed",
    type=click.FloatRange(0, 100),
    default=100 * Limits().max_changed,
    show_default=True,
    metavar="PERCENT",
    help="Hold a document back of which more tasks would change.",
)
@click.option("--dry-run", is_flag=True, help="Only say what would change; nothing is written.")
@click.option("--reference", type=_PATH, default=DEFAULT_DIR, help="Another folder of rules, to try them.")
@click.option("--report", type=_PATH, help=f"Folder of the report.  [default: OUTPUTS/{FOLDER}; a dry run has none]")
@PASSWORD_OPTION
@RUNNER
@WORKERS
@DASK_ADDRESS
def reprocess(  # noqa: PLR0913  options of the command
    documents: tuple[str, ...],
    *,
    years: tuple[int, ...],
    raw: Path,
    outputs: Path,
    database: str | None,
    accept: tuple[str, ...],
    max_changed: float,
    dry_run: bool,
    reference: Path,
    report: Path | None,
    password: str | None,
    runner: Runner,
    workers: int | None,
    dask_address: str | None,
) -> None:
    """Make all documents of raw/ again, or only some, and publish what changed within limits.

    A document that changes more, or loses a task, is held back: what would be published lies in OUTPUTS/candidates/ for
    you to look at, and the last release stays until you --accept it. Unchanged documents get no new release.
    """
    from flows import reprocess_run  # noqa: PLC0415  the other commands must not pay for it

    console = Console(highlight=False, emoji=False)
    if password is not None:
        os.environ[PASSWORD] = password  # a parameter of a flow would be stored by Prefect
    try:
        found = reprocess_run.reprocess(
            raw, outputs, database, console, years=years, documents=documents, accept=accept,
            max_changed=max_changed / 100, dry_run=dry_run, report=report, reference=reference,
            crew=Crew(runner, workers, dask_address),
        )  # fmt: skip
    except EXPECTED as error:
        Console(stderr=True).print("[bold red]error[/]", Text(str(error)), soft_wrap=True, highlight=False)
        sys.exit(_WRONG_USAGE)
    _show(console, found, report or (None if dry_run else outputs / FOLDER), dry_run)
    if strange := unknown_of(accept, (item.document_id for item in found)):
        Console(stderr=True).print("[bold red]error[/]", Text(strange), soft_wrap=True, highlight=False)
        sys.exit(_WRONG_USAGE)
    sys.exit(_exit_status(found))


def _exit_status(found: Sequence[Difference]) -> int:
    outcomes = {item.outcome for item in found}
    if "unreadable" in outcomes:
        return _WRONG_USAGE
    return _HELD_BACK if "held_back" in outcomes else _ALL_PUBLISHED


def _show(console: Console, found: Sequence[Difference], report: Path | None, dry_run: bool) -> None:
    """A row for each document that is not unchanged, the reasons of those held back, the counts, the report."""
    told = [item for item in by_gravity(found) if item.outcome != "unchanged"]
    if told:
        table = Table(header_style="bold", box=box.SIMPLE_HEAD, pad_edge=False, collapse_padding=True)
        for column in ("document", "outcome", "release", "differences"):
            table.add_column(column, overflow="fold", justify="right" if column == "release" else "left")
        for item in told[:_LISTED]:
            outcome = f"[{_STYLES[item.outcome]}]{item.outcome.replace('_', ' ')}[/]"
            release = str(item.release_no) if item.release_no else "—"
            table.add_row(escape(item.document), outcome, release, escape(item.summary or "—"))
        console.print(table)
    for item in told[:_LISTED]:
        _reasons(console, item)
    if len(told) > _LISTED:
        console.print(f"… and {len(told) - _LISTED} more documents")
    counts = (f"{count:,} {OUTCOMES[outcome][1]}" for outcome, count in counted(found).items())
    console.print("; ".join(counts) + ".", soft_wrap=True)
    if dry_run:
        console.print("Nothing was published: this was a dry run.")
    if report is not None:
        console.print(f"Report: [cyan]{escape(str(report / 'reprocess.html'))}[/]", soft_wrap=True)


def _reasons(console: Console, item: Difference) -> None:
    said = [*item.reasons, *item.notes]
    if not said:
        return
    console.print(
        f"[{_STYLES[item.outcome]}]{item.outcome.replace('_', ' ')}[/] {escape(item.document)}", soft_wrap=True
    )
    for reason in said[:_REASONS]:
        console.print(f"  • {escape(reason)}", soft_wrap=True)
    if len(said) > _REASONS:
        console.print(f"  … and {len(said) - _REASONS} more")
