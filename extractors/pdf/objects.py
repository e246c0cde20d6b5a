"""The objects of a PDF page: how its text is painted, its lines, areas and pictures.

A page has hundreds of objects, and each takes several calls into pdfium. They are made for many objects at a time,
one kind of call after the other: object by object, most of their time is Python's.
"""

from __future__ import annotations

import math
from collections.abc import Sequence
from itertools import compress, repeat
from typing import Any

import numpy as np
import pypdfium2.raw as pdfium_c

from extractors.pdf import raw
from extractors.pdf.content import Colour
from extractors.pdf.limits import LimitError, Limits
from extractors.pdf.painted import Matrix, Painted, Point, at, box_of, multiply
from extractors.pdf.paths import paint_paths

#: Forms nested deeper than this are no document but an attack. pdfium stops at about half of it.
_MAX_DEPTH = 64
#: Of type, so much of its size stands above the baseline that what is over it tells no character from another.
_MOST_OF_TYPE = 0.6
#: Render modes of text (ISO 32000-1, table 106).
_STROKED = 1
_INVISIBLE = 3
_CLIP_ONLY = 7
#: What pdfium gives for the render mode of what is no text.
_NO_TEXT = -1


def read_objects(page: int, display: Matrix, limits: Limits) -> Painted:
    """What a page paints; ``page`` is its address, ``display`` brings its points to the displayed page.

    Raises :class:`extractors.pdf.limits.LimitError` for a page beyond the limits.
    """
    reader = _ObjectReader(Painted(), limits)
    reader.read(raw.reference(page), raw.page_object, raw.page_count_objects(page), display, 0)
    return reader.painted


class _ObjectReader:
    def __init__(self, painted: Painted, limits: Limits) -> None:
        self.painted = painted
        self.limits = limits

    def read(self, owner: Any, get: Any, count: int, matrix: Matrix, depth: int) -> None:
        """Read the objects of a page or a form; ``get`` gives the one with an index, of an ``owner`` as it takes it."""
        self.limits.count_objects(count)
        for start in range(0, count, raw.BATCH):
            self.limits.check_time()
            numbers = range(start, min(start + raw.BATCH, count))
            self._batch([*filter(None, map(get, repeat(owner), numbers))], matrix, depth)

    def _batch(self, handles: list[int], matrix: Matrix, depth: int) -> None:
        modes = [*map(raw.text_mode, handles)]
        others = [handle for handle, mode in zip(handles, modes, strict=True) if mode == _NO_TEXT]
        if others:
            texts = [mode != _NO_TEXT for mode in modes]
            handles, modes = [*compress(handles, texts)], [*compress(modes, texts)]
        self._texts(handles, modes, matrix)
        self._others(others, matrix, depth)

    def _others(self, handles: Sequence[int], matrix: Matrix, depth: int) -> None:
        """Paint paths, pictures and forms."""
        paths: list[int] = []
        for handle in handles:
            kind = raw.object_type(handle)
            if kind == pdfium_c.FPDF_PAGEOBJ_PATH:
                paths.append(handle)
            elif kind == pdfium_c.FPDF_PAGEOBJ_IMAGE:
                # An image fills the unit square of its own matrix.
                own = multiply(_matrix(handle), matrix)
                self.painted.images.append(box_of([at(own, x, y) for x in (0, 1) for y in (0, 1)]))
            elif kind == pdfium_c.FPDF_PAGEOBJ_FORM:
                if depth == _MAX_DEPTH:
                    raise LimitError(f"its forms are nested more than {_MAX_DEPTH} deep")
                # What stands before the form is painted before it.
                paint_paths(paths, matrix, self.painted, self.limits)
                paths = []
                own = multiply(_matrix(handle), matrix)
                self.read(handle, raw.form_object, raw.form_count(handle), own, depth + 1)
        paint_paths(paths, matrix, self.painted, self.limits)

    def _texts(self, handles: Sequence[int], modes: Sequence[int], matrix: Matrix) -> None:
        """Note the style of each text."""
        if _STROKED not in modes:
            self._styles(handles, modes, raw.fill_colour, matrix)
            return
        stroked = [mode == _STROKED for mode in modes]
        for flags, colour in ((stroked, raw.stroke_colour), ([not flag for flag in stroked], raw.fill_colour)):
            self._styles([*compress(handles, flags)], [*compress(modes, flags)], colour, matrix)

    def _styles(self, handles: Sequence[int], modes: Sequence[int], get_colour: Any, matrix: Matrix) -> None:
        """Note the style of each text; ``get_colour`` gives the colour that it shows.

        A page has hundreds of texts and a few styles: most texts look like the one before.
        """
        count = len(handles)
        if not count:
            return
        raw.run(map(raw.object_matrix, handles, *raw.MATRICES.places))
        coloured = [*map(get_colour, handles, *raw.COLOURS.places)]
        matrices, colours = raw.MATRICES.answers(count), raw.COLOURS.answers(count)
        looks = np.empty((count, 10), np.uint32)
        looks[:, :4], looks[:, 4:8], looks[:, 8], looks[:, 9] = (
            matrices.view(np.uint32)[:, :4],
            colours,
            modes,
            coloured,
        )
        starts = [0, *((looks[1:] != looks[:-1]).any(axis=1).nonzero()[0] + 1).tolist()]
        known: dict[bytes, int] = {}
        styles = []
        for start in starts:
            key = looks[start].tobytes()
            if key not in known:
                colour = tuple(colours[start].tolist()) if coloured[start] else (0, 0, 0, 255)
                known[key] = self._style(matrices[start].tolist(), colour, modes[start], matrix)
            styles.append(known[key])
        self.painted.style_of.update(zip(handles, np.repeat(styles, np.diff([*starts, count])).tolist(), strict=True))
        self._hide_clipped(handles)

    def _style(self, own: Sequence[float], colour: Colour, mode: int, matrix: Matrix) -> int:
        a, b = _direction(own, matrix)
        angle = 0.0 if b == 0 and a > 0 else round(math.degrees(math.atan2(-b, a)), 1) % 360
        return self.painted.style(angle, colour, mode in (_INVISIBLE, _CLIP_ONLY) or colour[3] == 0)

    def _hide_clipped(self, handles: Sequence[int]) -> None:
        """Note of the texts that are clipped away that they are hidden."""
        clips = [*map(raw.object_clip, handles)]
        counts = [*map(raw.clip_count, clips)]
        if max(counts) <= 0:
            return
        of = self.painted.style_of
        for handle, clip, count in zip(handles, clips, counts, strict=True):
            if count > 0 and _is_clipped(handle, clip, count):
                angle, colour, _ = list(self.painted.styles)[of[handle]]
                of[handle] = self.painted.style(angle, colour, True)


