"""``fenjie status``: what the outputs folder holds, on the terminal or as JSON."""

from __future__ import annotations

import json
import sys
from collections.abc import Sequence
from dataclasses import asdict
from datetime import datetime
from pathlib import Path

import click
from rich import box
from rich.console import Console
from rich.markup import escape
from rich.table import Table
from rich.text import Text

from flows.discover import UsageError
from flows.runlog import Run
from flows.status import OUT_OF_DATE, STOPPED, Stale, State, Stopped, Year, state_of
from normalizers.dataset import SEVERITIES

_PATH = click.Path(path_type=Path)
#: Documents and reasons that are listed unless all are asked for.
_LISTED, _REASONS = 20, 3
_WRONG_USAGE = 2
STYLES = {"critical": "bold red", "warning": "yellow", "info": "dim"}
_EXIT_STATUS = (
    f"Exit status: 0 everything is published and current; {STOPPED} a document is held back or unreadable; "
    f"2 wrong usage; {OUT_OF_DATE} nothing is held back, but something is out of date or the last run did not end well."
)


@click.command(
    short_help="What is published, held back and out of date, and how the last runs ended.", epilog=_EXIT_STATUS
)
@click.option("--year", "years", type=int, multiple=True, help="Only this year; may be repeated.")
@click.option("--raw", type=_PATH, default=Path("raw"), show_default=True, help="Folder of documents by year.")
@click.option("--outputs", type=_PATH, default=Path("outputs"), show_default=True, help="Folder of the datasets.")
@click.option(
    "--held-back", is_flag=True, help="Only the documents that are held back or unreadable, with all reasons."
)
@click.option("--quick", is_flag=True, help="Do not read raw/ to see which sources have changed.")
@click.option("--json", "as_json", is_flag=True, help="One JSON object instead of tables.")
def status(years: tuple[int, ...], raw: Path, outputs: Path, held_back: bool, quick: bool, as_json: bool) -> None:
    """Show the years with their documents, tasks and doubts; what is held back and why; what is out of date; the runs.

    Works while an ingest is going on, and changes nothing.
    """
    try:
        state = state_of(outputs, raw, years, read_sources=not quick)
    except UsageError as error:
        Console(stderr=True).print("[bold red]error[/]", Text(str(error)), soft_wrap=True, highlight=False)
        sys.exit(_WRONG_USAGE)
    if as_json:
        click.echo(json.dumps(as_object(state), ensure_ascii=False, indent=1))
    else:
        _show(Console(highlight=False, emoji=False), state, held_back)
    sys.exit(state.exit_status)


def as_object(state: State) -> dict[str, object]:
    """The state as JSON values, with the exit status."""
    return {"exit_status": state.exit_status} | asdict(state)


def _show(console: Console, state: State, held_back: bool) -> None:
    if not held_back:
        console.print(_years(state.years))
    _stopped(console, state.stopped, everything=held_back)
    if held_back:
        return
    _stale(console, state)
    _runs(console, state)
    if not state.stopped and not state.stale:
        console.print("Everything is published and current." if state.years else "Nothing has been ingested yet.")


def _table(*columns: str, right: Sequence[str] = ()) -> Table:
    table = Table(header_style="bold", box=box.SIMPLE_HEAD, pad_edge=False, collapse_padding=True)
    for column in columns:
        number = column in right
        table.add_column(column, justify="right" if number else "left", overflow="fold", no_wrap=number)
    return table


def _years(years: Sequence[Year]) -> Table:
    """A row for each year, and their sums."""
    numbers = ("documents", "released", "tasks", *SEVERITIES, "held", "unreadable")
    table = _table("year", *numbers, right=numbers)
    for year in years:
        table.add_row(year.year, *_figures([year]))
    if len(years) > 1:
        table.add_section()
        table.add_row("all", *_figures(years))
    return table


def _figures(years: Sequence[Year]) -> list[str]:
    known, released, tasks = (sum(getattr(y, name) for y in years) for name in ("documents", "released", "tasks"))
    doubts = [(sum(year.doubts[severity] for year in years), STYLES[severity]) for severity in SEVERITIES]
    stopped = [(sum(getattr(year, name) for year in years), "bold red") for name in ("held_back", "unreadable")]
    return [
        f"{known:,}",
        f"{released:,}",
        f"{tasks:,}",
        *(f"[{style}]{count:,}[/]" if count else "0" for count, style in [*doubts, *stopped]),
    ]


def _stopped(console: Console, stopped: Sequence[Stopped], everything: bool) -> None:
    """Each document that is held back or unreadable, why, and where to read on."""
    if not stopped and everything:
        console.print("No document is held back.")
    shown = stopped if everything else stopped[:_LISTED]
    for item in shown:
        name = f" ({item.document_id})" if item.document_id else ""
        console.print(
            f"[bold red]{item.status.replace('_', ' ')}[/] {escape(item.document)}{escape(name)}", soft_wrap=True
        )
        reasons = item.reasons if everything else item.reasons[:_REASONS]
        for reason in reasons:
            console.print(f"  • {escape(reason)}", soft_wrap=True)
        if len(item.reasons) > len(reasons):
            console.print(f"  … and {len(item.reasons) - len(reasons)} more")
        standing = "its last good release stays in place" if item.released else "there is no release of it"
        console.print(f"  All of it: {escape(item.details)}; {standing}.\n", soft_wrap=True)
    if len(stopped) > len(shown):
        console.print(f"… and {len(stopped) - len(shown)} more documents: fenjie status --held-back\n")


def _stale(console: Console, state: State) -> None:
    if not state.sources_checked:
        console.print("The documents in raw/ were not read: whether they have changed is not known.\n")
    if not state.stale:
        return
    by_why: dict[str, list[Stale]] = {}
    for item in state.stale:
        by_why.setdefault(item.why, []).append(item)
    table = _table("out of date", "documents", "which", right=("documents",))
    for why, items in by_why.items():
        names = ", ".join(escape(item.document) for item in items[:_REASONS])
        more = f" … and {len(items) - _REASONS} more" if len(items) > _REASONS else ""
        table.add_row(f"[yellow]{why}[/]", f"{len(items):,}", names + more)
    console.print(table)


def _runs(console: Console, state: State) -> None:
    """The last runs, the newest first; one without an end is going on or was killed."""
    if state.running and (not state.runs or state.runs[0].how is not None):
        console.print("[bold green]A run is going on.[/]\n")
    if not state.runs:
        return
    table = _table("last runs (UTC)", "took", "command", "ended", "documents", "version")
    for at, run in enumerate(state.runs):
        done = ", ".join(f"{count:,} {name.replace('_', ' ')}" for name, count in run.outcomes.items()) or "none"
        version = f"{run.fenjie} {run.code[:8]}".strip()
        begun = run.begun.replace("T", " ").removesuffix("Z")
        table.add_row(begun, _took(run), escape(run.command), _how(run, state.running and at == 0), done, version)
    console.print(table)


def _how(run: Run, may_be_running: bool) -> str:
    if run.how is None:
        return "[bold green]going on[/]" if may_be_running else "[bold red]killed[/]"
    said = f": {run.error}" if run.error else ""
    return "done" if run.how == "done" else f"[bold red]{run.how}[/]{escape(said)}"


def _took(run: Run) -> str:
    if run.ended is None:
        return "—"
    seconds = int((datetime.fromisoformat(run.ended) - datetime.fromisoformat(run.begun)).total_seconds())
    minutes, seconds = divmod(seconds, 60)
    hours, minutes = divmod(minutes, 60)
    return f"{hours}:{minutes:02}:{seconds:02}" if hours else f"{minutes}:{seconds:02}"
