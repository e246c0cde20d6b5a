"""The objects of a PDF page: how its text is painted, its lines, areas and pictures."""

from __future__ import annotations

import math
from collections.abc import Sequence
from dataclasses import dataclass, field
from itertools import pairwise
from typing import Any

import pypdfium2.raw as pdfium_c

from extractors.pdf import raw
from extractors.pdf.content import Colour
from extractors.pdf.limits import LimitError, Limits

#: a, b, c, d, e, f as in PDF: x' = a x + c y + e, y' = b x + d y + f.
Matrix = tuple[float, float, float, float, float, float]
Box = tuple[float, float, float, float]
Point = tuple[float, float]
IDENTITY: Matrix = (1.0, 0.0, 0.0, 1.0, 0.0, 0.0)

#: A painted line is at most this thick, in points; what is thicker is an area.
MAX_LINE = 3.2
#: A line that leans by less than this, in points, is upright.
_UPRIGHT = 0.7
#: Forms nested deeper than this are no document but an attack. pdfium stops at about half of it.
_MAX_DEPTH = 64
#: A text whose origin is this many units of its own space outside of its clip does not show (type is 8-16 of them).
_CLIP_ROOM = 16.0
#: Time is looked at once in so many objects.
_EVERY = 1024
#: Render modes of text (ISO 32000-1, table 106).
_STROKED = 1
_INVISIBLE = 3
_CLIP_ONLY = 7


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


def multiply(first: Matrix, then: Matrix) -> Matrix:
    """The matrix that does ``first`` and then ``then``."""
    a, b, c, d, e, f = first
    g, h, i, j, k, m = then
    return (a * g + b * i, a * h + b * j, c * g + d * i, c * h + d * j, e * g + f * i + k, e * h + f * j + m)


def read_objects(page: int, display: Matrix, limits: Limits) -> Painted:
    """What a page paints; ``page`` is its address, ``display`` brings its points to the displayed page.

    Raises :class:`extractors.pdf.limits.LimitError` for a page beyond the limits.
    """
    painted = Painted()
    reader = _ObjectReader(painted, limits)
    reader.read(page, raw.page_object, raw.page_count_objects(page), display, 0)
    return painted


