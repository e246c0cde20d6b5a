"""Text that runs over the lower ruling of its cell and lies on top of another cell's text.

Where lines lie on top of each other in a cell, the order of the stream tells which of them belong together: a text
is written line by line, each a step below the one before. One that begins in a cell above is that cell's text.
"""

from __future__ import annotations

from collections.abc import Iterator, Mapping, Sequence
from dataclasses import dataclass
from itertools import pairwise

import numpy as np

from extractors.model import Doubt
from extractors.pdf.content import Chars, Ints, Page
from extractors.pdf.grid import Grid, place
from extractors.pdf.lines import TextLine

#: Lines collide when they share more than this part of their height.
_COLLIDES = 0.3
#: A line lies across a rule when more than this part of its height stands above it.
_ON_RULE = 0.05
#: The step from a line to the next one of the same text, in heights of the type, and how much it may vary.
_MIN_STEP, _MAX_STEP, _VARIES = 0.7, 2.4, 0.15


@dataclass(frozen=True, slots=True)
class _Run:
    """Characters written one after the other on one line: the first and the last, and their box's sides."""

    first: int
    last: int
    x0: float
    x1: float
    baseline: float
    height: float


def settle_overflow(
    chars: Chars, owners: Ints, lines: Mapping[int, Sequence[TextLine]], grid: Grid, page: Page
) -> tuple[Ints, list[Doubt]]:
    """The cell of each character after colliding texts were told apart, and what is said of it."""
    crowded = {index for index, own in lines.items() if _collide(own)}
    crossed = {index for index, own in lines.items() if index not in crowded and _crosses(own, grid, index)}
    if not crowded and not crossed:
        return owners, []
    owners = owners.copy()
    doubts = []
    settled = set()
    for flow in _flows(list(_runs(chars))):
        cells = [int(owners[run.first]) for run in flow]
        for run, cell in zip(flow, cells, strict=True):
            if cell == cells[0] or not _same_columns(grid, cells[0], cell):
                continue
            # Text on the rule alone is no proof: its step must be known, and the cell must keep a text of its own.
            leaves = cells[1] == cells[0] and cells.count(cell) < len(lines[cell])
            if cell in crowded or (cell in crossed and leaves):
                owners[run.first : run.last + 1] = cells[0]
                settled.add(cell)
                text = chars.text[run.first : run.last + 1]
                detail = f"{text[:20]} runs over the rule below its cell"
                doubts.append(Doubt("overflow", detail, (place(grid, cells[0], page), place(grid, cell, page))))
    for index in sorted(crowded - settled):
        doubts.append(Doubt("overflow", "texts lie on top of each other here", (place(grid, index, page),)))
    return owners, doubts


def _same_columns(grid: Grid, one: int, other: int) -> bool:
    first, second = grid.slabs[one], grid.slabs[other]
    return (first.col, first.col_span) == (second.col, second.col_span)


def _crosses(lines: Sequence[TextLine], grid: Grid, index: int) -> bool:
    """Whether the first of several lines lies across the rule above the cell."""
    return len(lines) > 1 and float(grid.rows[grid.slabs[index].row]) - lines[0].top > _ON_RULE * lines[0].height


def _collide(lines: Sequence[TextLine]) -> bool:
    return any(line.crowded for line in lines) or any(
        above.bottom - below.top > _COLLIDES * min(above.height, below.height)
        and min(above.x1, below.x1) - max(above.x0, below.x0) > 0
        for above, below in pairwise(lines)
    )


def _runs(chars: Chars) -> Iterator[_Run]:
    """The characters in the order of the stream, cut where a new line or a new place begins."""
    x0, x1 = chars.boxes[:, 0].tolist(), chars.boxes[:, 2].tolist()
    heights = (chars.boxes[:, 3] - chars.boxes[:, 1]).tolist()
    baseline = chars.baseline.tolist()
    usual = max(float(np.median(heights)), 1.0)
    start = 0
    for index in range(1, len(x0) + 1):
        if index < len(x0):
            same = abs(baseline[index] - baseline[index - 1]) < usual / 3
            if same and -usual / 2 < x0[index] - x1[index - 1] < 2 * usual:
                continue
        run = slice(start, index)
        yield _Run(start, index - 1, min(x0[run]), max(x1[run]), baseline[start], max(heights[run]))
        start = index


def _flows(runs: Sequence[_Run]) -> Iterator[list[_Run]]:
    """Runs that go on below each other with the same step: the lines of one text."""
    flow: list[_Run] = []
    for run in runs:
        if flow and _goes_on(flow, run):
            flow.append(run)
        else:
            if len(flow) > 1:
                yield flow
            flow = [run]
    if len(flow) > 1:
        yield flow


def _goes_on(flow: Sequence[_Run], run: _Run) -> bool:
    before = flow[-1]
    step = run.baseline - before.baseline
    height = max(before.height, run.height)
    if not _MIN_STEP * height < step < _MAX_STEP * height or min(before.x1, run.x1) <= max(before.x0, run.x0):
        return False
    return len(flow) < 2 or abs(step - (before.baseline - flow[-2].baseline)) <= _VARIES * height
