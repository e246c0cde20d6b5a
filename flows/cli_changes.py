"""``fenjie changes``: what happened since a release, for programs that keep a copy of the tasks."""

from __future__ import annotations

import csv
import io
import json
import os
import sys
from collections.abc import Collection, Iterable, Mapping
from pathlib import Path

import click
from rich.console import Console
from rich.text import Text

from flows.discover import UsageError
from flows.histories import folders_of, tables_of
from flows.release_files import release_folders
from normalizers.feed import EVENT_COLUMNS, events, typed, withdrawal
from normalizers.tabulate import Row
from writers.errors import WriteError
from writers.previous import read, release_no
from writers.withdrawn import kept, withdrawn

_PATH = click.Path(path_type=Path)
_WRONG_USAGE = 2


@click.command(short_help="What changed since a release, for programs.")
@click.argument("document_ids", metavar="[DOCUMENT_ID]...", nargs=-1)
@click.option("--since", type=click.IntRange(min=0), help="Only what is newer than this release; 0 is everything.")
@click.option("--seen", type=_PATH, help="Only what is newer than this JSON file says (document_id: release_no).")
@click.option("--format", "fmt", type=click.Choice(["jsonl", "csv"]), default="jsonl", show_default=True)
@click.option("--outputs", type=_PATH, default=Path("outputs"), show_default=True, help="Folder of the datasets.")
def changes(document_ids: tuple[str, ...], since: int | None, seen: Path | None, fmt: str, outputs: Path) -> None:
    """Write every change of tasks that is newer than a release to standard output, one a line, in order.

    A document that is not known yet comes as a whole: the document and all of its tasks are added. One that FILE knows
    and that was withdrawn goes as a whole. --seen makes or updates FILE after all is written, so that the next call
    goes on from there.
    """
    try:
        if since is not None and seen is not None:
            raise UsageError("--since and --seen say the same in two ways: give one of them")
        known = _known(seen) if seen else {}
        gone = _gone(outputs, known, document_ids)
        wanted = [name for name in document_ids if name not in gone]
        folders = folders_of(outputs, wanted) if wanted or not document_ids else []
        current = _current({name: no for name, no in known.items() if name not in gone}, folders, not document_ids)
    except (UsageError, WriteError) as error:
        _fail(error)
    status = 0
    if fmt == "csv":
        click.echo(_csv_lines([dict(zip(EVENT_COLUMNS, EVENT_COLUMNS, strict=True))]), nl=False)
    done = dict(known)
    # Mostly nothing has happened: the number is known without reading the release.
    for folder in (folder for folder in folders if folder.name not in current):
        try:
            done[folder.name] = _tell(folder, known.get(folder.name, 0) if seen else since or 0, fmt)
        except (UsageError, WriteError) as error:
            # The others go on; this one is told when it is whole again.
            _say(error)
            status = _WRONG_USAGE
    for name, folder in gone.items():
        try:
            _tell_withdrawal(folder, known[name], fmt)
            del done[name]
        except (UsageError, WriteError) as error:
            _say(error)
            status = _WRONG_USAGE
    # click.echo has flushed: what was told has left.
    if seen and done != known:
        try:
            _remember(seen, done)
        except OSError as error:
            _fail(f"{seen}: can't be written ({error.strerror}). The next call tells the same changes again")
    sys.exit(status)


def _tell(folder: Path, since: int, fmt: str) -> int:
    """Write the events of a document; the number of its last release. Raises UsageError, WriteError."""
    tables = tables_of(folder)
    last: int = tables["releases"][-1]["release_no"]
    lines = list(events(tables, since)) if since < last else []
    click.echo(_csv_lines(lines) if fmt == "csv" else _json_lines(lines), nl=False)
    return last


def _gone(outputs: Path, known: Mapping[str, int], document_ids: Collection[str]) -> dict[str, Path]:
    """The documents that were seen and were withdrawn since, with the folder that their last release is kept in."""
    taken_back = withdrawn(outputs)
    standing = {folder.name for folder in release_folders(outputs)} if taken_back else set()
    return {
        name: kept(outputs, name, last)
        for name, last in taken_back.items()
        if name in known and name not in standing and (not document_ids or name in document_ids)
    }


def _tell_withdrawal(folder: Path, since: int, fmt: str) -> None:
    """Write the last events of a document. Raises UsageError, WriteError."""
    tables = read(folder)
    if tables is None or tables["releases"][-1]["release_no"] < since:
        raise UsageError(
            f"{folder.parent.name}: it was withdrawn, and which tasks are gone can't be told: {folder} is not the last "
            "release that was seen. Drop the document from your copy and from the file"
        )
    lines = list(withdrawal(tables, since))
    click.echo(_csv_lines(lines) if fmt == "csv" else _json_lines(lines), nl=False)


def _json_lines(lines: Iterable[Row]) -> str:
    return "".join(json.dumps(typed(line), ensure_ascii=False, allow_nan=False) + "\n" for line in lines)


def _csv_lines(lines: Iterable[Row]) -> str:
    text = io.StringIO(newline="")
    csv.writer(text).writerows(line.values() for line in lines)
    return text.getvalue()


def _known(path: Path) -> dict[str, int]:
    """What the file says was seen; nothing when it is not there yet. Raises UsageError when it says anything else."""
    try:
        known = json.loads(path.read_text(encoding="utf-8"))
    except FileNotFoundError:
        return {}
    except (OSError, ValueError) as error:
        raise UsageError(f"{path}: can't be read as JSON ({error}). Nothing was written") from error
    if not isinstance(known, dict) or not all(type(number) is int and number > 0 for number in known.values()):
        raise UsageError(f'{path}: it must be an object such as {{"320404-2026-zfgzbg": 3}}. Nothing was written')
    return known


def _current(known: Mapping[str, int], folders: Iterable[Path], is_all: bool) -> set[str]:
    """The documents of which the last release was seen; says what is gone.

    Raises UsageError when the file has seen releases that do not exist.
    """
    numbers = {folder.name: release_no(folder) for folder in folders if folder.name in known}
    ahead = [name for name, last in numbers.items() if last is not None and last < known[name]]
    if ahead:
        raise UsageError(
            f"{', '.join(ahead)}: a later release was seen than there is: the history began anew. Nothing was written. "
            "Drop these documents from your copy and from the file, then they come as a whole"
        )
    for name in sorted(known.keys() - numbers.keys()) if is_all else ():
        _say(f"{name}: was seen, but has no release any more. Nothing is said of it")
    return {name for name, last in numbers.items() if last == known[name]}


def _remember(path: Path, done: Mapping[str, int]) -> None:
    """Write the file whole or not at all. Raises OSError."""
    unfinished = path.with_name(f".{path.name}.{os.getpid()}")
    with unfinished.open("w", encoding="utf-8") as file:
        file.write(json.dumps(dict(sorted(done.items())), indent=1) + "\n")
        file.flush()
        os.fsync(file.fileno())
    unfinished.replace(path)


def _say(message: object) -> None:
    Console(stderr=True).print("[bold red]error[/]", Text(str(message)), soft_wrap=True, highlight=False)


def _fail(message: object) -> None:
    _say(message)
    sys.exit(_WRONG_USAGE)