class _ObjectReader:
    def __init__(self, painted: Painted, limits: Limits) -> None:
        self.painted = painted
        self.limits = limits
        self.out = raw.Out()

    def read(self, owner: int, get: Any, count: int, matrix: Matrix, depth: int) -> None:
        """Read the objects of a page or a form; ``get`` gives the one with an index."""
        self.limits.count_objects(count)
        styles: dict[tuple[bytes, int], int] = {}
        for index in range(count):
            handle = get(owner, index)
            kind = raw.object_type(handle) if handle is not None else None
            if kind == pdfium_c.FPDF_PAGEOBJ_TEXT:
                self._text(handle, matrix, styles)
            elif kind == pdfium_c.FPDF_PAGEOBJ_PATH:
                self._path(handle, matrix)
            elif kind == pdfium_c.FPDF_PAGEOBJ_IMAGE:
                # An image fills the unit square of its own matrix.
                own = multiply(self._matrix(handle), matrix)
                self.painted.images.append(_box([_at(own, x, y) for x in (0, 1) for y in (0, 1)]))
            elif kind == pdfium_c.FPDF_PAGEOBJ_FORM:
                if depth == _MAX_DEPTH:
                    raise LimitError(f"its forms are nested more than {_MAX_DEPTH} deep")
                own = multiply(self._matrix(handle), matrix)
                self.read(handle, raw.form_object, raw.form_count(handle), own, depth + 1)
            if index % _EVERY == 0:
                self.limits.check_time()

    def _matrix(self, handle: int) -> Matrix:
        floats = self.out.floats
        raw.object_matrix(handle, self.out.float_at[0])
        return (floats[0], floats[1], floats[2], floats[3], floats[4], floats[5])

    def _colour(self, handle: int, of_stroke: bool = False) -> Colour:
        get = raw.stroke_colour if of_stroke else raw.fill_colour
        uints = self.out.uints
        if not get(handle, *self.out.uint_at):
            return (0, 0, 0, 255)
        return (uints[0], uints[1], uints[2], uints[3])

    def _text(self, handle: int, matrix: Matrix, styles: dict[tuple[bytes, int], int]) -> None:
        """Note the style of a text; ``styles`` are those met before among the same objects.

        A page has hundreds of texts and a few styles: one look at the bytes of matrix and colour knows most.
        """
        out = self.out
        raw.object_matrix(handle, out.float_at[0])
        mode = raw.text_mode(handle)
        has_colour = (raw.stroke_colour if mode == _STROKED else raw.fill_colour)(handle, *out.uint_at)
        key = (out.look, mode) if has_colour else (b"", mode)
        style = styles.get(key)
        if style is None:
            colour: Colour = tuple(out.uints) if has_colour else (0, 0, 0, 255)
            a, b = _direction(tuple(out.floats), matrix)
            angle = 0.0 if b == 0 and a > 0 else round(math.degrees(math.atan2(-b, a)), 1) % 360
            style = styles[key] = self._style(angle, colour, mode in (_INVISIBLE, _CLIP_ONLY) or colour[3] == 0)
        clip = raw.object_clip(handle)
        if (clips := raw.clip_count(clip) if clip else 0) > 0 and self._is_clipped(clip, clips):
            angle, colour, _ = list(self.painted.styles)[style]
            style = self._style(angle, colour, True)
        self.painted.style_of[handle] = style

    def _style(self, angle: float, colour: Colour, hidden: bool) -> int:
        return self.painted.styles.setdefault((angle, colour, hidden), len(self.painted.styles))

    def _is_clipped(self, clip: int, clips: int) -> bool:
        """Whether the text begins outside of the rectangle that it is clipped to, by more than its size."""
        floats, at = self.out.floats, self.out.float_at
        a, b, c, d, x, y = floats
        room = max(abs(a), abs(b), abs(c), abs(d)) * _CLIP_ROOM
        for index in range(clips):
            if not 4 <= raw.clip_segments(clip, index) <= 5:
                continue  # no rectangle: what is behind it shows somewhere
            raw.segment_point(raw.clip_segment(clip, index, 0), at[0], at[1])
            raw.segment_point(raw.clip_segment(clip, index, 2), at[2], at[3])
            x0, y0, x1, y1 = floats[:4]
            if not (min(x0, x1) - room <= x <= max(x0, x1) + room and min(y0, y1) - room <= y <= max(y0, y1) + room):
                return True
        return False

    def _path(self, handle: int, matrix: Matrix) -> None:
        out = self.out
        if not raw.path_mode(handle, out.int_at[0], out.int_at[1]):
            return
        filled, stroked = out.ints[0] != 0, out.ints[1] != 0
        if not filled and not stroked:
            return
        own = multiply(self._matrix(handle), matrix)
        parts = self._subpaths(handle, own)
        if stroked and (colour := self._colour(handle, of_stroke=True))[3] > 0:
            raw.stroke_width(handle, out.float_at[0])
            width = out.floats[0] * math.sqrt(abs(own[0] * own[3] - own[1] * own[2]))
            self._stroke(parts, width, colour)
        if filled and (colour := self._colour(handle))[3] > 0:
            self._fill(parts, colour)

    def _subpaths(self, handle: int, matrix: Matrix) -> list[list[Point | None]]:
        """The points of each part of a path; None stands before a point that a curve leads to."""
        parts: list[list[Point | None]] = []
        floats, at = self.out.floats, self.out.float_at
        a, b, c, d, e, f = matrix
        count = raw.path_count(handle)
        self.limits.count_segments(count)
        curve = 0
        segment = None
        for index in range(count):
            before, segment = segment, raw.path_segment(handle, index)
            kind = raw.segment_type(segment)
            raw.segment_point(segment, at[0], at[1])
            x, y = floats[0], floats[1]
            point = (a * x + c * y + e, b * x + d * y + f)
            if kind == pdfium_c.FPDF_SEGMENT_MOVETO or not parts:
                if parts and raw.segment_closes(before):
                    parts[-1].append(parts[-1][0])
                parts.append([point])
                curve = 0
            elif kind == pdfium_c.FPDF_SEGMENT_BEZIERTO:
                curve = (curve + 1) % 3  # a curve is given by its two control points and its end
                if curve == 0:
                    parts[-1] += [None, point]
            else:
                parts[-1].append(point)
        if segment is not None and raw.segment_closes(segment):
            parts[-1].append(parts[-1][0])
        return parts

    def _stroke(self, parts: Sequence[Sequence[Point | None]], width: float, colour: Colour) -> None:
        white = is_white(colour)
        for part in parts:
            before: Point | None = None
            for point in part:
                if point is not None and before is not None:
                    self._line(before, point, width, white, colour)
                before = point

    def _line(self, start: Point, end: Point, width: float, white: bool, colour: Colour) -> None:
        (x0, y0), (x1, y1) = start, end
        if min(abs(x1 - x0), abs(y1 - y0)) > _UPRIGHT or start == end:
            return
        box = (min(x0, x1), min(y0, y1), max(x0, x1), max(y0, y1))
        if width > MAX_LINE:
            half = width / 2
            flat = abs(x1 - x0) >= abs(y1 - y0)
            self._area(
                (box[0], box[1] - half, box[2], box[3] + half)
                if flat
                else (box[0] - half, box[1], box[2] + half, box[3]),
                colour,
            )
        else:
            self.painted.lines.append((*box, width, white))

    def _fill(self, parts: Sequence[Sequence[Point | None]], colour: Colour) -> None:
        boxes = []
        for part in parts:
            points = [point for point in part if point is not None]
            if len(points) > 1:
                boxes.append((_box(points), len(points) == len(part) and _is_rectangle(points)))
        frames = _frames([box for box, rectangle in boxes if rectangle])
        for box, rectangle in boxes:
            thickness = min(box[2] - box[0], box[3] - box[1])
            if thickness <= MAX_LINE:
                self.painted.lines += [(*line, thickness, is_white(colour)) for line in _middles(box)]
            elif rectangle and box not in frames:
                self._area(box, colour)
        for line in (line for frame in frames.values() for line in frame):
            thickness = min(line[2] - line[0], line[3] - line[1])
            self.painted.lines += [(*middle, thickness, is_white(colour)) for middle in _middles(line)]

    def _area(self, box: Box, colour: Colour) -> None:
        self.painted.areas.append(box)
        self.painted.area_colours.append(colour)


def is_white(colour: Colour) -> bool:
    """Whether a colour can't be told from white paper."""
    return min(colour[:3]) >= 250 or colour[3] <= 8


def _direction(own: Sequence[float], then: Matrix) -> Point:
    """Where the x axis of a text points to on the displayed page; small leanings are none."""
    a, b = own[0] * then[0] + own[1] * then[2], own[0] * then[1] + own[1] * then[3]
    size = abs(a) + abs(b)
    return (a, b) if abs(b) > 0.01 * size else (a, 0.0)


def _at(matrix: Matrix, x: float, y: float) -> Point:
    a, b, c, d, e, f = matrix
    return (a * x + c * y + e, b * x + d * y + f)


def _box(points: Sequence[Point]) -> Box:
    xs, ys = [x for x, _ in points], [y for _, y in points]
    return (min(xs), min(ys), max(xs), max(ys))


def _is_rectangle(points: Sequence[Point]) -> bool:
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
