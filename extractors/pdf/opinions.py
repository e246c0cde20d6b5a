"""Where our reading of a page is unsure, other engines read it too, and the best reading is taken.

Whoever sees the cells: the text in them is always read the same way.
"""

from __future__ import annotations

import time
from collections.abc import Mapping, Sequence
from dataclasses import dataclass, replace
from pathlib import Path

import numpy as np

from extractors.headings import could_be_heading
from extractors.model import Doubt, Table
from extractors.pdf.content import ENGINE, Chars, Floats, Page
from extractors.pdf.grid import Grid, Slab, place
from extractors.pdf.judging import CUT, differing, score
from extractors.pdf.noise import without_noise
from extractors.pdf.peers import Source, grid_of_slabs, ruled_opinions, unruled_opinions
from extractors.pdf.placing import inside
from extractors.pdf.tables import PageContent, with_tables

#: After so many pages for which the others took more than this, in seconds of processor time, they are no longer
#: asked.
_MOST_SLOW, _SLOW = 2, 5.0
#: Characters cut by borders: at least so many, and this share of those in the table.
_MIN_CUT, _CUT_SHARE = 3, 0.005
#: Borders of columns agree when they differ by at most this, in points; those of one table mostly do.
_AGREES, _MOST_COLUMNS = 4.0, 0.6
#: Another engine has to be better by this much; one that is worse by at most the second is worth naming.
_BETTER, _PLAUSIBLE = 0.03, 0.05
#: Of the cells that differ so many are named.
_MOST_PLACES = 20
#: The grid of another engine stands for a table when it shares this part of the other's area.
_SHARED = 0.5


@dataclass(frozen=True, slots=True)
class _Reading:
    engine: str
    grids: list[Grid]
    score: float


class Opinions:
    """Second opinions for the pages of one document, in their order."""

    def __init__(self, data: bytes | Path, password: str | None = None) -> None:
        self._source = Source(data, password)
        self._before: tuple[Table, ...] = ()
        self._slow = 0

    def settle(self, content: PageContent) -> PageContent:
        """The page as the best engine reads it; nearly every page is returned as it is."""
        begun = time.thread_time()
        if self._slow < _MOST_SLOW:
            content = second_opinion(content, self._source, self._before)
        self._slow += time.thread_time() - begun > _SLOW
        self._before = content.tables
        return content


def second_opinion(content: PageContent, source: Source, before: Sequence[Table] = ()) -> PageContent:
    """The page as the best engine reads it. ``before`` are the tables of the page before, if there are any.

    A page of whose reading nothing says that it is unsure is returned as it is, and no other engine is asked.
    """
    reasons = unsure(content, before)
    if not reasons:
        return content
    page = content.page
    ruled = "unruled" not in reasons
    others = (ruled_opinions if ruled else unruled_opinions)(source, page)
    if not others:
        return content
    chars, _ = without_noise(page)
    readings = _judged(content, others, chars, before)
    best = max(readings, key=lambda reading: reading.score + _BETTER * (reading.engine == ENGINE))
    result = content if best.engine == ENGINE else _taken(content, best, chars, reasons)
    return _with_differences(result, best, readings, chars)


def unsure(content: PageContent, before: Sequence[Table] = ()) -> tuple[str, ...]:
    """Why our own reading of a page may be wrong; empty for nearly every page."""
    found = []
    rules = {doubt.rule for table in content.tables for doubt in table.doubts}
    if "unruled_table" in rules:
        found.append("unruled")
    if "open_ruling" in rules:
        found.append("open rulings")
    if any(_is_cut(content.page, table) for table in content.tables):
        found.append("characters on borders")
    if _has_other_columns(content, before):
        found.append("other columns")
    return tuple(found)


def own_grid(table: Table) -> Grid:
    """The grid of a table that was read."""
    slabs = [Slab(cell.row, cell.col, cell.row_span, cell.col_span) for cell in table.cells]
    return grid_of_slabs(np.array(table.rows), np.array(table.columns), slabs)


def _is_cut(page: Page, table: Table) -> bool:
    """Whether borders go through characters of the page's text; the cheapest test first, as most pages end it."""
    if not _count_cut(page.chars.boxes, table):
        return False
    return _count_cut(without_noise(page)[0].boxes, table) > 0


