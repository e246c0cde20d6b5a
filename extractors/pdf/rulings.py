"""Rulings: the strokes of a page put together into the lines that a reader sees, and the lines into frameworks.

A line may be painted in pieces (dashes, one rectangle for each cell), twice (double lines), with small gaps and
overshoots where it meets others. A framework is a set of lines that hang together: one ruled table.
"""

from __future__ import annotations

from collections import defaultdict
from collections.abc import Iterable, Sequence
from dataclasses import dataclass
from itertools import islice
from typing import NamedTuple

import numpy as np

from extractors.pdf.content import Floats, Strokes
from extractors.pdf.limits import MAX_SLOTS, LimitError

#: Lines nearer than this, in points, are one (double lines, edges of neighbouring rectangles): less than the
#: smallest type is high.
SAME_LINE = 3.0
#: Pieces of a line may be this far apart, and a line may end this far before or behind the one that it meets.
GAP = 3.6
#: Between short pieces (dashes) the gap may be larger.
_DASH, _DASH_GAP = 10.0, 6.5
#: What is shorter, in points, is no line of a table: no row is lower and no column narrower.
_SHORTEST = 5.0
#: A dotted line has more dots than this, unless this share of it is painted.
_DOTS, _PAINTED = 2, 0.5
#: A row that only lines above and below hold is no higher than this, in points: one or two lines of text.
_OPEN_ROW = 36.0
#: More than any page is wide, in points: keeps positions apart from each other.
_FAR = 1e7
#: A page with more lines than this is a drawing.
_MAX_LINES = 6000


class Line(NamedTuple):
    """A line after its pieces were put together: ``at`` the fixed coordinate, ``start`` to ``end`` the other one."""

    at: float
    start: float
    end: float


@dataclass(frozen=True, slots=True)
class Framework:
    """Lines that hang together. ``rows`` and ``cols`` are their positions, each seen once, in order.

    ``row_cover`` (lines x columns) and ``col_cover`` (lines x rows) say how much of each stretch between two crossing
    lines is painted, 0 to 1.
    """

    rows: Floats
    cols: Floats
    row_cover: Floats
    col_cover: Floats


def join_pieces(strokes: Strokes) -> list[Line]:
    """The lines of one direction, their pieces put together. Raises :class:`LimitError` when there are too many."""
    if not len(strokes):
        return []
    order = np.lexsort((strokes.start, np.round(strokes.at)))
    at, start, end = strokes.at[order], strokes.start[order], strokes.end[order]
    lines: list[list[float]] = []
    open_lines: dict[int, list[float]] = {}
    for a, s, e in zip(at.tolist(), start.tolist(), end.tolist(), strict=True):
        key = round(a)
        for near in (key, key - 1):
            line = open_lines.get(near)
            if line is not None and abs(line[0] - a) <= 1.0 and max(s - line[2], line[1] - e) <= _gap(line[3], e - s):
                line[2] = max(line[2], e)
                line[1] = min(line[1], s)
                line[3] = e - s
                line[4] += 1
                line[5] += e - s
                break
        else:
            line = [a, s, e, e - s, 1, e - s]
            open_lines[key] = line
            lines.append(line)
    if len(lines) > _MAX_LINES:
        raise LimitError(f"it has more than {_MAX_LINES:,} lines")
    # Two dots that dotted lines beside each other have at the same place are no line across these.
    return [
        Line(a, s, e)
        for a, s, e, _, pieces, painted in lines
        if e - s >= _SHORTEST and (pieces > _DOTS or painted >= _PAINTED * (e - s))
    ]


def _gap(length: float, following: float) -> float:
    return _DASH_GAP if length <= _DASH and following <= _DASH else GAP


def find_frameworks(horizontal: Strokes, vertical: Strokes) -> list[Framework]:
    """The frameworks of a page with lines of both directions, from top to bottom.

    Raises :class:`LimitError` for a page with far more lines than tables have.
    """
    flat, steep = join_pieces(horizontal), join_pieces(vertical)
    found = []
    for rows, cols in _with_open_columns(_with_open_rows(_hanging_together(flat, steep))):
        if rows and cols:
            found.append(_framework(rows, cols))
    return sorted(found, key=lambda framework: (framework.rows[0], framework.cols[0]))


def _array(lines: Sequence[Line]) -> Floats:
    return np.array(lines).reshape(-1, 3)


