"""``fenjie show TASK_ID``: one task with the source of every field."""

from __future__ import annotations

import json
import sys
from collections.abc import Sequence
from dataclasses import asdict
from pathlib import Path

import click
from rich import box
from rich.console import Console
from rich.table import Table
from rich.text import Text

from extractors.errors import ReadError
from flows.cli_status import STYLES
from flows.discover import UsageError
from flows.settings import PASSWORD
from flows.task_view import FieldView, Row, TaskView, view_task

_PATH = click.Path(path_type=Path)
_WRONG_USAGE = 2
#: Columns of a target that say what it commits to; those that are empty for all targets of the task are left out.
_TARGET = ("phrase", "kind", "metric", "comparator", "value", "upper", "baseline", "unit", "base_value", "base_upper",
           "base_unit", "change", "modality", "scope", "due", "reference")  # fmt: skip
_EXIT_STATUS = "Exit status: 0 shown; 2 there is no such task, or no picture could be drawn."


@click.command(short_help="One task with the source of every field.", epilog=_EXIT_STATUS)
@click.argument("task_id")
@click.option("--outputs", type=_PATH, default=Path("outputs"), show_default=True, help="Folder of the datasets.")
@click.option("--raw", type=_PATH, default=Path("raw"), show_default=True, help="Folder of documents, for --png.")
@click.option("--png", is_flag=True, help="Draw the pages with the places boxed (PDF, PNG, JPEG, TIFF).")
@click.option("--out", type=_PATH, default=Path("build/show"), show_default=True, help="Folder of the pictures.")
@click.option("--json", "as_json", is_flag=True, help="One JSON object instead of tables.")
@click.option("--password", envvar=PASSWORD, help=f"Opens an encrypted PDF. Safer in the environment ({PASSWORD}).")
def show(task_id: str, outputs: Path, raw: Path, png: bool, out: Path, as_json: bool, password: str | None) -> None:
    """Show a task: each field with its value and where it was read, organisations, targets, doubts, changes.

    Everything is read from the files of its release; only --png looks at the source.
    """
    messages = Console(stderr=True, highlight=False)
    try:
        view = view_task(outputs, task_id)
    except UsageError as error:
        _fail(messages, str(error))
    if as_json:
        click.echo(json.dumps(asdict(view), ensure_ascii=False, indent=1))
    else:
        print_task(Console(highlight=False, emoji=False, markup=False), view)
    if not png:
        return
    from flows.task_picture import draw_task  # noqa: PLC0415  Pillow is loaded for pictures only

    try:
        for file in draw_task(view, raw, out, password):
            messages.print(f"Picture: {file}", soft_wrap=True, markup=False)
    except (ReadError, ValueError) as error:
        _fail(messages, f"no picture: {error}")
    except OSError as error:
        _fail(messages, f"{error.filename}: can't be written ({error.strerror})")


def _fail(messages: Console, message: str) -> None:
    messages.print("[bold red]error[/]", Text(message), soft_wrap=True)
    sys.exit(_WRONG_USAGE)


def print_task(console: Console, view: TaskView) -> None:
    """Print a task as tables; those without rows are left out."""
    document, release = view.document, view.releases[-1]["release_no"] if view.releases else None
    console.print(Text(view.task["task_id"], "bold").append(f"  {document['region']}《{document['title']}》", ""))
    of = f", release {release}" if release else ""
    console.print(f"from {document['source_file']} ({document['source_format']}){of}", soft_wrap=True)
    console.print(_fields(view.fields))
    if view.task["deadline_from"] or view.task["deadline_to"]:
        console.print(f"deadline: {view.task['deadline_from'] or '…'} to {view.task['deadline_to'] or '…'}\n")
    _print(
        console, "牵头单位、配合单位", view.units, ("role", "unit", "unit_full", "unit_id", "unit_name", "qualifier")
    )
    _print(console, "分管领导", view.leaders, ("leader", "leader_id", "leader_name", "post"))
    _print(console, "量化目标", view.targets, _TARGET)
    _list(console, "疑点", [_doubt(row) for row in view.issues])
    _list(console, "变更明细", [_change(row) for row in view.changes])


def _list(console: Console, title: str, items: Sequence[Text]) -> None:
    if not items:
        return
    console.print(Text(title, "bold"))
    for item in items:
        console.print(Text("  • ").append_text(item), soft_wrap=True)
    console.print()


def _doubt(row: Row) -> Text:
    text = Text(row["severity"], STYLES[row["severity"]]).append(f" {row['rule']}", "")
    text.append(f" {row['field']}" if row["field"] else "", "bold")
    return text.append(f": {row['message']}. {row['suggestion']}".rstrip(), "")


def _change(row: Row) -> Text:
    text = Text(f"release {row['release_no']}: {row['change']} ")
    if not row["field"]:
        return text
    text.append(row["field"], "bold").append(": ", "")
    return text.append(row["old"] or "(empty)", "red").append(" → ", "").append(row["new"] or "(empty)", "green")


def _table(title: str | None = None) -> Table:
    return Table(
        title=title, title_justify="left", title_style="bold", header_style="bold", box=box.SIMPLE_HEAD,
        collapse_padding=True, pad_edge=False,
    )  # fmt: skip


def _fields(fields: Sequence[FieldView]) -> Table:
    """A row for each field that the document gives; below the value, the text it was read from where that differs."""
    table = _table()
    for heading in ("field", "value", "read from", "how"):
        table.add_column(heading, overflow="fold", min_width=9 if heading == "how" else None)
    for item in fields:
        if not item.value and not item.places:
            continue
        value = Text(item.value or "(empty)")
        if item.raw is not None:
            value.append(f"\nas it stands there: {item.raw.replace(chr(10), '↵')}", "dim")
        table.add_row(f"{item.name}\n{item.heading}", value, "\n".join(map(str, item.places)), item.method or "")
    return table


def _print(console: Console, title: str, rows: Sequence[Row], columns: Sequence[str]) -> None:
    """A table of the columns that have a value in any row."""
    if not rows:
        return
    told = [name for name in columns if any(row.get(name) for row in rows)]
    table = _table(title)
    for name in told:
        table.add_column(name, overflow="fold")
    for row in rows:
        table.add_row(*(row.get(name) or "" for name in told))
    console.print(table)
