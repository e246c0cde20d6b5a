"""Text of a merged cell that stands below its table: some producers cut the cell at the end of a page, not its text."""

from __future__ import annotations

from collections.abc import Mapping, Sequence

import numpy as np

from extractors.pdf.content import Bools, Chars, Ints
from extractors.pdf.grid import Grid
from extractors.pdf.lines import TextLine, read_lines
from extractors.pdf.numbers import is_page_number

#: Text of a column keeps this far, in points, from the column's edges; a note begins at the table's edge.
_INSET = 1.5
#: Lines of neighbouring columns nearer than this share of the type's height are one line across both.
_ACROSS = 1.0
#: The usual step from line to line in heights of the type, and by how much of one it may be off.
_USUAL_STEP, _VARIES = 1.35, 0.35


def overhanging(chars: Chars, grid: Grid, inside: Bools, owners: Ints, floor: float) -> Ints:
    """For each character the cell at the foot of the table whose text it goes on with, -1 for all others.

    ``inside`` are the characters in the table with their cells (``owners``), ``floor`` is where the next table or the
    page's end is, in points. Text counts when it lies within one column and the cell at the column's foot is blank or
    its text goes on there.
    """
    found = np.full(len(chars), -1, np.int64)
    y = (chars.boxes[:, 1] + chars.boxes[:, 3]) / 2
    x = (chars.boxes[:, 0] + chars.boxes[:, 2]) / 2
    below = ~inside & (y > grid.rows[-1]) & (y < floor) & (x > grid.cols[0]) & (x < grid.cols[-1])
    if not below.any():
        return found
    column = np.searchsorted(grid.cols, x, side="right") - 1
    lines = read_lines(chars.take(below), column[below])
    across = _across(lines)
    filled = np.unique(owners)
    for col, own in lines.items():
        text = [line for line in own if not is_page_number(line.text)]
        foot = int(grid.owner[-1, col])
        if not text or col in across or not _within(text, grid, foot):
            continue
        mine = inside.copy()
        mine[inside] = owners == foot
        above = read_lines(chars.take(mine), np.zeros(int(mine.sum()), np.int64))[0] if foot in filled else []
        if not above or _goes_on(above, text[0]):
            last = text[-1].bottom
            found[below & (column == col) & (y < last)] = foot
    return found


def _across(lines: Mapping[int, Sequence[TextLine]]) -> set[int]:
    """The columns with a line that goes on in the next column: a note below the table."""
    found = set()
    for col, own in lines.items():
        for line in own:
            for other in lines.get(col + 1, ()):
                same = min(line.bottom, other.bottom) - max(line.top, other.top) > 0.5 * min(line.height, other.height)
                if same and other.x0 - line.x1 < _ACROSS * line.height:
                    found |= {col, col + 1}
    return found


def _goes_on(above: Sequence[TextLine], line: TextLine) -> bool:
    """Whether a line is the next one of a text: as far below it as its lines are apart, and set to the same side."""
    last = above[-1]
    step = last.top - above[-2].top if len(above) > 1 else _USUAL_STEP * last.height
    aligned = abs(line.x0 - last.x0) < _INSET or abs(line.x0 + line.x1 - last.x0 - last.x1) < 2 * _INSET
    return aligned and abs(line.top - last.top - step) < _VARIES * last.height


def _within(lines: Sequence[TextLine], grid: Grid, cell: int) -> bool:
    slab = grid.slabs[cell]
    x0, x1 = float(grid.cols[slab.col]), float(grid.cols[slab.col + slab.col_span])
    return all(line.x0 - x0 >= _INSET and x1 - line.x1 >= _INSET for line in lines)
