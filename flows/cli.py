"""The command line. Prefect, GX and pandas are imported only by the commands that need them."""

from __future__ import annotations

import os
import sys
from contextlib import AbstractContextManager, nullcontext
from importlib.metadata import version as installed_version
from pathlib import Path
from typing import TYPE_CHECKING, NoReturn

import click
from rich.console import Console
from rich.text import Text

from extractors.errors import ReadError
from flows.cli_options import DASK_ADDRESS, DATABASE, PASSWORD_OPTION, RUNNER, WORKERS, unknown_of
from flows.console_log import EXPECTED
from flows.crew import Crew, Runner
from flows.discover import UsageError, discover
from flows.extract import RecordFormat, extract_files, output_path
from flows.lazy import LazyGroup
from flows.settings import PASSWORD
from normalizers.reference import ReferenceDataError

if TYPE_CHECKING:
    from extractors.read import Watch
    from flows.ledger import Entry

ALL_PUBLISHED, HELD_BACK, WRONG_USAGE = 0, 1, 2
_PATH = click.Path(path_type=Path)
_EXIT_STATUS = "Exit status: 0 all published; 1 a document was held back; 2 wrong usage or unreadable input."
_CONTEXT = {"help_option_names": ["-h", "--help"], "max_content_width": 100}
#: Commands in modules of their own: name -> (module:attribute, line for the list of commands).
_COMMANDS: dict[str, tuple[str, str]] = {
    "backfill": ("flows.cli_backfill:backfill", "Ingest many years, one after the other."),
    "changes": ("flows.cli_changes:changes", "What changed since a release, for programs."),
    "compare": ("flows.cli_compare:compare", "Two documents side by side: tasks, targets, who is responsible."),
    "history": ("flows.cli_history:history", "The releases of documents, and what each changed."),
    "prefect-server": ("flows.cli_serve:prefect_server", "A Prefect server for schedules and several machines."),
    "reprocess": ("flows.cli_reprocess:reprocess", "Make releases again with the current code and rules."),
    "report": ("flows.cli_overview:report", "The overview page of all datasets, and its plots as PNG."),
    "serve": ("flows.cli_serve:serve", "Wait for the schedules: check raw/ and reprocess every month."),
    "show": ("flows.cli_show:show", "One task with the source of every field."),
    "status": ("flows.cli_status:status", "What is published, held back and out of date, and how the last runs ended."),
    "withdraw": ("flows.cli_withdraw:withdraw", "Take a document back: out of outputs/, the database, the overview."),
    "review": ("flows.cli_review:review", "Look at documents in the browser, correct them, accept doubts, publish."),
}


@click.group(cls=LazyGroup, lazy=_COMMANDS, context_settings=_CONTEXT, epilog=_EXIT_STATUS)
@click.version_option(installed_version("fenjie"), prog_name="fenjie")
def main() -> None:
    """Turn 责任分解表, the tables that split up a government work report, into clean, validated datasets.

    \b
    fenjie ingest               everything in raw/ into outputs/ and the database
    fenjie extract FILE         what one file says, as JSON Lines
    fenjie inspect FILE         the tables that were read from it, for you to judge
    fenjie organisations FILE   lines for the roster of its region
    """


@main.command(short_help="Documents into datasets: read, validate, publish.")
@click.argument("paths", nargs=-1, type=_PATH)
@click.option("--raw", type=_PATH, default=Path("raw"), show_default=True, help="Folder of documents by year.")
@click.option("--outputs", type=_PATH, default=Path("outputs"), show_default=True, help="Folder of the datasets.")
@DATABASE
@PASSWORD_OPTION
@RUNNER
@WORKERS
@DASK_ADDRESS
@click.option(
    "--settle",
    metavar="SECONDS",
    type=click.FloatRange(min=0),
    default=0,
    help="Leave files for the next run that changed less than so long ago: they may still be being copied.",
)
@click.option(
    "--accept",
    metavar="DOCUMENT_ID",
    multiple=True,
    help="Publish this document (or: all) although its release would lose tasks while its file is the same.",
)
def ingest(  # noqa: PLR0913  options of the command
    paths: tuple[Path, ...],
    *,
    raw: Path,
    outputs: Path,
    database: str | None,
    password: str | None,
    runner: Runner,
    workers: int | None,
    dask_address: str | None,
    accept: tuple[str, ...],
    settle: float,
) -> None:
    """Bring documents from raw/<year>/ to outputs/<year>/<document_id>/ and the database.

    PATH... names the files or folders to ingest; without any it is all of raw/. Documents that have not changed are
    left alone. One that fails validation is held back with its reasons; its last good release stays in place.
    """
    from flows import run  # noqa: PLC0415  extract must not pay for it

    console = Console()
    if password is not None:
        os.environ[PASSWORD] = password  # a parameter of a flow would be stored by Prefect
    try:
        crew = Crew(runner, workers, dask_address)
        entries = run.ingest(list(paths), raw, outputs, database, console, crew, accept=accept, settle=settle)
    except EXPECTED as error:
        _fail(str(error))
    if strange := unknown_of(accept, (entry.document_id for entry in entries.values())):
        _fail(strange)
    sys.exit(_exit_status(entries))


def _exit_status(entries: dict[str, Entry]) -> int:
    statuses = {entry.status for entry in entries.values()}
    if "unreadable" in statuses:
        return WRONG_USAGE
    return HELD_BACK if "held_back" in statuses else ALL_PUBLISHED