def _matrix(handle: int) -> Matrix:
    raw.object_matrix(handle, raw.MATRICES.places[0][0])
    a, b, c, d, e, f = raw.MATRICES.answers(1)[0].tolist()
    return a, b, c, d, e, f


def _is_clipped(handle: int, clip: int, clips: int) -> bool:
    """Whether a text begins outside of the rectangle that it is clipped to, by its size, or little of it is inside.

    Of upright text whose baseline is above the rectangle, or farther below it than most of its type is high, nothing
    can be read.
    """
    a, b, c, d, x, y = _matrix(handle)
    raw.font_size(handle, raw.WIDTHS.places[0][0])
    room = max(abs(a), abs(b), abs(c), abs(d)) * float(raw.WIDTHS.answers(1)[0, 0])
    below, above = (_MOST_OF_TYPE * room, 0.0) if b == 0 == c and d > 0 else (room, room)
    xs, ys = raw.POINTS.places
    for index in range(clips):
        if not 4 <= raw.clip_segments(clip, index) <= 5:
            continue  # no rectangle: what is behind it shows somewhere
        raw.segment_point(raw.clip_segment(clip, index, 0), xs[0], ys[0])
        raw.segment_point(raw.clip_segment(clip, index, 2), xs[1], ys[1])
        (x0, y0), (x1, y1) = raw.POINTS.answers(2).tolist()
        if not (min(x0, x1) - room <= x <= max(x0, x1) + room and min(y0, y1) - below <= y <= max(y0, y1) + above):
            return True
    return False


def _direction(own: Sequence[float], then: Matrix) -> Point:
    """Where the x axis of a text points to on the displayed page; small leanings are none."""
    a, b = own[0] * then[0] + own[1] * then[2], own[0] * then[1] + own[1] * then[3]
    size = abs(a) + abs(b)
    return (a, b) if abs(b) > 0.01 * size else (a, 0.0)
