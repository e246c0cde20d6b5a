"""What a page paints, gathered path by path: lines, areas, pictures and the styles of its text.

Whatever reads a fixed-layout format fills a :class:`Painted`; which path is a line and which an area is told here.
"""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass, field
from itertools import pairwise

import numpy as np

from extractors.pdf.content import Colour, Floats, Strokes

#: a, b, c, d, e, f as in PDF: x' = a x + c y + e, y' = b x + d y + f.
Matrix = tuple[float, float, float, float, float, float]
Box = tuple[float, float, float, float]
Point = tuple[float, float]
IDENTITY: Matrix = (1.0, 0.0, 0.0, 1.0, 0.0, 0.0)

#: A painted line is at most this thick, in points; what is thicker is an area.
MAX_LINE = 3.2
#: A line that leans by less than this, in points, is upright.
_UPRIGHT = 0.7


@dataclass(slots=True)
class Painted:
    """What the objects of a page paint, in displayed points.

    ``lines`` are (x0, top, x1, bottom, thickness, is white) of upright strokes; ``styles`` the distinct styles
    of its text (as arguments of :class:`Style`) and ``style_of`` the style of each text object, by its address.
    """

    lines: list[tuple[float, float, float, float, float, bool]] = field(default_factory=list)
    areas: list[Box] = field(default_factory=list)
    area_colours: list[Colour] = field(default_factory=list)
    images: list[Box] = field(default_factory=list)
    styles: dict[tuple[float, Colour, bool], int] = field(default_factory=dict)
    style_of: dict[int, int] = field(default_factory=dict)

    def style(self, angle: float, colour: Colour, hidden: bool) -> int:
        """The index of a style of text."""
        return self.styles.setdefault((angle, colour, hidden), len(self.styles))

    def stroke(self, parts: Sequence[Sequence[Point | None]], width: float, colour: Colour) -> None:
        """Paint the lines between consecutive points of each part; None stands before a point that a curve leads to."""
        white = is_white(colour)
        for part in parts:
            before: Point | None = None
            for point in part:
                if point is not None and before is not None:
                    self._line(before, point, width, white, colour)
                before = point

    def _line(self, start: Point, end: Point, width: float, white: bool, colour: Colour) -> None:
        (x0, y0), (x1, y1) = start, end
        across, down = abs(x1 - x0), abs(y1 - y0)
        if (across > _UPRIGHT and down > _UPRIGHT) or start == end:
            return
        if x1 < x0:
            x0, x1 = x1, x0
        if y1 < y0:
            y0, y1 = y1, y0
        if width <= MAX_LINE:
            self.lines.append((x0, y0, x1, y1, width, white))
        elif across >= down:
            self._area((x0, y0 - width / 2, x1, y1 + width / 2), colour)
        else:
            self._area((x0 - width / 2, y0, x1 + width / 2, y1), colour)

    def fill(self, parts: Sequence[Sequence[Point | None]], colour: Colour) -> None:
        """Paint the area that each part encloses; thin ones are lines."""
        boxes = []
        for part in parts:
            points = [point for point in part if point is not None]
            if len(points) > 1:
                boxes.append((box_of(points), len(points) == len(part) and is_rectangle(points)))
        frames = _frames([box for box, rectangle in boxes if rectangle])
        for box, rectangle in boxes:
            thickness = min(box[2] - box[0], box[3] - box[1])
            if thickness <= MAX_LINE:
                self.lines += [(*line, thickness, is_white(colour)) for line in _middles(box)]
            elif rectangle and box not in frames:
                self._area(box, colour)
        for line in (line for frame in frames.values() for line in frame):
            thickness = min(line[2] - line[0], line[3] - line[1])
            self.lines += [(*middle, thickness, is_white(colour)) for middle in _middles(line)]

    def _area(self, box: Box, colour: Colour) -> None:
        self.areas.append(box)
        self.area_colours.append(colour)

    def boxes(self) -> Floats:
        """The areas, n x 4."""
        return np.array(self.areas).reshape(-1, 4)

    def strokes(self) -> tuple[Strokes, Strokes]:
        """Horizontal and vertical lines; white ones only where they lie on a coloured area."""
        lines = [line for line in self.lines if not line[5] or _on_colour(line, self)]
        flat = [line for line in lines if line[2] - line[0] >= line[3] - line[1]]
        steep = [line for line in lines if line[2] - line[0] <= line[3] - line[1]]
        horizontal = np.array([((y0 + y1) / 2, x0, x1, width) for x0, y0, x1, y1, width, _ in flat]).reshape(-1, 4)
        vertical = np.array([((x0 + x1) / 2, y0, y1, width) for x0, y0, x1, y1, width, _ in steep]).reshape(-1, 4)
        return Strokes(*horizontal.T), Strokes(*vertical.T)

    def share(self, width: float, height: float) -> float:
        """How much of the page the largest picture covers."""
        images = np.array(self.images).reshape(-1, 4)
        if not len(images) or width * height <= 0:
            return 0.0
        sides = np.minimum(images[:, 2:], (width, height)) - np.maximum(images[:, :2], 0)
        return float(np.max(np.prod(np.maximum(sides, 0), axis=1)) / (width * height))


