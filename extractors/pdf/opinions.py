"""Where our reading of a page is unsure, other engines read it too, and the best reading is taken.

Whoever sees the cells: the text in them is always read the same way.
"""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from dataclasses import dataclass, replace

import numpy as np

from extractors.model import Doubt, Table
from extractors.pdf.content import Chars, Page
from extractors.pdf.grid import ENGINE, Grid, Slab, place
from extractors.pdf.judging import cut, differing, score
from extractors.pdf.noise import without_noise
from extractors.pdf.peers import Source, grid_of_slabs, ruled_opinions, unruled_opinions
from extractors.pdf.placing import inside
from extractors.pdf.tables import PageContent, with_tables

#: Characters cut by borders: at least so many, and this share of those in the table.
_MIN_CUT, _CUT_SHARE = 3, 0.005
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
    if any(_is_cut(content.page, own_grid(table)) for table in content.tables):
        found.append("characters on borders")
    if _has_other_columns(content, before):
        found.append("other columns")
    return tuple(found)


def own_grid(table: Table) -> Grid:
    """The grid of a table that was read."""
    slabs = [Slab(cell.row, cell.col, cell.row_span, cell.col_span) for cell in table.cells]
    return grid_of_slabs(np.array(table.rows), np.array(table.columns), slabs)


def _is_cut(page: Page, grid: Grid) -> bool:
    """Whether borders go through upright characters of the page's text."""
    number = _count_cut(page.chars, grid)
    return number > 0 and _count_cut(without_noise(page)[0], grid) > 0


def _count_cut(chars: Chars, grid: Grid) -> int:
    within = inside(chars.boxes, grid)
    number = int(cut(chars.boxes[within], grid).sum())
    return number if number >= max(_MIN_CUT, _CUT_SHARE * within.sum()) else 0


def _has_other_columns(content: PageContent, before: Sequence[Table]) -> bool:
    """Whether a table stands where the one of the page before stood and few of their columns agree."""
    for table in content.tables[:1]:
        for other in before[-1:]:
            edges, known = np.array(table.columns), np.array(other.columns)
            same_place = abs(edges[0] - known[0]) <= 4 and abs(edges[-1] - known[-1]) <= 4
            found = (np.abs(edges[:, None] - known[None, :]).min(axis=1) <= 4).sum()
            if same_place and found < 0.6 * min(len(edges), len(known)):
                return True
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
