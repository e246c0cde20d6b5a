"""Headings of parts of a table that stand between its pieces: 一、经济发展 over each of several small tables.

A line above a piece is such a heading when it is numbered like one and at least two pieces have one; a single one
may belong to the text around the table.
"""

from __future__ import annotations

from collections.abc import Mapping

from extractors.model import LogicalTable, Provenance, Table
from normalizers.grid import BANNER, MAX_BANNER, Entry, GridRow
from normalizers.text import squeeze

#: Where the lines outside the tables stand, by page and text.
Lines = Mapping[tuple[int, str], Provenance]
_FEWEST = 2


def captions_of(table: LogicalTable, first_row: int, lines: Lines) -> dict[int, list[GridRow]]:
    """The headings that stand above pieces of a table, by the row before which they belong."""
    said = {index: own for index, piece in enumerate(table.tables) if (own := _numbered(piece))}
    if len(said) < _FEWEST:
        return {}
    pieces = {cell.provenance: index for index in said for cell in table.tables[index].cells}
    begins: dict[int, int] = {}
    for cell in table.cells:
        index = pieces.get(cell.provenance[0]) if cell.row >= first_row else None
        if index is not None:
            begins[index] = min(begins.get(index, cell.row), cell.row)
    rows: dict[int, list[GridRow]] = {}
    for index, own in said.items():
        if index in begins:
            rows.setdefault(begins[index], []).extend(_row(line, table.tables[index].page, lines) for line in own)
    return rows


def _numbered(piece: Table) -> list[str]:
    """The numbered headings right above a piece, from the top."""
    found: list[str] = []
    for line in reversed(piece.caption.splitlines()):
        if not BANNER.match(line) or len(squeeze(line)) > MAX_BANNER:
            break
        found.insert(0, line)
    return found


def _row(line: str, page: int, lines: Lines) -> GridRow:
    place = (lines.get((page, line), Provenance(page)),)
    return GridRow(page, place, {}, banner=Entry(line, place, "read", True))
