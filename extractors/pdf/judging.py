"""How good a reading of a page is, whoever read it, and where two readings differ."""

from __future__ import annotations

from collections.abc import Sequence

import numpy as np

from extractors.headings import could_be_heading
from extractors.model import Table
from extractors.pdf.content import Bools, Chars, Floats, Ints
from extractors.pdf.grid import Grid
from extractors.pdf.placing import inside, owners

#: A character of which less than this share lies on either side of a border is not cut by it.
CUT = 0.3
#: Columns are those of the page before when their borders differ by at most this, in points.
_AGREES = 4.0
#: What counts how much.
_KEPT, _COLUMNS, _HEADING, _FILLED, _SINGLE = 0.45, 0.2, 0.05, 0.2, 0.1
#: Characters of one line that are nearer than this share of their height are of one word.
_WORD = 0.15
#: Cells with so many lines at the same heights in a whole row are rows that were not parted.
_LINES = 3


def score(grids: Sequence[Grid], chars: Chars, of_tables: Bools, before: Sequence[Table]) -> float:
    """From 0 to 1: characters kept whole, columns as on the page before, a heading, few blanks, rows parted.

    ``of_tables`` are the characters that stand in tables.
    """
    if not grids:
        return 0.0
    kept, lost = np.zeros(len(chars), np.bool_), np.zeros(len(chars), np.bool_)
    for grid in grids:
        broken = cut(chars.boxes, grid) | torn(chars, grid)
        kept |= inside(chars.boxes, grid) & ~broken
        lost |= broken
    share = float((kept & of_tables).sum() / max((of_tables | lost).sum(), 1))
    values = [_parts(grid, chars, before) for grid in grids]
    columns, heading, filled, single = (float(value) for value in np.mean(values, axis=0))
    return _KEPT * share + _COLUMNS * columns + _HEADING * heading + _FILLED * filled + _SINGLE * single


def _parts(grid: Grid, chars: Chars, before: Sequence[Table]) -> tuple[float, float, float, float]:
    own = chars.take(inside(chars.boxes, grid))
    cells = owners(own.boxes, grid)
    return _columns(grid, before), _heading(grid, own, cells), _filled(grid, cells), _single(grid, own, cells)


def _columns(grid: Grid, before: Sequence[Table]) -> float:
    """The share of the borders that are where they were on the page before; 1 when nothing is known of it."""
    known = np.array([edge for table in before for edge in table.columns])
    if not len(known):
        return 1.0
    return float((np.abs(grid.cols[:, None] - known[None, :]).min(axis=1) <= _AGREES).mean())


def _filled(grid: Grid, cells: Ints) -> float:
    """The share of cells with text, times that of rows that aren't one text among blanks (a caption, half a row)."""
    texts = set(cells.tolist())
    lonely = 0
    for row in range(len(grid.rows) - 1):
        own = set(grid.owner[row].tolist())
        lonely += len(own) > 1 and len(own & texts) < 2
    return len(texts) / len(grid.slabs) * (1 - lonely / (len(grid.rows) - 1))


def _heading(grid: Grid, chars: Chars, cells: Ints) -> float:
    """Whether one of the first two rows could be a heading."""
    for row in range(min(2, len(grid.rows) - 1)):
        texts = [
            "".join([chars.text[i] for i in np.flatnonzero(cells == index).tolist()])
            for index, slab in enumerate(grid.slabs)
            if slab.row == row
        ]
        if could_be_heading([text for text in texts if text]):
            return 1.0
    return 0.0


def _single(grid: Grid, chars: Chars, cells: Ints) -> float:
    """The share of the rows that are one row each."""
    crowded = 0
    for row in range(len(grid.rows) - 1):
        lines = [
            set(np.round(chars.baseline[cells == index]).tolist())
            for index, slab in enumerate(grid.slabs)
            if slab.row == row and (cells == index).any()
        ]
        crowded += len(lines) > 1 and len(set.intersection(*lines)) >= _LINES
    return 1.0 - crowded / (len(grid.rows) - 1)


def cut(boxes: Floats, grid: Grid) -> Bools:
    """Whether a border goes through a character of the grid."""
    shrink = CUT * (boxes[:, 2:] - boxes[:, :2])
    low, high = boxes[:, :2] + shrink, boxes[:, 2:] - shrink
    first = owners(np.concatenate([low, low], axis=1), grid)
    last = owners(np.concatenate([high, high], axis=1), grid)
    found: Bools = inside(boxes, grid) & (first != last)
    return found


def torn(chars: Chars, grid: Grid) -> Bools:
    """Whether a border parts a character of the grid from its neighbour in a word."""
    boxes = chars.boxes
    order = np.lexsort((boxes[:, 0], np.round(chars.baseline)))
    cell = np.where(inside(boxes, grid), owners(boxes, grid), -1)[order]
    gap = boxes[order[1:], 0] - boxes[order[:-1], 2]
    room = _WORD * (boxes[order[1:], 3] - boxes[order[1:], 1])
    line = np.abs(np.diff(chars.baseline[order])) <= 1
    parted = line & (np.abs(gap) < room) & (cell[1:] != cell[:-1]) & (cell[1:] >= 0) & (cell[:-1] >= 0)
    found = np.zeros(len(chars), np.bool_)
    found[order[1:][parted]] = True
    found[order[:-1][parted]] = True
    return found


def differing(grid: Grid, others: Sequence[Grid], chars: Chars) -> list[int]:
    """The cells of a grid whose characters no cell of the other grids holds, all of them and no more."""
    known: set[frozenset[int]] = set()
    for other in others:
        known.update(_texts(other, chars).values())
    return [index for index, text in sorted(_texts(grid, chars).items()) if text not in known]


def _texts(grid: Grid, chars: Chars) -> dict[int, frozenset[int]]:
    """The characters of each cell that has some."""
    numbers = np.flatnonzero(inside(chars.boxes, grid))
    cells = owners(chars.boxes[numbers], grid)
    found: dict[int, list[int]] = {}
    for number, cell in zip(numbers.tolist(), cells.tolist(), strict=True):
        found.setdefault(cell, []).append(number)
    return {cell: frozenset(own) for cell, own in found.items()}
