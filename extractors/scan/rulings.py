"""The rulings of a straightened page.

Ink that runs level (or upright) for longer than the strokes of characters do, thin and even, is a ruling. Short ones,
which strokes of characters are like, count where they join other rulings. What is broken is joined where no other
ruling says that it ends there.
"""

from __future__ import annotations

import cv2

from extractors.scan.joins import chained, joined, settled
from extractors.scan.light import black_of
from extractors.scan.model import Ruling, Straight
from extractors.scan.pieces import Evidence, Pieces, pieces_of

#: Rulings are looked for on a picture of at most so many dots to the inch.
_DPI = 200.0


def find_rulings(straight: Straight) -> list[Ruling]:
    """The rulings of a page, the level ones first; double ones are two, or one where the scan shows one."""
    grey, scale = straight.pixels, 1.0
    if straight.dpi > 1.25 * _DPI:
        scale = straight.dpi / _DPI
        size = (round(grey.shape[1] / scale), round(grey.shape[0] / scale))
        grey = cv2.resize(grey, size, interpolation=cv2.INTER_AREA).astype(grey.dtype)
    dpi = straight.dpi / scale
    point, black = dpi / 72, black_of(grey)
    sideways = cv2.transpose(grey).astype(grey.dtype, copy=False)
    level, standing = (chained(pieces_of(own, dpi, black), point) for own in (grey, sideways))
    level, standing = settled(level, standing, point)
    level, standing = (
        joined(level, standing, Evidence(grey, black, point), point),
        joined(standing, level, Evidence(sideways, black, point), point),
    )
    return [*_rulings(level, True, scale), *_rulings(standing, False, scale)]


def _rulings(pieces: Pieces, horizontal: bool, scale: float) -> list[Ruling]:
    columns = (pieces.at, pieces.start, pieces.end, pieces.thickness)
    return [Ruling(horizontal, *(scale * value for value in row)) for row in zip(*map(list, columns), strict=True)]
