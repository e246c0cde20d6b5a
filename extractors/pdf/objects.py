"""The objects of a PDF page: how its text is painted, its lines, areas and pictures."""

from __future__ import annotations

import math
from collections.abc import Sequence
from typing import Any

import pypdfium2.raw as pdfium_c

from extractors.pdf import raw
from extractors.pdf.content import Colour
from extractors.pdf.limits import LimitError, Limits
from extractors.pdf.painted import Matrix, Painted, Point, at, box_of, multiply

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
#: What tells how a text looks: the bytes of its colour and matrix (None without a colour), and its mode.
_Key = tuple[tuple[bytes] | None, int]


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
        styles: dict[_Key, int] = {}
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
                self.painted.images.append(box_of([at(own, x, y) for x in (0, 1) for y in (0, 1)]))
            elif kind == pdfium_c.FPDF_PAGEOBJ_FORM:
                if depth == _MAX_DEPTH:
                    raise LimitError(f"its forms are nested more than {_MAX_DEPTH} deep")
                own = multiply(self._matrix(handle), matrix)
                self.read(handle, raw.form_object, raw.form_count(handle), own, depth + 1)
            if index % _EVERY == 0:
                self.limits.check_time()

    def _matrix(self, handle: int) -> Matrix:
        raw.object_matrix(handle, self.out.float_at[0])
        matrix: Matrix = self.out.matrix()
        return matrix

    def _colour(self, handle: int, of_stroke: bool = False) -> Colour:
        get = raw.stroke_colour if of_stroke else raw.fill_colour
        colour: Colour = self.out.colour() if get(handle, *self.out.uint_at) else (0, 0, 0, 255)
        return colour

    def _text(self, handle: int, matrix: Matrix, styles: dict[_Key, int]) -> None:
        """Note the style of a text; ``styles`` are those met before among the same objects.

        A page has hundreds of texts and a few styles: one look at the bytes of matrix and colour knows most.
        """
        out = self.out
        raw.object_matrix(handle, out.float_at[0])
        mode = raw.text_mode(handle)
        has_colour = (raw.stroke_colour if mode == _STROKED else raw.fill_colour)(handle, *out.uint_at)
        key = (out.look() if has_colour else None, mode)
        style = styles.get(key)
        if style is None:
            colour: Colour = out.colour() if has_colour else (0, 0, 0, 255)
            a, b = _direction(out.matrix(), matrix)
            angle = 0.0 if b == 0 and a > 0 else round(math.degrees(math.atan2(-b, a)), 1) % 360
            style = styles[key] = self.painted.style(angle, colour, mode in (_INVISIBLE, _CLIP_ONLY) or colour[3] == 0)
        clip = raw.object_clip(handle)
        if (clips := raw.clip_count(clip) if clip else 0) > 0 and self._is_clipped(clip, clips):
            angle, colour, _ = list(self.painted.styles)[style]
            style = self.painted.style(angle, colour, True)
        self.painted.style_of[handle] = style

    def _is_clipped(self, clip: int, clips: int) -> bool:
        """Whether the text begins outside of the rectangle that it is clipped to, by more than its size."""
        at = self.out.float_at
        a, b, c, d, x, y = self.out.matrix()
        room = max(abs(a), abs(b), abs(c), abs(d)) * _CLIP_ROOM
        for index in range(clips):
            if not 4 <= raw.clip_segments(clip, index) <= 5:
                continue  # no rectangle: what is behind it shows somewhere
            raw.segment_point(raw.clip_segment(clip, index, 0), at[0], at[1])
            raw.segment_point(raw.clip_segment(clip, index, 2), at[2], at[3])
            x0, y0, x1, y1 = self.out.box()
            if not (min(x0, x1) - room <= x <= max(x0, x1) + room and min(y0, y1) - room <= y <= max(y0, y1) + room):
                return True
        return False

    def _path(self, handle: int, matrix: Matrix) -> None:
        out = self.out
        if not raw.path_mode(handle, out.int_at[0], out.int_at[1]):
            return
        filled, stroked = out.mode()
        if not filled and not stroked:
            return
        own = multiply(self._matrix(handle), matrix)
        parts = self._subpaths(handle, own)
        if stroked and (colour := self._colour(handle, of_stroke=True))[3] > 0:
            raw.stroke_width(handle, out.float_at[0])
            width = out.number()[0] * math.sqrt(abs(own[0] * own[3] - own[1] * own[2]))
            self.painted.stroke(parts, width, colour)
        if filled and (colour := self._colour(handle))[3] > 0:
            self.painted.fill(parts, colour)

    def _subpaths(self, handle: int, matrix: Matrix) -> list[list[Point | None]]:
        """The points of each part of a path; None stands before a point that a curve leads to."""
        parts: list[list[Point | None]] = []
        get_point, (x_at, y_at, *_) = self.out.point, self.out.float_at
        a, b, c, d, e, f = matrix
        count = raw.path_count(handle)
        self.limits.count_segments(count)
        curve = 0
        segment = None
        for index in range(count):
            before, segment = segment, raw.path_segment(handle, index)
            kind = raw.segment_type(segment)
            raw.segment_point(segment, x_at, y_at)
            x, y = get_point()
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


def _direction(own: Sequence[float], then: Matrix) -> Point:
    """Where the x axis of a text points to on the displayed page; small leanings are none."""
    a, b = own[0] * then[0] + own[1] * then[2], own[0] * then[1] + own[1] * then[3]
    size = abs(a) + abs(b)
    return (a, b) if abs(b) > 0.01 * size else (a, 0.0)