def _hanging_together(flat: Sequence[Line], steep: Sequence[Line]) -> Iterable[tuple[list[Line], list[Line]]]:
    """Groups of lines that touch each other, as (horizontal, vertical)."""
    if not flat or not steep:
        return []
    h, v = _array(flat), _array(steep)
    touching = (
        (v[None, :, 0] >= h[:, 1:2] - GAP) & (v[None, :, 0] <= h[:, 2:3] + GAP)
        & (h[:, 0:1] >= v[None, :, 1] - GAP) & (h[:, 0:1] <= v[None, :, 2] + GAP)
    )  # fmt: skip
    if np.count_nonzero(touching) > MAX_SLOTS:
        raise LimitError(f"its rulings meet in more than {MAX_SLOTS:,} places")
    parent = list(range(len(flat) + len(steep)))

    def root(node: int) -> int:
        while parent[node] != node:
            parent[node] = parent[parent[node]]
            node = parent[node]
        return node

    for row, col in zip(*(indices.tolist() for indices in touching.nonzero()), strict=True):
        parent[root(row)] = root(len(flat) + col)
    for lines, first in ((flat, 0), (steep, len(flat))):
        for one, other in _continuing(lines):
            parent[root(first + one)] = root(first + other)
    groups: dict[int, tuple[list[Line], list[Line]]] = defaultdict(lambda: ([], []))
    for index, line in enumerate(flat):
        groups[root(index)][0].append(line)
    for index, line in enumerate(steep):
        groups[root(len(flat) + index)][1].append(line)
    return groups.values()


def _with_open_rows(groups: Iterable[tuple[list[Line], list[Line]]]) -> list[tuple[list[Line], list[Line]]]:
    """The groups, those of one table put together.

    In a table without borders at its sides, nothing but the horizontal lines above and below holds a row that is one
    cell across the table. Groups and single lines of the same width, one right below the other, are one table then.
    """
    tables: list[tuple[list[Line], list[Line]]] = []
    lines = list(groups)
    tables += [([], [*cols]) for rows, cols in lines if not rows]
    for rows, cols in sorted((group for group in lines if group[0]), key=lambda group: min(r.at for r in group[0])):
        for before in tables:
            if _goes_on_openly(before, (rows, cols)):
                before[0].extend(rows)
                before[1].extend(cols)
                break
        else:
            tables.append(([*rows], [*cols]))
    return tables


def _goes_on_openly(above: tuple[list[Line], list[Line]], below: tuple[list[Line], list[Line]]) -> bool:
    """Whether two groups of lines are as wide, open at the sides, and no more than a row of text apart."""
    if not above[0]:
        return False
    extents = [(min(row.start for row in rows), max(row.end for row in rows)) for rows, _ in (above, below)]
    (left, right), (other_left, other_right) = extents
    gap = min(row.at for row in below[0]) - max(row.at for row in above[0])
    if not 0 < gap <= _OPEN_ROW or abs(left - other_left) > GAP or abs(right - other_right) > GAP:
        return False
    return all(left + 2 * SAME_LINE < col.at < right - 2 * SAME_LINE for _, cols in (above, below) for col in cols)


def _with_open_columns(groups: Iterable[tuple[list[Line], list[Line]]]) -> list[tuple[list[Line], list[Line]]]:
    """The groups, those of one table put together.

    In a table without borders above and below, nothing but the vertical lines at its sides holds a column that is one
    cell from top to bottom. Groups and single lines of the same height, side by side, are one table then, unless
    each is a closed box of its own.
    """
    tables: list[tuple[list[Line], list[Line]]] = []
    for rows, cols in sorted((group for group in groups if group[1]), key=lambda group: min(c.at for c in group[1])):
        for before in tables:
            if _goes_on_beside(before, (rows, cols)):
                before[0].extend(rows)
                before[1].extend(cols)
                break
        else:
            tables.append(([*rows], [*cols]))
    return tables


def _goes_on_beside(left: tuple[list[Line], list[Line]], right: tuple[list[Line], list[Line]]) -> bool:
    """Whether two groups of lines are as high, side by side and not both closed."""
    tops = [min(col.start for col in cols) for _, cols in (left, right)]
    bottoms = [max(col.end for col in cols) for _, cols in (left, right)]
    if abs(tops[0] - tops[1]) > 2 * SAME_LINE or abs(bottoms[0] - bottoms[1]) > 2 * SAME_LINE:
        return False
    reach = max([col.at for col in left[1]] + [row.end for row in left[0]])
    begin = min([col.at for col in right[1]] + [row.start for row in right[0]])
    return reach < begin + GAP and not (_is_closed(left) and _is_closed(right))


