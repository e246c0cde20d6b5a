"""Rows to tasks: where a task begins, what goes on with it, which category it stands in."""

from __future__ import annotations

import re
from collections.abc import Callable, Iterable, Sequence
from dataclasses import dataclass, field
from functools import partial
from itertools import islice, pairwise

from rapidfuzz import fuzz, process

from extractors.model import LogicalTable
from normalizers.categories import Categories
from normalizers.drafts import FIELD_OF_ROLE, Draft
from normalizers.grid import Entry, GridRow, read_grid
from normalizers.headings import Heading, unknown_headings
from normalizers.meaning import TASK_NUMBER
from normalizers.organisations import Resolver
from normalizers.records import Field, Issue, TaskRecord
from normalizers.reference import ReadingRules, Reference
from normalizers.rules import issue
from normalizers.text import numeral

#: A row of notes or of totals, which is no task.
_NOTE = re.compile(r"\s*((注|备\s*注|说\s*明|附注)\s*\d?\s*[:：]|(合|总|小)\s*计\s*$)")
#: Of the texts of a column of tasks, at least this share carries its number where numbers stand in the text.
_MOST = 0.5
#: A row of its own that is no longer than this names a part of the table.
_MAX_LABEL = 30


#: Gives the rows behind the one that is being read; looked at only where a number is missing.
Following = Callable[[], Iterable[GridRow]]


@dataclass(slots=True)
class Assembly:
    """The tasks of one table and the doubts that arose."""

    table_no: int
    heading: Heading
    categories: Categories
    #: Where the tasks' numbers stand: bracketed or dotted in their text, or in the number column.
    numbering: str
    drafts: list[Draft] = field(default_factory=list)
    issues: list[Issue] = field(default_factory=list)
    in_notes: bool = False

    def doubt(self, rule: str, detail: str, name: str | None, row: GridRow, task_no: int | None = None) -> None:
        """Note a doubt about a row's task, by default the one read last."""
        if task_no is None and self.drafts:
            task_no = self.drafts[-1].task_no.value
        self.issues.append(issue(rule, detail, task_no, name, row.place, table_no=self.table_no))


def read_tasks(
    table: LogicalTable,
    heading: Heading,
    table_no: int,
    reference: Reference,
    rules: ReadingRules,
    resolver: Resolver,
) -> tuple[list[TaskRecord], list[Issue]]:
    """The tasks of a responsibility table and the doubts that reading its rows raised."""
    heading, rows = read_grid(table, heading, reference, rules)
    numbering = _numbering(rows, heading)
    if numbering is None:
        return [], [
            issue("no_task_numbers", "the table's tasks carry no numbers", provenance=rows[0].place if rows else ())
        ]
    assembly = Assembly(table_no, heading, Categories.of(heading, numbering != "column"), numbering)
    _report_columns(assembly, reference)
    for index, row in enumerate(rows):
        _take(row, partial(islice, rows, index + 1, None), assembly)
    tasks = [draft.finish(table_no, reference.units, resolver) for draft in assembly.drafts]
    return tasks, assembly.issues


def _nearest(text: str, reference: Reference) -> str:
    """The known heading that looks most like an unknown one, as words of a message."""
    found = process.extractOne(text, sorted(reference.headings), scorer=fuzz.ratio, score_cutoff=50)
    return f" (nearest: {found[0]}, {reference.headings[found[0]]})" if found else ""


def _report_columns(assembly: Assembly, reference: Reference) -> None:
    heading = assembly.heading
    for col, text in unknown_headings(heading).items():
        place = next((cell.provenance for cell in heading.cells if cell.col == col), ())
        near = _nearest(text, reference)
        detail = f"the heading {text} is not known{near}; its column is not in the dataset"
        assembly.issues.append(issue("unknown_heading", detail, provenance=place, table_no=assembly.table_no))
    if unknown_headings(heading) and "lead" not in heading.roles:
        said = "、".join(unknown_headings(heading).values())
        detail = f"no column is known to hold lead organisations; headings not known: {said}"
        assembly.issues.append(issue("no_lead_column", detail, table_no=assembly.table_no))
    for role, text in dict(zip(heading.roles, heading.labels, strict=True)).items():
        if role is not None and role not in FIELD_OF_ROLE and role not in ("number", "category"):
            detail = f"the column {text} is understood but has no place in the dataset"
            assembly.issues.append(issue("unused_column", detail, table_no=assembly.table_no))


def _numbering(rows: Sequence[GridRow], heading: Heading) -> str | None:
    """Where the tasks' numbers stand: in their text (bracketed, dotted), in the number column, or nowhere (None).

    A text may begin with a number of another style that is no task number (2、3号楼), so one style holds for all.
    """
    texts = [entry.text for row in rows if (entry := _content(row, heading)) and entry.fresh]
    matches = [match for text in texts if (match := TASK_NUMBER.match(text))]
    in_brackets = [int(match[1]) for match in matches if match[1]]
    dotted = [int(match[2]) for match in matches if match[2]]
    numbers = max(in_brackets, dotted, key=len)
    rising = sum(a < b for a, b in pairwise(numbers))
    if numbers and len(numbers) >= _MOST * len(texts) and rising >= _MOST * (len(numbers) - 1):
        return "bracketed" if numbers is in_brackets else "dotted"
    return "column" if any(_number(row, heading) is not None for row in rows) else None


