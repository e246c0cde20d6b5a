"""A framework of rulings to the cells of a table, with their spans."""

from __future__ import annotations

from collections.abc import Iterator
from dataclasses import dataclass
from typing import NamedTuple

import numpy as np

from extractors.model import Bbox, Provenance
from extractors.pdf.content import Bools, Floats, Ints, Page
from extractors.pdf.limits import MAX_SLOTS, LimitError
from extractors.pdf.rulings import Framework
from extractors.pdf.upright import displayed

#: A stretch between two crossing lines separates when at least this much of it is painted.
_SEPARATES = 0.6
#: What is lower or narrower, in points, is a gap between double lines and no row or column.
_THINNEST = 3.5

#: For each row the names of its slots, the same for slots of one region.
Names = list[list[int]]


class Slab(NamedTuple):
    """The place of one cell in a grid."""

    row: int
    col: int
    row_span: int
    col_span: int


@dataclass(frozen=True, slots=True)
class Grid:
    """The cells of a ruled table: they tile ``len(rows) - 1`` by ``len(cols) - 1`` slots.

    ``owner`` gives the index of the slot's cell; ``repaired`` are the cells that the rulings leave open: their lines
    enclose no rectangle.
    """

    rows: Floats
    cols: Floats
    slabs: tuple[Slab, ...]
    owner: Ints
    repaired: frozenset[int] = frozenset()


def build_grid(framework: Framework) -> Grid | None:
    """The grid of a framework, None when its lines enclose no two cells.

    Raises :class:`extractors.pdf.limits.LimitError` when they enclose far more than a table has.
    """
    rows, cols = framework.rows, framework.cols
    if len(rows) < 2 or len(cols) < 2:
        return None
    if len(rows) * len(cols) > MAX_SLOTS:
        raise LimitError(f"its rulings enclose more than {MAX_SLOTS:,} cells")
    above = framework.row_cover >= _SEPARATES
    beside = framework.col_cover >= _SEPARATES
    rows, above, beside = _without_thin(rows, above, beside.T)
    beside = beside.T
    cols, beside, above = _without_thin(cols, beside, above.T)
    above = above.T
    if len(rows) < 2 or len(cols) < 2:
        return None
    return _compact(rows, cols, _regions(above, beside))


def _without_thin(lines: Floats, own: Bools, crossing: Bools) -> tuple[Floats, Bools, Bools]:
    """The lines without those right beside the one before, whose strokes then count for that one.

    ``own`` is lines x stretches, ``crossing`` stretches between the lines x crossing lines.
    """
    keep = [0]
    own = own.copy()
    for index in range(1, len(lines)):
        if lines[index] - lines[keep[-1]] < _THINNEST:
            own[keep[-1]] |= own[index]
        else:
            keep.append(index)
    if len(keep) == len(lines):
        return lines, own, crossing
    stretches = [index - 1 for index in keep[1:]]
    return lines[keep], own[keep], crossing[stretches]


def _regions(above: Bools, beside: Bools) -> Names:
    """A number for each slot, the same for slots with no line between them. ``above``: lines x columns."""
    n_rows, n_cols = above.shape[0] - 1, above.shape[1]
    owner = [[-1] * n_cols for _ in range(n_rows)]
    up, left = above.tolist(), beside.tolist()
    number = 0
    for row in range(n_rows):
        for col in range(n_cols):
            if owner[row][col] >= 0:
                continue
            owner[row][col] = number
            stack = [(row, col)]
            while stack:
                r, c = stack.pop()
                for open_, rr, cc in (
                    (r > 0 and not up[r][c], r - 1, c),
                    (r + 1 < n_rows and not up[r + 1][c], r + 1, c),
                    (c > 0 and not left[c][r], r, c - 1),
                    (c + 1 < n_cols and not left[c + 1][r], r, c + 1),
                ):
                    if open_ and owner[rr][cc] < 0:
                        owner[rr][cc] = number
                        stack.append((rr, cc))
            number += 1
    return owner


