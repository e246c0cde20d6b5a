"""The picture of a page made upright, level and white."""

from __future__ import annotations

import cv2
import numpy as np

from extractors.scan.direction import Judge, lines_stand, upside_down
from extractors.scan.light import WHITE, clean_edges, evenly_lit, without_seals
from extractors.scan.model import Matrix, Picture, Pixels, Straight
from extractors.scan.skew import skew_of

#: What is less crooked than this, in degrees, is level: rotating would only blur it.
_LEVEL = 0.02
#: The angle is looked for on a picture of at most so many dots to the inch.
_ANGLE_DPI = 200.0


def straighten(picture: Picture, judge: Judge | None = None) -> Straight:
    """The page upright and level, grey, its paper white, without seals and the dirt along its edges.

    ``judge`` is asked how well some lines of the page can be read, as they stand and on their heads; without it a page
    is taken to stand upright (or, where it lies on its side, to do so after a turn by 90 degrees clockwise).
    """
    grey = clean_edges(evenly_lit(without_seals(picture.pixels), picture.dpi), picture.dpi)
    turned = 90 if lines_stand(grey, picture.dpi) else 0
    upright = _turned(grey, turned)
    skew = skew_of(WHITE - _reduced(upright, picture.dpi))
    skew = 0.0 if abs(skew) < _LEVEL else skew
    level, back = _rotated(upright, skew)
    if judge is not None and upside_down(level, picture.dpi, judge):
        turned += 180
        level, back = _rotated(_turned(grey, turned), skew)
    to_picture = _square(_turning(turned, grey.shape[1], grey.shape[0]))
    to_page = picture.to_page @ to_picture @ _square(back)
    return Straight(picture.page, level, picture.dpi, to_page, picture.width, picture.height, turned, skew)


def _turned(grey: Pixels, turned: int) -> Pixels:
    """The picture turned clockwise."""
    return np.ascontiguousarray(np.rot90(grey, -turned // 90)) if turned else grey


def _reduced(grey: Pixels, dpi: float) -> Pixels:
    if dpi <= 1.25 * _ANGLE_DPI:
        return grey
    size = (round(grey.shape[1] * _ANGLE_DPI / dpi), round(grey.shape[0] * _ANGLE_DPI / dpi))
    return cv2.resize(grey, size, interpolation=cv2.INTER_AREA)  # type: ignore[return-value]


def _rotated(grey: Pixels, skew: float) -> tuple[Pixels, Matrix]:
    """The picture rotated clockwise on a sheet that takes all of it, and the matrix from that to the one given."""
    height, width = grey.shape
    if not skew:
        return grey, np.array([[1.0, 0, 0], [0, 1.0, 0]])
    cos, sin = np.cos(np.radians(skew)), np.sin(np.radians(skew))
    wide, high = int(np.ceil(width * cos + height * abs(sin))), int(np.ceil(height * cos + width * abs(sin)))
    turn = np.array([[cos, sin], [-sin, cos]])
    back = np.column_stack([turn, np.array([width, height]) / 2 - turn @ np.array([wide, high]) / 2])
    # OpenCV counts from the middle of the first pixel, we from its edge.
    middles = back.copy()
    middles[:, 2] += turn @ (0.5, 0.5) - 0.5
    flags = cv2.INTER_LINEAR | cv2.WARP_INVERSE_MAP
    level = cv2.warpAffine(grey, middles, (wide, high), flags=flags, borderValue=(WHITE,))
    return level, back  # type: ignore[return-value]


def _turning(turned: int, width: int, height: int) -> Matrix:
    """From pixels of the turned picture to those of the one of this size that was turned clockwise."""
    match turned:
        case 90:
            return np.array([[0.0, 1, 0], [-1, 0, height]])
        case 180:
            return np.array([[-1.0, 0, width], [0, -1, height]])
        case 270:
            return np.array([[0.0, -1, width], [1, 0, 0]])
        case _:
            return np.array([[1.0, 0, 0], [0, 1, 0]])


def _square(matrix: Matrix) -> Matrix:
    return np.vstack([matrix, [0.0, 0.0, 1.0]])
