"""Tables whose cells are painted rectangles with narrow gaps between them and no lines."""

from __future__ import annotations

import numpy as np

from extractors.pdf.content import Chars, Floats, Page, Strokes
from extractors.pdf.grid import Grid, build_grid
from extractors.pdf.placing import inside, owners
from extractors.pdf.rulings import find_frameworks

#: A cell is at least this wide and high, in points, and no larger than this share of the page.
_SMALLEST, _LARGEST = 6.0, 0.5
#: Cells lie at most so far apart, in points.
_GAP = 3.0
#: The rectangles fill this share of the table, and this share of its cells have text.
_TILED, _FILLED = 0.85, 0.5
_MIN_CELLS, _MANY = 6, 1000


def find_filled(chars: Chars, page: Page) -> list[Grid]:
    """The tables of painted cells in which these characters stand."""
    cells = _cells(page)
    if not _MIN_CELLS <= len(cells) <= _MANY or not len(chars):
        return []
    flat = np.concatenate([cells[:, [1, 0, 2]], cells[:, [3, 0, 2]]])
    steep = np.concatenate([cells[:, [0, 1, 3]], cells[:, [2, 1, 3]]])
    grids = (build_grid(framework) for framework in find_frameworks(_strokes(flat), _strokes(steep)))
    return [grid for grid in grids if grid is not None and _is_table(grid, cells, chars)]


def _strokes(lines: Floats) -> Strokes:
    return Strokes(lines[:, 0], lines[:, 1], lines[:, 2], np.zeros(len(lines)))


def _cells(page: Page) -> Floats:
    """The coloured rectangles that are no background of others."""
    areas = page.areas
    if len(areas) < _MIN_CELLS or len(areas) > _MANY:
        return np.empty((0, 4))
    coloured = np.array([min(colour[:3]) < 252 and colour[3] > 8 for colour in page.area_colours], np.bool_)
    sides = areas[:, 2:] - areas[:, :2]
    fitting = (sides >= _SMALLEST).all(axis=1) & (sides.prod(axis=1) <= _LARGEST * page.width * page.height)
    areas = areas[coloured & fitting]
    holds = (
        (areas[:, None, :2] <= areas[None, :, :2] + 1).all(axis=2)
        & (areas[:, None, 2:] >= areas[None, :, 2:] - 1).all(axis=2)
        & ((areas[:, None, 2:] - areas[:, None, :2]).prod(axis=2) > 1.1 * (areas[:, 2:] - areas[:, :2]).prod(axis=1))
    )
    kept: Floats = areas[~holds.any(axis=1)]
    return kept


def _is_table(grid: Grid, cells: Floats, chars: Chars) -> bool:
    """Whether the rectangles fill the grid, at least two by two, with text in most of them."""
    if len(grid.rows) < 3 or len(grid.cols) < 3 or len(grid.slabs) < _MIN_CELLS:
        return False
    x, y = (cells[:, 0] + cells[:, 2]) / 2, (cells[:, 1] + cells[:, 3]) / 2
    own = cells[(x > grid.cols[0]) & (x < grid.cols[-1]) & (y > grid.rows[0]) & (y < grid.rows[-1])]
    painted = float(((own[:, 2:] - own[:, :2]) + _GAP / 2).prod(axis=1).sum())
    whole = float((grid.rows[-1] - grid.rows[0]) * (grid.cols[-1] - grid.cols[0]))
    # Rectangles that overlap are a drawing, and each cell is one rectangle.
    if not _TILED * whole <= painted <= 1.2 * whole or len(own) > 1.2 * len(grid.slabs):
        return False
    within = inside(chars.boxes, grid)
    return len(np.unique(owners(chars.boxes[within], grid))) >= _FILLED * len(grid.slabs)
