"""What people see on the terminal: progress, the summary of a run, problems."""

from __future__ import annotations

import time
from collections import Counter
from collections.abc import Iterator, Mapping
from contextlib import contextmanager
from pathlib import Path

from rich import box
from rich.console import Console
from rich.markup import escape
from rich.progress import BarColumn, MofNCompleteColumn, Progress, SpinnerColumn, TextColumn, TimeElapsedColumn
from rich.table import Table

from extractors.read import Watch
from flows.ledger import Entry, release_folder

#: Seconds before a bar is shown for reading.
_WAIT = 1.0
#: How many reasons are printed for one document; all of them are in the quarantine.
_MAX_REASONS = 8
#: Of more documents only those are listed that were not published, and at most so many: laying out a table of
#: thousands takes longer than finding out that nothing has changed.
_MAX_LISTED = 100
_STATUS = {
    "published": "[green]published[/]",
    "held_back": "[bold red]held back[/]",
    "unreadable": "[bold red]unreadable[/]",
    "left": "[yellow]left for the next run[/]",
}


class Steps:
    """Progress bars for the steps of a run; call it with a step and the number of documents done."""

    def __init__(self, progress: Progress, total: int) -> None:
        self._progress = progress
        self._bars = {step: progress.add_task(step, total=total) for step in ("prepare", "publish")}

    def __call__(self, step: str, count: int) -> None:
        """Show that a step has done ``count`` documents."""
        self._progress.update(self._bars[step], completed=count)


@contextmanager
def progress(console: Console, total: int) -> Iterator[Steps]:
    """Bars while documents are being worked on; they vanish at the end."""
    columns = (
        SpinnerColumn(),
        TextColumn("{task.description:<9}"),
        BarColumn(),
        MofNCompleteColumn(),
        TimeElapsedColumn(),
    )
    with Progress(*columns, console=console, transient=True) as bars:
        yield Steps(bars, total)


@contextmanager
def reading(console: Console, files: int) -> Iterator[Watch]:
    """A bar while files are read, over the files or, when there is only one, over its pages.

    It comes when reading has taken a second, and vanishes at the end.
    """
    columns = (
        SpinnerColumn(),
        TextColumn("reading"),
        BarColumn(),
        MofNCompleteColumn(),
        TextColumn("{task.fields[of]}"),
    )
    bars = Progress(*columns, TimeElapsedColumn(), console=console, transient=True)
    bar = bars.add_task("", total=None, of="files")
    begun = time.monotonic()
    done: set[Path] = set()

    def watch(path: Path, read: int, pages: int) -> None:
        done.update([path] if read == pages else [])
        if files > 1:
            bars.update(bar, completed=len(done), total=files)
        else:
            bars.update(bar, completed=read, total=pages, of="pages")
        if not bars.live.is_started and time.monotonic() - begun > _WAIT:
            bars.start()

    try:
        yield watch
    finally:
        bars.stop()


def _listed(entries: Mapping[str, Entry]) -> dict[str, Entry]:
    """The documents to be told of one by one: all of a few, of many the first that were not published."""
    if len(entries) <= _MAX_LISTED:
        return dict(entries)
    stopped = [(name, entry) for name, entry in entries.items() if entry.status != "published"]
    return dict(stopped[:_MAX_LISTED])


def summary(console: Console, entries: Mapping[str, Entry], outputs: Path, fresh: int) -> None:
    """The table of documents, then the reasons of those that were held back, then where everything is."""
    table = Table(header_style="bold", box=box.SIMPLE_HEAD, pad_edge=False)
    table.add_column("document", overflow="fold")
    table.add_column("document_id", overflow="fold")
    table.add_column("tasks", justify="right")
    table.add_column("doubts")
    table.add_column("status", no_wrap=True)
    listed = _listed(entries)
    for name, entry in listed.items():
        tasks = str(entry.n_tasks or "—")
        table.add_row(escape(name), entry.document_id or "—", tasks, _doubts(entry), _STATUS[entry.status])
    if listed:
        console.print(table)
    if len(listed) < len(entries):
        counts = Counter(_STATUS[entry.status] for entry in entries.values())
        console.print(", ".join(f"{count:,} {status}" for status, count in counts.items()))
        console.print(f"`fenjie status --outputs {escape(str(outputs))}` tells of each.", soft_wrap=True)
    for name, entry in listed.items():
        if entry.status != "published":
            reasons(console, name, entry, outputs)
    published = [entry for entry in entries.values() if entry.status == "published"]
    if fresh == 0 and not any(entry.status == "left" for entry in entries.values()):
        console.print("Nothing has changed: every document is as the last run left it.")
    elif fresh and published:
        console.print(f"{fresh} of {len(entries)} documents were worked on.")
        folder = release_folder(outputs, published[-1].year or 0, published[-1].document_id or "")
        where = folder if len(published) == 1 else outputs
        console.print(f"Releases: [cyan]{escape(str(where))}[/]", soft_wrap=True)


_STYLES = {"critical": "bold red", "warning": "yellow", "info": "dim"}


def _doubts(entry: Entry) -> str:
    """How many issues there are of each severity: 2 critical, 66 warning, 16 info."""
    counts = [(entry.issues.get(severity, 0), severity, style) for severity, style in _STYLES.items()]
    return ", ".join(f"[{style}]{count} {severity}[/]" for count, severity, style in counts if count) or "none"


def reasons(console: Console, name: str, entry: Entry, outputs: Path) -> None:
    """Why a document was held back, and where all of it is written down."""
    console.print(f"\n{_STATUS[entry.status]} {escape(name)}", soft_wrap=True)
    for reason in entry.reasons[:_MAX_REASONS]:
        console.print(f"  • {escape(reason)}", soft_wrap=True)
    if len(entry.reasons) > _MAX_REASONS:
        console.print(f"  … and {len(entry.reasons) - _MAX_REASONS} more")
    if not entry.is_stopped:
        return
    console.print(f"  All reasons: {escape(str(outputs / 'quarantine' / name))}.json", soft_wrap=True)
    if entry.status == "held_back":
        console.print("  The last good release, if there was one, stays in place.")
