"""``fenjie compare``: two documents side by side, most often of two years."""

from __future__ import annotations

import sys
from collections import Counter
from collections.abc import Sequence
from pathlib import Path
from typing import NoReturn

import click
from rich import box
from rich.console import Console
from rich.markup import escape
from rich.table import Table
from rich.text import Text

from flows.compare import Compared, all_pairs, compare_documents
from flows.database_url import VARIABLE, name_of, url_of
from flows.discover import UsageError
from normalizers.reference import ReferenceDataError
from normalizers.tabulate import Row
from writers.errors import DatabaseError, WriteError

_PATH = click.Path(path_type=Path)
_WRONG_USAGE = 2
_TWO = 2
#: How many changes of targets, and names, are printed; all of them are in the files.
_MOST_CHANGES, _MOST_NAMES = 10, 12


@click.command(short_help="Two documents side by side: tasks, targets, who is responsible.")
@click.argument("documents", metavar="[DOCUMENT_ID DOCUMENT_ID]", nargs=-1)
@click.option(
    "--all",
    "everything",
    is_flag=True,
    help="Each document with that of the year before, of one region and kind; and what was compared before, again.",
)
@click.option("--outputs", type=_PATH, default=Path("outputs"), show_default=True, help="Folder of the datasets.")
@click.option(
    "--database",
    envvar=VARIABLE,
    help="Database that the rows go to, as with ingest.  [default: sqlite:///OUTPUTS/fenjie.db]",
)
@click.option("--no-database", is_flag=True, help="Write files only.")
def compare(
    documents: tuple[str, ...], everything: bool, outputs: Path, database: str | None, no_database: bool
) -> None:
    """Compare two published documents: tasks that go on, are new or were dropped, their targets, who is responsible.

    Tasks are matched by what their texts mean; every pair has a score, and doubtful ones say so. Files go to
    OUTPUTS/compare/<earlier>--<later>/: compare.html for people, compared_tasks, compared_targets and
    compared_parties as CSV; the same rows go to the database.
    """
    console = Console(highlight=False, emoji=False)
    try:
        if everything != (not documents) or (documents and len(documents) != _TWO):
            raise UsageError("name two documents, or all with --all")
        url = None if no_database else url_of(name_of(database), outputs)
        if everything:
            _compare_all(console, outputs, url)
        else:
            _show(console, compare_documents(documents[0], documents[1], outputs, url))
            _renew_overview(outputs)
    except (UsageError, WriteError, DatabaseError, ReferenceDataError) as error:
        _fail(str(error))


def _compare_all(console: Console, outputs: Path, url: str | None) -> None:
    pairs = all_pairs(outputs)
    for earlier, later in pairs:
        result = compare_documents(earlier, later, outputs, url)
        console.print(f"{escape(earlier)} [dim]→[/] {escape(later)}: {_counted(result)}", soft_wrap=True)
    if not pairs:
        console.print("No region has two documents of one kind.")
    _renew_overview(outputs)


def _renew_overview(outputs: Path) -> None:
    """The overview lists comparisons, too."""
    from writers.overview import write_overview  # noqa: PLC0415  templates, for this command only

    write_overview(outputs)


def _counted(result: Compared) -> str:
    rows = result.tables["compared_tasks"]
    counts = Counter(row["match"] for row in rows)
    doubtful = sum(row["doubt"] is not None for row in rows)
    return (
        f"[bold]{counts['continued']}[/] continued, [bold]{counts['new']}[/] new, "
        f"[bold]{counts['dropped']}[/] dropped; [yellow]{doubtful} doubtful[/]"
    )


def _show(console: Console, result: Compared) -> None:
    earlier, later = (side["documents"][0] for side in (result.earlier, result.later))
    console.print(f"\n{_of(earlier)} [dim]→[/] {_of(later)}\n", soft_wrap=True)
    console.print(f"Tasks: {_counted(result)}", soft_wrap=True)
    _show_targets(console, result.tables["compared_targets"])
    _show_parties(console, result.tables["compared_parties"])
    console.print(f"\nFiles: {escape(str(result.folder))}", soft_wrap=True)


def _of(document: Row) -> str:
    return f"[bold]{escape(document['document_id'])}[/] {escape(document['title'])} ({document['n_tasks']} tasks)"


def _show_targets(console: Console, rows: Sequence[Row]) -> None:
    from writers.compare_page import change  # noqa: PLC0415
    from writers.pages.amounts import amount  # noqa: PLC0415

    standings = Counter(row["standing"] for row in rows)
    changed = [row for row in rows if row["difference"]]
    console.print(
        f"Targets of continued tasks: [bold]{standings['kept']}[/] in both ({len(changed)} with another value), "
        f"[bold]{standings['gained']}[/] gained, [bold]{standings['lost']}[/] lost",
        soft_wrap=True,
    )
    if not changed:
        return
    table = Table(box=box.SIMPLE_HEAD, pad_edge=False, title="Biggest changes", title_justify="left")
    table.add_column("metric", overflow="fold", max_width=44)
    for heading in ("earlier", "later", "change"):
        table.add_column(heading, justify="right")
    for row in sorted(changed, key=_size, reverse=True)[:_MOST_CHANGES]:
        before, after = (amount(row[f"{side}_value"], row[f"{side}_upper"], row["base_unit"]) for side in _SIDES)
        style = "green" if row["difference"] > 0 else "red"
        ratio = f" ({(row['ratio'] - 1) * 100:+.0f}%)" if row["ratio"] else ""
        table.add_row(escape(row["metric"]), before, after, Text(f"{change(row)}{ratio}", style=style))
    console.print(table)


_SIDES = ("earlier", "later")


def _size(row: Row) -> tuple[float, float]:
    """How big a change is: of amounts by their ratio, of shares by their points, which come behind."""
    ratio = abs(row["ratio"] - 1) if row["ratio"] else 0.0
    return ratio, abs(row["difference"])


def _show_parties(console: Console, rows: Sequence[Row]) -> None:
    from writers.compare_page import gained_and_lost  # noqa: PLC0415

    for party, (gained, lost) in gained_and_lost(rows).items():
        name = {"unit": "Organisations", "leader": "Leaders"}[party]
        console.print(f"{name} gained: {_names(gained)}", soft_wrap=True)
        console.print(f"{name} lost:   {_names(lost)}", soft_wrap=True)


def _names(names: Sequence[str]) -> str:
    shown = escape("、".join(names[:_MOST_NAMES])) or "[dim]none[/]"
    return f"{shown} and {len(names) - _MOST_NAMES} more" if len(names) > _MOST_NAMES else shown


def _fail(message: str) -> NoReturn:
    Console(stderr=True).print("[bold red]error[/]", Text(message), soft_wrap=True, highlight=False)
    sys.exit(_WRONG_USAGE)
