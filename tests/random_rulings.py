"""Ways in which typesetters paint the lines of a table, and the fills below them."""

from __future__ import annotations

import random
from collections import defaultdict
from collections.abc import Callable, Iterator
from dataclasses import dataclass
from typing import Any, Literal

from hypothesis import strategies as st
from random_table import DrawnCell, DrawnTable

#: The pieces that lines are painted in: the four sides of each cell, each stretch between crossings once, whole lines.
Pieces = Literal["cells", "stretches", "lines"]
#: What a piece is painted as. ``frames``: the area between two rectangles; ``boxes``: one stroked rectangle a cell.
Paint = Literal["stroke", "fill", "pattern", "dashes", "double", "boxes", "frames"]
Fill = Literal["none", "heading", "zebra", "cells", "white lines"]
Side = Literal["left", "right", "top", "bottom"]
Colour = tuple[float, float, float]
#: A line: (x0, y0, x1, y1), from the top left of the page, upright or level.
Segment = tuple[float, float, float, float]
Painter = Callable[[Any, float], None]

_INKS: tuple[Colour, ...] = ((0, 0, 0), (0.5, 0.5, 0.5), (0.8, 0.8, 0.8), (0.8, 0.1, 0.1), (0.1, 0.2, 0.7))
_FILLS: tuple[Colour, ...] = ((0.85, 0.9, 0.97), (0.75, 0.75, 0.75), (0.95, 0.9, 0.7))
WHITE: Colour = (1, 1, 1)


@dataclass(frozen=True)
class Style:
    """How a table is ruled; ``ends`` is by how much lines overshoot (or, negative, fall short of) what they meet."""

    pieces: Pieces = "cells"
    paint: Paint = "stroke"
    width: float = 0.5
    ink: Colour = (0, 0, 0)
    fill: Fill = "none"
    twice: bool = False
    ends: float = 0.0
    jitter: float = 0.0
    missing: frozenset[Side] = frozenset()
    #: Distance of double lines; length of a dash and of the gap behind it; inset of boxes.
    apart: float = 1.5
    dash: tuple[float, float] = (3.0, 2.0)
    inset: float = 0.0
    seed: int = 0


@st.composite
def styles(draw: st.DrawFn) -> Style:
    """A style that leaves no doubt about where the cells are."""
    paint: Paint = draw(st.sampled_from(["stroke", "stroke", "fill", "pattern", "dashes", "double", "boxes", "frames"]))
    whole = paint in ("stroke", "fill", "double")
    # Without a border the ends of the other lines show where it would be: so these must be exact.
    flaw = draw(st.sampled_from(["none", "ends", "missing"])) if whole else "none"
    missing: frozenset[Side] = frozenset()
    if flaw == "missing":
        missing = draw(st.frozensets(st.sampled_from(["left", "right", "top", "bottom"]), min_size=1))
    fill: Fill = draw(st.sampled_from(["none", "none", "heading", "zebra", "cells", "white lines"]))
    return Style(
        pieces=draw(st.sampled_from(["cells", "stretches", "lines"])),
        paint=paint,
        width=draw(st.sampled_from([0.2, 0.5, 0.75, 1.0, 1.5, 2.5])),
        ink=WHITE if fill == "white lines" else draw(st.sampled_from(_INKS)),
        fill=fill,
        twice=draw(st.booleans()),
        ends=draw(st.sampled_from([1.0, 2.0, 3.0, -1.0, -2.0, -2.8])) if flaw == "ends" else 0.0,
        jitter=draw(st.sampled_from([0.0, 0.5])),
        missing=missing,
        apart=draw(st.sampled_from([1.0, 1.5, 2.0, 2.6])),
        dash=draw(st.sampled_from([(1.0, 1.0), (2.0, 2.0), (3.0, 1.5), (5.0, 3.0)])),
        inset=draw(st.sampled_from([0.0, 0.5, 1.0])),
        seed=draw(st.integers(0, 2**32 - 1)),
    )


def fills(table: DrawnTable, style: Style) -> Iterator[Painter]:
    """What is painted below lines and text."""
    rng = random.Random(style.seed)
    first, second = rng.sample(_FILLS, 2)
    for cell in table.cells:
        if style.fill in ("cells", "white lines"):
            yield _area(table.box(cell), rng.choice([first, second]))
        elif (style.fill == "heading" and cell.row == 0) or (style.fill == "zebra" and cell.row % 2):
            yield _area(table.box(cell), first)


def rulings(table: DrawnTable, style: Style) -> list[Painter]:
    """The lines of the table."""
    rng = random.Random(style.seed)
    times = 2 if style.twice else 1
    if style.paint in ("boxes", "frames"):
        return [_box(table, cell, style, rng) for cell in table.cells for _ in range(times)]
    painters = []
    for segment in _pieces(table, style):
        for _ in range(times):
            for line in _doubled(_moved(segment, style, rng), style):
                painters += _painted(line, style)
    return painters


def reaches(table: DrawnTable, side: Side) -> int:
    """How many inner lines end at a side of the table: where no border is painted, they show where it would be."""
    if side in ("left", "right"):
        at = 0 if side == "left" else table.n_cols
        return len({y for x, y, end in _flat(table) if at in (x, end)}) - 2
    at = 0 if side == "top" else table.n_rows
    return len({x for x, y, end in _steep(table) if at in (y, end)}) - 2


