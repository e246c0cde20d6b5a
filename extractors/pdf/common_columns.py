"""A table without rulings that goes on over pages has the same columns on all of them.

On each page they are found from the text of that page alone; only together is known how far the text of each reaches.
"""

from __future__ import annotations

from collections.abc import Iterator, Sequence
from dataclasses import dataclass, replace
from itertools import pairwise

from extractors.model import Bbox, Cell, Provenance, Table
from extractors.pdf.content import Page
from extractors.pdf.grid import point
from extractors.pdf.tables import PageContent, is_unruled
from extractors.pdf.upright import displayed

#: Text may reach so far over the border of its column, in points.
_SLACK = 1.5

#: How far the text of a column reaches to the left and to the right.
Reach = tuple[float, float]


@dataclass(slots=True)
class _Run:
    """Tables on consecutive pages, as (page, index on it), and the columns that they have in common."""

    places: list[tuple[int, int]]
    tables: list[Table]
    columns: list[Reach | None]


def with_common_columns(pages: Sequence[PageContent]) -> list[PageContent]:
    """The pages with the same columns in all pieces of a table without rulings."""
    if not any(is_unruled(table) for content in pages for table in content.tables):
        return list(pages)
    new = {number: list(content.tables) for number, content in enumerate(pages)}
    for run in _runs(pages):
        if len(run.tables) > 1:
            edges = _edges(run)
            for (number, index), table in zip(run.places, run.tables, strict=True):
                new[number][index] = _moved(table, edges, pages[number].page)
    return [replace(content, tables=tuple(new[number])) for number, content in enumerate(pages)]


def _runs(pages: Sequence[PageContent]) -> Iterator[_Run]:
    """The last table of a page and the first one of the next, as far as they have the same columns."""
    run: _Run | None = None
    for number, content in enumerate(pages):
        if not content.tables or not is_unruled(content.tables[0]):
            if run:
                yield run
            run = None
        for index, table in enumerate(content.tables):
            if not is_unruled(table):
                continue
            if run is not None and index == 0 and run.places[-1][0] == number - 1 and _joins(run, table, (number, 0)):
                continue
            if run:
                yield run
            run = _Run([(number, index)], [table], reaches(table))
        if run is not None and run.places[-1] != (number, len(content.tables) - 1):
            yield run
            run = None
    if run:
        yield run


def _joins(run: _Run, table: Table, place: tuple[int, int]) -> bool:
    """Takes a table into a run if its text fits into the columns of the run, or those of the run into its own."""
    table = _refilled(table, run.columns) or table
    if table.n_cols != len(run.columns):
        return False
    together = [_union(one, other) for one, other in zip(run.columns, reaches(table), strict=True)]
    known = [reach for reach in together if reach is not None]
    if any(left[1] > right[0] + _SLACK for left, right in pairwise(known)):
        return False
    run.places.append(place)
    run.tables.append(table)
    run.columns = together
    return True


def _union(one: Reach | None, other: Reach | None) -> Reach | None:
    if one is None or other is None:
        return one or other
    return min(one[0], other[0]), max(one[1], other[1])


def reaches(table: Table) -> list[Reach | None]:
    """How far the text of each column reaches; None for a column without text."""
    found: list[Reach | None] = [None] * table.n_cols
    for cell in table.cells:
        if cell.ink is not None and cell.col_span == 1:
            found[cell.col] = _union(found[cell.col], (cell.ink.x0, cell.ink.x1))
    return found


def _refilled(table: Table, columns: Sequence[Reach | None]) -> Table | None:
    """A table with fewer columns than the run, with a blank one where a column has no text on its page."""
    if table.n_cols >= len(columns) or any(cell.col_span > 1 for cell in table.cells):
        return None
    new: list[int] = []
    for reach in reaches(table):
        over = [
            index
            for index, column in enumerate(columns)
            if reach and column and reach[0] < column[1] and reach[1] > column[0]
        ]
        if len(over) != 1 or (new and over[0] <= new[-1]):
            return None
        new += over
    cells = [replace(cell, col=new[cell.col]) for cell in table.cells]
    blank = [
        Cell("", row, col, 1, 1, Provenance(table.page, engine=table.cells[0].provenance.engine))
        for row in range(table.n_rows)
        for col in range(len(columns))
        if col not in new
    ]
    ordered = sorted([*cells, *blank], key=lambda cell: (cell.row, cell.col))
    return replace(table, n_cols=len(columns), cells=tuple(ordered), columns=())


def _edges(run: _Run) -> tuple[float, ...]:
    """Borders between the texts of all pieces: those of a piece where they lie there, else the middle."""
    first = next(table for table in run.tables if len(table.columns) == len(run.columns) + 1)
    known = [(index, reach) for index, reach in enumerate(run.columns) if reach is not None]
    low = min([table.columns[0] for table in run.tables if table.columns])
    high = max([table.columns[-1] for table in run.tables if table.columns])
    edges = [low]
    for index in range(1, len(run.columns)):
        left = max((reach[1] for at, reach in known if at < index), default=low)
        right = min((reach[0] for at, reach in known if at >= index), default=high)
        edge = first.columns[index]
        edges.append(edge if left <= edge <= right else (left + right) / 2)
    return tuple(point(edge) for edge in (*edges, high))


def _moved(table: Table, edges: tuple[float, ...], page: Page) -> Table:
    """The table with other borders of its columns."""
    rows = table.rows

    def place(cell: Cell) -> Provenance:
        end_col, end_row = cell.col + cell.col_span, cell.row + cell.row_span
        return replace(
            cell.provenance, bbox=displayed(Bbox(edges[cell.col], rows[cell.row], edges[end_col], rows[end_row]), page)
        )

    return replace(table, columns=edges, cells=tuple(replace(cell, provenance=place(cell)) for cell in table.cells))
