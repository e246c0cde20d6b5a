"""Rows to tasks: where a task begins, what goes on with it, which category it stands in."""

from __future__ import annotations

import re
from collections.abc import Callable, Iterable, Iterator
from functools import partial
from itertools import islice

from extractors.headings import TOTAL
from extractors.model import LogicalTable
from normalizers.assembly import Assembly
from normalizers.captions import Lines
from normalizers.categories import Categories
from normalizers.cells import CellReaders
from normalizers.columns_said import report_columns
from normalizers.drafts import FIELD_OF_ROLE, Draft
from normalizers.grid import Grid, GridRow
from normalizers.headings import Heading
from normalizers.numbering import Numbering, content_of, find_numbering, task_number
from normalizers.records import Issue, TaskRecord
from normalizers.reference import ReadingRules, Reference
from normalizers.restarts import RESTARTS, begin_again
from normalizers.rows import read_grid
from normalizers.rules import issue

#: A row of notes, which are no tasks.
_NOTE = re.compile(r"\s*((注|备\s*注|说\s*明|附注)\s*\d?\s*[:：]|(合|总|小)\s*计\s*$)")
#: A row of its own that is no longer than this names a part of the table.
_MAX_LABEL = 30


#: Columns of organisations.
_BODIES = ("lead", "support", "responsible")

#: Gives the rows behind the one that is being read; looked at only where a number is missing.
Following = Callable[[], Iterable[GridRow]]


def read_tasks(
    table: LogicalTable,
    heading: Heading,
    table_no: int,
    reference: Reference,
    rules: ReadingRules,
    readers: CellReaders,
    lines: Lines,
) -> tuple[list[TaskRecord], list[Issue]]:
    """The tasks of a responsibility table and the doubts that reading its rows raised.

    ``lines`` are the places of the lines outside the tables.
    """
    grid = read_grid(table, heading, reference, rules, lines)
    numbering = find_numbering(grid.rows, grid.heading)
    if numbering is None:
        places = grid.rows[0].place if grid.rows else ()
        return [], [issue("no_task_numbers", "the table's tasks carry no numbers", provenance=places)]
    assembly = _assemble(table, grid, numbering, table_no, rules, rules.numbers_restart)
    said = [*report_columns(grid, reference, table_no)]
    if not rules.numbers_restart and begin_again(assembly.drafts):
        assembly = _assemble(table, grid, numbering, table_no, rules, True)
        said.append(issue("numbers_restart", RESTARTS, table_no=table_no))
    tasks, doubts = assembly.finish(readers, rules)
    return tasks, [*said, *assembly.issues, *doubts, *assembly.located(table.doubts)]


def _assemble(
    table: LogicalTable, grid: Grid, numbering: Numbering, table_no: int, rules: ReadingRules, restart: bool
) -> Assembly:
    """Take the rows of a table one by one; ``restart``: each run of numbers is a table of its own."""
    categories = Categories.of(grid.heading, numbering.of_categories, grid.is_ruled, rules.category_numbers)
    in_doubt = bool(table.doubts)
    assembly = Assembly(table_no, grid.heading, categories, numbering, grid.is_ruled, in_doubt, restart)
    for index, row in enumerate(grid.rows):
        _take(row, partial(islice, grid.rows, index + 1, None), assembly)
    return assembly


def _stray_number(row: GridRow, assembly: Assembly) -> str | None:
    """What begins in the number column of numbered tasks and is no number, else None."""
    column = assembly.numbering.of_tasks
    entry = row.entries.get(column) if column is not None and row.banner is None else None
    return entry.text.strip() if entry is not None and entry.fresh and entry.text.strip() else None


def _is_total(row: GridRow) -> bool:
    """Whether a row says the sum of others: its first cell is 合计."""
    first = next((entry for _, entry in sorted(row.entries.items()) if entry.fresh and entry.text.strip()), None)
    return first is not None and bool(TOTAL.match(first.text))