@main.command(short_help="What files say, without validating or publishing.")
@click.argument("paths", nargs=-1, required=True, type=_PATH)
@click.option("--out", type=_PATH, help="Write to OUT/<parent folder>/<file name>.<format> instead of the terminal.")
@PASSWORD_OPTION
@click.option("--format", "fmt", type=click.Choice(["jsonl", "csv"]), default="jsonl", show_default=True)
def extract(paths: tuple[Path, ...], out: Path | None, password: str | None, fmt: RecordFormat) -> None:
    """Read files and print their task records, one JSON object per task and line, in document order.

    Works on any file: a sidecar is not needed. Doubts stand in each record under "issues"; those that concern the
    whole document are printed as messages.
    """
    messages = Console(stderr=True)
    status = ALL_PUBLISHED
    try:
        files = [source.path for source in discover(paths, Path("raw"))] if _has_folder(paths) else list(paths)
    except UsageError as error:
        _fail(str(error))
    with _watched(messages, len(files), quiet=out is None and sys.stdout.isatty()) as watch:
        for path, result in extract_files(files, fmt, password, watch):
            if isinstance(result, str):
                _say_error(messages, result)
                status = WRONG_USAGE
                continue
            _write(result.text, None if out is None else output_path(path, out, fmt), fmt)
            for doubt in result.doubts:
                messages.print(doubt, soft_wrap=True, markup=False)
            if not result.n_tasks:
                status = max(status, HELD_BACK)
    sys.exit(status)


def _watched(console: Console, files: int, quiet: bool) -> AbstractContextManager[Watch | None]:
    """A bar on the terminal while files are read; none where there is no terminal or the records go there."""
    if quiet or not console.is_terminal:
        return nullcontext()
    from flows.show import reading  # noqa: PLC0415  for people only

    return reading(console, files)


def _write(text: str, path: Path | None, fmt: RecordFormat) -> None:
    if path is None:
        click.echo(text, nl=False)
        return
    try:
        path.parent.mkdir(parents=True, exist_ok=True)
        path.write_text(text, encoding="utf-8-sig" if fmt == "csv" else "utf-8", newline="")
    except OSError as error:
        _fail(f"{error.filename}: can't be written ({error.strerror})")


@main.command("inspect", short_help="The tables that were read, as grids and as pictures.")
@click.argument("path", metavar="FILE", type=_PATH)
@click.option("--page", "pages", type=click.IntRange(min=1), multiple=True, help="Only this page; may be repeated.")
@click.option("--png", is_flag=True, help="Draw what was read onto pictures of the pages (PDF, PNG, JPEG, TIFF).")
@click.option("--out", type=_PATH, default=Path("build/inspect"), show_default=True, help="Folder of the pictures.")
@PASSWORD_OPTION
def inspect_tables(path: Path, pages: tuple[int, ...], png: bool, out: Path, password: str | None) -> None:
    """Show what was read from a file: its tables with their spans, doubts, what was left out, what was joined.

    Rows and columns are counted from 1. Of a long document only the first pages are shown unless a page is named.
    """
    from flows.inspection import inspect_file  # noqa: PLC0415  the other commands must not pay for it

    try:
        inspect_file(path, pages, out if png else None, password)
    except (ReadError, UsageError) as error:
        _fail(str(error))
    except OSError as error:
        _fail(f"{error.filename}: can't be written ({error.strerror})")


@main.command(short_help="Lines for the roster of a region, proposed from its documents.")
@click.argument("paths", metavar="FILE...", nargs=-1, required=True, type=_PATH)
@click.option("--region", help="Code of the region, where the files do not tell it (six digits, GB/T 2260).")
@click.option("--members", is_flag=True, help="Show the groups of the roster with their members instead.")
@PASSWORD_OPTION
def organisations(paths: tuple[Path, ...], region: str | None, members: bool, password: str | None) -> None:
    """Propose lines for reference/organisations/<code>.yaml: every organisation that files name and no line has.

    YAML goes to standard output, ready to save for a new region or to paste for a known one; a table for people goes
    to standard error. Kinds and ids are guesses, for you to look at.
    """
    from flows import organisations as naming  # noqa: PLC0415  the other commands must not pay for it

    messages = Console(stderr=True)
    status, named = ALL_PUBLISHED, []
    try:
        files = [source.path for source in discover(paths, Path("raw"))] if _has_folder(paths) else list(paths)
        with _watched(messages, len(files), quiet=False) as watch:
            for path, result in naming.read_names(files, password, watch):
                if isinstance(result, str):
                    _say_error(messages, result)
                    status = WRONG_USAGE
                    continue
                if not result.n_tasks:
                    messages.print(f"{path}: no tasks were found", soft_wrap=True, markup=False)
                    status = max(status, HELD_BACK)
                named.append(result)
        if named:
            code = naming.region_of(named, region)
            if members:
                click.echo(naming.groups(named, code), nl=False)
            else:
                proposal = naming.propose(named, code)
                naming.show(messages, proposal)
                click.echo(proposal.text, nl=False)
    except (UsageError, ReferenceDataError) as error:
        _fail(str(error))
    sys.exit(status)


def _has_folder(paths: tuple[Path, ...]) -> bool:
    return any(path.is_dir() for path in paths)


def _fail(message: str) -> NoReturn:
    _say_error(Console(stderr=True), message)
    sys.exit(WRONG_USAGE)


def _say_error(console: Console, message: str) -> None:
    console.print("[bold red]error[/]", Text(message), soft_wrap=True, highlight=False)


if __name__ == "__main__":
    main()
