"""``fenjie withdraw``: a document is taken back."""

from __future__ import annotations

import sys
from pathlib import Path
from typing import TYPE_CHECKING

import click
from rich.console import Console
from rich.text import Text

from flows.cli_options import DATABASE
from flows.discover import UsageError
from writers.errors import DatabaseError, WriteError

if TYPE_CHECKING:
    from flows.withdraw import Standing

_PATH = click.Path(path_type=Path)
_NOT_CONFIRMED, _WRONG_USAGE = 1, 2


@click.command(
    short_help="Take a document back: out of outputs/, the database, the overview.",
    epilog="Exit status: 0 withdrawn; 1 not confirmed; 2 wrong usage, or it could not be done wholly: repeat it.",
)
@click.argument("document_id")
@click.option("--raw", type=_PATH, default=Path("raw"), show_default=True, help="Folder of documents by year.")
@click.option("--outputs", type=_PATH, default=Path("outputs"), show_default=True, help="Folder of the datasets.")
@DATABASE
@click.option("--yes", is_flag=True, help="Do not ask.")
def withdraw(document_id: str, raw: Path, outputs: Path, database: str | None, yes: bool) -> None:
    """Take DOCUMENT_ID out of OUTPUTS, the database, the ledger and the overview.

    Its releases stay in OUTPUTS/history/, and `fenjie changes --seen` tells that its tasks are gone. Refused while
    its file lies in RAW, from which the next ingest would publish it again.
    """
    from flows.withdraw import look  # noqa: PLC0415  SQLAlchemy, which the other commands must not pay for
    from flows.withdraw import withdraw as take_back  # noqa: PLC0415

    console = Console(highlight=False, emoji=False)
    try:
        if not yes:
            _ask(look(document_id, raw, outputs))
        standing, is_held = take_back(document_id, raw, outputs, database)
    except (UsageError, DatabaseError, WriteError) as error:
        Console(stderr=True).print("[bold red]error[/]", Text(str(error)), soft_wrap=True, highlight=False)
        sys.exit(_WRONG_USAGE)
    console.print(Text(f"{document_id} is withdrawn"), soft_wrap=True)
    if standing.folder is not None:
        console.print(Text(f"  its last release is kept in {standing.kept(outputs)}"), soft_wrap=True)
    if not is_held:
        console.print("  this database did not have it; name another one with --database")


def _ask(standing: Standing) -> None:
    """Ask the person; whoever does not confirm ends the command."""
    release = f"release {standing.last.release_no}" if standing.last else "no release in the folder"
    said = f"{standing.document_id}, {release}{f': {standing.title}' if standing.title else ''}"
    if standing.comparisons:
        said += f"\nits comparisons: {', '.join(folder.name for folder in standing.comparisons)}"
    click.echo(said)
    if not click.confirm("Withdraw it?"):
        click.echo("Nothing was changed.")
        sys.exit(_NOT_CONFIRMED)