def _pieces(table: DrawnTable, style: Style) -> list[Segment]:
    xs, ys = table.xs, table.ys
    flat, steep = _flat(table), _steep(table)
    if style.pieces != "cells":
        flat, steep = _unique(flat, 1, style.pieces == "lines"), _unique(steep, 0, style.pieces == "lines")
    away = style.missing
    hidden_y = {0 if "top" in away else -1, table.n_rows if "bottom" in away else -1}
    hidden_x = {0 if "left" in away else -1, table.n_cols if "right" in away else -1}
    found: list[Segment] = [(xs[x], ys[y], xs[end], ys[y]) for x, y, end in flat if y not in hidden_y]
    return found + [(xs[x], ys[y], xs[x], ys[end]) for x, y, end in steep if x not in hidden_x]


def _flat(table: DrawnTable) -> list[tuple[int, int, int]]:
    """The upper and lower side of each cell as (column, row, end column)."""
    cells = [c.slot for c in table.cells]
    return [(col, y, col + wide) for row, col, high, wide in cells for y in (row, row + high)]


def _steep(table: DrawnTable) -> list[tuple[int, int, int]]:
    """The left and right side of each cell as (column, row, end row)."""
    cells = [c.slot for c in table.cells]
    return [(x, row, row + high) for row, col, high, wide in cells for x in (col, col + wide)]


def _unique(sides: list[tuple[int, int, int]], fixed: int, whole: bool) -> list[tuple[int, int, int]]:
    """Each stretch between two grid lines once, or put together into lines as long as they go."""
    covered: dict[int, set[int]] = defaultdict(set)
    for x, y, end in sides:
        at, start = (y, x) if fixed else (x, y)
        covered[at] |= set(range(start, end))
    found = []
    for at, stretches in sorted(covered.items()):
        for start in sorted(stretches):
            end = start + 1
            if whole and start - 1 in stretches:
                continue
            while whole and end in stretches:
                end += 1
            found.append((start, at, end) if fixed else (at, start, end))
    return found


def _doubled(segment: Segment, style: Style) -> list[Segment]:
    """A line, or the two of a double line."""
    if style.paint != "double":
        return [segment]
    x0, y0, x1, y1 = segment
    half = style.apart / 2
    if y0 == y1:
        return [(x0, y0 - half, x1, y1 - half), (x0, y0 + half, x1, y1 + half)]
    return [(x0 - half, y0, x1 - half, y1), (x0 + half, y0, x1 + half, y1)]


def _moved(segment: Segment, style: Style, rng: random.Random) -> Segment:
    """The line a little off its place, too short or too long."""
    x0, y0, x1, y1 = segment
    off = rng.uniform(-style.jitter, style.jitter)
    # Between two stretches of one line there is one gap, not two; and nobody leaves out most of a short line.
    ends = style.ends / 2 if style.pieces == "stretches" else style.ends
    ends = max(ends, -0.15 * (x1 - x0 + y1 - y0))
    first, last = (ends + rng.uniform(-style.jitter, style.jitter) / 2 for _ in range(2))
    if y0 == y1:
        return (x0 - first, y0 + off, x1 + last, y1 + off)
    return (x0 + off, y0 - first, x1 + off, y1 + last)


def _painted(segment: Segment, style: Style) -> list[Painter]:
    x0, y0, x1, y1 = segment
    width, ink = style.width, style.ink
    if style.paint == "double":
        width = min(width, style.apart / 2)
    if style.paint == "fill":
        half = width / 2
        flat = y0 == y1
        return [_area((x0, y0 - half, x1, y1 + half) if flat else (x0 - half, y0, x1 + half, y1), ink)]
    if style.paint == "pattern":
        return [_line(segment, width, ink, style.dash)]
    if style.paint != "dashes":
        return [_line(segment, width, ink)]
    dash, gap = style.dash
    length = x1 - x0 + y1 - y0
    starts = [step * (dash + gap) for step in range(int(length / (dash + gap)) + 1)]
    along = [(start, min(start + dash, length)) for start in starts if length - start > 0.3]
    return [_line((x0 + a, y0, x0 + b, y0) if y0 == y1 else (x0, y0 + a, x0, y0 + b), width, ink) for a, b in along]


def _line(segment: Segment, width: float, ink: Colour, dash: tuple[float, float] | None = None) -> Painter:
    def paint(canvas: Any, height: float) -> None:
        x0, y0, x1, y1 = segment
        canvas.setStrokeColorRGB(*ink)
        canvas.setLineWidth(width)
        canvas.setDash(*(([list(dash)]) if dash else ([])))
        canvas.line(x0, height - y0, x1, height - y1)

    return paint


def _area(box: Segment, colour: Colour) -> Painter:
    def paint(canvas: Any, height: float) -> None:
        left, top, right, bottom = box
        canvas.setFillColorRGB(*colour)
        canvas.rect(left, height - bottom, right - left, bottom - top, stroke=0, fill=1)

    return paint


def _box(table: DrawnTable, cell: DrawnCell, style: Style, rng: random.Random) -> Painter:
    """A cell's own rectangle, a little inside of its place."""
    inset = style.inset if style.paint == "boxes" else style.inset / 2
    off = [inset + rng.uniform(-style.jitter, style.jitter) for _ in range(4)]
    left, top, right, bottom = table.box(cell)
    left, top, right, bottom = left + off[0], top + off[1], right - off[2], bottom - off[3]

    def paint(canvas: Any, height: float) -> None:
        canvas.setDash()
        if style.paint == "boxes":
            canvas.setStrokeColorRGB(*style.ink)
            canvas.setLineWidth(style.width)
            canvas.rect(left, height - bottom, right - left, bottom - top, stroke=1, fill=0)
            return
        canvas.setFillColorRGB(*style.ink)
        path = canvas.beginPath()
        rim = min(style.width, 1.5)
        path.rect(left, height - bottom, right - left, bottom - top)
        path.rect(left + rim, height - bottom + rim, right - left - 2 * rim, bottom - top - 2 * rim)
        canvas.drawPath(path, stroke=0, fill=1, fillMode=0)

    return paint
