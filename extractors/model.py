"""The types that every reader produces: cells with spans, text and the place they were read from.

Words follow pdfplumber (``top``, ``bottom``) and docling (``row_span``, ``provenance``). Lengths are in
points, the origin is the top left of the page as it is displayed, pages count from 1.
"""

from __future__ import annotations

from collections.abc import Iterable, Iterator
from dataclasses import dataclass
from typing import Literal

#: How a table's cells got their places. ``ruled``: spans are known, a blank cell is an empty cell.
#: ``delimited``: separators in a text layer gave the columns, a blank cell continues the merged cell
#: above it, and rows may be shifted or cut short.
TableForm = Literal["ruled", "delimited"]


@dataclass(frozen=True, slots=True)
class Bbox:
    """A rectangle on a displayed page, in points, origin at the top left."""

    x0: float
    top: float
    x1: float
    bottom: float


@dataclass(frozen=True, slots=True, order=True)
class Provenance:
    """Where something stands in the source.

    ``page`` counts from 1. ``line`` is the line of a text file (from 1, as text) or the cell reference
    of a sheet (``B7``); fixed-layout formats give ``bbox`` instead.
    """

    page: int
    bbox: Bbox | None = None
    line: str | None = None


@dataclass(frozen=True, slots=True)
class Cell:
    """One cell of a physical table; rows and columns count from 0."""

    text: str
    row: int
    col: int
    row_span: int
    col_span: int
    provenance: Provenance


@dataclass(frozen=True, slots=True)
class JoinedCell:
    """One cell of a logical table; ``provenance`` lists every place that the cell occupies."""

    text: str
    row: int
    col: int
    row_span: int
    col_span: int
    provenance: tuple[Provenance, ...]


@dataclass(frozen=True, slots=True)
class Table:
    """One physical table on one page. Its cells tile the ``n_rows`` x ``n_cols`` grid exactly once.

    ``fields`` are the cells that each row of a delimited table really has (rows are filled up with blank ones),
    ``caption`` is the text right above the table.
    """

    page: int
    n_rows: int
    n_cols: int
    cells: tuple[Cell, ...]
    form: TableForm = "ruled"
    fields: tuple[int, ...] = ()
    caption: str = ""


@dataclass(frozen=True, slots=True)
class LogicalTable:
    """Physical tables joined over pages into one grid, the heading once at the top.

    ``dropped`` are the cells of repeated headings: read, recognised and left out of the grid, so that
    every cell of the source can be accounted for. ``surplus`` says for each row of a delimited table how many cells it
    has more (or fewer: negative) than most rows of its page.
    """

    tables: tuple[Table, ...]
    n_rows: int
    n_cols: int
    cells: tuple[JoinedCell, ...]
    form: TableForm = "ruled"
    dropped: tuple[JoinedCell, ...] = ()
    surplus: tuple[int, ...] = ()


@dataclass(frozen=True, slots=True)
class TextBlock:
    """One line or paragraph outside every table: a title, a covering notice, a note, a page number."""

    text: str
    provenance: Provenance


@dataclass(frozen=True, slots=True)
class SourceDocument:
    """Everything that was read from one file.

    ``format`` is the detected format (``txt``, ``pdf`` ...), found from the content, not from the file's name.
    ``pages`` is the number of pages, from 1; ``blocks`` and ``tables`` are in reading order.
    """

    path: str
    format: str
    pages: int
    tables: tuple[Table, ...]
    blocks: tuple[TextBlock, ...]


def slots(cell: Cell | JoinedCell) -> Iterator[tuple[int, int]]:
    """Every (row, column) slot that the cell covers."""
    for row in range(cell.row, cell.row + cell.row_span):
        for col in range(cell.col, cell.col + cell.col_span):
            yield row, col


def tiles(cells: Iterable[Cell | JoinedCell], n_rows: int, n_cols: int) -> bool:
    """Whether the cells cover every slot of the grid exactly once."""
    covered = [slot for cell in cells for slot in slots(cell)]
    wanted = {(row, col) for row in range(n_rows) for col in range(n_cols)}
    return len(covered) == len(wanted) and set(covered) == wanted
