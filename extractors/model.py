"""The types that every reader produces: cells with spans, text and the place they were read from.

Words follow pdfplumber (``top``, ``bottom``) and docling (``row_span``, ``provenance``). Lengths are in
points, the origin is the top left of the page as it is displayed. Pages count from 1; formats that have none until they
are printed (Word, Excel, HTML) give page 0 everywhere.
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

    ``page`` counts from 1 and is 0 in formats without pages. ``line`` is the line of a text file (from 1, as text), the
    cell of a sheet (``Sheet1!B7``), the cell or paragraph of a Word or HTML document (``table 2 row 5 cell 3``,
    ``paragraph 12``); fixed-layout formats give ``bbox`` instead. ``engine`` names what found the cells of a
    fixed-layout page (``fenjie``, ``pdfplumber``, ``camelot``).
    """

    page: int
    bbox: Bbox | None = None
    line: str | None = None
    engine: str | None = None

    def __str__(self) -> str:
        line = f"line {self.line}" if self.line and self.line[0].isdecimal() else self.line
        return ", ".join(filter(None, (f"page {self.page}" if self.page else None, line)))


@dataclass(frozen=True, slots=True)
class Cell:
    """One cell of a physical table; rows and columns count from 0.

    A line break in ``text`` is one that is printed. ``wraps`` are the offsets of those that end a full line, so that
    they may be mere wraps; every other one is meant. ``ink`` is where the text stands (``provenance.bbox`` is the
    whole cell); fixed-layout formats only.
    """

    text: str
    row: int
    col: int
    row_span: int
    col_span: int
    provenance: Provenance
    wraps: tuple[int, ...] = ()
    ink: Bbox | None = None


@dataclass(frozen=True, slots=True)
class JoinedCell:
    """One cell of a logical table; ``provenance`` lists every place that the cell occupies.

    The texts of the places are joined by line breaks; ``wraps`` as in :class:`Cell`.
    """

    text: str
    row: int
    col: int
    row_span: int
    col_span: int
    provenance: tuple[Provenance, ...]
    wraps: tuple[int, ...] = ()


@dataclass(frozen=True, slots=True)
class Doubt:
    """Something that reading a table left in doubt.

    ``rule`` is its short name (``span_inferred``), ``detail`` says what was seen, ``places`` are the cells that it
    concerns; none: the whole table.
    """

    rule: str
    detail: str
    places: tuple[Provenance, ...] = ()


@dataclass(frozen=True, slots=True)
class Table:
    """One physical table on one page. Its cells tile the ``n_rows`` x ``n_cols`` grid exactly once.

    ``fields`` are the cells that each row of a delimited table really has (rows are filled up with blank ones),
    ``caption`` is the text right above the table. ``columns`` are the left edges of the columns and the right edge
    of the last one, ``rows`` the top edges of the rows and the bottom edge of the last one, in points (fixed-layout
    formats only). ``listed``: it was made of a numbered list, which no other table goes on with and in which a blank
    cell says that there is nothing.
    """

    page: int
    n_rows: int
    n_cols: int
    cells: tuple[Cell, ...]
    form: TableForm = "ruled"
    fields: tuple[int, ...] = ()
    caption: str = ""
    columns: tuple[float, ...] = ()
    rows: tuple[float, ...] = ()
    doubts: tuple[Doubt, ...] = ()
    listed: bool = False


@dataclass(frozen=True, slots=True)
class LogicalTable:
    """Physical tables joined over pages into one grid, the heading once at the top.

    ``dropped`` are the cells of repeated headings: read, recognised and left out of the grid, so that
    every cell of the source can be accounted for. ``surplus`` says for each row of a delimited table how many cells it
    has more (or fewer: negative) than most rows of its page. ``doubts`` are those of its tables and of the joining.
    """

    tables: tuple[Table, ...]
    n_rows: int
    n_cols: int
    cells: tuple[JoinedCell, ...]
    form: TableForm = "ruled"
    dropped: tuple[JoinedCell, ...] = ()
    surplus: tuple[int, ...] = ()
    doubts: tuple[Doubt, ...] = ()


@dataclass(frozen=True, slots=True)
class TextBlock:
    """One line or paragraph outside every table: a title, a covering notice, a note."""

    text: str
    provenance: Provenance


#: Why characters of a page stand in no table and in no text around it.
LeftOutKind = Literal["watermark", "seal", "page_number", "running_head", "hidden", "doubled"]


@dataclass(frozen=True, slots=True)
class LeftOut:
    """Characters of a page that are no part of the document's text, and why."""

    text: str
    kind: LeftOutKind
    provenance: Provenance


@dataclass(frozen=True, slots=True)
class SourceDocument:
    """Everything that was read from one file.

    ``format`` is the detected format (``txt``, ``pdf`` ...), found from the content, not from the file's name.
    ``pages`` is the number of pages, 0 in formats without pages; ``blocks`` and ``tables`` are in reading order;
    ``left_out`` is what was seen on the pages and kept out of both; ``doubts`` are those that concern no table.
    """

    path: str
    format: str
    pages: int
    tables: tuple[Table, ...]
    blocks: tuple[TextBlock, ...]
    left_out: tuple[LeftOut, ...] = ()
    doubts: tuple[Doubt, ...] = ()


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