def _compact(rows: Floats, cols: Floats, owner: Names) -> Grid | None:
    """The grid without the lines that separate nothing, every region a rectangle."""
    rectangles, repaired = _rectangles(owner)
    columns = [*zip(*rectangles, strict=True)]
    row_keep = [0, *(row for row in range(1, len(rectangles)) if rectangles[row] != rectangles[row - 1])]
    col_keep = [0, *(col for col in range(1, len(columns)) if columns[col] != columns[col - 1])]
    values = [[rectangles[row][col] for col in col_keep] for row in row_keep]
    slabs: list[Slab] = []
    names: dict[int, int] = {}
    for old, slab in _slabs(values):
        names[old] = len(slabs)
        slabs.append(slab)
    if len(slabs) < 2:
        return None
    marked = frozenset(names[old] for old in repaired if old in names)
    numbered = np.array([[names[name] for name in line] for line in values], np.int64)
    return Grid(rows[[*row_keep, -1]], cols[[*col_keep, -1]], tuple(slabs), numbered, marked)


def _slabs(values: Names) -> Iterator[tuple[int, Slab]]:
    """Each rectangle, row by row."""
    seen: set[int] = set()
    n_rows, n_cols = len(values), len(values[0])
    for row in range(n_rows):
        for col in range(n_cols):
            name = values[row][col]
            if name in seen:
                continue
            seen.add(name)
            width = 1
            while col + width < n_cols and values[row][col + width] == name:
                width += 1
            height = 1
            while row + height < n_rows and values[row + height][col] == name:
                height += 1
            yield name, Slab(row, col, height, width)


def _rectangles(values: Names) -> tuple[Names, set[int]]:
    """The regions cut into rectangles: each row's runs, put together where they are alike. And those that were cut."""
    result = [[*line] for line in values]
    cut: set[int] = set()
    extents = _extents(values)
    following = max(extents) + 1
    for name, (top, left, bottom, right, count) in extents.items():
        if (bottom - top + 1) * (right - left + 1) == count:
            continue
        before: tuple[int, int, int] | None = None
        for row in range(top, bottom + 1):
            for start, end in _runs([value == name for value in values[row]]):
                if before is not None and before[:2] == (start, end):
                    new = before[2]
                else:
                    new, following = following, following + 1
                    cut.add(new)
                result[row][start:end] = [new] * (end - start)
                before = (start, end, new)
    return result, cut


def _extents(values: Names) -> dict[int, list[int]]:
    """For each region its first row and column, its last ones, and the number of its slots."""
    found: dict[int, list[int]] = {}
    for row, line in enumerate(values):
        for col, name in enumerate(line):
            extent = found.get(name)
            if extent is None:
                found[name] = [row, col, row, col, 1]
                continue
            if col < extent[1]:
                extent[1] = col
            elif col > extent[3]:
                extent[3] = col
            extent[2] = row
            extent[4] += 1
    return found


def _runs(flags: list[bool]) -> Iterator[tuple[int, int]]:
    start = None
    for index, flag in enumerate([*flags, False]):
        if flag and start is None:
            start = index
        elif not flag and start is not None:
            yield start, index
            start = None


def place(grid: Grid, index: int, page: Page) -> Provenance:
    """Where a cell stands on the displayed page."""
    return Provenance(page.number, displayed(cell_box(grid, index), page), engine=page.engine)


def cell_box(grid: Grid, index: int) -> Bbox:
    """The box of a cell on the turned page."""
    slab = grid.slabs[index]
    return Bbox(
        point(grid.cols[slab.col]),
        point(grid.rows[slab.row]),
        point(grid.cols[slab.col + slab.col_span]),
        point(grid.rows[slab.row + slab.row_span]),
    )


def point(value: float) -> float:
    """A coordinate to a hundredth of a point, which is finer than any printer."""
    return round(float(value), 2)
