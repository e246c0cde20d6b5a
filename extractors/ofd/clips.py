"""What clips hide on an OFD page (GB/T 33190-2016, 8.4)."""

from __future__ import annotations

from collections.abc import Sequence

from lxml import etree

from extractors.ofd.paths import extent, subpaths
from extractors.ofd.values import child, children, place, said
from extractors.pdf.painted import Box, Matrix, multiply

#: What lies outside of its clip by more than this, in points, does not show.
_CLIP_ROOM = 2.0


def is_clipped(clips: etree._Element, bounds: Box, spaces: Sequence[Matrix]) -> bool:
    """Whether something lies outside of one of its clips, in whichever space that is measured."""
    for _, clip in children(clips):
        areas = [inner for name, area in children(clip) if name == "Area" for inner in [(area, child(area, "Path"))]]
        shown = [_touches(area, path, matrix, bounds) for area, path in areas if path is not None for matrix in spaces]
        if shown and not any(shown):
            return True
    return False


def _touches(area: etree._Element, path: etree._Element, matrix: Matrix, bounds: Box) -> bool:
    """Whether an area to clip to, in the space of the matrix, reaches a box on the page."""
    inner = multiply(place(path), multiply(place(area), matrix))
    clip = extent(subpaths(said(child(path, "AbbreviatedData")), inner))
    if clip is None:
        return True
    return (
        clip[0] - _CLIP_ROOM <= bounds[2] and bounds[0] <= clip[2] + _CLIP_ROOM
        and clip[1] - _CLIP_ROOM <= bounds[3] and bounds[1] <= clip[3] + _CLIP_ROOM
    )  # fmt: skip
