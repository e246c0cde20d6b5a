"""Which characters of a page stand in a grid, and in which of its cells."""

from __future__ import annotations

from extractors.pdf.content import Bools, Floats, Ints
from extractors.pdf.grid import Grid


def middles(boxes: Floats) -> tuple[Floats, Floats]:
    """The middles of boxes: how far from the left, how far from the top."""
    return (boxes[:, 0] + boxes[:, 2]) / 2, (boxes[:, 1] + boxes[:, 3]) / 2


def inside(boxes: Floats, grid: Grid) -> Bools:
    """Whether the middle of each box lies in the grid."""
    x, y = middles(boxes)
    found: Bools = x >= grid.cols[0]
    found &= x <= grid.cols[-1]
    found &= y >= grid.rows[0]
    found &= y <= grid.rows[-1]
    return found


def owners(boxes: Floats, grid: Grid) -> Ints:
    """The cell in which the middle of each box lies."""
    x, y = middles(boxes)
    # Among the inner borders alone, what stands outside of the grid falls to its nearest cells.
    row, col = grid.rows[1:-1].searchsorted(y, side="right"), grid.cols[1:-1].searchsorted(x, side="right")
    cells: Ints = grid.owner[row, col]
    return cells
