"""Outer columns that have no line of their own on a page: other pages of the document show where they are.

In a table without outer borders, a column that is one cell from top to bottom of a page has no line but the one that it
shares with its neighbour; its text stands beside the table then.
"""

from __future__ import annotations

from collections import Counter
from collections.abc import Mapping, Sequence
from dataclasses import replace
from itertools import pairwise

import numpy as np

from extractors.model import Bbox, Cell, Provenance, Table
from extractors.pdf.content import Strokes
from extractors.pdf.grid import point
from extractors.pdf.lines import TextLine
from extractors.pdf.tables import PageContent
from extractors.pdf.upright import displayed

#: Columns at the same place on two pages are no further apart than this, in points.
_SAME = 4.0
#: Lines further apart than this many heights of the type are no one text.
_APART = 2.5

Edges = tuple[float, ...]


def with_outer_columns(pages: Sequence[PageContent]) -> list[PageContent]:
    """The pages with the outer columns that their tables lack and whose text stands beside them."""
    known = Counter(table.columns for content in pages for table in content.tables if table.form == "ruled")
    return [_completed(content, known) if content.tables and content.lines else content for content in pages]


def sticking_out(lines: Strokes, tables: Sequence[Table]) -> Strokes:
    """The horizontal lines that reach beyond the sides of a table."""
    chosen = np.zeros(len(lines), np.bool_)
    for table in tables:
        if table.columns and table.rows and len(lines):
            beside = (lines.start < table.columns[0] - _SAME) | (lines.end > table.columns[-1] + _SAME)
            chosen |= beside & (lines.at > table.rows[0] - _SAME) & (lines.at < table.rows[-1] + _SAME)
    return Strokes(lines.at[chosen], lines.start[chosen], lines.end[chosen], lines.width[chosen])


def _completed(content: PageContent, known: Counter[Edges]) -> PageContent:
    tables = list(content.tables)
    lines = list(content.lines)
    for index, table in enumerate(tables):
        beside = [line for line in lines if table.rows and table.rows[0] < _middle(line) < table.rows[-1]]
        edges = _wider(table.columns, known) if beside else None
        if edges is None:
            continue
        texts = {col: [line for line in beside if _inside(line, edges, col)] for col in range(len(edges) - 1)}
        used = [line for own in texts.values() for line in own]
        widened = _widened(table, edges, texts, content) if used else None
        if widened is not None:
            tables[index] = widened
            lines = [line for line in lines if line not in used]
    return replace(content, tables=tuple(tables), lines=tuple(lines))


def _wider(columns: Edges, known: Counter[Edges]) -> Edges | None:
    """These columns and the outer ones besides that most other tables have; None where no table has more.

    Merged cells hide an edge on one page or the other: of the two tables' edges between the same sides, those of one
    are all among the other's.
    """
    for edges, _ in known.most_common():
        inner = [edge for edge in edges if columns[0] - _SAME <= edge <= columns[-1] + _SAME]
        same_sides = inner and abs(inner[0] - columns[0]) <= _SAME and abs(inner[-1] - columns[-1]) <= _SAME
        if same_sides and len(edges) > len(inner) > 2 and (_among(columns, inner) or _among(inner, columns)):
            first = edges.index(inner[0])
            return (*edges[:first], *columns, *edges[first + len(inner) :])
    return None


def _among(few: Sequence[float], many: Sequence[float]) -> bool:
    return len(few) > 2 and all(any(abs(edge - other) <= _SAME for other in many) for edge in few)


def _inside(line: TextLine, edges: Edges, col: int) -> bool:
    return edges[col] - _SAME <= line.x0 and line.x1 <= edges[col + 1] + _SAME


def _middle(line: TextLine) -> float:
    return (line.top + line.bottom) / 2


