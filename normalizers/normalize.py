"""A document's tables to task records: the whole second step, a plain function."""

from __future__ import annotations

import re
from collections.abc import Sequence
from pathlib import Path

from extractors.model import LogicalTable, SourceDocument
from extractors.stitch import stitch
from normalizers.acceptance import settle
from normalizers.bodies import named_bodies, unknown_units
from normalizers.cells import CellReaders
from normalizers.checks import check, columns_of
from normalizers.correcting import correct
from normalizers.corrections import Corrections, load_corrections
from normalizers.deadlines import unclear_deadlines, with_deadlines
from normalizers.doubts import as_issue
from normalizers.headings import find_heading
from normalizers.identity import other_year
from normalizers.leader_doubts import leader_doubts, with_leaders
from normalizers.leaders import LeaderResolver, load_leaders
from normalizers.listed import with_listed_tasks
from normalizers.meaning import TASK_NUMBER
from normalizers.numbering import circled_number
from normalizers.outside import text_outside
from normalizers.records import FIELD_NAMES, Identity, Issue, NormalizedDocument, TaskRecord
from normalizers.reference import DEFAULT_DIR, ReadingRules, load
from normalizers.repair import Repaired, repaired, with_readings
from normalizers.resolver import Resolver
from normalizers.roster import load_roster
from normalizers.row_edges import row_edges
from normalizers.rules import issue
from normalizers.suspects import text_suspects, with_last_stops, with_names_repaired
from normalizers.targets.tasks import with_targets
from normalizers.tasks import read_tasks
from normalizers.text import numeral, squeeze
from normalizers.titles import title_of

_DECLARED = re.compile(r"(?:共|合计|总计)\s*(?:计|有|分解)?\s*(\d{1,4})\s*(?:项|条|个)")


def normalize(
    document: SourceDocument,
    identity: Identity | None,
    directory: Path = DEFAULT_DIR,
    corrections: Corrections | None = None,
) -> NormalizedDocument:
    """The task records of a document.

    Without an identity there is no roster and there are no corrections; everything else is the same. ``directory``
    is the reference folder; ``corrections`` are tried instead of those that lie in it. Raises
    :class:`normalizers.reference.ReferenceDataError` for faulty reference data.
    """
    publisher, year = (identity.publisher, identity.year) if identity else (None, None)
    document = with_listed_tasks(document, directory, publisher)
    reference = load(directory).of_publisher(publisher)
    rules = reference.rules_for(publisher)
    recognised = repaired(document, reference)
    document = recognised.document
    roster = load_roster(identity.region_code, directory) if identity else None
    resolver = Resolver(roster, year, reference)
    if corrections is None:
        corrections = load_corrections(identity.document_id, directory) if identity else Corrections()
    leaders = LeaderResolver(load_leaders(identity.region_code, directory) if identity else None, year)
    readers = CellReaders(reference, resolver)
    tasks, issues, columns = _read_tables(recognised, rules, readers, corrections, leaders)
    issues += text_outside(document, tasks)
    if not tasks and not any(found.rule == "no_task_numbers" for found in issues):
        issues.append(issue("no_tasks", _what_was_found(document)))
    tasks, misread = with_names_repaired(tasks, resolver, leaders, recognised.lookalikes)
    tasks, commas = with_last_stops(tasks)
    issues += [
        *misread,
        *commas,
        *text_suspects(tasks),
        *unknown_units(tasks, resolver, directory),
        *leader_doubts(tasks, leaders),
    ]
    tasks, unclear = _meaning(tasks, year, directory)
    issues += unclear
    title = title_of(document, directory)
    if identity and (said := other_year(identity, title)):
        issues.append(issue("other_year", said))
    settled = settle(issues, tasks, corrections)
    organisations, members = named_bodies(tasks, resolver)
    return NormalizedDocument(
        identity=identity,
        source_format=document.format,
        pages=document.pages,
        title=title,
        tasks=tuple(tasks),
        issues=tuple(sorted(settled, key=_order)),
        columns=columns,
        declared_counts=_declared_counts(document),
        has_roster=roster is not None,
        organisations=organisations,
        members=members,
        accepted=corrections.accepted,
    )