def _count_cut(boxes: Floats, table: Table) -> int:
    """How many characters borders of the table's cells go through; 0 when they are but a few."""
    cols, rows = np.array(table.columns), np.array(table.rows)
    shrink = CUT * (boxes[:, 2:] - boxes[:, :2])
    low, high = boxes[:, :2] + shrink, boxes[:, 2:] - shrink
    col, end_col = cols.searchsorted(low[:, 0]), cols.searchsorted(high[:, 0])
    row, end_row = rows.searchsorted(low[:, 1]), rows.searchsorted(high[:, 1])
    across = (col != end_col) | (row != end_row)
    if np.count_nonzero(across) < _MIN_CUT:
        return 0
    inside = (col > 0) & (end_col < len(cols)) & (row > 0) & (end_row < len(rows))
    across &= inside
    if across.sum() < _MIN_CUT:
        return 0
    cell = np.arange(table.n_rows * table.n_cols).reshape(table.n_rows, table.n_cols)
    for own in table.cells:
        if own.row_span > 1 or own.col_span > 1:
            cell[own.row : own.row + own.row_span, own.col : own.col + own.col_span] = cell[own.row, own.col]
    first = cell[row[across] - 1, col[across] - 1]
    last = cell[end_row[across] - 1, end_col[across] - 1]
    number = int((first != last).sum())
    return number if number >= max(_MIN_CUT, _CUT_SHARE * inside.sum()) else 0


def _has_other_columns(content: PageContent, before: Sequence[Table]) -> bool:
    """Whether a table goes on where the one of the page before stood, in other columns and without a heading."""
    for table, other in zip(content.tables[:1], before[-1:], strict=False):
        edges, known = np.array(table.columns), np.array(other.columns)
        same_place = abs(edges[0] - known[0]) <= _AGREES and abs(edges[-1] - known[-1]) <= _AGREES
        found = (np.abs(edges[:, None] - known[None, :]).min(axis=1) <= _AGREES).sum()
        if same_place and found < _MOST_COLUMNS * min(len(edges), len(known)):
            labels = ["".join(cell.text.split()) for cell in table.cells if cell.row == 0]
            return not could_be_heading([label for label in labels if label])
    return False


def _judged(
    content: PageContent, others: Mapping[str, list[Grid]], chars: Chars, before: Sequence[Table]
) -> list[_Reading]:
    """All readings of a page with their scores, ours first."""
    readings = {ENGINE: [own_grid(table) for table in content.tables], **others}
    seen = [np.any([inside(chars.boxes, grid) for grid in grids], axis=0) for grids in readings.values() if grids]
    # What only one of the others takes for a table may be prose around it.
    of_tables = seen[0] | (np.sum(seen, axis=0) > 1) if readings[ENGINE] else np.any(seen, axis=0)
    return [_Reading(name, grids, score(grids, chars, of_tables, before)) for name, grids in readings.items()]


def _taken(content: PageContent, best: _Reading, chars: Chars, reasons: Sequence[str]) -> PageContent:
    """The page with the tables of another engine, and a word on it."""
    why = ", ".join(reasons)
    detail = f"the cells on page {content.page.number} are those that {best.engine} sees (ours were unsure: {why})"
    doubts = [Doubt("second_opinion", detail)]
    taken = with_tables(content, [(grid, doubts) for grid in best.grids], chars)
    return replace(taken, tables=tuple(_by_engine(table, best.engine) for table in taken.tables))


def _by_engine(table: Table, engine: str) -> Table:
    cells = tuple(replace(cell, provenance=replace(cell.provenance, engine=engine)) for cell in table.cells)
    return replace(table, cells=cells)


def _with_differences(content: PageContent, best: _Reading, readings: Sequence[_Reading], chars: Chars) -> PageContent:
    """The page with a doubt for each other plausible reading that sees other cells."""
    tables = []
    for table in content.tables:
        grid = own_grid(table)
        doubts = [
            doubt
            for other in readings
            if other is not best and other.score >= best.score - _PLAUSIBLE
            if (doubt := _difference(grid, best.engine, other, chars, content.page)) is not None
        ]
        tables.append(replace(table, doubts=(*table.doubts, *doubts)))
    return replace(content, tables=tuple(tables))


def _difference(grid: Grid, engine: str, other: _Reading, chars: Chars, page: Page) -> Doubt | None:
    same = [found for found in other.grids if _shares(found, grid)]
    cells = differing(grid, same, chars) if same else []
    if not cells:
        return None
    places = tuple(replace(place(grid, index, page), engine=engine) for index in cells[:_MOST_PLACES])
    detail = f"{engine} and {other.engine} see other cells on page {page.number}: {len(cells)} differ"
    return Doubt("engines_disagree", detail, places)


def _shares(one: Grid, other: Grid) -> bool:
    width = min(one.cols[-1], other.cols[-1]) - max(one.cols[0], other.cols[0])
    height = min(one.rows[-1], other.rows[-1]) - max(one.rows[0], other.rows[0])
    area = (other.cols[-1] - other.cols[0]) * (other.rows[-1] - other.rows[0])
    return bool(width > 0 and height > 0 and width * height >= _SHARED * area)
