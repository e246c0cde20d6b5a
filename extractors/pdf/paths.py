"""The paths of a PDF page: the lines and areas that they paint, many of them at a time."""

from __future__ import annotations

from collections.abc import Sequence
from itertools import accumulate, chain, compress, pairwise, repeat
from typing import Any

import numpy as np
import pypdfium2.raw as pdfium_c

from extractors.pdf import raw
from extractors.pdf.content import Colour, Floats
from extractors.pdf.limits import Limits
from extractors.pdf.painted import Matrix, Painted, Point

#: The points of a part of a path; None stands before a point that a curve leads to.
Part = list[Point | None]


def paint_paths(handles: Sequence[int], matrix: Matrix, painted: Painted, limits: Limits) -> None:
    """Paint the paths at these addresses, at most a batch, in this order; ``matrix`` is that of the form around them.

    Raises :class:`extractors.pdf.limits.LimitError` for paths beyond the limits.
    """
    if not handles:
        return
    known = [*map(raw.path_mode, handles, *raw.MODES.places)]
    modes = zip(handles, known, raw.MODES.answers(len(handles)).tolist(), strict=True)
    shown = [(handle, filled, stroked) for handle, has, (filled, stroked) in modes if has and (filled or stroked)]
    if not shown:
        return
    paths = [handle for handle, _, _ in shown]
    matrices = _matrices(paths, matrix)
    parts = _parts(paths, matrices, limits)
    fills, strokes = [filled != 0 for _, filled, _ in shown], [stroked != 0 for _, _, stroked in shown]
    lines, areas = [*compress(paths, strokes)], [*compress(paths, fills)]
    line_colours, area_colours = iter(_colours(raw.stroke_colour, lines)), iter(_colours(raw.fill_colour, areas))
    widths = iter(_widths(lines, matrices[:, strokes]))
    for own, filled, stroked in zip(parts, fills, strokes, strict=True):
        if stroked:
            width, colour = next(widths), next(line_colours)
            if colour[3] > 0:
                painted.stroke(own, width, colour)
        if filled and (colour := next(area_colours))[3] > 0:
            painted.fill(own, colour)


def _matrices(handles: Sequence[int], then: Matrix) -> Floats:
    """The matrix of each object followed by another one, 6 x n."""
    raw.run(map(raw.object_matrix, handles, *raw.MATRICES.places))
    a, b, c, d, e, f = raw.MATRICES.answers(len(handles)).T.astype(np.float64)
    g, h, i, j, k, m = then
    return np.array([a * g + b * i, a * h + b * j, c * g + d * i, c * h + d * j, e * g + f * i + k, e * h + f * j + m])


def _colours(get: Any, handles: Sequence[int]) -> list[Colour]:
    known = [*map(get, handles, *raw.COLOURS.places)]
    colours = raw.COLOURS.answers(len(handles)).tolist()
    return [(r, g, b, a) if has else (0, 0, 0, 255) for has, (r, g, b, a) in zip(known, colours, strict=True)]


def _widths(handles: Sequence[int], matrices: Floats) -> list[float]:
    """How thick each path is stroked, displayed; ``matrices`` (6 x n) as those of :func:`_matrices`."""
    raw.run(map(raw.stroke_width, handles, *raw.WIDTHS.places))
    a, b, c, d, _, _ = matrices
    widths: list[float] = (
        raw.WIDTHS.answers(len(handles))[:, 0].astype(np.float64) * np.sqrt(abs(a * d - b * c))
    ).tolist()
    return widths


def _parts(handles: Sequence[int], matrices: Floats, limits: Limits) -> list[list[Part]]:
    """The parts of each path, displayed."""
    counts = [*map(raw.path_count, handles)]
    limits.count_segments(sum(counts))
    owners, numbers = chain.from_iterable(map(repeat, handles, counts)), chain.from_iterable(map(range, counts))
    segments = [*map(raw.path_segment, owners, numbers)]
    kinds = [*map(raw.segment_type, segments)]
    points = _points(segments, np.repeat(matrices, counts, axis=1))
    ends = pairwise(accumulate(counts, initial=0))
    return [_parts_of(kinds[start:end], points[start:end], segments[start:end]) for start, end in ends]


def _points(segments: Sequence[int], matrices: Floats) -> list[Point]:
    """The points of segments, each with its matrix (6 x n), displayed."""
    own = np.empty((len(segments), 2))
    for start in range(0, len(segments), raw.BATCH):
        batch = segments[start : start + raw.BATCH]
        raw.run(map(raw.segment_point, batch, *raw.POINTS.places))
        own[start : start + raw.BATCH] = raw.POINTS.answers(len(batch))
    x, y = own.T
    a, b, c, d, e, f = matrices
    return [*zip((a * x + c * y + e).tolist(), (b * x + d * y + f).tolist(), strict=True)]


def _parts_of(kinds: Sequence[int], points: Sequence[Point], segments: Sequence[int]) -> list[Part]:
    """The parts of one path, from the types of its segments, their points and their addresses."""
    if pdfium_c.FPDF_SEGMENT_MOVETO not in kinds[1:] and pdfium_c.FPDF_SEGMENT_BEZIERTO not in kinds:
        return [_closed([*points], segments[-1])] if points else []
    parts: list[Part] = []
    curve = 0
    for index, (kind, point) in enumerate(zip(kinds, points, strict=True)):
        if kind == pdfium_c.FPDF_SEGMENT_MOVETO or not parts:
            if parts:
                _closed(parts[-1], segments[index - 1])
            parts.append([point])
            curve = 0
        elif kind == pdfium_c.FPDF_SEGMENT_BEZIERTO:
            curve = (curve + 1) % 3  # a curve is given by its two control points and its end
            if curve == 0:
                parts[-1] += [None, point]
        else:
            parts[-1].append(point)
    _closed(parts[-1], segments[-1])
    return parts


def _closed(part: Part, last: int) -> Part:
    """The part, back at its first point where its last segment (by its address) closes it."""
    if raw.segment_closes(last):
        part.append(part[0])
    return part