def multiply(first: Matrix, then: Matrix) -> Matrix:
    """The matrix that does ``first`` and then ``then``."""
    a, b, c, d, e, f = first
    g, h, i, j, k, m = then
    return (a * g + b * i, a * h + b * j, c * g + d * i, c * h + d * j, e * g + f * i + k, e * h + f * j + m)


def is_white(colour: Colour) -> bool:
    """Whether a colour can't be told from white paper."""
    return min(colour[:3]) >= 250 or colour[3] <= 8


def at(matrix: Matrix, x: float, y: float) -> Point:
    """Where a matrix brings a point."""
    a, b, c, d, e, f = matrix
    return (a * x + c * y + e, b * x + d * y + f)


def box_of(points: Sequence[Point]) -> Box:
    """The box around points."""
    xs, ys = [x for x, _ in points], [y for _, y in points]
    return (min(xs), min(ys), max(xs), max(ys))


def is_rectangle(points: Sequence[Point]) -> bool:
    """Whether the points go along the sides of an upright rectangle."""
    return 4 <= len(points) <= 6 and all(
        abs(a[0] - b[0]) <= _UPRIGHT or abs(a[1] - b[1]) <= _UPRIGHT for a, b in pairwise(points)
    )


def _middles(box: Box) -> list[Box]:
    """The line along the middle of a thin box; of a dot, which may belong to a line of either direction, both."""
    x0, top, x1, bottom = box
    flat = (x0, (top + bottom) / 2, x1, (top + bottom) / 2)
    steep = ((x0 + x1) / 2, top, (x0 + x1) / 2, bottom)
    if max(x1 - x0, bottom - top) <= MAX_LINE:
        return [flat, steep]
    return [flat] if x1 - x0 >= bottom - top else [steep]


def _frames(boxes: Sequence[Box]) -> dict[Box, list[Box]]:
    """Rectangles with a slightly smaller one inside, which paint a border: the four sides of each."""
    frames: dict[Box, list[Box]] = {}
    for outer, inner in pairwise(boxes):
        big, small = (outer, inner) if outer[2] - outer[0] >= inner[2] - inner[0] else (inner, outer)
        rims = (small[0] - big[0], small[1] - big[1], big[2] - small[2], big[3] - small[3])
        if all(0 <= rim <= MAX_LINE for rim in rims) and max(rims) > 0:
            x0, top, x1, bottom = big
            frames[big] = [
                (x0, top, x1, small[1]), (x0, small[3], x1, bottom),
                (x0, top, small[0], bottom), (small[2], top, x1, bottom),
            ]  # fmt: skip
            frames[small] = []
    return frames


def _on_colour(line: tuple[float, float, float, float, float, bool], painted: Painted) -> bool:
    x, y = (line[0] + line[2]) / 2, (line[1] + line[3]) / 2
    return any(
        min(colour[:3]) < 250 and box[0] - 1 <= x <= box[2] + 1 and box[1] - 1 <= y <= box[3] + 1
        for box, colour in zip(painted.areas, painted.area_colours, strict=True)
    )
