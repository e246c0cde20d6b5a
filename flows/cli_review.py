"""``fenjie review``: look at documents in the browser, settle their doubts, publish them."""

from __future__ import annotations

import os
import sys
from pathlib import Path

import click
from rich.console import Console
from rich.text import Text

from flows.discover import UsageError
from flows.settings import PASSWORD
from normalizers.reference import ReferenceDataError

_PATH = click.Path(path_type=Path)
_WRONG_USAGE = 2
_EXIT_STATUS = "Exit status: 0 ended by Ctrl-C; 2 there is no such document, or the server can't start."


@click.command(
    short_help="Look at documents in the browser, correct them, accept doubts, publish.", epilog=_EXIT_STATUS
)
@click.argument("document_id", required=False)
@click.option("--raw", type=_PATH, default=Path("raw"), show_default=True, help="Folder of documents by year.")
@click.option("--outputs", type=_PATH, default=Path("outputs"), show_default=True, help="Folder of the datasets.")
@click.option("--database", envvar="FENJIE_DATABASE", help="Where publishing goes as well, as for ingest.")
@click.option("--port", type=click.IntRange(0, 65535), default=0, help="Port of the server.  [default: a free one]")
@click.option("--host", default="127.0.0.1", show_default=True, help="Address to listen at.")
@click.option(
    "--beyond-this-machine",
    is_flag=True,
    help="Allow a --host that others can reach: whoever has the address with its token can read the documents, write "
    "corrections and publish, and the way there is not encrypted.",
)
@click.option("--no-browser", is_flag=True, help="Print the address only.")
@click.option("--password", envvar=PASSWORD, help=f"Opens encrypted PDF files. Safer in the environment ({PASSWORD}).")
def review(  # noqa: PLR0913, PLR0917  each option is an argument
    document_id: str | None,
    raw: Path,
    outputs: Path,
    database: str | None,
    port: int,
    host: str,
    beyond_this_machine: bool,
    no_browser: bool,
    password: str | None,
) -> None:
    """Serve the report page of DOCUMENT_ID on this machine, with fields to edit and doubts to accept.

    Without DOCUMENT_ID there is a list of documents, those that were held back first. What you save goes to
    reference/corrections/<document_id>.yaml; publishing runs the ordinary ingest. Ctrl-C ends the server.
    """
    from flows.review_serve import Address, serve  # noqa: PLC0415  the other commands must not pay for it

    console = Console(stderr=True, highlight=False)
    if password is not None:
        os.environ[PASSWORD] = password
    try:
        address = Address(host, port, beyond_this_machine)
        serve(document_id, raw, outputs, database, address, browser=not no_browser, console=console)
    except (UsageError, ReferenceDataError) as error:
        console.print("[bold red]error[/]", Text(str(error)), soft_wrap=True)
        sys.exit(_WRONG_USAGE)
