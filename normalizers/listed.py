"""Tasks that a document lists in its text, beside tables about something else."""

from __future__ import annotations

from dataclasses import replace
from pathlib import Path

from extractors.model import JoinedCell, LogicalTable, SourceDocument, Table
from extractors.plain.prose import read_prose
from normalizers.headings import MAX_HEADING_ROWS, MAX_TITLE_ROWS, find_heading
from normalizers.reference import DEFAULT_DIR, load


def with_listed_tasks(
    document: SourceDocument, directory: Path = DEFAULT_DIR, publisher: str | None = None
) -> SourceDocument:
    """The document with the tasks of its text as tables, where none of its tables is a responsibility table.

    A plan that lists its tasks in prose may end with a table of contacts or figures; that table stays, and is named as
    left out like any other. Where one of the tables is a responsibility table its text is no list: it comes back as it
    is, as does a document that lists nothing. ``directory`` is the reference folder; a ``publisher`` may have headings
    of its own.
    """
    if not document.blocks or _has_responsibilities(document, directory, publisher):
        return document
    listed, blocks = read_prose(document.blocks)
    if not listed:
        return document
    tables = sorted((*document.tables, *listed), key=lambda table: table.page)
    return replace(document, tables=tuple(tables), blocks=blocks)


def _has_responsibilities(document: SourceDocument, directory: Path, publisher: str | None) -> bool:
    """Whether a table of the document has the heading of a responsibility table."""
    reference = load(directory).of_publisher(publisher)
    rules = reference.rules_for(publisher)
    return any(find_heading(top_of(table), reference, rules) is not None for table in document.tables)


def top_of(table: Table) -> LogicalTable:
    """The first rows of a physical table, as many as a heading and what stands above it may take."""
    rows = min(table.n_rows, MAX_TITLE_ROWS + MAX_HEADING_ROWS)
    cells = tuple(
        JoinedCell(cell.text, cell.row, cell.col, cell.row_span, cell.col_span, (cell.provenance,))
        for cell in table.cells
        if cell.row < rows
    )
    return LogicalTable((table,), table.n_rows, table.n_cols, cells, table.form)
