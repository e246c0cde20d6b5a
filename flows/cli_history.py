"""``fenjie history``: which releases a document had and what each changed; the files of an earlier one."""

from __future__ import annotations

import sys
from collections.abc import Iterator, Sequence
from datetime import datetime
from itertools import groupby
from pathlib import Path

import click
from rich import box
from rich.console import Console
from rich.padding import Padding
from rich.table import Table
from rich.text import Text

from flows.discover import UsageError
from flows.histories import copy_files, files_of, folders_of, kept_folder, tables_of
from flows.texts_compared import compared, compared_lists, compared_objects, plain
from normalizers.history import Tables, decoded
from normalizers.tabulate import Row
from writers import archive, labels
from writers.errors import WriteError
from writers.previous import last_row

_PATH = click.Path(path_type=Path)
_WRONG_USAGE = 2
#: So many characters are shown of a task that was added or removed.
_LONG = 120
_KINDS = {"added": "green", "removed": "red", "changed": "yellow"}


@click.command(short_help="The releases of documents, and what each changed.")
@click.argument("document_id", required=False)
@click.option("--release", type=click.IntRange(min=1), help="Show this release.  [default: the last one]")
@click.option("--out", type=_PATH, help="Copy the files of that release to this new folder.")
@click.option("--outputs", type=_PATH, default=Path("outputs"), show_default=True, help="Folder of the datasets.")
def history(document_id: str | None, release: int | None, out: Path | None, outputs: Path) -> None:
    """List the releases: how many tasks each has and what it changed.

    With DOCUMENT_ID also the changes themselves, field by field: [-what went-] and {+what came+}. With --release and
    --out an earlier release is got back.
    """
    console = Console(highlight=False, emoji=False)
    try:
        folders = folders_of(outputs, [document_id] if document_id else [])
        if document_id is None and (release or out):
            raise UsageError("--release and --out need a DOCUMENT_ID")
        if out is not None:
            _copy(console, outputs, folders[0], release, out)
        elif document_id is None:
            _list(console, outputs, folders)
        else:
            _show(console, outputs, folders[0], release)
    except (UsageError, WriteError) as error:
        Console(stderr=True).print("[bold red]error[/]", Text(str(error)), soft_wrap=True, highlight=False)
        sys.exit(_WRONG_USAGE)


def _copy(console: Console, outputs: Path, folder: Path, number: int | None, out: Path) -> None:
    if number is None:
        raise UsageError("--out needs the number of a --release")
    try:
        count = copy_files(files_of(outputs, folder, number), out)
    except OSError as error:
        raise UsageError(f"{error.filename}: can't be written ({error.strerror})") from error
    console.print(f"{folder.name}, release {number}: {count} files in {out}", markup=False, soft_wrap=True)


def _list(console: Console, outputs: Path, folders: Sequence[Path]) -> None:
    """One row for each document: its last release."""
    table = _table("document", "release", "tasks", "added", "removed", "changed", "published")
    for folder in folders:
        last = last_row(folder)
        if last is None:
            continue
        table.add_row(folder.name, *_cells(last)[:-1], _written(outputs, folder, last["release_no"]))
    console.print(table if folders else f"{outputs} has no releases.")


def _show(console: Console, outputs: Path, folder: Path, number: int | None) -> None:
    """Every release of a document, and what one of them changed."""
    tables = tables_of(folder)
    releases = tables["releases"]
    chosen = number or releases[-1]["release_no"]
    if chosen > releases[-1]["release_no"]:
        raise UsageError(f"{folder.name} has no release {chosen}: the last one is {releases[-1]['release_no']}")
    console.print(Text(plain(tables["documents"][0]["title"]), style="bold"))
    table = _table("release", "tasks", "added", "removed", "changed", "tables", "published")
    for row in releases:
        style = "bold" if row["release_no"] == chosen else None
        table.add_row(*_cells(row), _written(outputs, folder, row["release_no"]), style=style)
    console.print(table)
    _show_changes(console, tables, chosen)


def _table(*columns: str) -> Table:
    table = Table(box=box.SIMPLE_HEAD, pad_edge=False, collapse_padding=True)
    for column in columns:
        is_number = column in ("release", "tasks", "added", "removed", "changed")
        table.add_column(column, justify="right" if is_number else "left", no_wrap=column != "tables", overflow="fold")
    return table


def _cells(row: Row) -> list[Text]:
    counts = [("tasks_added", "green"), ("tasks_removed", "red"), ("tasks_changed", "yellow")]
    return [
        Text(str(row["release_no"])),
        Text(str(row["n_tasks"])),
        *(Text(str(row[name] or ""), style=style) for name, style in counts),
        Text((row["tables_changed"] or "").replace(",", ", ")),
    ]


def _written(outputs: Path, folder: Path, number: int) -> str:
    """When the files of a release were written; the release itself holds no times."""
    try:
        place = files_of(outputs, folder, number)
        return f"{datetime.fromtimestamp((place / 'tasks.csv').stat().st_mtime):%Y-%m-%d %H:%M}"
    except (UsageError, OSError):
        return "not kept" if archive.numbers(kept_folder(outputs, folder)) else ""


def _show_changes(console: Console, tables: Tables, number: int) -> None:
    changes = [row for row in tables["changes"] if row["release_no"] == number]
    if not changes:
        said = "The first release." if number == 1 else "No field of a task changed, only the tables named above."
        console.print(said)
        return
    console.print(f"What release {number} changed:")
    for task_id, rows in groupby(changes, key=lambda row: row["task_id"]):
        for line in _about(task_id, list(rows)):
            console.print(line)


def _about(task_id: str | None, rows: list[Row]) -> Iterator[Text | Padding]:
    """The changes of one task, or of the document."""
    name = Text(task_id or "the document", style="bold")
    if rows[0]["field"] is None:
        kind = rows[0]["change"]
        yield Text.assemble((f"{kind} ", _KINDS[kind]), name)
        content = plain(str(labels.shown_change(rows[0], "new" if kind == "added" else "old") or ""))
        short = content if len(content) <= _LONG else f"{content[:_LONG]}… ({len(content)} characters)"
        yield Padding(Text(short, style=_KINDS[kind]), (0, 0, 0, 4))
        return
    yield Text.assemble(("changed ", _KINDS["changed"]), name)
    fields = {row["field"] for row in rows}
    for row in rows:
        # What follows from another printed name (ids) is not said twice.
        if f"{row['field'].removesuffix('_details')}s" in fields and row["field"].endswith("_details"):
            continue
        yield Padding(Text.assemble((f"{row['field']}: ", "cyan"), _difference(row)), (0, 0, 0, 4))


def _difference(row: Row) -> Text:
    old, new = (decoded(row["field"], row[name]) for name in ("old", "new"))
    if isinstance(old, list) and isinstance(new, list):
        is_plain = all(isinstance(item, str) for item in (*old, *new))
        return compared_lists(old, new) if is_plain else compared_objects(old, new)
    return compared(*("" if value is None else str(value) for value in (old, new)))