def _read_tables(
    recognised: Repaired,
    rules: ReadingRules,
    readers: CellReaders,
    corrections: Corrections,
    leaders: LeaderResolver,
) -> tuple[list[TaskRecord], list[Issue], frozenset[str]]:
    """The corrected tasks of all tables, the doubts about them, and the fields that the tables have columns for."""
    reference, resolve = readers.reference, readers.resolver.resolve
    tasks: list[TaskRecord] = []
    document = recognised.document
    issues = [*map(as_issue, document.doubts), *recognised.issues]
    lines = {(block.provenance.page, block.text): block.provenance for block in document.blocks}
    columns: set[str] = set()
    table_no = 0
    for table in stitch(document.tables):
        heading = find_heading(table, reference, rules)
        if heading is None:
            issues.append(_ignored(table, tasks[-1] if tasks else None))
            continue
        table_no += 1
        read, doubts = read_tasks(table, heading, table_no, reference, rules, readers, lines)
        # Where numbers begin again in each category, the table has several numbers.
        own = range(table_no, 1 + max([table_no, *(task.table_no for task in read)]))
        table_no = own[-1]
        read = [with_readings(task, recognised) for task in read]
        read, misfits = correct(read, [c for c in corrections.corrections if c.table_no in own], resolve)
        tasks += with_leaders(read, leaders, reference.names)
        columns |= columns_of(heading)
        about = [*doubts, *misfits, *check(read, heading, reference, table.form)]
        issues += [*about, *row_edges(read, about, table)]
    others = [c for c in corrections.corrections if not 1 <= c.table_no <= table_no]
    return tasks, [*issues, *correct([], others, resolve)[1]], frozenset(columns)


def _meaning(tasks: Sequence[TaskRecord], year: int | None, directory: Path) -> tuple[list[TaskRecord], list[Issue]]:
    """The tasks with the days of their deadlines and the targets of their texts, and what is unclear about them.

    Where the year of the document is not known, that deadlines without a year have no days is no doubt.
    """
    dated = with_deadlines(tasks, year, directory)
    read, unclear = with_targets(dated, year, directory)
    return read, [*(unclear_deadlines(dated) if year is not None else ()), *unclear]


def _declared_counts(document: SourceDocument) -> tuple[int, ...]:
    """The numbers of tasks that the text around the tables declares."""
    texts = " ".join(block.text for block in document.blocks)
    return tuple(int(count) for count in _DECLARED.findall(texts))


def _ignored(table: LogicalTable, last: TaskRecord | None) -> Issue:
    """What is said of a table without the headings of a responsibility table; ``last`` is the task before it."""
    first = [cell.text for cell in table.cells if cell.row == 0 and cell.text]
    detail = f"a table of {table.n_rows} rows was left out; it begins with {'、'.join(map(squeeze, first))[:60]}"
    following = last.task_no.value + 1 if last else 0
    # The first row may be the rest of one that a page break cuts.
    if last and any(_begins_with(cell.text, following) for cell in table.cells if cell.row <= 1):
        number = last.task_no.value
        detail = f"{detail}, which may be the task after ({number})"
        return issue("row_outside", detail, provenance=table.cells[0].provenance, table_no=last.table_no)
    return issue("ignored_table", detail, provenance=table.cells[0].provenance)


def _begins_with(text: str, number: int) -> bool:
    """Whether a cell is a number or begins with it as tasks do."""
    match = TASK_NUMBER.match(text)
    found = int(match[1] or match[2]) if match else circled_number(text)
    return number in (found, numeral(text.strip("()（）.、 ")))


def _what_was_found(document: SourceDocument) -> str:
    pages = f" on {document.pages} pages" if document.pages else ""
    return f"{len(document.tables)} tables{pages}, none with the headings of a responsibility table"


def _order(found: Issue) -> tuple[int, int, int, str, str]:
    """The document's own issues first, then by task and field."""
    names: Sequence[str] = FIELD_NAMES
    field = names.index(found.field) if found.field in names else -1
    return found.table_no, found.task_no or 0, field, found.rule, found.message