def _widened(table: Table, edges: Edges, texts: Mapping[int, Sequence[TextLine]], content: PageContent) -> Table | None:
    """The table with its outer columns; None where it can't be told which rows their texts belong to."""
    first = next(index for index, edge in enumerate(edges) if edge == table.columns[0])
    inner = range(first, first + table.n_cols)
    cells = [replace(cell, col=cell.col + first) for cell in table.cells]
    for col in (col for col in range(len(edges) - 1) if col not in inner):
        beside = inner[0] if col < first else inner[-1]
        neighbours = [cell for cell in table.cells if cell.col <= beside - first < cell.col + cell.col_span]
        cuts = _ruled(table, edges[col], edges[col + 1], content.page.horizontal)
        spans = _between(table, cuts, texts[col]) if cuts else _spans(table, neighbours, texts[col])
        if spans is None:
            return None
        cells += [_cell(table, edges, col, row, span, own, content) for row, span, own in spans]
    ordered = sorted(cells, key=lambda cell: (cell.row, cell.col))
    return replace(table, n_cols=len(edges) - 1, columns=edges, cells=tuple(ordered))


def _ruled(table: Table, x0: float, x1: float, lines: Strokes) -> list[int]:
    """The rows that begin at a line across an outer column."""
    across = (lines.start <= x0 + _SAME) & (lines.end >= x1 - _SAME)
    heights = lines.at[across].tolist()
    return [row for row in range(1, table.n_rows) if any(abs(at - table.rows[row]) <= _SAME for at in heights)]


def _between(table: Table, cuts: Sequence[int], lines: Sequence[TextLine]) -> list[tuple[int, int, list[TextLine]]]:
    """First row, number of rows and text of each cell of an outer column that lines part."""
    return [
        (start, end - start, [line for line in lines if table.rows[start] < _middle(line) < table.rows[end]])
        for start, end in pairwise([0, *cuts, table.n_rows])
    ]


def _spans(
    table: Table, neighbours: Sequence[Cell], lines: Sequence[TextLine]
) -> list[tuple[int, int, list[TextLine]]] | None:
    """First row, number of rows and text of each cell of an outer column.

    A text beside the heading is the column's heading. One text below it belongs to all rows; several belong to the
    cells of the next column that they stand beside, one to each.
    """
    head = [line for line in lines if _middle(line) < table.rows[1] and table.n_rows > 1]
    body = _blocks([line for line in lines if line not in head])
    start = 1 if head else 0
    found: list[tuple[int, int, list[TextLine]]] = [(0, 1, head)] if head else []
    if len(body) < 2:
        return [*found, (start, table.n_rows - start, body[0] if body else [])]
    for cell in sorted(neighbours, key=lambda cell: cell.row):
        top, bottom = table.rows[max(cell.row, start)], table.rows[cell.row + cell.row_span]
        own = [block for block in body if top < (block[0].top + block[-1].bottom) / 2 < bottom]
        if len(own) > 1:
            return None
        if cell.row + cell.row_span > start:
            row = max(cell.row, start)
            found.append((row, cell.row + cell.row_span - row, own[0] if own else []))
    return found


def _blocks(lines: Sequence[TextLine]) -> list[list[TextLine]]:
    """The lines in groups that stand apart from each other."""
    blocks: list[list[TextLine]] = []
    for line in sorted(lines, key=lambda line: line.top):
        if blocks and line.top - blocks[-1][-1].top <= _APART * line.height:
            blocks[-1].append(line)
        else:
            blocks.append([line])
    return blocks


def _cell(
    table: Table, edges: Edges, col: int, row: int, span: int, lines: Sequence[TextLine], content: PageContent
) -> Cell:
    text = "\n".join(line.text for line in lines)
    box = Bbox(edges[col], table.rows[row], edges[col + 1], table.rows[row + span])
    where = Provenance(content.page.number, displayed(box, content.page), engine=content.page.engine)
    ink = (
        Bbox(
            point(min(line.x0 for line in lines)), point(lines[0].top),
            point(max(line.x1 for line in lines)), point(lines[-1].bottom),
        )
        if lines
        else None
    )  # fmt: skip
    wraps = tuple(offset for offset, char in enumerate(text) if char == "\n")
    return Cell(text, row, col, span, 1, where, wraps, ink)