def _is_closed(group: tuple[list[Line], list[Line]]) -> bool:
    """Whether lines run along all four sides of a group."""
    rows, cols = group
    if not rows or not cols:
        return False
    x0, x1 = min(row.start for row in rows), max(row.end for row in rows)
    top, bottom = min(col.start for col in cols), max(col.end for col in cols)
    near = 2 * SAME_LINE
    sides = any(abs(col.at - x0) <= near for col in cols) and any(abs(col.at - x1) <= near for col in cols)
    return (
        sides and any(abs(row.at - top) <= near for row in rows) and any(abs(row.at - bottom) <= near for row in rows)
    )


def _continuing(lines: Sequence[Line]) -> list[tuple[int, int]]:
    """Pairs of lines that are the same one: side by side, or one behind the other."""
    ordered = sorted(enumerate(lines), key=lambda numbered: numbered[1].at)
    pairs = []
    for here, (index, (at, start, end)) in enumerate(ordered):
        for other, (other_at, other_start, other_end) in islice(ordered, here + 1, None):
            if other_at - at > SAME_LINE:
                break
            if other_start <= end + GAP and start <= other_end + GAP:
                pairs.append((index, other))
    return pairs


def _framework(rows: Sequence[Line], cols: Sequence[Line]) -> Framework:
    row_places, row_of = _with_outer(*_positions(rows), cols)
    col_places, col_of = _with_outer(*_positions(cols), rows)
    row_at, col_at = np.array(row_places), np.array(col_places)
    row_cover = _cover(_array(rows), row_of, len(row_at), col_at)
    return Framework(row_at, col_at, row_cover, _cover(_array(cols), col_of, len(col_at), row_at))


def _positions(lines: Sequence[Line]) -> tuple[list[float], list[int]]:
    """The distinct positions of parallel lines, and for each line the index of its own."""
    at = [line.at for line in lines]
    spans = [line.end - line.start for line in lines]
    groups: list[list[int]] = []
    for index in sorted(range(len(at)), key=at.__getitem__):
        near = groups and at[index] - at[groups[-1][-1]] <= SAME_LINE and at[index] - at[groups[-1][0]] <= 2 * SAME_LINE
        if near:
            groups[-1].append(index)
        else:
            groups.append([index])
    of = [0] * len(lines)
    positions = []
    for number, group in enumerate(groups):
        lengths = [spans[index] for index in group]
        positions.append(sum(at[index] * spans[index] for index in group) / sum(lengths))
        for index in group:
            of[index] = number
    return positions, of


def _with_outer(positions: list[float], of: list[int], crossing: Sequence[Line]) -> tuple[list[float], list[int]]:
    """The positions with the outer borders that are not painted: where several crossing lines end beyond the last."""
    first = _common_end([line.start for line in crossing], below=positions[0] - 2 * SAME_LINE)
    last = _common_end([-line.end for line in crossing], below=-positions[-1] - 2 * SAME_LINE)
    if first is not None:
        positions, of = [first, *positions], [index + 1 for index in of]
    if last is not None:
        positions = [*positions, -last]
    return positions, of


def _common_end(ends: Sequence[float], below: float) -> float | None:
    """Where the lines end that reach furthest, if they end beyond ``below`` and two do (or the only one)."""
    furthest = [end for end in ends if end < below]
    needed = min(2, len(ends))
    if len(furthest) < needed:
        return None
    nearest = min(furthest) + 2 * SAME_LINE
    near = [end for end in furthest if end <= nearest]
    return float(np.mean(near)) if len(near) >= needed else None


def _cover(lines: Floats, of: Sequence[int], count: int, crossing: Floats) -> Floats:
    """How much of each stretch between crossing positions the lines at each position paint."""
    low, high = crossing[:-1], crossing[1:]
    order = np.lexsort((lines[:, 1], np.asarray(of)))
    position = np.asarray(of)[order]
    start, end = lines[order, 1], lines[order, 2]
    # What two lines side by side paint (double lines) counts once: each goes on where those before it end.
    reached = np.maximum.accumulate(end + position * _FAR)
    start[1:] = np.maximum(start[1:], reached[:-1] - position[1:] * _FAR)
    overlap = np.minimum(end[:, None], high) - np.maximum(start[:, None], low)
    share = np.maximum(overlap, 0) / np.maximum(high - low, 1e-6)
    cover = np.zeros((count, len(low)))
    np.add.at(cover, position, share)
    return np.minimum(cover, 1.0)