def _content(row: GridRow, heading: Heading) -> Entry | None:
    """The row's entry under the content heading, if it says anything."""
    entries = [row.entries[col] for col, role in enumerate(heading.roles) if role == "content" and col in row.entries]
    return next((entry for entry in entries if entry.text.strip()), None)


def _number(row: GridRow, heading: Heading) -> Field[int] | None:
    """The number that begins in the row's number column."""
    for col, role in enumerate(heading.roles):
        entry = row.entries.get(col)
        if role == "number" and entry is not None and entry.fresh:
            value = numeral(entry.text.strip("()（）.、 "))
            if value is not None:
                return Field(value, entry.text, entry.provenance, entry.method)
    return None


def _task_number(row: GridRow, assembly: Assembly) -> Field[int] | None:
    """The number of the task that begins in the row, None when none does."""
    if assembly.numbering == "column":
        return _number(row, assembly.heading)
    entry = _content(row, assembly.heading)
    match = TASK_NUMBER.match(entry.text) if entry and entry.fresh else None
    number = match[1 if assembly.numbering == "bracketed" else 2] if match else None
    if entry is None or match is None or number is None:
        return None
    return Field(int(number), match[0].strip(), entry.provenance, entry.method)


def _stray_number(row: GridRow, assembly: Assembly) -> str | None:
    """What begins in the number column of numbered tasks, is no number and no banner, else None."""
    if assembly.numbering != "column" or row.is_banner:
        return None
    for col, role in enumerate(assembly.heading.roles):
        entry = row.entries.get(col)
        if role == "number" and entry is not None and entry.fresh and entry.text.strip():
            return entry.text.strip()
    return None


def _take(row: GridRow, following: Following, assembly: Assembly) -> None:
    for text in row.unplaced:
        assembly.doubt("unaccounted_cell", f"no column was found for {text[:40]}", None, row)
    number = _task_number(row, assembly)
    lone = row.lone if number is None else None
    # Notes end the table; what follows alone in its row is their next line.
    assembly.in_notes = lone is not None and (assembly.in_notes or bool(_NOTE.match(lone)))
    if assembly.in_notes:
        return
    if number is None and (stray := _stray_number(row, assembly)):
        assembly.doubt("unaccounted_cell", f"{stray[:40]} stands where the number of a task belongs", None, row)
    if row.is_banner and number is None:
        text = next(iter(row.entries.values())).text.strip()
        if assembly.categories.banner(row, text):
            return
        if not assembly.categories.label_columns and len(text) <= _MAX_LABEL:
            assembly.categories.plain_banner(row, text)
            return
    assembly.categories.take(row)
    if number is not None:
        assembly.drafts.append(Draft.begin(number, row, assembly.heading, assembly.categories))
        assembly.categories.begin_task()
        took = True
    else:
        took = _continue_task(row, following, assembly)
    for rule, name, message in assembly.categories.doubts:
        assembly.doubt(rule, message, name, row)
    if took:
        _report_alignment(row, assembly)


def _continue_task(row: GridRow, following: Following, assembly: Assembly) -> bool:
    """A row in which no task begins: the rest of the one before, labels alone, or not to be understood."""
    heading = assembly.heading
    content = _content(row, heading)
    carriers = [
        entry
        for col, entry in row.entries.items()
        if entry.fresh and entry.text.strip() and heading.roles[col] in FIELD_OF_ROLE
    ]
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
        if assembly.numbering != "column" and len(carriers) > 1 and not unfinished and not new_page:
            detail = f"a row after ({last.task_no.value}) has the text of a task but no number: {content.text[:40]}"
            assembly.issues.append(issue("row_without_number", detail, None, None, row.place, None, assembly.table_no))
            return False
    last.add(row, heading)
    if not merged and not _same_number_cell(row, last, assembly):
        plain = new_page and (unfinished or content is None)
        detail = f"a row without a number was read as the rest of ({last.task_no.value}): {said[:40]}"
        name = "content" if content and content.fresh else None
        assembly.doubt("continued_row" if plain else "joined_row", detail, name, row)
    return True


def _same_number_cell(row: GridRow, last: Draft, assembly: Assembly) -> bool:
    """Whether the merged number cell of the task before covers this row too (ruled tables)."""
    return any(
        role == "number" and (entry := row.entries.get(col)) is not None
        and not entry.fresh and entry.provenance == last.task_no.provenance
        for col, role in enumerate(assembly.heading.roles)
    )  # fmt: skip


def _skips_one(task_no: int, following: Following, assembly: Assembly) -> bool:
    """Whether the next printed number leaves out exactly the one after ``task_no``."""
    numbers = (_task_number(row, assembly) for row in following())
    return next((number.value for number in numbers if number is not None), None) == task_no + 2


def _report_alignment(row: GridRow, assembly: Assembly) -> None:
    """Say what was in doubt when the row's cells were put back into their columns."""
    labels = assembly.heading.labels
    if row.moved:
        names = "、".join(dict.fromkeys(labels[col] or str(col + 1) for col in sorted(row.moved)))
        assembly.doubt("realigned", f"cells had slipped and were put back under {names}", None, row)
    for col, entry in sorted(row.entries.items()):
        role = assembly.heading.roles[col]
        name = FIELD_OF_ROLE.get(role) if role else None
        if name and entry.doubt:
            assembly.doubt(entry.doubt[0], entry.doubt[1], name, row)
