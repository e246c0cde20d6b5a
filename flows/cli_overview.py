"""``fenjie report``: the overview of an outputs folder as a page and, if wanted, its plots as pictures."""

from __future__ import annotations

import sys
from pathlib import Path
from typing import NoReturn

import click
from rich.console import Console
from rich.markup import escape
from rich.text import Text

from writers.errors import WriteError, write_error

_PATH = click.Path(path_type=Path)
_WRONG_USAGE = 2


@click.command(short_help="The overview page of all datasets, and its plots as PNG.")
@click.option("--outputs", type=_PATH, default=Path("outputs"), show_default=True, help="Folder of the datasets.")
@click.option("--png", is_flag=True, help="Draw the plots as PNG files, too. Needs a font with Chinese characters.")
@click.option("--out", type=_PATH, help="Folder of the PNG files.  [default: OUTPUTS/plots]")
@click.option("--region", help="Only the documents of this region are in the PNG files (six digits, GB/T 2260).")
def report(outputs: Path, png: bool, out: Path | None, region: str | None) -> None:
    """Make OUTPUTS/index.html anew from the published releases, as every ingest does that publishes something.

    With --png also years.png, units.png and leaders.png: tasks, targets and doubts by year, and how many tasks
    organisations and leaders have. The font is found among those of this machine; FENJIE_FONT names another one.
    """
    from writers.overview import FILE, write_overview  # noqa: PLC0415  for this command only

    console = Console(highlight=False, emoji=False)
    if not outputs.is_dir():
        _fail(f"{outputs} is not there: name the folder of the datasets with --outputs")
    try:
        write_overview(outputs)
        console.print(f"Overview: {escape(str(outputs / FILE))}", soft_wrap=True)
        if png:
            _draw(console, outputs, out or outputs / "plots", region)
    except WriteError as error:
        _fail(str(error))


def _draw(console: Console, outputs: Path, folder: Path, region: str | None) -> None:
    from writers.fonts import FontError  # noqa: PLC0415
    from writers.overview import summary_of  # noqa: PLC0415
    from writers.overview_cards import cards  # noqa: PLC0415
    from writers.plots import draw  # noqa: PLC0415

    documents = [card for card in cards(outputs)[0] if "problem" not in card]
    if region is not None:
        documents = [card for card in documents if card["region_code"] == region]
    if not documents:
        _fail(f"{outputs} has no documents{f' of the region {region}' if region else ''} to draw")
    try:
        pictures, lacking = draw(documents, summary_of(documents))
    except FontError as error:
        _fail(str(error))
    for name, data in pictures.items():
        path = folder / name
        try:
            folder.mkdir(parents=True, exist_ok=True)
            path.write_bytes(data)
        except OSError as error:
            raise write_error(path, error) from error
        console.print(f"Plot: {escape(str(path))}", soft_wrap=True)
    if lacking:
        console.print(f"[yellow]The font lacks {escape(lacking)}; FENJIE_FONT names another one.[/]", soft_wrap=True)


def _fail(message: str) -> NoReturn:
    Console(stderr=True).print("[bold red]error[/]", Text(message), soft_wrap=True, highlight=False)
    sys.exit(_WRONG_USAGE)