def _take(row: GridRow, following: Following, assembly: Assembly) -> None:
    for text in row.unplaced:
        assembly.doubt("unaccounted_cell", f"no column was found for {text[:40]}", None, row)
    number = task_number(row, assembly.numbering, assembly.heading)
    lone = row.lone if number is None else None
    # Notes end the table; what follows alone in its row is their next line.
    assembly.in_notes = lone is not None and (assembly.in_notes or bool(_NOTE.match(lone)))
    if assembly.in_notes or (number is None and _is_total(row)):
        return
    if number is None and (stray := _stray_number(row, assembly)):
        assembly.doubt("unaccounted_cell", f"{stray[:40]} stands where the number of a task belongs", None, row)
    if row.banner is not None and number is None and _take_banner(row, assembly):
        return
    assembly.categories.take(row)
    if number is not None:
        assembly.begin(number, row)
        took = True
    else:
        took = _continue_task(row, following, assembly)
    for rule, name, message in assembly.categories.doubts:
        assembly.doubt(rule, message, name, row)
    if took:
        assembly.took(row)


def _take_banner(row: GridRow, assembly: Assembly) -> bool:
    """Take a row that is the heading of a part of the table; False: it is none after all."""
    banner, categories = row.banner, assembly.categories
    if banner is None:
        return False
    if assembly.is_ruled and row.entries:
        categories.take(row)
    if categories.banner(banner, row.page, row.is_inner):
        return True
    text = banner.text.strip()
    if len(text) <= _MAX_LABEL and (assembly.is_ruled or not categories.label_columns):
        categories.plain_banner(banner, row.is_inner)
        return True
    if assembly.is_ruled:
        assembly.doubt("unplaced_row", f"a row over the whole table says: {text[:60]}", None, row)
    return assembly.is_ruled


def _continue_task(row: GridRow, following: Following, assembly: Assembly) -> bool:
    """A row in which no task begins: the rest of the one before, labels alone, or not to be understood."""
    heading = assembly.heading
    content = content_of(row, heading)
    carriers = [row.entries[col] for col in _fresh(row) if heading.roles[col] in FIELD_OF_ROLE]
    if not carriers:
        return False
    if content is not None and _NOTE.match(content.text):
        return False
    said = "，".join(entry.text for entry in carriers)
    if not assembly.drafts:
        assembly.doubt("unplaced_row", f"a row before the first task says: {said[:60]}", None, row)
        return False
    last = assembly.drafts[-1]
    merged = content is not None and not content.fresh and content in last.entries.get("content", [])
    unfinished = not last.text.rstrip().endswith(("。", "；", "！", ";", "."))
    new_page = row.page != last.pages[-1]
    if content is not None and content.fresh:
        missing = last.task_no.value + 1
        if _skips_one(last.task_no.value, following, assembly):
            detail = f"a row without a number stands where ({missing}) is missing: {content.text[:40]}"
            assembly.doubt("row_without_number", detail, None, row, missing)
            return False
        # In a number column a blank continues the merged number above; in the text a number would have to be there.
        if assembly.numbering.of_tasks is None and len(carriers) > 1 and not unfinished and not new_page:
            detail = f"a row after ({last.task_no.value}) has the text of a task but no number: {content.text[:40]}"
            assembly.issues.append(issue("row_without_number", detail, None, None, row.place, None, assembly.table_no))
            return False
    last.add(row, heading)
    if _same_number_cell(row, last, assembly):
        if content is not None and content.fresh and any(heading.roles[col] in _BODIES for col in _fresh(row)):
            detail = f"several rows of text, each with its own organisations, stand beside ({last.task_no.value})"
            assembly.doubt("joined_row", f"{detail}: read as one task, also {content.text[:30]}", "content", row)
    elif not merged:
        plain = new_page and (unfinished or content is None)
        detail = f"a row without a number was read as the rest of ({last.task_no.value}): {said[:40]}"
        name = "content" if content and content.fresh else None
        assembly.doubt("continued_row" if plain else "joined_row", detail, name, row)
    return True


def _fresh(row: GridRow) -> Iterator[int]:
    """The columns in which a row says something of its own."""
    return (col for col, entry in row.entries.items() if entry.fresh and entry.text.strip())


def _same_number_cell(row: GridRow, last: Draft, assembly: Assembly) -> bool:
    """Whether the merged number cell of the task before covers this row too (ruled tables)."""
    column = assembly.numbering.of_tasks
    entry = row.entries.get(column) if column is not None else None
    return entry is not None and not entry.fresh and entry.provenance == last.task_no.provenance


def _skips_one(task_no: int, following: Following, assembly: Assembly) -> bool:
    """Whether the next printed number leaves out exactly the one after ``task_no``."""
    numbers = (task_number(row, assembly.numbering, assembly.heading) for row in following())
    return next((number.value for number in numbers if number is not None), None) == task_no + 2
